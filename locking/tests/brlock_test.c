/* locking/tests/brlock_test.c - byte-range locks, against a plain model, and
 * across processes. */
#include "locking/brlock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "db/db.h"
#include "locking/tests/fixture.h"

static const struct file_id a_file = {.device = 7, .inode = 42};

/* --- one call at a time --------------------------------------------------- */

struct step {
	struct brlock_entry e;
	uint64_t ticket;
	uint64_t first, last;
	size_t count;
	enum {
		ADD,
		REMOVE,
		REMOVE_ALL,
		CHECK,
		WAIT,
		UNWAIT,
		COUNT
	} what;
	bool write;
};

static bool count_one(const struct brlock_entry *e, void *private_data)
{
	struct step *s = private_data;

	s->count++;
	return true;
}

static NTSTATUS run(struct brlock_list *l, void *private_data)
{
	struct step *s = private_data;

	switch (s->what) {
	case ADD:
		return brlock_add(l, &s->e, s->ticket);
	case REMOVE:
		return brlock_remove(l, s->e.open_id, s->e.offset, s->e.length);
	case REMOVE_ALL:
		return brlock_remove_all(l, s->e.open_id, NULL, NULL, NULL);
	case CHECK:
		return brlock_check(l, s->e.open_id, s->e.offset, s->e.length,
				    s->write);
	case WAIT:
		return brlock_wait(l, &s->e, &s->ticket);
	case UNWAIT:
		return brlock_unwait(l, s->ticket);
	default:
		return brlock_each(l, 0, UINT64_MAX, count_one, s);
	}
}

static NTSTATUS do_step(struct fixture *f, struct step *s)
{
	s->e.owner = *messaging_id(f->m);
	return brlock_do_locked(f->l->brlocks, &a_file, run, s);
}

static struct step step_of(uint64_t open_id, uint64_t offset, uint64_t length,
			   bool exclusive)
{
	return (struct step){.e = {.open_id = open_id,
				   .offset = offset,
				   .length = length,
				   .flags = exclusive ? BRLOCK_EXCLUSIVE : 0}};
}

static NTSTATUS add(struct fixture *f, uint64_t open_id, uint64_t offset,
		    uint64_t length, bool exclusive)
{
	struct step s = step_of(open_id, offset, length, exclusive);

	return do_step(f, &s);
}

static NTSTATUS drop(struct fixture *f, uint64_t open_id, uint64_t offset,
		     uint64_t length)
{
	struct step s = step_of(open_id, offset, length, false);

	s.what = REMOVE;
	return do_step(f, &s);
}

static NTSTATUS use(struct fixture *f, uint64_t open_id, uint64_t offset,
		    uint64_t length, bool write)
{
	return brlock_check_io(f->l->brlocks, &a_file, open_id, offset, length,
			       write);
}

/* --- the rules ------------------------------------------------------------ */

static void test_rules(void **state)
{
	struct fixture *f = *state;

	assert_ok(use(f, 2, 0, UINT64_MAX, true));
	assert_ok(add(f, 1, 10, 10, true));
	assert_is(add(f, 2, 19, 1, false), LOCK_NOT_GRANTED);
	assert_is(add(f, 1, 19, 1, true), LOCK_NOT_GRANTED);
	assert_ok(add(f, 1, 19, 1, false));
	assert_ok(add(f, 2, 20, 5, false));
	assert_ok(add(f, 1, 20, 5, false));
	assert_is(use(f, 2, 0, 11, false), FILE_LOCK_CONFLICT);
	assert_ok(use(f, 1, 0, 19, true));
	/* shared locks forbid writing to their owners, too */
	assert_is(use(f, 1, 24, 1, true), FILE_LOCK_CONFLICT);
	assert_ok(use(f, 3, 24, 1, false));
	assert_is(drop(f, 2, 10, 10), RANGE_NOT_LOCKED);
	assert_is(drop(f, 1, 10, 9), RANGE_NOT_LOCKED);
	assert_ok(drop(f, 1, 10, 10));
	assert_is(drop(f, 1, 10, 10), RANGE_NOT_LOCKED);
}

