/* fsa/protect.c - descriptors at work.
 *
 * A stored descriptor decides what is refused.  What is granted must be granted
 * by the file system below as well, which the driver asks with the user's
 * identity; so a right to data or to the name counts only if both give it.
 * Rights to the descriptor itself the driver exercises for the user. */
#include "fsa/protect.h"

#include <string.h>

#include <sys/stat.h>

#include "fsa/access_check.h"
#include "fsa/inherit.h"
#include "fsa/unix_security.h"
#include "lib/assert.h"

/* Rights that the file system below has a say in. */
#define CHECKED_BELOW                                                          \
	(FILE_READ_DATA | FILE_WRITE_DATA | FILE_APPEND_DATA | DELETE_ACCESS)

static const struct fsa_id_map *map_of(const struct fsa_volume *v)
{
	return v->server->params.id_map;
}

/* --- rights to what is there ------------------------------------------- */

static uint32_t privileged_rights(const struct security_token *token,
				  bool backup)
{
	uint32_t rights = 0;

	if ((token->privileges & TOKEN_SECURITY) != 0) {
		rights |= ACCESS_SYSTEM_SECURITY;
	}
	if ((token->privileges & TOKEN_TAKE_OWNERSHIP) != 0) {
		rights |= WRITE_OWNER;
	}
	return backup ? rights | access_backup_rights(token) : rights;
}

/* [MS-FSA] 2.1.5.1.2.1: two rights that the directory gives as well. */
static uint32_t rights_by_parent(const struct fsa_io *io, struct fsa_node *n)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct security_descriptor parent;
	uint32_t on_parent = 0;
	uint32_t rights = 0;
	NTSTATUS status;

	if (tmp == NULL) {
		return 0;
	}
	status = io->volume->driver->get_parent_descriptor(tmp, n, &parent,
							   &on_parent);
	if (NT_STATUS_IS_OK(status)) {
		on_parent = access_rights(&parent, io->token);
	} else if (!NT_STATUS_IS(status, NOT_FOUND)) {
		on_parent = 0;
	}
	if ((on_parent & FILE_DELETE_CHILD) != 0) {
		rights |= DELETE_ACCESS;
	}
	if ((on_parent & FILE_LIST_DIRECTORY) != 0) {
		rights |= FILE_READ_ATTRIBUTES;
	}
	talloc_free(tmp);
	return rights;
}

/* By the descriptor and the parent's; the latter only as far as wanted. */
static uint32_t rights_above(const struct fsa_io *io, struct fsa_node *n,
			     const struct security_descriptor *sd,
			     uint32_t wanted)
{
	uint32_t rights = access_rights(sd, io->token);
	uint32_t by_parent = DELETE_ACCESS | FILE_READ_ATTRIBUTES;

	if ((wanted & ~rights & by_parent) != 0) {
		rights |= rights_by_parent(io, n);
	}
	return rights;
}

static uint32_t rights_by_descriptor(const struct fsa_io *io,
				     struct fsa_node *n,
				     const struct security_descriptor *sd,
				     uint32_t wanted)
{
	uint32_t below = n->proven;
	uint32_t rights;

	if ((wanted & MAXIMUM_ALLOWED) != 0) {
		wanted = FILE_ALL_ACCESS;
	}
	rights = rights_above(io, n, sd, wanted);
	if ((wanted & rights & CHECKED_BELOW & ~below) != 0) {
		below = io->volume->driver->rights(n);
	}
	return rights & ~(CHECKED_BELOW & ~below);
}

static uint32_t rights_by_mode(const struct fsa_io *io, struct fsa_node *n,
			       uint32_t wanted)
{
	return (wanted & ~n->proven) == 0 ? n->proven
					  : io->volume->driver->rights(n);
}

NTSTATUS protect_get_rights(const struct fsa_io *io, struct fsa_node *n,
			    uint32_t wanted, bool backup, uint32_t *out)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct security_descriptor sd;
	uint32_t rights;
	NTSTATUS status;

	ASSERT(io->token != NULL);
	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = io->volume->driver->get_descriptor(tmp, n, &sd);
	if (NT_STATUS_IS(status, NOT_FOUND)) {
		rights = rights_by_mode(io, n, wanted);
		status = NT_STATUS_OK;
	} else if (NT_STATUS_IS_OK(status)) {
		rights = rights_by_descriptor(io, n, &sd, wanted);
	}
	talloc_free(tmp);
	if (NT_STATUS_IS_OK(status)) {
		*out = rights | privileged_rights(io->token, backup);
	}
	return status;
}

NTSTATUS protect_check(const struct fsa_io *io, struct fsa_node *n,
		       uint32_t needs)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct security_descriptor sd;
	NTSTATUS status;

	ASSERT(io->token != NULL);
	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = io->volume->driver->get_descriptor(tmp, n, &sd);
	if (NT_STATUS_IS(status, NOT_FOUND)) {
		status = NT_STATUS_OK;
	} else if (NT_STATUS_IS_OK(status) &&
		   (needs & ~rights_above(io, n, &sd, needs)) != 0) {
		status = NT_STATUS(ACCESS_DENIED);
	}
	talloc_free(tmp);
	return status;
}

