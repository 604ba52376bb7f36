/* client/tests/cache_test.c - cached files against a server of a single file,
 * which writes down what it is asked for and takes leases when told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/cache_sync.h"
#include "client/conn_int.h"
#include "smb2/simple.h"

#define R   SMB2_LEASE_READ_CACHING
#define RH  (R | SMB2_LEASE_HANDLE_CACHING)
#define RW  (R | SMB2_LEASE_WRITE_CACHING)
#define RWH (RH | SMB2_LEASE_WRITE_CACHING)
#define ALL (FILE_GENERIC_READ | FILE_GENERIC_WRITE)

#define FILE_SIZE 20000u

struct server {
	struct tevent_context *ev;
	struct cli_conn *conn;
	struct cli_session session;
	struct cli_tree *tree;
	int peer;
	uint8_t file[65536];
	uint64_t size;
	uint32_t grant;	   /* at the next open */
	uint32_t break_to; /* != RWH: broken so before CREATE is answered */
	bool refuse;	   /* the next WRITE fails */
	struct guid key;   /* of the last open */
	char asked[1024];  /* what it was asked for */
	struct cli_cache *cache;
};

static void note(struct server *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void note(struct server *s, const char *fmt, ...)
{
	size_t n = strlen(s->asked);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->asked + n, sizeof(s->asked) - n, fmt, ap);
	va_end(ap);
}

static void answer(struct server *s, struct smb2_header h, NTSTATUS status,
		   const void *body, size_t length)
{
	uint8_t frame[4 + SMB2_HEADER_SIZE + 70000];
	struct wire_writer w = wire_writer_fixed(frame, sizeof(frame));

	h.flags |= SMB2_FLAGS_SERVER_TO_REDIR;
	h.status = status;
	h.credits = 1;
	wire_put_u32be(&w, (uint32_t)(SMB2_HEADER_SIZE + length));
	smb2_header_encode(&w, &h);
	wire_put_bytes(&w, body, length);
	assert_true(wire_writer_ok(&w));
	assert_int_equal(send(s->peer, frame, w.length, 0), w.length);
}

static void take(struct server *s, uint32_t from, uint32_t to, bool ack)
{
	struct smb2_break_notification b = {
		.kind = SMB2_BREAK_LEASE,
		.lease = {.key = s->key,
			  .new_epoch = 2,
			  .current_state = from,
			  .new_state = to,
			  .flags = ack},
	};
	struct smb2_header h = {.command = SMB2_OPLOCK_BREAK,
				.message_id = UINT64_MAX};
	uint8_t body[64];
	struct wire_writer w = wire_writer_fixed(body, sizeof(body));

	smb2_break_notification_encode(&w, &b);
	answer(s, h, NT_STATUS_OK, body, w.length);
}

/* --- what it does --------------------------------------------------------- */

static void do_create(struct server *s, struct smb2_header h,
		      struct wire_reader pdu)
{
	struct smb2_create_request in;
	struct smb2_create_request_contexts c = {0};
	struct smb2_create_response_contexts granted = {
		.present = 1u << SMB2_CREATE_REQUEST_LEASE};
	struct smb2_create_response r = {
		.oplock_level = SMB2_OPLOCK_LEVEL_LEASE,
		.end_of_file = s->size,
		.id = {1, 2},
	};
	uint8_t contexts[256], body[512];
	struct wire_writer cw = wire_writer_fixed(contexts, sizeof(contexts));
	struct wire_writer w = wire_writer_fixed(body, sizeof(body));

	assert_true(NT_STATUS_IS_OK(smb2_create_request_decode(pdu, &in)) &&
		    NT_STATUS_IS_OK(smb2_create_request_contexts_decode(
			    in.contexts, &c)));
	note(s, "create(%u) ", (unsigned)c.lease.state);
	s->key = c.lease.key;
	granted.lease = c.lease;
	granted.lease.state &= s->grant;
	granted.lease.epoch = 1;
	smb2_create_response_contexts_put(&cw, &granted);
	r.contexts = wire_reader(contexts, cw.length);
	/* offsets count from the header */
	wire_put_zero(&w, SMB2_HEADER_SIZE);
	smb2_create_response_encode(&w, &r);
	if (s->break_to != RWH) {
		take(s, s->grant, s->break_to, true);
		s->break_to = RWH;
	}
	answer(s, h, NT_STATUS_OK, body + SMB2_HEADER_SIZE,
	       w.length - SMB2_HEADER_SIZE);
}

