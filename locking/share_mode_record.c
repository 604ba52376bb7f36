/* locking/share_mode_record.c - the bytes of a record, and its lock.
 *
 * The value is described in idl/locking.idl.  For a check only the summary is
 * decoded; entries are looked at one by one, where they lie, and when there is
 * a reason to.  A change copies entries and tail out of the database first,
 * into the lock itself when they are small, and the whole is stored once, at
 * the end: entries before the summary, so that what a killed process leaves
 * half written is at worst a summary that says too much. */
#include "locking/share_mode_int.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/log.h"
#include "lib/wire.h"
#include "locking/lease_board.h"
#include "locking/locking.h"

#define HASH_SIZE 10007

/* Beside the other, under the name lease.tdb. */
static char *in_same_folder(struct share_modes *s, const char *name)
{
	const char *slash = strrchr(s->path, '/');

	return talloc_asprintf(s, "%.*s/%s",
			       slash == NULL ? 1 : (int)(slash - s->path),
			       slash == NULL ? "." : s->path, name);
}

static NTSTATUS open_leases(struct share_modes *s, struct db_context *db,
			    bool must_exist)
{
	const struct db_params dp = {.kind = DB_VOLATILE,
				     .order = LOCKING_ORDER_LEASE,
				     .hash_size = HASH_SIZE,
				     .must_exist = must_exist};
	char *path = in_same_folder(s, "lease.tdb");

	return path == NULL ? NT_STATUS(NO_MEMORY)
			    : db_open(s, db, path, &dp, &s->leases);
}

/* A tool, which opens only what is there, grants nothing. */
static NTSTATUS open_board(struct share_modes *s, bool must_exist)
{
	char *path = NULL;
	NTSTATUS status;

	if (!must_exist) {
		path = in_same_folder(s, "lease.board");
		if (path == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
	}
	status = lease_board_create(s, path, &s->board);
	talloc_free(path);
	return status;
}

NTSTATUS share_modes_open(TALLOC_CTX *mem_ctx, struct db_context *db,
			  struct messaging_context *m, const char *path,
			  bool must_exist, struct share_modes **out)
{
	const struct db_params dp = {.kind = DB_VOLATILE,
				     .order = LOCKING_ORDER_SHARE_MODE,
				     .hash_size = HASH_SIZE,
				     .must_exist = must_exist,
				     .shared = true};
	struct share_modes *s = talloc_zero(mem_ctx, struct share_modes);
	NTSTATUS status;

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->m = m;
	s->path = talloc_strdup(s, path);
	status = s->path == NULL ? NT_STATUS(NO_MEMORY)
				 : db_open(s, db, path, &dp, &s->db);
	if (NT_STATUS_IS_OK(status)) {
		status = open_leases(s, db, must_exist);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = open_board(s, must_exist);
	}
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
	struct value_parts v;
	struct blob last;
	size_t entries_size, grants_size;
	NTSTATUS status;

	if (value.length < SUMMARY_SIZE) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	value.length -= SUMMARY_SIZE;
	last = (struct blob){.data = value.data + value.length,
			     .length = SUMMARY_SIZE};
	status = share_mode_summary_pull(NULL, last, &v.sum);
	if (!NT_STATUS_IS_OK(status) || v.sum.num_entries > v.sum.capacity) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	entries_size = (size_t)v.sum.capacity * ENTRY_SIZE;
	grants_size = (size_t)v.sum.num_grants * GRANT_SIZE;
	if (entries_size + grants_size + v.sum.tail_length != value.length) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	v.entries = value.data;
	v.grants = (struct blob){.data = value.data + entries_size,
				 .length = grants_size};
	v.tail = (struct blob){.data = v.grants.data + grants_size,
			       .length = v.sum.tail_length};
	*out = v;
	return NT_STATUS_OK;
}

bool share_mode_entry_is_free(const uint8_t *entries, uint32_t i)
{
	static const uint8_t none[4];

	return memcmp(entries + (size_t)i * ENTRY_SIZE + ENTRY_PID_OFFSET, none,
		      sizeof(none)) == 0;
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

void *share_mode_alloc(struct share_mode_lock *l, size_t size)
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
		mem = share_mode_alloc(l, size);
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
		mem = share_mode_alloc(l, l->tail.length);
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
		mem = share_mode_alloc(l, size);
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

NTSTATUS share_mode_find_place(struct share_mode_lock *l, uint32_t *out)
{
	uint32_t i, capacity = l->sum.capacity;
	NTSTATUS status;

	ASSERT(l->owned);
	if (l->sum.num_entries < capacity) {
		*out = l->sum.num_entries;
		return NT_STATUS_OK;
	}
	for (i = 0; i < capacity; i++) {
		if (share_mode_entry_is_free(l->entries, i)) {
			*out = i;
			return NT_STATUS_OK;
		}
	}
	status = entries_own(l, capacity == 0 ? CAPACITY_MIN : capacity * 2);
	if (NT_STATUS_IS_OK(status)) {
		*out = l->sum.num_entries;
	}
	return status;
}

void share_mode_trim(struct share_mode_lock *l)
{
	uint32_t n = l->sum.num_entries;

	while (n > 0 && share_mode_entry_is_free(l->entries, n - 1)) {
		n--;
	}
	l->sum.num_entries = n;
	if (n == 0) {
		l->sum.flags = 0;
		l->sum.access = 0;
		l->sum.denied = 0;
		l->sum.caching = 0;
		l->sum.num_grants = 0;
	}
}

/* --- the lock ----------------------------------------------------------- */

struct lock_call {
	struct share_modes *s;
	share_mode_fn fn;
	void *private_data;
};

static NTSTATUS lock_write(struct share_mode_lock *l)
{
	uint8_t last[SUMMARY_SIZE];
	struct blob parts[4];
	NTSTATUS status;

	if (!l->owned) {
		return NT_STATUS_OK;
	}
	if (l->sum.num_entries == 0) {
		return l->exists ? db_record_delete(l->rec) : NT_STATUS_OK;
	}
	l->sum.version = 1;
	l->sum.tail_length = (uint32_t)l->tail.length;
	parts[0] =
		(struct blob){.data = l->entries,
			      .length = (size_t)l->sum.capacity * ENTRY_SIZE};
	status = share_grants_encode(l, &parts[1]);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	parts[2] = l->tail;
	parts[3].data = last;
	status = share_mode_summary_push_buf(&l->sum, last, sizeof(last),
					     &parts[3].length);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return db_record_store_parts(l->rec, parts, 4);
}

static NTSTATUS lock_store(struct share_mode_lock *l)
{
	NTSTATUS status = lock_write(l);

	if (NT_STATUS_IS_OK(status)) {
		share_grants_uncount(l);
	}
	return status;
}

/* A damaged record (a process was killed while it wrote) says nothing: the file
 * counts as not open, which the next change makes true.  To refuse would lock
 * everybody out of the file until the server is started anew. */
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
		LOG_ERR(LOG_LOCKING, "%s: a record is damaged and dropped",
			l->s->path);
		return NT_STATUS_OK;
	}
	l->sum = v.sum;
	l->entries = v.entries;
	l->tail = v.tail;
	status = share_grants_decode(l, v.grants);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	share_mode_trim(l);
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
	if (NT_STATUS_IS_OK(status)) {
		status = call->fn(&l, call->private_data);
	}
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
