/* lib/tests/utf16_test.c - names on the wire and in here. */
#include "lib/utf16.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *utf8;
	size_t units;
	uint16_t utf16[8];
} pairs[] = {
	{"", 0, {0}},
	{"abc", 3, {'a', 'b', 'c'}},
	{"\xc3\xa4", 1, {0xe4}},
	{"a\xe2\x82\xac", 2, {'a', 0x20ac}},
	{"\xf0\x9f\x98\x80x", 3, {0xd83d, 0xde00, 'x'}},
	{"\xed\xa0\xbd", 1, {0xd83d}},			   /* lone high */
	{"\xed\xb8\x80\xed\xa0\xbd", 2, {0xde00, 0xd83d}}, /* low, high */
};

static void test_both_ways(void **unused)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		TALLOC_CTX *ctx = talloc_new(NULL);
		uint8_t fixed[16];
		struct wire_writer w = wire_writer_fixed(fixed, sizeof(fixed));
		struct blob wire;
		char *text;

		assert_true(NT_STATUS_IS_OK(
			utf8_to_utf16(ctx, pairs[i].utf8, &wire)));
		assert_int_equal(wire.length, 2 * pairs[i].units);
		assert_int_equal(utf16_size(pairs[i].utf8), wire.length);
		assert_int_equal(wire_put_utf16(&w, pairs[i].utf8),
				 wire.length);
		assert_memory_equal(fixed, wire.data, wire.length);
		for (size_t j = 0; j < pairs[i].units; j++) {
			assert_int_equal(wire.data[2 * j] | wire.data[2 * j + 1]
								    << 8,
					 pairs[i].utf16[j]);
		}
		assert_true(NT_STATUS_IS_OK(
			utf16_to_utf8(ctx, wire.data, wire.length, &text)));
		assert_string_equal(text, pairs[i].utf8);
		talloc_free(ctx);
	}
}

static void test_every_unit_survives(void **unused)
{
	TALLOC_CTX *ctx = talloc_new(NULL);

	for (uint32_t u = 1; u <= 0xffff; u++) {
		uint8_t in[2] = {(uint8_t)u, (uint8_t)(u >> 8)};
		struct blob out;
		char *text;

		assert_true(NT_STATUS_IS_OK(utf16_to_utf8(ctx, in, 2, &text)));
		assert_true(NT_STATUS_IS_OK(utf8_to_utf16(ctx, text, &out)));
		assert_int_equal(out.length, 2);
		assert_memory_equal(out.data, in, 2);
		talloc_free_children(ctx);
	}
	talloc_free(ctx);
}

static void test_bad_utf16(void **unused)
{
	static const uint8_t nul[] = {'a', 0, 0, 0};
	char *text = NULL;
	NTSTATUS status = utf16_to_utf8(NULL, nul, 4, &text);

	assert_true(NT_STATUS_IS(status, OBJECT_NAME_INVALID));
	status = utf16_to_utf8(NULL, nul, 1, &text);
	assert_true(NT_STATUS_IS(status, OBJECT_NAME_INVALID));
	assert_null(text);
}

static void test_bad_utf8(void **unused)
{
	static const char *const bad[] = {
		"\x80",
		"\xc0\x80",
		"\xc3",
		"\xe0\x80\x80",
		"\xe2\x82",
		"\xf0\x80\x80\x80",
		"\xf4\x90\x80\x80",
		"\xff",
		"\xed\xa0\xbd\xed\xb8\x80" /* a pair in two halves */,
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct blob out = {0};
		NTSTATUS status = utf8_to_utf16(NULL, bad[i], &out);

		assert_true(NT_STATUS_IS(status, OBJECT_NAME_INVALID));
		assert_null(out.data);
	}
}

static void test_put_replaces_bad_bytes(void **unused)
{
	uint8_t fixed[8];
	struct wire_writer w = wire_writer_fixed(fixed, sizeof(fixed));

	assert_int_equal(wire_put_utf16(&w, "a\xff!"), 6);
	assert_memory_equal(fixed, "a\0\xfd\xff!\0", 6);
	assert_int_equal(wire_put_utf16(&w, "xy"), 0);
	assert_false(wire_writer_ok(&w));
}

static void test_upcase(void **unused)
{
	static const uint32_t same[] = {0xb5,  0xdf,  0x131,
					0x17f, 0x3d0, 0x10428};

	assert_int_equal(utf16_upcase('z'), 'Z');
	assert_int_equal(utf16_upcase('{'), '{');
	assert_int_equal(utf16_upcase(0xe4), 0xc4);
	assert_int_equal(utf16_upcase(0xff), 0x178);
	assert_int_equal(utf16_upcase(0x3c2), 0x3a3);
	assert_int_equal(utf16_upcase(0x44f), 0x42f);
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		assert_int_equal(utf16_upcase(same[i]), same[i]);
	}
}

static void test_upcase_of_all_fits(void **unused)
{
	for (uint32_t u = 0x80; u <= 0xffff; u++) {
		uint8_t in[2] = {(uint8_t)u, (uint8_t)(u >> 8)};
		char *text;
		char *upper;

		assert_true(NT_STATUS_IS_OK(utf16_to_utf8(NULL, in, 2, &text)));
		assert_true(NT_STATUS_IS_OK(utf8_upcase(text, text, &upper)));
		assert_int_equal(utf8_casecmp(text, upper), 0);
		talloc_free(text);
	}
}

static void test_casecmp(void **unused)
{
	assert_int_equal(utf8_casecmp("Readme.TXT", "README.txt"), 0);
	assert_int_equal(utf8_casecmp("\xc3\x84h", "\xc3\xa4H"), 0);
	assert_true(utf8_casecmp("a", "B") < 0);
	assert_true(utf8_casecmp("ab", "a") > 0);
	assert_true(utf8_casecmp("a\xff", "a\xfe") > 0);
}

static void test_reader(void **unused)
{
	static const uint8_t bytes[] = {'h', 0, 'i', 0, 'x'};
	struct wire_reader r = wire_reader(bytes, sizeof(bytes));
	char *text = wire_utf16(NULL, &r, 4);

	assert_string_equal(text, "hi");
	talloc_free(text);
	assert_null(wire_utf16(NULL, &r, 2));
	assert_false(wire_ok(&r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_every_unit_survives),
		cmocka_unit_test(test_bad_utf16),
		cmocka_unit_test(test_bad_utf8),
		cmocka_unit_test(test_put_replaces_bad_bytes),
		cmocka_unit_test(test_upcase),
		cmocka_unit_test(test_upcase_of_all_fits),
		cmocka_unit_test(test_casecmp),
		cmocka_unit_test(test_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
