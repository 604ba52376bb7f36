/* smbd/dispatch.c - the life of a request: [MS-SMB2] 3.3.5.2.
 *
 * A frame is a compound of one or more messages.  They are carried out one
 * after the other, and their responses go out as one frame.  When one has to
 * wait and those behind it do not depend on it, it is parted from them: the
 * rest of the frame becomes a request of its own. */
#include <string.h>

#include "lib/assert.h"
#include "lib/identity.h"
#include "lib/log.h"
#include "smbd/client.h"
#include "smbd/credits.h"
#include "smbd/iobuf.h"
#include "smbd/open.h"
#include "smbd/request_int.h"
#include "smbd/session.h"
#include "smbd/teardown.h"
#include "smbd/transport.h"
#include "smbd/tree.h"

/* --- life ---------------------------------------------------------------- */

struct smbd_request *smbd_request_create(struct smbd_connection *conn,
					 struct iobuf *buf,
					 struct wire_reader frame)
{
	struct smbd_client *client = conn->client;
	struct smbd_request *req = client->spare;

	client->spare = NULL;
	if (req == NULL) {
		req = talloc(client, struct smbd_request);
	}
	if (req == NULL) {
		return NULL;
	}
	*req = (struct smbd_request){.client = client, .conn = conn};
	req->frame.in = buf;
	req->frame.walk = smb2_compound(frame);
	return req;
}

static void request_free(struct smbd_request *req)
{
	struct smbd_client *client = req->client;
	struct iobuf_pool *pool = transport_pool(req->conn->transport);
	struct smbd_session *gone;

	if (req->frame.out != NULL) {
		iobuf_put(pool, req->frame.out);
	}
	if (req->frame.in_held) {
		iobuf_put(pool, req->frame.in);
	}
	while ((gone = req->frame.gone) != NULL) {
		req->frame.gone = gone->next_gone;
		talloc_free(gone);
	}
	if (client->spare == NULL && !client->leaving) {
		talloc_free_children(req);
		client->spare = req;
		return;
	}
	talloc_free(req);
}

void smbd_request_outlive(struct smbd_request *req)
{
	req->session->next_gone = req->frame.gone;
	req->frame.gone = req->session;
}

void smbd_request_disconnect(struct smbd_request *req, const char *why)
{
	transport_close(req->conn->transport, why);
}

static bool is_over(const struct smbd_request *req)
{
	return transport_is_closed(req->conn->transport) ||
	       req->conn->why != NULL;
}

/* --- one command --------------------------------------------------------- */

/* The next message of the frame. */
static NTSTATUS next_message(struct smbd_request *req)
{
	struct smbd_frame *f = &req->frame;
	NTSTATUS status;

	talloc_free_children(req);
	memset(&req->cmd, 0, sizeof(*req) - offsetof(struct smbd_request, cmd));
	status = smb2_compound_next(&f->walk, &req->hdr, &req->pdu);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	f->members++;
	req->cmd = smbd_command_lookup(req->hdr.command);
	if (req->cmd == NULL && f->members > 1) {
		/* 3.3.5.2.6 would have the connection dropped; Windows and
		 * Samba answer (smbtorture's smb2.compound.invalid4). */
		req->cmd = smbd_command_unknown();
	}
	return req->cmd == NULL ? NT_STATUS(INVALID_PARAMETER) : NT_STATUS_OK;
}

/* [MS-SMB2] 3.3.5.2.1.1: what an encrypted message must look like. */
static bool is_rightly_encrypted(const struct smbd_request *req)
{
	const struct smbd_frame *f = &req->frame;
	bool related = (req->hdr.flags & SMB2_FLAGS_RELATED_OPERATIONS) != 0;

	if (!f->encrypted) {
		return true;
	}
	if (related) {
		return f->members > 1;
	}
	return req->hdr.session_id == f->transform_session_id;
}

/* [MS-SMB2] 3.3.5.2, 3.3.5.2.2, 3.3.5.2.3: what ends the connection.  NULL
 * when nothing does. */
