/* locking/share_grant.c - what somebody may cache of a file. */
#include "locking/share_grant.h"

#include <string.h>

#include "lib/log.h"
#include "lib/wire.h"
#include "locking/lease_board.h"
#include "locking/share_counts.h"
#include "locking/share_mode_int.h"

#define GRANTS_MAX     1048576
#define LEASE_KEY_SIZE 32
#define LEASE_ID_BIT   (UINT64_C(1) << 63)

static bool is_lease(const struct share_grant *g)
{
	return (g->flags & GRANT_LEASE) != 0;
}

static bool is_breaking(const struct share_grant *g)
{
	return (g->flags & GRANT_BREAKING) != 0;
}

/* Whether somebody may go on who waited for the grant.  Who waits for more than
 * one answer is not woken by the first. */
static bool is_loosened(const struct share_grant *was,
			const struct share_grant *now)
{
	return (was->state & ~now->state) != 0 &&
	       (now->flags & GRANT_FURTHER) == 0;
}

/* The grant is now other than it was. */
static void change(struct share_mode_lock *l, const struct share_place *at,
		   const struct share_grant *was, const struct share_grant *now)
{
	l->loosened = l->loosened || is_loosened(was, now);
	share_counts_grant(l, was, false);
	share_counts_grant(l, now, true);
	share_grant_write(l, at, now);
	share_counts_sum(l);
}

/* --- the index of leases -------------------------------------------------- */

static struct blob lease_key(const struct guid *client, const struct guid *key,
			     uint8_t *buf)
{
	memcpy(buf, client->bytes, 16);
	memcpy(buf + 16, key->bytes, 16);
	return (struct blob){.data = buf, .length = LEASE_KEY_SIZE};
}

/* Keys are random, or the client's own trouble: two leases of one id are told
 * apart by what lies there. */
static uint64_t lease_id(const struct guid *client, const struct guid *key)
{
	uint8_t buf[LEASE_KEY_SIZE];
	struct wire_reader r = wire_reader(buf, sizeof(buf));
	uint64_t id = 0;

	lease_key(client, key, buf);
	for (unsigned int i = 0; i < LEASE_KEY_SIZE / 8; i++) {
		id = (id ^ wire_u64(&r)) * 0x9e3779b97f4a7c15u;
		id ^= id >> 32;
	}
	return id | LEASE_ID_BIT;
}

/* The grant of a lease; false: none.  *out_id: the id that it has, or that a
 * new one is to have. */
static bool find_lease(struct share_mode_lock *l, const struct guid *client,
		       const struct guid *key, struct share_place *out,
		       struct share_grant *out_grant, uint64_t *out_id)
{
	*out_id = lease_id(client, key);
	while (share_table_find(&l->grants, *out_id, out)) {
		share_grant_read(out, out_grant);
		if (is_lease(out_grant) &&
		    guid_equal(&out_grant->client, client) &&
		    guid_equal(&out_grant->key, key)) {
			return true;
		}
		*out_id = (*out_id + 1) | LEASE_ID_BIT;
	}
	return false;
}

static NTSTATUS id_of(const struct share_mode_lock *l, struct file_id *out)
{
	const struct blob key = {.data = (uint8_t *)(uintptr_t)l->key,
				 .length = FILE_ID_SIZE};

	return file_id_pull(NULL, key, out);
}

static NTSTATUS index_lease(struct share_mode_lock *l,
			    const struct share_grant *g)
{
	struct lease_record rec = {.version = 1};
	uint8_t buf[LEASE_KEY_SIZE], value[32];
	struct blob v = {.data = value};
	NTSTATUS status = id_of(l, &rec.file);

	if (NT_STATUS_IS_OK(status)) {
		status = lease_record_push_buf(&rec, value, sizeof(value),
					       &v.length);
	}
	return NT_STATUS_IS_OK(status)
		       ? db_store(l->s->leases,
				  lease_key(&g->client, &g->key, buf), v)
		       : status;
}

