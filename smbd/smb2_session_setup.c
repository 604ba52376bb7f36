/* smbd/smb2_session_setup.c - SESSION_SETUP: [MS-SMB2] 3.3.5.5.  The steps of
 * one request: the token goes to auth/; its answer may be held back for a
 * while; a logon that is complete makes the session valid; a previous session
 * of the same user is ended before the response goes out. */
#include "smb2/session_setup.h"

#include "auth/auth.h"
#include "idl/messages_gen.h"
#include "idl/token_gen.h"
#include "lib/conf.h"
#include "lib/identity.h"
#include "lib/log.h"
#include "locking/locking.h"
#include "locking/session_store.h"
#include "messaging/messaging.h"
#include "smb2/preauth.h"
#include "smbd/bind.h"
#include "smbd/channel.h"
#include "smbd/client.h"
#include "smbd/handlers.h"
#include "smbd/handover.h"
#include "smbd/id_table.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/teardown.h"
#include "smbd/transport.h"
#include "smbd/tree.h"

#define PREVIOUS_SESSION_SECONDS 15
/* A message of the negotiated size, with its headers and what its offsets may
 * skip. */
#define FRAME_EXTRA 65536u

struct setup_state {
	struct smb2_session_setup_request in;
	struct auth_reply reply;
	NTSTATUS status; /* auth's */
	bool reauth;
	bool binding;
	uint16_t flags; /* SMB2_SESSION_FLAG_... of the response */
};

static NTSTATUS step_taken(struct smbd_request *req);
static NTSTATUS logged_on(struct smbd_request *req);
static NTSTATUS bound(struct smbd_request *req);
static NTSTATUS end_previous(struct smbd_request *req);
static NTSTATUS logon_failed(struct smbd_request *req);

/* --- which session ------------------------------------------------------- */

static NTSTATUS check_server_encryption(const struct smbd_connection *conn)
{
	const struct conf_global *g = conf_global(conn->client->server->conf);

	if (g->smb_encrypt == CONF_ENCRYPT_REQUIRED &&
	    !conn->negotiated.encryption) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return NT_STATUS_OK;
}

static NTSTATUS find_session(struct smbd_request *req,
			     const struct smb2_session_setup_request *in)
{
	NTSTATUS status;

	if (req->hdr.session_id == 0) {
		status = smbd_session_create(req->conn, &req->session);
		if (NT_STATUS_IS_OK(status)) {
			req->hdr.session_id = req->session->id;
			req->channel = req->session->channels;
		}
		return status;
	}
	if (in->flags & SMB2_SESSION_FLAG_BINDING) {
		return smbd_bind_begin(req);
	}
	if (req->session == NULL) {
		return smbd_bind_missing(req);
	}
	/* One request of a logon at a time. */
	return req->channel->logon_busy ? NT_STATUS(REQUEST_NOT_ACCEPTED)
					: NT_STATUS_OK;
}

static NTSTATUS ensure_logon(struct smbd_request *req)
{
	struct smbd_channel *channel = req->channel;

	if (channel->logon != NULL) {
		return NT_STATUS_OK;
	}
	return auth_session_create(channel, req->client->server->auth,
				   req->conn->address, &channel->logon);
}

static void hash_request(struct smbd_request *req)
{
	struct iovec iov = {.iov_base = (void *)(uintptr_t)req->pdu.data,
			    .iov_len = req->pdu.length};

	if (req->conn->negotiated.dialect == SMB2_DIALECT_311) {
		smb2_preauth_update(&req->channel->preauth, &iov, 1);
	}
}

/* --- the steps ----------------------------------------------------------- */

static void delay_over(struct tevent_context *ev, struct tevent_timer *te,
		       struct timeval now, void *private_data)
{
	struct smbd_request *req =
		talloc_get_type_abort(private_data, struct smbd_request);
	NTSTATUS status;

	req->channel->logon_busy = false;
	identity_drop();
	if (req->session->state == SMBD_SESSION_CLOSING ||
	    req->conn->why != NULL) {
		/* Who closes them waits for this request, and then frees what
		 * goes: this must not wait for a teardown of its own. */
		req->state = NULL;
		smbd_request_done(req, NT_STATUS(USER_SESSION_DELETED));
		return;
	}
	status = step_taken(req);
	if (!NT_STATUS_IS(status, PENDING)) {
		smbd_request_done(req, status);
	}
}

