/* torture/io.c - READ, WRITE, FLUSH ([MS-SMB2] 3.3.5.11 to 3.3.5.13). */
#include <string.h>

#include "torture/features.h"
#include "torture/util.h"

#define MIB 1048576u

static struct smb2_file_id file(struct torture *t, struct cli_tree *tree,
				const char *text)
{
	return torture_open(t, tree, torture_file(t, tree, "file", text),
			    TORTURE_ALL, FILE_OPEN, 0);
}

static uint8_t *pattern(struct torture *t, size_t n, uint32_t seed)
{
	uint8_t *data = talloc_array(t->mem, uint8_t, n);

	CHECK(data != NULL);
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1664525 + 1013904223;
		data[i] = (uint8_t)(seed >> 24);
	}
	return data;
}

static void read_at_end(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = file(t, tree, "0123456789");
	struct blob data = {0};

	OK(torture_read(t, tree, id, 8, 100, &data));
	EQUAL(data.length, 2);
	CHECK(memcmp(data.data, "89", 2) == 0);
	STATUS(torture_read(t, tree, id, 10, 1, &data), END_OF_FILE);
	STATUS(torture_read(t, tree, id, 1000, 1, &data), END_OF_FILE);
	STATUS(torture_read(t, tree, id, INT64_MAX - 1, 1, &data), END_OF_FILE);
}

/* [MS-FSA] 2.1.5.3: nothing is wanted, so nothing is beyond the end. */
static void read_zero(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = file(t, tree, "0123456789");
	struct blob data = {0};

	OK(torture_read(t, tree, id, 0, 0, &data));
	EQUAL(data.length, 0);
	OK(torture_read(t, tree, id, 5, 0, &data));
	EQUAL(data.length, 0);
}

static void read_minimum_count(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = file(t, tree, "0123456789");
	struct smb2_read_request in = {
		.length = 20, .id = id, .minimum_count = 10};
	struct smb2_read_response out;

	OK(cli_read(t->mem, tree, &in, &out));
	EQUAL(out.data.length, 10);
	in.minimum_count = 11;
	STATUS(cli_read(t->mem, tree, &in, &out), END_OF_FILE);
}

static void offset_overflow(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = file(t, tree, "0123456789");
	struct blob data;

	STATUS(torture_read(t, tree, id, UINT64_MAX - 1, 1, &data),
	       INVALID_PARAMETER);
	STATUS(torture_read(t, tree, id, (uint64_t)INT64_MAX + 1, 1, &data),
	       INVALID_PARAMETER);
	/* -1 and -2 mean the end and the current position to NtWriteFile; the
	 * wire has neither ([MS-SMB2] 3.3.5.13) */
	STATUS(torture_write(tree, id, UINT64_MAX - 7, "x", 1),
	       INVALID_PARAMETER);
	STATUS_IN(torture_write(tree, id, INT64_MAX, "x", 1),
		  NT_STATUS(INVALID_PARAMETER), NT_STATUS(DISK_FULL));
	OK(torture_read(t, tree, id, 0, 20, &data));
	EQUAL(data.length, 10);
}

static void write_zero(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = file(t, tree, "0123456789");
	struct blob data = {0};

	OK(torture_write(tree, id, 1000, "", 0));
	OK(torture_read(t, tree, id, 0, 100, &data));
	EQUAL(data.length, 10);
}

/* What lies between is zero. */
static void write_beyond_end(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = file(t, tree, "text");
	struct blob data = {0};

	OK(torture_write(tree, id, 50000, "end", 3));
	OK(torture_read(t, tree, id, 0, 60000, &data));
	EQUAL(data.length, 50003);
	CHECK(memcmp(data.data, "text", 4) == 0);
	for (size_t i = 4; i < 50000; i++) {
		CHECK(data.data[i] == 0);
	}
	CHECK(memcmp(data.data + 50000, "end", 3) == 0);
}

