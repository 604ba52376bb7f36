/* client/tests/cache_pages_test.c - what is there, and what is dirty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "client/cache_pages.h"

static uint8_t bytes[20 * CACHE_PAGE];
static uint8_t got[sizeof(bytes)];

static int setup(void **state)
{
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	}
	memset(got, 0, sizeof(got));
	*state = cache_pages_create(NULL);
	return *state == NULL;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

static void test_only_whole_ranges_are_there(void **state)
{
	struct cache_pages *p = *state;

	assert_false(cache_pages_read(p, 0, 1, got));
	assert_true(cache_pages_read(p, 0, 0, got));
	assert_true(cache_pages_fill(p, CACHE_PAGE, 3 * CACHE_PAGE, bytes,
				     2 * CACHE_PAGE));
	assert_false(cache_pages_read(p, 0, 1, got));
	assert_false(cache_pages_read(p, CACHE_PAGE - 1, 2, got));
	assert_false(cache_pages_read(p, 3 * CACHE_PAGE - 1, 2, got));
	assert_true(cache_pages_read(p, CACHE_PAGE + 100, CACHE_PAGE, got));
	assert_memory_equal(got, bytes + 100, CACHE_PAGE);
}

static void test_short_fill_is_zero(void **state)
{
	struct cache_pages *p = *state;

	assert_true(cache_pages_fill(p, 0, 2 * CACHE_PAGE, bytes, 10));
	assert_true(cache_pages_read(p, 0, 2 * CACHE_PAGE, got));
	assert_memory_equal(got, bytes, 10);
	for (size_t i = 10; i < 2 * CACHE_PAGE; i++) {
		assert_int_equal(got[i], 0);
	}
}

/* What was written here is newer than what the server has. */
static void test_fill_keeps_what_is_there(void **state)
{
	struct cache_pages *p = *state;

	assert_true(cache_pages_write(p, 0, bytes, CACHE_PAGE));
	assert_true(cache_pages_fill(p, 0, 2 * CACHE_PAGE,
				     bytes + 3 * CACHE_PAGE, 2 * CACHE_PAGE));
	assert_true(cache_pages_read(p, 0, 2 * CACHE_PAGE, got));
	assert_memory_equal(got, bytes, CACHE_PAGE);
	assert_memory_equal(got + CACHE_PAGE, bytes + 4 * CACHE_PAGE,
			    CACHE_PAGE);
}

static void test_may_write(void **state)
{
	struct cache_pages *p = *state;

	assert_true(cache_pages_may_write(p, 0, CACHE_PAGE));
	assert_false(cache_pages_may_write(p, 1, CACHE_PAGE - 1));
	assert_false(cache_pages_may_write(p, 0, CACHE_PAGE + 1));
	assert_true(cache_pages_fill(p, CACHE_PAGE, 2 * CACHE_PAGE, bytes, 0));
	assert_true(cache_pages_may_write(p, 0, CACHE_PAGE + 1));
}

static void test_dirty_runs(void **state)
{
	struct cache_pages *p = *state;
	uint64_t offset = 0;

	assert_true(
		cache_pages_fill(p, 0, 20 * CACHE_PAGE, bytes, sizeof(bytes)));
	assert_int_equal(cache_pages_dirty(p, &offset, got), 0);
	assert_true(cache_pages_write(p, 100, bytes, 50));
	assert_true(cache_pages_write(p, 10, bytes, 20));
	assert_int_equal(cache_pages_num_dirty(p), 1);
	/* from the first to the last of the page */
	assert_int_equal(cache_pages_dirty(p, &offset, got), 140);
	assert_int_equal(offset, 10);
	assert_memory_equal(got, bytes, 20);
	assert_memory_equal(got + 20, bytes + 30, 70);
	assert_memory_equal(got + 90, bytes, 50);
	cache_pages_clean(p, offset, 140);
	assert_int_equal(cache_pages_num_dirty(p), 0);
	assert_int_equal(cache_pages_dirty(p, &offset, got), 0);
}

static void test_run_over_pages(void **state)
{
	struct cache_pages *p = *state;
	uint64_t offset = 0;

	assert_true(cache_pages_fill(p, 0, 20 * CACHE_PAGE, bytes, 0));
	assert_true(cache_pages_write(p, 4000, bytes, 2 * CACHE_PAGE));
	assert_true(cache_pages_write(p, 5 * CACHE_PAGE, bytes, 1));
	assert_int_equal(cache_pages_num_dirty(p), 4);
	assert_int_equal(cache_pages_dirty(p, &offset, got), 2 * CACHE_PAGE);
	assert_int_equal(offset, 4000);
	assert_memory_equal(got, bytes, 2 * CACHE_PAGE);
	cache_pages_clean(p, offset, 2 * CACHE_PAGE);
	assert_int_equal(cache_pages_dirty(p, &offset, got), 1);
	assert_int_equal(offset, 5 * CACHE_PAGE);
}

static void test_long_run_in_parts(void **state)
{
	struct cache_pages *p = *state;
	uint64_t offset = 0, end = 0;
	size_t n;

	assert_true(cache_pages_write(p, 0, bytes, sizeof(bytes)));
	while ((n = cache_pages_dirty(p, &offset, got)) > 0) {
		assert_true(n <= CACHE_RUN_MAX);
		assert_int_equal(offset, end);
		assert_memory_equal(got, bytes + offset, n);
		cache_pages_clean(p, offset, n);
		end += n;
	}
	assert_int_equal(end, sizeof(bytes));
	assert_int_equal(cache_pages_num_dirty(p), 0);
}

static void test_update_where_it_is_there(void **state)
{
	struct cache_pages *p = *state;
	uint64_t offset;

	assert_true(cache_pages_fill(p, 0, CACHE_PAGE, bytes, 0));
	cache_pages_update(p, 4000, bytes, 200);
	assert_true(cache_pages_read(p, 4000, 96, got));
	assert_memory_equal(got, bytes, 96);
	assert_false(cache_pages_read(p, 4096, 1, got));
	assert_int_equal(cache_pages_dirty(p, &offset, got), 0);
}

static void test_limit(void **state)
{
	struct cache_pages *p = *state;

	assert_false(cache_pages_fill(p, CACHE_PAGES_END,
				      CACHE_PAGES_END + CACHE_PAGE, bytes, 1));
	assert_false(cache_pages_write(p, CACHE_PAGES_END - CACHE_PAGE, bytes,
				       2 * CACHE_PAGE));
	/* all or nothing */
	assert_false(cache_pages_read(p, CACHE_PAGES_END - CACHE_PAGE, 1, got));
	assert_int_equal(cache_pages_num_dirty(p), 0);
}

static void test_drop(void **state)
{
	struct cache_pages *p = *state;
	uint64_t offset;

	assert_true(cache_pages_write(p, 0, bytes, CACHE_PAGE));
	cache_pages_drop(p);
	assert_false(cache_pages_read(p, 0, 1, got));
	assert_int_equal(cache_pages_dirty(p, &offset, got), 0);
	assert_true(cache_pages_write(p, 0, bytes, CACHE_PAGE));
	assert_true(cache_pages_read(p, 0, CACHE_PAGE, got));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_only_whole_ranges_are_there),
		TEST(test_short_fill_is_zero),
		TEST(test_fill_keeps_what_is_there),
		TEST(test_may_write),
		TEST(test_dirty_runs),
		TEST(test_run_over_pages),
		TEST(test_long_run_in_parts),
		TEST(test_update_where_it_is_there),
		TEST(test_limit),
		TEST(test_drop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
