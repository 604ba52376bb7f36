/* smbd/bind_refuse.c - see bind_refuse.h. */
#include "smbd/bind_refuse.h"

#include <string.h>

#include "idl/messages_gen.h"
#include "lib/log.h"
#include "messaging/messaging.h"
#include "smb2/sign.h"
#include "smbd/client.h"
#include "smbd/request.h"
#include "smbd/server.h"
#include "smbd/session.h"

#define PATIENCE_SECONDS 5
#define MAX_REQUEST	 65536

/* --- who refuses --------------------------------------------------------- */

struct refusal {
	struct smbd_request *req;
	NTSTATUS status; /* to answer with */
};

static NTSTATUS sign_with(struct smbd_request *req, struct blob payload)
{
	struct smbd_connection *conn = req->conn;
	struct message_session_key m;
	NTSTATUS status = message_session_key_pull(req, payload, &m);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	/* The connection's: the answer is signed when it is sent. */
	TALLOC_FREE(conn->foreign);
	status = smb2_signer_new(
		conn,
		smb2_signing_for_dialect(
			m.dialect,
			(enum smb2_signing_algorithm)m.signing_algorithm),
		m.signing_key, &conn->foreign);
	explicit_bzero(&m, sizeof(m));
	explicit_bzero(payload.data, payload.length);
	if (NT_STATUS_IS_OK(status)) {
		req->was_signed = true;
		req->signer = conn->foreign;
	}
	return status;
}

static void answered(struct tevent_req *subreq)
{
	struct refusal *r = tevent_req_callback_data(subreq, struct refusal);
	struct blob payload = {0};
	NTSTATUS status = messaging_request_recv(subreq, r, &payload);

	talloc_free(subreq);
	if (NT_STATUS_IS_OK(status)) {
		status = sign_with(r->req, payload);
	}
	if (NT_STATUS_IS(status, ACCESS_DENIED)) {
		r->status = status;
	} else if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_SMB2, "%s: a bind is refused unsigned: %s",
			 r->req->conn->address, ntstatus_name(status));
	}
	smbd_request_done(r->req, r->status);
}

NTSTATUS smbd_bind_refuse(struct smbd_request *req,
			  const struct server_id *owner, NTSTATUS status)
{
	struct message_session_proof m = {
		.version = 1,
		.session_id = req->hdr.session_id,
		.request = {.data = (uint8_t *)(uintptr_t)req->pdu.data,
			    .length = req->pdu.length},
	};
	struct refusal *r = talloc_zero(req, struct refusal);
	struct tevent_req *subreq;
	struct blob payload;

	if ((req->hdr.flags & SMB2_FLAGS_SIGNED) == 0 ||
	    req->pdu.length > MAX_REQUEST || r == NULL ||
	    !NT_STATUS_IS_OK(message_session_proof_push(r, &m, &payload))) {
		return status;
	}
	r->req = req;
	r->status = status;
	subreq = messaging_request_send(
		r, req->client->server->messaging, owner, MSG_SESSION_PROOF,
		payload, (struct timeval){.tv_sec = PATIENCE_SECONDS});
	if (subreq == NULL) {
		return status;
	}
	tevent_req_set_callback(subreq, answered, r);
	return NT_STATUS(PENDING);
}

/* --- whose session it is ------------------------------------------------- */

/* Whether it is a request to set up this session by who has its key. */
static NTSTATUS check_proof(const struct smbd_session *session,
			    struct wire_reader pdu)
{
	struct smb2_header h;
	NTSTATUS status = smb2_header_decode(pdu, &h);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (h.command != SMB2_SESSION_SETUP || smb2_is_response(&h) ||
	    (h.flags & SMB2_FLAGS_SIGNED) == 0 || h.session_id != session->id) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = smb2_verify_pdu(session->signer, pdu);
	return NT_STATUS_IS_OK(status) ? status : NT_STATUS(ACCESS_DENIED);
}

static NTSTATUS lend_key(struct smbd_client *client, TALLOC_CTX *mem,
			 struct blob payload, struct blob *out)
{
	const struct smbd_session *session;
	struct message_session_proof in;
	struct message_session_key key = {.version = 1};
	NTSTATUS status = message_session_proof_pull(mem, payload, &in);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	session = client->leaving ? NULL
				  : smbd_session_lookup(client, in.session_id);
	if (session == NULL || session->signer == NULL ||
	    session->state == SMBD_SESSION_CLOSING) {
		return NT_STATUS(NOT_FOUND);
	}
	status = check_proof(session,
			     wire_reader(in.request.data, in.request.length));
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	key.dialect = session->record->dialect;
	key.signing_algorithm = session->record->signing_algorithm;
	memcpy(key.signing_key, session->signing_key, sizeof(key.signing_key));
	status = message_session_key_push(mem, &key, out);
	explicit_bzero(&key, sizeof(key));
	return status;
}

static void asked(struct messaging_context *messaging, struct message *msg,
		  void *private_data)
{
	struct smbd_client *client = private_data;
	TALLOC_CTX *mem = talloc_new(client);
	struct blob out = {0};
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (mem != NULL) {
		status = lend_key(client, mem, msg->payload, &out);
	}
	status = messaging_reply(messaging, msg, status, out, NULL, 0);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_MSG, "an answer was not sent: %s",
			 ntstatus_name(status));
	}
	if (out.data != NULL) {
		explicit_bzero(out.data, out.length);
	}
	talloc_free(mem);
}

NTSTATUS smbd_bind_listen(struct smbd_client *client)
{
	struct messaging_handler *handler;

	return messaging_register(client, client->server->messaging,
				  MSG_SESSION_PROOF, asked, client, &handler);
}
