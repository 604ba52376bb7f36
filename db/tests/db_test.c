/* db/tests/db_test.c - databases: records, locks, watches, transactions. */
#include "db/db.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/wire.h"
#include "messaging/messaging.h"

#define assert_ok(status)	assert_int_equal((status).v, 0)
#define assert_is(status, name) assert_int_equal((status).v, NT_STATUS(name).v)

struct fixture {
	char dir[32];
	struct tevent_context *ev;
	struct messaging_context *m;
	struct db_context *ctx;
	struct db *low, *high; /* volatile, in this lock order */
};

static struct db *open_db(struct fixture *f, const char *name,
			  enum db_kind kind, unsigned int order)
{
	const struct db_params params = {.kind = kind, .order = order};
	char *path = talloc_asprintf(f, "%s/%s", f->dir, name);
	struct db *db = NULL;

	assert_ok(db_open(f, f->ctx, path, &params, &db));
	return db;
}

static int setup(void **state)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);

	strcpy(f->dir, "/tmp/hf-db-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->ev = tevent_context_init(f);
	assert_ok(messaging_create(f, f->ev, f->dir, &f->m));
	assert_ok(db_context_create(f, f->m, &f->ctx));
	f->low = open_db(f, "low.tdb", DB_VOLATILE, 1);
	f->high = open_db(f, "high.tdb", DB_VOLATILE, 2);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = {"low.tdb", "high.tdb", "kept.tdb",
					    "shared.tdb", "shared.moving.tdb"};
	struct fixture *f = *state;
	char dir[32], path[64];
	size_t i;

	strcpy(dir, f->dir);
	messaging_sweep(f->m);
	talloc_free(f);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/msg", dir);
	return rmdir(path) == 0 && rmdir(dir) == 0 ? 0 : -1;
}

static struct blob text(const char *s)
{
	return (struct blob){.data = (uint8_t *)s, .length = strlen(s)};
}

static struct blob number(uint32_t *buf)
{
	return (struct blob){.data = (uint8_t *)buf, .length = sizeof(*buf)};
}

/* In a forked child. */
static void become_server(struct fixture *f)
{
	alarm(30);
	if (tevent_re_initialise(f->ev) != 0 ||
	    !NT_STATUS_IS_OK(messaging_reinit(f->m)) ||
	    !NT_STATUS_IS_OK(db_reopen_after_fork(f->ctx))) {
		_exit(99);
	}
}

static void expect_exit(pid_t pid, int code)
{
	int wstatus;

	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	assert_true(WIFEXITED(wstatus));
	assert_int_equal(WEXITSTATUS(wstatus), code);
}

static void assert_value(struct fixture *f, struct db *db, const char *key,
			 const char *value)
{
	struct blob out;

	assert_ok(db_get(f, db, text(key), &out));
	assert_int_equal(out.length, strlen(value));
	assert_memory_equal(out.data, value, out.length);
	talloc_free(out.data);
}

static void assert_none(struct fixture *f, struct db *db, const char *key)
{
	struct blob out;

	assert_is(db_get(f, db, text(key), &out), NOT_FOUND);
}

static void assert_undamaged(struct db *db)
{
	bool repaired = true;

	assert_ok(db_check(db, &repaired));
	assert_false(repaired);
}

/* --- records ------------------------------------------------------------ */

static void test_records(void **state)
{
	struct fixture *f = *state;
	struct db *db = f->low;

	assert_none(f, db, "a");
	assert_is(db_delete(db, text("a")), NOT_FOUND);
	assert_ok(db_insert(db, text("a"), text("1")));
	assert_is(db_insert(db, text("a"), text("2")), OBJECT_NAME_COLLISION);
	assert_value(f, db, "a", "1");
	assert_ok(db_store(db, text("a"), text("longer than before")));
	assert_value(f, db, "a", "longer than before");
	assert_ok(db_store(db, text("a"), text("")));
	assert_value(f, db, "a", "");
	assert_ok(db_delete(db, text("a")));
	assert_none(f, db, "a");
	assert_undamaged(db);
}

static NTSTATUS store_in_parts(struct db_record *rec, struct blob value,
			       void *private_data)
{
	struct blob parts[DB_MAX_PARTS];
	size_t i;

	assert_null(value.data);
	assert_int_equal(db_record_key(rec).length, 1);
	for (i = 0; i < DB_MAX_PARTS; i++) {
		parts[i] = text("ab");
	}
	assert_ok(db_record_store_parts(rec, parts, DB_MAX_PARTS));
	return NT_STATUS(ACCESS_DENIED);
}

