/* torture/session.c - SESSION_SETUP and LOGOFF ([MS-SMB2] 3.3.5.5, 3.3.5.6). */
#include <string.h>

#include "smb2/session_setup.h"
#include "smb2/simple.h"
#include "torture/features.h"
#include "torture/util.h"

static NTSTATUS log_on(struct torture *t, const char *user,
		       const char *password, bool raw)
{
	struct cli_session_options o = {
		.user = user, .password = password, .raw_ntlmssp = raw};
	struct cli_session *session;

	return cli_session_setup(torture_negotiated(t), &o, &session);
}

static void need_user(struct torture *t)
{
	if (t->options->user == NULL) {
		torture_skip("needs -U");
	}
}

static void right_password(struct torture *t)
{
	need_user(t);
	OK(log_on(t, t->options->user, t->options->password, false));
}

static void bare_ntlmssp(struct torture *t)
{
	need_user(t);
	OK(log_on(t, t->options->user, t->options->password, true));
}

static void wrong_password(struct torture *t)
{
	need_user(t);
	STATUS(log_on(t, t->options->user, "certainly not this one", false),
	       LOGON_FAILURE);
}

static void unknown_user(struct torture *t)
{
	STATUS(log_on(t, "no-such-user-here", "some password", false),
	       LOGON_FAILURE);
}

static void second_user(struct torture *t)
{
	if (t->options->user2 == NULL) {
		torture_skip("needs --user2");
	}
	OK(log_on(t, t->options->user2, t->options->password2, false));
}

/* The connection serves on after a refused logon. */
static void logon_after_failure(struct torture *t)
{
	struct cli_conn *conn = torture_negotiated(t);
	struct cli_session_options o = {.user = t->options->user,
					.password = "wrong"};
	struct cli_session *session;

	need_user(t);
	STATUS(cli_session_setup(conn, &o, &session), LOGON_FAILURE);
	torture_tree_on(t, torture_session_on(t, conn));
}

/* --- tokens that are none ------------------------------------------------- */

static NTSTATUS setup_raw(struct torture *t, struct cli_conn *conn,
			  uint64_t session_id, const void *token, size_t length,
			  uint8_t flags, struct cli_reply *reply)
{
	struct cli_message m =
		cli_message(t->mem, SMB2_SESSION_SETUP, NULL, NULL);
	struct smb2_session_setup_request in = {
		.flags = flags,
		.security_mode = SMB2_NEGOTIATE_SIGNING_ENABLED,
		.security_buffer = wire_reader(token, length),
	};

	smb2_session_setup_request_encode(&m.w, &in);
	m.twist.set = CLI_TWIST_SESSION_ID;
	m.twist.session_id = session_id;
	return cli_call(t->mem, conn, &m, reply);
}

static void garbage_token(struct torture *t)
{
	struct cli_conn *conn = torture_negotiated(t);
	uint8_t garbage[333];
	struct cli_reply reply = {0};
	NTSTATUS status;

	memset(garbage, 0xa5, sizeof(garbage));
	status = setup_raw(t, conn, 0, garbage, sizeof(garbage), 0, &reply);
	/* SEC_E_INVALID_TOKEN from Windows, INVALID_PARAMETER from Samba */
	CHECK(NT_STATUS_IS_ERR(status) || (status.v & 0x80000000) != 0);
	torture_is_alive(conn);
}

static void truncated_ntlmssp(struct torture *t)
{
	static const uint8_t token[] = "NTLMSSP\0\1\0\0";
	struct cli_conn *conn = torture_negotiated(t);
	struct cli_reply reply = {0};
	NTSTATUS status =
		setup_raw(t, conn, 0, token, sizeof(token) - 1, 0, &reply);

	CHECK((status.v & 0x80000000) != 0);
	torture_is_alive(conn);
}

static void unknown_session(struct torture *t)
{
	struct cli_reply reply;

	STATUS(setup_raw(t, torture_negotiated(t), 0x123456789abcULL, "NTLMSSP",
			 8, 0, &reply),
	       USER_SESSION_DELETED);
}

