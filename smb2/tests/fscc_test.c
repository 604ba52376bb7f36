/* smb2/tests/fscc_test.c - file and file system information there and back,
 * and lists. */
#include "smb2/tests/util.h"

#include "smb2/fscc_file.h"
#include "smb2/fscc_fs.h"
#include "smb2/fscc_list.h"

/* A class: how it is written and read, and a sample of its size. */
struct row {
	const char *name;
	size_t size;
	void (*put)(struct wire_writer *w, const void *in);
	NTSTATUS (*get)(struct wire_reader r, void *out);
	const void *sample;
	size_t struct_size;
};

#define CODEC(name)                                                            \
	static void put_##name(struct wire_writer *w, const void *in)          \
	{                                                                      \
		fscc_##name##_put(w, in);                                      \
	}                                                                      \
	static NTSTATUS get_##name(struct wire_reader r, void *out)            \
	{                                                                      \
		return fscc_##name##_decode(r, out);                           \
	}

CODEC(basic)
CODEC(standard)
CODEC(network_open)
CODEC(attribute_tag)
CODEC(compression)
CODEC(file_id)
CODEC(pipe)
CODEC(pipe_local)
CODEC(fs_size)
CODEC(fs_full_size)
CODEC(fs_device)
CODEC(fs_control)
CODEC(fs_object_id)
CODEC(fs_sector_size)

static const struct fscc_basic basic = {1, 2, 3, UINT64_MAX, 0x20};
static const struct fscc_standard standard = {4096, 10, 2, true, false};
static const struct fscc_network_open network_open = {1, 2, 3, 4, 5, 6, 7};
static const struct fscc_attribute_tag attribute_tag = {0x400, 0xa000000c};
static const struct fscc_compression compression = {1, 2, 3, 4, 5};
static const struct fscc_file_id file_id = {1, {2, 3}};
static const struct fscc_pipe pipe_info = {1, 1};
static const struct fscc_pipe_local pipe_local = {1, 2, 3, 4, 5,
						  6, 7, 8, 9, 10};
static const struct fscc_fs_size fs_size = {1, 2, 3, 4};
static const struct fscc_fs_full_size fs_full_size = {1, 2, 3, 4, 5};
static const struct fscc_fs_device fs_device = {7, 0x20};
static const struct fscc_fs_control fs_control = {1, 2, 3, 4, 5, 6};
static const struct fscc_fs_object_id fs_object_id = {{{1}}, {2}};
static const struct fscc_fs_sector_size fs_sector_size = {1, 2, 3, 4, 5, 6, 7};

#define ROW(name, sample, size)                                                \
	{                                                                      \
#name, size, put_##name, get_##name, &sample, sizeof(sample)   \
	}

static const struct row rows[] = {
	ROW(basic, basic, 40),
	ROW(standard, standard, 24),
	ROW(network_open, network_open, 56),
	ROW(attribute_tag, attribute_tag, 8),
	ROW(compression, compression, 16),
	ROW(file_id, file_id, 24),
	ROW(pipe, pipe_info, 8),
	ROW(pipe_local, pipe_local, 40),
	ROW(fs_size, fs_size, 24),
	ROW(fs_full_size, fs_full_size, 32),
	ROW(fs_device, fs_device, 8),
	ROW(fs_control, fs_control, 48),
	ROW(fs_object_id, fs_object_id, 64),
	ROW(fs_sector_size, fs_sector_size, 28),
};

static void test_fixed(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		uint8_t first[128], second[128], out[256];
		struct wire_writer w = wire_writer_fixed(first, sizeof(first));
		struct wire_writer v =
			wire_writer_fixed(second, sizeof(second));

		row->put(&w, row->sample);
		assert_int_equal(w.length, row->size);
		memset(out, 0, sizeof(out));
		assert_ok(row->get(wire_reader(first, w.length), out));
		row->put(&v, out);
		assert_int_equal(v.length, row->size);
		assert_memory_equal(first, second, row->size);
		for (size_t n = 0; n < row->size; n++) {
			uint8_t *copy = exact_copy(first, n);

			memset(out, 0xa5, sizeof(out));
			assert_status(row->get(wire_reader(copy, n), out),
				      INFO_LENGTH_MISMATCH);
			assert_int_equal(out[0], 0xa5);
			free(copy);
		}
	}
}

