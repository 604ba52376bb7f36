/* torture/model_print.c - a round and what the model thinks, for readers. */
#include "torture/model_print.h"

#include <inttypes.h>

#include "lib/nt.h"
#include "torture/model_client.h"

#define STATES_SHOWN 3

static const char *letters(uint8_t bits, const char *all, char *buf)
{
	char *p = buf;

	for (unsigned int i = 0; all[i] != '\0'; i++) {
		if ((bits & 1u << i) != 0) {
			*p++ = all[i];
		}
	}
	if (p == buf) {
		*p++ = '-';
	}
	*p = '\0';
	return buf;
}

static const char *caching_name(uint8_t caching)
{
	static const char *const names[] = {"nothing", "level II", "exclusive",
					    "batch",   "lease v1", "lease v2"};

	return names[caching];
}

static void print_bytes(FILE *out, const uint8_t *data, uint8_t length)
{
	for (unsigned int i = 0; i < length; i++) {
		fprintf(out, "%s%02x", i > 0 ? " " : "", data[i]);
	}
}

/* --- operations ----------------------------------------------------------- */

static void print_create(FILE *out, const struct model_op *op)
{
	static const char *const names[] = {"SUPERSEDE", "OPEN",
					    "CREATE",	 "OPEN_IF",
					    "OVERWRITE", "OVERWRITE_IF"};
	char access[8], share[8], state[8];

	fprintf(out, "%s %s, access %s, sharing %s%s", names[op->disposition],
		model_name(op->name), letters(op->access, "RWDC", access),
		letters(op->share, "RWD", share),
		op->delete_on_close ? ", delete on close" : "");
	if (op->caching != MODEL_NONE) {
		fprintf(out, ", wants %s", caching_name(op->caching));
	}
	if (op->caching >= MODEL_LEASE_V1) {
		fprintf(out, " %s of key %u, epoch %x",
			letters(op->state, "RHW", state), op->key, op->epoch);
	}
}

static void print_ack(FILE *out, const struct model_op *op)
{
	char state[8];

	letters(op->state, "RHW", state);
	if (op->caching >= MODEL_LEASE_V1) {
		fprintf(out, "acknowledges key %u: %s", op->key, state);
	} else {
		fprintf(out, "acknowledges #%u: %s", op->open, state);
	}
}

void model_print_op(FILE *out, const struct model_op *op)
{
	static const char *const names[MODEL_KINDS] = {
		[MODEL_CLOSE] = "closes",      [MODEL_READ_DATA] = "reads",
		[MODEL_WRITE_DATA] = "writes", [MODEL_LOCK] = "locks",
		[MODEL_UNLOCK] = "unlocks",    [MODEL_SET_DELETE] = "deletion",
		[MODEL_RENAME] = "renames",    [MODEL_VANISH] = "vanishes"};

	fprintf(out, "client %u: ", op->client);
	if (op->kind == MODEL_ACK) {
		print_ack(out, op);
		return;
	}
	fprintf(out, "#%u ", op->open);
	if (op->kind == MODEL_CREATE) {
		print_create(out, op);
		return;
	}
	fprintf(out, "%s", names[op->kind]);
	if (op->kind == MODEL_RENAME) {
		fprintf(out, " to %s%s", model_name(op->name),
			op->replace ? ", replacing" : "");
	} else if (op->kind == MODEL_SET_DELETE) {
		fprintf(out, " %s", op->on ? "on" : "off");
	} else if (op->length > 0) {
		fprintf(out, " %u to %u ", op->offset,
			op->offset + op->length - 1);
	}
	if (op->kind == MODEL_LOCK) {
		fprintf(out, "%s%s", op->exclusive ? "exclusively" : "shared",
			op->wait ? ", waiting" : "");
	} else if (op->kind == MODEL_WRITE_DATA) {
		print_bytes(out, op->data, op->length);
	}
}

void model_print_answer(FILE *out, const struct model_op *op,
			const struct model_answer *a)
{
	static const char *const actions[] = {"superseded", "opened", "created",
					      "overwritten"};
	char state[8];

	fprintf(out, "%s", ntstatus_name(a->status));
	if (!NT_STATUS_IS_OK(a->status)) {
		return;
	}
	letters(a->state, "RHW", state);
	if (op->kind == MODEL_CREATE) {
		fprintf(out, ", %s, size %u, %s", actions[a->action & 3],
			a->size, caching_name(a->caching));
	}
	if (a->caching >= MODEL_LEASE_V1) {
		fprintf(out, " %s%s epoch %x", state,
			a->breaking ? " (breaking)" : "", a->epoch);
	} else if (op->kind == MODEL_ACK) {
		fprintf(out, " %s", state);
	} else if (op->kind == MODEL_READ_DATA) {
		fprintf(out, " ");
		print_bytes(out, a->data, a->length);
	}
}

/* --- a state -------------------------------------------------------------- */

static void print_grant(FILE *out, unsigned int place,
			const struct model_grant *g)
{
	char state[8], to[8], required[8];

	fprintf(out, "%s %s", g->lease ? "lease" : "oplock",
		letters(g->state, "RHW", state));
	if (g->lease) {
		fprintf(out, " v%u of client %u key %u epoch %x", g->lease,
			model_grant_client((uint8_t)place),
			(place - MODEL_OPENS) % MODEL_KEYS, g->epoch);
	} else {
		fprintf(out, " of #%u", place);
	}
	if (g->breaking) {
		fprintf(out, ", breaking to %s, required %s%s, told %u-%u ms",
			letters(g->break_to, "RHW", to),
			letters(g->required, "RHW", required),
			g->further ? ", further" : "", g->told_from,
			g->told_until);
	}
}

