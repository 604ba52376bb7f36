/* torture/info.c - QUERY_INFO and SET_INFO ([MS-SMB2] 3.3.5.20, 3.3.5.21). */
#include <string.h>

#include "smb2/fscc_fs.h"
#include "smb2/fscc_list.h"
#include "torture/features.h"
#include "torture/util.h"

static struct smb2_file_id open_file(struct torture *t, struct cli_tree *tree,
				     const char *text)
{
	return torture_open(t, tree, torture_file(t, tree, "file", text),
			    TORTURE_ALL, FILE_OPEN, 0);
}

/* --- lengths -------------------------------------------------------------- */

static const struct {
	uint8_t cls;
	uint32_t size;
} fixed_sizes[] = {
	{FileBasicInformation, 40},	  {FileStandardInformation, 24},
	{FileInternalInformation, 8},	  {FileEaInformation, 4},
	{FileAccessInformation, 4},	  {FilePositionInformation, 8},
	{FileModeInformation, 4},	  {FileAlignmentInformation, 4},
	{FileNetworkOpenInformation, 56}, {FileAttributeTagInformation, 8},
};

static void file_class_sizes(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree, "text");

	for (size_t i = 0; i < COUNT_OF(fixed_sizes); i++) {
		struct wire_reader out;

		torture_note("class %u", fixed_sizes[i].cls);
		OK(torture_query(t, tree, id, fixed_sizes[i].cls, 1000, &out));
		EQUAL(out.length, fixed_sizes[i].size);
		OK(torture_query(t, tree, id, fixed_sizes[i].cls,
				 fixed_sizes[i].size, &out));
		EQUAL(out.length, fixed_sizes[i].size);
		STATUS(torture_query(t, tree, id, fixed_sizes[i].cls,
				     fixed_sizes[i].size - 1, &out),
		       INFO_LENGTH_MISMATCH);
		STATUS(torture_query(t, tree, id, fixed_sizes[i].cls, 0, &out),
		       INFO_LENGTH_MISMATCH);
	}
}

static void class_unknown(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree, "text");
	uint8_t data[100] = {0};
	struct wire_reader out;

	STATUS(torture_query(t, tree, id, 200, 1000, &out), INVALID_INFO_CLASS);
	STATUS(torture_query_fs(t, tree, id, 200, 1000, &out),
	       INVALID_INFO_CLASS);
	STATUS_IN(torture_set(tree, id, 200, data, sizeof(data)),
		  NT_STATUS(INVALID_INFO_CLASS), NT_STATUS(NOT_SUPPORTED),
		  NT_STATUS(INVALID_LEVEL));
}

static void info_type_unknown(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_query_info_request in = {
		.info_type = 77,
		.info_class = FileBasicInformation,
		.output_buffer_length = 100,
		.id = open_file(t, tree, "text"),
	};
	struct wire_reader out;

	STATUS(cli_query_info(t->mem, tree, &in, &out), INVALID_PARAMETER);
}

/* The name is cut at the end of the buffer, and that is a warning. */
static void all_information(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree, "0123456789");
	struct wire_reader out, name;
	struct fscc_all all;

	OK(torture_query(t, tree, id, FileAllInformation, 1000, &out));
	OK(fscc_all_decode(out, &all, &name));
	EQUAL(all.standard.end_of_file, 10);
	CHECK(!all.standard.directory && !all.standard.delete_pending);
	EQUAL(all.standard.number_of_links, 1);
	CHECK(name.length > 0);
	STATUS(torture_query(t, tree, id, FileAllInformation, 104, &out),
	       BUFFER_OVERFLOW);
	STATUS(torture_query(t, tree, id, FileAllInformation, 90, &out),
	       INFO_LENGTH_MISMATCH);
}

static void larger_than_allowed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	uint32_t max =
		cli_conn_negotiated(cli_tree_conn(tree))->max_transact_size;
	struct smb2_file_id id = open_file(t, tree, "text");
	struct wire_reader out;

	STATUS(torture_query(t, tree, id, FileBasicInformation, max + 1, &out),
	       INVALID_PARAMETER);
}

/* --- what is said --------------------------------------------------------- */

