/* locking/share_mode_record.c - the bytes of a record, and its lock.
 *
 * The value is described in idl/locking.idl.  For a check only the summary is
 * decoded; items are looked at one by one, where they lie, and when there is a
 * reason to.  A change copies the places and the tail out of the database
 * first, into the lock itself when they are small, and all is stored once, at
 * the end:
 *
 * 1. pages with what has come or gone, and new ones,
 * 2. the record, its summary last,
 * 3. pages whose items are in others by now.
 *
 * A process killed in between leaves its own item uncounted, or counts of an
 * item that it took out, and no other one's item anywhere but in its page. */
#include "locking/share_mode_int.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/log.h"
#include "lib/wire.h"
#include "locking/lease_board.h"
#include "locking/locking.h"
#include "locking/name_board.h"
#include "locking/share_counts.h"
#include "messaging/messaging.h"
#include "messaging/server_id.h"

#define HASH_SIZE 10007
#define POOL_SIZE 16384 /* pages, and the like, of one lock */

static char *in_same_folder(struct share_modes *s, const char *name)
{
	const char *slash = strrchr(s->path, '/');

	return talloc_asprintf(s, "%.*s/%s",
			       slash == NULL ? 1 : (int)(slash - s->path),
			       slash == NULL ? "." : s->path, name);
}

static NTSTATUS open_beside(struct share_modes *s, struct db_context *db,
			    const char *name, const struct db_params *dp,
			    struct db **out)
{
	char *path = in_same_folder(s, name);

	return path == NULL ? NT_STATUS(NO_MEMORY)
			    : db_open(s, db, path, dp, out);
}

static NTSTATUS open_boards(struct share_modes *s, bool must_exist)
{
	char *leases = in_same_folder(s, "lease.board");
	char *names = in_same_folder(s, "name.board");
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (leases != NULL && names != NULL) {
		status = lease_board_create(s, leases, must_exist, &s->board);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = name_board_create(s, names, must_exist, &s->names);
	}
	talloc_free(leases);
	talloc_free(names);
	return status;
}

static NTSTATUS open_all(struct share_modes *s, struct db_context *db,
			 bool must_exist)
{
	struct db_params dp = {.kind = DB_VOLATILE,
			       .order = LOCKING_ORDER_SHARE_MODE,
			       .hash_size = HASH_SIZE,
			       .must_exist = must_exist,
			       .shared = true};
	NTSTATUS status = db_open(s, db, s->path, &dp, &s->db);

	dp.order = LOCKING_ORDER_SHARE_PAGE;
	if (NT_STATUS_IS_OK(status)) {
		status = open_beside(s, db, "share_page.tdb", &dp, &s->pages);
	}
	dp.order = LOCKING_ORDER_LEASE;
	dp.shared = false;
	if (NT_STATUS_IS_OK(status)) {
		status = open_beside(s, db, "lease.tdb", &dp, &s->leases);
	}
	return NT_STATUS_IS_OK(status) ? open_boards(s, must_exist) : status;
}

