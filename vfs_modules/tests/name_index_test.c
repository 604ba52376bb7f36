/* vfs_modules/tests/name_index_test.c - the index of names stays true while
 * others change the directory, and spares scans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/utf16.h"
#include "vfs_modules/posix/casefold.h"
#include "vfs_modules/posix/name_index.h"

struct fixture {
	char path[64];
	int dir;
	TALLOC_CTX *mem_ctx;
	struct name_index *ix;
};

static int setup(void **state)
{
	struct fixture *fx = calloc(1, sizeof(*fx));

	assert_non_null(fx);
	/* In memory if that is possible: there are many files to be made. */
	snprintf(fx->path, sizeof(fx->path), "%s/name-index-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(fx->path));
	fx->dir = open(fx->path, O_PATH | O_DIRECTORY);
	assert_true(fx->dir >= 0);
	fx->mem_ctx = talloc_new(NULL);
	assert_true(NT_STATUS_IS_OK(name_index_create(
		fx->mem_ctx, tevent_context_init(fx->mem_ctx), &fx->ix)));
	*state = fx;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fx = *state;
	char command[128];

	talloc_free(fx->mem_ctx);
	close(fx->dir);
	snprintf(command, sizeof(command), "rm -rf %s", fx->path);
	assert_int_equal(system(command), 0);
	free(fx);
	return 0;
}

static void make(struct fixture *fx, const char *name)
{
	int fd = openat(fx->dir, name, O_CREAT | O_WRONLY, 0644);

	assert_true(fd >= 0);
	close(fd);
}

/* The name found, or NULL. */
static const char *find(struct fixture *fx, const char *name)
{
	static char found[NAME_MAX + 1];
	NTSTATUS status = name_index_find(fx->ix, fx->dir, name, found);

	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return NULL;
	}
	assert_string_equal(ntstatus_name(status), "NT_STATUS_SUCCESS");
	return found;
}

static void test_changes(void **state)
{
	struct fixture *fx = *state;
	char path[128];

	make(fx, "Alpha");
	assert_string_equal(find(fx, "ALPHA"), "Alpha");
	assert_null(find(fx, "beta"));
	make(fx, "Beta");
	assert_string_equal(find(fx, "beta"), "Beta");
	assert_int_equal(unlinkat(fx->dir, "Alpha", 0), 0);
	assert_null(find(fx, "alpha"));
	assert_int_equal(renameat(fx->dir, "Beta", fx->dir, "Gamma"), 0);
	assert_null(find(fx, "beta"));
	assert_string_equal(find(fx, "gamma"), "Gamma");
	assert_int_equal(linkat(fx->dir, "Gamma", fx->dir, "Delta", 0), 0);
	assert_string_equal(find(fx, "delta"), "Delta");
	assert_int_equal(symlinkat("x", fx->dir, "Link"), 0);
	assert_string_equal(find(fx, "LINK"), "Link");
	assert_int_equal(mkdirat(fx->dir, "Dir", 0755), 0);
	assert_string_equal(find(fx, "DIR"), "Dir");
	/* From and to another directory. */
	snprintf(path, sizeof(path), "%s/Dir/Moved", fx->path);
	assert_int_equal(renameat(fx->dir, "Gamma", AT_FDCWD, path), 0);
	assert_null(find(fx, "gamma"));
	assert_int_equal(renameat(AT_FDCWD, path, fx->dir, "Back"), 0);
	assert_string_equal(find(fx, "BACK"), "Back");
	/* Two scans: the look before there was an index, and its making. */
	assert_int_equal(name_index_scans(fx->ix), 2);
}

/* The exact name is preferred to others in another case. */
static void test_exact(void **state)
{
	struct fixture *fx = *state;

	make(fx, "a");
	make(fx, "A");
	for (int i = 0; i < 3; i++) {
		assert_string_equal(find(fx, "A"), "A");
		assert_string_equal(find(fx, "a"), "a");
	}
}

static void test_no_scans(void **state)
{
	struct fixture *fx = *state;
	char name[64];

	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "name-%d", i);
		make(fx, name);
	}
	for (int i = 2000; i < 4000; i++) {
		snprintf(name, sizeof(name), "name-%d", i);
		assert_null(find(fx, name));
		make(fx, name);
		snprintf(name, sizeof(name), "NAME-%d", i);
		assert_non_null(find(fx, name));
	}
	assert_int_equal(name_index_scans(fx->ix), 2);
}

/* More changes than the kernel queues: the index is made anew. */
static void test_overflow(void **state)
{
	struct fixture *fx = *state;
	char name[64];

	assert_null(find(fx, "x"));
	assert_null(find(fx, "x"));
	for (int i = 0; i < 20000; i++) {
		snprintf(name, sizeof(name), "n-%d", i);
		assert_int_equal(mknodat(fx->dir, name, S_IFREG | 0644, 0), 0);
	}
	assert_string_equal(find(fx, "N-1"), "n-1");
	assert_string_equal(find(fx, "N-19999"), "n-19999");
	assert_string_equal(find(fx, "N-19998"), "n-19998");
}

