/* smb2/tests/fscc_dir_test.c - directory entries of every class. */
#include "smb2/tests/util.h"

#include "smb2/fscc_dir.h"

static const struct {
	enum file_information_class cls;
	size_t name; /* its offset, as [MS-FSCC] 2.4 draws it */
} classes[] = {
	{FileDirectoryInformation, 64},
	{FileFullDirectoryInformation, 68},
	{FileBothDirectoryInformation, 94},
	{FileNamesInformation, 12},
	{FileIdBothDirectoryInformation, 104},
	{FileIdFullDirectoryInformation, 80},
	{FileIdExtdDirectoryInformation, 88},
	{FileIdExtdBothDirectoryInformation, 114},
	{FileId64ExtdDirectoryInformation, 80},
	{FileId64ExtdBothDirectoryInformation, 106},
	{FileIdAllExtdDirectoryInformation, 96},
	{FileIdAllExtdBothDirectoryInformation, 122},
};

#define CLASSES (sizeof(classes) / sizeof(classes[0]))

static const struct fscc_dir_entry sample = {.file_index = 1,
					     .creation_time = 2,
					     .last_access_time = 3,
					     .last_write_time = 4,
					     .change_time = 5,
					     .end_of_file = 6,
					     .allocation_size = 7,
					     .file_attributes =
						     FILE_ATTRIBUTE_ARCHIVE,
					     .ea_size = 8,
					     .reparse_tag = 9,
					     .file_id = 10,
					     .file_id_128 = {11, 12, 13},
					     .name = "name",
					     .short_name = "NAME~1.TXT"};

static void test_classes(void **state)
{
	for (size_t i = 0; i < CLASSES; i++) {
		assert_int_equal(fscc_dir_fixed_size(classes[i].cls),
				 classes[i].name);
	}
	assert_int_equal(fscc_dir_fixed_size(FileBasicInformation), 0);
	assert_int_equal(fscc_dir_fixed_size((enum file_information_class)1000),
			 0);
}

/* Three entries, written, read, and every field that the class has. */
static void test_round_trip(void **state)
{
	static const char *const names[3] = {"a", "\xc3\xa4\xe2\x82\xac",
					     "long name.txt"};
	static const size_t lengths[3] = {2, 4, 26};

	for (size_t i = 0; i < CLASSES; i++) {
		uint8_t bytes[1000];
		struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
		struct fscc_dir_writer d =
			fscc_dir_writer(&w, classes[i].cls, sizeof(bytes));
		struct fscc_dir_entry e = sample;
		struct fscc_dir_entry_read out;
		struct wire_reader r;

		memset(bytes, 0xa5, sizeof(bytes));
		for (int n = 0; n < 3; n++) {
			e.name = names[n];
			assert_ok(fscc_dir_put(&d, &e));
		}
		r = wire_reader(bytes, fscc_dir_size(&d));
		for (int n = 0; n < 3; n++) {
			assert_ok(fscc_dir_next(&r, classes[i].cls, &out));
			assert_int_equal(out.name.length, lengths[n]);
			assert_int_equal(out.e.file_index, 1);
			if (classes[i].cls != FileNamesInformation) {
				assert_int_equal(out.e.change_time, 5);
				assert_int_equal(out.e.allocation_size, 7);
			}
		}
		assert_status(fscc_dir_next(&r, classes[i].cls, &out),
			      NO_MORE_FILES);
		assert_int_equal(d.count, 3);
	}
}

/* FileIdBothDirectoryInformation, byte for byte ([MS-FSCC] 2.4.22) */
static void test_id_both_bytes(void **state)
{
	uint8_t bytes[200];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_dir_writer d = fscc_dir_writer(
		&w, FileIdBothDirectoryInformation, sizeof(bytes));

	assert_ok(fscc_dir_put(&d, &sample));
	assert_hex(bytes, w.length,
		   "00000000"
		   "01000000"
		   "0200000000000000"
		   "0300000000000000"
		   "0400000000000000"
		   "0500000000000000"
		   "0600000000000000"
		   "0700000000000000"
		   "20000000"
		   "08000000"
		   "08000000"
		   "1400"
		   "4E0041004D0045007E0031002E00540058005400"
		   "00000000"
		   "0000"
		   "0A00000000000000"
		   "6E0061006D006500");
}

