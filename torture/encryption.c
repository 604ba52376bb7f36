/* torture/encryption.c - encryption ([MS-SMB2] 3.1.4.3, 3.3.5.2.1.1). */
#include <string.h>

#include "smb2/simple.h"
#include "torture/features.h"
#include "torture/util.h"

/* A tree with this cipher (0: as it comes), nothing encrypted unless asked. */
static struct cli_tree *tree_with_cipher(struct torture *t, uint16_t cipher)
{
	struct cli_negotiate_options o = {.dialects = {SMB2_DIALECT_311},
					  .dialect_count = 1};
	struct cli_conn *conn;

	if (t->options->user == NULL) {
		torture_skip("needs -U");
	}
	if (cipher != 0) {
		o.ciphers = (struct smb2_id_list){1, {cipher}};
	}
	conn = torture_negotiate_with(t, &o);
	if (cli_conn_negotiated(conn)->cipher == SMB2_ENCRYPTION_NONE) {
		torture_skip("the server does not encrypt");
	}
	return torture_tree_on(t, torture_session_on(t, conn));
}

static struct cli_message open_message(struct torture *t, struct cli_tree *tree)
{
	struct smb2_create_request in =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN, 0);

	return cli_create_message(t->mem, tree, "", &in, NULL);
}

static void ciphers(struct torture *t)
{
	for (uint16_t c = SMB2_ENCRYPTION_AES128_CCM;
	     c <= SMB2_ENCRYPTION_AES256_GCM; c++) {
		struct cli_tree *tree = tree_with_cipher(t, c);
		struct cli_message m = open_message(t, tree);
		struct cli_reply reply;

		EQUAL(cli_conn_negotiated(cli_tree_conn(tree))->cipher, c);
		m.twist.set = CLI_TWIST_SEALED;
		OK(cli_call(t->mem, cli_tree_conn(tree), &m, &reply));
		CHECK(reply.is_encrypted);
	}
}

static void dialect_30(struct torture *t)
{
	struct cli_tree *tree = torture_tree_on(
		t, torture_session_on(t, torture_dialect(t, SMB2_DIALECT_300)));
	struct cli_message m = open_message(t, tree);
	struct cli_reply reply;

	if (cli_conn_negotiated(cli_tree_conn(tree))->cipher ==
	    SMB2_ENCRYPTION_NONE) {
		torture_skip("the server does not encrypt");
	}
	m.twist.set = CLI_TWIST_SEALED;
	OK(cli_call(t->mem, cli_tree_conn(tree), &m, &reply));
	CHECK(reply.is_encrypted);
}

/* Large messages through the cipher, both ways. */
static void large(struct torture *t)
{
	struct cli_tree *tree = tree_with_cipher(t, 0);
	const char *name = torture_path(t, tree, "large");
	size_t n = 1000003;
	uint8_t *data = talloc_array(t->mem, uint8_t, n);
	struct smb2_file_id id;
	struct blob got = {0};

	for (size_t i = 0; i < n; i++) {
		data[i] = (uint8_t)(i * 31 + i / 251);
	}
	cli_session_set_encrypt(cli_tree_session(tree), true);
	id = torture_open(t, tree, name, TORTURE_ALL, FILE_CREATE, 0);
	OK(torture_write(tree, id, 0, data, n));
	OK(torture_read(t, tree, id, 0, (uint32_t)n, &got));
	EQUAL(got.length, n);
	CHECK(memcmp(got.data, data, n) == 0);
	OK(cli_close(tree, id));
}

static void is_dropped(struct torture *t, struct cli_tree *tree, uint32_t twist,
		       uint64_t session_id)
{
	struct cli_message m = open_message(t, tree);
	struct cli_reply reply;

	m.twist.set = twist | CLI_TWIST_SEALED;
	m.twist.session_id = session_id;
	STATUS_IN(cli_call(t->mem, cli_tree_conn(tree), &m, &reply),
		  NT_STATUS(CONNECTION_DISCONNECTED),
		  NT_STATUS(CONNECTION_RESET));
}

