/* locking/tests/share_grant_test.c - oplocks and leases in a file's record. */
#include "locking/share_grant.h"

#include <string.h>

#include "db/db.h"
#include "lib/nt.h"
#include "locking/tests/fixture.h"

static const struct file_id a_file = {.device = 7, .inode = 42};
static const struct guid a_client = {{1}};
static const struct guid key_1 = {{11}}, key_2 = {{22}};

#define R  GRANT_READ
#define RW (GRANT_READ | GRANT_WRITE)
#define RH (GRANT_READ | GRANT_HANDLE)

/* What was told to holders. */
struct told {
	unsigned int count;
	struct grant_break_message last;
};

static void tell(const struct server_id *owner,
		 const struct grant_break_message *m, void *private_data)
{
	struct told *t = private_data;

	t->count++;
	t->last = *m;
}

struct step {
	struct fixture *f;
	struct told *told;
	uint64_t open_id;
	struct grant_request want;
	struct grant_answer got;
	enum grant_op op;
	uint8_t state;
	NTTIME now, until;
	struct file_id file;
};

static struct grant_breaker breaker(const struct step *s)
{
	return (struct grant_breaker){.tell = tell,
				      .private_data = s->told,
				      .now = s->now,
				      .patience = 100};
}

static struct grant_actor actor(const struct step *s)
{
	return (struct grant_actor){.open_id = s->open_id,
				    .client = s->want.client,
				    .key = s->want.key};
}

static NTSTATUS open_locked(struct share_mode_lock *l, void *private_data)
{
	struct step *s = private_data;
	const struct share_mode_entry e = {.owner = *messaging_id(s->f->m),
					   .open_id = s->open_id,
					   .access = FILE_READ_DATA,
					   .share = FILE_SHARE_ALL};

	assert_ok(share_mode_add(l, &e, "/srv", "file"));
	return share_grant_ask(l, s->open_id, &s->want, &s->got);
}

static NTSTATUS close_locked(struct share_mode_lock *l, void *private_data)
{
	const struct step *s = private_data;

	return share_mode_remove(l, s->open_id);
}

static NTSTATUS break_locked(struct share_mode_lock *l, void *private_data)
{
	struct step *s = private_data;
	const struct grant_breaker b = breaker(s);
	const struct grant_actor who = actor(s);

	return share_grant_break(l, s->op, &who, &b, &s->until);
}

static NTSTATUS answer_locked(struct share_mode_lock *l, void *private_data)
{
	struct step *s = private_data;
	const struct grant_breaker b = breaker(s);
	struct grant_actor who = actor(s);

	if (s->want.lease) {
		who.open_id = 0;
	}
	return share_grant_answer(l, &who, s->state, &b);
}

static NTSTATUS run(struct step *s, share_mode_fn fn)
{
	return share_mode_do_locked(s->f->l->share_modes, &s->file, fn, s);
}

static struct step step_of(struct fixture *f, struct told *told,
			   uint64_t open_id, const struct guid *key,
			   uint8_t wanted)
{
	struct step s = {.f = f,
			 .told = told,
			 .open_id = open_id,
			 .want = {.wanted = wanted},
			 .now = 1000,
			 .file = a_file};

	if (key != NULL) {
		s.want.lease = s.want.v2 = true;
		s.want.client = a_client;
		s.want.key = *key;
		s.want.epoch = 5;
	}
	return s;
}

