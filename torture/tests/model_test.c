/* torture/tests/model_test.c - the model says what [MS-FSA] says, and the
 * checker says no to histories that no order explains. */
#include "torture/model_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "lib/nt.h"

#define RW (MODEL_READ | MODEL_WRITE)

/* --- one operation after the other ---------------------------------------- */

static struct model_op create_op(uint8_t client, uint8_t slot, uint8_t access,
				 uint8_t disposition)
{
	return (struct model_op){.kind = MODEL_CREATE,
				 .client = client,
				 .open = (uint8_t)(client * MODEL_SLOTS + slot),
				 .access = access,
				 .share = MODEL_CLAIMS,
				 .disposition = disposition};
}

static struct model_op lease_op(uint8_t client, uint8_t slot, uint8_t access,
				uint8_t state)
{
	struct model_op op = create_op(client, slot, access, FILE_OPEN_IF);

	op.caching = MODEL_LEASE_V2;
	op.state = state;
	return op;
}

static struct model_op open_op(uint8_t kind, uint8_t client, uint8_t slot)
{
	return (struct model_op){
		.kind = kind,
		.client = client,
		.open = (uint8_t)(client * MODEL_SLOTS + slot)};
}

static struct model_op write_op(uint8_t client, uint8_t slot, uint8_t byte)
{
	struct model_op op = open_op(MODEL_WRITE_DATA, client, slot);

	op.length = 2;
	memset(op.data, byte, 2);
	return op;
}

static struct model_op read_op(uint8_t client, uint8_t slot)
{
	struct model_op op = open_op(MODEL_READ_DATA, client, slot);

	op.length = 2;
	return op;
}

static struct model_op lock_op(uint8_t client, uint8_t slot, bool exclusive)
{
	struct model_op op = open_op(MODEL_LOCK, client, slot);

	op.length = 2;
	op.exclusive = exclusive;
	return op;
}

static struct model_op ack_op(uint8_t client, uint8_t state)
{
	return (struct model_op){.kind = MODEL_ACK,
				 .client = client,
				 .caching = MODEL_LEASE_V2,
				 .state = state};
}

static struct model_effect act(struct model *m, struct model_op op)
{
	const struct model_moment at = {0};
	struct model_effect e;

	model_step(m, &op, &at, &e);
	if (op.kind == MODEL_CREATE && !e.waits &&
	    NT_STATUS_IS_OK(e.answer.status)) {
		model_create_end(m, &op, &at, &e.answer);
	}
	return e;
}

#define assert_done(m, op, name)                                               \
	do {                                                                   \
		struct model_effect e_ = act(m, op);                           \
                                                                               \
		assert_false(e_.waits);                                        \
		assert_string_equal(ntstatus_name(e_.answer.status),           \
				    ntstatus_name(NT_STATUS(name)));           \
	} while (0)

/* 2.1.5.1.2.2 */
static void test_sharing(void **state)
{
	struct model m = {0};
	struct model_op alone = create_op(0, 0, MODEL_READ, FILE_CREATE);

	alone.share = MODEL_READ;
	assert_done(&m, create_op(1, 0, MODEL_READ, FILE_OPEN),
		    OBJECT_NAME_NOT_FOUND);
	assert_done(&m, alone, SUCCESS);
	assert_done(&m, create_op(1, 0, MODEL_READ, FILE_CREATE),
		    OBJECT_NAME_COLLISION);
	assert_done(&m, create_op(1, 0, MODEL_WRITE, FILE_OPEN),
		    SHARING_VIOLATION);
	assert_done(&m, create_op(1, 0, 0, FILE_OVERWRITE), SHARING_VIOLATION);
	assert_done(&m, create_op(1, 0, MODEL_READ, FILE_OPEN), SUCCESS);
	assert_done(&m, open_op(MODEL_CLOSE, 0, 0), SUCCESS);
	assert_done(&m, open_op(MODEL_CLOSE, 0, 0), FILE_CLOSED);
	assert_done(&m, create_op(0, 0, MODEL_WRITE, FILE_OPEN), SUCCESS);
}

