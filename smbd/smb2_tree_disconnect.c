/* smbd/smb2_tree_disconnect.c - TREE_DISCONNECT: [MS-SMB2] 3.3.5.8. */
#include "smb2/simple.h"
#include "smbd/handlers.h"
#include "smbd/teardown.h"

static void tree_closed(void *private_data)
{
	struct smbd_request *req = private_data;

	req->tree = NULL; /* it is no more */
	smbd_request_done(req, NT_STATUS_OK);
}

NTSTATUS smb2_tree_disconnect_start(struct smbd_request *req)
{
	struct smbd_scope scope = {.tree = req->tree};
	NTSTATUS status = smb2_simple_decode(req->pdu);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	smbd_teardown(&scope, req, tree_closed, req);
	return NT_STATUS(PENDING);
}