/* Another process changes the directory while we look. */
static void test_other_process(void **state)
{
	struct fixture *fx = *state;
	char name[64];
	int there[2];
	int back[2];
	pid_t pid;
	char c = 0;

	assert_int_equal(pipe(there), 0);
	assert_int_equal(pipe(back), 0);
	pid = fork();
	if (pid == 0) {
		for (int i = 0; i < 500; i++) {
			snprintf(name, sizeof(name), "Child-%d", i);
			if (mknodat(fx->dir, name, S_IFREG | 0644, 0) != 0 ||
			    write(there[1], &c, 1) != 1 ||
			    read(back[0], &c, 1) != 1) {
				_exit(1);
			}
		}
		_exit(0);
	}
	for (int i = 0; i < 500; i++) {
		assert_int_equal(read(there[0], &c, 1), 1);
		snprintf(name, sizeof(name), "cHILD-%d", i);
		assert_non_null(find(fx, name));
		snprintf(name, sizeof(name), "cHILD-%d", i + 1);
		assert_null(find(fx, name));
		assert_int_equal(write(back[1], &c, 1), 1);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(name_index_scans(fx->ix), 2);
}

/* A directory that is removed and made anew is another one. */
static void test_removed(void **state)
{
	struct fixture *fx = *state;

	make(fx, "Old");
	assert_non_null(find(fx, "old"));
	assert_non_null(find(fx, "old"));
	assert_int_equal(unlinkat(fx->dir, "Old", 0), 0);
	assert_int_equal(rmdir(fx->path), 0);
	assert_null(find(fx, "old"));
	assert_int_equal(mkdir(fx->path, 0755), 0);
	close(fx->dir);
	fx->dir = open(fx->path, O_PATH | O_DIRECTORY);
	make(fx, "New");
	assert_null(find(fx, "old"));
	assert_non_null(find(fx, "new"));
	assert_non_null(find(fx, "new"));
}

/* Without a watch every look is a scan, and right. */
static void test_no_inotify(void **state)
{
	struct fixture *fx = *state;
	struct rlimit old;
	struct rlimit none;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = old;
	none.rlim_cur = (rlim_t)dup(fx->dir) + 1;
	make(fx, "A");
	assert_null(find(fx, "b"));
	/* One descriptor is left, for the scan: none for inotify and a scan. */
	close((int)none.rlim_cur - 1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	for (int i = 0; i < 3; i++) {
		char found[NAME_MAX + 1];
		NTSTATUS status = name_index_find(fx->ix, fx->dir, "a", found);

		assert_true(NT_STATUS_IS_OK(status) ||
			    NT_STATUS_IS(status, TOO_MANY_OPENED_FILES));
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_string_equal(find(fx, "a"), "A");
}

/* Many directories: the longest unused are forgotten. */
static void test_many_directories(void **state)
{
	struct fixture *fx = *state;
	char found[NAME_MAX + 1];

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 100; i++) {
			char name[32];
			int dir;

			snprintf(name, sizeof(name), "dir-%d", i);
			if (round == 0) {
				assert_int_equal(mkdirat(fx->dir, name, 0755),
						 0);
			}
			dir = openat(fx->dir, name, O_PATH | O_DIRECTORY);
			assert_true(dir >= 0);
			for (int look = 0; look < 3; look++) {
				assert_string_equal(
					ntstatus_name(name_index_find(
						fx->ix, dir, "x", found)),
					"NT_STATUS_OBJECT_NAME_NOT_FOUND");
			}
			close(dir);
		}
	}
}

static bool says_yes(int dir)
{
	(void)dir;
	return true;
}

/* Where the file system finds names in any case its word is taken, for names
 * of which it is the last. */
static void test_casefold_word(void **state)
{
	struct fixture *fx = *state;

	make(fx, "Name");
	make(fx, "a:B");
	make(fx, "Bad-\xff");
	make(fx, "\U0001f6fb-New");
	name_index_set_casefold(fx->ix, says_yes);
	for (int i = 0; i < 3; i++) {
		assert_null(find(fx, "NAME"));
		assert_null(find(fx, "M\u00fcller-\u4e2d\u6587"));
	}
	assert_int_equal(name_index_scans(fx->ix), 0);
	assert_string_equal(find(fx, "A\uf022b"), "a:B");
	assert_string_equal(find(fx, "bad-\uefff"), "Bad-\xff");
	assert_string_equal(find(fx, "\U0001f6fb-nEW"), "\U0001f6fb-New");
	assert_int_equal(name_index_scans(fx->ix), 2);
}

/* A folder of tmpfs, ext4 or f2fs with names in any case, where the kernel and
 * the file system of HOLDFAST_CASEFOLD (or the usual one) have that. */
static bool make_casefold(struct fixture *fx)
{
	const char *base = getenv("HOLDFAST_CASEFOLD");
	unsigned int flags = 0;
	int fd;

	if (base != NULL) {
		assert_int_equal(rmdir(fx->path), 0);
		snprintf(fx->path, sizeof(fx->path), "%s/index-XXXXXX", base);
		assert_non_null(mkdtemp(fx->path));
		close(fx->dir);
		fx->dir = open(fx->path, O_PATH | O_DIRECTORY);
		assert_true(fx->dir >= 0);
	}
	fd = openat(fx->dir, ".", O_RDONLY | O_DIRECTORY);
	assert_true(fd >= 0);
	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0) {
		flags |= FS_CASEFOLD_FL;
		(void)ioctl(fd, FS_IOC_SETFLAGS, &flags);
	}
	close(fd);
	return casefold_is_on(fx->dir);
}

