/* fsa/inherit.c - the descriptor of a new file.
 *
 * What a child gets of a parent's entry, by its flags ([MS-DTYP] 2.5.3.4.4;
 * INHERIT_ONLY says nothing about inheritance):
 *
 *   parent    directory     file
 *   OI        IO OI         applies
 *   OI NP     nothing       applies
 *   CI        CI            nothing
 *   CI NP     applies       nothing
 *   CI OI     CI OI         applies
 *   CI OI NP  applies       applies
 *
 * Where an entry that both applies and goes on names CREATOR OWNER, CREATOR
 * GROUP or generic rights, it becomes two: one that applies, with the real SID
 * and rights, and one that goes on as it is. */
#include "fsa/inherit.h"

#include "fsa/access.h"
#include "lib/nt.h"

#define GENERIC_BITS                                                           \
	(GENERIC_ALL | GENERIC_EXECUTE | GENERIC_WRITE | GENERIC_READ)
#define INHERITS (ACE_OBJECT_INHERIT | ACE_CONTAINER_INHERIT)
#define OF_INHERITANCE                                                         \
	(INHERITS | ACE_NO_PROPAGATE_INHERIT | ACE_INHERIT_ONLY | ACE_INHERITED)

uint32_t inherit_map_generic(uint32_t mask)
{
	return access_expand(mask);
}

/* --- one entry --------------------------------------------------------- */

static bool applies(const struct ace *a, bool directory)
{
	uint8_t needs = directory ? ACE_CONTAINER_INHERIT : ACE_OBJECT_INHERIT;

	return (a->flags & needs) != 0;
}

static bool goes_on(const struct ace *a, bool directory)
{
	return directory && (a->flags & INHERITS) != 0 &&
	       (a->flags & ACE_NO_PROPAGATE_INHERIT) == 0;
}

static bool has_inheritable(const struct acl *acl, bool directory)
{
	for (uint32_t i = 0; i < acl->count; i++) {
		if (applies(&acl->aces[i], directory) ||
		    goes_on(&acl->aces[i], directory)) {
			return true;
		}
	}
	return false;
}

bool inherit_is_any(const struct security_descriptor *parent, bool directory)
{
	return (parent->has_dacl &&
		has_inheritable(&parent->dacl, directory)) ||
	       (parent->has_sacl && has_inheritable(&parent->sacl, directory));
}

/* CREATOR OWNER is S-1-3-0, CREATOR GROUP S-1-3-1. */
static void substitute(struct ace *a, const struct sid *owner,
		       const struct sid *group)
{
	struct sid creator_owner = sid_make(3, 1, (uint32_t)0);
	struct sid creator_group = sid_make(3, 1, (uint32_t)1);

	if (sid_equal(&a->sid, &creator_owner)) {
		a->sid = *owner;
	} else if (sid_equal(&a->sid, &creator_group)) {
		a->sid = *group;
	}
	a->mask = inherit_map_generic(a->mask);
}

static bool is_abstract(const struct ace *a)
{
	struct ace concrete = *a;
	struct sid nobody = {0};

	substitute(&concrete, &nobody, &nobody);
	return concrete.mask != a->mask || !sid_equal(&concrete.sid, &a->sid);
}

/* --- an ACL -------------------------------------------------------------- */

/* The computed ACL in the making: two for each entry of the parent, and the
 * creator's own. */
struct computation {
	const struct sid *owner;
	const struct sid *group;
	bool directory;
	uint8_t mark; /* ACE_INHERITED, or 0 */
	struct acl acl;
};

static void add(struct computation *c, const struct ace *a, uint8_t flags)
{
	struct ace *to = &c->acl.aces[c->acl.count++];

	*to = *a;
	to->flags = (uint8_t)((a->flags & ~OF_INHERITANCE) | flags);
}

static void add_inherited(struct computation *c, const struct ace *a)
{
	bool here = applies(a, c->directory);
	bool on = goes_on(a, c->directory);
	uint8_t on_flags = a->flags & INHERITS;

	if (here && on && !is_abstract(a)) {
		add(c, a, on_flags | c->mark);
		return;
	}
	if (here) {
		add(c, a, c->mark);
		substitute(&c->acl.aces[c->acl.count - 1], c->owner, c->group);
	}
	if (on) {
		add(c, a, on_flags | ACE_INHERIT_ONLY | c->mark);
	}
}

/* The creator's entry; one that only goes on stays as it is. */
static void add_explicit(struct computation *c, const struct ace *a)
{
	c->acl.aces[c->acl.count++] = *a;
	if ((a->flags & ACE_INHERIT_ONLY) == 0 && ace_has_sid(a->type)) {
		substitute(&c->acl.aces[c->acl.count - 1], c->owner, c->group);
	}
}

/* creator: only explicit entries of it where the parent's are added;
 * parent: NULL adds none. */
