/* fsa/tests/times_test.c - when the times of a file move, and who stops them
 * ([MS-FSA] 2.1.4.17, 2.1.4.18, 2.1.5.15.2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fsa/tests/fixture.h"

#define A_TIME 131592384000000000ull /* 2018-01-01 */
#define FREEZE ((NTTIME)-1)
#define RESUME ((NTTIME)-2)

/* Longer than a tick of the kernel's clock, and than the moment in which a
 * change is not told from the setting of a change time. */
static void wait_a_moment(void)
{
	usleep(30000);
}

static struct fsa_file *open_on(struct fixture *fx, struct fsa_volume *volume)
{
	const struct open_args args = {.name = "file",
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN_IF,
				       .volume = volume};
	struct fsa_file *f = NULL;

	assert_ok(fixture_open(fx, &args, &f));
	return f;
}

static struct fsa_file *open_file(struct fixture *fx)
{
	return open_on(fx, NULL);
}

static NTSTATUS set_times(struct fixture *fx, struct fsa_file *f,
			  struct fsa_times times)
{
	struct fsa_io io = fixture_io(fx, FSA_SET_INFO, f);

	io.u.set_info.info_class = FileBasicInformation;
	io.u.set_info.u.basic.times = times;
	return fixture_run(fx, &io);
}

/* As f sees them: FileBasicInformation. */
static struct fsa_times times_of(struct fixture *fx, struct fsa_file *f)
{
	struct fsa_io io = fixture_io(fx, FSA_QUERY_INFO, f);

	io.u.query_info.info_class = FileBasicInformation;
	assert_ok(fixture_run(fx, &io));
	return io.u.query_info.info.stat.times;
}

/* As a listing sees them. */
static bool take_times(void *private_data, const struct fsa_dir_entry *e)
{
	*(struct fsa_times *)private_data = e->stat.times;
	return true;
}

static struct fsa_times times_listed(struct fixture *fx)
{
	const struct open_args args = {.name = "",
				       .access = FILE_LIST_DIRECTORY,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN};
	struct fsa_file *dir = NULL;
	struct fsa_times found = {0};
	struct fsa_io io;

	assert_ok(fixture_open(fx, &args, &dir));
	io = fixture_io(fx, FSA_QUERY_DIRECTORY, dir);
	io.u.query_directory.pattern = "file";
	io.u.query_directory.want = FSA_WANT_STAT | FSA_WANT_ATTRIBUTES;
	io.u.query_directory.take = take_times;
	io.u.query_directory.private_data = &found;
	assert_ok(fixture_run(fx, &io));
	assert_ok(fixture_close(fx, dir));
	return found;
}

/* 2.1.5.1.1: of a new file all are the same. */
static void test_new_file(void **state)
{
	struct fixture *fx = *state;
	struct fsa_times t = times_of(fx, open_file(fx));

	assert_int_equal(t.creation, t.write);
	assert_int_equal(t.access, t.write);
	assert_true(t.change >= t.creation);
}

/* A change time is kept, beyond the open, until something changes the file. */
static void test_change_time_is_kept(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx);

	assert_ok(set_times(fx, f, (struct fsa_times){.change = A_TIME}));
	assert_int_equal(times_of(fx, f).change, A_TIME);
	assert_ok(fixture_close(fx, f));
	f = open_file(fx);
	assert_int_equal(times_of(fx, f).change, A_TIME);
	assert_int_equal(times_listed(fx).change, A_TIME);
	wait_a_moment();
	assert_ok(fixture_write(fx, f, 0, "x"));
	assert_true(times_of(fx, f).change > A_TIME);
	assert_true(times_listed(fx).change > A_TIME);
}

static void test_local_change_voids_it(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx);

	assert_ok(set_times(fx, f, (struct fsa_times){.change = A_TIME}));
	wait_a_moment();
	assert_int_equal(chmod(fixture_path(fx, "file"), 0600), 0);
	assert_true(times_of(fx, f).change > A_TIME);
}

/* 2.1.5.15.2: an open that set a time, or gave -1, moves it no more; -2 lets it
 * go.  Others do. */
static void test_freeze_and_resume(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx);
	struct fsa_file *other = open_file(fx);
	struct fsa_times before;
	struct fsa_times after;

	assert_ok(set_times(
		fx, f, (struct fsa_times){.write = FREEZE, .change = FREEZE}));
	before = times_of(fx, f);
	wait_a_moment();
	assert_ok(fixture_write(fx, f, 0, "x"));
	after = times_of(fx, other);
	assert_int_equal(after.write, before.write);
	assert_int_equal(after.change, before.change);
	assert_ok(set_times(
		fx, f, (struct fsa_times){.write = RESUME, .change = RESUME}));
	wait_a_moment();
	assert_ok(fixture_write(fx, f, 0, "y"));
	after = times_of(fx, f);
	assert_true(after.write > before.write);
	assert_true(after.change > before.change);
}

/* Setting another time does not move a frozen change time. */
static void test_change_frozen_while_setting(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx);
	NTTIME change = times_of(fx, f).change;

	wait_a_moment();
	assert_ok(set_times(
		fx, f, (struct fsa_times){.write = A_TIME, .change = FREEZE}));
	assert_int_equal(times_of(fx, f).change, change);
	assert_int_equal(times_of(fx, f).write, A_TIME);
}