static void test_batch_oplock(void **state)
{
	struct fixture *f = *state;
	struct told told = {0};
	struct step one = step_of(f, &told, 1, NULL, GRANT_ALL);
	struct step two = step_of(f, &told, 2, NULL, GRANT_ALL);
	bool any;

	assert_ok(run(&one, open_locked));
	assert_int_equal(one.got.state, GRANT_ALL);
	two.op = GRANT_OP_OPEN;
	assert_ok(run(&two, break_locked));
	assert_int_equal(two.until, 1100);
	assert_int_equal(told.count, 1);
	assert_int_equal(told.last.to, R);
	assert_int_equal(told.last.open_id, 1);
	/* asked once */
	assert_ok(run(&two, break_locked));
	assert_int_equal(told.count, 1);
	one.state = RW;
	assert_is(run(&one, answer_locked), REQUEST_NOT_ACCEPTED);
	one.state = R;
	assert_ok(run(&one, answer_locked));
	assert_is(run(&one, answer_locked), INVALID_OPLOCK_PROTOCOL);
	assert_ok(run(&two, break_locked));
	assert_int_equal(two.until, 0);
	assert_ok(run(&two, open_locked));
	assert_int_equal(two.got.state, R);
	/* writing takes it from both, who need not answer */
	two.op = GRANT_OP_WRITE;
	assert_ok(run(&two, break_locked));
	assert_int_equal(two.until, 0);
	assert_int_equal(told.count, 3);
	assert_ok(share_grant_peek(f->l->share_modes, &a_file, &any));
	assert_false(any);
}

static void test_lease_is_shared(void **state)
{
	struct fixture *f = *state;
	struct told told = {0};
	struct step one = step_of(f, &told, 1, &key_1, R);
	struct step two = step_of(f, &told, 2, &key_1, GRANT_ALL);
	struct step three = step_of(f, &told, 3, &key_2, GRANT_ALL);
	struct file_id id;

	assert_ok(run(&one, open_locked));
	assert_int_equal(one.got.epoch, 6);
	assert_ok(run(&two, open_locked));
	assert_int_equal(two.got.state, GRANT_ALL);
	assert_int_equal(two.got.epoch, 7);
	assert_ok(share_grant_find_lease(f->l->share_modes, &a_client, &key_1,
					 &id));
	assert_true(file_id_equal(&id, &a_file));
	/* its own writes break nothing */
	two.op = GRANT_OP_WRITE;
	assert_ok(run(&two, break_locked));
	assert_int_equal(told.count, 0);
	three.op = GRANT_OP_OPEN;
	assert_ok(run(&three, break_locked));
	assert_int_equal(told.last.to, RH);
	assert_int_equal(told.last.epoch, 8);
	/* the lease outlives one of its opens, not both */
	assert_ok(run(&one, close_locked));
	assert_ok(share_grant_find_lease(f->l->share_modes, &a_client, &key_1,
					 &id));
	assert_ok(run(&two, close_locked));
	assert_is(share_grant_find_lease(f->l->share_modes, &a_client, &key_1,
					 &id),
		  NOT_FOUND);
}

/* More is required before the first answer: it is asked for in steps. */
static void test_steps(void **state)
{
	struct fixture *f = *state;
	struct told told = {0};
	struct step one = step_of(f, &told, 1, &key_1, GRANT_ALL);
	struct step two = step_of(f, &told, 2, NULL, 0);

	assert_ok(run(&one, open_locked));
	two.op = GRANT_OP_OPEN;
	assert_ok(run(&two, break_locked));
	two.op = GRANT_OP_OVERWRITE;
	assert_ok(run(&two, break_locked));
	assert_int_equal(told.count, 1);
	one.state = RH;
	assert_ok(run(&one, answer_locked));
	assert_int_equal(told.count, 2);
	assert_int_equal(told.last.to, R);
	two.op = GRANT_OP_OPEN;
	assert_ok(run(&two, break_locked));
	assert_true(two.until != 0);
	one.state = R;
	assert_ok(run(&one, answer_locked));
	assert_int_equal(told.count, 3);
	assert_int_equal(told.last.to, 0);
	assert_false(told.last.answer);
	assert_ok(run(&two, break_locked));
	assert_int_equal(two.until, 0);
}

