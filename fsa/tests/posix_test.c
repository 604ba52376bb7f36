/* fsa/tests/posix_test.c - names of POSIX opens, and descriptors in Unix terms.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "fsa/posix.h"

static void test_names(void **state)
{
	static const struct {
		const char *text;
		const char *path; /* NULL: refused */
		bool trailing;
	} rows[] = {
		{"", "", false},
		{"a", "a", false},
		{"a\\b", "a\\b", false},
		{"a\\\\b\\", "a\\b", true},
		{"a:b", "a:b", false},
		{"a/b", "a/b", false}, /* a backslash on disk */
		{"a.\\b ", "a.\\b ", false},
		{"...", "...", false},
		{".a", ".a", false},
		{"\x01*?<>|\"", "\x01*?<>|\"", false},
		{".", NULL, false},
		{"..", NULL, false},
		{"a\\..\\b", NULL, false},
		{"a\\.", NULL, false},
		{"\\a", NULL, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fsa_name name = {0};
		NTSTATUS status =
			fsa_posix_name_parse(NULL, rows[i].text, &name);

		assert_int_equal(NT_STATUS_IS_OK(status), rows[i].path != NULL);
		if (rows[i].path == NULL) {
			continue;
		}
		assert_string_equal(name.path, rows[i].path);
		assert_int_equal(name.trailing_backslash, rows[i].trailing);
		assert_null(name.stream);
		talloc_free((void *)(uintptr_t)name.path);
	}
}

static void test_longest(void **state)
{
	char text[300];
	struct fsa_name name;

	memset(text, 'n', sizeof(text));
	text[256] = '\0';
	assert_int_equal(fsa_posix_name_parse(NULL, text, &name).v,
			 NT_STATUS(OBJECT_NAME_INVALID).v);
	assert_false(fsa_posix_name_is_pattern(text));
	text[255] = '\0';
	assert_true(fsa_posix_name_is_pattern(text));
	assert_int_equal(fsa_posix_name_parse(NULL, text, &name).v, 0);
	talloc_free((void *)(uintptr_t)name.path);
	assert_false(fsa_posix_name_is_pattern(""));
	assert_false(fsa_posix_name_is_pattern("a/b"));
	assert_true(fsa_posix_name_is_pattern("a\\:b"));
}

static struct sid nfs(uint32_t kind, uint32_t value)
{
	const struct sid prefix = sid_make(5, 2, 88, kind);

	return sid_append(&prefix, value);
}

static void test_change(void **state)
{
	struct ace aces[2] = {{.sid = sid_everyone()},
			      {.sid = nfs(3, 0104755)}};
	struct security_descriptor sd = {
		.has_owner = true,
		.has_group = true,
		.has_dacl = true,
		.owner = nfs(1, 1000),
		.group = nfs(2, 100),
		.dacl = {.revision = 2, .count = 2, .aces = aces},
	};
	const uint32_t all = OWNER_SECURITY_INFORMATION |
			     GROUP_SECURITY_INFORMATION |
			     DACL_SECURITY_INFORMATION;
	struct fsa_unix_change c;

	assert_int_equal(fsa_posix_change(&sd, all, &c), all);
	assert_true(c.set_uid && c.set_gid && c.set_mode);
	assert_int_equal(c.uid, 1000);
	assert_int_equal(c.gid, 100);
	assert_int_equal(c.mode, 04755);
	/* Only what is asked for. */
	assert_int_equal(fsa_posix_change(&sd, DACL_SECURITY_INFORMATION, &c),
			 DACL_SECURITY_INFORMATION);
	assert_false(c.set_uid || c.set_gid);
	/* Others are ordinary ones: a kind that does not fit among them. */
	sd.owner = nfs(2, 1000);
	sd.group = sid_unix_group(100);
	sd.dacl.count = 1;
	assert_int_equal(fsa_posix_change(&sd, all, &c), 0);
	assert_false(c.set_uid || c.set_gid || c.set_mode);
	sd.has_dacl = false;
	assert_int_equal(fsa_posix_change(&sd, all, &c), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
