/* fsa/trim.c - FSCTL_FILE_LEVEL_TRIM: nobody wants the data of these ranges any
 * more ([MS-FSA] 2.1.5.10.6, [MS-FSCC] 2.3.13). */
#include "fsa/fsctl.h"
#include "fsa/lock.h"
#include "fsa/notify.h"
#include "lib/wire.h"

#define PAGE	    4096u /* Volume.SystemPageSize */
#define RANGE_SIZE  16
#define OUTPUT_SIZE 4

/* The whole pages of a range that lie within size bytes; INTEGER_OVERFLOW. */
static NTSTATUS whole_pages(uint64_t offset, uint64_t length, uint64_t size,
			    struct fsa_range *out)
{
	uint64_t skip = (PAGE - offset % PAGE) % PAGE;

	if (offset > UINT64_MAX - skip) {
		return NT_STATUS(INTEGER_OVERFLOW);
	}
	offset += skip;
	length = length > skip ? length - skip : 0;
	if (offset > UINT64_MAX - length) {
		return NT_STATUS(INTEGER_OVERFLOW);
	}
	if (offset >= size) {
		length = 0;
	} else if (length > size - offset) {
		length = size - offset;
	}
	out->to = offset;
	out->length = length - length % PAGE;
	return NT_STATUS_OK;
}

static NTSTATUS check_input(const struct fsa_file *f, const struct fsa_fsctl *c,
			    struct wire_reader *in, uint32_t *out_count)
{
	uint32_t key = wire_u32(in);

	*out_count = wire_count(in, RANGE_SIZE);
	if (f->node->directory || !wire_ok(in) || key != 0 || *out_count == 0 ||
	    (c->max_out != 0 && c->max_out < OUTPUT_SIZE)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return f->stream != NULL || driver_of(f)->discard == NULL
		       ? NT_STATUS(INVALID_DEVICE_REQUEST)
		       : NT_STATUS_OK;
}

static NTSTATUS trim(struct fsa_file *f, struct wire_reader *in, uint32_t count,
		     uint64_t size, uint32_t *processed)
{
	NTSTATUS status = NT_STATUS_OK;

	for (uint32_t i = 0; NT_STATUS_IS_OK(status) && i < count; i++) {
		uint64_t offset = wire_u64(in);
		uint64_t length = wire_u64(in);
		struct fsa_range r = {0};

		status = whole_pages(offset, length, size, &r);
		if (NT_STATUS_IS_OK(status) && r.length > 0) {
			status = lock_check_io(f, r.to, r.length, true);
		}
		if (NT_STATUS_IS_OK(status) && r.length > 0) {
			status = driver_of(f)->discard(f->node, &r);
			*processed += NT_STATUS_IS_OK(status) ? 1 : 0;
		}
	}
	return status;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

NTSTATUS fsa_file_level_trim(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_fsctl *c = &io->u.fsctl;
	struct wire_reader in = wire_reader(c->in.data, c->in.length);
	struct wire_writer w = wire_writer(c->mem_ctx, OUTPUT_SIZE);
	uint32_t count, processed = 0;
	struct fsa_stat st;
	NTSTATUS status = check_input(f, c, &in, &count);

	if (NT_STATUS_IS_OK(status)) {
		status = file_check_access(f, FILE_WRITE_DATA);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->stat(f->node, &st);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if ((st.attributes & FILE_ATTRIBUTE_COMPRESSED) != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = trim(f, &in, count, larger(st.allocation_size, st.end_of_file),
		      &processed);
	if (processed > 0) {
		fsa_notify_later(f, FILE_NOTIFY_CHANGE_LAST_WRITE);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (processed == 0) {
		return NT_STATUS(NO_RANGES_PROCESSED);
	}
	if (c->max_out == 0) {
		return NT_STATUS_OK;
	}
	wire_put_u32(&w, processed);
	return wire_finish(&w, &c->out);
}
