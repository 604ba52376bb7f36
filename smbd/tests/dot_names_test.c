/* smbd/tests/dot_names_test.c - "." and ".." in paths: [MS-FSCC] 2.1.5.1. */
#include "smbd/dot_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define BAD(status) ("NT_STATUS_" #status)

struct row {
	const char *path;
	const char *result; /* the path resolved, or BAD(status) */
};

static void test_paths(void **state)
{
	static const struct row rows[] = {
		/* of the specification */
		{"dirA\\.\\dirB", "dirA\\dirB"},
		{"dirA\\dirB\\..\\dirC", "dirA\\dirC"},
		{"..\\dirA", "dirA"},
		{"x\\..\\y.txt", BAD(INVALID_PARAMETER)}, /* note 303 */
		{"x/../y.txt", BAD(INVALID_PARAMETER)},
		/* nothing to do */
		{"", ""},
		{"a", "a"},
		{"a\\b", "a\\b"},
		{"a\\", "a\\"},
		{"a\\\\b", "a\\\\b"},
		{".a", ".a"},
		{"a.", "a."},
		{"...", "..."},
		{"a\\..b\\c..\\.d", "a\\..b\\c..\\.d"},
		{"a:..", "a:.."},
		/* alone, and at the end */
		{".", ""},
		{"..", BAD(OBJECT_PATH_SYNTAX_BAD)},
		{"..\\..", BAD(OBJECT_PATH_SYNTAX_BAD)},
		{".\\.", ""},
		{".\\", ""},
		{"a\\.", "a"},
		{"a\\..", ""},
		{"a\\b\\.", "a\\b"},
		{"a\\b\\..", "a"},
		{"a\\b\\..\\", "a\\"},
		{"a\\b\\..\\..", ""},
		{"..\\..\\", ""},
		{"a\\b\\..\\..\\..", BAD(OBJECT_PATH_SYNTAX_BAD)},
		/* never above the root */
		{"..\\..\\..\\etc", "etc"},
		{"a\\b\\..\\..\\..\\..\\etc\\passwd", "etc\\passwd"},
		{".\\..\\..\\etc", "etc"},
		{".\\a\\..\\b", "b"},
		{"a\\\\..\\b", "b"},
		{"../../etc", "etc"},
		/* the root of nothing */
		{"\\", BAD(INVALID_PARAMETER)},
		{"\\a", BAD(INVALID_PARAMETER)},
		{"/a", BAD(INVALID_PARAMETER)},
		{"\\..", BAD(INVALID_PARAMETER)},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[64];
		NTSTATUS status;

		strcpy(path, rows[i].path);
		status = dot_names_resolve(path);
		assert_string_equal(
			NT_STATUS_IS_OK(status) ? path : ntstatus_name(status),
			rows[i].result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_paths)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
