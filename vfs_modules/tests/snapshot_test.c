/* vfs_modules/tests/snapshot_test.c - the names and places of snapshots. */
#include "vfs_modules/shadow_copy/snapshots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "vfs_modules/shadow_copy/snapshot_time.h"

#define AT_NOON 1706702400 /* 2024-01-31 12:00:00 UTC */

static void test_tokens(void **state)
{
	char text[GMT_TOKEN_LENGTH + 1];
	time_t t;

	assert_true(gmt_token_parse("@GMT-2024.01.31-12.00.00", 24, &t));
	assert_int_equal(t, AT_NOON);
	assert_true(gmt_token_print(t, text));
	assert_string_equal(text, "@GMT-2024.01.31-12.00.00");
	assert_false(gmt_token_parse("@GMT-2024.01.31-12.00.0", 23, &t));
	assert_false(gmt_token_parse("@GMT-2024.13.31-12.00.00", 24, &t));
	assert_false(gmt_token_parse("@GMT-2024.02.31-25.00.00", 24, &t));
	assert_false(gmt_token_parse("@GMT-2024-01-31-12.00.00", 24, &t));
	assert_false(gmt_token_parse("xGMT-2024.01.31-12.00.00", 24, &t));
}

static void test_times_of_names(void **state)
{
	static const char *const good[] = {
		"@GMT-2024.01.31-12.00.00",
		"2024-01-31_12:00:00",
		"daily-20240131T120000",
		"home.20240131T1200",
		"autosnap_2024-01-31_12:00:00_hourly",
		"zfs-auto-snap_hourly-2024-01-31-1200",
	};
	static const char *const bad[] = {
		"", "1", "snapshot", "20241301", "2024-02-40", "123456789"};
	time_t t;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(snapshot_time_of_name(good[i], NULL, false, &t));
		assert_int_equal(t, AT_NOON);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(snapshot_time_of_name(bad[i], NULL, false, &t));
	}
	assert_true(snapshot_time_of_name("2024-01-31", NULL, false, &t));
	assert_int_equal(t, AT_NOON - 12 * 3600);
	assert_true(snapshot_time_of_name("s31.01.24-12", "s%d.%m.%y-%H", false,
					  &t));
	assert_int_equal(t, AT_NOON);
	assert_false(snapshot_time_of_name("2024-01-31", "s%Y", false, &t));
	setenv("TZ", "XYZ-3", 1);
	assert_true(snapshot_time_of_name("2024-01-31_1500", NULL, true, &t));
	assert_int_equal(t, AT_NOON);
	assert_true(snapshot_time_of_name("2024-01-31T1200Z", NULL, true, &t));
	assert_int_equal(t, AT_NOON);
}

static char *dir_at(const char *base, const char *path)
{
	char *full = talloc_asprintf(NULL, "%s/%s", base, path);

	assert_int_equal(mkdir(full, 0755), 0);
	return full;
}

static void make(const char *base, const char *path)
{
	talloc_free(dir_at(base, path));
}

static int setup(void **state)
{
	char *base = talloc_strdup(NULL, "/tmp/hf-snap-XXXXXX");

	assert_non_null(mkdtemp(base));
	make(base, "share");
	make(base, ".snapshots");
	make(base, ".snapshots/2024-01-30");
	make(base, ".snapshots/2024-01-30/share");
	make(base, ".snapshots/2024-01-29");
	make(base, "share/.snapshots");
	make(base, "share/.snapshots/@GMT-2024.01.31-12.00.00");
	make(base, "share/.snapshots/nothing");
	*state = base;
	return 0;
}

static int teardown(void **state)
{
	char *command = talloc_asprintf(*state, "rm -rf %s", (char *)*state);
	int code = system(command);

	talloc_free(*state);
	return code;
}

static size_t find(const char *base, const char *snapdir, struct snapshot **out)
{
	const struct snapshot_options options = {.snapdir = snapdir};
	char *share = talloc_asprintf(base, "%s/share", base);
	size_t count = 0;
	NTSTATUS status = snapshots_find((void *)(uintptr_t)base, share,
					 &options, out, &count);

	assert_true(NT_STATUS_IS_OK(status));
	talloc_free(share);
	return count;
}

/* Of the share itself, and of a folder above it; the newest first.  One without
 * the share in it (2024-01-29) is none of the share's. */
static void test_places(void **state)
{
	const char *base = *state;
	struct snapshot *list;
	char *other;

	assert_int_equal(find(base, NULL, &list), 2);
	assert_int_equal(list[0].when, AT_NOON);
	assert_int_equal(list[1].when, AT_NOON - 36 * 3600);
	assert_non_null(strstr(list[1].path, "/2024-01-30/share"));
	make(base, "share/old");
	make(base, "share/old/2020-01-01");
	assert_int_equal(find(base, "old", &list), 3);
	make(base, "elsewhere");
	make(base, "elsewhere/2019-01-01");
	other = talloc_asprintf(base, "%s/elsewhere", base);
	assert_int_equal(find(base, other, &list), 3);
}

/* What a user put there leads nowhere. */
static void test_symlinks(void **state)
{
	const char *base = *state;
	char *link =
		talloc_asprintf(base, "%s/share/.snapshots/2023-01-01", base);
	struct snapshot forged = {.path = link};
	struct snapshot *list;

	assert_int_equal(symlink("/etc", link), 0);
	assert_int_equal(find(base, NULL, &list), 2);
	assert_int_equal(snapshot_open(&forged), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_times_of_names),
		cmocka_unit_test_setup_teardown(test_places, setup, teardown),
		cmocka_unit_test_setup_teardown(test_symlinks, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