/* 2.1.5.5: the last close deletes; a killed process deletes nothing. */
static void test_deletion(void **state)
{
	struct model m = {0};
	struct model_op doomed = create_op(0, 0, MODEL_DELETE, FILE_CREATE);
	struct model_op killed = open_op(MODEL_VANISH, 0, 0);

	doomed.delete_on_close = 1;
	assert_done(&m, doomed, SUCCESS);
	assert_done(&m, create_op(1, 0, MODEL_READ, FILE_OPEN), SUCCESS);
	assert_done(&m, open_op(MODEL_CLOSE, 0, 0), SUCCESS);
	assert_done(&m, create_op(2, 0, MODEL_READ, FILE_OPEN), DELETE_PENDING);
	assert_done(&m, open_op(MODEL_CLOSE, 1, 0), SUCCESS);
	assert_int_equal(m.files[0].exists, 0);
	assert_done(&m, doomed, SUCCESS);
	assert_done(&m, killed, SUCCESS);
	assert_int_equal(m.files[0].exists, 1);
}

static void test_data(void **state)
{
	struct model m = {0};
	struct model_effect e;

	assert_done(&m, create_op(0, 0, RW, FILE_CREATE), SUCCESS);
	assert_done(&m, read_op(0, 0), END_OF_FILE);
	assert_done(&m, write_op(0, 0, 7), SUCCESS);
	e = act(&m, read_op(0, 0));
	assert_int_equal(e.answer.length, 2);
	assert_int_equal(e.answer.data[1], 7);
	assert_done(&m, create_op(1, 0, RW, FILE_OVERWRITE), SUCCESS);
	assert_done(&m, read_op(0, 0), END_OF_FILE);
}

/* 2.1.4.10, 2.1.5.8, 2.1.5.9 */
static void test_locks(void **state)
{
	struct model m = {0};
	struct model_op waiting = lock_op(1, 0, true);
	struct model_op unlock = open_op(MODEL_UNLOCK, 0, 0);

	waiting.wait = 1;
	unlock.length = 2;
	assert_done(&m, create_op(0, 0, RW, FILE_CREATE), SUCCESS);
	assert_done(&m, create_op(1, 0, RW, FILE_OPEN), SUCCESS);
	assert_done(&m, lock_op(0, 0, true), SUCCESS);
	assert_done(&m, lock_op(0, 0, true), LOCK_NOT_GRANTED);
	assert_done(&m, lock_op(1, 0, false), LOCK_NOT_GRANTED);
	assert_done(&m, write_op(1, 0, 1), FILE_LOCK_CONFLICT);
	assert_done(&m, write_op(0, 0, 1), SUCCESS);
	assert_true(act(&m, waiting).waits);
	assert_done(&m, unlock, SUCCESS);
	assert_done(&m, unlock, RANGE_NOT_LOCKED);
	assert_done(&m, waiting, SUCCESS);
	assert_done(&m, read_op(0, 0), FILE_LOCK_CONFLICT);
	assert_done(&m, open_op(MODEL_CLOSE, 1, 0), SUCCESS);
	assert_done(&m, read_op(0, 0), SUCCESS);
}

static void test_rename(void **state)
{
	struct model m = {0};
	struct model_op other = create_op(1, 0, MODEL_READ, FILE_CREATE);
	struct model_op rename = open_op(MODEL_RENAME, 0, 0);

	other.name = 1;
	rename.name = 1;
	assert_done(&m, create_op(0, 0, RW | MODEL_DELETE, FILE_CREATE),
		    SUCCESS);
	assert_done(&m, write_op(0, 0, 9), SUCCESS);
	assert_done(&m, other, SUCCESS);
	assert_done(&m, rename, OBJECT_NAME_COLLISION);
	rename.replace = 1;
	assert_done(&m, rename, ACCESS_DENIED);
	assert_done(&m, open_op(MODEL_CLOSE, 1, 0), SUCCESS);
	assert_done(&m, rename, SUCCESS);
	assert_int_equal(m.files[0].exists, 0);
	assert_int_equal(m.files[1].size, 2);
	assert_int_equal(m.opens[0].file, 1);
}

