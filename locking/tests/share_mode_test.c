/* locking/tests/share_mode_test.c - share modes, across processes. */
#include "locking/share_mode.h"

#include <sched.h>
#include <time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "db/db.h"
#include "lib/nt.h"
#include "locking/tests/fixture.h"

static const struct file_id a_file = {.device = 7, .inode = 42};

/* What one call under the lock does, and what it found. */
struct step {
	struct fixture *f;
	uint64_t open_id;
	uint32_t access, share, flags;
	NTSTATUS status; /* of the operation */
	NTSTATUS result; /* what the locked function returns */
};

static struct share_mode_entry entry_of(const struct step *s)
{
	return (struct share_mode_entry){.owner = *messaging_id(s->f->m),
					 .open_id = s->open_id,
					 .access = s->access,
					 .share = s->share,
					 .flags = s->flags};
}

static NTSTATUS check_and_add(struct share_mode_lock *l, void *private_data)
{
	struct step *s = private_data;
	struct share_mode_entry e = entry_of(s);

	s->status = share_mode_check(l, s->access, s->share, s->flags);
	if (!NT_STATUS_IS_OK(s->status)) {
		return s->status;
	}
	s->status = share_mode_add(l, &e, "/srv/files", "a\\b.txt");
	return NT_STATUS_IS_OK(s->status) ? s->result : s->status;
}

static NTSTATUS open_file(struct fixture *f, uint64_t open_id, uint32_t access,
			  uint32_t share)
{
	struct step s = {.f = f,
			 .open_id = open_id,
			 .access = access,
			 .share = share,
			 .result = NT_STATUS_OK};

	return share_mode_do_locked(f->l->share_modes, &a_file, check_and_add,
				    &s);
}

static NTSTATUS remove_entry(struct share_mode_lock *l, void *private_data)
{
	struct step *s = private_data;

	return share_mode_remove(l, s->open_id);
}

static NTSTATUS close_file(struct fixture *f, uint64_t open_id)
{
	struct step s = {.f = f, .open_id = open_id};

	return share_mode_do_locked(f->l->share_modes, &a_file, remove_entry,
				    &s);
}

static uint32_t entries(struct fixture *f)
{
	struct share_mode_state s;

	assert_ok(share_mode_peek(f->l->share_modes, &a_file, &s));
	return s.num_entries;
}

static bool is_delete_pending(struct fixture *f)
{
	struct share_mode_state s;

	assert_ok(share_mode_peek(f->l->share_modes, &a_file, &s));
	return s.delete_pending;
}

static bool no_record(const struct share_mode_info *info, void *private_data)
{
	fail_msg("a record is left");
	return false;
}

static void assert_empty(struct fixture *f)
{
	assert_int_equal(entries(f), 0);
	assert_ok(share_mode_traverse(f->l->share_modes, no_record, NULL));
}

/* --- one process -------------------------------------------------------- */

static void test_open_and_close(void **state)
{
	struct fixture *f = *state;

	assert_empty(f);
	assert_ok(open_file(f, 1, FILE_READ_DATA, FILE_SHARE_READ));
	assert_ok(open_file(f, 2, FILE_READ_DATA, FILE_SHARE_READ));
	assert_is(open_file(f, 3, FILE_WRITE_DATA, FILE_SHARE_ALL),
		  SHARING_VIOLATION);
	assert_ok(open_file(f, 4, FILE_READ_ATTRIBUTES, 0));
	assert_int_equal(entries(f), 3);
	assert_is(close_file(f, 3), NOT_FOUND);
	assert_ok(close_file(f, 1));
	assert_ok(close_file(f, 2));
	assert_ok(open_file(f, 3, FILE_WRITE_DATA, 0));
	assert_is(open_file(f, 1, FILE_READ_DATA, FILE_SHARE_ALL),
		  SHARING_VIOLATION);
	assert_ok(close_file(f, 4));
	assert_ok(close_file(f, 3));
	assert_empty(f);
}

static void test_failure_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct step s = {.f = f,
			 .open_id = 1,
			 .access = FILE_READ_DATA,
			 .result = NT_STATUS(DISK_FULL)};

	assert_is(share_mode_do_locked(f->l->share_modes, &a_file,
				       check_and_add, &s),
		  DISK_FULL);
	assert_ok(s.status);
	assert_empty(f);
}

