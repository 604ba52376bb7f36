/* vfs_modules/tests/sweep_test.c - what is kept for a file goes when the file
 * is gone, and for no other reason.  Only root may open handles: others skip
 * it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vfs_modules/posix/side_store.h"
#include "vfs_modules/posix/sweep.h"

struct world {
	char dir[64];
	struct fsa_driver_env env;
	struct posix_state state;
	struct posix_mount *mount;
};

static int setup(void **state)
{
	struct world *w = talloc_zero(NULL, struct world);
	const char *tmp = getenv("TMPDIR");

	snprintf(w->dir, sizeof(w->dir), "%s/sweep-test-XXXXXX",
		 tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(w->dir));
	w->env.ev = tevent_context_init(w);
	w->state.env = &w->env;
	w->mount = talloc_zero(w, struct posix_mount);
	w->mount->state = &w->state;
	w->mount->streams = true;
	w->mount->base.local_path = w->dir;
	w->mount->root = open(w->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", w->dir);
	close(w->mount->root);
	talloc_free(w);
	return system(command);
}

/* A file with a large stream; what it is kept under. */
static struct side_key make(struct world *w, const char *name)
{
	struct posix_node n = {.mount = w->mount};
	struct side_key key;
	int fd = -1;

	n.fd = openat(w->mount->root, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(n.fd != -1);
	side_key(w->mount, n.fd, "", &key);
	if (!NT_STATUS_IS_OK(
		    side_make(&n, "s:$DATA", (const uint8_t *)"x", 1, &fd))) {
		skip(); /* no birth times */
	}
	side_key(w->mount, n.fd, "", &key);
	close(fd);
	close(n.fd);
	return key;
}

static bool is_kept(struct world *w, const struct side_key *key)
{
	char path[160];
	struct stat st;

	snprintf(path, sizeof(path), SIDE_STORE "/streams/%s", key->name);
	return fstatat(w->mount->root, path, &st, 0) == 0;
}

static bool is_swept(struct world *w)
{
	struct stat st;

	return fstatat(w->mount->root, SIDE_STORE "/swept", &st, 0) == 0;
}

/* Skips the test where handles cannot be opened. */
static void needs_handles(struct world *w, const struct side_key *gone)
{
	int store = side_open_store(w->mount);

	assert_true(store != -1);
	if (geteuid() != 0 || !sweep_is_gone(store, gone->name)) {
		close(store);
		skip();
	}
	close(store);
}

static void sweep(struct world *w)
{
	sweep_start(w->mount, 0, 0);
	while (talloc_get_size(w->mount) > 0 &&
	       talloc_total_blocks(w->mount) > 1) {
		tevent_loop_once(w->env.ev);
	}
}

static void test_only_what_is_gone(void **state)
{
	struct world *w = *state;
	struct side_key a = make(w, "a"), b = make(w, "b"), c = make(w, "c");

	assert_int_equal(unlinkat(w->mount->root, "a", 0), 0);
	needs_handles(w, &a);
	assert_int_equal(mkdirat(w->mount->root, "dir", 0700), 0);
	assert_int_equal(renameat(w->mount->root, "b", w->mount->root, "dir/d"),
			 0);
	sweep(w);
	assert_true(is_swept(w));
	assert_false(is_kept(w, &a));
	assert_true(is_kept(w, &b));
	assert_true(is_kept(w, &c));
}

static void test_once_a_day(void **state)
{
	struct world *w = *state;
	struct side_key a = make(w, "a"), b = make(w, "b");

	assert_int_equal(unlinkat(w->mount->root, "a", 0), 0);
	needs_handles(w, &a);
	sweep(w);
	assert_int_equal(unlinkat(w->mount->root, "b", 0), 0);
	sweep(w);
	assert_true(is_kept(w, &b));
	assert_int_equal(unlinkat(w->mount->root, SIDE_STORE "/swept", 0), 0);
	sweep(w);
	assert_false(is_kept(w, &b));
}

static void test_by_one_process(void **state)
{
	struct world *w = *state;
	struct side_key a = make(w, "a");
	int store = side_open_store(w->mount);

	assert_int_equal(unlinkat(w->mount->root, "a", 0), 0);
	assert_int_equal(flock(store, LOCK_EX), 0);
	sweep(w);
	assert_true(is_kept(w, &a));
	assert_false(is_swept(w));
	close(store);
}

/* No store, or without what says whose it is. */
static void test_nothing_is_known(void **state)
{
	struct world *w = *state;
	struct side_key none = {.name = "1-2.3"};

	sweep(w);
	assert_false(is_swept(w));
	make(w, "a");
	assert_int_equal(
		mkdirat(w->mount->root, SIDE_STORE "/streams/1-2.3", 0700), 0);
	sweep(w);
	assert_true(is_swept(w));
	assert_true(is_kept(w, &none));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_only_what_is_gone),
		TEST(test_once_a_day),
		TEST(test_by_one_process),
		TEST(test_nothing_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
