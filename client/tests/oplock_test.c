/* client/tests/oplock_test.c - what a client may cache: what is asked for and
 * granted, breaks that come, answers that go out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/conn_int.h"
#include "client/sync.h"

static const struct guid KEY = {{1, 2, 3, 4}};

struct pair {
	struct tevent_context *ev;
	struct cli_conn *conn;
	struct cli_session session;
	struct cli_tree tree;
	int peer;
};

static int setup(void **state)
{
	struct pair *p = talloc_zero(NULL, struct pair);
	int fds[2];

	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	p->ev = tevent_context_init(p);
	assert_true(
		NT_STATUS_IS_OK(cli_conn_open_fd(p, p->ev, fds[0], &p->conn)));
	cli_conn_set_timeout(p->conn, 5);
	cli_conn_add_credits(p->conn, 10);
	p->session = (struct cli_session){.conn = p->conn, .id = 7};
	p->tree = (struct cli_tree){.session = &p->session, .id = 9};
	p->peer = fds[1];
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct pair *p = *state;

	close(p->peer);
	talloc_free(p);
	return 0;
}

static void peer_sends(struct pair *p, struct smb2_header h, const void *body,
		       size_t length)
{
	uint8_t frame[4 + SMB2_HEADER_SIZE + 64];
	struct wire_writer w = wire_writer_fixed(frame, sizeof(frame));

	h.flags |= SMB2_FLAGS_SERVER_TO_REDIR;
	wire_put_u32be(&w, (uint32_t)(SMB2_HEADER_SIZE + length));
	smb2_header_encode(&w, &h);
	wire_put_bytes(&w, body, length);
	assert_true(wire_writer_ok(&w));
	assert_int_equal(send(p->peer, frame, w.length, 0), w.length);
}

/* The body of the next request that the peer gets, and its header. */
static size_t peer_gets(struct pair *p, struct smb2_header *h, uint8_t *pdu,
			size_t max)
{
	uint8_t prefix[4];
	size_t length = 0;

	assert_int_equal(recv(p->peer, prefix, 4, MSG_WAITALL), 4);
	assert_true(NT_STATUS_IS_OK(smb2_transport_decode(prefix, &length)));
	assert_true(length <= max);
	assert_int_equal(recv(p->peer, pdu, length, MSG_WAITALL), length);
	assert_true(NT_STATUS_IS_OK(
		smb2_header_decode(wire_reader(pdu, length), h)));
	return length;
}

static void peer_breaks(struct pair *p, const struct smb2_break_notification *b)
{
	struct smb2_header h = {.command = SMB2_OPLOCK_BREAK,
				.message_id = UINT64_MAX};
	uint8_t body[64];
	struct wire_writer w = wire_writer_fixed(body, sizeof(body));

	smb2_break_notification_encode(&w, b);
	peer_sends(p, h, body, w.length);
}

static struct smb2_break_notification lease_break(uint32_t to)
{
	return (struct smb2_break_notification){
		.kind = SMB2_BREAK_LEASE,
		.lease = {.key = KEY, .current_state = 7, .new_state = to},
	};
}

/* --- breaks --------------------------------------------------------------- */

static void test_kept_in_order(void **state)
{
	struct pair *p = *state;
	struct smb2_break_notification b = lease_break(3);

	assert_false(cli_break_take(p->conn, &b));
	peer_breaks(p, &b);
	b.lease.new_state = 1;
	peer_breaks(p, &b);
	assert_true(NT_STATUS_IS_OK(cli_wait_break(p->conn, 1000, &b)));
	assert_int_equal(b.kind, SMB2_BREAK_LEASE);
	assert_true(guid_equal(&b.lease.key, &KEY));
	assert_int_equal(b.lease.new_state, 3);
	assert_true(NT_STATUS_IS_OK(cli_wait_break(p->conn, 1000, &b)));
	assert_int_equal(b.lease.new_state, 1);
	assert_true(NT_STATUS_IS(cli_wait_break(p->conn, 10, &b), IO_TIMEOUT));
	assert_int_equal(b.lease.new_state, 1); /* untouched */
}

