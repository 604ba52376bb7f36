/* smbd/tests/handover_test.c - connections that another process has begun to
 * serve ([MS-SMB2] 3.3.5.4), and what is left when one goes (3.3.7.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "auth/throttle.h"
#include "idl/messages_gen.h"
#include "lib/dlist.h"
#include "locking/locking.h"
#include "locking/session_store.h"
#include "smb2/session_setup.h"
#include "smbd/channel.h"
#include "smbd/credits.h"
#include "smbd/handover.h"
#include "smbd/negotiate.h"
#include "smbd/open.h"
#include "smbd/request.h"
#include "smbd/teardown.h"
#include "smbd/tests/fixture.h"
#include "smbd/transport.h"

static const struct smbd_offer all = {.min_dialect = SMB2_DIALECT_202,
				      .max_dialect = SMB2_DIALECT_311};
static const struct guid somebody = {{1, 2, 3}};

static struct smb2_negotiate_request request(void)
{
	return (struct smb2_negotiate_request){
		.security_mode = SMB2_NEGOTIATE_SIGNING_ENABLED,
		.capabilities = SMB2_GLOBAL_CAP_MULTI_CHANNEL,
		.client_guid = somebody,
		.dialect_count = 2,
		.dialects = {SMB2_DIALECT_210, SMB2_DIALECT_302},
	};
}

/* A NEGOTIATE, with the transport's header before it. */
static struct blob frame_of(TALLOC_CTX *mem_ctx,
			    const struct smb2_negotiate_request *in,
			    const struct smb2_header *h)
{
	struct wire_writer w = wire_writer(mem_ctx, 4096);
	struct blob out;

	wire_put_zero(&w, SMB2_TRANSPORT_HEADER_SIZE);
	smb2_header_encode(&w, h);
	smb2_negotiate_request_encode(&w, in);
	assert_true(NT_STATUS_IS_OK(wire_finish(&w, &out)));
	smb2_transport_encode(out.length - SMB2_TRANSPORT_HEADER_SIZE,
			      out.data);
	return out;
}

static void time_is_up(struct tevent_context *ev, struct tevent_timer *te,
		       struct timeval now, void *private_data)
{
	*(bool *)private_data = true;
}

/* Runs the event loop until nothing comes any more; fixture_run() looks at no
 * socket. */
static void settle(struct fixture *fx)
{
	bool done = false;

	tevent_add_timer(fx->ev, fx->mem_ctx,
			 tevent_timeval_current_ofs(0, 20 * 1000), time_is_up,
			 &done);
	while (!done) {
		assert_int_equal(tevent_loop_once(fx->ev), 0);
	}
}

/* --- whose is it? --------------------------------------------------------- */

static bool peek(struct fixture *fx, const struct smb2_negotiate_request *in,
		 const struct smb2_header *h, struct smbd_handover_hint *out)
{
	struct blob f = frame_of(fx->mem_ctx, in, h);

	return smbd_handover_peek(
		wire_reader(f.data + SMB2_TRANSPORT_HEADER_SIZE,
			    f.length - SMB2_TRANSPORT_HEADER_SIZE),
		&all, out);
}

static void test_a_negotiate_says_whose_it_is(void **state)
{
	const struct smb2_header h = {.command = SMB2_NEGOTIATE};
	struct smb2_negotiate_request in = request();
	struct smbd_handover_hint hint = {0};

	assert_true(peek(*state, &in, &h, &hint));
	assert_int_equal(hint.dialect, SMB2_DIALECT_302);
	assert_true(guid_equal(&hint.client_guid, &somebody));
}

