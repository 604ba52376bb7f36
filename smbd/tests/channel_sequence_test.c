/* smbd/tests/channel_sequence_test.c - [MS-SMB2] 3.3.5.2.10, 3.3.4.1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "smbd/channel_sequence.h"

static void is(const struct channel_sequence *s, uint16_t number,
	       uint32_t outstanding, uint32_t before)
{
	assert_int_equal(s->number, number);
	assert_int_equal(s->outstanding, outstanding);
	assert_int_equal(s->before, before);
}

static void test_the_same_number_counts(void **state)
{
	struct channel_sequence s = {.number = 7};

	assert_true(channel_sequence_begin(&s, 7, false));
	assert_true(channel_sequence_begin(&s, 7, true));
	is(&s, 7, 2, 0);
	channel_sequence_end(&s, 0);
	channel_sequence_end(&s, 0);
	is(&s, 7, 0, 0);
}

static void test_a_greater_one_tells_of_a_failure(void **state)
{
	struct channel_sequence s = {.number = 7};

	assert_true(channel_sequence_begin(&s, 7, false));
	assert_true(channel_sequence_begin(&s, 7, false));
	assert_true(channel_sequence_begin(&s, 8, false));
	is(&s, 8, 1, 2);
	channel_sequence_end(&s, 0);
	is(&s, 8, 1, 1);
	channel_sequence_end(&s, 1);
	channel_sequence_end(&s, 0);
	is(&s, 8, 0, 0);
}

static void test_a_smaller_one_is_late(void **state)
{
	struct channel_sequence s = {.number = 7};

	assert_false(channel_sequence_begin(&s, 6, false));
	assert_false(channel_sequence_begin(&s, 6, true));
	assert_false(channel_sequence_begin(&s, (uint16_t)(7 + 0x8000), false));
	is(&s, 7, 0, 0);
}

static void test_numbers_wrap(void **state)
{
	struct channel_sequence s = {.number = 0xffff};

	assert_true(channel_sequence_begin(&s, 0, false));
	is(&s, 0, 1, 0);
	assert_true(channel_sequence_begin(&s, 0x7fff, false));
	is(&s, 0x7fff, 1, 1);
}

/* One that has begun long ago is not taken for one of today. */
static void test_numbers_come_round(void **state)
{
	struct channel_sequence s = {.number = 0};

	assert_true(channel_sequence_begin(&s, 0, false));
	assert_true(channel_sequence_begin(&s, 0x7fff, false));
	assert_true(channel_sequence_begin(&s, 0xfffe, false));
	assert_true(channel_sequence_begin(&s, 0, false));
	is(&s, 0, 1, 3);
	channel_sequence_end(&s, 0);
	is(&s, 0, 1, 2);
}

/* What is sent again waits until what it repeats is done. */
static void test_a_replay_must_not_overtake(void **state)
{
	struct channel_sequence s = {.number = 7};

	assert_true(channel_sequence_begin(&s, 7, false));
	assert_false(channel_sequence_begin(&s, 8, true));
	is(&s, 8, 0, 1);
	assert_false(channel_sequence_begin(&s, 8, true));
	channel_sequence_end(&s, 0);
	assert_true(channel_sequence_begin(&s, 8, true));
	is(&s, 8, 1, 0);
}

static void test_a_replay_of_what_was_never_here(void **state)
{
	struct channel_sequence s = {.number = 7};

	assert_true(channel_sequence_begin(&s, 8, true));
	is(&s, 8, 1, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_same_number_counts),
		cmocka_unit_test(test_a_greater_one_tells_of_a_failure),
		cmocka_unit_test(test_a_smaller_one_is_late),
		cmocka_unit_test(test_numbers_wrap),
		cmocka_unit_test(test_numbers_come_round),
		cmocka_unit_test(test_a_replay_must_not_overtake),
		cmocka_unit_test(test_a_replay_of_what_was_never_here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