static void do_read(struct server *s, struct smb2_header h,
		    struct wire_reader pdu)
{
	struct smb2_read_request in;
	uint8_t body[70000];
	struct wire_writer w = wire_writer_fixed(body, sizeof(body));
	uint32_t n;

	assert_true(NT_STATUS_IS_OK(smb2_read_request_decode(pdu, &in)));
	note(s, "read(%u,%u) ", (unsigned)in.offset, in.length);
	if (in.offset >= s->size) {
		answer(s, h, NT_STATUS(END_OF_FILE), "\x09\0\0\0\0\0\0\0\0", 9);
		return;
	}
	n = in.length < s->size - in.offset ? in.length
					    : (uint32_t)(s->size - in.offset);
	wire_put_zero(&w, SMB2_HEADER_SIZE);
	smb2_read_response_encode(&w, n, 0, 0);
	wire_put_bytes(&w, s->file + in.offset, n);
	answer(s, h, NT_STATUS_OK, body + SMB2_HEADER_SIZE,
	       w.length - SMB2_HEADER_SIZE);
}

static void do_write(struct server *s, struct smb2_header h,
		     struct wire_reader pdu)
{
	struct smb2_write_request in;
	struct smb2_write_response r;
	uint8_t body[64];
	struct wire_writer w = wire_writer_fixed(body, sizeof(body));

	assert_true(NT_STATUS_IS_OK(smb2_write_request_decode(pdu, &in)));
	note(s, "write(%u,%u) ", (unsigned)in.offset, (unsigned)in.data.length);
	if (s->refuse) {
		s->refuse = false;
		answer(s, h, NT_STATUS(DISK_FULL), "\x09\0\0\0\0\0\0\0\0", 9);
		return;
	}
	memcpy(s->file + in.offset, in.data.data, in.data.length);
	if (s->size < in.offset + in.data.length) {
		s->size = in.offset + in.data.length;
	}
	r.count = (uint32_t)in.data.length;
	smb2_write_response_encode(&w, &r);
	answer(s, h, NT_STATUS_OK, body, w.length);
}

static void do_break_ack(struct server *s, struct smb2_header h,
			 struct wire_reader pdu)
{
	struct smb2_break_ack ack;

	assert_true(NT_STATUS_IS_OK(smb2_break_ack_decode(pdu, &ack)));
	assert_int_equal(ack.kind, SMB2_BREAK_LEASE);
	assert_true(guid_equal(&ack.lease.key, &s->key));
	note(s, "ack(%u) ", (unsigned)ack.lease.state);
	answer(s, h, NT_STATUS_OK, pdu.data + SMB2_HEADER_SIZE,
	       pdu.length - SMB2_HEADER_SIZE);
}

static void do_close(struct server *s, struct smb2_header h)
{
	struct smb2_close_response r = {0};
	uint8_t body[64];
	struct wire_writer w = wire_writer_fixed(body, sizeof(body));

	note(s, "close ");
	smb2_close_response_encode(&w, &r);
	answer(s, h, NT_STATUS_OK, body, w.length);
}

static void serve(struct tevent_context *ev, struct tevent_fd *fde,
		  uint16_t flags, void *private_data)
{
	struct server *s = private_data;
	uint8_t prefix[4], frame[80000];
	struct smb2_header h = {0};
	size_t length = 0;
	struct wire_reader pdu;

	assert_int_equal(recv(s->peer, prefix, 4, MSG_WAITALL), 4);
	assert_true(NT_STATUS_IS_OK(smb2_transport_decode(prefix, &length)));
	assert_true(length <= sizeof(frame));
	assert_int_equal(recv(s->peer, frame, length, MSG_WAITALL), length);
	pdu = wire_reader(frame, length);
	assert_true(NT_STATUS_IS_OK(smb2_header_decode(pdu, &h)));
	switch (h.command) {
	case SMB2_CREATE:
		do_create(s, h, pdu);
		break;
	case SMB2_READ:
		do_read(s, h, pdu);
		break;
	case SMB2_WRITE:
		do_write(s, h, pdu);
		break;
	case SMB2_OPLOCK_BREAK:
		do_break_ack(s, h, pdu);
		break;
	case SMB2_CLOSE:
		do_close(s, h);
		break;
	default:
		note(s, "flush ");
		answer(s, h, NT_STATUS_OK, "\4\0\0\0", 4);
	}
}

/* --- tests ---------------------------------------------------------------- */

