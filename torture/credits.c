/* torture/credits.c - message ids and credits ([MS-SMB2] 3.3.1.1, 3.3.1.2,
 * 3.3.5.2.3, 3.3.5.2.5). */
#include "smb2/simple.h"
#include "torture/features.h"
#include "torture/util.h"

static struct cli_message echo_message(struct torture *t)
{
	struct cli_message m = cli_message(t->mem, SMB2_ECHO, NULL, NULL);

	smb2_simple_encode(&m.w);
	return m;
}

static NTSTATUS echo_with_id(struct torture *t, struct cli_conn *conn,
			     uint64_t id, struct cli_reply *reply)
{
	struct cli_message m = echo_message(t);

	m.twist.set = CLI_TWIST_MESSAGE_ID;
	m.twist.message_id = id;
	return cli_call(t->mem, conn, &m, reply);
}

static void is_dropped(struct torture *t, struct cli_conn *conn, uint64_t id)
{
	struct cli_reply reply;

	STATUS_IN(echo_with_id(t, conn, id, &reply),
		  NT_STATUS(CONNECTION_DISCONNECTED),
		  NT_STATUS(CONNECTION_RESET));
}

/* A connection on which some credits have been granted. */
static struct cli_conn *with_credits(struct torture *t, uint32_t n)
{
	struct cli_conn *conn = cli_tree_conn(torture_tree(t));

	for (int i = 0; i < 50 && cli_conn_credits(conn) < n; i++) {
		OK(cli_echo(conn, NULL));
	}
	CHECK(cli_conn_credits(conn) >= n);
	return conn;
}

static void replayed_id(struct torture *t)
{
	struct cli_conn *conn = with_credits(t, 4);

	OK(cli_echo(conn, NULL));
	is_dropped(t, conn, cli_conn_next_message_id(conn) - 1);
}

static void first_id_again(struct torture *t)
{
	is_dropped(t, with_credits(t, 4), 0);
}

static void far_out_of_window(struct torture *t)
{
	struct cli_conn *conn = with_credits(t, 4);

	is_dropped(t, conn, cli_conn_next_message_id(conn) + 1000000);
}

static void id_minus_one(struct torture *t)
{
	is_dropped(t, with_credits(t, 4), UINT64_MAX);
}

/* The last id that was granted is good, the one behind it is not. */
static void window_edge(struct torture *t)
{
	struct cli_conn *conn = with_credits(t, 4);
	uint64_t next = cli_conn_next_message_id(conn);
	uint32_t credits = cli_conn_credits(conn);
	struct cli_message m = echo_message(t);
	struct cli_reply reply;

	m.twist.set = CLI_TWIST_MESSAGE_ID | CLI_TWIST_CREDITS;
	m.twist.message_id = next + credits - 1;
	m.twist.credits = 0;
	OK(cli_call(t->mem, conn, &m, &reply));
	is_dropped(t, conn, next + credits + reply.header.credits);
}

/* Within the window the order does not matter, and an id counts once. */
static void any_order(struct torture *t)
{
	struct cli_conn *conn = with_credits(t, 8);
	uint64_t next = cli_conn_next_message_id(conn);
	static const uint8_t order[] = {3, 0, 5, 1, 4, 2};
	struct cli_reply reply;

	for (size_t i = 0; i < COUNT_OF(order); i++) {
		OK(echo_with_id(t, conn, next + order[i], &reply));
		EQUAL(reply.header.message_id, next + order[i]);
	}
	is_dropped(t, conn, next + 3);
}

/* The charge takes as many ids: the next good one is behind all of them. */
static void charge_takes_ids(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct cli_conn *conn = cli_tree_conn(tree);
	struct cli_message m = echo_message(t);
	uint64_t next = cli_conn_next_message_id(conn);
	struct cli_reply reply;

	if ((cli_conn_negotiated(conn)->capabilities &
	     SMB2_GLOBAL_CAP_LARGE_MTU) == 0) {
		torture_skip("no multi-credit requests here");
	}
	m.twist.set = CLI_TWIST_MESSAGE_ID | CLI_TWIST_CREDIT_CHARGE;
	m.twist.message_id = next;
	m.twist.credit_charge = 3;
	OK(cli_call(t->mem, conn, &m, &reply));
	OK(echo_with_id(t, conn, next + 3, &reply));
	is_dropped(t, conn, next + 2);
}

