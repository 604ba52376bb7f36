/* smbd/tests/dot_names_test.c - "." and ".." in paths: [MS-FSCC] 2.1.5.1. */
#include "smbd/dot_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

struct row {
	const char *path, *resolved; /* NULL: INVALID_PARAMETER */
};

static void test_paths(void **state)
{
	static const struct row rows[] = {
		/* of the specification */
		{"dirA\\.\\dirB", "dirA\\dirB"},
		{"dirA\\dirB\\..\\dirC", "dirA\\dirC"},
		{"..\\dirA", "dirA"},
		{"x\\..\\y.txt", NULL}, /* note 303 */
		{"x/../y.txt", NULL},
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
		{"..", ""},
		{"..\\..", ""},
		{".\\.", ""},
		{".\\", ""},
		{"a\\.", "a"},
		{"a\\..", ""},
		{"a\\b\\.", "a\\b"},
		{"a\\b\\..", "a"},
		{"a\\b\\..\\", "a\\"},
		{"a\\b\\..\\..", ""},
		/* never above the root */
		{"..\\..\\..\\etc", "etc"},
		{"a\\b\\..\\..\\..\\..\\etc\\passwd", "etc\\passwd"},
		{".\\..\\..\\etc", "etc"},
		{".\\a\\..\\b", "b"},
		{"a\\\\..\\b", "b"},
		{"../../etc", "etc"},
		/* the root of nothing */
		{"\\", NULL},
		{"\\a", NULL},
		{"/a", NULL},
		{"\\..", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[64];
		NTSTATUS status;

		strcpy(path, rows[i].path);
		status = dot_names_resolve(path);
		if (rows[i].resolved == NULL) {
			assert_string_equal(ntstatus_name(status),
					    "NT_STATUS_INVALID_PARAMETER");
		} else {
			assert_true(NT_STATUS_IS_OK(status));
			assert_string_equal(path, rows[i].resolved);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_paths)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
