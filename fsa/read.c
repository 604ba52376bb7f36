/* fsa/read.c - FSA_READ ([MS-FSA] 2.1.5.3).
 *
 *   start    checks, asks the driver
 *   resumed  the driver has answered */
#include "fsa/file.h"
#include "fsa/lock.h"

NTSTATUS fsa_read_start(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_read *r = &io->u.read;
	NTSTATUS status;

	if (f->node->directory) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	/* Windows: a file opened for execution alone can be read (smbtorture
	 * smb2.read.access). */
	status = file_check_access(f, FILE_READ_DATA | FILE_EXECUTE);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	r->nread = 0;
	if (r->offset > INT64_MAX || r->length > INT64_MAX - r->offset) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (r->length == 0) {
		return fsa_read_resumed(io, NT_STATUS_OK);
	}
	status = lock_check_io(f, r->offset, r->length, false);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = driver_of(f)->read(f->node, io);
	return NT_STATUS_IS(status, PENDING) ? status
					     : fsa_read_resumed(io, status);
}

NTSTATUS fsa_read_resumed(struct fsa_io *io, NTSTATUS status)
{
	struct fsa_read *r = &io->u.read;

	if (!NT_STATUS_IS_OK(status) && r->nread == 0) {
		return status;
	}
	if ((r->nread == 0 && r->length > 0) || r->nread < r->min_count) {
		return NT_STATUS(END_OF_FILE);
	}
	io->file->position = r->offset + r->nread;
	return NT_STATUS_OK;
}
