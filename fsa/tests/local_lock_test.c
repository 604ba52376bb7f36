/* fsa/tests/local_lock_test.c - `posix locking`: byte-range locks of clients
 * and those of programs on this machine, each respected by the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fsa/tests/fixture.h"

/* --- programs ------------------------------------------------------------- */

enum how {
	POSIX,
	OFD
};

/* In a child: locks a range of the file, or says that it cannot. */
static bool program_locks(const struct fixture *fx, enum how how, short type,
			  off_t offset, off_t length)
{
	struct flock fl = {.l_type = type,
			   .l_whence = SEEK_SET,
			   .l_start = offset,
			   .l_len = length};
	char path[PATH_MAX + 8];
	int fd;

	snprintf(path, sizeof(path), "%s/file", fx->share);
	fd = open(path, O_RDWR);
	return fd != -1 &&
	       fcntl(fd, how == OFD ? F_OFD_SETLK : F_SETLK, &fl) == 0;
}

/* Whether a program could lock the range, at this moment. */
static bool may_lock(const struct fixture *fx, short type, off_t offset,
		     off_t length)
{
	int status = -1;
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		_exit(program_locks(fx, POSIX, type, offset, length) ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status == 0;
}

/* A program that holds the lock until it is killed. */
static pid_t hold(const struct fixture *fx, enum how how, short type,
		  off_t offset, off_t length)
{
	int p[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe(p), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		alarm(30);
		if (program_locks(fx, how, type, offset, length) &&
		    write(p[1], "x", 1) == 1) {
			pause();
		}
		_exit(1);
	}
	close(p[1]);
	assert_int_equal(read(p[0], &c, 1), 1);
	close(p[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* --- clients -------------------------------------------------------------- */

static struct fsa_file *open_as(struct fixture *fx, uint32_t access,
				struct fsa_volume *v)
{
	const struct open_args args = {.name = "file",
				       .access = access,
				       .share = SHARE_ALL,
				       .disposition = FILE_OPEN_IF,
				       .volume = v};
	struct fsa_file *f = NULL;

	assert_ok(fixture_open(fx, &args, &f));
	return f;
}

static struct fsa_file *open_file(struct fixture *fx)
{
	return open_as(fx, GENERIC_USE, NULL);
}

#define SHARED false
#define EXCL   true

static NTSTATUS lock(struct fixture *fx, struct fsa_file *f, uint64_t offset,
		     uint64_t length, bool exclusive)
{
	struct fsa_lock_range r = {
		.offset = offset, .length = length, .exclusive = exclusive};
	struct fsa_io io = fixture_io(fx, FSA_LOCK, f);

	io.u.lock = (struct fsa_lock){.ranges = &r, .count = 1};
	return fixture_run(fx, &io);
}

static NTSTATUS unlock(struct fixture *fx, struct fsa_file *f, uint64_t offset,
		       uint64_t length)
{
	struct fsa_lock_range r = {.offset = offset, .length = length};
	struct fsa_io io = fixture_io(fx, FSA_LOCK, f);

	io.u.lock = (struct fsa_lock){.ranges = &r, .count = 1, .unlock = true};
	return fixture_run(fx, &io);
}

/* --- what programs see ---------------------------------------------------- */

static void test_programs_see_locks(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx);

	assert_ok(lock(fx, f, 10, 10, EXCL));
	assert_false(may_lock(fx, F_RDLCK, 19, 1));
	assert_false(may_lock(fx, F_WRLCK, 10, 1));
	assert_true(may_lock(fx, F_WRLCK, 0, 10));
	assert_true(may_lock(fx, F_WRLCK, 20, 10));
	assert_ok(lock(fx, f, 30, 10, SHARED));
	assert_true(may_lock(fx, F_RDLCK, 30, 10));
	assert_false(may_lock(fx, F_WRLCK, 35, 1));
	assert_ok(unlock(fx, f, 10, 10));
	assert_true(may_lock(fx, F_WRLCK, 0, 30));
	assert_ok(fixture_close(fx, f));
	assert_true(may_lock(fx, F_WRLCK, 0, 0));
}

/* Of locks that lie over each other the strongest counts, while it lasts. */
static void test_locks_over_each_other(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx);

	assert_ok(lock(fx, f, 0, 20, EXCL));
	assert_ok(lock(fx, f, 10, 20, SHARED));
	assert_ok(lock(fx, f, 15, 1, SHARED));
	assert_false(may_lock(fx, F_RDLCK, 15, 1));
	assert_ok(unlock(fx, f, 0, 20));
	assert_true(may_lock(fx, F_WRLCK, 0, 10));
	assert_true(may_lock(fx, F_RDLCK, 10, 20));
	assert_false(may_lock(fx, F_WRLCK, 10, 1));
	assert_ok(unlock(fx, f, 10, 20));
	assert_false(may_lock(fx, F_WRLCK, 15, 1));
	assert_true(may_lock(fx, F_WRLCK, 16, 100));
	assert_ok(unlock(fx, f, 15, 1));
	assert_true(may_lock(fx, F_WRLCK, 0, 0));
	assert_ok(fixture_close(fx, f));
}

/* A lock lasts as long as its own open, whatever else this process closes. */
static void test_locks_stay_with_their_open(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx), *g = open_file(fx);

	assert_ok(lock(fx, f, 0, 10, EXCL));
	assert_ok(fixture_close(fx, g));
	assert_false(may_lock(fx, F_RDLCK, 0, 1));
	assert_ok(fixture_close(fx, f));
	assert_true(may_lock(fx, F_WRLCK, 0, 10));
}

/* What programs cannot lock: beyond 2^63 - 1. */
static void test_locks_beyond_what_programs_have(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx);

	assert_ok(lock(fx, f, (uint64_t)INT64_MAX + 1, 10, EXCL));
	assert_true(may_lock(fx, F_WRLCK, 0, 0));
	assert_ok(unlock(fx, f, (uint64_t)INT64_MAX + 1, 10));
	assert_ok(lock(fx, f, 100, UINT64_MAX - 100, EXCL));
	assert_false(may_lock(fx, F_RDLCK, INT64_MAX - 10, 1));
	assert_true(may_lock(fx, F_WRLCK, 0, 100));
	assert_ok(unlock(fx, f, 100, UINT64_MAX - 100));
	assert_true(may_lock(fx, F_WRLCK, 0, 0));
	assert_ok(lock(fx, f, 50, 0, EXCL));
	assert_true(may_lock(fx, F_WRLCK, 0, 0));
	assert_ok(fixture_close(fx, f));
}

