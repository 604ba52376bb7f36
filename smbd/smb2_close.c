/* smbd/smb2_close.c - CLOSE: [MS-SMB2] 3.3.5.10. */
#include "smb2/close.h"

#include "lib/identity.h"
#include "smbd/client.h"
#include "smbd/handlers.h"
#include "smbd/open.h"
#include "smbd/teardown.h"
#include "smbd/tree.h"

static NTSTATUS close_file(struct smbd_request *req)
{
	NTSTATUS status = smbd_request_io(req);

	req->cancel = NULL;
	return status;
}

/* What was still being done with the file has ended. */
static void open_drained(void *private_data)
{
	struct smbd_request *req = private_data;
	NTSTATUS status;

	identity_assume(req->tree->identity);
	status = close_file(req);
	if (!NT_STATUS_IS(status, PENDING)) {
		smbd_request_done(req, status);
	}
}

NTSTATUS smb2_close_start(struct smbd_request *req)
{
	struct smbd_scope scope = {.open = req->open};
	struct smb2_close_request in;
	NTSTATUS status = smb2_close_request_decode(req->pdu, &in);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	req->io.op = FSA_CLOSE;
	req->io.u.close.want_stat =
		(in.flags & SMB2_CLOSE_FLAG_POSTQUERY_ATTRIB) != 0;
	if (req->client->waiting == NULL) {
		req->open->closing = true;
		return close_file(req);
	}
	smbd_teardown(&scope, req, open_drained, req);
	return NT_STATUS(PENDING);
}

NTSTATUS smb2_close_done(struct smbd_request *req, NTSTATUS status)
{
	if (req->open->closing) { /* else it was not decoded */
		req->open->file = NULL;
		TALLOC_FREE(req->open);
	}
	return status;
}

NTSTATUS smb2_close_reply(struct smbd_request *req, struct wire_writer *w,
			  NTSTATUS status)
{
	const struct fsa_stat *st = &req->io.u.close.stat;
	struct smb2_close_response r = {0};

	if (req->io.u.close.want_stat) {
		r.flags = SMB2_CLOSE_FLAG_POSTQUERY_ATTRIB;
		r.creation_time = st->times.creation;
		r.last_access_time = st->times.access;
		r.last_write_time = st->times.write;
		r.change_time = st->times.change;
		r.allocation_size = st->allocation_size;
		r.end_of_file = st->end_of_file;
		r.file_attributes = st->attributes;
	}
	smb2_close_response_encode(w, &r);
	return status;
}
