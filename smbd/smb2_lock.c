/* smbd/smb2_lock.c - LOCK: [MS-SMB2] 3.3.5.14.  Byte-range locks are not there
 * yet, and nobody is told that he has one. */
#include "smb2/lock.h"
#include "smbd/handlers.h"

NTSTATUS smb2_lock_start(struct smbd_request *req)
{
	struct smb2_lock_request in;
	NTSTATUS status = smb2_lock_request_decode(req->pdu, &in);

	return NT_STATUS_IS_OK(status) ? NT_STATUS(NOT_SUPPORTED) : status;
}
