/* torture/bind.c - which connection a session may be bound to ([MS-SMB2]
 * 3.3.5.5), and how the server comes to have a client's connections together
 * (3.3.5.4). */
#include <string.h>

#include "smb2/negotiate.h"
#include "smb2/simple.h"
#include "torture/channels.h"
#include "torture/features.h"

/* --- refused -------------------------------------------------------------- */

/* A session with a tree, and a further connection that offers second. */
struct bind {
	struct cli_session *session;
	struct cli_tree *tree;
	struct cli_conn *conn;
};

static struct bind bind_with(struct torture *t,
			     const struct cli_negotiate_options *first,
			     const struct cli_negotiate_options *second)
{
	struct bind b;

	b.session = torture_session_on(t, channels_connect(t, first));
	b.tree = torture_tree_on(t, b.session);
	b.conn = torture_negotiate_with(t, second);
	return b;
}

/* ... which changes nothing for the session. */
static void is_unharmed(struct torture *t, const struct bind *b)
{
	torture_file(t, b->tree, "unharmed", "x");
}

static NTSTATUS try_bind(struct torture *t, const struct bind *b)
{
	struct cli_session *channel;

	return channels_bind(t, b->conn, b->session, &channel);
}

static void with_another_key(struct torture *t)
{
	struct cli_negotiate_options o = channels_offer(t);
	struct bind b = bind_with(t, &o, &o);
	struct cli_session_options login = torture_login(t);
	struct cli_session *channel;

	login.twist = CLI_TWIST_BAD_SIGNATURE;
	STATUS(cli_session_bind(b.conn, b.session, &login, &channel),
	       ACCESS_DENIED);
	is_unharmed(t, &b);
	OK(try_bind(t, &b));
}

static void without_signature(struct torture *t)
{
	struct cli_negotiate_options o = channels_offer(t);
	struct bind b = bind_with(t, &o, &o);
	struct cli_session_options login = torture_login(t);
	struct cli_session *channel;

	login.twist = CLI_TWIST_UNSIGNED;
	STATUS(cli_session_bind(b.conn, b.session, &login, &channel),
	       INVALID_PARAMETER);
	is_unharmed(t, &b);
}

static void wrong_password(struct torture *t)
{
	struct cli_negotiate_options o = channels_offer(t);
	struct bind b = bind_with(t, &o, &o);
	struct cli_session_options login = torture_login(t);
	struct cli_session *channel;

	login.password = "certainly not this one";
	STATUS(cli_session_bind(b.conn, b.session, &login, &channel),
	       LOGON_FAILURE);
	is_unharmed(t, &b);
	OK(try_bind(t, &b));
}

/* Windows: ACCESS_DENIED, where the specification says NOT_SUPPORTED. */
static void another_user(struct torture *t)
{
	struct cli_negotiate_options o = channels_offer(t);
	struct bind b = bind_with(t, &o, &o);
	struct cli_session_options login = torture_login(t);
	struct cli_session *channel;

	if (t->options->user2 == NULL) {
		torture_skip("needs --user2");
	}
	login.user = t->options->user2;
	login.password = t->options->password2;
	STATUS_IN(cli_session_bind(b.conn, b.session, &login, &channel),
		  NT_STATUS(ACCESS_DENIED), NT_STATUS(NOT_SUPPORTED));
	is_unharmed(t, &b);
	OK(try_bind(t, &b));
}

static struct cli_negotiate_options only(struct torture *t, uint16_t dialect)
{
	struct cli_negotiate_options o = channels_offer(t);

	o.dialects[0] = dialect;
	o.dialect_count = 1;
	return o;
}

static void another_dialect(struct torture *t)
{
	struct cli_negotiate_options one = only(t, SMB2_DIALECT_302);
	struct cli_negotiate_options two = only(t, SMB2_DIALECT_300);
	struct bind b;

	two.client_guid = one.client_guid;
	b = bind_with(t, &one, &two);
	STATUS(try_bind(t, &b), INVALID_PARAMETER);
	is_unharmed(t, &b);
}