/* --- what clients see ----------------------------------------------------- */

static void test_clients_see_locks(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx);

	for (int how = POSIX; how <= OFD; how++) {
		pid_t pid = hold(fx, (enum how)how, F_WRLCK, 10, 10);

		assert_status(lock(fx, f, 15, 1, SHARED), LOCK_NOT_GRANTED);
		assert_status(lock(fx, f, 0, 11, EXCL), LOCK_NOT_GRANTED);
		/* what it took of the range before is given back */
		assert_true(may_lock(fx, F_WRLCK, 0, 10));
		assert_ok(lock(fx, f, 20, 10, EXCL));
		assert_ok(unlock(fx, f, 20, 10));
		assert_status(unlock(fx, f, 15, 1), RANGE_NOT_LOCKED);
		end(pid);
		assert_ok(lock(fx, f, 10, 10, EXCL));
		assert_ok(unlock(fx, f, 10, 10));
		pid = hold(fx, (enum how)how, F_RDLCK, 10, 10);
		assert_ok(lock(fx, f, 10, 10, SHARED));
		assert_ok(unlock(fx, f, 10, 10));
		assert_status(lock(fx, f, 10, 10, EXCL), LOCK_NOT_GRANTED);
		end(pid);
	}
	assert_ok(fixture_close(fx, f));
}

/* An open that cannot write has an exclusive lock nevertheless; to programs it
 * is a shared one. */
static void test_an_open_that_only_reads(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f;

	assert_ok(fixture_close(fx, open_file(fx)));
	f = open_as(fx, FILE_GENERIC_READ, NULL);
	assert_ok(lock(fx, f, 0, 10, EXCL));
	assert_false(may_lock(fx, F_WRLCK, 0, 1));
	assert_ok(fixture_close(fx, f));
}

