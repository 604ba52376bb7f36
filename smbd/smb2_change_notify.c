/* smbd/smb2_change_notify.c - CHANGE_NOTIFY: [MS-SMB2] 3.3.5.19. */
#include "smb2/change_notify.h"

#include "fsa/fsa.h"
#include "lib/conf.h"
#include "smb2/buffer_response.h"
#include "smb2/fscc_list.h"
#include "smbd/client.h"
#include "smbd/handlers.h"
#include "smbd/open.h"
#include "smbd/server.h"

struct notify_state {
	struct wire_writer w; /* FILE_NOTIFY_INFORMATION */
	struct fscc_list list;
};

static bool take_change(void *private_data, uint32_t action, const char *name)
{
	struct notify_state *state = private_data;

	fscc_notify_put(&state->list, action, name);
	return wire_writer_ok(&state->w);
}

static NTSTATUS check_request(const struct smbd_request *req,
			      const struct smb2_change_notify_request *in)
{
	if (in->output_buffer_length > req->conn->negotiated.max_transact) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (!conf_global(req->client->server->conf)->change_notify) {
		return NT_STATUS(NOT_IMPLEMENTED); /* as Samba */
	}
	/* Note <266>: what waits stands last in a compound. */
	return smbd_request_next_is_related(req) ? NT_STATUS(INTERNAL_ERROR)
						 : NT_STATUS_OK;
}

NTSTATUS smb2_change_notify_start(struct smbd_request *req)
{
	struct fsa_notify *args = &req->io.u.notify;
	struct smb2_change_notify_request in;
	struct notify_state *state;
	NTSTATUS status = smb2_change_notify_request_decode(req->pdu, &in);

	if (NT_STATUS_IS_OK(status)) {
		status = check_request(req, &in);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	state = talloc_zero(req, struct notify_state);
	if (state == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	state->w = wire_writer(state, in.output_buffer_length);
	state->list = fscc_list(&state->w, FSCC_NOTIFY_ALIGN);
	req->state = state;
	args->filter = in.completion_filter;
	args->tree = (in.flags & SMB2_WATCH_TREE) != 0;
	args->room = in.output_buffer_length;
	args->take = take_change;
	args->private_data = state;
	req->io.op = FSA_NOTIFY;
	return smbd_request_io(req);
}

/* [MS-FSA] 2.1.5.5, phase 5: its open was closed under it. */
NTSTATUS smb2_change_notify_done(struct smbd_request *req, NTSTATUS status)
{
	return req->torn_down && NT_STATUS_IS(status, CANCELLED)
		       ? NT_STATUS(NOTIFY_CLEANUP)
		       : status;
}

NTSTATUS smb2_change_notify_reply(struct smbd_request *req,
				  struct wire_writer *w, NTSTATUS status)
{
	const struct notify_state *state = req->state;
	size_t length = NT_STATUS_IS_OK(status) ? state->w.length : 0;
	NTSTATUS room = smbd_reply_room(
		req, length + SMB2_BUFFER_RESPONSE_DATA - SMB2_HEADER_SIZE);

	if (!NT_STATUS_IS_OK(room)) {
		return room;
	}
	smb2_buffer_response_encode(w, (uint32_t)length);
	wire_put_bytes(w, state->w.data, length);
	return status;
}