/* Reading through an open that froze the access time leaves it. */
static void test_frozen_access(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx);
	uint32_t n = 0;
	char buf[4];

	assert_ok(fixture_write(fx, f, 0, "x"));
	assert_ok(set_times(fx, f, (struct fsa_times){.access = A_TIME}));
	assert_ok(fixture_read(fx, f, 0, buf, 1, &n));
	assert_int_equal(times_of(fx, f).access, A_TIME);
	assert_ok(set_times(fx, f, (struct fsa_times){.access = FREEZE}));
	assert_ok(fixture_read(fx, f, 0, buf, 1, &n));
	assert_int_equal(times_of(fx, f).access, A_TIME);
}

/* 2.1.5.15.2: nobody hides the share. */
static void test_root_is_not_hidden(void **state)
{
	struct fixture *fx = *state;
	const struct open_args args = {.name = "",
				       .access = FILE_WRITE_ATTRIBUTES |
						 FILE_READ_ATTRIBUTES,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN};
	struct fsa_file *f = NULL;
	struct fsa_stat st;
	struct fsa_io io;

	assert_ok(fixture_open(fx, &args, &f));
	io = fixture_io(fx, FSA_SET_INFO, f);
	io.u.set_info.info_class = FileBasicInformation;
	io.u.set_info.u.basic.attributes =
		FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_ARCHIVE;
	assert_ok(fixture_run(fx, &io));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.attributes,
			 FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_ARCHIVE);
}

/* What is below -2 is refused; a time that the file system cannot hold is
 * refused or held, never another one. */
static void test_range(void **state)
{
	static const NTTIME refused[] = {(NTTIME)-3, (NTTIME)INT64_MIN,
					 (NTTIME)INT64_MAX + 1};
	static const NTTIME far[] = {1, 10000, INT64_MAX, A_TIME * 2};
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx);
	NTTIME before;

	assert_ok(set_times(fx, f, (struct fsa_times){.write = A_TIME}));
	before = A_TIME;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_status(
			set_times(fx, f,
				  (struct fsa_times){.write = refused[i]}),
			INVALID_PARAMETER);
		assert_int_equal(times_of(fx, f).write, before);
	}
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		NTSTATUS status =
			set_times(fx, f, (struct fsa_times){.write = far[i]});

		if (NT_STATUS_IS_OK(status)) {
			before = far[i];
		} else {
			assert_status(status, INVALID_PARAMETER);
		}
		assert_int_equal(times_of(fx, f).write, before);
	}
	/* What was refused is not fixed either. */
	assert_ok(fixture_write(fx, f, 0, "x"));
	assert_int_equal(times_of(fx, f).write, before);
}

/* Without a delay a write moves the write time at once. */
static void test_write_moves_at_once(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx);
	NTTIME before = times_of(fx, f).write;

	wait_a_moment();
	assert_ok(fixture_write(fx, f, 0, "x"));
	assert_true(times_of(fx, f).write > before);
}

/* With one: the old time, then that of the first write, then the close's. */
static void test_delayed(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct fsa_volume *volume;
	struct fsa_file *f;
	NTTIME before;
	NTTIME first;
	NTTIME closed;

	params.write_time_delay = NTTIME_SECOND / 5;
	volume = fixture_mount(fx, &params);
	f = open_on(fx, volume);
	before = times_of(fx, f).write;
	wait_a_moment();
	assert_ok(fixture_write(fx, f, 0, "x"));
	assert_int_equal(times_of(fx, f).write, before);
	usleep(250000);
	first = times_of(fx, f).write;
	assert_true(first > before);
	assert_ok(fixture_write(fx, f, 0, "y"));
	assert_int_equal(times_of(fx, f).write, first);
	closed = nttime_now();
	assert_ok(fixture_close(fx, f));
	assert_true(times_listed(fx).write >= closed);
}

/* A flush ends the waiting; and what somebody sets is not written over. */
static void test_delay_ends(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	struct fsa_volume *volume;
	struct fsa_file *f;
	struct fsa_file *other;
	struct fsa_io io;
	NTTIME before;

	params.write_time_delay = NTTIME_SECOND * 10;
	volume = fixture_mount(fx, &params);
	f = open_on(fx, volume);
	other = open_on(fx, volume);
	before = times_of(fx, f).write;
	wait_a_moment();
	assert_ok(fixture_write(fx, f, 0, "x"));
	io = fixture_io(fx, FSA_FLUSH, f);
	assert_ok(fixture_run(fx, &io));
	assert_true(times_of(fx, f).write > before);
	assert_ok(fixture_write(fx, f, 0, "y"));
	assert_ok(set_times(fx, other, (struct fsa_times){.write = A_TIME}));
	assert_int_equal(times_of(fx, f).write, A_TIME);
	assert_ok(fixture_close(fx, f));
	assert_int_equal(times_of(fx, other).write, A_TIME);
}

int main(void)
{
#define T(test)                                                                \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		T(test_new_file),
		T(test_change_time_is_kept),
		T(test_local_change_voids_it),
		T(test_freeze_and_resume),
		T(test_change_frozen_while_setting),
		T(test_frozen_access),
		T(test_range),
		T(test_root_is_not_hidden),
		T(test_write_moves_at_once),
		T(test_delayed),
		T(test_delay_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
