/* client/conn.c - one connection: its life, and what arrives on it. */
#include "client/conn_int.h"

#include <string.h>

#include "lib/assert.h"
#include "smb2/compound.h"

#define WANT_CREDITS 512
#define TIMEOUT	     30

struct conn_connect_state {
	struct tevent_context *ev;
	struct cli_transport *transport;
};

static void connect_done(struct tevent_req *subreq);
static void conn_frame(void *private_data, struct blob frame);
static void conn_down(void *private_data, NTSTATUS why);

struct tevent_req *cli_conn_connect_send(TALLOC_CTX *mem_ctx,
					 struct tevent_context *ev,
					 const char *host, uint16_t port)
{
	struct conn_connect_state *state;
	struct tevent_req *req, *subreq;

	req = tevent_req_create(mem_ctx, &state, struct conn_connect_state);
	if (req == NULL) {
		return NULL;
	}
	state->ev = ev;
	subreq = cli_transport_connect_send(state, ev, host, port);
	if (tevent_req_nomem(subreq, req)) {
		return tevent_req_post(req, ev);
	}
	tevent_req_set_callback(subreq, connect_done, req);
	return req;
}

static void connect_done(struct tevent_req *subreq)
{
	struct tevent_req *req =
		tevent_req_callback_data(subreq, struct tevent_req);
	struct conn_connect_state *state =
		tevent_req_data(req, struct conn_connect_state);
	NTSTATUS status =
		cli_transport_connect_recv(subreq, state, &state->transport);

	TALLOC_FREE(subreq);
	if (req_failed(req, status)) {
		return;
	}
	tevent_req_done(req);
}

static int conn_destructor(struct cli_conn *conn)
{
	struct cli_session *s;

	/* The sessions are children and die next. */
	for (s = conn->sessions; s != NULL; s = s->next) {
		s->conn = NULL;
	}
	cli_waiting_fail(conn, NT_STATUS(CONNECTION_DISCONNECTED));
	return 0;
}

/* *transport moves to the connection on success. */
static NTSTATUS conn_create(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			    struct cli_transport **transport,
			    struct cli_conn **out)
{
	struct cli_transport_handler handler = {.frame = conn_frame,
						.down = conn_down};
	struct cli_conn *conn = talloc_zero(mem_ctx, struct cli_conn);

	if (conn == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	conn->ev = ev;
	conn->transport = talloc_move(conn, transport);
	conn->credits = 1;
	conn->want_credits = WANT_CREDITS;
	conn->timeout = TIMEOUT;
	conn->raw_last = &conn->raw_first;
	handler.private_data = conn;
	talloc_set_destructor(conn, conn_destructor);
	cli_transport_set_handler(conn->transport, &handler);
	*out = conn;
	return NT_STATUS_OK;
}

NTSTATUS cli_conn_connect_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
			       struct cli_conn **out)
{
	struct conn_connect_state *state =
		tevent_req_data(req, struct conn_connect_state);
	NTSTATUS status = req_status(req);

	if (NT_STATUS_IS_OK(status)) {
		status =
			conn_create(mem_ctx, state->ev, &state->transport, out);
	}
	tevent_req_received(req);
	return status;
}

NTSTATUS cli_conn_open_fd(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			  int fd, struct cli_conn **out)
{
	struct cli_transport *transport = NULL;
	NTSTATUS status = cli_transport_open_fd(mem_ctx, ev, fd, &transport);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return conn_create(mem_ctx, ev, &transport, out);
}

static void conn_down(void *private_data, NTSTATUS why)
{
	struct cli_conn *conn =
		talloc_get_type_abort(private_data, struct cli_conn);

	conn->down = why;
	cli_waiting_fail(conn, why);
}

/* --- what arrives --------------------------------------------------------- */

struct cli_session *cli_conn_session(const struct cli_conn *conn, uint64_t id)
{
	for (struct cli_session *s = conn->sessions; s != NULL; s = s->next) {
		if (s->id == id) {
			return s;
		}
	}
	return NULL;
}

