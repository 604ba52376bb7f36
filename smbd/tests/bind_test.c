/* smbd/tests/bind_test.c - a session's signing key is lent to another process
 * for a request that its holder made, and for nothing else (bind_refuse.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "idl/messages_gen.h"
#include "messaging/messaging.h"
#include "smb2/session_setup.h"
#include "smb2/sign.h"
#include "smbd/bind_refuse.h"
#include "smbd/tests/fixture.h"

static const uint8_t right[16] = {1, 2, 3}, wrong[16] = {1, 2, 4};

static int setup(void **state)
{
	struct fixture *fx;

	if (fixture_setup(state) != 0) {
		return -1;
	}
	fx = *state;
	fixture_negotiate(fx, SMB2_DIALECT_302);
	fixture_log_on(fx);
	fx->session->record->dialect = SMB2_DIALECT_302;
	memcpy(fx->session->signing_key, right, sizeof(right));
	if (!NT_STATUS_IS_OK(smb2_signer_new(fx->session, SMB2_SIGNING_AES_CMAC,
					     right, &fx->session->signer)) ||
	    !NT_STATUS_IS_OK(smbd_bind_listen(fx->client))) {
		return -1;
	}
	return 0;
}

/* A SESSION_SETUP for the session, signed with key. */
static struct blob request(struct fixture *fx, struct smb2_header h,
			   const uint8_t key[16])
{
	const struct smb2_session_setup_request in = {
		.flags = SMB2_SESSION_FLAG_BINDING,
		.security_buffer = wire_reader("token", 5)};
	struct wire_writer w = wire_writer(fx->mem_ctx, 4096);
	struct smb2_signer *signer;
	struct iovec iov;
	struct blob out;

	h.flags |= SMB2_FLAGS_SIGNED;
	smb2_header_encode(&w, &h);
	smb2_session_setup_request_encode(&w, &in);
	assert_true(NT_STATUS_IS_OK(wire_finish(&w, &out)));
	iov = (struct iovec){.iov_base = out.data, .iov_len = out.length};
	assert_true(NT_STATUS_IS_OK(smb2_signer_new(
		fx->mem_ctx, SMB2_SIGNING_AES_CMAC, key, &signer)));
	assert_true(NT_STATUS_IS_OK(smb2_sign(signer, &iov, 1)));
	return out;
}

static struct blob proof(struct fixture *fx, uint64_t id, struct blob pdu)
{
	struct message_session_proof m = {
		.version = 1, .session_id = id, .request = pdu};
	struct blob out;

	assert_true(NT_STATUS_IS_OK(
		message_session_proof_push(fx->mem_ctx, &m, &out)));
	return out;
}

static struct smb2_header header(const struct fixture *fx)
{
	return (struct smb2_header){.command = SMB2_SESSION_SETUP,
				    .session_id = fx->session_id};
}

/* Asks as another process would; the status, and the answer. */
static NTSTATUS ask(struct fixture *fx, struct blob payload, struct blob *out)
{
	struct tevent_req *req = messaging_request_send(
		fx->mem_ctx, fx->server->messaging,
		messaging_id(fx->server->messaging), MSG_SESSION_PROOF, payload,
		(struct timeval){.tv_sec = 10});
	NTSTATUS status;

	assert_non_null(req);
	assert_true(tevent_req_poll(req, fx->ev));
	status = messaging_request_recv(req, fx->mem_ctx, out);
	talloc_free(req);
	return status;
}

static void test_the_key_is_for_who_has_it(void **state)
{
	struct fixture *fx = *state;
	struct message_session_key key;
	struct blob out = {0};

	assert_true(NT_STATUS_IS_OK(ask(
		fx, proof(fx, fx->session_id, request(fx, header(fx), right)),
		&out)));
	assert_true(NT_STATUS_IS_OK(
		message_session_key_pull(fx->mem_ctx, out, &key)));
	assert_memory_equal(key.signing_key, right, sizeof(right));
	assert_int_equal(key.dialect, SMB2_DIALECT_302);
}

static void refused(struct fixture *fx, struct blob payload, NTSTATUS why)
{
	struct blob out = {0};
	NTSTATUS status = ask(fx, payload, &out);

	assert_string_equal(ntstatus_name(status), ntstatus_name(why));
	assert_int_equal(out.length, 0);
}

static void test_it_is_for_nobody_else(void **state)
{
	struct fixture *fx = *state;
	struct smb2_header h = header(fx);
	uint64_t id = fx->session_id;
	struct blob good = request(fx, h, right), bent = request(fx, h, right);

	refused(fx, proof(fx, id, request(fx, h, wrong)),
		NT_STATUS(ACCESS_DENIED));
	bent.data[SMB2_HEADER_SIZE + 4] ^= 1;
	refused(fx, proof(fx, id, bent), NT_STATUS(ACCESS_DENIED));
	good.data[16] &= (uint8_t)~SMB2_FLAGS_SIGNED;
	refused(fx, proof(fx, id, good), NT_STATUS(INVALID_PARAMETER));
	h.command = SMB2_ECHO;
	refused(fx, proof(fx, id, request(fx, h, right)),
		NT_STATUS(INVALID_PARAMETER));
	h.command = SMB2_SESSION_SETUP;
	h.flags = SMB2_FLAGS_SERVER_TO_REDIR;
	refused(fx, proof(fx, id, request(fx, h, right)),
		NT_STATUS(INVALID_PARAMETER));
	h.flags = 0;
	h.session_id++;
	refused(fx, proof(fx, id, request(fx, h, right)),
		NT_STATUS(INVALID_PARAMETER));
	refused(fx, proof(fx, id + 1, request(fx, h, right)),
		NT_STATUS(NOT_FOUND));
}

static void test_what_is_no_question(void **state)
{
	struct fixture *fx = *state;
	struct blob good = request(fx, header(fx), right);
	struct blob whole = proof(fx, fx->session_id, good), out = {0};

	for (size_t n = 0; n < SMB2_HEADER_SIZE; n++) {
		struct blob part = {.data = good.data, .length = n};

		assert_false(NT_STATUS_IS_OK(
			ask(fx, proof(fx, fx->session_id, part), &out)));
	}
	for (size_t n = 0; n < whole.length; n++) {
		struct blob part = {.data = whole.data, .length = n};

		assert_false(NT_STATUS_IS_OK(ask(fx, part, &out)));
	}
}

static void test_a_session_that_ends_has_none(void **state)
{
	struct fixture *fx = *state;

	fx->session->state = SMBD_SESSION_CLOSING;
	refused(fx, proof(fx, fx->session_id, request(fx, header(fx), right)),
		NT_STATUS(NOT_FOUND));
	fx->session->state = SMBD_SESSION_VALID;
}

int main(void)
{
#define KNOWN(name)                                                            \
	cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		KNOWN(test_the_key_is_for_who_has_it),
		KNOWN(test_it_is_for_nobody_else),
		KNOWN(test_what_is_no_question),
		KNOWN(test_a_session_that_ends_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