static void a_dialect_without_channels(struct torture *t)
{
	struct cli_negotiate_options one = only(t, SMB2_DIALECT_302);
	struct cli_negotiate_options two = only(t, SMB2_DIALECT_210);
	struct bind b;

	two.client_guid = one.client_guid;
	b = bind_with(t, &one, &two);
	STATUS(try_bind(t, &b), REQUEST_NOT_ACCEPTED);
	is_unharmed(t, &b);
}

static void another_cipher(struct torture *t)
{
	struct cli_negotiate_options one = only(t, SMB2_DIALECT_311), two;
	struct bind b;

	one.ciphers = (struct smb2_id_list){
		.count = 1, .ids = {SMB2_ENCRYPTION_AES128_GCM}};
	two = one;
	two.ciphers.ids[0] = SMB2_ENCRYPTION_AES128_CCM;
	b = bind_with(t, &one, &two);
	if (cli_conn_negotiated(b.conn)->cipher == SMB2_ENCRYPTION_NONE) {
		torture_skip("the server does not encrypt");
	}
	STATUS(try_bind(t, &b), INVALID_PARAMETER);
	is_unharmed(t, &b);
}

static void another_signing_algorithm(struct torture *t)
{
	struct cli_negotiate_options one = only(t, SMB2_DIALECT_311), two;
	struct bind b;

	one.signing = (struct smb2_id_list){.count = 1,
					    .ids = {SMB2_SIGNING_AES_GMAC}};
	two = one;
	two.signing.ids[0] = SMB2_SIGNING_AES_CMAC;
	b = bind_with(t, &one, &two);
	if (cli_conn_negotiated(b.tree != NULL ? cli_tree_conn(b.tree) : b.conn)
		    ->signing != SMB2_SIGNING_AES_GMAC) {
		torture_skip("the server has no AES-GMAC");
	}
	STATUS(try_bind(t, &b), REQUEST_OUT_OF_SEQUENCE);
	is_unharmed(t, &b);
}

static void another_client(struct torture *t)
{
	struct cli_negotiate_options one = channels_offer(t);
	struct cli_negotiate_options two = channels_offer(t);
	struct bind b = bind_with(t, &one, &two);

	STATUS(try_bind(t, &b), USER_SESSION_DELETED);
	is_unharmed(t, &b);
}

static void twice(struct torture *t)
{
	struct pair p = channels_pair(t);
	struct cli_session *channel;

	STATUS(channels_bind(t, p.c2, cli_tree_session(p.a), &channel),
	       REQUEST_NOT_ACCEPTED);
	torture_file(t, p.a, "file", "x");
}

/* Until it is bound the session is not to be used there. */
static void not_bound(struct torture *t)
{
	struct cli_negotiate_options o = channels_offer(t);
	struct bind b = bind_with(t, &o, &o);
	struct cli_session *mine = torture_session_on(t, b.conn);
	struct cli_message m =
		cli_message(t->mem, SMB2_TREE_DISCONNECT, mine, b.tree);
	struct cli_reply reply;

	m.twist.set = CLI_TWIST_SESSION_ID | CLI_TWIST_ANY_ANSWER;
	m.twist.session_id = cli_session_id(b.session);
	smb2_simple_encode(&m.w);
	STATUS(cli_call(t->mem, b.conn, &m, &reply), USER_SESSION_DELETED);
	is_unharmed(t, &b);
}

static void of_no_session(struct torture *t)
{
	struct cli_negotiate_options o = channels_offer(t);
	struct bind b = bind_with(t, &o, &o);
	struct cli_session *channel;

	OK(cli_logoff(b.session));
	STATUS_IN(channels_bind(t, b.conn, b.session, &channel),
		  NT_STATUS(USER_SESSION_DELETED), NT_STATUS(ACCESS_DENIED));
}

