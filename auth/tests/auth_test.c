/* auth/tests/auth_test.c - a whole logon: outcome, status, delay. */
#include "auth/auth.h"

#include <grp.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "auth/auth_client.h"
#include "auth/passdb.h"
#include "auth/throttle.h"
#include "auth/token.h"
#include "db/db.h"

struct fixture {
	char dir[64];
	char private_dir[80];
	struct db_context *db;
	struct passdb *passdb;
	struct auth_server *server;
	const char *user; /* whom the tests run as: exists in any case */
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct auth_server_options options = {.netbios_name = "SERVER"};
	struct passwd *pw = getpwuid(geteuid());
	NTSTATUS status;

	f->user = pw == NULL ? "user" : pw->pw_name;
	snprintf(f->dir, sizeof(f->dir), "/tmp/auth_test.XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->private_dir, sizeof(f->private_dir), "%s/private", f->dir);
	status = db_context_create(NULL, NULL, &f->db);
	assert_true(NT_STATUS_IS_OK(status));
	options.private_dir = f->private_dir;
	options.lock_dir = f->dir;
	status = auth_server_create(f->db, f->db, &options, &f->server);
	assert_true(NT_STATUS_IS_OK(status));
	f->passdb = auth_server_passdb(f->server);
	status = passdb_add_user(f->passdb, f->user, "");
	assert_true(NT_STATUS_IS_OK(status));
	status = passdb_set_password(f->passdb, f->user, "Secret-123");
	assert_true(NT_STATUS_IS_OK(status));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	static const char *const files[] = {"private/passdb.tdb",
					    "private/secrets.tdb",
					    "auth_failures.tdb"};
	struct fixture *f = *state;
	char path[128];

	talloc_free(f->db);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->dir, files[i]);
		unlink(path);
	}
	rmdir(f->private_dir);
	assert_int_equal(rmdir(f->dir), 0);
	free(f);
	return 0;
}

/* A logon up to its end on the server. */
struct logon {
	TALLOC_CTX *mem;
	struct auth_client *client;
	struct auth_session *session;
	struct auth_reply reply; /* the last one */
};

static NTSTATUS log_on(struct fixture *f, struct logon *l, const char *user,
		       const char *password)
{
	struct auth_client_options options = {
		.user = user,
		.domain = "WHATEVER",
		.password = password,
	};
	struct blob token;
	NTSTATUS status;

	l->mem = talloc_new(NULL);
	status = auth_client_create(l->mem, &options, &l->client);
	assert_true(NT_STATUS_IS_OK(status));
	status = auth_session_create(l->mem, f->server, "192.0.2.1",
				     &l->session);
	assert_true(NT_STATUS_IS_OK(status));
	status = auth_server_hello(l->mem, f->server, &token);
	assert_true(NT_STATUS_IS_OK(status));
	do {
		status = auth_client_step(l->mem, l->client, token, &token);
		assert_true(NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
		status =
			auth_session_step(l->mem, l->session, token, &l->reply);
		token = l->reply.token;
	} while (NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED));
	return status;
}

/* The status alone, and how long it is held back. */
static NTSTATUS try_log_on(struct fixture *f, const char *user,
			   const char *password, uint32_t *out_delay)
{
	struct logon l;
	NTSTATUS status = log_on(f, &l, user, password);

	*out_delay = l.reply.delay_ms;
	talloc_free(l.mem);
	return status;
}

static bool has_sid(const struct security_token *t, struct sid sid)
{
	for (uint32_t i = 0; i < t->num_sids; i++) {
		if (sid_equal(&t->sids[i], &sid)) {
			return true;
		}
	}
	return false;
}