static void test_ends_of_range(void **state)
{
	struct fixture *f = *state;

	assert_ok(add(f, 1, UINT64_MAX, 1, true));
	assert_ok(add(f, 2, 0, UINT64_MAX, true));
	assert_is(use(f, 2, UINT64_MAX, 1, false), FILE_LOCK_CONFLICT);
	assert_ok(drop(f, 2, 0, UINT64_MAX));
	assert_is(add(f, 2, 1, UINT64_MAX, true), LOCK_NOT_GRANTED);
	/* nothing at all: in nobody's way, but there */
	assert_ok(add(f, 1, 0, 0, true));
	assert_ok(add(f, 2, 0, 0, true));
	assert_ok(drop(f, 2, 0, 0));
	assert_is(drop(f, 2, 0, 0), RANGE_NOT_LOCKED);
	/* an empty range within a lock is in its way, at its edges not */
	assert_ok(add(f, 1, 100, 10, true));
	assert_is(add(f, 2, 105, 0, true), LOCK_NOT_GRANTED);
	assert_ok(add(f, 2, 100, 0, true));
	assert_ok(add(f, 2, 110, 0, true));
	assert_is(add(f, 3, 95, 10, true), LOCK_NOT_GRANTED);
	assert_ok(add(f, 2, 300, 0, true));
	assert_is(add(f, 3, 295, 10, true), LOCK_NOT_GRANTED);
}

static void test_exclusive_goes_first(void **state)
{
	struct fixture *f = *state;

	assert_ok(add(f, 1, 0, 5, true));
	assert_ok(add(f, 1, 0, 5, false));
	assert_is(use(f, 2, 0, 1, false), FILE_LOCK_CONFLICT);
	assert_ok(drop(f, 1, 0, 5));
	assert_ok(use(f, 2, 0, 1, false));
	assert_is(use(f, 2, 0, 1, true), FILE_LOCK_CONFLICT);
	assert_ok(drop(f, 1, 0, 5));
	assert_ok(use(f, 2, 0, 1, true));
}

static void test_remove_all(void **state)
{
	struct fixture *f = *state;
	struct step s;

	for (uint64_t i = 0; i < 1000; i++) {
		assert_ok(add(f, 1 + i % 3, i * 10, 10, i % 2 == 0));
	}
	s = step_of(2, 0, 0, false);
	s.what = REMOVE_ALL;
	assert_ok(do_step(f, &s));
	s.what = COUNT;
	assert_ok(do_step(f, &s));
	assert_int_equal(s.count, 667);
	assert_ok(use(f, 9, 10, 10, true));
	assert_is(use(f, 9, 0, 1, true), FILE_LOCK_CONFLICT);
}

/* Very many locks at one offset cannot be divided. */
static void test_all_at_one_offset(void **state)
{
	struct fixture *f = *state;

	for (uint64_t i = 1; i <= 400; i++) {
		assert_ok(add(f, i, 5, 1, false));
	}
	assert_is(add(f, 500, 5, 1, true), LOCK_NOT_GRANTED);
	for (uint64_t i = 1; i <= 400; i++) {
		assert_ok(drop(f, i, 5, 1));
	}
	assert_ok(add(f, 500, 5, 1, true));
}

/* --- against a model ------------------------------------------------------ */

#define MODEL_MAX 2000

struct model {
	struct brlock_entry locks[MODEL_MAX];
	size_t count;
};

static bool overlap(const struct brlock_entry *a, const struct brlock_entry *b)
{
	uint64_t a_last = a->offset + a->length - 1;
	uint64_t b_last = b->offset + b->length - 1;

	if ((a->offset == 0 && a->length == 0) ||
	    (b->offset == 0 && b->length == 0)) {
		return false;
	}
	return a->offset <= b_last && b->offset <= a_last;
}

static NTSTATUS model_add(struct model *m, const struct brlock_entry *want)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct brlock_entry *e = &m->locks[i];

		if (!overlap(e, want)) {
			continue;
		}
		if ((want->flags & BRLOCK_EXCLUSIVE) != 0 ||
		    ((e->flags & BRLOCK_EXCLUSIVE) != 0 &&
		     e->open_id != want->open_id)) {
			return NT_STATUS(LOCK_NOT_GRANTED);
		}
	}
	m->locks[m->count++] = *want;
	return NT_STATUS_OK;
}

