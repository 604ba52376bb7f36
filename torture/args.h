/* torture/args.h - the part of the command line that tests and benchmarks have
 * in common. */
#ifndef TORTURE_ARGS_H
#define TORTURE_ARGS_H

#include <popt.h>

#include "torture/torture.h"

/* Where popt puts what it reads. */
struct torture_args {
	char *user;
	char *user2;
	char *encrypted_share;
	char *time_machine_share;
	char *after;
	char *dialect;
	int encrypt;
	int sign;
	int verbose;
	int timeout;
	int seconds;
	int seed;
};

/* The rows of an option table for these; asserts that table has room for
 * TORTURE_ARGS_ROWS rows.  Returns the number of rows. */
#define TORTURE_ARGS_ROWS 7
int torture_args_rows(struct torture_args *args, struct poptOption *table);

/* Frees the strings. */
void torture_args_free(struct torture_args *args);

/* "//host[:port]/share" and the options, checked; says on standard error what
 * is wrong and returns false.  Strings live on mem_ctx. */
bool torture_args_parse(TALLOC_CTX *mem_ctx, const struct torture_args *args,
			const char *target, struct torture_options *out);

#endif
