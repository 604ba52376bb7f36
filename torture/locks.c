/* torture/locks.c - byte-range locks of several clients ([MS-SMB2] 3.3.5.14,
 * [MS-FSA] 2.1.4.10, 2.1.5.8, 2.1.5.9). */
#include <string.h>

#include "smb2/lock.h"
#include "torture/channels.h"
#include "torture/features.h"
#include "torture/util.h"

#define FAIL_NOW SMB2_LOCKFLAG_FAIL_IMMEDIATELY
#define SHARED	 SMB2_LOCKFLAG_SHARED_LOCK
#define EXCL	 SMB2_LOCKFLAG_EXCLUSIVE_LOCK
#define UNLOCK	 SMB2_LOCKFLAG_UNLOCK
#define TOP	 0x8000000000000000u
#define SOON_MS	 5000u

/* A client with the test's file open. */
struct party {
	struct torture *t;
	struct cli_tree *tree;
	struct smb2_file_id id;
};

static struct party join_as(struct torture *t, uint32_t access)
{
	struct party p = {.t = t, .tree = torture_tree(t)};

	p.id = torture_open(t, p.tree, torture_path(t, p.tree, "file"), access,
			    FILE_OPEN_IF, 0);
	return p;
}

static struct party join(struct torture *t)
{
	return join_as(t, TORTURE_ALL);
}

static NTSTATUS lock(const struct party *p, uint64_t offset, uint64_t length,
		     uint32_t flags)
{
	const struct smb2_lock_element e = {
		.offset = offset, .length = length, .flags = flags};

	return cli_lock(p->tree, p->id, &e, 1);
}

/* Whether p could have the bytes at once, exclusively. */
static bool is_free(const struct party *p, uint64_t offset, uint64_t length)
{
	NTSTATUS status = lock(p, offset, length, EXCL | FAIL_NOW);

	if (NT_STATUS_IS(status, LOCK_NOT_GRANTED)) {
		return false;
	}
	OK(status);
	OK(lock(p, offset, length, UNLOCK));
	return true;
}

/* A lock that has to wait. */
static struct tevent_req *begin_wait(const struct party *p, uint64_t offset,
				     uint64_t length, uint32_t flags)
{
	const struct smb2_lock_element e = {
		.offset = offset, .length = length, .flags = flags};
	const struct smb2_lock_request in = {.id = p->id};
	struct tevent_req *req = cli_lock_send(p->t->mem, p->tree, &in, &e, 1);

	CHECK(req != NULL);
	CHECK(cli_wait_pending(cli_tree_conn(p->tree), req, SOON_MS));
	return req;
}

static NTSTATUS end_wait(const struct party *p, struct tevent_req *req)
{
	CHECK(cli_wait(cli_tree_conn(p->tree), req));
	return cli_status_recv(req);
}

/* It goes on waiting: what the server had to say by now has come. */
static void still_waits(const struct party *p, struct tevent_req *req)
{
	cli_wait_ms(p->t->ev, 100);
	CHECK(tevent_req_is_in_progress(req));
}

/* --- several in one request ----------------------------------------------- */

static void all_or_none(struct torture *t)
{
	struct party a = join(t), b = join(t);
	const struct smb2_lock_element e[] = {
		{.offset = 0, .length = 10, .flags = EXCL | FAIL_NOW},
		{.offset = 20, .length = 10, .flags = SHARED | FAIL_NOW},
		{.offset = 40, .length = 10, .flags = EXCL | FAIL_NOW},
	};

	OK(lock(&b, 45, 1, SHARED | FAIL_NOW));
	STATUS(cli_lock(a.tree, a.id, e, 3), LOCK_NOT_GRANTED);
	CHECK(is_free(&b, 0, 45));
	STATUS(lock(&a, 0, 10, UNLOCK), RANGE_NOT_LOCKED);
	OK(lock(&b, 45, 1, UNLOCK));
	OK(cli_lock(a.tree, a.id, e, 3));
	CHECK(!is_free(&b, 0, 1) && !is_free(&b, 20, 1) && !is_free(&b, 49, 1));
	CHECK(is_free(&b, 10, 10));
}

