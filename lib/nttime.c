/* lib/nttime.c - FILETIME and timespec. */
#include "lib/nttime.h"

/* Seconds from 1601 to 1970. */
#define EPOCH_SECONDS ((int64_t)(NTTIME_UNIX_EPOCH / NTTIME_SECOND))

/* Bit 63 is never set: the sign of other systems' FILETIME arithmetic. */
#define NTTIME_MAX ((NTTIME)INT64_MAX)

NTTIME nttime_from_timespec(struct timespec ts)
{
	NTTIME t;

	if ((int64_t)ts.tv_sec < -EPOCH_SECONDS) {
		return 0;
	}
	if ((int64_t)ts.tv_sec >=
	    (int64_t)(NTTIME_MAX / NTTIME_SECOND) - EPOCH_SECONDS) {
		return NTTIME_MAX;
	}
	t = (NTTIME)((int64_t)ts.tv_sec + EPOCH_SECONDS) * NTTIME_SECOND;
	return t + (NTTIME)ts.tv_nsec / 100;
}

struct timespec nttime_to_timespec(NTTIME t)
{
	if (t > NTTIME_MAX) {
		t = NTTIME_MAX;
	}
	return (struct timespec){
		.tv_sec =
			(time_t)((int64_t)(t / NTTIME_SECOND) - EPOCH_SECONDS),
		.tv_nsec = (long)(t % NTTIME_SECOND) * 100,
	};
}

NTTIME nttime_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return nttime_from_timespec(ts);
}

NTTIME nttime_monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (NTTIME)ts.tv_sec * NTTIME_SECOND + (NTTIME)ts.tv_nsec / 100;
}
