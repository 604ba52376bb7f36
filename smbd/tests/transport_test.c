/* smbd/tests/transport_test.c - frames over a stream ([MS-SMB2] 2.1). */
#include "smbd/transport.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define FRAMES 8

struct pair {
	struct tevent_context *ev;
	struct transport *t;
	int peer;
	int frames;
	size_t lengths[FRAMES];
	uint8_t first[FRAMES], last[FRAMES];
	struct iobuf *kept; /* of the first frame, when keep */
	uint8_t *kept_data;
	bool keep;
	size_t answer; /* bytes to answer each frame with */
	const char *closed;
};

static void take_frame(void *private_data, struct iobuf *buf, uint8_t *data,
		       size_t length)
{
	struct pair *p = private_data;

	if (p->frames < FRAMES) {
		p->lengths[p->frames] = length;
		p->first[p->frames] = length == 0 ? 0 : data[0];
		p->last[p->frames] = length == 0 ? 0 : data[length - 1];
	}
	if (p->keep && p->frames == 0) {
		p->kept = iobuf_ref(buf);
		p->kept_data = data;
	}
	p->frames++;
	if (p->answer > 0) {
		struct iobuf *out =
			iobuf_get(transport_pool(p->t), 4 + p->answer);

		memset(out->data, 0xAA, 4 + p->answer);
		out->start = 4;
		out->length = 4 + p->answer;
		transport_send(p->t, out);
	}
}

static void take_closed(void *private_data, const char *why)
{
	struct pair *p = private_data;

	p->closed = why;
}

static const struct transport_handlers handlers = {.frame = take_frame,
						   .closed = take_closed};

static int setup(void **state)
{
	struct pair *p = talloc_zero(NULL, struct pair);
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) != 0) {
		return -1;
	}
	p->ev = tevent_context_init(p);
	p->peer = fds[1];
	if (!NT_STATUS_IS_OK(
		    transport_create(p, p->ev, fds[0], &handlers, p, &p->t))) {
		return -1;
	}
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

static void stop(struct tevent_context *ev, struct tevent_timer *te,
		 struct timeval now, void *private_data)
{
	*(bool *)private_data = true;
}

static void run(struct pair *p)
{
	bool done = false;

	tevent_add_timer(p->ev, p, tevent_timeval_current_ofs(0, 5000), stop,
			 &done);
	while (!done) {
		assert_int_equal(tevent_loop_once(p->ev), 0);
	}
}

/* A frame of length bytes, all of them c. */
static void put_frame(struct pair *p, size_t length, uint8_t c)
{
	uint8_t *bytes = talloc_size(p, length + 4);

	bytes[0] = 0;
	bytes[1] = (uint8_t)(length >> 16);
	bytes[2] = (uint8_t)(length >> 8);
	bytes[3] = (uint8_t)length;
	memset(bytes + 4, c, length);
	for (size_t sent = 0; sent < length + 4;) {
		ssize_t n = send(p->peer, bytes + sent, length + 4 - sent, 0);

		if (n > 0) {
			sent += (size_t)n;
		} else {
			run(p);
		}
	}
	talloc_free(bytes);
}

static void test_several_small_frames_in_one_read(void **state)
{
	struct pair *p = *state;

	put_frame(p, 10, 'a');
	put_frame(p, 0, 0);
	put_frame(p, 3000, 'b');
	run(p);
	assert_int_equal(p->frames, 3);
	assert_int_equal(p->lengths[0], 10);
	assert_int_equal(p->lengths[1], 0);
	assert_int_equal(p->lengths[2], 3000);
	assert_int_equal(p->last[2], 'b');
}

static void test_byte_by_byte(void **state)
{
	static const uint8_t bytes[] = {0, 0, 0, 3, 'x', 'y', 'z'};
	struct pair *p = *state;

	for (size_t i = 0; i < sizeof(bytes); i++) {
		assert_int_equal(p->frames, 0);
		assert_int_equal(send(p->peer, bytes + i, 1, 0), 1);
		run(p);
	}
	assert_int_equal(p->frames, 1);
	assert_int_equal(p->lengths[0], 3);
	assert_int_equal(p->last[0], 'z');
}

