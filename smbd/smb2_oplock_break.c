/* smbd/smb2_oplock_break.c - OPLOCK_BREAK acknowledgment: [MS-SMB2] 3.3.5.22.
 */
#include "smb2/oplock_break.h"

#include "fsa/fsa.h"
#include "smbd/breaks.h"
#include "smbd/client.h"
#include "smbd/handlers.h"
#include "smbd/open.h"
#include "smbd/server.h"
#include "smbd/session.h"

static uint8_t state_of(uint8_t level)
{
	return level == SMB2_OPLOCK_LEVEL_II ? FSA_CACHE_READ : 0;
}

/* 3.3.5.22.1: whether an open of this level may be answered for with that. */
static bool is_level_fine(uint8_t held, uint8_t level)
{
	if (level == SMB2_OPLOCK_LEVEL_NONE) {
		return true;
	}
	if (level == SMB2_OPLOCK_LEVEL_II) {
		return held != SMB2_OPLOCK_LEVEL_II;
	}
	return level == SMB2_OPLOCK_LEVEL_EXCLUSIVE &&
	       held == SMB2_OPLOCK_LEVEL_BATCH;
}

/* Whatever he says: he has nothing any more. */
static NTSTATUS give_up(struct smbd_open *open, NTSTATUS why)
{
	NTSTATUS status = fsa_oplock_answer(open->file, 0);

	if (NT_STATUS_IS_OK(status)) {
		open->oplock_level = SMB2_OPLOCK_LEVEL_NONE;
		return why;
	}
	return NT_STATUS_IS(status, INVALID_OPLOCK_PROTOCOL) ? why : status;
}

static NTSTATUS answer_oplock(struct smbd_request *req,
			      struct smb2_oplock_break *in)
{
	struct smbd_open *open = smbd_open_lookup(req->session, &in->id);
	NTSTATUS status;

	if (open == NULL) {
		return NT_STATUS(FILE_CLOSED);
	}
	smbd_breaks_oplock_answered(req->client, open);
	if (in->level == SMB2_OPLOCK_LEVEL_LEASE) {
		return give_up(open, NT_STATUS(INVALID_PARAMETER));
	}
	if (!is_level_fine(open->oplock_level, in->level)) {
		return give_up(open, NT_STATUS(INVALID_OPLOCK_PROTOCOL));
	}
	status = fsa_oplock_answer(open->file, state_of(in->level));
	if (NT_STATUS_IS(status, REQUEST_NOT_ACCEPTED)) {
		/* [MS-FSA] 2.1.5.19: it is broken to none. */
		in->level = SMB2_OPLOCK_LEVEL_NONE;
		status = fsa_oplock_answer(open->file, 0);
	}
	if (NT_STATUS_IS(status, NOT_FOUND)) {
		return NT_STATUS(INVALID_OPLOCK_PROTOCOL);
	}
	if (NT_STATUS_IS_OK(status)) {
		if (in->level == SMB2_OPLOCK_LEVEL_EXCLUSIVE) {
			in->level = SMB2_OPLOCK_LEVEL_NONE;
		}
		open->oplock_level = in->level;
	}
	return status;
}

static NTSTATUS answer_lease(struct smbd_request *req,
			     struct smb2_lease_ack *in)
{
	NTSTATUS status;

	in->flags = 0;
	smbd_breaks_lease_answered(req->client, &in->key);
	if (in->state > UINT8_MAX) {
		return NT_STATUS(REQUEST_NOT_ACCEPTED);
	}
	status = fsa_lease_answer(req->client->server->fsa,
				  &req->conn->negotiated.client_guid, &in->key,
				  (uint8_t)in->state);
	return NT_STATUS_IS(status, NOT_FOUND)
		       ? NT_STATUS(OBJECT_NAME_NOT_FOUND)
		       : status;
}

NTSTATUS smb2_oplock_break_start(struct smbd_request *req)
{
	struct smb2_break_ack *in = talloc_zero(req, struct smb2_break_ack);
	NTSTATUS status;

	if (in == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	req->state = in;
	status = smb2_break_ack_decode(req->pdu, in);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return in->kind == SMB2_BREAK_LEASE ? answer_lease(req, &in->lease)
					    : answer_oplock(req, &in->oplock);
}

NTSTATUS smb2_oplock_break_reply(struct smbd_request *req,
				 struct wire_writer *w, NTSTATUS status)
{
	smb2_break_ack_encode(w, req->state);
	return status;
}
