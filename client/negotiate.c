/* client/negotiate.c - NEGOTIATE. */
#include "client/negotiate.h"

#include <string.h>

#include "client/conn_int.h"
#include "lib/crypto.h"
#include "lib/utf16.h"
#include "smb2/negotiate.h"

#define SALT_SIZE    32
#define CONTEXTS_MAX 4096

static const uint16_t all_dialects[] = {SMB2_DIALECT_202, SMB2_DIALECT_210,
					SMB2_DIALECT_300, SMB2_DIALECT_302,
					SMB2_DIALECT_311};

static const struct smb2_id_list all_ciphers = {
	.count = 4,
	.ids = {SMB2_ENCRYPTION_AES128_GCM, SMB2_ENCRYPTION_AES128_CCM,
		SMB2_ENCRYPTION_AES256_GCM, SMB2_ENCRYPTION_AES256_CCM}};

static const struct smb2_id_list all_signing = {
	.count = 3,
	.ids = {SMB2_SIGNING_AES_GMAC, SMB2_SIGNING_AES_CMAC,
		SMB2_SIGNING_HMAC_SHA256}};

struct negotiate_state {
	struct cli_conn *conn;
	bool offers_311;
};

static void negotiate_answered(struct tevent_req *subreq);

/* The contexts, written to their own buffer on mem_ctx. */
static struct wire_reader put_contexts(TALLOC_CTX *mem_ctx,
				       const struct cli_negotiate_options *o,
				       uint16_t *out_count)
{
	uint8_t *salt = talloc_array(mem_ctx, uint8_t, SALT_SIZE);
	struct wire_writer w = wire_writer(mem_ctx, CONTEXTS_MAX);
	struct smb2_negotiate_contexts c = {0};
	struct blob name = {0}, out = {0};

	if (salt == NULL) {
		return (struct wire_reader){.failed = true};
	}
	crypto_random(salt, SALT_SIZE);
	c.preauth.present = true;
	c.preauth.hashes =
		(struct smb2_id_list){1, {SMB2_PREAUTH_INTEGRITY_SHA512}};
	c.preauth.salt = wire_reader(salt, SALT_SIZE);
	c.encryption.present = true;
	c.encryption.ciphers = o->ciphers.count > 0 ? o->ciphers : all_ciphers;
	c.signing.present = true;
	c.signing.algorithms = o->signing.count > 0 ? o->signing : all_signing;
	if (o->netname != NULL &&
	    NT_STATUS_IS_OK(utf8_to_utf16(mem_ctx, o->netname, &name))) {
		c.netname.present = true;
		c.netname.name = wire_reader(name.data, name.length);
	}
	c.posix.present = o->posix;
	*out_count = smb2_negotiate_contexts_put(&w, &c);
	if (!NT_STATUS_IS_OK(wire_finish(&w, &out))) {
		return (struct wire_reader){.failed = true};
	}
	return wire_reader(out.data, out.length);
}

static void remember(struct cli_negotiated *n,
		     const struct smb2_negotiate_request *in)
{
	n->client_dialect_count = in->dialect_count;
	memcpy(n->client_dialects, in->dialects,
	       in->dialect_count * sizeof(uint16_t));
	n->client_security_mode = in->security_mode;
	n->client_capabilities = in->capabilities;
	n->client_guid = in->client_guid;
}

static struct smb2_negotiate_request make_request(
	const struct cli_negotiate_options *o)
{
	struct smb2_negotiate_request in = {
		.security_mode = o->security_mode != 0
					 ? o->security_mode
					 : SMB2_NEGOTIATE_SIGNING_ENABLED,
		.capabilities = o->capabilities,
		.client_guid = o->client_guid,
		.dialect_count = o->dialect_count,
	};

	if (in.capabilities == 0 && !o->no_capabilities) {
		in.capabilities = SMB2_GLOBAL_CAP_LARGE_MTU |
				  SMB2_GLOBAL_CAP_LEASING |
				  SMB2_GLOBAL_CAP_DIRECTORY_LEASING |
				  SMB2_GLOBAL_CAP_ENCRYPTION;
	}
	if (guid_is_zero(&in.client_guid)) {
		in.client_guid = guid_random();
	}
	memcpy(in.dialects, o->dialects, sizeof(o->dialects));
	if (in.dialect_count == 0) {
		in.dialect_count =
			sizeof(all_dialects) / sizeof(all_dialects[0]);
		memcpy(in.dialects, all_dialects, sizeof(all_dialects));
	}
	return in;
}

struct cli_message cli_negotiate_message(
	TALLOC_CTX *mem_ctx, struct cli_conn *conn,
	const struct cli_negotiate_options *options)
{
	const struct cli_negotiate_options none = {0};
	const struct cli_negotiate_options *o =
		options != NULL ? options : &none;
	struct cli_message m = cli_message(mem_ctx, SMB2_NEGOTIATE, NULL, NULL);
	struct smb2_negotiate_request in = make_request(o);

	if (smb2_negotiate_has_dialect(&in, SMB2_DIALECT_311)) {
		in.contexts = put_contexts(mem_ctx, o, &in.context_count);
	}
	remember(&conn->negotiated, &in);
	smb2_negotiate_request_encode(&m.w, &in);
	return m;
}