static void unindex_lease(struct share_mode_lock *l,
			  const struct share_grant *g)
{
	uint8_t buf[LEASE_KEY_SIZE];
	NTSTATUS status =
		db_delete(l->s->leases, lease_key(&g->client, &g->key, buf));

	if (!NT_STATUS_IS_OK(status) && !NT_STATUS_IS(status, NOT_FOUND)) {
		LOG_WARN(LOG_LOCKING, "lease.tdb: a lease stays: %s",
			 ntstatus_name(status));
	}
}

struct find_call {
	struct share_modes *s;
	struct file_id id;
	struct blob file; /* the same as a key */
	const struct guid *client, *key;
	bool found;
};

static NTSTATUS lease_found(struct blob value, void *private_data)
{
	struct find_call *call = private_data;
	struct lease_record rec;
	NTSTATUS status = lease_record_pull(NULL, value, &rec);

	call->id = rec.file;
	return status;
}

/* Whether the file's record has the lease: who was killed may have left the
 * index behind. */
static NTSTATUS has_lease(struct blob value, void *private_data)
{
	struct find_call *call = private_data;
	struct share_mode_lock l;
	struct share_place at;
	struct share_grant g;
	uint64_t id;

	if (NT_STATUS_IS_OK(share_mode_view(call->s, call->file, value, &l))) {
		call->found =
			find_lease(&l, call->client, call->key, &at, &g, &id);
	}
	share_mode_view_end(&l);
	return NT_STATUS_OK;
}

NTSTATUS share_grant_find_lease(struct share_modes *s,
				const struct guid *client,
				const struct guid *key, struct file_id *out)
{
	struct find_call call = {.s = s, .client = client, .key = key};
	uint8_t buf[LEASE_KEY_SIZE], id[FILE_ID_SIZE];
	NTSTATUS status = db_parse(s->leases, lease_key(client, key, buf),
				   lease_found, &call);

	if (NT_STATUS_IS_OK(status)) {
		status = share_mode_key(&call.id, id, &call.file);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = db_parse(s->db, call.file, has_lease, &call);
	}
	if (NT_STATUS_IS_OK(status) && !call.found) {
		status = NT_STATUS(NOT_FOUND);
	}
	if (NT_STATUS_IS_OK(status)) {
		*out = call.id;
	}
	return status;
}

/* --- who has a grant ------------------------------------------------------ */

void share_grant_drop(struct share_mode_lock *l, const struct share_place *at,
		      const struct share_grant *g)
{
	if (is_lease(g)) {
		unindex_lease(l, g);
	}
	if ((g->flags & GRANT_DIRECTORY) != 0) {
		l->gone_directories++;
	}
	l->loosened = true;
	share_table_remove(&l->grants, at);
}

void share_grants_uncount(struct share_mode_lock *l)
{
	struct file_id id;

	if (l->gone_directories == 0 || !NT_STATUS_IS_OK(id_of(l, &id))) {
		return;
	}
	for (; l->gone_directories > 0; l->gone_directories--) {
		lease_board_remove(l->s->board, &id);
	}
}

/* Before it is stored. */
static NTSTATUS count_directory(const struct share_mode_lock *l)
{
	struct file_id id;
	NTSTATUS status = id_of(l, &id);

	if (NT_STATUS_IS_OK(status)) {
		lease_board_add(l->s->board, &id);
	}
	return status;
}

void share_grant_leave(struct share_mode_lock *l,
		       const struct share_mode_entry *e)
{
	struct share_place at;
	struct share_grant g;

	if (e->grant == 0 || !share_table_find(&l->grants, e->grant, &at)) {
		return;
	}
	share_grant_read(&at, &g);
	if (g.num_opens <= 1) {
		share_counts_grant(l, &g, false);
		share_grant_drop(l, &at, &g);
		return;
	}
	g.num_opens--;
	g.num_data -= share_entry_is_data(e) && g.num_data > 0;
	if (g.holder == e->open_id) {
		g.holder = 0;
	}
	share_grant_write(l, &at, &g);
}

/* The open has the grant from now on. */
static void join(struct share_mode_lock *l, const struct share_place *open,
		 struct share_mode_entry *e, struct share_grant *g)
{
	e->grant = g->id;
	share_mode_entry_write(l, open, e);
	g->num_opens++;
	g->num_data += share_entry_is_data(e);
	g->holder = e->open_id;
}

