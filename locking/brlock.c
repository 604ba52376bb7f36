/* locking/brlock.c - byte-range locks: the rules. */
#include "locking/brlock.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/log.h"
#include "locking/brlock_int.h"
#include "locking/locking.h"
#include "messaging/messaging.h"

#define HASH_SIZE      1009
#define PAGE_HASH_SIZE 10007

static NTSTATUS open_db(struct brlocks *s, struct db_context *db,
			const char *path, const struct db_params *params,
			struct db **out)
{
	return path == NULL ? NT_STATUS(NO_MEMORY)
			    : db_open(s, db, path, params, out);
}

NTSTATUS brlocks_open(TALLOC_CTX *mem_ctx, struct db_context *db,
		      struct messaging_context *m, const char *dir,
		      bool must_exist, struct brlocks **out)
{
	struct brlocks *s = talloc_zero(mem_ctx, struct brlocks);
	struct db_params params = {.kind = DB_VOLATILE,
				   .order = LOCKING_ORDER_BRLOCK,
				   .hash_size = HASH_SIZE,
				   .must_exist = must_exist,
				   .shared = true};
	NTSTATUS status;

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->m = m;
	status = open_db(s, db, talloc_asprintf(s, "%s/brlock.tdb", dir),
			 &params, &s->db);
	params.order = LOCKING_ORDER_BRLOCK_PAGE;
	params.hash_size = PAGE_HASH_SIZE;
	if (NT_STATUS_IS_OK(status)) {
		status = open_db(s, db,
				 talloc_asprintf(s, "%s/brlock_page.tdb", dir),
				 &params, &s->pages);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(s);
		return status;
	}
	*out = s;
	return NT_STATUS_OK;
}

/* --- the lock ------------------------------------------------------------- */

struct lock_call {
	struct brlocks *s;
	const struct file_id *id;
	brlock_fn fn;
	void *private_data;
};

/* A list that cannot be read (a process was killed while it wrote) has no
 * locks, as otherwise nobody could use the file any more. */
static NTSTATUS load_list(struct brlock_list *l, struct blob value)
{
	NTSTATUS status = brlock_decode(l, value);

	if (NT_STATUS_IS(status, INTERNAL_DB_CORRUPTION)) {
		LOG_ERR(LOG_LOCKING, "brlock.tdb: a record is damaged: the "
				     "locks of a file are lost");
		status = brlock_decode(l, (struct blob){0});
	}
	return status;
}

static NTSTATUS locked(struct db_record *rec, struct blob value,
		       void *private_data)
{
	struct lock_call *call = private_data;
	struct brlock_list l = {.s = call->s,
				.rec = rec,
				.id = *call->id,
				.loose_first = UINT64_MAX};
	NTSTATUS status, stored = NT_STATUS_OK;

	l.mem_ctx = talloc_new(call->s);
	status =
		l.mem_ctx == NULL ? NT_STATUS(NO_MEMORY) : load_list(&l, value);
	if (NT_STATUS_IS_OK(status)) {
		status = call->fn(&l, call->private_data);
		if (!l.finished) {
			brlock_wake(&l);
			stored = brlock_store(&l);
		}
	}
	talloc_free(l.mem_ctx);
	return NT_STATUS_IS_OK(status) ? stored : status;
}

NTSTATUS brlock_do_locked(struct brlocks *s, const struct file_id *id,
			  brlock_fn fn, void *private_data)
{
	struct lock_call call = {
		.s = s, .id = id, .fn = fn, .private_data = private_data};
	uint8_t buf[BRLOCK_KEY_SIZE];
	struct blob key = {.data = buf};
	NTSTATUS status = file_id_push_buf(id, buf, sizeof(buf), &key.length);

	return NT_STATUS_IS_OK(status) ? db_do_locked(s->db, key, locked, &call)
				       : status;
}

/* --- conflicts ------------------------------------------------------------ */

/* A range and what is to be done with it. */
struct access {
	uint64_t open_id;
	uint64_t first, last;
	bool exclusive;
	bool lock; /* LockIntent: to lock it, not to read or write */
};

static bool overlaps(uint64_t offset, uint64_t length, const struct access *a)
{
	return (offset != 0 || length != 0) &&
	       a->first <= brlock_last(offset, length) && a->last >= offset;
}

/* [MS-FSA] 2.1.4.10, of one lock. */
static bool forbids(const struct brlock_entry *e, const struct access *a)
{
	bool exclusive = (e->flags & BRLOCK_EXCLUSIVE) != 0;

	if (!overlaps(e->offset, e->length, a)) {
		return false;
	}
	if (!exclusive) {
		return a->exclusive;
	}
	return e->open_id != a->open_id || (a->exclusive && a->lock);
}

