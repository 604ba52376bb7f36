/* locking/tests/state_test.c - each kind of disagreement between the databases,
 * made on purpose, is found; and nothing else is. */
#include "locking/state.h"

#include <string.h>

#include "lib/nt.h"
#include "locking/brlock_int.h"
#include "locking/client_store.h"
#include "locking/lease_board.h"
#include "locking/notify_board.h"
#include "locking/open_store.h"
#include "locking/record_store.h"
#include "locking/session_store.h"
#include "locking/share_grant.h"
#include "locking/share_mode_int.h"
#include "locking/tests/fixture.h"
#include "locking/tree_store.h"

#define LEASE 0xFF

static const struct file_id a_file = {.device = 7, .inode = 42};
static const struct file_id b_file = {.device = 7, .inode = 43};
static const struct file_id a_stream = {.device = 7, .inode = 42, .stream = 5};
static const struct guid a_client = {{1}}, a_key = {{11}}, b_key = {{22}};
static const struct server_id dead = {.pid = 4000000, .unique_id = 77};

/* A session with a tree connect and an open of a_file, which has a lease and a
 * byte-range lock; and what the process says of itself. */
struct world {
	struct fixture *f;
	struct session_record session;
	struct tree_record tree;
	struct open_record open;
	struct process_state view;
	struct state_session said_session;
	struct state_tree said_tree;
	struct state_open said_open;
};

/* --- making it ------------------------------------------------------------ */

static struct share_mode_entry entry_of(const struct open_record *o)
{
	return (struct share_mode_entry){.owner = o->owner,
					 .open_id = o->id,
					 .access = o->granted_access,
					 .share = FILE_SHARE_ALL};
}

struct enter {
	struct share_mode_entry e;
	struct grant_request want;
};

static NTSTATUS enter_locked(struct share_mode_lock *l, void *private_data)
{
	struct enter *in = private_data;
	struct grant_answer got;

	assert_ok(share_mode_add(l, &in->e, "/srv", "file"));
	return in->want.wanted == 0
		       ? NT_STATUS_OK
		       : share_grant_ask(l, in->e.open_id, &in->want, &got);
}

static void enter(struct world *w, const struct file_id *id,
		  const struct share_mode_entry *e, uint8_t oplock)
{
	struct enter in = {.e = *e, .want = {.wanted = oplock}};

	assert_ok(share_mode_do_locked(w->f->l->share_modes, id, enter_locked,
				       &in));
}

static NTSTATUS leave_locked(struct share_mode_lock *l, void *private_data)
{
	return share_mode_remove(l, *(uint64_t *)private_data);
}

static void leave(struct world *w, const struct file_id *id, uint64_t open_id)
{
	assert_ok(share_mode_do_locked(w->f->l->share_modes, id, leave_locked,
				       &open_id));
}

static NTSTATUS lock_locked(struct brlock_list *l, void *private_data)
{
	return brlock_add(l, private_data, 0);
}

static NTSTATUS wait_locked(struct brlock_list *l, void *private_data)
{
	uint64_t ticket;

	return brlock_wait(l, private_data, &ticket);
}

static void lock(struct world *w, const struct brlock_entry *e, brlock_fn fn)
{
	struct brlock_entry copy = *e;

	assert_ok(brlock_do_locked(w->f->l->brlocks, &a_file, fn, &copy));
}

static void make_records(struct world *w)
{
	const struct server_id me = *messaging_id(w->f->m);
	struct locking *l = w->f->l;

	w->session = (struct session_record){.owner = me,
					     .user_sid = sid_unix_user(1000),
					     .account_name = "ada",
					     .domain_name = "",
					     .client_name = "",
					     .remote_address = ""};
	assert_ok(session_store_create(l->sessions, &w->session));
	w->tree = (struct tree_record){.owner = me,
				       .session_id = w->session.id,
				       .share_name = "files",
				       .share_path = "/srv"};
	assert_ok(tree_store_create(l->trees, &w->tree));
	w->open = (struct open_record){.owner = me,
				       .session_id = w->session.id,
				       .tree_id = w->tree.id,
				       .granted_access = FILE_READ_DATA,
				       .file = a_file,
				       .oplock_level = LEASE,
				       .client_guid = a_client,
				       .user_sid = sid_unix_user(1000),
				       .share_name = "files",
				       .name = "file"};
	memcpy(w->open.lease_key, a_key.bytes, 16);
	assert_ok(open_store_create(l->opens, &w->open));
}

