/* torture/oplock.c - oplocks and their breaks ([MS-SMB2] 3.3.4.6, 3.3.5.22.1,
 * [MS-FSA] 2.1.4.12).  One connection holds, another is in the way. */
#include <string.h>

#include "torture/breaks.h"
#include "torture/features.h"

#define NONE	  SMB2_OPLOCK_LEVEL_NONE
#define II	  SMB2_OPLOCK_LEVEL_II
#define EXCLUSIVE SMB2_OPLOCK_LEVEL_EXCLUSIVE
#define BATCH	  SMB2_OPLOCK_LEVEL_BATCH

struct two {
	struct torture *t;
	struct cli_tree *a, *b;
	const char *name;
	struct held h; /* on a */
};

static struct two two_clients(struct torture *t, uint8_t level)
{
	struct two two = {.t = t};

	two.a = torture_tree(t);
	two.b = torture_tree(t);
	two.name = torture_file(t, two.a, "file", "0123456789");
	two.h = torture_hold_all(t, two.a, two.name, TORTURE_ALL,
				 want_oplock(level));
	return two;
}

static struct tevent_req *other_open(struct two *two, uint32_t disposition,
				     uint8_t level)
{
	return open_waits(two->t, two->b, two->name, FILE_GENERIC_READ,
			  disposition, want_oplock(level));
}

/* --- breaks that are answered --------------------------------------------- */

static void broken_to_level_ii(struct torture *t, uint8_t level)
{
	struct two two = two_clients(t, level);
	struct tevent_req *req = other_open(&two, FILE_OPEN, BATCH);
	struct held other;

	oplock_break_is(&two.h, II);
	torture_is_alive(cli_tree_conn(two.b));
	CHECK(tevent_req_is_in_progress(req));
	ack_oplock(&two.h, II);
	other = open_ends(t, two.b, req);
	EQUAL(other.granted.level, II);
	no_break(two.a, 50);
}

static void batch_to_level_ii(struct torture *t)
{
	broken_to_level_ii(t, BATCH);
}

static void exclusive_to_level_ii(struct torture *t)
{
	broken_to_level_ii(t, EXCLUSIVE);
}

static void answered_with_none(struct torture *t)
{
	struct two two = two_clients(t, BATCH);
	struct tevent_req *req = other_open(&two, FILE_OPEN, II);
	struct held other;

	oplock_break_is(&two.h, II);
	ack_oplock(&two.h, NONE);
	other = open_ends(t, two.b, req);
	EQUAL(other.granted.level, II);
	OK(torture_write(
		two.b,
		torture_open(t, two.b, two.name, TORTURE_ALL, FILE_OPEN, 0), 0,
		"x", 1));
	no_break(two.a, 50);
}

static void overwrite_breaks_to_none(struct torture *t)
{
	struct two two = two_clients(t, BATCH);
	struct tevent_req *req = other_open(&two, FILE_OVERWRITE, NONE);

	oplock_break_is(&two.h, NONE);
	ack_oplock(&two.h, NONE);
	OK(cli_close(two.b, open_ends(t, two.b, req).id));
}

static void close_is_an_answer(struct torture *t)
{
	struct two two = two_clients(t, BATCH);
	struct tevent_req *req = other_open(&two, FILE_OPEN, BATCH);
	struct held other;

	oplock_break_is(&two.h, II);
	OK(cli_close(two.a, two.h.id));
	other = open_ends(t, two.b, req);
	EQUAL(other.granted.level, BATCH);
}

/* Who is gone stops nobody. */
static void lost_connection_is_an_answer(struct torture *t)
{
	struct two two = two_clients(t, EXCLUSIVE);
	struct tevent_req *req = other_open(&two, FILE_OPEN, EXCLUSIVE);
	struct held other;

	oplock_break_is(&two.h, II);
	talloc_free(cli_tree_conn(two.a));
	other = open_ends(t, two.b, req);
	EQUAL(other.granted.level, EXCLUSIVE);
}