/* docs/caching.md: W is given back before another open. */
static void test_lease(void **state)
{
	struct model m = {0};
	struct model_op other = create_op(1, 0, MODEL_READ, FILE_OPEN);
	struct model_effect e =
		act(&m, lease_op(0, 0, RW, MODEL_R | MODEL_W | MODEL_H));

	assert_int_equal(e.answer.state, MODEL_R | MODEL_W | MODEL_H);
	assert_int_equal(e.answer.epoch, 1);
	e = act(&m, other);
	assert_true(e.waits);
	assert_int_equal(e.num_notices, 1);
	assert_int_equal(e.notices[0].to, MODEL_R | MODEL_H);
	assert_int_equal(e.notices[0].epoch, 2);
	e = act(&m, other);
	assert_true(e.waits);
	assert_int_equal(e.num_notices, 0);
	assert_done(&m, ack_op(0, MODEL_R | MODEL_W), REQUEST_NOT_ACCEPTED);
	assert_done(&m, ack_op(0, MODEL_R), SUCCESS);
	assert_done(&m, ack_op(0, MODEL_R), UNSUCCESSFUL);
	assert_done(&m, other, SUCCESS);
	assert_int_equal(m.grants[model_lease(0, 0)].state, MODEL_R);
}

/* --- histories ------------------------------------------------------------ */

struct history {
	struct model_round r;
	struct model_states before;
	struct model first;
	int64_t now;
};

static void begin(struct history *h)
{
	memset(h, 0, sizeof(*h));
	h->now = 5000000;
	h->r.patience = 1000000;
	h->r.begin = h->now;
	h->before.list = &h->first;
	h->before.count = 1;
}

/* An operation from `from` to `to` microseconds, and this answer. */
static struct model_event *happened(struct history *h, struct model_op op,
				    int from, int to, NTSTATUS status)
{
	struct model_event *e = &h->r.events[h->r.num_events++];

	e->number = h->r.num_events;
	e->op = op;
	e->sent = h->now + from;
	e->done = h->now + to;
	e->answered = true;
	e->answer.status = status;
	h->r.end = e->done > h->r.end ? e->done : h->r.end;
	return e;
}

/* The next round begins so much later; what was unanswered is under way. */
static void is_verdict(struct history *h, enum model_verdict want)
{
	struct model_states after = {0};
	struct model_search search;

	assert_int_equal(model_check(NULL, &h->r, &h->before, &after, &search),
			 want);
	talloc_free(after.list);
}

static void told(struct history *h, uint8_t grant, uint8_t from, uint8_t to,
		 int time)
{
	h->r.told[h->r.num_told++] =
		(struct model_told){.notice = {.grant = grant,
					       .lease = 1,
					       .from = from,
					       .to = to,
					       .ack = from != MODEL_R,
					       .epoch = 2},
				    .time = h->now + time};
}

/* Opens for 0 and 1 of a file with two bytes 5. */
static void two_opens(struct history *h)
{
	begin(h);
	(void)act(&h->first, create_op(0, 0, RW, FILE_CREATE));
	(void)act(&h->first, create_op(1, 0, RW, FILE_OPEN));
	(void)act(&h->first, write_op(0, 0, 5));
}

static void read_as(struct history *h, uint8_t client, int from, int to,
		    uint8_t byte)
{
	struct model_event *e =
		happened(h, read_op(client, 0), from, to, NT_STATUS_OK);

	e->answer.length = 2;
	memset(e->answer.data, byte, 2);
}

static void test_reads(void **state)
{
	struct history h;

	/* While it is written: the old or the new. */
	for (uint8_t byte = 5; byte <= 7; byte++) {
		two_opens(&h);
		happened(&h, write_op(0, 0, 6), 0, 100, NT_STATUS_OK);
		read_as(&h, 1, 50, 150, byte);
		is_verdict(&h, byte < 7 ? MODEL_LEGAL : MODEL_VIOLATION);
	}
	/* Behind it: the new. */
	for (uint8_t byte = 5; byte <= 6; byte++) {
		two_opens(&h);
		happened(&h, write_op(0, 0, 6), 0, 100, NT_STATUS_OK);
		read_as(&h, 1, 101, 150, byte);
		is_verdict(&h, byte == 6 ? MODEL_LEGAL : MODEL_VIOLATION);
	}
	/* What has been read new is not read old by another afterwards. */
	two_opens(&h);
	happened(&h, write_op(0, 0, 6), 0, 1000, NT_STATUS_OK);
	read_as(&h, 1, 10, 20, 6);
	read_as(&h, 1, 30, 40, 5);
	is_verdict(&h, MODEL_VIOLATION);
}

/* Bytes that are old and new: only of what is being written. */
static void test_torn_reads(void **state)
{
	for (int behind = 0; behind < 2; behind++) {
		struct history h;
		struct model_event *e;

		two_opens(&h);
		happened(&h, write_op(0, 0, 6), 0, 100, NT_STATUS_OK);
		read_as(&h, 1, behind ? 101 : 50, 150, 6);
		e = &h.r.events[1];
		e->answer.data[1] = 5;
		is_verdict(&h, behind ? MODEL_VIOLATION : MODEL_LEGAL);
		e->answer.data[1] = 7;
		is_verdict(&h, MODEL_VIOLATION);
	}
}