static void test_out_of_time(void **state)
{
	struct fixture *f = *state;
	struct told told = {0};
	struct step one = step_of(f, &told, 1, &key_1, GRANT_ALL);
	struct step two = step_of(f, &told, 2, NULL, 0);

	assert_ok(run(&one, open_locked));
	two.op = GRANT_OP_READ;
	assert_ok(run(&two, break_locked));
	assert_int_equal(two.until, 1100);
	two.now = 1100;
	assert_ok(run(&two, break_locked));
	assert_int_equal(two.until, 0);
	one.state = RH;
	assert_is(run(&one, answer_locked), UNSUCCESSFUL);
}

/* --- waiting -------------------------------------------------------------- */

struct waiter {
	struct step s;
	struct tevent_req *req;
	unsigned int wakes;
};

static void waiter_woken(struct tevent_req *req)
{
	struct waiter *w = tevent_req_callback_data_void(req);

	assert_ok(db_watch_recv(req));
	TALLOC_FREE(w->req);
	w->wakes++;
}

static NTSTATUS break_or_wait(struct share_mode_lock *l, void *private_data)
{
	struct waiter *w = private_data;

	assert_ok(break_locked(l, &w->s));
	if (w->s.until != 0) {
		w->req = share_mode_watch_send(w->s.f, w->s.f->ev, l);
		assert_non_null(w->req);
		tevent_req_set_callback(w->req, waiter_woken, w);
	}
	return NT_STATUS_OK;
}

static void let_run(struct fixture *f)
{
	struct tevent_req *timer = tevent_wakeup_send(
		f, f->ev, tevent_timeval_current_ofs(0, 5000));

	assert_true(tevent_req_poll(timer, f->ev));
	talloc_free(timer);
}

static void wait_for(struct waiter *w, enum grant_op op)
{
	w->s.op = op;
	assert_ok(share_mode_do_locked(w->s.f->l->share_modes, &a_file,
				       break_or_wait, w));
	assert_non_null(w->req);
}

#define CROWD 50

/* Those who come, and other opens and closes, do not wake who waits; the answer
 * wakes each once. */
static void test_woken_once(void **state)
{
	struct fixture *f = *state;
	struct told told = {0};
	struct step one = step_of(f, &told, 1, &key_1, GRANT_ALL);
	struct step plain = step_of(f, &told, 2, NULL, 0);
	struct waiter *w = talloc_zero_array(f, struct waiter, CROWD);

	assert_ok(run(&one, open_locked));
	for (unsigned int i = 0; i < CROWD; i++) {
		w[i].s = step_of(f, &told, 100 + i, NULL, 0);
		wait_for(&w[i], GRANT_OP_OPEN);
		plain.open_id = 1000 + i;
		assert_ok(run(&plain, open_locked));
	}
	for (unsigned int i = 0; i < CROWD; i++) {
		plain.open_id = 1000 + i;
		assert_ok(run(&plain, close_locked));
	}
	let_run(f);
	assert_int_equal(told.count, 1);
	for (unsigned int i = 0; i < CROWD; i++) {
		assert_int_equal(w[i].wakes, 0);
	}
	one.state = RH;
	assert_ok(run(&one, answer_locked));
	let_run(f);
	for (unsigned int i = 0; i < CROWD; i++) {
		assert_int_equal(w[i].wakes, 1);
	}
}

/* Somebody who waits for the second answer, too, sleeps on at the first; the
 * close of the holder wakes him. */
static void test_woken_by_the_last_step(void **state)
{
	struct fixture *f = *state;
	struct told told = {0};
	struct step one = step_of(f, &told, 1, &key_1, GRANT_ALL);
	struct waiter w = {.s = step_of(f, &told, 2, NULL, 0)};
	struct waiter x = {.s = step_of(f, &told, 3, NULL, 0)};

	assert_ok(run(&one, open_locked));
	wait_for(&w, GRANT_OP_OPEN);
	wait_for(&x, GRANT_OP_OVERWRITE);
	one.state = RH;
	assert_ok(run(&one, answer_locked));
	let_run(f);
	assert_int_equal(w.wakes + x.wakes, 0);
	assert_ok(run(&one, close_locked));
	let_run(f);
	assert_int_equal(w.wakes, 1);
	assert_int_equal(x.wakes, 1);
}

