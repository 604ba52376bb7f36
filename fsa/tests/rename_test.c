/* fsa/tests/rename_test.c - renaming and linking ([MS-FSA] 2.1.5.15.12,
 * 2.1.5.15.7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fsa/tests/fixture.h"

static struct fsa_file *open_as(struct fixture *fx, const char *name,
				uint32_t access)
{
	const struct open_args args = {.name = name,
				       .access = access,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN};
	struct fsa_file *f = NULL;

	assert_ok(fixture_open(fx, &args, &f));
	return f;
}

static struct fsa_file *open_to_rename(struct fixture *fx, const char *name)
{
	return open_as(fx, name, DELETE_ACCESS | FILE_READ_ATTRIBUTES);
}

/* From, to, replace: and what must come of it. */
static void test_matrix(void **state)
{
	static const struct {
		const char *from;
		const char *to;
		bool replace;
		const char *status;
		const char *there; /* afterwards, when it worked */
	} rows[] = {
		{"file", "new", false, "NT_STATUS_SUCCESS", "new"},
		{"file", "file", false, "NT_STATUS_SUCCESS", "file"},
		{"file", "FILE", false, "NT_STATUS_SUCCESS", "FILE"},
		{"file", "DIR\\new", false, "NT_STATUS_SUCCESS", "dir/new"},
		{"file", "other", false, "NT_STATUS_OBJECT_NAME_COLLISION",
		 NULL},
		{"file", "OTHER", false, "NT_STATUS_OBJECT_NAME_COLLISION",
		 NULL},
		{"file", "other", true, "NT_STATUS_SUCCESS", "other"},
		{"file", "Other", true, "NT_STATUS_SUCCESS", "Other"},
		{"file", "dir", true, "NT_STATUS_ACCESS_DENIED", NULL},
		{"file", "ro", true, "NT_STATUS_ACCESS_DENIED", NULL},
		{"file", "none\\x", false, "NT_STATUS_OBJECT_PATH_NOT_FOUND",
		 NULL},
		{"file", "a*b", false, "NT_STATUS_OBJECT_NAME_INVALID", NULL},
		{"file", "..\\x", false, "NT_STATUS_OBJECT_NAME_INVALID", NULL},
		{"file", "\\x", false, "NT_STATUS_INVALID_PARAMETER", NULL},
		{"file", "", false, "NT_STATUS_INVALID_PARAMETER", NULL},
		{"file", ":stream", false, "NT_STATUS_SUCCESS", "file"},
		{"dir", "moved", false, "NT_STATUS_SUCCESS", "moved/inside"},
		{"dir", "Dir", false, "NT_STATUS_SUCCESS", "Dir/inside"},
		{"dir", "empty", true, "NT_STATUS_ACCESS_DENIED", NULL},
		{"", "x", false, "NT_STATUS_ACCESS_DENIED", NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture *fx;
		struct fsa_file *f;
		NTSTATUS status;
		void *own = NULL;

		fixture_setup(&own);
		fx = own;
		fixture_make_file(fx, "file", "file");
		fixture_make_file(fx, "other", "other");
		fixture_make_file(fx, "ro", "");
		assert_int_equal(chmod(fixture_path(fx, "ro"), 0444), 0);
		fixture_make_dir(fx, "dir");
		fixture_make_file(fx, "dir/inside", "");
		fixture_make_dir(fx, "empty");
		f = *rows[i].from == '\0'
			    ? open_as(fx, "", FILE_READ_ATTRIBUTES)
			    : open_to_rename(fx, rows[i].from);
		status = fixture_rename(fx, f, rows[i].to, rows[i].replace);
		if (strcmp(ntstatus_name(status), rows[i].status) != 0) {
			fail_msg("%s to %s: %s, not %s", rows[i].from,
				 rows[i].to, ntstatus_name(status),
				 rows[i].status);
		}
		if (NT_STATUS_IS_OK(status)) {
			assert_true(fixture_exists(fx, rows[i].there));
			assert_string_equal(fsa_file_name(f),
					    *rows[i].to == ':' ? "file"
							       : rows[i].to);
		} else {
			assert_true(fixture_exists(fx, "file"));
			assert_true(fixture_exists(fx, "other"));
			assert_true(fixture_exists(fx, "dir/inside"));
		}
		assert_ok(fixture_close(fx, f));
		fixture_teardown(&own);
	}
}

/* A target that is open stays; so does a folder with something open in it. */
static void test_open_files(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f;
	struct fsa_file *other;

	fixture_make_file(fx, "file", "");
	fixture_make_file(fx, "target", "");
	fixture_make_dir(fx, "dir");
	fixture_make_dir(fx, "dirx");
	fixture_make_file(fx, "dir/inside", "");
	f = open_to_rename(fx, "file");
	other = open_as(fx, "target", FILE_READ_ATTRIBUTES);
	assert_status(fixture_rename(fx, f, "target", true), ACCESS_DENIED);
	assert_ok(fixture_close(fx, other));
	assert_ok(fixture_rename(fx, f, "target", true));
	assert_ok(fixture_close(fx, f));
	other = open_as(fx, "DIR\\inside", FILE_READ_ATTRIBUTES);
	f = open_to_rename(fx, "dir");
	assert_status(fixture_rename(fx, f, "moved", false), ACCESS_DENIED);
	assert_ok(fixture_close(fx, other));
	other = open_as(fx, "dirx", FILE_READ_ATTRIBUTES);
	assert_ok(fixture_rename(fx, f, "moved", false));
	assert_ok(fixture_close(fx, other));
	assert_ok(fixture_close(fx, f));
}

/* A renamed file is deleted under its new name, by whichever open. */
static void test_rename_then_delete(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *a;
	struct fsa_file *b;

	fixture_make_file(fx, "file", "");
	fixture_make_dir(fx, "dir");
	a = open_to_rename(fx, "file");
	b = open_to_rename(fx, "file");
	assert_ok(fixture_rename(fx, a, "dir\\new", false));
	assert_ok(fixture_set_delete(fx, b, true));
	assert_status(fixture_rename(fx, a, "newer", false), ACCESS_DENIED);
	assert_ok(fixture_close(fx, a));
	assert_ok(fixture_close(fx, b));
	assert_false(fixture_exists(fx, "dir/new"));
}

/* Windows: who has the directory open with DELETE forbids renaming into it. */
static void test_open_directory(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f;
	struct fsa_file *dir;

	fixture_make_dir(fx, "dir");
	fixture_make_file(fx, "dir/file", "");
	f = open_to_rename(fx, "dir\\file");
	dir = open_as(fx, "dir", DELETE_ACCESS);
	assert_status(fixture_rename(fx, f, "dir\\new", false),
		      SHARING_VIOLATION);
	assert_ok(fixture_rename(fx, f, "new", false));
	assert_ok(fixture_close(fx, dir));
	assert_ok(fixture_rename(fx, f, "dir\\new", false));
	assert_ok(fixture_close(fx, f));
}

static void test_rights(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f;

	fixture_make_file(fx, "file", "");
	f = open_as(fx, "file", FILE_READ_DATA | FILE_WRITE_DATA);
	assert_status(fixture_rename(fx, f, "new", false), ACCESS_DENIED);
	assert_ok(fixture_close(fx, f));
}

static NTSTATUS link_to(struct fixture *fx, struct fsa_file *f,
			const char *name, bool replace)
{
	struct fsa_io io = fixture_io(fx, FSA_SET_INFO, f);

	io.u.set_info.info_class = FileLinkInformation;
	io.u.set_info.u.rename.name = name;
	io.u.set_info.u.rename.replace = replace;
	return fixture_run(fx, &io);
}

static void test_link(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f;
	struct fsa_stat st;

	fixture_make_file(fx, "file", "");
	fixture_make_file(fx, "other", "");
	fixture_make_dir(fx, "dir");
	f = open_to_rename(fx, "file");
	assert_ok(link_to(fx, f, "dir\\second", false));
	assert_true(fixture_exists(fx, "dir/second"));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.nlink, 2);
	assert_status(link_to(fx, f, "OTHER", false), OBJECT_NAME_COLLISION);
	assert_ok(link_to(fx, f, "Other", true));
	assert_true(fixture_exists(fx, "Other"));
	assert_false(fixture_exists(fx, "other"));
	/* Over another name of the same file: this name goes. */
	assert_ok(fixture_rename(fx, f, "Other", true));
	assert_false(fixture_exists(fx, "file"));
	assert_ok(fixture_close(fx, f));
	f = open_to_rename(fx, "dir");
	assert_status(link_to(fx, f, "dir2", false), FILE_IS_A_DIRECTORY);
	assert_ok(fixture_close(fx, f));
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matrix),
		TEST(test_open_files),
		TEST(test_open_directory),
		TEST(test_rename_then_delete),
		TEST(test_rights),
		TEST(test_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
