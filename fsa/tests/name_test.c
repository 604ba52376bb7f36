/* fsa/tests/name_test.c - names ([MS-FSCC] 2.1.5) and patterns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "fsa/name.h"

static void test_good_names(void **state)
{
	static const struct {
		const char *text;
		const char *path;
		enum fsa_stream_type type;
		bool trailing;
		const char *stream;
	} rows[] = {
		{"a:b", "a", FSA_STREAM_UNSAID, false, "b"},
		{"a:b:$DATA", "a", FSA_STREAM_DATA, false, "b"},
		{"a\\b:c*?<>|\"\x01. ", "a\\b", FSA_STREAM_UNSAID, false,
		 "c*?<>|\"\x01. "},
		{":b", "", FSA_STREAM_UNSAID, false, "b"},
		{"a:$I30", "a", FSA_STREAM_UNSAID, false, "$I30"},
		{"a:$DATA", "a", FSA_STREAM_UNSAID, false, "$DATA"},
		{"", "", FSA_STREAM_UNSAID, false, NULL},
		{"a", "a", FSA_STREAM_UNSAID, false, NULL},
		{"a\\b c\\d.e", "a\\b c\\d.e", FSA_STREAM_UNSAID, false, NULL},
		{"a\\", "a", FSA_STREAM_UNSAID, true, NULL},
		{"a\\\\b", "a\\b", FSA_STREAM_UNSAID, false, NULL},
		{".hidden", ".hidden", FSA_STREAM_UNSAID, false, NULL},
		{"...", "...", FSA_STREAM_UNSAID, false, NULL},
		{"a.", "a.", FSA_STREAM_UNSAID, false, NULL},
		{"a \\b ", "a \\b ", FSA_STREAM_UNSAID, false, NULL},
		{"a/b\\/c", "a\\b\\c", FSA_STREAM_UNSAID, false, NULL},
		{"a/", "a", FSA_STREAM_UNSAID, true, NULL},
		{"...x", "...x", FSA_STREAM_UNSAID, false, NULL},
		{"a:$I30:$INDEX_ALLOCATION\\b", "a\\b", FSA_STREAM_UNSAID,
		 false, NULL},
		{"a::$index_allocation\\b:$I30\\c:d", "a\\b\\c",
		 FSA_STREAM_UNSAID, false, "d"},
		{"a::$INDEX_ALLOCATION\\", "a", FSA_STREAM_UNSAID, true, NULL},
		{"a::$DATA", "a", FSA_STREAM_DATA, false, NULL},
		{"a::$data", "a", FSA_STREAM_DATA, false, NULL},
		{"a::$INDEX_ALLOCATION", "a", FSA_STREAM_INDEX, false, NULL},
		{"a:$I30:$INDEX_ALLOCATION", "a", FSA_STREAM_INDEX, false,
		 NULL},
		{"gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f", FSA_STREAM_UNSAID,
		 false, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TALLOC_CTX *ctx = talloc_new(NULL);
		struct fsa_name n;

		assert_true(
			NT_STATUS_IS_OK(fsa_name_parse(ctx, rows[i].text, &n)));
		assert_string_equal(n.path, rows[i].path);
		assert_int_equal(n.type, rows[i].type);
		assert_int_equal(n.trailing_backslash, rows[i].trailing);
		assert_int_equal(n.stream != NULL, rows[i].stream != NULL);
		if (n.stream != NULL) {
			assert_string_equal(n.stream, rows[i].stream);
		}
		talloc_free(ctx);
	}
}

static void test_bad_names(void **state)
{
	static const char *const names[] = {
		".",	      "..",    "a\\..",	 "..\\a", "a\\.\\b",
		"a/..",	      "a*b",   "a?",	 "a<b",	  "a>b",
		"a|b",	      "a\"b",  "a\x01",	 "a:",	  ":",
		"a:b:$DATA:", "a:b/c", "a::",	 "a::$X", "a::$DATA\\b",
		"a:$I30x\\b", "a:\\b", "a:b\\c",
	};
	TALLOC_CTX *ctx = talloc_new(NULL);
	char name[300];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct fsa_name n = {.path = "untouched"};
		NTSTATUS status = fsa_name_parse(ctx, names[i], &n);

		assert_string_equal(ntstatus_name(status),
				    "NT_STATUS_OBJECT_NAME_INVALID");
		assert_string_equal(n.path, "untouched");
	}
	memset(name, 'x', sizeof(name));
	name[255] = '\0';
	assert_true(NT_STATUS_IS_OK(
		fsa_name_parse(ctx, name, &(struct fsa_name){0})));
	name[255] = 'x';
	name[256] = '\0';
	assert_false(NT_STATUS_IS_OK(
		fsa_name_parse(ctx, name, &(struct fsa_name){0})));
	/* [MS-SMB2] 3.3.5.9 */
	assert_string_equal(ntstatus_name(fsa_name_parse(
				    ctx, "\\a", &(struct fsa_name){0})),
			    "NT_STATUS_INVALID_PARAMETER");
	talloc_free(ctx);
}

static void test_patterns(void **state)
{
	assert_true(fsa_name_is_pattern("*"));
	assert_true(fsa_name_is_pattern("<.>\"?"));
	assert_true(fsa_name_is_pattern("."));
	assert_true(fsa_name_is_pattern(".."));
	assert_false(fsa_name_is_pattern(""));
	assert_false(fsa_name_is_pattern("a\\*"));
	assert_false(fsa_name_is_pattern("a/*"));
	assert_false(fsa_name_is_pattern("a:*"));
	assert_false(fsa_name_is_pattern("a|*"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_names),
		cmocka_unit_test(test_bad_names),
		cmocka_unit_test(test_patterns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