/* Looks through one page.  Locks of dead processes that are in the way go. */
static NTSTATUS check_page(struct brlock_list *l, struct brlock_locks *p,
			   const struct access *a, bool *out_forbidden)
{
	uint32_t i = 0, gone = 0;

	while (i < p->count && brlock_offset(p, i) <= a->last) {
		struct brlock_entry e;

		if (!overlaps(brlock_offset(p, i), brlock_length(p, i), a)) {
			i++;
			continue;
		}
		e = brlock_get(p, i);
		if (!forbids(&e, a)) {
			i++;
		} else if (server_id_exists(l->s->m, &e.owner)) {
			*out_forbidden = true;
			break;
		} else {
			brlock_loosen(l, &e);
			gone++;
			brlock_take_out(p, i);
		}
	}
	return gone > 0 ? brlock_shrunk(l, p) : NT_STATUS_OK;
}

static NTSTATUS check(struct brlock_list *l, const struct access *a,
		      NTSTATUS forbidden)
{
	bool found = false;
	uint32_t i = 0;

	while (i < l->head.num_pages && l->pages[i].first <= a->last) {
		uint32_t number = l->pages[i].number;
		struct brlock_locks p;
		NTSTATUS status;

		if (l->pages[i].last < a->first) {
			i++;
			continue;
		}
		status = brlock_load(l, i, &p);
		if (NT_STATUS_IS_OK(status)) {
			status = check_page(l, &p, a, &found);
		}
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		if (found) {
			return forbidden;
		}
		/* A page that has become empty is not there any more. */
		if (i < l->head.num_pages && l->pages[i].number == number) {
			i++;
		}
	}
	return NT_STATUS_OK;
}

/* The range 0, 0 is in nobody's way. */
static bool is_nothing(uint64_t offset, uint64_t length)
{
	return offset == 0 && length == 0;
}

static struct access access_of(const struct brlock_entry *want)
{
	return (struct access){
		.open_id = want->open_id,
		.first = want->offset,
		.last = brlock_last(want->offset, want->length),
		.exclusive = (want->flags & BRLOCK_EXCLUSIVE) != 0,
		.lock = true,
	};
}

bool brlock_forbids(const struct brlock_entry *e,
		    const struct brlock_entry *want)
{
	const struct access a = access_of(want);

	return !is_nothing(want->offset, want->length) && forbids(e, &a);
}

NTSTATUS brlock_find(struct brlock_list *l, const struct brlock_entry *want)
{
	const struct access a = access_of(want);

	return is_nothing(want->offset, want->length)
		       ? NT_STATUS_OK
		       : check(l, &a, NT_STATUS(LOCK_NOT_GRANTED));
}

/* Whether waiter i comes before want.  Who waits comes before those who came
 * later; before one who has just come (ticket 0) only when it is his turn: then
 * he has been woken, and as good as has it. */
static bool comes_first(struct brlock_list *l, uint32_t i,
			const struct brlock_entry *want, uint64_t ticket)
{
	return brlock_forbids(&l->waiters[i].want, want) &&
	       (ticket == 0 ? brlock_is_next(l, i)
			    : l->waiters[i].ticket < ticket);
}

/* Whether somebody waits longer for what could not be had together with
 * want; of the dead nobody does. */
static bool is_another_first(struct brlock_list *l,
			     const struct brlock_entry *want, uint64_t ticket)
{
	uint32_t i = 0;

	while (i < l->head.num_waiters) {
		const struct server_id *owner = &l->waiters[i].want.owner;

		if (!comes_first(l, i, want, ticket)) {
			i++;
		} else if (server_id_exists(l->s->m, owner)) {
			return true;
		} else {
			brlock_drop_waiter(l, i);
		}
	}
	return false;
}

NTSTATUS brlock_add(struct brlock_list *l, const struct brlock_entry *want,
		    uint64_t ticket)
{
	NTSTATUS status;

	if (is_another_first(l, want, ticket)) {
		return NT_STATUS(LOCK_NOT_GRANTED);
	}
	status = brlock_find(l, want);
	return NT_STATUS_IS_OK(status) ? brlock_insert(l, want) : status;
}

NTSTATUS brlock_check(struct brlock_list *l, uint64_t open_id, uint64_t offset,
		      uint64_t length, bool write)
{
	const struct access a = {.open_id = open_id,
				 .first = offset,
				 .last = brlock_last(offset, length),
				 .exclusive = write};

	return is_nothing(offset, length)
		       ? NT_STATUS_OK
		       : check(l, &a, NT_STATUS(FILE_LOCK_CONFLICT));
}

struct check_call {
	uint64_t open_id, offset, length;
	bool write;
};

static NTSTATUS check_locked(struct brlock_list *l, void *private_data)
{
	const struct check_call *c = private_data;

	return brlock_check(l, c->open_id, c->offset, c->length, c->write);
}

static NTSTATUS is_there(struct blob value, void *private_data)
{
	return NT_STATUS_OK;
}

NTSTATUS brlock_is_any(struct brlocks *s, const struct file_id *id, bool *out)
{
	uint8_t buf[BRLOCK_KEY_SIZE];
	struct blob key = {.data = buf};
	NTSTATUS status = file_id_push_buf(id, buf, sizeof(buf), &key.length);

	if (NT_STATUS_IS_OK(status)) {
		status = db_parse(s->db, key, is_there, NULL);
	}
	if (!NT_STATUS_IS_OK(status) && !NT_STATUS_IS(status, NOT_FOUND)) {
		return status;
	}
	*out = NT_STATUS_IS_OK(status);
	return NT_STATUS_OK;
}

