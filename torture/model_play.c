/* torture/model_play.c - what clients do next. */
#include "torture/model_play.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/nt.h"

#define UNDER_WAY_MAX 2

struct model_dice model_dice(uint64_t seed)
{
	struct model_dice d = {seed * 0x9e3779b97f4a7c15u + 0x1234567};

	for (int i = 0; i < 8; i++) {
		(void)model_roll(&d, 2);
	}
	return d;
}

uint32_t model_roll(struct model_dice *d, uint32_t sides)
{
	d->state ^= d->state << 13;
	d->state ^= d->state >> 7;
	d->state ^= d->state << 17;
	return (uint32_t)((d->state >> 24) % sides);
}

static bool chance(struct model_table *t, uint32_t percent)
{
	return model_roll(&t->dice, 100) < percent;
}

static struct model_slot *slot_of(struct model_table *t, uint8_t open)
{
	return &t->players[open / MODEL_SLOTS].slots[open % MODEL_SLOTS];
}

/* --- CREATE --------------------------------------------------------------- */

static void choose_caching(struct model_table *t, struct model_op *op)
{
	static const uint8_t states[] = {
		MODEL_R,
		MODEL_R | MODEL_H,
		MODEL_R | MODEL_W,
		MODEL_R | MODEL_W | MODEL_H,
		MODEL_R | MODEL_W | MODEL_H,
		0,
	};

	op->caching = (uint8_t)model_roll(&t->dice, 9);
	if (op->caching > MODEL_LEASE_V2) {
		op->caching = MODEL_LEASE_V2;
	}
	if (op->caching >= MODEL_LEASE_V1) {
		op->state = states[model_roll(&t->dice, 6)];
		op->key = (uint8_t)model_roll(&t->dice, MODEL_KEYS);
	}
	if (op->caching == MODEL_LEASE_V2) {
		op->epoch = (uint16_t)(model_roll(&t->dice, 4) * 0x1111);
	}
}

static void choose_create(struct model_table *t, struct model_op *op)
{
	static const uint8_t accesses[] = {
		MODEL_READ,
		MODEL_READ,
		MODEL_READ | MODEL_WRITE,
		MODEL_READ | MODEL_WRITE,
		MODEL_READ | MODEL_WRITE | MODEL_DELETE,
		MODEL_READ | MODEL_DELETE,
		MODEL_WRITE,
		MODEL_DELETE,
		MODEL_CONTROL,
		0,
	};
	static const uint8_t dispositions[] = {
		FILE_OPEN,	   FILE_OPEN,	   FILE_OPEN_IF,
		FILE_OPEN_IF,	   FILE_OPEN_IF,   FILE_CREATE,
		FILE_OVERWRITE_IF, FILE_OVERWRITE, FILE_SUPERSEDE,
	};
	unsigned int n = sizeof(accesses), m = sizeof(dispositions);

	op->kind = MODEL_CREATE;
	op->name = (uint8_t)model_roll(&t->dice, MODEL_NAMES);
	op->access = accesses[model_roll(&t->dice, n)];
	op->share =
		chance(t, 60) ? MODEL_CLAIMS : (uint8_t)model_roll(&t->dice, 8);
	op->disposition = dispositions[model_roll(&t->dice, m)];
	op->delete_on_close = (op->access & MODEL_DELETE) != 0 && chance(t, 25);
	choose_caching(t, op);
}

/* --- with an open --------------------------------------------------------- */

static void choose_range(struct model_table *t, struct model_op *op)
{
	op->offset = (uint8_t)model_roll(&t->dice, MODEL_BYTES);
	op->length =
		(uint8_t)(1 + model_roll(&t->dice, MODEL_BYTES - op->offset));
}

static void choose_write(struct model_table *t, struct model_op *op)
{
	op->kind = MODEL_WRITE_DATA;
	choose_range(t, op);
	t->next_byte = t->next_byte == UINT8_MAX ? 1 : t->next_byte + 1;
	memset(op->data, t->next_byte, op->length);
}

