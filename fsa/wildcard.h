/* fsa/wildcard.h - patterns for directory queries ([MS-FSA] 2.1.4.4). */
#ifndef FSA_WILDCARD_H
#define FSA_WILDCARD_H

#include <stdbool.h>

/* Whether pattern has any of " * < > ? */
bool wildcard_is_in(const char *pattern);

/* Whether name is in the expression, without regard to case.  Takes time
 * proportional to the product of their lengths at most. */
bool wildcard_match(const char *pattern, const char *name);

#endif
