/* vfs_modules/tests/stepwise_test.c - without openat2() nothing leads out of
 * the folder either. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vfs_modules/posix/stepwise.h"

struct folder {
	char path[64];
	int root;
};

static int setup(void **state)
{
	struct folder *f = calloc(1, sizeof(*f));

	snprintf(f->path, sizeof(f->path), "/tmp/stepwise_test.XXXXXX");
	assert_non_null(mkdtemp(f->path));
	f->root = open(f->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_not_equal(f->root, -1);
	assert_int_equal(mkdirat(f->root, "dir", 0700), 0);
	assert_int_equal(symlinkat("/etc", f->root, "out"), 0);
	assert_int_equal(symlinkat("dir", f->root, "in"), 0);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct folder *f = *state;

	unlinkat(f->root, "dir/file", 0);
	unlinkat(f->root, "dir", AT_REMOVEDIR);
	unlinkat(f->root, "out", 0);
	unlinkat(f->root, "in", 0);
	close(f->root);
	rmdir(f->path);
	free(f);
	return 0;
}

static void opens(int root, const char *path, int flags)
{
	int fd = stepwise_openat(root, path, flags, 0600);

	assert_int_not_equal(fd, -1);
	close(fd);
}

static void refuses(int root, const char *path, int flags, int err)
{
	errno = 0;
	assert_int_equal(stepwise_openat(root, path, flags, 0600), -1);
	assert_int_equal(errno, err);
}

static void test_what_is_there_opens(void **state)
{
	int root = ((struct folder *)*state)->root;

	opens(root, ".", O_RDONLY);
	opens(root, "dir", O_RDONLY | O_DIRECTORY);
	opens(root, "dir/", O_PATH);
	opens(root, "dir/file", O_RDWR | O_CREAT | O_EXCL);
	opens(root, "dir//file", O_RDONLY);
	refuses(root, "dir/file", O_RDWR | O_CREAT | O_EXCL, EEXIST);
	refuses(root, "dir/none", O_RDONLY, ENOENT);
	refuses(root, "none/file", O_RDONLY, ENOENT);
	refuses(root, "dir/file/below", O_RDONLY, ENOTDIR);
}

static void test_nothing_leads_out(void **state)
{
	int root = ((struct folder *)*state)->root;

	refuses(root, "..", O_PATH, EXDEV);
	refuses(root, "dir/../..", O_PATH, EXDEV);
	refuses(root, "../tmp", O_PATH, EXDEV);
	refuses(root, "/etc/passwd", O_RDONLY, EXDEV);
	refuses(root, "out/passwd", O_RDONLY, ELOOP);
	refuses(root, "out", O_PATH, ELOOP);
	refuses(root, "out", O_RDONLY, ELOOP);
}

static void test_no_symlink_is_followed(void **state)
{
	int root = ((struct folder *)*state)->root;

	refuses(root, "in/file", O_RDONLY, ELOOP);
	refuses(root, "in", O_PATH, ELOOP);
	opens(root, "in", O_PATH | O_NOFOLLOW); /* the link itself */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_there_opens),
		cmocka_unit_test(test_nothing_leads_out),
		cmocka_unit_test(test_no_symlink_is_followed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