static void make_view(struct world *w)
{
	w->said_session.id = w->session.id;
	w->said_tree = (struct state_tree){.id = w->tree.id,
					   .session_id = w->session.id};
	w->said_open = (struct state_open){.id = w->open.id,
					   .tree_id = w->tree.id,
					   .session_id = w->session.id};
	w->view = (struct process_state){
		.version = 1,
		.num_sessions = 1,
		.num_trees = 1,
		.num_opens = 1,
		.sessions_there = 1,
		.sessions = &w->said_session,
		.trees_there = 1,
		.trees = &w->said_tree,
		.opens_there = 1,
		.opens = &w->said_open,
	};
}

static int setup(void **state)
{
	struct world *w = talloc_zero(NULL, struct world);
	void *fixture;

	assert_int_equal(fixture_setup(&fixture), 0);
	w->f = fixture;
	make_records(w);
	make_view(w);
	{
		struct enter in = {.e = entry_of(&w->open),
				   .want = {.lease = true,
					    .wanted = GRANT_ALL,
					    .client = a_client,
					    .key = a_key}};
		const struct brlock_entry e = {.owner = w->open.owner,
					       .open_id = w->open.id,
					       .offset = 5,
					       .length = 5};

		assert_ok(share_mode_do_locked(w->f->l->share_modes, &a_file,
					       enter_locked, &in));
		lock(w, &e, lock_locked);
		lock(w, &e, wait_locked);
	}
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	void *fixture = w->f;
	int rc = fixture_teardown(&fixture);

	talloc_free(w);
	return rc;
}

/* --- looking -------------------------------------------------------------- */

/* The faults are exactly these, which are parts of sentences, up to NULL. */
static void expect(struct world *w, ...)
{
	const char *const *faults;
	const char *part;
	struct state *s;
	size_t count, expected = 0;
	va_list ap;

	assert_ok(state_read(w, w->f->l, &s));
	assert_ok(state_add_process(s, messaging_id(w->f->m), &w->view));
	assert_ok(state_compare(s, &faults, &count));
	va_start(ap, w);
	while ((part = va_arg(ap, const char *)) != NULL) {
		size_t i = 0;

		while (i < count && strstr(faults[i], part) == NULL) {
			i++;
		}
		if (i == count) {
			print_error("not found: %s\n", part);
		}
		assert_true(i < count);
		expected++;
	}
	va_end(ap);
	for (size_t i = 0; count != expected && i < count; i++) {
		print_error("fault: %s\n", faults[i]);
	}
	assert_int_equal(count, expected);
	talloc_free(s);
}

static void test_nothing(void **state)
{
	expect(*state, NULL);
}

/* --- sessions, tree connects, opens --------------------------------------- */

static void test_dead_owner(void **state)
{
	struct world *w = *state;
	struct client_record c = {.client_guid = a_client,
				  .owner = dead,
				  .remote_address = "",
				  .local_address = ""};

	w->session.owner = dead;
	assert_ok(session_store_update(w->f->l->sessions, &w->session));
	assert_ok(client_store_add(w->f->l->clients, &c));
	expect(w, "whose it is, is dead", "another process's",
	       "another process's", "client ", NULL);
}

static void test_clients(void **state)
{
	struct world *w = *state;
	struct client_record c = {.client_guid = a_client,
				  .owner = *messaging_id(w->f->m),
				  .remote_address = "",
				  .local_address = ""};

	w->view.is_known = true;
	w->view.client_guid = a_client;
	expect(w, "has no record", NULL);
	assert_ok(client_store_add(w->f->l->clients, &c));
	expect(w, NULL);
	w->view.client_guid = b_key;
	expect(w, "is not known to the process", "has no record", NULL);
}

static void test_not_known_by_its_process(void **state)
{
	struct world *w = *state;

	w->view.sessions_there = w->view.num_sessions = 0;
	expect(w, "session ", NULL);
	make_view(w);
	w->view.trees_there = w->view.num_trees = 0;
	expect(w, "tree connect ", NULL);
	make_view(w);
	w->view.opens_there = w->view.num_opens = 0;
	expect(w, "does not know it", NULL);
}

