/* smbd/smb2_set_info.c - SET_INFO: [MS-SMB2] 3.3.5.21. */
#include "smb2/set_info.h"

#include "fsa/fsa.h"
#include "lib/utf16.h"
#include "smb2/fscc_file.h"
#include "smb2/fscc_fs.h"
#include "smbd/client.h"
#include "smbd/eas.h"
#include "smbd/handlers.h"
#include "smbd/info_class.h"
#include "smbd/open.h"
#include "smbd/posix.h"
#include "smbd/quota.h"

#define SECURITY_BITS 0x0001007Fu /* 2.2.39: those there are */

/* --- files (3.3.5.21.1) -------------------------------------------------- */

static NTSTATUS decode_basic(struct wire_reader r, struct fsa_set_info *args)
{
	struct fscc_basic in;
	NTSTATUS status = fscc_basic_decode(r, &in);

	if (NT_STATUS_IS_OK(status)) {
		args->u.basic.times.creation = in.creation_time;
		args->u.basic.times.access = in.last_access_time;
		args->u.basic.times.write = in.last_write_time;
		args->u.basic.times.change = in.change_time;
		args->u.basic.attributes = in.file_attributes;
	}
	return status;
}

static NTSTATUS decode_disposition(struct wire_reader r,
				   struct fsa_set_info *args)
{
	bool delete_it;
	NTSTATUS status = fscc_bool_decode(r, &delete_it);

	if (NT_STATUS_IS_OK(status)) {
		args->u.disposition = delete_it
					      ? FILE_DISPOSITION_DELETE
					      : FILE_DISPOSITION_DO_NOT_DELETE;
	}
	return status;
}

/* The others are about storage reserves, which there are none of. */
#define RENAME_FLAGS                                                           \
	(FILE_RENAME_REPLACE_IF_EXISTS | FILE_RENAME_POSIX_SEMANTICS |         \
	 FILE_RENAME_SUPPRESS_PIN_STATE_INHERITANCE |                          \
	 FILE_RENAME_SUPPRESS_STORAGE_RESERVE_INHERITANCE |                    \
	 FILE_RENAME_IGNORE_READONLY_ATTRIBUTE)

/* Rename and link: a full path within the share, or ":stream". */
static NTSTATUS decode_name(struct smbd_request *req, struct wire_reader r,
			    struct fsa_set_info *args)
{
	struct fscc_rename in;
	NTSTATUS status = fscc_rename_decode(r, args->info_class, &in);
	char *name;

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (in.root_directory != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if ((in.flags & ~RENAME_FLAGS) != 0) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	status = utf16_to_utf8(req, in.name.data, in.name.length, &name);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (fsa_file_is_posix(req->open->file)) {
		smbd_posix_swap(name);
	}
	args->u.rename.name = name[0] == '\\' ? name + 1 : name;
	args->u.rename.replace =
		(in.flags & FILE_RENAME_REPLACE_IF_EXISTS) != 0;
	args->u.rename.posix = (in.flags & FILE_RENAME_POSIX_SEMANTICS) != 0;
	args->u.rename.ignore_readonly =
		(in.flags & FILE_RENAME_IGNORE_READONLY_ATTRIBUTE) != 0;
	return NT_STATUS_OK;
}

/* FILE_NAME_INFORMATION ([MS-FSCC] 2.1.7) */
static NTSTATUS decode_short_name(struct smbd_request *req,
				  struct wire_reader r,
				  struct fsa_set_info *args)
{
	struct wire_reader name;
	char *text = NULL;
	NTSTATUS status = fscc_name_decode(r, &name);

	if (NT_STATUS_IS_OK(status)) {
		status = utf16_to_utf8(req, name.data, name.length, &text);
	}
	args->u.short_name = text;
	return NT_STATUS_IS_OK(status) ? status : NT_STATUS(INVALID_PARAMETER);
}

static NTSTATUS decode_eas(struct smbd_request *req, struct wire_reader r,
			   struct fsa_set_info *args)
{
	struct fsa_ea *list = NULL;
	size_t count = 0;
	NTSTATUS status = smbd_eas_decode(req, r, &list, &count);

	if (NT_STATUS_IS_OK(status)) {
		args->u.eas.list = list;
		args->u.eas.count = count;
	}
	return status;
}

static NTSTATUS decode_file_info(struct smbd_request *req,
				 const struct smb2_set_info_request *in,
				 struct fsa_set_info *args)
{
	struct wire_reader r = in->buffer;

