/* locking/brlock_wait.c - who waits for what, and who is woken.
 *
 * Those who wait stand in the list in the order in which they came, and each
 * watches by his ticket.  Whoever takes something away - a lock, or a waiter -
 * wakes those whom it was in the way of and who now could have what they want:
 * nobody else looks at the list.  One who has been woken takes himself out of
 * it, with a lock or without, and so wakes those behind him who then can have
 * theirs.  When he is killed before, the death of his process wakes all, and
 * the master takes him out. */
#include "locking/brlock_int.h"

#include <string.h>

void brlock_loosen(struct brlock_list *l, const struct brlock_entry *gone)
{
	uint64_t last = brlock_last(gone->offset, gone->length);
	/* An empty one lies between two bytes and is in the way of who wants
	 * both. */
	bool empty = last < gone->offset;
	uint64_t from = empty ? last : gone->offset;
	uint64_t to = empty ? gone->offset : last;

	l->loose_first = from < l->loose_first ? from : l->loose_first;
	l->loose_last = to > l->loose_last ? to : l->loose_last;
}

void brlock_drop_waiter(struct brlock_list *l, uint32_t i)
{
	struct brlock_waiter *w = &l->waiters[i];

	brlock_loosen(l, &w->want);
	l->head.num_waiters--;
	l->changed = true;
	memmove(w, w + 1, (l->head.num_waiters - i) * sizeof(*w));
}

/* --- waking --------------------------------------------------------------- */

/* What has gone may have been in the way of want. */
static bool concerns(const struct brlock_list *l,
		     const struct brlock_entry *want)
{
	return want->offset <= l->loose_last &&
	       brlock_last(want->offset, want->length) >= l->loose_first;
}

/* Somebody came before waiter i who wants what cannot be had beside it. */
static bool must_queue(const struct brlock_list *l, uint32_t i)
{
	for (uint32_t k = 0; k < i; k++) {
		if (brlock_forbids(&l->waiters[k].want, &l->waiters[i].want)) {
			return true;
		}
	}
	return false;
}

bool brlock_is_next(struct brlock_list *l, uint32_t i)
{
	return !must_queue(l, i) &&
	       NT_STATUS_IS_OK(brlock_find(l, &l->waiters[i].want));
}

/* Wakes waiter i if it is his turn; false: his process is dead, and he goes. */
static bool wake_one(struct brlock_list *l, uint32_t i)
{
	const struct brlock_waiter *w = &l->waiters[i];

	if (!concerns(l, &w->want) || !brlock_is_next(l, i) ||
	    db_record_wake_one(l->rec, &w->want.owner, w->ticket)) {
		return true;
	}
	brlock_drop_waiter(l, i);
	return false;
}

void brlock_wake(struct brlock_list *l)
{
	uint32_t i = 0;

	if (l->loose_first > l->loose_last) {
		return;
	}
	while (i < l->head.num_waiters) {
		/* What a dead one stood before may lie before him. */
		i = wake_one(l, i) ? i + 1 : 0;
	}
	l->loose_first = UINT64_MAX;
	l->loose_last = 0;
}

/* --- waiting -------------------------------------------------------------- */

NTSTATUS brlock_wait(struct brlock_list *l, const struct brlock_entry *want,
		     uint64_t *out_ticket)
{
	uint32_t n = l->head.num_waiters;
	struct brlock_waiter *waiters;

	if (n >= BRLOCK_WAITERS_MAX) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	waiters = talloc_realloc(l->mem_ctx, l->waiters, struct brlock_waiter,
				 n + 2);
	if (waiters == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	l->waiters = waiters;
	waiters[n].ticket = ++l->head.next_ticket;
	waiters[n].want = *want;
	l->head.num_waiters = n + 1;
	l->changed = true;
	*out_ticket = waiters[n].ticket;
	return NT_STATUS_OK;
}

NTSTATUS brlock_unwait(struct brlock_list *l, uint64_t ticket)
{
	for (uint32_t i = 0; i < l->head.num_waiters; i++) {
		if (l->waiters[i].ticket == ticket) {
			brlock_drop_waiter(l, i);
			return NT_STATUS_OK;
		}
	}
	return NT_STATUS(NOT_FOUND);
}

struct tevent_req *brlock_watch_send(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev,
				     struct brlock_list *l, uint64_t ticket)
{
	NTSTATUS status;

	brlock_wake(l);
	status = brlock_store(l);
	l->finished = true;
	return NT_STATUS_IS_OK(status)
		       ? db_watch_tagged_send(mem_ctx, ev, l->rec, ticket)
		       : NULL;
}