static void test_known_by_its_process_alone(void **state)
{
	struct world *w = *state;
	struct state_session sessions[2] = {{.id = w->session.id}, {.id = 1}};
	struct state_tree trees[2] = {w->said_tree, {.id = 2}};
	struct state_open opens[2] = {w->said_open, {.id = 3}};

	w->view.sessions_there = w->view.num_sessions = 2;
	w->view.trees_there = w->view.num_trees = 2;
	w->view.opens_there = w->view.num_opens = 2;
	w->view.sessions = sessions;
	w->view.trees = trees;
	w->view.opens = opens;
	expect(w, "session 1 of process", "tree connect 2 of process",
	       "open 3 of process", NULL);
	opens[1].flags = STATE_MAKING;
	w->view.sessions_there = w->view.num_sessions = 1;
	w->view.trees_there = w->view.num_trees = 1;
	expect(w, NULL);
}

static void test_elsewhere_in_its_process(void **state)
{
	struct world *w = *state;

	w->said_tree.session_id++;
	w->said_open.tree_id++;
	expect(w, "has it in another session", "has it in another tree connect",
	       NULL);
}

static void test_wrong_numbers(void **state)
{
	struct world *w = *state;

	w->view.num_sessions = 0;
	w->view.num_trees = 2;
	w->view.num_opens = 3;
	expect(w, "number of sessions", "number of tree connects",
	       "number of opens", NULL);
}

static void test_session_not_there(void **state)
{
	struct world *w = *state;

	assert_ok(session_store_remove(w->f->l->sessions, w->session.id));
	expect(w, "tree connect ", "open ", "has no record", NULL);
}

static void test_tree_not_there(void **state)
{
	struct world *w = *state;

	assert_ok(tree_store_remove(w->f->l->trees, w->tree.id));
	expect(w, "its tree connect", "has no record", NULL);
}

static void test_tree_of_another_session(void **state)
{
	struct world *w = *state;

	w->tree.session_id = 99;
	assert_ok(tree_store_update(w->f->l->trees, &w->tree));
	expect(w, "its session 99 is not there", "has it in another session",
	       "its tree connect is of another session", NULL);
}

static void test_wrong_key(void **state)
{
	struct world *w = *state;
	struct record_store *records = open_store_records(w->f->l->opens);
	uint8_t buf[RECORD_ID_SIZE];

	assert_ok(record_store_insert(records, record_id_key(4711, buf),
				      &w->open, NULL, NULL));
	expect(w, "is not under its own id", NULL);
}

/* --- opens and files ------------------------------------------------------ */

static void test_open_not_entered(void **state)
{
	struct world *w = *state;

	leave(w, &a_file, w->open.id);
	expect(w, "is not in the record of its file", NULL);
	w->said_open.flags = STATE_CLOSING;
	expect(w, NULL);
}

static void test_open_of_another_file(void **state)
{
	struct world *w = *state;

	w->open.file = b_file;
	assert_ok(open_store_update(w->f->l->opens, &w->open));
	expect(w, "record of another file", "is of another file than the open",
	       "a lock is of open", "who waits", NULL);
}

static void test_stream_without_mark(void **state)
{
	struct world *w = *state;
	struct open_record o = w->open;
	struct share_mode_entry e;
	struct state_open opens[2] = {w->said_open};

	o.id = 0;
	o.file = a_stream;
	o.oplock_level = 0;
	assert_ok(open_store_create(w->f->l->opens, &o));
	opens[1] = w->said_open;
	opens[1].id = o.id;
	w->view.opens = opens;
	w->view.num_opens = w->view.opens_there = 2;
	e = entry_of(&o);
	enter(w, &a_stream, &e, 0);
	expect(w, "has no mark", NULL);
	e.flags = SHARE_ENTRY_STREAM;
	enter(w, &a_file, &e, 0);
	expect(w, NULL);
	e.open_id = 6;
	enter(w, &a_file, &e, 0);
	expect(w, "the mark of open 6 is of no open", NULL);
}

static void test_entry_of_no_open(void **state)
{
	struct world *w = *state;
	struct share_mode_entry e = entry_of(&w->open);
	struct state_open opens[2] = {w->said_open, {.id = 8}};

	e.open_id = 8;
	enter(w, &b_file, &e, 0);
	expect(w, "the entry of open 8 is of no open", NULL);
	opens[1].flags = STATE_MAKING;
	w->view.opens = opens;
	w->view.num_opens = w->view.opens_there = 2;
	expect(w, NULL);
}