/* An open that has g, whose process lives: the one noted there, or else any. */
static bool find_holder(struct share_mode_lock *l, struct share_grant *g,
			struct share_mode_entry *out)
{
	struct share_cursor at = {0};
	struct share_place p;

	if (share_table_find(&l->entries, g->holder, &p)) {
		share_mode_entry_read(&p, out);
		if (out->grant == g->id &&
		    share_mode_is_alive(l, &out->owner)) {
			return true;
		}
		if (g->num_opens <= 1) {
			return false;
		}
	}
	while (share_table_next(&l->entries, &at, &p)) {
		share_mode_entry_read(&p, out);
		if (out->grant == g->id &&
		    share_mode_is_alive(l, &out->owner)) {
			g->holder = out->open_id;
			return true;
		}
	}
	return false;
}

/* --- breaking ------------------------------------------------------------- */

static bool is_lease_of(const struct share_grant *g,
			const struct grant_actor *actor)
{
	return guid_equal(&g->client, &actor->client) &&
	       guid_equal(&g->key, &actor->key);
}

static bool is_own(const struct grant_actor *actor, const struct share_grant *g)
{
	if (is_lease(g)) {
		return is_lease_of(g, actor);
	}
	return actor->open_id != 0 && g->holder == actor->open_id;
}

/* The state of a lease of version 2 changes. */
static void next_epoch(struct share_grant *g)
{
	if ((g->flags & GRANT_LEASE_V2) != 0) {
		g->epoch = (g->epoch + 1) & 0xffff;
	}
}

/* Asks the holder to come down to target. */
static void tell(struct share_grant *g, const struct share_mode_entry *holder,
		 uint8_t target, bool answer, const struct grant_breaker *b)
{
	struct grant_break_message m = {.version = 1,
					.flags = g->flags,
					.open_id = holder->open_id,
					.client = g->client,
					.key = g->key,
					.from = g->state,
					.to = target,
					.answer = answer};

	m.epoch = g->epoch;
	if (answer) {
		g->flags |= GRANT_BREAKING;
		g->break_to = target;
		g->required = target;
		g->deadline = b->now + b->patience;
	} else {
		g->state = target;
	}
	b->tell(&holder->owner, &m, b->private_data);
}

/* The holder has it no more: he is dead or did not answer in time. */
static void revoke(struct share_grant *g)
{
	g->state = 0;
	g->flags &= ~(uint32_t)(GRANT_BREAKING | GRANT_FURTHER);
}

/* The time until which op waits for this grant; 0: not. */
static NTTIME break_one(struct share_mode_lock *l, struct share_grant *g,
			enum grant_op op, const struct grant_breaker *b)
{
	struct grant_effect e = grant_effect(op, g->state, is_lease(g));
	bool further = (g->flags & GRANT_FURTHER) != 0;
	struct share_mode_entry holder;

	if (e.target == g->state && !further) {
		return 0;
	}
	if (!find_holder(l, g, &holder) ||
	    (is_breaking(g) && b->now >= g->deadline)) {
		revoke(g);
		return 0;
	}
	if (is_breaking(g)) {
		g->required &= e.target;
	} else {
		next_epoch(g);
		tell(g, &holder, e.target, e.answer, b);
	}
	return e.wait || further ? g->deadline : 0;
}

/* 2.1.4.12: who writes loses his own level II oplock, too. */
static bool spares_nobody(const struct share_grant *g, enum grant_op op)
{
	return op == GRANT_OP_WRITE && !is_lease(g) && g->state == GRANT_READ;
}

