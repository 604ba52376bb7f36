/* torture/signing.c - signatures ([MS-SMB2] 3.1.5.1, 3.3.5.2.4). */
#include "smb2/simple.h"
#include "torture/features.h"
#include "torture/util.h"

static void need_user(struct torture *t)
{
	if (t->options->user == NULL) {
		torture_skip("needs -U");
	}
}

static NTSTATUS bent_open(struct torture *t, struct cli_tree *tree,
			  uint32_t twist, uint32_t flags_xor,
			  struct cli_reply *reply)
{
	struct smb2_create_request in =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	struct cli_message m = cli_create_message(t->mem, tree, "", &in, NULL);

	m.twist.set = twist | CLI_TWIST_PLAIN;
	m.twist.flags_xor = flags_xor;
	return cli_call(t->mem, cli_tree_conn(tree), &m, reply);
}

static void bad_signature_of(struct torture *t, uint16_t dialect)
{
	struct cli_tree *tree = torture_tree_on(
		t, torture_session_on(t, torture_dialect(t, dialect)));
	struct cli_reply reply;

	torture_note("dialect 0x%x", dialect);
	OK(bent_open(t, tree, CLI_TWIST_SIGNED, 0, &reply));
	CHECK(reply.is_signed);
	STATUS(bent_open(t, tree,
			 CLI_TWIST_BAD_SIGNATURE | CLI_TWIST_ANY_ANSWER, 0,
			 &reply),
	       ACCESS_DENIED);
	/* Windows and we: the connection goes on ([MS-SMB2] <263>) */
	if (NT_STATUS_IS_OK(cli_conn_status(cli_tree_conn(tree)))) {
		OK(bent_open(t, tree, CLI_TWIST_SIGNED, 0, &reply));
	}
}

static void bad_signature(struct torture *t)
{
	need_user(t);
	bad_signature_of(t, SMB2_DIALECT_202);
	bad_signature_of(t, SMB2_DIALECT_210);
	bad_signature_of(t, SMB2_DIALECT_300);
	bad_signature_of(t, SMB2_DIALECT_302);
	bad_signature_of(t, SMB2_DIALECT_311);
}

/* Each algorithm of 3.1.1 in both directions. */
static void algorithms(struct torture *t)
{
	need_user(t);
	for (uint16_t a = SMB2_SIGNING_HMAC_SHA256; a <= SMB2_SIGNING_AES_GMAC;
	     a++) {
		struct cli_negotiate_options o = {
			.dialects = {SMB2_DIALECT_311},
			.dialect_count = 1,
			.signing = {1, {a}},
		};
		struct cli_conn *conn = torture_negotiate_with(t, &o);
		struct cli_tree *tree =
			torture_tree_on(t, torture_session_on(t, conn));
		struct cli_reply reply;

		EQUAL(cli_conn_negotiated(conn)->signing, a);
		OK(bent_open(t, tree, CLI_TWIST_SIGNED, 0, &reply));
		CHECK(reply.is_signed);
		STATUS(bent_open(t, tree,
				 CLI_TWIST_BAD_SIGNATURE | CLI_TWIST_ANY_ANSWER,
				 0, &reply),
		       ACCESS_DENIED);
	}
}

static struct cli_tree *tree_requiring(struct torture *t)
{
	struct cli_session_options o = torture_login(t);
	struct cli_session *session = NULL;

	need_user(t);
	o.security_mode = SMB2_NEGOTIATE_SIGNING_ENABLED |
			  SMB2_NEGOTIATE_SIGNING_REQUIRED;
	o.sign = true;
	OK(cli_session_setup(torture_negotiated(t), &o, &session));
	return torture_tree_on(t, session);
}

/* SESSION_SETUP said that signing is required, so it is. */
static void unsigned_when_required(struct torture *t)
{
	struct cli_tree *tree = tree_requiring(t);
	struct cli_reply reply;

	STATUS(bent_open(t, tree, CLI_TWIST_UNSIGNED | CLI_TWIST_ANY_ANSWER, 0,
			 &reply),
	       ACCESS_DENIED);
}

