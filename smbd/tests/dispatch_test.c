/* smbd/tests/dispatch_test.c - the rules of [MS-SMB2] 3.3.5.2, frame by
 * frame. */
#include "smbd/tests/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "lib/utf16.h"
#include "smb2/close.h"
#include "smb2/compound.h"
#include "smb2/create.h"
#include "smb2/negotiate.h"
#include "smb2/read.h"
#include "smb2/sign.h"
#include "smb2/simple.h"
#include "smb2/write.h"
#include "smbd/credits.h"

/* --- asking and looking -------------------------------------------------- */

static struct wire_writer frame(struct fixture *fx)
{
	return wire_writer(fx->mem_ctx, 1024 * 1024);
}

static void send_frame(struct fixture *fx, struct wire_writer *w)
{
	struct blob out;

	assert_true(NT_STATUS_IS_OK(wire_finish(w, &out)));
	fixture_send(fx, out.data, out.length);
}

static void put_simple(struct fixture *fx, struct wire_writer *w,
		       uint16_t command, uint32_t flags)
{
	struct smb2_header h = fixture_header(fx, command);

	h.flags |= flags;
	fixture_put_header(w, &h);
	smb2_simple_encode(w);
}

static void put_create(struct fixture *fx, struct wire_writer *w,
		       const char *name, uint32_t disposition, uint32_t flags)
{
	struct smb2_create_request in = {
		.impersonation_level = SMB2_IMPERSONATION_IMPERSONATION,
		.desired_access = FILE_GENERIC_READ | FILE_GENERIC_WRITE,
		.share_access = FILE_SHARE_ALL,
		.create_disposition = disposition,
	};
	struct smb2_header h = fixture_header(fx, SMB2_CREATE);
	struct blob text;

	h.flags |= flags;
	assert_true(NT_STATUS_IS_OK(utf8_to_utf16(fx->mem_ctx, name, &text)));
	in.name = wire_reader(text.data, text.length);
	fixture_put_header(w, &h);
	smb2_create_request_encode(w, &in);
}

static void put_close(struct fixture *fx, struct wire_writer *w,
		      struct smb2_file_id id, uint32_t flags)
{
	struct smb2_close_request in = {.id = id};
	struct smb2_header h = fixture_header(fx, SMB2_CLOSE);

	h.flags |= flags;
	fixture_put_header(w, &h);
	smb2_close_request_encode(w, &in);
}

static void put_read(struct fixture *fx, struct wire_writer *w,
		     struct smb2_file_id id, uint32_t length, uint32_t flags)
{
	struct smb2_read_request in = {.id = id, .length = length};
	struct smb2_header h = fixture_header(fx, SMB2_READ);

	h.flags |= flags;
	fixture_put_header(w, &h);
	smb2_read_request_encode(w, &in);
}

struct replies {
	size_t count;
	struct smb2_header h[8];
	struct wire_reader pdu[8];
	bool closed;
};

static struct replies receive(struct fixture *fx)
{
	struct replies r = {0};
	struct blob in = fixture_receive(fx, &r.closed);
	struct smb2_compound walk =
		smb2_compound(wire_reader(in.data, in.length));

	while (in.length > 0 && smb2_compound_more(&walk)) {
		assert_true(r.count < 8);
		assert_true(NT_STATUS_IS_OK(smb2_compound_next(
			&walk, &r.h[r.count], &r.pdu[r.count])));
		r.count++;
	}
	return r;
}

static int setup_logged_on(void **state)
{
	struct fixture *fx;

	if (fixture_setup(state) != 0) {
		return -1;
	}
	fx = *state;
	fixture_negotiate(fx, SMB2_DIALECT_210);
	fixture_log_on(fx);
	credits_grant(fx->conn->credits, 100);
	return 0;
}

#define assert_status(actual, name)                                            \
	assert_string_equal(ntstatus_name(actual),                             \
			    ntstatus_name(NT_STATUS(name)))

/* --- 3.3.5.2, 3.3.5.2.2, 3.3.5.2.6: what ends the connection ------------- */

