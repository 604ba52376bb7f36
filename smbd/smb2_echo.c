/* smbd/smb2_echo.c - ECHO: [MS-SMB2] 3.3.5.17. */
#include "smb2/simple.h"
#include "smbd/handlers.h"

NTSTATUS smb2_echo_start(struct smbd_request *req)
{
	return smb2_simple_decode(req->pdu);
}