static void test_unreadable_is_counted(void **state)
{
	struct pair *p = *state;
	struct smb2_header h = {.command = SMB2_OPLOCK_BREAK,
				.message_id = UINT64_MAX};
	struct smb2_break_notification b;

	peer_sends(p, h, "\x2c\0", 2); /* a lease's, cut */
	peer_sends(p, h, "\x19\0\0\0", 4);
	assert_true(NT_STATUS_IS(cli_wait_break(p->conn, 50, &b), IO_TIMEOUT));
	assert_int_equal(cli_conn_unmatched(p->conn), 2);
	assert_true(NT_STATUS_IS_OK(cli_conn_status(p->conn)));
}

static void count_break(void *private_data, struct cli_conn *conn,
			const struct smb2_break_notification *b)
{
	assert_int_equal(b->kind, SMB2_BREAK_OPLOCK);
	assert_int_equal(b->oplock.level, SMB2_OPLOCK_LEVEL_II);
	*(int *)private_data += 1;
}

static void test_handler(void **state)
{
	struct pair *p = *state;
	struct smb2_break_notification b = {
		.kind = SMB2_BREAK_OPLOCK,
		.oplock = {.level = SMB2_OPLOCK_LEVEL_II},
	};
	int count = 0;

	cli_conn_set_on_break(p->conn, count_break, &count);
	peer_breaks(p, &b);
	assert_true(NT_STATUS_IS(cli_wait_break(p->conn, 50, &b), IO_TIMEOUT));
	assert_int_equal(count, 1);
}

static void test_bounded(void **state)
{
	struct pair *p = *state;
	struct smb2_break_notification b = lease_break(0);

	for (unsigned int i = 0; i < CLI_BREAKS_MAX + 2; i++) {
		peer_breaks(p, &b);
		if (i % 64 == 0) {
			cli_wait_ms(p->ev, 1);
		}
	}
	cli_wait_ms(p->ev, 50);
	assert_int_equal(cli_conn_unmatched(p->conn), 2);
	for (unsigned int i = 0; i < CLI_BREAKS_MAX; i++) {
		assert_true(cli_break_take(p->conn, &b));
	}
	assert_false(cli_break_take(p->conn, &b));
}

/* --- answers -------------------------------------------------------------- */

/* The peer reads the answer and sends body back; what the client makes of
 * that. */
static NTSTATUS answered(struct pair *p, struct tevent_req *req, bool right,
			 struct smb2_break_ack *out_sent,
			 struct smb2_break_ack *out_got)
{
	struct smb2_header h;
	uint8_t pdu[256];
	size_t length = peer_gets(p, &h, pdu, sizeof(pdu));

	assert_int_equal(h.command, SMB2_OPLOCK_BREAK);
	assert_int_equal(h.session_id, 7);
	assert_int_equal(h.tree_id, 9);
	assert_true(NT_STATUS_IS_OK(
		smb2_break_ack_decode(wire_reader(pdu, length), out_sent)));
	h.credits = 1;
	peer_sends(p, h, pdu + SMB2_HEADER_SIZE,
		   right ? length - SMB2_HEADER_SIZE : 4);
	assert_true(cli_wait(p->conn, req));
	return cli_ack_recv(req, out_got);
}

static void test_lease_ack(void **state)
{
	struct pair *p = *state;
	struct tevent_req *req = cli_lease_ack_send(p, &p->tree, KEY, 3);
	struct smb2_break_ack sent = {0}, got = {0};

	assert_true(NT_STATUS_IS_OK(answered(p, req, true, &sent, &got)));
	assert_int_equal(sent.kind, SMB2_BREAK_LEASE);
	assert_true(guid_equal(&sent.lease.key, &KEY));
	assert_int_equal(sent.lease.state, 3);
	assert_int_equal(got.kind, SMB2_BREAK_LEASE);
	assert_int_equal(got.lease.state, 3);
}

