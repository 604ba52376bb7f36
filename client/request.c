/* client/request.c - requests: how they go out, and what ends them. */
#include "client/conn_int.h"

#include <string.h>

#include "lib/assert.h"
#include "smb2/simple.h"

#define CREDIT_BYTES 65536u

/* One message of a request: its bytes, then its answer. */
struct request_part {
	struct cli_message m;
	struct blob pdu;
	uint16_t charge;
	struct cli_pending *pending; /* NULL before it was sent and when done */
	uint64_t message_id;
	bool done;
	struct cli_reply reply;
	uint8_t *frame; /* what reply.pdu points into */
};

struct request_state {
	struct cli_conn *conn;
	struct request_part *parts;
	size_t n;
	size_t left;
	bool sent;
	bool was_pending;
	struct cli_waiting *waiting; /* NULL once sent */
};

/* A request without credits. */
struct cli_waiting {
	struct cli_waiting *next;
	struct tevent_req *req;
};

static NTSTATUS request_start(struct tevent_req *req);
static bool request_cancel(struct tevent_req *req);

struct cli_message cli_message(TALLOC_CTX *mem_ctx, uint16_t command,
			       struct cli_session *session,
			       struct cli_tree *tree)
{
	struct cli_message m = {
		.command = command,
		.w = wire_writer(mem_ctx, SMB2_TRANSPORT_MAX),
		.session = session,
		.tree = tree,
	};

	wire_put_zero(&m.w, SMB2_HEADER_SIZE);
	return m;
}

/* [MS-SMB2] 3.2.4.1.5; 2.0.2 knows no charge. */
static uint16_t charge_of(const struct cli_conn *conn,
			  const struct cli_message *m)
{
	if ((conn->negotiated.capabilities & SMB2_GLOBAL_CAP_LARGE_MTU) == 0 ||
	    m->payload == 0) {
		return 1;
	}
	return (uint16_t)(1 + (m->payload - 1) / CREDIT_BYTES);
}

static struct request_state *state_of(struct tevent_req *req)
{
	return tevent_req_data(req, struct request_state);
}

/* --- sending -------------------------------------------------------------- */

static int request_destructor(struct request_state *state)
{
	for (size_t i = 0; i < state->n; i++) {
		if (state->parts[i].pending != NULL) {
			state->parts[i].pending->req = NULL;
			state->parts[i].pending = NULL;
		}
	}
	if (state->waiting != NULL) {
		state->waiting->req = NULL;
	}
	return 0;
}