static NTSTATUS model_remove(struct model *m, const struct brlock_entry *want)
{
	size_t found = m->count;

	for (size_t i = 0; i < m->count; i++) {
		const struct brlock_entry *e = &m->locks[i];

		if (e->offset != want->offset || e->length != want->length ||
		    e->open_id != want->open_id) {
			continue;
		}
		found = i;
		if ((e->flags & BRLOCK_EXCLUSIVE) != 0) {
			break;
		}
	}
	if (found == m->count) {
		return NT_STATUS(RANGE_NOT_LOCKED);
	}
	m->locks[found] = m->locks[--m->count];
	return NT_STATUS_OK;
}

static bool model_readable(const struct model *m,
			   const struct brlock_entry *want)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct brlock_entry *e = &m->locks[i];

		if (overlap(e, want) && (e->flags & BRLOCK_EXCLUSIVE) != 0 &&
		    e->open_id != want->open_id) {
			return false;
		}
	}
	return true;
}

static void test_model(void **state)
{
	struct fixture *f = *state;
	struct model *m = talloc_zero(f, struct model);
	unsigned int seed = (unsigned int)time(NULL);

	print_message("seed %u\n", seed);
	srand(seed);
	for (int i = 0; i < 6000; i++) {
		struct step s = step_of(1 + rand() % 4, (uint64_t)rand() % 3000,
					(uint64_t)rand() % 4, rand() % 2 == 0);

		if (rand() % 5 < 3 && m->count < MODEL_MAX) {
			NTSTATUS status = do_step(f, &s);

			assert_int_equal(status.v, model_add(m, &s.e).v);
		} else if (m->count > 0) {
			if (rand() % 2 == 0) {
				s.e = m->locks[(size_t)rand() % m->count];
			}
			s.what = REMOVE;
			assert_int_equal(do_step(f, &s).v,
					 model_remove(m, &s.e).v);
		}
		s.e.length += s.e.length == 0;
		assert_int_equal(NT_STATUS_IS_OK(use(f, s.e.open_id, s.e.offset,
						     s.e.length, false)),
				 model_readable(m, &s.e));
	}
	while (m->count > 0) {
		struct step s = {.e = m->locks[0], .what = REMOVE};

		assert_ok(do_step(f, &s));
		assert_ok(model_remove(m, &s.e));
	}
	assert_ok(add(f, 9, 0, UINT64_MAX, true));
}

/* --- waiting and dying ---------------------------------------------------- */

static void test_first_come_first_served(void **state)
{
	struct fixture *f = *state;
	struct step first = step_of(2, 0, 10, true);
	struct step second = step_of(3, 5, 10, true);

	assert_ok(add(f, 1, 0, 20, true));
	first.what = second.what = WAIT;
	assert_ok(do_step(f, &first));
	assert_ok(do_step(f, &second));
	assert_ok(drop(f, 1, 0, 20));
	first.what = second.what = ADD;
	assert_is(do_step(f, &second), LOCK_NOT_GRANTED);
	assert_ok(do_step(f, &first));
	first.what = UNWAIT;
	assert_ok(do_step(f, &first));
	assert_is(do_step(f, &first), NOT_FOUND);
	assert_is(do_step(f, &second), LOCK_NOT_GRANTED);
	assert_ok(drop(f, 2, 0, 10));
	assert_ok(do_step(f, &second));
	second.what = UNWAIT;
	assert_ok(do_step(f, &second));
}

/* Somebody new does not overtake who has been woken, but he may have what
 * nobody could have now. */
static void test_no_overtaking(void **state)
{
	struct fixture *f = *state;
	struct step waiter = step_of(2, 0, 10, true);

	assert_ok(add(f, 1, 0, 10, false));
	waiter.what = WAIT;
	assert_ok(do_step(f, &waiter));
	assert_ok(add(f, 3, 0, 10, false));
	assert_ok(drop(f, 3, 0, 10));
	assert_ok(drop(f, 1, 0, 10));
	assert_is(add(f, 3, 0, 10, false), LOCK_NOT_GRANTED);
	assert_ok(add(f, 3, 10, 1, true));
	waiter.what = UNWAIT;
	assert_ok(do_step(f, &waiter));
	assert_ok(add(f, 3, 0, 10, false));
}