NTSTATUS share_grant_break(struct share_mode_lock *l, enum grant_op op,
			   const struct grant_actor *actor,
			   const struct grant_breaker *b, NTTIME *out_until)
{
	struct share_cursor at = {0};
	struct share_grant was, g;
	struct share_place p;
	NTSTATUS status;

	*out_until = 0;
	if (l->sum.caching == 0 || !share_counts_concern(l, op)) {
		return NT_STATUS_OK;
	}
	status = share_mode_own(l);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	while (share_table_next(&l->grants, &at, &p)) {
		NTTIME t = 0;

		share_grant_read(&p, &was);
		g = was;
		if (!is_own(actor, &g) || spares_nobody(&g, op)) {
			t = break_one(l, &g, op, b);
		}
		if (memcmp(&g, &was, sizeof(g)) != 0) {
			change(l, &p, &was, &g);
		}
		*out_until = t > *out_until ? t : *out_until;
	}
	return l->grants.failed ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

static NTSTATUS peek_found(struct blob value, void *private_data)
{
	bool *any = private_data;
	struct share_mode_summary sum;

	*any = NT_STATUS_IS_OK(share_mode_summary_of(value, &sum)) &&
	       sum.caching != 0;
	return NT_STATUS_OK;
}

NTSTATUS share_grant_peek(struct share_modes *s, const struct file_id *id,
			  bool *out_any)
{
	uint8_t buf[FILE_ID_SIZE];
	bool any = false;
	struct blob key;
	NTSTATUS status = share_mode_key(id, buf, &key);

	if (NT_STATUS_IS_OK(status)) {
		status = db_parse(s->db, key, peek_found, &any);
	}
	if (!NT_STATUS_IS_OK(status) && !NT_STATUS_IS(status, NOT_FOUND)) {
		return status;
	}
	*out_any = any;
	return NT_STATUS_OK;
}

struct peek_call {
	struct share_modes *s;
	struct blob key;
	const struct grant_actor *actor;
	bool any;
};

static NTSTATUS peek_others_found(struct blob value, void *private_data)
{
	struct peek_call *call = private_data;
	struct share_cursor at = {0};
	struct share_mode_lock l;
	struct share_place p;
	struct share_grant g;
	NTSTATUS status = share_mode_view(call->s, call->key, value, &l);

	while (NT_STATUS_IS_OK(status) && l.sum.caching != 0 && !call->any &&
	       share_table_next(&l.grants, &at, &p)) {
		share_grant_read(&p, &g);
		call->any = g.state != 0 && is_lease(&g) &&
			    !is_lease_of(&g, call->actor);
	}
	share_mode_view_end(&l);
	return NT_STATUS_OK;
}

NTSTATUS share_grant_peek_others(struct share_modes *s,
				 const struct file_id *id,
				 const struct grant_actor *actor, bool *out_any)
{
	struct peek_call call = {.s = s, .actor = actor};
	uint8_t buf[FILE_ID_SIZE];
	NTSTATUS status = share_mode_key(id, buf, &call.key);

	if (NT_STATUS_IS_OK(status)) {
		status = db_parse(s->db, call.key, peek_others_found, &call);
	}
	if (!NT_STATUS_IS_OK(status) && !NT_STATUS_IS(status, NOT_FOUND)) {
		return status;
	}
	*out_any = call.any;
	return NT_STATUS_OK;
}

bool share_grant_any_directory(const struct share_modes *s, uint64_t device)
{
	return lease_board_any(s->board, device);
}

bool share_grant_has_directory(const struct share_modes *s,
			       const struct file_id *id)
{
	return lease_board_has(s->board, id);
}

/* --- asking --------------------------------------------------------------- */

/* Whether there are opens, for more than attributes, of living processes, but
 * for e and those of the lease own. */
static bool is_open_otherwise(struct share_mode_lock *l,
			      const struct share_mode_entry *e,
			      const struct share_grant *own)
{
	uint32_t ours = share_entry_is_data(e);
	struct share_cursor at = {0};
	struct share_mode_entry other;
	struct share_place p;

	ours += own == NULL ? 0 : own->num_data;
	if (share_counts_get(l)->data <= ours) {
		return false;
	}
	while (share_table_next(&l->entries, &at, &p)) {
		share_mode_entry_read(&p, &other);
		if (other.open_id != e->open_id &&
		    share_entry_is_data(&other) &&
		    (own == NULL || other.grant != own->id) &&
		    share_mode_is_alive(l, &other.owner)) {
			return true;
		}
	}
	return l->entries.failed;
}

/* What there is beside the open e itself and the lease own. */
static struct grant_others find_others(struct share_mode_lock *l,
				       const struct share_mode_entry *e,
				       const struct share_grant *own)
{
	struct grant_others o = {.deleted = share_mode_delete_pending(l)};

	share_counts_others(l, own, &o);
	o.opens = is_open_otherwise(l, e, own);
	return o;
}

/* A new grant, of nothing yet. */
static NTSTATUS add_grant(struct share_mode_lock *l,
			  const struct grant_request *want, uint64_t id,
			  struct share_place *out, struct share_grant *g)
{
	NTSTATUS status;

	if (l->grants.count >= GRANTS_MAX) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	*g = (struct share_grant){.id = id};
	if (want->lease) {
		g->flags = GRANT_LEASE | (want->v2 ? GRANT_LEASE_V2 : 0);
		g->client = want->client;
		g->key = want->key;
		g->parent_key = want->parent_key;
		g->epoch = want->epoch;
	}
	g->flags |= want->directory ? GRANT_DIRECTORY : 0;
	status = share_table_add(&l->grants, id, out);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	share_counts_grant(l, g, true);
	share_grant_write(l, out, g);
	status = want->lease ? index_lease(l, g) : NT_STATUS_OK;
	return NT_STATUS_IS_OK(status) && want->directory ? count_directory(l)
							  : status;
}

/* 3.3.5.9.8: a lease that is wanted to be more than it is becomes all of that
 * or stays what it is (smbtorture smb2.lease.break). */
static void promote(struct share_grant *g, const struct grant_request *want,
		    uint8_t allowed, bool fresh)
{
	if (is_breaking(g) || (g->state & ~want->wanted) != 0) {
		return;
	}
	if ((fresh || allowed == want->wanted) && allowed != g->state) {
		g->state = allowed;
		next_epoch(g);
	}
}

/* The lease that is wanted, if there is one; else *out_id is what a new grant
 * is to have. */
static bool find_wanted(struct share_mode_lock *l, uint64_t open_id,
			const struct grant_request *want,
			struct share_place *out, struct share_grant *out_grant,
			uint64_t *out_id)
{
	if (want->lease) {
		return find_lease(l, &want->client, &want->key, out, out_grant,
				  out_id);
	}
	*out_id = open_id;
	while (share_table_find(&l->grants, *out_id, out)) {
		++*out_id;
	}
	return false;
}

static void answer_of(const struct share_grant *g, struct grant_answer *out)
{
	*out = (struct grant_answer){
		.v2 = (g->flags & GRANT_LEASE_V2) != 0,
		.state = g->state,
		.breaking = is_breaking(g),
		.epoch = (uint16_t)g->epoch,
		.parent_key = g->parent_key,
	};
}

NTSTATUS share_grant_ask(struct share_mode_lock *l, uint64_t open_id,
			 const struct grant_request *want,
			 struct grant_answer *out)
{
	struct grant_request wanted = *want;
	struct share_place open, at;
	struct share_mode_entry e;
	struct grant_others others;
	struct share_grant was, g;
	uint8_t allowed;
	bool fresh;
	uint64_t id;
	NTSTATUS status = share_mode_own(l);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!share_table_find(&l->entries, open_id, &open)) {
		return NT_STATUS(NOT_FOUND);
	}
	share_mode_entry_read(&open, &e);
	fresh = !find_wanted(l, open_id, want, &at, &was, &id);
	others = find_others(l, &e, fresh ? NULL : &was);
	others.locked = want->locked;
	/* 3.3.5.9.11: of a directory nothing is written. */
	wanted.wanted &= want->directory ? (uint8_t)~GRANT_WRITE : GRANT_ALL;
	allowed = grant_allowed(wanted.wanted, want->lease, &others);
	if (want->exclusive && (allowed & GRANT_WRITE) == 0) {
		allowed = 0;
	}
	*out = (struct grant_answer){0};
	if (fresh && !want->lease && allowed == 0) {
		return NT_STATUS_OK;
	}
	if (fresh) {
		status = add_grant(l, want, id, &at, &was);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	g = was;
	promote(&g, &wanted, allowed, fresh);
	join(l, &open, &e, &g);
	change(l, &at, &was, &g);
	answer_of(&g, out);
	return NT_STATUS_OK;
}

/* --- answering ------------------------------------------------------------ */

/* The oplock of an open, or a lease. */
static bool find_of(struct share_mode_lock *l, const struct grant_actor *of,
		    struct share_place *out, struct share_grant *out_grant)
{
	struct share_mode_entry e;
	struct share_place open;
	uint64_t id;

	if (of->open_id == 0) {
		return find_lease(l, &of->client, &of->key, out, out_grant,
				  &id);
	}
	if (!share_table_find(&l->entries, of->open_id, &open)) {
		return false;
	}
	share_mode_entry_read(&open, &e);
	if (!share_table_find(&l->grants, e.grant, out)) {
		return false;
	}
	share_grant_read(out, out_grant);
	return !is_lease(out_grant);
}

/* Windows takes HANDLE first, and the rest when that is answered (smbtorture
 * smb2.lease.breaking3). */
static uint8_t next_step(uint8_t state, uint8_t required)
{
	if ((state & ~required & GRANT_HANDLE) != 0) {
		return state & (uint8_t)~GRANT_HANDLE;
	}
	return state & required;
}

/* Whether the holder owes an answer, and may give this one. */
static NTSTATUS check_answer(const struct share_grant *g, uint8_t state)
{
	if (!is_breaking(g)) {
		return is_lease(g) ? NT_STATUS(UNSUCCESSFUL)
				   : NT_STATUS(INVALID_OPLOCK_PROTOCOL);
	}
	return (state & ~g->break_to) != 0 ? NT_STATUS(REQUEST_NOT_ACCEPTED)
					   : NT_STATUS_OK;
}

/* More is required by now: he is told again. */
static void tell_again(struct share_mode_lock *l, struct share_grant *g,
		       const struct grant_breaker *b)
{
	uint8_t required = g->required;
	uint8_t target = next_step(g->state, required);
	struct share_mode_entry holder;

	if (target == g->state || !find_holder(l, g, &holder)) {
		return;
	}
	tell(g, &holder, target, (g->state & (GRANT_WRITE | GRANT_HANDLE)) != 0,
	     b);
	g->required = required;
	if (is_breaking(g)) {
		g->flags |= GRANT_FURTHER;
	}
}

NTSTATUS share_grant_answer(struct share_mode_lock *l,
			    const struct grant_actor *of, uint8_t state,
			    const struct grant_breaker *b)
{
	struct share_grant was, g;
	struct share_place at;
	NTSTATUS status = share_mode_own(l);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!find_of(l, of, &at, &was)) {
		return NT_STATUS(NOT_FOUND);
	}
	status = check_answer(&was, state);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	g = was;
	g.state = state;
	g.flags &= ~(uint32_t)(GRANT_BREAKING | GRANT_FURTHER);
	tell_again(l, &g, b);
	change(l, &at, &was, &g);
	return NT_STATUS_OK;
}

