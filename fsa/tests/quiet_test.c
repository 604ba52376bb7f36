/* fsa/tests/quiet_test.c - reads and writes that need not look again whether
 * somebody is in their way, and the moments at which they must (fsa/quiet.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fsa/file.h"
#include "fsa/oplock.h"
#include "fsa/quiet.h"
#include "fsa/tests/fixture.h"
#include "locking/brlock.h"
#include "locking/locking.h"
#include "messaging/messaging.h"

/* --- opens, locks and breaks ---------------------------------------------- */

static const struct guid client = {.bytes = {1}};

/* What on_break was told, of one break. */
static struct fsa_break told;
static unsigned int times_told;

static void on_break(void *private_data, const struct fsa_break *b)
{
	told = *b;
	times_told++;
}

static int setup(void **state)
{
	int failed = fixture_setup(state);
	struct fixture *fx = *state;

	if (failed == 0) {
		fx->server->params.on_break = on_break;
		fx->server->params.break_wait = 2;
		times_told = 0;
	}
	return failed;
}

/* key 0: no lease but an oplock, of this state. */
static struct fsa_file *open_caching(struct fixture *fx, uint8_t key,
				     uint8_t wanted, uint8_t expected)
{
	struct fsa_io io = fixture_io(fx, FSA_CREATE, NULL);

	io.u.create = (struct fsa_create){
		.name = "file",
		.open_id = ++fx->next_open_id,
		.desired_access = GENERIC_USE,
		.share_access = SHARE_ALL,
		.disposition = FILE_OPEN_IF,
		.caching_wanted = {.lease = key != 0, .state = wanted},
	};
	if (key != 0) {
		io.u.create.caching_wanted.client = client;
		io.u.create.caching_wanted.key.bytes[0] = key;
	}
	assert_ok(fixture_run(fx, &io));
	assert_int_equal(io.u.create.caching.state, expected);
	return io.u.create.file;
}

static struct fsa_file *open_file(struct fixture *fx)
{
	return open_caching(fx, 0, 0, 0);
}

static NTSTATUS lock_as(struct fixture *fx, struct fsa_file *f, bool exclusive,
			bool unlock)
{
	struct fsa_lock_range range = {.length = 4, .exclusive = exclusive};
	struct fsa_io io = fixture_io(fx, FSA_LOCK, f);

	io.u.lock = (struct fsa_lock){
		.ranges = &range, .count = 1, .unlock = unlock};
	return fixture_run(fx, &io);
}

static NTSTATUS lock(struct fixture *fx, struct fsa_file *f, bool unlock)
{
	return lock_as(fx, f, true, unlock);
}

static NTSTATUS read_it(struct fixture *fx, struct fsa_file *f)
{
	char text[8];
	uint32_t n;

	return fixture_read(fx, f, 0, text, 4, &n);
}

static void too_late(struct tevent_context *ev, struct tevent_timer *te,
		     struct timeval now, void *private_data)
{
	*(bool *)private_data = true;
}

/* Breaks are messages, to this process itself. */
static void expect_told(struct fixture *fx, unsigned int times)
{
	bool late = false;
	struct tevent_timer *te = tevent_add_timer(
		fx->ev, fx->mem_ctx, tevent_timeval_current_ofs(1, 0), too_late,
		&late);

	while (times_told < times && !late) {
		assert_int_equal(tevent_loop_once(fx->ev), 0);
	}
	talloc_free(late ? NULL : te);
	assert_int_equal(times_told, times);
}

static NTSTATUS add_locked(struct brlock_list *l, void *private_data)
{
	struct fsa_file *f = private_data;
	const struct brlock_entry e = {
		.owner = *messaging_id(f->volume->server->params.messaging),
		.open_id = f->open_id,
		.length = 4,
		.flags = BRLOCK_EXCLUSIVE};

	return brlock_add(l, &e, 0);
}

/* A lock of f's is in its record, and nobody has been told. */
static void store_lock(struct fixture *fx, struct fsa_file *f)
{
	assert_ok(
		brlock_do_locked(fx->locking->brlocks, &f->id, add_locked, f));
}

static void raise_counter(struct fixture *fx, struct fsa_file *f)
{
	(*file_board_counter_of(fx->locking->board, &f->id))++;
}

/* --- byte-range locks ----------------------------------------------------- */

