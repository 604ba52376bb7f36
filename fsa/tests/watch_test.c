/* fsa/tests/watch_test.c - FSA_NOTIFY ([MS-FSA] 2.1.5.11), and what operations
 * tell of what they change: the test itself is notifyd. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fsa/tests/fixture.h"
#include "idl/notify_gen.h"
#include "locking/locking.h"
#include "locking/notify.h"
#include "locking/notify_board.h"
#include "messaging/messaging.h"

#define MAX_TURNS 1000

struct watching {
	struct fixture *fx;
	struct messaging_context *server;
	uint64_t id; /* of the watch that was told last */
	uint32_t filter;
	bool tree;
	char told[1024]; /* "WHAT:PATH " of each change, below the share */
	struct fsa_file *dir;
	struct fsa_io io;
	bool done;
	char taken[1024]; /* "ACTION:NAME " */
	size_t room;	  /* of changes that are taken */
};

static void told_watch(struct messaging_context *m, struct message *msg,
		       void *private_data)
{
	struct watching *w = private_data;
	struct notify_watch_message in;

	assert_ok(notify_watch_message_pull(w->fx->mem_ctx, msg->payload, &in));
	w->id = in.id;
	w->filter = in.filter;
	w->tree = in.tree;
}

static void told_change(struct messaging_context *m, struct message *msg,
			void *private_data)
{
	struct watching *w = private_data;
	size_t n = strlen(w->told), below = strlen(w->fx->share) + 1;
	struct notify_change_message in;

	assert_ok(
		notify_change_message_pull(w->fx->mem_ctx, msg->payload, &in));
	snprintf(w->told + n, sizeof(w->told) - n, "%u:%s%s%s ",
		 (unsigned)in.what,
		 in.old_path == NULL ? "" : in.old_path + below,
		 in.old_path == NULL ? "" : ">", in.path + below);
}

static bool take(void *private_data, uint32_t action, const char *name)
{
	struct watching *w = private_data;
	size_t n = strlen(w->taken);

	if (w->room == 0) {
		return false;
	}
	w->room--;
	snprintf(w->taken + n, sizeof(w->taken) - n, "%u:%s ", (unsigned)action,
		 name);
	return true;
}

static void completed(struct fsa_io *io)
{
	((struct watching *)io->private_data)->done = true;
}

static void waited(struct tevent_context *ev, struct tevent_timer *te,
		   struct timeval now, void *private_data)
{
	*(bool *)private_data = true;
}

/* Lets messages arrive. */
static void settle(struct watching *w)
{
	bool over = false;

	assert_non_null(tevent_add_timer(w->fx->ev, w->fx->mem_ctx,
					 tevent_timeval_current_ofs(0, 5000),
					 waited, &over));
	while (!over) {
		assert_int_equal(tevent_loop_once(w->fx->ev), 0);
	}
}

static NTSTATUS start(struct watching *w, uint32_t filter, uint32_t room)
{
	w->done = false;
	w->taken[0] = '\0';
	w->room = 100;
	w->io = fixture_io(w->fx, FSA_NOTIFY, w->dir);
	w->io.u.notify = (struct fsa_notify){.filter = filter,
					     .tree = true,
					     .room = room,
					     .take = take,
					     .private_data = w};
	w->io.complete = completed;
	w->io.private_data = w;
	return fsa_dispatch(&w->io);
}

static NTSTATUS wait_for(struct watching *w)
{
	for (int i = 0; i < MAX_TURNS && !w->done; i++) {
		settle(w);
	}
	assert_true(w->done);
	return w->io.status;
}

/* As notifyd would. */
static void send_event(struct watching *w, uint32_t what, const char *name)
{
	struct notify_record record = {.what = what, .name = name};
	const struct notify_event_message msg = {
		.version = 1, .id = w->id, .count = 1, .records = &record};
	struct blob payload;

	assert_ok(notify_event_message_push(w->fx->mem_ctx, &msg, &payload));
	assert_ok(messaging_send(w->server, messaging_id(w->fx->messaging),
				 MSG_NOTIFY_EVENT, payload));
}

