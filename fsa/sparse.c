/* fsa/sparse.c - FSCTL_SET_SPARSE, FSCTL_SET_ZERO_DATA and
 * FSCTL_QUERY_ALLOCATED_RANGES ([MS-FSA] 2.1.5.10.38, 2.1.5.10.39,
 * 2.1.5.10.24). */
#include "fsa/sparse.h"

#include "fsa/lock.h"
#include "fsa/notify.h"
#include "lib/wire.h"

#define MAX_OFFSET ((uint64_t)INT64_MAX)

static struct wire_reader input_of(const struct fsa_io *io)
{
	const struct fsa_fsctl *c = &io->u.fsctl;

	return wire_reader(c->in.data, c->in.length);
}

NTSTATUS fsa_set_sparse(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct wire_reader in = input_of(io);
	bool sparse = true; /* without a buffer */
	NTSTATUS status;

	if (f->node->directory) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = file_check_access(f, FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES |
					      FILE_APPEND_DATA);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (wire_left(&in) > 0) {
		sparse = wire_u8(&in) != 0;
	}
	if (f->stream != NULL || driver_of(f)->set_sparse == NULL) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	status = driver_of(f)->set_sparse(f->node, sparse);
	if (NT_STATUS_IS_OK(status)) {
		fsa_notify_later(f, FILE_NOTIFY_CHANGE_ATTRIBUTES);
	}
	return status;
}

NTSTATUS fsa_set_zero_data(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct wire_reader in = input_of(io);
	uint64_t start = wire_u64(&in);
	uint64_t end = wire_u64(&in);
	struct fsa_stat st;
	NTSTATUS status;

	if (!wire_ok(&in) || start > MAX_OFFSET || end > MAX_OFFSET ||
	    start > end || f->node->directory) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = file_check_access(f, FILE_WRITE_DATA);
	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->stat(f->node, &st);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (driver_of(f)->zero == NULL) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	/* The size of the file stays. */
	end = end < st.end_of_file ? end : st.end_of_file;
	status = lock_check_io(f, start, end > start ? end - start : 0, true);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (start < end) {
		const struct fsa_range r = {.to = start, .length = end - start};

		status = driver_of(f)->zero(
			f->node, &r,
			(st.attributes & FILE_ATTRIBUTE_SPARSE_FILE) != 0, io,
			&io->u.fsctl.done);
		fsa_notify_later(f, FILE_NOTIFY_CHANGE_LAST_WRITE);
	}
	return NT_STATUS_IS(status, PENDING)
		       ? status
		       : fsa_set_zero_data_resumed(io, status);
}

NTSTATUS fsa_set_zero_data_resumed(struct fsa_io *io, NTSTATUS status)
{
	return NT_STATUS_IS_OK(status) ? file_keep_times(io->file) : status;
}

/* --- allocated ranges ---------------------------------------------------- */

#define RANGE_SIZE 16

struct answer {
	struct wire_writer w;
	size_t room;
	bool full;
};

static bool put_range(uint64_t offset, uint64_t length, void *private_data)
{
	struct answer *a = private_data;

	if (a->room < RANGE_SIZE) {
		a->full = true;
		return false;
	}
	a->room -= RANGE_SIZE;
	wire_put_u64(&a->w, offset);
	wire_put_u64(&a->w, length);
	return true;
}

static NTSTATUS find_ranges(struct fsa_file *f, uint64_t start, uint64_t length,
			    struct answer *a)
{
	struct fsa_stat st;
	NTSTATUS status = driver_of(f)->stat(f->node, &st);

	if (!NT_STATUS_IS_OK(status) || start >= st.end_of_file) {
		return status;
	}
	if (length > st.end_of_file - start) {
		length = st.end_of_file - start;
	}
	if ((st.attributes & FILE_ATTRIBUTE_SPARSE_FILE) == 0 ||
	    f->stream != NULL || driver_of(f)->ranges == NULL) {
		put_range(start, length, a);
		return NT_STATUS_OK;
	}
	return driver_of(f)->ranges(f->node, start, length, put_range, a);
}

NTSTATUS fsa_query_allocated_ranges(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_fsctl *c = &io->u.fsctl;
	struct wire_reader in = input_of(io);
	uint64_t start = wire_u64(&in);
	uint64_t length = wire_u64(&in);
	struct answer a = {.w = wire_writer(c->mem_ctx, c->max_out),
			   .room = c->max_out};
	NTSTATUS status;

	if (!wire_ok(&in) || f->node->directory || start > MAX_OFFSET ||
	    length > MAX_OFFSET - start) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = file_check_access(f, FILE_READ_DATA);
	if (NT_STATUS_IS_OK(status) && length > 0) {
		status = find_ranges(f, start, length, &a);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (a.full && a.w.length == 0) {
		return NT_STATUS(BUFFER_TOO_SMALL);
	}
	status = wire_finish(&a.w, &c->out);
	return NT_STATUS_IS_OK(status) && a.full ? NT_STATUS(BUFFER_OVERFLOW)
						 : status;
}
