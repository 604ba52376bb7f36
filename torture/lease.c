/* torture/lease.c - leases of files and their breaks ([MS-SMB2] 3.3.5.9.8,
 * 3.3.5.9.11, 3.3.4.7, 3.3.5.22.2).  One connection holds, another is in the
 * way. */
#include <string.h>

#include "torture/breaks.h"
#include "torture/features.h"

struct two {
	struct torture *t;
	struct cli_tree *a, *b;
	const char *name;
	struct held h; /* on a */
};

static struct two two_clients(struct torture *t, uint32_t state)
{
	struct two two = {.t = t};

	two.a = torture_tree(t);
	two.b = torture_tree(t);
	torture_needs_leases(two.a);
	two.name = torture_file(t, two.a, "file", "0123456789");
	two.h = torture_hold_all(t, two.a, two.name, TORTURE_ALL,
				 want_lease(state));
	return two;
}

static struct tevent_req *other_open(struct two *two, uint32_t disposition)
{
	return open_waits(two->t, two->b, two->name, FILE_GENERIC_READ,
			  disposition, want_lease(LEASE_RWH));
}

/* --- granting ------------------------------------------------------------- */

static void granted(struct torture *t)
{
	static const uint32_t states[] = {LEASE_NONE, LEASE_R, LEASE_RH,
					  LEASE_RW, LEASE_RWH};
	struct cli_tree *tree = torture_tree(t);

	torture_needs_leases(tree);
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		char *leaf = talloc_asprintf(t->mem, "file%zu", i);
		struct held h =
			torture_hold_all(t, tree, torture_path(t, tree, leaf),
					 TORTURE_ALL, want_lease(states[i]));

		EQUAL(h.granted.lease.version, 1 + torture_has_epochs(tree));
		EQUAL(h.granted.lease.flags, 0);
		/* Windows counts a grant as a change. */
		EQUAL(h.granted.lease.epoch,
		      torture_has_epochs(tree) && states[i] != LEASE_NONE);
	}
}

static void odd_states_are_not_granted(struct torture *t)
{
	static const uint32_t states[] = {
		SMB2_LEASE_HANDLE_CACHING, SMB2_LEASE_WRITE_CACHING,
		SMB2_LEASE_HANDLE_CACHING | SMB2_LEASE_WRITE_CACHING};
	struct cli_tree *tree = torture_tree(t);

	torture_needs_leases(tree);
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		char *leaf = talloc_asprintf(t->mem, "file%zu", i);
		struct held h =
			torture_hold(t, tree, torture_path(t, tree, leaf),
				     TORTURE_ALL, want_lease(states[i]));

		EQUAL(h.granted.lease.state, LEASE_NONE);
	}
}

static void version_1(struct torture *t)
{
	struct cli_conn *conn = torture_dialect(t, SMB2_DIALECT_210);
	struct cli_tree *a = torture_tree_on(t, torture_session_on(t, conn));
	struct cli_tree *b = torture_tree(t);
	struct cli_oplock want = want_lease(LEASE_RWH);
	const char *name = torture_path(t, a, "file");
	struct tevent_req *req;
	struct held h;

	torture_needs_leases(a);
	torture_needs_leases(b);
	want.lease.version = 1;
	h = torture_hold_all(t, a, name, TORTURE_ALL, want);
	EQUAL(h.granted.lease.version, 1);
	req = open_waits(t, b, name, FILE_GENERIC_READ, FILE_OPEN,
			 want_lease(LEASE_RWH));
	EQUAL(lease_break_is(&h, LEASE_RWH, LEASE_RH, true).new_epoch, 0);
	ack_lease(&h, LEASE_RH);
	EQUAL(open_ends(t, b, req).granted.lease.state, LEASE_RH);
}

static void upgraded_by_another_open(struct torture *t)
{
	struct two two = two_clients(t, LEASE_R);
	struct cli_oplock want = two.h.granted;
	struct held again;

	want.lease.state = LEASE_RWH;
	again = torture_hold_all(t, two.a, two.name, FILE_GENERIC_READ, want);
	EQUAL(again.granted.lease.epoch,
	      two.h.granted.lease.epoch + torture_has_epochs(two.a));
	no_break(two.a, 50);
}

