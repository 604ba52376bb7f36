/* fsa/posix.c - see posix.h. */
#include "fsa/posix.h"

#include <string.h>

#define NFS_AUTHORITY 5
#define NFS_SUB_AUTH  88
#define NFS_UID	      1
#define NFS_GID	      2
#define NFS_MODE      3

/* --- names --------------------------------------------------------------- */

static bool is_component(const char *name, size_t n)
{
	if (n == 0 || n > FSA_NAME_MAX) {
		return false;
	}
	return !(name[0] == '.' && (n == 1 || (n == 2 && name[1] == '.')));
}

/* Moves to the next component, past all backslashes. */
static const char *skip_separators(const char *p)
{
	return p + strspn(p, "\\");
}

NTSTATUS fsa_posix_name_parse(TALLOC_CTX *mem_ctx, const char *text,
			      struct fsa_name *out)
{
	char *path = talloc_array(mem_ctx, char, strlen(text) + 1);
	size_t used = 0;

	if (path == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (text[0] == '\\') {
		talloc_free(path);
		return NT_STATUS(INVALID_PARAMETER);
	}
	for (const char *p = text; *p != '\0'; p = skip_separators(p)) {
		size_t n = strcspn(p, "\\");

		if (!is_component(p, n)) {
			talloc_free(path);
			return NT_STATUS(OBJECT_NAME_INVALID);
		}
		if (used > 0) {
			path[used++] = '\\';
		}
		memcpy(path + used, p, n);
		used += n;
		p += n;
	}
	path[used] = '\0';
	*out = (struct fsa_name){
		.path = path,
		.trailing_backslash =
			*text != '\0' && text[strlen(text) - 1] == '\\',
	};
	return NT_STATUS_OK;
}

bool fsa_posix_name_is_pattern(const char *text)
{
	size_t n = strlen(text);

	return n > 0 && n <= FSA_NAME_MAX && strchr(text, '/') == NULL;
}

/* --- owners and modes ---------------------------------------------------- */

static bool is_nfs_sid(const struct sid *s, uint32_t kind, uint32_t *out)
{
	const struct sid prefix =
		sid_make(NFS_AUTHORITY, 2, NFS_SUB_AUTH, kind);
	struct sid whole;

	if (s->num_auths != 3) {
		return false;
	}
	whole = sid_append(&prefix, s->sub_auths[2]);
	*out = s->sub_auths[2];
	return sid_equal(&whole, s);
}

static bool find_mode(const struct acl *acl, uint32_t *out)
{
	for (uint32_t i = 0; i < acl->count; i++) {
		if (is_nfs_sid(&acl->aces[i].sid, NFS_MODE, out)) {
			return true;
		}
	}
	return false;
}

uint32_t fsa_posix_change(const struct security_descriptor *sd, uint32_t which,
			  struct fsa_unix_change *out)
{
	struct fsa_unix_change c = {0};
	uint32_t said = 0;
	uint32_t value = 0;

	if ((which & OWNER_SECURITY_INFORMATION) != 0 && sd->has_owner &&
	    is_nfs_sid(&sd->owner, NFS_UID, &value)) {
		said |= OWNER_SECURITY_INFORMATION;
		c.set_uid = true;
		c.uid = (uid_t)value;
	}
	if ((which & GROUP_SECURITY_INFORMATION) != 0 && sd->has_group &&
	    is_nfs_sid(&sd->group, NFS_GID, &value)) {
		said |= GROUP_SECURITY_INFORMATION;
		c.set_gid = true;
		c.gid = (gid_t)value;
	}
	if ((which & DACL_SECURITY_INFORMATION) != 0 && sd->has_dacl &&
	    find_mode(&sd->dacl, &value)) {
		said |= DACL_SECURITY_INFORMATION;
		c.set_mode = true;
		c.mode = (mode_t)(value & 07777);
	}
	*out = c;
	return said;
}

NTSTATUS fsa_posix_take_mode(struct fsa_create *c)
{
	struct security_descriptor sd;
	struct fsa_unix_change change;
	TALLOC_CTX *tmp;
	NTSTATUS status;

	if (!c->posix || c->security.length == 0) {
		return NT_STATUS_OK;
	}
	tmp = talloc_new(NULL);
	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = sd_decode(tmp, c->security, &sd);
	if (NT_STATUS_IS_OK(status) &&
	    fsa_posix_change(&sd, DACL_SECURITY_INFORMATION, &change) != 0) {
		if (!c->has_mode) {
			c->has_mode = true;
			c->mode = change.mode;
		}
		c->security = (struct blob){0};
	}
	talloc_free(tmp);
	return status;
}
