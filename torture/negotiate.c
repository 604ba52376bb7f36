/* torture/negotiate.c - NEGOTIATE ([MS-SMB2] 3.3.5.3, 3.3.5.4). */
#include <string.h>

#include "smb2/negotiate.h"
#include "torture/features.h"
#include "torture/util.h"

/* --- the dialects --------------------------------------------------------- */

static void check_dialect(struct torture *t, uint16_t dialect)
{
	struct cli_conn *conn = torture_dialect(t, dialect);
	const struct cli_negotiated *n = cli_conn_negotiated(conn);

	EQUAL(n->dialect, dialect);
	CHECK((n->security_mode & SMB2_NEGOTIATE_SIGNING_ENABLED) != 0);
	CHECK(n->max_transact_size >= 65536);
	CHECK(n->max_read_size >= 65536);
	CHECK(n->max_write_size >= 65536);
	CHECK(!guid_is_zero(&n->server_guid));
	if (dialect == SMB2_DIALECT_202) {
		EQUAL(n->capabilities & SMB2_GLOBAL_CAP_LARGE_MTU, 0);
	}
	torture_tree_on(t, torture_session_on(t, conn));
}

static void dialect_202(struct torture *t)
{
	check_dialect(t, SMB2_DIALECT_202);
}

static void dialect_210(struct torture *t)
{
	check_dialect(t, SMB2_DIALECT_210);
}

static void dialect_300(struct torture *t)
{
	check_dialect(t, SMB2_DIALECT_300);
}

static void dialect_302(struct torture *t)
{
	check_dialect(t, SMB2_DIALECT_302);
}

static void dialect_311(struct torture *t)
{
	check_dialect(t, SMB2_DIALECT_311);
}

static void greatest_common_dialect(struct torture *t)
{
	struct cli_negotiate_options o = {
		.dialects = {SMB2_DIALECT_300, SMB2_DIALECT_202,
			     SMB2_DIALECT_210},
		.dialect_count = 3,
	};
	struct cli_conn *conn = torture_negotiate_with(t, &o);

	EQUAL(cli_conn_negotiated(conn)->dialect, SMB2_DIALECT_300);
}

/* --- requests as they should not be --------------------------------------- */

static struct smb2_negotiate_request request_for(uint16_t dialect)
{
	return (struct smb2_negotiate_request){
		.security_mode = SMB2_NEGOTIATE_SIGNING_ENABLED,
		.capabilities = SMB2_GLOBAL_CAP_ENCRYPTION,
		.client_guid = guid_random(),
		.dialect_count = 1,
		.dialects = {dialect},
	};
}

static NTSTATUS call(struct torture *t, struct cli_conn *conn,
		     const struct smb2_negotiate_request *in,
		     struct cli_reply *reply)
{
	struct cli_message m = cli_message(t->mem, SMB2_NEGOTIATE, NULL, NULL);

	smb2_negotiate_request_encode(&m.w, in);
	return cli_call(t->mem, conn, &m, reply);
}

static void unknown_dialect(struct torture *t)
{
	struct smb2_negotiate_request in = request_for(0x0999);
	struct cli_reply reply;

	STATUS(call(t, torture_connect(t), &in, &reply), NOT_SUPPORTED);
}

static void no_dialects(struct torture *t)
{
	struct smb2_negotiate_request in = request_for(0);
	struct cli_reply reply;

	in.dialect_count = 0;
	STATUS(call(t, torture_connect(t), &in, &reply), INVALID_PARAMETER);
}

static void dialect_count_too_big(struct torture *t)
{
	struct smb2_negotiate_request in = request_for(SMB2_DIALECT_210);
	struct cli_message m = cli_message(t->mem, SMB2_NEGOTIATE, NULL, NULL);
	struct cli_reply reply;

	smb2_negotiate_request_encode(&m.w, &in);
	wire_patch_u16(&m.w, SMB2_HEADER_SIZE + 2, 0xffff);
	STATUS(cli_call(t->mem, torture_connect(t), &m, &reply),
	       INVALID_PARAMETER);
}