static void test_only_a_raised_counter_is_looked_at(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a = open_file(fx), *b = open_file(fx);

	assert_ok(fixture_write(fx, a, 0, "text"));
	assert_ok(read_it(fx, a));
	store_lock(fx, b);
	/* b has not been told: a may have been before */
	assert_ok(read_it(fx, a));
	assert_ok(fixture_write(fx, a, 0, "text"));
	raise_counter(fx, a);
	assert_status(read_it(fx, a), FILE_LOCK_CONFLICT);
	assert_status(fixture_write(fx, a, 0, "text"), FILE_LOCK_CONFLICT);
	assert_ok(read_it(fx, b));
	b->num_locks = 1;
	assert_ok(fixture_close(fx, b));
	assert_ok(read_it(fx, a));
	assert_ok(fixture_close(fx, a));
}

static void test_a_lock_is_met_at_once(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a = open_file(fx), *b = open_file(fx);

	assert_ok(fixture_write(fx, a, 0, "text"));
	for (int i = 0; i < 3; i++) {
		assert_ok(read_it(fx, a));
		assert_ok(fixture_write(fx, b, 0, "text"));
		assert_ok(lock(fx, b, false));
		assert_status(read_it(fx, a), FILE_LOCK_CONFLICT);
		assert_ok(read_it(fx, b));
		assert_ok(fixture_write(fx, b, 0, "text"));
		assert_status(fixture_write(fx, a, 0, "x"), FILE_LOCK_CONFLICT);
		assert_ok(lock(fx, b, true));
		assert_ok(fixture_write(fx, a, 0, "text"));
	}
	assert_ok(fixture_close(fx, a));
	assert_ok(fixture_close(fx, b));
}

/* [MS-FSA] 2.1.4.10: a shared lock is in its owner's way, too. */
static void test_an_own_lock_is_met_at_once(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a = open_file(fx);

	assert_ok(fixture_write(fx, a, 0, "text"));
	assert_ok(lock_as(fx, a, false, false));
	assert_status(fixture_write(fx, a, 0, "text"), FILE_LOCK_CONFLICT);
	assert_ok(read_it(fx, a));
	assert_ok(lock(fx, a, true));
	assert_ok(fixture_write(fx, a, 0, "text"));
	assert_ok(fixture_close(fx, a));
}

