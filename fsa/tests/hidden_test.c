/* fsa/tests/hidden_test.c - `hide files`, `veto files` and attributes by mode.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fsa/name_list.h"
#include "fsa/tests/fixture.h"

static void test_name_list(void **state)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct name_list *list = NULL;

	assert_ok(name_list_parse(tmp, "", &list));
	assert_null(list);
	assert_ok(name_list_parse(tmp, "///", &list));
	assert_null(list);
	assert_false(name_list_has(NULL, "a"));
	assert_ok(name_list_parse(tmp, "/a b/*.tmp/q?/", &list));
	assert_true(name_list_has(list, "A B"));
	assert_true(name_list_has(list, "dir\\x.TMP"));
	assert_true(name_list_has(list, "qx"));
	assert_false(name_list_has(list, "qxx"));
	assert_false(name_list_has(list, "x.tmp\\file"));
	assert_true(name_list_has_any(list, "x.tmp\\file"));
	assert_false(name_list_has_any(list, "x\\file"));
	talloc_free(tmp);
}

static struct fsa_volume *mount(struct fixture *fx, const char *hide,
				const char *veto, bool delete_veto)
{
	struct fsa_volume_params params = fx->params;

	params.hide_files = hide;
	params.veto_files = veto;
	params.delete_veto_files = delete_veto;
	return fixture_mount(fx, &params);
}

static NTSTATUS open_as(struct fixture *fx, struct fsa_volume *v,
			const char *name, enum create_disposition disposition,
			struct fsa_file **out)
{
	const struct open_args args = {.name = name,
				       .access = GENERIC_USE | DELETE_ACCESS,
				       .share = FILE_SHARE_ALL,
				       .disposition = disposition,
				       .volume = v};

	return fixture_open(fx, &args, out);
}

struct found {
	unsigned int count;
	uint32_t attributes;
};

static bool take(void *private_data, const struct fsa_dir_entry *e)
{
	struct found *found = private_data;

	if (strcmp(e->name, ".") != 0 && strcmp(e->name, "..") != 0) {
		found->count++;
		found->attributes = e->stat.attributes;
	}
	return true;
}

static struct found list(struct fixture *fx, struct fsa_volume *v,
			 const char *pattern)
{
	const struct open_args args = {.name = "",
				       .access = FILE_LIST_DIRECTORY,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN,
				       .volume = v};
	struct found found = {0};
	struct fsa_file *dir = NULL;
	struct fsa_io io;

	assert_ok(fixture_open(fx, &args, &dir));
	io = fixture_io(fx, FSA_QUERY_DIRECTORY, dir);
	io.u.query_directory.pattern = pattern;
	io.u.query_directory.want = FSA_WANT_STAT | FSA_WANT_ATTRIBUTES;
	io.u.query_directory.take = take;
	io.u.query_directory.private_data = &found;
	(void)NT_STATUS_IS_OK(fixture_run(fx, &io));
	assert_ok(fixture_close(fx, dir));
	return found;
}

/* The attribute is in the answer to CREATE, in queries and in listings; setting
 * others does not store it. */
static void test_hide_files(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume *v = mount(fx, "/hid*/", NULL, false);
	const struct open_args args = {.name = "Hidden",
				       .access = GENERIC_USE,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN,
				       .volume = v};
	struct fsa_stat st;
	struct fsa_io io;

	fixture_make_file(fx, "Hidden", "x");
	assert_ok(fixture_open_io(fx, &args, &io));
	assert_true(io.u.create.stat.attributes & FILE_ATTRIBUTE_HIDDEN);
	assert_false(io.u.create.stat.attributes & FILE_ATTRIBUTE_NORMAL);
	assert_ok(fixture_stat(fx, io.u.create.file, &st));
	assert_true(st.attributes & FILE_ATTRIBUTE_HIDDEN);
	assert_true(list(fx, v, "hidden").attributes & FILE_ATTRIBUTE_HIDDEN);
	assert_false(list(fx, NULL, "hidden").attributes &
		     FILE_ATTRIBUTE_HIDDEN);
}

static void test_veto_files(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume *v = mount(fx, NULL, "/v*/", false);
	struct fsa_file *f = NULL;

	fixture_make_file(fx, "Vetoed", "x");
	fixture_make_dir(fx, "vdir");
	fixture_make_file(fx, "vdir/file", "x");
	fixture_make_file(fx, "file", "x");
	assert_int_equal(list(fx, v, "*").count, 1);
	assert_status(open_as(fx, v, "vetoed", FILE_OPEN, NULL),
		      OBJECT_NAME_NOT_FOUND);
	assert_status(open_as(fx, v, "vdir\\file", FILE_OPEN, NULL),
		      OBJECT_PATH_NOT_FOUND);
	assert_status(open_as(fx, v, "vnew", FILE_CREATE, NULL),
		      OBJECT_NAME_NOT_FOUND);
	assert_status(open_as(fx, v, "vnew", FILE_OPEN_IF, NULL),
		      OBJECT_NAME_NOT_FOUND);
	assert_false(fixture_exists(fx, "vnew"));
	assert_ok(open_as(fx, v, "file", FILE_OPEN, &f));
	assert_status(fixture_rename(fx, f, "vnew", false),
		      OBJECT_NAME_NOT_FOUND);
	assert_true(fixture_exists(fx, "file"));
}

static NTSTATUS remove_dir(struct fixture *fx, struct fsa_volume *v,
			   const char *name)
{
	struct fsa_file *dir = NULL;
	NTSTATUS status;

	assert_ok(open_as(fx, v, name, FILE_OPEN, &dir));
	status = fixture_set_delete(fx, dir, true);
	assert_ok(fixture_close(fx, dir));
	return status;
}

