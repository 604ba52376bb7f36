/* vfs_modules/tests/quota_test.c - disk quotas, as the kernel keeps them: on an
 * ext4 image of its own, where this machine can mount one; or in the folder
 * HOLDFAST_QUOTA_DIR, which is on a file system with quotas turned on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vfs_modules/posix/posix.h"

#define DRIVER (&fsa_posix_driver)
#define IS(status, name)                                                       \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_" name)

#define SOMEBODY 54321
#define MIB	 (1024u * 1024)

struct place {
	char dir[PATH_MAX];
	char image[PATH_MAX]; /* "": none of ours */
	bool has_quotas;
	struct tevent_context *ev;
	struct fsa_driver_env env;
	struct fsa_mount *mount;
};

static bool run(const char *format, const char *a, const char *b)
{
	char command[3 * PATH_MAX];

	snprintf(command, sizeof(command), format, a, b);
	return system(command) == 0;
}

static void find_place(struct place *p)
{
	const char *given = getenv("HOLDFAST_QUOTA_DIR");

	snprintf(p->dir, sizeof(p->dir), "/var/tmp/quota_test.XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	if (given != NULL) {
		rmdir(p->dir);
		snprintf(p->dir, sizeof(p->dir), "%s", given);
		p->has_quotas = true;
		return;
	}
	if (geteuid() != 0) {
		return;
	}
	snprintf(p->image, sizeof(p->image), "%.*s.img", PATH_MAX - 8, p->dir);
	p->has_quotas = run("truncate -s 32M %s && mkfs.ext4 -q -O quota %s",
			    p->image, p->image) &&
			run("mount -o loop,usrquota %s %s 2>/dev/null",
			    p->image, p->dir);
}

static int setup(void **state)
{
	struct place *p = talloc_zero(NULL, struct place);
	struct fsa_volume_params params = {.share_name = "s"};
	void *driver_state = NULL;

	assert_non_null(p);
	find_place(p);
	p->env.ev = tevent_context_init(p);
	assert_non_null(p->env.ev);
	params.path = p->dir;
	IS(DRIVER->start(p, &p->env, NULL, &driver_state), "SUCCESS");
	IS(DRIVER->mount(p, driver_state, &params, &p->mount), "SUCCESS");
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	struct place *p = *state;

	TALLOC_FREE(p->mount);
	if (p->has_quotas && *p->image != '\0') {
		run("umount %s%s", p->dir, "");
	}
	if (*p->image != '\0') {
		unlink(p->image);
	}
	rmdir(p->dir);
	talloc_free(p);
	return 0;
}

static void need_quotas(const struct place *p)
{
	if (!p->has_quotas) {
		print_message("no file system with quotas can be mounted\n");
		skip();
	}
}

static void make_file(const struct place *p, size_t size)
{
	char path[PATH_MAX + 8];
	char *bytes = calloc(1, size);
	FILE *f;

	snprintf(path, sizeof(path), "%s/f", p->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	memset(bytes, 'x', size);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	assert_int_equal(fsync(fileno(f)), 0);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chown(path, SOMEBODY, SOMEBODY), 0);
	free(bytes);
}

/* A file system that keeps none says so. */
static void test_none(void **state)
{
	struct place *p = *state;
	bool enforced;

	if (p->has_quotas) {
		skip();
	}
	IS(DRIVER->quota_state(p->mount, &enforced), "NOT_SUPPORTED");
}

static void test_get_and_set(void **state)
{
	struct place *p = *state;
	struct fsa_quota q = {
		.uid = SOMEBODY, .soft = MIB, .hard = 2 * MIB + 1};
	bool enforced = false;

	need_quotas(p);
	make_file(p, 100000);
	IS(DRIVER->quota_state(p->mount, &enforced), "SUCCESS");
	assert_true(enforced);
	IS(DRIVER->set_quota(p->mount, &q), "SUCCESS");
	memset(&q, 0, sizeof(q));
	IS(DRIVER->get_quota(p->mount, SOMEBODY, false, &q), "SUCCESS");
	assert_int_equal(q.uid, SOMEBODY);
	assert_true(q.used >= 100000 && q.used < 200000);
	assert_int_equal(q.soft, MIB);
	assert_int_equal(q.hard, 2 * MIB + 1024); /* whole blocks */
	q.soft = q.hard = FSA_QUOTA_NONE;
	IS(DRIVER->set_quota(p->mount, &q), "SUCCESS");
	IS(DRIVER->get_quota(p->mount, SOMEBODY, false, &q), "SUCCESS");
	assert_true(q.soft == FSA_QUOTA_NONE && q.hard == FSA_QUOTA_NONE);
}

/* All who have any, in the order of their ids, and then no more. */
static void test_enumerate(void **state)
{
	struct place *p = *state;
	struct fsa_quota q;
	uid_t uid = 0;
	bool seen = false;
	NTSTATUS status;

	need_quotas(p);
	make_file(p, 4096);
	while (NT_STATUS_IS_OK(
		status = DRIVER->get_quota(p->mount, uid, true, &q))) {
		assert_true(q.uid >= uid);
		seen |= q.uid == SOMEBODY;
		uid = q.uid + 1;
	}
	IS(status, "NOT_FOUND");
	assert_true(seen);
}

/* Who writes more than his hard limit is told. */
static void test_enforced(void **state)
{
	struct place *p = *state;
	struct fsa_quota q = {.uid = SOMEBODY, .soft = MIB, .hard = MIB};
	int result;
	pid_t child;

	need_quotas(p);
	make_file(p, 4096);
	IS(DRIVER->set_quota(p->mount, &q), "SUCCESS");
	child = fork();
	if (child == 0) {
		static char bytes[2 * MIB];
		char path[PATH_MAX + 8];
		int fd;

		snprintf(path, sizeof(path), "%s/f", p->dir);
		if (setuid(SOMEBODY) != 0) {
			_exit(1);
		}
		fd = open(path, O_WRONLY);
		memset(bytes, 'y', sizeof(bytes));
		while (fd != -1 && write(fd, bytes, sizeof(bytes)) > 0) {
		}
		_exit(errno == EDQUOT ? 0 : 2);
	}
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_int_equal(result, 0);
	IS(DRIVER->get_quota(p->mount, SOMEBODY, false, &q), "SUCCESS");
	assert_true(q.used <= q.hard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_get_and_set),
		cmocka_unit_test(test_enumerate),
		cmocka_unit_test(test_enforced),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