static int setup(void **state)
{
	struct server *s = talloc_zero(NULL, struct server);
	struct cli_cache_options options = {.lease = RWH, .max_kept = 2};
	int fds[2];

	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	s->ev = tevent_context_init(s);
	assert_true(
		NT_STATUS_IS_OK(cli_conn_open_fd(s, s->ev, fds[0], &s->conn)));
	cli_conn_set_timeout(s->conn, 5);
	cli_conn_add_credits(s->conn, 1000);
	s->conn->negotiated.dialect = SMB2_DIALECT_311;
	s->session = (struct cli_session){.conn = s->conn, .id = 7};
	s->tree = talloc_zero(s, struct cli_tree);
	s->tree->session = &s->session;
	s->tree->id = 9;
	s->peer = fds[1];
	assert_non_null(
		tevent_add_fd(s->ev, s, s->peer, TEVENT_FD_READ, serve, s));
	for (size_t i = 0; i < FILE_SIZE; i++) {
		s->file[i] = (uint8_t)(i * 7 + i / 256);
	}
	s->size = FILE_SIZE;
	s->grant = s->break_to = RWH;
	assert_true(
		NT_STATUS_IS_OK(cli_cache_open(s->tree, &options, &s->cache)));
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct server *s = *state;

	close(s->peer);
	talloc_free(s);
	return 0;
}

/* What it was asked for since the last look. */
#define ASKED(s, want)                                                         \
	do {                                                                   \
		cli_wait_ms((s)->ev, 20);                                      \
		assert_string_equal((s)->asked, want);                         \
		(s)->asked[0] = '\0';                                          \
	} while (0)

static struct cli_cached *open_name(struct server *s, const char *name,
				    uint32_t access)
{
	struct cli_cached *f = NULL;

	assert_true(NT_STATUS_IS_OK(
		cli_cached_open(s->cache, name, access, FILE_SHARE_ALL, &f)));
	return f;
}

static struct cli_cached *open_file(struct server *s)
{
	return open_name(s, "file", ALL);
}

static void reads(struct server *s, struct cli_cached *f, uint64_t offset,
		  size_t length, const void *want, size_t want_length)
{
	struct blob got = {0};

	assert_true(NT_STATUS_IS_OK(
		cli_cached_read(s, f, offset, length, &got, NULL)));
	assert_int_equal(got.length, want_length);
	assert_memory_equal(got.data, want, want_length);
	talloc_free(got.data);
}

static void writes(struct cli_cached *f, uint64_t offset, const void *data,
		   size_t length)
{
	assert_true(NT_STATUS_IS_OK(cli_cached_write(f, offset, data, length)));
}

static void closes(struct cli_cached *f)
{
	assert_true(NT_STATUS_IS_OK(cli_cached_close(f)));
}

static void test_reads_once(void **state)
{
	struct server *s = *state;
	struct cli_cached *f = open_file(s);

	reads(s, f, 100, 10, s->file + 100, 10);
	reads(s, f, 0, 4096, s->file, 4096);
	ASKED(s, "create(7) read(0,4096) ");
	reads(s, f, 4000, 8192, s->file + 4000, 8192);
	reads(s, f, 4000, 8192, s->file + 4000, 8192);
	ASKED(s, "read(0,12288) ");
	/* the end */
	reads(s, f, FILE_SIZE - 5, 100, s->file + FILE_SIZE - 5, 5);
	reads(s, f, FILE_SIZE, 100, "", 0);
	ASKED(s, "read(16384,4096) ");
}

static void test_without_lease_all_is_asked(void **state)
{
	struct server *s = *state;
	struct cli_cached *f;

	s->grant = 0;
	f = open_file(s);
	reads(s, f, 100, 10, s->file + 100, 10);
	reads(s, f, 100, 10, s->file + 100, 10);
	writes(f, 100, "new", 3);
	closes(f);
	ASKED(s, "create(7) read(100,10) read(100,10) write(100,3) close ");
	assert_memory_equal(s->file + 100, "new", 3);
}

static void test_write_stays_until_flush(void **state)
{
	struct server *s = *state;
	struct cli_cached *f = open_file(s);

	writes(f, 100, "one", 3);
	writes(f, 200, "two", 3);
	reads(s, f, 100, 3, "one", 3);
	ASKED(s, "create(7) read(0,4096) ");
	assert_memory_not_equal(s->file + 100, "one", 3);
	assert_true(NT_STATUS_IS_OK(cli_cached_flush(f)));
	ASKED(s, "write(100,103) flush ");
	assert_memory_equal(s->file + 100, "one", 3);
	assert_memory_equal(s->file + 200, "two", 3);
	assert_int_equal(s->file[150], (uint8_t)(150 * 7));
}

