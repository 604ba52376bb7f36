/* fsa/copy.c - FSA_COPY: ranges from one open file to another, without the
 * client ([MS-SMB2] 3.3.5.15.6; [MS-FSA] has no word for it).
 *
 *   start    checks, and how many of the ranges the source has
 *   go_on    gives the driver the next stretch
 *   resumed  the driver has copied that */
#include "fsa/copy_whole.h"
#include "fsa/file.h"
#include "fsa/lock.h"
#include "fsa/notify.h"

#define MAX_OFFSET ((uint64_t)INT64_MAX)

static bool is_same_file(const struct fsa_file *a, const struct fsa_file *b)
{
	return a->id.device == b->id.device && a->id.inode == b->id.inode &&
	       a->id.stream == b->id.stream;
}

/* Whether one driver has both: of one volume, or below the covers of two. */
static bool may_copy(const struct fsa_file *f, const struct fsa_file *source)
{
	return f->volume == source->volume ||
	       f->node->mount->driver == source->node->mount->driver;
}

static NTSTATUS check(const struct fsa_file *f, const struct fsa_copy *c)
{
	if (f->node->directory || c->source->node->directory) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	if (!NT_STATUS_IS_OK(file_check_access(
		    c->source, FILE_READ_DATA | FILE_EXECUTE)) ||
	    !NT_STATUS_IS_OK(
		    file_check_access(f, FILE_WRITE_DATA | FILE_APPEND_DATA))) {
		return NT_STATUS(ACCESS_DENIED);
	}
	for (size_t i = 0; i < c->num_ranges; i++) {
		const struct fsa_range *r = &c->ranges[i];

		if (r->length > MAX_OFFSET ||
		    r->from > MAX_OFFSET - r->length ||
		    (r->to != UINT64_MAX && r->to > MAX_OFFSET - r->length)) {
			return NT_STATUS(INVALID_PARAMETER);
		}
	}
	return driver_of(f)->copy == NULL || !may_copy(f, c->source)
		       ? NT_STATUS(INVALID_DEVICE_REQUEST)
		       : NT_STATUS_OK;
}

/* The ranges from the first that the source has, or will have when those before
 * are copied (to itself). */
static size_t count_there(const struct fsa_file *f, const struct fsa_copy *c,
			  uint64_t size)
{
	bool same = is_same_file(f, c->source);
	size_t n = 0;

	for (; n < c->num_ranges; n++) {
		const struct fsa_range *r = &c->ranges[n];

		if (r->from + r->length > size) {
			break;
		}
		if (same && r->to == UINT64_MAX) {
			size += r->length;
		} else if (same && r->to + r->length > size) {
			size = r->to + r->length;
		}
	}
	return n;
}

/* The next ranges as one, as far as they go on where the one before ends.  In
 * one and the same file what was copied may be what comes next. */
static struct fsa_range next_stretch(const struct fsa_file *f,
				     struct fsa_copy *c)
{
	struct fsa_range r = c->ranges[c->begun++];

	while (r.to != UINT64_MAX && !is_same_file(f, c->source) &&
	       c->begun < c->limit &&
	       c->ranges[c->begun].from == r.from + r.length &&
	       c->ranges[c->begun].to == r.to + r.length) {
		r.length += c->ranges[c->begun++].length;
	}
	return r;
}

static NTSTATUS copy_next(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_copy *c = &io->u.copy;
	struct fsa_range r = next_stretch(f, c);
	struct fsa_stat st;
	NTSTATUS status;

	if (r.to == UINT64_MAX) {
		status = driver_of(f)->stat(f->node, &st);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		r.to = st.end_of_file;
	}
	status = lock_check_io(c->source, r.from, r.length, false);
	if (NT_STATUS_IS_OK(status)) {
		status = lock_check_io(f, r.to, r.length, true);
	}
	return NT_STATUS_IS_OK(status)
		       ? driver_of(f)->copy(c->source->node, f->node, &r, io,
					    &c->copied)
		       : status;
}

static NTSTATUS finish(struct fsa_io *io, NTSTATUS status)
{
	struct fsa_file *f = io->file;
	struct fsa_copy *c = &io->u.copy;
	uint64_t left = c->copied;

	for (c->done = 0; c->done < c->num_ranges; c->done++) {
		if (c->ranges[c->done].length > left) {
			break;
		}
		left -= c->ranges[c->done].length;
	}
	if (c->copied > 0) {
		fsa_notify_later(f, FILE_NOTIFY_CHANGE_SIZE |
					    FILE_NOTIFY_CHANGE_LAST_WRITE);
	}
	return NT_STATUS_IS_OK(status) ? file_keep_times(f) : status;
}

static NTSTATUS go_on(struct fsa_io *io)
{
	struct fsa_copy *c = &io->u.copy;
	NTSTATUS status = NT_STATUS_OK;

	while (NT_STATUS_IS_OK(status) && c->begun < c->limit) {
		if (io->cancelled) {
			return finish(io, NT_STATUS(CANCELLED));
		}
		status = copy_next(io);
	}
	if (NT_STATUS_IS(status, PENDING)) {
		return status;
	}
	/* Windows: smb2.ioctl.copy_chunk_src_exceed */
	if (NT_STATUS_IS_OK(status) && c->limit < c->num_ranges) {
		status = NT_STATUS(INVALID_VIEW_SIZE);
	}
	return finish(io, status);
}

/* As ranges: one, or none when there is nothing. */
static NTSTATUS begin_whole(struct fsa_io *io, uint64_t size)
{
	struct fsa_file *f = io->file;
	struct fsa_copy *c = &io->u.copy;
	NTSTATUS status;

	if (is_same_file(f, c->source)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = lock_check_io(f, 0, UINT64_MAX, true);
	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->set_size(f->node, 0);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = copy_whole_extras(io);
	}
	c->all = (struct fsa_range){.length = size};
	c->ranges = &c->all;
	c->num_ranges = size > 0 ? 1 : 0;
	return status;
}

NTSTATUS fsa_copy_start(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_copy *c = &io->u.copy;
	struct fsa_stat st;
	NTSTATUS status;

	c->done = 0;
	c->copied = 0;
	c->begun = 0;
	status = check(f, c);
	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->stat(c->source->node, &st);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (c->whole) {
		status = begin_whole(io, st.end_of_file);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	c->limit = count_there(f, c, st.end_of_file);
	return go_on(io);
}

NTSTATUS fsa_copy_resumed(struct fsa_io *io, NTSTATUS status)
{
	return NT_STATUS_IS_OK(status) ? go_on(io) : finish(io, status);
}
