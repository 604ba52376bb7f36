/* smb2/tests/messages_test.c - every message there and back: what is encoded
 * decodes, encodes to the same bytes again, and cut short at every length is
 * refused (or, where a variable part may be empty, decoded without a look
 * beyond the end) with the result untouched. */
#include "smb2/tests/util.h"

#include "smb2/buffer_response.h"
#include "smb2/change_notify.h"
#include "smb2/close.h"
#include "smb2/create.h"
#include "smb2/error.h"
#include "smb2/flush.h"
#include "smb2/ioctl.h"
#include "smb2/lock.h"
#include "smb2/negotiate.h"
#include "smb2/oplock_break.h"
#include "smb2/query_directory.h"
#include "smb2/query_info.h"
#include "smb2/read.h"
#include "smb2/session_setup.h"
#include "smb2/set_info.h"
#include "smb2/simple.h"
#include "smb2/tree_connect.h"
#include "smb2/write.h"

#define BYTES(text)                                                            \
	{                                                                      \
		.data = (const uint8_t *)(text), .length = sizeof(text) - 1    \
	}
#define ID                                                                     \
	{                                                                      \
		0x1111111111111111, 0x2222222222222222                         \
	}
#define KEY                                                                    \
	{                                                                      \
		{                                                              \
			1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16  \
		}                                                              \
	}

/* One message in one direction: how it is written and read, and a sample. */
struct message {
	const char *name;
	size_t body_size; /* of the sample, as [MS-SMB2] has it */
	uint16_t structure_size;
	void (*encode)(struct wire_writer *w, const void *in);
	NTSTATUS (*decode)(struct wire_reader pdu, void *out);
	const void *sample;
};

#define CODEC(name)                                                            \
	static void put_##name(struct wire_writer *w, const void *in)          \
	{                                                                      \
		smb2_##name##_encode(w, in);                                   \
	}                                                                      \
	static NTSTATUS get_##name(struct wire_reader pdu, void *out)          \
	{                                                                      \
		return smb2_##name##_decode(pdu, out);                         \
	}

CODEC(negotiate_request)
CODEC(negotiate_response)
CODEC(session_setup_request)
CODEC(session_setup_response)
CODEC(tree_connect_request)
CODEC(tree_connect_response)
CODEC(create_request)
CODEC(create_response)
CODEC(close_request)
CODEC(close_response)
CODEC(flush_request)
CODEC(read_request)
CODEC(write_response)
CODEC(ioctl_request)
CODEC(query_directory_request)
CODEC(change_notify_request)
CODEC(query_info_request)
CODEC(set_info_request)
CODEC(break_ack)
CODEC(break_notification)
CODEC(error)

/* Those whose encoder writes the fixed part only, or which have no struct. */

static void put_simple(struct wire_writer *w, const void *in)
{
	smb2_simple_encode(w);
}

static NTSTATUS get_simple(struct wire_reader pdu, void *out)
{
	return smb2_simple_decode(pdu);
}

static void put_set_info_response(struct wire_writer *w, const void *in)
{
	smb2_set_info_response_encode(w);
}

static NTSTATUS get_set_info_response(struct wire_reader pdu, void *out)
{
	return smb2_set_info_response_decode(pdu);
}

static void put_session_closed(struct wire_writer *w, const void *in)
{
	smb2_session_closed_encode(w);
}

static NTSTATUS get_session_closed(struct wire_reader pdu, void *out)
{
	return smb2_session_closed_decode(pdu);
}

static void put_read_response(struct wire_writer *w, const void *in)
{
	const struct smb2_read_response *r = in;

	smb2_read_response_encode(w, (uint32_t)r->data.length,
				  r->data_remaining, 0);
	assert_int_equal(w->length, SMB2_READ_RESPONSE_DATA);
	wire_put_bytes(w, r->data.data, r->data.length);
}

static NTSTATUS get_read_response(struct wire_reader pdu, void *out)
{
	return smb2_read_response_decode(pdu, out);
}

static void put_write_request(struct wire_writer *w, const void *in)
{
	const struct smb2_write_request *r = in;

	smb2_write_request_encode(w, r, (uint32_t)r->data.length);
	assert_int_equal(w->length, SMB2_WRITE_REQUEST_DATA);
	wire_put_bytes(w, r->data.data, r->data.length);
}

static NTSTATUS get_write_request(struct wire_reader pdu, void *out)
{
	return smb2_write_request_decode(pdu, out);
}