static void test_others_stay_where_they_are(void **state)
{
	const struct smb2_header h = {.command = SMB2_NEGOTIATE};
	const struct smb2_header other[] = {
		{.command = SMB2_ECHO},
		{.command = SMB2_NEGOTIATE, .next_command = 128},
		{.command = SMB2_NEGOTIATE,
		 .flags = SMB2_FLAGS_SERVER_TO_REDIR}};
	struct smb2_negotiate_request in[4];
	struct smbd_handover_hint hint = {.dialect = 7};

	for (size_t i = 0; i < 4; i++) {
		in[i] = request();
	}
	in[0].capabilities = 0;
	in[1].client_guid = (struct guid){{0}};
	in[2].dialect_count = 1;
	in[3].dialects[1] = 0x0999;
	for (size_t i = 0; i < 4; i++) {
		assert_false(peek(*state, &in[i], &h, &hint));
	}
	in[0] = request();
	for (size_t i = 0; i < 3; i++) {
		assert_false(peek(*state, &in[0], &other[i], &hint));
	}
	assert_false(smbd_handover_peek(wire_reader("", 0), &all, &hint));
	assert_int_equal(hint.dialect, 7);
}

/* --- taking it ------------------------------------------------------------ */

static int setup_known(void **state)
{
	struct fixture *fx;

	if (fixture_setup(state) != 0) {
		return -1;
	}
	fx = *state;
	fixture_negotiate(fx, SMB2_DIALECT_302);
	fixture_log_on(fx);
	fx->client->registered = true;
	fx->client->guid = somebody;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fx = *state;

	fx->client->registered = false; /* there is no record */
	return fixture_teardown(state);
}

static struct blob payload_of(struct fixture *fx, struct blob received,
			      const struct guid *guid, bool multi_protocol)
{
	struct message_connection m = {.version = 1,
				       .client_guid = *guid,
				       .accepted = nttime_monotonic(),
				       .multi_protocol = multi_protocol,
				       .received = received};
	struct blob out;

	assert_true(NT_STATUS_IS_OK(
		message_connection_push(fx->mem_ctx, &m, &out)));
	return out;
}

/* The ends of a connection: that to be handed over, and the client's. */
static void make_ends(int ends[2])
{
	assert_int_equal(socketpair(AF_UNIX,
				    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
				    0, ends),
			 0);
}

static unsigned int count(const struct smbd_client *client)
{
	unsigned int n = 0;

	for (const struct smbd_connection *c = client->connections; c != NULL;
	     c = c->next) {
		n++;
	}
	return n;
}

static void is_answered(int peer, uint64_t message_id)
{
	uint8_t buffer[1024];
	ssize_t n = recv(peer, buffer, sizeof(buffer), 0);
	struct smb2_header h;

	assert_true(n > SMB2_TRANSPORT_HEADER_SIZE + SMB2_HEADER_SIZE);
	assert_true(NT_STATUS_IS_OK(smb2_header_decode(
		wire_reader(buffer + SMB2_TRANSPORT_HEADER_SIZE,
			    (size_t)n - SMB2_TRANSPORT_HEADER_SIZE),
		&h)));
	assert_int_equal(h.command, SMB2_NEGOTIATE);
	assert_int_equal(h.message_id, message_id);
	assert_true(NT_STATUS_IS_OK(h.status));
}

static void take_and_answer(struct fixture *fx, size_t here, bool smb1)
{
	const struct smb2_header h = {.command = SMB2_NEGOTIATE,
				      .message_id = smb1 ? 1 : 0};
	struct smb2_negotiate_request in = request();
	struct blob f = frame_of(fx->mem_ctx, &in, &h);
	int ends[2];

	if (here > f.length) {
		here = f.length;
	}
	make_ends(ends);
	assert_true(NT_STATUS_IS_OK(smbd_handover_take(
		fx->client,
		payload_of(fx, (struct blob){f.data, here}, &somebody, smb1),
		ends[0])));
	assert_int_equal(write(ends[1], f.data + here, f.length - here),
			 f.length - here);
	settle(fx);
	is_answered(ends[1], h.message_id);
	close(ends[1]);
	settle(fx);
}

static void test_what_was_received_is_gone_on_with(void **state)
{
	struct fixture *fx = *state;

	take_and_answer(fx, SIZE_MAX, false);
	assert_int_equal(count(fx->client), 1); /* it is closed again */
}

static void test_half_a_frame_is_gone_on_with(void **state)
{
	take_and_answer(*state, 50, false);
	take_and_answer(*state, 1, false);
	take_and_answer(*state, 0, false);
}

