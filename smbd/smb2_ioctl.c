/* smbd/smb2_ioctl.c - IOCTL: [MS-SMB2] 3.3.5.15. */
#include "smb2/ioctl.h"

#include <string.h>

#include "smb2/negotiate.h"
#include "smbd/client.h"
#include "smbd/copychunk.h"
#include "smbd/fsctl_rules.h"
#include "smbd/handlers.h"
#include "smbd/negotiate.h"
#include "smbd/network_interfaces.h"
#include "smbd/open.h"
#include "smbd/private_ioctl.h"
#include "smbd/server.h"
#include "smbd/tree.h"

#define FIXED (SMB2_IOCTL_RESPONSE_DATA - SMB2_HEADER_SIZE)

struct ioctl_state {
	struct smb2_ioctl_request in;
	struct blob output; /* of what is answered here */
	uint32_t padding;   /* before it */
	struct smbd_copy *copy;
};

/* --- VALIDATE_NEGOTIATE_INFO (3.3.5.15.12) ------------------------------- */

/* Whether the client negotiated what it believes it did. */
static bool is_as_negotiated(const struct smbd_negotiated *n,
			     const struct smb2_validate_negotiate_request *in)
{
	return in->dialect_count == n->dialect_count &&
	       memcmp(in->dialects, n->dialects,
		      in->dialect_count * sizeof(n->dialects[0])) == 0 &&
	       guid_equal(&in->client_guid, &n->client_guid) &&
	       in->security_mode == n->client_security_mode &&
	       in->capabilities == n->client_capabilities;
}

static NTSTATUS validate_negotiate(struct smbd_request *req,
				   struct ioctl_state *state)
{
	const struct smbd_negotiated *n = &req->conn->negotiated;
	struct smb2_validate_negotiate_request in;
	struct smb2_validate_negotiate_response out = {
		.capabilities = n->server_capabilities,
		.server_guid = req->client->server->guid,
		.security_mode = n->server_security_mode,
		.dialect = n->dialect,
	};
	struct wire_writer w = wire_writer(state, 64);

	if (n->dialect == SMB2_DIALECT_311 ||
	    state->in.max_output_response <
		    SMB2_VALIDATE_NEGOTIATE_RESPONSE_SIZE ||
	    !NT_STATUS_IS_OK(smb2_validate_negotiate_request_decode(
		    state->in.input, &in)) ||
	    !is_as_negotiated(n, &in)) {
		smbd_request_disconnect(req, "the negotiation was tampered "
					     "with");
		return NT_STATUS(ACCESS_DENIED);
	}
	smb2_validate_negotiate_response_put(&w, &out);
	return wire_finish(&w, &state->output);
}

/* --- QUERY_NETWORK_INTERFACE_INFO (3.3.5.15.11) -------------------------- */

static NTSTATUS query_interfaces(struct smbd_request *req,
				 struct ioctl_state *state)
{
	NTSTATUS status;

	if (!smbd_is_3x(req->conn)) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	status = smbd_network_interfaces(state, req->client->server->conf,
					 &state->output);
	if (NT_STATUS_IS_OK(status) &&
	    state->output.length > state->in.max_output_response) {
		status = NT_STATUS(BUFFER_TOO_SMALL);
	}
	return status;
}

/* --- decide -------------------------------------------------------------- */

/* 3.3.5.15: codes that are about no open file. */
static bool is_without_open(uint32_t code)
{
	switch (code) {
	case FSCTL_DFS_GET_REFERRALS:
	case FSCTL_DFS_GET_REFERRALS_EX:
	case FSCTL_QUERY_NETWORK_INTERFACE_INFO:
	case FSCTL_VALIDATE_NEGOTIATE_INFO:
	case FSCTL_PIPE_WAIT:
		return true;
	default:
		return false;
	}
}

