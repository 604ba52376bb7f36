/* fsa/flush.c - FSA_FLUSH ([MS-FSA] 2.1.5.7).
 *
 *   start    checks, asks the driver
 *   resumed  the driver has answered */
#include "fsa/file.h"
#include "fsa/notify.h"

NTSTATUS fsa_flush_start(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	NTSTATUS status;

	/* [MS-SMB2] 3.3.5.11: only who may write may flush. */
	status = file_check_access(f, FILE_WRITE_DATA | FILE_APPEND_DATA);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	fsa_notify_tell_untold(f);
	file_settle_times(f);
	return driver_of(f)->flush(f->node, io);
}

NTSTATUS fsa_flush_resumed(struct fsa_io *io, NTSTATUS status)
{
	return status;
}