static void test_two_exclusive_locks(void **state)
{
	struct history h;

	two_opens(&h);
	happened(&h, lock_op(0, 0, true), 0, 100, NT_STATUS_OK);
	happened(&h, lock_op(1, 0, true), 0, 100, NT_STATUS(LOCK_NOT_GRANTED));
	is_verdict(&h, MODEL_LEGAL);
	two_opens(&h);
	happened(&h, lock_op(0, 0, true), 0, 100, NT_STATUS_OK);
	happened(&h, lock_op(1, 0, true), 0, 100, NT_STATUS_OK);
	is_verdict(&h, MODEL_VIOLATION);
	/* Nor is it refused to both. */
	two_opens(&h);
	happened(&h, lock_op(0, 0, true), 0, 100, NT_STATUS(LOCK_NOT_GRANTED));
	happened(&h, lock_op(1, 0, true), 0, 100, NT_STATUS(LOCK_NOT_GRANTED));
	is_verdict(&h, MODEL_VIOLATION);
}

static void test_made_by_nobody(void **state)
{
	struct history h;
	struct model_event *e;

	begin(&h);
	e = happened(&h, create_op(0, 0, RW, FILE_CREATE), 0, 100,
		     NT_STATUS(SHARING_VIOLATION));
	(void)e;
	e = happened(&h, create_op(1, 0, RW, FILE_OPEN), 0, 100, NT_STATUS_OK);
	e->answer.action = FILE_OPENED;
	is_verdict(&h, MODEL_VIOLATION);
	begin(&h);
	for (uint8_t i = 0; i < 2; i++) {
		e = happened(&h, create_op(i, 0, RW, FILE_CREATE), 0, 100,
			     NT_STATUS_OK);
		e->answer.action = FILE_CREATED;
	}
	is_verdict(&h, MODEL_VIOLATION);
}

/* Two clients may not both write behind everybody's back. */
static void test_two_exclusive_holders(void **state)
{
	struct history h;

	for (int both = 0; both < 2; both++) {
		begin(&h);
		(void)act(&h.first, create_op(2, 0, 0, FILE_CREATE));
		for (uint8_t i = 0; i < 2; i++) {
			struct model_op op = create_op(i, 0, RW, FILE_OPEN);
			struct model_event *e;

			op.caching = MODEL_EXCLUSIVE;
			if (i == 1 && !both) {
				break;
			}
			e = happened(&h, op, 0, 100, NT_STATUS_OK);
			e->answer.action = FILE_OPENED;
			e->answer.caching = MODEL_EXCLUSIVE;
		}
		is_verdict(&h, both ? MODEL_VIOLATION : MODEL_LEGAL);
	}
}

/* Client 0 has a lease R; client 1, with an open, writes. */
static void reader_and_writer(struct history *h)
{
	begin(h);
	(void)act(&h->first, create_op(1, 0, RW, FILE_CREATE));
	(void)act(&h->first, lease_op(0, 0, MODEL_READ, MODEL_R));
	happened(h, write_op(1, 0, 6), 0, 100, NT_STATUS_OK);
}

static void test_missing_break(void **state)
{
	uint8_t lease = model_lease(0, 0);
	struct history h;

	reader_and_writer(&h);
	is_verdict(&h, MODEL_VIOLATION);
	reader_and_writer(&h);
	told(&h, lease, MODEL_R, 0, 90);
	is_verdict(&h, MODEL_LEGAL);
	/* Told of what nobody has asked for. */
	reader_and_writer(&h);
	told(&h, lease, MODEL_R, 0, 90);
	told(&h, model_lease(1, 0), MODEL_R, 0, 90);
	is_verdict(&h, MODEL_VIOLATION);
	/* Before anybody wrote. */
	reader_and_writer(&h);
	told(&h, lease, MODEL_R, 0, -10);
	is_verdict(&h, MODEL_VIOLATION);
}