static void signed_negotiate(struct torture *t)
{
	struct smb2_negotiate_request in = request_for(SMB2_DIALECT_210);
	struct cli_message m = cli_message(t->mem, SMB2_NEGOTIATE, NULL, NULL);
	struct cli_reply reply;

	smb2_negotiate_request_encode(&m.w, &in);
	m.flags = SMB2_FLAGS_SIGNED;
	STATUS(cli_call(t->mem, torture_connect(t), &m, &reply),
	       INVALID_PARAMETER);
}

static void second_negotiate(struct torture *t)
{
	struct cli_conn *conn = torture_negotiated(t);
	struct smb2_negotiate_request in = request_for(SMB2_DIALECT_210);
	struct cli_reply reply;

	STATUS_IN(call(t, conn, &in, &reply),
		  NT_STATUS(CONNECTION_DISCONNECTED),
		  NT_STATUS(CONNECTION_RESET));
}

static void request_before_negotiate(struct torture *t)
{
	STATUS_IN(cli_echo(torture_connect(t), NULL),
		  NT_STATUS(CONNECTION_DISCONNECTED),
		  NT_STATUS(CONNECTION_RESET));
}

/* --- negotiate contexts of 3.1.1 ------------------------------------------ */

/* A list of contexts, written by hand. */
struct contexts {
	struct wire_writer w;
	uint16_t count;
};

static struct contexts contexts_new(struct torture *t)
{
	return (struct contexts){.w = wire_writer(t->mem, 65536)};
}

static void put(struct contexts *c, uint16_t type, const void *data,
		uint16_t length)
{
	wire_align(&c->w, 8);
	wire_put_u16(&c->w, type);
	wire_put_u16(&c->w, length);
	wire_put_u32(&c->w, 0);
	wire_put_bytes(&c->w, data, length);
	c->count++;
}

/* Numbers of 16 bits as a context's data. */
static void put_words(struct contexts *c, uint16_t type, const uint16_t *words,
		      size_t n)
{
	uint8_t data[128];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));

	for (size_t i = 0; i < n; i++) {
		wire_put_u16(&w, words[i]);
	}
	put(c, type, data, (uint16_t)w.length);
}

static void put_preauth(struct contexts *c, uint16_t hash)
{
	const uint16_t words[] = {1, 4, hash, 0x1234, 0x5678};

	put_words(c, SMB2_PREAUTH_INTEGRITY_CAPABILITIES, words,
		  COUNT_OF(words));
}

static void put_one_id(struct contexts *c, uint16_t type, uint16_t id)
{
	const uint16_t words[] = {1, id};

	put_words(c, type, words, COUNT_OF(words));
}

static NTSTATUS try_contexts(struct torture *t, const struct contexts *c,
			     struct smb2_negotiate_contexts *out)
{
	struct smb2_negotiate_request in = request_for(SMB2_DIALECT_311);
	struct smb2_negotiate_response r;
	struct cli_reply reply;
	NTSTATUS status;

	in.context_count = c->count;
	in.contexts = wire_reader(c->w.data, c->w.length);
	status = call(t, torture_connect(t), &in, &reply);
	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		torture_skip("the server does not speak 3.1.1");
	}
	if (NT_STATUS_IS_OK(status) && out != NULL) {
		OK(smb2_negotiate_response_decode(reply.pdu, &r));
		EQUAL(r.dialect, SMB2_DIALECT_311);
		OK(smb2_negotiate_contexts_decode(r.contexts, r.context_count,
						  out));
		CHECK(out->preauth.present);
		EQUAL(out->preauth.hashes.count, 1);
		EQUAL(out->preauth.hashes.ids[0],
		      SMB2_PREAUTH_INTEGRITY_SHA512);
	}
	return status;
}

static void unknown_contexts_ignored(struct torture *t)
{
	struct contexts c = contexts_new(t);
	struct smb2_negotiate_contexts out;

	put(&c, 0x4242, "whatever this is", 16);
	put_preauth(&c, SMB2_PREAUTH_INTEGRITY_SHA512);
	put(&c, 0xfffe, "", 0);
	put(&c, 0x4242, "twice", 5);
	OK(try_contexts(t, &c, &out));
}

