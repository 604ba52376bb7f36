/* torture/run.h - runs tests in processes of their own and reports in TAP. */
#ifndef TORTURE_RUN_H
#define TORTURE_RUN_H

#include "torture/torture.h"

/* How a test's process ends. */
#define TORTURE_EXIT_PASS 0
#define TORTURE_EXIT_FAIL 1
#define TORTURE_EXIT_SKIP 77

/* Prints name and rule of every test that one of the patterns matches (all if
 * there are none). */
void torture_list(const char *const *patterns);

/* Runs them; the report goes to standard output.  Returns how many failed, or
 * -1 when no test matches. */
int torture_run(const struct torture_options *options,
		const char *const *patterns);

#endif