/* Who waits as fsa/lock.c does: woken, he looks, and watches again or has it.
 */
struct waiter {
	struct fixture *f;
	struct step s;
	struct tevent_req *req;
	unsigned int looks;
	bool has_it;
};

static void waiter_woken(struct tevent_req *req);

static NTSTATUS waiter_look(struct brlock_list *l, void *private_data)
{
	struct waiter *w = private_data;
	NTSTATUS status = brlock_add(l, &w->s.e, w->s.ticket);

	if (!NT_STATUS_IS(status, LOCK_NOT_GRANTED)) {
		w->has_it = true;
		return NT_STATUS_IS_OK(status) ? brlock_unwait(l, w->s.ticket)
					       : status;
	}
	if (w->s.ticket == 0) {
		assert_ok(brlock_wait(l, &w->s.e, &w->s.ticket));
	}
	w->req = brlock_watch_send(w->f, w->f->ev, l, w->s.ticket);
	assert_non_null(w->req);
	tevent_req_set_callback(w->req, waiter_woken, w);
	return NT_STATUS_OK;
}

static void waiter_woken(struct tevent_req *req)
{
	struct waiter *w = tevent_req_callback_data_void(req);

	assert_ok(db_watch_recv(req));
	TALLOC_FREE(w->req);
	w->looks++;
	assert_ok(brlock_do_locked(w->f->l->brlocks, &a_file, waiter_look, w));
}

static void wait_for(struct waiter *w, struct fixture *f, struct step s)
{
	*w = (struct waiter){.f = f, .s = s};
	w->s.e.owner = *messaging_id(f->m);
	assert_ok(brlock_do_locked(f->l->brlocks, &a_file, waiter_look, w));
	assert_false(w->has_it);
}

/* All that is to be delivered by now is. */
static void let_run(struct fixture *f)
{
	struct tevent_req *timer = tevent_wakeup_send(
		f, f->ev, tevent_timeval_current_ofs(0, 5000));

	assert_true(tevent_req_poll(timer, f->ev));
	talloc_free(timer);
}

#define CROWD 200

/* One release, one look: the others are not even woken. */
static void test_no_herd(void **state)
{
	struct fixture *f = *state;
	struct waiter *w = talloc_zero_array(f, struct waiter, CROWD);

	assert_ok(add(f, 1, 0, 20, true));
	assert_ok(add(f, 1, 5, 1, false));
	for (size_t i = 0; i < CROWD; i++) {
		wait_for(&w[i], f, step_of(10 + i, 0, 20, true));
	}
	assert_ok(drop(f, 1, 5, 1));
	let_run(f);
	assert_int_equal(w[0].looks, 0); /* the other lock is still there */
	assert_ok(drop(f, 1, 0, 20));
	for (size_t i = 0; i < CROWD; i++) {
		let_run(f);
		for (size_t k = 0; k < CROWD; k++) {
			assert_int_equal(w[k].looks, k <= i ? 1 : 0);
			assert_int_equal(w[k].has_it, k <= i);
		}
		assert_ok(drop(f, 10 + i, 0, 20));
	}
}

/* All who can have it together are woken, in one go; who wants something else
 * is not. */
static void test_who_is_woken(void **state)
{
	struct fixture *f = *state;
	struct waiter shared[3], other, last;

	assert_ok(add(f, 1, 0, 20, true));
	assert_ok(add(f, 2, 100, 20, true));
	for (size_t i = 0; i < 3; i++) {
		wait_for(&shared[i], f, step_of(10 + i, 0, 5, false));
	}
	wait_for(&last, f, step_of(20, 2, 5, true));
	wait_for(&other, f, step_of(21, 110, 5, false));
	assert_ok(drop(f, 1, 0, 20));
	let_run(f);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(shared[i].looks, 1);
		assert_true(shared[i].has_it);
	}
	assert_int_equal(last.looks + other.looks, 0);
	assert_ok(drop(f, 10, 0, 5));
	assert_ok(drop(f, 11, 0, 5));
	let_run(f);
	assert_int_equal(last.looks, 0);
	assert_ok(drop(f, 12, 0, 5));
	assert_ok(drop(f, 2, 100, 20));
	let_run(f);
	assert_int_equal(last.looks, 1);
	assert_int_equal(other.looks, 1);
	assert_true(last.has_it && other.has_it);
}

