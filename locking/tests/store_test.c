/* locking/tests/store_test.c - clients, sessions, trees and opens. */
#include "locking/tests/fixture.h"

#include <string.h>

#include "locking/client_store.h"
#include "locking/notify.h"
#include "locking/notify_board.h"
#include "locking/open_store.h"
#include "locking/session_store.h"
#include "locking/tree_store.h"

static struct session_record a_session(struct fixture *f)
{
	return (struct session_record){.owner = *messaging_id(f->m),
				       .flags = SESSION_SIGNED,
				       .dialect = 0x311,
				       .user_sid = sid_unix_user(1000),
				       .account_name = "ada",
				       .domain_name = "HOLDFAST",
				       .client_name = "",
				       .remote_address = "127.0.0.9"};
}

static struct tree_record a_tree(struct fixture *f, uint64_t session_id)
{
	return (struct tree_record){.owner = *messaging_id(f->m),
				    .session_id = session_id,
				    .tree_id = 1,
				    .share_name = "files",
				    .share_path = "/srv/files"};
}

static struct open_record an_open(struct fixture *f)
{
	return (struct open_record){.owner = *messaging_id(f->m),
				    .granted_access = 0x1f01ff,
				    .file = {.device = 1, .inode = 2},
				    .user_sid = sid_unix_user(1000),
				    .share_name = "files",
				    .name = "folder\\f\xc3\xbcr.txt"};
}

static void test_session(void **state)
{
	struct fixture *f = *state;
	struct session_store *s = f->l->sessions;
	struct session_record rec = a_session(f), out;

	assert_ok(session_store_create(s, &rec));
	assert_int_not_equal(rec.id, 0);
	assert_ok(session_store_get(f, s, rec.id, &out));
	assert_int_equal(out.id, rec.id);
	assert_true(server_id_equal(&out.owner, messaging_id(f->m)));
	assert_string_equal(out.account_name, "ada");
	assert_true(sid_equal(&out.user_sid, &rec.user_sid));
	rec.account_name = "grace";
	assert_ok(session_store_update(s, &rec));
	assert_ok(session_store_get(f, s, rec.id, &out));
	assert_string_equal(out.account_name, "grace");
	assert_ok(session_store_remove(s, rec.id));
	assert_is(session_store_get(f, s, rec.id, &out), NOT_FOUND);
	assert_is(session_store_update(s, &rec), NOT_FOUND);
	assert_is(session_store_remove(s, rec.id), NOT_FOUND);
}

/* A name longer than what records usually take. */
static void test_long_name(void **state)
{
	struct fixture *f = *state;
	struct open_record rec = an_open(f), out;
	char name[5001];

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	rec.name = name;
	assert_ok(open_store_create(f->l->opens, &rec));
	assert_ok(open_store_get(f, f->l->opens, rec.id, &out));
	assert_string_equal(out.name, name);
	assert_ok(open_store_remove(f->l->opens, rec.id));
}

static bool count_open(const struct open_record *rec, void *private_data)
{
	int *n = private_data;

	assert_string_equal(rec->share_name, "files");
	return ++*n < 10;
}

static void test_traverse(void **state)
{
	struct fixture *f = *state;
	struct open_record rec = an_open(f);
	int i, n = 0;

	for (i = 0; i < 8; i++) {
		rec.id = 0;
		assert_ok(open_store_create(f->l->opens, &rec));
	}
	assert_ok(open_store_traverse(f->l->opens, count_open, &n));
	assert_int_equal(n, 8);
	for (i = 0; i < 8; i++) {
		rec.id = 0;
		assert_ok(open_store_create(f->l->opens, &rec));
	}
	n = 0;
	assert_ok(open_store_traverse(f->l->opens, count_open, &n));
	assert_int_equal(n, 10);
}

static const struct guid a_guid = {.bytes = {1, 2, 3}};

static void add_client(struct fixture *f)
{
	const struct client_record rec = {.client_guid = a_guid,
					  .owner = *messaging_id(f->m),
					  .remote_address = "127.0.0.9",
					  .local_address = "127.0.0.1"};

	if (!NT_STATUS_IS_OK(client_store_add(f->l->clients, &rec))) {
		_exit(1);
	}
}