static void tampered(struct torture *t)
{
	for (uint16_t c = SMB2_ENCRYPTION_AES128_CCM;
	     c <= SMB2_ENCRYPTION_AES256_GCM; c++) {
		torture_note("cipher %u", c);
		is_dropped(t, tree_with_cipher(t, c), CLI_TWIST_BAD_SEAL, 0);
	}
}

static void unknown_session(struct torture *t)
{
	struct cli_tree *tree = tree_with_cipher(t, 0);

	is_dropped(t, tree, CLI_TWIST_SEAL_SESSION,
		   cli_session_id(cli_tree_session(tree)) ^ 0x4000);
}

/* The SessionId inside must be that of the transform header. */
static void other_session_inside(struct torture *t)
{
	struct cli_tree *tree = tree_with_cipher(t, 0);
	struct cli_session *other = torture_session_on(t, cli_tree_conn(tree));

	is_dropped(t, tree, CLI_TWIST_SESSION_ID, cli_session_id(other));
}

/* Raw frames that begin like encrypted ones. */
static void raw_dropped(struct torture *t, const uint8_t *data, size_t length)
{
	struct cli_tree *tree = tree_with_cipher(t, 0);
	struct cli_conn *conn = cli_tree_conn(tree);
	struct blob frame;

	cli_conn_set_raw(conn, true);
	OK(cli_raw_send_frame(conn, data, length));
	STATUS_IN(cli_raw_receive(conn, t->mem, 5000, &frame),
		  NT_STATUS(CONNECTION_DISCONNECTED),
		  NT_STATUS(CONNECTION_RESET));
}

static void truncated_header(struct torture *t)
{
	uint8_t data[60] = {0xfd, 'S', 'M', 'B'};

	raw_dropped(t, data, 4);
	raw_dropped(t, data, 51);
	raw_dropped(t, data, 52);
}

static void wrong_flags(struct torture *t)
{
	uint8_t data[200] = {0xfd, 'S', 'M', 'B'};

	data[36] = 148;
	data[42] = 0x7f;
	raw_dropped(t, data, sizeof(data));
}

static void before_session(struct torture *t)
{
	struct cli_conn *conn = torture_negotiated(t);
	uint8_t data[200] = {0xfd, 'S', 'M', 'B'};
	struct blob frame;

	data[36] = 148;
	data[42] = 1;
	cli_conn_set_raw(conn, true);
	OK(cli_raw_send_frame(conn, data, sizeof(data)));
	STATUS_IN(cli_raw_receive(conn, t->mem, 5000, &frame),
		  NT_STATUS(CONNECTION_DISCONNECTED),
		  NT_STATUS(CONNECTION_RESET));
}

/* What came encrypted is answered encrypted, errors too. */
static void errors_encrypted(struct torture *t)
{
	struct cli_tree *tree = tree_with_cipher(t, 0);
	struct smb2_create_request in =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	struct cli_message m = cli_create_message(
		t->mem, tree, "no-such-file-here", &in, NULL);
	struct cli_reply reply;

	m.twist.set = CLI_TWIST_SEALED | CLI_TWIST_ANY_ANSWER;
	STATUS(cli_call(t->mem, cli_tree_conn(tree), &m, &reply),
	       OBJECT_NAME_NOT_FOUND);
	CHECK(reply.is_encrypted);
}

static void compound_encrypted(struct torture *t)
{
	struct cli_tree *tree = tree_with_cipher(t, 0);
	struct smb2_close_request close = {.id = SMB2_FILE_ID_RELATED};
	struct cli_message m[2];
	struct cli_reply reply[2];

	m[0] = open_message(t, tree);
	m[1] = cli_close_message(t->mem, tree, &close);
	m[1].related = true;
	m[0].twist.set = CLI_TWIST_SEALED;
	OK(cli_compound(t->mem, cli_tree_conn(tree), m, reply, 2));
	for (size_t i = 0; i < 2; i++) {
		OK(reply[i].status);
		CHECK(reply[i].is_encrypted);
	}
}

/* --- a share that requires encryption ------------------------------------- */

