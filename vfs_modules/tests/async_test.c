/* vfs_modules/tests/async_test.c - what goes to io_uring ends, once, whatever
 * the kernel says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "vfs_modules/posix/async.h"

static unsigned int ended;
static NTSTATUS ended_with;

static void done(struct fsa_io *io, NTSTATUS status)
{
	ended++;
	ended_with = status;
}

struct world {
	struct tevent_context *ev;
	struct fsa_driver_env env;
	struct posix_async *async;
	struct fsa_io io;
};

static int setup(void **state)
{
	struct world *w = talloc_zero(NULL, struct world);

	w->ev = tevent_context_init(w);
	w->env.ev = w->ev;
	w->env.done = done;
	assert_true(NT_STATUS_IS_OK(posix_async_create(w, &w->env, &w->async)));
	ended = 0;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

/* Starts it and waits for its end; skips the test without io_uring. */
static NTSTATUS run(struct world *w, const struct posix_async_args *args)
{
	NTSTATUS status = posix_async_start(w->async, &w->io, args);

	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		skip();
	}
	if (!NT_STATUS_IS(status, PENDING)) {
		return status;
	}
	for (int i = 0; i < 100 && ended == 0; i++) {
		assert_int_equal(tevent_loop_once(w->ev), 0);
	}
	assert_int_equal(ended, 1);
	return ended_with;
}

static void test_read(void **state)
{
	struct world *w = *state;
	int fd =
		open("/tmp", O_TMPFILE | O_RDWR | O_NONBLOCK | O_CLOEXEC, 0600);
	uint8_t data[16] = {0};
	uint32_t count = 0;
	const struct posix_async_args args = {.kind = POSIX_ASYNC_READ,
					      .fd = fd,
					      .data = data,
					      .length = sizeof(data),
					      .offset = 3,
					      .count = &count};

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, "0123456789", 10), 10);
	assert_true(NT_STATUS_IS_OK(run(w, &args)));
	assert_int_equal(count, 7);
	assert_memory_equal(data, "3456789", 7);
	close(fd);
}

static void test_cancel(void **state)
{
	struct world *w = *state;
	uint8_t data[16] = {0};
	uint32_t count = 0;
	int fds[2];
	struct posix_async_args args = {.kind = POSIX_ASYNC_READ,
					.data = data,
					.length = sizeof(data),
					.count = &count};
	NTSTATUS status;

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	args.fd = fds[0];
	status = posix_async_start(w->async, &w->io, &args);
	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		skip();
	}
	assert_true(NT_STATUS_IS(status, PENDING));
	w->io.cancel(&w->io);
	for (int i = 0; i < 100 && ended == 0; i++) {
		assert_int_equal(tevent_loop_once(w->ev), 0);
	}
	assert_int_equal(ended, 1);
	assert_true(NT_STATUS_IS(ended_with, CANCELLED));
	close(fds[0]);
	close(fds[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read),
		TEST(test_cancel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
