/* fsa/tests/time_machine_test.c - the size of a disk image's bands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fsa/time_machine.h"

static const char plist[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<plist version=\"1.0\">\n<dict>\n"
	"\t<key>CFBundleInfoDictionaryVersion</key>\n\t<string>6.0</string>\n"
	"\t<key>band-size</key>\n\t<integer>8388608</integer>\n"
	"\t<key>size</key>\n\t<integer>1000000000</integer>\n"
	"</dict>\n</plist>\n";

static bool try(const char *text, uint64_t *out)
{
	size_t n = strlen(text);
	char *copy = malloc(n + 1);
	bool found;

	assert_non_null(copy);
	memcpy(copy, text, n);
	found = time_machine_band_size(copy, n, out);
	free(copy);
	return found;
}

static void test_found(void **state)
{
	uint64_t size = 0;

	assert_true(try(plist, &size));
	assert_int_equal(size, 8388608);
	assert_true(try("<key>band-size</key><integer> 1 </integer>", &size));
	assert_int_equal(size, 1);
}

static void test_not_found(void **state)
{
	static const char *const bad[] = {
		"",
		"<key>band-size</key>",
		"<key>band-size</key><string>8</string>",
		"<key>band-size</key><integer>",
		"<key>band-size</key><integer></integer>",
		"<key>band-size</key><integer>8",
		"<key>band-size</key><integer>8x</integer>",
		"<key>band-size</key><integer>-8</integer>",
		"<key>band-size</key><integer>0</integer>",
		"<key>band-size</key><integer>1234567890123456789</integer>",
		"<key>size</key><integer>8</integer>",
	};
	uint64_t size = 77;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(try(bad[i], &size));
		assert_int_equal(size, 77);
	}
}

/* Cut off anywhere: never more than there is, and no other size. */
static void test_cut_off(void **state)
{
	for (size_t n = 0; n < strlen(plist); n++) {
		char *copy = malloc(n + 1);
		uint64_t size = 8388608;

		assert_non_null(copy);
		memcpy(copy, plist, n);
		(void)time_machine_band_size(copy, n, &size);
		assert_int_equal(size, 8388608);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_found),
		cmocka_unit_test(test_not_found),
		cmocka_unit_test(test_cut_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