static struct cli_pending *find_pending(struct cli_conn *conn,
					const struct smb2_header *h)
{
	for (struct cli_pending *p = conn->pending; p != NULL; p = p->next) {
		if (p->message_id == h->message_id) {
			return p;
		}
	}
	return NULL;
}

/* Verifies the signature that reply has, if it has one ([MS-SMB2] 3.2.5.1.3):
 * false when it is wrong.  The answer to a related request may have -1 as its
 * SessionId. */
static bool verify(struct cli_conn *conn, const struct cli_pending *p,
		   struct cli_reply *reply)
{
	const struct smb2_header *h = &reply->header;
	struct cli_session *session;

	if ((h->flags & SMB2_FLAGS_SIGNED) == 0 || reply->is_encrypted) {
		return true;
	}
	session = h->session_id == UINT64_MAX
			  ? cli_pending_session(p)
			  : cli_conn_session(conn, h->session_id);
	if (session == NULL || session->signer == NULL || session->binding) {
		return true; /* SESSION_SETUP looks at it by itself */
	}
	if (!NT_STATUS_IS_OK(smb2_verify_pdu(session->signer, reply->pdu))) {
		return false;
	}
	reply->is_signed = true;
	return true;
}

static void conn_pdu(struct cli_conn *conn, struct cli_reply *reply,
		     uint8_t **frame)
{
	struct cli_pending *p;

	reply->status = reply->header.status;
	if (reply->header.message_id == UINT64_MAX) {
		if (conn->notify != NULL) {
			conn->notify(conn->notify_data, &reply->header,
				     reply->pdu);
		}
		if (reply->header.command == SMB2_OPLOCK_BREAK) {
			cli_break_came(conn, reply->pdu);
		}
		return;
	}
	p = find_pending(conn, &reply->header);
	if (p == NULL) {
		conn->unmatched++;
		return;
	}
	conn->credits += reply->header.credits;
	if (!verify(conn, p, reply)) {
		reply->status = NT_STATUS(INVALID_SIGNATURE);
	}
	cli_pending_response(p, reply, frame);
}

