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

#include "db/db.h"
#include "lib/nt.h"
#include "locking/brlock.h"
#include "locking/share_grant.h"
#include "locking/share_mode_int.h"
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

static bool count_page(struct blob key, struct blob value, void *private_data)
{
	uint32_t *pages = private_data;

	++*pages;
	return true;
}

static bool count_named(const struct share_mode_info *info, void *private_data)
{
	uint32_t *pages = private_data;

	*pages += info->summary.entry_pages + info->summary.grant_pages;
	return true;
}

/* No page is there that no record names, or the other way round. */
static void check_pages(struct fixture *f)
{
	struct share_modes *s = f->l->share_modes;
	uint32_t there = 0, named = 0;

	assert_ok(db_traverse(s->pages, count_page, &there));
	assert_ok(share_mode_traverse(s, count_named, &named));
	assert_int_equal(there, named);
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
	check_pages(f);
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

/* --- who waits for the one that is killed --------------------------------- */

/* The child holds an oplock and a lock of bytes; each is waited for; it gives
 * one of them up, and is killed somewhere in that. */
struct wait {
	struct fixture *f;
	bool bytes;
	uint64_t ticket;
	struct tevent_req *req;
	bool done;
};

static void no_tell(const struct server_id *owner,
		    const struct grant_break_message *m, void *private_data)
{
}

static const struct grant_breaker patient = {.tell = no_tell,
					     .patience = UINT32_MAX};

static NTSTATUS hold_locked(struct share_mode_lock *l, void *private_data)
{
	struct fixture *f = private_data;
	const struct grant_request want = {.wanted = GRANT_ALL};
	const struct share_mode_entry e = {.owner = *messaging_id(f->m),
					   .open_id = CHILD_IDS,
					   .access = FILE_READ_DATA,
					   .share = FILE_SHARE_ALL};
	struct grant_answer got;

	assert_ok(share_mode_add(l, &e, "/srv", "file"));
	return share_grant_ask(l, CHILD_IDS, &want, &got);
}

static NTSTATUS answer_locked(struct share_mode_lock *l, void *private_data)
{
	const struct grant_actor who = {.open_id = CHILD_IDS};

	return share_grant_answer(l, &who, GRANT_READ, &patient);
}

static NTSTATUS lock_bytes(struct brlock_list *l, void *private_data)
{
	struct fixture *f = private_data;
	const struct brlock_entry e = {.owner = *messaging_id(f->m),
				       .open_id = CHILD_IDS,
				       .length = 10,
				       .flags = BRLOCK_EXCLUSIVE};

	return brlock_add(l, &e, 0);
}

static NTSTATUS unlock_bytes(struct brlock_list *l, void *private_data)
{
	return brlock_remove(l, CHILD_IDS, 0, 10);
}

static void woken(struct tevent_req *req);

static void watched(struct wait *w, struct tevent_req *req)
{
	assert_non_null(req);
	w->req = req;
	tevent_req_set_callback(req, woken, w);
}

static NTSTATUS open_or_wait(struct share_mode_lock *l, void *private_data)
{
	struct wait *w = private_data;
	const struct grant_actor who = {0};
	NTTIME until;

	assert_ok(share_grant_break(l, GRANT_OP_OPEN, &who, &patient, &until));
	w->done = until == 0;
	if (!w->done) {
		watched(w, share_mode_watch_send(w->f, w->f->ev, l));
	}
	return NT_STATUS_OK;
}

static NTSTATUS lock_or_wait(struct brlock_list *l, void *private_data)
{
	struct wait *w = private_data;
	const struct brlock_entry e = {.owner = *messaging_id(w->f->m),
				       .open_id = 1,
				       .length = 10,
				       .flags = BRLOCK_EXCLUSIVE};
	NTSTATUS status = brlock_add(l, &e, w->ticket);

	w->done = NT_STATUS_IS_OK(status);
	if (w->done) {
		assert_ok(brlock_unwait(l, w->ticket));
		return brlock_remove(l, 1, 0, 10);
	}
	if (w->ticket == 0) {
		assert_ok(brlock_wait(l, &e, &w->ticket));
	}
	watched(w, brlock_watch_send(w->f, w->f->ev, l, w->ticket));
	return NT_STATUS_OK;
}

static void look(struct wait *w)
{
	w->req = NULL;
	assert_ok(w->bytes ? brlock_do_locked(w->f->l->brlocks, &a_file,
					      lock_or_wait, w)
			   : share_mode_do_locked(w->f->l->share_modes, &a_file,
						  open_or_wait, w));
}

static void woken(struct tevent_req *req)
{
	struct wait *w = tevent_req_callback_data_void(req);

	assert_ok(db_watch_recv(req));
	talloc_free(req);
	look(w);
}

static void hold_and_let_go(struct fixture *f, int to_parent, int from_parent,
			    bool bytes, int stores)
{
	char c = 0;

	assert_ok(share_mode_do_locked(f->l->share_modes, &a_file, hold_locked,
				       f));
	assert_ok(brlock_do_locked(f->l->brlocks, &a_file, lock_bytes, f));
	if (write(to_parent, &c, 1) != 1 || read(from_parent, &c, 1) != 1) {
		_exit(1);
	}
	stores_left = stores;
	if (bytes) {
		assert_ok(brlock_do_locked(f->l->brlocks, &a_file, unlock_bytes,
					   f));
	} else {
		assert_ok(share_mode_do_locked(f->l->share_modes, &a_file,
					       answer_locked, f));
	}
	kill(getpid(), stores_left == 0 ? SIGKILL : SIGTERM);
}

/* Whether it was killed amidst. */
static bool wait_round(struct fixture *f, bool bytes, int stores)
{
	struct wait w = {.f = f, .bytes = bytes};
	int up[2], down[2], wstatus;
	char c = 0;
	pid_t pid;

	assert_int_equal(pipe(up) + pipe(down), 0);
	pid = fork();
	if (pid == 0) {
		fixture_become_server(f);
		hold_and_let_go(f, up[1], down[0], bytes, stores);
	}
	assert_int_equal(read(up[0], &c, 1), 1);
	look(&w);
	assert_false(w.done);
	assert_int_equal(write(down[1], &c, 1), 1);
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	/* as the master does */
	locking_process_died(f->l, (uint32_t)pid, true);
	assert_ok(messaging_send(f->m, messaging_id(f->m), MSG_PROCESS_DIED,
				 (struct blob){0}));
	for (int i = 0; i < 50 && !w.done; i++) {
		struct tevent_req *timer = tevent_wakeup_send(
			f, f->ev, tevent_timeval_current_ofs(0, 20000));

		while (!w.done && tevent_req_is_in_progress(timer)) {
			tevent_loop_once(f->ev);
		}
		talloc_free(timer);
	}
	assert_true(w.done);
	close(up[0]), close(up[1]), close(down[0]), close(down[1]);
	return WTERMSIG(wstatus) == SIGKILL;
}

static void test_waiters_go_on(void **state)
{
	for (int bytes = 0; bytes <= 1; bytes++) {
		int stores = 0;

		while (wait_round(*state, bytes != 0, stores)) {
			stores++;
		}
		printf("%d stores\n", stores);
		assert_true(stores > 0);
	}
}

/* --- a page of byte-range locks, divided ---------------------------------- */

#define LOCKS 128 /* of the parent; one more divides */

struct bytes {
	struct fixture *f;
	uint64_t open_id, offset, length;
};

static NTSTATUS take_bytes(struct brlock_list *l, void *private_data)
{
	const struct bytes *b = private_data;
	const struct brlock_entry e = {.owner = *messaging_id(b->f->m),
				       .open_id = b->open_id,
				       .offset = b->offset,
				       .length = b->length,
				       .flags = BRLOCK_EXCLUSIVE};

	return brlock_add(l, &e, 0);
}

static NTSTATUS give_bytes(struct brlock_list *l, void *private_data)
{
	const struct bytes *b = private_data;

	return brlock_remove(l, b->open_id, b->offset, b->length);
}

static NTSTATUS with_bytes(struct fixture *f, brlock_fn fn, uint64_t open_id,
			   uint64_t offset, uint64_t length)
{
	struct bytes b = {f, open_id, offset, length};

	return brlock_do_locked(f->l->brlocks, &a_file, fn, &b);
}

static bool divide_round(struct fixture *f, int stores)
{
	int wstatus;
	pid_t pid;

	for (uint64_t i = 0; i < LOCKS; i++) {
		assert_ok(with_bytes(f, take_bytes, 1, i * 10, 5));
	}
	pid = fork();
	if (pid == 0) {
		fixture_become_server(f);
		stores_left = stores;
		assert_ok(with_bytes(f, take_bytes, CHILD_IDS, 1006, 2));
		kill(getpid(), stores_left == 0 ? SIGKILL : SIGTERM);
	}
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	locking_process_died(f->l, (uint32_t)pid, true);
	/* each is there once, from the end: the upper page goes first */
	for (uint64_t i = LOCKS; i > 0; i--) {
		assert_ok(with_bytes(f, give_bytes, 1, (i - 1) * 10, 5));
	}
	assert_ok(with_bytes(f, take_bytes, 2, 0, LOCKS * 10));
	assert_ok(with_bytes(f, give_bytes, 2, 0, LOCKS * 10));
	return WTERMSIG(wstatus) == SIGKILL;
}

static void test_dividing_locks(void **state)
{
	int stores = 0;

	while (divide_round(*state, stores)) {
		stores++;
	}
	printf("%d stores\n", stores);
	assert_true(stores > 2);
}

int main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_alone),	   TEST(test_a_first_page),
		TEST(test_dividing),	   TEST(test_waiters_go_on),
		TEST(test_dividing_locks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