static void put_ioctl_response(struct wire_writer *w, const void *in)
{
	const struct smb2_ioctl_response *r = in;

	smb2_ioctl_response_encode(w, r, (uint32_t)r->output.length, 0);
	assert_int_equal(w->length, SMB2_IOCTL_RESPONSE_DATA);
	wire_put_bytes(w, r->output.data, r->output.length);
}

static NTSTATUS get_ioctl_response(struct wire_reader pdu, void *out)
{
	return smb2_ioctl_response_decode(pdu, out);
}

static void put_buffer_response(struct wire_writer *w, const void *in)
{
	const struct wire_reader *r = in;

	smb2_buffer_response_encode(w, (uint32_t)r->length);
	assert_int_equal(w->length, SMB2_BUFFER_RESPONSE_DATA);
	wire_put_bytes(w, r->data, r->length);
}

static NTSTATUS get_buffer_response(struct wire_reader pdu, void *out)
{
	return smb2_buffer_response_decode(pdu, out);
}

static void put_lock_request(struct wire_writer *w, const void *in)
{
	const struct smb2_lock_request *r = in;
	struct smb2_lock_element e[8];
	struct wire_reader elements = r->elements;

	for (uint16_t i = 0; i < r->count; i++) {
		e[i] = smb2_lock_element_read(&elements);
	}
	smb2_lock_request_encode(w, r, e, r->count);
}

static NTSTATUS get_lock_request(struct wire_reader pdu, void *out)
{
	return smb2_lock_request_decode(pdu, out);
}

static const struct smb2_negotiate_request negotiate_request = {
	.security_mode = 1,
	.capabilities = 0x7f,
	.client_guid = KEY,
	.dialect_count = 5,
	.dialects = {0x202, 0x210, 0x300, 0x302, 0x311},
	.context_count = 2,
	.contexts = BYTES("contexts")};
static const struct smb2_negotiate_response negotiate_response = {
	.security_mode = 1,
	.dialect = 0x311,
	.server_guid = KEY,
	.capabilities = 0x2f,
	.max_transact_size = 1,
	.max_read_size = 2,
	.max_write_size = 3,
	.system_time = 4,
	.server_start_time = 5,
	.security_buffer = BYTES("token"),
	.context_count = 1,
	.contexts = BYTES("contexts")};
static const struct smb2_session_setup_request session_setup_request = {
	.flags = 1,
	.security_mode = 2,
	.capabilities = 1,
	.previous_session_id = 0x99,
	.security_buffer = BYTES("token")};
static const struct smb2_session_setup_response session_setup_response = {
	.session_flags = 4, .security_buffer = BYTES("token")};
static const struct smb2_tree_connect_request tree_connect_request = {
	.path = BYTES("\\\0\\\0s\0\\\0x\0")};
static const struct smb2_tree_connect_request tree_connect_extended = {
	.flags = SMB2_TREE_CONNECT_FLAG_EXTENSION_PRESENT,
	.path = BYTES("\\\0\\\0s\0\\\0x\0"),
	.context_count = 1,
	.contexts = BYTES("\1\0\4\0\0\0\0\0data")};
static const struct smb2_tree_connect_response tree_connect_response = {
	.share_type = 1,
	.share_flags = 0x30,
	.capabilities = 8,
	.maximal_access = 0x1f01ff};
static const struct smb2_create_request create_request = {
	.oplock_level = 9,
	.impersonation_level = 2,
	.desired_access = 0x12019f,
	.file_attributes = 0x80,
	.share_access = 7,
	.create_disposition = FILE_OPEN_IF,
	.create_options = 0x40,
	.name = BYTES("a\0b\0c\0"),
	.contexts = BYTES("contexts")};
static const struct smb2_create_request create_request_root = {
	.create_disposition = FILE_OPEN};
static const struct smb2_create_response create_response = {
	.oplock_level = 8,
	.flags = 1,
	.create_action = FILE_CREATED,
	.creation_time = 1,
	.last_access_time = 2,
	.last_write_time = 3,
	.change_time = 4,
	.allocation_size = 4096,
	.end_of_file = 6,
	.file_attributes = 0x20,
	.id = ID,
	.contexts = BYTES("contexts")};
static const struct smb2_close_request close_request = {.flags = 1, .id = ID};
static const struct smb2_close_response close_response = {.flags = 1,
							  .creation_time = 1,
							  .last_access_time = 2,
							  .last_write_time = 3,
							  .change_time = 4,
							  .allocation_size = 5,
							  .end_of_file = 6,
							  .file_attributes = 7};
