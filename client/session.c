/* client/session.c - SESSION_SETUP and LOGOFF. */
#include "client/session.h"

#include "auth/auth_client.h"
#include "client/conn_int.h"
#include "smb2/session_setup.h"
#include "smb2/simple.h"

struct setup_state {
	struct cli_conn *conn;
	struct cli_session *session; /* ours until it is established */
	struct cli_session_options options;
	struct auth_client *auth;
	struct blob token; /* to be sent next */
	bool auth_done;
	bool reauth;
	bool binding;
};

/* The steps: */
static void setup_step(struct tevent_req *req, struct blob from_server);
static void setup_answered(struct tevent_req *subreq);
static NTSTATUS check_channel(const struct setup_state *state,
			      const struct cli_reply *reply);
static NTSTATUS setup_established(struct setup_state *state,
				  const struct cli_reply *reply,
				  uint16_t flags);

static int session_destructor(struct cli_session *session)
{
	if (session->conn != NULL) {
		DLIST_REMOVE(session->conn->sessions, session);
		session->conn = NULL;
	}
	smb2_keys_wipe(&session->keys);
	return 0;
}

static struct cli_session *session_create(TALLOC_CTX *mem_ctx,
					  struct cli_conn *conn)
{
	struct cli_session *session = talloc_zero(mem_ctx, struct cli_session);

	if (session == NULL) {
		return NULL;
	}
	session->conn = conn;
	session->preauth = conn->preauth;
	DLIST_ADD(conn->sessions, session);
	talloc_set_destructor(session, session_destructor);
	return session;
}

static NTSTATUS create_auth(struct setup_state *state,
			    const struct cli_session_options *options)
{
	struct auth_client_options auth = {
		.user = options->user,
		.domain = options->domain,
		.password = options->password,
		.raw_ntlmssp = options->raw_ntlmssp,
	};

	state->options = *options;
	state->options.user = state->options.password = NULL;
	return auth_client_create(state, &auth, &state->auth);
}

static struct tevent_req *setup_send(TALLOC_CTX *mem_ctx, struct cli_conn *conn,
				     struct cli_session *session,
				     const struct cli_session_options *options)
{
	struct setup_state *state;
	struct tevent_req *req;
	struct blob hello = options->raw_ntlmssp
				    ? (struct blob){0}
				    : conn->negotiated.security_buffer;

	req = tevent_req_create(mem_ctx, &state, struct setup_state);
	if (req == NULL) {
		return NULL;
	}
	state->conn = conn;
	state->binding = session != NULL && session->binding;
	state->reauth = session != NULL && !state->binding;
	state->session =
		session != NULL ? session : session_create(state, conn);
	if (tevent_req_nomem(state->session, req) ||
	    req_failed(req, create_auth(state, options))) {
		return tevent_req_post(req, conn->ev);
	}
	setup_step(req, hello);
	if (!tevent_req_is_in_progress(req)) {
		return tevent_req_post(req, conn->ev);
	}
	return req;
}

struct tevent_req *cli_session_setup_send(
	TALLOC_CTX *mem_ctx, struct cli_conn *conn,
	const struct cli_session_options *options)
{
	return setup_send(mem_ctx, conn, NULL, options);
}

/* The session as it is until it is bound: it signs with the session's key. */
static struct cli_session *create_channel(TALLOC_CTX *mem_ctx,
					  struct cli_conn *conn,
					  const struct cli_session *session)
{
	const struct cli_negotiated *n = &session->conn->negotiated;
	struct cli_session *channel = session_create(mem_ctx, conn);

	if (channel == NULL) {
		return NULL;
	}
	channel->binding = true;
	channel->id = session->id;
	channel->sign = session->signer != NULL;
	channel->encrypt = session->encrypt;
	channel->keys = session->keys;
	channel->encryptor = session->encryptor;
	channel->decryptor = session->decryptor;
	if (session->signer != NULL &&
	    !NT_STATUS_IS_OK(smb2_signer_new(
		    channel, smb2_signing_for_dialect(n->dialect, n->signing),
		    session->keys.signing, &channel->signer))) {
		TALLOC_FREE(channel);
	}
	return channel;
}

struct tevent_req *cli_session_bind_send(
	TALLOC_CTX *mem_ctx, struct cli_conn *conn, struct cli_session *session,
	const struct cli_session_options *options)
{
	struct cli_session *channel = create_channel(conn, conn, session);
	struct tevent_req *req;
	struct setup_state *state;

	if (channel == NULL) {
		return NULL;
	}
	req = setup_send(mem_ctx, conn, channel, options);
	if (req == NULL) {
		talloc_free(channel);
		return NULL;
	}
	state = tevent_req_data(req, struct setup_state);
	state->session = talloc_move(state, &channel); /* goes if it fails */
	return req;
}

