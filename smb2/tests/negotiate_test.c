/* smb2/tests/negotiate_test.c - dialects, negotiate contexts, the SMB1
 * multi-protocol negotiate, VALIDATE_NEGOTIATE_INFO. */
#include "smb2/tests/util.h"

#include "smb2/negotiate.h"
#include "smb2/negotiate_contexts.h"

static struct blob message(TALLOC_CTX *mem_ctx, uint16_t dialect_count,
			   const uint16_t *dialects, uint16_t context_count,
			   struct wire_reader contexts)
{
	struct wire_writer w = wire_writer(mem_ctx, 65536);
	struct smb2_negotiate_request in = {.dialect_count = dialect_count,
					    .context_count = context_count,
					    .contexts = contexts};
	struct blob out;

	memcpy(in.dialects, dialects, dialect_count * sizeof(*dialects));
	wire_put_zero(&w, SMB2_HEADER_SIZE);
	smb2_negotiate_request_encode(&w, &in);
	assert_ok(wire_finish(&w, &out));
	return out;
}

/* 3.3.5.4: DialectCount 0, and more than is there */
static void test_dialect_count(void **state)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	const uint16_t d[2] = {0x202, 0x210};
	struct blob b = message(mem_ctx, 2, d, 0, wire_reader(NULL, 0));
	struct smb2_negotiate_request out;

	assert_ok(smb2_negotiate_request_decode(wire_reader(b.data, b.length),
						&out));
	assert_int_equal(out.dialect_count, 2);
	assert_true(smb2_negotiate_has_dialect(&out, 0x210));
	assert_false(smb2_negotiate_has_dialect(&out, 0x311));
	b.data[66] = 3;
	assert_status(smb2_negotiate_request_decode(
			      wire_reader(b.data, b.length), &out),
		      INVALID_PARAMETER);
	b.data[66] = 0;
	assert_status(smb2_negotiate_request_decode(
			      wire_reader(b.data, b.length), &out),
		      INVALID_PARAMETER);
	talloc_free(mem_ctx);
}

/* What stands where the contexts' offset does is ClientStartTime without
 * 3.1.1, and of no matter. */
static void test_client_start_time(void **state)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	const uint16_t d[1] = {0x302};
	struct blob b = message(mem_ctx, 1, d, 0, wire_reader(NULL, 0));
	struct smb2_negotiate_request out;

	memset(b.data + 64 + 28, 0xff, 8);
	assert_ok(smb2_negotiate_request_decode(wire_reader(b.data, b.length),
						&out));
	assert_int_equal(out.context_count, 0);
	talloc_free(mem_ctx);
}

static void test_context_offset(void **state)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	const uint16_t d[1] = {0x311};
	struct blob b = message(mem_ctx, 1, d, 1, wire_reader("12345678", 8));
	struct smb2_negotiate_request out;
	const uint8_t bad[] = {0, 8, 64, 100, 105, 112, 200};

	assert_ok(smb2_negotiate_request_decode(wire_reader(b.data, b.length),
						&out));
	assert_bytes(out.contexts, "12345678", 8);
	for (size_t i = 0; i < sizeof(bad); i++) {
		b.data[64 + 28] = bad[i];
		assert_status(smb2_negotiate_request_decode(
				      wire_reader(b.data, b.length), &out),
			      INVALID_PARAMETER);
	}
	talloc_free(mem_ctx);
}

static const struct smb2_negotiate_contexts all_contexts = {
	.preauth = {.present = true,
		    .hashes = {1, {SMB2_PREAUTH_INTEGRITY_SHA512}},
		    .salt = {.data = (const uint8_t *)"saltsalt!",
			     .length = 9}},
	.encryption = {.present = true, .ciphers = {4, {2, 1, 4, 3}}},
	.compression = {.present = true,
			.flags = 1,
			.algorithms = {3, {3, 2, 4}}},
	.netname = {.present = true,
		    .name = {.data = (const uint8_t *)"n\0a\0", .length = 4}},
	.transport = {.present = true, .flags = 1},
	.rdma = {.present = true, .transforms = {2, {1, 2}}},
	.signing = {.present = true, .algorithms = {3, {2, 1, 0}}},
	.posix = {.present = true},
};

