/* fsa/tests/directory_test.c - FSA_QUERY_DIRECTORY ([MS-FSA] 2.1.5.6.3). */
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

#define WANT_ALL (FSA_WANT_STAT | FSA_WANT_ATTRIBUTES)

/* Takes up to room names. */
struct taken {
	size_t room;
	size_t count;
	char (*names)[256];
	struct fsa_stat last;
};

static bool take(void *private_data, const struct fsa_dir_entry *e)
{
	struct taken *t = private_data;

	if (t->count == t->room) {
		return false;
	}
	snprintf(t->names[t->count++], 256, "%s", e->name);
	t->last = e->stat;
	return true;
}

static struct fsa_file *open_dir(struct fixture *fx, const char *name)
{
	const struct open_args args = {.name = name,
				       .access = FILE_GENERIC_READ,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN,
				       .options = FILE_DIRECTORY_FILE};
	struct fsa_file *f = NULL;

	assert_ok(fixture_open(fx, &args, &f));
	return f;
}

static NTSTATUS query(struct fixture *fx, struct fsa_file *f,
		      const struct fsa_query_directory *q, size_t room,
		      struct taken *out)
{
	struct fsa_io io = fixture_io(fx, FSA_QUERY_DIRECTORY, f);
	NTSTATUS status;

	*out = (struct taken){.room = room};
	out->names = talloc_size(fx->mem_ctx, (room + 1) * 256);
	io.u.query_directory = *q;
	io.u.query_directory.want = WANT_ALL;
	io.u.query_directory.take = take;
	io.u.query_directory.private_data = out;
	status = fixture_run(fx, &io);
	assert_int_equal(io.u.query_directory.count, out->count);
	return status;
}

static void assert_names(const struct taken *t, const char *names)
{
	char all[1024] = "";

	for (size_t i = 0; i < t->count; i++) {
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
			 i == 0 ? "" : " ", t->names[i]);
	}
	assert_string_equal(all, names);
}

static void test_patterns(void **state)
{
	struct fixture *fx = *state;
	struct fsa_query_directory q = {.pattern = "*"};
	struct fsa_file *f;
	struct taken t;

	fixture_make_dir(fx, "d");
	fixture_make_file(fx, "d/One.txt", "1");
	f = open_dir(fx, "d");
	assert_ok(query(fx, f, &q, 9, &t));
	assert_names(&t, ". .. One.txt");
	assert_status(query(fx, f, &q, 9, &t), NO_MORE_FILES);
	q = (struct fsa_query_directory){.pattern = "*.TXT", .reopen = true};
	assert_ok(query(fx, f, &q, 9, &t));
	assert_names(&t, "One.txt");
	assert_int_equal(t.last.end_of_file, 1);
	/* A name without wildcards is looked up, in any case. */
	q.pattern = "ONE.TXT";
	assert_ok(query(fx, f, &q, 9, &t));
	assert_names(&t, "One.txt");
	q = (struct fsa_query_directory){0};
	assert_status(query(fx, f, &q, 9, &t), NO_MORE_FILES);
	q = (struct fsa_query_directory){.pattern = "no*", .reopen = true};
	assert_status(query(fx, f, &q, 9, &t), NO_SUCH_FILE);
	q.pattern = "none";
	assert_status(query(fx, f, &q, 9, &t), NO_SUCH_FILE);
	q.pattern = "a\\b";
	assert_status(query(fx, f, &q, 9, &t), OBJECT_NAME_INVALID);
	q.pattern = "..";
	assert_ok(query(fx, f, &q, 9, &t));
	assert_names(&t, "..");
	assert_true(t.last.directory);
	assert_ok(fixture_close(fx, f));
}

/* What does not fit comes first next time; SINGLE gives one; RESTART begins
 * again. */
static void test_paging(void **state)
{
	struct fixture *fx = *state;
	struct fsa_query_directory q = {.pattern = "*"};
	struct fsa_file *f = open_dir(fx, "");
	struct taken t;

	fixture_make_file(fx, "x", "");
	assert_ok(query(fx, f, &q, 0, &t));
	assert_int_equal(t.count, 0);
	assert_ok(query(fx, f, &q, 1, &t));
	assert_names(&t, ".");
	assert_ok(query(fx, f, &q, 1, &t));
	assert_names(&t, "..");
	assert_ok(query(fx, f, &q, 9, &t));
	assert_names(&t, "x");
	q.restart = true;
	q.single = true;
	assert_ok(query(fx, f, &q, 9, &t));
	assert_names(&t, ".");
	q.restart = false;
	assert_ok(query(fx, f, &q, 9, &t));
	assert_names(&t, "..");
	assert_ok(fixture_close(fx, f));
}

static void test_rights(void **state)
{
	struct fixture *fx = *state;
	const struct open_args args = {.name = "",
				       .access = FILE_READ_ATTRIBUTES,
				       .disposition = FILE_OPEN};
	struct fsa_query_directory q = {.pattern = "*"};
	struct fsa_file *f = NULL;
	struct taken t;

	assert_ok(fixture_open(fx, &args, &f));
	assert_status(query(fx, f, &q, 9, &t), ACCESS_DENIED);
	assert_ok(fixture_close(fx, f));
}

