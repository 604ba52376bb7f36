/* smb2/tests/create_contexts_test.c - the chain of create contexts, and each
 * known one there and back. */
#include "smb2/tests/util.h"

#include "smb2/create_contexts.h"

#define BYTES(text)                                                            \
	{                                                                      \
		.data = (const uint8_t *)(text), .length = sizeof(text) - 1    \
	}
#define ALL ((1u << SMB2_CREATE_CONTEXT_TAGS) - 1)

static struct blob put_request(TALLOC_CTX *mem_ctx,
			       const struct smb2_create_request_contexts *in)
{
	struct wire_writer w = wire_writer(mem_ctx, 65536);
	struct blob out;

	smb2_create_request_contexts_put(&w, in);
	assert_ok(wire_finish(&w, &out));
	return out;
}

static struct blob put_response(TALLOC_CTX *mem_ctx,
				const struct smb2_create_response_contexts *in)
{
	struct wire_writer w = wire_writer(mem_ctx, 65536);
	struct blob out;

	smb2_create_response_contexts_put(&w, in);
	assert_ok(wire_finish(&w, &out));
	return out;
}

static const struct smb2_create_request_contexts all_request = {
	.present = ALL,
	.ea = BYTES("ea"),
	.sd = BYTES("descriptor"),
	.allocation_size = 4096,
	.max_access_timestamp = 77,
	.timewarp = 88,
	.lease = {.version = 2,
		  .key = {{1}},
		  .state = 7,
		  .flags = SMB2_LEASE_FLAG_PARENT_LEASE_KEY_SET,
		  .parent_key = {{2}},
		  .epoch = 3},
	.reconnect = {4, 5},
	.durable_v2 = {.timeout = 60000, .flags = 2, .create_guid = {{6}}},
	.reconnect_v2 = {.id = {7, 8}, .create_guid = {{9}}, .flags = 2},
	.app_instance_id = {{10}},
	.app_version_high = 11,
	.app_version_low = 12,
	.posix_mode = 0644,
	.aapl = BYTES("aapl"),
	.svhdx = BYTES("svhdx"),
};

static void test_request_round_trip(void **state)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct blob first = put_request(mem_ctx, &all_request), second;
	struct smb2_create_request_contexts out;

	assert_ok(smb2_create_request_contexts_decode(
		wire_reader(first.data, first.length), &out));
	assert_int_equal(out.present, ALL);
	assert_true(smb2_create_has(&out, SMB2_CREATE_AAPL));
	assert_int_equal(out.lease.version, 2);
	assert_int_equal(out.lease.epoch, 3);
	assert_true(out.reconnect_v2.id.volatile_id == 8);
	assert_bytes(out.sd, "descriptor", 10);
	second = put_request(mem_ctx, &out);
	assert_int_equal(first.length, second.length);
	assert_memory_equal(first.data, second.data, first.length);
	for (size_t n = 1; n < first.length; n++) {
		uint8_t *copy = exact_copy(first.data, n);

		assert_status(smb2_create_request_contexts_decode(
				      wire_reader(copy, n), &out),
			      INVALID_PARAMETER);
		free(copy);
	}
	talloc_free(mem_ctx);
}

static void test_response_round_trip(void **state)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct smb2_create_response_contexts out;
	struct smb2_create_response_contexts in = {
		.present = 1u << SMB2_CREATE_DURABLE_HANDLE_REQUEST |
			   1u << SMB2_CREATE_QUERY_MAXIMAL_ACCESS |
			   1u << SMB2_CREATE_QUERY_ON_DISK_ID |
			   1u << SMB2_CREATE_REQUEST_LEASE |
			   1u << SMB2_CREATE_DURABLE_HANDLE_REQUEST_V2 |
			   1u << SMB2_CREATE_AAPL,
		.max_access_status = NT_STATUS(ACCESS_DENIED),
		.max_access = 0x1f01ff,
		.disk_file_id = 1,
		.volume_id = 2,
		.lease = {.version = 1, .key = {{3}}, .state = 1},
		.durable_v2_timeout = 4,
		.durable_v2_flags = 2,
		.aapl = BYTES("aapl")};
	struct blob first = put_response(mem_ctx, &in), second;

	assert_ok(smb2_create_response_contexts_decode(
		wire_reader(first.data, first.length), &out));
	assert_int_equal(out.present, in.present);
	assert_status(out.max_access_status, ACCESS_DENIED);
	assert_int_equal(out.max_access, 0x1f01ff);
	second = put_response(mem_ctx, &out);
	assert_int_equal(first.length, second.length);
	assert_memory_equal(first.data, second.data, first.length);
	talloc_free(mem_ctx);
}

/* MxAc and QFid, as Windows sends them */
static void test_bytes(void **state)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);
	struct smb2_create_request_contexts in = {
		.present = 1u << SMB2_CREATE_QUERY_MAXIMAL_ACCESS |
			   1u << SMB2_CREATE_QUERY_ON_DISK_ID |
			   1u << SMB2_CREATE_ALLOCATION_SIZE,
		.allocation_size = 0x1000};
	struct blob b = put_request(mem_ctx, &in);

	assert_hex(b.data, b.length,
		   "20000000"
		   "10000400"
		   "00001800"
		   "08000000"
		   "416C5369"
		   "00000000"
		   "0010000000000000"
		   "18000000"
		   "10000400"
		   "00000000"
		   "00000000"
		   "4D784163"
		   "00000000"
		   "00000000"
		   "10000400"
		   "00000000"
		   "00000000"
		   "51466964");
	talloc_free(mem_ctx);
}

