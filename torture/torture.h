/* torture/torture.h - what a test is made of.
 *
 * Every test runs in a process of its own: it may hang or crash and only that
 * test fails.  A check that does not hold ends the process, so that a test
 * reads as a straight line.  Tests are named for the rule they test:
 * "FEATURE.rule"; one file per feature. */
#ifndef TORTURE_TORTURE_H
#define TORTURE_TORTURE_H

#include <talloc.h>
#include <tevent.h>

#include "client/conn.h"
#include "lib/ntstatus.h"

/* The command line; constant while tests run. */
struct torture_options {
	const char *host;
	uint16_t port;
	const char *share;
	const char *user, *password, *domain;
	const char *user2, *password2;	/* NULL: not given */
	const char *encrypted_share;	/* NULL: not given */
	const char *time_machine_share; /* the same */
	uint16_t dialect;		/* 0: the best */
	bool encrypt;
	bool sign;
	bool verbose;
	unsigned timeout;  /* seconds a test may take */
	unsigned seconds;  /* that a test which does things at random lasts */
	unsigned seed;	   /* of what it does */
	const char *after; /* a command run after each test; NULL: none */
	unsigned run_id;   /* makes names of this run its own */
};

struct torture {
	TALLOC_CTX *mem; /* freed with the test */
	struct tevent_context *ev;
	const struct torture_options *options;
	const char *test_name;
};

struct torture_test {
	const char *name;
	const char *rule; /* what it proves and where that is written */
	void (*run)(struct torture *t);
	unsigned timeout; /* seconds; 0: the default */
};

/* All features' tests: arrays that end with a NULL name, the list with NULL. */
extern const struct torture_test *const torture_features[];

/* --- checks: they return or end the test's process ------------------------ */

void torture_fail_at(const char *file, int line, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 3, 4)));
void torture_skip(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));
/* A line for the reader of a failure (and of --verbose). */
void torture_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

void torture_status_at(const char *file, int line, NTSTATUS got, NTSTATUS want,
		       const char *what);
void torture_one_of_at(const char *file, int line, NTSTATUS got,
		       const NTSTATUS *want, size_t n, const char *what);
void torture_equal_at(const char *file, int line, uint64_t got, uint64_t want,
		      const char *what);

#define FAIL(...) torture_fail_at(__FILE__, __LINE__, __VA_ARGS__)
/* expr must give STATUS_OK, or the status NAME. */
#define OK(expr)                                                               \
	torture_status_at(__FILE__, __LINE__, (expr), NT_STATUS_OK, #expr)
#define STATUS(expr, name)                                                     \
	torture_status_at(__FILE__, __LINE__, (expr), NT_STATUS(name), #expr)
/* One of several statuses: where servers may choose. */
#define STATUS_IN(expr, ...)                                                   \
	torture_one_of_at(                                                     \
		__FILE__, __LINE__, (expr), (const NTSTATUS[]){__VA_ARGS__},   \
		sizeof((const NTSTATUS[]){__VA_ARGS__}) / sizeof(NTSTATUS),    \
		#expr)
#define CHECK(cond)                                                            \
	do {                                                                   \
		if (!(cond)) {                                                 \
			FAIL("not so: %s", #cond);                             \
		}                                                              \
	} while (0)
#define EQUAL(got, want)                                                       \
	torture_equal_at(__FILE__, __LINE__, (uint64_t)(got),                  \
			 (uint64_t)(want), #got)

#endif
