/* locking/share_mode.c - who has a file open, and with which sharing.
 *
 * The value (idl/locking.idl) is a summary, entries of fixed size, a tail.  For
 * a check only the summary is decoded; entries are looked at one by one, where
 * they lie, and when there is a reason to.  A change copies entries and tail
 * out of the database first, into the lock itself when they are small, and the
 * whole is stored once, at the end. */
#include "locking/share_mode.h"

#include <string.h>

#include "db/db.h"
#include "lib/assert.h"
#include "lib/log.h"
#include "lib/nt.h"
#include "lib/wire.h"
#include "locking/locking.h"
#include "locking/share_mode_rules.h"
#include "messaging/messaging.h"

#define FILE_ID_SIZE	     24
#define SUMMARY_SIZE	     20
#define ENTRY_SIZE	     48
#define ENTRY_OPEN_ID_OFFSET 16
#define CAPACITY_MIN	     2

#define HASH_SIZE 10007

struct share_modes {
	struct db *db;
	struct messaging_context *m;
	const char *path;
};

struct share_mode_lock {
	struct share_modes *s;
	struct db_record *rec;
	struct share_mode_summary sum;
	/* sum.num_entries times ENTRY_SIZE; lent by the database until owned,
	 * then with room for sum.capacity */
	uint8_t *entries;
	struct blob tail;    /* lent or owned, as entries */
	bool exists;	     /* in the database */
	bool owned;	     /* entries and tail are ours to change */
	bool finished;	     /* nothing more may be done */
	TALLOC_CTX *mem_ctx; /* of what does not fit below; may be NULL */
	uint8_t small_entries[2 * CAPACITY_MIN * ENTRY_SIZE];
	uint8_t small_tail[400];
};

bool file_id_equal(const struct file_id *a, const struct file_id *b)
{
	return a->inode == b->inode && a->device == b->device &&
	       a->stream == b->stream;
}

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

static NTSTATUS key_of(const struct file_id *id, uint8_t *buf, struct blob *out)
{
	out->data = buf;
	return file_id_push_buf(id, buf, FILE_ID_SIZE, &out->length);
}

/* --- the value
 * ------------------------------------------------------------------- */

/* All lent. */
struct value_parts {
	struct share_mode_summary sum;
	uint8_t *entries;
	struct blob tail;
};

static NTSTATUS value_decode(struct blob value, struct value_parts *out)
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

static uint8_t *entry_at(const struct share_mode_lock *l, uint32_t i)
{
	return l->entries + (size_t)i * ENTRY_SIZE;
}

static void entry_read(const struct share_mode_lock *l, uint32_t i,
		       struct share_mode_entry *out)
{
	struct blob b = {.data = entry_at(l, i), .length = ENTRY_SIZE};
	NTSTATUS status = share_mode_entry_pull(NULL, b, out);

	/* Flat values of any content: there is nothing to go wrong. */
	ASSERT(NT_STATUS_IS_OK(status));
}

static struct share_claim entry_claim(const struct share_mode_entry *e)
{
	return share_claim(e->access, e->share,
			   (e->flags & SHARE_ENTRY_STREAM) != 0);
}

static struct share_claim sum_claim(const struct share_mode_summary *sum)
{
	return (struct share_claim){.access = sum->access,
				    .denied = sum->denied};
}

static void sum_set_claim(struct share_mode_summary *sum, struct share_claim c)
{
	sum->access = c.access;
	sum->denied = c.denied;
}

/* num_entries when there is none. */
static uint32_t entry_find(const struct share_mode_lock *l, uint64_t open_id)
{
	uint8_t want[8];
	struct wire_writer w = wire_writer_fixed(want, sizeof(want));
	uint32_t i;

	wire_put_u64(&w, open_id);
	for (i = 0; i < l->sum.num_entries; i++) {
		if (memcmp(entry_at(l, i) + ENTRY_OPEN_ID_OFFSET, want,
			   sizeof(want)) == 0) {
			break;
		}
	}
	return i;
}

/* --- making it ours
 * ---------------------------------------------------------------- */

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
static NTSTATUS lock_own(struct share_mode_lock *l)
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