/* As much as the server takes, whole and in one message. */
static void largest(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const struct cli_negotiated *n =
		cli_conn_negotiated(cli_tree_conn(tree));
	uint32_t size = n->max_write_size < n->max_read_size ? n->max_write_size
							     : n->max_read_size;
	struct smb2_file_id id = file(t, tree, "");
	uint8_t *data = pattern(t, size, 7);
	struct blob got = {0};

	torture_note("%u bytes", size);
	OK(torture_write(tree, id, 3, data, size));
	OK(torture_read(t, tree, id, 3, size, &got));
	EQUAL(got.length, size);
	CHECK(memcmp(got.data, data, size) == 0);
	OK(cli_close(tree, id));
}

static void larger_than_allowed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const struct cli_negotiated *n =
		cli_conn_negotiated(cli_tree_conn(tree));
	struct smb2_file_id id = file(t, tree, "text");
	struct smb2_read_request in = {.length = n->max_read_size + 1,
				       .id = id};
	struct smb2_read_response out;

	STATUS(cli_read(t->mem, tree, &in, &out), INVALID_PARAMETER);
	torture_is_alive(cli_tree_conn(tree));
}

/* Odd sizes at odd places. */
static void sizes(struct torture *t)
{
	static const uint32_t sizes_tried[] = {
		1, 2, 511, 512, 4095, 4096, 4097, 65535, 65536, 65537, 131073};
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = file(t, tree, "");

	if (cli_conn_negotiated(cli_tree_conn(tree))->max_write_size < 131073) {
		torture_skip("the server takes less");
	}
	for (size_t i = 0; i < COUNT_OF(sizes_tried); i++) {
		uint32_t n = sizes_tried[i];
		uint8_t *data = pattern(t, n, n);
		struct blob got = {0};

		OK(torture_write(tree, id, i * 7 + 1, data, n));
		OK(torture_read(t, tree, id, i * 7 + 1, n, &got));
		EQUAL(got.length, n);
		CHECK(memcmp(got.data, data, n) == 0);
	}
}

static void hundred_gib(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = file(t, tree, "");
	uint64_t end = 100ULL * 1024 * MIB;
	struct blob got = {0};

	OK(torture_set_eof(tree, id, end));
	OK(torture_write(tree, id, end - 4, "last", 4));
	OK(torture_read(t, tree, id, end - 8, 100, &got));
	EQUAL(got.length, 8);
	CHECK(memcmp(got.data, "\0\0\0\0last", 8) == 0);
	OK(torture_read(t, tree, id, end / 2, 16, &got));
	EQUAL(got.length, 16);
}

static void many_in_flight(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = file(t, tree, "");
	struct tevent_req *reqs[64];
	uint8_t *data = pattern(t, 64 * 16384, 99);
	struct blob got = {0};

	for (size_t i = 0; i < COUNT_OF(reqs); i++) {
		struct smb2_write_request in = {
			.offset = i * 16384,
			.id = id,
			.data = wire_reader(data + i * 16384, 16384)};

		reqs[i] = cli_write_send(t->mem, tree, &in);
	}
	for (size_t i = 0; i < COUNT_OF(reqs); i++) {
		uint32_t count;

		CHECK(cli_wait(cli_tree_conn(tree), reqs[i]));
		OK(cli_write_recv(reqs[i], &count));
		EQUAL(count, 16384);
	}
	if (cli_conn_negotiated(cli_tree_conn(tree))->max_read_size >= MIB) {
		OK(torture_read(t, tree, id, 0, MIB, &got));
		EQUAL(got.length, MIB);
		CHECK(memcmp(got.data, data, MIB) == 0);
	}
}

static void seen_by_others(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "");
	struct smb2_file_id w =
		torture_open(t, a, name, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_file_id r =
		torture_open(t, b, name, FILE_GENERIC_READ, FILE_OPEN, 0);
	struct blob got = {0};

	for (uint32_t i = 0; i < 50; i++) {
		OK(torture_write(a, w, i * 4, &i, 4));
		OK(torture_read(t, b, r, i * 4, 4, &got));
		EQUAL(got.length, 4);
		CHECK(memcmp(got.data, &i, 4) == 0);
	}
}

