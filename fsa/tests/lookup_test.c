/* fsa/tests/lookup_test.c - finding names: in any case, mapped ones, and never
 * outside the share. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fsa/tests/fixture.h"

static NTSTATUS open_name(struct fixture *fx, const char *name)
{
	const struct open_args args = {.name = name,
				       .access = FILE_READ_DATA,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN};

	return fixture_open(fx, &args, NULL);
}

static NTSTATUS create_name(struct fixture *fx, const char *name)
{
	const struct open_args args = {.name = name,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_CREATE};

	return fixture_open(fx, &args, NULL);
}

static void test_any_case(void **state)
{
	struct fixture *fx = *state;

	fixture_make_dir(fx, "Dir");
	fixture_make_dir(fx, "Dir/SUB");
	fixture_make_file(fx, "Dir/SUB/File.Txt", "");
	fixture_make_file(fx, "Dir/SUB/\xc3\xa4", "");
	assert_ok(open_name(fx, "Dir\\SUB\\File.Txt"));
	assert_ok(open_name(fx, "dir\\sub\\FILE.TXT"));
	assert_ok(open_name(fx, "DIR\\SUB\\file.txt"));
	assert_ok(open_name(fx, "dir\\Sub\\\xc3\x84"));
	assert_status(open_name(fx, "dir\\sub\\other"), OBJECT_NAME_NOT_FOUND);
	assert_status(open_name(fx, "dir\\bus\\other"), OBJECT_PATH_NOT_FOUND);
	assert_status(create_name(fx, "dir\\sub\\FILE.TXT"),
		      OBJECT_NAME_COLLISION);
	/* What is made is written as the client has it. */
	assert_ok(create_name(fx, "dir\\sub\\New"));
	assert_true(fixture_exists(fx, "Dir/SUB/New"));
}

/* The exact name wins where a directory has several that differ in case. */
static void test_exact_first(void **state)
{
	struct fixture *fx = *state;
	struct open_args args = {.access = FILE_READ_DATA,
				 .disposition = FILE_OPEN};
	struct fsa_io io;

	fixture_make_file(fx, "name", "1");
	fixture_make_file(fx, "Name", "22");
	fixture_make_file(fx, "NAME", "333");
	args.name = "Name";
	assert_ok(fixture_open_io(fx, &args, &io));
	assert_int_equal(io.u.create.stat.end_of_file, 2);
	assert_ok(fixture_close(fx, io.u.create.file));
	assert_ok(open_name(fx, "nAmE"));
}

/* Names that no Windows name can be are shown mapped, and found so. */
static void test_mapped_names(void **state)
{
	static const struct {
		const char *disk;
		const char *shown;
	} rows[] = {
		{"a:b", "a\xef\x80\xa2"
			"b"},
		{"a\\b", "a\xef\x80\xa6"
			 "b"},
		{"what?", "what\xef\x80\xa5"},
		{"end.", "end\xef\x80\xa9"},
		{"end ", "end\xef\x80\xa8"},
		{"bell\x07", "bell\xef\x80\x87"},
		{"latin-\xfc", "latin-\xee\xbf\xbc"},
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fixture_make_file(fx, rows[i].disk, "");
		assert_ok(open_name(fx, rows[i].shown));
		assert_status(create_name(fx, rows[i].shown),
			      OBJECT_NAME_COLLISION);
	}
}

static void test_no_escape(void **state)
{
	struct fixture *fx = *state;
	struct open_args args = {.access = FILE_READ_ATTRIBUTES,
				 .disposition = FILE_OPEN};
	static const char *const names[] = {
		"up",	"up\\secret", "abs",	      "abs\\secret",
		"file", "magic",      "twice\\secret"};

	assert_int_equal(
		symlink("..", talloc_asprintf(fx->mem_ctx, "%s/up", fx->share)),
		0);
	fixture_make_link(fx, fx->dir, "abs");
	fixture_make_link(fx, "../secret", "file");
	fixture_make_link(fx, "/proc/self/root", "magic");
	fixture_make_link(fx, "up", "twice");
	assert_int_equal(
		symlink("nothing",
			talloc_asprintf(fx->mem_ctx, "%s/secret", fx->dir)),
		0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		args.name = names[i];
		args.disposition = FILE_OPEN;
		assert_status(fixture_open(fx, &args, NULL),
			      STOPPED_ON_SYMLINK);
		args.disposition = FILE_OPEN_IF;
		assert_status(fixture_open(fx, &args, NULL),
			      STOPPED_ON_SYMLINK);
	}
	assert_status(open_name(fx, "..\\secret"), OBJECT_NAME_INVALID);
	assert_status(create_name(fx, "up\\new"), STOPPED_ON_SYMLINK);
}

