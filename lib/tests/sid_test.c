/* lib/tests/sid_test.c - SIDs as text and as wire bytes. */
#include "lib/sid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void check_text(const char *text)
{
	char out[SID_STRING_SIZE];
	struct sid s;

	assert_true(NT_STATUS_IS_OK(sid_parse(text, &s)));
	sid_format(&s, out);
	assert_string_equal(out, text);
}

static void test_text_survives(void **unused)
{
	check_text("S-1-1-0");
	check_text("S-1-5-32-544");
	check_text("S-1-5-21-4294967295-0-1-500");
	check_text("S-1-0xffffffffffff-1");
	check_text("S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15");
}

static void test_bad_text(void **unused)
{
	static const char *const bad[] = {
		"",
		"S",
		"S-1-",
		"S-2-5-1",
		"S-1-5-",
		"S-1-5--1",
		"S-1-5-+1",
		"S-1-5- 1",
		"S-1-5-1x",
		"S-1-5-0x",
		"S-1-5-4294967296",
		"T-1-5-1",
		"S-1-281474976710656-1",
		"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct sid s = {0};
		NTSTATUS status = sid_parse(bad[i], &s);

		assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
		assert_int_equal(s.revision, 0);
	}
}

static void test_wire_round_trip(void **unused)
{
	uint8_t buffer[SID_MAX_SIZE];
	struct wire_writer w = wire_writer_fixed(buffer, sizeof(buffer));
	struct sid in;
	struct sid out;
	struct wire_reader r;

	assert_true(NT_STATUS_IS_OK(sid_parse("S-1-5-21-1-2-3-1000", &in)));
	sid_put(&w, &in);
	assert_true(wire_writer_ok(&w));
	assert_int_equal(w.length, sid_size(&in));
	r = wire_reader(buffer, w.length);
	out = sid_read(&r);
	assert_true(wire_ok(&r));
	assert_int_equal(wire_left(&r), 0);
	assert_true(sid_equal(&in, &out));
	for (size_t n = 0; n < w.length; n++) {
		r = wire_reader(buffer, n);
		(void)sid_read(&r);
		assert_false(wire_ok(&r));
	}
}

static void test_wire_refuses(void **unused)
{
	uint8_t bytes[8 + 4 * 16] = {1, 16};
	struct wire_reader r = wire_reader(bytes, sizeof(bytes));

	(void)sid_read(&r);
	assert_false(wire_ok(&r));
	bytes[0] = 2;
	bytes[1] = 1;
	r = wire_reader(bytes, sizeof(bytes));
	(void)sid_read(&r);
	assert_false(wire_ok(&r));
}

static void check_is(struct sid s, const char *text)
{
	char out[SID_STRING_SIZE];

	sid_format(&s, out);
	assert_string_equal(out, text);
}

static void test_well_known(void **unused)
{
	struct sid unix_users = sid_make(22, 1, (uint32_t)1);

	check_is(sid_everyone(), "S-1-1-0");
	check_is(sid_network(), "S-1-5-2");
	check_is(sid_authenticated(), "S-1-5-11");
	check_is(sid_anonymous(), "S-1-5-7");
	check_is(sid_system(), "S-1-5-18");
	check_is(sid_unix_user(65534), "S-1-22-1-65534");
	check_is(sid_unix_group(UINT32_MAX), "S-1-22-2-4294967295");
	check_is(sid_append(&unix_users, 7), "S-1-22-1-7");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_survives),
		cmocka_unit_test(test_bad_text),
		cmocka_unit_test(test_wire_round_trip),
		cmocka_unit_test(test_wire_refuses),
		cmocka_unit_test(test_well_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
