/* fsa/tests/quota_test.c - quotas over a driver that keeps three
 * ([MS-FSA] 2.1.5.13.3, 2.1.5.21, 2.1.5.22). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "fsa/file.h"
#include "fsa/tests/fixture.h"

#define NONE FSA_QUOTA_NONE

/* --- a driver with quotas ----------------------------------------------------
 */

static struct fsa_quota quotas[4]; /* by uid; the last one ends the list */
static bool has_quotas;

static void reset(void)
{
	has_quotas = true;
	quotas[0] = (struct fsa_quota){10, 4096, 1 << 20, 2 << 20};
	quotas[1] = (struct fsa_quota){20, 0, NONE, NONE};
	quotas[2] = (struct fsa_quota){30, 5 << 20, NONE, 4 << 20};
}

static NTSTATUS state_of(struct fsa_mount *m, bool *out_enforced)
{
	(void)m;
	*out_enforced = true;
	return has_quotas ? NT_STATUS_OK : NT_STATUS(NOT_SUPPORTED);
}

static NTSTATUS get(struct fsa_mount *m, uid_t uid, bool next,
		    struct fsa_quota *out)
{
	(void)m;
	for (size_t i = 0; i < 3; i++) {
		if (quotas[i].uid == uid || (next && quotas[i].uid > uid)) {
			*out = quotas[i];
			return NT_STATUS_OK;
		}
	}
	return NT_STATUS(NOT_FOUND);
}

static NTSTATUS set(struct fsa_mount *m, const struct fsa_quota *in)
{
	(void)m;
	for (size_t i = 0; i < 3; i++) {
		if (quotas[i].uid == in->uid) {
			quotas[i].soft = in->soft;
			quotas[i].hard = in->hard;
			return NT_STATUS_OK;
		}
	}
	return NT_STATUS(NOT_FOUND);
}

struct quota_fixture {
	struct fixture *fx;
	struct fsa_driver driver;
	struct fsa_file *f;
};

static int setup(void **state)
{
	struct quota_fixture *q;
	struct open_args args = {
		.name = "f", .share = SHARE_ALL, .disposition = FILE_OPEN_IF};

	assert_int_equal(fixture_setup(state), 0);
	q = talloc_zero(NULL, struct quota_fixture);
	q->fx = *state;
	q->driver = *q->fx->volume->driver;
	q->driver.quota_state = state_of;
	q->driver.get_quota = get;
	q->driver.set_quota = set;
	q->fx->volume->driver = &q->driver;
	q->fx->token.privileges = TOKEN_MANAGE_VOLUME;
	reset();
	assert_ok(fixture_open(q->fx, &args, &q->f));
	*state = q;
	return 0;
}

static int teardown(void **state)
{
	struct quota_fixture *q = *state;
	void *fx = q->fx;
	int result;

	assert_ok(fixture_close(q->fx, q->f));
	result = fixture_teardown(&fx);
	talloc_free(q);
	return result;
}

/* --- queries
 * ------------------------------------------------------------------ */

struct taken {
	struct fsa_quota_entry e[8];
	size_t count;
	size_t room;
};

static bool take(void *private_data, const struct fsa_quota_entry *e)
{
	struct taken *t = private_data;

	if (t->count == t->room) {
		return false;
	}
	t->e[t->count++] = *e;
	return true;
}

static NTSTATUS query(struct quota_fixture *q, struct fsa_query_quota args,
		      struct taken *t)
{
	struct fsa_io io = fixture_io(q->fx, FSA_QUERY_QUOTA, q->f);

	t->count = 0;
	args.take = take;
	args.private_data = t;
	io.u.query_quota = args;
	return fixture_run(q->fx, &io);
}

static void assert_sid(const struct fsa_quota_entry *e, uint32_t uid)
{
	const struct sid want = sid_unix_user(uid);

	assert_true(sid_equal(&e->sid, &want));
}

/* Goes on where this open has come to, until it is told to begin again. */
static void test_enumeration(void **state)
{
	struct quota_fixture *q = *state;
	struct taken t = {.room = 2};

	assert_ok(query(q, (struct fsa_query_quota){0}, &t));
	assert_int_equal(t.count, 2);
	assert_sid(&t.e[0], 10);
	assert_int_equal(t.e[0].used, 4096);
	assert_int_equal(t.e[0].threshold, 1 << 20);
	assert_int_equal(t.e[0].limit, 2 << 20);
	assert_sid(&t.e[1], 20);
	assert_int_equal(t.e[1].limit, UINT64_MAX);
	assert_ok(query(q, (struct fsa_query_quota){0}, &t));
	assert_int_equal(t.count, 1);
	assert_sid(&t.e[0], 30);
	assert_ok(query(q, (struct fsa_query_quota){0}, &t));
	assert_int_equal(t.count, 0);
	assert_ok(query(
		q, (struct fsa_query_quota){.restart = true, .single = true},
		&t));
	assert_int_equal(t.count, 1);
	assert_sid(&t.e[0], 10);
	t.room = 0;
	assert_status(query(q, (struct fsa_query_quota){0}, &t),
		      BUFFER_TOO_SMALL);
}