NTSTATUS share_modes_open(TALLOC_CTX *mem_ctx, struct db_context *db,
			  struct messaging_context *m, const char *path,
			  bool must_exist, struct share_modes **out)
{
	struct share_modes *s = talloc_zero(mem_ctx, struct share_modes);
	NTSTATUS status;

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->m = m;
	s->path = talloc_strdup(s, path);
	status = s->path == NULL ? NT_STATUS(NO_MEMORY)
				 : open_all(s, db, must_exist);
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

static const struct share_table_kind entry_kind = {
	.size = ENTRY_SIZE,
	.id_offset = ENTRY_OPEN_ID_OFFSET,
	.few = 4,
	.most = 8,
};

static const struct share_table_kind grant_kind = {
	.size = GRANT_SIZE,
	.id_offset = GRANT_ID_OFFSET,
	.few = 2,
	.most = 8,
	.page_key = SHARE_PAGE_GRANTS,
};

NTSTATUS share_mode_summary_of(struct blob value,
			       struct share_mode_summary *out)
{
	struct blob last = {.length = SUMMARY_SIZE};
	NTSTATUS status;

	if (value.length < SUMMARY_SIZE) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	last.data = value.data + value.length - SUMMARY_SIZE;
	status = share_mode_summary_pull(NULL, last, out);
	return NT_STATUS_IS_OK(status) &&
			       out->entry_places <= SHARE_TABLE_MOST &&
			       out->grant_places <= SHARE_TABLE_MOST
		       ? NT_STATUS_OK
		       : NT_STATUS(INTERNAL_DB_CORRUPTION);
}

/* The next n bytes of the value. */
static uint8_t *take(struct blob *value, size_t n)
{
	uint8_t *p = value->data;

	ASSERT(value->length >= n);
	value->data += n;
	value->length -= n;
	return p;
}

static bool has_counts(const struct share_mode_summary *sum)
{
	return sum->entry_pages != 0 || sum->grant_pages != 0;
}

/* The value is split among the parts of l; all lent. */
static NTSTATUS split(struct share_mode_lock *l, struct blob value)
{
	struct share_mode_summary sum;
	NTSTATUS status = share_mode_summary_of(value, &sum);
	struct blob counts = {.length = COUNTS_SIZE};

	if (!NT_STATUS_IS_OK(status) ||
	    sum.entry_places * ENTRY_SIZE + sum.grant_places * GRANT_SIZE +
			    (uint64_t)sum.tail_length +
			    (has_counts(&sum) ? COUNTS_SIZE : 0) +
			    SUMMARY_SIZE !=
		    value.length) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	l->entries.here.places = sum.entry_places;
	l->entries.here.items = take(&value, sum.entry_places * ENTRY_SIZE);
	l->entries.count = sum.num_entries;
	l->entries.num_pages = sum.entry_pages;
	l->grants.here.places = sum.grant_places;
	l->grants.here.items = take(&value, sum.grant_places * GRANT_SIZE);
	l->grants.count = sum.num_grants;
	l->grants.num_pages = sum.grant_pages;
	l->tail.length = sum.tail_length;
	l->tail.data = take(&value, sum.tail_length);
	l->sum = sum;
	if (has_counts(&sum)) {
		counts.data = take(&value, COUNTS_SIZE);
		l->counted = true;
		status = share_mode_counts_pull(NULL, counts, &l->counts);
	}
	return status;
}

static void lock_init(struct share_mode_lock *l, struct share_modes *s,
		      struct blob key)
{
	ASSERT(key.length == FILE_ID_SIZE);
	/* Not the buffers: they are written before they are read. */
	memset(l, 0, offsetof(struct share_mode_lock, entries));
	l->s = s;
	l->key = key.data;
	share_table_init(&l->entries, &entry_kind, l);
	share_table_init(&l->grants, &grant_kind, l);
}

NTSTATUS share_mode_view(struct share_modes *s, struct blob key,
			 struct blob value, struct share_mode_lock *out)
{
	lock_init(out, s, key);
	return split(out, value);
}

void share_mode_view_end(struct share_mode_lock *l)
{
	talloc_free(l->mem_ctx);
}

/* --- items -------------------------------------------------------------- */

/* Flat values of any content: there is nothing to go wrong. */
void share_mode_entry_read(const struct share_place *at,
			   struct share_mode_entry *out)
{
	struct blob b = {.data = at->item, .length = ENTRY_SIZE};
	NTSTATUS status = share_mode_entry_pull(NULL, b, out);

	ASSERT(NT_STATUS_IS_OK(status));
}

void share_mode_entry_write(struct share_mode_lock *l,
			    const struct share_place *at,
			    const struct share_mode_entry *e)
{
	size_t n;
	NTSTATUS status =
		share_mode_entry_push_buf(e, at->item, ENTRY_SIZE, &n);

	ASSERT(NT_STATUS_IS_OK(status) && n == ENTRY_SIZE);
	share_table_touch(&l->entries, at);
}

void share_grant_read(const struct share_place *at, struct share_grant *out)
{
	struct blob b = {.data = at->item, .length = GRANT_SIZE};
	NTSTATUS status = share_grant_pull(NULL, b, out);

	ASSERT(NT_STATUS_IS_OK(status));
}

void share_grant_write(struct share_mode_lock *l, const struct share_place *at,
		       const struct share_grant *g)
{
	size_t n;
	NTSTATUS status = share_grant_push_buf(g, at->item, GRANT_SIZE, &n);

	ASSERT(NT_STATUS_IS_OK(status) && n == GRANT_SIZE);
	share_table_touch(&l->grants, at);
}

/* --- making it ours ----------------------------------------------------- */

void *share_mode_alloc(struct share_mode_lock *l, size_t size)
{
	if (l->mem_ctx == NULL) {
		l->mem_ctx = talloc_pool(l->s, POOL_SIZE);
	}
	return l->mem_ctx == NULL ? NULL : talloc_size(l->mem_ctx, size);
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

NTSTATUS share_mode_own(struct share_mode_lock *l)
{
	NTSTATUS status;

	ASSERT(!l->finished && l->rec != NULL);
	if (l->owned) {
		return NT_STATUS_OK;
	}
	status = tail_own(l);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	share_table_own(&l->entries);
	share_table_own(&l->grants);
	l->owned = true;
	return NT_STATUS_OK;
}

bool share_mode_is_alive(struct share_mode_lock *l, const struct server_id *id)
{
	size_t size = ALIVE_KNOWN * sizeof(*l->alive);
	struct server_id *known;

	if (l->alive == NULL) {
		l->alive = share_mode_alloc(l, size);
		if (l->alive == NULL) {
			return server_id_exists(l->s->m, id);
		}
		memset(l->alive, 0, size);
	}
	known = &l->alive[id->pid % ALIVE_KNOWN];
	if (id->pid != 0 && server_id_equal(known, id)) {
		return true;
	}
	if (!server_id_exists(l->s->m, id)) {
		return false;
	}
	*known = *id;
	return true;
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
		l->changed = true;
	}
	return status;
}

/* --- the lock ----------------------------------------------------------- */

struct lock_call {
	struct share_modes *s;
	share_mode_fn fn;
	void *private_data;
};

/* The summary as it is now. */
static void sum_up(struct share_mode_lock *l)
{
	struct share_mode_summary *sum = &l->sum;

	sum->version = 2;
	sum->tail_length = (uint32_t)l->tail.length;
	sum->num_entries = l->entries.count;
	sum->num_grants = l->grants.count;
	sum->entry_places = (uint8_t)l->entries.here.places;
	sum->grant_places = (uint8_t)l->grants.here.places;
	sum->entry_pages = l->entries.num_pages;
	sum->grant_pages = l->grants.num_pages;
}

static NTSTATUS store_record(struct share_mode_lock *l)
{
	uint8_t sum[SUMMARY_SIZE], counts[COUNTS_SIZE];
	struct blob parts[5] = {
		{.data = l->entries.here.items,
		 .length = l->entries.here.places * ENTRY_SIZE},
		{.data = l->grants.here.items,
		 .length = l->grants.here.places * GRANT_SIZE},
		l->tail,
		{.data = counts},
		{.data = sum},
	};
	NTSTATUS status = NT_STATUS_OK;

	sum_up(l);
	if (has_counts(&l->sum)) {
		status = share_mode_counts_push_buf(share_counts_get(l), counts,
						    sizeof(counts),
						    &parts[3].length);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = share_mode_summary_push_buf(&l->sum, sum, sizeof(sum),
						     &parts[4].length);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return l->loosened ? db_record_store_parts(l->rec, parts, 5)
			   : db_record_update_parts(l->rec, parts, 5);
}

/* Nobody has the file open any more. */
static NTSTATUS store_nothing(struct share_mode_lock *l)
{
	NTSTATUS status = share_table_drop(&l->entries);

	if (NT_STATUS_IS_OK(status)) {
		status = share_table_drop(&l->grants);
	}
	return NT_STATUS_IS_OK(status) && l->exists ? db_record_delete(l->rec)
						    : status;
}

static NTSTATUS store_pages(struct share_mode_lock *l, bool late)
{
	NTSTATUS status = share_table_store(&l->entries, late);

	return NT_STATUS_IS_OK(status) ? share_table_store(&l->grants, late)
				       : status;
}

static NTSTATUS lock_write(struct share_mode_lock *l)
{
	NTSTATUS status;

	if (!l->changed) {
		return NT_STATUS_OK;
	}
	ASSERT(l->owned);
	if (l->entries.count == 0 && !l->entries.failed) {
		return store_nothing(l);
	}
	status = share_table_reshape(&l->entries);
	if (NT_STATUS_IS_OK(status)) {
		status = share_table_reshape(&l->grants);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = store_pages(l, false);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = store_record(l);
	}
	return NT_STATUS_IS_OK(status) ? store_pages(l, true) : status;
}

static NTSTATUS lock_store(struct share_mode_lock *l)
{
	NTSTATUS status = lock_write(l);

	if (NT_STATUS_IS_OK(status) && l->changed && l->entries.count == 0 &&
	    !l->entries.failed) {
		share_names_leave(l);
	}
	if (NT_STATUS_IS_OK(status)) {
		share_grants_uncount(l);
		share_names_uncount(l);
	}
	return status;
}

/* A damaged record (a process was killed while it wrote) says nothing: the file
 * counts as not open, which the next change makes true.  To refuse would lock
 * everybody out of the file until the server is started anew. */
static void lock_load(struct share_mode_lock *l, struct blob value)
{
	if (value.data == NULL) {
		return;
	}
	l->exists = true;
	if (!NT_STATUS_IS_OK(split(l, value))) {
		LOG_ERR(LOG_LOCKING, "%s: a record is damaged and dropped",
			l->s->path);
		return;
	}
	l->named = true;
}

static NTSTATUS locked(struct db_record *rec, struct blob value,
		       void *private_data)
{
	struct lock_call *call = private_data;
	struct share_mode_lock l;
	NTSTATUS status;

	lock_init(&l, call->s, db_record_key(rec));
	l.rec = rec;
	lock_load(&l, value);
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