static void test_oplock_ack(void **state)
{
	struct pair *p = *state;
	struct smb2_file_id id = {1, 2};
	struct tevent_req *req =
		cli_oplock_ack_send(p, &p->tree, id, SMB2_OPLOCK_LEVEL_II);
	struct smb2_break_ack sent = {0}, got = {0};

	assert_true(NT_STATUS_IS_OK(answered(p, req, true, &sent, &got)));
	assert_int_equal(sent.kind, SMB2_BREAK_OPLOCK);
	assert_int_equal(sent.oplock.level, SMB2_OPLOCK_LEVEL_II);
	assert_int_equal(sent.oplock.id.persistent_id, 1);
	assert_int_equal(sent.oplock.id.volatile_id, 2);
	assert_int_equal(got.oplock.level, SMB2_OPLOCK_LEVEL_II);
}

static void test_ack_of_a_bad_response(void **state)
{
	struct pair *p = *state;
	struct tevent_req *req = cli_lease_ack_send(p, &p->tree, KEY, 3);
	struct smb2_break_ack sent = {0}, got = {.lease = {.state = 99}};

	assert_true(NT_STATUS_IS(answered(p, req, false, &sent, &got),
				 INVALID_NETWORK_RESPONSE));
	assert_int_equal(got.lease.state, 99);
}

/* --- CREATE --------------------------------------------------------------- */

static void test_asks_for_a_lease(void **state)
{
	struct pair *p = *state;
	struct cli_oplock want = cli_lease(KEY, 7);
	struct smb2_create_request in = {0};
	struct smb2_create_request_contexts c = {0};
	struct smb2_header h;
	uint8_t pdu[512];
	size_t length;

	want.lease.parent_key = KEY;
	want.lease.flags = SMB2_LEASE_FLAG_PARENT_LEASE_KEY_SET;
	want.lease.epoch = 0x1234;
	assert_non_null(
		cli_create_oplock_send(p, &p->tree, "file", &in, NULL, &want));
	length = peer_gets(p, &h, pdu, sizeof(pdu));
	assert_true(NT_STATUS_IS_OK(
		smb2_create_request_decode(wire_reader(pdu, length), &in)));
	assert_int_equal(in.oplock_level, SMB2_OPLOCK_LEVEL_LEASE);
	assert_true(NT_STATUS_IS_OK(
		smb2_create_request_contexts_decode(in.contexts, &c)));
	assert_true(smb2_create_has(&c, SMB2_CREATE_REQUEST_LEASE));
	assert_int_equal(c.lease.version, 2);
	assert_true(guid_equal(&c.lease.key, &KEY));
	assert_true(guid_equal(&c.lease.parent_key, &KEY));
	assert_int_equal(c.lease.state, 7);
	assert_int_equal(c.lease.epoch, 0x1234);
	assert_int_equal(c.lease.flags, SMB2_LEASE_FLAG_PARENT_LEASE_KEY_SET);
}

static void test_granted(void **state)
{
	struct smb2_create_response r = {.oplock_level =
						 SMB2_OPLOCK_LEVEL_BATCH};
	struct smb2_create_response_contexts c = {
		.present = 1u << SMB2_CREATE_REQUEST_LEASE,
		.lease = {.version = 1, .key = KEY, .state = 3},
	};
	uint8_t bytes[256];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct cli_oplock got = {0};

	assert_true(NT_STATUS_IS_OK(cli_oplock_granted(&r, &got)));
	assert_int_equal(got.level, SMB2_OPLOCK_LEVEL_BATCH);
	r.oplock_level = SMB2_OPLOCK_LEVEL_LEASE;
	assert_true(NT_STATUS_IS(cli_oplock_granted(&r, &got),
				 INVALID_NETWORK_RESPONSE));
	assert_int_equal(got.level, SMB2_OPLOCK_LEVEL_BATCH);
	smb2_create_response_contexts_put(&w, &c);
	r.contexts = wire_reader(bytes, w.length);
	assert_true(NT_STATUS_IS_OK(cli_oplock_granted(&r, &got)));
	assert_int_equal(got.lease.version, 1);
	assert_true(guid_equal(&got.lease.key, &KEY));
	assert_int_equal(got.lease.state, 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_kept_in_order),
		TEST(test_unreadable_is_counted),
		TEST(test_handler),
		TEST(test_bounded),
		TEST(test_lease_ack),
		TEST(test_oplock_ack),
		TEST(test_ack_of_a_bad_response),
		TEST(test_asks_for_a_lease),
		cmocka_unit_test(test_granted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
