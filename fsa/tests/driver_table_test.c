/* fsa/tests/driver_table_test.c - what a driver may leave out, and may not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>
#include <sys/stat.h>

#include "fsa/driver_table.h"

#define IS(status, name)                                                       \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_" name)

static void test_drivers_are_complete(void **state)
{
	const struct fsa_driver *const *d = fsa_drivers_linked_in();

	assert_non_null(*d);
	for (; *d != NULL; d++) {
		assert_null(driver_table_missing(*d));
	}
}

static void test_missing_is_named(void **state)
{
	struct fsa_driver d = fsa_posix_driver;

	d.scan_lookup = NULL;
	assert_string_equal(driver_table_missing(&d), "scan_lookup");
	d = (struct fsa_driver){.name = "nothing"};
	assert_string_equal(driver_table_missing(&d), "mount");
}

/* Nothing that a driver has is taken from it. */
static void test_own_stay(void **state)
{
	const struct fsa_driver t = driver_table_complete(&fsa_posix_driver);

	assert_memory_equal(&t, &fsa_posix_driver, sizeof(t));
}

static void test_left_out(void **state)
{
	const struct fsa_driver none = {.name = "little"};
	const struct fsa_driver t = driver_table_complete(&none);
	struct fsa_node file = {.proven = FILE_READ_DATA};
	struct fsa_node dir = {.directory = true};
	struct security_descriptor sd;
	struct fsa_unix un;
	uint32_t rights = 0;

	assert_int_equal(t.rights(&file), FILE_READ_DATA);
	IS(t.upgrade(&file, FILE_WRITE_DATA), "SUCCESS");
	IS(t.flush(&file, NULL), "SUCCESS");
	IS(t.reserve(&file, 1), "SUCCESS");
	IS(t.get_unix(&file, &un), "SUCCESS");
	assert_true(S_ISREG(un.mode));
	IS(t.get_unix(&dir, &un), "SUCCESS");
	assert_true(S_ISDIR(un.mode));
	IS(t.get_descriptor(NULL, &file, &sd), "NOT_FOUND");
	IS(t.get_parent_descriptor(NULL, &file, &sd, &rights), "NOT_FOUND");
	assert_int_equal(rights, FILE_LIST_DIRECTORY | FILE_DELETE_CHILD);
	/* What cannot be done is not said to be. */
	IS(t.set_descriptor(&file, NULL), "NOT_SUPPORTED");
	IS(t.link(&file, "x", false), "NOT_SUPPORTED");
	assert_null(t.stream_open);
	assert_null(t.get_record);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drivers_are_complete),
		cmocka_unit_test(test_missing_is_named),
		cmocka_unit_test(test_own_stay),
		cmocka_unit_test(test_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