static struct fsa_file *open_file(struct fixture *fx, const char *name,
				  enum create_disposition disposition,
				  uint32_t options)
{
	const struct open_args args = {
		.name = name,
		.access = *name == '\0' ? FILE_GENERIC_READ
					: GENERIC_USE | DELETE_ACCESS,
		.share = SHARE_ALL,
		.disposition = disposition,
		.options = options};
	struct fsa_file *f = NULL;

	assert_ok(fixture_open(fx, &args, &f));
	return f;
}

static struct watching begin(struct fixture *fx)
{
	return (struct watching){.fx = fx};
}

/* Opens the share's root and begins to watch. */
static void watch(struct watching *w, uint32_t room)
{
	struct messaging_handler *h;
	struct fixture *fx = w->fx;
	char lock_dir[PATH_MAX + 8];

	snprintf(lock_dir, sizeof(lock_dir), "%s/lock", fx->dir);
	identity_save();
	assert_ok(messaging_create(fx->mem_ctx, fx->ev, lock_dir, &w->server));
	identity_restore();
	assert_ok(messaging_register(w->server, w->server, MSG_NOTIFY_WATCH,
				     told_watch, w, &h));
	assert_ok(messaging_register(w->server, w->server, MSG_NOTIFY_CHANGE,
				     told_change, w, &h));
	notify_board_set_server(notify_client_board(fx->locking->notify),
				messaging_id(w->server));
	w->dir = open_file(fx, "", FILE_OPEN, FILE_DIRECTORY_FILE);
	assert_status(start(w, 0xfff, room), PENDING);
	settle(w);
	assert_true(w->id != 0);
}

static void end(struct watching *w)
{
	if (w->io.pending) {
		fsa_io_cancel(&w->io);
		assert_status(wait_for(w), CANCELLED);
	}
	assert_ok(fixture_close(w->fx, w->dir));
	assert_false(notify_any(w->fx->locking->notify));
}

static void test_kept_between_requests(void **state)
{
	struct watching w = begin(*state);

	watch(&w, 4096);
	assert_int_equal(w.filter, 0xfff);
	assert_true(w.tree);
	send_event(&w, NOTIFY_ADDED, "a");
	assert_ok(wait_for(&w));
	assert_string_equal(w.taken, "1:a ");
	send_event(&w, NOTIFY_REMOVED, "b");
	send_event(&w, NOTIFY_ADDED, "c\\d");
	settle(&w);
	assert_ok(start(&w, 0xfff, 4096));
	assert_string_equal(w.taken, "2:b 1:c\\d ");
	assert_status(start(&w, 0xfff, 4096), PENDING);
	end(&w);
}

static void test_too_much(void **state)
{
	struct watching w = begin(*state);

	watch(&w, 64); /* room for three */
	fsa_io_cancel(&w.io);
	for (int i = 0; i < 4; i++) {
		send_event(&w, NOTIFY_ADDED, "a");
	}
	settle(&w);
	assert_ok(start(&w, 0xfff, 4096));
	assert_string_equal(w.taken, "1:a 1:a 1:a 1:a ");
	for (int i = 0; i < 5; i++) {
		send_event(&w, NOTIFY_ADDED, "a");
	}
	settle(&w);
	assert_status(start(&w, 0xfff, 4096), NOTIFY_ENUM_DIR);
	assert_string_equal(w.taken, "");
	send_event(&w, NOTIFY_LOST, "");
	settle(&w);
	assert_status(start(&w, 0xfff, 4096), NOTIFY_ENUM_DIR);
	end(&w);
}

static void test_no_room_in_the_answer(void **state)
{
	struct watching w = begin(*state);

	watch(&w, 4096);
	w.room = 1;
	send_event(&w, NOTIFY_ADDED, "a");
	send_event(&w, NOTIFY_ADDED, "b");
	assert_true(NT_STATUS_IS_OK(wait_for(&w)) ||
		    NT_STATUS_IS(w.io.status, NOTIFY_ENUM_DIR));
	end(&w);
}

/* Whoever may not list a folder hears of nothing in it, and the request waits
 * on; what he may list he hears of. */