static void buffer_past_end(struct torture *t)
{
	struct cli_conn *conn = torture_negotiated(t);
	struct cli_message m =
		cli_message(t->mem, SMB2_SESSION_SETUP, NULL, NULL);
	struct smb2_session_setup_request in = {
		.security_buffer = wire_reader("NTLMSSP", 8)};
	struct cli_reply reply;

	smb2_session_setup_request_encode(&m.w, &in);
	wire_patch_u16(&m.w, SMB2_HEADER_SIZE + 14, 0xfff0);
	STATUS_IN(cli_call(t->mem, conn, &m, &reply),
		  NT_STATUS(INVALID_PARAMETER),
		  NT_STATUS(CONNECTION_DISCONNECTED),
		  NT_STATUS(CONNECTION_RESET));
}

/* --- what the server answers ---------------------------------------------- */

/* Sends one ECHO on the session, signed or not, and gives the reply. */
static struct cli_reply echo(struct torture *t, struct cli_session *session,
			     uint32_t twist)
{
	struct cli_message m = cli_message(t->mem, SMB2_ECHO, session, NULL);
	struct cli_reply reply = {0};

	smb2_simple_encode(&m.w);
	m.twist.set = twist;
	OK(cli_call(t->mem, cli_session_conn(session), &m, &reply));
	return reply;
}

static bool is_protected(struct cli_reply reply)
{
	return reply.is_signed || reply.is_encrypted;
}

/* [MS-SMB2] 3.3.5.2.1.1: a frame encrypted for no session at all. */
static void not_encrypted(struct torture *t)
{
	if (t->options->encrypt) {
		torture_skip("ends the connection when it is encrypted");
	}
}

static void signed_request_signed_answer(struct torture *t)
{
	static const uint16_t dialects[] = {SMB2_DIALECT_202, SMB2_DIALECT_210,
					    SMB2_DIALECT_300, SMB2_DIALECT_302,
					    SMB2_DIALECT_311};

	need_user(t);
	for (size_t i = 0; i < COUNT_OF(dialects); i++) {
		struct cli_session *session =
			torture_session_on(t, torture_dialect(t, dialects[i]));

		torture_note("dialect 0x%x", dialects[i]);
		CHECK(is_protected(echo(t, session, CLI_TWIST_SIGNED)));
	}
}

static void session_flags(struct torture *t)
{
	struct cli_session *session = torture_session(t);

	need_user(t);
	EQUAL(cli_session_flags(session) &
		      (SMB2_SESSION_FLAG_IS_GUEST | SMB2_SESSION_FLAG_IS_NULL),
	      0);
	CHECK(cli_session_id(session) != 0);
	CHECK(cli_session_id(session) != UINT64_MAX);
}

static void session_ids_differ(struct torture *t)
{
	struct cli_conn *conn = torture_negotiated(t);
	uint64_t a = cli_session_id(torture_session_on(t, conn));
	uint64_t b = cli_session_id(torture_session_on(t, conn));
	uint64_t c = cli_session_id(torture_session(t));

	CHECK(a != b && a != c && b != c);
}

/* --- the session id in requests ------------------------------------------- */

static NTSTATUS logoff_with(struct torture *t, struct cli_session *s,
			    uint64_t session_id)
{
	struct cli_message m = cli_message(t->mem, SMB2_LOGOFF, s, NULL);
	struct cli_reply reply;

	smb2_simple_encode(&m.w);
	m.twist.set =
		CLI_TWIST_SESSION_ID | CLI_TWIST_ANY_ANSWER | CLI_TWIST_PLAIN;
	m.twist.session_id = session_id;
	return cli_call(t->mem, cli_session_conn(s), &m, &reply);
}

static void wrong_session_id(struct torture *t)
{
	struct cli_session *s = torture_session(t);
	uint64_t id = cli_session_id(s);

	STATUS(logoff_with(t, s, id ^ 0x1000), USER_SESSION_DELETED);
	STATUS(logoff_with(t, s, 0), USER_SESSION_DELETED);
	STATUS(logoff_with(t, s, UINT64_MAX), USER_SESSION_DELETED);
	OK(cli_logoff(s));
}

/* A session belongs to the connections it was set up on. */
static void session_of_other_connection(struct torture *t)
{
	struct cli_session *a = torture_session(t);
	struct cli_session *b = torture_session(t);

	STATUS(logoff_with(t, b, cli_session_id(a)), USER_SESSION_DELETED);
	OK(cli_logoff(a));
}

static void logoff_then_use(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct cli_session *session = cli_tree_session(tree);
	struct smb2_create_request in =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN, 0);

	not_encrypted(t);
	OK(cli_logoff(session));
	STATUS(torture_try(t, tree, "", &in), USER_SESSION_DELETED);
	STATUS(cli_logoff(session), USER_SESSION_DELETED);
	torture_tree_on(t, torture_session_on(t, cli_session_conn(session)));
}

