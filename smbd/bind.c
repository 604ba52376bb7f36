/* smbd/bind.c - see bind.h.
 *
 * Sessions are bound within one process: a client's further connections are
 * handed to the child that has its first (handover.h).  Of a session of another
 * process the record says what to refuse it for. */
#include "smbd/bind.h"

#include <string.h>

#include "auth/auth.h"
#include "idl/token_gen.h"
#include "lib/conf.h"
#include "locking/locking.h"
#include "locking/session_store.h"
#include "smb2/keys.h"
#include "smb2/sign.h"
#include "smbd/bind_refuse.h"
#include "smbd/channel.h"
#include "smbd/client.h"
#include "smbd/id_table.h"
#include "smbd/request.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/tree.h"

/* --- may it? ------------------------------------------------------------- */

static bool is_gmac(uint16_t algorithm)
{
	return algorithm == SMB2_SIGNING_AES_GMAC;
}

/* That the connections were negotiated alike.  Windows: the algorithms as well,
 * and in this order (smbtorture's smb2.session.bind_negative_*). */
static NTSTATUS check_alike(const struct smbd_request *req,
			    const struct session_record *rec)
{
	const struct smbd_negotiated *n = &req->conn->negotiated;
	uint16_t signing = smb2_signing_for_dialect(n->dialect, n->signing);

	if (is_gmac(rec->signing_algorithm) && !is_gmac(signing)) {
		return NT_STATUS(REQUEST_OUT_OF_SEQUENCE);
	}
	if (!is_gmac(rec->signing_algorithm) && is_gmac(signing)) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	if (!smbd_is_3x(req->conn) ||
	    !conf_global(req->client->server->conf)->multi_channel) {
		return NT_STATUS(REQUEST_NOT_ACCEPTED);
	}
	if (rec->dialect != n->dialect || rec->cipher != n->cipher ||
	    (req->hdr.flags & SMB2_FLAGS_SIGNED) == 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return NT_STATUS_OK;
}

/* One of another process: another client's, or one that never came here. */
static NTSTATUS refuse_foreign(struct smbd_request *req)
{
	struct session_record rec;
	NTSTATUS status =
		session_store_get(req, req->client->server->locking->sessions,
				  req->hdr.session_id, &rec);

	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS(USER_SESSION_DELETED);
	}
	status = check_alike(req, &rec);
	if (NT_STATUS_IS_OK(status)) {
		status = NT_STATUS(USER_SESSION_DELETED);
	}
	return smbd_bind_refuse(req, &rec.owner, status);
}

static NTSTATUS check_state(const struct smbd_session *session)
{
	if (session->state == SMBD_SESSION_EXPIRED) {
		return NT_STATUS(NETWORK_SESSION_EXPIRED);
	}
	if (session->state != SMBD_SESSION_VALID) {
		return NT_STATUS(REQUEST_NOT_ACCEPTED);
	}
	if (session->user->is_guest || session->user->is_anonymous ||
	    session->signer == NULL) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	return NT_STATUS_OK;
}

/* The shares that are connected must be for who comes from there. */
static NTSTATUS check_address(const struct smbd_request *req,
			      const struct smbd_session *session)
{
	const struct smbd_tree *tree;
	uint32_t cursor = 0;

	while ((tree = id_table_next(session->trees, &cursor)) != NULL) {
		if (!smbd_tree_is_for_address(tree, req->conn->address)) {
			return NT_STATUS(ACCESS_DENIED);
		}
	}
	return NT_STATUS_OK;
}

static NTSTATUS check_session(struct smbd_request *req,
			      struct smbd_session *session)
{
	bool is_signed = (req->hdr.flags & SMB2_FLAGS_SIGNED) != 0;
	NTSTATUS status;

