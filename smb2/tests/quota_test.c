/* smb2/tests/quota_test.c - [MS-SMB2] 2.2.37.1, [MS-FSCC] 2.4.41. */
#include "smb2/tests/util.h"

#include "smb2/quota.h"

static const struct sid *alice(void)
{
	static const struct sid sid = {.revision = 1,
				       .num_auths = 2,
				       .id_auth = {0, 0, 0, 0, 0, 22},
				       .sub_auths = {1, 1000}};

	return &sid;
}

static void test_lists(void **state)
{
	uint8_t data[256];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));
	struct fscc_list l = fscc_list(&w, FSCC_QUOTA_ALIGN);
	const struct fscc_quota in = {.change_time = 1,
				      .used = 2,
				      .threshold = 3,
				      .limit = SMB2_QUOTA_DELETE,
				      .sid = *alice()};
	struct fscc_quota out;
	struct wire_reader r;

	(void)state;
	fscc_quota_put(&l, &in);
	fscc_quota_put(&l, &in);
	assert_int_equal(w.length, 2 * (40 + 16));
	r = wire_reader(data, w.length);
	for (int i = 0; i < 2; i++) {
		assert_true(NT_STATUS_IS_OK(fscc_quota_next(&r, &out)));
		assert_int_equal(out.used, 2);
		assert_int_equal(out.threshold, 3);
		assert_true(out.limit == SMB2_QUOTA_DELETE);
		assert_true(sid_equal(&out.sid, alice()));
	}
	assert_true(NT_STATUS_IS(fscc_quota_next(&r, &out), NO_MORE_FILES));
}

/* A SID longer than its field, cut anywhere: nothing is given. */
static void test_malformed(void **state)
{
	uint8_t data[64];
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));
	struct fscc_list l = fscc_list(&w, FSCC_QUOTA_ALIGN);
	const struct fscc_quota in = {.sid = *alice()};
	struct fscc_quota out;
	struct wire_reader r;

	(void)state;
	fscc_quota_put(&l, &in);
	for (size_t n = 1; n < w.length; n++) {
		r = wire_reader(data, n);
		assert_true(NT_STATUS_IS(fscc_quota_next(&r, &out),
					 INVALID_PARAMETER));
	}
	data[4] = 12; /* SidLength */
	r = wire_reader(data, w.length);
	assert_true(NT_STATUS_IS(fscc_quota_next(&r, &out), INVALID_PARAMETER));
}

static void test_query(void **state)
{
	uint8_t names[64], data[128];
	struct wire_writer n = wire_writer_fixed(names, sizeof(names));
	struct fscc_list l = fscc_list(&n, FSCC_GET_QUOTA_ALIGN);
	struct wire_writer w = wire_writer_fixed(data, sizeof(data));
	struct smb2_query_quota in = {.return_single = true}, out;
	struct sid sid;

	(void)state;
	fscc_get_quota_put(&l, alice());
	in.sid_list = wire_reader(names, n.length);
	smb2_query_quota_put(&w, &in);
	assert_true(NT_STATUS_IS_OK(
		smb2_query_quota_decode(wire_reader(data, w.length), &out)));
	assert_true(out.return_single && !out.restart_scan);
	assert_true(NT_STATUS_IS_OK(fscc_get_quota_next(&out.sid_list, &sid)));
	assert_true(sid_equal(&sid, alice()));
	assert_true(NT_STATUS_IS(
		smb2_query_quota_decode(wire_reader(data, w.length - 1), &out),
		INVALID_PARAMETER));
	data[4] = 23; /* SidListLength: no multiple of 4 */
	assert_true(NT_STATUS_IS(
		smb2_query_quota_decode(wire_reader(data, w.length), &out),
		INVALID_PARAMETER));
	assert_true(NT_STATUS_IS(
		smb2_query_quota_decode(wire_reader(data, 15), &out),
		INVALID_PARAMETER));
	wire_truncate(&w, 0);
	in = (struct smb2_query_quota){.has_start_sid = true,
				       .start_sid = *alice()};
	smb2_query_quota_put(&w, &in);
	assert_true(NT_STATUS_IS_OK(
		smb2_query_quota_decode(wire_reader(data, w.length), &out)));
	assert_true(out.has_start_sid && sid_equal(&out.start_sid, alice()));
	data[12] = 1; /* StartSidOffset: past the end */
	assert_true(NT_STATUS_IS(
		smb2_query_quota_decode(wire_reader(data, w.length), &out),
		INVALID_PARAMETER));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