static void test_entry_of_dead_process(void **state)
{
	struct world *w = *state;
	struct share_mode_entry e = entry_of(&w->open);

	e.open_id = 8;
	e.owner = dead;
	enter(w, &b_file, &e, 0);
	expect(w, "the entry of open 8 is a dead process's", NULL);
}

static void test_entry_twice(void **state)
{
	struct world *w = *state;
	struct share_mode_entry e = entry_of(&w->open);

	enter(w, &a_file, &e, 0);
	expect(w, "is there twice", "has no lease, the open has one", NULL);
}

static void test_entry_unlike_the_open(void **state)
{
	struct world *w = *state;

	w->open.granted_access = FILE_WRITE_DATA;
	w->open.oplock_level = 0;
	assert_ok(open_store_update(w->f->l->opens, &w->open));
	expect(w, "has another access", "has a lease, the open has none", NULL);
	w->open.granted_access = FILE_READ_DATA;
	w->open.oplock_level = LEASE;
	memcpy(w->open.lease_key, b_key.bytes, 16);
	assert_ok(open_store_update(w->f->l->opens, &w->open));
	expect(w, "has another lease", NULL);
}

static void test_lock_of_no_open(void **state)
{
	struct world *w = *state;
	const struct brlock_entry e = {.owner = w->open.owner, .open_id = 8};
	const struct brlock_entry d = {.owner = dead, .open_id = 9};

	lock(w, &e, lock_locked);
	lock(w, &e, wait_locked);
	lock(w, &d, lock_locked);
	expect(w, "a lock is of open 8", "who waits for a lock is of open 8",
	       "of open 9 of a dead process", NULL);
}

/* --- one record by itself ------------------------------------------------- */

static NTSTATUS bad_sums(struct share_mode_lock *l, void *private_data)
{
	assert_ok(share_mode_own(l));
	l->changed = true;
	l->sum.access ^= 0x4;
	l->sum.caching = 0;
	l->sum.flags |= SHARE_MODE_DELETE_PENDING;
	return NT_STATUS_OK;
}

static void only_grant(struct share_mode_lock *l, struct share_place *at,
		       struct share_grant *out)
{
	struct share_cursor c = {0};

	assert_ok(share_mode_own(l));
	assert_true(share_table_next(&l->grants, &c, at));
	share_grant_read(at, out);
}

static NTSTATUS bad_state(struct share_mode_lock *l, void *private_data)
{
	struct share_place at;
	struct share_grant g;

	only_grant(l, &at, &g);
	g.state |= 0x80;
	share_grant_write(l, &at, &g);
	l->sum.caching |= 0x80;
	return NT_STATUS_OK;
}

static NTSTATUS bad_number(struct share_mode_lock *l, void *private_data)
{
	struct share_place at;
	struct share_grant g;

	only_grant(l, &at, &g);
	g.id += 17;
	share_grant_write(l, &at, &g);
	return NT_STATUS_OK;
}

static void spoil(struct world *w, share_mode_fn fn)
{
	assert_ok(share_mode_do_locked(w->f->l->share_modes, &a_file, fn, w));
}

static void test_sums(void **state)
{
	spoil(*state, bad_sums);
	expect(*state, "the summary is not that of its opens",
	       "the summary is not that of its grants", "deletion is pending",
	       NULL);
}

static NTSTATUS bad_count(struct share_mode_lock *l, void *private_data)
{
	struct share_place at;
	struct share_grant g;

	only_grant(l, &at, &g);
	g.num_opens++;
	share_grant_write(l, &at, &g);
	l->entries.count++;
	return NT_STATUS_OK;
}

static void test_counts(void **state)
{
	spoil(*state, bad_count);
	expect(*state, "as many opens and grants as it says",
	       "a grant has other opens than it says", NULL);
}

/* So many that they lie in pages. */
static void test_pages_of_opens(void **state)
{
	struct world *w = *state;
	struct share_mode_entry e = entry_of(&w->open);
	struct state_open opens[41] = {w->said_open};
	struct blob key, value = {.data = (uint8_t *)"x"};
	uint8_t buf[28] = {0};

	for (uint32_t i = 1; i < 41; i++) {
		e.open_id = i;
		enter(w, &b_file, &e, 0);
		opens[i] = (struct state_open){.id = i, .flags = STATE_MAKING};
	}
	w->view.opens = opens;
	w->view.num_opens = w->view.opens_there = 41;
	expect(w, NULL);
	assert_ok(file_id_push_buf(&a_file, buf, sizeof(buf), &key.length));
	key = (struct blob){.data = buf, .length = sizeof(buf)};
	assert_ok(db_store(w->f->l->share_modes->pages, key, value));
	expect(w, "a page of file 7:2a:0 that no record names", NULL);
}

