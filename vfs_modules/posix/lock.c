/* vfs_modules/posix/lock.c - byte-range locks that local programs see: open
 * file description locks, which belong to the descriptor and end with it. */
#include <errno.h>
#include <fcntl.h>

#include "vfs_modules/posix/posix.h"

static int set_lock(int fd, uint64_t offset, uint64_t length, short type)
{
	struct flock fl = {.l_type = type,
			   .l_whence = SEEK_SET,
			   .l_start = (off_t)offset,
			   .l_len = (off_t)length};

	return fcntl(fd, F_OFD_SETLK, &fl) == 0 ? 0 : errno;
}

NTSTATUS posix_lock(struct fsa_node *node, uint64_t offset, uint64_t length,
		    enum fsa_local_lock kind)
{
	static const short types[] = {[FSA_LOCAL_NONE] = F_UNLCK,
				      [FSA_LOCAL_SHARED] = F_RDLCK,
				      [FSA_LOCAL_EXCLUSIVE] = F_WRLCK};
	const struct posix_node *n = posix_node(node);
	short type = types[kind];
	int err;

	/* A descriptor that cannot write cannot have an exclusive lock: a
	 * shared one is better than none.  For one that cannot read an
	 * exclusive one would be too much. */
	if (type == F_WRLCK && n->mode == O_RDONLY) {
		type = F_RDLCK;
	}
	if (n->mode == O_PATH || (type == F_RDLCK && n->mode == O_WRONLY)) {
		return NT_STATUS_OK;
	}
	err = set_lock(n->fd, offset, length, type);
	if (err == EAGAIN || err == EACCES) {
		return NT_STATUS(LOCK_NOT_GRANTED);
	}
	if (err == ENOLCK) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	/* File systems that have no such locks. */
	return err == EINVAL || err == EOPNOTSUPP || err == ENOSYS
		       ? NT_STATUS_OK
		       : ntstatus_from_errno(err);
}

/* The descriptor need not be one that could have such a lock: only one that is
 * open for nothing but its path is of no use. */
NTSTATUS posix_lock_test(struct fsa_node *node, uint64_t offset,
			 uint64_t length)
{
	const struct posix_node *n = posix_node(node);
	struct flock fl = {.l_type = F_WRLCK,
			   .l_whence = SEEK_SET,
			   .l_start = (off_t)offset,
			   .l_len = (off_t)length};

	if (n->mode == O_PATH) {
		return NT_STATUS_OK;
	}
	if (fcntl(n->fd, F_OFD_GETLK, &fl) != 0) {
		/* File systems that have no such locks. */
		return errno == EINVAL || errno == EOPNOTSUPP || errno == ENOSYS
			       ? NT_STATUS_OK
			       : ntstatus_from_errno(errno);
	}
	return fl.l_type == F_UNLCK ? NT_STATUS_OK
				    : NT_STATUS(LOCK_NOT_GRANTED);
}