/* [MS-SMB2] 3.3.5.20.4: those following the StartSid; it must be there. */
static void test_start_sid(void **state)
{
	struct quota_fixture *q = *state;
	struct sid start = sid_unix_user(10);
	struct taken t = {.room = 8};

	assert_ok(query(q, (struct fsa_query_quota){.start = &start}, &t));
	assert_int_equal(t.count, 2);
	assert_sid(&t.e[0], 20);
	start = sid_unix_user(11);
	assert_status(query(q, (struct fsa_query_quota){.start = &start}, &t),
		      INVALID_PARAMETER);
	start = sid_everyone();
	assert_status(query(q, (struct fsa_query_quota){.start = &start}, &t),
		      INVALID_PARAMETER);
}

/* Who has none has zeros. */
static void test_sid_list(void **state)
{
	struct quota_fixture *q = *state;
	const struct sid sids[3] = {sid_unix_user(30), sid_unix_user(7),
				    sid_everyone()};
	struct fsa_query_quota args = {.sids = sids, .num_sids = 3};
	struct taken t = {.room = 8};

	assert_ok(query(q, args, &t));
	assert_int_equal(t.count, 3);
	assert_sid(&t.e[0], 30);
	assert_int_equal(t.e[0].used, 5 << 20);
	assert_int_equal(t.e[1].used, 0);
	assert_int_equal(t.e[1].limit, 0);
	assert_true(sid_equal(&t.e[2].sid, &sids[2]));
	args.single = true;
	assert_ok(query(q, args, &t));
	assert_int_equal(t.count, 1);
}

/* One's own is nobody's secret; the others' are. */
static void test_without_privilege(void **state)
{
	struct quota_fixture *q = *state;
	const struct sid sids[2] = {q->fx->token.sids[0], sid_unix_user(30)};
	struct fsa_query_quota args = {.sids = sids, .num_sids = 1};
	const struct fsa_quota_entry e = {
		.sid = sids[1], .threshold = NONE, .limit = NONE};
	struct fsa_io io = fixture_io(q->fx, FSA_SET_QUOTA, q->f);
	struct taken t = {.room = 8};

	q->fx->token.privileges = 0;
	assert_ok(query(q, args, &t));
	args.num_sids = 2;
	assert_status(query(q, args, &t), ACCESS_DENIED);
	assert_status(query(q, (struct fsa_query_quota){0}, &t), ACCESS_DENIED);
	io.u.set_quota.entries = &e;
	io.u.set_quota.count = 1;
	assert_status(fixture_run(q->fx, &io), ACCESS_DENIED);
	has_quotas = false;
	assert_status(query(q, args, &t), NOT_SUPPORTED);
	assert_status(fixture_run(q->fx, &io), NOT_SUPPORTED);
}

/* --- sets
 * --------------------------------------------------------------------- */

static NTSTATUS set_entries(struct quota_fixture *q,
			    const struct fsa_quota_entry *e, size_t count)
{
	struct fsa_io io = fixture_io(q->fx, FSA_SET_QUOTA, q->f);

	io.u.set_quota.entries = e;
	io.u.set_quota.count = count;
	return fixture_run(q->fx, &io);
}

static void test_set(void **state)
{
	struct quota_fixture *q = *state;
	struct fsa_quota_entry e[2] = {
		{.sid = sid_unix_user(10), .threshold = NONE, .limit = 100},
		{.sid = sid_unix_user(20), .threshold = 1, .limit = 2}};

	assert_ok(set_entries(q, e, 2));
	assert_int_equal(quotas[0].hard, 100);
	assert_int_equal(quotas[0].soft, NONE);
	assert_int_equal(quotas[1].hard, 2);
	/* -2: deleted, once */
	e[0].limit = UINT64_MAX - 1;
	assert_ok(set_entries(q, e, 1));
	assert_int_equal(quotas[0].hard, NONE);
	assert_status(set_entries(q, e, 1), NO_MATCH);
}