static void test_parts_and_status(void **state)
{
	struct fixture *f = *state;

	assert_is(db_do_locked(f->low, text("p"), store_in_parts, NULL),
		  ACCESS_DENIED);
	assert_value(f, f->low, "p", "abababababab");
}

static bool count_record(struct blob key, struct blob value, void *private_data)
{
	int *count = private_data;

	assert_int_equal(key.length, 4);
	assert_memory_equal(key.data, value.data, 4);
	return ++*count < 7;
}

static void test_traverse(void **state)
{
	struct fixture *f = *state;
	uint32_t i;
	int count = 0;

	for (i = 0; i < 5; i++) {
		assert_ok(db_store(f->low, number(&i), number(&i)));
	}
	assert_ok(db_traverse(f->low, count_record, &count));
	assert_int_equal(count, 5);
	for (i = 5; i < 20; i++) {
		assert_ok(db_store(f->low, number(&i), number(&i)));
	}
	count = 0;
	assert_ok(db_traverse(f->low, count_record, &count));
	assert_int_equal(count, 7);
}

/* --- locks -------------------------------------------------------------- */

static NTSTATUS add_one(struct db_record *rec, struct blob value,
			void *private_data)
{
	uint32_t *out = private_data, n = 0;

	if (value.data != NULL) {
		memcpy(&n, value.data, sizeof(n));
	}
	n++;
	if (out != NULL) {
		*out = n;
	}
	return db_record_store(rec, number(&n));
}

static NTSTATUS read_number(struct blob value, void *private_data)
{
	memcpy(private_data, value.data, sizeof(uint32_t));
	return NT_STATUS_OK;
}

static uint32_t counter(struct db *db)
{
	uint32_t n = 0;
	NTSTATUS status = db_parse(db, text("counter"), read_number, &n);

	assert_true(NT_STATUS_IS_OK(status) || NT_STATUS_IS(status, NOT_FOUND));
	return n;
}

static void test_four_processes_count(void **state)
{
	struct fixture *f = *state;
	pid_t pids[4];
	int i, n;

	for (i = 0; i < 4; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			become_server(f);
			for (n = 0; n < 5000; n++) {
				assert_ok(db_do_locked(f->low, text("counter"),
						       add_one, NULL));
			}
			_exit(0);
		}
	}
	for (i = 0; i < 4; i++) {
		expect_exit(pids[i], 0);
	}
	assert_int_equal(counter(f->low), 20000);
	assert_undamaged(f->low);
}

static NTSTATUS say_and_sleep(struct db_record *rec, struct blob value,
			      void *private_data)
{
	int *fd = private_data;

	if (write(*fd, "x", 1) == 1) {
		sleep(30);
	}
	return NT_STATUS_OK;
}

/* A holder killed under the lock does not stop the others. */
static void test_killed_under_the_lock(void **state)
{
	struct fixture *f = *state;
	int p[2], i;
	pid_t pid;
	char c;

	assert_int_equal(pipe(p), 0);
	for (i = 0; i < 3; i++) {
		pid = fork();
		if (pid == 0) {
			become_server(f);
			assert_ok(db_do_locked(f->low, text("counter"),
					       say_and_sleep, &p[1]));
			_exit(0);
		}
		assert_int_equal(read(p[0], &c, 1), 1);
		kill(pid, SIGKILL);
		assert_ok(db_do_locked(f->low, text("counter"), add_one, NULL));
		waitpid(pid, NULL, 0);
	}
	close(p[0]);
	close(p[1]);
	assert_int_equal(counter(f->low), 3);
	assert_undamaged(f->low);
}

static NTSTATUS lock_other(struct db_record *rec, struct blob value,
			   void *private_data)
{
	return db_store(private_data, text("x"), text("y"));
}

static void expect_abort(struct fixture *f, struct db *first, struct db *second)
{
	const struct rlimit no_core = {0};
	int wstatus;
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		signal(SIGABRT, SIG_DFL);
		if (freopen("/dev/null", "w", stderr) == NULL) {
			_exit(1);
		}
		assert_ok(db_do_locked(first, text("x"), lock_other, second));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	assert_true(WIFSIGNALED(wstatus) && WTERMSIG(wstatus) == SIGABRT);
}