/* Who holds W is asked, and answers, first. */
static void holder_and_other(struct history *h, int64_t done)
{
	struct model_event *e;

	begin(h);
	(void)act(&h->first, lease_op(0, 0, RW, MODEL_R | MODEL_W));
	e = happened(h, create_op(1, 0, MODEL_READ, FILE_OPEN), 0, (int)done,
		     NT_STATUS_OK);
	e->answer.action = FILE_OPENED;
	told(h, model_lease(0, 0), MODEL_R | MODEL_W, MODEL_R, 50);
}

static void test_not_waited_for(void **state)
{
	struct history h;
	struct model_event *e;

	holder_and_other(&h, 100);
	is_verdict(&h, MODEL_VIOLATION);
	holder_and_other(&h, 100);
	e = happened(&h, ack_op(0, MODEL_R), 60, 90, NT_STATUS_OK);
	e->answer.state = MODEL_R;
	is_verdict(&h, MODEL_LEGAL);
	/* He did not answer in time, or he did. */
	holder_and_other(&h, h.r.patience + 10000);
	is_verdict(&h, MODEL_LEGAL);
	holder_and_other(&h, h.r.patience - 10000);
	is_verdict(&h, MODEL_VIOLATION);
	/* He closed. */
	holder_and_other(&h, 100);
	happened(&h, open_op(MODEL_CLOSE, 0, 0), 60, 90, NT_STATUS_OK);
	is_verdict(&h, MODEL_LEGAL);
	/* His process was killed. */
	holder_and_other(&h, 100);
	e = happened(&h, open_op(MODEL_VANISH, 0, 0), 60, 90, NT_STATUS_OK);
	e->answered = false;
	is_verdict(&h, MODEL_LEGAL);
}

/* What changes nothing when it comes first may change something else. */
static void test_on_and_off(void **state)
{
	struct model_op on = open_op(MODEL_SET_DELETE, 0, 0);
	struct model_op off = open_op(MODEL_SET_DELETE, 1, 0);
	struct model_search search;
	struct model_states after;
	struct history h;

	begin(&h);
	(void)act(&h.first, create_op(0, 0, MODEL_DELETE, FILE_CREATE));
	(void)act(&h.first, create_op(1, 0, MODEL_DELETE, FILE_OPEN));
	on.on = 1;
	happened(&h, on, 0, 100, NT_STATUS_OK);
	happened(&h, off, 0, 100, NT_STATUS_OK);
	assert_int_equal(model_check(NULL, &h.r, &h.before, &after, &search),
			 MODEL_LEGAL);
	assert_int_equal(after.count, 2);
	talloc_free(after.list);
}

/* Who could go on has to. */
static void test_not_woken(void **state)
{
	struct model_op waiting = lock_op(1, 0, true);
	struct model_op unlock = open_op(MODEL_UNLOCK, 0, 0);
	struct history h;

	waiting.wait = 1;
	unlock.length = 2;
	for (int unlocked = 0; unlocked < 2; unlocked++) {
		two_opens(&h);
		(void)act(&h.first, lock_op(0, 0, true));
		(void)act(&h.first, waiting);
		happened(&h, waiting, 0, 100, NT_STATUS_OK)->answered = false;
		if (unlocked) {
			happened(&h, unlock, 0, 100, NT_STATUS_OK);
		}
		is_verdict(&h, unlocked ? MODEL_VIOLATION : MODEL_LEGAL);
	}
}

/* A lost connection's operation has been done, or not. */
static void test_lost(void **state)
{
	struct history h;

	for (uint8_t byte = 5; byte <= 7; byte++) {
		struct model_event *e;

		two_opens(&h);
		e = happened(&h, write_op(0, 0, 6), 0, 100, NT_STATUS_OK);
		e->answered = false;
		e->lost = true;
		read_as(&h, 1, 200, 250, byte);
		is_verdict(&h, byte < 7 ? MODEL_LEGAL : MODEL_VIOLATION);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sharing),
		cmocka_unit_test(test_deletion),
		cmocka_unit_test(test_data),
		cmocka_unit_test(test_locks),
		cmocka_unit_test(test_rename),
		cmocka_unit_test(test_lease),
		cmocka_unit_test(test_reads),
		cmocka_unit_test(test_torn_reads),
		cmocka_unit_test(test_two_exclusive_locks),
		cmocka_unit_test(test_made_by_nobody),
		cmocka_unit_test(test_two_exclusive_holders),
		cmocka_unit_test(test_missing_break),
		cmocka_unit_test(test_not_waited_for),
		cmocka_unit_test(test_on_and_off),
		cmocka_unit_test(test_not_woken),
		cmocka_unit_test(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
