/* client/tests/conn_test.c - a connection against a peer made by hand: what
 * goes out, and what ends a request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/file.h"
#include "client/sync.h"
#include "smb2/simple.h"

struct pair {
	struct tevent_context *ev;
	struct cli_conn *conn;
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
	p->peer = fds[1];
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct pair *p = *state;

	if (p->peer != -1) {
		close(p->peer);
	}
	talloc_free(p);
	return 0;
}

/* The header of the next request that the peer gets. */
static struct smb2_header peer_gets(struct pair *p)
{
	uint8_t prefix[4], frame[4096];
	struct smb2_header h = {0};
	size_t length = 0;

	assert_int_equal(recv(p->peer, prefix, 4, MSG_WAITALL), 4);
	assert_true(NT_STATUS_IS_OK(smb2_transport_decode(prefix, &length)));
	assert_true(length <= sizeof(frame));
	assert_int_equal(recv(p->peer, frame, length, MSG_WAITALL), length);
	assert_true(NT_STATUS_IS_OK(
		smb2_header_decode(wire_reader(frame, length), &h)));
	return h;
}

static bool peer_has_nothing(struct pair *p)
{
	char byte;

	return recv(p->peer, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == -1;
}

static void peer_sends(struct pair *p, struct smb2_header h)
{
	uint8_t frame[4 + SMB2_HEADER_SIZE + SMB2_SIMPLE_SIZE];
	struct wire_writer w = wire_writer_fixed(frame, sizeof(frame));

	h.flags |= SMB2_FLAGS_SERVER_TO_REDIR;
	wire_put_u32be(&w, sizeof(frame) - 4);
	smb2_header_encode(&w, &h);
	smb2_simple_encode(&w);
	assert_int_equal(send(p->peer, frame, sizeof(frame), 0), sizeof(frame));
}

static struct tevent_req *echo(struct pair *p)
{
	struct tevent_req *req = cli_echo_send(p, p->conn, NULL);

	assert_non_null(req);
	return req;
}

static NTSTATUS end_of(struct pair *p, struct tevent_req *req)
{
	assert_true(cli_wait(p->conn, req));
	return cli_status_recv(req);
}

static void give_credits(struct pair *p, uint16_t n)
{
	struct tevent_req *req = echo(p);
	struct smb2_header h = peer_gets(p);

	h.credits = n;
	peer_sends(p, h);
	assert_true(NT_STATUS_IS_OK(end_of(p, req)));
}

static void test_ids_count_up(void **state)
{
	struct pair *p = *state;
	struct smb2_header h;

	give_credits(p, 10);
	echo(p);
	h = peer_gets(p);
	assert_int_equal(h.message_id, 1);
	echo(p);
	h = peer_gets(p);
	assert_int_equal(h.message_id, 2);
	assert_int_equal(cli_conn_credits(p->conn), 8);
}

static void test_answers_in_any_order(void **state)
{
	struct pair *p = *state;
	struct tevent_req *a, *b;
	struct smb2_header ha, hb;

	give_credits(p, 10);
	a = echo(p);
	b = echo(p);
	ha = peer_gets(p);
	hb = peer_gets(p);
	hb.status = NT_STATUS(ACCESS_DENIED);
	peer_sends(p, hb);
	assert_true(NT_STATUS_IS(end_of(p, b), ACCESS_DENIED));
	assert_true(tevent_req_is_in_progress(a));
	peer_sends(p, ha);
	assert_true(NT_STATUS_IS_OK(end_of(p, a)));
}

/* One credit: the second request goes when the first was answered. */
static void test_waits_for_credits(void **state)
{
	struct pair *p = *state;
	struct tevent_req *a = echo(p), *b = echo(p);
	struct smb2_header h = peer_gets(p);

	assert_true(peer_has_nothing(p));
	h.credits = 1;
	peer_sends(p, h);
	assert_true(NT_STATUS_IS_OK(end_of(p, a)));
	h = peer_gets(p);
	assert_int_equal(h.message_id, 1);
	peer_sends(p, h);
	assert_true(NT_STATUS_IS_OK(end_of(p, b)));
}

static void test_interim_is_not_the_end(void **state)
{
	struct pair *p = *state;
	struct tevent_req *req = echo(p);
	struct smb2_header h = peer_gets(p);

	h.status = NT_STATUS(PENDING);
	h.flags = SMB2_FLAGS_ASYNC_COMMAND;
	h.async_id = 77;
	h.credits = 5;
	peer_sends(p, h);
	assert_true(cli_wait_pending(p->conn, req, 2000));
	assert_int_equal(cli_conn_credits(p->conn), 5);
	/* CANCEL names the AsyncId and costs nothing */
	assert_true(tevent_req_cancel(req));
	h = peer_gets(p);
	assert_int_equal(h.command, SMB2_CANCEL);
	assert_int_equal(h.async_id, 77);
	assert_int_equal(cli_conn_credits(p->conn), 5);
	h = (struct smb2_header){.command = SMB2_ECHO,
				 .status = NT_STATUS(CANCELLED),
				 .flags = SMB2_FLAGS_ASYNC_COMMAND,
				 .async_id = 77};
	peer_sends(p, h);
	assert_true(NT_STATUS_IS(end_of(p, req), CANCELLED));
}

static void test_unknown_answer_is_counted(void **state)
{
	struct pair *p = *state;
	struct tevent_req *req = echo(p);
	struct smb2_header h = peer_gets(p), other = h;

	other.message_id = 4711;
	peer_sends(p, other);
	peer_sends(p, h);
	assert_true(NT_STATUS_IS_OK(end_of(p, req)));
	assert_int_equal(cli_conn_unmatched(p->conn), 1);
}

/* Nobody waits for the answer any more, its credits count all the same. */
static void test_abandoned_request(void **state)
{
	struct pair *p = *state;
	struct tevent_req *req = echo(p);
	struct smb2_header h = peer_gets(p);

	talloc_free(req);
	h.credits = 3;
	peer_sends(p, h);
	cli_wait_ms(p->ev, 50);
	assert_int_equal(cli_conn_credits(p->conn), 3);
	assert_int_equal(cli_conn_unmatched(p->conn), 0);
}

static void count_notification(void *private_data,
			       const struct smb2_header *header,
			       struct wire_reader pdu)
{
	assert_int_equal(header->command, SMB2_OPLOCK_BREAK);
	*(int *)private_data += 1;
}

static void test_notification(void **state)
{
	struct pair *p = *state;
	struct smb2_header h = {.command = SMB2_OPLOCK_BREAK,
				.message_id = UINT64_MAX};
	int count = 0;

	cli_conn_set_notification(p->conn, count_notification, &count);
	peer_sends(p, h);
	cli_wait_ms(p->ev, 50);
	assert_int_equal(count, 1);
}

static void test_garbage_ends_the_connection(void **state)
{
	struct pair *p = *state;
	struct tevent_req *req = echo(p);

	assert_int_equal(send(p->peer, "\0\0\0\5hello", 9, 0), 9);
	assert_true(NT_STATUS_IS(end_of(p, req), INVALID_NETWORK_RESPONSE));
	assert_true(NT_STATUS_IS(cli_conn_status(p->conn),
				 INVALID_NETWORK_RESPONSE));
	req = echo(p);
	assert_true(NT_STATUS_IS(end_of(p, req), INVALID_NETWORK_RESPONSE));
}

static void test_end_of_stream(void **state)
{
	struct pair *p = *state;
	struct tevent_req *a = echo(p), *b = echo(p);

	(void)peer_gets(p);
	close(p->peer);
	p->peer = -1;
	assert_true(NT_STATUS_IS(end_of(p, a), CONNECTION_DISCONNECTED));
	assert_true(NT_STATUS_IS(end_of(p, b), CONNECTION_DISCONNECTED));
}

static void test_timeout(void **state)
{
	struct pair *p = *state;
	struct tevent_req *req = echo(p);

	cli_conn_set_timeout(p->conn, 0);
	assert_true(NT_STATUS_IS(end_of(p, req), IO_TIMEOUT));
}

/* Frames are kept as they come while the connection is raw. */
static void test_raw(void **state)
{
	struct pair *p = *state;
	struct blob frame = {0};

	cli_conn_set_raw(p->conn, true);
	assert_int_equal(send(p->peer, "\0\0\0\3one\0\0\0\3t", 12, 0), 12);
	assert_true(NT_STATUS_IS_OK(cli_raw_receive(p->conn, p, 1000, &frame)));
	assert_int_equal(frame.length, 3);
	assert_memory_equal(frame.data, "one", 3);
	assert_true(NT_STATUS_IS(cli_raw_receive(p->conn, p, 10, &frame),
				 IO_TIMEOUT));
	assert_int_equal(send(p->peer, "wo", 2, 0), 2);
	assert_true(NT_STATUS_IS_OK(cli_raw_receive(p->conn, p, 1000, &frame)));
	assert_memory_equal(frame.data, "two", 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_ids_count_up),
		TEST(test_answers_in_any_order),
		TEST(test_waits_for_credits),
		TEST(test_interim_is_not_the_end),
		TEST(test_unknown_answer_is_counted),
		TEST(test_abandoned_request),
		TEST(test_notification),
		TEST(test_garbage_ends_the_connection),
		TEST(test_end_of_stream),
		TEST(test_timeout),
		TEST(test_raw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