static const struct smb2_flush_request flush_request = {.id = ID};
static const struct smb2_read_request read_request = {.padding = 0x50,
						      .flags = 1,
						      .length = 65536,
						      .offset = 1ull << 40,
						      .id = ID,
						      .minimum_count = 1,
						      .remaining_bytes = 3};
static const struct smb2_read_response read_response = {
	.data_remaining = 0, .data = BYTES("some data")};
static const struct smb2_write_request write_request = {
	.offset = 1ull << 33,
	.id = ID,
	.remaining_bytes = 2,
	.flags = 1,
	.data = BYTES("some data")};
static const struct smb2_write_response write_response = {.count = 9};
static const struct smb2_lock_request lock_request = {
	.sequence_number = 3,
	.sequence_index = 64,
	.id = ID,
	.count = 2,
	.elements = BYTES("offset.1length.1\1\0\0\0\0\0\0\0"
			  "offset.2length.2\2\0\0\0\0\0\0\0")};
static const struct smb2_ioctl_request ioctl_request = {
	.ctl_code = FSCTL_VALIDATE_NEGOTIATE_INFO,
	.id = ID,
	.max_output_response = 24,
	.flags = SMB2_0_IOCTL_IS_FSCTL,
	.input = BYTES("input")};
static const struct smb2_ioctl_response ioctl_response = {
	.ctl_code = FSCTL_PIPE_TRANSCEIVE, .id = ID, .output = BYTES("output")};
static const struct smb2_query_directory_request query_directory_request = {
	.info_class = FileIdBothDirectoryInformation,
	.flags = SMB2_RESTART_SCANS,
	.file_index = 5,
	.id = ID,
	.pattern = BYTES("*\0"),
	.output_buffer_length = 65536};
static const struct smb2_change_notify_request change_notify_request = {
	.flags = 1,
	.output_buffer_length = 1000,
	.id = ID,
	.completion_filter = 0xfff};
static const struct smb2_query_info_request query_info_request = {
	.info_type = SMB2_0_INFO_FILE,
	.info_class = FileFullEaInformation,
	.output_buffer_length = 100,
	.additional_information = 1,
	.flags = 2,
	.id = ID,
	.input = BYTES("input")};
static const struct smb2_set_info_request set_info_request = {
	.info_type = SMB2_0_INFO_FILE,
	.info_class = FileBasicInformation,
	.additional_information = 4,
	.id = ID,
	.buffer = BYTES("buffer")};
static const struct smb2_break_ack oplock_ack = {
	.kind = SMB2_BREAK_OPLOCK, .oplock = {.level = 1, .id = ID}};
static const struct smb2_break_ack lease_ack = {
	.kind = SMB2_BREAK_LEASE, .lease = {.key = KEY, .state = 1}};
static const struct smb2_break_notification oplock_notification = {
	.kind = SMB2_BREAK_OPLOCK, .oplock = {.level = 1, .id = ID}};
static const struct smb2_break_notification lease_notification = {
	.kind = SMB2_BREAK_LEASE,
	.lease = {.new_epoch = 3,
		  .flags = 1,
		  .key = KEY,
		  .current_state = 7,
		  .new_state = 1}};
static const struct smb2_error error_empty = {0};
static const struct smb2_error error_data = {.data = BYTES("\0\1\0\0")};
static const struct wire_reader buffer = BYTES("output buffer");

#define ROW(name, sample, size, structure_size)                                \
	{                                                                      \
#name "/" #sample, size, structure_size, put_##name,           \
			get_##name, &sample                                    \
	}

