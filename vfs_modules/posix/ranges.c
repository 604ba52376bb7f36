/* vfs_modules/posix/ranges.c - holes, and copying from file to file. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vfs_modules/posix/posix.h"

#define BUFFER_SIZE 65536

/* --- holes --------------------------------------------------------------- */

static NTSTATUS write_zeros(struct fsa_node *node, uint64_t offset,
			    uint64_t length)
{
	static const uint8_t zeros[BUFFER_SIZE];
	struct fsa_write w = {.offset = offset, .data = zeros};
	NTSTATUS status = NT_STATUS_OK;

	while (NT_STATUS_IS_OK(status) && length > 0) {
		w.length =
			length < BUFFER_SIZE ? (uint32_t)length : BUFFER_SIZE;
		status = posix_write_now(node, &w);
		w.offset += w.length;
		length -= w.length;
	}
	return status;
}

NTSTATUS posix_zero(struct fsa_node *node, uint64_t offset, uint64_t length,
		    bool sparse)
{
	const struct posix_node *n = posix_node(node);
	int hole = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
	int zero = FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE;

	if (node->of != NULL) {
		return write_zeros(node, offset, length);
	}
	if (fallocate(n->fd, sparse ? hole : zero, (off_t)offset,
		      (off_t)length) == 0) {
		return NT_STATUS_OK;
	}
	return errno == EOPNOTSUPP ? write_zeros(node, offset, length)
				   : ntstatus_from_errno(errno);
}

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

/* --- copying ------------------------------------------------------------- */

static bool overlap(const struct fsa_node *from, const struct fsa_node *to,
		    const struct fsa_copy *c)
{
	return from->inode == to->inode && from->device == to->device &&
	       c->source_offset < c->offset + c->length &&
	       c->offset < c->source_offset + c->length;
}

/* Through memory, all of it at once: the two ranges may overlap. */
static NTSTATUS copy_by_hand(struct fsa_node *from, struct fsa_node *to,
			     struct fsa_copy *c)
{
	uint32_t left = c->length - c->copied;
	struct fsa_read r = {.offset = c->source_offset + c->copied,
			     .length = left};
	struct fsa_write w = {.offset = c->offset + c->copied};
	NTSTATUS status;

	r.data = talloc_array(to, uint8_t, left);
	if (r.data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = posix_read_now(from, &r);
	if (NT_STATUS_IS_OK(status)) {
		w.data = r.data;
		w.length = r.nread;
		status = posix_write_now(to, &w);
		c->copied += w.nwritten;
	}
	if (NT_STATUS_IS_OK(status) && r.nread < left) {
		status = NT_STATUS(INVALID_VIEW_SIZE); /* it has shrunk */
	}
	talloc_free(r.data);
	return status;
}

/* OK with less than all: the kernel cannot do the rest. */
static NTSTATUS copy_in_kernel(const struct posix_node *from,
			       const struct posix_node *to, struct fsa_copy *c)
{
	while (c->copied < c->length) {
		off_t in = (off_t)(c->source_offset + c->copied);
		off_t out = (off_t)(c->offset + c->copied);
		ssize_t n = copy_file_range(from->fd, &in, to->fd, &out,
					    c->length - c->copied, 0);

		if (n > 0) {
			c->copied += (uint32_t)n;
		} else if (n == 0 || errno == EXDEV || errno == EINVAL ||
			   errno == EOPNOTSUPP || errno == ENOSYS) {
			return NT_STATUS_OK;
		} else if (errno != EINTR) {
			return ntstatus_from_errno(errno);
		}
	}
	return NT_STATUS_OK;
}

NTSTATUS posix_copy(struct fsa_node *from, struct fsa_node *to,
		    struct fsa_copy *c)
{
	NTSTATUS status = NT_STATUS_OK;

	if (from->of == NULL && to->of == NULL && !overlap(from, to, c)) {
		status = copy_in_kernel(posix_node(from), posix_node(to), c);
	}
	if (NT_STATUS_IS_OK(status) && c->copied < c->length) {
		status = copy_by_hand(from, to, c);
	}
	return status;
}
