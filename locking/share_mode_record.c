/* locking/share_mode_record.c - the bytes of a record, and its lock.
 *
 * The value (idl/locking.idl) is a summary, entries of fixed size, a tail.  For
 * a check only the summary is decoded; entries are looked at one by one, where
 * they lie, and when there is a reason to.  A change copies entries and tail
 * out of the database first, into the lock itself when they are small, and the
 * whole is stored once, at the end. */
#include "locking/share_mode_int.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/log.h"
#include "lib/wire.h"
#include "locking/locking.h"

#define HASH_SIZE 10007

NTSTATUS share_modes_open(TALLOC_CTX *mem_ctx, struct db_context *db,
			  struct messaging_context *m, const char *path,
			  bool must_exist, struct share_modes **out)
{
	const struct db_params dp = {.kind = DB_VOLATILE,
				     .order = LOCKING_ORDER_SHARE_MODE,
				     .hash_size = HASH_SIZE,
				     .must_exist = must_exist};
	struct share_modes *s = talloc_zero(mem_ctx, struct share_modes);
	NTSTATUS status;

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->m = m;
	s->path = talloc_strdup(s, path);
	status = s->path == NULL ? NT_STATUS(NO_MEMORY)
				 : db_open(s, db, path, &dp, &s->db);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(s);
		return status;
	}
	*out = s;
	return NT_STATUS_OK;
}

NTSTATUS share_mode_key(const struct file_id *id, uint8_t *buf,
			struct blob *out)
{
	out->data = buf;
	return file_id_push_buf(id, buf, FILE_ID_SIZE, &out->length);
}

/* --- the value ---------------------------------------------------------- */

NTSTATUS share_mode_value_decode(struct blob value, struct value_parts *out)
{
	struct wire_reader r = wire_reader(value.data, value.length);
	struct value_parts v;
	struct blob head = {.data = value.data, .length = SUMMARY_SIZE};
	NTSTATUS status;

	wire_skip(&r, SUMMARY_SIZE);
	if (!wire_ok(&r)) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	status = share_mode_summary_pull(NULL, head, &v.sum);
	if (!NT_STATUS_IS_OK(status) || v.sum.num_entries > v.sum.capacity) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	v.entries = value.data + r.pos;
	wire_skip(&r, (size_t)v.sum.capacity * ENTRY_SIZE);
	if (!wire_ok(&r)) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	v.tail = (struct blob){.data = value.data + r.pos,
			       .length = wire_left(&r)};
	*out = v;
	return NT_STATUS_OK;
}

void share_mode_entry_read(const uint8_t *entries, uint32_t i,
			   struct share_mode_entry *out)
{
	struct blob b = {.data = (uint8_t *)entries + (size_t)i * ENTRY_SIZE,
			 .length = ENTRY_SIZE};
	NTSTATUS status = share_mode_entry_pull(NULL, b, out);

	/* Flat values of any content: there is nothing to go wrong. */
	ASSERT(NT_STATUS_IS_OK(status));
}

/* --- making it ours ----------------------------------------------------- */

/* Memory that lives as long as the lock. */
static uint8_t *lock_alloc(struct share_mode_lock *l, size_t size)
{
	if (l->mem_ctx == NULL) {
		l->mem_ctx = talloc_new(l->s);
	}
	return l->mem_ctx == NULL ? NULL : talloc_size(l->mem_ctx, size);
}

