/* smbd/fsctl_rules.c - see fsctl_rules.h. */
#include "smbd/fsctl_rules.h"

#include "lib/nt.h"
#include "smb2/negotiate.h"
#include "smbd/client.h"
#include "smbd/open.h"
#include "smbd/request.h"

#define EXTENTS_SIZE	 40 /* [MS-FSCC] 2.3.7.2 */
#define EXTENTS_EX_SIZE	 48 /* 2.3.9.2 */
#define MARK_HANDLE_SIZE 24 /* 2.3.39 */
#define READ_COPY	 0x80u
#define NOT_READ_COPY	 0x100u

bool smbd_fsctl_is_known(uint32_t code)
{
	static const uint32_t known[] = {
		FSCTL_CREATE_OR_GET_OBJECT_ID,
		FSCTL_DELETE_OBJECT_ID,
		FSCTL_DELETE_REPARSE_POINT,
		FSCTL_DFS_GET_REFERRALS,
		FSCTL_DFS_GET_REFERRALS_EX,
		FSCTL_DUPLICATE_EXTENTS_TO_FILE,
		FSCTL_DUPLICATE_EXTENTS_TO_FILE_EX,
		FSCTL_FILESYSTEM_GET_STATISTICS,
		FSCTL_FILE_LEVEL_TRIM,
		FSCTL_FIND_FILES_BY_SID,
		FSCTL_GET_COMPRESSION,
		FSCTL_GET_INTEGRITY_INFORMATION,
		FSCTL_GET_NTFS_VOLUME_DATA,
		FSCTL_GET_OBJECT_ID,
		FSCTL_GET_REFS_VOLUME_DATA,
		FSCTL_GET_REPARSE_POINT,
		FSCTL_GET_RETRIEVAL_POINTERS,
		FSCTL_GET_RETRIEVAL_POINTERS_AND_REFCOUNT,
		FSCTL_GET_RETRIEVAL_POINTER_COUNT,
		FSCTL_IS_PATHNAME_VALID,
		FSCTL_LMR_REQUEST_RESILIENCY,
		FSCTL_LMR_SET_LINK_TRACKING_INFORMATION,
		FSCTL_MARK_HANDLE,
		FSCTL_OFFLOAD_READ,
		FSCTL_OFFLOAD_WRITE,
		FSCTL_PIPE_PEEK,
		FSCTL_PIPE_TRANSCEIVE,
		FSCTL_PIPE_WAIT,
		FSCTL_QUERY_ALLOCATED_RANGES,
		FSCTL_QUERY_FAT_BPB,
		FSCTL_QUERY_FILE_REGIONS,
		FSCTL_QUERY_NETWORK_INTERFACE_INFO,
		FSCTL_QUERY_ON_DISK_VOLUME_INFO,
		FSCTL_QUERY_SHARED_VIRTUAL_DISK_SUPPORT,
		FSCTL_QUERY_SPARING_INFO,
		FSCTL_READ_FILE_USN_DATA,
		FSCTL_RECALL_FILE,
		FSCTL_REFS_STREAM_SNAPSHOT_MANAGEMENT,
		FSCTL_SET_COMPRESSION,
		FSCTL_SET_DEFECT_MANAGEMENT,
		FSCTL_SET_ENCRYPTION,
		FSCTL_SET_INTEGRITY_INFORMATION,
		FSCTL_SET_INTEGRITY_INFORMATION_EX,
		FSCTL_SET_OBJECT_ID,
		FSCTL_SET_OBJECT_ID_EXTENDED,
		FSCTL_SET_REPARSE_POINT,
		FSCTL_SET_SPARSE,
		FSCTL_SET_ZERO_DATA,
		FSCTL_SET_ZERO_ON_DEALLOCATION,
		FSCTL_SIS_COPYFILE,
		FSCTL_SRV_COPYCHUNK,
		FSCTL_SRV_COPYCHUNK_WRITE,
		FSCTL_SRV_ENUMERATE_SNAPSHOTS,
		FSCTL_SRV_READ_HASH,
		FSCTL_SRV_REQUEST_RESUME_KEY,
		FSCTL_STORAGE_QOS_CONTROL,
		FSCTL_SVHDX_ASYNC_TUNNEL_REQUEST,
		FSCTL_SVHDX_SYNC_TUNNEL_REQUEST,
		FSCTL_VALIDATE_NEGOTIATE_INFO,
		FSCTL_WRITE_USN_CLOSE_RECORD,
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i] == code) {
			return true;
		}
	}
	return false;
}

/* 3.3.5.15.17, 3.3.5.15.18: SourceFileID is at id_at. */
static NTSTATUS find_source(struct smbd_request *req, struct wire_reader in,
			    size_t size, size_t id_at)
{
	struct smb2_file_id id;

	if (in.length < size) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	wire_skip(&in, id_at);
	id = smb2_file_id_read(&in);
	req->source = smbd_open_lookup(req->session, &id);
	return req->source == NULL ? NT_STATUS(INVALID_HANDLE) : NT_STATUS_OK;
}

/* 3.3.5.15.19 */
static NTSTATUS check_mark_handle(const struct smbd_request *req,
				  struct wire_reader in)
{
	uint32_t info;

	if (in.length < MARK_HANDLE_SIZE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	wire_skip(&in, 16);
	info = wire_u32(&in);
	return req->conn->negotiated.dialect != SMB2_DIALECT_311 ||
			       (info != READ_COPY && info != NOT_READ_COPY)
		       ? NT_STATUS(NOT_SUPPORTED)
		       : NT_STATUS_OK;
}

NTSTATUS smbd_fsctl_check(struct smbd_request *req,
			  const struct smb2_ioctl_request *in)
{
	switch (in->ctl_code) {
	case FSCTL_DUPLICATE_EXTENTS_TO_FILE:
		return find_source(req, in->input, EXTENTS_SIZE, 0);
	case FSCTL_DUPLICATE_EXTENTS_TO_FILE_EX:
		return find_source(req, in->input, EXTENTS_EX_SIZE, 8);
	case FSCTL_MARK_HANDLE:
		return check_mark_handle(req, in->input);
	default:
		return NT_STATUS_OK;
	}
}