static struct cli_tree *encrypted_tree(struct torture *t, uint16_t dialect)
{
	struct cli_session *session =
		torture_session_on(t, torture_dialect(t, dialect));
	struct cli_tree *tree = NULL;

	if (t->options->encrypted_share == NULL) {
		torture_skip("needs --encrypted-share");
	}
	OK(cli_tree_connect(session, t->options->encrypted_share, &tree));
	return tree;
}

static void share_says_so(struct torture *t)
{
	struct cli_tree *tree = encrypted_tree(t, SMB2_DIALECT_311);

	CHECK((cli_tree_share_flags(tree) & SMB2_SHAREFLAG_ENCRYPT_DATA) != 0);
	OK(torture_try_open(t, tree, "", FILE_READ_ATTRIBUTES, FILE_OPEN, 0));
}

static void plain_on_encrypted_share(struct torture *t)
{
	static const uint16_t dialects[] = {SMB2_DIALECT_300, SMB2_DIALECT_302,
					    SMB2_DIALECT_311};

	for (size_t i = 0; i < COUNT_OF(dialects); i++) {
		struct cli_tree *tree = encrypted_tree(t, dialects[i]);
		struct cli_message m = open_message(t, tree);
		struct cli_reply reply;

		torture_note("dialect 0x%x", dialects[i]);
		m.twist.set = CLI_TWIST_PLAIN | CLI_TWIST_SIGNED |
			      CLI_TWIST_ANY_ANSWER;
		STATUS(cli_call(t->mem, cli_tree_conn(tree), &m, &reply),
		       ACCESS_DENIED);
		OK(torture_try_open(t, tree, "", FILE_READ_ATTRIBUTES,
				    FILE_OPEN, 0));
	}
}

static void old_client_on_encrypted_share(struct torture *t)
{
	struct cli_session *session =
		torture_session_on(t, torture_dialect(t, SMB2_DIALECT_210));
	struct cli_tree *tree = NULL;

	if (t->options->encrypted_share == NULL) {
		torture_skip("needs --encrypted-share");
	}
	STATUS(cli_tree_connect(session, t->options->encrypted_share, &tree),
	       ACCESS_DENIED);
}

const struct torture_test torture_encryption_tests[] = {
	{"encryption.ciphers", "[MS-SMB2] 3.1.4.3", ciphers, 0},
	{"encryption.dialect_3.0", "[MS-SMB2] 3.1.4.3: AES-128-CCM", dialect_30,
	 0},
	{"encryption.large", "[MS-SMB2] 3.1.4.3", large, 0},
	{"encryption.tampered_disconnects", "[MS-SMB2] 3.3.5.2.1.1", tampered,
	 0},
	{"encryption.unknown_session_disconnects", "[MS-SMB2] 3.3.5.2.1.1",
	 unknown_session, 0},
	{"encryption.other_session_inside_disconnects", "[MS-SMB2] 3.3.5.2.1.1",
	 other_session_inside, 0},
	{"encryption.truncated_disconnects", "[MS-SMB2] 3.3.5.2.1.1",
	 truncated_header, 0},
	{"encryption.wrong_flags_disconnects", "[MS-SMB2] 3.3.5.2.1.1",
	 wrong_flags, 0},
	{"encryption.before_session_disconnects", "[MS-SMB2] 3.3.5.2.1.1",
	 before_session, 0},
	{"encryption.errors_encrypted", "[MS-SMB2] 3.3.4.1.4", errors_encrypted,
	 0},
	{"encryption.compound", "[MS-SMB2] 3.3.4.1.4: as one message",
	 compound_encrypted, 0},
	{"encryption.share_says_so", "[MS-SMB2] 2.2.10, 3.3.5.7", share_says_so,
	 0},
	{"encryption.plain_on_encrypted_share",
	 "[MS-SMB2] 3.3.5.2.11: ACCESS_DENIED", plain_on_encrypted_share, 0},
	{"encryption.old_client_on_encrypted_share",
	 "[MS-SMB2] 3.3.5.7: ACCESS_DENIED", old_client_on_encrypted_share, 0},
	{NULL, NULL, NULL, 0},
};