static bool take_link(void *private_data, const struct fsa_dir_entry *e)
{
	unsigned int *directories = private_data;

	assert_int_equal(e->stat.reparse_tag, IO_REPARSE_TAG_SYMLINK);
	assert_true((e->stat.attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0);
	assert_int_equal(e->stat.end_of_file, 0);
	*directories += e->stat.directory ? 1 : 0;
	return true;
}

/* Symlinks are shown as themselves, as those of directories when they lead to
 * one in the share; with `wide links` as what they lead to. */
static void test_symlinks(void **state)
{
	struct fixture *fx = *state;
	struct fsa_query_directory q = {.pattern = "*link*"};
	struct fsa_volume_params params = fx->params;
	struct open_args args = {.name = "d",
				 .access = FILE_LIST_DIRECTORY,
				 .share = SHARE_ALL,
				 .disposition = FILE_OPEN};
	unsigned int directories = 0;
	struct fsa_file *f;
	struct fsa_io io;
	struct taken t;

	fixture_make_dir(fx, "d");
	fixture_make_file(fx, "target", "12345");
	fixture_make_link(fx, "../target", "d/link");
	fixture_make_link(fx, "../d", "d/dirlink");
	fixture_make_link(fx, "..", "outlink");
	fixture_make_link(fx, "../../lock", "d/outlink");
	fixture_make_link(fx, "nowhere", "d/deadlink");
	f = open_dir(fx, "d");
	io = fixture_io(fx, FSA_QUERY_DIRECTORY, f);
	io.u.query_directory = (struct fsa_query_directory){
		.pattern = "*link*",
		.want = FSA_WANT_STAT | FSA_WANT_ATTRIBUTES,
		.take = take_link,
		.private_data = &directories,
	};
	assert_ok(fixture_run(fx, &io));
	assert_int_equal(io.u.query_directory.count, 4);
	assert_int_equal(directories, 1);
	assert_ok(fixture_close(fx, f));

	params.wide_links = true;
	args.volume = fixture_mount(fx, &params);
	assert_ok(fixture_open(fx, &args, &f));
	q.pattern = "link";
	assert_ok(query(fx, f, &q, 9, &t));
	assert_names(&t, "link");
	assert_int_equal(t.last.end_of_file, 5);
	assert_int_equal(t.last.reparse_tag, 0);
	assert_ok(fixture_close(fx, f));
}

static void test_mapped_names(void **state)
{
	struct fixture *fx = *state;
	struct fsa_query_directory q = {.pattern = "*"};
	struct fsa_file *f;
	struct taken t;

	fixture_make_dir(fx, "d");
	fixture_make_file(fx, "d/a:b\xff", "");
	f = open_dir(fx, "d");
	assert_ok(query(fx, f, &q, 9, &t));
	assert_string_equal(t.names[2], "a\xef\x80\xa2"
					"b\xee\xbf\xbf");
	assert_ok(fixture_close(fx, f));
}

/* All that is there from the beginning to the end is listed once, while other
 * entries come and go; and the process is back where it was. */
static void test_large(void **state)
{
	const int total = 100000;
	struct fixture *fx = *state;
	struct fsa_query_directory q = {.pattern = "*"};
	char *seen = talloc_zero_size(fx->mem_ctx, (size_t)total);
	char before[PATH_MAX];
	char after[PATH_MAX];
	char name[64];
	struct fsa_file *f;
	struct taken t;
	int count = 0;

	assert_non_null(getcwd(before, sizeof(before)));
	fixture_make_dir(fx, "d");
	assert_int_equal(chdir(fixture_path(fx, "d")), 0);
	for (int i = 0; i < total; i++) {
		snprintf(name, sizeof(name), "stays-%d", i);
		assert_int_equal(mknod(name, S_IFREG | 0644, 0), 0);
	}
	assert_int_equal(chdir(before), 0);
	f = open_dir(fx, "d");
	for (int round = 0;; round++) {
		NTSTATUS status = query(fx, f, &q, 1000, &t);

		if (NT_STATUS_IS(status, NO_MORE_FILES)) {
			break;
		}
		assert_ok(status);
		for (size_t i = 0; i < t.count; i++) {
			int n;

			if (sscanf(t.names[i], "stays-%d", &n) == 1) {
				assert_false(seen[n]);
				seen[n] = 1;
				count++;
			}
		}
		talloc_free(t.names);
		snprintf(name, sizeof(name), "d/comes-%d", round);
		fixture_make_file(fx, name, "");
		if (round > 2) {
			snprintf(name, sizeof(name), "d/comes-%d", round - 2);
			fixture_remove(fx, name);
		}
	}
	assert_int_equal(count, total);
	assert_ok(fixture_close(fx, f));
	assert_non_null(getcwd(after, sizeof(after)));
	assert_string_equal(before, after);
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_patterns),
		TEST(test_paging),
		TEST(test_rights),
		TEST(test_symlinks),
		TEST(test_mapped_names),
		cmocka_unit_test_setup_teardown(
			test_large, fixture_setup_in_memory, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