/* One lease, two opens, two connections of one client. */
static void one_client_breaks_nothing(struct torture *t)
{
	struct cli_negotiate_options o = {.client_guid = guid_random()};
	struct cli_tree *a, *b;
	const char *name;
	struct held h, other;

	a = torture_tree_on(
		t, torture_session_on(t, torture_negotiate_with(t, &o)));
	b = torture_tree_on(
		t, torture_session_on(t, torture_negotiate_with(t, &o)));
	torture_needs_leases(a);
	name = torture_file(t, a, "file", "0123456789");
	h = torture_hold_all(t, a, name, TORTURE_ALL, want_lease(LEASE_RWH));
	other = torture_hold_all(t, b, name, TORTURE_ALL, h.granted);
	OK(torture_write(b, other.id, 0, "x", 1));
	OK(torture_write(a, h.id, 0, "y", 1));
	no_break(a, 50);
	no_break(b, 0);
}

static void key_names_one_file(struct torture *t)
{
	struct two two = two_clients(t, LEASE_RH);
	const char *other = torture_file(t, two.a, "other", "");
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);
	struct smb2_create_response out;

	STATUS(cli_create_oplock(t->mem, two.a, other, &in, &two.h.granted,
				 &out, NULL),
	       INVALID_PARAMETER);
	/* Another client's keys are its own. */
	torture_hold_all(t, two.b, other, FILE_GENERIC_READ, two.h.granted);
}

/* --- breaks --------------------------------------------------------------- */

static void open_takes_write(struct torture *t)
{
	struct two two = two_clients(t, LEASE_RWH);
	struct tevent_req *req = other_open(&two, FILE_OPEN);
	uint16_t epoch =
		lease_break_is(&two.h, LEASE_RWH, LEASE_RH, true).new_epoch;

	EQUAL(epoch, two.h.granted.lease.epoch + torture_has_epochs(two.a));
	torture_is_alive(cli_tree_conn(two.b));
	CHECK(tevent_req_is_in_progress(req));
	ack_lease(&two.h, LEASE_RH);
	EQUAL(open_ends(t, two.b, req).granted.lease.state, LEASE_RH);
	no_break(two.a, 50);
}

static void answered_with_less(struct torture *t)
{
	struct two two = two_clients(t, LEASE_RWH);
	struct tevent_req *req = other_open(&two, FILE_OPEN);
	struct held other;

	lease_break_is(&two.h, LEASE_RWH, LEASE_RH, true);
	ack_lease(&two.h, LEASE_NONE);
	other = open_ends(t, two.b, req);
	CHECK((other.granted.lease.state & LEASE_R) != 0);
	OK(torture_write(two.a, two.h.id, 0, "x", 1));
	lease_break_is(&other, other.granted.lease.state, LEASE_NONE,
		       other.granted.lease.state != LEASE_R);
	no_break(two.a, 50);
}

static void write_takes_all(struct torture *t)
{
	struct two two = two_clients(t, LEASE_RH);
	struct smb2_file_id id =
		torture_open(t, two.b, two.name, TORTURE_ALL, FILE_OPEN, 0);

	no_break(two.a, 50);
	OK(torture_write(two.b, id, 0, "x", 1)); /* it does not wait */
	lease_break_is(&two.h, LEASE_RH, LEASE_NONE, true);
	ack_lease(&two.h, LEASE_NONE);
	OK(torture_write(two.b, id, 0, "y", 1));
	no_break(two.a, 50);
}

static void read_only_needs_no_answer(struct torture *t)
{
	struct two two = two_clients(t, LEASE_R);

	OK(torture_write(
		two.b,
		torture_open(t, two.b, two.name, TORTURE_ALL, FILE_OPEN, 0), 0,
		"x", 1));
	lease_break_is(&two.h, LEASE_R, LEASE_NONE, false);
	STATUS(cli_lease_ack(two.a, two.h.granted.lease.key, LEASE_NONE, NULL),
	       UNSUCCESSFUL);
}