/* 1000 opens: all are there, each closes alone, in any order. */
static void test_many(void **state)
{
	struct fixture *f = *state;
	uint64_t i;

	for (i = 0; i < 1000; i++) {
		assert_ok(open_file(f, i + 1, FILE_READ_DATA,
				    FILE_SHARE_READ | FILE_SHARE_WRITE));
	}
	assert_int_equal(entries(f), 1000);
	assert_is(open_file(f, 5000, DELETE_ACCESS, FILE_SHARE_ALL),
		  SHARING_VIOLATION);
	for (i = 0; i < 1000; i++) {
		/* 7 and 1000 have no common divisor */
		assert_ok(close_file(f, i * 7 % 1000 + 1));
	}
	assert_empty(f);
}

static NTSTATUS look_at_entry(struct share_mode_lock *l, void *private_data)
{
	struct step *s = private_data;
	struct share_mode_entry e;

	assert_is(share_mode_get_entry(l, 99, &e), NOT_FOUND);
	assert_ok(share_mode_get_entry(l, s->open_id, &e));
	assert_int_equal(e.access, FILE_WRITE_DATA);
	assert_true(server_id_equal(&e.owner, messaging_id(s->f->m)));
	assert_int_equal(share_mode_count(l, true), 2);
	return NT_STATUS_OK;
}

static void test_entry(void **state)
{
	struct fixture *f = *state;
	struct step s = {.f = f, .open_id = 2};

	assert_ok(open_file(f, 1, FILE_READ_DATA, FILE_SHARE_ALL));
	assert_ok(open_file(f, 2, FILE_WRITE_DATA, FILE_SHARE_ALL));
	assert_ok(share_mode_do_locked(f->l->share_modes, &a_file,
				       look_at_entry, &s));
}

/* --- streams ------------------------------------------------------------ */

static NTSTATUS mark_stream(struct share_mode_lock *l, void *private_data)
{
	struct step *s = private_data;

	s->flags = SHARE_ENTRY_STREAM;
	assert_ok(check_and_add(l, s));
	assert_int_equal(share_mode_count(l, false), 0);
	assert_int_equal(share_mode_count(l, true), 1);
	return NT_STATUS_OK;
}

/* [MS-FSA] 2.1.5.1.2.1: an open stream forbids the deletion of its file. */
static void test_stream_mark(void **state)
{
	struct fixture *f = *state;
	struct step s = {
		.f = f, .open_id = 1, .access = FILE_WRITE_DATA, .share = 0};

	assert_ok(share_mode_do_locked(f->l->share_modes, &a_file, mark_stream,
				       &s));
	assert_ok(open_file(f, 2, FILE_READ_DATA, 0));
	assert_is(open_file(f, 3, DELETE_ACCESS, FILE_SHARE_ALL),
		  SHARING_VIOLATION);
	assert_ok(close_file(f, 2));
	assert_is(open_file(f, 3, DELETE_ACCESS, FILE_SHARE_ALL),
		  SHARING_VIOLATION);
	assert_ok(close_file(f, 1));
	assert_ok(open_file(f, 3, DELETE_ACCESS, FILE_SHARE_ALL));
}

/* --- deletion, names ---------------------------------------------------- */

static uint32_t some_groups[] = {10, 20, 30};

static NTSTATUS delete_it(struct share_mode_lock *l, void *private_data)
{
	const struct delete_owner owner = {
		.uid = 1, .gid = 2, .num_groups = 3, .groups = some_groups};

	assert_ok(share_mode_set_delete_pending(l, &owner));
	assert_true(share_mode_delete_pending(l));
	return NT_STATUS_OK;
}

static NTSTATUS keep_it(struct share_mode_lock *l, void *private_data)
{
	return share_mode_set_delete_pending(l, NULL);
}