/* The tag goes where EaSize goes, or where the class has room for it. */
static void test_reparse(void **state)
{
	struct fscc_dir_entry e = sample;

	e.file_attributes |= FILE_ATTRIBUTE_REPARSE_POINT;
	for (size_t i = 0; i < CLASSES; i++) {
		uint8_t bytes[200];
		struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
		struct fscc_dir_writer d =
			fscc_dir_writer(&w, classes[i].cls, sizeof(bytes));
		struct fscc_dir_entry_read out;
		struct wire_reader r;

		if (classes[i].cls == FileNamesInformation ||
		    classes[i].cls == FileDirectoryInformation) {
			continue;
		}
		assert_ok(fscc_dir_put(&d, &e));
		r = wire_reader(bytes, w.length);
		assert_ok(fscc_dir_next(&r, classes[i].cls, &out));
		assert_int_equal(out.e.reparse_tag, 9);
	}
}

/* An entry that does not fit leaves no trace; the limit is met exactly. */
static void test_limit(void **state)
{
	for (size_t i = 0; i < CLASSES; i++) {
		size_t first = classes[i].name + 8;
		size_t second = (first + 7) / 8 * 8 + classes[i].name + 8;

		for (size_t limit = 0; limit <= second; limit++) {
			uint8_t bytes[300];
			struct wire_writer w =
				wire_writer_fixed(bytes, sizeof(bytes));
			struct fscc_dir_writer d;
			NTSTATUS status;

			wire_put_zero(&w, 12); /* where the list begins */
			d = fscc_dir_writer(&w, classes[i].cls, limit);
			status = fscc_dir_put(&d, &sample);
			if (limit < first) {
				assert_status(status, BUFFER_OVERFLOW);
				assert_int_equal(w.length, 12);
				continue;
			}
			assert_ok(status);
			status = fscc_dir_put(&d, &sample);
			if (limit < second) {
				assert_status(status, BUFFER_OVERFLOW);
				assert_int_equal(fscc_dir_size(&d), first);
				assert_memory_equal(bytes + 12, "\0\0\0\0", 4);
				continue;
			}
			assert_ok(status);
			assert_int_equal(fscc_dir_size(&d), second);
		}
	}
}

/* The writer's own ceiling counts as well. */
static void test_ceiling(void **state)
{
	uint8_t bytes[150];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_dir_writer d =
		fscc_dir_writer(&w, FileIdBothDirectoryInformation, 65536);

	assert_ok(fscc_dir_put(&d, &sample));
	assert_status(fscc_dir_put(&d, &sample), BUFFER_OVERFLOW);
	assert_true(wire_writer_ok(&w));
}

static void test_malformed(void **state)
{
	uint8_t bytes[300];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_dir_writer d = fscc_dir_writer(
		&w, FileIdBothDirectoryInformation, sizeof(bytes));
	static const struct {
		size_t at;
		uint8_t value;
	} bad[] = {{0, 1},   {0, 8},	{0, 104}, {0, 108}, {0, 255},
		   {3, 255}, {60, 200}, {63, 1},  {68, 25}};
	struct fscc_dir_entry_read out;
	struct wire_reader r;

	assert_ok(fscc_dir_put(&d, &sample));
	assert_ok(fscc_dir_put(&d, &sample));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint8_t old = bytes[bad[i].at];

		bytes[bad[i].at] = bad[i].value;
		r = wire_reader(bytes, w.length);
		assert_status(fscc_dir_next(&r, d.cls, &out),
			      INVALID_PARAMETER);
		bytes[bad[i].at] = old;
	}
	for (size_t n = 0; n < w.length; n++) {
		uint8_t *copy = exact_copy(bytes, n);
		NTSTATUS status;

		r = wire_reader(copy, n);
		do {
			status = fscc_dir_next(&r, d.cls, &out);
		} while (NT_STATUS_IS_OK(status));
		assert_true(NT_STATUS_IS(status, INVALID_PARAMETER) ||
			    n % 112 == 0);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_id_both_bytes),
		cmocka_unit_test(test_reparse),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