/* One lies over another of the same request. */
static void over_each_other(struct torture *t)
{
	struct party a = join(t), b = join(t);
	const struct smb2_lock_element e[] = {
		{.offset = 0, .length = 10, .flags = EXCL | FAIL_NOW},
		{.offset = 9, .length = 10, .flags = EXCL | FAIL_NOW},
	};
	const struct smb2_lock_element shared[] = {
		{.offset = 0, .length = 10, .flags = SHARED | FAIL_NOW},
		{.offset = 9, .length = 10, .flags = SHARED | FAIL_NOW},
	};

	STATUS(cli_lock(a.tree, a.id, e, 2), LOCK_NOT_GRANTED);
	CHECK(is_free(&b, 0, 20));
	OK(cli_lock(a.tree, a.id, shared, 2));
	CHECK(!is_free(&b, 18, 1));
}

static void who_waits_is_alone(struct torture *t)
{
	struct party a = join(t), b = join(t);
	const struct smb2_lock_element e[] = {
		{.offset = 0, .length = 10, .flags = EXCL | FAIL_NOW},
		{.offset = 20, .length = 10, .flags = EXCL},
	};

	STATUS(cli_lock(a.tree, a.id, e, 2), INVALID_PARAMETER);
	CHECK(is_free(&b, 0, 30));
}

static void an_unlock_among_locks(struct torture *t)
{
	struct party a = join(t), b = join(t);
	const struct smb2_lock_element e[] = {
		{.offset = 0, .length = 10, .flags = EXCL | FAIL_NOW},
		{.offset = 0, .length = 10, .flags = UNLOCK | FAIL_NOW},
		{.offset = 20, .length = 10, .flags = EXCL | FAIL_NOW},
	};

	STATUS(cli_lock(a.tree, a.id, e, 3), INVALID_PARAMETER);
	CHECK(!is_free(&b, 0, 10));
	CHECK(is_free(&b, 20, 10));
}

/* Unlocks up to a bad one are done. */
static void unlocks_stay(struct torture *t)
{
	const struct {
		struct smb2_lock_element bad;
		NTSTATUS status;
	} cases[] = {
		{{.offset = 100, .length = 1, .flags = UNLOCK},
		 NT_STATUS(RANGE_NOT_LOCKED)},
		{{.offset = UINT64_MAX, .length = 2, .flags = UNLOCK},
		 NT_STATUS(INVALID_LOCK_RANGE)},
		{{.offset = 20, .length = 10, .flags = UNLOCK | EXCL},
		 NT_STATUS(INVALID_PARAMETER)},
		{{.offset = 20, .length = 10, .flags = EXCL | FAIL_NOW},
		 NT_STATUS(INVALID_PARAMETER)},
	};
	struct party a = join(t), b = join(t);

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct smb2_lock_element e[] = {
			{.offset = 0, .length = 10, .flags = UNLOCK},
			cases[i].bad,
			{.offset = 20, .length = 10, .flags = UNLOCK},
		};

		OK(lock(&a, 0, 10, EXCL | FAIL_NOW));
		OK(lock(&a, 20, 10, EXCL | FAIL_NOW));
		torture_status_at(__FILE__, __LINE__,
				  cli_lock(a.tree, a.id, e, 3), cases[i].status,
				  "an unlock with a bad element");
		CHECK(is_free(&b, 0, 10));
		CHECK(!is_free(&b, 20, 10));
		OK(lock(&a, 20, 10, UNLOCK));
	}
}

/* --- ranges --------------------------------------------------------------- */

static void far_beyond(struct torture *t)
{
	struct party a = join(t), b = join(t);

	OK(lock(&a, TOP - 1, 2, EXCL | FAIL_NOW));
	CHECK(!is_free(&b, TOP, 1));
	CHECK(is_free(&b, TOP + 1, 1));
	OK(lock(&a, TOP + 10, UINT64_MAX - TOP - 9, EXCL | FAIL_NOW));
	CHECK(!is_free(&b, UINT64_MAX, 1));
	CHECK(!is_free(&b, TOP + 10, 1));
	CHECK(is_free(&b, TOP + 9, 1));
	STATUS(lock(&b, UINT64_MAX, 2, EXCL | FAIL_NOW), INVALID_LOCK_RANGE);
	STATUS(lock(&b, 2, UINT64_MAX, EXCL | FAIL_NOW), INVALID_LOCK_RANGE);
	STATUS(lock(&b, UINT64_MAX, 2, UNLOCK), INVALID_LOCK_RANGE);
	STATUS(lock(&b, 0, UINT64_MAX, SHARED | FAIL_NOW), LOCK_NOT_GRANTED);
	OK(lock(&a, TOP - 1, 2, UNLOCK));
	OK(lock(&a, TOP + 10, UINT64_MAX - TOP - 9, UNLOCK));
	/* as much as can be said */
	OK(lock(&b, 0, UINT64_MAX, EXCL | FAIL_NOW));
	CHECK(is_free(&a, UINT64_MAX, 1));
	CHECK(!is_free(&a, UINT64_MAX - 1, 1));
}

