/* locking/share_mode.c - who has a file open, and with which sharing. */
#include "locking/share_mode.h"

#include "lib/assert.h"
#include "locking/share_counts.h"
#include "locking/share_mode_int.h"
#include "messaging/messaging.h"
#include "messaging/server_id.h"

bool file_id_equal(const struct file_id *a, const struct file_id *b)
{
	return a->inode == b->inode && a->device == b->device &&
	       a->stream == b->stream;
}

/* --- entries ------------------------------------------------------------ */

static struct share_claim sum_claim(const struct share_mode_summary *sum)
{
	return (struct share_claim){.access = sum->access,
				    .denied = sum->denied};
}

/* After what belongs to others has gone. */
static void settle(struct share_mode_lock *l)
{
	l->changed = true;
	l->loosened = true;
	share_counts_anew(l);
	if (l->entries.count == 0) {
		l->sum.flags = 0;
	}
}

/* Removes the entry if its process is dead; false when it is not. */
static bool remove_if_dead(struct share_mode_lock *l,
			   const struct share_place *at,
			   const struct share_mode_entry *e)
{
	if (share_mode_is_alive(l, &e->owner) ||
	    !NT_STATUS_IS_OK(share_mode_own(l))) {
		return false;
	}
	share_table_remove(&l->entries, at);
	return true;
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
	bool lives = false, removed = false;
	struct share_cursor at = {0};
	struct share_mode_entry e;
	struct share_place p;

	/* Owned first: the places must not move under the cursor. */
	if (!NT_STATUS_IS_OK(share_mode_own(l))) {
		return true;
	}
	while (!lives && share_table_next(&l->entries, &at, &p)) {
		share_mode_entry_read(&p, &e);
		if (matters(&e, private_data)) {
			lives = !remove_if_dead(l, &p, &e);
			removed = removed || !lives;
		}
	}
	if (removed || !lives) {
		settle(l);
	}
	return lives || l->entries.failed;
}

static bool stands_in_the_way(const struct share_mode_entry *e,
			      const void *private_data)
{
	const struct share_claim *want = private_data;

	return share_claims_conflict(share_entry_claim(e), *want);
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

static NTSTATUS add_first(struct share_mode_lock *l, const char *share_path,
			  const char *name)
{
	const struct share_mode_tail tail = {.share_path = share_path,
					     .name = name};

	share_names_count(l, share_path, name);
	return share_mode_tail_set(l, &tail);
}

NTSTATUS share_mode_add(struct share_mode_lock *l,
			const struct share_mode_entry *e,
			const char *share_path, const char *name)
{
	struct share_claim all;
	struct share_place p;
	NTSTATUS status;

	ASSERT(e->owner.pid != 0 && e->open_id != 0);
	status = share_mode_own(l);
	if (NT_STATUS_IS_OK(status) && l->entries.count == 0) {
		status = add_first(l, share_path, name);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = share_table_add(&l->entries, e->open_id, &p);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	share_mode_entry_write(l, &p, e);
	share_counts_entry(l, e, true);
	all = share_claims_union(sum_claim(&l->sum), share_entry_claim(e));
	l->sum.access = all.access;
	l->sum.denied = all.denied;
	return NT_STATUS_OK;
}

/* What another process has entered it may not have counted yet when it was
 * killed. */
static void remove_one(struct share_mode_lock *l, const struct share_place *at,
		       const struct share_mode_entry *e)
{
	bool own = server_id_equal(&e->owner, messaging_id(l->s->m));

	share_table_remove(&l->entries, at);
	if (!own) {
		settle(l);
		return;
	}
	share_counts_entry(l, e, false);
	share_grant_leave(l, e);
	share_counts_sum(l);
	if (l->entries.count == 0) {
		l->sum.flags = 0;
	}
}

NTSTATUS share_mode_remove(struct share_mode_lock *l, uint64_t open_id)
{
	struct share_mode_entry e;
	struct share_place p;
	NTSTATUS status = share_mode_own(l);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!share_table_find(&l->entries, open_id, &p)) {
		return l->entries.failed ? NT_STATUS(NO_MEMORY)
					 : NT_STATUS(NOT_FOUND);
	}
	share_mode_entry_read(&p, &e);
	remove_one(l, &p, &e);
	return NT_STATUS_OK;
}

uint32_t share_mode_count(struct share_mode_lock *l, bool streams)
{
	uint32_t marks = share_counts_get(l)->marks;

	return l->entries.count - (streams ? 0 : marks);
}

void share_mode_remove_dead(struct share_mode_lock *l)
{
	uint32_t count = l->entries.count, living = 0;
	struct share_cursor at = {0};
	struct share_mode_entry e;
	struct share_place p;

	if (!l->exists || !NT_STATUS_IS_OK(share_mode_own(l))) {
		return;
	}
	while (share_table_next(&l->entries, &at, &p)) {
		share_mode_entry_read(&p, &e);
		living += !remove_if_dead(l, &p, &e);
	}
	if (living != count) {
		settle(l);
	}
}

void share_mode_count_anew(struct share_mode_lock *l)
{
	if (l->exists && NT_STATUS_IS_OK(share_mode_own(l))) {
		settle(l);
	}
}

NTSTATUS share_mode_get_entry(struct share_mode_lock *l, uint64_t open_id,
			      struct share_mode_entry *out)
{
	struct share_place p;

	if (!share_table_find(&l->entries, open_id, &p)) {
		return NT_STATUS(NOT_FOUND);
	}
	share_mode_entry_read(&p, out);
	return NT_STATUS_OK;
}

void share_mode_each(struct share_mode_lock *l, share_mode_entry_fn fn,
		     void *private_data)
{
	struct share_cursor at = {0};
	struct share_mode_entry e;
	struct share_place p;

	while (share_table_next(&l->entries, &at, &p)) {
		share_mode_entry_read(&p, &e);
		if (!fn(&e, private_data)) {
			return;
		}
	}
}

/* --- the file ----------------------------------------------------------- */

/* Changes the tail by fn. */
static NTSTATUS tail_change(struct share_mode_lock *l,
			    void (*fn)(struct share_mode_tail *tail,
				       const void *private_data),
			    const void *private_data)
{
	struct share_mode_tail tail;
	TALLOC_CTX *mem_ctx;
	NTSTATUS status;

	if (l->entries.count == 0) {
		return NT_STATUS(NOT_FOUND);
	}
	status = share_mode_own(l);
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
		status = share_mode_tail_set(l, &tail);
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
	NTSTATUS status;

	if (l->entries.count == 0) {
		return NT_STATUS(NOT_FOUND);
	}
	status = share_mode_own(l);
	if (NT_STATUS_IS_OK(status)) {
		share_names_count(l, share_path, name);
		status = tail_change(l, set_name, &to);
	}
	return status;
}
