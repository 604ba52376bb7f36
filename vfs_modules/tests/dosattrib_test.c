/* vfs_modules/tests/dosattrib_test.c - user.DOSATTRIB.  The vectors were
 * written by Samba 4.17 (version 5) or read by its ndrdump. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "vfs_modules/posix/dosattrib.h"

#define CREATED 0x01dd78efd48f90d2ull

static size_t from_hex(const char *hex, uint8_t *out)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++) {
		unsigned int byte = 0;

		for (size_t j = 0; j < 2; j++) {
			char c = hex[2 * i + j];

			byte = byte << 4 |
			       (unsigned int)(c <= '9' ? c - '0'
						       : c - 'a' + 10);
		}
		out[i] = (uint8_t)byte;
	}
	return n;
}

static void test_versions(void **state)
{
	static const struct {
		const char *hex;
		bool has_attributes;
		uint32_t attributes;
		NTTIME creation;
	} rows[] = {
		/* as Samba wrote them */
		{"00000500050000001100000023000000d2908fd4ef78dd01", true, 0x23,
		 CREATED},
		{"00000500050000001100000000000000d2908fd4ef78dd01", true, 0,
		 CREATED},
		/* version 4 */
		{"00000400040000005100000022000000d2908fd4ef78dd01d2908fd4ef78"
		 "dd01",
		 true, 0x22, CREATED},
		/* version 3, without and with the string */
		{"0000030003000000110000002200000000000000050000000000000000100"
		 "00000000000d2908fd4ef78dd01d2908fd4ef78dd01",
		 true, 0x22, CREATED},
		{"3078323200000300030000001100000022000000000000000500000000000"
		 "0000010000000000000d2908fd4ef78dd01d2908fd4ef78dd01",
		 true, 0x22, CREATED},
		/* version 3, only the attributes are valid */
		{"0000030003000000010000002200000000000000050000000000000000100"
		 "00000000000d2908fd4ef78dd01d2908fd4ef78dd01",
		 true, 0x22, 0},
		/* version 1 */
		{"0000010001000000220000000000000005000000000000000010000000000"
		 "000d2908fd4ef78dd01d2908fd4ef78dd01",
		 true, 0x22, CREATED},
		/* the string alone */
		{"30783230", true, 0x20, 0},
		{"3078323000", true, 0x20, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t data[128];
		size_t n = from_hex(rows[i].hex, data);
		struct dosattrib d;

		assert_true(NT_STATUS_IS_OK(dosattrib_decode(data, n, &d)));
		assert_int_equal(d.has_attributes, rows[i].has_attributes);
		assert_int_equal(d.attributes, rows[i].attributes);
		assert_int_equal(d.creation, rows[i].creation);
	}
}

static void test_bad(void **state)
{
	static const char *const rows[] = {
		"",
		"00",
		"0000",
		"3078",	      /* "0x" */
		"3078323078", /* "0x20x" */
		"3332",
		"00000500",
		"000005000400000011000000", /* version and union differ */
		"00000600060000001100000023000000d2908fd4ef78dd01",
		"00000500050000001100000023000000d2908fd4ef78dd",
	};
	struct dosattrib d = {.attributes = 77};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t data[128];
		size_t n = from_hex(rows[i], data);

		assert_false(NT_STATUS_IS_OK(dosattrib_decode(data, n, &d)));
		assert_int_equal(d.attributes, 77);
	}
}

static void test_encode(void **state)
{
	const struct dosattrib in = {.attributes = 0x23, .creation = CREATED};
	uint8_t expected[DOSATTRIB_SIZE];
	uint8_t data[DOSATTRIB_MAX_SIZE];

	from_hex("00000500050000001100000023000000d2908fd4ef78dd01", expected);
	assert_int_equal(dosattrib_encode(&in, data), sizeof(expected));
	assert_memory_equal(data, expected, sizeof(expected));
}

/* A change time is behind Samba's record, and counts for one ctime alone. */
static void test_change_time(void **state)
{
	const struct dosattrib in = {.attributes = 0x23,
				     .creation = CREATED,
				     .change = CREATED + 5,
				     .ctime = CREATED + NTTIME_SECOND};
	uint8_t data[DOSATTRIB_MAX_SIZE];
	size_t n = dosattrib_encode(&in, data);
	struct dosattrib d;

	assert_int_equal(n, DOSATTRIB_MAX_SIZE);
	assert_true(NT_STATUS_IS_OK(dosattrib_decode(data, n, &d)));
	assert_int_equal(d.change, in.change);
	assert_int_equal(d.ctime, in.ctime);
	assert_true(dosattrib_change_holds(&d, in.ctime));
	assert_false(dosattrib_change_holds(&d, in.ctime - 1));
	assert_false(dosattrib_change_holds(&d, in.ctime + NTTIME_SECOND));
	/* cut off, or not ours: only Samba's part counts */
	assert_true(NT_STATUS_IS_OK(dosattrib_decode(data, n - 1, &d)));
	assert_int_equal(d.change, 0);
	data[DOSATTRIB_SIZE] ^= 1;
	assert_true(NT_STATUS_IS_OK(dosattrib_decode(data, n, &d)));
	assert_int_equal(d.change, 0);
	assert_int_equal(d.creation, CREATED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_encode),
		cmocka_unit_test(test_change_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
