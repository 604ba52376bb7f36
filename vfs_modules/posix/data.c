/* vfs_modules/posix/data.c - reading, writing, flushing.
 *
 * A read is first tried with what the page cache holds; only what is missing
 * goes to io_uring.  A write goes to the page cache and does not wait for the
 * disk; write-through and flush do, and so go to io_uring. */
#include <errno.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include "vfs_modules/posix/async.h"
#include "vfs_modules/posix/posix.h"

/* Reads up to length bytes at offset, adding to *count.  EAGAIN: the rest is
 * not in memory (with RWF_NOWAIT); 0 at the end of file or when all is read. */
static int read_some(int fd, uint8_t *data, uint32_t length, uint64_t offset,
		     int flags, uint32_t *count)
{
	while (*count < length) {
		struct iovec iov = {.iov_base = data + *count,
				    .iov_len = length - *count};
		ssize_t n =
			preadv2(fd, &iov, 1, (off_t)(offset + *count), flags);

		if (n == 0) {
			return 0;
		}
		if (n > 0) {
			*count += (uint32_t)n;
		} else if (errno != EINTR) {
			return errno;
		}
	}
	return 0;
}

NTSTATUS posix_read(struct fsa_node *node, struct fsa_io *io)
{
	struct posix_node *n = posix_node(node);
	struct fsa_read *r = &io->u.read;
	struct posix_async_args args;
	NTSTATUS status;
	int err;

	if (node->of != NULL) {
		return posix_stream_read(node, &io->u.read);
	}
	r->nread = 0;
	err = read_some(n->fd, r->data, r->length, r->offset,
			n->mount->in_memory || r->at_once ? 0 : RWF_NOWAIT,
			&r->nread);
	if (err != EAGAIN && err != EOPNOTSUPP && err != EINVAL) {
		return ntstatus_from_errno(err);
	}
	args = (struct posix_async_args){
		.kind = POSIX_ASYNC_READ,
		.fd = n->fd,
		.data = r->data + r->nread,
		.length = r->length - r->nread,
		.offset = r->offset + r->nread,
		.count = &r->nread,
	};
	status = posix_async_start(n->mount->state->async, io, &args);
	if (!NT_STATUS_IS(status, NOT_SUPPORTED)) {
		return status;
	}
	return ntstatus_from_errno(
		read_some(n->fd, r->data, r->length, r->offset, 0, &r->nread));
}

static NTSTATUS write_all(int fd, struct fsa_write *w, int flags)
{
	if (w->offset == UINT64_MAX) {
		flags |= RWF_APPEND;
	}
	while (w->nwritten < w->length) {
		/* struct iovec has no const. */
		struct iovec iov = {
			.iov_base = (void *)(uintptr_t)(w->data + w->nwritten),
			.iov_len = w->length - w->nwritten};
		ssize_t n = pwritev2(fd, &iov, 1,
				     w->offset == UINT64_MAX
					     ? 0
					     : (off_t)(w->offset + w->nwritten),
				     flags);

		if (n >= 0) {
			w->nwritten += (uint32_t)n;
		} else if (errno != EINTR) {
			return ntstatus_from_errno(errno);
		}
	}
	return NT_STATUS_OK;
}

NTSTATUS posix_write(struct fsa_node *node, struct fsa_io *io)
{
	struct posix_node *n = posix_node(node);
	struct fsa_write *w = &io->u.write;
	struct posix_async_args args;
	NTSTATUS status;

	if (node->of != NULL) {
		return posix_stream_write(node, &io->u.write);
	}
	w->nwritten = 0;
	if (!w->write_through || w->length == 0) {
		return write_all(n->fd, w, 0);
	}
	args = (struct posix_async_args){
		.kind = POSIX_ASYNC_WRITE,
		.fd = n->fd,
		.data = (uint8_t *)(uintptr_t)w->data,
		.length = w->length,
		.offset = w->offset,
		.count = &w->nwritten,
	};
	status = posix_async_start(n->mount->state->async, io, &args);
	if (!NT_STATUS_IS(status, NOT_SUPPORTED)) {
		return status;
	}
	return write_all(n->fd, w, RWF_DSYNC);
}

NTSTATUS posix_read_now(struct fsa_node *node, struct fsa_read *r)
{
	r->nread = 0;
	if (node->of != NULL) {
		return posix_stream_read(node, r);
	}
	return ntstatus_from_errno(read_some(posix_node(node)->fd, r->data,
					     r->length, r->offset, 0,
					     &r->nread));
}

NTSTATUS posix_write_now(struct fsa_node *node, struct fsa_write *w)
{
	w->nwritten = 0;
	if (node->of != NULL) {
		return posix_stream_write(node, w);
	}
	return write_all(posix_node(node)->fd, w, 0);
}

NTSTATUS posix_flush(struct fsa_node *node, struct fsa_io *io)
{
	struct posix_node *n = posix_node(node);
	const struct posix_async_args args = {.kind = POSIX_ASYNC_SYNC,
					      .fd = n->fd};
	NTSTATUS status;

	if (node->of != NULL) {
		return posix_stream_flush(node, io->u.flush.full);
	}
	if ((!n->mount->strict_sync && !io->u.flush.full) ||
	    n->mode == O_PATH) {
		return NT_STATUS_OK;
	}
	status = io->u.flush.at_once
			 ? NT_STATUS(NOT_SUPPORTED)
			 : posix_async_start(n->mount->state->async, io, &args);
	if (!NT_STATUS_IS(status, NOT_SUPPORTED)) {
		return status;
	}
	return fdatasync(n->fd) == 0 ? NT_STATUS_OK
				     : ntstatus_from_errno(errno);
}

NTSTATUS posix_set_size(struct fsa_node *node, uint64_t size)
{
	struct posix_node *n = posix_node(node);

	if (node->of != NULL) {
		return posix_stream_set_size(node, size);
	}
	if (ftruncate(n->fd, (off_t)size) != 0) {
		return ntstatus_from_errno(errno);
	}
	return NT_STATUS_OK;
}

/* A reservation that fails half-way keeps what it got, so it is not begun when
 * there is not enough free.  fs.f_bavail: what is free for the user. */
static NTSTATUS check_free(int fd, uint64_t size)
{
	struct statvfs fs;
	struct stat st;
	uint64_t have;

	if (fstatvfs(fd, &fs) != 0 || fstat(fd, &st) != 0) {
		return ntstatus_from_errno(errno);
	}
	have = (uint64_t)st.st_blocks * 512;
	if (size > have && (size - have) / fs.f_frsize >= fs.f_bavail) {
		return NT_STATUS(DISK_FULL);
	}
	return NT_STATUS_OK;
}

NTSTATUS posix_reserve(struct fsa_node *node, uint64_t size)
{
	struct posix_node *n = posix_node(node);
	NTSTATUS status;

	if (node->of != NULL) {
		return posix_stream_reserve(node, size);
	}
	if (size == 0) {
		return NT_STATUS_OK;
	}
	status = check_free(n->fd, size);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (fallocate(n->fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)size) == 0 ||
	    errno == EOPNOTSUPP) {
		return NT_STATUS_OK;
	}
	return ntstatus_from_errno(errno);
}