static bool choose_lock(struct model_table *t, struct model_op *op,
			struct model_slot *s)
{
	if (t->locks >= MODEL_LOCKS) {
		return false;
	}
	t->locks++;
	s->asks = 1;
	op->kind = MODEL_LOCK;
	choose_range(t, op);
	op->exclusive = chance(t, 60);
	op->wait = chance(t, 40);
	return true;
}

static void choose_unlock(struct model_table *t, struct model_op *op,
			  const struct model_slot *s)
{
	op->kind = MODEL_UNLOCK;
	choose_range(t, op);
	if (s->locks > 0 && chance(t, 90)) {
		op->offset = s->lock_offset;
		op->length = s->lock_length;
	}
}

static bool choose_with_open(struct model_table *t, struct model_op *op,
			     struct model_slot *s)
{
	uint32_t n = model_roll(&t->dice, 100);

	if (n < 19) {
		op->kind = MODEL_READ_DATA;
		choose_range(t, op);
	} else if (n < 40) {
		choose_write(t, op);
	} else if (n < 47) {
		return choose_lock(t, op, s);
	} else if (n < 53) {
		choose_unlock(t, op, s);
	} else if (n < 59) {
		op->kind = MODEL_SET_DELETE;
		op->on = chance(t, 60);
	} else if (n < 66) {
		op->kind = MODEL_RENAME;
		op->name = (uint8_t)model_roll(&t->dice, MODEL_NAMES);
		op->replace = chance(t, 60);
	} else {
		op->kind = MODEL_CLOSE;
	}
	return true;
}

/* Operations that the open has no right to are seldom asked for. */
static bool is_senseless(const struct model_op *op, const struct model_slot *s)
{
	static const uint8_t needs[MODEL_KINDS] = {
		[MODEL_READ_DATA] = MODEL_READ,
		[MODEL_WRITE_DATA] = MODEL_WRITE,
		[MODEL_SET_DELETE] = MODEL_DELETE,
		[MODEL_RENAME] = MODEL_DELETE,
	};

	return (needs[op->kind] & ~s->access) != 0;
}

/* --- acknowledgments ------------------------------------------------------ */

static bool choose_ack(struct model_table *t, uint8_t client,
		       struct model_op *op)
{
	struct model_player *p = &t->players[client];
	unsigned int i = model_roll(&t->dice, MODEL_SLOTS + MODEL_KEYS);
	struct model_due *d = &p->due[i];

	if (!d->due || d->ignored) {
		return false;
	}
	if (chance(t, 3)) {
		d->ignored = true;
		return false;
	}
	op->kind = MODEL_ACK;
	op->caching = d->caching;
	op->state = d->to;
	if (i < MODEL_SLOTS) {
		op->open = (uint8_t)(client * MODEL_SLOTS + i);
	} else {
		op->key = (uint8_t)(i - MODEL_SLOTS);
	}
	if (chance(t, 20)) {
		op->state &= (uint8_t)model_roll(&t->dice, 8);
		op->state &= (op->state & MODEL_R) != 0 ? 0xff : 0;
	} else if (d->caching >= MODEL_LEASE_V1 && chance(t, 5)) {
		op->state = MODEL_R | MODEL_W | MODEL_H;
	}
	return true;
}

/* --- choosing ------------------------------------------------------------- */

static bool choose(struct model_table *t, uint8_t client, struct model_op *op)
{
	struct model_player *p = &t->players[client];
	uint8_t i = (uint8_t)model_roll(&t->dice, MODEL_SLOTS);
	struct model_slot *s = &p->slots[i];

	memset(op, 0, sizeof(*op));
	op->client = client;
	if (chance(t, 60) && choose_ack(t, client, op)) {
		return true;
	}
	op->open = (uint8_t)(client * MODEL_SLOTS + i);
	if (p->under_way >= UNDER_WAY_MAX) {
		return false;
	}
	if (s->use == MODEL_FREE) {
		choose_create(t, op);
		s->use = MODEL_BUSY_FREE;
		return true;
	}
	if (s->use != MODEL_HELD || !choose_with_open(t, op, s)) {
		return false;
	}
	if (op->kind != MODEL_LOCK && is_senseless(op, s) && chance(t, 90)) {
		return false;
	}
	s->use = MODEL_BUSY_HELD;
	return true;
}