static void test_after_smb1_the_next_id_is_one(void **state)
{
	take_and_answer(*state, SIZE_MAX, true);
}

static void refused(struct fixture *fx, struct blob payload)
{
	unsigned int before = count(fx->client);
	int ends[2];

	make_ends(ends);
	assert_false(NT_STATUS_IS_OK(
		smbd_handover_take(fx->client, payload, ends[0])));
	assert_int_equal(count(fx->client), before);
	assert_int_equal(write(ends[0], "x", 1), 1); /* still open */
	close(ends[0]);
	close(ends[1]);
}

static void test_what_is_refused_stays_the_senders(void **state)
{
	struct fixture *fx = *state;
	const struct guid another = {{9}};
	struct blob none = {0}, much = {.length = 70000};
	struct blob good = payload_of(fx, none, &somebody, false);

	much.data = talloc_zero_size(fx->mem_ctx, much.length);
	refused(fx, payload_of(fx, none, &another, false));
	refused(fx, payload_of(fx, much, &somebody, false));
	for (size_t n = 0; n < good.length; n++) {
		refused(fx, (struct blob){good.data, n});
	}
	fx->client->registered = false;
	refused(fx, good);
	fx->client->registered = true;
	fx->client->leaving = true;
	refused(fx, good);
	fx->client->leaving = false;
}

/* Nobody is logged on to those: the oldest makes room, not the one that is a
 * session's. */
static void test_strangers_take_the_place_of_strangers(void **state)
{
	struct fixture *fx = *state;
	int ends[SMBD_MAX_CONNECTIONS + 8][2];

	for (size_t i = 0; i < SMBD_MAX_CONNECTIONS + 8; i++) {
		make_ends(ends[i]);
		assert_true(NT_STATUS_IS_OK(smbd_handover_take(
			fx->client,
			payload_of(fx, (struct blob){0}, &somebody, false),
			ends[i][0])));
		fixture_run(fx);
		assert_true(count(fx->client) <= SMBD_MAX_CONNECTIONS);
	}
	assert_ptr_equal(fx->client->connections, fx->conn);
	assert_int_equal(count(fx->client), SMBD_MAX_CONNECTIONS);
	for (size_t i = 0; i < SMBD_MAX_CONNECTIONS + 8; i++) {
		close(ends[i][1]);
	}
	settle(fx);
	assert_int_equal(count(fx->client), 1);
	assert_non_null(fx->client->sessions);
}

/* Logons that strangers have begun are in nobody's way. */
static void test_logons_of_strangers_make_room(void **state)
{
	struct fixture *fx = *state;
	int ends[SMBD_MAX_LOGONS][2];
	struct smbd_session *s;
	struct smbd_connection *c;

	for (size_t i = 0; i < SMBD_MAX_LOGONS; i++) {
		make_ends(ends[i]);
		assert_true(NT_STATUS_IS_OK(smbd_connection_create(
			fx->client, ends[i][0], "192.0.2.3", "192.0.2.2", &c)));
		assert_true(NT_STATUS_IS_OK(smbd_session_create(c, &s)));
	}
	assert_int_equal(fx->client->num_logons, SMBD_MAX_LOGONS);
	TALLOC_FREE(fx->conn->preauth_timer); /* it is logged on */
	assert_true(NT_STATUS_IS_OK(smbd_session_create(fx->conn, &s)));
	fixture_run(fx);
	assert_int_equal(fx->client->num_logons, SMBD_MAX_LOGONS);
	assert_int_equal(count(fx->client), SMBD_MAX_LOGONS);
	assert_ptr_equal(fx->client->connections, fx->conn);
	for (size_t i = 0; i < SMBD_MAX_LOGONS; i++) {
		close(ends[i][1]);
	}
	settle(fx);
	assert_int_equal(count(fx->client), 1);
	assert_int_equal(fx->client->num_logons, 1);
}

/* --- losing one (3.3.7.1) ------------------------------------------------- */

