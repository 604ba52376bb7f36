/* smb2/tests/header_test.c - the header, compounds, errors, the transport. */
#include "smb2/tests/util.h"

#include "smb2/compound.h"
#include "smb2/error.h"

static const struct smb2_header sync_header = {.credit_charge = 2,
					       .status = {0x00010002},
					       .command = SMB2_CREATE,
					       .credits = 3,
					       .flags = SMB2_FLAGS_SIGNED,
					       .next_command = 0,
					       .message_id = 0x0102030405060708,
					       .process_id = 0xfeff,
					       .tree_id = 5,
					       .session_id = 0x1122334455667788,
					       .signature = {1, 2, 3}};

static void test_header_sync(void **state)
{
	uint8_t bytes[SMB2_HEADER_SIZE];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct smb2_header h;

	smb2_header_encode(&w, &sync_header);
	assert_hex(bytes, w.length,
		   "FE534D42400002000200010005000300080000000000000008070605"
		   "04030201FFFE00000500000088776655443322110102030000000000"
		   "0000000000000000");
	assert_ok(smb2_header_decode(wire_reader(bytes, w.length), &h));
	assert_memory_equal(&h, &sync_header, sizeof(h));
	assert_int_equal(smb2_channel_sequence(&h), 2);
	assert_false(smb2_is_response(&h));
	assert_int_equal(smb2_protocol_id(wire_reader(bytes, w.length)),
			 SMB2_PROTOCOL_ID);
}

static void test_header_async(void **state)
{
	uint8_t bytes[SMB2_HEADER_SIZE];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct smb2_header in = {.command = SMB2_READ,
				 .status = NT_STATUS(PENDING),
				 .flags = SMB2_FLAGS_ASYNC_COMMAND |
					  SMB2_FLAGS_SERVER_TO_REDIR,
				 .async_id = 0x8877665544332211};
	struct smb2_header h;

	smb2_header_encode(&w, &in);
	assert_ok(smb2_header_decode(wire_reader(bytes, w.length), &h));
	assert_memory_equal(&h, &in, sizeof(h));
	assert_true(smb2_is_response(&h));
}

static void test_header_malformed(void **state)
{
	uint8_t bytes[SMB2_HEADER_SIZE];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct smb2_header h;

	smb2_header_encode(&w, &sync_header);
	for (size_t n = 0; n < sizeof(bytes); n++) {
		uint8_t *copy = exact_copy(bytes, n);

		assert_status(smb2_header_decode(wire_reader(copy, n), &h),
			      INVALID_PARAMETER);
		free(copy);
	}
	for (size_t i = 0; i < 6; i++) { /* ProtocolId, StructureSize */
		bytes[i] ^= 1;
		assert_status(smb2_header_decode(
				      wire_reader(bytes, sizeof(bytes)), &h),
			      INVALID_PARAMETER);
		bytes[i] ^= 1;
	}
}

static void test_command_names(void **state)
{
	assert_string_equal(smb2_command_name(SMB2_SET_INFO), "SMB2_SET_INFO");
	assert_string_equal(smb2_command_name(SMB2_COMMANDS), "?");
	for (unsigned int i = 0; i < SMB2_COMMANDS; i++) {
		assert_non_null(smb2_command_name(i));
	}
}

static void test_transport(void **state)
{
	uint8_t header[4];
	size_t length;

	smb2_transport_encode(0x123456, header);
	assert_memory_equal(header, "\0\x12\x34\x56", 4);
	assert_ok(smb2_transport_decode(header, &length));
	assert_int_equal(length, 0x123456);
	header[0] = 0x81; /* a NetBIOS session request */
	assert_status(smb2_transport_decode(header, &length),
		      INVALID_PARAMETER);
}

/* A frame of three headers with these NextCommands, length bytes long. */
static size_t frame(uint8_t *bytes, size_t size, const uint32_t next[3])
{
	memset(bytes, 0, size);
	for (size_t i = 0, at = 0; i < 3 && at + 64 <= size; i++) {
		struct wire_writer w = wire_writer_fixed(bytes + at, 64);
		struct smb2_header h = {.command = (uint16_t)i,
					.next_command = next[i]};

		smb2_header_encode(&w, &h);
		at += next[i];
		if (next[i] == 0) {
			break;
		}
	}
	return size;
}