static struct blob contexts(TALLOC_CTX *mem_ctx,
			    const struct smb2_negotiate_contexts *in,
			    uint16_t *count)
{
	struct wire_writer w = wire_writer(mem_ctx, 65536);
	struct blob out;

	*count = smb2_negotiate_contexts_put(&w, in);
	assert_ok(wire_finish(&w, &out));
	return out;
}

static void test_contexts_round_trip(void **state)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct smb2_negotiate_contexts out;
	struct blob first, second;
	uint16_t count;

	first = contexts(mem_ctx, &all_contexts, &count);
	assert_int_equal(count, 8);
	assert_ok(smb2_negotiate_contexts_decode(
		wire_reader(first.data, first.length), count, &out));
	assert_int_equal(out.encryption.ciphers.count, 4);
	assert_int_equal(out.encryption.ciphers.ids[0],
			 SMB2_ENCRYPTION_AES128_GCM);
	assert_true(smb2_id_list_has(&out.signing.algorithms,
				     SMB2_SIGNING_AES_GMAC));
	assert_bytes(out.preauth.salt, "saltsalt!", 9);
	assert_bytes(out.netname.name, "n\0a\0", 4);
	assert_true(out.posix.present);
	second = contexts(mem_ctx, &out, &count);
	assert_int_equal(first.length, second.length);
	assert_memory_equal(first.data, second.data, first.length);
	for (size_t n = 0; n < first.length; n++) {
		uint8_t *copy = exact_copy(first.data, n);

		assert_status(smb2_negotiate_contexts_decode(
				      wire_reader(copy, n), count, &out),
			      INVALID_PARAMETER);
		free(copy);
	}
	talloc_free(mem_ctx);
}

static NTSTATUS decode_hex(const char *hex, uint16_t count,
			   struct smb2_negotiate_contexts *out)
{
	uint8_t bytes[256];
	size_t n = unhex(hex, bytes);

	return smb2_negotiate_contexts_decode(wire_reader(bytes, n), count,
					      out);
}

/* 3.3.5.4: unknown contexts are ignored, known ones come once, lists are not
 * empty; what nobody supports may be anything. */
static void test_contexts_rules(void **state)
{
	struct smb2_negotiate_contexts out;

	assert_ok(decode_hex("7700"
			     "0300"
			     "00000000"
			     "0102030000000000"
			     "0200"
			     "0400"
			     "00000000"
			     "01000200",
			     2, &out));
	assert_true(out.encryption.present);
	assert_false(out.preauth.present);
	assert_status(decode_hex("0200"
				 "0400"
				 "00000000"
				 "0100020000000000"
				 "0200"
				 "0400"
				 "00000000"
				 "01000200",
				 2, &out),
		      INVALID_PARAMETER);
	assert_status(decode_hex("0800"
				 "0200"
				 "00000000"
				 "0000",
				 1, &out),
		      INVALID_PARAMETER);
	assert_status(decode_hex("0200"
				 "0400"
				 "00000000"
				 "02000200",
				 1, &out),
		      INVALID_PARAMETER);
	assert_ok(decode_hex("0300"
			     "0200"
			     "00000000"
			     "0000",
			     1, &out));
	assert_true(out.compression.present);
	assert_true(out.compression.malformed);
	/* 0x0100 with another GUID is something else */
	assert_ok(decode_hex("0001"
			     "0400"
			     "00000000"
			     "00000000",
			     1, &out));
	assert_false(out.posix.present);
}

