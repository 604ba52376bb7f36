/* lib/tests/log_test.c - one line per event, whatever is in it. */
#include "lib/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/holdfast-log-test.XXXXXX";

static int setup(void **unused)
{
	int fd = mkstemp(path);

	if (fd < 0) {
		return -1;
	}
	close(fd);
	return NT_STATUS_IS_OK(log_set_target(LOG_TO_FILE, path)) ? 0 : -1;
}

static int teardown(void **unused)
{
	unlink(path);
	return NT_STATUS_IS_OK(log_set_target(LOG_TO_STDERR, NULL)) ? 0 : -1;
}

/* What the log holds now; it is emptied. */
static void take(char *out, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(out, 1, size - 1, f);
	out[n] = '\0';
	fclose(f);
	assert_int_equal(truncate(path, 0), 0);
}

static void test_a_line_names_process_class_and_level(void **unused)
{
	char got[4096];
	char want[64];

	log_set_name("smbd[test]");
	LOG_WARN(LOG_AUTH, "user %s", "alice");
	take(got, sizeof(got));
	snprintf(want, sizeof(want), " smbd[test] %ld auth:1 user alice\n",
		 (long)getpid());
	assert_non_null(strstr(got, want));
}

static void test_control_characters_are_escaped(void **unused)
{
	char got[4096];

	LOG_WARN(LOG_AUTH, "user %s", "a\nb\x1b[2J\x7f");
	take(got, sizeof(got));
	assert_non_null(strstr(got, "user a\\x0ab\\x1b[2J\\x7f\n"));
	assert_ptr_equal(strchr(got, '\n'), got + strlen(got) - 1);
}

static void test_long_text_is_cut(void **unused)
{
	char long_text[8000];
	char got[16000];

	memset(long_text, '\n', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	LOG_WARN(LOG_GENERAL, "%s", long_text);
	take(got, sizeof(got));
	assert_true(strlen(got) <= 4096);
	assert_string_equal(got + strlen(got) - 4, "...\n");
}

static void test_levels_by_class(void **unused)
{
	assert_true(NT_STATUS_IS_OK(log_set_levels("1 auth:5 smb2:3")));
	assert_true(log_enabled(LOG_AUTH, 5));
	assert_false(log_enabled(LOG_AUTH, 6));
	assert_true(log_enabled(LOG_SMB2, 3));
	assert_false(log_enabled(LOG_FSA, 2));
	assert_true(NT_STATUS_IS_OK(log_set_levels("0")));
	assert_false(log_enabled(LOG_AUTH, 1));
	assert_true(log_enabled(LOG_AUTH, 0));
	assert_true(NT_STATUS_IS_OK(log_set_levels("1")));
}

static void test_bad_levels_change_nothing(void **unused)
{
	static const char *const bad[] = {"",	    "high",   "3 nobody:1",
					  "auth:x", "5 auth", "-1"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		NTSTATUS status = log_set_levels(bad[i]);

		assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
		assert_true(log_enabled(LOG_AUTH, 1));
		assert_false(log_enabled(LOG_AUTH, 2));
	}
}

static void test_reopen_follows_the_name(void **unused)
{
	char got[4096];

	assert_int_equal(unlink(path), 0);
	log_reopen();
	LOG_ERR(LOG_DB, "after rotation");
	take(got, sizeof(got));
	assert_non_null(strstr(got, "after rotation"));
}

static void test_a_bad_path_keeps_the_target(void **unused)
{
	char got[4096];
	NTSTATUS status = log_set_target(LOG_TO_FILE, "/nonexistent/dir/log");

	assert_true(NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND));
	LOG_ERR(LOG_DB, "still here");
	take(got, sizeof(got));
	assert_non_null(strstr(got, "still here"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_line_names_process_class_and_level),
		cmocka_unit_test(test_control_characters_are_escaped),
		cmocka_unit_test(test_long_text_is_cut),
		cmocka_unit_test(test_levels_by_class),
		cmocka_unit_test(test_bad_levels_change_nothing),
		cmocka_unit_test(test_reopen_follows_the_name),
		cmocka_unit_test(test_a_bad_path_keeps_the_target),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