static NTSTATUS look_at_deleter(struct share_mode_lock *l, void *private_data)
{
	struct fixture *f = private_data;
	struct delete_owner owner;

	assert_ok(share_mode_rename(l, "/srv/files", "c.txt"));
	assert_ok(share_mode_get_deleter(f, l, &owner));
	assert_int_equal(owner.uid, 1);
	assert_int_equal(owner.gid, 2);
	assert_int_equal(owner.num_groups, 3);
	assert_memory_equal(owner.groups, some_groups, sizeof(some_groups));
	return NT_STATUS_OK;
}

static NTSTATUS no_deleter(struct share_mode_lock *l, void *private_data)
{
	struct delete_owner owner;

	assert_is(share_mode_get_deleter(private_data, l, &owner), NOT_FOUND);
	return NT_STATUS_OK;
}

static void test_delete_pending(void **state)
{
	struct fixture *f = *state;
	struct share_modes *s = f->l->share_modes;

	assert_ok(open_file(f, 1, DELETE_ACCESS, FILE_SHARE_ALL));
	assert_false(is_delete_pending(f));
	assert_ok(share_mode_do_locked(s, &a_file, no_deleter, f));
	assert_ok(share_mode_do_locked(s, &a_file, delete_it, NULL));
	assert_true(is_delete_pending(f));
	assert_ok(share_mode_do_locked(s, &a_file, look_at_deleter, f));
	assert_is(open_file(f, 2, FILE_READ_ATTRIBUTES, FILE_SHARE_ALL),
		  DELETE_PENDING);
	assert_ok(share_mode_do_locked(s, &a_file, keep_it, NULL));
	assert_false(is_delete_pending(f));
	assert_ok(open_file(f, 2, FILE_READ_ATTRIBUTES, FILE_SHARE_ALL));
	assert_ok(close_file(f, 2));
	assert_ok(share_mode_do_locked(s, &a_file, delete_it, NULL));
	assert_ok(close_file(f, 1));
	assert_empty(f);
}

static bool expect_name(const struct share_mode_info *info, void *private_data)
{
	assert_true(file_id_equal(&info->id, &a_file));
	assert_string_equal(info->tail.share_path, "/srv/files");
	assert_string_equal(info->tail.name, private_data);
	assert_null(info->tail.deleter);
	assert_int_equal(info->summary.num_entries, 2);
	assert_int_equal(info->entries[0].open_id, 1);
	assert_int_equal(info->entries[1].open_id, 2);
	return true;
}

static NTSTATUS rename_to(struct share_mode_lock *l, void *private_data)
{
	return share_mode_rename(l, "/srv/files", private_data);
}

static void test_names(void **state)
{
	struct fixture *f = *state;
	struct share_modes *s = f->l->share_modes;
	char name[2001];

	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_ok(open_file(f, 1, FILE_READ_DATA, FILE_SHARE_ALL));
	assert_ok(open_file(f, 2, FILE_READ_DATA, FILE_SHARE_ALL));
	assert_ok(share_mode_traverse(s, expect_name, "a\\b.txt"));
	assert_ok(share_mode_do_locked(s, &a_file, rename_to, name));
	assert_ok(share_mode_traverse(s, expect_name, name));
	assert_ok(share_mode_do_locked(s, &a_file, rename_to, "short"));
	assert_ok(share_mode_traverse(s, expect_name, "short"));
}

/* --- several processes -------------------------------------------------- */

static void hold_exclusively(struct fixture *f)
{
	if (!NT_STATUS_IS_OK(open_file(f, 77, FILE_WRITE_DATA, 0))) {
		_exit(1);
	}
}

static void hold_and_delete(struct fixture *f)
{
	if (!NT_STATUS_IS_OK(open_file(f, 77, DELETE_ACCESS, 7)) ||
	    !NT_STATUS_IS_OK(share_mode_do_locked(f->l->share_modes, &a_file,
						  delete_it, NULL))) {
		_exit(1);
	}
}

/* kill -9 of the holder frees what it denied. */
static bool any_below(const struct fixture *f, const char *directory)
{
	return share_mode_any_below(f->l->share_modes, "/srv/files", directory);
}

static const char deep[] = "\xc3\xa4\\Deep\\c.txt";

static NTSTATUS add_again(struct share_mode_lock *l, void *private_data)
{
	struct step s = {.f = private_data, .open_id = 3};
	struct share_mode_entry e = entry_of(&s);

	assert_ok(share_mode_remove(l, 1));
	return share_mode_add(l, &e, "/srv/files", "other\\d.txt");
}

