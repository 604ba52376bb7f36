/* fsa/disposition.c - deletion by FileDispositionInformation and
 * FileDispositionInformationEx ([MS-FSA] 2.1.5.15.3, 2.1.5.15.4). */
#include "fsa/file.h"
#include "fsa/hidden.h"
#include "fsa/notify.h"
#include "fsa/share.h"

/* Nothing on Linux maps a file so that it could not be deleted: there is no
 * image section to check for. */
#define DEFINED                                                                \
	(FILE_DISPOSITION_DELETE | FILE_DISPOSITION_POSIX_SEMANTICS |          \
	 FILE_DISPOSITION_FORCE_IMAGE_SECTION_CHECK |                          \
	 FILE_DISPOSITION_ON_CLOSE |                                           \
	 FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE)

static NTSTATUS check_readonly(struct fsa_file *f, uint32_t flags)
{
	struct fsa_stat st;
	NTSTATUS status;

	if (f->posix) {
		return NT_STATUS_OK;
	}
	status = driver_of(f)->stat(f->node, &st);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if ((st.attributes & FILE_ATTRIBUTE_READONLY) == 0 ||
	    f->volume->delete_readonly) {
		return NT_STATUS_OK;
	}
	if ((flags & FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE) != 0 &&
	    (f->granted & FILE_WRITE_ATTRIBUTES) != 0) {
		return NT_STATUS_OK;
	}
	return NT_STATUS(CANNOT_DELETE);
}

/* Under the record's lock. */
static NTSTATUS check_empty(struct fsa_file *f)
{
	if (!f->node->directory) {
		return NT_STATUS_OK;
	}
	/* The share itself stays. */
	if (*f->name == '\0') {
		return NT_STATUS(ACCESS_DENIED);
	}
	return hidden_check_empty(f->volume, f->node);
}

static NTSTATUS set_pending(struct fsa_io *io, uint32_t flags)
{
	struct fsa_file *f = io->file;
	bool pending = (flags & FILE_DISPOSITION_DELETE) != 0;
	NTSTATUS status = NT_STATUS_OK;

	if (pending) {
		status = check_readonly(f, flags);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = share_set_delete(io, f, io->identity, pending, check_empty);
	if (NT_STATUS_IS_OK(status)) {
		f->posix_delete =
			f->posix ||
			(pending && f->stream == NULL &&
			 (flags & FILE_DISPOSITION_POSIX_SEMANTICS) != 0);
	}
	if (NT_STATUS_IS_OK(status) && pending && f->node->directory) {
		fsa_notify_delete_pending(f);
	}
	return status;
}

/* FILE_DISPOSITION_ON_CLOSE is about how FILE_DELETE_ON_CLOSE deletes, and no
 * more ([MS-FSCC] 2.4.12). */
NTSTATUS fsa_set_disposition(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	const struct fsa_set_info *s = &io->u.set_info;
	uint32_t flags = s->u.disposition;
	NTSTATUS status = file_check_access(f, DELETE_ACCESS);

	if (s->info_class == FileDispositionInformation) {
		flags &= FILE_DISPOSITION_DELETE;
	}
	if ((flags & ~DEFINED) != 0) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if ((flags & FILE_DISPOSITION_ON_CLOSE) == 0) {
		return set_pending(io, flags);
	}
	if (!f->delete_on_close) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	f->posix_delete = f->stream == NULL &&
			  (flags & FILE_DISPOSITION_POSIX_SEMANTICS) != 0;
	return NT_STATUS_OK;
}
