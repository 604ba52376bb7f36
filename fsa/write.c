/* fsa/write.c - FSA_WRITE ([MS-FSA] 2.1.5.4).
 *
 *   start    checks, asks the driver
 *   resumed  the driver has answered */
#include "fsa/file.h"
#include "fsa/lock.h"
#include "fsa/notify.h"

#define SYNCHRONOUS (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT)

/* Volume.MaxFileSize: that of NTFS with clusters of 4096 bytes, which volumes
 * claim to be. */
#define MAX_FILE_SIZE 0xFFFFFFF0000ull

static bool is_in_range(const struct fsa_write *w)
{
	if (w->offset == UINT64_MAX) {
		return true;
	}
	if (w->length == 0) {
		return w->offset <= INT64_MAX;
	}
	return w->offset <= MAX_FILE_SIZE &&
	       w->length <= MAX_FILE_SIZE - w->offset;
}

/* An open with FILE_APPEND_DATA alone writes at the end, wherever it is told
 * to ([MS-SMB2] 2.2.13.1.1). */
static void place_write(const struct fsa_file *f, struct fsa_write *w)
{
	if (w->offset == UINT64_MAX - 1) {
		w->offset = f->position;
	}
	if ((f->granted & FILE_WRITE_DATA) == 0) {
		w->offset = UINT64_MAX;
	}
}

NTSTATUS fsa_write_start(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_write *w = &io->u.write;
	NTSTATUS status;

	if (f->node->directory) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	status = file_check_access(f, FILE_WRITE_DATA | FILE_APPEND_DATA);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	w->nwritten = 0;
	place_write(f, w);
	if (!is_in_range(w)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (w->length == 0) {
		return NT_STATUS_OK;
	}
	status = lock_check_io(f, w->offset, w->length, true);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if ((f->mode & FILE_WRITE_THROUGH) != 0) {
		w->write_through = true;
	}
	status = file_defer_write_time(f);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = driver_of(f)->write(f->node, io);
	return NT_STATUS_IS(status, PENDING) ? status
					     : fsa_write_resumed(io, status);
}

NTSTATUS fsa_write_resumed(struct fsa_io *io, NTSTATUS status)
{
	struct fsa_file *f = io->file;
	const struct fsa_write *w = &io->u.write;

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	fsa_notify_later(f, FILE_NOTIFY_CHANGE_SIZE |
				    FILE_NOTIFY_CHANGE_LAST_WRITE);
	if ((f->mode & SYNCHRONOUS) != 0 && w->offset != UINT64_MAX) {
		f->position = w->offset + w->nwritten;
	}
	return file_keep_times(f);
}
