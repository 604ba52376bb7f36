/* lib/assert.c - the end of a process that found itself wrong. */
#include "lib/assert.h"

#include <stdlib.h>

#include "lib/log.h"

void assert_failed(const char *file, int line, const char *what)
{
	LOG_ERR(LOG_GENERAL, "%s:%d: assertion failed: %s", file, line, what);
	abort();
}