static void own_write_breaks_others(struct torture *t)
{
	struct two two = two_clients(t, LEASE_R);
	struct held other = torture_hold_all(t, two.b, two.name, TORTURE_ALL,
					     want_lease(LEASE_R));

	OK(torture_write(two.a, two.h.id, 0, "x", 1));
	lease_break_is(&other, LEASE_R, LEASE_NONE, false);
	no_break(two.a, 50);
}

static void flag_while_breaking(struct torture *t)
{
	struct two two = two_clients(t, LEASE_RWH);
	struct tevent_req *req = other_open(&two, FILE_OPEN);
	struct held again;

	lease_break_is(&two.h, LEASE_RWH, LEASE_RH, true);
	again = torture_hold(t, two.a, two.name, FILE_GENERIC_READ,
			     two.h.granted);
	EQUAL(again.granted.lease.flags & SMB2_LEASE_FLAG_BREAK_IN_PROGRESS,
	      SMB2_LEASE_FLAG_BREAK_IN_PROGRESS);
	ack_lease(&two.h, LEASE_RH);
	OK(cli_close(two.b, open_ends(t, two.b, req).id));
}

static void close_is_an_answer(struct torture *t)
{
	struct two two = two_clients(t, LEASE_RWH);
	struct tevent_req *req = other_open(&two, FILE_OPEN);

	lease_break_is(&two.h, LEASE_RWH, LEASE_RH, true);
	OK(cli_close(two.a, two.h.id));
	EQUAL(open_ends(t, two.b, req).granted.lease.state, LEASE_RWH);
}

static void overwrite_takes_all(struct torture *t)
{
	struct two two = two_clients(t, LEASE_RWH);
	struct tevent_req *req = other_open(&two, FILE_OVERWRITE);

	lease_break_is(&two.h, LEASE_RWH, LEASE_NONE, true);
	ack_lease(&two.h, LEASE_NONE);
	OK(cli_close(two.b, open_ends(t, two.b, req).id));
}

/* --- a lease that is granted in the midst of a write ---------------------- */

#define LONG_WRITE  8388608u
#define MANY_ROUNDS 12
#define MANY_LEASES 256

/* Who got a lease, and has read what was there. */
struct meanwhile {
	struct held h;
	bool old;
};

static uint8_t last_byte(struct held *h, uint32_t size)
{
	struct blob got = {0};

	OK(torture_read(h->t, h->tree, h->id, size - 1, 1, &got));
	EQUAL(got.length, 1);
	return got.data[0];
}

/* Leases, one after the other, while the request is under way. */
static size_t leases_meanwhile(struct torture *t, struct cli_tree *tree,
			       const char *name, struct tevent_req *req,
			       uint32_t size, uint8_t round,
			       struct meanwhile *out)
{
	size_t n = 0;

	while (n < MANY_LEASES && tevent_req_is_in_progress(req)) {
		struct meanwhile *m = &out[n++];

		m->h = torture_hold_all(t, tree, name, FILE_GENERIC_READ,
					want_lease(LEASE_RH));
		m->old = last_byte(&m->h, size) != round;
	}
	return n;
}

/* Each that has read the old is told. */
static void old_is_broken(struct cli_tree *tree, struct meanwhile *m, size_t n)
{
	struct smb2_break_notification b;
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		left += m[i].old;
	}
	while (left > 0) {
		OK(cli_wait_break(cli_tree_conn(tree), BREAK_WAIT_MS, &b));
		EQUAL(b.kind, SMB2_BREAK_LEASE);
		EQUAL(b.lease.new_state, LEASE_NONE);
		for (size_t i = 0; i < n; i++) {
			if (m[i].old && guid_equal(&m[i].h.granted.lease.key,
						   &b.lease.key)) {
				m[i].old = false;
				left--;
			}
		}
	}
}

/* It may be before the write or behind it, but not before for the one who reads
 * and behind for the one who writes. */