/* What is open is counted by the directories above it, in any case, as long as
 * it has that name. */
static void test_below(void **state)
{
	struct fixture *f = *state;
	struct share_modes *s = f->l->share_modes;
	char name[2001];

	memset(name, 'x', sizeof(name) - 1);
	name[1000] = '\\';
	name[sizeof(name) - 1] = '\0';
	assert_false(any_below(f, "a"));
	assert_ok(open_file(f, 1, FILE_READ_DATA, FILE_SHARE_ALL));
	assert_ok(open_file(f, 2, FILE_READ_DATA, FILE_SHARE_ALL));
	assert_true(any_below(f, "a"));
	assert_true(any_below(f, "A"));
	assert_false(any_below(f, "a\\b.txt"));
	assert_false(any_below(f, "b"));
	assert_false(any_below(f, ""));
	assert_false(share_mode_any_below(s, "/srv/other", "a"));
	assert_ok(share_mode_do_locked(s, &a_file, rename_to, name));
	assert_false(any_below(f, "a"));
	assert_ok(share_mode_do_locked(s, &a_file, rename_to,
				       (void *)(uintptr_t)deep));
	assert_true(any_below(f, "\xc3\x84"));
	assert_true(any_below(f, "\xc3\xa4\\dEEP"));
	name[1000] = '\0';
	assert_false(any_below(f, name));
	assert_ok(close_file(f, 2));
	assert_true(any_below(f, "\xc3\x84"));
	/* the last goes, and another comes at once */
	assert_ok(share_mode_do_locked(s, &a_file, add_again, f));
	assert_false(any_below(f, "\xc3\x84"));
	assert_true(any_below(f, "other"));
	assert_ok(close_file(f, 3));
	assert_false(any_below(f, "other"));
}

static void test_killed_holder(void **state)
{
	struct fixture *f = *state;
	struct server_id id;
	pid_t pid = fixture_fork(f, hold_exclusively, &id);

	assert_is(open_file(f, 1, FILE_READ_DATA, FILE_SHARE_ALL),
		  SHARING_VIOLATION);
	assert_ok(open_file(f, 2, FILE_READ_ATTRIBUTES, FILE_SHARE_ALL));
	fixture_kill(pid);
	assert_ok(open_file(f, 1, FILE_READ_DATA, FILE_SHARE_ALL));
	assert_int_equal(entries(f), 2);
}

/* Who asked for the deletion is dead and nobody has the file open: it stays. */
static void test_killed_deleter(void **state)
{
	struct fixture *f = *state;
	struct server_id id;
	pid_t pid = fixture_fork(f, hold_and_delete, &id);

	assert_is(open_file(f, 1, FILE_READ_DATA, FILE_SHARE_ALL),
		  DELETE_PENDING);
	fixture_kill(pid);
	assert_ok(open_file(f, 1, FILE_READ_DATA, FILE_SHARE_ALL));
	assert_false(is_delete_pending(f));
	assert_int_equal(entries(f), 1);
}

static NTSTATUS remove_dead(struct share_mode_lock *l, void *private_data)
{
	share_mode_remove_dead(l);
	return NT_STATUS_OK;
}

static void hold_shared(struct fixture *f)
{
	if (!NT_STATUS_IS_OK(open_file(f, (uint64_t)getpid(), FILE_READ_DATA,
				       FILE_SHARE_ALL))) {
		_exit(1);
	}
}

static void test_below_of_the_dead(void **state)
{
	struct fixture *f = *state;
	struct server_id id;
	pid_t pid = fixture_fork(f, hold_shared, &id);

	assert_true(any_below(f, "a"));
	fixture_kill(pid);
	assert_true(any_below(f, "a"));
	locking_process_died(f->l, id.pid, true);
	assert_false(any_below(f, "a"));
}

