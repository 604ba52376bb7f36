/* vfs_modules/posix/copy.c - zeroing, copying and cloning ranges of files.
 *
 * The kernel does it where it can, in steps (work.h); what it cannot goes
 * through memory.  Streams that are attributes always do, and at once. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/work.h"

#define MEG	    (1024u * 1024u)
#define COPY_STEP   (8 * MEG)
#define ZERO_STEP   (64 * MEG)
#define CLONE_STEP  (256 * MEG)
#define BUFFER_SIZE MEG

static uint64_t at_most(uint64_t n, uint64_t most)
{
	return n < most ? n : most;
}

static bool has_buffer(struct posix_job *job)
{
	if (job->buffer == NULL) {
		job->buffer = calloc(1, BUFFER_SIZE);
	}
	return job->buffer != NULL;
}

/* What no kernel or file system refuses for being what it is. */
static bool cannot(int err)
{
	return err == EOPNOTSUPP || err == ENOSYS || err == EXDEV ||
	       err == EINVAL || err == ENOTTY;
}

static NTSTATUS write_buffer(struct posix_job *job, uint64_t offset, size_t n)
{
	size_t at = 0;

	while (at < n) {
		ssize_t put = pwrite(job->to, job->buffer + at, n - at,
				     (off_t)(offset + at));

		if (put >= 0) {
			at += (size_t)put;
		} else if (errno != EINTR) {
			return ntstatus_from_errno(errno);
		}
	}
	return NT_STATUS_OK;
}

/* --- zeroing -------------------------------------------------------------- */

/* Steps end at multiples of their size: no block stays for being in two. */
static NTSTATUS zero_step(struct posix_job *job)
{
	uint64_t at = job->to_offset + job->done;
	uint64_t left = job->length - job->done;
	uint64_t n = at_most(left, ZERO_STEP - at % ZERO_STEP);
	int how = job->sparse ? FALLOC_FL_PUNCH_HOLE : FALLOC_FL_ZERO_RANGE;
	NTSTATUS status;

	if (!job->by_hand) {
		if (fallocate(job->to, how | FALLOC_FL_KEEP_SIZE, (off_t)at,
			      (off_t)n) == 0) {
			job->done += n;
		} else if (cannot(errno)) {
			job->by_hand = true;
		} else if (errno != EINTR) {
			return ntstatus_from_errno(errno);
		}
		return NT_STATUS_OK;
	}
	n = at_most(left, BUFFER_SIZE);
	if (!has_buffer(job)) {
		return NT_STATUS(NO_MEMORY);
	}
	status = write_buffer(job, at, n);
	if (NT_STATUS_IS_OK(status)) {
		job->done += n;
	}
	return status;
}

static NTSTATUS zero_stream(struct fsa_node *node, uint64_t offset,
			    uint64_t length)
{
	static const uint8_t zeros[65536];
	struct fsa_write w = {.offset = offset, .data = zeros};
	NTSTATUS status = NT_STATUS_OK;

	while (NT_STATUS_IS_OK(status) && length > 0) {
		w.length = (uint32_t)at_most(length, sizeof(zeros));
		status = posix_write_now(node, &w);
		w.offset += w.length;
		length -= w.length;
	}
	return status;
}

NTSTATUS posix_zero(struct fsa_node *node, const struct fsa_range *r,
		    bool sparse, struct fsa_io *io, uint64_t *done)
{
	struct posix_node *n = posix_node(node);
	const struct posix_job job = {
		.step = zero_step,
		.from = -1,
		.to = n->fd,
		.to_offset = r->to,
		.length = r->length,
		.sparse = sparse,
	};

	if (node->of != NULL) {
		return zero_stream(node, r->to, r->length);
	}
	return posix_work_start(n->mount->state->work, io, &job, done);
}

NTSTATUS posix_discard(struct fsa_node *node, const struct fsa_range *r)
{
	if (fallocate(posix_node(node)->fd,
		      FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)r->to,
		      (off_t)r->length) == 0) {
		return NT_STATUS_OK;
	}
	return cannot(errno) ? NT_STATUS(INVALID_DEVICE_REQUEST)
			     : ntstatus_from_errno(errno);
}

/* --- copying ------------------------------------------------------------- */

static bool overlap(const struct fsa_node *from, const struct fsa_node *to,
		    const struct fsa_range *r)
{
	return from->inode == to->inode && from->device == to->device &&
	       r->from < r->to + r->length && r->to < r->from + r->length;
}

static NTSTATUS read_buffer(struct posix_job *job, uint64_t offset, size_t n)
{
	size_t at = 0;

	while (at < n) {
		ssize_t got = pread(job->from, job->buffer + at, n - at,
				    (off_t)(offset + at));

		if (got == 0) {
			return NT_STATUS(INVALID_VIEW_SIZE); /* it has shrunk */
		}
		if (got > 0) {
			at += (size_t)got;
		} else if (errno != EINTR) {
			return ntstatus_from_errno(errno);
		}
	}
	return NT_STATUS_OK;
}