static void charge_beyond_window(struct torture *t)
{
	struct cli_conn *conn = with_credits(t, 4);
	struct cli_message m = echo_message(t);
	struct cli_reply reply;

	if ((cli_conn_negotiated(conn)->capabilities &
	     SMB2_GLOBAL_CAP_LARGE_MTU) == 0) {
		torture_skip("no multi-credit requests here");
	}
	m.twist.set = CLI_TWIST_MESSAGE_ID | CLI_TWIST_CREDIT_CHARGE;
	m.twist.message_id = cli_conn_next_message_id(conn);
	m.twist.credit_charge = (uint16_t)(cli_conn_credits(conn) + 1);
	STATUS_IN(cli_call(t->mem, conn, &m, &reply),
		  NT_STATUS(CONNECTION_DISCONNECTED),
		  NT_STATUS(CONNECTION_RESET));
}

/* [MS-SMB2] 3.3.1.2: never so few that the client cannot go on. */
static void never_starved(struct torture *t)
{
	struct cli_conn *conn = torture_negotiated(t);

	cli_conn_set_want_credits(conn, 1);
	for (int i = 0; i < 300; i++) {
		OK(cli_echo(conn, NULL));
		CHECK(cli_conn_credits(conn) >= 1);
	}
}

/* Asking for none is no reason to give none, when none are left. */
static void asks_for_none(struct torture *t)
{
	struct cli_conn *conn = torture_negotiated(t);

	for (int i = 0; i < 600 && cli_conn_credits(conn) > 0; i++) {
		struct cli_message m = echo_message(t);
		struct cli_reply reply;

		m.twist.set = CLI_TWIST_CREDITS;
		OK(cli_call(t->mem, conn, &m, &reply));
	}
	CHECK(cli_conn_credits(conn) > 0);
}

static void greedy_client(struct torture *t)
{
	struct cli_conn *conn = torture_negotiated(t);

	torture_tree_on(t, torture_session_on(t, conn));
	cli_conn_set_want_credits(conn, 65535);
	for (int i = 0; i < 50; i++) {
		OK(cli_echo(conn, NULL));
	}
	/* 8192 is what Windows and Samba stop at ([MS-SMB2] 3.3.1.2) */
	CHECK(cli_conn_credits(conn) >= 128);
	CHECK(cli_conn_credits(conn) < 65536);
}

/* --- the charge of large requests ----------------------------------------- */

static NTSTATUS charged_read(struct torture *t, struct cli_tree *tree,
			     struct smb2_file_id id, uint32_t length,
			     uint16_t charge)
{
	struct smb2_read_request in = {.length = length, .id = id};
	struct cli_message m = cli_read_message(t->mem, tree, &in);
	struct cli_reply reply;

	/* What the server takes out of the window is what we said */
	m.payload = charge > 0 ? (uint32_t)charge * 65536 : 1;
	m.twist.set = CLI_TWIST_CREDIT_CHARGE;
	m.twist.credit_charge = charge;
	return cli_call(t->mem, cli_tree_conn(tree), &m, &reply);
}

static struct cli_tree *multi_credit_tree(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const struct cli_negotiated *n =
		cli_conn_negotiated(cli_tree_conn(tree));

	if ((n->capabilities & SMB2_GLOBAL_CAP_LARGE_MTU) == 0) {
		torture_skip("no multi-credit requests here");
	}
	return tree;
}

static void charge_too_small(struct torture *t)
{
	struct cli_tree *tree = multi_credit_tree(t);
	uint32_t max = cli_conn_negotiated(cli_tree_conn(tree))->max_read_size;
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, FILE_GENERIC_READ, FILE_OPEN, 0);

	OK(charged_read(t, tree, id, 65536, 1));
	OK(charged_read(t, tree, id, 65536, 0));
	STATUS(charged_read(t, tree, id, 65537, 0), INVALID_PARAMETER);
	STATUS(charged_read(t, tree, id, 65537, 1), INVALID_PARAMETER);
	OK(charged_read(t, tree, id, 65537, 2));
	OK(charged_read(t, tree, id, 65536, 2));
	STATUS(charged_read(t, tree, id, max, (uint16_t)(max / 65536 - 1)),
	       INVALID_PARAMETER);
	OK(cli_close(tree, id));
}