bool model_choose(struct model_table *t, uint8_t client, struct model_op *out)
{
	for (int i = 0; i < 4; i++) {
		if (choose(t, client, out)) {
			t->players[client].under_way++;
			return true;
		}
	}
	return false;
}

/* --- what has come of it -------------------------------------------------- */

static void free_slot(struct model_table *t, uint8_t open)
{
	struct model_slot *s = slot_of(t, open);

	t->locks -= s->locks + s->asks;
	*s = (struct model_slot){.use = MODEL_FREE};
	t->players[open / MODEL_SLOTS].due[open % MODEL_SLOTS] =
		(struct model_due){0};
}

static void note_create(struct model_slot *s, const struct model_op *op,
			const struct model_answer *a)
{
	s->use = MODEL_FREE;
	if (NT_STATUS_IS_OK(a->status)) {
		*s = (struct model_slot){.use = MODEL_HELD,
					 .access = op->access,
					 .caching = a->caching};
	}
}

static void note_lock(struct model_table *t, struct model_slot *s,
		      const struct model_op *op, const struct model_answer *a)
{
	s->asks = 0;
	if (op->kind == MODEL_UNLOCK) {
		unsigned int n = NT_STATUS_IS_OK(a->status) ? 1 : 0;

		ASSERT(s->locks >= n);
		s->locks -= (uint8_t)n;
		t->locks -= n;
	} else if (NT_STATUS_IS_OK(a->status)) {
		s->locks++;
		s->lock_offset = op->offset;
		s->lock_length = op->length;
	} else {
		t->locks--;
	}
}

/* Answered by now, whatever the answer. */
static void note_ack(struct model_table *t, const struct model_op *op,
		     const struct model_answer *a)
{
	struct model_due *due = t->players[op->client].due;
	unsigned int i = op->caching >= MODEL_LEASE_V1 ? MODEL_SLOTS + op->key
						       : op->open % MODEL_SLOTS;

	if (!NT_STATUS_IS(a->status, REQUEST_NOT_ACCEPTED)) {
		due[i] = (struct model_due){0};
	}
}

void model_note_answer(struct model_table *t, const struct model_op *op,
		       const struct model_answer *a)
{
	struct model_slot *s = slot_of(t, op->open);

	t->players[op->client].under_way--;
	if (op->kind == MODEL_ACK) {
		note_ack(t, op, a);
		return;
	}
	if (op->kind == MODEL_CREATE) {
		note_create(s, op, a);
		return;
	}
	s->use = MODEL_HELD;
	if (op->kind == MODEL_LOCK || op->kind == MODEL_UNLOCK) {
		note_lock(t, s, op, a);
	} else if (op->kind == MODEL_CLOSE) {
		free_slot(t, op->open);
	}
}

void model_note_told(struct model_table *t, const struct model_notice *n)
{
	struct model_player *p = &t->players[model_grant_client(n->grant)];
	struct model_slot *s;
	struct model_due *d;
	bool due;

	if (n->lease) {
		d = &p->due[MODEL_SLOTS +
			    (n->grant - MODEL_OPENS) % MODEL_KEYS];
		*d = (struct model_due){.due = n->ack != 0,
					.caching = MODEL_LEASE_V1,
					.to = n->to};
		return;
	}
	s = slot_of(t, n->grant);
	due = s->caching == MODEL_EXCLUSIVE || s->caching == MODEL_BATCH;
	s->caching = n->to == MODEL_R ? MODEL_LEVEL_II : MODEL_NONE;
	d = &p->due[n->grant % MODEL_SLOTS];
	*d = (struct model_due){
		.due = due, .caching = MODEL_LEVEL_II, .to = n->to};
}

void model_note_gone(struct model_table *t, uint8_t client)
{
	for (unsigned int i = 0; i < MODEL_SLOTS; i++) {
		free_slot(t, (uint8_t)(client * MODEL_SLOTS + i));
	}
	memset(&t->players[client], 0, sizeof(t->players[client]));
}