/* Room for capacity entries. */
static NTSTATUS entries_own(struct share_mode_lock *l, uint32_t capacity)
{
	size_t size = (size_t)capacity * ENTRY_SIZE;
	size_t used = (size_t)l->sum.num_entries * ENTRY_SIZE;
	uint8_t *mem = l->small_entries;

	if (size > sizeof(l->small_entries)) {
		mem = lock_alloc(l, size);
	}
	if (mem == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (used > 0 && mem != l->entries) {
		memcpy(mem, l->entries, used);
	}
	memset(mem + used, 0, size - used);
	l->entries = mem;
	l->sum.capacity = capacity;
	return NT_STATUS_OK;
}

static NTSTATUS tail_own(struct share_mode_lock *l)
{
	uint8_t *mem = l->small_tail;

	if (l->tail.length > sizeof(l->small_tail)) {
		mem = lock_alloc(l, l->tail.length);
	}
	if (mem == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (l->tail.length > 0) {
		memcpy(mem, l->tail.data, l->tail.length);
	}
	l->tail.data = mem;
	return NT_STATUS_OK;
}

/* Before the first change of anything. */
NTSTATUS share_mode_own(struct share_mode_lock *l)
{
	NTSTATUS status;

	ASSERT(!l->finished);
	if (l->owned) {
		return NT_STATUS_OK;
	}
	status = entries_own(l, l->sum.capacity);
	if (NT_STATUS_IS_OK(status)) {
		status = tail_own(l);
	}
	if (NT_STATUS_IS_OK(status)) {
		l->owned = true;
	}
	return status;
}

NTSTATUS share_mode_tail_set(struct share_mode_lock *l,
			     const struct share_mode_tail *tail)
{
	size_t size = share_mode_tail_size(tail);
	uint8_t *mem = l->small_tail;
	struct blob b;
	NTSTATUS status;

	/* tail may point into the old one when that is small. */
	if (size > sizeof(l->small_tail) ||
	    (l->tail.data == l->small_tail && l->tail.length > 0)) {
		mem = lock_alloc(l, size);
	}
	if (mem == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	b.data = mem;
	status = share_mode_tail_push_buf(tail, mem, size, &b.length);
	if (NT_STATUS_IS_OK(status)) {
		l->tail = b;
	}
	return status;
}

NTSTATUS share_mode_grow(struct share_mode_lock *l)
{
	uint32_t capacity = l->sum.capacity;

	if (l->sum.num_entries < capacity) {
		return NT_STATUS_OK;
	}
	return entries_own(l, capacity == 0 ? CAPACITY_MIN : capacity * 2);
}

/* --- the lock ----------------------------------------------------------- */

struct lock_call {
	struct share_modes *s;
	share_mode_fn fn;
	void *private_data;
};

static NTSTATUS lock_store(struct share_mode_lock *l)
{
	uint8_t head[SUMMARY_SIZE];
	struct blob parts[3];
	NTSTATUS status;

	if (!l->owned) {
		return NT_STATUS_OK;
	}
	if (l->sum.num_entries == 0) {
		return l->exists ? db_record_delete(l->rec) : NT_STATUS_OK;
	}
	l->sum.version = 1;
	parts[0].data = head;
	status = share_mode_summary_push_buf(&l->sum, head, sizeof(head),
					     &parts[0].length);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	parts[1] =
		(struct blob){.data = l->entries,
			      .length = (size_t)l->sum.capacity * ENTRY_SIZE};
	parts[2] = l->tail;
	return db_record_store_parts(l->rec, parts, 3);
}

static NTSTATUS lock_load(struct share_mode_lock *l, struct blob value)
{
	struct value_parts v;
	NTSTATUS status;

	if (value.data == NULL) {
		return NT_STATUS_OK;
	}
	l->exists = true;
	status = share_mode_value_decode(value, &v);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_LOCKING, "%s: a record is damaged", l->s->path);
		return status;
	}
	l->sum = v.sum;
	l->entries = v.entries;
	l->tail = v.tail;
	return NT_STATUS_OK;
}

static NTSTATUS locked(struct db_record *rec, struct blob value,
		       void *private_data)
{
	struct lock_call *call = private_data;
	struct share_mode_lock l;
	NTSTATUS status;

	/* Not the small buffers: they are written before they are read. */
	memset(&l, 0, offsetof(struct share_mode_lock, small_entries));
	l.s = call->s;
	l.rec = rec;
	status = lock_load(&l, value);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = call->fn(&l, call->private_data);
	if (NT_STATUS_IS_OK(status) && !l.finished) {
		status = lock_store(&l);
	}
	talloc_free(l.mem_ctx);
	return status;
}

NTSTATUS share_mode_do_locked(struct share_modes *s, const struct file_id *id,
			      share_mode_fn fn, void *private_data)
{
	struct lock_call call = {
		.s = s, .fn = fn, .private_data = private_data};
	uint8_t buf[FILE_ID_SIZE];
	struct blob key;
	NTSTATUS status;

	status = share_mode_key(id, buf, &key);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return db_do_locked(s->db, key, locked, &call);
}

struct tevent_req *share_mode_watch_send(TALLOC_CTX *mem_ctx,
					 struct tevent_context *ev,
					 struct share_mode_lock *l)
{
	NTSTATUS status;

	ASSERT(!l->finished);
	status = lock_store(l);
	l->finished = true;
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_LOCKING, "%s: cannot store: %s", l->s->path,
			ntstatus_name(status));
		return NULL;
	}
	return db_watch_send(mem_ctx, ev, l->rec);
}
