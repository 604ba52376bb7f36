/* smb2/tests/aapl_test.c - the data of "AAPL", byte by byte. */
#include "smb2/tests/util.h"

#include "smb2/aapl.h"
#include "smb2/fscc_dir.h"

static const struct aapl_request query = {
	.command = AAPL_SERVER_QUERY, .bitmap = 7, .client_caps = 15};

static void test_query(void **state)
{
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct aapl_request out;

	aapl_request_put(&w, &query);
	assert_hex(bytes, w.length,
		   "0100000000000000"
		   "0700000000000000"
		   "0F00000000000000");
	assert_ok(aapl_request_decode(wire_reader(bytes, w.length), &out));
	assert_int_equal(out.command, AAPL_SERVER_QUERY);
	assert_int_equal(out.bitmap, 7);
	assert_int_equal(out.client_caps, 15);
}

static void test_resolve(void **state)
{
	const struct aapl_request in = {.command = AAPL_RESOLVE_ID,
					.file_id = 0x0102030405060708};
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct aapl_request out;

	aapl_request_put(&w, &in);
	assert_hex(bytes, w.length, "02000000000000000807060504030201");
	assert_ok(aapl_request_decode(wire_reader(bytes, w.length), &out));
	assert_int_equal(out.command, AAPL_RESOLVE_ID);
	assert_true(out.file_id == in.file_id);
}

/* Every size but the command's own, and commands that there are not. */
static void test_bad_requests(void **state)
{
	uint8_t bytes[64] = {0};
	struct aapl_request out = {.bitmap = 99};

	for (unsigned int command = 0; command < 4; command++) {
		bytes[0] = (uint8_t)command;
		for (size_t n = 0; n <= sizeof(bytes); n++) {
			uint8_t *copy = exact_copy(bytes, n);
			bool good = (command == AAPL_SERVER_QUERY && n == 24) ||
				    (command == AAPL_RESOLVE_ID && n == 16);
			NTSTATUS status =
				aapl_request_decode(wire_reader(copy, n), &out);

			free(copy);
			if (good) {
				assert_ok(status);
				out.bitmap = 99;
			} else {
				assert_status(status, INVALID_PARAMETER);
				assert_int_equal(out.bitmap, 99);
			}
		}
	}
}

static void test_query_response(void **state)
{
	struct aapl_response in = {.command = AAPL_SERVER_QUERY,
				   .bitmap = AAPL_SERVER_CAPS |
					     AAPL_VOLUME_CAPS | AAPL_MODEL_INFO,
				   .server_caps = 5,
				   .volume_caps = 4,
				   .model = "Mac"};
	uint8_t bytes[128];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct aapl_response out;

	aapl_response_put(&w, &in);
	assert_hex(bytes, w.length,
		   "0100000000000000"
		   "0700000000000000"
		   "0500000000000000"
		   "0400000000000000"
		   "0000000006000000"
		   "4D00610063000000");
	assert_ok(aapl_response_decode(wire_reader(bytes, w.length), &out));
	assert_int_equal(out.server_caps, 5);
	assert_int_equal(out.volume_caps, 4);
	assert_bytes(out.text, "M\0a\0c\0", 6);
	for (size_t n = 0; n < 46; n++) { /* the last two are padding */
		uint8_t *copy = exact_copy(bytes, n);

		assert_status(aapl_response_decode(wire_reader(copy, n), &out),
			      INVALID_PARAMETER);
		free(copy);
	}
}

/* Only what was asked for. */
static void test_partial_response(void **state)
{
	const struct aapl_response in = {.command = AAPL_SERVER_QUERY,
					 .bitmap = AAPL_VOLUME_CAPS,
					 .server_caps = 5,
					 .volume_caps = 4,
					 .model = "Mac"};
	uint8_t bytes[128];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

	aapl_response_put(&w, &in);
	assert_hex(bytes, w.length,
		   "0100000000000000"
		   "0200000000000000"
		   "0400000000000000");
}

static void test_resolve_response(void **state)
{
	const struct aapl_response in = {.command = AAPL_RESOLVE_ID,
					 .status = NT_STATUS_OK,
					 .path = "a\\b"};
	uint8_t bytes[128];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct aapl_response out;

	aapl_response_put(&w, &in);
	assert_hex(bytes, w.length,
		   "0200000000000000"
		   "0000000006000000"
		   "61005C0062000000");
	assert_ok(aapl_response_decode(wire_reader(bytes, w.length), &out));
	assert_ok(out.status);
	assert_bytes(out.text, "a\0\\\0b\0", 6);
	bytes[12] = 5; /* half a character */
	assert_status(aapl_response_decode(wire_reader(bytes, w.length), &out),
		      INVALID_PARAMETER);
}

static void test_finder_info(void **state)
{
	uint8_t full[AAPL_FINDER_INFO_SIZE];
	uint8_t out[AAPL_SHORT_FINDER_INFO_SIZE];

	for (size_t i = 0; i < sizeof(full); i++) {
		full[i] = (uint8_t)i;
	}
	aapl_shorten_finder_info(full, out);
	assert_hex(out, sizeof(out), "00010203040506070809181914151617");
}

/* In an entry: where EaSize, ShortNameLength and so on are. */
static void test_entry(void **state)
{
	const struct aapl_dir_info info = {.max_access = 0x001F01FF,
					   .resource_fork_size = 0x1122334455,
					   .finder_info = "TYPEcrtr",
					   .unix_mode = 0100644};
	struct fscc_dir_entry e = {.ea_size = 77,
				   .file_id = 10,
				   .name = "n",
				   .short_name = "N~1",
				   .apple = &info};
	struct aapl_dir_info out = {0};
	struct fscc_dir_entry_read read;
	uint8_t bytes[128] = {0};
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_dir_writer d = fscc_dir_writer(
		&w, FileIdBothDirectoryInformation, sizeof(bytes));
	struct wire_reader list;

	assert_ok(fscc_dir_put(&d, &e));
	assert_hex(bytes + 64, 40,
		   "FF011F00"
		   "1800"
		   "5544332211000000"
		   "54595045637274720000000000000000"
		   "A481"
		   "0A00000000000000");
	list = wire_reader(bytes, w.length);
	assert_ok(fscc_dir_next(&list, FileIdBothDirectoryInformation, &read));
	assert_int_equal(read.e.ea_size, 0x001F01FF);
	assert_int_equal(read.apple.length, AAPL_DIR_INFO_SIZE);
	aapl_dir_info_load(read.apple.data, &out);
	assert_true(out.resource_fork_size == info.resource_fork_size);
	assert_int_equal(out.unix_mode, 0100644);
	assert_memory_equal(out.finder_info, info.finder_info, 16);

	/* Other classes have none of it. */
	w = wire_writer_fixed(bytes, sizeof(bytes));
	d = fscc_dir_writer(&w, FileBothDirectoryInformation, sizeof(bytes));
	assert_ok(fscc_dir_put(&d, &e));
	assert_hex(bytes + 64, 6, "4D0000000600");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_resolve),
		cmocka_unit_test(test_bad_requests),
		cmocka_unit_test(test_query_response),
		cmocka_unit_test(test_partial_response),
		cmocka_unit_test(test_resolve_response),
		cmocka_unit_test(test_finder_info),
		cmocka_unit_test(test_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