/* The plain part of an encrypted frame. */
static NTSTATUS conn_decrypt(struct cli_conn *conn, struct blob frame,
			     struct wire_reader *out)
{
	struct smb2_transform_header th;
	struct cli_session *session;
	NTSTATUS status = smb2_transform_decode(
		wire_reader(frame.data, frame.length), &th);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	session = cli_conn_session(conn, th.session_id);
	if (session == NULL || session->decryptor == NULL) {
		return NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	return smb2_decrypt(session->decryptor, frame.data, frame.length, out);
}

static NTSTATUS conn_messages(struct cli_conn *conn, struct blob *frame)
{
	struct wire_reader plain = wire_reader(frame->data, frame->length);
	bool encrypted = smb2_protocol_id(plain) == SMB2_TRANSFORM_PROTOCOL_ID;
	struct smb2_compound walk;
	NTSTATUS status;

	if (encrypted) {
		status = conn_decrypt(conn, *frame, &plain);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	walk = smb2_compound(plain);
	while (smb2_compound_more(&walk)) {
		struct cli_reply reply = {.is_encrypted = encrypted};

		status = smb2_compound_next(&walk, &reply.header, &reply.pdu);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		conn_pdu(conn, &reply,
			 reply.pdu.length == plain.length ? &frame->data
							  : NULL);
	}
	return NT_STATUS_OK;
}

static void raw_keep(struct cli_conn *conn, struct blob frame)
{
	struct cli_raw_frame *r = talloc_zero(conn, struct cli_raw_frame);

	if (r == NULL) {
		talloc_free(frame.data);
		return;
	}
	r->frame = frame;
	r->frame.data = talloc_move(r, &frame.data);
	*conn->raw_last = r;
	conn->raw_last = &r->next;
}

static void conn_frame(void *private_data, struct blob frame)
{
	struct cli_conn *conn =
		talloc_get_type_abort(private_data, struct cli_conn);
	NTSTATUS status;

	if (conn->raw) {
		raw_keep(conn, frame);
		return;
	}
	status = conn_messages(conn, &frame);
	talloc_free(frame.data); /* unless a reply took it */
	if (!NT_STATUS_IS_OK(status)) {
		TALLOC_FREE(conn->transport);
		conn_down(conn, NT_STATUS(INVALID_NETWORK_RESPONSE));
		return;
	}
	cli_waiting_push(conn);
}

/* --- small things --------------------------------------------------------- */

struct tevent_context *cli_conn_ev(const struct cli_conn *conn)
{
	return conn->ev;
}

const char *cli_conn_local(const struct cli_conn *conn)
{
	return conn->transport == NULL ? ""
				       : cli_transport_local(conn->transport);
}

NTSTATUS cli_conn_status(const struct cli_conn *conn)
{
	return conn->down;
}

uint32_t cli_conn_credits(const struct cli_conn *conn)
{
	return conn->credits;
}

uint64_t cli_conn_next_message_id(const struct cli_conn *conn)
{
	return conn->next_message_id;
}

void cli_conn_skip_message_ids(struct cli_conn *conn, uint32_t n)
{
	ASSERT(conn->credits >= n);
	conn->next_message_id += n;
	conn->credits -= n;
}

void cli_conn_add_credits(struct cli_conn *conn, uint32_t n)
{
	conn->credits += n;
}

void cli_conn_set_want_credits(struct cli_conn *conn, uint16_t n)
{
	conn->want_credits = n;
}

uint32_t cli_conn_unmatched(const struct cli_conn *conn)
{
	return conn->unmatched;
}

void cli_conn_drop(struct cli_conn *conn)
{
	TALLOC_FREE(conn->transport);
	if (NT_STATUS_IS_OK(conn->down)) {
		conn_down(conn, NT_STATUS(CONNECTION_DISCONNECTED));
	}
}

void cli_conn_set_timeout(struct cli_conn *conn, unsigned int seconds)
{
	conn->timeout = seconds;
}

unsigned int cli_conn_timeout(const struct cli_conn *conn)
{
	return conn->timeout;
}

void cli_conn_set_notification(struct cli_conn *conn, cli_notification_fn *fn,
			       void *private_data)
{
	conn->notify = fn;
	conn->notify_data = private_data;
}

const struct cli_negotiated *cli_conn_negotiated(const struct cli_conn *conn)
{
	return &conn->negotiated;
}

/* --- bytes as they are ---------------------------------------------------- */

void cli_conn_set_raw(struct cli_conn *conn, bool raw)
{
	conn->raw = raw;
}

NTSTATUS cli_raw_send_frame(struct cli_conn *conn, const void *data,
			    size_t length)
{
	struct blob part = {.data = (uint8_t *)(uintptr_t)data,
			    .length = length};

	if (!NT_STATUS_IS_OK(conn->down)) {
		return conn->down;
	}
	return cli_transport_send(conn->transport, &part, 1);
}

NTSTATUS cli_raw_send_bytes(struct cli_conn *conn, const void *data,
			    size_t length)
{
	if (!NT_STATUS_IS_OK(conn->down)) {
		return conn->down;
	}
	return cli_transport_send_bytes(conn->transport, data, length);
}

NTSTATUS cli_raw_take(struct cli_conn *conn, TALLOC_CTX *mem_ctx,
		      struct blob *out)
{
	struct cli_raw_frame *r = conn->raw_first;

	if (r == NULL) {
		return NT_STATUS_IS_OK(conn->down) ? NT_STATUS(NOT_FOUND)
						   : conn->down;
	}
	conn->raw_first = r->next;
	if (conn->raw_first == NULL) {
		conn->raw_last = &conn->raw_first;
	}
	out->length = r->frame.length;
	out->data = talloc_move(mem_ctx, &r->frame.data);
	talloc_free(r);
	return NT_STATUS_OK;
}