static void test_grant_state(void **state)
{
	spoil(*state, bad_state);
	expect(*state, "a state that is none", NULL);
}

static void test_grant_of_nobody(void **state)
{
	spoil(*state, bad_number);
	expect(*state, "a grant is no open's",
	       "an open names a grant that is not there",
	       "has no lease, the open has one", NULL);
}

static struct blob lease_key(const struct guid *key, uint8_t *buf)
{
	memcpy(buf, a_client.bytes, 16);
	memcpy(buf + 16, key->bytes, 16);
	return (struct blob){.data = buf, .length = 32};
}

static void test_lease_not_in_the_index(void **state)
{
	struct world *w = *state;
	uint8_t buf[32];

	assert_ok(db_delete(w->f->l->share_modes->leases,
			    lease_key(&a_key, buf)));
	expect(w, "is not in the index", NULL);
}

static void test_lease_only_in_the_index(void **state)
{
	struct world *w = *state;
	const struct lease_record rec = {.version = 1, .file = b_file};
	struct blob value;
	uint8_t buf[32];

	assert_ok(lease_record_push(w, &rec, &value));
	assert_ok(db_store(w->f->l->share_modes->leases, lease_key(&b_key, buf),
			   value));
	expect(w, "lease.tdb: lease 00000016", NULL);
	value.length = 3;
	assert_ok(db_store(w->f->l->share_modes->leases, lease_key(&b_key, buf),
			   value));
	expect(w, "lease.tdb: a record cannot be read", NULL);
}

static NTSTATUS bad_pages(struct brlock_list *l, void *private_data)
{
	l->pages[0].first = 6;
	l->pages[0].last = 7;
	l->head.next_number = 0;
	l->changed = true;
	return NT_STATUS_OK;
}

static NTSTATUS no_pages(struct brlock_list *l, void *private_data)
{
	l->head.num_pages = 0;
	l->changed = true;
	return NT_STATUS_OK;
}

static void test_pages(void **state)
{
	struct world *w = *state;

	assert_ok(brlock_do_locked(w->f->l->brlocks, &a_file, bad_pages, w));
	expect(w, "pages are not in order", "yet to come",
	       "locks are not in order", "beyond the end of its page", NULL);
}

static void test_page_that_no_list_names(void **state)
{
	struct world *w = *state;

	assert_ok(brlock_do_locked(w->f->l->brlocks, &a_file, no_pages, w));
	expect(w, "a page that no list names", NULL);
}

/* --- records that cannot be read ------------------------------------------ */

static void test_unreadable(void **state)
{
	struct world *w = *state;
	uint8_t id[24];
	struct blob key = {.data = id}, junk = {.data = id, .length = 3};

	assert_ok(file_id_push_buf(&b_file, id, sizeof(id), &key.length));
	assert_ok(db_store(w->f->l->share_modes->db, key, junk));
	assert_ok(db_store(w->f->l->brlocks->db, key, junk));
	expect(w, "share_mode.tdb: record 07", "brlock.tdb: record 07", NULL);
	key.length = 5;
	assert_ok(db_store(w->f->l->brlocks->pages, key, junk));
	expect(w, "share_mode.tdb: record 07", "brlock.tdb: record 07",
	       "brlock_page.tdb: key 07", NULL);
}

/* --- who waits ------------------------------------------------------------ */

static NTSTATUS watch_locked(struct share_mode_lock *l, void *private_data)
{
	struct fixture *f = private_data;

	assert_non_null(share_mode_watch_send(f, f->ev, l));
	return NT_STATUS_OK;
}

static void watch(struct fixture *f)
{
	assert_ok(share_mode_do_locked(f->l->share_modes, &b_file, watch_locked,
				       f));
}

static void test_dead_watcher(void **state)
{
	struct world *w = *state;
	struct server_id id;
	pid_t pid = fixture_fork(w->f, watch, &id);

	expect(w, NULL);
	fixture_kill(pid);
	expect(w, "share_mode.tdb: who waited for record 07", NULL);
}

/* --- watches of directories ----------------------------------------------- */