static void a_logon_gives_a_key_and_a_token(void **state)
{
	struct fixture *f = *state;
	struct sid machine = passdb_machine_sid(f->passdb);
	struct sid sid = sid_append(&machine, PASSDB_RID_MIN);
	struct auth_user *user;
	struct logon l;
	struct blob none;
	NTSTATUS status;

	status = log_on(f, &l, f->user, "Secret-123");
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(l.reply.delay_ms, 0);
	status = auth_client_step(l.mem, l.client, l.reply.token, &none);
	assert_true(NT_STATUS_IS_OK(status));
	user = auth_session_take_user(NULL, l.session);
	assert_memory_equal(user->session_key, auth_client_key(l.client).data,
			    16);
	talloc_free(l.mem);

	assert_false(user->is_guest || user->is_anonymous);
	assert_string_equal(user->token->account_name, f->user);
	assert_string_equal(user->token->domain_name, "SERVER");
	assert_true(sid_equal(&user->token->sids[0], &sid));
	sid = sid_append(&machine, 513);
	assert_true(sid_equal(&user->token->sids[1], &sid));
	assert_true(has_sid(user->token, sid_everyone()));
	assert_true(has_sid(user->token, sid_authenticated()));
	assert_true(has_sid(user->token, sid_unix_user(geteuid())));
	assert_true(has_sid(user->token, sid_unix_group(getegid())));
	assert_int_equal(user->identity.uid, geteuid());
	assert_int_equal(user->identity.gid, getegid());
	assert_ptr_equal(user->identity.groups, user->token->gids);
	talloc_free(user);
}

static void a_token_survives_its_way_through_a_record(void **state)
{
	struct fixture *f = *state;
	struct sid machine = passdb_machine_sid(f->passdb);
	struct passdb_user account = {.name = f->user, .rid = 4711};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct security_token *t;
	struct security_token back;
	struct blob record;
	NTSTATUS status;

	status = token_create(mem, &machine, "SERVER", &account, &t);
	assert_true(NT_STATUS_IS_OK(status));
	status = security_token_push(mem, t, &record);
	assert_true(NT_STATUS_IS_OK(status));
	status = security_token_pull(mem, record, &back);
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(back.num_sids, t->num_sids);
	assert_true(sid_equal(&back.sids[0], &t->sids[0]));
	assert_int_equal(back.num_gids, t->num_gids);
	talloc_free(mem);
}

static void failures_are_answered_alike(void **state)
{
	struct fixture *f = *state;
	uint32_t delay;
	NTSTATUS status;

	status = try_log_on(f, f->user, "wrong", &delay);
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
	assert_int_equal(delay, 0);
	status = try_log_on(f, "nobody-here", "Secret-123", &delay);
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
	status = passdb_set_disabled(f->passdb, f->user, true);
	assert_true(NT_STATUS_IS_OK(status));
	status = try_log_on(f, f->user, "wrong", &delay);
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
	status = try_log_on(f, f->user, "Secret-123", &delay);
	assert_true(NT_STATUS_IS(status, ACCOUNT_DISABLED));
}

static void an_account_without_unix_user_does_not_log_on(void **state)
{
	struct fixture *f = *state;
	uint32_t delay;
	NTSTATUS status;

	if (geteuid() != 0) {
		skip(); /* without root everybody is who runs the server */
	}
	status = passdb_add_user(f->passdb, "no-such-unix-user", "");
	assert_true(NT_STATUS_IS_OK(status));
	status = passdb_set_password(f->passdb, "no-such-unix-user", "x");
	assert_true(NT_STATUS_IS_OK(status));
	status = try_log_on(f, "no-such-unix-user", "x", &delay);
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
}

static void anonymous_is_refused_and_is_no_guess(void **state)
{
	struct fixture *f = *state;
	uint32_t delay;
	NTSTATUS status;

	for (int i = 0; i < THROTTLE_FREE + 2; i++) {
		status = try_log_on(f, "", "", &delay);
		assert_true(NT_STATUS_IS(status, ACCESS_DENIED));
		assert_int_equal(delay, 0);
	}
}

