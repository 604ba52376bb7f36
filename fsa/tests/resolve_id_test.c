/* fsa/tests/resolve_id_test.c - names of file ids; on a file system where that
 * is possible, which the temporary folder need not be on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fsa/tests/fixture.h"

static uint64_t inode_of(struct fixture *fx, const char *name)
{
	struct stat st;

	assert_int_equal(lstat(fixture_path(fx, name), &st), 0);
	return st.st_ino;
}

static NTSTATUS resolve_in(struct fixture *fx, struct fsa_volume *v,
			   uint64_t id, const char **out)
{
	struct fsa_io io = fixture_io(fx, FSA_CREATE, NULL);

	io.volume = v;
	*out = NULL;
	return fsa_resolve_id(fx->mem_ctx, &io, id, out);
}

static void assert_resolves(struct fixture *fx, struct fsa_volume *v,
			    const char *name, const char *want)
{
	const char *path;

	assert_ok(resolve_in(fx, v, inode_of(fx, name), &path));
	assert_string_equal(path, want);
}

static void assert_not_found(struct fixture *fx, struct fsa_volume *v,
			     uint64_t id)
{
	const char *path;

	assert_status(resolve_in(fx, v, id, &path), NOT_FOUND);
	assert_null(path);
}

static void need(const struct fixture *fx)
{
	if (!fsa_volume_resolves_ids(fx->volume)) {
		skip();
	}
}

static void test_names(void **state)
{
	struct fixture *fx = *state;

	need(fx);
	fixture_make_dir(fx, "a");
	fixture_make_dir(fx, "a/b");
	fixture_make_file(fx, "a/b/c:d", "x");
	fixture_make_link(fx, "a", "link");
	assert_resolves(fx, fx->volume, "", "");
	assert_resolves(fx, fx->volume, "a", "a");
	assert_resolves(fx, fx->volume, "a/b", "a\\b");
	/* As clients see it. */
	assert_resolves(fx, fx->volume, "a/b/c:d",
			"a\\b\\c\xef\x80\xa2"
			"d");
	assert_resolves(fx, fx->volume, "link", "link");
}

static void test_deleted(void **state)
{
	struct fixture *fx = *state;
	uint64_t file, dir;

	need(fx);
	fixture_make_file(fx, "f", "x");
	fixture_make_dir(fx, "d");
	file = inode_of(fx, "f");
	dir = inode_of(fx, "d");
	fixture_remove(fx, "f");
	assert_int_equal(rmdir(fixture_path(fx, "d")), 0);
	assert_not_found(fx, fx->volume, file);
	assert_not_found(fx, fx->volume, dir);
}

/* What file systems keep to themselves, and the root of this one. */
static void test_inner(void **state)
{
	struct fixture *fx = *state;

	need(fx);
	for (uint64_t id = 0; id <= 10; id++) {
		assert_not_found(fx, fx->volume, id);
	}
	assert_not_found(fx, fx->volume, inode_of(fx, "") + (1ull << 32));
	assert_not_found(fx, fx->volume, UINT64_MAX);
}

/* What is not below the root, though its name begins like the root's. */
static void test_outside(void **state)
{
	struct fixture *fx = *state;
	char path[PATH_MAX];
	struct stat st;
	FILE *f;

	need(fx);
	assert_int_equal(stat(fx->dir, &st), 0);
	assert_not_found(fx, fx->volume, st.st_ino);
	snprintf(path, sizeof(path), "%.4000s-not", fx->share);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	assert_not_found(fx, fx->volume, st.st_ino);
	fclose(f);
}

static void test_hidden(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct fsa_volume *v;

	need(fx);
	fixture_make_dir(fx, "vetoed");
	fixture_make_file(fx, "vetoed/f", "x");
	assert_resolves(fx, fx->volume, "vetoed/f", "vetoed\\f");
	params.veto_files = "/vetoed/";
	v = fixture_mount(fx, &params);
	assert_not_found(fx, v, inode_of(fx, "vetoed"));
	assert_not_found(fx, v, inode_of(fx, "vetoed/f"));
}

/* Who may not see a name is not told it, whichever directory it is. */
static void test_secret(void **state)
{
	struct fixture *fx = *state;
	const struct identity other = {.uid = 2, .gid = 2};
	struct fsa_volume_params params = fx->params;
	const mode_t modes[] = {0700, 0711, 0744};
	struct fsa_volume *v;
	uint64_t id;

	need(fx);
	if (geteuid() != 0) {
		skip();
	}
	fixture_make_dir(fx, "top");
	fixture_make_dir(fx, "top/in");
	fixture_make_file(fx, "top/in/f", "x");
	id = inode_of(fx, "top/in/f");
	assert_int_equal(chmod(fixture_path(fx, "top/in/f"), 0600), 0);
	fx->who = other;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		for (int in = 0; in < 2; in++) {
			const char *dir = in ? "top/in" : "top";

			assert_int_equal(chmod(fixture_path(fx, "top"), 0755),
					 0);
			assert_int_equal(
				chmod(fixture_path(fx, "top/in"), 0755), 0);
			identity_assume(&other);
			assert_resolves(fx, fx->volume, "top/in/f",
					"top\\in\\f");
			identity_drop();
			assert_int_equal(chmod(fixture_path(fx, dir), modes[i]),
					 0);
			identity_assume(&other);
			assert_not_found(fx, fx->volume, id);
			identity_drop();
		}
	}
	assert_int_equal(chmod(fixture_path(fx, "top"), 0755), 0);
	assert_int_equal(chmod(fixture_path(fx, "top/in"), 0755), 0);
	identity_assume(&other);
	assert_resolves(fx, fx->volume, "top/in/f", "top\\in\\f");
	params.hide_unreadable = true;
	v = fixture_mount(fx, &params);
	assert_not_found(fx, v, id);
}

/* Others say so, and do not search in vain. */
static void test_cannot(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	const char *path;
	struct fsa_volume *v;

	params.path = "/proc";
	v = fixture_mount(fx, &params);
	assert_false(fsa_volume_resolves_ids(v));
	assert_status(resolve_in(fx, v, 1, &path), NOT_SUPPORTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f)                                                                \
	cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)
		TEST(test_names),  TEST(test_deleted), TEST(test_outside),
		TEST(test_inner),  TEST(test_hidden),  TEST(test_secret),
		TEST(test_cannot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
