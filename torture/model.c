/* torture/model.c - files and opens of the model ([MS-FSA] 2.1.5). */
#include "torture/model.h"

#include <string.h>

#include "lib/nt.h"
#include "torture/model_int.h"

uint8_t model_grant_client(uint8_t place)
{
	return place < MODEL_OPENS ? place / MODEL_SLOTS
				   : (place - MODEL_OPENS) / MODEL_KEYS;
}

/* Done, with this status. */
static void end(struct model_call *c, NTSTATUS status)
{
	c->out->answer.status = status;
}

static void wait_for_others(struct model_call *c)
{
	c->out->waits = true;
}

/* --- CREATE: 2.1.5.1 ------------------------------------------------------ */

static bool overwrites(const struct model_op *op)
{
	return op->disposition == FILE_SUPERSEDE ||
	       op->disposition == FILE_OVERWRITE ||
	       op->disposition == FILE_OVERWRITE_IF;
}

/* What others must share for it. */
static uint8_t claims_of(const struct model_op *op)
{
	uint8_t claims = op->access & MODEL_CLAIMS;

	if (overwrites(op)) {
		claims |= MODEL_WRITE;
	}
	if (op->disposition == FILE_SUPERSEDE) {
		claims |= MODEL_DELETE;
	}
	return claims;
}

/* 2.1.5.1.2.2 */
static bool is_forbidden(const struct model *m, const struct model_op *op)
{
	uint8_t claims = claims_of(op);

	for (unsigned int i = 0; i < MODEL_OPENS; i++) {
		const struct model_open *o = &m->opens[i];
		uint8_t has = o->access & MODEL_CLAIMS;

		if (o->used && o->file == op->name && has != 0 && claims != 0 &&
		    ((claims & ~o->share) != 0 || (has & ~op->share) != 0)) {
			return true;
		}
	}
	return false;
}

bool model_is_write(const struct model_op *op)
{
	return op->kind == MODEL_WRITE_DATA || op->kind == MODEL_LOCK ||
	       (op->kind == MODEL_CREATE && overwrites(op));
}

static enum model_breaks breaks_of(const struct model_op *op)
{
	if (overwrites(op)) {
		return MODEL_BREAK_OVERWRITE;
	}
	if ((op->access & MODEL_CLAIMS) != 0) {
		return MODEL_BREAK_OPEN;
	}
	return (op->access & MODEL_CONTROL) != 0 ? MODEL_BREAK_CONTROL
						 : MODEL_BREAK_NOTHING;
}

/* [MS-SMB2] 3.3.5.9.8: the lease is another file's. */
static bool is_lease_elsewhere(const struct model *m, const struct model_op *op)
{
	const struct model_grant *g =
		&m->grants[model_lease(op->client, op->key)];

	return op->caching >= MODEL_LEASE_V1 && g->used && g->file != op->name;
}

static uint8_t own_lease(const struct model_op *op)
{
	return op->caching >= MODEL_LEASE_V1
		       ? (uint8_t)(1 + model_lease(op->client, op->key))
		       : 0;
}

/* The open is there. */
static void opened(struct model_call *c, uint8_t action)
{
	const struct model_op *op = c->op;

	c->m->opens[op->open] =
		(struct model_open){.used = 1,
				    .file = op->name,
				    .access = op->access,
				    .share = op->share,
				    .delete_on_close = op->delete_on_close};
	c->out->answer.action = action;
	end(c, NT_STATUS_OK);
}

static void create_new(struct model_call *c)
{
	if (c->op->disposition == FILE_OPEN ||
	    c->op->disposition == FILE_OVERWRITE) {
		end(c, NT_STATUS(OBJECT_NAME_NOT_FOUND));
		return;
	}
	if (is_lease_elsewhere(c->m, c->op)) {
		end(c, NT_STATUS(INVALID_PARAMETER));
		return;
	}
	c->m->files[c->op->name] = (struct model_file){.exists = 1};
	if (c->at->cut == MODEL_WHOLE) {
		opened(c, FILE_CREATED);
	}
}