/* Windows has as many. */
static void no_more_than_32(struct torture *t)
{
	struct cli_negotiate_options o = channels_offer(t);
	struct cli_session *first =
		torture_session_on(t, channels_connect(t, &o));
	struct cli_tree *tree = torture_tree_on(t, first);
	struct cli_session *channel = NULL;

	for (int i = 1; i < 32; i++) {
		OK(channels_bind(t, channels_connect(t, &o), first, &channel));
	}
	torture_file(t, cli_tree_over(channel, tree), "file", "x");
	STATUS(channels_bind(t, channels_connect(t, &o), first, &channel),
	       INSUFFICIENT_RESOURCES);
	torture_file(t, tree, "file 2", "x");
}

/* --- brought together (3.3.5.4) ------------------------------------------- */

/* What follows the NEGOTIATE is not lost when the connection changes hands. */
static void bytes_behind_negotiate(struct torture *t)
{
	struct cli_negotiate_options o = channels_offer(t);
	struct cli_session *first =
		torture_session_on(t, channels_connect(t, &o));
	struct cli_conn *conn = torture_connect(t);
	struct cli_message m = cli_negotiate_message(t->mem, conn, &o);
	struct wire_writer all = wire_writer(t->mem, 4096);
	struct smb2_header h = {.command = SMB2_NEGOTIATE, .credits = 8};
	uint8_t length[4], echo[SMB2_HEADER_SIZE + SMB2_SIMPLE_SIZE];
	struct wire_writer header, w = wire_writer_fixed(echo, sizeof(echo));
	struct blob pdu, frame;

	CHECK(first != NULL);
	OK(wire_finish(&m.w, &pdu));
	header = wire_writer_fixed(pdu.data, SMB2_HEADER_SIZE);
	smb2_header_encode(&header, &h);
	h = (struct smb2_header){
		.command = SMB2_ECHO, .credits = 1, .message_id = 1};
	smb2_header_encode(&w, &h);
	smb2_simple_encode(&w);
	smb2_transport_encode(pdu.length, length);
	wire_put_bytes(&all, length, 4);
	wire_put_bytes(&all, pdu.data, pdu.length);
	smb2_transport_encode(sizeof(echo), length);
	wire_put_bytes(&all, length, 4);
	wire_put_bytes(&all, echo, 11);
	cli_conn_set_raw(conn, true);
	OK(cli_raw_send_bytes(conn, all.data, all.length));
	OK(cli_raw_receive(conn, t->mem, 5000, &frame));
	OK(smb2_header_decode(wire_reader(frame.data, frame.length), &h));
	EQUAL(h.command, SMB2_NEGOTIATE);
	OK(h.status);
	OK(cli_raw_send_bytes(conn, echo + 11, sizeof(echo) - 11));
	OK(cli_raw_receive(conn, t->mem, 5000, &frame));
	OK(smb2_header_decode(wire_reader(frame.data, frame.length), &h));
	EQUAL(h.command, SMB2_ECHO);
	EQUAL(h.message_id, 1);
	OK(h.status);
}

/* A connection that begins with SMB1's negotiate is the client's all the same.
 */
static void after_smb1(struct torture *t)
{
	struct cli_negotiate_options o = channels_offer(t);
	struct cli_session *first =
		torture_session_on(t, channels_connect(t, &o));
	struct cli_tree *tree = torture_tree_on(t, first);
	struct cli_conn *conn = torture_connect(t);
	struct smb1_negotiate in = {.smb_2_002 = true, .smb_2_xxx = true};
	struct wire_writer w = wire_writer(t->mem, 4096);
	struct cli_session *channel;
	struct smb2_header h;
	struct blob frame;

	cli_conn_set_raw(conn, true);
	smb1_negotiate_encode(&w, &in);
	OK(cli_raw_send_frame(conn, w.data, w.length));
	OK(cli_raw_receive(conn, t->mem, 5000, &frame));
	OK(smb2_header_decode(wire_reader(frame.data, frame.length), &h));
	EQUAL(h.command, SMB2_NEGOTIATE);
	cli_conn_set_raw(conn, false);
	cli_conn_skip_message_ids(conn, 1);
	cli_conn_add_credits(conn, h.credits);
	OK(cli_negotiate(conn, &o));
	OK(channels_bind(t, conn, first, &channel));
	torture_file(t, cli_tree_over(channel, tree), "file", "x");
}

