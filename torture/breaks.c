/* torture/breaks.c - opens with an oplock or lease, and their breaks. */
#include "torture/breaks.h"

struct cli_oplock want_oplock(uint8_t level)
{
	return (struct cli_oplock){.level = level};
}

struct cli_oplock want_lease(uint32_t state)
{
	return cli_lease(guid_random(), state);
}

static void needs(struct cli_tree *tree, uint32_t capability, const char *what)
{
	const struct cli_negotiated *n =
		cli_conn_negotiated(cli_tree_conn(tree));

	if ((n->capabilities & capability) == 0) {
		torture_skip("the server has no %s", what);
	}
}

void torture_needs_leases(struct cli_tree *tree)
{
	needs(tree, SMB2_GLOBAL_CAP_LEASING, "leases");
}

void torture_needs_directory_leases(struct cli_tree *tree)
{
	needs(tree, SMB2_GLOBAL_CAP_DIRECTORY_LEASING, "directory leases");
}

bool torture_has_epochs(struct cli_tree *tree)
{
	return cli_conn_negotiated(cli_tree_conn(tree))->dialect >=
	       SMB2_DIALECT_300;
}

static struct cli_oplock fitting(struct cli_tree *tree, struct cli_oplock want)
{
	if (!torture_has_epochs(tree)) {
		want.lease.version = 1;
	}
	return want;
}

struct held torture_hold_with(struct torture *t, struct cli_tree *tree,
			      const char *name,
			      const struct smb2_create_request *in,
			      struct cli_oplock want)
{
	struct held h = {.t = t, .tree = tree};
	struct smb2_create_response out = {0};

	want = fitting(tree, want);
	OK(cli_create_oplock(t->mem, tree, name, in, &want, &out, &h.granted));
	h.id = out.id;
	return h;
}

struct held torture_hold(struct torture *t, struct cli_tree *tree,
			 const char *name, uint32_t access,
			 struct cli_oplock want)
{
	struct smb2_create_request in =
		torture_request(access, FILE_OPEN_IF, 0);

	return torture_hold_with(t, tree, name, &in, want);
}

struct held torture_hold_all(struct torture *t, struct cli_tree *tree,
			     const char *name, uint32_t access,
			     struct cli_oplock want)
{
	struct held h = torture_hold(t, tree, name, access, want);

	EQUAL(h.granted.level, want.level);
	if (want.level == SMB2_OPLOCK_LEVEL_LEASE) {
		CHECK(guid_equal(&h.granted.lease.key, &want.lease.key));
		EQUAL(h.granted.lease.state, want.lease.state);
	}
	return h;
}

/* --- breaks --------------------------------------------------------------- */

static struct smb2_break_notification next_break(const struct held *h)
{
	struct smb2_break_notification b = {0};

	OK(cli_wait_break(cli_tree_conn(h->tree), BREAK_WAIT_MS, &b));
	return b;
}

struct smb2_lease_break_notification lease_break_is(const struct held *h,
						    uint32_t from, uint32_t to,
						    bool answer)
{
	struct smb2_break_notification b = next_break(h);

	EQUAL(b.kind, SMB2_BREAK_LEASE);
	CHECK(guid_equal(&b.lease.key, &h->granted.lease.key));
	EQUAL(b.lease.current_state, from);
	EQUAL(b.lease.new_state, to);
	EQUAL(b.lease.flags,
	      answer ? SMB2_NOTIFY_BREAK_LEASE_FLAG_ACK_REQUIRED : 0);
	return b.lease;
}

void oplock_break_is(const struct held *h, uint8_t level)
{
	struct smb2_break_notification b = next_break(h);

	EQUAL(b.kind, SMB2_BREAK_OPLOCK);
	EQUAL(b.oplock.id.persistent_id, h->id.persistent_id);
	EQUAL(b.oplock.id.volatile_id, h->id.volatile_id);
	EQUAL(b.oplock.level, level);
}

void no_break(struct cli_tree *tree, unsigned int ms)
{
	struct cli_conn *conn = cli_tree_conn(tree);
	struct smb2_break_notification b;

	cli_wait_ms(cli_conn_ev(conn), ms);
	torture_is_alive(conn);
	if (cli_break_take(conn, &b)) {
		FAIL("a break of %s came",
		     b.kind == SMB2_BREAK_LEASE ? "a lease" : "an oplock");
	}
}

void ack_lease(const struct held *h, uint32_t state)
{
	struct smb2_break_ack got = {0};

	OK(cli_lease_ack(h->tree, h->granted.lease.key, state, &got));
	EQUAL(got.kind, SMB2_BREAK_LEASE);
	CHECK(guid_equal(&got.lease.key, &h->granted.lease.key));
	EQUAL(got.lease.state, state);
}

void ack_oplock(const struct held *h, uint8_t level)
{
	struct smb2_break_ack got = {0};

	OK(cli_oplock_ack(h->tree, h->id, level, &got));
	EQUAL(got.kind, SMB2_BREAK_OPLOCK);
	EQUAL(got.oplock.level, level);
}

/* --- who waits ------------------------------------------------------------ */

void must_wait(struct cli_tree *tree, struct tevent_req *req)
{
	CHECK(req != NULL);
	CHECK(cli_wait_pending(cli_tree_conn(tree), req, BREAK_WAIT_MS));
}

struct tevent_req *open_waits(struct torture *t, struct cli_tree *tree,
			      const char *name, uint32_t access,
			      uint32_t disposition, struct cli_oplock want)
{
	struct smb2_create_request in = torture_request(access, disposition, 0);
	struct tevent_req *req;

	want = fitting(tree, want);
	req = cli_create_oplock_send(t->mem, tree, name, &in, NULL, &want);
	must_wait(tree, req);
	return req;
}

struct held open_ends(struct torture *t, struct cli_tree *tree,
		      struct tevent_req *req)
{
	struct held h = {.t = t, .tree = tree};
	struct smb2_create_response out = {0};

	CHECK(cli_wait(cli_tree_conn(tree), req));
	OK(cli_create_recv(req, t->mem, &out));
	OK(cli_oplock_granted(&out, &h.granted));
	h.id = out.id;
	return h;
}
