/* fsa/tests/short_name_test.c - 8.3 names ([MS-FSCC] 2.1.5.2.1) and `mangled
 * names`. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "fsa/short_name.h"
#include "fsa/tests/fixture.h"

static void test_valid(void **state)
{
	static const char *const good[] = {"a", "A.B", "12345678.123", "x~1.t_",
					   "12345678"};
	static const char *const bad[] = {
		"",    ".",	"..",  ".a",	   "a.", "123456789", "a.1234",
		"a b", "a.b.c", "a+b", "\xc3\xa9", "a[", "a\x7f",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(short_name_is_valid(good[i]));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(short_name_is_valid(bad[i]));
	}
}

static void test_illegal(void **state)
{
	assert_true(short_name_is_illegal("a\xef\x80\xa2"
					  "b"));	     /* U+F022 */
	assert_true(short_name_is_illegal("a\xee\xbe\x80")); /* U+EF80 */
	assert_false(short_name_is_illegal("a long name.text"));
	assert_false(short_name_is_illegal("\xc3\xa9"));
}

/* Valid, the same for any case, and not the same for other names. */
static void test_made(void **state)
{
	static const char *const names[] = {
		"A long name.text",
		"a long name.text2",
		"..x",
		".profile",
		"x.+++",
		"x.a+b+c+d",
		"x y.",
		" ",
	};
	char made[8][SHORT_NAME_SIZE];
	char again[SHORT_NAME_SIZE];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		short_name_make(names[i], made[i]);
		assert_true(short_name_is_valid(made[i]));
		assert_true(short_name_is_made(made[i], strlen(made[i])));
		for (size_t j = 0; j < i; j++) {
			assert_string_not_equal(made[i], made[j]);
		}
	}
	assert_string_equal(made[0] + 8, ".TEX");
	assert_string_equal(made[3] + 8, "");
	assert_string_equal(made[5] + 8, ".ABC");
	short_name_make("a LONG name.TEXT", again);
	assert_string_equal(made[0], again);
	assert_false(short_name_is_made("ABCDEF~", 7));
	assert_false(short_name_is_made("ABCDEFGH", 8));
	assert_false(short_name_is_made("ABCDEF~1x", 9));
	assert_false(short_name_is_made("ABCDEF~1.", 9));
	assert_false(short_name_is_made("ABCDEF~1.TEXT", 13));
}

/* --- a volume --------------------------------------------------------------
 */

static struct fsa_volume *mount(struct fixture *fx, enum fsa_mangle mangle)
{
	struct fsa_volume_params params = fx->params;