/* Repetitions cannot push an id out of the list. */
static void test_ids_once(void **state)
{
	uint8_t bytes[8 + 2 + 2 * 101] = {2, 0, 204, 0, 0, 0, 0, 0, 101, 0};
	struct smb2_negotiate_contexts out;

	for (size_t i = 0; i < 100; i++) {
		bytes[10 + 2 * i] = 9;
	}
	bytes[10 + 200] = SMB2_ENCRYPTION_AES128_GCM;
	assert_ok(smb2_negotiate_contexts_decode(
		wire_reader(bytes, sizeof(bytes)), 1, &out));
	assert_int_equal(out.encryption.ciphers.count, 2);
	assert_int_equal(out.encryption.ciphers.ids[1],
			 SMB2_ENCRYPTION_AES128_GCM);
}

/* 3.3.5.3 */
static void test_smb1(void **state)
{
	uint8_t bytes[200];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct smb1_negotiate in = {.smb_2_002 = true, .smb_2_xxx = true};
	struct smb1_negotiate out;

	smb1_negotiate_encode(&w, &in);
	assert_ok(smb1_negotiate_decode(wire_reader(bytes, w.length), &out));
	assert_true(out.smb_2_002);
	assert_true(out.smb_2_xxx);
	for (size_t n = 0; n < w.length; n++) {
		uint8_t *copy = exact_copy(bytes, n);

		assert_status(smb1_negotiate_decode(wire_reader(copy, n), &out),
			      INVALID_PARAMETER);
		free(copy);
	}
	bytes[w.length - 1] = 'x'; /* the last dialect without its NUL */
	assert_status(smb1_negotiate_decode(wire_reader(bytes, w.length), &out),
		      INVALID_PARAMETER);
	wire_truncate(&w, 0);
	in.smb_2_xxx = in.smb_2_002 = false;
	smb1_negotiate_encode(&w, &in);
	assert_ok(smb1_negotiate_decode(wire_reader(bytes, w.length), &out));
	assert_false(out.smb_2_002 || out.smb_2_xxx);
}

static void test_validate(void **state)
{
	struct smb2_validate_negotiate_request in = {
		.capabilities = 0x7f,
		.client_guid = {{1, 2}},
		.security_mode = 1,
		.dialect_count = 2,
		.dialects = {0x300, 0x302}};
	struct smb2_validate_negotiate_request out;
	struct smb2_validate_negotiate_response resp = {.capabilities = 1,
							.dialect = 0x302};
	struct smb2_validate_negotiate_response resp_out;
	uint8_t bytes[100];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

	smb2_validate_negotiate_request_put(&w, &in);
	assert_int_equal(w.length, 28);
	assert_ok(smb2_validate_negotiate_request_decode(
		wire_reader(bytes, w.length), &out));
	assert_int_equal(out.dialect_count, 2);
	assert_int_equal(out.dialects[1], 0x302);
	for (size_t n = 0; n < w.length; n++) {
		assert_status(smb2_validate_negotiate_request_decode(
				      wire_reader(bytes, n), &out),
			      INVALID_PARAMETER);
	}
	wire_truncate(&w, 0);
	smb2_validate_negotiate_response_put(&w, &resp);
	assert_int_equal(w.length, SMB2_VALIDATE_NEGOTIATE_RESPONSE_SIZE);
	assert_ok(smb2_validate_negotiate_response_decode(
		wire_reader(bytes, w.length), &resp_out));
	assert_int_equal(resp_out.dialect, 0x302);
	assert_status(smb2_validate_negotiate_response_decode(
			      wire_reader(bytes, 23), &resp_out),
		      INVALID_PARAMETER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dialect_count),
		cmocka_unit_test(test_client_start_time),
		cmocka_unit_test(test_context_offset),
		cmocka_unit_test(test_contexts_round_trip),
		cmocka_unit_test(test_contexts_rules),
		cmocka_unit_test(test_ids_once),
		cmocka_unit_test(test_smb1),
		cmocka_unit_test(test_validate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
