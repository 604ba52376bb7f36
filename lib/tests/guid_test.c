/* lib/tests/guid_test.c - GUIDs as text and as wire bytes. */
#include "lib/guid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char text[] = "00112233-4455-6677-8899-aabbccddeeff";
static const uint8_t wire[16] = {0x33, 0x22, 0x11, 0x00, 0x55, 0x44,
				 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb,
				 0xcc, 0xdd, 0xee, 0xff};

static void test_text_and_wire_agree(void **unused)
{
	struct wire_reader r = wire_reader(wire, sizeof(wire));
	struct guid g = guid_read(&r);
	struct guid parsed;
	char out[GUID_STRING_SIZE];

	assert_true(wire_ok(&r));
	guid_format(&g, out);
	assert_string_equal(out, text);
	assert_true(NT_STATUS_IS_OK(guid_parse(text, &parsed)));
	assert_true(guid_equal(&g, &parsed));
	assert_true(NT_STATUS_IS_OK(
		guid_parse("{00112233-4455-6677-8899-AABBCCDDEEFF}", &parsed)));
	assert_true(guid_equal(&g, &parsed));
}

static void test_bad_text_leaves_the_result_untouched(void **unused)
{
	static const char *const bad[] = {
		"",
		"{",
		"00112233-4455-6677-8899-aabbccddeef",
		"00112233-4455-6677-8899-aabbccddeefff",
		"00112233-4455-6677-8899-aabbccddeefg",
		"{00112233-4455-6677-8899-aabbccddeeff",
		"00112233-4455-6677-8899-aabbccddeeff}",
		"00112233 4455-6677-8899-aabbccddeeff",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct guid g = {{0}};
		NTSTATUS status = guid_parse(bad[i], &g);

		assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
		assert_true(guid_is_zero(&g));
	}
}

static void test_random_is_version_4(void **unused)
{
	struct guid a = guid_random();
	struct guid b = guid_random();
	char out[GUID_STRING_SIZE];

	assert_false(guid_equal(&a, &b));
	guid_format(&a, out);
	assert_int_equal(out[14], '4');
	assert_non_null(strchr("89ab", out[19]));
}

static void test_put(void **unused)
{
	uint8_t buffer[16];
	struct wire_writer w = wire_writer_fixed(buffer, sizeof(buffer));
	struct guid g;

	assert_true(NT_STATUS_IS_OK(guid_parse(text, &g)));
	guid_put(&w, &g);
	assert_true(wire_writer_ok(&w));
	assert_memory_equal(buffer, wire, sizeof(wire));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_and_wire_agree),
		cmocka_unit_test(test_bad_text_leaves_the_result_untouched),
		cmocka_unit_test(test_random_is_version_4),
		cmocka_unit_test(test_put),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