static NTSTATUS fail_alone(void *private_data)
{
	assert_none(private_data, ((struct fixture *)private_data)->high, "x");
	return NT_STATUS(DISK_FULL);
}

static void test_lock_order_is_asserted(void **state)
{
	struct fixture *f = *state;

	assert_is(db_do_alone(f->low, text("x"), fail_alone, f), DISK_FULL);

	assert_ok(db_do_locked(f->low, text("x"), lock_other, f->high));
	expect_abort(f, f->high, f->low);
	expect_abort(f, f->low, f->low);
}

/* --- watches ------------------------------------------------------------ */

struct watch {
	struct fixture *f;
	uint32_t until;
	struct tevent_req *req;
};

/* The one way to wait: look, and watch if it is not yet so. */
static NTSTATUS look_and_watch(struct db_record *rec, struct blob value,
			       void *private_data)
{
	struct watch *w = private_data;
	uint32_t n = 0;

	if (value.data != NULL) {
		memcpy(&n, value.data, sizeof(n));
	}
	w->req = NULL;
	if (n < w->until) {
		w->req = db_watch_send(w->f, w->f->ev, rec);
		assert_non_null(w->req);
	}
	return NT_STATUS_OK;
}

static struct tevent_req *watch(struct fixture *f, uint32_t until)
{
	struct watch w = {.f = f, .until = until};

	assert_ok(db_do_locked(f->low, text("counter"), look_and_watch, &w));
	return w.req;
}

static void wait_until(struct fixture *f, uint32_t until)
{
	struct tevent_req *req;

	while ((req = watch(f, until)) != NULL) {
		assert_true(tevent_req_poll(req, f->ev));
		assert_ok(db_watch_recv(req));
		talloc_free(req);
	}
}

/* Two processes take turns a thousand times, with nothing but watches: a lost
 * wake-up would stop them. */
static void test_no_wake_up_is_lost(void **state)
{
	struct fixture *f = *state;
	uint32_t i;
	pid_t pid = fork();

	if (pid == 0) {
		become_server(f);
		for (i = 0; i < 1000; i++) {
			wait_until(f, 2 * i + 1);
			assert_ok(db_do_locked(f->low, text("counter"), add_one,
					       NULL));
		}
		_exit(0);
	}
	for (i = 0; i < 1000; i++) {
		wait_until(f, 2 * i);
		assert_ok(db_do_locked(f->low, text("counter"), add_one, NULL));
	}
	wait_until(f, 2000);
	expect_exit(pid, 0);
}

static bool is_woken(struct fixture *f, struct tevent_req *req)
{
	struct tevent_req *timer = tevent_wakeup_send(
		f, f->ev, tevent_timeval_current_ofs(0, 20000));

	while (tevent_req_is_in_progress(req) &&
	       tevent_req_is_in_progress(timer)) {
		tevent_loop_once(f->ev);
	}
	talloc_free(timer);
	return !tevent_req_is_in_progress(req);
}

static NTSTATUS wake_only(struct db_record *rec, struct blob value,
			  void *private_data)
{
	db_record_wake(rec);
	return NT_STATUS_OK;
}

/* One more, which nobody waits for; three times, so that it also moves. */
static NTSTATUS update_quietly(struct db_record *rec, struct blob value,
			       void *private_data)
{
	const size_t *length = private_data;
	uint8_t bytes[64] = {1};
	struct blob b = {.data = bytes, .length = *length};

	assert_ok(db_record_update_parts(rec, &b, 1));
	return db_record_update_parts(rec, &b, 1);
}

static void test_what_does_not_wake(void **state)
{
	struct fixture *f = *state;
	struct tevent_req *req = watch(f, 100), *other = watch(f, 100);

	for (size_t length = 4; length <= 64; length += 20) {
		assert_ok(db_do_locked(f->low, text("counter"), update_quietly,
				       &length));
		assert_false(is_woken(f, req));
	}
	assert_ok(db_do_locked(f->low, text("counter"), add_one, NULL));
	assert_true(is_woken(f, req));
	assert_true(is_woken(f, other));
	talloc_free(req);
	talloc_free(other);
}

/* Watches with a tag, and who they are woken by. */
struct tagged {
	struct fixture *f;
	struct tevent_req *first, *second;
};