	switch (in->info_class) {
	case FileBasicInformation:
		return decode_basic(r, args);
	case FileRenameInformation:
	case FileRenameInformationEx:
	case FileLinkInformation:
		return decode_name(req, r, args);
	case FileDispositionInformation:
		return decode_disposition(r, args);
	case FileDispositionInformationEx:
		return fscc_u32_decode(r, &args->u.disposition);
	case FilePositionInformation:
		return fscc_u64_decode(r, &args->u.position);
	case FileModeInformation:
		return fscc_u32_decode(r, &args->u.mode);
	case FileAllocationInformation:
		return fscc_u64_decode(r, &args->u.allocation_size);
	case FileEndOfFileInformation:
		return fscc_u64_decode(r, &args->u.end_of_file);
	case FileFullEaInformation:
		return decode_eas(req, r, args);
	case FileValidDataLengthInformation:
		return fscc_u64_decode(r, &args->u.valid_data_length);
	case FileShortNameInformation:
		return decode_short_name(req, r, args);
	case FileCaseSensitiveInformation:
		return fscc_u32_decode(r, &args->u.case_flags);
	default:
		return NT_STATUS_OK;
	}
}

static NTSTATUS set_file(struct smbd_request *req,
			 const struct smb2_set_info_request *in)
{
	struct fsa_set_info *args = &req->io.u.set_info;
	NTSTATUS status =
		info_class_check_set(in->info_class, in->buffer.length);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	args->info_class = (enum file_information_class)in->info_class;
	status = decode_file_info(req, in, args);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	req->io.op = FSA_SET_INFO;
	return smbd_request_io(req);
}

/* --- file systems (3.3.5.21.2) ------------------------------------------- */

static NTSTATUS decode_fs_object_id(struct wire_reader r,
				    struct fsa_set_volume *args)
{
	wire_bytes(&r, args->u.object_id, sizeof(args->u.object_id));
	/* [MS-FSA] 2.1.5.16.8 */
	return wire_ok(&r) ? NT_STATUS_OK : NT_STATUS(INVALID_INFO_CLASS);
}

static NTSTATUS decode_fs_control(struct wire_reader r,
				  struct fsa_set_volume *args)
{
	struct fscc_fs_control in;
	NTSTATUS status = fscc_fs_control_decode(r, &in);

	if (NT_STATUS_IS_OK(status)) {
		args->u.control.default_threshold = in.default_quota_threshold;
		args->u.control.default_limit = in.default_quota_limit;
		args->u.control.flags = in.flags;
	}
	return status;
}

static NTSTATUS set_fs(struct smbd_request *req,
		       const struct smb2_set_info_request *in)
{
	struct fsa_set_volume *args = &req->io.u.set_volume;
	NTSTATUS status =
		info_class_check_set_fs(in->info_class, in->buffer.length);

	args->info_class = (enum fs_information_class)in->info_class;
	if (NT_STATUS_IS_OK(status) &&
	    args->info_class == FileFsObjectIdInformation) {
		status = decode_fs_object_id(in->buffer, args);
	} else if (NT_STATUS_IS_OK(status)) {
		status = decode_fs_control(in->buffer, args);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	req->io.op = FSA_SET_VOLUME;
	return smbd_request_io(req);
}

/* --- security (3.3.5.21.3) ----------------------------------------------- */

/* The access that setting these parts of a descriptor asks for. */
static uint32_t needed_access(uint32_t which)
{
	uint32_t access = 0;

	if (which & (SACL_SECURITY_INFORMATION | SCOPE_SECURITY_INFORMATION)) {
		access |= ACCESS_SYSTEM_SECURITY;
	}
	if (which &
	    (DACL_SECURITY_INFORMATION | ATTRIBUTE_SECURITY_INFORMATION)) {
		access |= WRITE_DAC;
	}
	if (which & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION |
		     LABEL_SECURITY_INFORMATION)) {
		access |= WRITE_OWNER;
	}
	if (which & BACKUP_SECURITY_INFORMATION) {
		access |= WRITE_DAC | WRITE_OWNER | ACCESS_SYSTEM_SECURITY;
	}
	return access;
}

static NTSTATUS set_security(struct smbd_request *req,
			     const struct smb2_set_info_request *in)
{
	struct fsa_security *args = &req->io.u.security;
	uint32_t granted = fsa_file_granted_access(req->open->file);
	uint32_t needed;

	args->which = in->additional_information & SECURITY_BITS;
	needed = needed_access(args->which);
	if ((granted & needed) != needed) {
		return NT_STATUS(ACCESS_DENIED);
	}
	args->descriptor.data = (uint8_t *)(uintptr_t)in->buffer.data;
	args->descriptor.length = in->buffer.length;
	args->nfs_aces =
		smbd_aapl_has(&req->client->aapl, AAPL_SUPPORTS_NFS_ACE);
	req->io.op = FSA_SET_SECURITY;
	return smbd_request_io(req);
}

/* --- the command --------------------------------------------------------- */

NTSTATUS smb2_set_info_start(struct smbd_request *req)
{
	struct smb2_set_info_request in;
	NTSTATUS status = smb2_set_info_request_decode(req->pdu, &in);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (in.buffer.length == 0 ||
	    in.buffer.length > req->conn->negotiated.max_transact) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	switch (in.info_type) {
	case SMB2_0_INFO_FILE:
		return set_file(req, &in);
	case SMB2_0_INFO_FILESYSTEM:
		return set_fs(req, &in);
	case SMB2_0_INFO_SECURITY:
		return set_security(req, &in);
	case SMB2_0_INFO_QUOTA:
		return smbd_quota_set(req, in.buffer);
	default:
		return NT_STATUS(INVALID_PARAMETER);
	}
}

NTSTATUS smb2_set_info_reply(struct smbd_request *req, struct wire_writer *w,
			     NTSTATUS status)
{
	smb2_set_info_response_encode(w);
	return status;
}