static void test_large_frames_between_small_ones(void **state)
{
	struct pair *p = *state;

	transport_set_max_frame(p->t, 4 * 1024 * 1024);
	put_frame(p, 100, 'a');
	put_frame(p, 1024 * 1024, 'b');
	put_frame(p, 1024 * 1024 + 1, 'c');
	put_frame(p, 5, 'd');
	put_frame(p, 65536, 'e');
	run(p);
	assert_int_equal(p->frames, 5);
	assert_int_equal(p->lengths[1], 1024 * 1024);
	assert_int_equal(p->first[1], 'b');
	assert_int_equal(p->last[2], 'c');
	assert_int_equal(p->lengths[3], 5);
	assert_int_equal(p->last[4], 'e');
}

static void test_a_frame_too_long_ends_it(void **state)
{
	static const uint8_t header[] = {0, 0xff, 0xff, 0xff};
	struct pair *p = *state;

	assert_int_equal(send(p->peer, header, 4, 0), 4);
	run(p);
	assert_int_equal(p->frames, 0);
	assert_string_equal(p->closed, "frame too long");
}

static void test_a_netbios_session_request_is_granted(void **state)
{
	uint8_t request[4 + 68] = {0x81, 0, 0, 68};
	static const uint8_t granted[4] = {0x82, 0, 0, 0};
	struct pair *p = *state;
	uint8_t answer[4];

	assert_int_equal(send(p->peer, request, sizeof(request), 0),
			 sizeof(request));
	put_frame(p, 7, 'a');
	run(p);
	assert_int_equal(recv(p->peer, answer, 4, 0), 4);
	assert_memory_equal(answer, granted, 4);
	assert_int_equal(p->frames, 1);
	assert_null(p->closed);
}

static void test_other_netbios_packets_end_it(void **state)
{
	static const uint8_t keepalive[] = {0x85, 0, 0, 0};
	static const uint8_t bad[] = {0x42, 0, 0, 0};
	struct pair *p = *state;

	assert_int_equal(send(p->peer, keepalive, 4, 0), 4);
	run(p);
	assert_null(p->closed);
	assert_int_equal(send(p->peer, bad, 4, 0), 4);
	run(p);
	assert_non_null(p->closed);
}

static void test_a_kept_frame_stays(void **state)
{
	struct pair *p = *state;

	p->keep = true;
	put_frame(p, 100, 'k');
	put_frame(p, 100, 'l');
	run(p);
	put_frame(p, 100, 'm');
	run(p);
	assert_int_equal(p->frames, 3);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(p->kept_data[i], 'k');
	}
	iobuf_put(transport_pool(p->t), p->kept);
}

/* Who does not read his replies is not read from any more. */
static void test_a_client_that_does_not_read(void **state)
{
	struct pair *p = *state;
	uint8_t buffer[65536];
	size_t answered = 0, total;
	int sent = 0;

	p->answer = 512 * 1024;
	while (sent < 200) {
		static const uint8_t frame[] = {0, 0, 0, 1, 'a'};

		if (send(p->peer, frame, sizeof(frame), 0) != sizeof(frame)) {
			break;
		}
		sent++;
		run(p);
	}
	assert_true(p->frames < 20);
	assert_true(iobuf_pool_used(transport_pool(p->t)) < 8 * 1024 * 1024);
	total = (size_t)sent * (p->answer + 4);
	while (answered < total) {
		ssize_t n = recv(p->peer, buffer, sizeof(buffer), 0);

		if (n > 0) {
			answered += (size_t)n;
		} else {
			run(p);
		}
	}
	assert_int_equal(p->frames, sent);
	assert_null(p->closed);
}

static void test_the_end_of_the_stream(void **state)
{
	struct pair *p = *state;

	put_frame(p, 3, 'a');
	shutdown(p->peer, SHUT_WR);
	run(p);
	assert_int_equal(p->frames, 1);
	assert_string_equal(p->closed, "closed by the client");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_several_small_frames_in_one_read),
		T(test_byte_by_byte),
		T(test_large_frames_between_small_ones),
		T(test_a_frame_too_long_ends_it),
		T(test_a_netbios_session_request_is_granted),
		T(test_other_netbios_packets_end_it),
		T(test_a_kept_frame_stays),
		T(test_a_client_that_does_not_read),
		T(test_the_end_of_the_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