/* --- for no operation's sake ---------------------------------------------- */

/* What may be left of a grant: no handle nor writing without reading, and of an
 * oplock reading alone (level II). */
static bool may_be_left(const struct share_grant *g, uint8_t state)
{
	return (state & g->state) == state && state != g->state &&
	       (state == 0 || (state & GRANT_READ) != 0) &&
	       (is_lease(g) || (state & ~GRANT_READ) == 0);
}

NTSTATUS share_grant_break_to(struct share_mode_lock *l, uint64_t open_id,
			      uint8_t state, const struct grant_breaker *b)
{
	struct share_mode_entry e, holder;
	struct share_place open, at;
	struct share_grant was, g;
	NTSTATUS status = share_mode_own(l);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!share_table_find(&l->entries, open_id, &open)) {
		return NT_STATUS(NOT_FOUND);
	}
	share_mode_entry_read(&open, &e);
	if (!share_table_find(&l->grants, e.grant, &at)) {
		return NT_STATUS(NOT_FOUND);
	}
	share_grant_read(&at, &was);
	if (!may_be_left(&was, state)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	g = was;
	if (is_breaking(&g)) {
		g.required &= state;
	} else if (find_holder(l, &g, &holder)) {
		next_epoch(&g);
		tell(&g, &holder, state,
		     (g.state & (GRANT_WRITE | GRANT_HANDLE)) != 0, b);
	} else {
		revoke(&g);
	}
	change(l, &at, &was, &g);
	return NT_STATUS_OK;
}
