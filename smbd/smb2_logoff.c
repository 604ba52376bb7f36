/* smbd/smb2_logoff.c - LOGOFF: [MS-SMB2] 3.3.5.6. */
#include "smb2/simple.h"

#include "lib/log.h"
#include "smbd/client.h"
#include "smbd/handlers.h"
#include "smbd/session.h"
#include "smbd/teardown.h"

static void session_closed(void *private_data)
{
	smbd_request_done(private_data, NT_STATUS_OK);
}

NTSTATUS smb2_logoff_start(struct smbd_request *req)
{
	struct smbd_scope scope = {.session = req->session};
	NTSTATUS status = smb2_simple_decode(req->pdu);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	smbd_teardown(&scope, req, session_closed, req);
	return NT_STATUS(PENDING);
}

NTSTATUS smb2_logoff_done(struct smbd_request *req, NTSTATUS status)
{
	if (NT_STATUS_IS_OK(status)) {
		LOG_NOTICE(LOG_AUTH, "%s: %s logged off", req->conn->address,
			   smbd_session_account(req->session));
		/* Its keys sign and encrypt the response. */
		smbd_request_outlive(req);
	}
	return status;
}
