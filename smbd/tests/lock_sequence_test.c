/* smbd/tests/lock_sequence_test.c - [MS-SMB2] 3.3.5.14, the buckets. */
#include "smbd/lock_sequence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void a_number_is_known_again(void **state)
{
	struct lock_sequences s = {{0}};

	for (uint32_t i = 1; i <= 64; i++) {
		uint8_t number = i % 16;

		assert_false(lock_sequence_is_done(&s, i, number));
		lock_sequence_set_done(&s, i, number);
		assert_true(lock_sequence_is_done(&s, i, number));
		assert_true(lock_sequence_is_done(&s, i, number));
	}
	/* each bucket has its own */
	for (uint32_t i = 1; i <= 64; i++) {
		assert_true(lock_sequence_is_done(&s, i, i % 16));
	}
}

static void another_number_empties_the_bucket(void **state)
{
	struct lock_sequences s = {{0}};

	lock_sequence_set_done(&s, 7, 3);
	lock_sequence_set_done(&s, 8, 3);
	assert_false(lock_sequence_is_done(&s, 7, 4));
	assert_false(lock_sequence_is_done(&s, 7, 3));
	assert_false(lock_sequence_is_done(&s, 7, 0));
	assert_true(lock_sequence_is_done(&s, 8, 3));
	lock_sequence_set_done(&s, 7, 4);
	assert_true(lock_sequence_is_done(&s, 7, 4));
}

static void no_bucket_beyond_the_array(void **state)
{
	static const uint32_t none[] = {0, 65, 66, 128, 0x0FFFFFFF, UINT32_MAX};
	struct {
		uint8_t before[8];
		struct lock_sequences s;
		uint8_t after[8];
	} at = {.before = {0}};
	static const uint8_t zeros[sizeof(at)];

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		lock_sequence_set_done(&at.s, none[i], 1);
		assert_false(lock_sequence_is_done(&at.s, none[i], 1));
	}
	assert_memory_equal(&at, zeros, sizeof(at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_known_again),
		cmocka_unit_test(another_number_empties_the_bucket),
		cmocka_unit_test(no_bucket_beyond_the_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
