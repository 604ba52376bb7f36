/* notifyd/tests/index_test.c - who watches what. */
#include "notifyd/index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define assert_ok(status) assert_int_equal((status).v, 0)
#define FILTER		  0x3

struct fixture {
	struct notify_index *ix;
	char matched[256]; /* "ID:name " of each */
	unsigned int gone;
	char moved[256];
};

static void gone(void *private_data, const struct index_watch *w)
{
	struct fixture *f = private_data;

	f->gone++;
}

static int setup(void **state)
{
	struct fixture *f = talloc_zero(NULL, struct fixture);

	assert_ok(notify_index_create(f, gone, f, &f->ix));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

static struct server_id process(uint32_t pid)
{
	return (struct server_id){.pid = pid, .unique_id = pid};
}

static void add(struct fixture *f, uint32_t pid, uint64_t id, const char *path,
		bool tree)
{
	const struct server_id owner = process(pid);

	const struct index_watch args = {
		.id = id, .filter = FILTER, .tree = tree};
	struct index_watch *w;

	assert_ok(notify_index_add(f->ix, &owner, path, &args, &w));
	assert_true(w->id == id && w->tree == tree && !w->local);
}

static void note(void *private_data, struct index_watch *w, const char *name)
{
	struct fixture *f = private_data;
	size_t n = strlen(f->matched);

	snprintf(f->matched + n, sizeof(f->matched) - n, "%u:%s ",
		 (unsigned)w->id, name);
}

static const char *match(struct fixture *f, const char *path, uint32_t filter)
{
	f->matched[0] = '\0';
	notify_index_match(f->ix, path, filter, note, f);
	return f->matched;
}

static void test_depth(void **state)
{
	struct fixture *f = *state;

	add(f, 1, 1, "/srv/a", false);
	add(f, 1, 2, "/srv/a/b", false);
	add(f, 2, 3, "/srv/a", true);
	add(f, 2, 4, "", true); /* the root of the file system */
	assert_string_equal(match(f, "/srv/a/b/c", 1),
			    "4:srv/a/b/c 3:b/c 2:c ");
	assert_string_equal(match(f, "/srv/a/x", 1), "4:srv/a/x 3:x 1:x ");
	assert_string_equal(match(f, "/srv/ab/x", 1), "4:srv/ab/x ");
	/* not to who watches the directory itself */
	assert_string_equal(match(f, "/srv/a", 1), "4:srv/a ");
}

static void test_filter(void **state)
{
	struct fixture *f = *state;

	add(f, 1, 1, "/a", false);
	assert_string_equal(match(f, "/a/x", 2), "1:x ");
	assert_string_equal(match(f, "/a/x", 4), "");
}

static void test_remove(void **state)
{
	struct fixture *f = *state;
	const struct server_id one = process(1), two = process(2);

	add(f, 1, 1, "/a", false);
	add(f, 1, 2, "/a", false);
	add(f, 2, 3, "/a", false);
	notify_index_remove(f->ix, &one, 1);
	notify_index_remove(f->ix, &one, 7);
	assert_int_equal(f->gone, 1);
	assert_string_equal(match(f, "/a/x", 1), "3:x 2:x ");
	notify_index_remove_owner(f->ix, &one);
	notify_index_remove_owner(f->ix, &one);
	assert_string_equal(match(f, "/a/x", 1), "3:x ");
	notify_index_remove(f->ix, &two, 3);
	assert_string_equal(match(f, "/a/x", 1), "");
	assert_null(notify_index_owners(f->ix));
}

/* Who tells a new notifyd of its watches may tell it twice. */
static void test_add_again(void **state)
{
	struct fixture *f = *state;

	add(f, 1, 1, "/a", false);
	add(f, 1, 1, "/b", false);
	assert_string_equal(match(f, "/a/x", 1), "");
	assert_string_equal(match(f, "/b/x", 1), "1:x ");
}

static void test_wild_id(void **state)
{
	struct fixture *f = *state;
	const struct server_id one = process(1);
	const struct index_watch args = {.id = UINT64_MAX, .filter = FILTER};
	struct index_watch *w;

	assert_int_equal(notify_index_add(f->ix, &one, "/a", &args, &w).v,
			 NT_STATUS(INVALID_PARAMETER).v);
	assert_null(notify_index_owners(f->ix));
}

static void moved(void *private_data, struct index_watch *w, bool after)
{
	struct fixture *f = private_data;
	size_t n = strlen(f->moved);

	snprintf(f->moved + n, sizeof(f->moved) - n, "%s ", w->dir->path);
}

static void test_rename(void **state)
{
	struct fixture *f = *state;

	add(f, 1, 1, "/a", false);
	add(f, 1, 2, "/a/b", false);
	add(f, 1, 3, "/ab", false);
	add(f, 1, 4, "/c/b", false); /* watched already */
	assert_ok(notify_index_rename(f->ix, "/a", "/c", moved, f));
	assert_string_equal(match(f, "/a/b/x", 1), "");
	assert_string_equal(match(f, "/c/x", 1), "1:x ");
	assert_string_equal(match(f, "/c/b/x", 1), "2:x 4:x ");
	assert_string_equal(match(f, "/ab/x", 1), "3:x ");
	assert_non_null(strstr(f->moved, "/a/b /c/b "));
	assert_non_null(strstr(f->moved, "/a /c "));
}

static void test_many(void **state)
{
	struct fixture *f = *state;
	char path[64];

	for (uint32_t i = 0; i < 20000; i++) {
		snprintf(path, sizeof(path), "/srv/%u/%u", i % 100, i);
		add(f, i % 7, i, path, false);
	}
	assert_string_equal(match(f, "/srv/99/12399/x", 1), "12399:x ");
	for (uint32_t i = 0; i < 7; i++) {
		const struct server_id id = process(i);

		notify_index_remove_owner(f->ix, &id);
	}
	assert_int_equal(f->gone, 20000);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_depth),     TEST(test_filter),  TEST(test_remove),
		TEST(test_add_again), TEST(test_wild_id), TEST(test_rename),
		TEST(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
