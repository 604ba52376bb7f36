/* client/tree.c - TREE_CONNECT and TREE_DISCONNECT. */
#include "client/tree.h"

#include <string.h>

#include "client/conn_int.h"
#include "client/file.h"
#include "lib/utf16.h"
#include "smb2/negotiate.h"
#include "smb2/simple.h"
#include "smb2/tree_connect.h"

struct tree_state {
	struct cli_session *session;
	struct cli_tree *tree;
};

static void tree_answered(struct tevent_req *subreq);
static void tree_validated(struct tevent_req *subreq);

static char *share_path(TALLOC_CTX *mem_ctx, const struct cli_conn *conn,
			const char *share)
{
	const char *remote = cli_transport_remote(conn->transport);
	const char *colon = strrchr(remote, ':');

	if (share[0] == '\\') {
		return talloc_strdup(mem_ctx, share);
	}
	return talloc_asprintf(mem_ctx, "\\\\%.*s\\%s",
			       (int)(colon != NULL ? colon - remote : 0),
			       remote, share);
}

static struct cli_message tree_message(TALLOC_CTX *mem_ctx,
				       struct cli_session *session,
				       const char *share)
{
	struct cli_message m =
		cli_message(mem_ctx, SMB2_TREE_CONNECT, session, NULL);
	struct smb2_tree_connect_request in = {0};
	char *path = share_path(mem_ctx, session->conn, share);
	struct blob name = {0};

	if (path == NULL ||
	    !NT_STATUS_IS_OK(utf8_to_utf16(mem_ctx, path, &name))) {
		m.w.failed = true;
		return m;
	}
	in.path = wire_reader(name.data, name.length);
	smb2_tree_connect_request_encode(&m.w, &in);
	return m;
}

struct tevent_req *cli_tree_connect_send(TALLOC_CTX *mem_ctx,
					 struct cli_session *session,
					 const char *share)
{
	struct tree_state *state;
	struct tevent_req *req, *subreq;
	struct cli_message m;

	req = tevent_req_create(mem_ctx, &state, struct tree_state);
	if (req == NULL) {
		return NULL;
	}
	state->session = session;
	if (req_failed(req, session->conn->down)) {
		return tevent_req_post(req, session->conn->ev);
	}
	m = tree_message(state, session, share);
	subreq = cli_request_send(state, session->conn, &m, 1);
	if (tevent_req_nomem(subreq, req)) {
		return tevent_req_post(req, session->conn->ev);
	}
	tevent_req_set_callback(subreq, tree_answered, req);
	return req;
}

