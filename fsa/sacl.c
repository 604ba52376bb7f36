/* fsa/sacl.c - see sacl.h. */
#include "fsa/sacl.h"

#define LABEL_AUTHORITY 16

static bool is_asked_for(const struct ace *a, uint32_t which)
{
	switch (a->type) {
	case ACE_MANDATORY_LABEL:
		return (which & LABEL_SECURITY_INFORMATION) != 0;
	case ACE_RESOURCE_ATTRIBUTE:
		return (which & (ATTRIBUTE_SECURITY_INFORMATION |
				 SACL_SECURITY_INFORMATION)) != 0;
	case ACE_SCOPED_POLICY_ID:
		return (which & (SCOPE_SECURITY_INFORMATION |
				 SACL_SECURITY_INFORMATION)) != 0;
	default:
		return (which & SACL_SECURITY_INFORMATION) != 0;
	}
}

void sacl_keep(struct acl *acl, uint32_t which)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < acl->count; i++) {
		if (is_asked_for(&acl->aces[i], which)) {
			acl->aces[kept++] = acl->aces[i];
		}
	}
	acl->count = kept;
}

static bool is_label(const struct ace *a)
{
	const struct sid label =
		sid_make(LABEL_AUTHORITY, 1, a->sid.sub_auths[0]);

	return a->sid.num_auths == 1 && sid_equal(&a->sid, &label);
}

static NTSTATUS check_labels(const struct acl *from)
{
	for (uint32_t i = 0; i < from->count; i++) {
		if (from->aces[i].type == ACE_MANDATORY_LABEL &&
		    !is_label(&from->aces[i])) {
			return NT_STATUS(INVALID_LABEL);
		}
	}
	return NT_STATUS_OK;
}

/* Adds the entries of from that which asks for, or those it does not. */
static void add(struct acl *out, const struct acl *from, uint32_t which,
		bool asked)
{
	for (uint32_t i = 0; i < from->count; i++) {
		if (is_asked_for(&from->aces[i], which) == asked) {
			out->aces[out->count++] = from->aces[i];
		}
	}
}

NTSTATUS sacl_replace(TALLOC_CTX *mem_ctx, struct acl *acl,
		      const struct acl *from, uint32_t which)
{
	const struct acl none = {.revision = ACL_REVISION};
	struct acl out = {0};
	NTSTATUS status;

	from = from == NULL ? &none : from;
	status = (which & LABEL_SECURITY_INFORMATION) != 0 ? check_labels(from)
							   : NT_STATUS_OK;
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	out.revision =
		acl->revision > from->revision ? acl->revision : from->revision;
	out.aces = talloc_array(mem_ctx, struct ace,
				(size_t)acl->count + from->count + 1);
	if (out.aces == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	add(&out, from, which, true);
	add(&out, acl, which, false);
	*acl = out;
	return NT_STATUS_OK;
}