static NTSTATUS tail_set(struct share_mode_lock *l,
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

/* --- the lock
 * ------------------------------------------------------------------------- */

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
	status = value_decode(value, &v);
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

	status = key_of(id, buf, &key);
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

/* --- entries
 * ------------------------------------------------------------------------------
 */

/* The union over all entries, anew. */
static void claims_recompute(struct share_mode_lock *l)
{
	struct share_claim all = {0};
	struct share_mode_entry e;
	uint32_t i;

	for (i = 0; i < l->sum.num_entries; i++) {
		entry_read(l, i, &e);
		all = share_claims_union(all, entry_claim(&e));
	}
	sum_set_claim(&l->sum, all);
}

/* The last one takes its place; the union is left to the caller. */
static void entry_take_out(struct share_mode_lock *l, uint32_t i)
{
	uint32_t last = l->sum.num_entries - 1;

	ASSERT(l->owned && i <= last);
	if (i != last) {
		memcpy(entry_at(l, i), entry_at(l, last), ENTRY_SIZE);
	}
	memset(entry_at(l, last), 0, ENTRY_SIZE);
	l->sum.num_entries = last;
	if (last == 0) {
		l->sum.flags = 0;
	}
}

static bool always(const struct share_mode_entry *e, const void *private_data)
{
	return true;
}

/* Removes entries of dead processes among those that matter, until it meets a
 * living one: then true. */
static bool somebody_lives(struct share_mode_lock *l,
			   bool (*matters)(const struct share_mode_entry *e,
					   const void *private_data),
			   const void *private_data)
{
	struct share_mode_entry e;
	bool found = false, removed = false;
	uint32_t i = 0;

	while (i < l->sum.num_entries && !found) {
		entry_read(l, i, &e);
		if (!matters(&e, private_data)) {
			i++;
			continue;
		}
		found = server_id_exists(l->s->m, &e.owner) ||
			!NT_STATUS_IS_OK(lock_own(l));
		if (!found) {
			entry_take_out(l, i);
			removed = true;
		}
	}
	if (removed) {
		claims_recompute(l);
	}
	return found;
}

static bool stands_in_the_way(const struct share_mode_entry *e,
			      const void *private_data)
{
	const struct share_claim *want = private_data;

	return share_claims_conflict(entry_claim(e), *want);
}

NTSTATUS share_mode_check(struct share_mode_lock *l, uint32_t access,
			  uint32_t share, uint32_t flags)
{
	struct share_claim want =
		share_claim(access, share, (flags & SHARE_ENTRY_STREAM) != 0);

	ASSERT(!l->finished);
	if (share_mode_delete_pending(l) && somebody_lives(l, always, NULL)) {
		return NT_STATUS(DELETE_PENDING);
	}
	if (share_claims_conflict(sum_claim(&l->sum), want) &&
	    somebody_lives(l, stands_in_the_way, &want)) {
		return NT_STATUS(SHARING_VIOLATION);
	}
	return NT_STATUS_OK;
}

static NTSTATUS grow(struct share_mode_lock *l)
{
	uint32_t capacity = l->sum.capacity;

	if (l->sum.num_entries < capacity) {
		return NT_STATUS_OK;
	}
	return entries_own(l, capacity == 0 ? CAPACITY_MIN : capacity * 2);
}

NTSTATUS share_mode_add(struct share_mode_lock *l,
			const struct share_mode_entry *e,
			const char *share_path, const char *name)
{
	const struct share_mode_tail tail = {.share_path = share_path,
					     .name = name};
	size_t n;
	NTSTATUS status;

	status = lock_own(l);
	if (NT_STATUS_IS_OK(status)) {
		status = grow(l);
	}
	if (NT_STATUS_IS_OK(status) && l->sum.num_entries == 0) {
		status = tail_set(l, &tail);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = share_mode_entry_push_buf(e, entry_at(l, l->sum.num_entries),
					   ENTRY_SIZE, &n);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	l->sum.num_entries++;
	sum_set_claim(&l->sum,
		      share_claims_union(sum_claim(&l->sum), entry_claim(e)));
	return NT_STATUS_OK;
}

NTSTATUS share_mode_remove(struct share_mode_lock *l, uint64_t open_id)
{
	uint32_t i = entry_find(l, open_id);
	struct share_mode_entry e;
	struct share_claim gone;
	NTSTATUS status;

	if (i == l->sum.num_entries) {
		return NT_STATUS(NOT_FOUND);
	}
	status = lock_own(l);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	entry_read(l, i, &e);
	entry_take_out(l, i);
	gone = entry_claim(&e);
	if (gone.access != 0 || gone.denied != 0) {
		claims_recompute(l);
	}
	return NT_STATUS_OK;
}

uint32_t share_mode_count(const struct share_mode_lock *l, bool streams)
{
	struct share_mode_entry e;
	uint32_t i, count = 0;

	if (streams) {
		return l->sum.num_entries;
	}
	for (i = 0; i < l->sum.num_entries; i++) {
		entry_read(l, i, &e);
		count += (e.flags & SHARE_ENTRY_STREAM) == 0;
	}
	return count;
}

void share_mode_remove_dead(struct share_mode_lock *l)
{
	struct share_mode_entry e;
	bool removed = false;
	uint32_t i = 0;

	while (i < l->sum.num_entries) {
		entry_read(l, i, &e);
		if (server_id_exists(l->s->m, &e.owner)) {
			i++;
			continue;
		}
		if (!NT_STATUS_IS_OK(lock_own(l))) {
			break;
		}
		entry_take_out(l, i);
		removed = true;
	}
	if (removed) {
		claims_recompute(l);
	}
}

NTSTATUS share_mode_get_entry(const struct share_mode_lock *l, uint64_t open_id,
			      struct share_mode_entry *out)
{
	uint32_t i = entry_find(l, open_id);

	if (i == l->sum.num_entries) {
		return NT_STATUS(NOT_FOUND);
	}
	entry_read(l, i, out);
	return NT_STATUS_OK;
}

void share_mode_each(const struct share_mode_lock *l, share_mode_entry_fn fn,
		     void *private_data)
{
	struct share_mode_entry e;
	uint32_t i;

	for (i = 0; i < l->sum.num_entries; i++) {
		entry_read(l, i, &e);
		if (!fn(&e, private_data)) {
			return;
		}
	}
}

/* --- the file
 * ---------------------------------------------------------------------------------
 */

/* Changes the tail by fn. */
static NTSTATUS tail_change(struct share_mode_lock *l,
			    void (*fn)(struct share_mode_tail *tail,
				       const void *private_data),
			    const void *private_data)
{
	struct share_mode_tail tail;
	TALLOC_CTX *mem_ctx;
	NTSTATUS status;

	ASSERT(l->sum.num_entries > 0);
	status = lock_own(l);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	mem_ctx = talloc_new(l->s);
	if (mem_ctx == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = share_mode_tail_pull(mem_ctx, l->tail, &tail);
	if (NT_STATUS_IS_OK(status)) {
		fn(&tail, private_data);
		status = tail_set(l, &tail);
	}
	talloc_free(mem_ctx);
	return status;
}

static void set_deleter(struct share_mode_tail *tail, const void *private_data)
{
	tail->deleter = (struct delete_owner *)private_data;
}

NTSTATUS share_mode_set_delete_pending(struct share_mode_lock *l,
				       const struct delete_owner *deleter)
{
	NTSTATUS status;

	if (deleter == NULL && !share_mode_delete_pending(l)) {
		return NT_STATUS_OK;
	}
	status = tail_change(l, set_deleter, deleter);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	l->sum.flags &= ~(uint32_t)SHARE_MODE_DELETE_PENDING;
	if (deleter != NULL) {
		l->sum.flags |= SHARE_MODE_DELETE_PENDING;
	}
	return NT_STATUS_OK;
}

bool share_mode_delete_pending(const struct share_mode_lock *l)
{
	return (l->sum.flags & SHARE_MODE_DELETE_PENDING) != 0;
}

NTSTATUS share_mode_get_deleter(TALLOC_CTX *mem_ctx,
				const struct share_mode_lock *l,
				struct delete_owner *out)
{
	struct share_mode_tail tail;
	NTSTATUS status;

	if (!share_mode_delete_pending(l)) {
		return NT_STATUS(NOT_FOUND);
	}
	status = share_mode_tail_pull(mem_ctx, l->tail, &tail);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (tail.deleter == NULL) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	*out = *tail.deleter;
	return NT_STATUS_OK;
}

struct new_name {
	const char *share_path, *name;
};

static void set_name(struct share_mode_tail *tail, const void *private_data)
{
	const struct new_name *to = private_data;

	tail->share_path = to->share_path;
	tail->name = to->name;
}

NTSTATUS share_mode_rename(struct share_mode_lock *l, const char *share_path,
			   const char *name)
{
	const struct new_name to = {.share_path = share_path, .name = name};

	return tail_change(l, set_name, &to);
}

/* --- without the lock
 * -----------------------------------------------------------------------------
 */

static NTSTATUS peek_found(struct blob value, void *private_data)
{
	struct share_mode_state *out = private_data;
	struct value_parts v;
	NTSTATUS status;

	status = value_decode(value, &v);
	if (NT_STATUS_IS_OK(status)) {
		out->num_entries = v.sum.num_entries;
		out->delete_pending =
			(v.sum.flags & SHARE_MODE_DELETE_PENDING) != 0;
	}
	return status;
}

NTSTATUS share_mode_peek(struct share_modes *s, const struct file_id *id,
			 struct share_mode_state *out)
{
	struct share_mode_state state = {0};
	uint8_t buf[FILE_ID_SIZE];
	struct blob key;
	NTSTATUS status;

	status = key_of(id, buf, &key);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = db_parse(s->db, key, peek_found, &state);
	if (NT_STATUS_IS_OK(status) || NT_STATUS_IS(status, NOT_FOUND)) {
		*out = state;
		return NT_STATUS_OK;
	}
	return status;
}

struct traverse_call {
	struct share_modes *s;
	share_mode_info_fn fn;
	void *private_data;
};

/* All that is in a record, on mem_ctx. */
static NTSTATUS info_decode(TALLOC_CTX *mem_ctx, struct blob key,
			    struct blob value, struct share_mode_info *out)
{
	struct share_mode_entry *entries;
	struct share_mode_lock l;
	struct value_parts v;
	NTSTATUS status;
	uint32_t i;

	status = value_decode(value, &v);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	entries = talloc_array(mem_ctx, struct share_mode_entry,
			       v.sum.num_entries);
	if (entries == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	l.entries = v.entries;
	for (i = 0; i < v.sum.num_entries; i++) {
		entry_read(&l, i, &entries[i]);
	}
	out->summary = v.sum;
	out->entries = entries;
	status = file_id_pull(mem_ctx, key, &out->id);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return share_mode_tail_pull(mem_ctx, v.tail, &out->tail);
}

static bool traverse_found(struct blob key, struct blob value,
			   void *private_data)
{
	struct traverse_call *call = private_data;
	TALLOC_CTX *mem_ctx = talloc_new(call->s);
	struct share_mode_info info;
	bool go_on = true;

	if (NT_STATUS_IS_OK(info_decode(mem_ctx, key, value, &info))) {
		go_on = call->fn(&info, call->private_data);
	} else {
		LOG_ERR(LOG_LOCKING, "%s: a record is damaged", call->s->path);
	}
	talloc_free(mem_ctx);
	return go_on;
}

NTSTATUS share_mode_traverse(struct share_modes *s, share_mode_info_fn fn,
			     void *private_data)
{
	struct traverse_call call = {
		.s = s, .fn = fn, .private_data = private_data};

	return db_traverse(s->db, traverse_found, &call);
}

/* --- forgetting the dead
 * ------------------------------------------------------------------------------
 */

struct forget_call {
	struct share_modes *s;
	const struct server_id *dead;
	struct file_id *ids;
	size_t count;
};

static bool forget_found(const struct share_mode_info *info, void *private_data)
{
	struct forget_call *call = private_data;
	struct file_id *ids;
	uint32_t i;

	for (i = 0; i < info->summary.num_entries; i++) {
		if (server_id_equal(&info->entries[i].owner, call->dead)) {
			break;
		}
	}
	if (i == info->summary.num_entries) {
		return true;
	}
	ids = talloc_realloc(call->s, call->ids, struct file_id,
			     call->count + 1);
	if (ids == NULL) {
		return false;
	}
	ids[call->count++] = info->id;
	call->ids = ids;
	return true;
}

static NTSTATUS forget_locked(struct share_mode_lock *l, void *private_data)
{
	share_mode_remove_dead(l);
	return NT_STATUS_OK;
}

void share_mode_forget(struct share_modes *s, const struct server_id *dead)
{
	struct forget_call call = {.s = s, .dead = dead};
	NTSTATUS status;
	size_t i;

	status = share_mode_traverse(s, forget_found, &call);
	for (i = 0; NT_STATUS_IS_OK(status) && i < call.count; i++) {
		status = share_mode_do_locked(s, &call.ids[i], forget_locked,
					      NULL);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_LOCKING, "%s: entries of pid %u are left: %s",
			 s->path, dead->pid, ntstatus_name(status));
	}
	talloc_free(call.ids);
}