static void preauth_missing(struct torture *t)
{
	struct contexts c = contexts_new(t);

	put_one_id(&c, SMB2_ENCRYPTION_CAPABILITIES,
		   SMB2_ENCRYPTION_AES128_GCM);
	STATUS(try_contexts(t, &c, NULL), INVALID_PARAMETER);
}

static void preauth_twice(struct torture *t)
{
	struct contexts c = contexts_new(t);

	put_preauth(&c, SMB2_PREAUTH_INTEGRITY_SHA512);
	put_preauth(&c, SMB2_PREAUTH_INTEGRITY_SHA512);
	STATUS(try_contexts(t, &c, NULL), INVALID_PARAMETER);
}

static void preauth_hash_unknown(struct torture *t)
{
	struct contexts c = contexts_new(t);

	put_preauth(&c, 0x7777);
	STATUS(try_contexts(t, &c, NULL),
	       SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP);
}

static void preauth_too_short(struct torture *t)
{
	struct contexts c = contexts_new(t);
	const uint16_t words[] = {1};

	put_words(&c, SMB2_PREAUTH_INTEGRITY_CAPABILITIES, words, 1);
	STATUS(try_contexts(t, &c, NULL), INVALID_PARAMETER);
}

static void twice(struct torture *t, uint16_t type, uint16_t id)
{
	struct contexts c = contexts_new(t);

	put_preauth(&c, SMB2_PREAUTH_INTEGRITY_SHA512);
	put_one_id(&c, type, id);
	put_one_id(&c, type, id);
	STATUS(try_contexts(t, &c, NULL), INVALID_PARAMETER);
}

static void encryption_twice(struct torture *t)
{
	twice(t, SMB2_ENCRYPTION_CAPABILITIES, SMB2_ENCRYPTION_AES128_GCM);
}

static void signing_twice(struct torture *t)
{
	twice(t, SMB2_SIGNING_CAPABILITIES, SMB2_SIGNING_AES_CMAC);
}

static void signing_empty(struct torture *t)
{
	struct contexts c = contexts_new(t);
	const uint16_t words[] = {0, 0};

	put_preauth(&c, SMB2_PREAUTH_INTEGRITY_SHA512);
	put_words(&c, SMB2_SIGNING_CAPABILITIES, words, 2);
	STATUS(try_contexts(t, &c, NULL), INVALID_PARAMETER);
}

static void cipher_selected(struct torture *t)
{
	for (uint16_t cipher = SMB2_ENCRYPTION_AES128_CCM;
	     cipher <= SMB2_ENCRYPTION_AES256_GCM; cipher++) {
		struct contexts c = contexts_new(t);
		struct smb2_negotiate_contexts out;

		put_preauth(&c, SMB2_PREAUTH_INTEGRITY_SHA512);
		put_one_id(&c, SMB2_ENCRYPTION_CAPABILITIES, cipher);
		OK(try_contexts(t, &c, &out));
		CHECK(out.encryption.present);
		EQUAL(out.encryption.ciphers.count, 1);
		EQUAL(out.encryption.ciphers.ids[0], cipher);
	}
}

static void cipher_none_in_common(struct torture *t)
{
	struct contexts c = contexts_new(t);
	struct smb2_negotiate_contexts out;

	put_preauth(&c, SMB2_PREAUTH_INTEGRITY_SHA512);
	put_one_id(&c, SMB2_ENCRYPTION_CAPABILITIES, 0x7777);
	OK(try_contexts(t, &c, &out));
	CHECK(out.encryption.present);
	EQUAL(out.encryption.ciphers.ids[0], SMB2_ENCRYPTION_NONE);
}