/* Failures cost their sender time: nothing here waits for it. */
static NTSTATUS hold_back(struct smbd_request *req, uint32_t ms)
{
	struct timeval when =
		tevent_timeval_current_ofs(ms / 1000, (ms % 1000) * 1000);

	if (tevent_add_timer(req->client->server->ev, req, when, delay_over,
			     req) == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	req->channel->logon_busy = true;
	return NT_STATUS(PENDING);
}

NTSTATUS smb2_session_setup_start(struct smbd_request *req)
{
	struct setup_state *state = talloc_zero(req, struct setup_state);
	struct blob token;
	NTSTATUS status;

	if (state == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = smb2_session_setup_request_decode(req->pdu, &state->in);
	if (NT_STATUS_IS_OK(status)) {
		status = check_server_encryption(req->conn);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = find_session(req, &state->in);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	req->state = state;
	state->binding = req->channel->binding;
	state->reauth = req->session->user != NULL && !state->binding;
	status = ensure_logon(req);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!state->reauth) {
		hash_request(req);
	}
	token.data = (uint8_t *)(uintptr_t)state->in.security_buffer.data;
	token.length = state->in.security_buffer.length;
	state->status = auth_session_step(req, req->channel->logon, token,
					  &state->reply);
	if (state->reply.delay_ms > 0) {
		return hold_back(req, state->reply.delay_ms);
	}
	return step_taken(req);
}

static NTSTATUS step_taken(struct smbd_request *req)
{
	struct setup_state *state = req->state;

	if (NT_STATUS_IS(state->status, MORE_PROCESSING_REQUIRED)) {
		if (!state->reauth &&
		    req->conn->negotiated.dialect == SMB2_DIALECT_311) {
			req->frame.hash = &req->channel->preauth;
		}
		return state->status;
	}
	if (!NT_STATUS_IS_OK(state->status)) {
		return logon_failed(req);
	}
	return state->binding ? bound(req) : logged_on(req);
}

/* --- success ------------------------------------------------------------- */

static void settle_signing(struct smbd_request *req,
			   const struct smb2_session_setup_request *in)
{
	const struct smbd_negotiated *n = &req->conn->negotiated;
	struct smbd_session *session = req->session;
	const struct auth_user *user = session->user;

	if (user->is_guest || user->is_anonymous) {
		return;
	}
	session->signing_required =
		((in->security_mode | n->client_security_mode |
		  n->server_security_mode) &
		 SMB2_NEGOTIATE_SIGNING_REQUIRED) != 0;
}

static void settle_encryption(struct smbd_session *session, uint16_t *flags)
{
	const struct conf_global *g =
		conf_global(session->client->server->conf);

	if (session->encrypt == NULL) {
		return;
	}
	session->encryption_required = g->smb_encrypt == CONF_ENCRYPT_REQUIRED;
	session->encryption_desired = g->smb_encrypt == CONF_ENCRYPT_DESIRED;
	if (session->encryption_required || session->encryption_desired) {
		*flags |= SMB2_SESSION_FLAG_ENCRYPT_DATA;
	}
	if (session->encryption_required) {
		session->signing_required = false;
	}
}

/* The trees that used the old user's rights use the new one's. */
static void replace_user(struct smbd_session *session, struct auth_user *user)
{
	const struct auth_user *old = session->user;
	struct smbd_tree *tree;
	uint32_t cursor = 0;

	while (old != NULL &&
	       (tree = id_table_next(session->trees, &cursor)) != NULL) {
		if (tree->identity == &old->identity) {
			tree->identity = &user->identity;
		}
	}
	/* The old one stays until the session goes: what waits may hold it. */
	session->user = user;
}

/* This child serves no stranger any more. */
static void tell_master(struct smbd_server *server)
{
	NTSTATUS status = messaging_send(server->messaging, &server->master,
					 MSG_LOGGED_ON, (struct blob){0});

	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_MSG, "the master: %s", ntstatus_name(status));
	}
}

