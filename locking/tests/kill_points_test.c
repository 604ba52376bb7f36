/* locking/tests/kill_points_test.c - a process killed before each of the stores
 * that its opens and closes make, one after the other: nobody else's open is
 * lost, what the dead one denied is free for whoever meets it, and when it is
 * forgotten all numbers are right again. */
#include "locking/share_mode.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <tdb.h>

#include "lib/nt.h"
#include "locking/share_grant.h"
#include "locking/tests/fixture.h"

#define CHILD_OPENS 18
#define CHILD_IDS   100000

static const struct file_id a_file = {.device = 7, .inode = 42};
static const struct guid a_client = {{1}};

/* --- being killed (the linker is told --wrap) ------------------------------
 */

static int stores_left = -1; /* -1: nobody is killed */

static void maybe_die(void)
{
	if (stores_left == 0) {
		kill(getpid(), SIGKILL);
	}
	stores_left -= stores_left > 0;
}

int __real_tdb_storev(struct tdb_context *tdb, TDB_DATA key,
		      const TDB_DATA *dbufs, int num_dbufs, int flag);
int __wrap_tdb_storev(struct tdb_context *tdb, TDB_DATA key,
		      const TDB_DATA *dbufs, int num_dbufs, int flag);
int __wrap_tdb_storev(struct tdb_context *tdb, TDB_DATA key,
		      const TDB_DATA *dbufs, int num_dbufs, int flag)
{
	maybe_die();
	return __real_tdb_storev(tdb, key, dbufs, num_dbufs, flag);
}

int __real_tdb_delete(struct tdb_context *tdb, TDB_DATA key);
int __wrap_tdb_delete(struct tdb_context *tdb, TDB_DATA key);
int __wrap_tdb_delete(struct tdb_context *tdb, TDB_DATA key)
{
	maybe_die();
	return __real_tdb_delete(tdb, key);
}

/* --- opening and closing -------------------------------------------------- */

struct step {
	struct fixture *f;
	uint64_t id;
	uint32_t access, share;
	uint8_t lease;
};

static NTSTATUS open_locked(struct share_mode_lock *l, void *private_data)
{
	const struct step *s = private_data;
	const struct share_mode_entry e = {.owner = *messaging_id(s->f->m),
					   .open_id = s->id,
					   .access = s->access,
					   .share = s->share};
	const struct grant_request want = {.lease = true,
					   .wanted = GRANT_READ,
					   .client = a_client,
					   .key = {{s->lease}}};
	struct grant_answer got;
	NTSTATUS status = share_mode_check(l, s->access, s->share, 0);

	if (NT_STATUS_IS_OK(status)) {
		status = share_mode_add(l, &e, "/srv", "file");
	}
	return NT_STATUS_IS_OK(status) && s->lease != 0
		       ? share_grant_ask(l, s->id, &want, &got)
		       : status;
}

static NTSTATUS close_locked(struct share_mode_lock *l, void *private_data)
{
	const struct step *s = private_data;

	return share_mode_remove(l, s->id);
}

static NTSTATUS run(struct step *s, share_mode_fn fn)
{
	return share_mode_do_locked(s->f->l->share_modes, &a_file, fn, s);
}

static struct step step_of(struct fixture *f, uint64_t id)
{
	/* Every other one has a lease: of its own, or one of three. */
	return (struct step){
		.f = f,
		.id = id,
		.access = FILE_READ_DATA,
		.share = FILE_SHARE_ALL,
		.lease = id % 2 == 0 ? 0
				     : (uint8_t)(id % 4 == 1 ? id % 128 + 100
							     : id % 3 + 1)};
}