/* What name_index_find() relies on: the kernel finds what is the same to us. */
static void test_casefold_kernel(void **state)
{
	static const char *const names[][2] = {
		{"name", "NAME"},
		{"m\u00fcller", "M\u00dcLLER"},
		{"\u03c3\u03c2", "\u03a3\u03a3"},
		{"\u0434\u0430", "\u0414\u0430"},
		{"\U0001f600-\u4e2d-x", "\U0001f600-\u4e2d-X"},
	};
	struct fixture *fx = *state;
	char found[NAME_MAX + 1];
	struct stat st;

	assert_false(casefold_is_on(fx->dir));
	if (!make_casefold(fx)) {
		print_message("no casefold here\n");
		assert_null(getenv("HOLDFAST_CASEFOLD"));
		skip();
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(utf8_casecmp(names[i][0], names[i][1]), 0);
		assert_true(casefold_is_certain(names[i][0]));
		assert_null(find(fx, names[i][0]));
		make(fx, names[i][0]);
		assert_int_equal(fstatat(fx->dir, names[i][1], &st, 0), 0);
	}
	assert_int_equal(name_index_scans(fx->ix), 0);
	assert_true(NT_STATUS_IS_OK(
		name_index_spelling(fx->ix, fx->dir, "NAME", found)));
	assert_string_equal(found, "name");
	assert_int_equal(casefold_respell(fx->dir, "NAME", fx->dir, "NAME",
					  "Name", false),
			 0);
	assert_true(NT_STATUS_IS_OK(
		name_index_spelling(fx->ix, fx->dir, "NAME", found)));
	assert_string_equal(found, "Name");
	make(fx, "a:B");
	assert_string_equal(find(fx, "A\uf022b"), "a:B");
}

/* Another spelling of a name, and another name of the file. */
static void test_respell(void **state)
{
	struct fixture *fx = *state;
	int dir = fx->dir;

	make(fx, "name");
	assert_int_equal(casefold_respell(dir, "name", dir, "name", "NAME", 0),
			 0);
	assert_int_equal(faccessat(dir, "NAME", F_OK, 0), 0);
	assert_int_equal(linkat(dir, "NAME", dir, "link", 0), 0);
	assert_int_equal(casefold_respell(dir, "NAME", dir, "link", "link", 0),
			 -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(faccessat(dir, "NAME", F_OK, 0), 0);
	assert_int_equal(casefold_respell(dir, "NAME", dir, "link", "link", 1),
			 0);
	assert_int_equal(faccessat(dir, "link", F_OK, 0), 0);
	assert_int_equal(faccessat(dir, "NAME", F_OK, 0), -1);
	assert_int_equal(casefold_respell(dir, "none", dir, "link", "link", 1),
			 -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(mkdirat(dir, "dir", 0755), 0);
	assert_int_equal(casefold_respell(dir, "dir", dir, "dir", "Dir", 0), 0);
	assert_int_equal(unlinkat(dir, "Dir", AT_REMOVEDIR), 0);
	/* Nothing is left of what it was called for a moment. */
	assert_int_equal(unlinkat(dir, "link", 0), 0);
	assert_int_equal(unlinkat(AT_FDCWD, fx->path, AT_REMOVEDIR), 0);
	assert_int_equal(mkdir(fx->path, 0755), 0);
}

/* Each two characters that are one to us are one to the kernel. */
static void test_casefold_all(void **state)
{
	struct fixture *fx = *state;
	unsigned int pairs = 0;

	if (!make_casefold(fx)) {
		skip();
	}
	for (uint32_t c = 0x80; c <= 0xffff; c++) {
		char lower[5] = {0}, upper[5] = {0};
		struct stat st;

		if (utf16_upcase(c) == c) {
			continue;
		}
		utf8_put(c, lower);
		utf8_put(utf16_upcase(c), upper);
		if (!casefold_is_certain(lower) &&
		    !casefold_is_certain(upper)) {
			continue;
		}
		make(fx, lower);
		assert_int_equal(fstatat(fx->dir, upper, &st, 0), 0);
		assert_int_equal(unlinkat(fx->dir, lower, 0), 0);
		pairs++;
	}
	assert_true(pairs > 300);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_changes),	  TEST(test_exact),
		TEST(test_no_scans),	  TEST(test_overflow),
		TEST(test_other_process), TEST(test_removed),
		TEST(test_no_inotify),	  TEST(test_many_directories),
		TEST(test_casefold_word), TEST(test_casefold_kernel),
		TEST(test_respell),	  TEST(test_casefold_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
