/* smbd/smb2_oplock_break.c - OPLOCK_BREAK acknowledgment: [MS-SMB2] 3.3.5.22.
 * No oplock or lease is granted yet, so none is being broken. */
#include "smb2/oplock_break.h"
#include "smbd/client.h"
#include "smbd/handlers.h"
#include "smbd/open.h"
#include "smbd/session.h"

NTSTATUS smb2_oplock_break_start(struct smbd_request *req)
{
	struct smb2_break_ack in;
	NTSTATUS status = smb2_break_ack_decode(req->pdu, &in);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (in.kind == SMB2_BREAK_LEASE) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	if (smbd_open_lookup(req->session, &in.oplock.id) == NULL) {
		return NT_STATUS(FILE_CLOSED);
	}
	if (in.oplock.level == SMB2_OPLOCK_LEVEL_LEASE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return NT_STATUS(INVALID_DEVICE_STATE);
}