/* The session's record has so many channels, the first from there. */
static void record_has(struct fixture *fx, const char *address, uint32_t n)
{
	struct session_record rec;

	assert_true(NT_STATUS_IS_OK(
		session_store_get(fx->mem_ctx, fx->server->locking->sessions,
				  fx->session_id, &rec)));
	assert_int_equal(rec.num_channels, n);
	assert_string_equal(rec.channels[0].remote_address, address);
}

static void test_a_session_lives_as_long_as_a_channel(void **state)
{
	struct fixture *fx = *state;
	struct smbd_connection *second;
	struct smbd_channel *channel;
	int ends[2];

	make_ends(ends);
	assert_true(NT_STATUS_IS_OK(smbd_connection_create(
		fx->client, ends[0], "192.0.2.3", "192.0.2.2", &second)));
	assert_true(NT_STATUS_IS_OK(
		smbd_channel_create(fx->session, second, false, &channel)));
	smbd_channels_changed(fx->session);
	record_has(fx, "192.0.2.1", 2);
	smbd_connection_disconnect(fx->conn, "lost");
	settle(fx);
	record_has(fx, "192.0.2.3", 1);
	assert_false(fx->client->leaving);
	assert_ptr_equal(fx->client->sessions, fx->session);
	assert_ptr_equal(fx->session->channels, channel);
	assert_ptr_equal(fx->client->connections, second);
	fx->conn = second;
	smbd_connection_disconnect(second, "lost as well");
	settle(fx);
	assert_true(fx->client->finished);
	assert_null(fx->client->sessions);
	close(ends[1]);
}

static void note(void *private_data)
{
	*(bool *)private_data = true;
}

/* What still goes on on a connection that was lost keeps nobody on another. */
static void test_others_do_not_wait_for_the_lost(void **state)
{
	struct fixture *fx = *state;
	struct smbd_connection *second;
	struct smbd_channel *channel;
	struct smbd_request *busy;
	struct smbd_scope scope = {0};
	bool closed = false;
	int ends[2];

	make_ends(ends);
	assert_true(NT_STATUS_IS_OK(smbd_connection_create(
		fx->client, ends[0], "192.0.2.3", "192.0.2.2", &second)));
	assert_true(NT_STATUS_IS_OK(
		smbd_channel_create(fx->session, second, false, &channel)));
	busy = talloc_zero(fx->client, struct smbd_request);
	busy->client = fx->client;
	busy->conn = second; /* and it cannot be cancelled */
	busy->session = fx->session;
	DLIST_ADD(fx->client->waiting, busy);
	smbd_connection_disconnect(second, "lost");
	settle(fx);
	assert_int_equal(count(fx->client), 2);
	assert_true(NT_STATUS_IS_OK(smbd_open_create(fx->tree, &scope.open)));
	smbd_teardown(&scope, NULL, note, &closed);
	assert_true(closed);
	talloc_free(scope.open);
	DLIST_REMOVE(fx->client->waiting, busy);
	talloc_free(busy);
	smbd_teardown_wake(fx->client);
	settle(fx);
	assert_int_equal(count(fx->client), 1);
	assert_ptr_equal(fx->session->channels->conn, fx->conn);
	close(ends[1]);
}

/* --- from where (`hosts deny`) -------------------------------------------- */

/* The same share, but not for who comes from 192.0.2.3. */
static void deny_second(struct fixture *fx)
{
	struct conf_report *report = conf_report_create(fx->mem_ctx);
	char *text = talloc_asprintf(fx->mem_ctx,
				     "[share]\npath = %s\n"
				     "hosts deny = 192.0.2.3\n",
				     fx->share);
	struct conf *conf;

	assert_true(NT_STATUS_IS_OK(conf_parse(fx->mem_ctx, "test", text,
					       strlen(text), report, &conf)));
	fx->server->conf = conf;
}