static void classes_agree(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree, "0123456789");
	struct fscc_network_open n = {0};
	struct fscc_basic basic = {0};
	struct fscc_standard standard = {0};
	struct wire_reader out;

	OK(torture_query(t, tree, id, FileBasicInformation, 40, &out));
	OK(fscc_basic_decode(out, &basic));
	OK(torture_query(t, tree, id, FileStandardInformation, 24, &out));
	OK(fscc_standard_decode(out, &standard));
	OK(torture_query(t, tree, id, FileNetworkOpenInformation, 56, &out));
	OK(fscc_network_open_decode(out, &n));
	EQUAL(n.end_of_file, standard.end_of_file);
	EQUAL(n.allocation_size, standard.allocation_size);
	EQUAL(n.creation_time, basic.creation_time);
	EQUAL(n.last_write_time, basic.last_write_time);
	EQUAL(n.change_time, basic.change_time);
	EQUAL(n.file_attributes, basic.file_attributes);
}

static void streams(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree, "0123456789");
	struct fscc_stream stream = {0};
	struct wire_reader out, name;
	char *text = NULL;

	OK(torture_query(t, tree, id, FileStreamInformation, 1000, &out));
	OK(fscc_stream_next(&out, &stream, &name));
	OK(utf16_to_utf8(t->mem, name.data, name.length, &text));
	CHECK(strcmp(text, "::$DATA") == 0);
	EQUAL(stream.size, 10);
}

static void volume(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = torture_open(t, tree, "", FILE_GENERIC_READ,
					      FILE_OPEN, FILE_DIRECTORY_FILE);
	struct fscc_fs_full_size full = {0};
	struct fscc_fs_attribute attr = {0};
	struct fscc_fs_device device = {0};
	struct fscc_fs_volume vol = {0};
	struct fscc_fs_size size = {0};
	struct wire_reader out, name;

	OK(torture_query_fs(t, tree, id, FileFsVolumeInformation, 1000, &out));
	OK(fscc_fs_volume_decode(out, &vol, &name));
	OK(torture_query_fs(t, tree, id, FileFsSizeInformation, 24, &out));
	OK(fscc_fs_size_decode(out, &size));
	CHECK(size.total_units >= size.available_units);
	CHECK(size.bytes_per_sector >= 512 && size.sectors_per_unit >= 1);
	OK(torture_query_fs(t, tree, id, FileFsFullSizeInformation, 32, &out));
	OK(fscc_fs_full_size_decode(out, &full));
	EQUAL(full.total_units, size.total_units);
	OK(torture_query_fs(t, tree, id, FileFsDeviceInformation, 8, &out));
	OK(fscc_fs_device_decode(out, &device));
	EQUAL(device.device_type, FILE_DEVICE_DISK);
	OK(torture_query_fs(t, tree, id, FileFsAttributeInformation, 1000,
			    &out));
	OK(fscc_fs_attribute_decode(out, &attr, &name));
	CHECK((attr.attributes & FILE_CASE_PRESERVED_NAMES) != 0);
	CHECK((attr.attributes & FILE_UNICODE_ON_DISK) != 0);
	EQUAL(attr.max_component_length, 255);
	STATUS(torture_query_fs(t, tree, id, FileFsSizeInformation, 23, &out),
	       INFO_LENGTH_MISMATCH);
}

/* --- setting -------------------------------------------------------------- */

static NTSTATUS set_basic(struct cli_tree *tree, struct smb2_file_id id,
			  const struct fscc_basic *in)
{
	uint8_t data[40];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));

	fscc_basic_put(&w, in);
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

/* To 100 ns, all four, and they stay over a close. */
static void times(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
	struct fscc_basic in = {
		.creation_time = 129000000001234567,
		.last_access_time = 129100000002345678,
		.last_write_time = 129200000003456789,
	};
	struct fscc_basic got;

	OK(set_basic(tree, id, &in));
	OK(cli_close(tree, id));
	id = torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
	got = get_basic(t, tree, id);
	EQUAL(got.creation_time, in.creation_time);
	EQUAL(got.last_access_time, in.last_access_time);
	EQUAL(got.last_write_time, in.last_write_time);
}

/* 0 leaves a time alone. */
static void times_left_alone(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree, "text");
	struct fscc_basic before = get_basic(t, tree, id), after;
	struct fscc_basic in = {.last_write_time = 129200000003456789};

	OK(set_basic(tree, id, &in));
	after = get_basic(t, tree, id);
	EQUAL(after.creation_time, before.creation_time);
	EQUAL(after.last_write_time, in.last_write_time);
	EQUAL(after.file_attributes, before.file_attributes);
}