static NTSTATUS compute_acl(TALLOC_CTX *mem_ctx, struct computation *c,
			    const struct acl *creator, const struct acl *parent)
{
	size_t room = (creator != NULL ? creator->count : 0) +
		      2 * (size_t)(parent != NULL ? parent->count : 0);

	c->acl.revision = ACL_REVISION;
	c->acl.count = 0;
	c->acl.aces = talloc_array(mem_ctx, struct ace, room);
	if (c->acl.aces == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (uint32_t i = 0; creator != NULL && i < creator->count; i++) {
		const struct ace *a = &creator->aces[i];

		if (parent == NULL || (a->flags & ACE_INHERITED) == 0) {
			add_explicit(c, a);
		}
	}
	for (uint32_t i = 0; parent != NULL && i < parent->count; i++) {
		add_inherited(c, &parent->aces[i]);
	}
	if ((creator != NULL && creator->revision == ACL_REVISION_DS) ||
	    (parent != NULL && parent->revision == ACL_REVISION_DS)) {
		c->acl.revision = ACL_REVISION_DS;
	}
	return NT_STATUS_OK;
}

/* --- the descriptor ------------------------------------------------------- */

/* The parent's entries go where the creator has not protected the ACL. */
static NTSTATUS compute_dacl(TALLOC_CTX *mem_ctx,
			     const struct inherit_args *args,
			     struct computation *c,
			     struct security_descriptor *sd)
{
	const struct security_descriptor *p = args->parent;
	const struct security_descriptor *own = args->creator;
	const struct acl *from_parent = NULL;
	const struct acl *from_creator = NULL;
	NTSTATUS status;

	if (own != NULL && (own->control & SE_DACL_PRESENT) != 0) {
		sd->control |= own->control &
			       (SE_DACL_PROTECTED | SE_DACL_AUTO_INHERITED);
		if (!own->has_dacl) {
			sd->control |= SE_DACL_PRESENT; /* a null one */
			return NT_STATUS_OK;
		}
		from_creator = &own->dacl;
	}
	if (p != NULL && p->has_dacl &&
	    (sd->control & SE_DACL_PROTECTED) == 0 &&
	    has_inheritable(&p->dacl, args->directory)) {
		from_parent = &p->dacl;
		sd->control |= p->control & SE_DACL_AUTO_INHERITED;
	}
	sd->control |= SE_DACL_PRESENT;
	if (from_creator == NULL && from_parent == NULL) {
		return NT_STATUS_OK;
	}
	c->mark = p != NULL && (p->control & SE_DACL_AUTO_INHERITED) != 0
			  ? ACE_INHERITED
			  : 0;
	status = compute_acl(mem_ctx, c, from_creator, from_parent);
	if (NT_STATUS_IS_OK(status)) {
		sd->has_dacl = true;
		sd->dacl = c->acl;
	}
	return status;
}

static NTSTATUS compute_sacl(TALLOC_CTX *mem_ctx,
			     const struct inherit_args *args,
			     struct computation *c,
			     struct security_descriptor *sd)
{
	const struct security_descriptor *p = args->parent;
	const struct security_descriptor *own = args->creator;
	const struct acl *from_parent = NULL;
	const struct acl *from_creator = NULL;
	NTSTATUS status;

	if (own != NULL && own->has_sacl) {
		sd->control |= own->control &
			       (SE_SACL_PROTECTED | SE_SACL_AUTO_INHERITED);
		from_creator = &own->sacl;
	}
	if (p != NULL && p->has_sacl &&
	    (sd->control & SE_SACL_PROTECTED) == 0 &&
	    has_inheritable(&p->sacl, args->directory)) {
		from_parent = &p->sacl;
		sd->control |= p->control & SE_SACL_AUTO_INHERITED;
	}
	if (from_creator == NULL && from_parent == NULL) {
		return NT_STATUS_OK;
	}
	c->mark = p != NULL && (p->control & SE_SACL_AUTO_INHERITED) != 0
			  ? ACE_INHERITED
			  : 0;
	status = compute_acl(mem_ctx, c, from_creator, from_parent);
	if (NT_STATUS_IS_OK(status)) {
		sd->control |= SE_SACL_PRESENT;
		sd->has_sacl = true;
		sd->sacl = c->acl;
	}
	return status;
}

NTSTATUS inherit_compute(TALLOC_CTX *mem_ctx, const struct inherit_args *args,
			 struct security_descriptor *out)
{
	const struct security_descriptor *own = args->creator;
	struct security_descriptor sd = {
		.control = SE_SELF_RELATIVE,
		.has_owner = true,
		.has_group = true,
		.owner = own != NULL && own->has_owner ? own->owner
						       : args->owner,
		.group = own != NULL && own->has_group ? own->group
						       : args->group,
	};
	struct computation c = {.owner = &sd.owner,
				.group = &sd.group,
				.directory = args->directory};
	NTSTATUS status = compute_dacl(mem_ctx, args, &c, &sd);

	if (NT_STATUS_IS_OK(status)) {
		status = compute_sacl(mem_ctx, args, &c, &sd);
	}
	if (NT_STATUS_IS_OK(status)) {
		*out = sd;
	}
	return status;
}