NTSTATUS brlock_check_io(struct brlocks *s, const struct file_id *id,
			 uint64_t open_id, uint64_t offset, uint64_t length,
			 bool write)
{
	struct check_call c = {.open_id = open_id,
			       .offset = offset,
			       .length = length,
			       .write = write};

	return brlock_do_locked(s, id, check_locked, &c);
}

/* --- removing ------------------------------------------------------------- */

/* The lock that an unlock means: an exclusive one, else the last of the shared
 * ones (2.1.5.9); count when there is none. */
static uint32_t find_to_remove(const struct brlock_locks *p, uint64_t open_id,
			       uint64_t offset, uint64_t length)
{
	uint32_t found = p->count;

	for (uint32_t i = brlock_first_at(p, offset);
	     i < p->count && brlock_offset(p, i) == offset; i++) {
		if (brlock_length(p, i) != length ||
		    brlock_open_id(p, i) != open_id) {
			continue;
		}
		found = i;
		if ((brlock_get(p, i).flags & BRLOCK_EXCLUSIVE) != 0) {
			break;
		}
	}
	return found;
}

NTSTATUS brlock_remove(struct brlock_list *l, uint64_t open_id, uint64_t offset,
		       uint64_t length)
{
	struct brlock_locks p;
	struct brlock_entry e;
	NTSTATUS status;
	uint32_t i;

	if (l->head.num_pages == 0) {
		return NT_STATUS(RANGE_NOT_LOCKED);
	}
	status = brlock_load(l, brlock_page_at(l, offset), &p);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	i = find_to_remove(&p, open_id, offset, length);
	if (i == p.count) {
		return NT_STATUS(RANGE_NOT_LOCKED);
	}
	e = brlock_get(&p, i);
	brlock_loosen(l, &e);
	brlock_take_out(&p, i);
	return brlock_shrunk(l, &p);
}

NTSTATUS brlock_undo(struct brlock_list *l, uint64_t open_id, uint64_t offset,
		     uint64_t length)
{
	uint64_t first = l->loose_first, last = l->loose_last;
	NTSTATUS status = brlock_remove(l, open_id, offset, length);

	l->loose_first = first;
	l->loose_last = last;
	return status;
}

struct removed {
	TALLOC_CTX *mem_ctx; /* NULL: nobody wants them */
	struct brlock_entry *entries;
	size_t count;
};

static NTSTATUS keep_removed(struct removed *r, const struct brlock_entry *e)
{
	struct brlock_entry *more;

	if (r->mem_ctx == NULL) {
		return NT_STATUS_OK;
	}
	more = talloc_realloc(r->mem_ctx, r->entries, struct brlock_entry,
			      r->count + 1);
	if (more == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	r->entries = more;
	more[r->count++] = *e;
	return NT_STATUS_OK;
}

/* Takes the open's locks out of page i. */
static NTSTATUS remove_from_page(struct brlock_list *l, uint32_t i,
				 uint64_t open_id, struct removed *r)
{
	struct brlock_locks p;
	uint32_t k = 0, there;
	NTSTATUS status = brlock_load(l, i, &p);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	there = p.count;
	while (k < p.count) {
		struct brlock_entry e;

		if (brlock_open_id(&p, k) != open_id) {
			k++;
			continue;
		}
		e = brlock_get(&p, k);
		brlock_loosen(l, &e);
		status = keep_removed(r, &e);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		brlock_take_out(&p, k);
	}
	return p.count == there && there > 0 ? NT_STATUS_OK
					     : brlock_shrunk(l, &p);
}

NTSTATUS brlock_remove_all(struct brlock_list *l, uint64_t open_id,
			   TALLOC_CTX *mem_ctx, struct brlock_entry **out,
			   size_t *out_count)
{
	struct removed r = {.mem_ctx = out == NULL ? NULL : mem_ctx};

	/* From the end: a page that goes moves those behind it. */
	for (uint32_t i = l->head.num_pages; i > 0; i--) {
		NTSTATUS status = remove_from_page(l, i - 1, open_id, &r);

		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	if (out != NULL) {
		*out = r.entries;
		*out_count = r.count;
	}
	return NT_STATUS_OK;
}

NTSTATUS brlock_each(struct brlock_list *l, uint64_t first, uint64_t last,
		     brlock_entry_fn fn, void *private_data)
{
	for (uint32_t i = 0; i < l->head.num_pages; i++) {
		struct brlock_locks p;
		NTSTATUS status;

		if (l->pages[i].first > last) {
			break;
		}
		if (l->pages[i].last < first) {
			continue;
		}
		status = brlock_load(l, i, &p);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		for (uint32_t k = 0; k < p.count; k++) {
			uint64_t offset = brlock_offset(&p, k);
			uint64_t length = brlock_length(&p, k);
			struct brlock_entry e;

			if (offset > last || length == 0 ||
			    brlock_last(offset, length) < first) {
				continue;
			}
			e = brlock_get(&p, k);
			if (!fn(&e, private_data)) {
				return NT_STATUS_OK;
			}
		}
	}
	return NT_STATUS_OK;
}