struct tevent_req *cli_session_reauth_send(
	TALLOC_CTX *mem_ctx, struct cli_session *session,
	const struct cli_session_options *options)
{
	return setup_send(mem_ctx, session->conn, session, options);
}

/* Feeds the server's token to the mechanism and sends what it gives. */
static void setup_step(struct tevent_req *req, struct blob from_server)
{
	struct setup_state *state = tevent_req_data(req, struct setup_state);
	struct smb2_session_setup_request in = {
		.security_mode = state->options.security_mode != 0
					 ? state->options.security_mode
					 : SMB2_NEGOTIATE_SIGNING_ENABLED,
		.previous_session_id = state->options.previous_session_id,
	};
	struct cli_message m;
	struct tevent_req *subreq;
	NTSTATUS status = auth_client_step(state, state->auth, from_server,
					   &state->token);

	state->auth_done = NT_STATUS_IS_OK(status);
	if (!NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED) &&
	    req_failed(req, status)) {
		return;
	}
	m = cli_message(state, SMB2_SESSION_SETUP, state->session, NULL);
	if (state->binding) {
		in.flags = SMB2_SESSION_FLAG_BINDING;
		m.twist.set = CLI_TWIST_ANY_ANSWER | state->options.twist;
	}
	in.security_buffer =
		wire_reader(state->token.data, state->token.length);
	smb2_session_setup_request_encode(&m.w, &in);
	subreq = cli_request_send(state, state->conn, &m, 1);
	if (tevent_req_nomem(subreq, req)) {
		return;
	}
	tevent_req_set_callback(subreq, setup_answered, req);
}

static void hash_message(struct cli_session *session, const void *data,
			 size_t length)
{
	struct iovec iov = {(void *)(uintptr_t)data, length};

	smb2_preauth_update(&session->preauth, &iov, 1);
}

static void setup_answered(struct tevent_req *subreq)
{
	struct tevent_req *req =
		tevent_req_callback_data(subreq, struct tevent_req);
	struct setup_state *state = tevent_req_data(req, struct setup_state);
	struct blob sent = cli_request_pdu(subreq, 0);
	struct smb2_session_setup_response r;
	struct cli_reply reply;
	struct blob token;
	NTSTATUS status;

	if (!state->reauth) {
		hash_message(state->session, sent.data, sent.length);
	}
	status = cli_request_recv_one(subreq, state, &reply);
	TALLOC_FREE(subreq);
	if (!NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED) &&
	    req_failed(req, status)) {
		return;
	}
	state->session->id = reply.header.session_id;
	if (req_failed(req, check_channel(state, &reply))) {
		return;
	}
	if (!NT_STATUS_IS_OK(
		    smb2_session_setup_response_decode(reply.pdu, &r))) {
		(void)req_failed(req, NT_STATUS(INVALID_NETWORK_RESPONSE));
		return;
	}
	token = (struct blob){(uint8_t *)(uintptr_t)r.security_buffer.data,
			      r.security_buffer.length};
	if (!NT_STATUS_IS_OK(reply.status)) {
		if (!state->reauth) {
			hash_message(state->session, reply.pdu.data,
				     reply.pdu.length);
		}
		setup_step(req, token);
		return;
	}
	/* The last token, if there is one: it may prove the server. */
	if (!state->auth_done) {
		status = auth_client_step(state, state->auth, token,
					  &state->token);
		if (req_failed(req, status)) {
			return;
		}
	}
	status = setup_established(state, &reply, r.session_flags);
	if (!req_failed(req, status)) {
		tevent_req_done(req);
	}
}

/* 3.3.5.5.3: until it is bound, what the server says is signed with the key of
 * the session. */
