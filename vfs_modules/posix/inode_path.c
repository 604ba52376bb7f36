/* vfs_modules/posix/inode_path.c - see inode_path.h. */
#include "vfs_modules/posix/inode_path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/magic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/privileged.h"

/* What <xfs/xfs_fs.h> says, which is seldom installed. */
#define XFS_MAGIC      0x58465342u
#define XFS_HANDLE_INO 0x81 /* a 64-bit inode number and a generation */

struct xfs_request {
	uint64_t ino;
	uint32_t flags;
	uint32_t icount; /* wanted */
	uint32_t ocount; /* there */
	uint32_t agno;
	uint64_t reserved[5];
	struct {
		uint64_t ino;
		uint64_t uninteresting[7];
		uint32_t generation;
		uint32_t more[31];
	} found;
};

/* The number is of what comes before the answer. */
#define XFS_BULKSTAT                                                           \
	_IOC(_IOC_READ, 'X', 127, offsetof(struct xfs_request, found))

#define MAX_HANDLE 12

union handle {
	struct file_handle h;
	uint8_t room[sizeof(struct file_handle) + MAX_HANDLE];
};

static NTSTATUS not_found(int err)
{
	if (err == EPERM) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	return err == ENOMEM || err == ENFILE || err == EMFILE
		       ? ntstatus_from_errno(err)
		       : NT_STATUS(NOT_FOUND);
}

/* --- by what the kernel remembers ------------------------------------------
 */

/* FILEID_INO32_GEN: a generation of 0 stands for any. */
static NTSTATUS ext4_handle(int dir, uint64_t inode, union handle *out)
{
	const uint32_t parts[2] = {(uint32_t)inode, 0};

	(void)dir;
	if (inode > UINT32_MAX) {
		return NT_STATUS(NOT_FOUND);
	}
	out->h.handle_type = 1;
	out->h.handle_bytes = sizeof(parts);
	memcpy(out->h.f_handle, parts, sizeof(parts));
	return NT_STATUS_OK;
}

static NTSTATUS xfs_handle(int dir, uint64_t inode, union handle *out)
{
	struct xfs_request r = {.ino = inode, .icount = 1};

	if (inode == 0 || ioctl(dir, XFS_BULKSTAT, &r) != 0 || r.ocount != 1 ||
	    r.found.ino != inode) {
		return NT_STATUS(NOT_FOUND);
	}
	out->h.handle_type = XFS_HANDLE_INO;
	out->h.handle_bytes = sizeof(inode) + sizeof(r.found.generation);
	memcpy(out->h.f_handle, &inode, sizeof(inode));
	memcpy(out->h.f_handle + sizeof(inode), &r.found.generation,
	       sizeof(r.found.generation));
	return NT_STATUS_OK;
}

/* Where an open file lies; false: it cannot be said. */
static bool path_of_fd(int fd, char out[PATH_MAX])
{
	char link[32];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, out, PATH_MAX);
	if (n < 0 || n >= PATH_MAX) {
		return false;
	}
	out[n] = '\0';
	return true;
}

/* What of path (no slash at its end) is below root; false: it is not. */
static bool below(const char *root, const char *path, char out[PATH_MAX])
{
	size_t n = strlen(root);

	while (n > 0 && root[n - 1] == '/') {
		n--;
	}
	if (strncmp(path, root, n) != 0 ||
	    (path[n] != '\0' && path[n] != '/')) {
		return false;
	}
	while (path[n] == '/') {
		n++;
	}
	snprintf(out, PATH_MAX, "%s", path + n);
	return true;
}

/* A file without a name that is remembered is at "/", as it seems. */
static NTSTATUS path_of_handle(int dir, union handle *handle,
			       char out[PATH_MAX])
{
	char root[PATH_MAX], path[PATH_MAX];
	struct stat at_root, st;
	int fd = open_by_handle_at(dir, &handle->h,
				   O_PATH | O_NOFOLLOW | O_CLOEXEC);
	NTSTATUS status = NT_STATUS(NOT_FOUND);

	if (fd == -1) {
		return not_found(errno);
	}
	if (fstat(fd, &st) == 0 && st.st_nlink > 0 &&
	    fstat(dir, &at_root) == 0 && path_of_fd(fd, path) &&
	    path_of_fd(dir, root) && below(root, path, out) &&
	    (*out != '\0' || st.st_ino == at_root.st_ino)) {
		status = NT_STATUS_OK;
	}
	close(fd);
	return status;
}