static const char *fatal(struct smbd_request *req)
{
	const struct smbd_negotiated *n = &req->conn->negotiated;
	const struct smb2_header *h = &req->hdr;

	if (smb2_is_response(h)) {
		return "a response was sent to the server";
	}
	if (!is_rightly_encrypted(req)) {
		return "an encrypted message for another session";
	}
	if (h->command != SMB2_NEGOTIATE &&
	    (n->dialect == SMBD_DIALECT_NONE ||
	     n->dialect == SMB2_DIALECT_WILDCARD)) {
		return "a request before NEGOTIATE";
	}
	if (req->cmd->max_length != 0 &&
	    req->pdu.length > req->cmd->max_length) {
		return "a request too long for its command";
	}
	if (h->command == SMB2_CANCEL) {
		return NULL;
	}
	if (!credits_take(req->conn->credits, h->message_id,
			  n->multi_credit ? h->credit_charge : 1)) {
		return "a message id that was not granted";
	}
	return NULL;
}

static void assume_identity(const struct smbd_request *req)
{
	if (req->cmd->as_server || req->session == NULL ||
	    req->session->user == NULL) {
		identity_drop();
	} else if (req->tree != NULL) {
		identity_assume(req->tree->identity);
	} else {
		identity_assume(&req->session->user->identity);
	}
}

/* The command itself: a final status, or STATUS_PENDING. */
static NTSTATUS carry_out(struct smbd_request *req)
{
	NTSTATUS status = smbd_request_relate(req);

	if (!NT_STATUS_IS_OK(status)) {
		return smbd_request_refuse(req, status);
	}
	status = smbd_request_check(req);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (req->client->num_waiting >= SMBD_MAX_PENDING ||
	    iobuf_pool_used(transport_pool(req->conn->transport)) >
		    SMBD_MAX_BUFFERS) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	assume_identity(req);
	req->starting = true;
	status = req->cmd->start(req);
	req->starting = false;
	if (NT_STATUS_IS(status, PENDING)) {
		if (!req->ended) {
			return status;
		}
		status = req->end_status;
	}
	if (req->cmd->done != NULL) {
		status = req->cmd->done(req, status);
	}
	return status;
}

static void cancel_message(struct smbd_request *req)
{
	if ((req->hdr.flags & SMB2_FLAGS_SIGNED) || req->frame.encrypted) {
		NTSTATUS status = smbd_request_check(req);

		if (!NT_STATUS_IS_OK(status)) {
			return;
		}
	}
	smbd_request_cancel(req);
}

/* It is done, whatever is answered. */
static void end_sequence(struct smbd_request *req)
{
	if (req->counts && req->open != NULL) { /* CLOSE frees it */
		channel_sequence_end(&req->open->sequence, req->failures);
	}
	req->counts = false;
}

static void answer(struct smbd_request *req, NTSTATUS status)
{
	smbd_reply_append(req, status);
	smbd_request_remember(req, status);
}

/* --- the frame ----------------------------------------------------------- */

bool smbd_request_next_is_related(const struct smbd_request *req)
{
	struct smb2_compound peek = req->frame.walk;
	struct smb2_header hdr;
	struct wire_reader pdu;

	if (!smb2_compound_more(&peek) ||
	    !NT_STATUS_IS_OK(smb2_compound_next(&peek, &hdr, &pdu))) {
		return false;
	}
	return (hdr.flags & SMB2_FLAGS_RELATED_OPERATIONS) != 0;
}

/* Gives what is left of the frame to a request of its own; NULL when nothing is
 * left or depends on this one. */
static struct smbd_request *part(struct smbd_request *req)
{
	struct smbd_frame *f = &req->frame;
	struct smbd_request *rest;