static void print_file(FILE *out, const struct model *m, uint8_t file)
{
	const struct model_file *f = &m->files[file];
	char access[8], share[8];

	fprintf(out, "    %s: [", model_name(file));
	print_bytes(out, f->data, f->size);
	fprintf(out, "]%s\n", f->delete_pending ? " to be deleted" : "");
	for (unsigned int i = 0; i < MODEL_OPENS; i++) {
		const struct model_open *o = &m->opens[i];

		if (o->used && o->file == file) {
			fprintf(out, "      #%u access %s sharing %s%s%s\n", i,
				letters(o->access, "RWDC", access),
				letters(o->share, "RWD", share),
				o->delete_on_close ? ", delete on close" : "",
				o->waits_to_lock ? ", waits to lock" : "");
		}
	}
	for (unsigned int i = 0; i < MODEL_GRANTS; i++) {
		if (m->grants[i].used && m->grants[i].file == file) {
			fprintf(out, "      ");
			print_grant(out, i, &m->grants[i]);
			fprintf(out, "\n");
		}
	}
}

void model_print_state(FILE *out, const struct model *m)
{
	for (uint8_t i = 0; i < MODEL_NAMES; i++) {
		if (m->files[i].exists) {
			print_file(out, m, i);
		}
	}
	for (unsigned int i = 0; i < MODEL_LOCKS; i++) {
		const struct model_lock *l = &m->locks[i];

		if (l->length != 0) {
			fprintf(out, "      #%u has %u to %u locked, %s\n",
				l->open - 1u, l->offset,
				l->offset + l->length - 1u,
				l->exclusive ? "exclusively" : "shared");
		}
	}
}

/* --- a round -------------------------------------------------------------- */

static void print_event(FILE *out, const struct model_round *r,
			const struct model_event *e)
{
	fprintf(out, "  %7" PRId64 " .. ", e->sent - r->begin);
	if (e->answered || e->op.kind == MODEL_VANISH) {
		fprintf(out, "%7" PRId64 "  ", e->done - r->begin);
	} else {
		fprintf(out, "%7s  ", e->lost ? "lost" : "waits");
	}
	model_print_op(out, &e->op);
	fprintf(out, "%s", e->cancelled ? " (to be cancelled)" : "");
	if (e->answered) {
		fprintf(out, "\n%23s-> ", "");
		model_print_answer(out, &e->op, &e->answer);
	}
	fprintf(out, "\n");
}

static void print_notice(FILE *out, const struct model_notice *n)
{
	char from[8], to[8];

	fprintf(out, "client %u is told: ", model_grant_client(n->grant));
	if (n->lease) {
		fprintf(out, "key %u from %s to %s%s, epoch %x",
			(n->grant - MODEL_OPENS) % MODEL_KEYS,
			letters(n->from, "RHW", from),
			letters(n->to, "RHW", to), n->ack ? ", to answer" : "",
			n->epoch);
	} else {
		fprintf(out, "#%u to %s", n->grant, letters(n->to, "RHW", to));
	}
}

/* What the model says to those that are left. */
static void print_stumbled(FILE *out, const struct model_round *r,
			   const struct model_trace *t)
{
	for (unsigned int i = 0; i < r->num_events; i++) {
		const struct model_event *e = &r->events[i];
		struct model_moment at = model_moment_of(r, e);
		struct model_effect effect;
		struct model copy = t->model;

		if ((t->done & UINT64_C(1) << i) != 0) {
			continue;
		}
		model_step(&copy, &e->op, &at, &effect);
		fprintf(out, "  ");
		model_print_op(out, &e->op);
		fprintf(out, "\n%9swould be: ", "");
		if (effect.waits) {
			fprintf(out, "waiting");
		} else {
			model_print_answer(out, &e->op, &effect.answer);
		}
		for (unsigned int j = 0; j < effect.num_notices; j++) {
			fprintf(out, "\n%11s", "");
			print_notice(out, &effect.notices[j]);
		}
		fprintf(out, "\n");
	}
}

void model_print_history(FILE *out, const struct model_round *r)
{
	for (unsigned int i = 0; i < r->num_events; i++) {
		print_event(out, r, &r->events[i]);
	}
	for (unsigned int i = 0; i < r->num_told; i++) {
		fprintf(out, "  %7" PRId64 "%13s", r->told[i].time - r->begin,
			"");
		print_notice(out, &r->told[i].notice);
		fprintf(out, "\n");
	}
}

void model_print_round(FILE *out, const struct model_round *r,
		       const struct model_states *before,
		       const struct model_search *search)
{
	const struct model_trace *best = &search->farthest;

	for (size_t i = 0; i < before->count && i < STATES_SHOWN; i++) {
		fprintf(out, "state %zu of %zu before:\n", i + 1,
			before->count);
		model_print_state(out, &before->list[i]);
	}
	fprintf(out, "in microseconds:\n");
	model_print_history(out, r);
	fprintf(out, "the best of %zu orders comes to (all but %s):\n",
		search->points, "the following");
	model_print_state(out, &best->model);
	print_stumbled(out, r, best);
	for (unsigned int i = 0; i < r->num_told; i++) {
		if ((best->heard & UINT64_C(1) << i) == 0) {
			fprintf(out, "  unexplained: ");
			print_notice(out, &r->told[i].notice);
			fprintf(out, "\n");
		}
	}
}