static void note_complete(struct fsa_io *io)
{
	*(bool *)io->private_data = true;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Nobody tells of a program's unlock: whoever waits looks again. */
static void test_who_waits_has_it_within_a_second(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx), *g = open_file(fx);
	struct fsa_lock_range r = {.length = 10, .exclusive = true};
	pid_t pid = hold(fx, POSIX, F_WRLCK, 5, 1);
	struct fsa_io io = fixture_io(fx, FSA_LOCK, f);
	bool done = false;
	double since;

	io.u.lock = (struct fsa_lock){.ranges = &r, .count = 1, .wait = true};
	io.complete = note_complete;
	io.private_data = &done;
	assert_status(fsa_dispatch(&io), PENDING);
	/* who comes later is not before him */
	assert_status(lock(fx, g, 0, 10, SHARED), LOCK_NOT_GRANTED);
	assert_false(done);
	end(pid);
	since = now();
	while (!done) {
		assert_int_equal(tevent_loop_once(fx->ev), 0);
	}
	assert_ok(io.status);
	assert_true(now() - since < 1.0);
	assert_false(may_lock(fx, F_RDLCK, 0, 1));
	assert_ok(fixture_close(fx, f));
	assert_ok(fixture_close(fx, g));
}

/* --- without memory ------------------------------------------------------- */

/* Deprecated, and yet the one way to make talloc fail on purpose. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static void limit_memory(TALLOC_CTX *mem_ctx, size_t limit)
{
	assert_int_equal(talloc_set_memlimit(mem_ctx, limit), 0);
}
#pragma GCC diagnostic pop

/* g waits with so much memory; false: there was not enough. */
static bool waits_with(struct fixture *fx, struct fsa_file *g, size_t limit)
{
	struct fsa_lock_range r = {.length = 10, .exclusive = true};
	struct fsa_io io = fixture_io(fx, FSA_LOCK, g);
	bool done = false;
	NTSTATUS status;

	io.u.lock = (struct fsa_lock){.ranges = &r, .count = 1, .wait = true};
	io.complete = note_complete;
	io.private_data = &done;
	limit_memory(g, limit);
	status = fsa_dispatch(&io);
	limit_memory(g, 0);
	if (NT_STATUS_IS(status, NO_MEMORY)) {
		return false;
	}
	assert_status(status, PENDING);
	fsa_io_cancel(&io);
	while (!done) {
		assert_int_equal(tevent_loop_once(fx->ev), 0);
	}
	assert_status(io.status, CANCELLED);
	return true;
}

/* Who could not begin to wait is not waited for. */
static void test_who_cannot_wait_is_in_nobodys_way(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx), *g = open_file(fx);
	size_t limit = talloc_total_size(g);
	unsigned int failures = 0;
	bool waited = false;

	while (!waited) {
		assert_ok(lock(fx, f, 0, 10, EXCL));
		waited = waits_with(fx, g, limit);
		failures += !waited;
		assert_ok(unlock(fx, f, 0, 10));
		assert_ok(lock(fx, f, 0, 10, EXCL));
		assert_ok(unlock(fx, f, 0, 10));
		limit += 32;
	}
	assert_true(failures > 1);
	assert_ok(fixture_close(fx, f));
	assert_ok(fixture_close(fx, g));
}

/* --- without -------------------------------------------------------------- */

static void test_without_posix_locking(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct fsa_file *f;
	pid_t pid;

	params.posix_locking = false;
	f = open_as(fx, GENERIC_USE, fixture_mount(fx, &params));
	pid = hold(fx, POSIX, F_WRLCK, 0, 10);
	assert_ok(lock(fx, f, 0, 10, EXCL));
	end(pid);
	assert_true(may_lock(fx, F_WRLCK, 0, 10));
	assert_ok(fixture_close(fx, f));
}

int main(void)
{
#define T(name)                                                                \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(test_programs_see_locks),
		T(test_locks_over_each_other),
		T(test_locks_stay_with_their_open),
		T(test_locks_beyond_what_programs_have),
		T(test_clients_see_locks),
		T(test_an_open_that_only_reads),
		T(test_who_waits_has_it_within_a_second),
		T(test_who_cannot_wait_is_in_nobodys_way),
		T(test_without_posix_locking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