static const struct message messages[] = {
	ROW(negotiate_request, negotiate_request, 36 + 10 + 2 + 8, 36),
	ROW(negotiate_response, negotiate_response, 64 + 5 + 3 + 8, 65),
	ROW(session_setup_request, session_setup_request, 24 + 5, 25),
	ROW(session_setup_response, session_setup_response, 8 + 5, 9),
	ROW(tree_connect_request, tree_connect_request, 8 + 10, 9),
	ROW(tree_connect_request, tree_connect_extended, 8 + 16 + 10 + 6 + 12,
	    9),
	ROW(tree_connect_response, tree_connect_response, 16, 16),
	ROW(create_request, create_request, 56 + 6 + 2 + 8, 57),
	ROW(create_request, create_request_root, 56 + 1, 57),
	ROW(create_response, create_response, 88 + 8, 89),
	ROW(close_request, close_request, 24, 24),
	ROW(close_response, close_response, 60, 60),
	ROW(flush_request, flush_request, 24, 24),
	ROW(read_request, read_request, 48 + 1, 49),
	ROW(read_response, read_response, 16 + 9, 17),
	ROW(write_request, write_request, 48 + 9, 49),
	ROW(write_response, write_response, 16, 17),
	ROW(lock_request, lock_request, 24 + 48, 48),
	ROW(ioctl_request, ioctl_request, 56 + 5, 57),
	ROW(ioctl_response, ioctl_response, 48 + 6, 49),
	ROW(query_directory_request, query_directory_request, 32 + 2, 33),
	ROW(change_notify_request, change_notify_request, 32, 32),
	ROW(query_info_request, query_info_request, 40 + 5, 41),
	ROW(set_info_request, set_info_request, 32 + 6, 33),
	ROW(break_ack, oplock_ack, 24, 24),
	ROW(break_ack, lease_ack, 36, 36),
	ROW(break_notification, oplock_notification, 24, 24),
	ROW(break_notification, lease_notification, 44, 44),
	ROW(error, error_empty, 8 + 1, 9),
	ROW(error, error_data, 8 + 4, 9),
	ROW(buffer_response, buffer, 8 + 13, 9),
	{"simple", 4, 4, put_simple, get_simple, NULL},
	{"set_info_response", 2, 2, put_set_info_response,
	 get_set_info_response, NULL},
	{"session_closed", 12, 12, put_session_closed, get_session_closed,
	 NULL},
};

#define MESSAGES (sizeof(messages) / sizeof(messages[0]))

/* Larger than any of the structs. */
union any {
	uint8_t bytes[1024];
	uint64_t align;
};

static struct blob encode(TALLOC_CTX *mem_ctx, const struct message *m,
			  const void *in)
{
	struct wire_writer w = wire_writer(mem_ctx, 4096);
	struct blob out;

	wire_put_zero(&w, SMB2_HEADER_SIZE);
	m->encode(&w, in);
	assert_ok(wire_finish(&w, &out));
	return out;
}

static void test_round_trip(void **state)
{
	for (size_t i = 0; i < MESSAGES; i++) {
		const struct message *m = &messages[i];
		TALLOC_CTX *mem_ctx = talloc_new(NULL);
		struct blob first = encode(mem_ctx, m, m->sample);
		struct blob second;
		union any out;
		NTSTATUS status;

		assert_int_equal(first.length, SMB2_HEADER_SIZE + m->body_size);
		assert_int_equal(first.data[SMB2_HEADER_SIZE],
				 m->structure_size);
		status = m->decode(wire_reader(first.data, first.length), &out);
		assert_ok(status);
		second = encode(mem_ctx, m, &out);
		assert_int_equal(first.length, second.length);
		assert_memory_equal(first.data, second.data, first.length);
		talloc_free(mem_ctx);
	}
}

static void test_truncated(void **state)
{
	for (size_t i = 0; i < MESSAGES; i++) {
		const struct message *m = &messages[i];
		TALLOC_CTX *mem_ctx = talloc_new(NULL);
		struct blob whole = encode(mem_ctx, m, m->sample);
		size_t fixed = m->structure_size & 0xfffe;

		for (size_t n = 0; n < whole.length; n++) {
			uint8_t *copy = exact_copy(whole.data, n);
			union any out, before;
			NTSTATUS status;

			memset(&out, 0xa5, sizeof(out));
			before = out;
			status = m->decode(wire_reader(copy, n), &out);
			if (n < SMB2_HEADER_SIZE + fixed) {
				assert_status(status, INVALID_PARAMETER);
			}
			if (!NT_STATUS_IS_OK(status)) {
				assert_memory_equal(&out, &before, sizeof(out));
			}
			free(copy);
		}
		talloc_free(mem_ctx);
	}
}

/* 3.3.5.2.6: another StructureSize is INVALID_PARAMETER. */
static void test_structure_size(void **state)
{
	for (size_t i = 0; i < MESSAGES; i++) {
		const struct message *m = &messages[i];
		TALLOC_CTX *mem_ctx = talloc_new(NULL);
		struct blob whole = encode(mem_ctx, m, m->sample);
		union any out;

		whole.data[SMB2_HEADER_SIZE] ^= 0x80;
		assert_status(
			m->decode(wire_reader(whole.data, whole.length), &out),
			INVALID_PARAMETER);
		talloc_free(mem_ctx);
	}
}