static void test_write_through_with_r(void **state)
{
	struct server *s = *state;
	struct cli_cached *f;

	s->grant = RH;
	f = open_file(s);
	reads(s, f, 0, 10, s->file, 10);
	writes(f, 5, "new", 3);
	reads(s, f, 5, 3, "new", 3);
	ASKED(s, "create(7) read(0,4096) write(5,3) ");
}

static void test_write_at_the_end(void **state)
{
	struct server *s = *state;
	struct cli_cached *f = open_file(s);

	writes(f, FILE_SIZE + 10000, "end", 3);
	reads(s, f, FILE_SIZE + 9998, 10, "\0\0end", 5);
	ASKED(s, "create(7) ");
	closes(f);
	assert_true(NT_STATUS_IS_OK(cli_cache_empty(s->cache)));
	ASKED(s, "write(30000,3) close ");
	assert_int_equal(s->size, FILE_SIZE + 10003);
}

static void test_handle_is_kept(void **state)
{
	struct server *s = *state;
	struct cli_cached *f = open_file(s);

	writes(f, 0, "dirty", 5);
	closes(f);
	f = open_file(s);
	reads(s, f, 0, 5, "dirty", 5);
	closes(f);
	ASKED(s, "create(7) read(0,4096) ");
	assert_int_equal(cli_cache_stats(s->cache).opens_kept, 1);
}

static void test_handles_are_not_kept_for_ever(void **state)
{
	struct server *s = *state;

	for (int i = 0; i < 4; i++) {
		char name[8];

		snprintf(name, sizeof(name), "file%d", i);
		closes(open_name(s, name, FILE_GENERIC_READ));
	}
	ASKED(s, "create(3) create(3) create(3) create(3) close ");
}

static void test_only_with_h(void **state)
{
	struct server *s = *state;
	struct cli_cached *f;

	s->grant = RW;
	f = open_file(s);
	writes(f, 0, "dirty", 5);
	closes(f);
	ASKED(s, "create(7) read(0,4096) write(0,5) close ");
}

/* Written, then answered; what was read stays. */
static void test_break_of_w(void **state)
{
	struct server *s = *state;
	struct cli_cached *f = open_file(s);

	writes(f, 0, "dirty", 5);
	take(s, RWH, RH, true);
	ASKED(s, "create(7) read(0,4096) write(0,5) ack(3) ");
	assert_int_equal(cli_cached_state(f), RH);
	reads(s, f, 0, 5, "dirty", 5);
	writes(f, 0, "again", 5);
	ASKED(s, "write(0,5) ");
}

static void test_break_of_all(void **state)
{
	struct server *s = *state;
	struct cli_cached *f = open_file(s);

	reads(s, f, 0, 10, s->file, 10);
	take(s, RWH, 0, true);
	ASKED(s, "create(7) read(0,4096) ack(0) ");
	memcpy(s->file, "changed", 7);
	reads(s, f, 0, 7, "changed", 7);
	ASKED(s, "read(0,7) ");
}

static void test_break_without_answer(void **state)
{
	struct server *s = *state;
	struct cli_cached *f;

	s->grant = R;
	f = open_file(s);
	reads(s, f, 0, 10, s->file, 10);
	take(s, R, 0, false);
	ASKED(s, "create(7) read(0,4096) ");
	assert_int_equal(cli_cached_state(f), 0);
}

/* Who has nothing open answers by closing. */
static void test_break_of_a_kept_handle(void **state)
{
	struct server *s = *state;
	struct cli_cached *f = open_file(s);

	writes(f, 0, "dirty", 5);
	closes(f);
	take(s, RWH, RW, true);
	ASKED(s, "create(7) read(0,4096) write(0,5) close ");
	f = open_file(s);
	reads(s, f, 0, 5, "dirty", 5);
	ASKED(s, "create(7) read(0,4096) ");
}

/* It may come before the answer to the CREATE that got the lease. */
static void test_break_before_the_open_ends(void **state)
{
	struct server *s = *state;
	struct cli_cached *f;

	s->break_to = 0;
	f = open_file(s);
	ASKED(s, "create(7) ack(0) ");
	assert_int_equal(cli_cached_state(f), 0);
}