static void assert_dropped(struct fixture *fx)
{
	struct replies r = receive(fx);

	assert_int_equal(r.count, 0);
	assert_true(r.closed);
}

static void test_garbage_ends_it(void **state)
{
	struct fixture *fx = *state;

	fixture_send(fx, "GET / HTTP/1.0\r\n\r\n", 18);
	assert_dropped(fx);
}

static void test_less_than_a_header_ends_it(void **state)
{
	struct fixture *fx = *state;

	fixture_send(fx, "\xfeSMB\x40\0", 6);
	assert_dropped(fx);
}

static void test_nothing_before_negotiate(void **state)
{
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);

	put_simple(fx, &w, SMB2_ECHO, 0);
	send_frame(fx, &w);
	assert_dropped(fx);
}

static void test_an_unknown_command_ends_it(void **state)
{
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);

	put_simple(fx, &w, 0x42, 0);
	send_frame(fx, &w);
	assert_dropped(fx);
}

static void test_a_response_ends_it(void **state)
{
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);

	put_simple(fx, &w, SMB2_ECHO, SMB2_FLAGS_SERVER_TO_REDIR);
	send_frame(fx, &w);
	assert_dropped(fx);
}

/* 3.3.5.2.3 */
static void test_a_message_id_twice_ends_it(void **state)
{
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);

	put_simple(fx, &w, SMB2_ECHO, 0);
	send_frame(fx, &w);
	assert_int_equal(receive(fx).count, 1);
	fx->message_id--;
	w = frame(fx);
	put_simple(fx, &w, SMB2_ECHO, 0);
	send_frame(fx, &w);
	assert_dropped(fx);
}

static void test_a_message_id_not_granted_ends_it(void **state)
{
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);

	fx->message_id = 5000;
	put_simple(fx, &w, SMB2_ECHO, 0);
	send_frame(fx, &w);
	assert_dropped(fx);
}

/* --- 3.3.5.2.9, 3.3.5.2.11: who and what it is about --------------------- */

static NTSTATUS status_of_create(struct fixture *fx, uint64_t session_id,
				 uint32_t tree_id)
{
	struct wire_writer w = frame(fx);
	struct smb2_header h = fixture_header(fx, SMB2_CREATE);
	struct smb2_create_request in = {.desired_access = FILE_READ_DATA};
	struct replies r;

	h.session_id = session_id;
	h.tree_id = tree_id;
	fixture_put_header(&w, &h);
	smb2_create_request_encode(&w, &in);
	send_frame(fx, &w);
	r = receive(fx);
	assert_int_equal(r.count, 1);
	return r.h[0].status;
}

static void test_sessions_and_trees_are_looked_up(void **state)
{
	struct fixture *fx = *state;
	uint64_t session = fx->session->id;
	uint32_t tree = fx->tree->id;

	assert_status(status_of_create(fx, 0, tree), USER_SESSION_DELETED);
	assert_status(status_of_create(fx, session + 1, tree),
		      USER_SESSION_DELETED);
	assert_status(status_of_create(fx, session, tree + 1),
		      NETWORK_NAME_DELETED);
	assert_status(status_of_create(fx, session, UINT32_MAX),
		      NETWORK_NAME_DELETED);
}

static void test_a_file_id_that_is_none(void **state)
{
	const struct smb2_file_id none = {.persistent_id = 1, .volatile_id = 1};
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);

	put_close(fx, &w, none, 0);
	send_frame(fx, &w);
	assert_status(receive(fx).h[0].status, FILE_CLOSED);
}

static void test_encryption_that_is_required(void **state)
{
	struct fixture *fx = *state;

	fx->session->encryption_required = true;
	assert_status(status_of_create(fx, fx->session->id, fx->tree->id),
		      ACCESS_DENIED);
	fx->session->encryption_required = false;
	fx->tree->encryption_required = true;
	assert_status(status_of_create(fx, fx->session->id, fx->tree->id),
		      ACCESS_DENIED);
}