static void signing_selected(struct torture *t)
{
	static const struct {
		uint16_t offered, chosen;
	} cases[] = {
		{SMB2_SIGNING_HMAC_SHA256, SMB2_SIGNING_HMAC_SHA256},
		{SMB2_SIGNING_AES_CMAC, SMB2_SIGNING_AES_CMAC},
		{SMB2_SIGNING_AES_GMAC, SMB2_SIGNING_AES_GMAC},
		{0x7777, SMB2_SIGNING_AES_CMAC},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct contexts c = contexts_new(t);
		struct smb2_negotiate_contexts out;

		torture_note("offering 0x%x", cases[i].offered);
		put_preauth(&c, SMB2_PREAUTH_INTEGRITY_SHA512);
		put_one_id(&c, SMB2_SIGNING_CAPABILITIES, cases[i].offered);
		OK(try_contexts(t, &c, &out));
		CHECK(out.signing.present);
		EQUAL(out.signing.algorithms.ids[0], cases[i].chosen);
	}
}

static void context_past_end(struct torture *t)
{
	struct contexts c = contexts_new(t);

	put_preauth(&c, SMB2_PREAUTH_INTEGRITY_SHA512);
	put(&c, 0x4242, "data", 4);
	wire_patch_u16(&c.w, c.w.length - 10, 0xfff0);
	STATUS(try_contexts(t, &c, NULL), INVALID_PARAMETER);
}

static void context_count_too_big(struct torture *t)
{
	struct contexts c = contexts_new(t);

	put_preauth(&c, SMB2_PREAUTH_INTEGRITY_SHA512);
	c.count = 0xffff;
	STATUS(try_contexts(t, &c, NULL), INVALID_PARAMETER);
}

/* --- SMB1's negotiate ----------------------------------------------------- */

static NTSTATUS smb1(struct torture *t, struct cli_conn *conn,
		     struct smb1_negotiate in,
		     struct smb2_negotiate_response *out)
{
	struct wire_writer w = wire_writer(t->mem, 4096);
	struct smb2_header h;
	struct blob frame = {0};
	NTSTATUS status;

	cli_conn_set_raw(conn, true);
	smb1_negotiate_encode(&w, &in);
	OK(cli_raw_send_frame(conn, w.data, w.length));
	status = cli_raw_receive(conn, t->mem, 5000, &frame);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (smb2_protocol_id(wire_reader(frame.data, frame.length)) ==
	    SMB1_PROTOCOL_ID) {
		torture_skip("the server speaks SMB1");
	}
	OK(smb2_header_decode(wire_reader(frame.data, frame.length), &h));
	EQUAL(h.command, SMB2_NEGOTIATE);
	EQUAL(h.message_id, 0);
	OK(h.status);
	OK(smb2_negotiate_response_decode(wire_reader(frame.data, frame.length),
					  out));
	return NT_STATUS_OK;
}

static void smb1_wildcard(struct torture *t)
{
	struct smb1_negotiate in = {.smb_2_002 = true, .smb_2_xxx = true};
	struct smb2_negotiate_response r = {0};

	OK(smb1(t, torture_connect(t), in, &r));
	EQUAL(r.dialect, SMB2_DIALECT_WILDCARD);
	CHECK((r.security_mode & SMB2_NEGOTIATE_SIGNING_ENABLED) != 0);
}

static void smb1_2002(struct torture *t)
{
	struct smb1_negotiate in = {.smb_2_002 = true};
	struct smb2_negotiate_response r = {0};

	OK(smb1(t, torture_connect(t), in, &r));
	EQUAL(r.dialect, SMB2_DIALECT_202);
}

/* A whole session after the multi-protocol start, its hash included: 3.1.1
 * counts from the SMB2 NEGOTIATE on. */
static void smb1_then_smb2(struct torture *t)
{
	struct smb1_negotiate in = {.smb_2_002 = true, .smb_2_xxx = true};
	struct cli_conn *conn = torture_connect(t);
	struct smb2_negotiate_response r = {0};

	OK(smb1(t, conn, in, &r));
	cli_conn_set_raw(conn, false);
	cli_conn_skip_message_ids(conn, 1);
	cli_conn_add_credits(conn, 1);
	OK(cli_negotiate(conn, NULL));
	torture_tree_on(t, torture_session_on(t, conn));
}

