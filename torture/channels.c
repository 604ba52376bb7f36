/* torture/channels.c - several connections of one session ([MS-SMB2] 3.3.5.5,
 * 3.3.5.2.9, 3.3.7.1, 3.3.4.6, 3.3.4.7). */
#include "torture/channels.h"

#include <string.h>

#include "smb2/simple.h"
#include "torture/breaks.h"
#include "torture/features.h"

/* --- what every test begins with ------------------------------------------ */

struct cli_negotiate_options channels_offer(struct torture *t)
{
	struct cli_negotiate_options o = {
		.capabilities = SMB2_GLOBAL_CAP_LARGE_MTU |
				SMB2_GLOBAL_CAP_LEASING |
				SMB2_GLOBAL_CAP_ENCRYPTION |
				SMB2_GLOBAL_CAP_MULTI_CHANNEL,
		.client_guid = guid_random(),
	};

	if (t->options->dialect != 0) {
		o.dialects[0] = t->options->dialect;
		o.dialect_count = 1;
	}
	return o;
}

struct cli_conn *channels_connect(struct torture *t,
				  const struct cli_negotiate_options *o)
{
	struct cli_conn *conn = torture_negotiate_with(t, o);

	if ((cli_conn_negotiated(conn)->capabilities &
	     SMB2_GLOBAL_CAP_MULTI_CHANNEL) == 0) {
		torture_skip("the server has one connection to a session");
	}
	return conn;
}

NTSTATUS channels_bind(struct torture *t, struct cli_conn *conn,
		       struct cli_session *session, struct cli_session **out)
{
	struct cli_session_options o = torture_login(t);

	return cli_session_bind(conn, session, &o, out);
}

struct pair channels_pair(struct torture *t)
{
	struct pair p = {.t = t, .offer = channels_offer(t)};
	struct cli_session *first, *second;

	p.c1 = channels_connect(t, &p.offer);
	first = torture_session_on(t, p.c1);
	p.a = torture_tree_on(t, first);
	p.c2 = channels_connect(t, &p.offer);
	OK(channels_bind(t, p.c2, first, &second));
	p.b = cli_tree_over(second, p.a);
	CHECK(p.b != NULL);
	return p;
}

/* --- one session over both ------------------------------------------------ */

/* Opens, trees and data are the session's, whichever connection is used. */
static void used_over_both(struct torture *t)
{
	struct pair p = channels_pair(t);
	const char *name = torture_file(t, p.a, "file", "0123456789");
	struct smb2_file_id id =
		torture_open(t, p.a, name, TORTURE_ALL, FILE_OPEN, 0);
	struct cli_tree *more, *over;
	struct blob got;

	OK(torture_write(p.b, id, 3, "abc", 3));
	OK(torture_read(t, p.a, id, 0, 10, &got));
	EQUAL(got.length, 10);
	CHECK(memcmp(got.data, "012abc6789", 10) == 0);
	more = torture_tree_on(t, cli_tree_session(p.b));
	over = cli_tree_over(cli_tree_session(p.a), more);
	torture_content_is(t, over, name, "012abc6789", 10);
	OK(cli_close(p.b, id));
	STATUS(torture_write(p.a, id, 0, "x", 1), FILE_CLOSED);
}

static void signed_by_its_own_key(struct torture *t)
{
	struct pair p = channels_pair(t);
	struct cli_message m = cli_message(t->mem, SMB2_TREE_DISCONNECT,
					   cli_tree_session(p.b), p.b);
	struct cli_reply reply;

	cli_session_set_sign(cli_tree_session(p.a), true);
	cli_session_set_sign(cli_tree_session(p.b), true);
	torture_file(t, p.b, "file", "x");
	torture_file(t, p.a, "file 2", "x");
	m.twist.set = CLI_TWIST_BAD_SIGNATURE | CLI_TWIST_ANY_ANSWER;
	smb2_simple_encode(&m.w);
	STATUS(cli_call(t->mem, p.c2, &m, &reply), ACCESS_DENIED);
	torture_file(t, p.b, "file 3", "x");
}

