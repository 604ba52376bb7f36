/* locking/tests/share_mode_rules_test.c - [MS-FSA] 2.1.5.1.2.1 and 2.1.5.1.2.2
 * as tables. */
#include "locking/share_mode_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "lib/nt.h"

#define R    FILE_SHARE_READ
#define W    FILE_SHARE_WRITE
#define D    FILE_SHARE_DELETE
#define NONE 0
#define ALL  FILE_SHARE_ALL

#define ATTRIBUTES                                                             \
	(FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | FILE_READ_EA |         \
	 FILE_WRITE_EA | READ_CONTROL | WRITE_DAC | WRITE_OWNER | SYNCHRONIZE)

struct open {
	uint32_t access;
	uint32_t share;
	bool stream;
};

#define OPEN(access, share)                                                    \
	{                                                                      \
		access, share, false                                           \
	}
#define STREAM(access, share)                                                  \
	{                                                                      \
		access, share, true                                            \
	}

struct row {
	struct open first, second;
	bool conflict;
};

static bool conflict(const struct open *a, const struct open *b)
{
	return share_claims_conflict(
		share_claim(a->access, a->share, a->stream),
		share_claim(b->access, b->share, b->stream));
}

static void check_rows(const struct row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (conflict(&rows[i].first, &rows[i].second) !=
			    rows[i].conflict ||
		    conflict(&rows[i].second, &rows[i].first) !=
			    rows[i].conflict) {
			fail_msg("row %zu", i);
		}
	}
}