/* 2.1.4.10: an empty range lies between two bytes. */
static void of_no_length(struct torture *t)
{
	struct party a = join(t), b = join(t);

	OK(lock(&a, 10, 10, EXCL | FAIL_NOW));
	STATUS(lock(&b, 15, 0, EXCL | FAIL_NOW), LOCK_NOT_GRANTED);
	STATUS(lock(&b, 15, 0, SHARED | FAIL_NOW), LOCK_NOT_GRANTED);
	CHECK(is_free(&b, 10, 0));
	CHECK(is_free(&b, 20, 0));
	CHECK(is_free(&b, 0, 0));
	OK(lock(&a, 10, 10, UNLOCK));
	/* and is in the way of what lies on both sides of it */
	OK(lock(&a, 15, 0, EXCL | FAIL_NOW));
	CHECK(!is_free(&b, 10, 10));
	CHECK(is_free(&b, 10, 5));
	CHECK(is_free(&b, 15, 5));
	CHECK(is_free(&b, 15, 0));
	OK(lock(&a, 0, 0, EXCL | FAIL_NOW));
	OK(lock(&b, 0, 0, EXCL | FAIL_NOW));
	CHECK(is_free(&b, 0, 15));
}

/* --- reading and writing -------------------------------------------------- */

static NTSTATUS zero_data(const struct party *p, uint64_t from, uint64_t to)
{
	uint8_t bytes[16];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct smb2_ioctl_request in = {.ctl_code = FSCTL_SET_ZERO_DATA,
					.id = p->id,
					.flags = SMB2_0_IOCTL_IS_FSCTL};
	struct smb2_ioctl_response out;

	wire_put_u64(&w, from);
	wire_put_u64(&w, to);
	in.input = wire_reader(bytes, sizeof(bytes));
	return cli_ioctl(p->t->mem, p->tree, &in, &out);
}

static void against_data(struct torture *t)
{
	struct party a = join(t), b = join(t);
	struct blob out;

	OK(torture_write(a.tree, a.id, 0, "0123456789", 10));
	/* what has just been read and written is refused at once */
	OK(torture_read(t, b.tree, b.id, 0, 10, &out));
	OK(torture_write(b.tree, b.id, 0, "0123456789", 10));
	OK(lock(&a, 4, 2, EXCL | FAIL_NOW));
	STATUS(torture_read(t, b.tree, b.id, 0, 5, &out), FILE_LOCK_CONFLICT);
	STATUS(torture_write(b.tree, b.id, 5, "x", 1), FILE_LOCK_CONFLICT);
	STATUS(zero_data(&b, 0, 10), FILE_LOCK_CONFLICT);
	OK(torture_read(t, b.tree, b.id, 0, 4, &out));
	OK(torture_write(b.tree, b.id, 6, "6789", 4));
	OK(torture_read(t, a.tree, a.id, 0, 10, &out));
	OK(torture_write(a.tree, a.id, 4, "45", 2));
	OK(lock(&a, 4, 2, UNLOCK));
	OK(torture_read(t, b.tree, b.id, 0, 10, &out));
	EQUAL(out.length, 10);
	CHECK(memcmp(out.data, "0123456789", 10) == 0);
}

