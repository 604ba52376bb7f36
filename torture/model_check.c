/* torture/model_check.c - the search for an order.
 *
 * A point is a state of the model with the events that are done and the notices
 * that have been given.  From a point each event that may come next leads on:
 * done with the answer that there was, or begun to wait.  Points are looked at
 * once. */
#include "torture/model_check.h"

#include <string.h>

#include "lib/assert.h"

#define POINTS_MAX 200000
#define SLACK_USEC 1000000 /* for who waits to be woken */

struct point {
	struct model_trace at;
	size_t next; /* in its chain, + 1 */
};

struct search {
	TALLOC_CTX *mem;
	const struct model_round *r;
	const struct model_states *first;
	uint64_t before[MODEL_EVENTS]; /* those that must be done first */
	uint64_t must;		       /* all that has to be done */
	struct point *points;
	size_t count, room;
	size_t *chains; /* first of each, + 1 */
	size_t num_chains;
	struct model_states *out;
	struct model_search *result;
	bool too_many;
};

/* --- points --------------------------------------------------------------- */

static uint64_t hash(const struct model_trace *t)
{
	const uint8_t *p = (const uint8_t *)&t->model;
	uint64_t h = 14695981039346656037u ^ t->done ^ (t->heard << 24) ^
		     (t->entered << 12) ^ (t->granted << 18) ^
		     (t->waiting << 36);

	for (size_t i = 0; i < sizeof(t->model); i++) {
		h = (h ^ p[i]) * 1099511628211u;
	}
	return h ^ (h >> 29);
}

static bool is_same(const struct model_trace *a, const struct model_trace *b)
{
	return a->done == b->done && a->heard == b->heard &&
	       a->entered == b->entered && a->granted == b->granted &&
	       a->waiting == b->waiting &&
	       memcmp(&a->model, &b->model, sizeof(a->model)) == 0;
}

static void note_farthest(struct search *s, const struct model_trace *t)
{
	struct model_trace *best = &s->result->farthest;
	int have = __builtin_popcountll(best->done) +
		   __builtin_popcountll(best->heard);

	if (s->count == 1 ||
	    __builtin_popcountll(t->done) + __builtin_popcountll(t->heard) >
		    have) {
		*best = *t;
	}
}

/* Keeps t if it is new. */
static void reach(struct search *s, const struct model_trace *t)
{
	size_t *chain = &s->chains[hash(t) % s->num_chains];

	for (size_t i = *chain; i != 0; i = s->points[i - 1].next) {
		if (is_same(&s->points[i - 1].at, t)) {
			return;
		}
	}
	if (s->count == POINTS_MAX) {
		s->too_many = true;
		return;
	}
	if (s->count == s->room) {
		s->room = s->room * 2 + 64;
		s->points = talloc_realloc(s->mem, s->points, struct point,
					   s->room);
		ASSERT(s->points != NULL);
	}
	s->points[s->count].at = *t;
	s->points[s->count].next = *chain;
	*chain = ++s->count;
	note_farthest(s, t);
}

/* Nothing comes of it any more. */
static bool is_over(const struct model_event *e)
{
	return e->answered || e->lost || e->op.kind == MODEL_VANISH;
}

/* --- what comes before what ----------------------------------------------- */

static bool is_before(const struct model_event *a, const struct model_event *b)
{
	if (a->number == b->behind) {
		return true;
	}
	if ((a->answered || a->op.kind == MODEL_VANISH) && a->done < b->sent) {
		return true;
	}
	/* What a client asked for before it went away was done before its
	 * opens vanished, or never. */
	return a->lost && b->op.kind == MODEL_VANISH &&
	       a->op.client == b->op.client;
}

static void order(struct search *s)
{
	const struct model_round *r = s->r;

	for (unsigned int i = 0; i < r->num_events; i++) {
		const struct model_event *e = &r->events[i];

		for (unsigned int j = 0; j < r->num_events; j++) {
			if (j != i && is_before(&r->events[j], e)) {
				s->before[i] |= UINT64_C(1) << j;
			}
		}
		if (is_over(e)) {
			s->must |= UINT64_C(1) << i;
		}
	}
}