static NTSTATUS watch_tagged(struct db_record *rec, struct blob value,
			     void *private_data)
{
	struct tagged *t = private_data;

	t->first = db_watch_tagged_send(t->f, t->f->ev, rec, 1);
	t->second = db_watch_tagged_send(t->f, t->f->ev, rec, 2);
	return NT_STATUS_OK;
}

static NTSTATUS wake_second(struct db_record *rec, struct blob value,
			    void *private_data)
{
	const struct tagged *t = private_data;
	struct server_id dead = *messaging_id(t->f->m);

	dead.unique_id++;
	assert_false(db_record_wake_one(rec, &dead, 1));
	assert_true(db_record_wake_one(rec, messaging_id(t->f->m), 2));
	return NT_STATUS_OK;
}

static void test_tagged_watches(void **state)
{
	struct fixture *f = *state;
	struct tagged t = {.f = f};
	struct tevent_req *plain = watch(f, 100);

	assert_ok(db_do_locked(f->low, text("counter"), watch_tagged, &t));
	assert_ok(db_do_locked(f->low, text("counter"), wake_second, &t));
	assert_true(is_woken(f, t.second));
	assert_false(is_woken(f, t.first));
	assert_false(is_woken(f, plain));
	assert_ok(db_do_locked(f->low, text("counter"), add_one, NULL));
	assert_true(is_woken(f, plain));
	assert_false(is_woken(f, t.first));
	assert_ok(messaging_send(f->m, messaging_id(f->m), MSG_PROCESS_DIED,
				 (struct blob){0}));
	assert_true(is_woken(f, t.first));
	talloc_free(plain);
	talloc_free(t.first);
	talloc_free(t.second);
}

static void test_what_wakes(void **state)
{
	struct fixture *f = *state;
	struct tevent_req *req;

	/* no record yet, another one changes, then it appears */
	req = watch(f, 100);
	assert_none(f, f->low, "counter");
	assert_ok(db_store(f->low, text("other"), text("x")));
	assert_false(is_woken(f, req));
	assert_ok(db_do_locked(f->low, text("counter"), add_one, NULL));
	assert_true(is_woken(f, req));
	assert_int_equal(counter(f->low), 1);
	/* a wake without a change; the value stays under the watch */
	req = watch(f, 100);
	assert_int_equal(counter(f->low), 1);
	assert_ok(db_do_locked(f->low, text("counter"), wake_only, NULL));
	assert_true(is_woken(f, req));
	assert_int_equal(counter(f->low), 1);
	/* it goes */
	req = watch(f, 100);
	assert_ok(db_delete(f->low, text("counter")));
	assert_true(is_woken(f, req));
	assert_none(f, f->low, "counter");
	/* a process dies */
	req = watch(f, 100);
	assert_ok(messaging_send(f->m, messaging_id(f->m), MSG_PROCESS_DIED,
				 text("")));
	assert_true(is_woken(f, req));
	/* two watches of one process, one of which is given up */
	req = watch(f, 100);
	talloc_free(watch(f, 100));
	assert_ok(db_do_locked(f->low, text("counter"), add_one, NULL));
	assert_true(is_woken(f, req));
	assert_undamaged(f->low);
}

static void test_deadline(void **state)
{
	struct fixture *f = *state;
	struct tevent_req *req = watch(f, 100);

	assert_true(tevent_req_set_endtime(
		req, f->ev, tevent_timeval_current_ofs(0, 5000)));
	assert_true(tevent_req_poll(req, f->ev));
	assert_is(db_watch_recv(req), IO_TIMEOUT);
}

