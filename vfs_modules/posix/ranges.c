/* vfs_modules/posix/ranges.c - where the data of a file is. */
#include <errno.h>
#include <unistd.h>

#include "vfs_modules/posix/posix.h"

/* The end of the range that begins at start, at most end; a file system
 * without holes has none. */
static off_t end_of_range(int fd, off_t start, off_t end)
{
	off_t hole = lseek(fd, start, SEEK_HOLE);

	return hole == -1 || hole > end ? end : hole;
}

NTSTATUS posix_ranges(struct fsa_node *node, uint64_t offset, uint64_t length,
		      bool (*take)(uint64_t offset, uint64_t length,
				   void *private_data),
		      void *private_data)
{
	int fd = posix_node(node)->fd;
	off_t at = (off_t)offset;
	off_t end = (off_t)(offset + length);

	while (at < end) {
		off_t start = lseek(fd, at, SEEK_DATA);

		if (start == -1 && errno != ENXIO) {
			return ntstatus_from_errno(errno);
		}
		if (start == -1 || start >= end) {
			break;
		}
		at = end_of_range(fd, start, end);
		if (!take((uint64_t)start, (uint64_t)(at - start),
			  private_data)) {
			break;
		}
	}
	return NT_STATUS_OK;
}
