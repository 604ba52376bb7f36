/* vfs_modules/tests/apple_double_test.c - AppleDouble files, netatalk's
 * metadata and AFP_AfpInfo, as bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vfs_modules/fruit/apple_double.h"

static const uint8_t finder[FINDER_INFO_SIZE] = "TEXTttxt\x12\x34";

/* --- the file of a fork -------------------------------------------------- */

static void test_fork_header(void **state)
{
	uint8_t bytes[FORK_HEADER_SIZE + 5] = {0};
	struct apple_double ad;

	fork_header_build(5, bytes);
	assert_memory_equal(bytes, "\0\5\x16\7\0\2\0\0Netatalk        \0\2",
			    26);
	assert_true(
		apple_double_parse(bytes, sizeof(bytes), sizeof(bytes), &ad));
	assert_int_equal(ad.fork.offset, FORK_HEADER_SIZE);
	assert_int_equal(ad.fork.length, 5);
	assert_int_equal(ad.fork_entry, 26);
	assert_int_equal(ad.finder.offset, 50);
	assert_int_equal(ad.finder.length, FINDER_INFO_SIZE);
	/* A fork that was cut off; the header alone suffices. */
	assert_true(apple_double_parse(bytes, FORK_HEADER_SIZE,
				       FORK_HEADER_SIZE + 2, &ad));
	assert_int_equal(ad.fork.length, 2);
}

static void test_malformed(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} bad[] = {
		{0, 1},		   /* magic */
		{5, 3},		   /* version */
		{25, 17},	   /* entries */
		{24, 1},  {32, 2}, /* the fork begins behind the end */
		{45, 80},	   /* Finder info that reaches beyond it */
		{49, 31},	   /* and one that is too short */
		{45, 49},	   /* it begins in the entries */
	};
	uint8_t good[FORK_HEADER_SIZE], bytes[FORK_HEADER_SIZE];
	struct apple_double ad = {.fork_entry = 99};

	fork_header_build(0, good);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memcpy(bytes, good, sizeof(good));
		bytes[bad[i].at] = bad[i].value;
		assert_false(apple_double_parse(bytes, sizeof(bytes),
						sizeof(bytes), &ad));
	}
	for (size_t n = 0; n < 50; n++) {
		uint8_t *copy = malloc(n + 1);

		assert_non_null(copy);
		memcpy(copy, good, n);
		assert_false(apple_double_parse(copy, n, n, &ad));
		free(copy);
	}
	assert_int_equal(ad.fork_entry, 99);
}

/* --- attributes ------------------------------------------------------------
 */

#define ATTR_FILE_SIZE 0x100

static void put(uint8_t *bytes, size_t at, uint32_t v)
{
	apple_double_put_u32(bytes + at, v);
}

/* Finder info and two attributes, "first" and "2nd", as macOS writes them. */
static void attr_file(uint8_t bytes[ATTR_FILE_SIZE])
{
	memset(bytes, 0, ATTR_FILE_SIZE);
	fork_header_build(0, bytes);
	put(bytes, 26 + 4, ATTR_FILE_SIZE); /* the fork, empty */
	put(bytes, 38 + 8, ATTR_FILE_SIZE - 50);
	memcpy(bytes + 84, "ATTR", 4);
	bytes[84 + 35] = 2;
	put(bytes, 120, 0xC0);
	put(bytes, 124, 4);
	bytes[130] = 6;
	memcpy(bytes + 131, "first", 6);
	put(bytes, 140, 0xC4); /* 137, aligned */
	put(bytes, 144, 0);
	bytes[150] = 4;
	memcpy(bytes + 151, "2nd", 4);
	memcpy(bytes + 0xC0, "data", 4);
}

struct seen {
	unsigned int count;
	unsigned int stop_at;
};

static bool take(void *private_data, const char *name, const uint8_t *data,
		 size_t size)
{
	struct seen *s = private_data;

	if (s->count == 0) {
		assert_string_equal(name, "first");
		assert_int_equal(size, 4);
		assert_memory_equal(data, "data", 4);
	} else {
		assert_string_equal(name, "2nd");
		assert_int_equal(size, 0);
	}
	return ++s->count != s->stop_at;
}

static void test_attributes(void **state)
{
	uint8_t bytes[ATTR_FILE_SIZE];
	struct apple_double ad;
	struct seen s = {0};

	attr_file(bytes);
	assert_true(
		apple_double_parse(bytes, sizeof(bytes), sizeof(bytes), &ad));
	assert_true(
		apple_double_each_attr(bytes, sizeof(bytes), &ad, take, &s));
	assert_int_equal(s.count, 2);
	s = (struct seen){.stop_at = 1};
	assert_true(
		apple_double_each_attr(bytes, sizeof(bytes), &ad, take, &s));
	assert_int_equal(s.count, 1);
}