static NTSTATUS check_existing(struct model_call *c)
{
	const struct model_op *op = c->op;

	if (op->disposition == FILE_CREATE) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	if (is_lease_elsewhere(c->m, op)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return c->m->files[op->name].delete_pending ? NT_STATUS(DELETE_PENDING)
						    : NT_STATUS_OK;
}

static void cut_off(struct model_file *f)
{
	f->size = 0;
	memset(f->data, 0, sizeof(f->data));
}

static void create(struct model_call *c)
{
	static const uint8_t actions[] = {
		[FILE_SUPERSEDE] = FILE_SUPERSEDED,
		[FILE_OPEN] = FILE_OPENED,
		[FILE_CREATE] = FILE_CREATED,
		[FILE_OPEN_IF] = FILE_OPENED,
		[FILE_OVERWRITE] = FILE_OVERWRITTEN,
		[FILE_OVERWRITE_IF] = FILE_OVERWRITTEN,
	};
	const struct model_op *op = c->op;
	struct model_file *f = &c->m->files[op->name];
	NTSTATUS status;

	if (!f->exists) {
		create_new(c);
		return;
	}
	status = check_existing(c);
	if (!NT_STATUS_IS_OK(status)) {
		end(c, status);
		return;
	}
	/* 2.1.5.1.2: who only keeps his handle is asked to let go first. */
	if (is_forbidden(c->m, op)) {
		if (model_break(c, op->name, MODEL_BREAK_SHARE,
				own_lease(op))) {
			wait_for_others(c);
		} else {
			end(c, NT_STATUS(SHARING_VIOLATION));
		}
		return;
	}
	if (model_break(c, op->name, breaks_of(op), own_lease(op))) {
		wait_for_others(c);
		return;
	}
	if (overwrites(op) && c->at->cut == MODEL_WHOLE) {
		cut_off(f);
	}
	opened(c, actions[op->disposition]);
}

/* --- CLOSE: 2.1.5.5 ------------------------------------------------------- */

static bool is_last(const struct model *m, uint8_t open)
{
	for (unsigned int i = 0; i < MODEL_OPENS; i++) {
		if (m->opens[i].used && i != open &&
		    m->opens[i].file == m->opens[open].file) {
			return false;
		}
	}
	return true;
}

static void leave(struct model *m, uint8_t open)
{
	model_lock_remove_all(m, open);
	model_grant_leave(m, &m->opens[open]);
	m->opens[open] = (struct model_open){0};
}

static void close_open(struct model *m, uint8_t open)
{
	struct model_file *f = &m->files[m->opens[open].file];
	bool last = is_last(m, open);

	f->delete_pending |= m->opens[open].delete_on_close;
	leave(m, open);
	if (last && f->delete_pending) {
		*f = (struct model_file){0};
	}
}

/* Its process was killed: nobody deletes for it (docs/architecture.md). */
static void kill_open(struct model *m, uint8_t open)
{
	struct model_file *f = &m->files[m->opens[open].file];

	if (is_last(m, open)) {
		f->delete_pending = 0;
	}
	leave(m, open);
}

static void vanish(struct model_call *c)
{
	if (!c->m->opens[c->op->open].used) {
		return;
	}
	if (c->op->on) {
		close_open(c->m, c->op->open);
	} else {
		kill_open(c->m, c->op->open);
	}
}

/* --- reading and writing: 2.1.5.3, 2.1.5.4 -------------------------------- */

static uint8_t min(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

static void read_data(struct model_call *c)
{
	const struct model_op *op = c->op;
	const struct model_open *o = &c->m->opens[op->open];
	const struct model_file *f = &c->m->files[o->file];
	struct model_answer *a = &c->out->answer;

	if ((o->access & MODEL_READ) == 0) {
		end(c, NT_STATUS(ACCESS_DENIED));
	} else if (model_break(c, o->file, MODEL_BREAK_READ, o->grant)) {
		wait_for_others(c);
	} else if (model_lock_forbids(c->m, op->open, op->offset, op->length,
				      false, false)) {
		end(c, NT_STATUS(FILE_LOCK_CONFLICT));
	} else if (op->offset >= f->size) {
		end(c, NT_STATUS(END_OF_FILE));
	} else {
		a->length = min(op->length, f->size - op->offset);
		memcpy(a->data, f->data + op->offset, a->length);
		end(c, NT_STATUS_OK);
	}
}

static void write_data(struct model_call *c)
{
	const struct model_op *op = c->op;
	const struct model_open *o = &c->m->opens[op->open];
	struct model_file *f = &c->m->files[o->file];
	uint8_t until = op->offset + op->length;

	if ((o->access & MODEL_WRITE) == 0) {
		end(c, NT_STATUS(ACCESS_DENIED));
	} else if (model_break(c, o->file, MODEL_BREAK_WRITE, o->grant)) {
		wait_for_others(c);
	} else if (model_lock_forbids(c->m, op->open, op->offset, op->length,
				      true, false)) {
		end(c, NT_STATUS(FILE_LOCK_CONFLICT));
	} else if (c->at->cut == MODEL_WHOLE) {
		memcpy(f->data + op->offset, op->data, op->length);
		f->size = f->size > until ? f->size : until;
		end(c, NT_STATUS_OK);
	}
}

/* --- locks: 2.1.5.8, 2.1.5.9 ---------------------------------------------- */

static void lock(struct model_call *c)
{
	const struct model_op *op = c->op;
	struct model_open *o = &c->m->opens[op->open];

	if ((o->access & (MODEL_READ | MODEL_WRITE)) == 0) {
		end(c, NT_STATUS(ACCESS_DENIED));
		return;
	}
	if (!o->waits_to_lock &&
	    model_break(c, o->file, MODEL_BREAK_WRITE, o->grant)) {
		wait_for_others(c);
		return;
	}
	if (!model_lock_forbids(c->m, op->open, op->offset, op->length,
				op->exclusive, true)) {
		if (c->at->cut == MODEL_WHOLE) {
			model_lock_add(c->m, op);
		}
		end(c, NT_STATUS_OK);
	} else if (op->wait) {
		o->waits_to_lock = 1;
		wait_for_others(c);
		return;
	} else {
		end(c, NT_STATUS(LOCK_NOT_GRANTED));
	}
	o->waits_to_lock = 0;
}

/* Windows: who neither reads nor writes does not unlock, either. */
static void unlock(struct model_call *c)
{
	const struct model_op *op = c->op;

	if ((c->m->opens[op->open].access & (MODEL_READ | MODEL_WRITE)) == 0) {
		end(c, NT_STATUS(ACCESS_DENIED));
		return;
	}
	end(c, model_lock_remove(c->m, op->open, op->offset, op->length)
		       ? NT_STATUS_OK
		       : NT_STATUS(RANGE_NOT_LOCKED));
}

/* --- SET_INFO: 2.1.5.15.3, 2.1.5.15.12 ------------------------------------ */

static void set_delete(struct model_call *c)
{
	const struct model_open *o = &c->m->opens[c->op->open];

	if ((o->access & MODEL_DELETE) == 0) {
		end(c, NT_STATUS(ACCESS_DENIED));
	} else if (c->op->on &&
		   model_break(c, o->file, MODEL_BREAK_DELETE, o->grant)) {
		wait_for_others(c);
	} else if (c->at->cut == MODEL_WHOLE) {
		c->m->files[o->file].delete_pending = c->op->on;
		end(c, NT_STATUS_OK);
	}
}

static void move(struct model *m, uint8_t from, uint8_t to)
{
	m->files[to] = m->files[from];
	m->files[from] = (struct model_file){0};
	for (unsigned int i = 0; i < MODEL_OPENS; i++) {
		if (m->opens[i].used && m->opens[i].file == from) {
			m->opens[i].file = to;
		}
	}
	for (unsigned int i = 0; i < MODEL_GRANTS; i++) {
		if (m->grants[i].used && m->grants[i].file == from) {
			m->grants[i].file = to;
		}
	}
}

/* Whether a file of the new name may go; *waits: its holders are asked. */
static NTSTATUS check_target(struct model_call *c, bool *waits)
{
	const struct model *m = c->m;
	uint8_t name = c->op->name;

	if (!c->op->replace) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	*waits = model_break(c, name, MODEL_BREAK_RENAME,
			     m->opens[c->op->open].grant);
	for (unsigned int i = 0; i < MODEL_OPENS && !*waits; i++) {
		if (m->opens[i].used && m->opens[i].file == name) {
			return m->files[name].delete_pending
				       ? NT_STATUS(DELETE_PENDING)
				       : NT_STATUS(ACCESS_DENIED);
		}
	}
	return NT_STATUS_OK;
}

static void rename_file(struct model_call *c)
{
	const struct model_open *o = &c->m->opens[c->op->open];
	uint8_t file = o->file, name = c->op->name;
	NTSTATUS status = NT_STATUS_OK;
	bool waits = false;

	if ((o->access & MODEL_DELETE) == 0) {
		end(c, NT_STATUS(ACCESS_DENIED));
		return;
	}
	if (model_break(c, file, MODEL_BREAK_RENAME, o->grant)) {
		wait_for_others(c);
		return;
	}
	if (c->m->files[file].delete_pending) {
		end(c, NT_STATUS(ACCESS_DENIED));
		return;
	}
	if (name != file && c->m->files[name].exists) {
		status = check_target(c, &waits);
	}
	if (waits) {
		wait_for_others(c);
		return;
	}
	if (NT_STATUS_IS_OK(status) && name != file &&
	    c->at->cut == MODEL_WHOLE) {
		move(c->m, file, name);
	}
	end(c, status);
}

/* --- the operations ------------------------------------------------------- */

static void close_one(struct model_call *c)
{
	close_open(c->m, c->op->open);
	end(c, NT_STATUS_OK);
}

static const struct {
	void (*run)(struct model_call *c);
	bool free; /* needs no open */
} kinds[MODEL_KINDS] = {
	[MODEL_CREATE] = {create, true},
	[MODEL_CLOSE] = {close_one, false},
	[MODEL_READ_DATA] = {read_data, false},
	[MODEL_WRITE_DATA] = {write_data, false},
	[MODEL_LOCK] = {lock, false},
	[MODEL_UNLOCK] = {unlock, false},
	[MODEL_SET_DELETE] = {set_delete, false},
	[MODEL_RENAME] = {rename_file, false},
	[MODEL_ACK] = {model_grant_ack, true},
	[MODEL_VANISH] = {vanish, true},
};

/* An acknowledgment of an oplock names the open; of a lease, the key. */
static bool is_of_open(const struct model_op *op)
{
	return op->kind == MODEL_ACK && op->caching < MODEL_LEASE_V1;
}

void model_step(struct model *m, const struct model_op *op,
		const struct model_moment *at, struct model_effect *out)
{
	struct model_call c = {.m = m, .op = op, .at = at, .out = out};

	memset(out, 0, sizeof(*out));
	if ((!kinds[op->kind].free || is_of_open(op)) &&
	    !m->opens[op->open].used) {
		end(&c, NT_STATUS(FILE_CLOSED));
		return;
	}
	kinds[op->kind].run(&c);
}

/* Of an oplock that is not breaking the server says what Windows says, or
 * [MS-SMB2] 3.3.5.22.1. */
static bool is_status(const struct model_op *op, NTSTATUS want, NTSTATUS got)
{
	if (op->kind == MODEL_ACK &&
	    NT_STATUS_IS(want, INVALID_OPLOCK_PROTOCOL) &&
	    NT_STATUS_IS(got, INVALID_DEVICE_STATE)) {
		return true;
	}
	return ntstatus_equal(want, got);
}

bool model_notice_is(const struct model_notice *a, const struct model_notice *b)
{
	return a->grant == b->grant && a->lease == b->lease &&
	       a->from == b->from && a->to == b->to && a->ack == b->ack &&
	       a->epoch == b->epoch;
}

bool model_answer_is(const struct model_op *op, const struct model_answer *want,
		     const struct model_answer *got)
{
	return is_status(op, want->status, got->status) &&
	       want->action == got->action &&
	       (op->kind == MODEL_CREATE || want->state == got->state) &&
	       want->length == got->length &&
	       memcmp(want->data, got->data, sizeof(want->data)) == 0;
}

bool model_size_is(const struct model *m, const struct model_op *op,
		   const struct model_answer *got)
{
	const struct model_open *o = &m->opens[op->open];
	uint8_t state = got->state;

	if (got->caching != MODEL_NONE && got->caching < MODEL_LEASE_V1) {
		state = MODEL_R;
	}
	return op->kind != MODEL_CREATE || !NT_STATUS_IS_OK(got->status) ||
	       (state & MODEL_R) == 0 || m->files[o->file].size == got->size;
}
