/* fsa/set_info.c - FSA_SET_INFO ([MS-FSA] 2.1.5.15). */
#include "fsa/ea.h"
#include "fsa/file.h"
#include "fsa/notify.h"
#include "fsa/share.h"
#include "fsa/times.h"

#define MAX_FILE_SIZE ((uint64_t)INT64_MAX)
#define SECTOR	      512 /* LogicalBytesPerSector, of every volume */

/* --- FileBasicInformation, 2.1.5.15.2 ------------------------------------ */

static NTSTATUS check_basic(const struct fsa_file *f, const struct fsa_times *t,
			    uint32_t attributes)
{
	if (!times_are_valid(t)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if ((attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 &&
	    !file_node(f)->directory) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if ((attributes & FILE_ATTRIBUTE_TEMPORARY) != 0 &&
	    file_node(f)->directory) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return file_check_access(f, FILE_WRITE_ATTRIBUTES);
}

static uint32_t basic_filter(const struct fsa_basic *b)
{
	uint32_t filter = 0;

	if (b->attributes != 0) {
		filter |= FILE_NOTIFY_CHANGE_ATTRIBUTES;
	}
	if (b->times.creation != 0) {
		filter |= FILE_NOTIFY_CHANGE_CREATION;
	}
	if (b->times.access != 0) {
		filter |= FILE_NOTIFY_CHANGE_LAST_ACCESS;
	}
	if (b->times.write != 0) {
		filter |= FILE_NOTIFY_CHANGE_LAST_WRITE;
	}
	return filter;
}

#define NOT_OF_ROOT (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM)

/* The share's root is as hidden as it is. */
static NTSTATUS keep_root_attributes(struct fsa_file *f,
				     struct fsa_basic *basic)
{
	struct fsa_stat st;
	NTSTATUS status = NT_STATUS_OK;

	if (basic->attributes == 0) {
		return status;
	}
	status = driver_of(f)->stat(f->node, &st);
	if (NT_STATUS_IS_OK(status)) {
		basic->attributes &= ~NOT_OF_ROOT;
		basic->attributes |= (st.attributes & NOT_OF_ROOT) |
				     FILE_ATTRIBUTE_DIRECTORY;
	}
	return status;
}

static NTSTATUS set_basic(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	const struct fsa_times *t = &io->u.set_info.u.basic.times;
	uint32_t attributes = io->u.set_info.u.basic.attributes;
	struct fsa_basic basic = {.attributes = attributes};
	struct fsa_times to_fix;
	NTSTATUS status = check_basic(f, t, attributes);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (*f->name == '\0' && f->stream == NULL) {
		status = keep_root_attributes(f, &basic);
	}
	file_settle_times(f);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = file_plan_times(f, t, &to_fix, &basic.times);
	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->set_basic(file_node(f), &basic);
	}
	if (NT_STATUS_IS_OK(status)) {
		fsa_notify_modified(f, basic_filter(&basic));
		status = file_fix_times(f, &to_fix);
	}
	return status;
}

/* --- sizes, 2.1.5.15.1 and 2.1.5.15.5 ------------------------------------ */

static NTSTATUS check_size(const struct fsa_file *f, uint64_t size)
{
	if (f->node->directory || size > MAX_FILE_SIZE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return file_check_access(f, FILE_WRITE_DATA);
}

static NTSTATUS set_end_of_file(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	uint64_t size = io->u.set_info.u.end_of_file;
	NTSTATUS status = check_size(f, size);

	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->set_size(f->node, size);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	file_settle_times(f);
	fsa_notify_resized(f);
	return file_keep_times(f);
}

/* Less than there is cuts the file off; more is reserved behind its end. */
static NTSTATUS set_allocation(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	uint64_t size = io->u.set_info.u.allocation_size;
	struct fsa_stat st;
	NTSTATUS status = check_size(f, size);

	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->stat(f->node, &st);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (size < st.end_of_file) {
		status = driver_of(f)->set_size(f->node, size);
	} else {
		status = driver_of(f)->reserve(f->node, size);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	fsa_notify_resized(f);
	return file_keep_times(f);
}

/* --- the open's own state, 2.1.5.15.8 and 2.1.5.15.10 -------------------- */

static NTSTATUS set_position(struct fsa_io *io)
{
	uint64_t position = io->u.set_info.u.position;

	if (position > MAX_FILE_SIZE ||
	    ((io->file->mode & FILE_NO_INTERMEDIATE_BUFFERING) != 0 &&
	     position % SECTOR != 0)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	io->file->position = position;
	return NT_STATUS_OK;
}

#define SYNCHRONOUS   (FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT)
#define MODE_SETTABLE (FILE_WRITE_THROUGH | FILE_SEQUENTIAL_ONLY | SYNCHRONOUS)

static NTSTATUS set_mode(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	uint32_t mode = io->u.set_info.u.mode;
	uint32_t changes = FILE_SEQUENTIAL_ONLY;

	if ((mode & ~MODE_SETTABLE) != 0 ||
	    (mode & SYNCHRONOUS) == SYNCHRONOUS ||
	    ((mode & SYNCHRONOUS) != 0) != ((f->mode & SYNCHRONOUS) != 0)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if ((f->mode & FILE_NO_INTERMEDIATE_BUFFERING) == 0) {
		changes |= FILE_WRITE_THROUGH;
	}
	if ((f->mode & SYNCHRONOUS) != 0) {
		changes |= SYNCHRONOUS;
	}
	f->mode = (f->mode & ~changes) | (mode & changes);
	return NT_STATUS_OK;
}

/* --- what there is nothing of here --------------------------------------- */

/* 2.1.5.15.15.  All up to the end of a file is valid, always: what was never
 * written reads as zeros. */
static NTSTATUS set_valid_data_length(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_stat st;
	NTSTATUS status = file_check_access(f, FILE_WRITE_DATA);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if ((io->token->privileges & TOKEN_MANAGE_VOLUME) == 0) {
		return NT_STATUS(PRIVILEGE_NOT_HELD);
	}
	if (f->node->directory) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = driver_of(f)->stat(f->node, &st);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if ((st.attributes & FILE_ATTRIBUTE_SPARSE_FILE) != 0 ||
	    io->u.set_info.u.valid_data_length != st.end_of_file) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return NT_STATUS_OK;
}

/* 2.1.5.15.14 */
static NTSTATUS set_short_name(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	NTSTATUS status = file_check_access(f, DELETE_ACCESS);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (*f->name == '\0' || f->stream != NULL ||
	    io->u.set_info.u.short_name[0] == '\\') {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = file_check_access(f, FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (share_is_delete_pending(f) || f->delete_on_close) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if ((io->token->privileges & TOKEN_RESTORE) == 0) {
		return NT_STATUS(PRIVILEGE_NOT_HELD);
	}
	return NT_STATUS(SHORT_NAMES_NOT_ENABLED_ON_VOLUME);
}

/* Names are found without regard to case in every directory. */
static NTSTATUS set_case_sensitive(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	uint32_t flags = io->u.set_info.u.case_flags;
	NTSTATUS status = file_check_access(f, FILE_WRITE_ATTRIBUTES);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!f->node->directory ||
	    (flags & ~FILE_CS_FLAG_CASE_SENSITIVE_DIR) != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return flags == 0 ? NT_STATUS_OK : NT_STATUS(NOT_SUPPORTED);
}

/* A file is no pipe. */
static NTSTATUS set_pipe(struct fsa_io *io)
{
	NTSTATUS status = file_check_access(io->file, FILE_WRITE_ATTRIBUTES);

	return NT_STATUS_IS_OK(status) ? NT_STATUS(NOT_SUPPORTED) : status;
}

NTSTATUS fsa_set_info_start(struct fsa_io *io)
{
	switch (io->u.set_info.info_class) {
	case FileBasicInformation:
		return set_basic(io);
	case FileEndOfFileInformation:
		return set_end_of_file(io);
	case FileAllocationInformation:
		return set_allocation(io);
	case FilePositionInformation:
		return set_position(io);
	case FileModeInformation:
		return set_mode(io);
	case FileDispositionInformation:
	case FileDispositionInformationEx:
		return fsa_set_disposition(io);
	case FileRenameInformation:
	case FileRenameInformationEx:
		return fsa_rename(io);
	case FileLinkInformation:
		return fsa_link(io);
	case FileFullEaInformation:
		return fsa_set_eas(io);
	case FileValidDataLengthInformation:
		return set_valid_data_length(io);
	case FileShortNameInformation:
		return set_short_name(io);
	case FileCaseSensitiveInformation:
		return set_case_sensitive(io);
	case FilePipeInformation:
		return set_pipe(io);
	case FileObjectIdInformation:
	case FileQuotaInformation:
	case FileSfioReserveInformation:
	case FilePipeRemoteInformation:
		return NT_STATUS(NOT_SUPPORTED);
	default:
		return NT_STATUS(INVALID_INFO_CLASS);
	}
}
