/* locking/share_grant.c - what somebody may cache of a file. */
#include "locking/share_grant.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/log.h"
#include "lib/nt.h"
#include "lib/wire.h"
#include "locking/lease_board.h"
#include "locking/share_mode_int.h"
#include "messaging/messaging.h"

#define GRANTS_MAX     65536
#define LEASE_KEY_SIZE 32

/* An open with no other access neither counts nor breaks a lease. */
#define STAT_ACCESS                                                            \
	(FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | READ_CONTROL |         \
	 SYNCHRONIZE)

/* --- the bytes ------------------------------------------------------------ */

NTSTATUS share_grants_decode(struct share_mode_lock *l, struct blob grants)
{
	uint32_t n = l->sum.num_grants;

	if (n == 0) {
		return NT_STATUS_OK;
	}
	l->grants = share_mode_alloc(l, (n + 1) * sizeof(*l->grants));
	if (l->grants == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (uint32_t i = 0; i < n; i++) {
		struct blob b = {.data = grants.data + i * GRANT_SIZE,
				 .length = GRANT_SIZE};
		NTSTATUS status = share_grant_pull(NULL, b, &l->grants[i]);

		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	return NT_STATUS_OK;
}

NTSTATUS share_grants_encode(struct share_mode_lock *l, struct blob *out)
{
	size_t n, size = (size_t)l->sum.num_grants * GRANT_SIZE;
	NTSTATUS status = NT_STATUS_OK;

	*out = (struct blob){0};
	if (size == 0) {
		return status;
	}
	out->data = share_mode_alloc(l, size);
	out->length = size;
	if (out->data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (uint32_t i = 0; i < l->sum.num_grants && NT_STATUS_IS_OK(status);
	     i++) {
		status = share_grant_push_buf(&l->grants[i],
					      out->data + i * GRANT_SIZE,
					      GRANT_SIZE, &n);
		ASSERT(!NT_STATUS_IS_OK(status) || n == GRANT_SIZE);
	}
	return status;
}

/* --- entries and grants --------------------------------------------------- */

static uint8_t *entry_at(const struct share_mode_lock *l, uint32_t i)
{
	return l->entries + (size_t)i * ENTRY_SIZE;
}

static uint32_t entry_grant(const struct share_mode_lock *l, uint32_t i)
{
	struct wire_reader r =
		wire_reader(entry_at(l, i) + ENTRY_GRANT_OFFSET, 4);

	return wire_u32(&r);
}

static bool is_lease(const struct share_grant *g)
{
	return (g->flags & GRANT_LEASE) != 0;
}

static bool is_breaking(const struct share_grant *g)
{
	return (g->flags & GRANT_BREAKING) != 0;
}

static void sum_caching(struct share_mode_lock *l)
{
	l->sum.caching = 0;
	for (uint32_t i = 0; i < l->sum.num_grants; i++) {
		l->sum.caching |= l->grants[i].state;
	}
}

/* The next entry from i on with this grant; num_entries: none. */
static uint32_t entry_with(const struct share_mode_lock *l, uint32_t i,
			   uint32_t grant)
{
	while (i < l->sum.num_entries &&
	       (share_mode_entry_is_free(l->entries, i) ||
		entry_grant(l, i) != grant)) {
		i++;
	}
	return i;
}

/* --- the index of leases -------------------------------------------------- */

static struct blob lease_key(const struct guid *client, const struct guid *key,
			     uint8_t *buf)
{
	memcpy(buf, client->bytes, 16);
	memcpy(buf + 16, key->bytes, 16);
	return (struct blob){.data = buf, .length = LEASE_KEY_SIZE};
}

static NTSTATUS index_lease(struct share_mode_lock *l,
			    const struct share_grant *g)
{
	struct lease_record rec = {.version = 1};
	struct blob id = db_record_key(l->rec);
	uint8_t buf[LEASE_KEY_SIZE], value[32];
	struct blob v = {.data = value};
	NTSTATUS status = file_id_pull(NULL, id, &rec.file);

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
	struct file_id id;
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
	struct value_parts v;

	if (!NT_STATUS_IS_OK(share_mode_value_decode(value, &v))) {
		return NT_STATUS_OK;
	}
	for (uint32_t i = 0; i < v.sum.num_grants && !call->found; i++) {
		struct blob b = {.data = v.grants.data + i * GRANT_SIZE,
				 .length = GRANT_SIZE};
		struct share_grant g;

		call->found = NT_STATUS_IS_OK(share_grant_pull(NULL, b, &g)) &&
			      is_lease(&g) &&
			      guid_equal(&g.client, call->client) &&
			      guid_equal(&g.key, call->key);
	}
	return NT_STATUS_OK;
}

NTSTATUS share_grant_find_lease(struct share_modes *s,
				const struct guid *client,
				const struct guid *key, struct file_id *out)
{
	struct find_call call = {.client = client, .key = key};
	uint8_t buf[LEASE_KEY_SIZE], id[FILE_ID_SIZE];
	struct blob file;
	NTSTATUS status = db_parse(s->leases, lease_key(client, key, buf),
				   lease_found, &call);

	if (NT_STATUS_IS_OK(status)) {
		status = share_mode_key(&call.id, id, &file);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = db_parse(s->db, file, has_lease, &call);
	}
	if (NT_STATUS_IS_OK(status) && !call.found) {
		status = NT_STATUS(NOT_FOUND);
	}
	if (NT_STATUS_IS_OK(status)) {
		*out = call.id;
	}
	return status;
}

/* --- grants that nobody uses ---------------------------------------------- */

void share_grants_settle(struct share_mode_lock *l)
{
	uint32_t left = 0;

	for (uint32_t i = 0; i < l->sum.num_grants; i++) {
		if (entry_with(l, 0, l->grants[i].id) < l->sum.num_entries) {
			l->grants[left++] = l->grants[i];
			continue;
		}
		if (is_lease(&l->grants[i])) {
			unindex_lease(l, &l->grants[i]);
		}
		if ((l->grants[i].flags & GRANT_DIRECTORY) != 0) {
			l->gone_directories++;
		}
	}
	l->sum.num_grants = left;
	sum_caching(l);
}

void share_grants_uncount(struct share_mode_lock *l)
{
	struct file_id id;

	if (l->gone_directories == 0 ||
	    !NT_STATUS_IS_OK(file_id_pull(NULL, db_record_key(l->rec), &id))) {
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
	NTSTATUS status = file_id_pull(NULL, db_record_key(l->rec), &id);

	if (NT_STATUS_IS_OK(status)) {
		lease_board_add(l->s->board, &id);
	}
	return status;
}

/* --- breaking ------------------------------------------------------------- */

/* An open with the grant whose process lives. */
static bool find_holder(const struct share_mode_lock *l, uint32_t grant,
			struct share_mode_entry *out)
{
	uint32_t i = entry_with(l, 0, grant);

	while (i < l->sum.num_entries) {
		share_mode_entry_read(l->entries, i, out);
		if (server_id_exists(l->s->m, &out->owner)) {
			return true;
		}
		i = entry_with(l, i + 1, grant);
	}
	return false;
}

static bool is_own(const struct share_mode_lock *l,
		   const struct grant_actor *actor, const struct share_grant *g)
{
	struct share_mode_entry e;
	uint32_t i;

	if (is_lease(g)) {
		return guid_equal(&g->client, &actor->client) &&
		       guid_equal(&g->key, &actor->key);
	}
	i = entry_with(l, 0, g->id);
	if (actor->open_id == 0 || i == l->sum.num_entries) {
		return false;
	}
	share_mode_entry_read(l->entries, i, &e);
	return e.open_id == actor->open_id;
}

/* The state of a lease of version 2 changes. */
static void next_epoch(struct share_grant *g)
{
	if ((g->flags & GRANT_LEASE_V2) != 0) {
		g->epoch = (g->epoch + 1) & 0xffff;
	}
}

/* Asks the holder to come down to target. */
static void tell(struct share_mode_lock *l, struct share_grant *g,
		 const struct share_mode_entry *holder, uint8_t target,
		 bool answer, const struct grant_breaker *b)
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
	if (!find_holder(l, g->id, &holder) ||
	    (is_breaking(g) && b->now >= g->deadline)) {
		revoke(g);
		return 0;
	}
	if (is_breaking(g)) {
		g->required &= e.target;
	} else {
		next_epoch(g);
		tell(l, g, &holder, e.target, e.answer, b);
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
	NTTIME until = 0;
	NTSTATUS status;

	*out_until = 0;
	if (l->sum.caching == 0) {
		return NT_STATUS_OK;
	}
	status = share_mode_own(l);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	for (uint32_t i = 0; i < l->sum.num_grants; i++) {
		struct share_grant *g = &l->grants[i];
		NTTIME t = 0;

		if (!is_own(l, actor, g) || spares_nobody(g, op)) {
			t = break_one(l, g, op, b);
		}
		until = t > until ? t : until;
	}
	sum_caching(l);
	*out_until = until;
	return NT_STATUS_OK;
}

static NTSTATUS peek_found(struct blob value, void *private_data)
{
	bool *any = private_data;
	struct value_parts v;

	*any = NT_STATUS_IS_OK(share_mode_value_decode(value, &v)) &&
	       v.sum.caching != 0;
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

static struct share_grant *find_lease(struct share_mode_lock *l,
				      const struct grant_request *want)
{
	for (uint32_t i = 0; i < l->sum.num_grants && want->lease; i++) {
		struct share_grant *g = &l->grants[i];

		if (is_lease(g) && guid_equal(&g->client, &want->client) &&
		    guid_equal(&g->key, &want->key)) {
			return g;
		}
	}
	return NULL;
}

/* What there is beside the open itself and the lease own. */
static struct grant_others find_others(const struct share_mode_lock *l,
				       uint64_t open_id,
				       const struct share_grant *own)
{
	struct grant_others o = {.deleted = share_mode_delete_pending(l)};

	for (uint32_t i = 0; i < l->sum.num_grants; i++) {
		const struct share_grant *g = &l->grants[i];

		if (g == own) {
			continue;
		}
		if (is_lease(g)) {
			o.leases |= g->state;
		} else {
			o.oplocks |= g->state;
		}
	}
	for (uint32_t i = 0; i < l->sum.num_entries && !o.opens; i++) {
		struct share_mode_entry e;

		if (share_mode_entry_is_free(l->entries, i)) {
			continue;
		}
		share_mode_entry_read(l->entries, i, &e);
		o.opens = e.open_id != open_id &&
			  (e.access & ~(uint32_t)STAT_ACCESS) != 0 &&
			  (own == NULL || e.grant != own->id) &&
			  server_id_exists(l->s->m, &e.owner);
	}
	return o;
}

static NTSTATUS add_grant(struct share_mode_lock *l,
			  const struct grant_request *want, uint8_t state,
			  struct share_grant **out)
{
	uint32_t n = l->sum.num_grants;
	struct share_grant *list;
	struct share_grant *g;
	NTSTATUS status;

	if (n >= GRANTS_MAX) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	list = share_mode_alloc(l, (n + 1) * sizeof(*list));
	if (list == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (n > 0) {
		memcpy(list, l->grants, n * sizeof(*list));
	}
	g = &list[n];
	*g = (struct share_grant){.id = n == 0 ? 1 : list[n - 1].id + 1,
				  .state = state};
	if (want->lease) {
		g->flags = GRANT_LEASE | (want->v2 ? GRANT_LEASE_V2 : 0);
		g->client = want->client;
		g->key = want->key;
		g->parent_key = want->parent_key;
		g->epoch = want->epoch;
	}
	l->grants = list;
	l->sum.num_grants = n + 1;
	*out = g;
	status = want->lease ? index_lease(l, g) : NT_STATUS_OK;
	if (NT_STATUS_IS_OK(status) && want->directory) {
		g->flags |= GRANT_DIRECTORY;
		status = count_directory(l);
	}
	return status;
}

static NTSTATUS name_grant(struct share_mode_lock *l, uint64_t open_id,
			   uint32_t grant)
{
	for (uint32_t i = 0; i < l->sum.num_entries; i++) {
		struct share_mode_entry e;
		struct wire_writer w;

		if (share_mode_entry_is_free(l->entries, i)) {
			continue;
		}
		share_mode_entry_read(l->entries, i, &e);
		if (e.open_id == open_id) {
			w = wire_writer_fixed(
				entry_at(l, i) + ENTRY_GRANT_OFFSET, 4);
			wire_put_u32(&w, grant);
			return NT_STATUS_OK;
		}
	}
	return NT_STATUS(NOT_FOUND);
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

NTSTATUS share_grant_ask(struct share_mode_lock *l, uint64_t open_id,
			 const struct grant_request *want,
			 struct grant_answer *out)
{
	struct share_grant *g = find_lease(l, want);
	struct grant_others others = find_others(l, open_id, g);
	struct grant_request wanted = *want;
	uint8_t allowed;
	bool fresh;
	NTSTATUS status = share_mode_own(l);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	others.locked = want->locked;
	/* 3.3.5.9.11: of a directory nothing is written. */
	wanted.wanted &= want->directory ? (uint8_t)~GRANT_WRITE : GRANT_ALL;
	allowed = grant_allowed(wanted.wanted, want->lease, &others);
	*out = (struct grant_answer){0};
	if (g == NULL && !want->lease && allowed == 0) {
		return NT_STATUS_OK;
	}
	fresh = g == NULL;
	if (fresh) {
		status = add_grant(l, want, 0, &g);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	promote(g, &wanted, allowed, fresh);
	out->v2 = (g->flags & GRANT_LEASE_V2) != 0;
	out->state = g->state;
	out->breaking = is_breaking(g);
	out->parent_key = g->parent_key;
	out->epoch = (uint16_t)g->epoch;
	sum_caching(l);
	return name_grant(l, open_id, g->id);
}

/* --- answering ------------------------------------------------------------ */

static struct share_grant *find_of(struct share_mode_lock *l,
				   const struct grant_actor *of)
{
	for (uint32_t i = 0; i < l->sum.num_grants; i++) {
		struct share_grant *g = &l->grants[i];

		if (is_lease(g) == (of->open_id == 0) && is_own(l, of, g)) {
			return g;
		}
	}
	return NULL;
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

NTSTATUS share_grant_answer(struct share_mode_lock *l,
			    const struct grant_actor *of, uint8_t state,
			    const struct grant_breaker *b)
{
	struct share_grant *g = find_of(l, of);
	struct share_mode_entry holder;
	NTSTATUS status;

	if (g == NULL) {
		return NT_STATUS(NOT_FOUND);
	}
	if (!is_breaking(g)) {
		return is_lease(g) ? NT_STATUS(UNSUCCESSFUL)
				   : NT_STATUS(INVALID_OPLOCK_PROTOCOL);
	}
	if ((state & ~g->break_to) != 0) {
		return NT_STATUS(REQUEST_NOT_ACCEPTED);
	}
	status = share_mode_own(l);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	g->state = state;
	g->flags &= ~(uint32_t)(GRANT_BREAKING | GRANT_FURTHER);
	state = next_step(state, g->required);
	if (state != g->state && find_holder(l, g->id, &holder)) {
		uint8_t required = g->required;

		tell(l, g, &holder, state,
		     (g->state & (GRANT_WRITE | GRANT_HANDLE)) != 0, b);
		g->required = required;
		if (is_breaking(g)) {
			g->flags |= GRANT_FURTHER;
		}
	}
	sum_caching(l);
	return NT_STATUS_OK;
}