/* All that reading is, by the file's own descriptor.  The file system below is
 * asked by opening. */
#define READING (FILE_GENERIC_READ & ~SYNCHRONIZE)

static bool may_read_path(TALLOC_CTX *tmp, const struct fsa_io *io,
			  const char *path)
{
	const struct fsa_how how = {.path = path,
				    .access = FILE_READ_DATA,
				    .reparse_point = true,
				    .posix = io->file->posix};
	const struct fsa_driver *d = io->volume->driver;
	struct security_descriptor sd;
	struct fsa_node *n = NULL;
	struct fsa_stat st;
	NTSTATUS status;

	if (!NT_STATUS_IS_OK(d->open(tmp, io->volume->mount, &how, &n, &st))) {
		return false;
	}
	status = d->get_descriptor(tmp, n, &sd);
	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS_IS(status, NOT_FOUND);
	}
	return (READING & ~access_rights(&sd, io->token)) == 0;
}

bool protect_may_read(const struct fsa_io *io, struct fsa_node *directory,
		      const char *name)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	const char *parent = io->volume->driver->path(directory);
	char *path = talloc_asprintf(tmp, "%s%s%s", parent,
				     *parent == '\0' ? "" : "\\", name);
	bool may;

	if (path != NULL && io->file->posix) {
		/* The name is as on disk: fsa/posix.h. */
		for (char *p = path + strlen(path) - strlen(name); *p != '\0';
		     p++) {
			*p = *p == '\\' ? '/' : *p;
		}
	}
	may = tmp != NULL && path != NULL && may_read_path(tmp, io, path);

	talloc_free(tmp);
	return may;
}

NTSTATUS protect_get(TALLOC_CTX *mem_ctx, const struct fsa_file *f,
		     struct security_descriptor *out)
{
	struct fsa_unix un;
	NTSTATUS status =
		driver_of(f)->get_descriptor(mem_ctx, file_node(f), out);

	if (!NT_STATUS_IS(status, NOT_FOUND)) {
		return status;
	}
	status = driver_of(f)->get_unix(file_node(f), &un);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (f->volume->ignore_system_acls) {
		return unix_security_default(mem_ctx, map_of(f->volume), &un,
					     f->volume->default_acl_style, out);
	}
	return unix_security_derive(mem_ctx, map_of(f->volume), &un,
				    file_node(f)->directory, out);
}

/* --- owners -------------------------------------------------------------- */

/* Any of the user's own SIDs; with the restore privilege anybody. */
static bool may_make_owner(const struct security_token *token,
			   const struct sid *owner)
{
	return token_has_sid(token, owner) ||
	       (token->privileges & TOKEN_RESTORE) != 0;
}

/* Whether somebody who is no Unix user can own the file, in the descriptor
 * alone: where that decides, and for who restores. */
static bool may_be_unknown(const struct fsa_io *io)
{
	return io->volume->ignore_system_acls ||
	       (io->token->privileges & TOKEN_RESTORE) != 0;
}

/* [MS-FSA] 2.1.5.17 */
static NTSTATUS express_owner(const struct fsa_io *io,
			      const struct fsa_unix *before,
			      struct fsa_protection *p)
{
	const struct fsa_id_map *map = map_of(io->volume);
	struct fsa_unix_change *c = &p->unix_change;
	bool known;

	if (!p->sd.has_owner) {
		return NT_STATUS(INVALID_OWNER);
	}
	known = map->uid_of_sid(map->private_data, &p->sd.owner, &c->uid);
	if (known && c->uid == before->uid) {
		return NT_STATUS_OK;
	}
	if (!may_make_owner(io->token, &p->sd.owner) ||
	    (!known && !may_be_unknown(io))) {
		return NT_STATUS(INVALID_OWNER);
	}
	c->set_uid = known;
	return NT_STATUS_OK;
}

/* On Unix a file is given to a group by its members alone: a group can be the
 * key to more than files. */
static bool may_make_group(const struct fsa_io *io, gid_t gid)
{
	const struct identity *who = io->identity;
	bool may = who->uid == 0 || who->gid == gid ||
		   (io->token->privileges & TOKEN_RESTORE) != 0;

	for (size_t i = 0; i < who->ngroups && !may; i++) {
		may = who->groups[i] == gid;
	}
	return may;
}

/* A group that this machine does not know, or that the user cannot give, is
 * group in the descriptor alone: it gives no rights. */
static void express_group(const struct fsa_io *io,
			  const struct fsa_unix *before,
			  struct fsa_protection *p)
{
	const struct fsa_id_map *map = map_of(io->volume);
	struct fsa_unix_change *c = &p->unix_change;
	gid_t gid;