static void flush(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id w =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_file_id r =
		torture_open(t, tree, name, FILE_READ_DATA, FILE_OPEN, 0);

	OK(torture_write(tree, w, 0, "new!", 4));
	OK(cli_flush(tree, w));
	/* [MS-SMB2] 3.3.5.11: neither write nor append access */
	STATUS(cli_flush(tree, r), ACCESS_DENIED);
}

static void write_through(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = file(t, tree, "");
	struct smb2_write_request in = {.id = id,
					.flags = SMB2_WRITEFLAG_WRITE_THROUGH,
					.data = wire_reader("durable", 7)};
	uint32_t count = 0;

	OK(cli_write(tree, &in, &count));
	EQUAL(count, 7);
}

static void of_directory(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_mkdir(t, tree, "dir");
	struct smb2_file_id id = torture_open(t, tree, name, FILE_GENERIC_READ,
					      FILE_OPEN, FILE_DIRECTORY_FILE);
	struct blob data;

	STATUS(torture_read(t, tree, id, 0, 10, &data), INVALID_DEVICE_REQUEST);
}

static NTSTATUS bent_write(struct torture *t, uint16_t offset, uint32_t length)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = file(t, tree, "text");
	struct smb2_write_request in = {.id = id,
					.data = wire_reader("0123456789", 10)};
	struct cli_message m = cli_write_message(t->mem, tree, &in);
	struct cli_reply reply;
	NTSTATUS status;

	wire_patch_u16(&m.w, SMB2_HEADER_SIZE + 2, offset);
	wire_patch_u32(&m.w, SMB2_HEADER_SIZE + 4, length);
	status = cli_call(t->mem, cli_tree_conn(tree), &m, &reply);
	OK(cli_close(tree, id));
	OK(torture_try_open(t, tree, torture_path(t, tree, "file"),
			    DELETE_ACCESS, FILE_OPEN, FILE_DELETE_ON_CLOSE));
	return status;
}

static void write_lengths(struct torture *t)
{
	OK(bent_write(t, 0x70, 10));
	STATUS(bent_write(t, 0x70, 11), INVALID_PARAMETER);
	STATUS(bent_write(t, 0x70, 0xffffff00), INVALID_PARAMETER);
	STATUS(bent_write(t, 0x101, 1), INVALID_PARAMETER);
	STATUS(bent_write(t, 0xfff8, 8), INVALID_PARAMETER);
}

const struct torture_test torture_io_tests[] = {
	{"io.read_at_end", "[MS-FSA] 2.1.5.3: END_OF_FILE", read_at_end, 0},
	{"io.read_zero", "[MS-FSA] 2.1.5.3", read_zero, 0},
	{"io.read_minimum_count", "[MS-SMB2] 3.3.5.12: END_OF_FILE",
	 read_minimum_count, 0},
	{"io.offset_overflow", "[MS-FSA] 2.1.5.3, 2.1.5.4: INVALID_PARAMETER",
	 offset_overflow, 0},
	{"io.write_zero", "[MS-FSA] 2.1.5.4", write_zero, 0},
	{"io.write_beyond_end", "[MS-FSA] 2.1.5.4", write_beyond_end, 0},
	{"io.largest", "[MS-SMB2] 3.3.5.12, 3.3.5.13", largest, 0},
	{"io.larger_than_allowed", "[MS-SMB2] 3.3.5.12: INVALID_PARAMETER",
	 larger_than_allowed, 0},
	{"io.sizes", "bytes come back as they went", sizes, 0},
	{"io.hundred_gib", "offsets beyond 32 bits", hundred_gib, 0},
	{"io.many_in_flight", "[MS-SMB2] 3.3.1.1", many_in_flight, 0},
	{"io.seen_by_others", "one file, two connections", seen_by_others, 0},
	{"io.flush", "[MS-SMB2] 3.3.5.11", flush, 0},
	{"io.write_through", "[MS-SMB2] 3.3.5.13", write_through, 0},
	{"io.of_directory", "[MS-SMB2] 3.3.5.12: INVALID_DEVICE_REQUEST",
	 of_directory, 0},
	{"io.write_lengths", "[MS-SMB2] 3.3.5.13: INVALID_PARAMETER",
	 write_lengths, 0},
	{NULL, NULL, NULL, 0},
};
