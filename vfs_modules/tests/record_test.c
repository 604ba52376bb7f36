/* vfs_modules/tests/record_test.c - what is kept with a file beside its data:
 * fsa/driver.h, "records". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <linux/limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "vfs_modules/posix/posix.h"

#define DRIVER (&fsa_posix_driver)
#define IS(status, name)                                                       \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_" name)

struct place {
	char dir[64];
	struct tevent_context *ev;
	struct fsa_driver_env env;
	struct fsa_mount *mount;
};

static int setup(void **state)
{
	struct place *p = talloc_zero(NULL, struct place);
	struct fsa_volume_params params = {.share_name = "s",
					   .create_mask = 0744,
					   .directory_mask = 0755,
					   .ea_support = true,
					   .store_dos_attributes = true};
	void *driver_state = NULL;

	assert_non_null(p);
	snprintf(p->dir, sizeof(p->dir), "/var/tmp/record_test.XXXXXX");
	assert_non_null(mkdtemp(p->dir));
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
	char path[96];

	snprintf(path, sizeof(path), "%s/f", p->dir);
	unlink(path);
	rmdir(path);
	rmdir(p->dir);
	return talloc_free(p);
}

static struct fsa_node *make(struct place *p, bool directory)
{
	const struct fsa_how how = {
		.path = "f", .access = FILE_READ_DATA, .directory = directory};
	struct fsa_node *n = NULL;
	struct fsa_stat st;

	IS(DRIVER->make(p, p->mount, &how, &n, &st), "SUCCESS");
	return n;
}

static struct blob text(const char *s)
{
	return (struct blob){.data = (uint8_t *)(uintptr_t)s,
			     .length = strlen(s)};
}

static void assert_record(struct place *p, struct fsa_node *n,
			  enum fsa_record which, const char *want)
{
	struct blob out = {0};
	NTSTATUS status = DRIVER->get_record(p, n, which, &out);

	if (want == NULL) {
		IS(status, "NOT_FOUND");
		return;
	}
	IS(status, "SUCCESS");
	assert_int_equal(out.length, strlen(want));
	assert_memory_equal(out.data, want, out.length);
	talloc_free(out.data);
}

static void check_kept(struct place *p, bool directory)
{
	struct fsa_node *n = make(p, directory);

	assert_record(p, n, FSA_RECORD_OBJECT_ID, NULL);
	IS(DRIVER->set_record(n, FSA_RECORD_OBJECT_ID, text("")), "SUCCESS");
	IS(DRIVER->set_record(n, FSA_RECORD_OBJECT_ID, text("one")), "SUCCESS");
	IS(DRIVER->set_record(n, FSA_RECORD_REPARSE, text("two")), "SUCCESS");
	assert_record(p, n, FSA_RECORD_OBJECT_ID, "one");
	assert_record(p, n, FSA_RECORD_REPARSE, "two");
	IS(DRIVER->set_record(n, FSA_RECORD_OBJECT_ID, text("longer")),
	   "SUCCESS");
	assert_record(p, n, FSA_RECORD_OBJECT_ID, "longer");
	IS(DRIVER->set_record(n, FSA_RECORD_OBJECT_ID, text("")), "SUCCESS");
	assert_record(p, n, FSA_RECORD_OBJECT_ID, NULL);
	assert_record(p, n, FSA_RECORD_REPARSE, "two");
	talloc_free(n);
}

static void test_kept_with_a_file(void **state)
{
	check_kept(*state, false);
}

static void test_kept_with_a_directory(void **state)
{
	check_kept(*state, true);
}

/* Where Samba looks for it, and where it has put it. */
static void test_reparse_is_where_samba_has_it(void **state)
{
	struct place *p = *state;
	struct fsa_node *n = make(p, false);
	char path[96];
	char value[16];

	snprintf(path, sizeof(path), "%s/f", p->dir);
	IS(DRIVER->set_record(n, FSA_RECORD_REPARSE, text("x")), "SUCCESS");
	assert_int_equal(getxattr(path, "user.SmbReparse", value, 16), 1);
	assert_int_equal(setxattr(path, "user.SmbReparse", "yy", 2, 0), 0);
	assert_record(p, n, FSA_RECORD_REPARSE, "yy");
	talloc_free(n);
}

/* A value of no bytes, which only others can have made, is none. */
static void test_empty_is_none(void **state)
{
	struct place *p = *state;
	struct fsa_node *n = make(p, false);
	char path[96];

	snprintf(path, sizeof(path), "%s/f", p->dir);
	assert_int_equal(setxattr(path, "user.SmbReparse", "", 0, 0), 0);
	assert_record(p, n, FSA_RECORD_REPARSE, NULL);
	talloc_free(n);
}

/* A mode that forbids writing does not stand in the way: the core decides. */
static void test_read_only_mode(void **state)
{
	struct place *p = *state;
	struct fsa_node *n = make(p, false);
	char path[96];
	struct stat st;

	snprintf(path, sizeof(path), "%s/f", p->dir);
	assert_int_equal(chmod(path, 0400), 0);
	IS(DRIVER->set_record(n, FSA_RECORD_OBJECT_ID, text("id")), "SUCCESS");
	assert_record(p, n, FSA_RECORD_OBJECT_ID, "id");
	IS(DRIVER->set_record(n, FSA_RECORD_OBJECT_ID, text("")), "SUCCESS");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0400);
	talloc_free(n);
}

static void test_not_an_extended_attribute(void **state)
{
	static const char *const names[] = {"SmbReparse", "SMBREPARSE",
					    "holdfast.object_id"};
	struct place *p = *state;
	struct fsa_node *n = make(p, false);
	struct fsa_ea *eas = NULL;
	size_t count = 0;

	IS(DRIVER->set_record(n, FSA_RECORD_OBJECT_ID, text("a")), "SUCCESS");
	IS(DRIVER->set_record(n, FSA_RECORD_REPARSE, text("b")), "SUCCESS");
	IS(DRIVER->get_eas(p, n, &eas, &count), "SUCCESS");
	assert_int_equal(count, 0);
	assert_int_equal(DRIVER->ea_size(n), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct fsa_ea ea = {.name = names[i], .value = text("c")};

		IS(DRIVER->set_ea(n, &ea), "ACCESS_DENIED");
	}
	IS(DRIVER->strip(n), "SUCCESS");
	assert_record(p, n, FSA_RECORD_OBJECT_ID, "a");
	assert_record(p, n, FSA_RECORD_REPARSE, "b");
	talloc_free(n);
}

static void test_too_large(void **state)
{
	struct place *p = *state;
	struct fsa_node *n = make(p, false);
	struct blob big = {.data = talloc_zero_size(p, XATTR_SIZE_MAX + 1),
			   .length = XATTR_SIZE_MAX + 1};

	IS(DRIVER->set_record(n, FSA_RECORD_OBJECT_ID, text("a")), "SUCCESS");
	IS(DRIVER->set_record(n, FSA_RECORD_OBJECT_ID, big), "DISK_FULL");
	assert_record(p, n, FSA_RECORD_OBJECT_ID, "a");
	talloc_free(n);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_kept_with_a_file),
		TEST(test_kept_with_a_directory),
		TEST(test_reparse_is_where_samba_has_it),
		TEST(test_empty_is_none),
		TEST(test_read_only_mode),
		TEST(test_not_an_extended_attribute),
		TEST(test_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