/* Opens of a session end with it. */
static void logoff_closes_files(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "x");
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);
	struct smb2_create_response out;

	in.share_access = 0;
	OK(cli_create(t->mem, a, name, &in, NULL, &out));
	STATUS(torture_try(t, b, name, &in), SHARING_VIOLATION);
	OK(cli_logoff(cli_tree_session(a)));
	OK(torture_try(t, b, name, &in));
}

/* --- previous session, reauthentication ----------------------------------- */

static void previous_session(struct torture *t)
{
	struct cli_tree *a = torture_tree(t);
	const char *name = torture_file(t, a, "file", "x");
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);
	struct cli_session_options o = torture_login(t);
	struct cli_session *session = NULL;
	struct smb2_create_response out;
	struct cli_tree *b;

	need_user(t);
	in.share_access = 0;
	OK(cli_create(t->mem, a, name, &in, NULL, &out));
	o.previous_session_id = cli_session_id(cli_tree_session(a));
	OK(cli_session_setup(torture_negotiated(t), &o, &session));
	b = torture_tree_on(t, session);
	OK(torture_try(t, b, name, &in));
	STATUS_IN(cli_close(a, out.id), NT_STATUS(USER_SESSION_DELETED),
		  NT_STATUS(CONNECTION_DISCONNECTED),
		  NT_STATUS(CONNECTION_RESET));
}

/* Only one's own: another user's session stays. */
static void previous_session_of_other_user(struct torture *t)
{
	struct cli_tree *a = torture_tree(t);
	struct cli_session_options o = {
		.user = t->options->user2,
		.password = t->options->password2,
		.previous_session_id = cli_session_id(cli_tree_session(a)),
	};
	struct cli_session *session = NULL;

	if (t->options->user2 == NULL ||
	    strcmp(t->options->user2, t->options->user) == 0) {
		torture_skip("needs --user2");
	}
	OK(cli_session_setup(torture_negotiated(t), &o, &session));
	OK(torture_try_open(t, a, "", FILE_READ_ATTRIBUTES, FILE_OPEN, 0));
}

static void previous_session_unknown(struct torture *t)
{
	struct cli_session_options o = torture_login(t);
	struct cli_session *session = NULL;

	o.previous_session_id = 0xdeadbeef12345678ULL;
	OK(cli_session_setup(torture_negotiated(t), &o, &session));
}