/* A shared lock lets nobody write, its owner neither. */
static void shared_against_data(struct torture *t)
{
	struct party a = join(t), b = join(t);
	struct blob out;

	OK(torture_write(a.tree, a.id, 0, "0123456789", 10));
	OK(lock(&a, 4, 2, SHARED | FAIL_NOW));
	OK(lock(&b, 0, 10, SHARED | FAIL_NOW));
	OK(torture_read(t, b.tree, b.id, 0, 10, &out));
	OK(torture_read(t, a.tree, a.id, 0, 10, &out));
	STATUS(torture_write(a.tree, a.id, 5, "x", 1), FILE_LOCK_CONFLICT);
	STATUS(torture_write(b.tree, b.id, 9, "x", 1), FILE_LOCK_CONFLICT);
	OK(lock(&b, 0, 10, UNLOCK));
	OK(torture_write(b.tree, b.id, 9, "x", 1));
	STATUS(zero_data(&b, 0, 10), FILE_LOCK_CONFLICT);
}

/* --- waiting -------------------------------------------------------------- */

#define WAITERS 8

/* Who came first has it first, whichever client and process. */
static void in_order(struct torture *t)
{
	struct party holder = join(t), p[WAITERS];
	struct tevent_req *req[WAITERS];

	OK(lock(&holder, 0, 10, EXCL | FAIL_NOW));
	for (size_t i = 0; i < WAITERS; i++) {
		p[i] = join(t);
		req[i] = begin_wait(&p[i], 0, 10, EXCL);
	}
	OK(lock(&holder, 0, 10, UNLOCK));
	for (size_t i = 0; i < WAITERS; i++) {
		OK(end_wait(&p[i], req[i]));
		for (size_t k = i + 1; k < WAITERS; k++) {
			CHECK(tevent_req_is_in_progress(req[k]));
		}
		CHECK(!is_free(&holder, 5, 1));
		OK(lock(&p[i], 0, 10, UNLOCK));
	}
	CHECK(is_free(&holder, 0, 10));
}

/* All who can have it beside one another get it. */
static void shared_together(struct torture *t)
{
	struct party holder = join(t), a = join(t), b = join(t), c = join(t);
	struct tevent_req *ra, *rb, *rc;

	OK(lock(&holder, 0, 10, EXCL | FAIL_NOW));
	ra = begin_wait(&a, 0, 10, SHARED);
	rb = begin_wait(&b, 5, 10, SHARED);
	rc = begin_wait(&c, 0, 20, EXCL);
	OK(lock(&holder, 0, 10, UNLOCK));
	OK(end_wait(&a, ra));
	OK(end_wait(&b, rb));
	still_waits(&c, rc);
	OK(lock(&a, 0, 10, UNLOCK));
	still_waits(&c, rc);
	OK(lock(&b, 5, 10, UNLOCK));
	OK(end_wait(&c, rc));
}

static void cancelled_one_is_passed_over(struct torture *t)
{
	struct party holder = join(t), a = join(t), b = join(t);
	struct tevent_req *ra, *rb;

	OK(lock(&holder, 0, 10, EXCL | FAIL_NOW));
	ra = begin_wait(&a, 0, 10, EXCL);
	rb = begin_wait(&b, 0, 10, EXCL);
	CHECK(tevent_req_cancel(ra));
	STATUS(end_wait(&a, ra), CANCELLED);
	still_waits(&b, rb);
	OK(lock(&holder, 0, 10, UNLOCK));
	OK(end_wait(&b, rb));
	/* a waits for nothing, and has nothing */
	STATUS(lock(&a, 0, 10, UNLOCK), RANGE_NOT_LOCKED);
}

/* Waits with the bytes of one who then leaves in some way. */
static void leave_and_wake(struct torture *t, void (*leave)(struct party *p))
{
	struct party holder = join(t), a = join(t);
	struct tevent_req *req;

	OK(lock(&holder, 0, 10, EXCL | FAIL_NOW));
	OK(lock(&holder, TOP, 10, SHARED | FAIL_NOW));
	req = begin_wait(&a, 0, 10, EXCL);
	leave(&holder);
	OK(end_wait(&a, req));
	CHECK(is_free(&a, TOP, 10));
}

static void by_close(struct party *p)
{
	OK(cli_close(p->tree, p->id));
}

static void by_tree_disconnect(struct party *p)
{
	OK(cli_tree_disconnect(p->tree));
}

static void by_logoff(struct party *p)
{
	OK(cli_logoff(cli_tree_session(p->tree)));
}

static void by_disconnect(struct party *p)
{
	talloc_free(cli_tree_conn(p->tree));
}

