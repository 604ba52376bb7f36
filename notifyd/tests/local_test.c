/* notifyd/tests/local_test.c - what programs do in watched directories, by
 * fanotify where this may be used, and by inotify.  The test is the program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "locking/notify_board.h"
#include "notifyd/local_int.h"

#define assert_ok(status) assert_int_equal((status).v, 0)
#define MAX_TOLD	  2048
#define QUIET_MSEC	  30
#define HELD_MSEC	  300 /* longer than an event of inotify is kept */

struct fixture {
	char dir[64];
	struct tevent_context *ev;
	struct notify_board *board;
	struct notify_local *l; /* NULL: it may not be used */
	unsigned int quiet;	/* after so many milliseconds all is told */
	char told[MAX_TOLD];	/* "WHAT:PATH " below dir, of names */
};

static void changed(void *private_data, const struct notify_change_message *c)
{
	struct fixture *f = private_data;
	size_t n = strlen(f->told), below = strlen(f->dir) + 1;

	if (c->what == NOTIFY_LOST) {
		snprintf(f->told + n, MAX_TOLD - n, "lost ");
		return;
	}
	if (strncmp(c->path, f->dir, below - 1) != 0 ||
	    c->what == NOTIFY_MODIFIED) {
		return; /* of another program; or how often is open */
	}
	snprintf(f->told + n, MAX_TOLD - n, "%u:%s%s%s ", (unsigned)c->what,
		 c->old_path == NULL ? "" : c->old_path + below,
		 c->old_path == NULL ? "" : ">", c->path + below);
}

static int setup(void **state, const struct local_kind *kind)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);
	struct notify_local_args args = {.changed = changed, .private_data = f};
	NTSTATUS status;

	strcpy(f->dir, "/tmp/hf-local-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->ev = tevent_context_init(f);
	assert_ok(notify_board_create(f, NULL, &f->board));
	f->quiet = kind == &local_inotify ? HELD_MSEC : QUIET_MSEC;
	args.ev = f->ev;
	args.board = f->board;
	status = kind->create(f, &args, &f->l);
	*state = f;
	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		f->l = NULL; /* who is not root */
		return 0;
	}
	assert_ok(status);
	return 0;
}

static int setup_fanotify(void **state)
{
	return setup(state, &local_fanotify);
}