static void granted_while_written(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	uint32_t max = cli_conn_negotiated(cli_tree_conn(b))->max_write_size;
	uint32_t size = max < LONG_WRITE ? max : LONG_WRITE;
	const char *name = torture_file(t, a, "file", "");
	uint8_t *data = talloc_array(t->mem, uint8_t, size);
	struct meanwhile *m =
		talloc_zero_array(t->mem, struct meanwhile, MANY_LEASES);
	struct smb2_write_request in = {
		.id = torture_open(t, b, name, TORTURE_ALL, FILE_OPEN, 0)};

	torture_needs_leases(a);
	CHECK(data != NULL && m != NULL);
	in.data = wire_reader(data, size);
	OK(torture_set_eof(b, in.id, size));
	for (uint8_t round = 1; round <= MANY_ROUNDS; round++) {
		struct tevent_req *req;
		uint32_t count = 0;
		size_t n;

		memset(data, round, size);
		req = cli_write_send(t->mem, b, &in);
		CHECK(req != NULL);
		n = leases_meanwhile(t, a, name, req, size, round, m);
		CHECK(cli_wait(cli_tree_conn(b), req));
		OK(cli_write_recv(req, &count));
		EQUAL(count, size);
		old_is_broken(a, m, n);
		while (n > 0) {
			OK(cli_close(a, m[--n].h.id));
		}
		talloc_free(req);
	}
}

/* --- answers that are wrong ----------------------------------------------- */

static void answer_unasked(struct torture *t)
{
	struct two two = two_clients(t, LEASE_RWH);

	STATUS(cli_lease_ack(two.a, two.h.granted.lease.key, LEASE_RH, NULL),
	       UNSUCCESSFUL);
	STATUS(cli_lease_ack(two.a, guid_random(), LEASE_RH, NULL),
	       OBJECT_NAME_NOT_FOUND);
	STATUS(cli_lease_ack(two.b, two.h.granted.lease.key, LEASE_RH, NULL),
	       OBJECT_NAME_NOT_FOUND);
	other_open(&two, FILE_OPEN);
	lease_break_is(&two.h, LEASE_RWH, LEASE_RH, true);
}

/* It is no answer; the right one is still waited for. */
static void answer_too_much(struct torture *t)
{
	struct two two = two_clients(t, LEASE_RWH);
	struct tevent_req *req = other_open(&two, FILE_OPEN);
	struct guid key = two.h.granted.lease.key;

	lease_break_is(&two.h, LEASE_RWH, LEASE_RH, true);
	STATUS(cli_lease_ack(two.a, key, LEASE_RWH, NULL),
	       REQUEST_NOT_ACCEPTED);
	STATUS(cli_lease_ack(two.a, key, 0xffffffff, NULL),
	       REQUEST_NOT_ACCEPTED);
	CHECK(tevent_req_is_in_progress(req));
	ack_lease(&two.h, LEASE_RH);
	OK(cli_close(two.b, open_ends(t, two.b, req).id));
}

/* --- handles that are only kept ------------------------------------------- */

/* A SET_INFO for a rename on b that has to wait. */
static struct tevent_req *rename_waits(struct torture *t, struct cli_tree *tree,
				       const char *from, const char *to,
				       bool replace)
{
	struct wire_writer name = wire_writer(t->mem, 65536);
	struct wire_writer w = wire_writer(t->mem, 65536);
	struct fscc_rename rename = {.flags = replace};
	struct smb2_set_info_request in = {
		.info_type = SMB2_0_INFO_FILE,
		.info_class = FileRenameInformation,
		.id = torture_open(t, tree, from, DELETE_ACCESS, FILE_OPEN, 0),
	};
	struct tevent_req *req;

	wire_put_utf16(&name, to);
	rename.name = wire_reader(name.data, name.length);
	fscc_rename_put(&w, FileRenameInformation, &rename);
	in.buffer = wire_reader(w.data, w.length);
	req = cli_set_info_send(t->mem, tree, &in);
	must_wait(tree, req);
	return req;
}

static NTSTATUS end_of(struct cli_tree *tree, struct tevent_req *req)
{
	CHECK(cli_wait(cli_tree_conn(tree), req));
	return cli_status_recv(req);
}

static void rename_over_a_kept_handle(struct torture *t)
{
	struct two two = two_clients(t, LEASE_RWH);
	const char *from = torture_file(t, two.b, "from", "new");
	struct tevent_req *req = rename_waits(t, two.b, from, two.name, true);

	lease_break_is(&two.h, LEASE_RWH, LEASE_RW, true);
	OK(cli_close(two.a, two.h.id));
	OK(end_of(two.b, req));
	torture_content_is(t, two.b, two.name, "new", 3);
}

