/* torture/model_grants.c - the model's oplocks and leases: docs/caching.md, as
 * read from [MS-FSA] 2.1.4.12, 2.1.5.18, 2.1.5.19 and [MS-SMB2] 3.3.5.9.8,
 * 3.3.5.22.  Written without a look at the server's tables. */
#include "torture/model_int.h"

#include "lib/assert.h"

/* --- breaking ------------------------------------------------------------- */

struct rule {
	uint8_t target;
	bool ack, wait;
};

/* Level II, exclusive and batch oplocks are R, RW and RWH. */
static struct rule oplock_rule(enum model_breaks op, uint8_t state)
{
	bool one = (state & MODEL_W) != 0; /* exclusive or batch */
	struct rule keep = {.target = state};

	switch (op) {
	case MODEL_BREAK_OPEN:
	case MODEL_BREAK_CONTROL:
	case MODEL_BREAK_READ:
		return one ? (struct rule){MODEL_R, true, true} : keep;
	case MODEL_BREAK_OVERWRITE:
	case MODEL_BREAK_WRITE:
		return (struct rule){0, one, one};
	case MODEL_BREAK_SHARE:
		return (state & MODEL_H) != 0
			       ? (struct rule){MODEL_R, true, true}
			       : keep;
	case MODEL_BREAK_RENAME:
		return (state & MODEL_H) != 0 ? (struct rule){0, true, true}
					      : keep;
	default:
		return keep;
	}
}

static struct rule lease_rule(enum model_breaks op, uint8_t state)
{
	bool w = (state & MODEL_W) != 0, h = (state & MODEL_H) != 0;
	struct rule keep = {.target = state};

	switch (op) {
	case MODEL_BREAK_OPEN:
	case MODEL_BREAK_READ:
		return w ? (struct rule){state & ~MODEL_W, true, true} : keep;
	case MODEL_BREAK_OVERWRITE:
	case MODEL_BREAK_WRITE:
		return (struct rule){0, w || h, w};
	case MODEL_BREAK_SHARE:
	case MODEL_BREAK_RENAME:
	case MODEL_BREAK_DELETE:
		return h ? (struct rule){state & ~MODEL_H, true, true} : keep;
	default:
		return keep;
	}
}

static struct rule rule_of(const struct model_grant *g, enum model_breaks op)
{
	if (g->state == 0) {
		return (struct rule){0};
	}
	return g->lease != 0 ? lease_rule(op, g->state)
			     : oplock_rule(op, g->state);
}

static void tell(struct model_call *c, struct model_grant *g, uint8_t to,
		 bool ack)
{
	struct model_effect *e = c->out;

	ASSERT(e->num_notices < MODEL_NOTICES);
	e->notices[e->num_notices++] = (struct model_notice){
		.grant = (uint8_t)(g - c->m->grants),
		.lease = g->lease != 0,
		.from = g->lease != 0 ? g->state : 0,
		.to = to,
		.ack = g->lease != 0 && ack,
		.epoch = g->lease == 2 ? g->epoch : 0,
	};
	if (!ack) {
		g->state = to;
		return;
	}
	g->breaking = 1;
	g->break_to = to;
	g->required = to;
}

static void end_break(struct model_grant *g)
{
	g->breaking = 0;
	g->break_to = 0;
	g->required = 0;
	g->further = 0;
	g->told_from = 0;
	g->told_until = 0;
}

static bool may_have_expired(const struct model_grant *g,
			     const struct model_moment *at)
{
	return g->breaking && at->expired && g->told_from < at->may_before;
}

/* Who would have to wait sees that it has expired; others need not look. */
static bool has_expired(const struct model_grant *g,
			const struct model_moment *at, bool waits)
{
	return may_have_expired(g, at) ||
	       (waits && g->breaking && g->told_until < at->must_before);
}

/* Whether op waits for this grant. */
static bool break_one(struct model_call *c, struct model_grant *g,
		      enum model_breaks op)
{
	struct rule r = rule_of(g, op);
	bool waits = r.wait || g->further;

	if (r.target == g->state && !g->further) {
		return false;
	}
	if (has_expired(g, c->at, waits)) {
		g->state = 0;
		end_break(g);
		return false;
	}
	if (g->breaking) {
		g->required &= r.target;
		return waits;
	}
	if (g->lease == 2) {
		g->epoch++;
	}
	tell(c, g, r.target, r.ack);
	return waits;
}

