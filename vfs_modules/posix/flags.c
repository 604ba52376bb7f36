/* vfs_modules/posix/flags.c - what a file system does with data beyond keeping
 * it: compress it, share it between files, say that it has changed. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/identity.h"
#include "lib/wire.h"
#include "vfs_modules/posix/posix.h"

/* FS_IOC_GETFLAGS and FS_IOC_SETFLAGS take an int, whatever they are declared
 * with. */
static bool get_flags(int fd, unsigned int *out)
{
	unsigned int flags = 0;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) != 0) {
		return false;
	}
	*out = flags;
	return true;
}

static NTSTATUS flags_status(int err)
{
	return err == ENOTTY || err == EOPNOTSUPP || err == ENOSYS ||
			       err == EINVAL || err == EBADF
		       ? NT_STATUS(INVALID_DEVICE_REQUEST)
		       : ntstatus_from_errno(err);
}

/* --- compression -----------------------------------------------------------
 */

/* A descriptor that may be asked, not one of O_PATH; to be closed when it is
 * not the node's own. */
static int flags_fd(const struct posix_node *n)
{
	char path[32];

	if (n->mode != O_PATH) {
		return n->fd;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", n->fd);
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

static void flags_fd_end(const struct posix_node *n, int fd)
{
	if (fd != n->fd) {
		close(fd);
	}
}

NTSTATUS posix_get_compressed(struct fsa_node *node, bool *out)
{
	const struct posix_node *n = posix_node(node);
	struct statx sx;

	if ((posix_data_features(n->mount) & FILE_FILE_COMPRESSION) == 0) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	if (statx(n->fd, "", AT_EMPTY_PATH, 0, &sx) != 0) {
		return ntstatus_from_errno(errno);
	}
	*out = (sx.stx_attributes & STATX_ATTR_COMPRESSED) != 0;
	return NT_STATUS_OK;
}

static NTSTATUS set_flag(int fd, bool on)
{
	unsigned int flags, wanted;

	if (!get_flags(fd, &flags)) {
		return flags_status(errno);
	}
	wanted = on ? flags | FS_COMPR_FL : flags & ~(unsigned int)FS_COMPR_FL;
	if (wanted == flags) {
		return NT_STATUS_OK;
	}
	return ioctl(fd, FS_IOC_SETFLAGS, &wanted) == 0 ? NT_STATUS_OK
							: flags_status(errno);
}

NTSTATUS posix_set_compressed(struct fsa_node *node, bool on)
{
	const struct posix_node *n = posix_node(node);
	NTSTATUS status;
	int fd;

	if ((posix_data_features(n->mount) & FILE_FILE_COMPRESSION) == 0) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	fd = flags_fd(n);
	if (fd == -1) {
		return ntstatus_from_errno(errno);
	}
	status = set_flag(fd, on);
	flags_fd_end(n, fd);
	return status;
}

/* --- what there is ----------------------------------------------------------
 *
 * Found out with a file that has no name and is gone again: no list of file
 * systems is right for long, and mount options decide too. */

static bool can_clone(int fd)
{
	struct file_clone_range range = {.src_fd = fd};

	return ioctl(fd, FICLONERANGE, &range) == 0;
}

static bool can_compress(int fd)
{
	unsigned int flags;

	return NT_STATUS_IS_OK(set_flag(fd, true)) && get_flags(fd, &flags) &&
	       (flags & FS_COMPR_FL) != 0;
}

/* Room given up is free again. */
static bool can_discard(int fd)
{
	return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
			 4096) == 0;
}

uint32_t posix_data_features(struct posix_mount *m)
{
	int fd;

	if (m->features_known) {
		return m->features;
	}
	m->features_known = true;
	identity_save();
	fd = openat(m->root, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd != -1) {
		m->features |=
			can_clone(fd) ? FILE_SUPPORTS_BLOCK_REFCOUNTING : 0;
		m->trims = can_discard(fd);
		m->features |= can_compress(fd) ? FILE_FILE_COMPRESSION : 0;
		close(fd);
	}
	identity_restore();
	return m->features;
}

/* --- versions ---------------------------------------------------------------
 */

/* The kernel moves the change time with every change of data, name, owner, mode
 * or attributes, and nobody can set it. */
NTSTATUS posix_version(struct fsa_node *node, uint8_t out[FSA_VERSION_SIZE])
{
	struct wire_writer w = wire_writer_fixed(out, FSA_VERSION_SIZE);
	struct statx sx;

	if (statx(posix_node(node)->fd, "", AT_EMPTY_PATH,
		  STATX_BASIC_STATS | STATX_BTIME, &sx) != 0) {
		return ntstatus_from_errno(errno);
	}
	wire_put_u64(&w, (uint64_t)sx.stx_ctime.tv_sec);
	wire_put_u32(&w, sx.stx_ctime.tv_nsec);
	wire_put_u32(&w, sx.stx_btime.tv_nsec);
	wire_put_u64(&w, (uint64_t)sx.stx_btime.tv_sec);
	wire_put_u64(&w, sx.stx_size);
	wire_put_u64(&w, (uint64_t)sx.stx_mtime.tv_sec ^
				 ((uint64_t)sx.stx_mtime.tv_nsec << 32));
	return NT_STATUS_OK;
}