/* --- notices -------------------------------------------------------------- */

static void mark_told(const struct model_round *r, struct model_grant *g,
		      int64_t time)
{
	if (g->breaking) {
		g->told_from = (uint32_t)(r->begin / 1000);
		g->told_until = (uint32_t)(time / 1000 + 1);
	}
}

/* Whether somebody has been writing the file by that time. */
static bool is_written(const struct search *s, const struct model *m,
		       uint8_t file, int64_t time)
{
	for (unsigned int i = 0; i < s->r->num_events; i++) {
		const struct model_event *e = &s->r->events[i];

		if (model_is_write(&e->op) && e->sent <= time &&
		    (e->op.kind == MODEL_CREATE
			     ? e->op.name == file
			     : m->opens[e->op.open].file == file)) {
			return true;
		}
	}
	return false;
}

/* A holder who goes away may have gone before he could be told. */
static bool is_leaving(const struct search *s, const struct model_trace *t,
		       uint8_t grant)
{
	for (unsigned int i = 0; i < s->r->num_events; i++) {
		const struct model_op *op = &s->r->events[i].op;

		if ((op->kind == MODEL_CLOSE || op->kind == MODEL_VANISH) &&
		    (t->done & UINT64_C(1) << i) == 0 &&
		    t->model.opens[op->open].grant == grant + 1) {
			return true;
		}
	}
	return false;
}

/* One notice of e's: the one that the holder was given. */
static bool give(const struct search *s, struct model_trace *t,
		 const struct model_notice *n, const struct model_event *e)
{
	struct model_grant *g = &t->model.grants[n->grant];
	const struct model_round *r = s->r;
	int64_t until = r->end;
	unsigned int i = 0;

	while (i < r->num_told && ((t->heard & UINT64_C(1) << i) != 0 ||
				   r->told[i].time < e->sent ||
				   !model_notice_is(n, &r->told[i].notice))) {
		i++;
	}
	if (i < r->num_told) {
		t->heard |= UINT64_C(1) << i;
		until = r->told[i].time;
	} else if (!is_leaving(s, t, n->grant)) {
		return false;
	}
	mark_told(r, g, until);
	return true;
}

static bool give_all(const struct search *s, struct model_trace *t,
		     const struct model_effect *effect,
		     const struct model_event *e)
{
	bool good = true;

	for (unsigned int i = 0; i < effect->num_notices && good; i++) {
		good = give(s, t, &effect->notices[i], e);
	}
	return good;
}

/* --- steps ---------------------------------------------------------------- */

static uint32_t ms_before(int64_t usec, int64_t patience)
{
	return usec > patience ? (uint32_t)((usec - patience) / 1000) : 0;
}

struct model_moment model_moment_of(const struct model_round *r,
				    const struct model_event *e)
{
	return (struct model_moment){
		.must_before = ms_before(e->sent, r->patience),
		.may_before =
			ms_before(is_over(e) ? e->done : r->end, r->patience) +
			1,
	};
}

static bool may_expire(const struct model *m, const struct model_moment *at)
{
	for (unsigned int i = 0; i < MODEL_GRANTS; i++) {
		if (m->grants[i].breaking &&
		    m->grants[i].told_from < at->may_before) {
			return true;
		}
	}
	return false;
}

/* What had to wait when a round began, and was cancelled in it, may end so,
 * whatever there is by now. */
static bool ends_cancelled(const struct model_event *e, struct model *m)
{
	if (!e->answered || !e->cancelled ||
	    !NT_STATUS_IS(e->answer.status, CANCELLED)) {
		return false;
	}
	m->opens[e->op.open].waits_to_lock = 0;
	return true;
}

static bool is_opened(const struct model_event *e,
		      const struct model_effect *effect, const struct model *m)
{
	return e->op.kind == MODEL_CREATE &&
	       NT_STATUS_IS_OK(effect->answer.status) &&
	       m->opens[e->op.open].used;
}