/* The flag without a signature, and a signature without the flag. */
static void flag_without_signature(struct torture *t)
{
	struct cli_tree *tree = tree_requiring(t);
	struct cli_reply reply;

	STATUS(bent_open(t, tree, CLI_TWIST_UNSIGNED | CLI_TWIST_ANY_ANSWER,
			 SMB2_FLAGS_SIGNED, &reply),
	       ACCESS_DENIED);
}

/* A signature belongs to its session: one made with the key of another is as
 * bad as any. */
static void key_of_other_session(struct torture *t)
{
	struct cli_conn *conn = torture_negotiated(t);
	struct cli_session *a = torture_session_on(t, conn);
	struct cli_session *b = torture_session_on(t, conn);
	struct cli_message m = cli_message(t->mem, SMB2_LOGOFF, a, NULL);
	struct cli_reply reply;

	need_user(t);
	smb2_simple_encode(&m.w);
	m.twist.set = CLI_TWIST_SIGNED | CLI_TWIST_SESSION_ID |
		      CLI_TWIST_ANY_ANSWER | CLI_TWIST_PLAIN;
	m.twist.session_id = cli_session_id(b);
	STATUS(cli_call(t->mem, conn, &m, &reply), ACCESS_DENIED);
}

static void signed_for_unknown_session(struct torture *t)
{
	struct cli_session *a = torture_session(t);
	struct cli_message m = cli_message(t->mem, SMB2_LOGOFF, a, NULL);
	struct cli_reply reply;

	need_user(t);
	smb2_simple_encode(&m.w);
	m.twist.set = CLI_TWIST_SIGNED | CLI_TWIST_SESSION_ID |
		      CLI_TWIST_ANY_ANSWER | CLI_TWIST_PLAIN;
	m.twist.session_id = cli_session_id(a) ^ 0x7777;
	STATUS(cli_call(t->mem, cli_session_conn(a), &m, &reply),
	       USER_SESSION_DELETED);
}

/* Every message of a compound has its own, padding included. */
static void compound_signed(struct torture *t)
{
	struct cli_tree *tree = tree_requiring(t);
	struct smb2_create_request in =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	struct smb2_close_request close = {.id = SMB2_FILE_ID_RELATED};
	struct cli_message m[2];
	struct cli_reply reply[2];

	m[0] = cli_create_message(t->mem, tree, "", &in, NULL);
	m[1] = cli_close_message(t->mem, tree, &close);
	m[1].related = true;
	OK(cli_compound(t->mem, cli_tree_conn(tree), m, reply, 2));
	for (size_t i = 0; i < 2; i++) {
		OK(reply[i].status);
		CHECK(reply[i].is_signed || reply[i].is_encrypted);
	}
}

const struct torture_test torture_signing_tests[] = {
	{"signing.bad_signature", "[MS-SMB2] 3.3.5.2.4: ACCESS_DENIED",
	 bad_signature, 0},
	{"signing.algorithms", "[MS-SMB2] 3.1.4.1", algorithms, 0},
	{"signing.unsigned_when_required", "[MS-SMB2] 3.3.5.2.4: ACCESS_DENIED",
	 unsigned_when_required, 0},
	{"signing.flag_without_signature", "[MS-SMB2] 3.3.5.2.4: ACCESS_DENIED",
	 flag_without_signature, 0},
	{"signing.key_of_other_session", "[MS-SMB2] 3.3.5.2.4: ACCESS_DENIED",
	 key_of_other_session, 0},
	{"signing.unknown_session", "[MS-SMB2] 3.3.5.2.4: USER_SESSION_DELETED",
	 signed_for_unknown_session, 0},
	{"signing.compound", "[MS-SMB2] 3.1.4.1: each message with its padding",
	 compound_signed, 0},
	{NULL, NULL, NULL, 0},
};