static void charge_too_small_write(struct torture *t)
{
	struct cli_tree *tree = multi_credit_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
	uint8_t *data = talloc_zero_array(t->mem, uint8_t, 65537);
	struct smb2_write_request in = {.id = id,
					.data = wire_reader(data, 65537)};
	struct cli_message m = cli_write_message(t->mem, tree, &in);
	struct cli_reply reply;

	m.payload = 1;
	STATUS(cli_call(t->mem, cli_tree_conn(tree), &m, &reply),
	       INVALID_PARAMETER);
	torture_content_is(t, tree, name, "text", 4);
	OK(cli_close(tree, id));
}

static void charge_too_small_query(struct torture *t)
{
	struct cli_tree *tree = multi_credit_tree(t);
	const char *dir = torture_dir(t, tree);
	struct smb2_file_id id = torture_open(t, tree, dir, FILE_GENERIC_READ,
					      FILE_OPEN, FILE_DIRECTORY_FILE);
	struct smb2_query_directory_request q = {
		.info_class = FileDirectoryInformation,
		.id = id,
		.output_buffer_length = 65537,
	};
	struct smb2_query_info_request i = {
		.info_type = SMB2_0_INFO_FILE,
		.info_class = FileAllInformation,
		.id = id,
		.output_buffer_length = 65537,
	};
	struct cli_message m =
		cli_query_directory_message(t->mem, tree, "*", &q);
	struct cli_reply reply;

	m.payload = 1;
	STATUS(cli_call(t->mem, cli_tree_conn(tree), &m, &reply),
	       INVALID_PARAMETER);
	m = cli_query_info_message(t->mem, tree, &i);
	m.payload = 1;
	STATUS(cli_call(t->mem, cli_tree_conn(tree), &m, &reply),
	       INVALID_PARAMETER);
	OK(cli_close(tree, id));
}

/* Many requests at once, more than there are credits: the library waits. */
static void pipelined(struct torture *t)
{
	struct cli_conn *conn = cli_tree_conn(torture_tree(t));
	struct tevent_req *reqs[2000];

	for (size_t i = 0; i < COUNT_OF(reqs); i++) {
		reqs[i] = cli_echo_send(t->mem, conn, NULL);
		CHECK(reqs[i] != NULL);
	}
	for (size_t i = 0; i < COUNT_OF(reqs); i++) {
		CHECK(cli_wait(conn, reqs[i]));
		OK(cli_status_recv(reqs[i]));
	}
	EQUAL(cli_conn_unmatched(conn), 0);
}

const struct torture_test torture_credits_tests[] = {
	{"credits.replayed_id_disconnects", "[MS-SMB2] 3.3.5.2.3", replayed_id,
	 0},
	{"credits.first_id_again_disconnects", "[MS-SMB2] 3.3.5.2.3",
	 first_id_again, 0},
	{"credits.far_out_of_window_disconnects", "[MS-SMB2] 3.3.5.2.3",
	 far_out_of_window, 0},
	{"credits.id_minus_one_disconnects", "[MS-SMB2] 3.3.5.2.3",
	 id_minus_one, 0},
	{"credits.window_edge", "[MS-SMB2] 3.3.1.1, 3.3.5.2.3", window_edge, 0},
	{"credits.any_order", "[MS-SMB2] 3.3.1.1", any_order, 0},
	{"credits.charge_takes_ids", "[MS-SMB2] 3.3.5.2.3", charge_takes_ids,
	 0},
	{"credits.charge_beyond_window_disconnects", "[MS-SMB2] 3.3.5.2.3",
	 charge_beyond_window, 0},
	{"credits.never_starved", "[MS-SMB2] 3.3.1.2", never_starved, 0},
	{"credits.asks_for_none", "[MS-SMB2] 3.3.1.2", asks_for_none, 0},
	{"credits.greedy_client", "[MS-SMB2] 3.3.1.2", greedy_client, 0},
	{"credits.charge_too_small", "[MS-SMB2] 3.3.5.2.5: INVALID_PARAMETER",
	 charge_too_small, 0},
	{"credits.charge_too_small_write",
	 "[MS-SMB2] 3.3.5.2.5: INVALID_PARAMETER", charge_too_small_write, 0},
	{"credits.charge_too_small_query",
	 "[MS-SMB2] 3.3.5.2.5: INVALID_PARAMETER", charge_too_small_query, 0},
	{"credits.pipelined", "[MS-SMB2] 3.3.1.1: thousands in flight",
	 pipelined, 0},
	{NULL, NULL, NULL, 0},
};
