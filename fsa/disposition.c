/* fsa/disposition.c - deletion by FileDispositionInformation and
 * FileDispositionInformationEx ([MS-FSA] 2.1.5.15.3, 2.1.5.15.4). */
#include "fsa/file.h"
#include "fsa/notify.h"
#include "fsa/share.h"

/* A name that goes while the file stays open is for another driver. */
#define SUPPORTED                                                              \
	(FILE_DISPOSITION_DELETE |                                             \
	 FILE_DISPOSITION_FORCE_IMAGE_SECTION_CHECK |                          \
	 FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE)

static NTSTATUS check_flags(const struct fsa_set_info *s)
{
	uint32_t flags = s->u.disposition;

	if (s->info_class == FileDispositionInformation) {
		return NT_STATUS_OK;
	}
	return (flags & ~SUPPORTED) != 0 ? NT_STATUS(NOT_SUPPORTED)
					 : NT_STATUS_OK;
}

static NTSTATUS check_readonly(struct fsa_file *f, uint32_t flags)
{
	struct fsa_stat st;
	NTSTATUS status = driver_of(f)->stat(f->node, &st);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if ((st.attributes & FILE_ATTRIBUTE_READONLY) == 0) {
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
	return driver_of(f)->check_empty(f->node);
}

NTSTATUS fsa_set_disposition(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	const struct fsa_set_info *s = &io->u.set_info;
	bool pending = (s->u.disposition & FILE_DISPOSITION_DELETE) != 0;
	NTSTATUS status = check_flags(s);

	if (NT_STATUS_IS_OK(status)) {
		status = file_check_access(f, DELETE_ACCESS);
	}
	if (NT_STATUS_IS_OK(status) && pending) {
		uint32_t flags = s->info_class == FileDispositionInformationEx
					 ? s->u.disposition
					 : 0;

		status = check_readonly(f, flags);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = share_set_delete(f, io->identity, pending, check_empty);
	if (NT_STATUS_IS_OK(status) && pending && f->node->directory) {
		fsa_notify_delete_pending(f);
	}
	return status;
}