static void close_releases(struct torture *t)
{
	leave_and_wake(t, by_close);
}

static void tree_disconnect_releases(struct torture *t)
{
	leave_and_wake(t, by_tree_disconnect);
}

static void logoff_releases(struct torture *t)
{
	leave_and_wake(t, by_logoff);
}

static void disconnect_releases(struct torture *t)
{
	leave_and_wake(t, by_disconnect);
}

/* Who waits leaves: the next one does not wait for him. */
static void waiter_leaves(struct torture *t, void (*leave)(struct party *p))
{
	struct party holder = join(t), a = join(t), b = join(t);
	struct tevent_req *rb;

	OK(lock(&holder, 0, 10, EXCL | FAIL_NOW));
	(void)begin_wait(&a, 0, 10, EXCL);
	rb = begin_wait(&b, 0, 10, EXCL);
	leave(&a);
	still_waits(&b, rb);
	OK(lock(&holder, 0, 10, UNLOCK));
	OK(end_wait(&b, rb));
}

static void waiter_closes(struct torture *t)
{
	waiter_leaves(t, by_close);
}

static void waiter_disconnects(struct torture *t)
{
	waiter_leaves(t, by_disconnect);
}

/* --- requests that come again --------------------------------------------- */

/* One that knows that connections can be several: skips the test without. */
static struct party join_with_channels(struct torture *t)
{
	const struct cli_negotiate_options offer = channels_offer(t);
	struct cli_conn *conn = channels_connect(t, &offer);
	struct party p = {
		.t = t,
		.tree = torture_tree_on(t, torture_session_on(t, conn))};

	p.id = torture_open(t, p.tree, torture_path(t, p.tree, "file"),
			    TORTURE_ALL, FILE_OPEN_IF, 0);
	return p;
}

static NTSTATUS numbered(const struct party *p, uint32_t index, uint8_t number,
			 uint32_t flags)
{
	const struct smb2_lock_element e = {.length = 10, .flags = flags};
	const struct smb2_lock_request in = {.id = p->id,
					     .sequence_index = index,
					     .sequence_number = number};
	struct tevent_req *req = cli_lock_send(p->t->mem, p->tree, &in, &e, 1);

	CHECK(req != NULL);
	return end_wait(p, req);
}

static void replayed(struct torture *t)
{
	struct party a = join_with_channels(t), b = join_with_channels(t);

	OK(numbered(&a, 64, 15, EXCL | FAIL_NOW));
	OK(numbered(&a, 64, 15, EXCL | FAIL_NOW));
	STATUS(numbered(&b, 64, 15, EXCL | FAIL_NOW), LOCK_NOT_GRANTED);
	STATUS(numbered(&a, 64, 14, EXCL | FAIL_NOW), LOCK_NOT_GRANTED);
	/* that has emptied the bucket */
	STATUS(numbered(&a, 64, 15, EXCL | FAIL_NOW), LOCK_NOT_GRANTED);
	OK(numbered(&a, 1, 0, UNLOCK));
	OK(numbered(&a, 1, 0, UNLOCK));
	STATUS(numbered(&a, 0, 0, UNLOCK), RANGE_NOT_LOCKED);
	STATUS(numbered(&a, 65, 0, UNLOCK), RANGE_NOT_LOCKED);
	STATUS(numbered(&a, 0x0FFFFFFF, 0, UNLOCK), RANGE_NOT_LOCKED);
}

/* What waited is known again, too. */
static void replayed_after_waiting(struct torture *t)
{
	struct party a = join_with_channels(t), b = join_with_channels(t);
	const struct smb2_lock_element e = {.length = 10, .flags = EXCL};
	const struct smb2_lock_request in = {
		.id = a.id, .sequence_index = 7, .sequence_number = 3};
	struct tevent_req *req;

	OK(lock(&b, 0, 10, EXCL | FAIL_NOW));
	req = cli_lock_send(t->mem, a.tree, &in, &e, 1);
	CHECK(req != NULL &&
	      cli_wait_pending(cli_tree_conn(a.tree), req, SOON_MS));
	OK(lock(&b, 0, 10, UNLOCK));
	OK(end_wait(&a, req));
	OK(numbered(&a, 7, 3, EXCL | FAIL_NOW));
	STATUS(numbered(&a, 8, 3, EXCL | FAIL_NOW), LOCK_NOT_GRANTED);
}