static void take_all(struct fixture *f)
{
	struct told told = {0};
	struct step s = step_of(f, &told, 9, NULL, GRANT_ALL);

	assert_ok(run(&s, open_locked));
}

static void test_dead_holder(void **state)
{
	struct fixture *f = *state;
	struct told told = {0};
	struct step two = step_of(f, &told, 2, NULL, R);
	struct server_id id;
	pid_t pid = fixture_fork(f, take_all, &id);

	two.op = GRANT_OP_OPEN;
	assert_ok(run(&two, break_locked));
	assert_true(two.until != 0);
	fixture_kill(pid);
	assert_ok(run(&two, break_locked));
	assert_int_equal(two.until, 0);
}

static struct step dir_step_of(struct fixture *f, struct told *told,
			       uint64_t open_id, const struct guid *key,
			       uint8_t wanted)
{
	struct step s = step_of(f, told, open_id, key, wanted);

	s.want.directory = true;
	return s;
}

static bool is_counted(const struct fixture *f)
{
	const struct share_modes *s = f->l->share_modes;
	bool here = share_grant_has_directory(s, &a_file);

	assert_int_equal(share_grant_any_directory(s, a_file.device), here);
	return here;
}

/* A lease on a directory counts from before it is there until the last of its
 * opens is closed; W is nothing that one could have. */
static void test_directory_is_counted(void **state)
{
	struct fixture *f = *state;
	struct told told = {0};
	struct step one = dir_step_of(f, &told, 1, &key_1, GRANT_ALL);
	struct step two = dir_step_of(f, &told, 2, &key_1, R);
	struct step file = step_of(f, &told, 3, &key_2, R);

	file.file.inode++;
	one.want.parent_key = two.want.key = key_1;
	assert_false(is_counted(f));
	assert_ok(run(&file, open_locked));
	assert_false(is_counted(f));
	assert_ok(run(&one, open_locked));
	assert_int_equal(one.got.state, RH);
	assert_true(is_counted(f));
	assert_ok(run(&two, open_locked));
	assert_int_equal(two.got.state, RH);
	assert_true(guid_equal(&two.got.parent_key, &key_1));
	assert_ok(run(&one, close_locked));
	assert_true(is_counted(f));
	assert_ok(run(&two, close_locked));
	assert_false(is_counted(f));
}

static bool others_have(const struct step *s)
{
	const struct grant_actor who = actor(s);
	bool any = false;

	assert_ok(share_grant_peek_others(s->f->l->share_modes, &s->file, &who,
					  &any));
	return any;
}

/* What changes in a directory takes all of a lease, and nobody waits. */
static void test_directory_change(void **state)
{
	struct fixture *f = *state;
	struct told told = {0};
	struct step one = dir_step_of(f, &told, 1, &key_1, RH);
	struct step two = dir_step_of(f, &told, 2, &key_2, R);
	struct step child = step_of(f, &told, 0, &key_1, 0);

	assert_ok(run(&one, open_locked));
	assert_false(others_have(&child));
	assert_ok(run(&two, open_locked));
	assert_true(others_have(&child));
	child.op = GRANT_OP_CHILD;
	/* by the first one's key */
	assert_ok(run(&child, break_locked));
	assert_int_equal(told.count, 1);
	assert_true(guid_equal(&told.last.key, &key_2));
	assert_int_equal(told.last.to, 0);
	assert_false(told.last.answer);
	assert_false(others_have(&child));
	child.want.key = key_2;
	assert_ok(run(&child, break_locked));
	assert_int_equal(told.count, 2);
	assert_true(guid_equal(&told.last.key, &key_1));
	assert_int_equal(told.last.to, 0);
	assert_true(told.last.answer);
	assert_int_equal(told.last.epoch, 7);
	assert_int_equal(child.until, 0);
}