/* Connections of one client without binding have sessions of their own. */
static void sessions_of_their_own(struct torture *t)
{
	struct cli_negotiate_options o = channels_offer(t);
	struct cli_tree *a = torture_tree_on(
		t, torture_session_on(t, channels_connect(t, &o)));
	struct cli_tree *b = torture_tree_on(
		t, torture_session_on(t, channels_connect(t, &o)));
	const char *name = torture_file(t, a, "file", "x");
	struct smb2_file_id id =
		torture_open(t, a, name, TORTURE_ALL, FILE_OPEN, 0);

	STATUS(torture_write(b, id, 0, "y", 1), FILE_CLOSED);
	OK(cli_logoff(cli_tree_session(a)));
	torture_content_is(t, b, name, "x", 1);
	cli_conn_drop(cli_tree_conn(a));
	torture_content_is(t, b, name, "x", 1);
}

/* A client that is gone is not waited for by the next with its ClientGuid. */
static void after_it_was_gone(struct torture *t)
{
	struct cli_negotiate_options o = channels_offer(t);

	for (int i = 0; i < 10; i++) {
		struct cli_conn *conn = channels_connect(t, &o);

		torture_file(t, torture_tree_on(t, torture_session_on(t, conn)),
			     talloc_asprintf(t->mem, "file%d", i), "x");
		cli_conn_drop(conn);
	}
}

const struct torture_test torture_bind_tests[] = {
	{"bind.with_another_key", "[MS-SMB2] 3.3.5.2.4: ACCESS_DENIED",
	 with_another_key, 0},
	{"bind.without_signature", "[MS-SMB2] 3.3.5.5: INVALID_PARAMETER",
	 without_signature, 0},
	{"bind.wrong_password", "[MS-SMB2] 3.3.5.5.3", wrong_password, 0},
	{"bind.another_user", "[MS-SMB2] 3.3.5.5", another_user, 0},
	{"bind.another_dialect", "[MS-SMB2] 3.3.5.5: INVALID_PARAMETER",
	 another_dialect, 0},
	{"bind.a_dialect_without_channels",
	 "[MS-SMB2] 3.3.5.5: REQUEST_NOT_ACCEPTED", a_dialect_without_channels,
	 0},
	{"bind.another_cipher", "[MS-SMB2] 3.3.5.5, as Windows", another_cipher,
	 0},
	{"bind.another_signing_algorithm", "[MS-SMB2] 3.3.5.5, as Windows",
	 another_signing_algorithm, 0},
	{"bind.another_client", "[MS-SMB2] 3.3.5.5: USER_SESSION_DELETED",
	 another_client, 0},
	{"bind.twice", "[MS-SMB2] 3.3.5.5: REQUEST_NOT_ACCEPTED", twice, 0},
	{"bind.not_bound", "[MS-SMB2] 3.3.5.2.9: USER_SESSION_DELETED",
	 not_bound, 0},
	{"bind.of_no_session", "[MS-SMB2] 3.3.5.5", of_no_session, 0},
	{"bind.no_more_than_32", "as Windows", no_more_than_32, 0},
	{"bind.bytes_behind_negotiate", "[MS-SMB2] 3.3.5.4",
	 bytes_behind_negotiate, 0},
	{"bind.after_smb1", "[MS-SMB2] 3.3.5.3", after_smb1, 0},
	{"bind.sessions_of_their_own", "[MS-SMB2] 3.3.5.5.1",
	 sessions_of_their_own, 0},
	{"bind.after_it_was_gone", "[MS-SMB2] 3.3.7.1", after_it_was_gone, 0},
	{NULL, NULL, NULL, 0},
};
