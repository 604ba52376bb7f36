/* smbd/smb2_flush.c - FLUSH: [MS-SMB2] 3.3.5.11. */
#include "smb2/flush.h"
#include "smbd/handlers.h"

NTSTATUS smb2_flush_start(struct smbd_request *req)
{
	struct smb2_flush_request in;
	NTSTATUS status = smb2_flush_request_decode(req->pdu, &in);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	req->io.u.flush.full = in.reserved1 == SMB2_FLUSH_FULL;
	req->io.op = FSA_FLUSH;
	return smbd_request_io(req);
}
