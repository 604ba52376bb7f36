/* fsa/tests/condition_test.c - conditions of callback entries ([MS-DTYP]
 * 2.4.4.17). */
#include "fsa/condition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* S-1-1-0 and S-1-5-11, as SID literals; the user is in the first. */
#define IN	   "51 0c000000 010100000000000100000000"
#define OUT	   "51 0c000000 01010000000000050b000000"
#define BOTH	   "50 22000000 " IN OUT
#define LOCAL_A	   "f8 02000000 6100"
#define USER_A	   "f9 02000000 6100"
#define RESOURCE_A "fa 02000000 6100"
#define ONE	   "04 0100000000000000 03 02"
#define TEXT	   "10 02000000 6100"

#define F CONDITION_FALSE
#define T CONDITION_TRUE
#define U CONDITION_UNKNOWN

static size_t unhex(const char *hex, uint8_t *out)
{
	size_t n = 0;
	unsigned int byte;
	int used;

	while (*hex != '\0') {
		if (*hex == ' ') {
			hex++;
			continue;
		}
		assert_int_equal(sscanf(hex, "%2x%n", &byte, &used), 1);
		out[n++] = (uint8_t)byte;
		hex += used;
	}
	return n;
}

static const struct {
	const char *hex; /* behind "artx" */
	enum condition expected;
} rows[] = {
	{IN "89", T},
	{OUT "89", F},
	{BOTH "89", F},
	{BOTH "8b", T},
	{IN "90", F},
	{OUT "90", T},
	{BOTH "90", T},
	{BOTH "92", F},
	/* There are no devices. */
	{IN "8a", F},
	{BOTH "8c", F},
	{IN "91", T},
	{IN "93", T},
	/* Logic of three values. */
	{IN "89" OUT "89 a0", F},
	{IN "89" OUT "89 a1", T},
	{IN "89 a2", F},
	{IN "89" USER_A ONE "80 a0", U},
	{IN "89" USER_A ONE "80 a1", T},
	{OUT "89" USER_A ONE "80 a0", F},
	{OUT "89" USER_A ONE "80 a1", U},
	{USER_A ONE "80 a2", U},
	{USER_A, U},
	{USER_A RESOURCE_A "85", U},
	{LOCAL_A TEXT "86", U},
	{LOCAL_A "87", F},
	{LOCAL_A "8d", T},
	{RESOURCE_A "87", F},
	/* Errors make all of it unknown. */
	{USER_A "87", U},
	{IN "89" TEXT "a1", U},
	{IN "89" ONE USER_A "80 a1", U},
	{IN "89 89", U},
	{TEXT "89", U},
	{ONE, U},
	{"", U},
	{"89", U},
	{"a0", U},
	{"7f", U},
	{IN, U},
	{IN "89" IN "89", U},
	{"51 0d000000 010100000000000100000000 00 89", U},
	{"51 08000000 010100000000000100000000 89", U},
	{"50 00000000 89", U},
	{"50 0c000000 " IN "89", U},
	{"10 ffffffff 6100", U},
	/* Padding is at the end. */
	{IN "89 000000", T},
	{"00" IN "89", U},
};

static void test_rows(void **state)
{
	struct sid sids[1] = {sid_everyone()};
	const struct security_token token = {.num_sids = 1, .sids = sids};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t bytes[400] = {'a', 'r', 't', 'x'};
		size_t n = 4 + unhex(rows[i].hex, bytes + 4);
		enum condition got = condition_evaluate(
			(struct blob){.data = bytes, .length = n}, &token,
			false);

		if (got != rows[i].expected) {
			fail_msg("%s: %d", rows[i].hex, got);
		}
		/* What is cut off is not true all of a sudden. */
		for (size_t cut = 0; cut + 4 < n && rows[i].expected == U;
		     cut++) {
			(void)condition_evaluate(
				(struct blob){.data = bytes, .length = cut},
				&token, true);
		}
	}
}

static void test_no_condition(void **state)
{
	const struct security_token token = {0};
	uint8_t bytes[] = {'a', 'r', 't', 'y', 0xf8, 0, 0, 0, 0, 0x8d};
	struct blob data = {.data = bytes, .length = sizeof(bytes)};

	assert_int_equal(condition_evaluate(data, &token, false), U);
	bytes[3] = 'x';
	assert_int_equal(condition_evaluate(data, &token, false), T);
	bytes[4] = 0xfa; /* of the resource, which may have it */
	assert_int_equal(condition_evaluate(data, &token, false), T);
	assert_int_equal(condition_evaluate(data, &token, true), U);
	data.length = 0;
	assert_int_equal(condition_evaluate(data, &token, false), U);
}

/* More operands than there is room for. */
static void test_deep(void **state)
{
	const struct security_token token = {0};
	uint8_t bytes[4 + 5 * 200] = {'a', 'r', 't', 'x'};

	for (size_t i = 4; i < sizeof(bytes); i += 5) {
		bytes[i] = 0xf8;
	}
	assert_int_equal(
		condition_evaluate(
			(struct blob){.data = bytes, .length = sizeof(bytes)},
			&token, false),
		U);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_no_condition),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
