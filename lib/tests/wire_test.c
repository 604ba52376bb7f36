/* lib/tests/wire_test.c - the bounded cursors. */
#include "lib/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_a_failed_reader_stays_failed_and_reads_zero(void **unused)
{
	static const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
	struct wire_reader r = wire_reader(bytes, sizeof(bytes));
	uint8_t copy[4] = {9, 9, 9, 9};

	assert_true(wire_u64(&r) == 0x0807060504030201ULL);
	assert_int_equal(wire_left(&r), 1);
	assert_int_equal(wire_u16(&r), 0);
	assert_false(wire_ok(&r));
	assert_int_equal(wire_u8(&r), 0);
	assert_int_equal(wire_left(&r), 0);
	wire_bytes(&r, copy, sizeof(copy));
	assert_memory_equal(copy, "\0\0\0\0", 4);
	wire_seek(&r, 0);
	assert_false(wire_ok(&r));
}

static void test_field_is_bounded(void **unused)
{
	static const uint8_t bytes[] = {1, 2, 3, 4};
	struct wire_reader r = wire_reader(bytes, sizeof(bytes));
	struct wire_reader f = wire_field(&r, 1, 3);

	assert_int_equal(wire_left(&f), 3);
	assert_int_equal(wire_u8(&f), 2);
	f = wire_field(&r, 1000, 0);
	assert_true(wire_ok(&f) && wire_left(&f) == 0);
	assert_true(wire_ok(&r));
	f = wire_field(&r, SIZE_MAX, 2);
	assert_false(wire_ok(&f));
	assert_false(wire_ok(&r));
}

static void test_count_is_bounded_by_what_is_left(void **unused)
{
	static const uint8_t bytes[] = {2, 0, 0, 0, 1, 2, 3, 4};
	struct wire_reader r = wire_reader(bytes, sizeof(bytes));

	assert_int_equal(wire_count(&r, 2), 2);
	r = wire_reader(bytes, sizeof(bytes));
	assert_int_equal(wire_count(&r, 3), 0);
	assert_false(wire_ok(&r));
}

static void test_writer_grows_to_its_ceiling(void **unused)
{
	TALLOC_CTX *ctx = talloc_new(NULL);
	struct wire_writer w = wire_writer(ctx, 100);
	struct blob out = {0};

	wire_put_u32(&w, 0x04030201);
	wire_align(&w, 8);
	wire_put_zero(&w, 92);
	wire_patch_u16(&w, 4, 0x0605);
	assert_true(NT_STATUS_IS_OK(wire_finish(&w, &out)));
	assert_int_equal(out.length, 100);
	assert_memory_equal(out.data, "\1\2\3\4\5\6\0\0", 8);
	wire_put_u8(&w, 1);
	out.length = 0;
	assert_true(NT_STATUS_IS(wire_finish(&w, &out), BUFFER_TOO_SMALL));
	assert_int_equal(out.length, 0);
	wire_truncate(&w, 8);
	assert_true(NT_STATUS_IS_OK(wire_finish(&w, &out)));
	assert_int_equal(out.length, 8);
	talloc_free(ctx);
}

static void test_fixed_writer_keeps_to_its_buffer(void **unused)
{
	uint8_t buffer[5] = {0, 0, 0, 0, 0xee};
	struct wire_writer w = wire_writer_fixed(buffer, 4);

	wire_put_u32be(&w, 0x01020304);
	wire_put_u8(&w, 5);
	assert_false(wire_writer_ok(&w));
	assert_memory_equal(buffer, "\1\2\3\4\xee", 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			test_a_failed_reader_stays_failed_and_reads_zero),
		cmocka_unit_test(test_field_is_bounded),
		cmocka_unit_test(test_count_is_bounded_by_what_is_left),
		cmocka_unit_test(test_writer_grows_to_its_ceiling),
		cmocka_unit_test(test_fixed_writer_keeps_to_its_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