static void take_directory(struct fixture *f)
{
	struct told told = {0};
	struct step s = dir_step_of(f, &told, 9, &key_1, RH);

	assert_ok(run(&s, open_locked));
}

/* What the dead had counts until somebody cleans up. */
static void test_dead_directory_holder(void **state)
{
	struct fixture *f = *state;
	struct server_id id;
	pid_t pid = fixture_fork(f, take_directory, &id);

	assert_true(is_counted(f));
	fixture_kill(pid);
	share_mode_forget(f->l->share_modes, &id);
	assert_false(is_counted(f));
}

struct to_call {
	struct step *s;
	uint64_t open_id;
	uint8_t state;
};

static NTSTATUS to_locked(struct share_mode_lock *l, void *private_data)
{
	struct to_call *call = private_data;
	const struct grant_breaker b = breaker(call->s);

	return share_grant_break_to(l, call->open_id, call->state, &b);
}

static NTSTATUS break_to(struct step *s, uint64_t open_id, uint8_t state)
{
	struct to_call call = {.s = s, .open_id = open_id, .state = state};

	return share_mode_do_locked(s->f->l->share_modes, &s->file, to_locked,
				    &call);
}

/* For no operation's sake: down by what the kind of grant can be. */
static void test_break_to(void **state)
{
	struct told told = {0};
	struct step lease = step_of(*state, &told, 1, &key_1, GRANT_ALL);

	assert_ok(run(&lease, open_locked));
	assert_is(break_to(&lease, 1, GRANT_ALL), INVALID_PARAMETER);
	assert_is(break_to(&lease, 1, GRANT_HANDLE), INVALID_PARAMETER);
	assert_is(break_to(&lease, 1, 0x8), INVALID_PARAMETER);
	assert_is(break_to(&lease, 2, 0), NOT_FOUND);
	assert_int_equal(told.count, 0);
	assert_ok(break_to(&lease, 1, RH));
	assert_int_equal(told.count, 1);
	assert_int_equal(told.last.to, RH);
	assert_true(told.last.answer);
	/* He is told once, and again when he has answered. */
	assert_ok(break_to(&lease, 1, R));
	assert_int_equal(told.count, 1);
	lease.state = RH;
	assert_ok(run(&lease, answer_locked));
	assert_int_equal(told.count, 2);
	assert_int_equal(told.last.to, R);
	lease.state = R;
	assert_ok(run(&lease, answer_locked));
	assert_is(break_to(&lease, 1, R), INVALID_PARAMETER);
	assert_ok(break_to(&lease, 1, 0));
	assert_int_equal(told.count, 3);
	assert_false(told.last.answer);
	assert_ok(run(&lease, close_locked));
}

static void test_break_to_of_an_oplock(void **state)
{
	struct told told = {0};
	struct step batch = step_of(*state, &told, 1, NULL, GRANT_ALL);

	assert_ok(run(&batch, open_locked));
	assert_is(break_to(&batch, 1, RW), INVALID_PARAMETER);
	assert_is(break_to(&batch, 1, RH), INVALID_PARAMETER);
	assert_ok(break_to(&batch, 1, R));
	assert_int_equal(told.last.to, R);
	assert_true(told.last.answer);
	batch.state = R;
	assert_ok(run(&batch, answer_locked));
	assert_ok(run(&batch, close_locked));
}

int main(void)
{
#define TEST(t)                                                                \
	cmocka_unit_test_setup_teardown(t, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_break_to),
		TEST(test_break_to_of_an_oplock),
		TEST(test_batch_oplock),
		TEST(test_lease_is_shared),
		TEST(test_steps),
		TEST(test_out_of_time),
		TEST(test_dead_holder),
		TEST(test_woken_once),
		TEST(test_woken_by_the_last_step),
		TEST(test_directory_is_counted),
		TEST(test_directory_change),
		TEST(test_dead_directory_holder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