/* Watchers that are killed stop nobody, and do not pile up. */
static void test_killed_watchers(void **state)
{
	struct fixture *f = *state;
	struct tevent_req *req;
	int p[2], i;
	pid_t pid;
	char c;

	assert_int_equal(pipe(p), 0);
	for (i = 0; i < 40; i++) {
		pid = fork();
		if (pid == 0) {
			become_server(f);
			req = watch(f, 100);
			assert_int_equal(write(p[1], "x", 1), 1);
			sleep(30);
			_exit(0);
		}
		assert_int_equal(read(p[0], &c, 1), 1);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	close(p[0]);
	close(p[1]);
	req = watch(f, 100);
	assert_ok(db_do_locked(f->low, text("counter"), add_one, NULL));
	assert_true(is_woken(f, req));
	assert_int_equal(counter(f->low), 1);
	assert_undamaged(f->low);
}

/* --- persistent databases ----------------------------------------------- */

static NTSTATUS two_changes(struct db *db, void *private_data)
{
	const NTSTATUS *result = private_data;

	assert_ok(db_store(db, text("one"), text("new")));
	assert_ok(db_store(db, text("two"), text("new")));
	return *result;
}

static NTSTATUS change_and_fail(struct db_record *rec, struct blob value,
				void *private_data)
{
	assert_ok(db_record_store(rec, text("not to be seen")));
	return NT_STATUS(DISK_FULL);
}

static NTSTATUS ignore_a_failure(struct db *db, void *private_data)
{
	assert_ok(db_store(db, text("three"), text("x")));
	assert_is(db_insert(db, text("three"), text("y")),
		  OBJECT_NAME_COLLISION); /* changes nothing: harmless */
	assert_is(db_do_locked(db, text("one"), change_and_fail, NULL),
		  DISK_FULL);
	return NT_STATUS_OK;
}

static void test_transactions(void **state)
{
	struct fixture *f = *state;
	struct db *db = open_db(f, "kept.tdb", DB_PERSISTENT, 3);
	NTSTATUS result = NT_STATUS(ACCESS_DENIED);

	assert_ok(db_store(db, text("one"), text("old")));
	assert_is(db_transaction(db, two_changes, &result), ACCESS_DENIED);
	assert_value(f, db, "one", "old");
	assert_none(f, db, "two");
	assert_is(db_do_locked(db, text("one"), change_and_fail, NULL),
		  DISK_FULL);
	assert_value(f, db, "one", "old");
	assert_is(db_transaction(db, ignore_a_failure, NULL), DISK_FULL);
	assert_none(f, db, "three");
	result = NT_STATUS_OK;
	assert_ok(db_transaction(db, two_changes, &result));
	assert_value(f, db, "one", "new");
	assert_value(f, db, "two", "new");
}

static void test_what_lasts(void **state)
{
	struct fixture *f = *state;
	struct db *kept = open_db(f, "kept.tdb", DB_PERSISTENT, 3);

	assert_ok(db_store(kept, text("k"), text("v")));
	assert_ok(db_store(f->low, text("k"), text("v")));
	talloc_free(kept);
	talloc_free(f->low);
	kept = open_db(f, "kept.tdb", DB_PERSISTENT, 3);
	f->low = open_db(f, "low.tdb", DB_VOLATILE, 1);
	assert_value(f, kept, "k", "v");
	assert_none(f, f->low, "k");
}

/* A persistent database that is damaged is left as it is: what is in it may be
 * restored, and without it nothing may begin. */
static void test_damaged(void **state)
{
	const struct db_params params = {.kind = DB_PERSISTENT, .order = 3};
	struct fixture *f = *state;
	struct db *kept = open_db(f, "kept.tdb", DB_PERSISTENT, 3);
	char *path = talloc_asprintf(f, "%s/kept.tdb", f->dir);
	struct db *db = NULL;
	char junk[8192];
	int fd;

	assert_ok(db_store(kept, text("k"), text("v")));
	talloc_free(kept);
	memset(junk, 'j', sizeof(junk));
	fd = open(path, O_RDWR);
	assert_int_equal(pwrite(fd, junk, sizeof(junk) - 1000, 1000),
			 sizeof(junk) - 1000);
	assert_is(db_open(f, f->ctx, path, &params, &db),
		  INTERNAL_DB_CORRUPTION);
	assert_int_equal(pwrite(fd, junk, sizeof(junk), 0), sizeof(junk));
	assert_int_equal(ftruncate(fd, sizeof(junk)), 0);
	assert_is(db_open(f, f->ctx, path, &params, &db),
		  INTERNAL_DB_CORRUPTION);
	assert_int_equal(lseek(fd, 0, SEEK_END), sizeof(junk));
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_ok(db_open(f, f->ctx, path, &params, &db));
	close(fd);
}

static void test_must_exist(void **state)
{
	const struct db_params params = {
		.kind = DB_VOLATILE, .order = 4, .must_exist = true};
	struct fixture *f = *state;
	struct db *db;

	assert_is(db_open(f, f->ctx, "/tmp/hf-no-such-folder/x.tdb", &params,
			  &db),
		  OBJECT_NAME_NOT_FOUND);
}

/* --- killed at any instant ---------------------------------------------- */

/* Stores and deletes records of many sizes until it is killed. */
static void work_for_ever(struct fixture *f, unsigned int seed)
{
	uint8_t buf[3000];
	uint32_t key;
	NTSTATUS status;

	memset(buf, 7, sizeof(buf));
	for (;;) {
		key = (uint32_t)rand_r(&seed) % 300;
		if (rand_r(&seed) % 3 == 0) {
			status = db_delete(f->low, number(&key));
		} else {
			status = db_store(
				f->low, number(&key),
				(struct blob){.data = buf,
					      .length = (size_t)rand_r(&seed) %
							sizeof(buf)});
		}
		if (!NT_STATUS_IS_OK(status) &&
		    !NT_STATUS_IS(status, NOT_FOUND)) {
			_exit(1);
		}
	}
}

/* What was stored: sevens; and where a process was killed amidst making a value
 * shorter, one byte of the back end's. */
static bool is_all_sevens(struct blob key, struct blob value,
			  void *private_data)
{
	size_t i, others = 0;

	for (i = 0; i < value.length; i++) {
		others += value.data[i] != 7;
	}
	assert_true(others <= 1);
	return true;
}

static void test_killed_at_work(void **state)
{
	struct fixture *f = *state;
	pid_t pids[2];
	bool repaired;
	int i, n;

	for (n = 0; n < 60; n++) {
		for (i = 0; i < 2; i++) {
			pids[i] = fork();
			if (pids[i] == 0) {
				become_server(f);
				work_for_ever(f, (unsigned int)(n * 2 + i));
			}
		}
		usleep((useconds_t)(5000 + n * 37));
		for (i = 0; i < 2; i++) {
			kill(pids[i], SIGKILL);
			waitpid(pids[i], NULL, 0);
		}
		assert_ok(db_check(f->low, &repaired));
		assert_undamaged(f->low);
		assert_ok(db_traverse(f->low, is_all_sevens, NULL));
	}
}

/* Makes the record longer, and short again, but never deletes it. */
static NTSTATUS make_longer(struct db_record *rec, struct blob value,
			    void *private_data)
{
	uint8_t buf[3000];
	size_t length = value.length > 2000 ? 10 : value.length + 90;

	assert_non_null(value.data);
	memset(buf, 7, sizeof(buf));
	return db_record_store(rec,
			       (struct blob){.data = buf, .length = length});
}

/* A shared record is there whenever who made it longer was killed. */
static void test_killed_while_moving(void **state)
{
	const struct db_params params = {
		.kind = DB_VOLATILE, .order = 3, .shared = true};
	struct fixture *f = *state;
	char *path = talloc_asprintf(f, "%s/shared.tdb", f->dir);
	struct db *db;
	struct blob out;
	bool repaired;
	pid_t pid;
	int n;

	assert_ok(db_open(f, f->ctx, path, &params, &db));
	assert_ok(db_store(db, text("r"), text("\7\7\7")));
	for (n = 0; n < 100; n++) {
		pid = fork();
		if (pid == 0) {
			become_server(f);
			for (;;) {
				assert_ok(db_do_locked(db, text("r"),
						       make_longer, NULL));
			}
		}
		usleep((useconds_t)(2000 + n * 37));
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		if (n % 2 == 0) {
			assert_ok(db_check(db, &repaired));
		}
		assert_ok(db_get(f, db, text("r"), &out));
		assert_ok(db_do_locked(db, text("r"), make_longer, NULL));
	}
	assert_ok(db_delete(db, text("r")));
	assert_none(f, db, "r");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_records),
		TEST(test_parts_and_status),
		TEST(test_traverse),
		TEST(test_four_processes_count),
		TEST(test_killed_under_the_lock),
		TEST(test_lock_order_is_asserted),
		TEST(test_no_wake_up_is_lost),
		TEST(test_what_wakes),
		TEST(test_what_does_not_wake),
		TEST(test_tagged_watches),
		TEST(test_deadline),
		TEST(test_killed_watchers),
		TEST(test_transactions),
		TEST(test_what_lasts),
		TEST(test_damaged),
		TEST(test_must_exist),
		TEST(test_killed_at_work),
		TEST(test_killed_while_moving),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