/* One living child serves a client; a dead one is in nobody's way. */
static void test_client(void **state)
{
	struct fixture *f = *state;
	struct client_record out;
	struct server_id id;
	pid_t pid = fixture_fork(f, add_client, &id);
	const struct client_record rec = {.client_guid = a_guid,
					  .owner = *messaging_id(f->m),
					  .remote_address = "127.0.0.9",
					  .local_address = "127.0.0.1"};

	assert_ok(client_store_get(f, f->l->clients, &a_guid, &out));
	assert_true(server_id_equal(&out.owner, &id));
	assert_is(client_store_add(f->l->clients, &rec), OBJECT_NAME_COLLISION);
	assert_is(
		client_store_remove(f->l->clients, &a_guid, messaging_id(f->m)),
		NOT_FOUND);
	fixture_kill(pid);
	assert_is(client_store_get(f, f->l->clients, &a_guid, &out), NOT_FOUND);
	assert_ok(client_store_add(f->l->clients, &rec));
	assert_ok(client_store_remove(f->l->clients, &a_guid,
				      messaging_id(f->m)));
}

static void leave_records(struct fixture *f)
{
	struct session_record s = a_session(f);
	struct open_record o = an_open(f);
	struct tree_record t;

	add_client(f);
	if (!NT_STATUS_IS_OK(session_store_create(f->l->sessions, &s))) {
		_exit(1);
	}
	t = a_tree(f, s.id);
	if (!NT_STATUS_IS_OK(tree_store_create(f->l->trees, &t)) ||
	    !NT_STATUS_IS_OK(open_store_create(f->l->opens, &o))) {
		_exit(1);
	}
}

static bool count_session(const struct session_record *r, void *private_data)
{
	++*(int *)private_data;
	return true;
}

static bool count_tree(const struct tree_record *r, void *private_data)
{
	++*(int *)private_data;
	return true;
}

static bool count_client(const struct client_record *r, void *private_data)
{
	++*(int *)private_data;
	return true;
}

static void assert_counts(struct fixture *f, int each)
{
	int n = 0;

	assert_ok(client_store_traverse(f->l->clients, count_client, &n));
	assert_ok(session_store_traverse(f->l->sessions, count_session, &n));
	assert_ok(tree_store_traverse(f->l->trees, count_tree, &n));
	assert_ok(open_store_traverse(f->l->opens, count_open, &n));
	assert_int_equal(n, 4 * each);
}

/* What a killed child has left is removed, and nothing else. */
static void test_process_died(void **state)
{
	struct fixture *f = *state;
	struct server_id id;
	pid_t pid = fixture_fork(f, leave_records, &id);
	struct session_record mine = a_session(f);

	assert_counts(f, 1);
	fixture_kill(pid);
	assert_ok(session_store_create(f->l->sessions, &mine));
	locking_process_died(f->l, id.pid, true);
	assert_ok(session_store_remove(f->l->sessions, mine.id));
	assert_counts(f, 0);
}

static void test_tools_find_no_server(void **state)
{
	struct fixture *f = *state;
	struct locking *l;

	assert_is(locking_open(f, "/tmp/hf-no-such-folder", f->m, true, &l),
		  OBJECT_NAME_NOT_FOUND);
}

/* What is counted on the board outlives a master, not the last child. */
static void test_board(void **state)
{
	struct fixture *f = *state;
	char *path = talloc_asprintf(f, "%s/notify.board", f->dir);
	struct notify_board *again;

	notify_board_add(notify_client_board(f->l->notify), "/srv", false);
	assert_ok(notify_board_create(f, path, &again));
	assert_true(notify_board_watched(again, "/srv/x"));
	talloc_free(again);
	assert_true(notify_board_any(notify_client_board(f->l->notify)));
	TALLOC_FREE(f->l);
	assert_ok(notify_board_create(f, path, &again));
	assert_false(notify_board_any(again));
}

int main(void)
{
#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_session),	 TEST(test_long_name),
		TEST(test_traverse),	 TEST(test_client),
		TEST(test_process_died), TEST(test_tools_find_no_server),
		TEST(test_board),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
