/* lib/nttime.h - FILETIME: 100 ns since 1601-01-01 UTC ([MS-DTYP] 2.3.3). */
#ifndef LIB_NTTIME_H
#define LIB_NTTIME_H

#include <stdint.h>
#include <time.h>

typedef uint64_t NTTIME;

#define NTTIME_UNIX_EPOCH 116444736000000000ULL
#define NTTIME_SECOND	  10000000ULL

/* Out of range values are clamped to what the other side can hold. */
NTTIME nttime_from_timespec(struct timespec ts);
struct timespec nttime_to_timespec(NTTIME t);

/* Now, from CLOCK_REALTIME. */
NTTIME nttime_now(void);

/* From CLOCK_MONOTONIC, which all processes of this machine share and nobody
 * sets: for deadlines. */
NTTIME nttime_monotonic(void);

#endif
