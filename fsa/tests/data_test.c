/* fsa/tests/data_test.c - reading, writing, flushing, sizes, full disks
 * ([MS-FSA] 2.1.5.3, 2.1.5.4, 2.1.5.7, 2.1.5.15). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "fsa/tests/fixture.h"

static struct fsa_file *open_file(struct fixture *fx, const char *name,
				  uint32_t access)
{
	const struct open_args args = {.name = name,
				       .access = access,
				       .share = FILE_SHARE_ALL,
				       .disposition = FILE_OPEN_IF};
	struct fsa_file *f = NULL;

	assert_ok(fixture_open(fx, &args, &f));
	return f;
}

static NTSTATUS set_size(struct fixture *fx, struct fsa_file *f,
			 enum file_information_class info_class, uint64_t size)
{
	struct fsa_io io = fixture_io(fx, FSA_SET_INFO, f);

	io.u.set_info.info_class = info_class;
	if (info_class == FileEndOfFileInformation) {
		io.u.set_info.u.end_of_file = size;
	} else {
		io.u.set_info.u.allocation_size = size;
	}
	return fixture_run(fx, &io);
}

static void test_read_write(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx, "file", 0);
	char text[16] = "";
	uint32_t n = 0;

	assert_ok(fixture_write(fx, f, 0, "0123456789"));
	assert_ok(fixture_read(fx, f, 2, text, 4, &n));
	assert_int_equal(n, 4);
	assert_memory_equal(text, "2345", 4);
	assert_ok(fixture_read(fx, f, 8, text, 16, &n));
	assert_int_equal(n, 2);
	assert_status(fixture_read(fx, f, 10, text, 1, &n), END_OF_FILE);
	assert_status(fixture_read(fx, f, 1000, text, 1, &n), END_OF_FILE);
	assert_ok(fixture_read(fx, f, 1000, text, 0, &n));
	assert_status(fixture_read(fx, f, INT64_MAX, text, 16, &n),
		      INVALID_PARAMETER);
	assert_status(fixture_write(fx, f, INT64_MAX, "x"), INVALID_PARAMETER);
	/* UINT64_MAX: at the end. */
	assert_ok(fixture_write(fx, f, UINT64_MAX, "ab"));
	assert_ok(fixture_read(fx, f, 8, text, 16, &n));
	assert_memory_equal(text, "89ab", 4);
	assert_ok(fixture_close(fx, f));
}

static void test_min_count(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx, "file", 0);
	struct fsa_io io = fixture_io(fx, FSA_READ, f);
	uint8_t data[8];

	assert_ok(fixture_write(fx, f, 0, "0123"));
	io.u.read = (struct fsa_read){
		.data = data, .length = sizeof(data), .min_count = 5};
	assert_status(fixture_run(fx, &io), END_OF_FILE);
	io.u.read.min_count = 4;
	assert_ok(fixture_run(fx, &io));
	assert_ok(fixture_close(fx, f));
}

static void test_rights(void **state)
{
	struct fixture *fx = *state;
	struct fsa_io io;
	struct fsa_file *f;
	char text[4];
	uint32_t n;

	fixture_make_file(fx, "file", "text");
	f = open_file(fx, "file", FILE_WRITE_DATA);
	assert_status(fixture_read(fx, f, 0, text, 4, &n), ACCESS_DENIED);
	assert_ok(fixture_close(fx, f));
	f = open_file(fx, "file", FILE_READ_DATA);
	assert_status(fixture_write(fx, f, 0, "x"), ACCESS_DENIED);
	assert_status(set_size(fx, f, FileEndOfFileInformation, 0),
		      ACCESS_DENIED);
	io = fixture_io(fx, FSA_FLUSH, f);
	assert_status(fixture_run(fx, &io), ACCESS_DENIED);
	assert_ok(fixture_close(fx, f));
	f = open_file(fx, "file", FILE_EXECUTE);
	assert_ok(fixture_read(fx, f, 0, text, 4, &n));
	assert_ok(fixture_close(fx, f));
	/* With nothing but FILE_APPEND_DATA every write is at the end. */
	f = open_file(fx, "file", FILE_APPEND_DATA);
	assert_ok(fixture_write(fx, f, 0, "more"));
	assert_ok(fixture_close(fx, f));
	f = open_file(fx, "file", FILE_READ_DATA);
	assert_ok(fixture_read(fx, f, 4, text, 4, &n));
	assert_memory_equal(text, "more", 4);
	assert_ok(fixture_close(fx, f));
	fixture_make_dir(fx, "dir");
	f = open_file(fx, "dir", FILE_GENERIC_READ);
	assert_status(fixture_read(fx, f, 0, text, 4, &n),
		      INVALID_DEVICE_REQUEST);
	assert_ok(fixture_close(fx, f));
}

/* What is not in memory is read by io_uring: the answer comes later. */
static void test_cold_read(void **state)
{
	enum {
		SIZE = 8 << 20
	};
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx, "file", 0);
	uint8_t *data = talloc_size(fx->mem_ctx, SIZE);
	uint8_t *back = talloc_zero_size(fx->mem_ctx, SIZE);
	struct fsa_io io = fixture_io(fx, FSA_WRITE, f);
	int fd;

	for (size_t i = 0; i < SIZE; i++) {
		data[i] = (uint8_t)(i * 7 + (i >> 12));
	}
	io.u.write = (struct fsa_write){.data = data, .length = SIZE};
	assert_ok(fixture_run(fx, &io));
	fd = open(fixture_path(fx, "file"), O_RDONLY);
	assert_int_equal(fdatasync(fd), 0);
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
	io = fixture_io(fx, FSA_READ, f);
	io.u.read = (struct fsa_read){.data = back, .length = SIZE};
	assert_ok(fixture_run(fx, &io));
	assert_int_equal(io.u.read.nread, SIZE);
	assert_memory_equal(back, data, SIZE);
	assert_ok(fixture_close(fx, f));
}