/* 3.3.5.2.4 */
static void test_signatures_that_are_required(void **state)
{
	struct fixture *fx = *state;

	fx->session->signing_required = true;
	assert_status(status_of_create(fx, fx->session->id, fx->tree->id),
		      ACCESS_DENIED);
}

static void test_an_unsigned_session_has_no_keys(void **state)
{
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);

	put_simple(fx, &w, SMB2_ECHO, SMB2_FLAGS_SIGNED);
	send_frame(fx, &w);
	assert_status(receive(fx).h[0].status, NOT_SUPPORTED);
}

/* 3.3.5.2.5 */
/* What is asked of a session that has ended is refused with its old key; but
 * not when the answer stays here until the next one of its chain is made, for
 * which the key need not last. */
static void test_an_old_key_signs_what_goes_at_once(void **state)
{
	static const uint8_t key[16] = {7};

	for (int chained = 0; chained <= 1; chained++) {
		struct fixture *fx = *state;
		struct wire_writer w = frame(fx);
		struct smb2_signer *signer;
		struct iovec iov;
		struct replies r;

		assert_true(NT_STATUS_IS_OK(smb2_signer_new(
			fx->conn, SMB2_SIGNING_AES_CMAC, key, &signer)));
		iov.iov_len = chained != 0 ? 72 : 68;
		fx->session_id = 77;
		put_simple(fx, &w, SMB2_LOGOFF, 0);
		if (chained != 0) {
			put_simple(fx, &w, SMB2_ECHO,
				   SMB2_FLAGS_RELATED_OPERATIONS);
		}
		iov.iov_base = w.data;
		assert_true(NT_STATUS_IS_OK(smb2_sign(signer, &iov, 1)));
		smbd_connection_session_ended(fx->conn, 77, &signer);
		send_frame(fx, &w);
		r = receive(fx);
		assert_int_equal(r.count, chained + 1);
		assert_string_equal(ntstatus_name(r.h[0].status),
				    "NT_STATUS_USER_SESSION_DELETED");
		assert_int_equal(r.h[0].flags & SMB2_FLAGS_SIGNED,
				 chained != 0 ? 0 : SMB2_FLAGS_SIGNED);
	}
}

static void test_a_charge_that_does_not_pay(void **state)
{
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);

	put_read(fx, &w, SMB2_FILE_ID_RELATED, 65537, 0);
	send_frame(fx, &w);
	assert_status(receive(fx).h[0].status, INVALID_PARAMETER);
	w = frame(fx);
	put_read(fx, &w, SMB2_FILE_ID_RELATED, 65536, 0);
	send_frame(fx, &w);
	assert_status(receive(fx).h[0].status, FILE_CLOSED);
}

/* 3.3.5.16: a CANCEL is never answered. */
static void test_a_cancel_for_nothing(void **state)
{
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);
	struct replies r;

	put_simple(fx, &w, SMB2_CANCEL, 0);
	send_frame(fx, &w);
	r = receive(fx);
	assert_int_equal(r.count, 0);
	assert_false(r.closed);
}

/* --- 3.3.5.2.7: compounds ------------------------------------------------ */

static void test_a_related_chain_is_one_frame(void **state)
{
	const uint32_t related = SMB2_FLAGS_RELATED_OPERATIONS;
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);
	struct replies r;

	put_create(fx, &w, "a", FILE_OPEN_IF, 0);
	put_read(fx, &w, SMB2_FILE_ID_RELATED, 10, related);
	put_close(fx, &w, SMB2_FILE_ID_RELATED, related);
	send_frame(fx, &w);
	r = receive(fx);
	assert_int_equal(r.count, 3);
	assert_status(r.h[0].status, SUCCESS);
	assert_status(r.h[1].status, END_OF_FILE);
	assert_status(r.h[2].status, SUCCESS);
	assert_int_equal(r.h[0].flags & related, 0);
	assert_int_equal(r.h[1].flags & related, related);
	assert_int_equal(r.h[2].next_command, 0);
	assert_int_equal(r.h[0].next_command % 8, 0);
}