static void test_break_of_another_key(void **state)
{
	struct server *s = *state;
	struct cli_cached *f = open_file(s);

	s->key = guid_random();
	take(s, RWH, 0, true);
	ASKED(s, "create(7) ");
	assert_int_equal(cli_cached_state(f), RWH);
}

/* Reads that are under way give way to a break, and theirs is not kept. */
static void test_break_while_reading(void **state)
{
	struct server *s = *state;
	struct cli_cached *f = open_file(s);
	struct tevent_req *req = cli_cached_read_send(s, f, 0, 10);
	struct blob got = {0};

	take(s, RWH, 0, true);
	assert_true(cli_wait(s->conn, req));
	assert_true(NT_STATUS_IS_OK(cli_cached_read_recv(req, s, &got, NULL)));
	ASKED(s, "create(7) read(0,4096) ack(0) ");
	memcpy(s->file, "changed", 7);
	reads(s, f, 0, 7, "changed", 7);
}

static void test_failed_write_is_told(void **state)
{
	struct server *s = *state;
	struct cli_cached *f = open_file(s);

	writes(f, 0, "dirty", 5);
	s->refuse = true;
	assert_true(NT_STATUS_IS(cli_cached_flush(f), DISK_FULL));
	assert_true(NT_STATUS_IS_OK(cli_cached_flush(f)));
	reads(s, f, 0, 5, s->file, 5);
	writes(f, 0, "dirty", 5);
	s->refuse = true;
	take(s, RWH, RH, true);
	cli_wait_ms(s->ev, 20);
	assert_true(NT_STATUS_IS(cli_cached_write(f, 0, "x", 1), DISK_FULL));
	writes(f, 0, "x", 1);
}

static void test_worth_another_open(void **state)
{
	struct server *s = *state;
	struct cli_cached *f;

	s->grant = RH;
	f = open_file(s);
	closes(f);
	s->grant = RWH;
	f = open_file(s);
	assert_int_equal(cli_cached_state(f), RWH);
	ASKED(s, "create(7) close create(7) ");
}

static void test_bad_range(void **state)
{
	struct server *s = *state;
	struct cli_cached *f = open_file(s);
	struct blob got;

	assert_true(NT_STATUS_IS(
		cli_cached_read(s, f, 0, CLI_CACHE_IO_MAX + 1, &got, NULL),
		INVALID_PARAMETER));
	assert_true(NT_STATUS_IS(cli_cached_write(f, UINT64_MAX, "x", 1),
				 INVALID_PARAMETER));
	ASKED(s, "create(7) ");
	/* too far to be kept */
	reads(s, f, 64 * 1048576, 1, "", 0);
	ASKED(s, "read(67108864,1) ");
}

/* What nobody waits for is done all the same. */
static void test_abandoned(void **state)
{
	struct server *s = *state;
	struct cli_cached *f = open_file(s);

	s->grant = 0;
	talloc_free(cli_cached_write_send(s, f, 0, "x", 1));
	reads(s, f, 0, 1, "x", 1);
	talloc_free(cli_cached_close_send(s, f));
	assert_true(NT_STATUS_IS_OK(cli_cache_empty(s->cache)));
	assert_int_equal(s->file[0], 'x');
}

static void test_lost_connection(void **state)
{
	struct server *s = *state;
	struct cli_cached *f = open_file(s);
	struct tevent_req *req = cli_cached_read_send(s, f, 0, 1);

	(void)shutdown(s->peer, SHUT_WR);
	assert_true(cli_wait(s->conn, req));
	assert_false(NT_STATUS_IS_OK(cli_cached_recv(req)));
	assert_false(NT_STATUS_IS_OK(cli_cached_flush(f)));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_reads_once),
		TEST(test_without_lease_all_is_asked),
		TEST(test_write_stays_until_flush),
		TEST(test_write_through_with_r),
		TEST(test_write_at_the_end),
		TEST(test_handle_is_kept),
		TEST(test_handles_are_not_kept_for_ever),
		TEST(test_only_with_h),
		TEST(test_break_of_w),
		TEST(test_break_of_all),
		TEST(test_break_without_answer),
		TEST(test_break_of_a_kept_handle),
		TEST(test_break_before_the_open_ends),
		TEST(test_break_of_another_key),
		TEST(test_break_while_reading),
		TEST(test_failed_write_is_told),
		TEST(test_worth_another_open),
		TEST(test_bad_range),
		TEST(test_abandoned),
		TEST(test_lost_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