/* Overlapping ranges as memmove() does it. */
static NTSTATUS copy_by_hand(struct posix_job *job)
{
	uint64_t left = job->length - job->done;
	uint64_t n = at_most(left, BUFFER_SIZE);
	uint64_t at = job->backwards ? left - n : job->done;
	NTSTATUS status;

	if (!has_buffer(job)) {
		return NT_STATUS(NO_MEMORY);
	}
	status = read_buffer(job, job->from_offset + at, n);
	if (NT_STATUS_IS_OK(status)) {
		status = write_buffer(job, job->to_offset + at, n);
	}
	if (NT_STATUS_IS_OK(status)) {
		job->done += n;
	}
	return status;
}

static NTSTATUS copy_step(struct posix_job *job)
{
	off_t in = (off_t)(job->from_offset + job->done);
	off_t out = (off_t)(job->to_offset + job->done);
	ssize_t n;

	if (job->by_hand) {
		return copy_by_hand(job);
	}
	n = copy_file_range(job->from, &in, job->to, &out,
			    at_most(job->length - job->done, COPY_STEP), 0);
	if (n > 0) {
		job->done += (uint64_t)n;
	} else if (n == 0 || cannot(errno)) {
		job->by_hand = true;
	} else if (errno != EINTR) {
		return ntstatus_from_errno(errno);
	}
	return NT_STATUS_OK;
}

/* One of them is a stream: through memory, and not more than a request asks
 * for. */
static NTSTATUS copy_stream(struct fsa_node *from, struct fsa_node *to,
			    const struct fsa_range *range, uint64_t *done)
{
	uint8_t *buffer = talloc_array(to, uint8_t, BUFFER_SIZE);
	struct fsa_read r = {.offset = range->from, .data = buffer};
	struct fsa_write w = {.offset = range->to, .data = buffer};
	uint64_t left = range->length;
	NTSTATUS status = NT_STATUS_OK;

	if (buffer == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while (NT_STATUS_IS_OK(status) && left > 0) {
		r.length = (uint32_t)at_most(left, BUFFER_SIZE);
		status = posix_read_now(from, &r);
		if (!NT_STATUS_IS_OK(status)) {
			break;
		}
		w.length = r.nread;
		status = posix_write_now(to, &w);
		*done += w.nwritten;
		if (NT_STATUS_IS_OK(status) && r.nread < r.length) {
			status = NT_STATUS(INVALID_VIEW_SIZE);
		}
		left -= r.nread;
		r.offset += r.nread;
		w.offset += r.nread;
	}
	talloc_free(buffer);
	return status;
}

NTSTATUS posix_copy(struct fsa_node *from, struct fsa_node *to,
		    const struct fsa_range *r, struct fsa_io *io,
		    uint64_t *done)
{
	bool same = overlap(from, to, r);
	const struct posix_job job = {
		.step = copy_step,
		.from = posix_node(from)->fd,
		.to = posix_node(to)->fd,
		.from_offset = r->from,
		.to_offset = r->to,
		.length = r->length,
		.by_hand = same,
		.backwards = same && r->from < r->to,
	};

	if (from->of != NULL || to->of != NULL) {
		return copy_stream(from, to, r, done);
	}
	return posix_work_start(posix_node(to)->mount->state->work, io, &job,
				done);
}

/* --- cloning -------------------------------------------------------------- */

static NTSTATUS clone_step(struct posix_job *job)
{
	uint64_t left = job->length - job->done;
	uint64_t n = job->whole ? left : at_most(left, CLONE_STEP);
	struct file_clone_range range = {
		.src_fd = job->from,
		.src_offset = job->from_offset + job->done,
		.src_length = n,
		.dest_offset = job->to_offset + job->done,
	};

	if (ioctl(job->to, FICLONERANGE, &range) == 0) {
		job->done += n;
		return NT_STATUS_OK;
	}
	switch (errno) {
	case EINTR:
		return NT_STATUS_OK;
	case EOPNOTSUPP:
	case ENOTTY:
	case ENOSYS:
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	case EXDEV:
		return NT_STATUS(INVALID_PARAMETER); /* another volume */
	default:
		return ntstatus_from_errno(errno);
	}
}

NTSTATUS posix_clone(struct fsa_node *from, struct fsa_node *to,
		     const struct fsa_range *r, bool atomic, struct fsa_io *io,
		     uint64_t *done)
{
	const struct posix_job job = {
		.step = clone_step,
		.from = posix_node(from)->fd,
		.to = posix_node(to)->fd,
		.from_offset = r->from,
		.to_offset = r->to,
		.length = r->length,
		.whole = atomic,
	};

	if (from->of != NULL || to->of != NULL) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	return posix_work_start(posix_node(to)->mount->state->work, io, &job,
				done);
}