/* --- what is refused ------------------------------------------------------ */

static void refused(struct torture *t)
{
	struct party stat = join_as(t, FILE_READ_ATTRIBUTES);
	struct party reader = join_as(t, FILE_READ_DATA);
	struct party dir = {.t = t, .tree = reader.tree};
	const struct smb2_lock_request none = {.id = reader.id};
	struct tevent_req *req;

	dir.id = torture_open(t, dir.tree, torture_dir(t, dir.tree),
			      TORTURE_ALL, FILE_OPEN, 0);
	STATUS(lock(&dir, 0, 10, SHARED | FAIL_NOW), INVALID_PARAMETER);
	STATUS(lock(&dir, 0, 10, UNLOCK), INVALID_PARAMETER);
	STATUS(lock(&stat, 0, 10, SHARED | FAIL_NOW), ACCESS_DENIED);
	STATUS(lock(&reader, 0, 10, 0), INVALID_PARAMETER);
	STATUS(lock(&reader, 0, 10, SHARED | EXCL), INVALID_PARAMETER);
	STATUS(lock(&reader, 0, 10, SHARED | 0x100), INVALID_PARAMETER);
	STATUS(lock(&reader, 0, 10, UINT32_MAX), INVALID_PARAMETER);
	OK(lock(&reader, 0, 10, EXCL | FAIL_NOW));
	req = cli_lock_send(t->mem, reader.tree, &none, NULL, 0);
	CHECK(req != NULL);
	STATUS(end_wait(&reader, req), INVALID_PARAMETER);
	torture_is_alive(cli_tree_conn(reader.tree));
}

const struct torture_test torture_locks_tests[] = {
	{"locks.all_or_none", "[MS-SMB2] 3.3.5.14.2", all_or_none, 0},
	{"locks.over_each_other", "[MS-FSA] 2.1.4.10: own exclusive ones, too",
	 over_each_other, 0},
	{"locks.who_waits_is_alone", "[MS-SMB2] 3.3.5.14.2", who_waits_is_alone,
	 0},
	{"locks.an_unlock_among_locks",
	 "[MS-SMB2] 3.3.5.14.2: what is before it stays", an_unlock_among_locks,
	 0},
	{"locks.unlocks_stay", "[MS-SMB2] 3.3.5.14.1", unlocks_stay, 0},
	{"locks.far_beyond", "[MS-FSA] 2.1.5.8: up to the last of 2^64 bytes",
	 far_beyond, 0},
	{"locks.of_no_length", "[MS-FSA] 2.1.4.10", of_no_length, 0},
	{"locks.against_data", "[MS-FSA] 2.1.5.3, 2.1.5.4, 2.1.5.10.39",
	 against_data, 0},
	{"locks.shared_against_data", "[MS-FSA] 2.1.4.10", shared_against_data,
	 0},
	{"locks.in_order", "who waits longest is first", in_order, 0},
	{"locks.shared_together", "[MS-FSA] 2.1.5.8", shared_together, 0},
	{"locks.cancelled_one_is_passed_over", "[MS-FSA] 2.1.5.20",
	 cancelled_one_is_passed_over, 0},
	{"locks.close_releases", "[MS-FSA] 2.1.5.5", close_releases, 0},
	{"locks.tree_disconnect_releases", "[MS-SMB2] 3.3.5.8",
	 tree_disconnect_releases, 0},
	{"locks.logoff_releases", "[MS-SMB2] 3.3.5.6", logoff_releases, 0},
	{"locks.disconnect_releases", "[MS-SMB2] 3.3.7.1", disconnect_releases,
	 0},
	{"locks.waiter_closes", "who waits behind him has it", waiter_closes,
	 0},
	{"locks.waiter_disconnects", "who waits behind him has it",
	 waiter_disconnects, 0},
	{"locks.replayed", "[MS-SMB2] 3.3.5.14: LockSequenceArray", replayed,
	 0},
	{"locks.replayed_after_waiting", "[MS-SMB2] 3.3.5.14.2",
	 replayed_after_waiting, 0},
	{"locks.refused", "[MS-SMB2] 2.2.26, 3.3.5.14", refused, 0},
	{NULL, NULL, NULL, 0},
};
