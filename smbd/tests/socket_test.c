/* smbd/tests/socket_test.c - whether a client can still be reached.  The
 * network is one of the test's own (unshare(2)), so that it can be cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "smbd/socket.h"

#define PATIENCE_MSEC 300

struct ends {
	int server, client;
};

static void pause_msec(unsigned int msec)
{
	struct timespec t = {.tv_sec = msec / 1000,
			     .tv_nsec = (long)(msec % 1000) * 1000000};

	nanosleep(&t, NULL);
}

static void set_loopback(bool up)
{
	struct ifreq r = {.ifr_name = "lo"};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(ioctl(fd, SIOCGIFFLAGS, &r), 0);
	r.ifr_flags =
		(short)(up ? r.ifr_flags | IFF_UP : r.ifr_flags & ~IFF_UP);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &r), 0);
	close(fd);
}

static struct ends connected(void)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	socklen_t length = sizeof(in);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct ends e;

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(listener, (struct sockaddr *)&in, length), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&in, &length),
			 0);
	e.client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(e.client, (struct sockaddr *)&in, length), 0);
	e.server = accept(listener, NULL, NULL);
	assert_true(e.server >= 0);
	close(listener);
	return e;
}

static int setup(void **state)
{
	static struct ends e;

	if (unshare(CLONE_NEWNET) != 0 &&
	    unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
		*state = NULL; /* not permitted here */
		return 0;
	}
	set_loopback(true);
	e = connected();
	*state = &e;
	return 0;
}

static int teardown(void **state)
{
	struct ends *e = *state;

	if (e != NULL) {
		close(e->server);
		close(e->client);
	}
	return 0;
}

static void test_who_acknowledges_is_there(void **state)
{
	struct ends *e = *state;

	if (e == NULL) {
		skip();
	}
	assert_int_equal(write(e->server, "x", 1), 1);
	pause_msec(PATIENCE_MSEC);
	assert_int_equal(smbd_socket_unacknowledged(e->server), 0);
	assert_false(smbd_socket_is_silent(e->server, 1));
}

/* Long ago is no silence when nothing was sent since. */
static void test_who_was_told_nothing_is_not_silent(void **state)
{
	struct ends *e = *state;

	if (e == NULL) {
		skip();
	}
	pause_msec(PATIENCE_MSEC);
	assert_false(smbd_socket_is_silent(e->server, 1));
}

/* Its machine is there: it acknowledges that it has no room. */
static void test_who_does_not_read_is_there(void **state)
{
	static const char bytes[65536];
	struct ends *e = *state;

	if (e == NULL) {
		skip();
	}
	while (send(e->server, bytes, sizeof(bytes), MSG_DONTWAIT) > 0) {
	}
	pause_msec(PATIENCE_MSEC);
	assert_true(smbd_socket_unacknowledged(e->server) > 0);
	assert_false(smbd_socket_is_silent(e->server, 60000));
}

static void test_who_is_cut_off_is_silent(void **state)
{
	struct ends *e = *state;

	if (e == NULL) {
		skip();
	}
	assert_int_equal(write(e->server, "x", 1), 1);
	pause_msec(50);
	set_loopback(false);
	assert_int_equal(write(e->server, "y", 1), 1);
	assert_false(smbd_socket_is_silent(e->server, 10000));
	for (int i = 0;
	     i < 100 && !smbd_socket_is_silent(e->server, PATIENCE_MSEC); i++) {
		pause_msec(50);
	}
	assert_true(smbd_socket_is_silent(e->server, PATIENCE_MSEC));
	assert_true(smbd_socket_unacknowledged(e->server) > 0);
}

int main(void)
{
#define ALONE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		ALONE(test_who_acknowledges_is_there),
		ALONE(test_who_was_told_nothing_is_not_silent),
		ALONE(test_who_does_not_read_is_there),
		ALONE(test_who_is_cut_off_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