static void encrypted_over_both(struct torture *t)
{
	struct pair p = {.t = t, .offer = channels_offer(t)};
	struct cli_session_options o = torture_login(t);
	struct cli_session *first, *second;
	const char *name;

	p.c1 = channels_connect(t, &p.offer);
	o.encrypt = true;
	OK(cli_session_setup(p.c1, &o, &first));
	if (!cli_session_encrypts(first)) {
		torture_skip("no cipher");
	}
	p.a = torture_tree_on(t, first);
	p.c2 = channels_connect(t, &p.offer);
	OK(cli_session_bind(p.c2, first, &o, &second));
	CHECK(cli_session_encrypts(second));
	p.b = cli_tree_over(second, p.a);
	name = torture_file(t, p.a, "file", "secret");
	torture_content_is(t, p.b, name, "secret", 6);
}

static void validated_on_each(struct torture *t)
{
	struct cli_negotiate_options o = channels_offer(t);
	struct cli_session *first, *second;
	struct cli_tree *tree;

	o.dialects[0] = SMB2_DIALECT_302;
	o.dialect_count = 1;
	first = torture_session_on(t, channels_connect(t, &o));
	tree = torture_tree_on(t, first);
	OK(channels_bind(t, channels_connect(t, &o), first, &second));
	OK(cli_validate_negotiate(cli_tree_over(second, tree)));
	OK(cli_validate_negotiate(tree));
}

static void renewed_over_the_second(struct torture *t)
{
	struct pair p = channels_pair(t);
	struct cli_session_options o = torture_login(t);

	OK(cli_session_reauth(cli_tree_session(p.b), &o));
	torture_file(t, p.a, "file", "x");
	torture_file(t, p.b, "file 2", "x");
	OK(cli_session_reauth(cli_tree_session(p.a), &o));
	torture_file(t, p.b, "file 3", "x");
}

/* --- its end -------------------------------------------------------------- */

static void logoff_ends_it_for_all(struct torture *t)
{
	struct pair p = channels_pair(t);

	OK(cli_logoff(cli_tree_session(p.b)));
	STATUS(torture_try_open(t, p.a, "", FILE_READ_ATTRIBUTES, FILE_OPEN, 0),
	       USER_SESSION_DELETED);
	STATUS(torture_try_open(t, p.b, "", FILE_READ_ATTRIBUTES, FILE_OPEN, 0),
	       USER_SESSION_DELETED);
	torture_is_alive(p.c1);
	torture_is_alive(p.c2);
}

static void failed_renewal_ends_it_for_all(struct torture *t)
{
	struct pair p = channels_pair(t);
	struct cli_session_options o = torture_login(t);

	o.password = "certainly not this one";
	STATUS(cli_session_reauth(cli_tree_session(p.b), &o), LOGON_FAILURE);
	STATUS_IN(torture_try_open(t, p.a, "", FILE_READ_ATTRIBUTES, FILE_OPEN,
				   0),
		  NT_STATUS(USER_SESSION_DELETED),
		  NT_STATUS(CONNECTION_DISCONNECTED));
}

static void previous_session_has_several(struct torture *t)
{
	struct pair p = channels_pair(t);
	struct cli_session_options o = torture_login(t);
	struct cli_session *again;

	o.previous_session_id = cli_session_id(cli_tree_session(p.a));
	OK(cli_session_setup(channels_connect(t, &p.offer), &o, &again));
	STATUS(torture_try_open(t, p.a, "", FILE_READ_ATTRIBUTES, FILE_OPEN, 0),
	       USER_SESSION_DELETED);
	STATUS(torture_try_open(t, p.b, "", FILE_READ_ATTRIBUTES, FILE_OPEN, 0),
	       USER_SESSION_DELETED);
	torture_file(t, torture_tree_on(t, again), "file", "x");
}

/* --- a connection is lost (3.3.7.1) --------------------------------------- */

