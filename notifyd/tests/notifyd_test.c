/* notifyd/tests/notifyd_test.c - watches and changes, through notifyd: both
 * ends in one process, each with a messaging context.  The folders do not
 * exist, so that no program of this machine joins in. */
#include "notifyd/notifyd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/nt.h"
#include "locking/notify.h"
#include "locking/notify_board.h"
#include "messaging/messaging.h"

#define assert_ok(status) assert_int_equal((status).v, 0)
#define NAMES		  (FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME)
#define MAX_WAITS	  500

struct fixture {
	char dir[32];
	struct tevent_context *ev;
	struct messaging_context *m, *server;
	struct notify_client *c;
	TALLOC_CTX *watches; /* all of the test's */
	struct notifyd *n;
	char told[512];
};

static void waited(struct tevent_context *ev, struct tevent_timer *te,
		   struct timeval now, void *private_data)
{
	*(bool *)private_data = true;
}

/* Lets both ends do what there is to be done. */
static void settle(struct fixture *f)
{
	bool done = false;

	assert_non_null(tevent_add_timer(
		f->ev, f, tevent_timeval_current_ofs(0, 10000), waited, &done));
	while (!done) {
		assert_int_equal(tevent_loop_once(f->ev), 0);
	}
}

static void start_server(struct fixture *f)
{
	assert_ok(messaging_create(f, f->ev, f->dir, &f->server));
	assert_ok(
		notifyd_create(f, f->server, notify_client_board(f->c), &f->n));
}

