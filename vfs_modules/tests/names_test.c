/* vfs_modules/tests/names_test.c - shown names, and the table of names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "lib/utf16.h"
#include "vfs_modules/posix/name_table.h"
#include "vfs_modules/names/shown_name.h"

static void test_shown(void **state)
{
	static const struct {
		const char *disk;
		const char *shown;
	} rows[] = {
		{"plain.txt", "plain.txt"},
		{".hidden", ".hidden"},
		{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"},
		{"\"*:<>?\\|",
		 "\xef\x80\xa0\xef\x80\xa1\xef\x80\xa2\xef\x80\xa3\xef\x80\xa4"
		 "\xef\x80\xa5\xef\x80\xa6\xef\x80\xa7"},
		{"a.", "a\xef\x80\xa9"},
		{"a. ", "a.\xef\x80\xa8"},
		{"\x01\x1f", "\xef\x80\x81\xef\x80\x9f"},
		{"\x80\xff", "\xee\xbe\x80\xee\xbf\xbf"},
		{"\xc3", "\xee\xbf\x83"},
		/* a surrogate alone is a name, a pair of them is not UTF-8 */
		{"\xed\xa0\x80", "\xed\xa0\x80"},
		{"\xed\xa0\x80\xed\xb0\x80",
		 "\xed\xa0\x80\xee\xbf\xad\xee\xbe\xb0\xee\xbe\x80"},
	};
	char buffer[SHOWN_NAME_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_string_equal(shown_name(rows[i].disk, buffer),
				    rows[i].shown);
	}
}

/* What may have been shown so, and what was never. */
static void test_undone(void **state)
{
	static const struct {
		const char *shown;
		const char *disk; /* NULL: there is nothing to undo */
	} rows[] = {
		{"plain", NULL},
		{"a:b\\c.", NULL},
		{"", NULL},
		{"a\xef\x80\xa2"
		 "b",
		 "a:b"},
		{"dir\xef\x80\xa9/a\xef\x80\xa8", "dir./a "},
		{"\xef\x80\xa6", "\\"},
		{"\xef\x80\x81", "\x01"},
		{"\xee\xbe\x80\xee\xbf\xbf", "\x80\xff"},
		/* A period or a space is shown so at an end only. */
		{"\xef\x80\xa9holdfast", NULL},
		{"a\xef\x80\xa8"
		 "b",
		 NULL},
		/* Nothing leads to another directory. */
		{"\xef\x80\xa9", NULL},
		{".\xef\x80\xa9", NULL},
		{"a/.\xef\x80\xa9/b", NULL},
		{"..\xef\x80\xa9", "..."},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char out[64];
		bool undone = shown_name_undo(rows[i].shown, out);

		assert_int_equal(undone, rows[i].disk != NULL);
		if (undone) {
			assert_string_equal(out, rows[i].disk);
		}
	}
}

static void test_exact(void **state)
{
	char buffer[SHOWN_NAME_SIZE];
	const char *plain = "a:b\\c. ";

	assert_ptr_equal(shown_name_exact(plain, buffer), plain);
	assert_string_equal(shown_name_exact("a:\xff", buffer),
			    "a:\xee\xbf\xbf");
}

/* The longest name of the worst bytes fits, and survives UTF-16. */
static void test_longest(void **state)
{
	char disk[256];
	char buffer[SHOWN_NAME_SIZE];
	struct blob wire;
	char *back = NULL;

	memset(disk, 0xff, 255);
	disk[255] = '\0';
	assert_int_equal(strlen(shown_name(disk, buffer)), 3 * 255);
	assert_true(NT_STATUS_IS_OK(utf8_to_utf16(NULL, buffer, &wire)));
	assert_int_equal(wire.length, 2 * 255);
	assert_true(NT_STATUS_IS_OK(
		utf16_to_utf8(NULL, wire.data, wire.length, &back)));
	assert_string_equal(back, buffer);
	talloc_free(wire.data);
	talloc_free(back);
}

static void test_hash(void **state)
{
	assert_int_equal(shown_name_hash("Foo\xc3\xa4", 1),
			 shown_name_hash("fOO\xc3\x84", 1));
	assert_int_not_equal(shown_name_hash("foo", 1),
			     shown_name_hash("fop", 1));
	assert_int_not_equal(shown_name_hash("foo", 1),
			     shown_name_hash("foo", 2));
}

static bool any(const char *name, void *private_data)
{
	return true;
}

static void test_table(void **state)
{
	struct name_table *t = name_table_create(NULL);
	char name[32];

	for (uint32_t i = 0; i < 5000; i++) {
		snprintf(name, sizeof(name), "name-%u", i);
		/* Few hashes, so that the probing is long. */
		assert_true(NT_STATUS_IS_OK(name_table_add(t, i % 257, name)));
		assert_true(NT_STATUS_IS_OK(name_table_add(t, i % 257, name)));
	}
	for (uint32_t i = 0; i < 5000; i += 2) {
		snprintf(name, sizeof(name), "name-%u", i);
		name_table_remove(t, i % 257, name);
		name_table_remove(t, i % 257, name);
	}
	for (uint32_t i = 0; i < 5000; i++) {
		const char *found;

		snprintf(name, sizeof(name), "name-%u", i);
		found = name_table_lookup_exact(t, i % 257, name);
		assert_int_equal(found != NULL, i % 2 != 0);
	}
	assert_non_null(name_table_lookup(t, 5, any, NULL));
	assert_null(name_table_lookup(t, 300, any, NULL));
	/* Coming and going does not make it grow for ever. */
	for (uint32_t i = 0; i < 200000; i++) {
		snprintf(name, sizeof(name), "passing-%u", i);
		assert_true(NT_STATUS_IS_OK(name_table_add(t, i * 7919, name)));
		name_table_remove(t, i * 7919, name);
	}
	assert_true(name_table_bytes(t) < 1 << 20);
	talloc_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shown), cmocka_unit_test(test_undone),
		cmocka_unit_test(test_exact), cmocka_unit_test(test_longest),
		cmocka_unit_test(test_hash),  cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