bool model_break_again(struct model *m, const struct model_notice *n)
{
	struct model_grant *g = &m->grants[n->grant];
	const struct model_moment at = {0};
	struct model_effect e = {0};
	struct model_call c = {.m = m, .at = &at, .out = &e};
	struct model before = *m;

	if (!g->used || g->breaking || (g->state & MODEL_R) == 0 ||
	    (g->state & MODEL_W) != 0) {
		return false;
	}
	(void)break_one(&c, g, MODEL_BREAK_WRITE);
	if (e.num_notices == 1 && model_notice_is(&e.notices[0], n)) {
		return true;
	}
	*m = before;
	return false;
}

/* 2.1.4.12: a level II oplock does not even spare who holds it. */
static bool is_spared(const struct model_grant *g, enum model_breaks op)
{
	return g->lease != 0 || g->state != MODEL_R || op != MODEL_BREAK_WRITE;
}

bool model_break(struct model_call *c, uint8_t file, enum model_breaks op,
		 uint8_t own)
{
	bool waits = false;

	for (uint8_t i = 0; i < MODEL_GRANTS && op != MODEL_BREAK_NOTHING;
	     i++) {
		struct model_grant *g = &c->m->grants[i];

		if (!g->used || g->file != file ||
		    (own == i + 1 && is_spared(g, op))) {
			continue;
		}
		waits = break_one(c, g, op) || waits;
	}
	return waits;
}

/* --- asking --------------------------------------------------------------- */

/* What there is beside the open and its lease. */
struct others {
	bool opens;
	uint8_t leases, oplocks; /* states together */
};

static struct others find_others(const struct model *m, uint8_t open,
				 uint8_t place)
{
	uint8_t file = m->opens[open].file;
	struct others o = {0};

	for (uint8_t i = 0; i < MODEL_GRANTS; i++) {
		const struct model_grant *g = &m->grants[i];

		if (g->used && g->file == file && i != place) {
			*(g->lease != 0 ? &o.leases : &o.oplocks) |= g->state;
		}
	}
	for (uint8_t i = 0; i < MODEL_OPENS; i++) {
		const struct model_open *other = &m->opens[i];

		if (other->used && i != open && other->file == file &&
		    (other->access & MODEL_CLAIMS) != 0 &&
		    other->grant != place + 1) {
			o.opens = true;
		}
	}
	return o;
}

/* 2.1.5.18: the most of wanted that can be had. */
static uint8_t allowed(const struct model_call *c, uint8_t open, uint8_t place,
		       uint8_t wanted, bool lease)
{
	const struct model *m = c->m;
	const struct others o = find_others(m, open, place);
	uint8_t file = m->opens[open].file;
	uint8_t all = o.leases | o.oplocks;

	if (c->at->locked || model_is_locked(m, file) || (all & MODEL_W) != 0 ||
	    (wanted & MODEL_R) == 0) {
		return 0;
	}
	if (m->files[file].delete_pending) {
		wanted &= ~MODEL_H;
	}
	if (o.opens || all != 0) {
		wanted &= lease ? MODEL_R | MODEL_H : MODEL_R;
	}
	if (lease && o.oplocks != 0) {
		wanted &= ~MODEL_H;
	}
	return !lease && (o.leases & MODEL_H) != 0 ? 0 : wanted;
}

static uint8_t wanted_of(const struct model_op *op)
{
	static const uint8_t states[] = {
		[MODEL_LEVEL_II] = MODEL_R,
		[MODEL_EXCLUSIVE] = MODEL_R | MODEL_W,
		[MODEL_BATCH] = MODEL_R | MODEL_W | MODEL_H,
	};

	return op->caching >= MODEL_LEASE_V1 ? op->state : states[op->caching];
}

static uint8_t level_of(uint8_t state)
{
	if ((state & MODEL_H) != 0) {
		return MODEL_BATCH;
	}
	return (state & MODEL_W) != 0 ? MODEL_EXCLUSIVE : MODEL_LEVEL_II;
}

static void ask_oplock(struct model_call *c)
{
	struct model_grant *g = &c->m->grants[c->op->open];
	uint8_t state =
		allowed(c, c->op->open, c->op->open, wanted_of(c->op), false);

	if (state == 0) {
		return;
	}
	*g = (struct model_grant){.used = 1,
				  .state = state,
				  .file = c->m->opens[c->op->open].file};
	c->m->opens[c->op->open].grant = (uint8_t)(c->op->open + 1);
	c->out->answer.caching = level_of(state);
}