static int setup(void **state)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);

	strcpy(f->dir, "/tmp/hf-ntfy-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->watches = talloc_new(f);
	f->ev = tevent_context_init(f);
	assert_ok(messaging_create(f, f->ev, f->dir, &f->m));
	assert_ok(notify_client_create(f, f->m, NULL, &f->c));
	start_server(f);
	settle(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char dir[32], msg[40];

	strcpy(dir, f->dir);
	snprintf(msg, sizeof(msg), "%s/msg", dir);
	/* before what they are known to */
	talloc_free(f->watches);
	talloc_free(f);
	return rmdir(msg) == 0 && rmdir(dir) == 0 ? 0 : -1;
}

static void told(void *private_data, const struct notify_record *records,
		 size_t count)
{
	struct fixture *f = private_data;

	for (size_t i = 0; i < count; i++) {
		size_t n = strlen(f->told);

		snprintf(f->told + n, sizeof(f->told) - n, "%u:%s ",
			 (unsigned)records[i].what, records[i].name);
	}
}

static struct notify_watch *watch(struct fixture *f, const char *path,
				  bool tree)
{
	const struct notify_watch_args args = {
		.path = path, .filter = NAMES, .tree = tree, .local = true};
	struct notify_watch *w;

	assert_ok(notify_watch_create(f->watches, f->c, &args, told, f, &w));
	return w;
}

static void report(struct fixture *f, uint32_t what, const char *path,
		   const char *old_path, bool directory)
{
	const struct notify_change_message change = {
		.version = 1,
		.what = what,
		.filter = NAMES,
		.directory = directory,
		.path = path,
		.old_path = old_path,
	};

	notify_report(f->c, &change);
}

/* Waits for it; what must not come is "". */
static void is_told(struct fixture *f, const char *want)
{
	settle(f);
	for (int i = 0; i < MAX_WAITS && strcmp(f->told, want) != 0; i++) {
		settle(f);
	}
	assert_string_equal(f->told, want);
	f->told[0] = '\0';
}

static void test_change(void **state)
{
	struct fixture *f = *state;
	struct notify_watch *w;

	assert_false(notify_any(f->c));
	w = watch(f, "/nowhere", true);
	assert_true(notify_any(f->c));
	report(f, NOTIFY_ADDED, "/nowhere/a/b", NULL, false);
	report(f, NOTIFY_ADDED, "/other/b", NULL, false);
	is_told(f, "1:a\\b ");
	talloc_free(w);
	assert_false(notify_any(f->c));
	report(f, NOTIFY_ADDED, "/nowhere/a/b", NULL, false);
	is_told(f, "");
}

static void test_board(void **state)
{
	struct fixture *f = *state;
	struct notify_board *b = notify_client_board(f->c);
	struct notify_watch *w = watch(f, "/nowhere/a", false);

	assert_true(notify_board_watched(b, "/nowhere/a/x"));
	assert_true(
		notify_board_watched(b, "/nowhere/a")); /* is to be deleted */
	assert_false(notify_board_watched(b, "/nowhere/a/x/y"));
	assert_false(notify_board_watched(b, "/nowhere/ab"));
	talloc_free(w);
	assert_false(notify_board_watched(b, "/nowhere/a/x"));
	w = watch(f, "", true);
	assert_true(notify_board_watched(b, "/nowhere/a/x/y"));
	talloc_free(w);
}

static void test_rename(void **state)
{
	struct fixture *f = *state;

	watch(f, "/nowhere", true);
	report(f, NOTIFY_NEW_NAME, "/nowhere/a/new", "/nowhere/a/old", false);
	is_told(f, "4:a\\old 5:a\\new ");
	report(f, NOTIFY_NEW_NAME, "/nowhere/b/new", "/nowhere/a/old", false);
	is_told(f, "2:a\\old 1:b\\new ");
	report(f, NOTIFY_NEW_NAME, "/nowhere/new", "/never/old", false);
	is_told(f, "1:new ");
	report(f, NOTIFY_NEW_NAME, "/never/new", "/nowhere/old", false);
	is_told(f, "2:old ");
}

static void test_watched_directory_renamed(void **state)
{
	struct fixture *f = *state;
	struct notify_watch *w = watch(f, "/nowhere/a", false);

	report(f, NOTIFY_NEW_NAME, "/nowhere/b", "/nowhere/a", true);
	settle(f);
	report(f, NOTIFY_ADDED, "/nowhere/b/x", NULL, false);
	is_told(f, "1:x ");
	talloc_free(w);
	settle(f);
	assert_false(notify_any(f->c));
	assert_false(notify_board_watched(notify_client_board(f->c),
					  "/nowhere/b/x"));
}

static void test_delete_pending(void **state)
{
	struct fixture *f = *state;

	watch(f, "/nowhere/a", false);
	report(f, NOTIFY_DELETE_PENDING, "/nowhere/a", NULL, true);
	is_told(f, "256: ");
}

/* notifyd is killed: its successor knows the watches, which hear of a loss. */
static void test_successor(void **state)
{
	struct fixture *f = *state;

	watch(f, "/nowhere", false);
	settle(f);
	TALLOC_FREE(f->n);
	TALLOC_FREE(f->server);
	report(f, NOTIFY_ADDED, "/nowhere/lost", NULL, false);
	watch(f, "/never", false); /* while there is none */
	is_told(f, "");
	start_server(f);
	is_told(f, "257: 257: ");
	report(f, NOTIFY_ADDED, "/nowhere/x", NULL, false);
	report(f, NOTIFY_ADDED, "/never/y", NULL, false);
	is_told(f, "1:x 1:y ");
}

/* ... also by the path that a watched directory has by then. */
static void test_successor_after_rename(void **state)
{
	struct fixture *f = *state;
	struct notify_watch *w = watch(f, "/nowhere/a", false);

	report(f, NOTIFY_NEW_NAME, "/nowhere/b", "/nowhere/a", true);
	settle(f);
	TALLOC_FREE(f->n);
	TALLOC_FREE(f->server);
	start_server(f);
	is_told(f, "257: ");
	report(f, NOTIFY_ADDED, "/nowhere/b/x", NULL, false);
	is_told(f, "1:x ");
	talloc_free(w);
	settle(f);
	assert_false(notify_any(f->c));
	assert_false(notify_board_watched(notify_client_board(f->c),
					  "/nowhere/b/x"));
	assert_false(notify_board_watched(notify_client_board(f->c),
					  "/nowhere/a/x"));
}

/* What is above a watched directory is renamed. */
static void test_ancestor_renamed(void **state)
{
	struct fixture *f = *state;

	watch(f, "/nowhere/a/b/c", false);
	report(f, NOTIFY_NEW_NAME, "/nowhere/z", "/nowhere/a", true);
	settle(f);
	report(f, NOTIFY_ADDED, "/nowhere/z/b/c/x", NULL, false);
	is_told(f, "1:x ");
}

/* Of whom the kernel's word is not needed. */
static void test_our_processes(void **state)
{
	struct fixture *f = *state;
	struct notify_board *b = notify_client_board(f->c);

	assert_false(notify_board_is_ours(b, 4711));
	notify_board_began(b, 4711);
	assert_true(notify_board_is_ours(b, 4711));
	notify_board_ended(b, 4711);
	assert_true(notify_board_is_ours(b, 4711)); /* a moment ago */
	notify_board_began(b, 4711 + 16384);	    /* in its place */
	assert_false(notify_board_is_ours(b, 4711));
	notify_board_died(b, 4711);
	assert_true(notify_board_is_ours(b, 4711 + 16384));
	notify_board_died(b, 4711 + 16384);
	assert_false(notify_board_is_ours(b, 4711 + 16384));
	assert_false(notify_board_is_ours(b, 0));
}

/* A process could not tell of a change. */
static void test_lost(void **state)
{
	struct fixture *f = *state;

	watch(f, "/nowhere", false);
	settle(f);
	notify_board_set_lost(notify_client_board(f->c));
	report(f, NOTIFY_ADDED, "/nowhere/x", NULL, false);
	is_told(f, "1:x 257: ");
	report(f, NOTIFY_ADDED, "/nowhere/y", NULL, false);
	is_told(f, "1:y ");
}

/* A process was killed: nothing that it has counted remains. */
static void test_dead_watcher(void **state)
{
	struct fixture *f = *state;
	struct notify_board *b = notify_client_board(f->c);
	uint8_t buf[32];
	struct blob dead = {.data = buf};

	watch(f, "/nowhere", true);
	watch(f, "/never", false);
	settle(f);
	assert_ok(server_id_push_buf(messaging_id(f->m), buf, sizeof(buf),
				     &dead.length));
	assert_ok(messaging_send(f->m, messaging_id(f->server),
				 MSG_PROCESS_DIED, dead));
	settle(f);
	assert_false(notify_board_any(b));
	assert_false(notify_board_watched(b, "/nowhere/a/b"));
	notify_board_add(b, "/nowhere", true); /* it lives after all */
	notify_board_add(b, "/never", false);
}

/* Nobody knows what it had not told. */
static void test_killed(void **state)
{
	struct fixture *f = *state;
	const struct server_id other = {.pid = 4711, .unique_id = 1};
	uint8_t buf[32];
	struct blob dead = {.data = buf};

	watch(f, "/nowhere", true);
	settle(f);
	assert_ok(server_id_push_buf(&other, buf, sizeof(buf), &dead.length));
	assert_ok(messaging_send(f->m, messaging_id(f->server),
				 MSG_PROCESS_DIED, dead));
	is_told(f, "257: ");
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_change),
		TEST(test_board),
		TEST(test_rename),
		TEST(test_watched_directory_renamed),
		TEST(test_delete_pending),
		TEST(test_successor),
		TEST(test_lost),
		TEST(test_dead_watcher),
		TEST(test_successor_after_rename),
		TEST(test_ancestor_renamed),
		TEST(test_our_processes),
		TEST(test_killed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