static void test_remove_dead(void **state)
{
	struct fixture *f = *state;
	struct server_id ids[3];
	pid_t pids[3];
	int i;

	for (i = 0; i < 3; i++) {
		pids[i] = fixture_fork(f, hold_shared, &ids[i]);
	}
	assert_int_equal(entries(f), 3);
	fixture_kill(pids[0]);
	fixture_kill(pids[2]);
	assert_int_equal(entries(f), 3);
	assert_ok(share_mode_do_locked(f->l->share_modes, &a_file, remove_dead,
				       NULL));
	assert_int_equal(entries(f), 1);
	fixture_kill(pids[1]);
	locking_process_died(f->l, ids[1].pid, true);
	assert_empty(f);
}

struct waiter {
	struct fixture *f;
	struct tevent_req *req; /* NULL: got it */
};

static NTSTATUS open_or_watch(struct share_mode_lock *l, void *private_data)
{
	struct waiter *w = private_data;
	struct step s = {.f = w->f,
			 .open_id = 1,
			 .access = FILE_WRITE_DATA,
			 .result = NT_STATUS_OK};

	w->req = NULL;
	if (!NT_STATUS_IS_OK(check_and_add(l, &s))) {
		w->req = share_mode_watch_send(w->f, w->f->ev, l);
		assert_non_null(w->req);
	}
	return NT_STATUS_OK;
}

/* A waiter is woken by the master's word of the holder's death. */
static void test_wait_for_a_killed_holder(void **state)
{
	struct fixture *f = *state;
	struct waiter w = {.f = f};
	struct server_id id;
	pid_t pid = fixture_fork(f, hold_exclusively, &id);
	struct blob payload;

	assert_ok(share_mode_do_locked(f->l->share_modes, &a_file,
				       open_or_watch, &w));
	assert_non_null(w.req);
	fixture_kill(pid);
	/* as if from the master, which is this very process here */
	assert_ok(server_id_push(f, &id, &payload));
	assert_ok(messaging_send(f->m, messaging_id(f->m), MSG_PROCESS_DIED,
				 payload));
	assert_true(tevent_req_poll(w.req, f->ev));
	assert_ok(db_watch_recv(w.req));
	assert_ok(share_mode_do_locked(f->l->share_modes, &a_file,
				       open_or_watch, &w));
	assert_null(w.req);
}

/* Exclusive opens by four processes: never two at once.  Each wins many times;
 * one that finds the file open lets the others run. */
static void contend(struct fixture *f, int fd)
{
	uint64_t id = (uint64_t)getpid();
	time_t deadline = time(NULL) + 30;
	int won = 0;
	char c;

	while (won < 500) {
		NTSTATUS status = open_file(f, id, FILE_WRITE_DATA, 0);

		if (NT_STATUS_IS(status, SHARING_VIOLATION)) {
			if (time(NULL) > deadline) {
				_exit(3);
			}
			sched_yield();
			continue;
		}
		/* The file has one byte; to find none is to be the second. */
		if (!NT_STATUS_IS_OK(status) || read(fd, &c, 1) != 1) {
			_exit(1);
		}
		won++;
		if (lseek(fd, 0, SEEK_SET) != 0 ||
		    !NT_STATUS_IS_OK(close_file(f, id))) {
			_exit(2);
		}
	}
	_exit(0);
}

static void test_contention(void **state)
{
	struct fixture *f = *state;
	char path[] = "/tmp/hf-lock-token-XXXXXX";
	int fd = mkstemp(path), i, wstatus;
	pid_t pids[4];

	unlink(path);
	assert_int_equal(write(fd, "x", 1), 1);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	for (i = 0; i < 4; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			fixture_become_server(f);
			contend(f, fd);
		}
	}
	for (i = 0; i < 4; i++) {
		assert_int_equal(waitpid(pids[i], &wstatus, 0), pids[i]);
		assert_int_equal(wstatus, 0);
	}
	close(fd);
	assert_empty(f);
}

int main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_open_and_close),
		TEST(test_failure_changes_nothing),
		TEST(test_many),
		TEST(test_entry),
		TEST(test_stream_mark),
		TEST(test_delete_pending),
		TEST(test_names),
		TEST(test_below),
		TEST(test_killed_holder),
		TEST(test_below_of_the_dead),
		TEST(test_killed_deleter),
		TEST(test_remove_dead),
		TEST(test_wait_for_a_killed_holder),
		TEST(test_contention),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