/* The child locks, says so, and sleeps. */
static pid_t child_that_locks(struct fixture *fx)
{
	int p[2];
	char c = 0;
	pid_t pid;

	assert_int_equal(pipe(p), 0);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		alarm(30);
		fixture_after_fork(fx);
		if (NT_STATUS_IS_OK(lock(fx, open_file(fx), false)) &&
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

static void test_another_process_locks_and_is_killed(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a = open_file(fx);

	assert_ok(fixture_write(fx, a, 0, "text"));
	for (int i = 0; i < 3; i++) {
		pid_t pid;

		assert_ok(read_it(fx, a));
		pid = child_that_locks(fx);
		assert_status(read_it(fx, a), FILE_LOCK_CONFLICT);
		kill(pid, SIGKILL);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		assert_ok(read_it(fx, a));
	}
	assert_ok(fixture_close(fx, a));
}

/* --- grants --------------------------------------------------------------- */

static void test_a_lease_is_met_at_once(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a = open_file(fx), *b;

	assert_ok(fixture_write(fx, a, 0, "text"));
	for (unsigned int i = 1; i <= 3; i++) {
		b = open_caching(fx, 7, GRANT_READ, GRANT_READ);
		assert_ok(read_it(fx, a));
		assert_int_equal(times_told, i - 1);
		assert_ok(fixture_write(fx, a, 0, "text"));
		expect_told(fx, i);
		assert_int_equal(told.from, GRANT_READ);
		assert_int_equal(told.to, 0);
		assert_ok(fixture_write(fx, a, 0, "text"));
		assert_ok(fixture_close(fx, b));
	}
	assert_ok(fixture_close(fx, a));
	assert_int_equal(times_told, 3);
}

static void test_an_own_lease_is_in_nobodys_way(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a = open_caching(fx, 7, GRANT_ALL, GRANT_ALL);

	assert_ok(fixture_write(fx, a, 0, "text"));
	assert_ok(read_it(fx, a));
	assert_true(quiet_is(a, QUIET_READ | QUIET_OTHERS | QUIET_OWN |
					QUIET_LOCKS));
	assert_ok(lock(fx, a, false));
	assert_true(quiet_is(a, QUIET_READ | QUIET_OTHERS | QUIET_OWN));
	assert_ok(lock(fx, a, true));
	assert_ok(fixture_write(fx, a, 0, "text"));
	assert_ok(fixture_close(fx, a));
	assert_int_equal(times_told, 0);
}

/* [MS-FSA] 2.1.4.12: who writes loses his own level II oplock. */
static void test_an_own_oplock_of_level_two(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a = open_file(fx), *b;

	assert_ok(fixture_write(fx, a, 0, "text"));
	b = open_caching(fx, 0, GRANT_READ, GRANT_READ);
	assert_ok(read_it(fx, b));
	assert_ok(fixture_write(fx, b, 0, "text"));
	expect_told(fx, 1);
	assert_ok(fixture_write(fx, b, 0, "text"));
	assert_ok(fixture_close(fx, a));
	assert_ok(fixture_close(fx, b));
	assert_int_equal(times_told, 1);
}

static void note_complete(struct fsa_io *io)
{
	*(bool *)io->private_data = true;
}

/* An exclusive oplock that has become one of level II meanwhile. */
static void test_an_own_oplock_broken_to_level_two(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a = open_caching(fx, 0, GRANT_READ | GRANT_WRITE,
					  GRANT_READ | GRANT_WRITE);
	struct fsa_io io = fixture_io(fx, FSA_CREATE, NULL);
	bool done = false;

	assert_ok(fixture_write(fx, a, 0, "text"));
	io.u.create = (struct fsa_create){.name = "file",
					  .open_id = ++fx->next_open_id,
					  .desired_access = GENERIC_USE,
					  .share_access = SHARE_ALL,
					  .disposition = FILE_OPEN};
	io.complete = note_complete;
	io.private_data = &done;
	assert_status(fsa_dispatch(&io), PENDING);
	expect_told(fx, 1);
	assert_int_equal(told.to, GRANT_READ);
	assert_ok(fsa_oplock_answer(a, GRANT_READ));
	while (!done) {
		assert_int_equal(tevent_loop_once(fx->ev), 0);
	}
	assert_ok(io.status);
	assert_ok(fixture_write(fx, a, 0, "text"));
	expect_told(fx, 2);
	assert_int_equal(told.to, 0);
	assert_ok(fixture_close(fx, a));
	assert_ok(fixture_close(fx, io.u.create.file));
}

/* --- who comes in between ------------------------------------------------- */

/* b reads what is there and keeps it, before a's data is. */
static void test_a_lease_while_data_is_being_written(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a = open_file(fx), *b;
	struct fsa_io io = fixture_io(fx, FSA_WRITE, a);
	bool done = false;

	assert_ok(fixture_write(fx, a, 0, "text"));
	io.u.write = (struct fsa_write){.data = (const uint8_t *)"more",
					.length = 4,
					.write_through = true};
	io.complete = note_complete;
	io.private_data = &done;
	if (!NT_STATUS_IS(fsa_dispatch(&io), PENDING)) {
		assert_ok(fixture_close(fx, a));
		skip(); /* no io_uring here: nothing comes in between */
	}
	b = open_caching(fx, 7, GRANT_READ, GRANT_READ);
	assert_false(done);
	while (!done) {
		assert_int_equal(tevent_loop_once(fx->ev), 0);
	}
	assert_ok(io.status);
	expect_told(fx, 1);
	assert_int_equal(told.to, 0);
	assert_ok(fixture_close(fx, a));
	assert_ok(fixture_close(fx, b));
}

/* b asked for a lease and saw no locks; then a got one. */
static void test_a_lock_while_a_lease_is_asked_for(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a = open_file(fx);
	struct fsa_file *b = open_caching(fx, 7, GRANT_READ, GRANT_READ);
	const struct grant_request asked = {.lease = true};
	const struct grant_answer got = {.state = GRANT_READ};

	store_lock(fx, a);
	raise_counter(fx, a);
	oplock_entered(b, GRANT_OP_OPEN, &asked, &got);
	expect_told(fx, 1);
	assert_int_equal(told.to, 0);
	a->num_locks = 1;
	assert_ok(fixture_close(fx, a));
	assert_ok(fixture_close(fx, b));
}

/* a was on its way to a lock when b got a lease. */
static void test_a_lease_while_a_lock_is_asked_for(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a = open_file(fx), *b;
	struct fsa_io io = fixture_io(fx, FSA_LOCK, a);

	io.u.lock = (struct fsa_lock){.count = 0};
	assert_ok(fixture_write(fx, a, 0, "text"));
	b = open_caching(fx, 7, GRANT_READ, GRANT_READ);
	oplock_done(&io);
	expect_told(fx, 1);
	assert_ok(fixture_close(fx, a));
	assert_ok(fixture_close(fx, b));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(test_only_a_raised_counter_is_looked_at),
		T(test_a_lock_is_met_at_once),
		T(test_an_own_lock_is_met_at_once),
		T(test_another_process_locks_and_is_killed),
		T(test_a_lease_is_met_at_once),
		T(test_an_own_lease_is_in_nobodys_way),
		T(test_an_own_oplock_of_level_two),
		T(test_an_own_oplock_broken_to_level_two),
		T(test_a_lease_while_data_is_being_written),
		T(test_a_lock_while_a_lease_is_asked_for),
		T(test_a_lease_while_a_lock_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