static void test_every_channel_must_be_allowed(void **state)
{
	struct fixture *fx = *state;
	const struct conf *before = fx->server->conf;
	struct smbd_connection *second;
	struct smbd_channel *channel;
	struct smbd_tree *tree = NULL;
	int ends[2];

	deny_second(fx);
	assert_true(smbd_tree_is_for_address(fx->tree, "192.0.2.1"));
	assert_false(smbd_tree_is_for_address(fx->tree, "192.0.2.3"));
	make_ends(ends);
	assert_true(NT_STATUS_IS_OK(smbd_connection_create(
		fx->client, ends[0], "192.0.2.3", "192.0.2.2", &second)));
	assert_true(NT_STATUS_IS_OK(
		smbd_channel_create(fx->session, second, false, &channel)));
	assert_true(NT_STATUS_IS(
		smbd_tree_create_disk(
			fx->session, fx->conn,
			conf_share_lookup(fx->server->conf, "share"), &tree),
		ACCESS_DENIED));
	talloc_free(channel);
	assert_true(NT_STATUS_IS_OK(smbd_tree_create_disk(
		fx->session, fx->conn,
		conf_share_lookup(fx->server->conf, "share"), &tree)));
	fx->server->conf = before;
	close(ends[1]);
}

/* A bind that is not complete keeps no session. */
static void test_half_a_channel_is_none(void **state)
{
	struct fixture *fx = *state;
	struct smbd_connection *second;
	struct smbd_channel *channel;
	int ends[2];

	make_ends(ends);
	assert_true(NT_STATUS_IS_OK(smbd_connection_create(
		fx->client, ends[0], "192.0.2.3", "192.0.2.2", &second)));
	assert_true(NT_STATUS_IS_OK(
		smbd_channel_create(fx->session, second, true, &channel)));
	assert_int_equal(fx->client->num_logons, 1);
	smbd_connection_disconnect(fx->conn, "lost");
	settle(fx);
	assert_null(fx->client->sessions);
	assert_int_equal(fx->client->num_logons, 0);
	assert_false(fx->client->leaving);
	fx->conn = second;
	close(ends[1]);
}

/* One message of a logon over fx->conn. */
static void put_token(struct fixture *fx, uint64_t session_id,
		      struct wire_writer *token)
{
	const struct smb2_session_setup_request in = {
		.security_mode = SMB2_NEGOTIATE_SIGNING_ENABLED,
		.security_buffer = wire_reader(token->data, token->length)};
	struct smb2_header h = fixture_header(fx, SMB2_SESSION_SETUP);
	struct wire_writer w = wire_writer(fx->mem_ctx, 4096);
	struct blob b;

	h.session_id = session_id;
	h.tree_id = 0;
	fixture_put_header(&w, &h);
	smb2_session_setup_request_encode(&w, &in);
	assert_true(NT_STATUS_IS_OK(wire_finish(&w, &b)));
	fixture_send(fx, b.data, b.length);
}

static struct wire_writer ntlm(struct fixture *fx, uint32_t type)
{
	struct wire_writer w = wire_writer(fx->mem_ctx, 256);

	wire_put_bytes(&w, "NTLMSSP", 8);
	wire_put_u32(&w, type);
	return w;
}

/* A logon that fails: a new one's when session_id is 0. */
static void fail_to_log_on(struct fixture *fx, uint64_t session_id)
{
	const uint32_t flags = 0x00088205; /* Unicode, NTLM, ESS, ... */
	const uint16_t lengths[6] = {0, 24 /* NTLMv1 */, 0, 2 /* user */};
	struct wire_writer w = ntlm(fx, 1);

	wire_put_u32(&w, flags);
	wire_put_zero(&w, 16);
	put_token(fx, session_id, &w);
	if (session_id == 0) {
		session_id = fx->client->sessions->id;
	}
	w = ntlm(fx, 3);
	for (unsigned int i = 0; i < 6; i++) {
		wire_put_u16(&w, lengths[i]);
		wire_put_u16(&w, lengths[i]);
		wire_put_u32(&w, 64);
	}
	wire_put_u32(&w, flags);
	wire_put_bytes(&w, "n\0n\0n\0n\0n\0n\0n\0n\0n\0n\0n\0n", 24);
	put_token(fx, session_id, &w);
}

/* One more connection of the session, from which nobody may log on quickly any
 * more; it is fx->conn from now on. */
static struct smbd_connection *throttled_channel(struct fixture *fx, int fd)
{
	struct smbd_connection *conn;
	struct smbd_channel *channel;

