/* smbd/smb2_negotiate.c - NEGOTIATE: [MS-SMB2] 3.3.5.4. */
#include <string.h>

#include "lib/crypto.h"
#include "lib/log.h"
#include "smb2/negotiate_contexts.h"
#include "smbd/client.h"
#include "smbd/handlers.h"
#include "smbd/negotiate.h"
#include "smbd/server.h"

#define SALT_SIZE 32

/* What the client's contexts were, for 3.1.1. */
struct negotiate_state {
	struct smb2_negotiate_contexts in;
	bool offered; /* encryption, by this server */
};

static NTSTATUS choose_algorithms(struct smbd_negotiated *n,
				  const struct smbd_offer *offer,
				  const struct smb2_negotiate_contexts *in)
{
	if (!in->preauth.present) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (!smb2_id_list_has(&in->preauth.hashes,
			      SMB2_PREAUTH_INTEGRITY_SHA512)) {
		return NT_STATUS(SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP);
	}
	if (offer->encryption && in->encryption.present) {
		n->cipher = (enum smb2_cipher)smbd_choose_cipher(
			&in->encryption.ciphers);
	}
	n->encryption = n->cipher != SMB2_ENCRYPTION_NONE;
	n->posix_asked = in->posix.present;
	n->posix = offer->posix && in->posix.present;
	if (in->signing.present) {
		n->signing = (enum smb2_signing_algorithm)smbd_choose_signing(
			&in->signing.algorithms);
	}
	return NT_STATUS_OK;
}

/* 3.0 and 3.0.2 know one cipher only. */
static void choose_ccm(struct smbd_negotiated *n,
		       const struct smbd_offer *offer)
{
	if (n->dialect >= SMB2_DIALECT_300 && offer->encryption &&
	    (n->client_capabilities & SMB2_GLOBAL_CAP_ENCRYPTION)) {
		n->cipher = SMB2_ENCRYPTION_AES128_CCM;
		n->encryption = true;
		n->server_capabilities |= SMB2_GLOBAL_CAP_ENCRYPTION;
	}
}

static void remember_client(struct smbd_negotiated *n,
			    const struct smb2_negotiate_request *in)
{
	n->client_security_mode = in->security_mode;
	n->client_capabilities = in->capabilities;
	n->client_guid = in->client_guid;
	n->dialect_count = in->dialect_count;
	memcpy(n->dialects, in->dialects, sizeof(n->dialects));
	n->signing = SMB2_SIGNING_AES_CMAC;
	n->cipher = SMB2_ENCRYPTION_NONE;
	n->encryption = false;
	n->posix_asked = false;
	n->posix = false;
}

static NTSTATUS settle_311(struct smbd_request *req,
			   const struct smb2_negotiate_request *in,
			   const struct smbd_offer *offer)
{
	struct negotiate_state *state =
		talloc_zero(req, struct negotiate_state);
	struct smbd_negotiated *n = &req->conn->negotiated;
	struct iovec iov = {.iov_base = (void *)(uintptr_t)req->pdu.data,
			    .iov_len = req->pdu.length};
	NTSTATUS status;

	if (state == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	req->state = state;
	state->offered = offer->encryption;
	status = smb2_negotiate_contexts_decode(in->contexts, in->context_count,
						&state->in);
	if (NT_STATUS_IS_OK(status)) {
		status = choose_algorithms(n, offer, &state->in);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	n->preauth = (struct smb2_preauth){{0}};
	smb2_preauth_update(&n->preauth, &iov, 1);
	req->frame.hash = &n->preauth;
	return NT_STATUS_OK;
}

NTSTATUS smb2_negotiate_start(struct smbd_request *req)
{
	struct smbd_connection *conn = req->conn;
	struct smbd_negotiated *n = &conn->negotiated;
	struct smbd_offer offer = smbd_offer(req->client->server);
	struct smb2_negotiate_request in;
	uint16_t before = n->dialect;
	NTSTATUS status;

	if (n->dialect != SMBD_DIALECT_NONE &&
	    n->dialect != SMB2_DIALECT_WILDCARD) {
		smbd_request_disconnect(req, "a second NEGOTIATE");
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = smb2_negotiate_request_decode(req->pdu, &in);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	remember_client(n, &in);
	n->dialect = smbd_choose_dialect(&offer, in.dialects, in.dialect_count);
	if (n->dialect == 0) {
		n->dialect = before;
		return NT_STATUS(NOT_SUPPORTED);
	}
	smbd_negotiate_limits(conn);
	if (n->dialect == SMB2_DIALECT_311) {
		status = settle_311(req, &in, &offer);
	} else {
		choose_ccm(n, &offer);
	}
	if (!NT_STATUS_IS_OK(status)) {
		n->dialect = before;
	}
	return status;
}

/* The server's contexts: of those the client sent, with the choices made. */
static struct blob put_contexts(TALLOC_CTX *mem_ctx,
				const struct smbd_negotiated *n,
				const struct negotiate_state *state,
				uint16_t *out_count)
{
	struct smb2_negotiate_contexts c = {0};
	struct wire_writer w = wire_writer(mem_ctx, 1024);
	struct blob out = {0};
	uint8_t salt[SALT_SIZE];

	crypto_random(salt, sizeof(salt));
	c.preauth.present = true;
	c.preauth.hashes.count = 1;
	c.preauth.hashes.ids[0] = SMB2_PREAUTH_INTEGRITY_SHA512;
	c.preauth.salt = wire_reader(salt, sizeof(salt));
	/* Also when there is no cipher in common: then it says 0. */
	c.encryption.present = state->offered && state->in.encryption.present;
	c.encryption.ciphers.count = 1;
	c.encryption.ciphers.ids[0] = (uint16_t)n->cipher;
	c.signing.present = state->in.signing.present;
	c.signing.algorithms.count = 1;
	c.signing.algorithms.ids[0] = (uint16_t)n->signing;
	c.posix.present = n->posix;
	*out_count = smb2_negotiate_contexts_put(&w, &c);
	if (!NT_STATUS_IS_OK(wire_finish(&w, &out))) {
		*out_count = 0;
	}
	return out;
}

NTSTATUS smb2_negotiate_reply(struct smbd_request *req, struct wire_writer *w,
			      NTSTATUS status)
{
	struct smbd_connection *conn = req->conn;
	struct smbd_negotiated *n = &conn->negotiated;
	struct smb2_negotiate_response r = smbd_negotiate_response(conn);
	struct blob contexts = {0};
	NTSTATUS room;

	if (req->state != NULL) {
		contexts = put_contexts(req, n, req->state, &r.context_count);
		if (r.context_count == 0) {
			return NT_STATUS(NO_MEMORY);
		}
		r.contexts = wire_reader(contexts.data, contexts.length);
	}
	room = smbd_reply_room(req, 128 + req->client->server->hello.length +
					    contexts.length);
	if (!NT_STATUS_IS_OK(room)) {
		return room;
	}
	smb2_negotiate_response_encode(w, &r);
	if (n->dialect == SMB2_DIALECT_311 && n->encryption) {
		n->server_capabilities |= SMB2_GLOBAL_CAP_ENCRYPTION;
	}
	LOG_INFO(LOG_SMB2, "%s: dialect %x, cipher %d, signing %d",
		 conn->address, n->dialect, n->cipher, n->signing);
	return status;
}