static NTSTATUS make_tree(struct tree_state *state,
			  const struct cli_reply *reply)
{
	struct smb2_tree_connect_response r;
	struct cli_tree *tree;

	if (!NT_STATUS_IS_OK(
		    smb2_tree_connect_response_decode(reply->pdu, &r))) {
		return NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	tree = talloc_zero(state, struct cli_tree);
	if (tree == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*tree = (struct cli_tree){
		.session = state->session,
		.id = reply->header.tree_id,
		.share_type = r.share_type,
		.share_flags = r.share_flags,
		.capabilities = r.capabilities,
		.maximal_access = r.maximal_access,
	};
	tree->encrypt = state->session->encryptor != NULL &&
			(r.share_flags & SMB2_SHAREFLAG_ENCRYPT_DATA) != 0;
	state->tree = tree;
	return NT_STATUS_OK;
}

/* [MS-SMB2] 3.2.5.5; it must be signed, so a guest cannot. */
static bool must_validate(const struct cli_session *session)
{
	uint16_t dialect = session->conn->negotiated.dialect;

	return session->signer != NULL && dialect >= SMB2_DIALECT_300 &&
	       dialect < SMB2_DIALECT_311;
}

static void tree_answered(struct tevent_req *subreq)
{
	struct tevent_req *req =
		tevent_req_callback_data(subreq, struct tevent_req);
	struct tree_state *state = tevent_req_data(req, struct tree_state);
	struct cli_reply reply;
	NTSTATUS status = cli_request_recv_one(subreq, state, &reply);

	TALLOC_FREE(subreq);
	if (req_failed(req, status) ||
	    req_failed(req, make_tree(state, &reply))) {
		return;
	}
	if (!must_validate(state->session)) {
		tevent_req_done(req);
		return;
	}
	subreq = cli_validate_negotiate_send(state, state->tree);
	if (tevent_req_nomem(subreq, req)) {
		return;
	}
	tevent_req_set_callback(subreq, tree_validated, req);
}

static void tree_validated(struct tevent_req *subreq)
{
	struct tevent_req *req =
		tevent_req_callback_data(subreq, struct tevent_req);
	NTSTATUS status = cli_validate_negotiate_recv(subreq);

	TALLOC_FREE(subreq);
	if (!req_failed(req, status)) {
		tevent_req_done(req);
	}
}

NTSTATUS cli_tree_connect_recv(struct tevent_req *req, struct cli_tree **out)
{
	struct tree_state *state = tevent_req_data(req, struct tree_state);
	NTSTATUS status = req_status(req);

	if (NT_STATUS_IS_OK(status)) {
		*out = talloc_move(state->session, &state->tree);
	}
	tevent_req_received(req);
	return status;
}

struct tevent_req *cli_tree_disconnect_send(TALLOC_CTX *mem_ctx,
					    struct cli_tree *tree)
{
	struct cli_message m =
		cli_message(mem_ctx, SMB2_TREE_DISCONNECT, tree->session, tree);

	smb2_simple_encode(&m.w);
	return cli_request_send(mem_ctx, tree->session->conn, &m, 1);
}

NTSTATUS cli_tree_disconnect_recv(struct tevent_req *req)
{
	struct cli_reply reply;
	TALLOC_CTX *tmp = talloc_new(NULL);
	NTSTATUS status = cli_request_recv_one(req, tmp, &reply);

	talloc_free(tmp);
	return status;
}

/* --- validation ----------------------------------------------------------- */

struct validate_state {
	struct cli_tree *tree;
};

static void validate_answered(struct tevent_req *subreq);

struct tevent_req *cli_validate_negotiate_send(TALLOC_CTX *mem_ctx,
					       struct cli_tree *tree)
{
	struct cli_conn *conn = tree->session->conn;
	const struct cli_negotiated *n = &conn->negotiated;
	struct smb2_validate_negotiate_request v = {
		.capabilities = n->client_capabilities,
		.client_guid = n->client_guid,
		.security_mode = n->client_security_mode,
		.dialect_count = n->client_dialect_count,
	};
	uint8_t buffer[64];
	struct wire_writer w = wire_writer_fixed(buffer, sizeof(buffer));
	struct smb2_ioctl_request in = {
		.ctl_code = FSCTL_VALIDATE_NEGOTIATE_INFO,
		.id = SMB2_FILE_ID_RELATED,
		.max_output_response = SMB2_VALIDATE_NEGOTIATE_RESPONSE_SIZE,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
	};
	struct validate_state *state;
	struct tevent_req *req, *subreq;
	struct cli_message m;

	req = tevent_req_create(mem_ctx, &state, struct validate_state);
	if (req == NULL) {
		return NULL;
	}
	state->tree = tree;
	memcpy(v.dialects, n->client_dialects, sizeof(n->client_dialects));
	smb2_validate_negotiate_request_put(&w, &v);
	in.input = wire_reader(buffer, w.length);
	m = cli_ioctl_message(state, tree, &in);
	m.twist.set = CLI_TWIST_SIGNED;
	subreq = cli_request_send(state, conn, &m, 1);
	if (tevent_req_nomem(subreq, req)) {
		return tevent_req_post(req, conn->ev);
	}
	tevent_req_set_callback(subreq, validate_answered, req);
	return req;
}

static void validate_answered(struct tevent_req *subreq)
{
	struct tevent_req *req =
		tevent_req_callback_data(subreq, struct tevent_req);
	struct validate_state *state =
		tevent_req_data(req, struct validate_state);
	const struct cli_negotiated *n =
		&state->tree->session->conn->negotiated;
	struct smb2_validate_negotiate_response v;
	struct smb2_ioctl_response r;
	NTSTATUS status = cli_ioctl_recv(subreq, state, &r);

	TALLOC_FREE(subreq);
	if (req_failed(req, status)) {
		return;
	}
	status = smb2_validate_negotiate_response_decode(r.output, &v);
	if (!NT_STATUS_IS_OK(status) || v.dialect != n->dialect ||
	    v.capabilities != n->capabilities ||
	    v.security_mode != n->security_mode ||
	    !guid_equal(&v.server_guid, &n->server_guid)) {
		(void)req_failed(req, NT_STATUS(ACCESS_DENIED));
		return;
	}
	tevent_req_done(req);
}

NTSTATUS cli_validate_negotiate_recv(struct tevent_req *req)
{
	NTSTATUS status = req_status(req);

	tevent_req_received(req);
	return status;
}

/* --- small things --------------------------------------------------------- */

struct cli_tree *cli_tree_over(struct cli_session *channel,
			       const struct cli_tree *tree)
{
	struct cli_tree *over = talloc_zero(channel, struct cli_tree);

	if (over != NULL) {
		*over = *tree;
		over->session = channel;
	}
	return over;
}

uint32_t cli_tree_id(const struct cli_tree *tree)
{
	return tree->id;
}

struct cli_session *cli_tree_session(const struct cli_tree *tree)
{
	return tree->session;
}

struct cli_conn *cli_tree_conn(const struct cli_tree *tree)
{
	return tree->session->conn;
}

uint8_t cli_tree_share_type(const struct cli_tree *tree)
{
	return tree->share_type;
}

uint32_t cli_tree_share_flags(const struct cli_tree *tree)
{
	return tree->share_flags;
}

uint32_t cli_tree_capabilities(const struct cli_tree *tree)
{
	return tree->capabilities;
}

uint32_t cli_tree_maximal_access(const struct cli_tree *tree)
{
	return tree->maximal_access;
}

void cli_tree_set_encrypt(struct cli_tree *tree, bool encrypt)
{
	tree->encrypt = encrypt && tree->session->encryptor != NULL;
}