static int setup_inotify(void **state)
{
	return setup(state, &local_inotify);
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	return remove(path);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char dir[64];

	strcpy(dir, f->dir);
	talloc_free(f);
	return nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void waited(struct tevent_context *ev, struct tevent_timer *te,
		   struct timeval now, void *private_data)
{
	*(bool *)private_data = true;
}

static void settle(struct fixture *f)
{
	bool over = false;

	assert_non_null(tevent_add_timer(
		f->ev, f, tevent_timeval_current_ofs(0, f->quiet * 1000),
		waited, &over));
	while (!over) {
		assert_int_equal(tevent_loop_once(f->ev), 0);
	}
}

static const char *path_of(struct fixture *f, const char *name)
{
	return talloc_asprintf(f, "%s/%s", f->dir, name);
}

static struct notify_local_dir *watch(struct fixture *f, const char *path,
				      bool tree)
{
	struct notify_local_dir *d;

	if (f->l == NULL) {
		skip();
	}
	assert_ok(f->l->kind->watch(f, f->l, path, &d));
	f->l->kind->set_tree(d, tree);
	settle(f);
	return d;
}

/* A process that is no child of our parent: true in it. */
static bool as_program(void)
{
	pid_t pid = fork();
	int code;

	assert_true(pid >= 0);
	if (pid == 0) {
		return true;
	}
	assert_int_equal(waitpid(pid, &code, 0), pid);
	assert_int_equal(code, 0);
	return false;
}

static void make_dir(struct fixture *f, const char *name)
{
	if (as_program()) {
		_exit(mkdir(path_of(f, name), 0700) != 0);
	}
}

static void make_file(struct fixture *f, const char *name)
{
	if (as_program()) {
		int fd = open(path_of(f, name), O_CREAT | O_WRONLY | O_EXCL,
			      0600);

		_exit(fd < 0 || close(fd) != 0);
	}
}

static void move(struct fixture *f, const char *from, const char *to)
{
	if (as_program()) {
		_exit(rename(path_of(f, from), path_of(f, to)) != 0);
	}
}

static void delete (struct fixture *f, const char *name)
{
	if (as_program()) {
		_exit(remove(path_of(f, name)) != 0);
	}
}

static void is_told(struct fixture *f, const char *want)
{
	settle(f);
	assert_string_equal(f->told, want);
	f->told[0] = '\0';
}

/* --- tests --------------------------------------------------------------- */

static void test_flat(void **state)
{
	struct fixture *f = *state;
	struct notify_local_dir *d;

	make_dir(f, "dir");
	d = watch(f, f->dir, false);
	make_file(f, "file");
	make_file(f, "dir/deep");
	move(f, "file", "other");
	delete (f, "other");
	is_told(f, "1:file 5:file>other 2:other ");
	talloc_free(d);
	make_file(f, "unseen");
	is_told(f, "");
}

static void test_tree(void **state)
{
	struct fixture *f = *state;

	make_dir(f, "a");
	make_dir(f, "a/b");
	watch(f, f->dir, true);
	make_file(f, "a/b/file");
	make_dir(f, "a/new");
	is_told(f, "1:a/b/file 1:a/new ");
	make_file(f, "a/new/file");
	is_told(f, "1:a/new/file ");
	move(f, "a", "z");
	settle(f);
	f->told[0] = '\0';
	make_file(f, "z/b/other");
	make_file(f, "z/new/other");
	is_told(f, "1:z/b/other 1:z/new/other ");
}

/* What is made in a new directory before it is looked at. */
static void test_made_at_once(void **state)
{
	struct fixture *f = *state;

	watch(f, f->dir, true);
	make_dir(f, "a");
	make_dir(f, "a/b");
	make_file(f, "a/b/file");
	settle(f);
	assert_non_null(strstr(f->told, "1:a "));
	assert_non_null(strstr(f->told, "1:a/b "));
	assert_non_null(strstr(f->told, "1:a/b/file "));
}

static void test_moved_in_and_out(void **state)
{
	struct fixture *f = *state;

	make_dir(f, "in");
	make_dir(f, "out");
	make_dir(f, "out/dir");
	watch(f, path_of(f, "in"), true);
	move(f, "out/dir", "in/dir");
	settle(f);
	assert_non_null(strstr(f->told, "in/dir "));
	f->told[0] = '\0';
	make_file(f, "in/dir/file");
	is_told(f, "1:in/dir/file ");
	move(f, "in/dir", "out/dir");
	settle(f);
	assert_non_null(strstr(f->told, "in/dir"));
	f->told[0] = '\0';
	settle(f);
	assert_string_equal(f->told, "");
}

/* A child of ours makes something and tells of it, and ends. */
static void test_own(void **state)
{
	struct fixture *f = *state;
	const char *path = path_of(f, "own");
	struct notify_change_message c = {
		.version = 1, .what = NOTIFY_ADDED, .path = path};

	watch(f, f->dir, false);
	if (as_program()) {
		notify_board_began(f->board, (uint32_t)getpid());
		if (mkdir(path, 0700) != 0) {
			_exit(1);
		}
		notify_board_ended(f->board, (uint32_t)getpid());
		_exit(0);
	}
	if (f->l->kind->told != NULL) {
		f->l->kind->told(f->l, &c);
	}
	make_dir(f, "others");
	is_told(f, "1:others ");
	delete (f, "own");
	is_told(f, "2:own ");
	/* The same name once more, by a program: nobody has told of that. */
	make_dir(f, "own");
	is_told(f, "1:own ");
}

static void test_own_rename(void **state)
{
	struct fixture *f = *state;
	struct notify_change_message c = {.version = 1,
					  .what = NOTIFY_NEW_NAME,
					  .path = path_of(f, "to"),
					  .old_path = path_of(f, "from")};

	make_dir(f, "from");
	watch(f, f->dir, true);
	if (f->l->kind->told == NULL) {
		skip(); /* it knows by the process */
	}
	move(f, "from", "to");
	f->l->kind->told(f->l, &c);
	is_told(f, "");
	make_file(f, "to/file");
	is_told(f, "1:to/file ");
	move(f, "to", "from");
	is_told(f, "5:to>from ");
}

int main(void)
{
#define TEST(fn)                                                               \
	cmocka_unit_test_setup_teardown(fn, setup_fanotify, teardown),         \
		cmocka_unit_test_setup_teardown(fn, setup_inotify, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_flat),	 TEST(test_tree),
		TEST(test_made_at_once), TEST(test_moved_in_and_out),
		TEST(test_own),		 TEST(test_own_rename),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