	if (p->sd.has_group &&
	    map->gid_of_sid(map->private_data, &p->sd.group, &gid) &&
	    may_make_group(io, gid)) {
		c->gid = gid;
		c->set_gid = c->gid != before->gid;
	}
}

NTSTATUS protect_express(TALLOC_CTX *mem_ctx, const struct fsa_io *io,
			 const struct fsa_unix *before, uint32_t which,
			 struct fsa_protection *p)
{
	NTSTATUS status = NT_STATUS_OK;

	p->unix_change = (struct fsa_unix_change){
		.set_mode = true, .uid = before->uid, .gid = before->gid};
	if ((which & OWNER_SECURITY_INFORMATION) != 0) {
		status = express_owner(io, before, p);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if ((which & GROUP_SECURITY_INFORMATION) != 0) {
		express_group(io, before, p);
	}
	return unix_security_express(mem_ctx, map_of(io->volume), &p->sd,
				     S_ISDIR(before->mode), &p->unix_change);
}

/* --- what is made -------------------------------------------------------- */

/* The DACL of a token on Windows: the user and the system may do everything. */
static NTSTATUS default_dacl(TALLOC_CTX *mem_ctx,
			     struct security_descriptor *sd)
{
	const struct sid sids[2] = {sd->owner, sid_system()};

	sd->dacl = (struct acl){.revision = ACL_REVISION, .count = 2};
	sd->dacl.aces = talloc_zero_array(mem_ctx, struct ace, 2);
	if (sd->dacl.aces == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (size_t i = 0; i < 2; i++) {
		sd->dacl.aces[i].type = ACE_ALLOWED;
		sd->dacl.aces[i].mask = FILE_ALL_ACCESS;
		sd->dacl.aces[i].sid = sids[i];
	}
	sd->has_dacl = true;
	sd->control |= SE_DACL_PRESENT;
	return NT_STATUS_OK;
}

static NTSTATUS check_parent(const struct fsa_io *io, bool directory,
			     const struct security_descriptor *parent)
{
	uint32_t needs = directory ? FILE_ADD_SUBDIRECTORY : FILE_ADD_FILE;
	bool backup = (io->u.create.options & FILE_OPEN_FOR_BACKUP_INTENT) != 0;
	uint32_t rights = access_rights(parent, io->token) |
			  privileged_rights(io->token, backup);

	return (rights & needs) != 0 ? NT_STATUS_OK : NT_STATUS(ACCESS_DENIED);
}

static NTSTATUS compute(TALLOC_CTX *mem_ctx, const struct fsa_io *io,
			const struct inherit_args *args,
			struct fsa_protection *p)
{
	const struct fsa_unix made = {
		.uid = io->identity->uid,
		.gid = io->identity->gid,
		.mode = args->directory ? S_IFDIR : S_IFREG,
	};
	const struct security_descriptor *creator = args->creator;
	uint32_t which = 0;
	NTSTATUS status = inherit_compute(mem_ctx, args, &p->sd);

	if (creator != NULL) {
		which |= creator->has_owner ? OWNER_SECURITY_INFORMATION : 0;
		which |= creator->has_group ? GROUP_SECURITY_INFORMATION : 0;
	}

	if (NT_STATUS_IS_OK(status) && !p->sd.has_dacl &&
	    (creator == NULL || (creator->control & SE_DACL_PRESENT) == 0)) {
		status = default_dacl(mem_ctx, &p->sd);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = protect_express(mem_ctx, io, &made, which, p);
	}
	return status;
}

NTSTATUS protect_new(TALLOC_CTX *mem_ctx, const struct fsa_io *io,
		     bool directory, const struct security_descriptor *parent,
		     const struct fsa_protection **out)
{
	const struct fsa_id_map *map = map_of(io->volume);
	const struct blob *given = &io->u.create.security;
	struct security_descriptor creator;
	struct inherit_args args = {
		.parent = parent,
		.creator = given->length > 0 ? &creator : NULL,
		.directory = directory,
		.owner = map->sid_of_uid(map->private_data, io->identity->uid),
		.group = map->sid_of_gid(map->private_data, io->identity->gid),
	};
	struct fsa_protection *p;
	NTSTATUS status = NT_STATUS_OK;

	if (parent != NULL) {
		status = check_parent(io, directory, parent);
	}
	if (io->volume->inherit_owner && parent != NULL && parent->has_owner) {
		args.owner = parent->owner;
	}
	if (NT_STATUS_IS_OK(status) && given->length > 0) {
		status = sd_decode(mem_ctx, *given, &creator);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (given->length == 0 &&
	    (parent == NULL || !inherit_is_any(parent, directory))) {
		*out = NULL;
		return NT_STATUS_OK;
	}
	p = talloc_zero(mem_ctx, struct fsa_protection);
	status = p == NULL ? NT_STATUS(NO_MEMORY)
			   : compute(mem_ctx, io, &args, p);
	if (NT_STATUS_IS_OK(status)) {
		*out = p;
	}
	return status;
}