static void test_malformed_attributes(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
		unsigned int before; /* attributes that are given out */
	} bad[] = {
		{84, 'X', 0},		       /* "ATTR" */
		{84 + 35, 99, 2},	       /* more than there are */
		{120, 1, 0},		       /* data outside */
		{126, 1, 0},	  {130, 0, 0}, /* no name */
		{130, 1, 0},	  {130, 5, 0}, /* without its zero byte */
		{150, 200, 1},		       /* beyond the end */
	};
	uint8_t bytes[ATTR_FILE_SIZE];
	struct apple_double ad;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct seen s = {0};

		attr_file(bytes);
		bytes[bad[i].at] = bad[i].value;
		assert_true(apple_double_parse(bytes, sizeof(bytes),
					       sizeof(bytes), &ad));
		assert_false(apple_double_each_attr(bytes, sizeof(bytes), &ad,
						    take, &s));
		assert_int_equal(s.count, bad[i].before);
	}
}

static void test_blank_fork(void **state)
{
	uint8_t bytes[BLANK_FORK_SIZE + 1] = {0};

	assert_false(fork_is_blank(bytes, BLANK_FORK_SIZE));
	strcpy((char *)bytes + 16,
	       "This resource fork intentionally left blank   ");
	assert_true(fork_is_blank(bytes, BLANK_FORK_SIZE));
	assert_false(fork_is_blank(bytes, BLANK_FORK_SIZE + 1));
	assert_false(fork_is_blank(bytes, 0));
}

/* --- metadata
 * ----------------------------------------------------------------- */

/* The bytes are those that Samba 4.17 writes. */
static void test_meta(void **state)
{
	static const uint8_t entries[] = {
		0, 0,	 0,    4, 0,	0,    0,    0x9a, 0,	0,    0,
		0, 0,	 0,    0, 8,	0,    0,    1,	  0x62, 0,    0,
		0, 0x10, 0,    0, 0,	9,    0,    0,	  0,	0x7a, 0,
		0, 0,	 0x20, 0, 0,	0,    0x0e, 0,	  0,	1,    0x72,
		0, 0,	 0,    4, 0x80, 0x44, 0x45, 0x56};
	uint8_t bytes[META_SIZE];
	uint8_t out[FINDER_INFO_SIZE];
	uint32_t backup = 0;

	meta_build(0x3293313f, bytes);
	assert_memory_equal(bytes + 26, entries, sizeof(entries));
	assert_memory_equal(bytes + 0x162,
			    "\x32\x93\x31\x3f\x32\x93\x31\x3f\x80\0\0\0\x32\x93"
			    "\x31\x3f",
			    16);
	assert_true(meta_get(bytes, sizeof(bytes), out, &backup));
	assert_int_equal(backup, NO_DATE);
	assert_true(finder_info_is_empty(out));
	meta_set(bytes, sizeof(bytes), finder, 1234);
	assert_true(meta_get(bytes, sizeof(bytes), out, &backup));
	assert_int_equal(backup, 1234);
	assert_memory_equal(out, finder, sizeof(finder));
	assert_false(meta_get(bytes, 100, out, &backup));
}

static void test_date(void **state)
{
	assert_int_equal(apple_date(946684800), 0);
	assert_int_equal(apple_date(946684799), UINT32_MAX);
	assert_int_equal(apple_date(1795191999), 0x3293313f);
}

static void test_afp_info(void **state)
{
	uint8_t bytes[AFP_INFO_SIZE];
	uint8_t out[FINDER_INFO_SIZE];
	uint32_t backup = 0;

	afp_info_build(finder, NO_DATE, bytes);
	assert_memory_equal(bytes, "AFP\0\0\0\1\0\0\0\0\0\x80\0\0\0TEXTttxt",
			    24);
	assert_true(afp_info_get(bytes, out, &backup));
	assert_int_equal(backup, NO_DATE);
	assert_memory_equal(out, finder, sizeof(finder));
	bytes[3] = 1;
	assert_false(afp_info_get(bytes, out, &backup));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fork_header),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_malformed_attributes),
		cmocka_unit_test(test_blank_fork),
		cmocka_unit_test(test_meta),
		cmocka_unit_test(test_date),
		cmocka_unit_test(test_afp_info),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