	assert_true(NT_STATUS_IS_OK(smbd_connection_create(
		fx->client, fd, "192.0.2.3", "192.0.2.2", &conn)));
	fx->conn = conn;
	fx->message_id = 0;
	fixture_negotiate(fx, SMB2_DIALECT_302);
	credits_grant(conn->credits, 100);
	for (unsigned int i = 0; i < THROTTLE_FREE; i++) {
		fail_to_log_on(fx, 0);
		assert_int_equal(fx->client->num_waiting, 0);
	}
	assert_true(NT_STATUS_IS_OK(
		smbd_channel_create(fx->session, conn, false, &channel)));
	return conn;
}

/* A logon of the session is being held back when its connection goes: that
 * waits for the logon, which must not wait for something else then. */
static void test_a_logon_held_back_holds_nobody(void **state)
{
	struct fixture *fx = *state;
	struct smbd_connection *first = fx->conn, *second;
	int ends[2];

	make_ends(ends);
	second = throttled_channel(fx, ends[0]);
	fail_to_log_on(fx, fx->session_id);
	assert_int_equal(fx->client->num_waiting, 1);
	smbd_connection_disconnect(second, "lost");
	for (unsigned int i = 0; i < 100 && count(fx->client) > 1; i++) {
		settle(fx);
	}
	assert_int_equal(count(fx->client), 1);
	assert_int_equal(fx->client->num_waiting, 0);
	assert_ptr_equal(fx->client->sessions, fx->session);
	assert_int_equal(fx->session->state, SMBD_SESSION_VALID);
	fx->conn = first;
	close(ends[1]);
}

/* Deprecated, and yet the one way to make talloc fail on purpose. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static void limit_memory(TALLOC_CTX *mem_ctx, size_t limit)
{
	assert_int_equal(talloc_set_memlimit(mem_ctx, limit), 0);
}
#pragma GCC diagnostic pop

/* For want of memory a session cannot be confirmed: what waits for it on
 * another connection finds it still there. */
static void test_no_memory_to_confirm(void **state)
{
	struct fixture *fx = *state;
	struct smbd_connection *first = fx->conn;
	struct smbd_channel *channel = fx->session->channels;
	struct wire_writer token = ntlm(fx, 1);
	int ends[2];

	TALLOC_FREE(fx->tree);
	make_ends(ends);
	(void)throttled_channel(fx, ends[0]);
	fail_to_log_on(fx, fx->session_id);
	assert_int_equal(fx->client->num_waiting, 1);
	fx->conn = first;
	fx->message_id = 0;
	limit_memory(channel, talloc_total_size(channel));
	put_token(fx, fx->session_id, &token);
	assert_ptr_equal(fx->client->sessions, fx->session);
	assert_int_equal(fx->client->num_waiting, 1);
	for (unsigned int i = 0; i < 100 && fx->client->num_waiting > 0; i++) {
		settle(fx);
	}
	assert_int_equal(fx->client->num_waiting, 0);
	close(ends[1]);
	settle(fx);
	assert_true(fx->client->finished);
}

int main(void)
{
#define KNOWN(name) cmocka_unit_test_setup_teardown(name, setup_known, teardown)
	const struct CMUnitTest tests[] = {
		KNOWN(test_a_negotiate_says_whose_it_is),
		KNOWN(test_others_stay_where_they_are),
		KNOWN(test_what_was_received_is_gone_on_with),
		KNOWN(test_half_a_frame_is_gone_on_with),
		KNOWN(test_after_smb1_the_next_id_is_one),
		KNOWN(test_what_is_refused_stays_the_senders),
		KNOWN(test_strangers_take_the_place_of_strangers),
		KNOWN(test_logons_of_strangers_make_room),
		KNOWN(test_a_session_lives_as_long_as_a_channel),
		KNOWN(test_half_a_channel_is_none),
		KNOWN(test_others_do_not_wait_for_the_lost),
		KNOWN(test_every_channel_must_be_allowed),
		KNOWN(test_a_logon_held_back_holds_nobody),
		KNOWN(test_no_memory_to_confirm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