	if (is_signed && session->signer != NULL) {
		status = smb2_verify_pdu(session->signer, req->pdu);
		if (!NT_STATUS_IS_OK(status)) {
			return NT_STATUS(ACCESS_DENIED);
		}
		req->was_signed = true;
		req->signer = session->signer;
	}
	status = check_alike(req, session->record);
	if (NT_STATUS_IS_OK(status) &&
	    !guid_equal(&session->record->client_guid,
			&req->conn->negotiated.client_guid)) {
		status = NT_STATUS(USER_SESSION_DELETED);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = check_state(session);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = check_address(req, session);
	}
	return status;
}

/* The session has a channel here already.  Windows: what the connection's own
 * algorithm would not have signed is refused for that
 * (smb2.session.bind_negative_smb3signCtoHs). */
static NTSTATUS refuse_again(struct smbd_request *req)
{
	const struct smbd_negotiated *n = &req->conn->negotiated;

	smbd_bind_sign_refusal(req);
	return req->session->record->signing_algorithm ==
			       smb2_signing_for_dialect(n->dialect, n->signing)
		       ? NT_STATUS(REQUEST_NOT_ACCEPTED)
		       : NT_STATUS(ACCESS_DENIED);
}

NTSTATUS smbd_bind_begin(struct smbd_request *req)
{
	struct smbd_session *session;
	struct smbd_channel *channel;
	NTSTATUS status;

	if (req->session != NULL) {
		return refuse_again(req);
	}
	session = smbd_session_lookup(req->client, req->hdr.session_id);
	if (session == NULL || session->state == SMBD_SESSION_CLOSING) {
		return refuse_foreign(req);
	}
	status = check_session(req, session);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	channel = smbd_channel_of(session, req->conn);
	if (channel == NULL) {
		status =
			smbd_channel_create(session, req->conn, true, &channel);
	} else if (channel->logon_busy) {
		status = NT_STATUS(REQUEST_NOT_ACCEPTED);
	}
	if (NT_STATUS_IS_OK(status)) {
		req->session = session;
		req->channel = channel;
	}
	return status;
}

void smbd_bind_sign_refusal(struct smbd_request *req)
{
	const struct smbd_session *session =
		smbd_session_lookup(req->client, req->hdr.session_id);
	struct smb2_signer *signer;

	if (session != NULL && session->state != SMBD_SESSION_CLOSING) {
		signer = session->signer;
	} else {
		signer =
			smbd_connection_old_key(req->conn, req->hdr.session_id);
	}
	if (signer != NULL && (req->hdr.flags & SMB2_FLAGS_SIGNED) != 0 &&
	    NT_STATUS_IS_OK(smb2_verify_pdu(signer, req->pdu))) {
		req->was_signed = true;
		req->signer = signer;
	}
}

NTSTATUS smbd_bind_missing(struct smbd_request *req)
{
	struct session_record rec;
	NTSTATUS status = NT_STATUS(USER_SESSION_DELETED);

	smbd_bind_sign_refusal(req);
	if (req->was_signed ||
	    !NT_STATUS_IS_OK(session_store_get(
		    req, req->client->server->locking->sessions,
		    req->hdr.session_id, &rec))) {
		return status;
	}
	return smbd_bind_refuse(req, &rec.owner, status);
}

/* --- the outcome --------------------------------------------------------- */

NTSTATUS smbd_bind_complete(struct smbd_request *req,
			    const struct auth_user *user)
{
	const struct smbd_session *session = req->session;
	uint16_t dialect = session->record->dialect;
	uint8_t key[16];
	NTSTATUS status;

	if (user->is_guest || user->is_anonymous ||
	    !sid_equal(&user->token->sids[0], &session->user->token->sids[0])) {
		return NT_STATUS(ACCESS_DENIED);
	}
	smb2_derive_channel_signing_key(
		key, dialect, user->session_key, sizeof(user->session_key),
		dialect == SMB2_DIALECT_311 ? &req->channel->preauth : NULL);
	status = smbd_channel_bound(req->channel, key);
	explicit_bzero(key, sizeof(key));
	return status;
}

void smbd_bind_fail(struct smbd_request *req)
{
	TALLOC_FREE(req->channel);
}