static NTSTATUS decode_hex(const char *hex,
			   struct smb2_create_request_contexts *out)
{
	uint8_t bytes[512];
	size_t n = unhex(hex, bytes);
	uint8_t *copy = exact_copy(bytes, n);
	NTSTATUS status =
		smb2_create_request_contexts_decode(wire_reader(copy, n), out);

	free(copy);
	return status;
}

/* 2.2.13.2 */
static void test_malformed(void **state)
{
	static const char *const bad[] = {
		/* Next: unaligned, beyond the end, into the fixed part */
		"1C000000"
		"10000400"
		"00000000"
		"00000000"
		"51466964"
		"00000000"
		"0000000010000400"
		"0000000000000000"
		"51466964",
		"20000000"
		"10000400"
		"00000000"
		"00000000"
		"51466964",
		"08000000"
		"10000400"
		"00000000"
		"00000000"
		"51466964",
		/* a name of three bytes; in the fixed part; beyond the end */
		"00000000"
		"10000300"
		"00000000"
		"00000000"
		"51466964",
		"00000000"
		"08000400"
		"00000000"
		"00000000"
		"51466964",
		"00000000"
		"10000800"
		"00000000"
		"00000000"
		"51466964",
		"00000000"
		"12000400"
		"00000000"
		"00000000"
		"0000514669640000",
		/* data: unaligned, over the name, beyond the end */
		"00000000"
		"10000400"
		"00001400"
		"08000000"
		"416C5369"
		"0000000000000000"
		"00000000",
		"00000000"
		"10000400"
		"00001000"
		"08000000"
		"416C5369"
		"00000000"
		"0000000000000000",
		"00000000"
		"10000400"
		"00001800"
		"09000000"
		"416C5369"
		"00000000"
		"0000000000000000",
		"00000000"
		"10000400"
		"00001800"
		"FFFFFFFF"
		"416C5369"
		"00000000"
		"0000000000000000",
		/* a known one of another size */
		"00000000"
		"10000400"
		"00001800"
		"04000000"
		"416C5369"
		"00000000"
		"00000000",
		"00000000"
		"10000400"
		"00000000"
		"00000000"
		"416C5369",
		/* a known one twice */
		"18000000"
		"10000400"
		"00000000"
		"00000000"
		"51466964"
		"00000000"
		"00000000"
		"10000400"
		"00000000"
		"00000000"
		"51466964",
	};
	struct smb2_create_request_contexts out;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_status(decode_hex(bad[i], &out), INVALID_PARAMETER);
	}
}

/* Unknown ones are passed over; none at all is fine. */
static void test_unknown(void **state)
{
	struct smb2_create_request_contexts out;

	assert_ok(decode_hex("18000000"
			     "10000400"
			     "00000000"
			     "00000000"
			     "58585858"
			     "00000000"
			     "00000000"
			     "10000400"
			     "00000000"
			     "00000000"
			     "51466964",
			     &out));
	assert_int_equal(out.present, 1u << SMB2_CREATE_QUERY_ON_DISK_ID);
	assert_ok(decode_hex("", &out));
	assert_int_equal(out.present, 0);
}

/* 2.2.13.2.8, 2.2.13.2.10: the size of a lease is its version. */
static void test_lease_versions(void **state)
{
	static const struct {
		uint8_t version;
		size_t size;
	} rows[] = {{1, 24 + 32}, {2, 24 + 52}};
	TALLOC_CTX *mem_ctx = talloc_new(NULL);

	for (size_t i = 0; i < 2; i++) {
		struct smb2_create_request_contexts out,
			in = {.present = 1u << SMB2_CREATE_REQUEST_LEASE,
			      .lease = {.version = rows[i].version,
					.state = 5}};
		struct blob b = put_request(mem_ctx, &in);

		assert_int_equal(b.length, rows[i].size);
		assert_ok(smb2_create_request_contexts_decode(
			wire_reader(b.data, b.length), &out));
		assert_int_equal(out.lease.version, rows[i].version);
		assert_int_equal(out.lease.state, 5);
	}
	talloc_free(mem_ctx);
}

/* What is wrong with it matters to who has agreed on it alone. */
static void test_posix(void **state)
{
	uint8_t bytes[200];
	const uint8_t mode[5] = {0xa4, 1, 0, 0, 0};
	struct smb2_create_request_contexts out;

	for (size_t n = 0; n <= sizeof(mode); n++) {
		struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
		struct smb2_create_chain c = smb2_create_chain(&w);

		smb2_create_chain_add(&c, SMB2_CREATE_POSIX, mode, n);
		assert_ok(smb2_create_request_contexts_decode(
			wire_reader(bytes, w.length), &out));
		assert_true(smb2_create_has(&out, SMB2_CREATE_POSIX));
		assert_int_equal(out.posix_malformed, n != 4);
		assert_int_equal(out.posix_mode, n == 4 ? 0644 : 0);
		if (n != 4) {
			continue;
		}
		smb2_create_chain_add(&c, SMB2_CREATE_POSIX, mode, 4);
		assert_ok(smb2_create_request_contexts_decode(
			wire_reader(bytes, w.length), &out));
		assert_true(out.posix_malformed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request_round_trip),
		cmocka_unit_test(test_response_round_trip),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_lease_versions),
		cmocka_unit_test(test_posix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