static void test_all(void **state)
{
	struct fscc_all in = {.basic = basic,
			      .standard = standard,
			      .index_number = 9,
			      .ea_size = 1,
			      .access_flags = 2,
			      .current_byte_offset = 3,
			      .mode = 4,
			      .alignment_requirement = 5};
	struct fscc_all out;
	struct wire_reader name;
	uint8_t bytes[200];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

	fscc_all_put(&w, &in, "\\ab");
	assert_int_equal(w.length, 100 + 6);
	assert_ok(fscc_all_decode(wire_reader(bytes, w.length), &out, &name));
	assert_bytes(name, "\\\0a\0b\0", 6);
	assert_int_equal(out.index_number, 9);
	assert_int_equal(out.alignment_requirement, 5);
	assert_true(out.standard.delete_pending);
	assert_status(
		fscc_all_decode(wire_reader(bytes, w.length - 1), &out, &name),
		INFO_LENGTH_MISMATCH);
}

static void test_numbers(void **state)
{
	uint64_t v64 = 1;
	uint32_t v32 = 1;
	bool b = false;

	assert_ok(fscc_u64_decode(wire_reader("\2\0\0\0\0\0\0\1", 8), &v64));
	assert_true(v64 == 0x0100000000000002);
	assert_status(fscc_u64_decode(wire_reader("1234567", 7), &v64),
		      INFO_LENGTH_MISMATCH);
	assert_ok(fscc_u32_decode(wire_reader("\2\0\0\0", 4), &v32));
	assert_int_equal(v32, 2);
	assert_ok(fscc_bool_decode(wire_reader("\1", 1), &b));
	assert_true(b);
	assert_status(fscc_bool_decode(wire_reader("", 0), &b),
		      INFO_LENGTH_MISMATCH);
}

/* 2.4.42.2, 2.4.43: padded to 24 bytes at least */
static void test_rename(void **state)
{
	static const enum file_information_class classes[] = {
		FileRenameInformation, FileRenameInformationEx,
		FileLinkInformation};

	for (size_t i = 0; i < 3; i++) {
		struct fscc_rename in = {.flags = FILE_RENAME_REPLACE_IF_EXISTS,
					 .name = wire_reader("x\0", 2)};
		struct fscc_rename out;
		uint8_t bytes[64];
		struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

		fscc_rename_put(&w, classes[i], &in);
		assert_hex(bytes, w.length,
			   "01000000"
			   "00000000"
			   "0000000000000000"
			   "02000000"
			   "78000000");
		assert_ok(fscc_rename_decode(wire_reader(bytes, w.length),
					     classes[i], &out));
		assert_int_equal(out.flags, FILE_RENAME_REPLACE_IF_EXISTS);
		assert_bytes(out.name, "x\0", 2);
		assert_status(fscc_rename_decode(wire_reader(bytes, 19),
						 classes[i], &out),
			      INFO_LENGTH_MISMATCH);
		assert_status(fscc_rename_decode(wire_reader(bytes, 21),
						 classes[i], &out),
			      INVALID_PARAMETER);
		bytes[16] = 6;
		assert_status(fscc_rename_decode(wire_reader(bytes, w.length),
						 classes[i], &out),
			      INVALID_PARAMETER);
	}
}

static void test_fs_names(void **state)
{
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_fs_attribute attribute = {0x4f, 255}, attribute_out;
	struct fscc_fs_volume volume = {1, 2, true}, volume_out;
	struct wire_reader name;

	fscc_fs_attribute_put(&w, &attribute, "NTFS");
	assert_int_equal(w.length, 12 + 8);
	assert_ok(fscc_fs_attribute_decode(wire_reader(bytes, w.length),
					   &attribute_out, &name));
	assert_bytes(name, "N\0T\0F\0S\0", 8);
	assert_int_equal(attribute_out.max_component_length, 255);
	wire_truncate(&w, 0);
	fscc_fs_volume_put(&w, &volume, "ab");
	assert_int_equal(w.length, 18 + 4);
	assert_ok(fscc_fs_volume_decode(wire_reader(bytes, w.length),
					&volume_out, &name));
	assert_bytes(name, "a\0b\0", 4);
	assert_true(volume_out.supports_objects);
	wire_truncate(&w, 0);
	fscc_fs_label_put(&w, "ab");
	assert_ok(fscc_fs_label_decode(wire_reader(bytes, w.length), &name));
	assert_bytes(name, "a\0b\0", 4);
}

/* The sizes that decide between INFO_LENGTH_MISMATCH and BUFFER_OVERFLOW */
static void test_fixed_sizes(void **state)
{
	assert_int_equal(fscc_file_fixed_size(FileBasicInformation), 40);
	assert_int_equal(fscc_file_fixed_size(FileAllInformation), 104);
	assert_int_equal(fscc_file_fixed_size(FileRenameInformation), 20);
	assert_int_equal(fscc_file_fixed_size((enum file_information_class)200),
			 0);
	assert_int_equal(fscc_fs_fixed_size(FileFsVolumeInformation), 24);
	assert_int_equal(fscc_fs_fixed_size((enum fs_information_class)200), 0);
}