static void test_closed_folder(void **state)
{
	struct watching w = begin(*state);
	struct fixture *fx = w.fx;

	if (geteuid() != 0) {
		skip(); /* whose own folders are never closed for good */
	}
	assert_int_equal(mkdir(fixture_path(fx, "open"), 0755), 0);
	assert_int_equal(mkdir(fixture_path(fx, "closed"), 0711), 0);
	assert_int_equal(mkdir(fixture_path(fx, "closed/below"), 0755), 0);
	assert_int_equal(chmod(fx->share, 0755), 0);
	fx->who = (struct identity){.uid = 65534, .gid = 65534};
	identity_assume(&fx->who);
	watch(&w, 4096);
	send_event(&w, NOTIFY_ADDED, "closed\\secret");
	settle(&w);
	settle(&w);
	assert_false(w.done);
	send_event(&w, NOTIFY_REMOVED, "closed\\gone\\secret");
	send_event(&w, NOTIFY_ADDED, "closed\\below\\file");
	send_event(&w, NOTIFY_ADDED, "open\\file");
	send_event(&w, NOTIFY_REMOVED, "open\\gone\\file");
	send_event(&w, NOTIFY_ADDED, "closed");
	settle(&w);
	assert_ok(wait_for(&w));
	assert_string_equal(w.taken, "1:closed\\below\\file 1:open\\file "
				     "2:open\\gone\\file 1:closed ");
	send_event(&w, NOTIFY_ADDED, "closed\\secret");
	settle(&w);
	assert_status(start(&w, 0xfff, 4096), PENDING);
	end(&w);
}

static void test_vetoed(void **state)
{
	struct watching w = begin(*state);
	struct fsa_volume_params params = w.fx->params;

	params.veto_files = "/secret/";
	w.fx->volume = fixture_mount(w.fx, &params);
	watch(&w, 4096);
	send_event(&w, NOTIFY_ADDED, "secret");
	send_event(&w, NOTIFY_ADDED, "secret\\file");
	send_event(&w, NOTIFY_ADDED, "open");
	settle(&w);
	assert_ok(wait_for(&w));
	assert_string_equal(w.taken, "1:open ");
	end(&w);
}

static void test_delete_pending(void **state)
{
	struct watching w = begin(*state);

	watch(&w, 4096);
	send_event(&w, NOTIFY_DELETE_PENDING, "");
	assert_status(wait_for(&w), DELETE_PENDING);
	assert_status(start(&w, 0xfff, 4096), DELETE_PENDING);
	end(&w);
}

static void test_not_for_files(void **state)
{
	struct watching w = begin(*state);

	w.dir = open_file(w.fx, "file", FILE_CREATE, 0);
	assert_status(start(&w, 0xfff, 4096), INVALID_PARAMETER);
	assert_ok(fixture_close(w.fx, w.dir));
}

/* 2.1.5.1.1, 2.1.5.5, 2.1.5.15: what operations tell. */
static void test_told(void **state)
{
	struct watching w = begin(*state);
	struct fsa_file *f;

	watch(&w, 4096);
	f = open_file(w.fx, "File", FILE_CREATE, 0);
	assert_ok(fixture_write(w.fx, f, 0, "text"));
	assert_ok(fixture_write(w.fx, f, 4, "text"));
	assert_ok(fixture_close(w.fx, f));
	settle(&w);
	assert_string_equal(w.told, "1:File 3:File ");
	w.told[0] = '\0';
	f = open_file(w.fx, "FILE", FILE_OPEN, 0);
	assert_ok(fixture_rename(w.fx, f, "other", false));
	assert_ok(fixture_set_delete(w.fx, f, true));
	assert_ok(fixture_close(w.fx, f));
	f = open_file(w.fx, "dir", FILE_CREATE, FILE_DIRECTORY_FILE);
	assert_ok(fixture_set_delete(w.fx, f, true));
	assert_ok(fixture_close(w.fx, f));
	settle(&w);
	assert_string_equal(w.told,
			    "5:File>other 2:other 1:dir 256:dir 2:dir ");
	end(&w);
}

int main(void)
{
#define TEST(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_kept_between_requests), TEST(test_too_much),
		TEST(test_no_room_in_the_answer), TEST(test_delete_pending),
		TEST(test_not_for_files),	  TEST(test_told),
		TEST(test_closed_folder),	  TEST(test_vetoed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