/* Offsets into the header or the fixed part, and beyond the end. */
static void test_write_offsets(void **state)
{
	static const struct {
		uint16_t offset;
		uint32_t length;
		bool ok;
	} rows[] = {
		{112, 9, true},	   {112, 0, true},
		{113, 8, true},	   {0, 0, true},
		{111, 5, false},   {0, 9, false},
		{112, 10, false},  {121, 1, false},
		{0x101, 0, false}, {112, 0xffffffff, false},
	};
	TALLOC_CTX *mem_ctx = talloc_new(NULL);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wire_writer w = wire_writer(mem_ctx, 4096);
		struct smb2_write_request out;
		NTSTATUS status;

		wire_put_zero(&w, SMB2_HEADER_SIZE);
		put_write_request(&w, &write_request);
		wire_patch_u16(&w, 66, rows[i].offset);
		wire_patch_u32(&w, 68, rows[i].length);
		status = smb2_write_request_decode(
			wire_reader(w.data, w.length), &out);
		assert_int_equal(NT_STATUS_IS_OK(status), rows[i].ok);
	}
	talloc_free(mem_ctx);
}

/* The WRITE of the example in "Encryption in SMB 3.0" byte for byte */
static void test_write_bytes(void **state)
{
	struct smb2_header h = {.credit_charge = 1,
				.command = SMB2_WRITE,
				.credits = 64,
				.flags = SMB2_FLAGS_SIGNED,
				.message_id = 4,
				.process_id = 0xfeff,
				.tree_id = 1,
				.session_id = 0x8e40014000011};
	struct smb2_write_request in = {
		.id = {0x200003900000115, 0x23900000001},
		.data = BYTES("Smb3 encryption testing")};
	uint8_t bytes[256];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

	smb2_header_encode(&w, &h);
	put_write_request(&w, &in);
	wire_patch_u16(&w, 64 + 40, 0x70); /* it sets WriteChannelInfoOffset */
	assert_hex(bytes, w.length,
		   "FE534D4240000100000000000900400008000000000000000400000000"
		   "000000FFFE0000010000001100001400E40800000000000000000000"
		   "00000000000000310070001700000000000000000000001501000039"
		   "00000201000000390200000000000000000000700000000000000053"
		   "6D623320656E6372797074696F6E2074657374696E67");
}

/* 2.2.26: LockCount is at least 1, and every element is there. */
static void test_lock_count(void **state)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct wire_writer w = wire_writer(mem_ctx, 4096);
	struct smb2_lock_request out;

	wire_put_zero(&w, SMB2_HEADER_SIZE);
	put_lock_request(&w, &lock_request);
	wire_patch_u16(&w, 66, 0);
	assert_status(
		smb2_lock_request_decode(wire_reader(w.data, w.length), &out),
		INVALID_PARAMETER);
	wire_patch_u16(&w, 66, 3);
	assert_status(
		smb2_lock_request_decode(wire_reader(w.data, w.length), &out),
		INVALID_PARAMETER);
	talloc_free(mem_ctx);
}

/* A message need not begin where its buffer does: offsets count from its
 * header. */
static void test_second_in_buffer(void **state)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct wire_writer w = wire_writer(mem_ctx, 4096);
	struct smb2_create_request out;

	wire_put_zero(&w, 4 + SMB2_HEADER_SIZE);
	smb2_create_request_encode(&w, &create_request);
	assert_ok(smb2_create_request_decode(
		wire_reader(w.data + 4, w.length - 4), &out));
	assert_bytes(out.contexts, "contexts", 8);
	assert_bytes(out.name, "a\0b\0c\0", 6);
	talloc_free(mem_ctx);
}

static void test_tree_connect_contexts(void **state)
{
	struct wire_reader list = tree_connect_extended.contexts, data;
	uint16_t type;

	assert_ok(smb2_tree_connect_context_next(&list, &type, &data));
	assert_int_equal(type, 1);
	assert_bytes(data, "data", 4);
	assert_status(smb2_tree_connect_context_next(&list, &type, &data),
		      NO_MORE_FILES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_structure_size),
		cmocka_unit_test(test_write_offsets),
		cmocka_unit_test(test_write_bytes),
		cmocka_unit_test(test_lock_count),
		cmocka_unit_test(test_second_in_buffer),
		cmocka_unit_test(test_tree_connect_contexts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