/* Only what is vetoed goes with its directory, and only if that is said. */
static void test_delete_veto_files(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume *keep = mount(fx, NULL, "/v*/", false);
	struct fsa_volume *v = mount(fx, NULL, "/v*/", true);

	fixture_make_dir(fx, "dir");
	fixture_make_dir(fx, "dir/vdir");
	fixture_make_file(fx, "dir/vdir/other", "x");
	fixture_make_file(fx, "dir/vfile", "x");
	fixture_make_file(fx, "dir/file", "x");
	assert_status(remove_dir(fx, v, "dir"), DIRECTORY_NOT_EMPTY);
	assert_true(fixture_exists(fx, "dir/vfile"));
	fixture_remove(fx, "dir/file");
	assert_status(remove_dir(fx, keep, "dir"), DIRECTORY_NOT_EMPTY);
	assert_true(fixture_exists(fx, "dir/vdir/other"));
	assert_ok(remove_dir(fx, v, "dir"));
	assert_false(fixture_exists(fx, "dir"));
}

static void test_hide_special_files(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;

	assert_int_equal(mkfifo(fixture_path(fx, "pipe"), 0666), 0);
	fixture_make_file(fx, "file", "x");
	params.hide_special_files = true;
	assert_int_equal(list(fx, fixture_mount(fx, &params), "*").count, 1);
	assert_int_equal(list(fx, NULL, "*").count, 2);
}

/* --- the mode ---------------------------------------------------------------
 */

/* Of files without stored attributes; stored ones have the word. */
static void test_mode_map(void **state)
{
	static const struct {
		mode_t mode;
		struct fsa_mode_map map;
		uint32_t attributes;
	} rows[] = {
		{0444, {.readonly = FSA_READONLY_NO}, FILE_ATTRIBUTE_NORMAL},
		{0444, {.readonly = FSA_READONLY_YES}, FILE_ATTRIBUTE_READONLY},
		{0644, {.readonly = FSA_READONLY_YES}, FILE_ATTRIBUTE_NORMAL},
		{0755, {0}, FILE_ATTRIBUTE_NORMAL},
		{0744, {.archive = true}, FILE_ATTRIBUTE_ARCHIVE},
		{0654,
		 {.archive = true, .system = true},
		 FILE_ATTRIBUTE_SYSTEM},
		{0645, {.hidden = true}, FILE_ATTRIBUTE_HIDDEN},
	};
	struct fixture *fx = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fsa_volume_params params = fx->params;
		struct fsa_volume *v;
		char *path = fixture_path(fx, "file");

		params.map = rows[i].map;
		v = fixture_mount(fx, &params);
		fixture_make_file(fx, "file", "x");
		assert_int_equal(chmod(path, rows[i].mode), 0);
		assert_int_equal(list(fx, v, "file").attributes,
				 rows[i].attributes);
		/* version 5: FILE_ATTRIBUTE_OFFLINE */
		assert_int_equal(
			setxattr(path, "user.DOSATTRIB",
				 "\0\0\5\0\5\0\0\0\1\0\0\0\0\x10\0\0\0\0\0"
				 "\0\0\0\0\0",
				 24, 0),
			(rows[i].mode & 0200) != 0 || geteuid() == 0 ? 0 : -1);
		if ((rows[i].mode & 0200) != 0) {
			assert_int_equal(list(fx, v, "file").attributes,
					 FILE_ATTRIBUTE_OFFLINE);
		}
		fixture_remove(fx, "file");
	}
}

/* With `store dos attributes = no` the mode is where they are. */
static void test_stored_in_mode(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct open_args args = {.name = "file",
				 .access = GENERIC_USE,
				 .disposition = FILE_CREATE,
				 .attributes = FILE_ATTRIBUTE_SYSTEM};
	struct stat st;

	params.store_dos_attributes = false;
	params.create_mask = 0777;
	params.map = (struct fsa_mode_map){.archive = true, .system = true};
	args.volume = fixture_mount(fx, &params);
	assert_ok(fixture_open(fx, &args, NULL));
	assert_int_equal(stat(fixture_path(fx, "file"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0776);
	assert_int_equal(list(fx, args.volume, "file").attributes,
			 FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_ARCHIVE);
}

static void test_delete_readonly(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct open_args args = {.name = "file",
				 .access = GENERIC_USE | DELETE_ACCESS,
				 .share = FILE_SHARE_ALL,
				 .disposition = FILE_CREATE,
				 .attributes = FILE_ATTRIBUTE_READONLY};
	struct fsa_file *f = NULL;

	assert_ok(fixture_open(fx, &args, NULL));
	args.disposition = FILE_OPEN;
	args.access = DELETE_ACCESS;
	args.attributes = 0;
	args.options = FILE_DELETE_ON_CLOSE;
	assert_status(fixture_open(fx, &args, NULL), CANNOT_DELETE);
	args.options = 0;
	assert_ok(fixture_open(fx, &args, &f));
	assert_status(fixture_set_delete(fx, f, true), CANNOT_DELETE);
	assert_ok(fixture_close(fx, f));
	params.delete_readonly = true;
	args.volume = fixture_mount(fx, &params);
	args.options = FILE_DELETE_ON_CLOSE;
	assert_ok(fixture_open(fx, &args, NULL));
	assert_false(fixture_exists(fx, "file"));
}

int main(void)
{
#define T(test)                                                                \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_name_list),
		T(test_hide_files),
		T(test_veto_files),
		T(test_delete_veto_files),
		T(test_hide_special_files),
		T(test_mode_map),
		T(test_stored_in_mode),
		T(test_delete_readonly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