	if (!smb2_compound_more(&f->walk) ||
	    smbd_request_next_is_related(req)) {
		return NULL;
	}
	rest = smbd_request_create(req->conn, f->in, f->walk.frame);
	if (rest == NULL) {
		smbd_request_disconnect(req, "out of memory");
		return NULL;
	}
	rest->frame.walk = f->walk;
	rest->frame.members = f->members;
	rest->frame.encrypted = f->encrypted;
	rest->frame.transform_session_id = f->transform_session_id;
	rest->frame.in_held = true;
	iobuf_ref(f->in);
	f->walk.done = true;
	return rest;
}

/* The command waits.  What can be answered is; the rest of the frame, unless it
 * waits as well. */
static struct smbd_request *let_wait(struct smbd_request *req)
{
	bool related = (req->hdr.flags & SMB2_FLAGS_RELATED_OPERATIONS) != 0;
	struct smbd_request *rest;

	smbd_request_wait(req);
	rest = part(req);
	/* What was answered before, for another chain, does not wait for this
	 * one: the keys that it is signed with need not be there then. */
	if ((!related || !smbd_request_next_is_related(req)) &&
	    req->frame.w.length > 0) {
		smbd_reply_send(req);
	}
	return rest;
}

/* Carries out one message.  False when the frame is not to be gone on with:
 * it waits, or the connection is over. */
static bool step(struct smbd_request *req, struct smbd_request **out_rest)
{
	NTSTATUS status = next_message(req);
	const char *why;

	if (!NT_STATUS_IS_OK(status)) {
		smbd_request_disconnect(req, "a malformed message");
		return false;
	}
	why = fatal(req);
	if (why != NULL) {
		smbd_request_disconnect(req, why);
		return false;
	}
	req->conn->counts.requests++;
	if (req->hdr.command == SMB2_CANCEL) {
		cancel_message(req);
		return true;
	}
	smbd_reply_split(req);
	status = carry_out(req);
	if (NT_STATUS_IS(status, PENDING)) {
		*out_rest = let_wait(req);
		return false;
	}
	end_sequence(req);
	if (!is_over(req)) {
		answer(req, status);
	}
	return true;
}

/* Carries out messages until the frame is done (true: the request is free to
 * go) or waits. */
static bool run_frame(struct smbd_request *req, struct smbd_request **out_rest)
{
	while (!is_over(req) && smb2_compound_more(&req->frame.walk)) {
		if (!step(req, out_rest) && req->waits) {
			return false;
		}
	}
	if (!is_over(req)) {
		smbd_reply_send(req);
	}
	return true;
}

void smbd_request_run(struct smbd_request *req)
{
	while (req != NULL) {
		struct smbd_request *rest = NULL;

		if (run_frame(req, &rest)) {
			request_free(req);
		}
		req = rest;
	}
}

void smbd_request_done(struct smbd_request *req, NTSTATUS status)
{
	struct smbd_client *client = req->client;

	ASSERT(!NT_STATUS_IS(status, PENDING));
	if (req->starting) {
		req->ended = true;
		req->end_status = status;
		return;
	}
	ASSERT(req->waits);
	smbd_request_wait_end(req);
	assume_identity(req);
	if (req->cmd->done != NULL) {
		status = req->cmd->done(req, status);
	}
	end_sequence(req);
	if (is_over(req)) {
		request_free(req);
	} else {
		answer(req, status);
		smbd_request_run(req);
	}
	smbd_teardown_wake(client);
}

/* --- operations on files ------------------------------------------------- */

static void io_complete(struct fsa_io *io)
{
	struct smbd_request *req =
		talloc_get_type_abort(io->private_data, struct smbd_request);

	smbd_request_done(req, io->status);
}

static void io_cancel(struct smbd_request *req)
{
	fsa_io_cancel(&req->io);
}

NTSTATUS smbd_request_io(struct smbd_request *req)
{
	struct fsa_io *io = &req->io;

	io->volume = req->tree->volume;
	io->file = req->open == NULL ? NULL : req->open->file;
	io->token = req->tree->token;
	io->identity = req->tree->identity;
	io->complete = io_complete;
	io->private_data = req;
	req->cancel = io_cancel;
	return fsa_dispatch(io);
}