/* What notifyd says, and what is counted for it. */
static void expect_notify(struct world *w, const struct notify_list *list,
			  const struct notify_board *board, const char *part,
			  size_t expected)
{
	const char *const *faults;
	struct state *s;
	size_t count;

	assert_ok(state_read(w, w->f->l, &s));
	assert_ok(state_add_process(s, messaging_id(w->f->m), &w->view));
	assert_ok(state_add_notify(s, list, board));
	assert_ok(state_compare(s, &faults, &count));
	if (expected == 0) {
		assert_int_equal(count, 0);
	} else {
		assert_true(count >= 1);
		assert_non_null(strstr(faults[0], part));
		assert_int_equal(count, expected);
	}
	talloc_free(s);
}

static void test_watches(void **state)
{
	struct world *w = *state;
	struct state_watch said = {
		.id = 5, .filter = 1, .tree = true, .path = "/srv/a"};
	struct notify_listed listed = {.owner = *messaging_id(w->f->m),
				       .id = 5,
				       .filter = 1,
				       .tree = true,
				       .path = "/srv/a"};
	const struct notify_list none = {.version = 1};
	const struct notify_list list = {
		.version = 1, .count = 1, .watches = &listed};
	struct notify_board *board;

	assert_ok(notify_board_create(w, NULL, &board));
	w->view.watches = &said;
	w->view.watches_there = 1;
	expect_notify(w, &none, board, "is not known to notifyd", 1);
	expect_notify(w, &list, board, "notify.board: 0 watches", 1);
	notify_board_add(board, "/srv/a", true);
	expect_notify(w, &list, board, NULL, 0);
	listed.filter = 2;
	expect_notify(w, &list, board, "is another one to notifyd", 1);
	listed.filter = 1;
	listed.owner = dead;
	expect_notify(w, &list, board, "is a dead process's", 2);
	listed.owner = *messaging_id(w->f->m);
	w->view.watches_there = 0;
	expect_notify(w, &list, board, "is known to notifyd alone", 1);
	/* It has moved: both count. */
	w->view.watches_there = 1;
	listed.first_path = "/srv/a";
	listed.path = "/srv/b";
	expect_notify(w, &list, board, "notify.board: 0 watches", 1);
	notify_board_add(board, "/srv/b", true);
	expect_notify(w, &list, board, NULL, 0);
}

static void test_leases_on_directories(void **state)
{
	struct world *w = *state;
	struct lease_board *board = w->f->l->share_modes->board;

	lease_board_add(board, &b_file);
	expect(w, "lease.board: 1 leases on directories", NULL);
	lease_board_remove(board, &b_file);
	expect(w, NULL);
}

/* --- what stays ----------------------------------------------------------- */

static void test_keep(void **state)
{
	const char *const first[] = {"b", "c", "a"};
	const char *const second[] = {"c", "d", "b"};
	struct state_faults *f = state_faults_create(*state);

	assert_ok(state_faults_keep(f, true, first, 3));
	assert_int_equal(f->count, 3);
	assert_ok(state_faults_keep(f, false, second, 3));
	assert_int_equal(f->count, 2);
	assert_string_equal(f->texts[0], "b");
	assert_string_equal(f->texts[1], "c");
	assert_ok(state_faults_keep(f, false, first, 0));
	assert_int_equal(f->count, 0);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing),
		TEST(test_dead_owner),
		TEST(test_clients),
		TEST(test_not_known_by_its_process),
		TEST(test_known_by_its_process_alone),
		TEST(test_elsewhere_in_its_process),
		TEST(test_wrong_numbers),
		TEST(test_session_not_there),
		TEST(test_tree_not_there),
		TEST(test_tree_of_another_session),
		TEST(test_wrong_key),
		TEST(test_open_not_entered),
		TEST(test_open_of_another_file),
		TEST(test_stream_without_mark),
		TEST(test_entry_of_no_open),
		TEST(test_entry_of_dead_process),
		TEST(test_entry_twice),
		TEST(test_entry_unlike_the_open),
		TEST(test_lock_of_no_open),
		TEST(test_sums),
		TEST(test_counts),
		TEST(test_pages_of_opens),
		TEST(test_grant_state),
		TEST(test_grant_of_nobody),
		TEST(test_lease_not_in_the_index),
		TEST(test_lease_only_in_the_index),
		TEST(test_pages),
		TEST(test_page_that_no_list_names),
		TEST(test_unreadable),
		TEST(test_dead_watcher),
		TEST(test_watches),
		TEST(test_leases_on_directories),
		TEST(test_keep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