/* Whether some file had this byte there when the round began. */
static bool was_there(const struct search *s, uint8_t offset, uint8_t byte)
{
	for (size_t i = 0; i < s->first->count; i++) {
		const struct model_file *f = s->first->list[i].files;

		for (unsigned int j = 0; j < MODEL_NAMES; j++) {
			if (f[j].data[offset] == byte) {
				return true;
			}
		}
	}
	return false;
}

/* Whether the byte was written while it was read, and is the old one or the new
 * one. */
static bool is_being_written(const struct search *s, const struct model *m,
			     const struct model_event *read, uint8_t offset,
			     uint8_t byte)
{
	for (unsigned int i = 0; i < s->r->num_events; i++) {
		const struct model_event *e = &s->r->events[i];

		if (e->op.kind == MODEL_WRITE_DATA && e->sent < read->done &&
		    e->done > read->sent &&
		    m->opens[e->op.open].file == m->opens[read->op.open].file &&
		    offset >= e->op.offset &&
		    offset < e->op.offset + e->op.length &&
		    (e->op.data[offset - e->op.offset] == byte ||
		     was_there(s, offset, byte))) {
			return true;
		}
	}
	return false;
}

/* Linux's file systems copy what is read while others write it: of several
 * bytes some are new, and some old. */
static bool is_torn(const struct search *s, const struct model *m,
		    const struct model_event *e,
		    const struct model_answer *want)
{
	const struct model_answer *got = &e->answer;
	uint8_t others = 0;

	if (e->op.kind != MODEL_READ_DATA || !NT_STATUS_IS_OK(want->status) ||
	    !NT_STATUS_IS_OK(got->status) || want->length != got->length) {
		return false;
	}
	for (uint8_t i = 0; i < want->length; i++) {
		uint8_t offset = (uint8_t)(e->op.offset + i);

		if (want->data[i] == got->data[i]) {
			continue;
		}
		if (!is_being_written(s, m, e, offset, got->data[i])) {
			return false;
		}
		others++;
	}
	return others < want->length;
}

/* Event i comes next, at that moment. */
static void step(struct search *s, const struct model_trace *from,
		 unsigned int i, const struct model_moment *at)
{
	const struct model_event *e = &s->r->events[i];
	struct model_trace to = *from;
	struct model_effect effect;

	model_step(&to.model, &e->op, at, &effect);
	if (!give_all(s, &to, &effect, e)) {
		return;
	}
	if (!effect.waits) {
		if (!is_over(e)) {
			return;
		}
		if (e->answered &&
		    !model_answer_is(&e->op, &effect.answer, &e->answer) &&
		    !is_torn(s, &to.model, e, &effect.answer)) {
			return;
		}
		if (is_opened(e, &effect, &to.model)) {
			to.entered |= UINT64_C(1) << i;
		} else {
			to.done |= UINT64_C(1) << i;
		}
	} else if (!is_over(e)) {
		to.waiting |= UINT64_C(1) << i;
	}
	reach(s, &to);
}

static bool is_any_lock(const struct search *s)
{
	bool any = false;

	for (size_t i = 0; i < s->first->count && !any; i++) {
		any = s->first->list[i].locks[0].length != 0;
	}
	for (unsigned int i = 0; i < s->r->num_events && !any; i++) {
		any = s->r->events[i].op.kind == MODEL_LOCK;
	}
	return any;
}

static void see_grant_if(struct search *s, const struct model_trace *from,
			 unsigned int i, bool locked)
{
	const struct model_event *e = &s->r->events[i];
	const struct model_moment at = {.locked = locked};
	struct model_trace to = *from;
	struct model_answer got = {0};

	to.entered &= ~(UINT64_C(1) << i);
	model_create_end(&to.model, &e->op, &at, &got);
	if (e->lost) {
		to.done |= UINT64_C(1) << i;
		reach(s, &to);
	} else if (model_grant_is(&got, &e->answer)) {
		to.granted |= UINT64_C(1) << i;
		reach(s, &to);
	}
}

