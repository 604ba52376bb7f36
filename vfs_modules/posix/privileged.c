/* vfs_modules/posix/privileged.c - with more rights than the user's. */
#include "vfs_modules/posix/privileged.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/identity.h"
#include "vfs_modules/posix/inode_path.h"
#include "vfs_modules/posix/posix_acl.h"
#include "vfs_modules/posix/rights.h"

NTSTATUS privileged_set_times(int fd, const struct timespec ts[2])
{
	int err = 0;

	if (!posix_may(fd, W_OK)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	identity_save();
	if (utimensat(fd, "", ts, AT_EMPTY_PATH) != 0) {
		err = errno;
	}
	identity_restore();
	return ntstatus_from_errno(err);
}

NTSTATUS privileged_keep_access_time(int fd, bool keep)
{
	int flags = fcntl(fd, F_GETFL);
	int err = 0;

	if (flags == -1) {
		return ntstatus_from_errno(errno);
	}
	flags = keep ? flags | O_NOATIME : flags & ~O_NOATIME;
	identity_save();
	if (fcntl(fd, F_SETFL, flags) != 0) {
		err = errno;
	}
	identity_restore();
	return ntstatus_from_errno(err);
}

/* The descriptor may be O_PATH, so all goes by its name in /proc. */
struct fd_path {
	char text[64];
};

static struct fd_path path_of(int fd)
{
	struct fd_path p;

	snprintf(p.text, sizeof(p.text), "/proc/self/fd/%d", fd);
	return p;
}

ssize_t privileged_get_xattr(int fd, const char *name, void *data, size_t size)
{
	ssize_t n = fgetxattr(fd, name, data, size);
	struct fd_path path;
	int err;

	if (n >= 0 || (errno != EBADF && errno != EACCES)) {
		return n;
	}
	path = path_of(fd);
	identity_save();
	n = getxattr(path.text, name, data, size);
	err = errno;
	identity_restore();
	errno = err;
	return n;
}

/* A mode is set without an ACL, or it would be the ACL's mask. */
static int set_mode(const char *path, mode_t mode)
{
	if (removexattr(path, POSIX_ACL_ACCESS) != 0 && errno != ENODATA &&
	    errno != EOPNOTSUPP) {
		return -1;
	}
	return chmod(path, mode);
}

static int change(int fd, const struct fsa_unix_change *c, struct blob acl)
{
	const struct fd_path path = path_of(fd);
	uid_t uid = c->set_uid ? c->uid : (uid_t)-1;
	gid_t gid = c->set_gid ? c->gid : (gid_t)-1;

	if ((c->set_uid || c->set_gid) &&
	    fchownat(fd, "", uid, gid, AT_EMPTY_PATH) != 0) {
		return -1;
	}
	if (!c->set_mode) {
		return 0;
	}
	if (acl.length > 0 && setxattr(path.text, POSIX_ACL_ACCESS, acl.data,
				       acl.length, 0) == 0) {
		return 0;
	}
	/* No ACLs here, or more than there is room for: the mode alone. */
	return set_mode(path.text, c->mode);
}

NTSTATUS privileged_change(int fd, const struct fsa_unix_change *c)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct blob acl = {0};
	NTSTATUS status = tmp == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;

	if (NT_STATUS_IS_OK(status) && c->set_mode && c->num_entries > 0) {
		status = posix_acl_encode(tmp, c, &acl);
	}
	if (NT_STATUS_IS_OK(status)) {
		identity_save();
		if (change(fd, c, acl) != 0) {
			status = ntstatus_from_errno(errno);
		}
		identity_restore();
	}
	talloc_free(tmp);
	return status;
}

/* Sets an attribute, or with data NULL removes it. */
static int put(const char *path, const char *name, const void *data,
	       size_t size)
{
	return data != NULL ? setxattr(path, name, data, size, 0)
			    : removexattr(path, name);
}

/* user.* attributes need a mode that lets the owner write; as the owner one may
 * have that for a moment. */
static int put_as_owner(const char *path, const char *name, const void *data,
			size_t size)
{
	struct stat st;
	int result;
	int err;

	if (stat(path, &st) != 0 ||
	    chmod(path, (st.st_mode & 07777) | S_IWUSR) != 0) {
		return -1;
	}
	result = put(path, name, data, size);
	err = errno;
	if (chmod(path, st.st_mode & 07777) != 0) {
		return -1;
	}
	errno = err;
	return result;
}

/* The errno, or 0. */
static int put_privileged(int fd, const char *name, const void *data,
			  size_t size)
{
	const struct fd_path path = path_of(fd);
	int result;
	int err;

	identity_save();
	result = put(path.text, name, data, size);
	if (result != 0 && errno == EACCES) {
		result = put_as_owner(path.text, name, data, size);
	}
	err = errno;
	identity_restore();
	return result == 0 ? 0 : err;
}

NTSTATUS privileged_set_xattr(int fd, const char *name, const void *data,
			      size_t size)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || st.st_uid != posix_user()) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return ntstatus_from_errno(put_privileged(fd, name, data, size));
}

NTSTATUS privileged_set_descriptor(int fd, const char *name, const void *data,
				   size_t size)
{
	return ntstatus_from_errno(put_privileged(fd, name, data, size));
}

NTSTATUS privileged_inode_path(int root, uint64_t inode, char out[PATH_MAX])
{
	NTSTATUS status;

	identity_save();
	status = inode_path(root, inode, out);
	identity_restore();
	return status;
}

NTSTATUS privileged_set_record(int fd, const char *name, const void *data,
			       size_t size)
{
	int err = put_privileged(fd, name, data, size);

	if (err == E2BIG || err == ERANGE) {
		return NT_STATUS(DISK_FULL);
	}
	/* EPERM: user.* is for files and directories. */
	return err == EPERM ? NT_STATUS(NOT_SUPPORTED)
			    : ntstatus_from_errno(err);
}

NTSTATUS privileged_remove_record(int fd, const char *name)
{
	int err = put_privileged(fd, name, NULL, 0);

	if (err == ENODATA || err == EPERM || err == EOPNOTSUPP) {
		return NT_STATUS_OK;
	}
	return ntstatus_from_errno(err);
}
