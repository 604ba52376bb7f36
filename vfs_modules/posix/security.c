/* vfs_modules/posix/security.c - descriptors in extended attributes, with owner
 * and mode following them.
 *
 * A descriptor holds as long as owner, group, mode and POSIX ACL are those it
 * was stored with: whoever changes them by other ways than through this server
 * has changed who may do what, and the descriptor is void. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "lib/log.h"
#include "vfs_modules/posix/ntacl.h"
#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/posix_acl.h"
#include "vfs_modules/posix/privileged.h"
#include "vfs_modules/posix/rights.h"

#define MOST_ARE_SHORTER 1024

/* --- reading ------------------------------------------------------------- */

/* An attribute's value on mem_ctx; NOT_FOUND when there is none. */
static NTSTATUS read_xattr(TALLOC_CTX *mem_ctx, int fd, const char *name,
			   struct blob *out)
{
	uint8_t buffer[MOST_ARE_SHORTER];
	uint8_t *data = buffer;
	ssize_t n = privileged_get_xattr(fd, name, buffer, sizeof(buffer));

	if (n == -1 && errno == ERANGE) {
		data = talloc_size(mem_ctx, NTACL_MAX_SIZE);
		if (data == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		n = privileged_get_xattr(fd, name, data, NTACL_MAX_SIZE);
	}
	if (n == -1) {
		return errno == ENODATA || errno == EOPNOTSUPP
			       ? NT_STATUS(NOT_FOUND)
			       : ntstatus_from_errno(errno);
	}
	if (data == buffer) {
		data = talloc_memdup(mem_ctx, buffer, (size_t)n);
	}
	if (data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*out = (struct blob){.data = data, .length = (size_t)n};
	return NT_STATUS_OK;
}

static NTSTATUS read_acl(TALLOC_CTX *mem_ctx, int fd, const char *name,
			 struct blob *out)
{
	NTSTATUS status = read_xattr(mem_ctx, fd, name, out);

	if (NT_STATUS_IS(status, NOT_FOUND)) {
		*out = (struct blob){0};
		status = NT_STATUS_OK;
	}
	return status;
}

/* The hash of what the kernel has now. */
static NTSTATUS hash_now(int fd, uint8_t out[NTACL_HASH_SIZE])
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct ntacl_system now = {0};
	struct stat st;
	NTSTATUS status;

	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (fstat(fd, &st) != 0) {
		talloc_free(tmp);
		return ntstatus_from_errno(errno);
	}
	now.uid = st.st_uid;
	now.gid = st.st_gid;
	now.mode = st.st_mode;
	status = read_acl(tmp, fd, POSIX_ACL_ACCESS, &now.access);
	if (NT_STATUS_IS_OK(status) && S_ISDIR(st.st_mode)) {
		status = read_acl(tmp, fd, POSIX_ACL_INHERITED, &now.inherited);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = ntacl_hash(&now, out);
	}
	talloc_free(tmp);
	return status;
}

static bool holds(const struct posix_mount *m, int fd, const struct ntacl *acl)
{
	uint8_t hash[NTACL_HASH_SIZE];

	if (!acl->has_hash || m->ignore_system_acls) {
		return true;
	}
	return NT_STATUS_IS_OK(hash_now(fd, hash)) &&
	       memcmp(hash, acl->hash, sizeof(hash)) == 0;
}

NTSTATUS posix_read_descriptor(TALLOC_CTX *mem_ctx, const struct posix_mount *m,
			       int fd, struct security_descriptor *out)
{
	struct blob data;
	struct ntacl acl;
	NTSTATUS status = read_xattr(mem_ctx, fd, m->security_name, &data);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = ntacl_decode(mem_ctx, data, &acl);
	if (NT_STATUS_IS(status, NO_MEMORY)) {
		return status;
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_FSA, "%s of a file is damaged", m->security_name);
		return NT_STATUS(NOT_FOUND);
	}
	if (!holds(m, fd, &acl)) {
		return NT_STATUS(NOT_FOUND);
	}
	*out = acl.sd;
	return NT_STATUS_OK;
}

NTSTATUS posix_get_descriptor(TALLOC_CTX *mem_ctx, struct fsa_node *node,
			      struct security_descriptor *out)
{
	struct posix_node *n = posix_node(node);