static NTSTATUS without_open(struct smbd_request *req,
			     struct ioctl_state *state)
{
	if (!smb2_file_id_is_related(&state->in.id)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	switch (state->in.ctl_code) {
	case FSCTL_VALIDATE_NEGOTIATE_INFO:
		return validate_negotiate(req, state);
	case FSCTL_DFS_GET_REFERRALS:
	case FSCTL_DFS_GET_REFERRALS_EX:
		return NT_STATUS(FS_DRIVER_REQUIRED); /* 3.3.5.15.2 */
	case FSCTL_PIPE_WAIT:
		return NT_STATUS(OBJECT_NAME_NOT_FOUND); /* no pipes yet */
	case FSCTL_QUERY_NETWORK_INTERFACE_INFO:
		return query_interfaces(req, state);
	default:
		return NT_STATUS(NOT_SUPPORTED);
	}
}

/* Codes that are the server's own, and not there yet. */
static bool is_servers(uint32_t code)
{
	switch (code) {
	case FSCTL_PIPE_PEEK:
	case FSCTL_PIPE_TRANSCEIVE:
	case FSCTL_SRV_READ_HASH:
	case FSCTL_LMR_REQUEST_RESILIENCY:
	case FSCTL_LMR_SET_LINK_TRACKING_INFORMATION:
		return true;
	default:
		return false;
	}
}

static NTSTATUS check_sizes(const struct smbd_request *req,
			    const struct smb2_ioctl_request *in)
{
	uint32_t most = req->conn->negotiated.max_transact;
	uint64_t sent = in->input.length + in->output.length;
	uint64_t wanted =
		(uint64_t)in->max_input_response + in->max_output_response;

	if (in->input.length > most || in->max_input_response > most ||
	    in->max_output_response > most ||
	    !smbd_request_pays(req, sent > wanted ? sent : wanted)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return NT_STATUS_OK;
}

/* --- act ----------------------------------------------------------------- */

static NTSTATUS with_open(struct smbd_request *req, struct ioctl_state *state)
{
	struct fsa_fsctl *args = &req->io.u.fsctl;
	NTSTATUS status = smbd_request_find_open(req);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (is_servers(state->in.ctl_code) ||
	    !smbd_fsctl_is_known(state->in.ctl_code)) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	if (state->in.ctl_code == FSCTL_SRV_REQUEST_RESUME_KEY) {
		return smbd_resume_key(req, &state->in, &state->output);
	}
	if (state->in.ctl_code == FSCTL_SRV_COPYCHUNK ||
	    state->in.ctl_code == FSCTL_SRV_COPYCHUNK_WRITE) {
		return smbd_copychunk(req, &state->in, &state->copy);
	}
	status = smbd_fsctl_check(req, &state->in);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	args->code = state->in.ctl_code;
	args->source = req->source == NULL ? NULL : req->source->file;
	args->in.data = (uint8_t *)(uintptr_t)state->in.input.data;
	args->in.length = state->in.input.length;
	args->max_out = state->in.max_output_response;
	args->mem_ctx = req;
	req->io.op = FSA_FSCTL;
	return smbd_request_io(req);
}

NTSTATUS smb2_ioctl_start(struct smbd_request *req)
{
	struct ioctl_state *state = talloc_zero(req, struct ioctl_state);
	NTSTATUS status;

	if (state == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	req->state = state;
	status = smb2_ioctl_request_decode(req->pdu, &state->in);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (state->in.flags != SMB2_0_IOCTL_IS_FSCTL) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	status = check_sizes(req, &state->in);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (smbd_private_ioctl_is(req, state->in.ctl_code)) {
		return smbd_private_ioctl(req, &state->in, &state->output,
					  &state->padding);
	}
	if (is_without_open(state->in.ctl_code)) {
		return without_open(req, state);
	}
	return with_open(req, state);
}

NTSTATUS smb2_ioctl_done(struct smbd_request *req, NTSTATUS status)
{
	struct ioctl_state *state = req->state;

	if (state == NULL || state->copy == NULL) {
		return status;
	}
	return smbd_copychunk_done(req, state->copy, status, &state->output);
}

/* --- encode -------------------------------------------------------------- */

NTSTATUS smb2_ioctl_reply(struct smbd_request *req, struct wire_writer *w,
			  NTSTATUS status)
{
	const struct ioctl_state *state = req->state;
	struct blob output = state->output.length > 0 || req->open == NULL
				     ? state->output
				     : req->io.u.fsctl.out;
	struct smb2_ioctl_response r = {
		.ctl_code = state->in.ctl_code,
		.id = req->open == NULL ? SMB2_FILE_ID_RELATED : req->open->id,
	};
	size_t length = state->padding + output.length;
	NTSTATUS room = smbd_reply_room(req, FIXED + length);

	if (!NT_STATUS_IS_OK(room)) {
		return room;
	}
	smb2_ioctl_response_encode(w, &r, (uint32_t)output.length,
				   state->padding);
	wire_put_bytes(w, output.data, output.length);
	return status;
}