static void repeated_failures_cost_more_and_more(void **state)
{
	struct fixture *f = *state;
	uint32_t delay;
	NTSTATUS status;

	for (int i = 0; i < THROTTLE_FREE; i++) {
		status = try_log_on(f, f->user, "wrong", &delay);
		assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
		assert_int_equal(delay, 0);
	}
	status = try_log_on(f, f->user, "wrong", &delay);
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
	assert_int_equal(delay, THROTTLE_FIRST_MS);
	status = try_log_on(f, "nobody-here", "wrong", &delay);
	assert_true(NT_STATUS_IS(status, LOGON_FAILURE));
	assert_int_equal(delay, 2 * THROTTLE_FIRST_MS);
	/* Silence must not tell a right password from a wrong one. */
	status = try_log_on(f, f->user, "Secret-123", &delay);
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(delay, 2 * THROTTLE_FIRST_MS);
	status = try_log_on(f, f->user, "Secret-123", &delay);
	assert_true(NT_STATUS_IS_OK(status));
	assert_int_equal(delay, 0);
}

/* --- the rules of the throttle --------------------------------------- */

static void the_delay_doubles_up_to_a_limit(void **state)
{
	assert_int_equal(throttle_delay(0), 0);
	assert_int_equal(throttle_delay(THROTTLE_FREE), 0);
	assert_int_equal(throttle_delay(THROTTLE_FREE + 1), 250);
	assert_int_equal(throttle_delay(THROTTLE_FREE + 3), 1000);
	assert_int_equal(throttle_delay(THROTTLE_MAX_COUNT), THROTTLE_MAX_MS);
	assert_int_equal(throttle_delay(UINT32_MAX), THROTTLE_MAX_MS);
}

static void time_forgives(void **state)
{
	const NTTIME t = 1000 * NTTIME_SECOND;
	const NTTIME step = THROTTLE_FORGIVE_SECS * NTTIME_SECOND;

	assert_int_equal(throttle_forgive(5, t, t), 5);
	assert_int_equal(throttle_forgive(5, t, t + step - 1), 5);
	assert_int_equal(throttle_forgive(5, t, t + 2 * step), 3);
	assert_int_equal(throttle_forgive(5, t, t + 100 * step), 0);
	assert_int_equal(throttle_forgive(5, t, t - step), 5); /* clock set */
}

static void an_ipv6_network_counts_as_one(void **state)
{
	struct fixture *f = *state;
	struct throttle *t;
	NTTIME now = nttime_now();
	char address[64];
	uint32_t delay = 0;
	NTSTATUS status;

	talloc_free(f->server);
	f->server = NULL;
	status = throttle_open(f->db, f->db, f->dir, &t);
	assert_true(NT_STATUS_IS_OK(status));
	for (int i = 0; i <= THROTTLE_FREE; i++) {
		snprintf(address, sizeof(address), "2001:db8::%d", i + 1);
		delay = throttle_note(t, address, true, now);
	}
	assert_int_equal(delay, THROTTLE_FIRST_MS);
	assert_int_equal(throttle_note(t, "2001:db8:0:1::1", true, now), 0);
	assert_int_equal(throttle_note(t, "::ffff:192.0.2.7", true, now), 0);
	assert_int_equal(throttle_note(t, "192.0.2.8", true, now), 0);
	assert_int_equal(throttle_note(t, "192.0.2.8", false, now), 0);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SERVER(a_logon_gives_a_key_and_a_token),
		WITH_SERVER(a_token_survives_its_way_through_a_record),
		WITH_SERVER(failures_are_answered_alike),
		WITH_SERVER(an_account_without_unix_user_does_not_log_on),
		WITH_SERVER(anonymous_is_refused_and_is_no_guess),
		WITH_SERVER(repeated_failures_cost_more_and_more),
		cmocka_unit_test(the_delay_doubles_up_to_a_limit),
		cmocka_unit_test(time_forgives),
		WITH_SERVER(an_ipv6_network_counts_as_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