typedef NTSTATUS handle_maker(int dir, uint64_t inode, union handle *out);

static NTSTATUS path_by_handle(int dir, uint64_t inode, handle_maker *make,
			       char out[PATH_MAX])
{
	union handle handle;
	NTSTATUS status;

	memset(&handle, 0, sizeof(handle));
	status = make(dir, inode, &handle);
	return NT_STATUS_IS_OK(status) ? path_of_handle(dir, &handle, out)
				       : status;
}

/* --- by what is on disk ----------------------------------------------------
 */

/* The path in the subvolume that dir is of; without a slash at its end. */
static NTSTATUS btrfs_lookup(int dir, uint64_t inode, char out[PATH_MAX])
{
	struct btrfs_ioctl_ino_lookup_args args = {.objectid = inode};
	size_t n;

	if (ioctl(dir, BTRFS_IOC_INO_LOOKUP, &args) != 0) {
		return not_found(errno);
	}
	n = strnlen(args.name, sizeof(args.name));
	if (n > 0 && args.name[n - 1] == '/') {
		n--;
	}
	if (n >= PATH_MAX) {
		return NT_STATUS(NOT_FOUND);
	}
	memcpy(out, args.name, n);
	out[n] = '\0';
	return NT_STATUS_OK;
}

static NTSTATUS btrfs_path(int dir, uint64_t inode, char out[PATH_MAX])
{
	char root[PATH_MAX], path[PATH_MAX];
	struct stat st;
	NTSTATUS status;

	if (fstat(dir, &st) != 0) {
		return NT_STATUS(NOT_FOUND);
	}
	status = btrfs_lookup(dir, st.st_ino, root);
	if (NT_STATUS_IS_OK(status)) {
		status = btrfs_lookup(dir, inode, path);
	}
	if (NT_STATUS_IS_OK(status) &&
	    (!below(root, path, out) || (*out == '\0' && inode != st.st_ino))) {
		status = NT_STATUS(NOT_FOUND);
	}
	return status;
}

NTSTATUS inode_path(int root, uint64_t inode, char out[PATH_MAX])
{
	struct statfs fs;
	NTSTATUS status;
	int dir;

	if (fstatfs(root, &fs) != 0) {
		return ntstatus_from_errno(errno);
	}
	dir = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1) {
		return ntstatus_from_errno(errno);
	}
	switch ((uint32_t)fs.f_type) {
	case EXT4_SUPER_MAGIC:
		status = path_by_handle(dir, inode, ext4_handle, out);
		break;
	case XFS_MAGIC:
		status = path_by_handle(dir, inode, xfs_handle, out);
		break;
	case BTRFS_SUPER_MAGIC:
		status = btrfs_path(dir, inode, out);
		break;
	default:
		status = NT_STATUS(NOT_SUPPORTED);
	}
	close(dir);
	return status;
}

/* --- the driver's ----------------------------------------------------------
 */

/* Whether the root is found, and what is not there is not: without root, and
 * where the server may not do everything, that is not so. */
static bool try(const struct posix_mount *m)
{
	char path[PATH_MAX];
	struct stat st;

	return fstat(m->root, &st) == 0 &&
	       NT_STATUS_IS_OK(
		       privileged_inode_path(m->root, st.st_ino, path)) &&
	       *path == '\0' &&
	       NT_STATUS_IS(privileged_inode_path(m->root, 0, path), NOT_FOUND);
}

static bool can(struct posix_mount *m)
{
	if (m->inode_paths == INODE_PATHS_UNKNOWN) {
		m->inode_paths = try(m) ? INODE_PATHS_KNOWN : INODE_PATHS_NONE;
	}
	return m->inode_paths == INODE_PATHS_KNOWN;
}

NTSTATUS posix_path_of_inode(TALLOC_CTX *mem_ctx, struct fsa_mount *mount,
			     uint64_t inode, const char **out)
{
	struct posix_mount *m = posix_mount(mount);
	char path[PATH_MAX];
	const char *shown;
	NTSTATUS status;

	if (!can(m)) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	status = privileged_inode_path(m->root, inode, path);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	shown = posix_shown_path(mem_ctx, path);
	if (shown == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*out = shown;
	return NT_STATUS_OK;
}
