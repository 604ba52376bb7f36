/* locking/share_mode.c - who has a file open, and with which sharing. */
#include "locking/share_mode.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/wire.h"
#include "locking/share_mode_int.h"
#include "locking/share_mode_rules.h"
#include "messaging/messaging.h"

bool file_id_equal(const struct file_id *a, const struct file_id *b)
{
	return a->inode == b->inode && a->device == b->device &&
	       a->stream == b->stream;
}

/* --- entries one by one ------------------------------------------------- */

static uint8_t *entry_at(const struct share_mode_lock *l, uint32_t i)
{
	return l->entries + (size_t)i * ENTRY_SIZE;
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

/* The first entry from i on; num_entries when there is none. */
static uint32_t entry_from(const struct share_mode_lock *l, uint32_t i)
{
	while (i < l->sum.num_entries &&
	       share_mode_entry_is_free(l->entries, i)) {
		i++;
	}
	return i;
}

/* num_entries when there is none. */
static uint32_t entry_find(const struct share_mode_lock *l, uint64_t open_id)
{
	uint8_t want[8];
	struct wire_writer w = wire_writer_fixed(want, sizeof(want));
	uint32_t i;

	wire_put_u64(&w, open_id);
	for (i = entry_from(l, 0); i < l->sum.num_entries;
	     i = entry_from(l, i + 1)) {
		if (memcmp(entry_at(l, i) + ENTRY_OPEN_ID_OFFSET, want,
			   sizeof(want)) == 0) {
			break;
		}
	}
	return i;
}

/* --- entries ------------------------------------------------------------ */

/* After entries have gone: the rest is as it is. */
static void settle(struct share_mode_lock *l)
{
	struct share_claim all = {0};
	struct share_mode_entry e;
	uint32_t i;

	for (i = entry_from(l, 0); i < l->sum.num_entries;
	     i = entry_from(l, i + 1)) {
		share_mode_entry_read(l->entries, i, &e);
		all = share_claims_union(all, entry_claim(&e));
	}
	sum_set_claim(&l->sum, all);
	share_grants_settle(l);
	share_mode_trim(l);
}

static void entry_clear(struct share_mode_lock *l, uint32_t i)
{
	ASSERT(l->owned && i < l->sum.num_entries);
	memset(entry_at(l, i), 0, ENTRY_SIZE);
}

/* Clears entry i if its process is dead; false when it is not. */
static bool entry_clear_dead(struct share_mode_lock *l, uint32_t i,
			     const struct share_mode_entry *e)
{
	if (server_id_exists(l->s->m, &e->owner) ||
	    !NT_STATUS_IS_OK(share_mode_own(l))) {
		return false;
	}
	entry_clear(l, i);
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
	struct share_mode_entry e;
	uint32_t i;

	for (i = entry_from(l, 0); i < l->sum.num_entries;
	     i = entry_from(l, i + 1)) {
		share_mode_entry_read(l->entries, i, &e);
		if (matters(&e, private_data) && !entry_clear_dead(l, i, &e)) {
			return true;
		}
	}
	settle(l);
	return false;
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

static NTSTATUS add_first(struct share_mode_lock *l, const char *share_path,
			  const char *name)
{
	const struct share_mode_tail tail = {.share_path = share_path,
					     .name = name};

	return share_mode_tail_set(l, &tail);
}

NTSTATUS share_mode_add(struct share_mode_lock *l,
			const struct share_mode_entry *e,
			const char *share_path, const char *name)
{
	uint32_t place;
	size_t n;
	NTSTATUS status;

	ASSERT(e->owner.pid != 0);
	status = share_mode_own(l);
	if (NT_STATUS_IS_OK(status) && l->sum.num_entries == 0) {
		status = add_first(l, share_path, name);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = share_mode_find_place(l, &place);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = share_mode_entry_push_buf(e, entry_at(l, place), ENTRY_SIZE,
					   &n);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	ASSERT(n == ENTRY_SIZE);
	if (place == l->sum.num_entries) {
		l->sum.num_entries++;
	}
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
	status = share_mode_own(l);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	share_mode_entry_read(l->entries, i, &e);
	entry_clear(l, i);
	gone = entry_claim(&e);
	if (gone.access != 0 || gone.denied != 0 || e.grant != 0) {
		settle(l);
	} else {
		share_mode_trim(l);
	}
	return NT_STATUS_OK;
}

uint32_t share_mode_count(const struct share_mode_lock *l, bool streams)
{
	struct share_mode_entry e;
	uint32_t i, count = 0;

	for (i = entry_from(l, 0); i < l->sum.num_entries;
	     i = entry_from(l, i + 1)) {
		share_mode_entry_read(l->entries, i, &e);
		count += streams || (e.flags & SHARE_ENTRY_STREAM) == 0;
	}
	return count;
}

void share_mode_remove_dead(struct share_mode_lock *l)
{
	struct share_mode_entry e;
	bool removed = false;
	uint32_t i;

	for (i = entry_from(l, 0); i < l->sum.num_entries;
	     i = entry_from(l, i + 1)) {
		share_mode_entry_read(l->entries, i, &e);
		removed = entry_clear_dead(l, i, &e) || removed;
	}
	if (removed) {
		settle(l);
	}
}

NTSTATUS share_mode_get_entry(const struct share_mode_lock *l, uint64_t open_id,
			      struct share_mode_entry *out)
{
	uint32_t i = entry_find(l, open_id);

	if (i == l->sum.num_entries) {
		return NT_STATUS(NOT_FOUND);
	}
	share_mode_entry_read(l->entries, i, out);
	return NT_STATUS_OK;
}

void share_mode_each(const struct share_mode_lock *l, share_mode_entry_fn fn,
		     void *private_data)
{
	struct share_mode_entry e;
	uint32_t i;

	for (i = entry_from(l, 0); i < l->sum.num_entries;
	     i = entry_from(l, i + 1)) {
		share_mode_entry_read(l->entries, i, &e);
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

	if (l->sum.num_entries == 0) {
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

	return tail_change(l, set_name, &to);
}