static NTSTATUS check_channel(const struct setup_state *state,
			      const struct cli_reply *reply)
{
	const struct cli_session *s = state->session;

	if (!state->binding || NT_STATUS_IS_OK(reply->status)) {
		return NT_STATUS_OK;
	}
	if (s->signer == NULL ||
	    (reply->header.flags & SMB2_FLAGS_SIGNED) == 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return smb2_verify_pdu(s->signer, reply->pdu);
}

/* The channel's own key takes the place of the session's. */
static NTSTATUS make_channel_key(struct cli_session *s, struct blob key)
{
	const struct cli_negotiated *n = &s->conn->negotiated;

	s->binding = false;
	smb2_derive_channel_signing_key(
		s->keys.signing, n->dialect, key.data, key.length,
		n->dialect == SMB2_DIALECT_311 ? &s->preauth : NULL);
	TALLOC_FREE(s->signer);
	return smb2_signer_new(s,
			       smb2_signing_for_dialect(n->dialect, n->signing),
			       s->keys.signing, &s->signer);
}

static NTSTATUS make_sealers(struct cli_session *s)
{
	enum smb2_cipher cipher = s->conn->negotiated.cipher;
	NTSTATUS status;

	if (cipher == SMB2_ENCRYPTION_NONE ||
	    s->conn->negotiated.dialect < SMB2_DIALECT_300) {
		return NT_STATUS_OK;
	}
	status = smb2_sealer_new(s, cipher, s->keys.encrypt, &s->encryptor);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return smb2_sealer_new(s, cipher, s->keys.decrypt, &s->decryptor);
}

/* [MS-SMB2] 3.2.5.3.1: the keys; a guest or anonymous session has none. */
static NTSTATUS make_keys(struct cli_session *s, struct blob key)
{
	const struct cli_negotiated *n = &s->conn->negotiated;
	NTSTATUS status;

	if (key.length == 0 || (s->flags & (SMB2_SESSION_FLAG_IS_GUEST |
					    SMB2_SESSION_FLAG_IS_NULL)) != 0) {
		return NT_STATUS_OK;
	}
	smb2_derive_keys(&s->keys, SMB2_CLIENT, n->dialect, n->cipher, key.data,
			 key.length,
			 n->dialect == SMB2_DIALECT_311 ? &s->preauth : NULL);
	status = smb2_signer_new(
		s, smb2_signing_for_dialect(n->dialect, n->signing),
		s->keys.signing, &s->signer);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return make_sealers(s);
}

static NTSTATUS setup_established(struct setup_state *state,
				  const struct cli_reply *reply, uint16_t flags)
{
	struct cli_session *s = state->session;
	NTSTATUS status;

	if (state->reauth) {
		return NT_STATUS_OK;
	}
	s->flags = flags;
	if (state->binding) {
		status = make_channel_key(s, auth_client_key(state->auth));
	} else {
		status = make_keys(s, auth_client_key(state->auth));
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	/* The final response is signed ([MS-SMB2] 3.3.5.5.3), which 3.1.1
	 * leans on: the hash over all before it is in the key. */
	if (s->signer != NULL &&
	    (reply->header.flags & SMB2_FLAGS_SIGNED) != 0) {
		status = smb2_verify_pdu(s->signer, reply->pdu);
	} else if (s->signer != NULL &&
		   s->conn->negotiated.dialect == SMB2_DIALECT_311) {
		status = NT_STATUS(ACCESS_DENIED);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	s->established = true;
	if (state->binding) {
		return NT_STATUS_OK; /* it signs and encrypts as before */
	}
	s->sign = s->signer != NULL && (state->options.sign ||
					(s->conn->negotiated.security_mode &
					 SMB2_NEGOTIATE_SIGNING_REQUIRED) != 0);
	s->encrypt = s->encryptor != NULL &&
		     (state->options.encrypt ||
		      (flags & SMB2_SESSION_FLAG_ENCRYPT_DATA) != 0);
	return NT_STATUS_OK;
}

NTSTATUS cli_session_setup_recv(struct tevent_req *req,
				struct cli_session **out)
{
	struct setup_state *state = tevent_req_data(req, struct setup_state);
	NTSTATUS status = req_status(req);

	if (NT_STATUS_IS_OK(status)) {
		*out = talloc_move(state->conn, &state->session);
	}
	tevent_req_received(req);
	return status;
}

NTSTATUS cli_session_reauth_recv(struct tevent_req *req)
{
	NTSTATUS status = req_status(req);

	tevent_req_received(req);
	return status;
}

struct tevent_req *cli_logoff_send(TALLOC_CTX *mem_ctx,
				   struct cli_session *session)
{
	struct cli_message m = cli_message(mem_ctx, SMB2_LOGOFF, session, NULL);

	smb2_simple_encode(&m.w);
	return cli_request_send(mem_ctx, session->conn, &m, 1);
}

NTSTATUS cli_logoff_recv(struct tevent_req *req)
{
	struct cli_reply reply;
	TALLOC_CTX *tmp = talloc_new(NULL);
	NTSTATUS status = cli_request_recv_one(req, tmp, &reply);

	talloc_free(tmp);
	return status;
}

uint64_t cli_session_id(const struct cli_session *session)
{
	return session->id;
}

struct cli_conn *cli_session_conn(const struct cli_session *session)
{
	return session->conn;
}

uint16_t cli_session_flags(const struct cli_session *session)
{
	return session->flags;
}

bool cli_session_encrypts(const struct cli_session *session)
{
	return session->encrypt;
}

void cli_session_set_encrypt(struct cli_session *session, bool encrypt)
{
	session->encrypt = encrypt && session->encryptor != NULL;
}

void cli_session_set_sign(struct cli_session *session, bool sign)
{
	session->sign = sign && session->signer != NULL;
}

struct blob cli_session_application_key(const struct cli_session *session)
{
	return (struct blob){(uint8_t *)(uintptr_t)session->keys.application,
			     sizeof(session->keys.application)};
}
