/* torture/bench_caching.c - open_oplock, open_lease, break, notify: what
 * caching clients cost.  Beside "open" of bench_small.c, which asks for
 * nothing. */
#include "smb2/fscc_list.h"
#include "torture/bench.h"
#include "torture/breaks.h"

#define FILE_NAME "torture-bench-caching"

struct caching {
	struct cli_tree *other; /* a second client */
	struct held held;	/* on b->tree */
	struct cli_oplock want;
	struct smb2_change_notify_request watch;
	struct smb2_file_id changed; /* on other */
};

static struct caching *state_of(struct bench *b)
{
	return talloc_get_type_abort(b->state, struct caching);
}

static void make_state(struct bench *b, struct cli_oplock want)
{
	struct caching *s = talloc_zero(b->t->mem, struct caching);

	CHECK(s != NULL);
	s->want = want;
	b->state = s;
	OK(torture_try_open(b->t, b->tree, FILE_NAME, TORTURE_ALL, FILE_OPEN_IF,
			    0));
}

static void file_gone(struct bench *b)
{
	OK(torture_try_open(b->t, b->tree, FILE_NAME, DELETE_ACCESS, FILE_OPEN,
			    FILE_DELETE_ON_CLOSE));
}

/* --- open_oplock, open_lease ---------------------------------------------- */

static void oplock_prepare(struct bench *b)
{
	make_state(b, want_oplock(SMB2_OPLOCK_LEVEL_BATCH));
}

static void lease_prepare(struct bench *b)
{
	torture_needs_leases(b->tree);
	make_state(b, want_lease(LEASE_RWH));
}

/* Opens and closes; the server must grant all that is asked for. */
static void open_close(struct bench *b, struct cli_tree *tree,
		       const struct cli_oplock *want)
{
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);
	TALLOC_CTX *tmp = talloc_new(b->t->mem);
	struct smb2_create_response out;
	struct cli_oplock got;

	OK(cli_create_oplock(tmp, tree, FILE_NAME, &in, want, &out, &got));
	EQUAL(got.level, want->level);
	EQUAL(got.lease.state, want->lease.state);
	OK(cli_close(tree, out.id));
	talloc_free(tmp);
}

static unsigned long caching_run(struct bench *b)
{
	struct caching *s = state_of(b);

	for (unsigned int i = 0; i < b->count; i++) {
		open_close(b, b->tree, &s->want);
	}
	return b->count;
}

/* --- break ---------------------------------------------------------------- */

static void break_prepare(struct bench *b)
{
	struct caching *s;

	lease_prepare(b);
	s = state_of(b);
	s->other = torture_tree(b->t);
	s->held = torture_hold_all(b->t, b->tree, FILE_NAME, TORTURE_ALL,
				   s->want);
}

/* Another's open waits until the holder has been told and has answered. */
static void break_once(struct bench *b, struct caching *s)
{
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);
	TALLOC_CTX *tmp = talloc_new(b->t->mem);
	struct cli_conn *conn = cli_tree_conn(s->other);
	struct tevent_req *req =
		cli_create_send(tmp, s->other, FILE_NAME, &in, NULL);
	struct smb2_create_response out;

	lease_break_is(&s->held, LEASE_RWH, LEASE_RH, true);
	ack_lease(&s->held, LEASE_RH);
	CHECK(cli_wait(conn, req));
	OK(cli_create_recv(req, tmp, &out));
	OK(cli_close(s->other, out.id));
	talloc_free(tmp);
}

static unsigned long break_run(struct bench *b)
{
	struct caching *s = state_of(b);

	for (unsigned int i = 0; i < b->count; i++) {
		break_once(b, s);
		open_close(b, b->tree, &s->want); /* all of it is held again */
	}
	return b->count;
}

static void break_finish(struct bench *b)
{
	OK(cli_close(b->tree, state_of(b)->held.id));
	file_gone(b);
}

/* --- notify --------------------------------------------------------------- */

#define NOTIFY_DIR "torture-bench-notify"

static void notify_prepare(struct bench *b)
{
	struct caching *s = talloc_zero(b->t->mem, struct caching);

	CHECK(s != NULL);
	b->state = s;
	s->other = torture_tree(b->t);
	OK(torture_try_open(b->t, b->tree, NOTIFY_DIR, FILE_READ_ATTRIBUTES,
			    FILE_OPEN_IF, FILE_DIRECTORY_FILE));
	s->changed = torture_open(b->t, s->other, NOTIFY_DIR "\\file",
				  TORTURE_ALL, FILE_OPEN_IF, 0);
	s->watch = (struct smb2_change_notify_request){
		.id = torture_open(b->t, b->tree, NOTIFY_DIR, FILE_GENERIC_READ,
				   FILE_OPEN, FILE_DIRECTORY_FILE),
		.output_buffer_length = 4096,
		.completion_filter = FILE_NOTIFY_CHANGE_ATTRIBUTES,
	};
}

static void change(struct bench *b, struct caching *s, bool hidden)
{
	struct fscc_basic in = {.file_attributes =
					hidden ? FILE_ATTRIBUTE_HIDDEN
					       : FILE_ATTRIBUTE_NORMAL};
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

	fscc_basic_put(&w, &in);
	CHECK(wire_writer_ok(&w));
	OK(torture_set(s->other, s->changed, FileBasicInformation, bytes,
		       w.length));
}

/* Takes an answer; the number of changes in it. */
static unsigned long delivered(struct bench *b, struct tevent_req *req)
{
	TALLOC_CTX *tmp = talloc_new(b->t->mem);
	struct wire_reader list, name;
	unsigned long n = 0;
	uint32_t action;

	CHECK(cli_wait(cli_tree_conn(b->tree), req));
	OK(cli_buffer_recv(req, tmp, &list));
	while (NT_STATUS_IS_OK(fscc_notify_next(&list, &action, &name))) {
		EQUAL(action, FILE_ACTION_MODIFIED);
		n++;
	}
	CHECK(n > 0);
	talloc_free(req);
	talloc_free(tmp);
	return n;
}

/* A change, and the wait for it: one after the other. */
static unsigned long notify_run(struct bench *b)
{
	struct caching *s = state_of(b);

	for (unsigned int i = 0; i < b->count; i++) {
		struct tevent_req *req =
			cli_change_notify_send(b->t->mem, b->tree, &s->watch);

		if (i == 0) { /* from now on nothing is lost */
			must_wait(b->tree, req);
		}
		change(b, s, i % 2 == 0);
		EQUAL(delivered(b, req), 1);
	}
	return b->count;
}

static void notify_finish(struct bench *b)
{
	struct caching *s = state_of(b);

	OK(torture_set_delete(s->other, s->changed, true));
	OK(cli_close(s->other, s->changed));
	OK(cli_close(b->tree, s->watch.id));
	OK(torture_try_open(b->t, b->tree, NOTIFY_DIR, DELETE_ACCESS, FILE_OPEN,
			    FILE_DIRECTORY_FILE | FILE_DELETE_ON_CLOSE));
}

const struct bench_kind bench_caching[] = {
	{"open_oplock", "open", "the same with a batch oplock", 20000, false,
	 oplock_prepare, caching_run, file_gone},
	{"open_lease", "open", "the same with a lease of all (RWH)", 20000,
	 false, lease_prepare, caching_run, file_gone},
	{"break", "break",
	 "open and close what another has a lease of, who is told, answers and "
	 "takes it again by an open and close",
	 5000, false, break_prepare, break_run, break_finish},
	{"notify", "change", "change an attribute; another is told", 10000,
	 false, notify_prepare, notify_run, notify_finish},
	{0},
};