static void smb1_alone(struct torture *t)
{
	struct smb1_negotiate in = {0};
	struct smb2_negotiate_response r = {0};

	STATUS_IN(smb1(t, torture_connect(t), in, &r),
		  NT_STATUS(CONNECTION_DISCONNECTED),
		  NT_STATUS(CONNECTION_RESET));
}

/* --- VALIDATE_NEGOTIATE_INFO ---------------------------------------------- */

/* A tree whose connection has 3.0.2, without a validation of its own. */
static struct cli_tree *tree_302(struct torture *t)
{
	return torture_tree_on(
		t, torture_session_on(t, torture_dialect(t, SMB2_DIALECT_302)));
}

static void validate_ok(struct torture *t)
{
	OK(cli_validate_negotiate(tree_302(t)));
}

/* What the client says it had sent is changed; the server must notice. */
static NTSTATUS validate_bent(struct torture *t,
			      void (*bend)(struct cli_negotiated *n))
{
	struct cli_tree *tree = tree_302(t);
	struct cli_conn *conn = cli_tree_conn(tree);
	const struct cli_negotiated *n = cli_conn_negotiated(conn);
	struct cli_negotiated bent = *n;
	struct smb2_validate_negotiate_request v;
	uint8_t buffer[64];
	struct wire_writer w = wire_writer_fixed(buffer, sizeof(buffer));
	struct smb2_ioctl_request in = {
		.ctl_code = FSCTL_VALIDATE_NEGOTIATE_INFO,
		.id = SMB2_FILE_ID_RELATED,
		.max_output_response = SMB2_VALIDATE_NEGOTIATE_RESPONSE_SIZE,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
	};
	struct smb2_ioctl_response out;

	bend(&bent);
	v = (struct smb2_validate_negotiate_request){
		.capabilities = bent.client_capabilities,
		.client_guid = bent.client_guid,
		.security_mode = bent.client_security_mode,
		.dialect_count = bent.client_dialect_count,
	};
	memcpy(v.dialects, bent.client_dialects, sizeof(bent.client_dialects));
	smb2_validate_negotiate_request_put(&w, &v);
	in.input = wire_reader(buffer, w.length);
	cli_session_set_sign(cli_tree_session(tree), true);
	return cli_ioctl(t->mem, tree, &in, &out);
}

static void bend_capabilities(struct cli_negotiated *n)
{
	n->client_capabilities ^= SMB2_GLOBAL_CAP_ENCRYPTION;
}

static void bend_guid(struct cli_negotiated *n)
{
	n->client_guid.bytes[5] ^= 1;
}

static void bend_security_mode(struct cli_negotiated *n)
{
	n->client_security_mode = SMB2_NEGOTIATE_SIGNING_REQUIRED |
				  SMB2_NEGOTIATE_SIGNING_ENABLED;
}

static void bend_dialects(struct cli_negotiated *n)
{
	n->client_dialects[0] = SMB2_DIALECT_210;
}

static void validate_tampered(struct torture *t)
{
	void (*const bends[])(struct cli_negotiated *) = {
		bend_capabilities, bend_guid, bend_security_mode,
		bend_dialects};

	for (size_t i = 0; i < COUNT_OF(bends); i++) {
		torture_note("change %zu", i);
		STATUS_IN(validate_bent(t, bends[i]),
			  NT_STATUS(CONNECTION_DISCONNECTED),
			  NT_STATUS(CONNECTION_RESET));
	}
}