/* What the holder has not written yet is there when the open ends. */
static void written_before_the_answer(struct torture *t)
{
	struct two two = two_clients(t, EXCLUSIVE);
	struct tevent_req *req = other_open(&two, FILE_OPEN, NONE);
	struct held other;
	struct blob got = {0};

	oplock_break_is(&two.h, II);
	OK(torture_write(two.a, two.h.id, 0, "late", 4));
	no_break(two.a, 0);
	ack_oplock(&two.h, II);
	other = open_ends(t, two.b, req);
	OK(torture_read(t, two.b, other.id, 0, 10, &got));
	CHECK(memcmp(got.data, "late456789", 10) == 0);
}

/* A batch oplock keeps the handle after its close: an open that its share mode
 * forbids waits too, and succeeds when the handle is let go. */
static void sharing_waits_for_batch(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "0123456789");
	struct smb2_create_request in =
		torture_request(TORTURE_ALL, FILE_OPEN, 0);
	struct tevent_req *req;
	struct held h;

	in.share_access = 0;
	h = torture_hold_with(t, a, name, &in, want_oplock(BATCH));
	EQUAL(h.granted.level, BATCH);
	req = open_waits(t, b, name, FILE_GENERIC_READ, FILE_OPEN,
			 want_oplock(NONE));
	oplock_break_is(&h, II);
	OK(cli_close(a, h.id));
	OK(cli_close(b, open_ends(t, b, req).id));
}

static void sharing_holds_after_the_answer(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "0123456789");
	struct smb2_create_request in =
		torture_request(TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_create_response out;
	struct tevent_req *req;
	struct held h;

	in.share_access = 0;
	h = torture_hold_with(t, a, name, &in, want_oplock(BATCH));
	req = open_waits(t, b, name, FILE_GENERIC_READ, FILE_OPEN,
			 want_oplock(NONE));
	oplock_break_is(&h, II);
	ack_oplock(&h, II);
	CHECK(cli_wait(cli_tree_conn(b), req));
	STATUS(cli_create_recv(req, t->mem, &out), SHARING_VIOLATION);
}

/* --- breaks that are not -------------------------------------------------- */

static void level_ii_broken_by_write(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "0123456789");
	struct smb2_file_id id;
	struct held h;

	h = torture_hold_all(t, a, name, FILE_GENERIC_READ, want_oplock(II));
	id = torture_open(t, b, name, TORTURE_ALL, FILE_OPEN, 0);
	no_break(a, 50);
	OK(torture_write(b, id, 0, "x", 1));
	oplock_break_is(&h, NONE);
	OK(torture_write(b, id, 0, "y", 1));
	no_break(a, 50);
	STATUS_IN(cli_oplock_ack(a, h.id, NONE, NULL),
		  NT_STATUS(INVALID_DEVICE_STATE),
		  NT_STATUS(INVALID_OPLOCK_PROTOCOL));
}

static void attributes_break_nothing(struct torture *t)
{
	struct two two = two_clients(t, BATCH);

	OK(torture_try_open(t, two.b, two.name,
			    FILE_READ_ATTRIBUTES | SYNCHRONIZE, FILE_OPEN, 0));
	torture_file(t, two.b, "other", "");
	no_break(two.a, 50);
}

static void not_exclusive_beside_another(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "0123456789");
	struct held h;

	torture_open(t, a, name, FILE_GENERIC_READ, FILE_OPEN, 0);
	h = torture_hold(t, b, name, FILE_GENERIC_READ, want_oplock(BATCH));
	EQUAL(h.granted.level, II);
	no_break(a, 0);
}

/* --- answers that are wrong ----------------------------------------------- */

static void answer_unasked(struct torture *t)
{
	struct two two = two_clients(t, BATCH);
	struct smb2_file_id none = {two.h.id.persistent_id + 77,
				    two.h.id.volatile_id + 77};

	STATUS_IN(cli_oplock_ack(two.a, two.h.id, II, NULL),
		  NT_STATUS(INVALID_DEVICE_STATE),
		  NT_STATUS(INVALID_OPLOCK_PROTOCOL));
	STATUS(cli_oplock_ack(two.a, none, II, NULL), FILE_CLOSED);
	/* It is held as before. */
	other_open(&two, FILE_OPEN, NONE);
	oplock_break_is(&two.h, II);
}