static void client_is_known(struct smbd_connection *conn,
			    const struct auth_user *user)
{
	const struct smbd_negotiated *n = &conn->negotiated;
	uint32_t most = n->max_write;

	if (most < n->max_transact) {
		most = n->max_transact;
	}
	if (conn->preauth_timer != NULL) {
		TALLOC_FREE(conn->preauth_timer);
		tell_master(conn->client->server);
	}
	transport_set_max_frame(conn->transport, most + FRAME_EXTRA);
	if (!user->is_guest && !user->is_anonymous) {
		smbd_handover_register(conn);
	}
}

static NTSTATUS make_valid(struct smbd_request *req)
{
	struct setup_state *state = req->state;
	struct smbd_session *session = req->session;
	NTSTATUS status;

	if (session->user->is_anonymous) {
		state->flags |= SMB2_SESSION_FLAG_IS_NULL;
	} else if (session->user->is_guest) {
		state->flags |= SMB2_SESSION_FLAG_IS_GUEST;
	}
	if (!state->reauth && !session->user->is_anonymous) {
		status = smbd_session_make_keys(session);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		settle_signing(req, &state->in);
	}
	settle_encryption(session, &state->flags);
	status = smbd_session_register(session);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	session->state = SMBD_SESSION_VALID;
	client_is_known(req->conn, session->user);
	return NT_STATUS_OK;
}

static NTSTATUS logged_on(struct smbd_request *req)
{
	struct setup_state *state = req->state;
	struct smbd_session *session = req->session;
	struct smbd_client *client = req->client;
	NTSTATUS status;

	if (!state->reauth) {
		client->num_logons--;
	}
	replace_user(session,
		     auth_session_take_user(session, req->channel->logon));
	TALLOC_FREE(req->channel->logon);
	status = make_valid(req);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	LOG_INFO(LOG_AUTH, "%s: %s logged on%s, dialect %x%s%s",
		 req->conn->address, smbd_session_account(session),
		 state->reauth ? " again" : "", req->conn->negotiated.dialect,
		 session->signing_required ? ", signed" : "",
		 session->encryption_required ? ", encrypted" : "");
	return end_previous(req);
}

static NTSTATUS bound(struct smbd_request *req)
{
	struct smbd_channel *channel = req->channel;
	struct auth_user *user =
		auth_session_take_user(channel, channel->logon);
	struct setup_state *state = req->state;

	TALLOC_FREE(channel->logon);
	state->status = smbd_bind_complete(req, user);
	talloc_free(user);
	if (!NT_STATUS_IS_OK(state->status)) {
		return logon_failed(req);
	}
	if (req->session->encryption_required ||
	    req->session->encryption_desired) {
		state->flags |= SMB2_SESSION_FLAG_ENCRYPT_DATA;
	}
	client_is_known(req->conn, req->session->user);
	smbd_channels_changed(req->session);
	LOG_INFO(LOG_AUTH, "%s: one more connection of %s, session %llx",
		 req->conn->address, smbd_session_account(req->session),
		 (unsigned long long)req->session->id);
	return NT_STATUS_OK;
}

/* --- the previous session ------------------------------------------------ */

static void previous_ended(void *private_data)
{
	struct smbd_session *previous =
		talloc_get_type_abort(private_data, struct smbd_session);

	talloc_free(previous);
}

static void previous_answered(struct tevent_req *subreq)
{
	struct smbd_request *req =
		tevent_req_callback_data(subreq, struct smbd_request);
	NTSTATUS status = messaging_request_recv(subreq, req, NULL);

	talloc_free(subreq);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_SMB2, "%s: the previous session: %s",
			 req->conn->address, ntstatus_name(status));
	}
	/* Whatever came of it, this session is valid. */
	smbd_request_done(req, NT_STATUS_OK);
}

