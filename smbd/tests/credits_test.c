/* smbd/tests/credits_test.c - [MS-SMB2] 3.3.1.1, 3.3.1.2, 3.3.5.2.3. */
#include "smbd/credits.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct credits *make(uint32_t max)
{
	struct credits *c = NULL;

	assert_true(NT_STATUS_IS_OK(credits_create(NULL, max, &c)));
	return c;
}

static void test_the_first_window_is_zero_alone(void **unused)
{
	struct credits *c = make(16);

	assert_false(credits_take(c, 1, 1));
	assert_true(credits_take(c, 0, 1));
	assert_false(credits_take(c, 0, 1));
	assert_int_equal(credits_held(c), 0);
	talloc_free(c);
}

static void test_three_granted_make_zero_to_three(void **unused)
{
	struct credits *c = make(16);

	assert_int_equal(credits_grant(c, 3), 3);
	assert_true(credits_take(c, 2, 1)); /* out of order */
	assert_true(credits_take(c, 0, 1));
	assert_true(credits_take(c, 3, 1));
	assert_false(credits_take(c, 4, 1));
	assert_true(credits_take(c, 1, 1));
	assert_int_equal(credits_held(c), 0);
	talloc_free(c);
}

static void test_a_charge_takes_consecutive_ids(void **unused)
{
	struct credits *c = make(16);

	assert_int_equal(credits_grant(c, 7), 7);
	assert_true(credits_take(c, 3, 1));
	assert_false(credits_take(c, 1, 3)); /* 3 is used */
	assert_true(credits_take(c, 1, 2));
	assert_true(credits_take(c, 4, 4));
	assert_false(credits_take(c, 7, 2));
	assert_true(credits_take(c, 0, 0)); /* 0 counts as 1 */
	assert_int_equal(credits_held(c), 0);
	talloc_free(c);
}

static void test_no_client_is_left_without_credits(void **unused)
{
	struct credits *c = make(4);

	assert_true(credits_take(c, 0, 1));
	assert_int_equal(credits_grant(c, 0), 1);
	assert_int_equal(credits_grant(c, 0), 0);
	talloc_free(c);
}

static void test_an_id_left_out_stops_the_window(void **unused)
{
	struct credits *c = make(8);
	uint64_t id;

	assert_int_equal(credits_grant(c, 100), 7);
	for (id = 1; id < 8; id++) {
		assert_true(credits_take(c, id, 1));
		assert_int_equal(credits_grant(c, 100), 0);
	}
	assert_int_equal(credits_held(c), 1);
	assert_true(credits_take(c, 0, 1));
	assert_int_equal(credits_grant(c, 100), 8);
	assert_true(credits_take(c, 15, 1));
	assert_false(credits_take(c, 16, 1));
	talloc_free(c);
}

static void test_ids_that_wrap_are_refused(void **unused)
{
	struct credits *c = make(8);

	assert_int_equal(credits_grant(c, 4), 4);
	assert_false(credits_take(c, UINT64_MAX, 1));
	assert_false(credits_take(c, UINT64_MAX, UINT16_MAX));
	assert_false(credits_take(c, 4, UINT16_MAX));
	assert_int_equal(credits_held(c), 5);
	talloc_free(c);
}

static void test_a_long_conversation(void **unused)
{
	struct credits *c = make(64);

	for (uint64_t id = 0; id < 10000; id++) {
		assert_true(credits_take(c, id, 1));
		assert_int_equal(credits_grant(c, 1), 1);
		assert_int_equal(credits_held(c), 1);
	}
	talloc_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_first_window_is_zero_alone),
		cmocka_unit_test(test_three_granted_make_zero_to_three),
		cmocka_unit_test(test_a_charge_takes_consecutive_ids),
		cmocka_unit_test(test_no_client_is_left_without_credits),
		cmocka_unit_test(test_an_id_left_out_stops_the_window),
		cmocka_unit_test(test_ids_that_wrap_are_refused),
		cmocka_unit_test(test_a_long_conversation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
