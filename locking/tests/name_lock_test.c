/* locking/tests/name_lock_test.c - one process at a time has a name. */
#include "locking/name_lock.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "locking/tests/fixture.h"

struct turn {
	int fd; /* says that it has begun */
	unsigned int ms;
};

/* Nobody else is in here for as long. */
static NTSTATUS take_a_turn(void *private_data)
{
	const struct turn *t = private_data;

	if (t->fd != -1) {
		assert_int_equal(write(t->fd, "x", 1), 1);
	}
	usleep(t->ms * 1000);
	return NT_STATUS(RETRY);
}

/* A child has this name for 200 ms; how long another one takes then. */
static int64_t wait_for(struct fixture *f, const char *its, const char *ours)
{
	struct turn quick = {.fd = -1};
	struct timespec a, b;
	int fds[2], status;
	char byte;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		struct turn slow = {.fd = fds[1], .ms = 200};

		fixture_become_server(f);
		_exit(NT_STATUS_IS(name_lock_do(f->l->names, "/top", its,
						take_a_turn, &slow),
				   RETRY)
			      ? 0
			      : 1);
	}
	assert_int_equal(read(fds[0], &byte, 1), 1);
	assert_true(name_lock_is_busy(f->l->names, "/top", its));
	clock_gettime(CLOCK_MONOTONIC, &a);
	assert_is(name_lock_do(f->l->names, "/top", ours, take_a_turn, &quick),
		  RETRY);
	clock_gettime(CLOCK_MONOTONIC, &b);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_false(name_lock_is_busy(f->l->names, "/top", its));
	close(fds[0]);
	close(fds[1]);
	return (b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
}

/* What a killed process has had stays busy; the lock is free. */
static void test_killed(void **state)
{
	struct fixture *f = *state;
	struct turn quick = {.fd = -1};
	int fds[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		struct turn endless = {.fd = fds[1], .ms = 10000};

		fixture_become_server(f);
		_exit(NT_STATUS_IS_OK(name_lock_do(f->l->names, "/top", "name",
						   take_a_turn, &endless)));
	}
	assert_int_equal(read(fds[0], &byte, 1), 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(name_lock_is_busy(f->l->names, "/top", "NAME"));
	assert_is(
		name_lock_do(f->l->names, "/top", "name", take_a_turn, &quick),
		RETRY);
	assert_false(name_lock_is_busy(f->l->names, "/top", "other"));
	close(fds[0]);
	close(fds[1]);
}

static void test_same_name_waits(void **state)
{
	assert_true(wait_for(*state, "dir\\name", "dir\\name") >= 100);
	assert_true(wait_for(*state, "dir\\n\xc3\xa4me", "DIR\\N\xc3\x84ME") >=
		    100);
}

static void test_other_name_does_not(void **state)
{
	assert_true(wait_for(*state, "dir\\name", "dir\\other") < 100);
	assert_true(wait_for(*state, "name", "dir\\name") < 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_same_name_waits, fixture_setup, fixture_teardown),
		cmocka_unit_test_setup_teardown(test_killed, fixture_setup,
						fixture_teardown),
		cmocka_unit_test_setup_teardown(test_other_name_does_not,
						fixture_setup,
						fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