	params.mangled_names = mangle;
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

static NTSTATUS alternate(struct fixture *fx, struct fsa_volume *v,
			  const char *name, char out[SHORT_NAME_SIZE])
{
	const struct open_args args = {.name = name,
				       .access = FILE_READ_ATTRIBUTES,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN,
				       .volume = v};
	struct fsa_file *f = NULL;
	struct fsa_io io;
	NTSTATUS status;

	assert_ok(fixture_open(fx, &args, &f));
	io = fixture_io(fx, FSA_QUERY_INFO, f);
	io.u.query_info.info_class = FileAlternateNameInformation;
	status = fixture_run(fx, &io);
	memcpy(out, io.u.query_info.info.short_name, SHORT_NAME_SIZE);
	assert_ok(fixture_close(fx, f));
	return status;
}

/* [MS-FSA] 2.1.5.12.4 */
static void test_alternate_name(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume *yes = mount(fx, FSA_MANGLE_YES);
	struct fsa_volume *illegal = mount(fx, FSA_MANGLE_ILLEGAL);
	char name[SHORT_NAME_SIZE];

	fixture_make_file(fx, "a long name.text", "x");
	fixture_make_file(fx, "Short.txt", "x");
	fixture_make_file(fx, "a:b", "x");
	assert_status(alternate(fx, NULL, "a long name.text", name),
		      NOT_SUPPORTED);
	assert_ok(alternate(fx, yes, "a long name.text", name));
	assert_true(short_name_is_made(name, strlen(name)));
	assert_ok(alternate(fx, yes, "short.TXT", name));
	assert_string_equal(name, "Short.txt");
	assert_status(alternate(fx, illegal, "a long name.text", name),
		      OBJECT_NAME_NOT_FOUND);
	assert_ok(alternate(fx, illegal,
			    "a\xef\x80\xa2"
			    "b",
			    name));
	assert_status(alternate(fx, yes, "", name), OBJECT_NAME_NOT_FOUND);
}

/* A short name leads to the file, also on the way to another; nothing else
 * does. */
static void test_found_by_short_name(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume *v = mount(fx, FSA_MANGLE_YES);
	char dir[SHORT_NAME_SIZE];
	char file[SHORT_NAME_SIZE];
	char *path;

	fixture_make_dir(fx, "a long directory");
	fixture_make_file(fx, "a long directory/a long file", "x");
	short_name_make("a long directory", dir);
	short_name_make("a long file", file);
	path = talloc_asprintf(fx->mem_ctx, "%s\\%s", dir, file);
	assert_ok(open_as(fx, v, path, FILE_OPEN, NULL));
	assert_status(open_as(fx, v, path, FILE_CREATE, NULL),
		      OBJECT_NAME_COLLISION);
	assert_status(open_as(fx, NULL, path, FILE_OPEN, NULL),
		      OBJECT_PATH_NOT_FOUND);
	file[0] = file[0] == 'X' ? 'Y' : 'X';
	path = talloc_asprintf(fx->mem_ctx, "%s\\%s", dir, file);
	assert_status(open_as(fx, v, path, FILE_OPEN, NULL),
		      OBJECT_NAME_NOT_FOUND);
	/* A file that has such a name is that file. */
	fixture_make_file(fx, dir, "x");
	assert_ok(open_as(fx, v, dir, FILE_OVERWRITE, NULL));
}

struct found {
	char name[64];
	char short_name[SHORT_NAME_SIZE];
};

static bool take(void *private_data, const struct fsa_dir_entry *e)
{
	struct found *found = private_data;

	strcpy(found->name, e->name);
	strcpy(found->short_name, e->short_name == NULL ? "" : e->short_name);
	return true;
}

static NTSTATUS list(struct fixture *fx, struct fsa_volume *v,
		     const char *pattern, struct found *out)
{
	const struct open_args args = {.name = "",
				       .access = FILE_LIST_DIRECTORY,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN,
				       .volume = v};
	struct fsa_file *dir = NULL;
	struct fsa_io io;
	NTSTATUS status;

	assert_ok(fixture_open(fx, &args, &dir));
	io = fixture_io(fx, FSA_QUERY_DIRECTORY, dir);
	io.u.query_directory.pattern = pattern;
	io.u.query_directory.take = take;
	io.u.query_directory.private_data = out;
	status = fixture_run(fx, &io);
	assert_ok(fixture_close(fx, dir));
	return status;
}

static void test_listed(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume *v = mount(fx, FSA_MANGLE_YES);
	char name[SHORT_NAME_SIZE];
	struct found found;

	fixture_make_file(fx, "a long name.text", "x");
	fixture_make_file(fx, "b.txt", "x");
	short_name_make("a long name.text", name);
	assert_ok(list(fx, v, "a*", &found));
	assert_string_equal(found.short_name, name);
	assert_ok(list(fx, v, "b.txt", &found));
	assert_string_equal(found.short_name, "");
	assert_ok(list(fx, v, name, &found));
	assert_string_equal(found.name, "a long name.text");
	assert_ok(list(fx, v, "??????~?.tex", &found));
	assert_string_equal(found.name, "a long name.text");
	assert_status(list(fx, NULL, name, &found), NO_SUCH_FILE);
}

/* 2.1.1.2: what is deleted and made again by its short name has its long one.
 */
static void test_tunnel(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume *v = mount(fx, FSA_MANGLE_YES);
	char name[SHORT_NAME_SIZE];
	struct fsa_file *f = NULL;

	fixture_make_file(fx, "a long name.", "x");
	assert_ok(alternate(fx, v, "a long name.", name));
	assert_ok(open_as(fx, v, name, FILE_OPEN, &f));
	assert_ok(fixture_set_delete(fx, f, true));
	assert_ok(fixture_close(fx, f));
	assert_false(fixture_exists(fx, "a long name."));
	assert_ok(open_as(fx, v, name, FILE_CREATE, NULL));
	assert_true(fixture_exists(fx, "a long name."));
}

int main(void)
{
#define T(test)                                                                \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_illegal),
		cmocka_unit_test(test_made),
		T(test_alternate_name),
		T(test_found_by_short_name),
		T(test_listed),
		T(test_tunnel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
