/* vfs_modules/tests/recycle_test.c - which files recycle keeps, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "vfs_modules/recycle/recycle.h"

static const char *const none[] = {NULL};
static const char *const temps[] = {"*.tmp", "~$*", NULL};
static const char *const dirs[] = {"/tmp", "cache/", "a/*/x", "/", NULL};

static struct recycle_config config(void)
{
	return (struct recycle_config){
		.exclude = none, .exclude_dir = none, .no_versions = none};
}

static void check_repository(const char *text, const char *want)
{
	char *got = NULL;
	NTSTATUS status = recycle_repository(NULL, text, &got);

	if (want == NULL) {
		assert_true(NT_STATUS_IS(status, INVALID_PARAMETER));
		return;
	}
	assert_true(NT_STATUS_IS_OK(status));
	assert_string_equal(got, want);
	talloc_free(got);
}

static void test_the_repository_is_in_the_share(void **unused)
{
	check_repository(".recycle", ".recycle");
	check_repository("/bin//of/./nobody/", "bin\\of\\nobody");
	check_repository("../bin", NULL);
	check_repository("bin/../..", NULL);
	check_repository("", NULL);
	check_repository("/", NULL);
}

static void test_what_is_kept(void **unused)
{
	struct recycle_config c = config();
	struct recycle r = {.config = &c, .repository = ".recycle\\u"};

	assert_true(recycle_wants(&r, "a", 0));
	assert_false(recycle_wants(&r, ".recycle\\u\\a", 0));
	assert_false(recycle_wants(&r, ".RECYCLE\\U\\a", 0));
	assert_true(recycle_wants(&r, ".recycle\\uu\\a", 0));
	c.exclude = temps;
	assert_false(recycle_wants(&r, "d\\A.TMP", 0));
	assert_false(recycle_wants(&r, "~$x", 0));
	assert_true(recycle_wants(&r, "tmp", 0));
	c.min_size = 10;
	c.max_size = 20;
	assert_false(recycle_wants(&r, "a", 9));
	assert_true(recycle_wants(&r, "a", 10));
	assert_true(recycle_wants(&r, "a", 20));
	assert_false(recycle_wants(&r, "a", 21));
}

static void test_folders_that_are_left_out(void **unused)
{
	struct recycle_config c = config();
	struct recycle r = {.config = &c, .repository = "bin"};

	c.exclude_dir = dirs;
	assert_false(recycle_wants(&r, "tmp\\a", 0));
	assert_false(recycle_wants(&r, "TMP\\b\\a", 0));
	assert_true(recycle_wants(&r, "tmp2\\a", 0));
	assert_true(recycle_wants(&r, "tmp", 0));
	assert_false(recycle_wants(&r, "cache\\a", 0));
	assert_false(recycle_wants(&r, "a\\b\\x\\f", 0));
	assert_true(recycle_wants(&r, "a\\b\\y\\f", 0));
	assert_true(recycle_wants(&r, "a", 0));
}

static void check_name(const struct recycle *r, const char *name,
		       unsigned int n, const char *want)
{
	char *got = recycle_name(NULL, r, name, n);

	assert_string_equal(got, want);
	talloc_free(got);
}

static void test_names(void **unused)
{
	struct recycle_config c = config();
	struct recycle r = {.config = &c, .repository = "bin"};

	check_name(&r, "d\\e\\a.txt", 0, "bin\\a.txt");
	check_name(&r, "d\\e\\a.txt", 2, "bin\\Copy #2 of a.txt");
	c.keep_tree = true;
	check_name(&r, "d\\e\\a.txt", 0, "bin\\d\\e\\a.txt");
	check_name(&r, "d\\e\\a.txt", 1, "bin\\d\\e\\Copy #1 of a.txt");
	check_name(&r, "a.txt", 0, "bin\\a.txt");
	assert_false(recycle_has_versions(&r, "a"));
	c.versions = true;
	assert_true(recycle_has_versions(&r, "d\\a"));
	c.no_versions = temps;
	assert_false(recycle_has_versions(&r, "d\\a.tmp"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_repository_is_in_the_share),
		cmocka_unit_test(test_what_is_kept),
		cmocka_unit_test(test_folders_that_are_left_out),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
