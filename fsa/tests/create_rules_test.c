/* fsa/tests/create_rules_test.c - the decisions of [MS-FSA] 2.1.5.1 and of
 * access masks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "fsa/access.h"
#include "fsa/create_rules.h"

#define GOOD                                                                   \
	{                                                                      \
		.desired_access = FILE_READ_DATA, .disposition = FILE_OPEN     \
	}

static void assert_name(NTSTATUS status, const char *name)
{
	assert_string_equal(ntstatus_name(status), name);
}

static void test_parameters(void **state)
{
	struct fsa_create c = GOOD;

	assert_name(create_check_parameters(&c), "NT_STATUS_SUCCESS");
	c.share_access = 8;
	assert_name(create_check_parameters(&c), "NT_STATUS_INVALID_PARAMETER");
	c = (struct fsa_create)GOOD;
	c.disposition = 6;
	assert_name(create_check_parameters(&c), "NT_STATUS_INVALID_PARAMETER");
	c = (struct fsa_create)GOOD;
	c.options = FILE_OPEN_BY_FILE_ID;
	assert_name(create_check_parameters(&c), "NT_STATUS_NOT_SUPPORTED");
	c.options = FILE_DIRECTORY_FILE | FILE_NON_DIRECTORY_FILE;
	assert_name(create_check_parameters(&c), "NT_STATUS_INVALID_PARAMETER");
	c.options = 0x01000000;
	assert_name(create_check_parameters(&c), "NT_STATUS_INVALID_PARAMETER");
	c.options = FILE_DIRECTORY_FILE;
	c.disposition = FILE_OVERWRITE;
	assert_name(create_check_parameters(&c), "NT_STATUS_INVALID_PARAMETER");
	c = (struct fsa_create)GOOD;
	c.desired_access = 0;
	assert_name(create_check_parameters(&c), "NT_STATUS_ACCESS_DENIED");
	c.desired_access = 0x00200000;
	assert_name(create_check_parameters(&c), "NT_STATUS_ACCESS_DENIED");
	c = (struct fsa_create)GOOD;
	c.options = FILE_DELETE_ON_CLOSE;
	assert_name(create_check_parameters(&c), "NT_STATUS_INVALID_PARAMETER");
	c.desired_access = GENERIC_ALL;
	assert_name(create_check_parameters(&c), "NT_STATUS_SUCCESS");
	c = (struct fsa_create)GOOD;
	c.file_attributes = 0x8;
	assert_name(create_check_parameters(&c), "NT_STATUS_INVALID_PARAMETER");
}

static void test_courses(void **state)
{
	enum create_course course = COURSE_OPEN;

	assert_name(create_get_course(FILE_CREATE, true, &course),
		    "NT_STATUS_OBJECT_NAME_COLLISION");
	assert_name(create_get_course(FILE_OPEN, false, &course),
		    "NT_STATUS_OBJECT_NAME_NOT_FOUND");
	assert_name(create_get_course(FILE_OVERWRITE_IF, true, &course),
		    "NT_STATUS_SUCCESS");
	assert_int_equal(course, COURSE_OVERWRITE);
	assert_name(create_get_course(FILE_OVERWRITE_IF, false, &course),
		    "NT_STATUS_SUCCESS");
	assert_int_equal(course, COURSE_MAKE);
	assert_int_equal(create_get_action(COURSE_SUPERSEDE), FILE_SUPERSEDED);
	assert_int_equal(create_get_action(COURSE_MAKE), FILE_CREATED);
}

static void test_generic(void **state)
{
	assert_int_equal(access_expand(GENERIC_ALL), FILE_ALL_ACCESS);
	assert_int_equal(access_expand(GENERIC_READ | DELETE_ACCESS),
			 FILE_GENERIC_READ | DELETE_ACCESS);
	assert_int_equal(access_expand(MAXIMUM_ALLOWED), MAXIMUM_ALLOWED);
}

static void test_grant(void **state)
{
	uint32_t granted = 7;

	assert_name(access_grant(FILE_READ_DATA, FILE_GENERIC_READ,
				 FILE_ALL_ACCESS, &granted),
		    "NT_STATUS_SUCCESS");
	assert_int_equal(granted, FILE_READ_DATA);
	assert_name(access_grant(FILE_WRITE_DATA, FILE_GENERIC_READ,
				 FILE_ALL_ACCESS, &granted),
		    "NT_STATUS_ACCESS_DENIED");
	assert_int_equal(granted, FILE_READ_DATA);
	assert_name(access_grant(FILE_WRITE_DATA, FILE_ALL_ACCESS,
				 FSA_READ_ONLY_ACCESS, &granted),
		    "NT_STATUS_ACCESS_DENIED");
	assert_name(access_grant(MAXIMUM_ALLOWED, FILE_ALL_ACCESS,
				 FSA_READ_ONLY_ACCESS, &granted),
		    "NT_STATUS_SUCCESS");
	assert_int_equal(granted, FSA_READ_ONLY_ACCESS);
	/* What is named besides MAXIMUM_ALLOWED must be there. */
	assert_name(access_grant(MAXIMUM_ALLOWED | WRITE_DAC, FILE_GENERIC_READ,
				 FILE_ALL_ACCESS, &granted),
		    "NT_STATUS_ACCESS_DENIED");
	assert_name(access_grant(ACCESS_SYSTEM_SECURITY, FILE_ALL_ACCESS,
				 FILE_ALL_ACCESS, &granted),
		    "NT_STATUS_PRIVILEGE_NOT_HELD");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_courses),
		cmocka_unit_test(test_generic),
		cmocka_unit_test(test_grant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
