/* lib/tests/nttime_test.c - FILETIME and timespec. */
#include "lib/nttime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_known_values(void **unused)
{
	struct timespec epoch = {0};
	struct timespec y2k = {.tv_sec = 946684800, .tv_nsec = 123456789};
	struct timespec before = {.tv_sec = -1, .tv_nsec = 999999900};

	assert_true(nttime_from_timespec(epoch) == NTTIME_UNIX_EPOCH);
	assert_true(nttime_from_timespec(y2k) == 125911584001234567ULL);
	assert_true(nttime_from_timespec(before) == NTTIME_UNIX_EPOCH - 1);
}

static void test_back_again(void **unused)
{
	static const NTTIME times[] = {0,
				       1,
				       NTTIME_UNIX_EPOCH - 1,
				       NTTIME_UNIX_EPOCH,
				       125911584001234567ULL,
				       INT64_MAX};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct timespec ts = nttime_to_timespec(times[i]);

		assert_true(ts.tv_nsec >= 0 && ts.tv_nsec < 1000000000);
		if (times[i] != INT64_MAX) {
			assert_true(nttime_from_timespec(ts) == times[i]);
		}
	}
}

static void test_out_of_range_is_clamped(void **unused)
{
	struct timespec early = {.tv_sec = -20000000000};
	struct timespec late = {.tv_sec = INT64_MAX};
	struct timespec ts = nttime_to_timespec(UINT64_MAX);

	assert_true(nttime_from_timespec(early) == 0);
	assert_true(nttime_from_timespec(late) == INT64_MAX);
	assert_true(ts.tv_sec > 0);
}

static void test_now(void **unused)
{
	time_t t = nttime_to_timespec(nttime_now()).tv_sec;

	assert_true(t >= time(NULL) - 2 && t <= time(NULL) + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_values),
		cmocka_unit_test(test_back_again),
		cmocka_unit_test(test_out_of_range_is_clamped),
		cmocka_unit_test(test_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