/* Who answers and keeps it open is in the way. */
static void rename_over_an_open_file(struct torture *t)
{
	struct two two = two_clients(t, LEASE_RH);
	const char *from = torture_file(t, two.b, "from", "new");
	struct tevent_req *req = rename_waits(t, two.b, from, two.name, true);

	lease_break_is(&two.h, LEASE_RH, LEASE_R, true);
	ack_lease(&two.h, LEASE_R);
	STATUS(end_of(two.b, req), ACCESS_DENIED);
	torture_content_is(t, two.b, two.name, "0123456789", 10);
}

static void rename_above_a_kept_handle(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *dir, *name;
	struct tevent_req *req;
	struct held h;

	torture_needs_leases(a);
	dir = torture_mkdir(t, a, "dir");
	name = torture_file(t, a, "dir\\file", "");
	h = torture_hold_all(t, a, name, FILE_GENERIC_READ,
			     want_lease(LEASE_RH));
	req = rename_waits(t, b, dir, torture_path(t, b, "dir2"), false);
	lease_break_is(&h, LEASE_RH, LEASE_R, true);
	OK(cli_close(a, h.id));
	OK(end_of(b, req));
	OK(torture_try_open(t, b, torture_path(t, b, "dir2\\file"),
			    FILE_GENERIC_READ, FILE_OPEN, 0));
}

const struct torture_test torture_lease_tests[] = {
	{"lease.granted", "[MS-SMB2] 3.3.5.9.11", granted, 0},
	{"lease.odd_states_are_not_granted", "[MS-FSA] 2.1.5.18",
	 odd_states_are_not_granted, 0},
	{"lease.version_1", "[MS-SMB2] 3.3.5.9.8: no epoch", version_1, 0},
	{"lease.upgraded_by_another_open", "[MS-SMB2] 3.3.5.9.11",
	 upgraded_by_another_open, 0},
	{"lease.one_client_breaks_nothing", "[MS-FSA] 2.1.4.12.2",
	 one_client_breaks_nothing, 0},
	{"lease.key_names_one_file", "[MS-SMB2] 3.3.5.9.8: INVALID_PARAMETER",
	 key_names_one_file, 0},
	{"lease.open_takes_write", "[MS-FSA] 2.1.4.12, [MS-SMB2] 3.3.4.7",
	 open_takes_write, 0},
	{"lease.answered_with_less", "[MS-SMB2] 3.3.5.22.2", answered_with_less,
	 0},
	{"lease.write_takes_all", "[MS-FSA] 2.1.4.12", write_takes_all, 0},
	{"lease.read_only_needs_no_answer", "[MS-SMB2] 3.3.4.7",
	 read_only_needs_no_answer, 0},
	{"lease.own_write_breaks_others", "[MS-FSA] 2.1.4.12",
	 own_write_breaks_others, 0},
	{"lease.flag_while_breaking", "[MS-SMB2] 3.3.5.9.8: BREAK_IN_PROGRESS",
	 flag_while_breaking, 0},
	{"lease.close_is_an_answer", "[MS-FSA] 2.1.5.5", close_is_an_answer, 0},
	{"lease.overwrite_takes_all", "[MS-FSA] 2.1.4.12", overwrite_takes_all,
	 0},
	{"lease.granted_while_written", "[MS-FSA] 2.1.4.12",
	 granted_while_written, 0},
	{"lease.answer_unasked", "[MS-SMB2] 3.3.5.22.2", answer_unasked, 0},
	{"lease.answer_too_much", "[MS-SMB2] 3.3.5.22.2: NOT_ACCEPTED",
	 answer_too_much, 0},
	{"lease.rename_over_a_kept_handle", "[MS-FSA] 2.1.5.15.12",
	 rename_over_a_kept_handle, 0},
	{"lease.rename_over_an_open_file", "[MS-FSA] 2.1.5.15.12",
	 rename_over_an_open_file, 0},
	{"lease.rename_above_a_kept_handle", "[MS-FSA] 2.1.4.2",
	 rename_above_a_kept_handle, 0},
	{NULL, NULL, NULL, 0},
};