const struct torture_test torture_negotiate[] = {
	{"negotiate.dialect_2.0.2", "[MS-SMB2] 3.3.5.4", dialect_202, 0},
	{"negotiate.dialect_2.1", "[MS-SMB2] 3.3.5.4", dialect_210, 0},
	{"negotiate.dialect_3.0", "[MS-SMB2] 3.3.5.4", dialect_300, 0},
	{"negotiate.dialect_3.0.2", "[MS-SMB2] 3.3.5.4", dialect_302, 0},
	{"negotiate.dialect_3.1.1", "[MS-SMB2] 3.3.5.4", dialect_311, 0},
	{"negotiate.greatest_common_dialect", "[MS-SMB2] 3.3.5.4",
	 greatest_common_dialect, 0},
	{"negotiate.unknown_dialect", "[MS-SMB2] 3.3.5.4: NOT_SUPPORTED",
	 unknown_dialect, 0},
	{"negotiate.no_dialects", "[MS-SMB2] 3.3.5.4: INVALID_PARAMETER",
	 no_dialects, 0},
	{"negotiate.dialect_count_too_big",
	 "[MS-SMB2] 3.3.5.2.6: INVALID_PARAMETER", dialect_count_too_big, 0},
	{"negotiate.signed", "[MS-SMB2] 3.3.5.2.4: INVALID_PARAMETER",
	 signed_negotiate, 0},
	{"negotiate.second_disconnects", "[MS-SMB2] 3.3.5.4", second_negotiate,
	 0},
	{"negotiate.request_before_disconnects", "[MS-SMB2] 3.3.5.2.2",
	 request_before_negotiate, 0},
	{"negotiate.unknown_contexts_ignored", "[MS-SMB2] 3.3.5.4",
	 unknown_contexts_ignored, 0},
	{"negotiate.preauth_missing", "[MS-SMB2] 3.3.5.4: INVALID_PARAMETER",
	 preauth_missing, 0},
	{"negotiate.preauth_twice", "[MS-SMB2] 3.3.5.4: INVALID_PARAMETER",
	 preauth_twice, 0},
	{"negotiate.preauth_hash_unknown",
	 "[MS-SMB2] 3.3.5.4: SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP",
	 preauth_hash_unknown, 0},
	{"negotiate.preauth_too_short", "[MS-SMB2] 3.3.5.4: INVALID_PARAMETER",
	 preauth_too_short, 0},
	{"negotiate.encryption_twice", "[MS-SMB2] 3.3.5.4: INVALID_PARAMETER",
	 encryption_twice, 0},
	{"negotiate.signing_twice", "[MS-SMB2] 3.3.5.4: INVALID_PARAMETER",
	 signing_twice, 0},
	{"negotiate.signing_empty", "[MS-SMB2] 3.3.5.4: INVALID_PARAMETER",
	 signing_empty, 0},
	{"negotiate.cipher_selected", "[MS-SMB2] 3.3.5.4", cipher_selected, 0},
	{"negotiate.cipher_none_in_common", "[MS-SMB2] 3.3.5.4: cipher 0",
	 cipher_none_in_common, 0},
	{"negotiate.signing_selected",
	 "[MS-SMB2] 3.3.5.4: none in common is AES-CMAC", signing_selected, 0},
	{"negotiate.context_past_end", "[MS-SMB2] 3.3.5.2.6: INVALID_PARAMETER",
	 context_past_end, 0},
	{"negotiate.context_count_too_big",
	 "[MS-SMB2] 3.3.5.2.6: INVALID_PARAMETER", context_count_too_big, 0},
	{"negotiate.smb1_wildcard", "[MS-SMB2] 3.3.5.3.1: 0x02FF",
	 smb1_wildcard, 0},
	{"negotiate.smb1_2.002", "[MS-SMB2] 3.3.5.3.2: 0x0202", smb1_2002, 0},
	{"negotiate.smb1_then_smb2", "[MS-SMB2] 3.3.5.3.1, 3.3.5.4",
	 smb1_then_smb2, 0},
	{"negotiate.smb1_alone_disconnects", "[MS-SMB2] 3.3.5.3.2", smb1_alone,
	 0},
	{"negotiate.validate", "[MS-SMB2] 3.3.5.15.12", validate_ok, 0},
	{"negotiate.validate_tampered_disconnects",
	 "[MS-SMB2] 3.3.5.15.12: the connection is terminated",
	 validate_tampered, 0},
	{NULL, NULL, NULL, 0},
};
