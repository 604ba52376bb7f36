/* smb2/tests/posix_test.c - POSIX information, written and read. */
#include "smb2/tests/util.h"

#include <sys/stat.h>

#include "smb2/posix.h"

static struct smb2_posix_info sample(void)
{
	return (struct smb2_posix_info){
		.creation_time = 1,
		.last_access_time = 2,
		.last_write_time = 3,
		.change_time = 4,
		.end_of_file = 5,
		.allocation_size = 6,
		.file_attributes = FILE_ATTRIBUTE_ARCHIVE,
		.inode = 0x1122334455667788ull,
		.device = 9,
		.file = {.nlink = 2,
			 .reparse_tag = 0xa000000c,
			 .mode = 04755,
			 .owner = sid_unix_user(1000),
			 .group = sid_unix_group(100)},
	};
}

static void same(const struct smb2_posix_info *a,
		 const struct smb2_posix_info *b)
{
	assert_int_equal(a->creation_time, b->creation_time);
	assert_int_equal(a->last_access_time, b->last_access_time);
	assert_int_equal(a->last_write_time, b->last_write_time);
	assert_int_equal(a->change_time, b->change_time);
	assert_int_equal(a->end_of_file, b->end_of_file);
	assert_int_equal(a->allocation_size, b->allocation_size);
	assert_int_equal(a->file_attributes, b->file_attributes);
	assert_int_equal(a->inode, b->inode);
	assert_int_equal(a->device, b->device);
	assert_int_equal(a->file.nlink, b->file.nlink);
	assert_int_equal(a->file.reparse_tag, b->file.reparse_tag);
	assert_int_equal(a->file.mode, b->file.mode);
	assert_true(sid_equal(&a->file.owner, &b->file.owner));
	assert_true(sid_equal(&a->file.group, &b->file.group));
}

/* [POSIX-FSCC] 2.1.1; a directory: see posix.h. */
static void test_mode(void **state)
{
	assert_int_equal(smb2_posix_mode(S_IFREG | 0644), 0644);
	assert_int_equal(smb2_posix_mode(S_IFDIR | 01777), 01777);
	assert_int_equal(smb2_posix_mode(S_IFLNK | 0777), 0x2000 | 0777);
	assert_int_equal(smb2_posix_mode(S_IFCHR | 0600), 0x3000 | 0600);
	assert_int_equal(smb2_posix_mode(S_IFBLK | 0600), 0x4000 | 0600);
	assert_int_equal(smb2_posix_mode(S_IFIFO | 0640), 0x5000 | 0640);
	assert_int_equal(smb2_posix_mode(S_IFSOCK | 0640), 0x6000 | 0640);
	assert_int_equal(smb2_posix_mode(S_IFREG | 06711), 06711);
}

static void test_info(void **state)
{
	const struct smb2_posix_info in = sample();
	struct smb2_posix_info out = {.inode = 77};
	uint8_t bytes[200];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

	smb2_posix_info_put(&w, &in);
	/* Two SIDs of two sub-authorities. */
	assert_int_equal(w.length, SMB2_POSIX_INFO_MIN + 2 * 16);
	assert_int_equal(bytes[52], 0x88); /* Inode */
	assert_int_equal(bytes[68], 2);	   /* NumberOfLinks */
	for (size_t n = 0; n < w.length; n++) {
		assert_status(
			smb2_posix_info_decode(wire_reader(bytes, n), &out),
			INVALID_PARAMETER);
	}
	assert_int_equal(out.inode, 77);
	assert_ok(smb2_posix_info_decode(wire_reader(bytes, w.length), &out));
	same(&in, &out);
	bytes[SMB2_POSIX_INFO_MIN + 1] = 16; /* sub-authorities */
	assert_status(
		smb2_posix_info_decode(wire_reader(bytes, w.length), &out),
		INVALID_PARAMETER);
}

static void test_directory(void **state)
{
	static const char *const names[] = {"a", "b:c\\d", "longer than that"};
	const struct smb2_posix_info in = sample();
	struct smb2_posix_info out;
	uint8_t bytes[1000];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_dir_writer d = {
		.w = &w, .cls = FilePosixInformation, .limit = 440};
	struct wire_reader r, name;

	for (int i = 0; i < 3; i++) {
		assert_ok(smb2_posix_dir_put(&d, &in, names[i]));
	}
	assert_status(smb2_posix_dir_put(&d, &in, "x"), BUFFER_OVERFLOW);
	assert_true(fscc_dir_size(&d) <= 440);
	r = wire_reader(bytes, fscc_dir_size(&d));
	for (int i = 0; i < 3; i++) {
		assert_ok(smb2_posix_dir_next(&r, &out, &name));
		same(&in, &out);
		assert_int_equal(name.length, 2 * strlen(names[i]));
		assert_int_equal(name.data[0], names[i][0]);
	}
	assert_status(smb2_posix_dir_next(&r, &out, &name), NO_MORE_FILES);
}

static void test_directory_malformed(void **state)
{
	const struct smb2_posix_info in = sample();
	struct smb2_posix_info out;
	uint8_t bytes[400];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_dir_writer d = {
		.w = &w, .cls = FilePosixInformation, .limit = sizeof(bytes)};
	struct wire_reader r, name;

	assert_ok(smb2_posix_dir_put(&d, &in, "one"));
	assert_ok(smb2_posix_dir_put(&d, &in, "two"));
	for (unsigned int next = 1; next < 300; next++) {
		uint8_t first = bytes[0];
		uint8_t second = bytes[1];

		if (next == (unsigned int)(first | second << 8)) {
			continue;
		}
		bytes[0] = (uint8_t)next;
		bytes[1] = (uint8_t)(next >> 8);
		r = wire_reader(bytes, w.length);
		if (next % 8 != 0 || next < 128 || next >= w.length) {
			assert_status(smb2_posix_dir_next(&r, &out, &name),
				      INVALID_PARAMETER);
			assert_status(smb2_posix_dir_next(&r, &out, &name),
				      INVALID_PARAMETER);
		}
		bytes[0] = first;
		bytes[1] = second;
	}
}

static void test_fs(void **state)
{
	const struct smb2_posix_fs in = {1, 2, 3, 4, 5, 6, 7, 8};
	struct smb2_posix_fs out;
	uint8_t bytes[SMB2_POSIX_FS_SIZE];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

	smb2_posix_fs_put(&w, &in);
	assert_true(wire_writer_ok(&w));
	assert_int_equal(w.length, SMB2_POSIX_FS_SIZE);
	assert_status(smb2_posix_fs_decode(
			      wire_reader(bytes, sizeof(bytes) - 1), &out),
		      INVALID_PARAMETER);
	assert_ok(
		smb2_posix_fs_decode(wire_reader(bytes, sizeof(bytes)), &out));
	assert_memory_equal(&in, &out, sizeof(in));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mode),
		cmocka_unit_test(test_info),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_directory_malformed),
		cmocka_unit_test(test_fs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
