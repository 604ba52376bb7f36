/* fsa/copy.c - FSA_COPY: a range from one open file to another, without the
 * client ([MS-SMB2] 3.3.5.15.6; [MS-FSA] has no word for it). */
#include "fsa/file.h"
#include "fsa/notify.h"

#define MAX_OFFSET ((uint64_t)INT64_MAX)

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
	if (c->source_offset > MAX_OFFSET - c->length ||
	    c->offset > MAX_OFFSET - c->length) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return driver_of(f)->copy == NULL ||
			       driver_of(f) != driver_of(c->source)
		       ? NT_STATUS(INVALID_DEVICE_REQUEST)
		       : NT_STATUS_OK;
}

NTSTATUS fsa_copy_start(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_copy *c = &io->u.copy;
	struct fsa_stat st;
	NTSTATUS status;

	c->copied = 0;
	status = check(f, c);
	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->stat(c->source->node, &st);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	/* Windows: smb2.ioctl.copy_chunk_src_exceed */
	if (c->source_offset + c->length > st.end_of_file) {
		return NT_STATUS(INVALID_VIEW_SIZE);
	}
	status = driver_of(f)->copy(c->source->node, f->node, c);
	if (c->copied > 0) {
		fsa_notify_later(f, FILE_NOTIFY_CHANGE_SIZE |
					    FILE_NOTIFY_CHANGE_LAST_WRITE);
	}
	return NT_STATUS_IS_OK(status) ? file_keep_times(f) : status;
}