struct tevent_req *cli_negotiate_send(
	TALLOC_CTX *mem_ctx, struct cli_conn *conn,
	const struct cli_negotiate_options *options)
{
	struct negotiate_state *state;
	struct tevent_req *req, *subreq;
	struct cli_message m;

	req = tevent_req_create(mem_ctx, &state, struct negotiate_state);
	if (req == NULL) {
		return NULL;
	}
	state->conn = conn;
	m = cli_negotiate_message(state, conn, options);
	subreq = cli_request_send(state, conn, &m, 1);
	if (tevent_req_nomem(subreq, req)) {
		return tevent_req_post(req, conn->ev);
	}
	tevent_req_set_callback(subreq, negotiate_answered, req);
	return req;
}

static NTSTATUS take_contexts(struct cli_negotiated *n,
			      const struct smb2_negotiate_response *r)
{
	struct smb2_negotiate_contexts c;
	NTSTATUS status;

	n->signing = SMB2_SIGNING_AES_CMAC;
	n->cipher = SMB2_ENCRYPTION_NONE;
	n->posix = false;
	if (r->dialect < SMB2_DIALECT_311) {
		if ((r->capabilities & SMB2_GLOBAL_CAP_ENCRYPTION) != 0) {
			n->cipher = SMB2_ENCRYPTION_AES128_CCM;
		}
		n->signing = smb2_signing_for_dialect(r->dialect,
						      SMB2_SIGNING_HMAC_SHA256);
		return NT_STATUS_OK;
	}
	status = smb2_negotiate_contexts_decode(r->contexts, r->context_count,
						&c);
	/* [MS-SMB2] 3.2.5.2: one hash, which must be SHA-512 */
	if (!NT_STATUS_IS_OK(status) || !c.preauth.present ||
	    c.preauth.hashes.count != 1 ||
	    c.preauth.hashes.ids[0] != SMB2_PREAUTH_INTEGRITY_SHA512) {
		return NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	if (c.encryption.present) {
		if (c.encryption.ciphers.count != 1) {
			return NT_STATUS(INVALID_NETWORK_RESPONSE);
		}
		n->cipher = c.encryption.ciphers.ids[0];
	}
	if (c.signing.present) {
		if (c.signing.algorithms.count != 1) {
			return NT_STATUS(INVALID_NETWORK_RESPONSE);
		}
		n->signing = c.signing.algorithms.ids[0];
	}
	n->posix = c.posix.present;
	return NT_STATUS_OK;
}

static bool was_offered(const struct cli_negotiated *n, uint16_t dialect)
{
	for (uint16_t i = 0; i < n->client_dialect_count; i++) {
		if (n->client_dialects[i] == dialect) {
			return true;
		}
	}
	return false;
}

static NTSTATUS take_response(struct cli_conn *conn,
			      const struct smb2_negotiate_response *r)
{
	struct cli_negotiated *n = &conn->negotiated;
	NTSTATUS status;

	if (!was_offered(n, r->dialect)) {
		return NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	status = take_contexts(n, r);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	n->security_buffer.length = wire_left(&r->security_buffer);
	n->security_buffer.data = talloc_memdup(conn, r->security_buffer.data,
						n->security_buffer.length);
	n->dialect = r->dialect;
	n->security_mode = r->security_mode;
	n->server_guid = r->server_guid;
	n->capabilities = r->capabilities;
	n->max_transact_size = r->max_transact_size;
	n->max_read_size = r->max_read_size;
	n->max_write_size = r->max_write_size;
	n->system_time = r->system_time;
	n->server_start_time = r->server_start_time;
	return NT_STATUS_OK;
}

static void negotiate_answered(struct tevent_req *subreq)
{
	struct tevent_req *req =
		tevent_req_callback_data(subreq, struct tevent_req);
	struct negotiate_state *state =
		tevent_req_data(req, struct negotiate_state);
	struct blob sent = cli_request_pdu(subreq, 0);
	struct iovec iov = {sent.data, sent.length};
	struct smb2_negotiate_response r;
	struct cli_reply reply;
	NTSTATUS status;

	smb2_preauth_update(&state->conn->preauth, &iov, 1);
	status = cli_request_recv_one(subreq, state, &reply);
	TALLOC_FREE(subreq);
	if (req_failed(req, status)) {
		return;
	}
	iov = (struct iovec){(void *)(uintptr_t)reply.pdu.data,
			     reply.pdu.length};
	smb2_preauth_update(&state->conn->preauth, &iov, 1);
	status = smb2_negotiate_response_decode(reply.pdu, &r);
	if (!NT_STATUS_IS_OK(status)) {
		status = NT_STATUS(INVALID_NETWORK_RESPONSE);
	} else {
		status = take_response(state->conn, &r);
	}
	if (!req_failed(req, status)) {
		tevent_req_done(req);
	}
}

NTSTATUS cli_negotiate_recv(struct tevent_req *req)
{
	NTSTATUS status = req_status(req);

	tevent_req_received(req);
	return status;
}
