/* smbd/tests/lock_test.c - LOCK requests that come a second time ([MS-SMB2]
 * 3.3.5.14). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lib/utf16.h"
#include "smb2/compound.h"
#include "smb2/create.h"
#include "smb2/lock.h"
#include "smbd/credits.h"
#include "smbd/tests/fixture.h"

#define LOCK (SMB2_LOCKFLAG_EXCLUSIVE_LOCK | SMB2_LOCKFLAG_FAIL_IMMEDIATELY)
#define assert_status(actual, name)                                            \
	assert_string_equal(ntstatus_name(actual),                             \
			    ntstatus_name(NT_STATUS(name)))

/* Sends one message; the status of the response, whose body is *out_pdu. */
static NTSTATUS exchange(struct fixture *fx, struct wire_writer *w,
			 struct wire_reader *out_pdu)
{
	struct smb2_compound walk;
	struct smb2_header h;
	struct blob b;

	assert_true(NT_STATUS_IS_OK(wire_finish(w, &b)));
	fixture_send(fx, b.data, b.length);
	b = fixture_receive(fx, NULL);
	assert_true(b.length > 0);
	walk = smb2_compound(wire_reader(b.data, b.length));
	assert_true(NT_STATUS_IS_OK(smb2_compound_next(&walk, &h, out_pdu)));
	return h.status;
}

static struct smb2_file_id open_file(struct fixture *fx)
{
	struct smb2_create_request in = {
		.impersonation_level = SMB2_IMPERSONATION_IMPERSONATION,
		.desired_access = FILE_GENERIC_READ | FILE_GENERIC_WRITE,
		.share_access = FILE_SHARE_ALL,
		.create_disposition = FILE_OPEN_IF,
	};
	struct smb2_header h = fixture_header(fx, SMB2_CREATE);
	struct wire_writer w = wire_writer(fx->mem_ctx, 4096);
	struct smb2_create_response out;
	struct wire_reader pdu;
	struct blob name;

	assert_true(NT_STATUS_IS_OK(utf8_to_utf16(fx->mem_ctx, "file", &name)));
	in.name = wire_reader(name.data, name.length);
	fixture_put_header(&w, &h);
	smb2_create_request_encode(&w, &in);
	assert_status(exchange(fx, &w, &pdu), SUCCESS);
	assert_true(NT_STATUS_IS_OK(smb2_create_response_decode(pdu, &out)));
	return out.id;
}

/* Locks or unlocks bytes 0 to 9. */
static NTSTATUS lock(struct fixture *fx, struct smb2_file_id id, uint32_t index,
		     uint8_t number, uint32_t flags)
{
	const struct smb2_lock_element e = {.length = 10, .flags = flags};
	const struct smb2_lock_request in = {
		.sequence_index = index, .sequence_number = number, .id = id};
	struct smb2_header h = fixture_header(fx, SMB2_LOCK);
	struct wire_writer w = wire_writer(fx->mem_ctx, 4096);
	struct wire_reader pdu;

	fixture_put_header(&w, &h);
	smb2_lock_request_encode(&w, &in, &e, 1);
	return exchange(fx, &w, &pdu);
}

static int setup(void **state, uint16_t dialect, uint32_t capabilities)
{
	struct fixture *fx;

	if (fixture_setup(state) != 0) {
		return -1;
	}
	fx = *state;
	fixture_negotiate(fx, dialect);
	fx->conn->negotiated.server_capabilities |= capabilities;
	fixture_log_on(fx);
	credits_grant(fx->conn->credits, 100);
	return 0;
}

static int setup_channels(void **state)
{
	return setup(state, SMB2_DIALECT_302, SMB2_GLOBAL_CAP_MULTI_CHANNEL);
}

static int setup_one_channel(void **state)
{
	return setup(state, SMB2_DIALECT_302, 0);
}

/* Dialect 2.1 has sequences, for opens that outlive a connection. */
static int setup_old(void **state)
{
	return setup(state, SMB2_DIALECT_210, SMB2_GLOBAL_CAP_MULTI_CHANNEL);
}

static void a_request_is_carried_out_once(void **state)
{
	struct fixture *fx = *state;
	struct smb2_file_id id = open_file(fx);

	assert_status(lock(fx, id, 1, 5, LOCK), SUCCESS);
	assert_status(lock(fx, id, 1, 5, LOCK), SUCCESS);
	/* whatever it asks for */
	assert_status(lock(fx, id, 1, 5, 0xFFFF), SUCCESS);
	assert_status(lock(fx, id, 1, 5, SMB2_LOCKFLAG_UNLOCK), SUCCESS);
	assert_status(lock(fx, id, 0, 5, LOCK), LOCK_NOT_GRANTED);

	assert_status(lock(fx, id, 64, 15, SMB2_LOCKFLAG_UNLOCK), SUCCESS);
	assert_status(lock(fx, id, 64, 15, SMB2_LOCKFLAG_UNLOCK), SUCCESS);
	assert_status(lock(fx, id, 0, 0, SMB2_LOCKFLAG_UNLOCK),
		      RANGE_NOT_LOCKED);
}

static void what_failed_is_tried_again(void **state)
{
	struct fixture *fx = *state;
	struct smb2_file_id id = open_file(fx);

	assert_status(lock(fx, id, 2, 1, SMB2_LOCKFLAG_UNLOCK),
		      RANGE_NOT_LOCKED);
	assert_status(lock(fx, id, 2, 1, LOCK), SUCCESS);
	/* another number empties the bucket, even when it fails */
	assert_status(lock(fx, id, 2, 2, LOCK), LOCK_NOT_GRANTED);
	assert_status(lock(fx, id, 2, 1, LOCK), LOCK_NOT_GRANTED);
}

static void each_open_has_its_own(void **state)
{
	struct fixture *fx = *state;
	struct smb2_file_id a = open_file(fx), b = open_file(fx);

	assert_status(lock(fx, a, 1, 1, LOCK), SUCCESS);
	assert_status(lock(fx, b, 1, 1, LOCK), LOCK_NOT_GRANTED);
}

static void index_0_and_those_beyond_are_none(void **state)
{
	static const uint32_t none[] = {0, 65, 0x0FFFFFFF};
	struct fixture *fx = *state;
	struct smb2_file_id id = open_file(fx);

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		assert_status(lock(fx, id, none[i], 1, LOCK), SUCCESS);
		assert_status(lock(fx, id, none[i], 1, LOCK), LOCK_NOT_GRANTED);
		assert_status(lock(fx, id, none[i], 1, SMB2_LOCKFLAG_UNLOCK),
			      SUCCESS);
	}
}

static void without_channels_nothing_is_known_again(void **state)
{
	struct fixture *fx = *state;
	struct smb2_file_id id = open_file(fx);

	assert_status(lock(fx, id, 1, 1, LOCK), SUCCESS);
	assert_status(lock(fx, id, 1, 1, LOCK), LOCK_NOT_GRANTED);
}

int main(void)
{
#define WITH(setup, name)                                                      \
	cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		WITH(setup_channels, a_request_is_carried_out_once),
		WITH(setup_channels, what_failed_is_tried_again),
		WITH(setup_channels, each_open_has_its_own),
		WITH(setup_channels, index_0_and_those_beyond_are_none),
		WITH(setup_one_channel,
		     without_channels_nothing_is_known_again),
		WITH(setup_old, without_channels_nothing_is_known_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