/* All or nothing. */
static void test_set_refused(void **state)
{
	struct quota_fixture *q = *state;
	struct fsa_quota_entry e[2] = {
		{.sid = sid_unix_user(10), .threshold = NONE, .limit = 100},
		{.sid = sid_everyone(), .threshold = NONE, .limit = 100}};

	assert_status(set_entries(q, e, 2), INVALID_PARAMETER);
	assert_int_equal(quotas[0].hard, 2 << 20);
	e[1].sid = sid_make(5, 2, 32, 544);
	assert_status(set_entries(q, e, 2), ACCESS_DENIED);
	e[0].limit = (uint64_t)INT64_MAX + 1;
	assert_status(set_entries(q, e, 1), INVALID_PARAMETER);
	assert_int_equal(quotas[0].hard, 2 << 20);
}

/* --- of the volume
 * ------------------------------------------------------------- */

static NTSTATUS control(struct quota_fixture *q, struct fsa_quota_control *out)
{
	struct fsa_io io = fixture_io(q->fx, FSA_QUERY_VOLUME, q->f);
	NTSTATUS status;

	io.u.query_volume.info_class = FileFsControlInformation;
	status = fixture_run(q->fx, &io);
	*out = io.u.query_volume.info.control;
	return status;
}

static NTSTATUS set_control(struct quota_fixture *q, uint64_t limit,
			    uint32_t flags)
{
	struct fsa_io io = fixture_io(q->fx, FSA_SET_VOLUME, q->f);

	io.u.set_volume.info_class = FileFsControlInformation;
	io.u.set_volume.u.control =
		(struct fsa_quota_control){.default_threshold = NONE,
					   .default_limit = limit,
					   .flags = flags};
	return fixture_run(q->fx, &io);
}

static void test_control(void **state)
{
	struct quota_fixture *q = *state;
	struct fsa_quota_control c;

	assert_ok(control(q, &c));
	assert_int_equal(c.flags, FILE_VC_QUOTA_ENFORCE);
	assert_int_equal(c.default_limit, NONE);
	assert_ok(set_control(q, NONE, FILE_VC_QUOTA_TRACK));
	assert_status(set_control(q, 1000, 0), NOT_SUPPORTED);
	assert_status(set_control(q, NONE, 0x20), NOT_SUPPORTED);
	q->fx->token.privileges = 0;
	assert_status(set_control(q, NONE, 0), ACCESS_DENIED);
	has_quotas = false;
	assert_status(control(q, &c), VOLUME_NOT_UPGRADED);
}

/* 2.1.5.13.7: a user has as much room as his quota leaves. */
static void test_free_space(void **state)
{
	struct quota_fixture *q = *state;
	struct fsa_io io = fixture_io(q->fx, FSA_QUERY_VOLUME, q->f);
	const struct fsa_volume_info *info = &io.u.query_volume.info;
	uint64_t unit;

	io.u.query_volume.info_class = FileFsFullSizeInformation;
	quotas[2].uid = q->fx->who.uid;
	quotas[0].uid = quotas[1].uid = UINT32_MAX - 1;
	quotas[2].used = 1 << 20;
	assert_ok(fixture_run(q->fx, &io));
	unit = (uint64_t)info->sectors_per_unit * info->bytes_per_sector;
	assert_int_equal(info->total_units, (4 << 20) / unit);
	assert_int_equal(info->caller_free_units, (3 << 20) / unit);
	assert_true(info->actual_free_units > info->caller_free_units);
	quotas[2].used = 5 << 20;
	assert_ok(fixture_run(q->fx, &io));
	assert_int_equal(info->caller_free_units, 0);
}

/* The list is opened by its name, for reading. */
static void test_list_file(void **state)
{
	struct quota_fixture *q = *state;
	const struct open_args args = {
		.name = "$extend\\$quota:$q:$index_allocation",
		.access = FILE_GENERIC_READ,
		.share = SHARE_ALL,
		.disposition = FILE_OPEN};
	struct fsa_file *file = q->f;
	struct taken t = {.room = 8};

	assert_ok(fixture_open(q->fx, &args, &q->f));
	assert_ok(query(q, (struct fsa_query_quota){0}, &t));
	assert_int_equal(t.count, 3);
	assert_ok(fixture_close(q->fx, q->f));
	q->f = file;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_enumeration, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_start_sid, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_sid_list, setup, teardown),
		cmocka_unit_test_setup_teardown(test_without_privilege, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_set, setup, teardown),
		cmocka_unit_test_setup_teardown(test_set_refused, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_control, setup, teardown),
		cmocka_unit_test_setup_teardown(test_free_space, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_list_file, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