/* A CREATE has entered, and is granted something; or nothing for locks that
 * were there when it began. */
static void see_grant(struct search *s, const struct model_trace *from,
		      unsigned int i)
{
	struct model_trace to = *from;

	if (s->r->events[i].lost) {
		to.entered &= ~(UINT64_C(1) << i);
		to.done |= UINT64_C(1) << i;
		reach(s, &to);
	}
	see_grant_if(s, from, i, false);
	if (is_any_lock(s)) {
		see_grant_if(s, from, i, true);
	}
}

/* Has the file the size by now that it was told? */
static void see_size(struct search *s, const struct model_trace *from,
		     unsigned int i)
{
	const struct model_event *e = &s->r->events[i];
	struct model_trace to = *from;

	if (model_size_is(&to.model, &e->op, &e->answer)) {
		to.granted &= ~(UINT64_C(1) << i);
		to.done |= UINT64_C(1) << i;
		reach(s, &to);
	}
}

static void try_event(struct search *s, const struct model_trace *from,
		      unsigned int i)
{
	const struct model_event *e = &s->r->events[i];
	struct model_moment at = model_moment_of(s->r, e);
	struct model_trace skipped = *from;

	if ((from->entered & UINT64_C(1) << i) != 0) {
		see_grant(s, from, i);
		return;
	}
	if ((from->granted & UINT64_C(1) << i) != 0) {
		see_size(s, from, i);
		return;
	}
	if (ends_cancelled(e, &skipped.model)) {
		skipped.done |= UINT64_C(1) << i;
		reach(s, &skipped);
		skipped = *from;
	}
	step(s, from, i, &at);
	if (may_expire(&from->model, &at)) {
		at.expired = true;
		step(s, from, i, &at);
		at.expired = false;
	}
	if (e->lost) {
		at.cut = MODEL_NO_EFFECT;
		step(s, from, i, &at);
		skipped.done |= UINT64_C(1) << i;
		reach(s, &skipped);
	}
}

/* Windows would tell once: who writes tells those once more who have got READ
 * while he did, whether they have read by then or not. */
static void try_again(struct search *s, const struct model_trace *from,
		      unsigned int i)
{
	const struct model_told *told = &s->r->told[i];
	uint8_t file = from->model.grants[told->notice.grant].file;
	struct model_trace to = *from;

	if ((from->heard & UINT64_C(1) << i) != 0 ||
	    !is_written(s, &from->model, file, told->time) ||
	    !model_break_again(&to.model, &told->notice)) {
		return;
	}
	to.heard |= UINT64_C(1) << i;
	mark_told(s->r, &to.model.grants[told->notice.grant], told->time);
	reach(s, &to);
}

/* --- the end of a round --------------------------------------------------- */

/* Who was not answered has begun, in this round or before, and would have to
 * wait still, if he looked again. */
static bool are_all_stuck(const struct search *s, const struct model_trace *t)
{
	const struct model_moment at = {
		.must_before =
			ms_before(s->r->end - SLACK_USEC, s->r->patience)};

	for (unsigned int i = 0; i < s->r->num_events; i++) {
		const struct model_event *e = &s->r->events[i];
		struct model copy = t->model;
		struct model_effect effect;

		/* All that must be is done by now; others are not sent. */
		if (is_over(e) || (s->before[i] & ~s->must) != 0) {
			continue;
		}
		model_step(&copy, &e->op, &at, &effect);
		if (!effect.waits || (e->sent >= s->r->begin &&
				      (t->waiting & UINT64_C(1) << i) == 0)) {
			return false;
		}
	}
	return true;
}

static uint64_t all_told(const struct search *s)
{
	return (UINT64_C(1) << s->r->num_told) - 1;
}