static NTSTATUS take_messages(struct request_state *state,
			      struct cli_message *messages, size_t n)
{
	state->parts = talloc_zero_array(state, struct request_part, n);
	if (state->parts == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	state->n = n;
	state->left = n;
	for (size_t i = 0; i < n; i++) {
		struct request_part *part = &state->parts[i];
		NTSTATUS status;

		if (i + 1 < n) {
			wire_align(&messages[i].w, 8);
		}
		status = wire_finish(&messages[i].w, &part->pdu);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		part->pdu.data = talloc_move(state->parts, &part->pdu.data);
		part->m = messages[i];
	}
	return NT_STATUS_OK;
}

static NTSTATUS wait_for_credits(struct tevent_req *req)
{
	struct request_state *state = state_of(req);
	struct cli_waiting **end = &state->conn->waiting;

	state->waiting = talloc_zero(state->conn, struct cli_waiting);
	if (state->waiting == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	state->waiting->req = req;
	while (*end != NULL) {
		end = &(*end)->next;
	}
	*end = state->waiting;
	return NT_STATUS_OK;
}

static uint32_t request_cost(struct request_state *state)
{
	uint32_t cost = 0;

	for (size_t i = 0; i < state->n; i++) {
		state->parts[i].charge =
			charge_of(state->conn, &state->parts[i].m);
		cost += state->parts[i].charge;
	}
	return cost;
}

struct tevent_req *cli_request_send(TALLOC_CTX *mem_ctx, struct cli_conn *conn,
				    struct cli_message *messages, size_t n)
{
	struct request_state *state;
	struct tevent_req *req;
	NTSTATUS status;

	ASSERT(n > 0);
	req = tevent_req_create(mem_ctx, &state, struct request_state);
	if (req == NULL) {
		return NULL;
	}
	state->conn = conn;
	talloc_set_destructor(state, request_destructor);
	tevent_req_defer_callback(req, conn->ev);
	tevent_req_set_cancel_fn(req, request_cancel);
	status = take_messages(state, messages, n);
	if (NT_STATUS_IS_OK(status)) {
		status = conn->down;
	}
	if (NT_STATUS_IS_OK(status)) {
		status = conn->waiting != NULL ||
					 request_cost(state) > conn->credits
				 ? wait_for_credits(req)
				 : request_start(req);
	}
	if (req_failed(req, status)) {
		return tevent_req_post(req, conn->ev);
	}
	return req;
}

void cli_waiting_push(struct cli_conn *conn)
{
	while (conn->waiting != NULL) {
		struct cli_waiting *w = conn->waiting;
		struct request_state *state;
		NTSTATUS status;

		if (w->req != NULL) {
			state = state_of(w->req);
			if (request_cost(state) > conn->credits) {
				return;
			}
			state->waiting = NULL;
			status = request_start(w->req);
			(void)req_failed(w->req, status);
		}
		conn->waiting = w->next;
		talloc_free(w);
	}
}

static bool wants_encryption(const struct cli_message *m)
{
	if ((m->twist.set & CLI_TWIST_PLAIN) != 0 || m->session == NULL ||
	    m->session->encryptor == NULL) {
		return false;
	}
	if ((m->twist.set & CLI_TWIST_SEALED) != 0) {
		return true;
	}
	/* [MS-SMB2] 3.2.4.1.8 */
	return m->command != SMB2_NEGOTIATE &&
	       m->command != SMB2_SESSION_SETUP &&
	       (m->session->encrypt || (m->tree != NULL && m->tree->encrypt));
}

static bool wants_signature(const struct cli_conn *conn,
			    const struct cli_message *m)
{
	if (m->session == NULL || m->session->signer == NULL ||
	    (m->twist.set & CLI_TWIST_UNSIGNED) != 0) {
		return false;
	}
	if ((m->twist.set & (CLI_TWIST_SIGNED | CLI_TWIST_BAD_SIGNATURE)) !=
	    0) {
		return true;
	}
	/* [MS-SMB2] 3.2.4.1.1: TREE_CONNECT of 3.1.1 always */
	return m->session->sign ||
	       (m->command == SMB2_TREE_CONNECT &&
		conn->negotiated.dialect == SMB2_DIALECT_311);
}

static struct smb2_header make_header(struct cli_conn *conn,
				      const struct request_part *part,
				      bool last)
{
	const struct cli_message *m = &part->m;
	const struct cli_twist *t = &m->twist;
	struct smb2_header h = {
		.credit_charge = conn->negotiated.dialect > SMB2_DIALECT_202
					 ? part->charge
					 : 0,
		.command = m->command,
		.credits = conn->want_credits,
		.flags = m->flags,
		.message_id = part->message_id,
		.tree_id = m->tree != NULL ? m->tree->id : 0,
		.session_id = m->session != NULL ? m->session->id : 0,
	};

	if (h.credits < part->charge) {
		h.credits = part->charge;
	}
	if (!last) {
		h.next_command = (uint32_t)part->pdu.length;
	}
	if (m->related) {
		h.flags |= SMB2_FLAGS_RELATED_OPERATIONS;
		h.session_id = UINT64_MAX;
		h.tree_id = UINT32_MAX;
	}
	if ((t->set & CLI_TWIST_SESSION_ID) != 0) {
		h.session_id = t->session_id;
	}
	if ((t->set & CLI_TWIST_TREE_ID) != 0) {
		h.tree_id = t->tree_id;
	}
	if ((t->set & CLI_TWIST_CREDIT_CHARGE) != 0) {
		h.credit_charge = t->credit_charge;
	}
	if ((t->set & CLI_TWIST_CREDITS) != 0) {
		h.credits = t->credits;
	}
	if ((t->set & CLI_TWIST_NEXT_COMMAND) != 0) {
		h.next_command = t->next_command;
	}
	if ((t->set & CLI_TWIST_STATUS) != 0) {
		h.status = (NTSTATUS){t->status};
	}
	h.flags ^= t->flags_xor;
	return h;
}

/* Message id and credits of one part, and its place among the pending. */
static NTSTATUS part_number(struct tevent_req *req, size_t i)
{
	struct request_state *state = state_of(req);
	struct cli_conn *conn = state->conn;
	struct request_part *part = &state->parts[i];
	struct cli_pending *p;

	if ((part->m.twist.set & CLI_TWIST_MESSAGE_ID) != 0) {
		part->message_id = part->m.twist.message_id;
	} else {
		part->message_id = conn->next_message_id;
		conn->next_message_id += part->charge;
		conn->credits -= part->charge;
	}
	p = talloc_zero(conn, struct cli_pending);
	if (p == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*p = (struct cli_pending){.conn = conn,
				  .req = req,
				  .index = i,
				  .message_id = part->message_id};
	DLIST_ADD_END(conn->pending, p);
	part->pending = p;
	return NT_STATUS_OK;
}

static NTSTATUS part_finish(struct cli_conn *conn, struct request_part *part,
			    bool last, bool encrypt)
{
	struct smb2_header h = make_header(conn, part, last);
	struct wire_writer w =
		wire_writer_fixed(part->pdu.data, SMB2_HEADER_SIZE);
	struct iovec iov = {part->pdu.data, part->pdu.length};
	bool any = (part->m.twist.set & CLI_TWIST_ANY_ANSWER) != 0;
	NTSTATUS status;

	smb2_header_encode(&w, &h);
	ASSERT(wire_writer_ok(&w));
	part->pending->must_be_encrypted = encrypt && !any;
	if (encrypt || !wants_signature(conn, &part->m)) {
		return NT_STATUS_OK;
	}
	part->pending->must_be_signed = !any;
	status = smb2_sign(part->m.session->signer, &iov, 1);
	if (NT_STATUS_IS_OK(status) &&
	    (part->m.twist.set & CLI_TWIST_BAD_SIGNATURE) != 0) {
		part->pdu.data[SMB2_SIGNATURE_OFFSET + 3] ^= 0x10;
	}
	return status;
}

static NTSTATUS send_plain(struct request_state *state)
{
	struct blob parts[state->n];

	for (size_t i = 0; i < state->n; i++) {
		parts[i] = state->parts[i].pdu;
	}
	return cli_transport_send(state->conn->transport, parts, state->n);
}

static NTSTATUS send_encrypted(struct request_state *state)
{
	uint8_t header[SMB2_TRANSFORM_HEADER_SIZE];
	const struct cli_message *m = &state->parts[0].m;
	struct iovec iov[state->n];
	struct blob parts[state->n + 1];
	uint64_t id = (m->twist.set & CLI_TWIST_SEAL_SESSION) != 0
			      ? m->twist.session_id
			      : m->session->id;
	NTSTATUS status;

	for (size_t i = 0; i < state->n; i++) {
		parts[i + 1] = state->parts[i].pdu;
		iov[i] = (struct iovec){parts[i + 1].data, parts[i + 1].length};
	}
	status = smb2_encrypt(m->session->encryptor, id, iov, state->n, header);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if ((m->twist.set & CLI_TWIST_BAD_SEAL) != 0) {
		parts[1].data[SMB2_HEADER_SIZE] ^= 0x01;
	}
	parts[0] = (struct blob){header, sizeof(header)};
	return cli_transport_send(state->conn->transport, parts, state->n + 1);
}

static NTSTATUS request_start(struct tevent_req *req)
{
	struct request_state *state = state_of(req);
	bool encrypt = wants_encryption(&state->parts[0].m);

	state->sent = true;
	for (size_t i = 0; i < state->n; i++) {
		NTSTATUS status = part_number(req, i);

		if (NT_STATUS_IS_OK(status)) {
			status = part_finish(state->conn, &state->parts[i],
					     i + 1 == state->n, encrypt);
		}
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	return encrypt ? send_encrypted(state) : send_plain(state);
}

/* --- cancelling ----------------------------------------------------------- */

/* [MS-SMB2] 3.2.4.24: by AsyncId when there is one, else by MessageId; no
 * credit, no message id of its own, no response. */
static NTSTATUS send_cancel(struct cli_conn *conn,
			    const struct request_part *part)
{
	uint8_t buffer[SMB2_HEADER_SIZE + SMB2_SIMPLE_SIZE];
	struct cli_session *session = part->m.session;
	struct smb2_header h = {
		.command = SMB2_CANCEL,
		.message_id = part->message_id,
		.session_id = session != NULL ? session->id : 0,
	};
	struct wire_writer w = wire_writer_fixed(buffer, sizeof(buffer));
	uint8_t transform[SMB2_TRANSFORM_HEADER_SIZE];
	struct iovec iov = {buffer, sizeof(buffer)};
	struct blob out[2] = {{NULL, 0}, {buffer, sizeof(buffer)}};
	NTSTATUS status = NT_STATUS_OK;

	if (part->pending->is_async) {
		h.flags |= SMB2_FLAGS_ASYNC_COMMAND;
		h.async_id = part->pending->async_id;
	}
	smb2_header_encode(&w, &h);
	smb2_simple_encode(&w);
	if (wants_encryption(&part->m)) {
		status = smb2_encrypt(session->encryptor, session->id, &iov, 1,
				      transform);
		out[0] = (struct blob){transform, sizeof(transform)};
	} else if (wants_signature(conn, &part->m)) {
		status = smb2_sign(session->signer, &iov, 1);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return cli_transport_send(conn->transport, out, 2);
}

static bool request_cancel(struct tevent_req *req)
{
	struct request_state *state = state_of(req);

	if (!state->sent || !NT_STATUS_IS_OK(state->conn->down)) {
		return false;
	}
	for (size_t i = 0; i < state->n; i++) {
		if (state->parts[i].pending != NULL &&
		    !NT_STATUS_IS_OK(
			    send_cancel(state->conn, &state->parts[i]))) {
			return false;
		}
	}
	return true;
}

/* --- answers -------------------------------------------------------------- */

static void pending_remove(struct cli_pending *p)
{
	DLIST_REMOVE(p->conn->pending, p);
	talloc_free(p);
}

/* Refusals that a server sends when it has no session to sign or encrypt with
 * ([MS-SMB2] 3.3.5.2.9, 3.3.5.2.4). */
static bool may_be_bare(NTSTATUS status)
{
	return NT_STATUS_IS(status, USER_SESSION_DELETED) ||
	       NT_STATUS_IS(status, NETWORK_SESSION_EXPIRED) ||
	       NT_STATUS_IS(status, ACCESS_DENIED);
}

static NTSTATUS judge(const struct cli_pending *p,
		      const struct cli_reply *reply)
{
	if (NT_STATUS_IS(reply->status, INVALID_SIGNATURE)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (reply->is_encrypted || may_be_bare(reply->status)) {
		return NT_STATUS_OK;
	}
	if (p->must_be_encrypted || (p->must_be_signed && !reply->is_signed)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return NT_STATUS_OK;
}

static NTSTATUS keep_reply(struct request_state *state,
			   struct request_part *part,
			   const struct cli_reply *reply, uint8_t **frame)
{
	part->reply = *reply;
	part->reply.was_pending = part->pending->is_async;
	if (frame != NULL) {
		part->frame = talloc_move(state->parts, frame);
		return NT_STATUS_OK;
	}
	part->frame =
		talloc_memdup(state->parts, reply->pdu.data, reply->pdu.length);
	if (part->frame == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	part->reply.pdu = wire_reader(part->frame, reply->pdu.length);
	return NT_STATUS_OK;
}

void cli_pending_response(struct cli_pending *p, const struct cli_reply *reply,
			  uint8_t **frame)
{
	struct tevent_req *req = p->req;
	struct request_state *state = req != NULL ? state_of(req) : NULL;
	struct request_part *part;
	NTSTATUS status;

	if (NT_STATUS_IS(reply->status, PENDING) &&
	    (reply->header.flags & SMB2_FLAGS_ASYNC_COMMAND) != 0) {
		p->is_async = true;
		p->async_id = reply->header.async_id;
		if (state != NULL) {
			state->was_pending = true;
		}
		return;
	}
	if (req == NULL) {
		pending_remove(p);
		return;
	}
	part = &state->parts[p->index];
	status = judge(p, reply);
	if (NT_STATUS_IS_OK(status)) {
		status = keep_reply(state, part, reply, frame);
	}
	part->pending = NULL;
	part->done = true;
	pending_remove(p);
	if (!tevent_req_is_in_progress(req) || req_failed(req, status)) {
		return;
	}
	if (--state->left == 0) {
		tevent_req_done(req);
	}
}

struct cli_session *cli_pending_session(const struct cli_pending *p)
{
	return p->req != NULL ? state_of(p->req)->parts[p->index].m.session
			      : NULL;
}

static void fail(struct tevent_req *req, NTSTATUS why)
{
	if (req != NULL && tevent_req_is_in_progress(req)) {
		(void)req_failed(req, why);
	}
}

void cli_waiting_fail(struct cli_conn *conn, NTSTATUS why)
{
	while (conn->pending != NULL) {
		struct cli_pending *p = conn->pending;
		struct tevent_req *req = p->req;

		if (req != NULL) {
			state_of(req)->parts[p->index].pending = NULL;
		}
		pending_remove(p);
		fail(req, why);
	}
	while (conn->waiting != NULL) {
		struct cli_waiting *w = conn->waiting;

		conn->waiting = w->next;
		if (w->req != NULL) {
			state_of(w->req)->waiting = NULL;
			fail(w->req, why);
		}
		talloc_free(w);
	}
}

/* --- results -------------------------------------------------------------- */

NTSTATUS cli_request_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
			  struct cli_reply *out, size_t n)
{
	struct request_state *state = state_of(req);
	NTSTATUS status = req_status(req);

	if (!NT_STATUS_IS_OK(status)) {
		tevent_req_received(req);
		return status;
	}
	ASSERT(n == state->n);
	for (size_t i = 0; i < n; i++) {
		out[i] = state->parts[i].reply;
		(void)talloc_move(mem_ctx, &state->parts[i].frame);
	}
	tevent_req_received(req);
	return NT_STATUS_OK;
}

NTSTATUS cli_request_recv_one(struct tevent_req *req, TALLOC_CTX *mem_ctx,
			      struct cli_reply *out)
{
	NTSTATUS status = cli_request_recv(req, mem_ctx, out, 1);

	return NT_STATUS_IS_OK(status) ? out->status : status;
}

bool cli_request_is_pending(struct tevent_req *req)
{
	return state_of(req)->was_pending;
}

uint64_t cli_request_message_id(struct tevent_req *req, size_t i)
{
	struct request_state *state = state_of(req);

	ASSERT(i < state->n && state->sent);
	return state->parts[i].message_id;
}

struct blob cli_request_pdu(struct tevent_req *req, size_t i)
{
	return state_of(req)->parts[i].pdu;
}