/* [MS-FSA] 2.1.5.15.2: a time set explicitly is not changed by a WRITE on the
 * same handle. */
static void set_time_sticks(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
	struct fscc_basic in = {.last_write_time = 129200000003456789};

	OK(set_basic(tree, id, &in));
	OK(torture_write(tree, id, 0, "more", 4));
	OK(cli_close(tree, id));
	id = torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
	EQUAL(get_basic(t, tree, id).last_write_time, in.last_write_time);
}

static void attributes(struct torture *t)
{
	static const uint32_t values[] = {
		FILE_ATTRIBUTE_READONLY, FILE_ATTRIBUTE_HIDDEN,
		FILE_ATTRIBUTE_SYSTEM, FILE_ATTRIBUTE_ARCHIVE,
		FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_ARCHIVE};
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");

	for (size_t i = 0; i < COUNT_OF(values); i++) {
		struct fscc_basic in = {.file_attributes = values[i]};
		struct smb2_file_id id = torture_open(
			t, tree, name,
			FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES, FILE_OPEN,
			0);

		OK(set_basic(tree, id, &in));
		OK(cli_close(tree, id));
		id = torture_open(t, tree, name,
				  FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES,
				  FILE_OPEN, 0);
		EQUAL(get_basic(t, tree, id).file_attributes, values[i]);
		in.file_attributes = FILE_ATTRIBUTE_NORMAL;
		OK(set_basic(tree, id, &in));
		EQUAL(get_basic(t, tree, id).file_attributes,
		      FILE_ATTRIBUTE_NORMAL);
		OK(cli_close(tree, id));
	}
}

static void attributes_of_directory(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct fscc_basic in = {.file_attributes = FILE_ATTRIBUTE_HIDDEN};
	struct smb2_file_id file = open_file(t, tree, "text");
	struct smb2_file_id dir =
		torture_open(t, tree, torture_mkdir(t, tree, "dir"),
			     TORTURE_ALL, FILE_OPEN, FILE_DIRECTORY_FILE);

	OK(set_basic(tree, dir, &in));
	EQUAL(get_basic(t, tree, dir).file_attributes,
	      FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_DIRECTORY);
	/* [MS-FSA] 2.1.5.15.2 */
	in.file_attributes = FILE_ATTRIBUTE_DIRECTORY;
	STATUS(set_basic(tree, file, &in), INVALID_PARAMETER);
	in.file_attributes = FILE_ATTRIBUTE_TEMPORARY;
	STATUS(set_basic(tree, dir, &in), INVALID_PARAMETER);
}

static void readonly_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
	struct fscc_basic in = {.file_attributes = FILE_ATTRIBUTE_READONLY};

	OK(set_basic(tree, id, &in));
	OK(cli_close(tree, id));
	STATUS(torture_try_open(t, tree, name, FILE_WRITE_DATA, FILE_OPEN, 0),
	       ACCESS_DENIED);
	STATUS(torture_try_open(t, tree, name, FILE_READ_DATA, FILE_OVERWRITE,
				0),
	       ACCESS_DENIED);
	OK(torture_try_open(t, tree, name, FILE_READ_DATA, FILE_OPEN, 0));
}

static void end_of_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "0123456789");
	struct smb2_file_id id =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);

	OK(torture_set_eof(tree, id, 4));
	torture_content_is(t, tree, name, "0123", 4);
	OK(torture_set_eof(tree, id, 6));
	torture_content_is(t, tree, name, "0123\0\0", 6);
	STATUS(torture_set_eof(tree, id, UINT64_MAX), INVALID_PARAMETER);
	OK(torture_set_eof(tree, id, 0));
	torture_content_is(t, tree, name, "", 0);
}

/* Allocation below the size cuts the file; above it, it only reserves. */
static void allocation(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "0123456789");
	struct smb2_file_id id =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
	struct fscc_standard standard = {0};
	struct wire_reader out;
	uint8_t bytes[8] = {0};

	bytes[2] = 1; /* 65536 */
	OK(torture_set(tree, id, FileAllocationInformation, bytes, 8));
	torture_content_is(t, tree, name, "0123456789", 10);
	OK(torture_query(t, tree, id, FileStandardInformation, 24, &out));
	OK(fscc_standard_decode(out, &standard));
	CHECK(standard.allocation_size >= 65536);
	bytes[2] = 0;
	OK(torture_set(tree, id, FileAllocationInformation, bytes, 8));
	torture_content_is(t, tree, name, "", 0);
}