static void test_notify_list(void **state)
{
	uint8_t bytes[100];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_list l = fscc_list(&w, FSCC_NOTIFY_ALIGN);
	struct wire_reader r, name;
	uint32_t action;

	fscc_notify_put(&l, FILE_ACTION_ADDED, "abc");
	fscc_notify_put(&l, FILE_ACTION_REMOVED, "d");
	assert_hex(bytes, w.length,
		   "14000000"
		   "01000000"
		   "06000000"
		   "610062006300"
		   "0000"
		   "00000000"
		   "02000000"
		   "02000000"
		   "6400");
	r = wire_reader(bytes, w.length);
	assert_ok(fscc_notify_next(&r, &action, &name));
	assert_int_equal(action, FILE_ACTION_ADDED);
	assert_bytes(name, "a\0b\0c\0", 6);
	assert_ok(fscc_notify_next(&r, &action, &name));
	assert_bytes(name, "d\0", 2);
	assert_status(fscc_notify_next(&r, &action, &name), NO_MORE_FILES);
}

static void test_stream_list(void **state)
{
	uint8_t bytes[200];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_list l = fscc_list(&w, FSCC_STREAM_ALIGN);
	struct fscc_stream out;
	struct wire_reader r, name;

	fscc_stream_put(&l, &(struct fscc_stream){1, 2}, "::$DATA");
	fscc_stream_put(&l, &(struct fscc_stream){3, 4}, ":x:$DATA");
	r = wire_reader(bytes, w.length);
	assert_ok(fscc_stream_next(&r, &out, &name));
	assert_int_equal(out.size, 1);
	assert_int_equal(name.length, 14);
	assert_ok(fscc_stream_next(&r, &out, &name));
	assert_int_equal(out.allocation_size, 4);
	assert_status(fscc_stream_next(&r, &out, &name), NO_MORE_FILES);
}

static void test_ea_list(void **state)
{
	uint8_t bytes[200];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_list l = fscc_list(&w, FSCC_EA_ALIGN);
	struct fscc_ea in = {.name = "ONE", .value = wire_reader("v", 1)}, out;
	struct wire_reader r;

	fscc_ea_put(&l, &in);
	in.name = "TWO";
	in.flags = FILE_NEED_EA;
	fscc_ea_put(&l, &in);
	r = wire_reader(bytes, w.length);
	assert_ok(fscc_ea_next(&r, &out));
	assert_string_equal(out.name, "ONE");
	assert_bytes(out.value, "v", 1);
	assert_ok(fscc_ea_next(&r, &out));
	assert_int_equal(out.flags, FILE_NEED_EA);
	assert_status(fscc_ea_next(&r, &out), NO_MORE_FILES);
	bytes[8] = '*';
	r = wire_reader(bytes, w.length);
	assert_status(fscc_ea_next(&r, &out), INVALID_EA_NAME);
	bytes[8] = 'O';
	bytes[11] = 'x'; /* the NUL behind the name */
	r = wire_reader(bytes, w.length);
	assert_status(fscc_ea_next(&r, &out), EA_LIST_INCONSISTENT);
	bytes[0] = 2; /* NextEntryOffset */
	r = wire_reader(bytes, w.length);
	assert_status(fscc_ea_next(&r, &out), EA_LIST_INCONSISTENT);
}

static void test_get_ea_list(void **state)
{
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_list l = fscc_list(&w, FSCC_EA_ALIGN);
	struct wire_reader r;
	const char *name;

	fscc_get_ea_put(&l, "ONE");
	fscc_get_ea_put(&l, "TWO");
	r = wire_reader(bytes, w.length);
	assert_ok(fscc_get_ea_next(&r, &name));
	assert_string_equal(name, "ONE");
	assert_ok(fscc_get_ea_next(&r, &name));
	assert_string_equal(name, "TWO");
	assert_status(fscc_get_ea_next(&r, &name), NO_MORE_FILES);
}

/* NextEntryOffset: unaligned, into itself, beyond the end */
static void test_list_malformed(void **state)
{
	static const uint8_t bad[] = {1, 2, 4, 6, 12, 16, 200};

	for (size_t i = 0; i < sizeof(bad); i++) {
		uint8_t bytes[12] = {bad[i]};
		struct wire_reader r = wire_reader(bytes, sizeof(bytes)), e;

		assert_status(fscc_list_next(&r, 4, &e), INVALID_PARAMETER);
		assert_status(fscc_list_next(&r, 4, &e), INVALID_PARAMETER);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_rename),
		cmocka_unit_test(test_fs_names),
		cmocka_unit_test(test_fixed_sizes),
		cmocka_unit_test(test_notify_list),
		cmocka_unit_test(test_stream_list),
		cmocka_unit_test(test_ea_list),
		cmocka_unit_test(test_get_ea_list),
		cmocka_unit_test(test_list_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
