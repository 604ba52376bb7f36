/* torture/bench_contention.c - contention, contention_lease: many clients, each
 * on a connection of its own, open and close one file, all at the same time. */
#include "torture/bench.h"
#include "torture/breaks.h"

#define FILE_NAME "torture-bench-contention"

struct contention {
	struct bench *b;
	struct client *clients; /* b->clients of them */
	unsigned long begun, done;
};

/* One client: an open, its close, the next open. */
struct client {
	struct contention *c;
	struct cli_tree *tree;
	struct cli_oplock want;
	struct smb2_file_id id;
	TALLOC_CTX *mem; /* of the request in flight */
};

static void open_done(struct tevent_req *req);
static void close_done(struct tevent_req *req);

static void next(struct client *k)
{
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);
	struct tevent_req *req;

	if (k->c->begun == k->c->b->count) {
		return;
	}
	k->c->begun++;
	k->mem = talloc_new(k->c->clients);
	req = cli_create_oplock_send(k->mem, k->tree, FILE_NAME, &in, NULL,
				     &k->want);
	CHECK(req != NULL);
	tevent_req_set_callback(req, open_done, k);
}

static void open_done(struct tevent_req *req)
{
	struct client *k = tevent_req_callback_data_void(req);
	struct smb2_close_request in = {0};
	struct smb2_create_response out;
	struct cli_oplock got;

	OK(cli_create_recv(req, k->mem, &out));
	OK(cli_oplock_granted(&out, &got));
	EQUAL(got.level, k->want.level);
	EQUAL(got.lease.state, k->want.lease.state);
	in.id = out.id;
	req = cli_close_send(k->mem, k->tree, &in);
	CHECK(req != NULL);
	tevent_req_set_callback(req, close_done, k);
}

static void close_done(struct tevent_req *req)
{
	struct client *k = tevent_req_callback_data_void(req);
	struct smb2_close_response out;

	OK(cli_close_recv(req, &out));
	TALLOC_FREE(k->mem);
	k->c->done++;
	next(k);
}

static void prepare(struct bench *b, bool lease)
{
	struct contention *c = talloc_zero(b->t->mem, struct contention);

	bench_needs_descriptors(b->clients);
	if (lease) {
		torture_needs_leases(b->tree);
	}
	OK(torture_try_open(b->t, b->tree, FILE_NAME, TORTURE_ALL, FILE_OPEN_IF,
			    0));
	CHECK(c != NULL);
	c->b = b;
	c->clients = talloc_zero_array(c, struct client, b->clients);
	CHECK(c->clients != NULL);
	for (unsigned int i = 0; i < b->clients; i++) {
		c->clients[i].c = c;
		c->clients[i].tree = torture_tree(b->t);
		if (lease) {
			c->clients[i].want = want_lease(LEASE_R);
		}
	}
	b->state = c;
}

static void contention_prepare(struct bench *b)
{
	prepare(b, false);
}

static void lease_prepare(struct bench *b)
{
	prepare(b, true);
}

static unsigned long contention_run(struct bench *b)
{
	struct contention *c =
		talloc_get_type_abort(b->state, struct contention);

	for (unsigned int i = 0; i < b->clients; i++) {
		next(&c->clients[i]);
	}
	while (c->done < b->count) {
		CHECK(tevent_loop_once(b->t->ev) == 0);
	}
	return c->done;
}

static void contention_finish(struct bench *b)
{
	OK(torture_try_open(b->t, b->tree, FILE_NAME, DELETE_ACCESS, FILE_OPEN,
			    FILE_DELETE_ON_CLOSE));
}

const struct bench_kind bench_contention[] = {
	{"contention", "open",
	 "open and close one file by many clients at the same time", 20000,
	 false, contention_prepare, contention_run, contention_finish},
	{"contention_lease", "open", "the same, each with a lease (R)", 20000,
	 false, lease_prepare, contention_run, contention_finish},
	{0},
};