static void test_compound(void **state)
{
	uint8_t bytes[72 + 64 + 70];
	size_t n = frame(bytes, sizeof(bytes), (const uint32_t[]){72, 64, 0});
	struct smb2_compound c = smb2_compound(wire_reader(bytes, n));
	const size_t lengths[3] = {72, 64, 70};
	struct smb2_header h;
	struct wire_reader pdu;

	for (uint16_t i = 0; i < 3; i++) {
		assert_true(smb2_compound_more(&c));
		assert_ok(smb2_compound_next(&c, &h, &pdu));
		assert_int_equal(h.command, i);
		assert_int_equal(pdu.length, lengths[i]);
	}
	assert_false(smb2_compound_more(&c));
	assert_status(smb2_compound_next(&c, &h, &pdu), NO_MORE_FILES);
}

/* 3.3.5.2.7 */
static void test_compound_malformed(void **state)
{
	static const uint32_t bad[] = {1,   4,	 8,   56,  63,	      65,
				       137, 144, 200, 208, 0xfffffff8};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint8_t bytes[200];
		size_t n = frame(
			bytes, sizeof(bytes),
			(const uint32_t[]){bad[i] <= 128 ? bad[i] : 0, 0, 0});
		struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
		struct smb2_header h = {.next_command = bad[i]};
		struct smb2_compound c;
		struct wire_reader pdu;

		smb2_header_encode(&w, &h);
		c = smb2_compound(wire_reader(bytes, n));
		assert_status(smb2_compound_next(&c, &h, &pdu),
			      INVALID_PARAMETER);
		assert_false(smb2_compound_more(&c));
	}
}

static void test_error_contexts(void **state)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct wire_writer w = wire_writer(mem_ctx, 1000);
	struct smb2_error e = {.context_count = 2}, out;
	struct wire_reader data;
	struct wire_writer pdu = wire_writer(mem_ctx, 1000);

	smb2_error_context_put(&w, SMB2_ERROR_ID_SHARE_REDIRECT,
			       wire_reader("abcde", 5));
	smb2_error_context_put(&w, SMB2_ERROR_ID_DEFAULT,
			       wire_reader("four", 4));
	e.data = wire_reader(w.data, w.length);
	wire_put_zero(&pdu, SMB2_HEADER_SIZE);
	smb2_error_encode(&pdu, &e);
	assert_ok(smb2_error_decode(wire_reader(pdu.data, pdu.length), &out));
	assert_int_equal(out.context_count, 2);
	assert_ok(smb2_error_context_find(&out, SMB2_ERROR_ID_DEFAULT, &data));
	assert_bytes(data, "four", 4);
	assert_ok(smb2_error_context_find(&out, SMB2_ERROR_ID_SHARE_REDIRECT,
					  &data));
	assert_bytes(data, "abcde", 5);
	assert_status(smb2_error_context_find(&out, 77, &data), NOT_FOUND);
	out.data.length -= 6;
	assert_status(smb2_error_context_find(&out, 0, &data),
		      INVALID_PARAMETER);
	talloc_free(mem_ctx);
}

/* The relative link of the example in 2.2.2.2.1.1 */
static void test_symlink_error(void **state)
{
	static const char sub[] = "s\0u\0b\0";
	static const char print[] = "p\0r\0";
	struct smb2_symlink_error in = {.unparsed_path_length = 0x2e,
					.flags = SYMLINK_FLAG_RELATIVE,
					.substitute_name = wire_reader(sub, 6),
					.print_name = wire_reader(print, 4)};
	struct smb2_symlink_error out;
	uint8_t bytes[100];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

	smb2_symlink_error_put(&w, &in);
	assert_hex(bytes, w.length,
		   "22000000"
		   "53594D4C"
		   "0C0000A0"
		   "1600"
		   "2E00"
		   "0000"
		   "0600"
		   "0600"
		   "0400"
		   "01000000"
		   "730075006200"
		   "70007200");
	assert_ok(
		smb2_symlink_error_decode(wire_reader(bytes, w.length), &out));
	assert_int_equal(out.unparsed_path_length, 0x2e);
	assert_int_equal(out.flags, SYMLINK_FLAG_RELATIVE);
	assert_bytes(out.substitute_name, sub, 6);
	assert_bytes(out.print_name, print, 4);
	for (size_t n = 0; n < w.length; n++) {
		uint8_t *copy = exact_copy(bytes, n);

		assert_status(
			smb2_symlink_error_decode(wire_reader(copy, n), &out),
			INVALID_PARAMETER);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_sync),
		cmocka_unit_test(test_header_async),
		cmocka_unit_test(test_header_malformed),
		cmocka_unit_test(test_command_names),
		cmocka_unit_test(test_transport),
		cmocka_unit_test(test_compound),
		cmocka_unit_test(test_compound_malformed),
		cmocka_unit_test(test_error_contexts),
		cmocka_unit_test(test_symlink_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
