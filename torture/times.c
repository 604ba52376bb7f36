/* torture/times.c - when the times of a file move, and who stops them
 * ([MS-FSA] 2.1.4.17, 2.1.5.15.2). */
#include <unistd.h>

#include "torture/features.h"
#include "torture/util.h"

#define A_TIME 129000000001234567ull
#define FREEZE UINT64_MAX
#define RESUME (UINT64_MAX - 1)

/* Longer than the clocks of file systems tick. */
static void wait_a_moment(void)
{
	usleep(50000);
}

static struct smb2_file_id open_file(struct torture *t, struct cli_tree *tree,
				     const char *name)
{
	return torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
}

static NTSTATUS set_basic(struct cli_tree *tree, struct smb2_file_id id,
			  struct fscc_basic basic)
{
	uint8_t data[40];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));

	fscc_basic_put(&w, &basic);
	return torture_set(tree, id, FileBasicInformation, data, w.length);
}

static struct fscc_basic get_basic(struct torture *t, struct cli_tree *tree,
				   struct smb2_file_id id)
{
	struct fscc_basic basic = {0};
	struct wire_reader out;

	OK(torture_query(t, tree, id, FileBasicInformation, 40, &out));
	OK(fscc_basic_decode(out, &basic));
	return basic;
}

static bool take_change(void *private_data, const char *name,
			const struct fscc_dir_entry *e)
{
	*(uint64_t *)private_data = e->change_time;
	return true;
}

/* By FileIdBothDirectoryInformation. */
static uint64_t change_listed(struct torture *t, struct cli_tree *tree)
{
	struct smb2_file_id dir =
		torture_open(t, tree, torture_dir(t, tree), FILE_LIST_DIRECTORY,
			     FILE_OPEN, FILE_DIRECTORY_FILE);
	uint64_t change = 0;

	OK(torture_list_dir(t, tree, dir, "file",
			    FileIdBothDirectoryInformation, 4096, take_change,
			    &change));
	OK(cli_close(tree, dir));
	return change;
}

/* A change time that is set is that of all opens and listings, until something
 * changes the file. */
static void change_time_kept(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id = open_file(t, tree, name);

	OK(set_basic(tree, id, (struct fscc_basic){.change_time = A_TIME}));
	EQUAL(get_basic(t, tree, id).change_time, A_TIME);
	OK(cli_close(tree, id));
	id = open_file(t, tree, name);
	EQUAL(get_basic(t, tree, id).change_time, A_TIME);
	EQUAL(change_listed(t, tree), A_TIME);
	wait_a_moment();
	OK(torture_write(tree, id, 0, "more", 4));
	OK(cli_close(tree, id));
	id = open_file(t, tree, name);
	CHECK(get_basic(t, tree, id).change_time > A_TIME);
}

/* -1: this open moves it no more; -2: it does again. */
static void frozen(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id = open_file(t, tree, name);
	struct fscc_basic before = get_basic(t, tree, id);
	struct fscc_basic after;
	struct blob data;

	OK(set_basic(tree, id,
		     (struct fscc_basic){.last_write_time = FREEZE,
					 .last_access_time = FREEZE,
					 .change_time = FREEZE,
					 .creation_time = FREEZE}));
	wait_a_moment();
	OK(torture_write(tree, id, 0, "more", 4));
	OK(torture_read(t, tree, id, 0, 4, &data));
	after = get_basic(t, tree, id);
	EQUAL(after.creation_time, before.creation_time);
	EQUAL(after.last_access_time, before.last_access_time);
	EQUAL(after.last_write_time, before.last_write_time);
	EQUAL(after.change_time, before.change_time);
	OK(set_basic(tree, id,
		     (struct fscc_basic){.last_write_time = RESUME,
					 .change_time = RESUME}));
	wait_a_moment();
	OK(torture_write(tree, id, 0, "more", 4));
	OK(cli_close(tree, id));
	after = get_basic(t, tree, open_file(t, tree, name));
	CHECK(after.last_write_time > before.last_write_time);
	CHECK(after.change_time > before.change_time);
}

/* All else that is negative is refused, and nothing is changed. */
static void negative(struct torture *t)
{
	static const uint64_t bad[] = {UINT64_MAX - 2, (uint64_t)INT64_MAX + 1};
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		open_file(t, tree, torture_file(t, tree, "file", "text"));
	struct fscc_basic before = get_basic(t, tree, id);

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		const struct fscc_basic in[] = {
			{.creation_time = bad[i], .last_write_time = A_TIME},
			{.last_access_time = bad[i], .last_write_time = A_TIME},
			{.last_write_time = bad[i], .change_time = A_TIME},
			{.change_time = bad[i], .last_write_time = A_TIME},
		};

		for (size_t j = 0; j < COUNT_OF(in); j++) {
			STATUS(set_basic(tree, id, in[j]), INVALID_PARAMETER);
		}
	}
	EQUAL(get_basic(t, tree, id).last_write_time, before.last_write_time);
	EQUAL(get_basic(t, tree, id).change_time, before.change_time);
}

/* [MS-FSA] 2.1.5.15.5: a new end of file modifies, even if it is the old. */
static void same_size_modifies(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		open_file(t, tree, torture_file(t, tree, "file", "text"));
	struct fscc_basic before = get_basic(t, tree, id);

	wait_a_moment();
	OK(torture_set_eof(tree, id, 4));
	CHECK(get_basic(t, tree, id).last_write_time > before.last_write_time);
}

/* 2.1.5.1.1: a new file's times are one moment. */
static void new_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		torture_open(t, tree, torture_path(t, tree, "new"), TORTURE_ALL,
			     FILE_CREATE, 0);
	struct fscc_basic basic = get_basic(t, tree, id);

	EQUAL(basic.last_write_time, basic.creation_time);
	EQUAL(basic.last_access_time, basic.creation_time);
	CHECK(basic.change_time >= basic.creation_time);
}

const struct torture_test torture_times_tests[] = {
	{"times.change_time_kept", "[MS-FSA] 2.1.5.15.2", change_time_kept, 0},
	{"times.frozen", "[MS-FSA] 2.1.5.15.2: -1 and -2", frozen, 0},
	{"times.negative", "[MS-FSA] 2.1.5.15.2: below -2", negative, 0},
	{"times.same_size_modifies", "[MS-FSA] 2.1.5.15.5", same_size_modifies,
	 0},
	{"times.new_file", "[MS-FSA] 2.1.5.1.1", new_file, 0},
	{NULL, NULL, NULL, 0},
};