/* To keep what was taken is no answer: all is lost, and the other goes on. */
static void answer_too_much(struct torture *t)
{
	struct two two = two_clients(t, EXCLUSIVE);
	struct tevent_req *req = other_open(&two, FILE_OPEN, II);
	struct held other;

	oplock_break_is(&two.h, II);
	STATUS(cli_oplock_ack(two.a, two.h.id, BATCH, NULL),
	       INVALID_OPLOCK_PROTOCOL);
	other = open_ends(t, two.b, req);
	EQUAL(other.granted.level, II);
	OK(torture_write(
		two.b,
		torture_open(t, two.b, two.name, TORTURE_ALL, FILE_OPEN, 0), 0,
		"x", 1));
	no_break(two.a, 50);
}

/* Rights come before oplocks in all of 2.1.5. */
static void refused_breaks_nothing(struct torture *t)
{
	struct two two = two_clients(t, EXCLUSIVE);
	struct smb2_file_id id = torture_open(
		t, two.b, two.name, FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	const struct smb2_lock_element e = {
		.length = 1,
		.flags = SMB2_LOCKFLAG_SHARED_LOCK |
			 SMB2_LOCKFLAG_FAIL_IMMEDIATELY};
	struct blob got;

	STATUS(torture_read(t, two.b, id, 0, 1, &got), ACCESS_DENIED);
	STATUS(torture_write(two.b, id, 0, "x", 1), ACCESS_DENIED);
	STATUS(cli_lock(two.b, id, &e, 1), ACCESS_DENIED);
	STATUS(cli_flush(two.b, id), ACCESS_DENIED);
	STATUS(torture_set_eof(two.b, id, 0), ACCESS_DENIED);
	STATUS(torture_set_delete(two.b, id, true), ACCESS_DENIED);
	STATUS(torture_rename(two.b, id, torture_path(t, two.b, "other"),
			      false),
	       ACCESS_DENIED);
	no_break(two.a, 50);
}

const struct torture_test torture_oplock_tests[] = {
	{"oplock.batch_to_level_ii", "[MS-SMB2] 3.3.4.6, 3.3.5.22.1",
	 batch_to_level_ii, 0},
	{"oplock.exclusive_to_level_ii", "[MS-SMB2] 3.3.4.6, 3.3.5.22.1",
	 exclusive_to_level_ii, 0},
	{"oplock.answered_with_none", "[MS-SMB2] 3.3.5.22.1",
	 answered_with_none, 0},
	{"oplock.overwrite_breaks_to_none", "[MS-FSA] 2.1.4.12",
	 overwrite_breaks_to_none, 0},
	{"oplock.close_is_an_answer", "[MS-FSA] 2.1.5.5", close_is_an_answer,
	 0},
	{"oplock.lost_connection_is_an_answer", "[MS-SMB2] 3.3.7.1",
	 lost_connection_is_an_answer, 0},
	{"oplock.written_before_the_answer", "[MS-FSA] 2.1.4.12",
	 written_before_the_answer, 0},
	{"oplock.sharing_waits_for_batch", "[MS-FSA] 2.1.5.1.2",
	 sharing_waits_for_batch, 0},
	{"oplock.sharing_holds_after_the_answer", "[MS-FSA] 2.1.5.1.2",
	 sharing_holds_after_the_answer, 0},
	{"oplock.level_ii_broken_by_write", "[MS-FSA] 2.1.4.12",
	 level_ii_broken_by_write, 0},
	{"oplock.attributes_break_nothing", "[MS-FSA] 2.1.4.12",
	 attributes_break_nothing, 0},
	{"oplock.not_exclusive_beside_another", "[MS-FSA] 2.1.5.18",
	 not_exclusive_beside_another, 0},
	{"oplock.answer_unasked", "[MS-SMB2] 3.3.5.22.1", answer_unasked, 0},
	{"oplock.answer_too_much", "[MS-SMB2] 3.3.5.22.1", answer_too_much, 0},
	{"oplock.refused_breaks_nothing", "[MS-FSA] 2.1.5.3, 2.1.5.8",
	 refused_breaks_nothing, 0},
	{NULL, NULL, NULL, 0},
};