/* An empty lock and one around it are in each other's way, and wake. */
static void test_empty_range_wakes(void **state)
{
	struct fixture *f = *state;
	struct waiter around, empty;

	assert_ok(add(f, 1, 100, 0, true));
	wait_for(&around, f, step_of(2, 90, 20, true));
	assert_ok(drop(f, 1, 100, 0));
	let_run(f);
	assert_int_equal(around.looks, 1);
	assert_true(around.has_it);
	wait_for(&empty, f, step_of(1, 100, 0, true));
	assert_ok(drop(f, 2, 90, 20));
	let_run(f);
	assert_true(empty.has_it);
}

/* Who has been woken gives up: the next one is woken. */
static void test_first_gives_up(void **state)
{
	struct fixture *f = *state;
	struct step first = step_of(10, 0, 5, true);
	struct waiter second;

	assert_ok(add(f, 1, 0, 20, true));
	first.what = WAIT;
	assert_ok(do_step(f, &first));
	wait_for(&second, f, step_of(11, 0, 5, false));
	assert_ok(drop(f, 1, 0, 20));
	let_run(f);
	assert_int_equal(second.looks, 0);
	first.what = UNWAIT;
	assert_ok(do_step(f, &first));
	let_run(f);
	assert_int_equal(second.looks, 1);
	assert_true(second.has_it);
}

/* Waits for the lock, and is woken, but does not look. */
static void wait_and_sleep(struct fixture *f)
{
	struct step s = step_of(77, 0, 20, true);

	s.what = WAIT;
	assert_ok(do_step(f, &s));
}

/* The first in the queue is killed after it was woken, or before: who waits
 * behind it goes on. */
static void killed_waiter(struct fixture *f, bool woken)
{
	struct server_id id;
	struct waiter w;
	pid_t pid;

	assert_ok(add(f, 1, 0, 20, true));
	pid = fixture_fork(f, wait_and_sleep, &id);
	wait_for(&w, f, step_of(10, 0, 20, true));
	if (!woken) {
		fixture_kill(pid);
	}
	assert_ok(drop(f, 1, 0, 20));
	let_run(f);
	assert_int_equal(w.has_it, !woken);
	if (woken) {
		fixture_kill(pid);
		locking_process_died(f->l, (uint32_t)pid, true);
		let_run(f);
	}
	assert_true(w.has_it);
	assert_int_equal(w.looks, 1);
	assert_ok(drop(f, 10, 0, 20));
}

static void test_killed_waiter(void **state)
{
	killed_waiter(*state, false);
	killed_waiter(*state, true);
}

static void lock_much(struct fixture *f)
{
	struct step s = step_of(77, 5, 5, true);

	for (uint64_t i = 0; i < 300; i++) {
		assert_ok(add(f, 77, 1000 + i, 1, true));
	}
	assert_ok(add(f, 77, 0, 100, true));
	s.what = WAIT;
	assert_ok(do_step(f, &s));
}

static void test_dead_owner(void **state)
{
	struct fixture *f = *state;
	struct server_id id;
	struct step s;
	pid_t pid = fixture_fork(f, lock_much, &id);

	assert_is(use(f, 1, 50, 1, false), FILE_LOCK_CONFLICT);
	fixture_kill(pid);
	/* met by the way */
	assert_ok(use(f, 1, 50, 1, false));
	assert_ok(add(f, 1, 1100, 100, true));
	brlock_forget(f->l->brlocks, &id);
	s = step_of(0, 0, 0, false);
	s.what = COUNT;
	assert_ok(do_step(f, &s));
	assert_int_equal(s.count, 1);
}

int main(void)
{
#define TEST(t)                                                                \
	cmocka_unit_test_setup_teardown(t, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_rules),
		TEST(test_ends_of_range),
		TEST(test_exclusive_goes_first),
		TEST(test_remove_all),
		TEST(test_all_at_one_offset),
		TEST(test_model),
		TEST(test_first_come_first_served),
		TEST(test_no_overtaking),
		TEST(test_no_herd),
		TEST(test_who_is_woken),
		TEST(test_empty_range_wakes),
		TEST(test_first_gives_up),
		TEST(test_killed_waiter),
		TEST(test_dead_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