static void position(struct torture *t)
{
	static const uint8_t bytes[8] = {42};
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree, "text");
	struct wire_reader out;
	uint64_t got = 0;

	OK(torture_set(tree, id, FilePositionInformation, bytes, 8));
	OK(torture_query(t, tree, id, FilePositionInformation, 8, &out));
	OK(fscc_u64_decode(out, &got));
	EQUAL(got, 42);
}

static void set_lengths(struct torture *t)
{
	static const struct {
		uint8_t cls;
		uint32_t size;
	} cases[] = {
		{FileBasicInformation, 40},    {FileDispositionInformation, 1},
		{FileEndOfFileInformation, 8}, {FileAllocationInformation, 8},
		{FilePositionInformation, 8},
	};
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_file(t, tree, "text");
	uint8_t data[64] = {0};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		torture_note("class %u", cases[i].cls);
		STATUS_IN(torture_set(tree, id, cases[i].cls, data,
				      cases[i].size - 1),
			  NT_STATUS(INFO_LENGTH_MISMATCH),
			  NT_STATUS(INVALID_PARAMETER));
	}
	torture_is_alive(cli_tree_conn(tree));
}

static void set_buffer_past_end(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	uint8_t data[8] = {0};
	struct smb2_set_info_request in = {
		.info_type = SMB2_0_INFO_FILE,
		.info_class = FileEndOfFileInformation,
		.id = open_file(t, tree, "text"),
		.buffer = wire_reader(data, sizeof(data)),
	};
	struct cli_message m = cli_set_info_message(t->mem, tree, &in);
	struct cli_reply reply;

	wire_patch_u32(&m.w, SMB2_HEADER_SIZE + 4, 0x7fff0000);
	m.payload = 1;
	STATUS(cli_call(t->mem, cli_tree_conn(tree), &m, &reply),
	       INVALID_PARAMETER);
	torture_content_is(t, tree, torture_path(t, tree, "file"), "text", 4);
}

const struct torture_test torture_info_tests[] = {
	{"info.file_class_sizes", "[MS-SMB2] 3.3.5.20.1: INFO_LENGTH_MISMATCH",
	 file_class_sizes, 0},
	{"info.class_unknown", "[MS-SMB2] 3.3.5.20.1: INVALID_INFO_CLASS",
	 class_unknown, 0},
	{"info.type_unknown", "[MS-SMB2] 3.3.5.20: INVALID_PARAMETER",
	 info_type_unknown, 0},
	{"info.all_information",
	 "[MS-SMB2] 3.3.5.20.1: BUFFER_OVERFLOW cuts the name", all_information,
	 0},
	{"info.larger_than_allowed", "[MS-SMB2] 3.3.5.20: INVALID_PARAMETER",
	 larger_than_allowed, 0},
	{"info.classes_agree", "[MS-FSCC] 2.4", classes_agree, 0},
	{"info.streams", "[MS-FSCC] 2.4.49: the default stream", streams, 0},
	{"info.volume", "[MS-FSCC] 2.5", volume, 0},
	{"info.times", "[MS-FSA] 2.1.5.15.2: to 100 ns", times, 0},
	{"info.times_left_alone", "[MS-FSA] 2.1.5.15.2: 0", times_left_alone,
	 0},
	{"info.set_time_sticks", "[MS-FSA] 2.1.5.15.2", set_time_sticks, 0},
	{"info.attributes", "[MS-FSCC] 2.6", attributes, 0},
	{"info.attributes_of_directory", "[MS-FSA] 2.1.5.15.2",
	 attributes_of_directory, 0},
	{"info.readonly_file", "[MS-FSA] 2.1.5.1.2.1: ACCESS_DENIED",
	 readonly_file, 0},
	{"info.end_of_file", "[MS-FSA] 2.1.5.15.5", end_of_file, 0},
	{"info.allocation", "[MS-FSA] 2.1.5.15.1", allocation, 0},
	{"info.position", "[MS-FSA] 2.1.5.15.10", position, 0},
	{"info.set_lengths", "[MS-SMB2] 3.3.5.21.1", set_lengths, 0},
	{"info.set_buffer_past_end", "[MS-SMB2] 3.3.5.21: INVALID_PARAMETER",
	 set_buffer_past_end, 0},
	{NULL, NULL, NULL, 0},
};