static void test_a_failed_create_fails_its_chain(void **state)
{
	const uint32_t related = SMB2_FLAGS_RELATED_OPERATIONS;
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);
	struct replies r;

	put_create(fx, &w, "not there", FILE_OPEN, 0);
	put_read(fx, &w, SMB2_FILE_ID_RELATED, 10, related);
	put_close(fx, &w, SMB2_FILE_ID_RELATED, related);
	send_frame(fx, &w);
	r = receive(fx);
	assert_int_equal(r.count, 3);
	for (int i = 0; i < 3; i++) {
		assert_status(r.h[i].status, OBJECT_NAME_NOT_FOUND);
	}
}

static void test_the_first_cannot_be_related(void **state)
{
	const uint32_t related = SMB2_FLAGS_RELATED_OPERATIONS;
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);
	struct replies r;

	put_create(fx, &w, "a", FILE_OPEN_IF, related);
	put_close(fx, &w, SMB2_FILE_ID_RELATED, related);
	send_frame(fx, &w);
	r = receive(fx);
	assert_int_equal(r.count, 2);
	assert_status(r.h[0].status, INVALID_PARAMETER);
	assert_status(r.h[1].status, INVALID_PARAMETER);
}

static void test_a_chain_without_a_handle(void **state)
{
	const uint32_t related = SMB2_FLAGS_RELATED_OPERATIONS;
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);
	struct replies r;

	put_simple(fx, &w, SMB2_ECHO, 0);
	put_close(fx, &w, SMB2_FILE_ID_RELATED, related);
	send_frame(fx, &w);
	r = receive(fx);
	assert_int_equal(r.count, 2);
	assert_status(r.h[0].status, SUCCESS);
	assert_status(r.h[1].status, INVALID_HANDLE);
}

static void test_next_command_beyond_the_end_ends_it(void **state)
{
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);

	put_simple(fx, &w, SMB2_ECHO, 0);
	wire_patch_u32(&w, 20, 4096);
	send_frame(fx, &w);
	assert_dropped(fx);
}

/* --- data in place ------------------------------------------------------- */

static struct smb2_file_id make_file(struct fixture *fx, const char *name,
				     size_t length)
{
	struct smb2_create_response created;
	struct smb2_write_request in = {0};
	struct smb2_header h;
	struct wire_writer w = frame(fx);
	struct replies r;

	put_create(fx, &w, name, FILE_OVERWRITE_IF, 0);
	send_frame(fx, &w);
	r = receive(fx);
	assert_status(r.h[0].status, SUCCESS);
	assert_true(NT_STATUS_IS_OK(
		smb2_create_response_decode(r.pdu[0], &created)));
	in.id = created.id;
	h = fixture_header(fx, SMB2_WRITE);
	w = frame(fx);
	fixture_put_header(&w, &h);
	smb2_write_request_encode(&w, &in, (uint32_t)length);
	for (size_t i = 0; i < length; i++) {
		wire_put_u8(&w, (uint8_t)(i * 7));
	}
	send_frame(fx, &w);
	assert_status(receive(fx).h[0].status, SUCCESS);
	return created.id;
}

/* Every length, because the room in a reply is counted to the byte. */
static void test_reads_of_all_lengths(void **state)
{
	struct fixture *fx = *state;
	struct smb2_file_id id = make_file(fx, "data", 20000);

	for (uint32_t length = 1; length < 20000; length += 97) {
		struct wire_writer w = frame(fx);
		struct smb2_read_response out;
		struct replies r;

		put_read(fx, &w, id, length, 0);
		send_frame(fx, &w);
		r = receive(fx);
		assert_status(r.h[0].status, SUCCESS);
		assert_true(NT_STATUS_IS_OK(
			smb2_read_response_decode(r.pdu[0], &out)));
		assert_int_equal(out.data.length, length);
		for (uint32_t i = 0; i < length; i++) {
			assert_int_equal(out.data.data[i], (uint8_t)(i * 7));
		}
	}
}

