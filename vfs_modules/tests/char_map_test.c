/* vfs_modules/tests/char_map_test.c - characters that are others on disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vfs_modules/catia/char_map.h"

static void assert_both(const struct char_map *m, const char *disk,
			const char *client)
{
	TALLOC_CTX *tmp = talloc_new(NULL);

	assert_string_equal(char_map_to_client(tmp, m, disk), client);
	assert_string_equal(char_map_to_disk(tmp, m, client), disk);
	talloc_free(tmp);
}

/* The example of vfs_catia(8). */
static void test_catia(void **state)
{
	const char *reason = NULL;
	struct char_map *m = char_map_parse(
		NULL,
		"0x22:0xa8,0x2a:0xa4,0x2f:0xf8,0x3a:0xf7,0x3c:0xab,0x3e:0xbb,"
		"0x3f:0xbf,0x5c:0xff,0x7c:0xa6",
		&reason);

	assert_non_null(m);
	assert_null(reason);
	assert_both(m, "a:a*a?a\"a<a>a|a",
		    "a\xc3\xb7"
		    "a\xc2\xa4"
		    "a\xc2\xbf"
		    "a\xc2\xa8"
		    "a\xc2\xab"
		    "a\xc2\xbb"
		    "a\xc2\xa6"
		    "a");
	assert_both(m, "dir\\plain \xe2\x82\xac", "dir\\plain \xe2\x82\xac");
	/* As a driver shows it. */
	assert_string_equal(char_map_to_client(m, m, "a\xef\x80\xa2"),
			    "a\xc3\xb7");
	talloc_free(m);
}

static void test_macos(void **state)
{
	struct char_map *m = char_map_macos(NULL);

	assert_both(m, "a:b\x01|\x1f",
		    "a\xef\x80\xa2"
		    "b\xef\x80\x81\xef\x80\xa7\xef\x80\x9f");
	/* What is private on disk stays so for the client. */
	assert_string_equal(char_map_to_client(m, m, "\xef\x80\xa2"),
			    "\xef\x80\xa2");
	assert_both(m, "\xef\x80\xa8", "\xef\x80\xa8");
	talloc_free(m);
}

/* Names that are not UTF-8 pass as they are. */
static void test_bytes(void **state)
{
	struct char_map *m = char_map_macos(NULL);

	assert_both(m, "a\xff\xc3", "a\xff\xc3");
	assert_both(m, "", "");
	talloc_free(m);
}

static void test_bad_tables(void **state)
{
	static const char *const bad[] = {
		"0x3a",
		"0x3a:",
		"3a:0xf7",
		"0x3a:0xf7x",
		"0x3a:0xf7;0x3b:0xf8",
		"0x:0xf7",
		"0x3a:0x10000",
		"0x3a:0xffffffffffffffffff",
		"0x3a:0xf7,0x3a:0xf8", /* twice */
		"0x3a:0xf7,0x3b:0xf7",
		"0x0:0xf7",
		"0x3a:0x0",
		"0x3a:0x5c", /* a separator */
		"0x3a:0xd800",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *reason = NULL;

		assert_null(char_map_parse(NULL, bad[i], &reason));
		assert_non_null(reason);
	}
}

static void test_spaces(void **state)
{
	const char *reason = NULL;
	struct char_map *m =
		char_map_parse(NULL, " 0x3a:0xf7 , 0X22:0XA8,", &reason);

	assert_non_null(m);
	assert_both(m, ":\"", "\xc3\xb7\xc2\xa8");
	talloc_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_catia),
		cmocka_unit_test(test_macos),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_bad_tables),
		cmocka_unit_test(test_spaces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
