/* smbd/smb2_change_notify.c - CHANGE_NOTIFY: [MS-SMB2] 3.3.5.19, for an object
 * store that does not support it yet. */
#include "smb2/change_notify.h"

#include "fsa/fsa.h"
#include "smbd/client.h"
#include "smbd/handlers.h"
#include "smbd/open.h"

NTSTATUS smb2_change_notify_start(struct smbd_request *req)
{
	struct smb2_change_notify_request in;
	NTSTATUS status = smb2_change_notify_request_decode(req->pdu, &in);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (in.output_buffer_length > req->client->negotiated.max_transact ||
	    !fsa_file_is_directory(req->open->file)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if ((fsa_file_granted_access(req->open->file) & FILE_LIST_DIRECTORY) ==
	    0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return NT_STATUS(NOT_SUPPORTED);
}