static void test_reads_in_a_compound(void **state)
{
	struct fixture *fx = *state;
	struct smb2_file_id id = make_file(fx, "data", 20000);
	struct wire_writer w = frame(fx);
	struct replies r;

	for (uint32_t i = 0; i < 4; i++) {
		put_read(fx, &w, id, 1 + 5000 * i, 0);
	}
	send_frame(fx, &w);
	r = receive(fx);
	assert_int_equal(r.count, 4);
	for (uint32_t i = 0; i < 4; i++) {
		struct smb2_read_response out;

		assert_true(NT_STATUS_IS_OK(
			smb2_read_response_decode(r.pdu[i], &out)));
		assert_int_equal(out.data.length, 1 + 5000 * i);
		assert_int_equal(out.data.data[5000 * i],
				 (uint8_t)(5000 * i * 7));
	}
}

/* --- the end: 3.3.7.1 ---------------------------------------------------- */

static void test_a_lost_connection_closes_what_was_open(void **state)
{
	struct fixture *fx = *state;

	(void)make_file(fx, "open", 10);
	(void)make_file(fx, "open too", 10);
	assert_int_equal(fx->tree->num_opens, 2);
	smbd_client_disconnect(fx->client, "lost");
	fixture_run(fx);
	assert_true(fx->client->finished);
	assert_null(fx->client->sessions);
}

static void test_logoff_closes_what_was_open(void **state)
{
	struct fixture *fx = *state;
	struct wire_writer w = frame(fx);

	(void)make_file(fx, "open", 10);
	put_simple(fx, &w, SMB2_LOGOFF, 0);
	send_frame(fx, &w);
	assert_status(receive(fx).h[0].status, SUCCESS);
	assert_null(fx->client->sessions);
}

static void test_tree_disconnect_closes_what_was_open(void **state)
{
	struct fixture *fx = *state;
	struct smb2_file_id id = make_file(fx, "open", 10);
	struct wire_writer w = frame(fx);

	put_simple(fx, &w, SMB2_TREE_DISCONNECT, 0);
	send_frame(fx, &w);
	assert_status(receive(fx).h[0].status, SUCCESS);
	w = frame(fx);
	put_close(fx, &w, id, 0);
	send_frame(fx, &w);
	assert_status(receive(fx).h[0].status, NETWORK_NAME_DELETED);
}

int main(void)
{
#define FRESH(name)                                                            \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
#define KNOWN(name)                                                            \
	cmocka_unit_test_setup_teardown(name, setup_logged_on, fixture_teardown)
	const struct CMUnitTest tests[] = {
		FRESH(test_garbage_ends_it),
		FRESH(test_less_than_a_header_ends_it),
		FRESH(test_nothing_before_negotiate),
		KNOWN(test_an_unknown_command_ends_it),
		KNOWN(test_a_response_ends_it),
		KNOWN(test_a_message_id_twice_ends_it),
		KNOWN(test_a_message_id_not_granted_ends_it),
		KNOWN(test_sessions_and_trees_are_looked_up),
		KNOWN(test_a_file_id_that_is_none),
		KNOWN(test_encryption_that_is_required),
		KNOWN(test_signatures_that_are_required),
		KNOWN(test_an_unsigned_session_has_no_keys),
		KNOWN(test_an_old_key_signs_what_goes_at_once),
		KNOWN(test_a_charge_that_does_not_pay),
		KNOWN(test_a_cancel_for_nothing),
		KNOWN(test_a_related_chain_is_one_frame),
		KNOWN(test_a_failed_create_fails_its_chain),
		KNOWN(test_the_first_cannot_be_related),
		KNOWN(test_a_chain_without_a_handle),
		KNOWN(test_next_command_beyond_the_end_ends_it),
		KNOWN(test_reads_of_all_lengths),
		KNOWN(test_reads_in_a_compound),
		KNOWN(test_a_lost_connection_closes_what_was_open),
		KNOWN(test_logoff_closes_what_was_open),
		KNOWN(test_tree_disconnect_closes_what_was_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