static void keep_state(struct search *s, const struct model *m)
{
	struct model_states *out = s->out;

	for (size_t i = 0; i < out->count; i++) {
		if (memcmp(&out->list[i], m, sizeof(*m)) == 0) {
			return;
		}
	}
	out->list =
		talloc_realloc(s->mem, out->list, struct model, out->count + 1);
	ASSERT(out->list != NULL);
	out->list[out->count++] = *m;
}

/* Whether event i changes nothing whenever it comes, is answered so now, and
 * nobody has been or is to be told of anything that it might have caused: then
 * to look at other events first leads to nothing that is not found behind it.
 */
static bool is_idle(const struct search *s, const struct model_trace *t,
		    unsigned int i)
{
	const struct model_event *e = &s->r->events[i];
	const struct model_moment at = model_moment_of(s->r, e);
	struct model copy = t->model;
	struct model_effect effect;

	if (!e->answered || e->cancelled ||
	    (NT_STATUS_IS_OK(e->answer.status) &&
	     e->op.kind != MODEL_READ_DATA)) {
		return false;
	}
	model_step(&copy, &e->op, &at, &effect);
	return !effect.waits && effect.num_notices == 0 &&
	       memcmp(&copy, &t->model, sizeof(copy)) == 0 &&
	       model_answer_is(&e->op, &effect.answer, &e->answer);
}

static bool is_calm(const struct search *s, const struct model_trace *t)
{
	if (t->heard != all_told(s)) {
		return false;
	}
	for (unsigned int i = 0; i < MODEL_GRANTS; i++) {
		if (t->model.grants[i].breaking) {
			return false;
		}
	}
	return true;
}

static bool may_be_next(const struct search *s, const struct model_trace *t,
			unsigned int i)
{
	return (t->done & UINT64_C(1) << i) == 0 &&
	       (s->before[i] & ~t->done) == 0;
}

/* Takes the events that are idle at t. */
static void pass_idle(struct search *s, struct model_trace *t)
{
	if (!is_calm(s, t)) {
		return;
	}
	for (unsigned int i = 0; i < s->r->num_events; i++) {
		const uint64_t begun = t->entered | t->granted;

		if (may_be_next(s, t, i) && (begun & UINT64_C(1) << i) == 0 &&
		    is_idle(s, t, i)) {
			t->done |= UINT64_C(1) << i;
		}
	}
}

static void look_at(struct search *s, size_t n)
{
	struct model_trace t = s->points[n].at;

	pass_idle(s, &t);
	if (t.done == s->must && t.heard == all_told(s) &&
	    are_all_stuck(s, &t)) {
		keep_state(s, &t.model);
	}
	for (unsigned int i = 0; i < s->r->num_events; i++) {
		if (may_be_next(s, &t, i)) {
			try_event(s, &t, i);
		}
	}
	for (unsigned int i = 0; i < s->r->num_told; i++) {
		try_again(s, &t, i);
	}
}

enum model_verdict model_check(TALLOC_CTX *mem_ctx, const struct model_round *r,
			       const struct model_states *before,
			       struct model_states *out,
			       struct model_search *result)
{
	struct model_states after = {0};
	struct search s = {.mem = talloc_new(mem_ctx),
			   .r = r,
			   .first = before,
			   .num_chains = 4099,
			   .out = &after,
			   .result = result};

	ASSERT(r->num_events <= MODEL_EVENTS && r->num_told < 64);
	*result = (struct model_search){0};
	s.chains = talloc_zero_array(s.mem, size_t, s.num_chains);
	ASSERT(s.chains != NULL);
	order(&s);
	for (size_t i = 0; i < before->count; i++) {
		reach(&s, &(struct model_trace){.model = before->list[i]});
	}
	for (size_t n = 0; n < s.count && !s.too_many; n++) {
		look_at(&s, n);
	}
	result->points = s.count;
	if (after.count > 0 && !s.too_many) {
		out->count = after.count;
		out->list = talloc_steal(mem_ctx, after.list);
	}
	talloc_free(s.mem);
	if (s.too_many) {
		return MODEL_UNDECIDED;
	}
	return after.count > 0 ? MODEL_LEGAL : MODEL_VIOLATION;
}
