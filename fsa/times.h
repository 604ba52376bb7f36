/* fsa/times.h - times as FileBasicInformation sets them ([MS-FSCC] 2.4.7):
 * 0 leaves one as it is, -1 says that operations on this open no longer move
 * it, -2 that they do again. */
#ifndef FSA_TIMES_H
#define FSA_TIMES_H

#include <stdbool.h>

#include "fsa/fsa.h"

#define TIME_FREEZE ((NTTIME)-1)
#define TIME_RESUME ((NTTIME)-2)

/* None is negative but for those two. */
bool times_are_valid(const struct fsa_times *t);

/* What the driver is to set: 0 for what stays. */
struct fsa_times times_to_set(const struct fsa_times *asked);

#endif