static void note(struct fsa_io *io)
{
	(*(int *)io->private_data)++;
}

/* A cancelled operation completes all the same, once. */
static void test_cancel(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx, "file", 0);
	struct fsa_io io = fixture_io(fx, FSA_FLUSH, f);
	int completed = 0;
	NTSTATUS status;

	assert_ok(fixture_write(fx, f, 0, "text"));
	io.complete = note;
	io.private_data = &completed;
	status = fsa_dispatch(&io);
	if (NT_STATUS_IS(status, PENDING)) {
		fsa_io_cancel(&io);
		while (completed == 0) {
			assert_int_equal(tevent_loop_once(fx->ev), 0);
		}
		assert_int_equal(completed, 1);
		assert_false(io.pending);
	} else {
		assert_ok(status);
	}
	assert_ok(fixture_close(fx, f));
}

static void test_write_through(void **state)
{
	struct fixture *fx = *state;
	struct open_args args = {.name = "file",
				 .disposition = FILE_CREATE,
				 .options = FILE_WRITE_THROUGH};
	struct fsa_file *f = NULL;
	struct fsa_stat st;

	assert_ok(fixture_open(fx, &args, &f));
	assert_ok(fixture_write(fx, f, 0, "text"));
	assert_ok(fixture_write(fx, f, UINT64_MAX, "more"));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.end_of_file, 8);
	assert_ok(fixture_close(fx, f));
}

static void test_sizes(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx, "file", 0);
	struct fsa_stat st;

	assert_ok(set_size(fx, f, FileEndOfFileInformation, 100));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.end_of_file, 100);
	/* Room behind the end changes no end; less than there is cuts off. */
	assert_ok(set_size(fx, f, FileAllocationInformation, 1 << 20));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.end_of_file, 100);
	assert_true(st.allocation_size >= 1 << 20);
	assert_ok(set_size(fx, f, FileAllocationInformation, 10));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.end_of_file, 10);
	assert_status(set_size(fx, f, FileEndOfFileInformation, UINT64_MAX),
		      INVALID_PARAMETER);
	assert_ok(set_size(fx, f, FileEndOfFileInformation, 100ull << 30));
	assert_ok(fixture_stat(fx, f, &st));
	assert_int_equal(st.end_of_file, 100ull << 30);
	assert_ok(fixture_close(fx, f));
}

/* A full disk: DISK_FULL, and no file half made. */
static void test_disk_full(void **state)
{
	struct fixture *fx = *state;
	struct fsa_volume_params params = fx->params;
	char *path = fixture_path(fx, "small");
	struct open_args args = {.name = "file", .disposition = FILE_CREATE};
	struct fsa_file *f = NULL;
	char *big = talloc_array(fx->mem_ctx, char, 256 * 1024);
	struct fsa_io io;

	if (geteuid() != 0) {
		skip();
	}
	fixture_make_dir(fx, "small");
	if (mount("none", path, "tmpfs", 0, "size=128k,nr_inodes=8") != 0) {
		skip();
	}
	params.path = path;
	args.volume = fixture_mount(fx, &params);
	memset(big, 'x', 256 * 1024 - 1);
	big[256 * 1024 - 1] = '\0';
	assert_ok(fixture_open(fx, &args, &f));
	assert_status(fixture_write(fx, f, 0, big), DISK_FULL);
	assert_ok(fixture_close(fx, f));
	args.name = "reserved";
	io = fixture_io(fx, FSA_CREATE, NULL);
	io.volume = args.volume;
	io.u.create = (struct fsa_create){
		.name = "reserved",
		.open_id = 999,
		.desired_access = FILE_GENERIC_WRITE,
		.disposition = FILE_CREATE,
		.has_allocation_size = true,
		.allocation_size = 1 << 20,
	};
	assert_status(fixture_run(fx, &io), DISK_FULL);
	assert_false(fixture_exists(fx, "small/reserved"));
	for (int i = 0; i < 16; i++) {
		NTSTATUS status;

		args.name = talloc_asprintf(fx->mem_ctx, "f%d", i);
		status = fixture_open(fx, &args, NULL);
		if (!NT_STATUS_IS_OK(status)) {
			assert_status(status, DISK_FULL);
			args.disposition = FILE_OPEN;
			assert_status(fixture_open(fx, &args, NULL),
				      OBJECT_NAME_NOT_FOUND);
			break;
		}
		assert_int_not_equal(i, 15);
	}
	talloc_free(args.volume);
	umount2(path, MNT_DETACH);
}

/* A reservation for which there is no room takes what room there is from
 * nobody. */
static void test_too_large_a_reservation(void **state)
{
	struct fixture *fx = *state;
	struct fsa_file *f = open_file(fx, "file", 0);
	struct statvfs fs;
	struct stat st;

	assert_int_equal(statvfs(fx->share, &fs), 0);
	assert_status(set_size(fx, f, FileAllocationInformation,
			       (fs.f_bavail + 1) * fs.f_frsize + (1 << 30)),
		      DISK_FULL);
	assert_int_equal(stat(fixture_path(fx, "file"), &st), 0);
	assert_int_equal(st.st_blocks, 0);
	assert_ok(fixture_close(fx, f));
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_read_write),
		TEST(test_min_count),
		TEST(test_rights),
		TEST(test_cold_read),
		TEST(test_cancel),
		TEST(test_write_through),
		TEST(test_sizes),
		TEST(test_disk_full),
		TEST(test_too_large_a_reservation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