static NTSTATUS ask_owner(struct smbd_request *req,
			  const struct server_id *owner, uint64_t session_id)
{
	struct message_session_close message = {.session_id = session_id};
	struct smbd_server *server = req->client->server;
	struct tevent_req *subreq;
	struct blob payload;

	if (!NT_STATUS_IS_OK(
		    message_session_close_push(req, &message, &payload))) {
		return NT_STATUS_OK;
	}
	subreq = messaging_request_send(
		req, server->messaging, owner, MSG_SESSION_CLOSE, payload,
		(struct timeval){.tv_sec = PREVIOUS_SESSION_SECONDS});
	if (subreq == NULL) {
		return NT_STATUS_OK;
	}
	tevent_req_set_callback(subreq, previous_answered, req);
	return NT_STATUS(PENDING);
}

/* 3.3.5.5.3: a client that has lost its connection says which session it had;
 * the user's own ends before the new one begins. */
static NTSTATUS end_previous(struct smbd_request *req)
{
	const struct setup_state *state = req->state;
	uint64_t id = state->in.previous_session_id;
	struct smbd_server *server = req->client->server;
	struct smbd_session *local;
	struct session_record rec;
	NTSTATUS status;

	if (id == 0 || id == req->session->id) {
		return NT_STATUS_OK;
	}
	status = session_store_get(req, server->locking->sessions, id, &rec);
	if (!NT_STATUS_IS_OK(status) ||
	    !sid_equal(&rec.user_sid, &req->session->user->token->sids[0])) {
		return NT_STATUS_OK;
	}
	local = smbd_session_lookup(req->client, id);
	if (local == NULL) {
		return ask_owner(req, &rec.owner, id);
	}
	if (local->state != SMBD_SESSION_CLOSING) {
		struct smbd_scope scope = {.session = local};

		smbd_teardown(&scope, req, previous_ended, local);
	}
	return NT_STATUS_OK;
}

/* --- failure ------------------------------------------------------------- */

static void session_ended(void *private_data)
{
	struct smbd_request *req =
		talloc_get_type_abort(private_data, struct smbd_request);
	const struct setup_state *state = req->state;

	smbd_request_done(req, state->status);
}

/* 3.3.5.5.3: a session whose logon failed is no more, and so is one that could
 * not be confirmed. */
static NTSTATUS logon_failed(struct smbd_request *req)
{
	struct setup_state *state = req->state;
	struct smbd_scope scope = {.session = req->session};

	LOG_INFO(LOG_AUTH, "%s: logon failed: %s", req->conn->address,
		 ntstatus_name(state->status));
	if (++req->conn->num_failures >= SMBD_MAX_FAILURES &&
	    req->conn->preauth_timer != NULL) {
		smbd_request_disconnect(req, "too many logons have failed");
	}
	if (!state->reauth) {
		return state->status;
	}
	smbd_teardown(&scope, req, session_ended, req);
	return NT_STATUS(PENDING);
}

NTSTATUS smb2_session_setup_done(struct smbd_request *req, NTSTATUS status)
{
	const struct setup_state *state = req->state;

	if (NT_STATUS_IS_OK(status) ||
	    NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED)) {
		return status;
	}
	if (state == NULL) {
		return status; /* it was not about a session */
	}
	if (state->binding) {
		smbd_bind_fail(req);
		return status;
	}
	if (state->reauth && req->session->state != SMBD_SESSION_CLOSING) {
		/* Nobody has closed it: requests of its other channels may be
		 * waiting. */
		smbd_request_disconnect(req, "a session could not be renewed");
		return status;
	}
	req->session->state = SMBD_SESSION_CLOSING;
	smbd_request_outlive(req); /* it may be needed until then */
	return status;
}

NTSTATUS smb2_session_setup_reply(struct smbd_request *req,
				  struct wire_writer *w, NTSTATUS status)
{
	const struct setup_state *state = req->state;
	const struct blob *token = &state->reply.token;
	struct smb2_session_setup_response r = {
		.session_flags = state->flags,
		.security_buffer = wire_reader(token->data, token->length),
	};
	NTSTATUS room = smbd_reply_room(req, token->length + 64);

	if (!NT_STATUS_IS_OK(room)) {
		return room;
	}
	smb2_session_setup_response_encode(w, &r);
	if (NT_STATUS_IS_OK(status) && !req->session->user->is_guest &&
	    !req->session->user->is_anonymous) {
		req->signer = req->channel->signer;
	}
	return status;
}
