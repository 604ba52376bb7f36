/* locking/tests/grant_rules_test.c - what breaks what, from the table in
 * docs/caching.md. */
#include "locking/grant_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/nt.h"

static uint8_t state_of(const char *s)
{
	return (uint8_t)((strchr(s, 'R') != NULL ? GRANT_READ : 0) |
			 (strchr(s, 'W') != NULL ? GRANT_WRITE : 0) |
			 (strchr(s, 'H') != NULL ? GRANT_HANDLE : 0));
}

struct holder {
	const char *column; /* the head of the table */
	const char *state;
	bool lease;
};

static const struct holder holders[] = {
	{"II", "R", false},	 {"exclusive", "RW", false},
	{"batch", "RWH", false}, {"R", "R", true},
	{"RH", "RH", true},	 {"RW", "RW", true},
	{"RWH", "RWH", true},
};
#define NUM_HOLDERS (sizeof(holders) / sizeof(holders[0]))

static const struct {
	const char *row;
	enum grant_op op;
} ops[] = {
	{"open", GRANT_OP_OPEN},
	{"open for READ_CONTROL", GRANT_OP_CONTROL},
	{"overwrite", GRANT_OP_OVERWRITE},
	{"open that sharing forbids", GRANT_OP_SHARE},
	{"read, flush", GRANT_OP_READ},
	{"write, lock, resize, zero", GRANT_OP_WRITE},
	{"rename, link", GRANT_OP_RENAME},
	{"delete", GRANT_OP_DELETE},
	{"set security", GRANT_OP_SECURITY},
	{"change in a directory", GRANT_OP_CHILD},
};
#define NUM_OPS (sizeof(ops) / sizeof(ops[0]))

/* "-" nothing; else what is left ("none"), "?" answered, "!" waited for. */
static void check_cell(const char *cell, enum grant_op op,
		       const struct holder *h)
{
	uint8_t state = state_of(h->state);
	struct grant_effect e = grant_effect(op, state, h->lease);
	bool nothing = strcmp(cell, "-") == 0;

	assert_int_equal(
		e.target,
		nothing ? state
			: state_of(strstr(cell, "none") == NULL ? cell : ""));
	if (!nothing) {
		assert_int_equal(e.answer, strpbrk(cell, "?!") != NULL);
		assert_int_equal(e.wait, strchr(cell, '!') != NULL);
	}
}

static void check_row(char *line)
{
	char *save = NULL;
	char *cell = strtok_r(line, "|", &save);
	size_t op = 0;

	cell[strlen(cell) - 1] = '\0';
	while (op < NUM_OPS && strcmp(ops[op].row, cell + 1) != 0) {
		op++;
	}
	assert_true(op < NUM_OPS);
	for (size_t h = 0; h < NUM_HOLDERS; h++) {
		cell = strtok_r(NULL, "|", &save);
		assert_non_null(cell);
		cell[strlen(cell) - 1] = '\0';
		check_cell(cell + 1, ops[op].op, &holders[h]);
	}
}

static void test_table(void **state)
{
	const char *top = getenv("TOP_SRCDIR");
	char path[4096], line[512];
	size_t rows = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/docs/caching.md",
		 top != NULL ? top : ".");
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL &&
	       strncmp(line, "| operation", 11) != 0) {
	}
	assert_non_null(fgets(line, sizeof(line), f));
	while (fgets(line, sizeof(line), f) != NULL && line[0] == '|') {
		check_row(line);
		rows++;
	}
	fclose(f);
	assert_int_equal(rows, NUM_OPS);
}

static void allow(const char *wanted, bool lease, struct grant_others o,
		  const char *want)
{
	assert_int_equal(grant_allowed(state_of(wanted), lease, &o),
			 state_of(want));
}

static void test_allowed(void **state)
{
	const struct grant_others none = {0};
	const struct grant_others open = {.opens = true};
	const struct grant_others locked = {.locked = true};
	const struct grant_others deleted = {.deleted = true};
	const struct grant_others ii = {.opens = true, .oplocks = GRANT_READ};
	const struct grant_others rh = {.opens = true,
					.leases = GRANT_READ | GRANT_HANDLE};
	const struct grant_others rw = {.opens = true,
					.leases = GRANT_READ | GRANT_WRITE};

	allow("RWH", false, none, "RWH");
	allow("RW", false, none, "RW");
	allow("RWH", false, open, "R");
	allow("RWH", true, open, "RH");
	allow("RW", true, open, "R");
	allow("RWH", true, locked, "");
	allow("RWH", true, deleted, "RW");
	allow("RWH", true, ii, "R");
	allow("R", false, ii, "R");
	allow("R", false, rh, "");
	allow("RH", true, rh, "RH");
	allow("R", true, rw, "");
	allow("", true, none, "");
	allow("H", true, none, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