/* Opens, locks and data stay; a write goes on meanwhile. */
static void first_is_lost(struct torture *t)
{
	struct pair p = channels_pair(t);
	struct cli_tree *other = torture_tree(t);
	const char *name = torture_file(t, p.a, "file", "0123456789");
	struct smb2_file_id id =
		torture_open(t, p.a, name, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_file_id theirs =
		torture_open(t, other, name, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_lock_element lock = {
		.length = 4,
		.flags = SMB2_LOCKFLAG_EXCLUSIVE_LOCK |
			 SMB2_LOCKFLAG_FAIL_IMMEDIATELY};

	OK(cli_lock(p.a, id, &lock, 1));
	cli_conn_drop(p.c1);
	for (int i = 0; i < 50; i++) {
		OK(torture_write(p.b, id, 0, "abcd", 4));
	}
	STATUS(cli_lock(other, theirs, &lock, 1), LOCK_NOT_GRANTED);
	OK(cli_close(p.b, id));
	torture_content_is(t, p.b, name, "abcd456789", 10);
	OK(cli_lock(other, theirs, &lock, 1));
}

static void second_is_lost(struct torture *t)
{
	struct pair p = channels_pair(t);
	struct cli_session *again;
	const char *name = torture_file(t, p.b, "file", "0123456789");
	struct smb2_file_id id =
		torture_open(t, p.b, name, TORTURE_ALL, FILE_OPEN, 0);

	cli_conn_drop(p.c2);
	OK(torture_write(p.a, id, 0, "abcd", 4));
	OK(channels_bind(t, channels_connect(t, &p.offer),
			 cli_tree_session(p.a), &again));
	OK(torture_write(cli_tree_over(again, p.a), id, 0, "ABCD", 4));
	torture_content_is(t, p.a, name, "ABCD456789", 10);
}

/* With the last of them the session goes, and what it had open. */
static void both_are_lost(struct torture *t)
{
	struct pair p = channels_pair(t);
	struct cli_tree *other = torture_tree(t);
	const char *name = torture_file(t, p.a, "file", "x");
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);
	struct smb2_create_response out;
	NTSTATUS status;

	in.share_access = 0;
	OK(cli_create(t->mem, p.a, name, &in, NULL, &out));
	cli_conn_drop(p.c1);
	STATUS(torture_try_open(t, other, name, FILE_GENERIC_READ, FILE_OPEN,
				0),
	       SHARING_VIOLATION);
	cli_conn_drop(p.c2);
	for (int i = 0; i < 50; i++) {
		status = torture_try_open(t, other, name, FILE_GENERIC_READ,
					  FILE_OPEN, 0);
		if (NT_STATUS_IS_OK(status)) {
			return;
		}
		cli_wait_ms(t->ev, 100);
	}
	FAIL("still open: %s", ntstatus_name(status));
}

/* A request on it is cancelled: who waits for the lock on another connection
 * does not compete with a ghost. */
static void what_waits_on_it_is_cancelled(struct torture *t)
{
	struct pair p = channels_pair(t);
	struct cli_tree *other = torture_tree(t);
	const char *name = torture_file(t, p.a, "file", "0123456789");
	struct smb2_file_id theirs =
		torture_open(t, other, name, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_lock_element lock = {
		.length = 4,
		.flags = SMB2_LOCKFLAG_EXCLUSIVE_LOCK |
			 SMB2_LOCKFLAG_FAIL_IMMEDIATELY};
	struct smb2_lock_element wait = {.length = 4,
					 .flags = SMB2_LOCKFLAG_EXCLUSIVE_LOCK};
	struct smb2_lock_element unlock = {.length = 4,
					   .flags = SMB2_LOCKFLAG_UNLOCK};
	struct smb2_lock_request in = {0};
	struct tevent_req *req;

	OK(cli_lock(other, theirs, &lock, 1));
	in.id = torture_open(t, p.a, name, TORTURE_ALL, FILE_OPEN, 0);
	req = cli_lock_send(t->mem, p.b, &in, &wait, 1);
	CHECK(cli_wait_pending(p.c2, req, 5000));
	cli_conn_drop(p.c2);
	talloc_free(req);
	torture_is_alive(p.c1);
	OK(cli_lock(other, theirs, &unlock, 1));
	/* Nothing holds it: the ghost would. */
	OK(cli_lock(p.a, in.id, &lock, 1));
	OK(cli_lock(p.a, in.id, &unlock, 1));
	OK(cli_lock(other, theirs, &lock, 1));
}

/* --- CANCEL (3.3.5.16) ---------------------------------------------------- */

static void cancel_is_for_its_connection(struct torture *t)
{
	struct pair p = channels_pair(t);
	const char *dir = torture_dir(t, p.a);
	struct smb2_change_notify_request in = {
		.id = torture_open(t, p.a, dir, FILE_GENERIC_READ, FILE_OPEN,
				   FILE_DIRECTORY_FILE),
		.output_buffer_length = 1024,
		.completion_filter = FILE_NOTIFY_CHANGE_FILE_NAME,
	};
	struct tevent_req *req = cli_change_notify_send(t->mem, p.a, &in);
	uint8_t buffer[SMB2_HEADER_SIZE + SMB2_SIMPLE_SIZE];
	struct wire_writer w = wire_writer_fixed(buffer, sizeof(buffer));
	struct smb2_header h = {.command = SMB2_CANCEL};
	struct wire_reader out;

	CHECK(req != NULL);
	CHECK(cli_wait_pending(p.c1, req, 5000));
	h.message_id = cli_request_message_id(req, 0);
	h.session_id = cli_session_id(cli_tree_session(p.b));
	smb2_header_encode(&w, &h);
	smb2_simple_encode(&w);
	OK(cli_raw_send_frame(p.c2, buffer, w.length));
	torture_is_alive(p.c2);
	torture_is_alive(p.c1);
	CHECK(tevent_req_is_in_progress(req));
	CHECK(tevent_req_cancel(req));
	CHECK(cli_wait(p.c1, req));
	STATUS(cli_buffer_recv(req, t->mem, &out), CANCELLED);
}

/* What waits on one connection ends by what is done on another. */
static void closed_over_the_other(struct torture *t)
{
	struct pair p = channels_pair(t);
	const char *dir = torture_dir(t, p.a);
	struct smb2_change_notify_request in = {
		.id = torture_open(t, p.a, dir, FILE_GENERIC_READ, FILE_OPEN,
				   FILE_DIRECTORY_FILE),
		.output_buffer_length = 1024,
		.completion_filter = FILE_NOTIFY_CHANGE_FILE_NAME,
	};
	struct tevent_req *req = cli_change_notify_send(t->mem, p.a, &in);
	struct wire_reader out;

	CHECK(req != NULL);
	CHECK(cli_wait_pending(p.c1, req, 5000));
	OK(cli_close(p.b, in.id));
	CHECK(cli_wait(p.c1, req));
	STATUS(cli_buffer_recv(req, t->mem, &out), NOTIFY_CLEANUP);
}

/* --- breaks (3.3.4.6, 3.3.4.7) -------------------------------------------- */

/* The next break that comes over conn, whatever it is. */
static struct smb2_break_notification next_break(struct cli_conn *conn)
{
	struct smb2_break_notification b;

	OK(cli_wait_break(conn, BREAK_WAIT_MS, &b));
	return b;
}

static void lease_break_over_the_other(struct torture *t)
{
	struct pair p = channels_pair(t);
	struct cli_tree *other = torture_tree(t);
	const char *name = torture_file(t, p.a, "file", "0123456789");
	struct smb2_break_notification b1, b2;
	struct tevent_req *req;
	struct held h;

	torture_needs_leases(p.a);
	h = torture_hold_all(t, p.a, name, TORTURE_ALL, want_lease(LEASE_RWH));
	req = open_waits(t, other, name, FILE_GENERIC_READ, FILE_OPEN,
			 want_oplock(SMB2_OPLOCK_LEVEL_NONE));
	b1 = next_break(p.c1);
	EQUAL(b1.kind, SMB2_BREAK_LEASE);
	cli_conn_drop(p.c1);
	b2 = next_break(p.c2);
	EQUAL(b2.kind, SMB2_BREAK_LEASE);
	EQUAL(memcmp(&b1.lease, &b2.lease, sizeof(b1.lease)), 0);
	CHECK(tevent_req_is_in_progress(req));
	OK(cli_lease_ack(p.b, h.granted.lease.key, LEASE_RH, NULL));
	open_ends(t, other, req);
	no_break(p.b, 500);
}

static void oplock_break_over_the_other(struct torture *t)
{
	struct pair p = channels_pair(t);
	struct cli_tree *other = torture_tree(t);
	const char *name = torture_file(t, p.a, "file", "0123456789");
	struct smb2_break_notification b;
	struct tevent_req *req;
	struct held h;

	h = torture_hold_all(t, p.b, name, TORTURE_ALL,
			     want_oplock(SMB2_OPLOCK_LEVEL_BATCH));
	req = open_waits(t, other, name, FILE_GENERIC_READ, FILE_OPEN,
			 want_oplock(SMB2_OPLOCK_LEVEL_NONE));
	b = next_break(p.c1); /* the oldest channel's */
	EQUAL(b.kind, SMB2_BREAK_OPLOCK);
	cli_conn_drop(p.c1);
	b = next_break(p.c2);
	EQUAL(b.kind, SMB2_BREAK_OPLOCK);
	EQUAL(b.oplock.level, SMB2_OPLOCK_LEVEL_II);
	EQUAL(b.oplock.id.volatile_id, h.id.volatile_id);
	OK(cli_oplock_ack(p.b, h.id, SMB2_OPLOCK_LEVEL_II, NULL));
	open_ends(t, other, req);
}

/* Lost before there was a break: it goes where somebody is. */
static void break_finds_who_is_left(struct torture *t)
{
	struct pair p = channels_pair(t);
	struct cli_tree *other = torture_tree(t);
	const char *name = torture_file(t, p.a, "file", "0123456789");
	struct tevent_req *req;
	struct held h;

	h = torture_hold_all(t, p.a, name, TORTURE_ALL,
			     want_oplock(SMB2_OPLOCK_LEVEL_BATCH));
	cli_conn_drop(p.c1);
	torture_is_alive(p.c2);
	req = open_waits(t, other, name, FILE_GENERIC_READ, FILE_OPEN,
			 want_oplock(SMB2_OPLOCK_LEVEL_NONE));
	EQUAL(next_break(p.c2).kind, SMB2_BREAK_OPLOCK);
	OK(cli_oplock_ack(p.b, h.id, SMB2_OPLOCK_LEVEL_II, NULL));
	open_ends(t, other, req);
}

/* An answer over any channel counts. */
static void answered_over_the_other(struct torture *t)
{
	struct pair p = channels_pair(t);
	struct cli_tree *other = torture_tree(t);
	const char *name = torture_file(t, p.a, "file", "0123456789");
	struct tevent_req *req;
	struct held h;

	h = torture_hold_all(t, p.a, name, TORTURE_ALL,
			     want_oplock(SMB2_OPLOCK_LEVEL_BATCH));
	req = open_waits(t, other, name, FILE_GENERIC_READ, FILE_OPEN,
			 want_oplock(SMB2_OPLOCK_LEVEL_NONE));
	EQUAL(next_break(p.c1).kind, SMB2_BREAK_OPLOCK);
	OK(cli_oplock_ack(p.b, h.id, SMB2_OPLOCK_LEVEL_II, NULL));
	open_ends(t, other, req);
	cli_conn_drop(p.c1);
	no_break(p.b, 500);
}

const struct torture_test torture_channels_tests[] = {
	{"channels.used_over_both", "[MS-SMB2] 3.3.5.5.3", used_over_both, 0},
	{"channels.signed_by_its_own_key", "[MS-SMB2] 3.3.5.2.4",
	 signed_by_its_own_key, 0},
	{"channels.encrypted_over_both", "[MS-SMB2] 3.3.1.8: EncryptionKey",
	 encrypted_over_both, 0},
	{"channels.validated_on_each", "[MS-SMB2] 3.3.5.15.12",
	 validated_on_each, 0},
	{"channels.renewed_over_the_second", "[MS-SMB2] 3.3.5.5.2",
	 renewed_over_the_second, 0},
	{"channels.logoff_ends_it_for_all", "[MS-SMB2] 3.3.5.6",
	 logoff_ends_it_for_all, 0},
	{"channels.failed_renewal_ends_it_for_all", "[MS-SMB2] 3.3.5.5.3",
	 failed_renewal_ends_it_for_all, 0},
	{"channels.previous_session_has_several", "[MS-SMB2] 3.3.5.5.3",
	 previous_session_has_several, 0},
	{"channels.first_is_lost", "[MS-SMB2] 3.3.7.1", first_is_lost, 0},
	{"channels.second_is_lost", "[MS-SMB2] 3.3.7.1", second_is_lost, 0},
	{"channels.both_are_lost", "[MS-SMB2] 3.3.7.1", both_are_lost, 0},
	{"channels.what_waits_on_it_is_cancelled", "[MS-SMB2] 3.3.7.1",
	 what_waits_on_it_is_cancelled, 0},
	{"channels.cancel_is_for_its_connection", "[MS-SMB2] 3.3.5.16",
	 cancel_is_for_its_connection, 0},
	{"channels.closed_over_the_other", "[MS-SMB2] 3.3.5.10",
	 closed_over_the_other, 0},
	{"channels.lease_break_over_the_other", "[MS-SMB2] 3.3.4.7",
	 lease_break_over_the_other, 0},
	{"channels.oplock_break_over_the_other", "[MS-SMB2] 3.3.4.6",
	 oplock_break_over_the_other, 0},
	{"channels.break_finds_who_is_left", "[MS-SMB2] 3.3.4.6",
	 break_finds_who_is_left, 0},
	{"channels.answered_over_the_other", "[MS-SMB2] 3.3.5.22",
	 answered_over_the_other, 0},
	{NULL, NULL, NULL, 0},
};