/* Denies writing, while it lives. */
static void work(struct fixture *f, int stores)
{
	for (uint64_t i = 0; i < CHILD_OPENS; i++) {
		struct step s = step_of(f, CHILD_IDS + i);

		s.share = FILE_SHARE_READ;
		stores_left = stores;
		if (!NT_STATUS_IS_OK(run(&s, open_locked))) {
			_exit(1);
		}
		stores = stores_left;
		stores_left = -1;
	}
	stores_left = stores;
	for (uint64_t i = 0; i < CHILD_OPENS; i++) {
		struct step s = step_of(f, CHILD_IDS + i);

		if (!NT_STATUS_IS_OK(run(&s, close_locked))) {
			_exit(1);
		}
	}
	_exit(0);
}

/* --- what is left --------------------------------------------------------- */

struct expected {
	uint64_t base; /* opens 1 to base */
	unsigned int records;
};

static bool is_base(const struct share_mode_info *info, void *private_data)
{
	struct expected *x = private_data;
	uint32_t with_grant = 0, users = 0;

	x->records++;
	assert_int_equal(info->summary.num_entries, x->base);
	for (uint32_t i = 0; i < x->base; i++) {
		assert_in_range(info->entries[i].open_id, 1, x->base);
		with_grant += info->entries[i].grant != 0;
	}
	for (uint32_t i = 0; i < info->summary.num_grants; i++) {
		assert_in_range(info->grants[i].num_opens, 1, x->base);
		users += info->grants[i].num_opens;
	}
	assert_int_equal(with_grant, x->base / 2);
	assert_int_equal(users, with_grant);
	return true;
}

/* The dead one's share modes are in nobody's way, though nobody has cleaned up
 * after it. */
static void meet(struct fixture *f, uint64_t base)
{
	struct step s = {.f = f,
			 .id = CHILD_IDS - 1,
			 .access = FILE_WRITE_DATA,
			 .share = FILE_SHARE_ALL};
	struct share_mode_state st;

	assert_ok(run(&s, open_locked));
	assert_ok(share_mode_peek(f->l->share_modes, &a_file, &st));
	assert_true(st.num_entries >= base + 1);
	assert_ok(run(&s, close_locked));
	s.share = 0;
	if (base > 0) {
		assert_is(run(&s, open_locked), SHARING_VIOLATION);
	}
}

/* Whether the child was killed. */
static bool round_with(struct fixture *f, uint64_t base, int stores)
{
	struct expected x = {.base = base};
	pid_t pid = fork();
	int wstatus;

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		fixture_become_server(f);
		work(f, stores);
	}
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	if (WIFSIGNALED(wstatus)) {
		assert_int_equal(WTERMSIG(wstatus), SIGKILL);
	} else {
		assert_int_equal(WEXITSTATUS(wstatus), 0);
	}
	meet(f, base);
	locking_process_died(f->l, (uint32_t)pid, true);
	assert_ok(share_mode_traverse(f->l->share_modes, is_base, &x));
	assert_int_equal(x.records, base > 0 ? 1 : 0);
	return WIFSIGNALED(wstatus);
}

static void kill_everywhere(struct fixture *f, uint64_t base)
{
	int stores = 0;

	for (uint64_t i = 1; i <= base; i++) {
		struct step s = step_of(f, i);

		assert_ok(run(&s, open_locked));
	}
	while (round_with(f, base, stores)) {
		stores++;
	}
	printf("%d stores beside %d opens\n", stores, (int)base);
	assert_true(stores >= 2 * CHILD_OPENS);
	for (uint64_t i = 1; i <= base; i++) {
		struct step s = step_of(f, i);

		assert_ok(run(&s, close_locked));
	}
}

/* The child's opens make a record, then pages; divide a first page; join it. */
static void test_alone(void **state)
{
	kill_everywhere(*state, 0);
}

static void test_a_first_page(void **state)
{
	kill_everywhere(*state, 4);
}

static void test_dividing(void **state)
{
	kill_everywhere(*state, 12);
	kill_everywhere(*state, 28);
}

int main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_alone),
		TEST(test_a_first_page),
		TEST(test_dividing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