	return posix_read_descriptor(mem_ctx, n->mount, n->fd, out);
}

NTSTATUS posix_get_parent_descriptor(TALLOC_CTX *mem_ctx, struct fsa_node *node,
				     struct security_descriptor *out,
				     uint32_t *out_rights)
{
	struct posix_node *n = posix_node(node);
	struct posix_place place;
	uint32_t rights = 0;
	NTSTATUS status;

	*out_rights = 0;
	if (*n->path == '\0' || !NT_STATUS_IS_OK(posix_find_node(n, &place))) {
		return NT_STATUS(NOT_FOUND);
	}
	if (posix_may(place.parent, R_OK)) {
		rights |= FILE_LIST_DIRECTORY;
	}
	if (posix_may(place.parent, W_OK | X_OK)) {
		rights |= FILE_DELETE_CHILD;
	}
	status = posix_read_descriptor(mem_ctx, n->mount, place.parent, out);
	posix_place_end(&place);
	*out_rights = rights;
	return status;
}

NTSTATUS posix_get_unix(struct fsa_node *node, struct fsa_unix *out)
{
	struct stat st;

	if (fstat(posix_node(node)->fd, &st) != 0) {
		return ntstatus_from_errno(errno);
	}
	*out = (struct fsa_unix){
		.uid = st.st_uid, .gid = st.st_gid, .mode = st.st_mode};
	return NT_STATUS_OK;
}

/* --- storing ------------------------------------------------------------- */

static NTSTATUS store(const struct posix_node *n,
		      const struct security_descriptor *sd)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct ntacl acl = {.sd = *sd, .has_hash = true};
	struct blob data;
	NTSTATUS status;

	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = hash_now(n->fd, acl.hash);
	if (NT_STATUS_IS_OK(status)) {
		status = ntacl_encode(tmp, &acl, nttime_now(), &data);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = privileged_set_descriptor(
			n->fd, n->mount->security_name, data.data, data.length);
	}
	talloc_free(tmp);
	return status;
}

/* What was, as a change back to it; without the POSIX ACL. */
static NTSTATUS note(const struct posix_node *n,
		     const struct fsa_unix_change *change,
		     struct fsa_unix_change *out)
{
	struct stat st;

	if (fstat(n->fd, &st) != 0) {
		return ntstatus_from_errno(errno);
	}
	*out = (struct fsa_unix_change){.set_uid = change->set_uid,
					.set_gid = change->set_gid,
					.set_mode = change->set_mode,
					.uid = st.st_uid,
					.gid = st.st_gid,
					.mode = st.st_mode & 07777};
	return NT_STATUS_OK;
}

/* The descriptor last: it holds for the owner and the mode there are then. */
NTSTATUS posix_set_descriptor(struct fsa_node *node,
			      const struct fsa_protection *p)
{
	struct posix_node *n = posix_node(node);
	struct fsa_unix_change change = p->unix_change;
	struct fsa_unix_change before;
	NTSTATUS status = note(n, &change, &before);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	change.set_mode = change.set_mode && !n->mount->ignore_system_acls;
	/* Set-user-id and the like are not a descriptor's; but the new owner's
	 * or group's rights nobody may have left to them. */
	if (node->directory || !(change.set_uid || change.set_gid)) {
		change.mode |= before.mode & 07000;
	}
	status = privileged_change(n->fd, &change);
	if (NT_STATUS_IS_OK(status)) {
		status = store(n, &p->sd);
	}
	if (!NT_STATUS_IS_OK(status) &&
	    !NT_STATUS_IS_OK(privileged_change(n->fd, &before))) {
		LOG_WARN(LOG_FSA,
			 "%s: owner or mode are changed, not the "
			 "descriptor",
			 n->path);
	}
	return status;
}

NTSTATUS posix_set_mode(struct fsa_node *node, mode_t mode)
{
	struct posix_node *n = posix_node(node);
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct security_descriptor sd;
	NTSTATUS found;
	NTSTATUS status = NT_STATUS_OK;

	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	found = posix_read_descriptor(tmp, n->mount, n->fd, &sd);
	if (fchmod(n->fd, mode) != 0) {
		status = ntstatus_from_errno(errno);
	} else if (NT_STATUS_IS_OK(found)) {
		status = store(n, &sd);
	}
	talloc_free(tmp);
	return status;
}