static void test_symlinks_within(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct open_args args = {.name = "link",
				 .access = FILE_READ_DATA | DELETE_ACCESS,
				 .share = FILE_SHARE_ALL,
				 .disposition = FILE_OPEN};
	struct fsa_file *f = NULL;

	fixture_make_dir(fx, "dir");
	fixture_make_file(fx, "dir/file", "text");
	fixture_make_link(fx, "dir/file", "link");
	fixture_make_link(fx, "dir", "dirlink");
	fixture_make_link(fx, "none", "dangling");
	assert_ok(open_name(fx, "link"));
	assert_ok(open_name(fx, "DirLink\\file"));
	assert_status(open_name(fx, "dangling"), STOPPED_ON_SYMLINK);
	assert_status(create_name(fx, "dangling"), OBJECT_NAME_COLLISION);
	/* Deleting a symlink leaves what it leads to. */
	assert_ok(fixture_open(fx, &args, &f));
	assert_ok(fixture_set_delete(fx, f, true));
	assert_ok(fixture_close(fx, f));
	assert_false(fixture_exists(fx, "link"));
	assert_true(fixture_exists(fx, "dir/file"));

	params.follow_symlinks = false;
	args.volume = fixture_mount(fx, &params);
	args.name = "dirlink\\file";
	assert_status(fixture_open(fx, &args, NULL), STOPPED_ON_SYMLINK);
}

static void test_wide_links(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct open_args args = {.name = "out\\lock",
				 .access = FILE_READ_ATTRIBUTES,
				 .share = FILE_SHARE_ALL,
				 .disposition = FILE_OPEN};

	fixture_make_link(fx, fx->dir, "out");
	assert_status(fixture_open(fx, &args, NULL), STOPPED_ON_SYMLINK);
	params.wide_links = true;
	args.volume = fixture_mount(fx, &params);
	assert_ok(fixture_open(fx, &args, NULL));
	args.name = "..\\lock";
	assert_status(fixture_open(fx, &args, NULL), OBJECT_NAME_INVALID);
}

static void test_long_names(void **state)
{
	struct fixture *fx = *state;
	char name[300];

	memset(name, 'x', sizeof(name));
	name[255] = '\0';
	assert_ok(create_name(fx, name));
	name[0] = 'X';
	assert_ok(open_name(fx, name));
	name[255] = 'x';
	name[256] = '\0';
	assert_status(create_name(fx, name), OBJECT_NAME_INVALID);
}

/* Many new names in one folder, while others change it. */
static void test_many_creates(void **state)
{
	struct fixture *fx = *state;
	char name[64];

	fixture_make_dir(fx, "many");
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "many\\File-%d", i);
		assert_ok(create_name(fx, name));
		snprintf(name, sizeof(name), "many/foreign-%d", i);
		fixture_make_file(fx, name, "");
		snprintf(name, sizeof(name), "many\\FOREIGN-%d", i);
		assert_status(create_name(fx, name), OBJECT_NAME_COLLISION);
		snprintf(name, sizeof(name), "many\\FILE-%d", i);
		assert_status(create_name(fx, name), OBJECT_NAME_COLLISION);
		snprintf(name, sizeof(name), "many/File-%d", i);
		fixture_remove(fx, name);
		snprintf(name, sizeof(name), "many\\FILE-%d", i);
		assert_ok(create_name(fx, name));
	}
}

/* No driver and no folder: an error, not a crash. */
static void test_bad_volumes(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct fsa_volume *v = NULL;

	params.path = "/nonexistent/folder";
	assert_status(fsa_volume_open(fx->mem_ctx, fx->server, &params, &v),
		      BAD_NETWORK_NAME);
	params = fx->params;
	params.driver = "nonsense";
	assert_status(fsa_volume_open(fx->mem_ctx, fx->server, &params, &v),
		      BAD_NETWORK_NAME);
	assert_null(v);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_any_case),	    TEST(test_exact_first),
		TEST(test_mapped_names),    TEST(test_no_escape),
		TEST(test_symlinks_within), TEST(test_wide_links),
		TEST(test_long_names),	    TEST(test_many_creates),
		TEST(test_bad_volumes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