static void reauthenticate(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct cli_session *session = cli_tree_session(tree);
	uint64_t id = cli_session_id(session);
	struct cli_session_options o = torture_login(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id file =
		torture_open(t, tree, name, FILE_GENERIC_READ, FILE_OPEN, 0);
	struct blob data = {0};

	need_user(t);
	cli_session_set_sign(session, true);
	OK(cli_session_reauth(session, &o));
	EQUAL(cli_session_id(session), id);
	CHECK(is_protected(echo(t, session, CLI_TWIST_SIGNED)));
	OK(torture_read(t, tree, file, 0, 4, &data));
	EQUAL(data.length, 4);
	OK(cli_close(tree, file));
}

/* [MS-SMB2] 3.3.5.5.3: an error removes the session. */
static void reauthenticate_wrong_password(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct cli_session *session = cli_tree_session(tree);
	struct cli_session_options o = torture_login(t);

	need_user(t);
	not_encrypted(t);
	o.password = "certainly not this one";
	STATUS(cli_session_reauth(session, &o), LOGON_FAILURE);
	STATUS(torture_try_open(t, tree, "", FILE_READ_ATTRIBUTES, FILE_OPEN,
				0),
	       USER_SESSION_DELETED);
}

/* A session under way serves nothing but its own set-up. */
static void request_during_setup(struct torture *t)
{
	static const uint8_t ntlmssp_negotiate[] = {
		'N', 'T', 'L',	'M',  'S',  'S',  'P', 0, 1, 0,
		0,   0,	  0x97, 0x82, 0x08, 0xe2, 0,   0, 0, 0,
		0,   0,	  0,	0,    0,    0,	  0,   0, 0, 0,
		0,   0,	  10,	0,    0x61, 0x4a, 0,   0, 0, 15};
	struct cli_conn *conn = torture_negotiated(t);
	struct cli_message m;
	struct cli_reply reply = {0};
	NTSTATUS status;

	STATUS(setup_raw(t, conn, 0, ntlmssp_negotiate,
			 sizeof(ntlmssp_negotiate), 0, &reply),
	       MORE_PROCESSING_REQUIRED);
	m = cli_message(t->mem, SMB2_TREE_DISCONNECT, NULL, NULL);
	smb2_simple_encode(&m.w);
	m.twist.set = CLI_TWIST_SESSION_ID;
	m.twist.session_id = reply.header.session_id;
	status = cli_call(t->mem, conn, &m, &reply);
	CHECK((status.v & 0x80000000) != 0);
	torture_is_alive(conn);
}

/* Many at once, then all of them used. */
static void many_sessions(struct torture *t)
{
	struct cli_conn *conn = torture_negotiated(t);
	struct cli_session *sessions[20];

	for (size_t i = 0; i < COUNT_OF(sessions); i++) {
		sessions[i] = torture_session_on(t, conn);
	}
	for (size_t i = 0; i < COUNT_OF(sessions); i++) {
		torture_tree_on(t, sessions[i]);
		OK(cli_logoff(sessions[i]));
	}
}

const struct torture_test torture_session_tests[] = {
	{"session.right_password", "[MS-SMB2] 3.3.5.5", right_password, 0},
	{"session.bare_ntlmssp", "[MS-SMB2] 3.3.5.5.3: without SPNEGO",
	 bare_ntlmssp, 0},
	{"session.wrong_password", "LOGON_FAILURE", wrong_password, 0},
	{"session.unknown_user", "LOGON_FAILURE, as for a wrong password",
	 unknown_user, 0},
	{"session.second_user", "another user logs on", second_user, 0},
	{"session.logon_after_failure", "a refusal costs only the session",
	 logon_after_failure, 0},
	{"session.garbage_token", "[MS-SMB2] 3.3.5.5.3: an error",
	 garbage_token, 0},
	{"session.truncated_ntlmssp", "[MS-SMB2] 3.3.5.5.3: an error",
	 truncated_ntlmssp, 0},
	{"session.unknown_session", "[MS-SMB2] 3.3.5.5: USER_SESSION_DELETED",
	 unknown_session, 0},
	{"session.buffer_past_end", "[MS-SMB2] 3.3.5.2.6: INVALID_PARAMETER",
	 buffer_past_end, 0},
	{"session.signed_request_signed_answer", "[MS-SMB2] 3.3.4.1.1",
	 signed_request_signed_answer, 0},
	{"session.flags", "[MS-SMB2] 2.2.6: neither guest nor anonymous",
	 session_flags, 0},
	{"session.ids_differ", "[MS-SMB2] 3.3.5.5.1", session_ids_differ, 0},
	{"session.wrong_id", "[MS-SMB2] 3.3.5.2.9: USER_SESSION_DELETED",
	 wrong_session_id, 0},
	{"session.of_other_connection",
	 "[MS-SMB2] 3.3.5.2.9: USER_SESSION_DELETED",
	 session_of_other_connection, 0},
	{"session.logoff_then_use", "[MS-SMB2] 3.3.5.6, 3.3.5.2.9",
	 logoff_then_use, 0},
	{"session.logoff_closes_files", "[MS-SMB2] 3.3.5.6",
	 logoff_closes_files, 0},
	{"session.previous", "[MS-SMB2] 3.3.5.5.3: the old one is ended",
	 previous_session, 0},
	{"session.previous_of_other_user",
	 "[MS-SMB2] 3.3.5.5.3: only of the same user",
	 previous_session_of_other_user, 0},
	{"session.previous_unknown", "[MS-SMB2] 3.3.5.5.3: ignored",
	 previous_session_unknown, 0},
	{"session.reauthenticate",
	 "[MS-SMB2] 3.3.5.5.2: id, keys and opens stay", reauthenticate, 0},
	{"session.reauthenticate_wrong_password",
	 "[MS-SMB2] 3.3.5.5.3: the session is removed",
	 reauthenticate_wrong_password, 0},
	{"session.request_during_setup", "[MS-SMB2] 3.3.5.2.9: an error",
	 request_during_setup, 0},
	{"session.many_on_one_connection", "[MS-SMB2] 3.3.1.7", many_sessions,
	 0},
	{NULL, NULL, NULL, 0},
};