/* [MS-FSA] 2.1.5.1.2.2, each of the six conditions */
static void test_same_stream(void **state)
{
	static const struct row rows[] = {
		/* reading and executing need FILE_SHARE_READ */
		{OPEN(FILE_READ_DATA, ALL), OPEN(FILE_READ_DATA, ALL), false},
		{OPEN(FILE_READ_DATA, W | D), OPEN(FILE_READ_DATA, ALL), true},
		{OPEN(FILE_READ_DATA, W | D), OPEN(FILE_EXECUTE, ALL), true},
		{OPEN(FILE_READ_DATA, W | D), OPEN(FILE_WRITE_DATA, ALL),
		 false},
		{OPEN(FILE_WRITE_DATA, W | D), OPEN(FILE_READ_DATA, ALL), true},
		/* writing and appending need FILE_SHARE_WRITE */
		{OPEN(FILE_READ_DATA, R | D), OPEN(FILE_WRITE_DATA, ALL), true},
		{OPEN(FILE_READ_DATA, R | D), OPEN(FILE_APPEND_DATA, ALL),
		 true},
		{OPEN(FILE_READ_DATA, R | D), OPEN(FILE_READ_DATA, ALL), false},
		{OPEN(FILE_APPEND_DATA, R | W), OPEN(FILE_APPEND_DATA, R | W),
		 false},
		/* deleting needs FILE_SHARE_DELETE */
		{OPEN(FILE_READ_DATA, R | W), OPEN(DELETE_ACCESS, ALL), true},
		{OPEN(FILE_READ_DATA, R | W | D), OPEN(DELETE_ACCESS, ALL),
		 false},
		{OPEN(DELETE_ACCESS, R | W), OPEN(FILE_READ_DATA, ALL), false},
		{OPEN(DELETE_ACCESS, R | W), OPEN(DELETE_ACCESS, ALL), true},
		{OPEN(DELETE_ACCESS, ALL), OPEN(FILE_READ_DATA, R | W), true},
		/* sharing nothing */
		{OPEN(FILE_READ_DATA, NONE), OPEN(FILE_WRITE_DATA, ALL), true},
		{OPEN(FILE_WRITE_DATA, NONE), OPEN(FILE_READ_DATA, NONE), true},
	};

	check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

/* Opens that neither read, write nor delete conflict with nothing. */
static void test_attributes_only(void **state)
{
	static const struct row rows[] = {
		{OPEN(ATTRIBUTES, NONE), OPEN(FILE_READ_DATA, NONE), false},
		{OPEN(ATTRIBUTES, NONE), OPEN(FILE_WRITE_DATA, NONE), false},
		{OPEN(ATTRIBUTES, NONE), OPEN(DELETE_ACCESS, NONE), false},
		{OPEN(ATTRIBUTES, NONE), OPEN(ATTRIBUTES, NONE), false},
		{OPEN(ATTRIBUTES | FILE_READ_DATA, NONE),
		 OPEN(FILE_READ_DATA, ALL), true},
		{OPEN(FILE_DELETE_CHILD, NONE), OPEN(FILE_READ_DATA, NONE),
		 false},
	};

	check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

/* [MS-FSA] 2.1.5.1.2.1: deleting the file and opens of its streams */
static void test_streams_and_the_file(void **state)
{
	static const struct row rows[] = {
		{STREAM(FILE_READ_DATA, R | W), OPEN(DELETE_ACCESS, ALL), true},
		{STREAM(FILE_READ_DATA, D), OPEN(DELETE_ACCESS, ALL), false},
		{STREAM(FILE_READ_DATA, NONE), OPEN(FILE_READ_DATA, NONE),
		 false},
		{STREAM(FILE_WRITE_DATA, ALL), OPEN(FILE_READ_DATA, NONE),
		 false},
		/* deleting the stream is not deleting the file */
		{STREAM(DELETE_ACCESS, ALL), OPEN(FILE_READ_DATA, NONE), false},
		{STREAM(DELETE_ACCESS, NONE), OPEN(DELETE_ACCESS, ALL), true},
		{STREAM(ATTRIBUTES, NONE), OPEN(DELETE_ACCESS, ALL), false},
		/* what two streams do is no matter of the file */
		{STREAM(DELETE_ACCESS, NONE), STREAM(DELETE_ACCESS, NONE),
		 false},
	};

	check_rows(rows, sizeof(rows) / sizeof(rows[0]));
}

/* The specification's own words, condition by condition. */
static bool by_the_book(const struct open *e, const struct open *o)
{
	const uint32_t any = FILE_READ_DATA | FILE_EXECUTE | FILE_WRITE_DATA |
			     FILE_APPEND_DATA | DELETE_ACCESS;
	const uint32_t read = FILE_READ_DATA | FILE_EXECUTE;
	const uint32_t write = FILE_WRITE_DATA | FILE_APPEND_DATA;

	if ((o->access & any) == 0 || (e->access & any) == 0) {
		return false;
	}
	return ((e->share & R) == 0 && (o->access & read) != 0) ||
	       ((e->share & W) == 0 && (o->access & write) != 0) ||
	       ((e->share & D) == 0 && (o->access & DELETE_ACCESS) != 0) ||
	       ((o->share & R) == 0 && (e->access & read) != 0) ||
	       ((o->share & W) == 0 && (e->access & write) != 0) ||
	       ((o->share & D) == 0 && (e->access & DELETE_ACCESS) != 0);
}

/* Bits 0-4: the rights that matter, bit 5: one that does not; 6-8: sharing. */
static struct open open_of(unsigned int bits)
{
	static const uint32_t rights[] = {FILE_READ_DATA,   FILE_WRITE_DATA,
					  FILE_APPEND_DATA, FILE_EXECUTE,
					  DELETE_ACCESS,    READ_CONTROL};
	struct open o = {.share = bits >> 6};
	unsigned int i;

	for (i = 0; i < 6; i++) {
		o.access |= (bits >> i & 1) != 0 ? rights[i] : 0;
	}
	return o;
}

static void test_all_pairs(void **state)
{
	unsigned int i, j;

	for (i = 0; i < 512; i++) {
		for (j = 0; j < 512; j++) {
			struct open a = open_of(i), b = open_of(j);

			assert_int_equal(conflict(&a, &b), by_the_book(&a, &b));
		}
	}
}

/* To conflict with the union is to conflict with one of them. */
static void test_union_is_exact(void **state)
{
	unsigned int i, j, k;

	for (i = 0; i < 512; i += 5) {
		for (j = 0; j < 512; j += 7) {
			for (k = 0; k < 512; k += 3) {
				struct open a = open_of(i), b = open_of(j),
					    c = open_of(k);
				struct share_claim all = share_claims_union(
					share_claim(a.access, a.share, false),
					share_claim(b.access, b.share, false));

				assert_int_equal(
					share_claims_conflict(
						all,
						share_claim(c.access, c.share,
							    false)),
					conflict(&a, &c) || conflict(&b, &c));
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_stream),
		cmocka_unit_test(test_attributes_only),
		cmocka_unit_test(test_streams_and_the_file),
		cmocka_unit_test(test_all_pairs),
		cmocka_unit_test(test_union_is_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