/* 3.3.5.9.8: no promotion to less, or while it breaks; all that was asked for
 * or nothing, but for a new one. */
static void promote(struct model_call *c, struct model_grant *g, uint8_t place,
		    bool fresh)
{
	uint8_t wanted = wanted_of(c->op);
	uint8_t state = allowed(c, c->op->open, place, wanted, true);

	if (g->breaking || (g->state & ~wanted) != 0 || state == g->state ||
	    (!fresh && state != wanted)) {
		return;
	}
	g->state = state;
	if (g->lease == 2) {
		g->epoch++;
	}
}

static void ask_lease(struct model_call *c)
{
	uint8_t place = model_lease(c->op->client, c->op->key);
	struct model_open *o = &c->m->opens[c->op->open];
	struct model_grant *g = &c->m->grants[place];
	bool fresh = !g->used;

	if (fresh) {
		*g = (struct model_grant){
			.used = 1,
			.file = o->file,
			.lease = c->op->caching == MODEL_LEASE_V2 ? 2 : 1};
		g->epoch = g->lease == 2 ? c->op->epoch : 0;
	}
	promote(c, g, place, fresh);
	o->grant = (uint8_t)(place + 1);
	c->out->answer.caching =
		g->lease == 2 ? MODEL_LEASE_V2 : MODEL_LEASE_V1;
	c->out->answer.state = g->state;
	c->out->answer.breaking = g->breaking;
	c->out->answer.epoch = g->epoch;
}

void model_create_end(struct model *m, const struct model_op *op,
		      const struct model_moment *at, struct model_answer *out)
{
	struct model_effect e = {.answer = *out};
	struct model_call c = {.m = m, .op = op, .at = at, .out = &e};

	if (op->caching >= MODEL_LEASE_V1) {
		ask_lease(&c);
	} else if (op->caching != MODEL_NONE) {
		ask_oplock(&c);
	}
	*out = e.answer;
}

bool model_grant_is(const struct model_answer *want,
		    const struct model_answer *got)
{
	return want->caching == got->caching && want->state == got->state &&
	       want->breaking == got->breaking && want->epoch == got->epoch;
}

void model_grant_leave(struct model *m, struct model_open *o)
{
	uint8_t grant = o->grant;

	o->grant = 0;
	for (unsigned int i = 0; i < MODEL_OPENS && grant != 0; i++) {
		if (m->opens[i].used && m->opens[i].grant == grant) {
			return;
		}
	}
	if (grant != 0) {
		m->grants[grant - 1] = (struct model_grant){0};
	}
}

/* --- answers -------------------------------------------------------------- */

/* HANDLE goes first, the rest when that is answered (smbtorture
 * smb2.lease.breaking3). */
static void go_on(struct model_call *c, struct model_grant *g, uint8_t required)
{
	uint8_t to = g->state & required;
	bool ack = (g->state & (MODEL_W | MODEL_H)) != 0;

	if ((g->state & ~required & MODEL_H) != 0) {
		to = g->state & ~MODEL_H;
	}
	if (to == g->state) {
		return;
	}
	tell(c, g, to, ack);
	if (ack) {
		g->required = required;
		g->further = 1;
	}
}

static NTSTATUS not_breaking(const struct model_op *op)
{
	return op->caching >= MODEL_LEASE_V1
		       ? NT_STATUS(UNSUCCESSFUL)
		       : NT_STATUS(INVALID_OPLOCK_PROTOCOL);
}

void model_grant_ack(struct model_call *c)
{
	const struct model_op *op = c->op;
	bool lease = op->caching >= MODEL_LEASE_V1;
	struct model_grant *g =
		&c->m->grants[lease ? model_lease(op->client, op->key)
				    : op->open];
	struct model_answer *a = &c->out->answer;
	uint8_t required = g->required, state = op->state;

	if (!g->used && lease) {
		a->status = NT_STATUS(OBJECT_NAME_NOT_FOUND);
		return;
	}
	/* Who is late has lost it when somebody minded. */
	if (may_have_expired(g, c->at)) {
		g->state = 0;
		end_break(g);
	}
	if (!g->breaking) {
		a->status = not_breaking(op);
		return;
	}
	if ((state & ~g->break_to) != 0 && lease) {
		a->status = NT_STATUS(REQUEST_NOT_ACCEPTED);
		return;
	}
	state &= g->break_to;
	g->state = state;
	end_break(g);
	a->state = state;
	go_on(c, g, required);
}
