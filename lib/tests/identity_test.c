/* lib/tests/identity_test.c - whose rights are in force. */
#include "lib/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const gid_t groups[] = {54321};
static const struct identity alice = {
	.uid = 12345, .gid = 23456, .ngroups = 1, .groups = groups};
static const struct identity bob = {.uid = 12346, .gid = 23457};

static char dir[] = "/tmp/holdfast-identity-test.XXXXXX";
static char secret[64]; /* root's, mode 0600 */
static char shared[64]; /* of group 54321, mode 0640 */

static void make_file(char *path, size_t size, const char *name, gid_t gid,
		      mode_t mode)
{
	int fd;

	snprintf(path, size, "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, mode);
	assert_true(fd >= 0);
	assert_int_equal(fchown(fd, (uid_t)-1, gid), 0);
	close(fd);
}

static int setup(void **unused)
{
	if (mkdtemp(dir) == NULL || chmod(dir, 0755) != 0) {
		return -1;
	}
	if (geteuid() == 0) {
		make_file(secret, sizeof(secret), "secret", 0, 0600);
		make_file(shared, sizeof(shared), "shared", 54321, 0640);
	}
	return 0;
}

static int teardown(void **unused)
{
	identity_drop();
	if (geteuid() == 0) {
		unlink(secret);
		unlink(shared);
	}
	return rmdir(dir);
}

static int open_errno(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd < 0) {
		return errno;
	}
	close(fd);
	return 0;
}

static void test_the_kernel_checks_the_users_rights(void **unused)
{
	if (geteuid() != 0) {
		skip();
	}
	assert_int_equal(open_errno(secret), 0);
	identity_assume(&alice);
	assert_int_equal(open_errno(secret), EACCES);
	assert_int_equal(open_errno(shared), 0);
	identity_assume(&bob);
	assert_int_equal(open_errno(shared), EACCES);
	identity_drop();
	assert_int_equal(open_errno(secret), 0);
}

static void test_saved_is_the_process_itself(void **unused)
{
	if (geteuid() != 0) {
		skip();
	}
	identity_assume(&bob);
	identity_save();
	assert_false(identity_is(&bob));
	assert_int_equal(open_errno(secret), 0);
	identity_restore();
	assert_true(identity_is(&bob));
	assert_int_equal(open_errno(secret), EACCES);
	identity_drop();
}

static void test_compared_by_value(void **unused)
{
	gid_t other_groups[] = {54321};
	struct identity same = alice;

	same.groups = other_groups;
	identity_assume(&same);
	assert_true(identity_is(&alice));
	/* The caller's memory may change after: a copy is in force. */
	other_groups[0] = 1;
	assert_true(identity_is(&alice));
	assert_false(identity_is(&same));
	assert_false(identity_is(&bob));
	identity_drop();
	assert_false(identity_is(&alice));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_kernel_checks_the_users_rights),
		cmocka_unit_test(test_saved_is_the_process_itself),
		cmocka_unit_test(test_compared_by_value),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
