/* locking/brlock_list.c - looking at all lists; what the dead left. */
#include "locking/brlock_int.h"

#include "lib/log.h"
#include "messaging/server_id.h"

struct ids {
	TALLOC_CTX *mem_ctx;
	struct file_id *ids;
	size_t count;
};

/* db_traverse_fn: the lists there are. */
static bool collect(struct blob key, struct blob value, void *private_data)
{
	struct ids *in = private_data;
	struct file_id *ids = talloc_realloc(in->mem_ctx, in->ids,
					     struct file_id, in->count + 1);

	if (ids == NULL) {
		return false;
	}
	in->ids = ids;
	in->count += NT_STATUS_IS_OK(file_id_pull(NULL, key, &ids[in->count]));
	return true;
}

/* Calls fn for each list, under its lock, until private_data or a status says
 * that it is enough: fn returns what is not OK. */
static NTSTATUS for_each_list(struct brlocks *s, brlock_fn fn,
			      void *private_data)
{
	struct ids all = {.mem_ctx = talloc_new(s)};
	NTSTATUS status;

	if (all.mem_ctx == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = db_traverse(s->db, collect, &all);
	for (size_t i = 0; i < all.count && NT_STATUS_IS_OK(status); i++) {
		status = brlock_do_locked(s, &all.ids[i], fn, private_data);
	}
	talloc_free(all.mem_ctx);
	return status;
}

/* --- looking -------------------------------------------------------------- */

struct traverse {
	brlock_info_fn fn;
	void *private_data;
	const struct file_id *id;
	bool enough;
};

static bool tell_one(const struct brlock_entry *e, void *private_data)
{
	struct traverse *t = private_data;

	t->enough = !t->fn(t->id, e, false, t->private_data);
	return !t->enough;
}

static NTSTATUS tell(struct brlock_list *l, void *private_data)
{
	struct traverse *t = private_data;
	NTSTATUS status;

	if (t->enough) {
		return NT_STATUS_OK;
	}
	t->id = &l->id;
	status = brlock_each(l, 0, UINT64_MAX, tell_one, t);
	for (uint32_t i = 0; i < l->head.num_waiters && !t->enough; i++) {
		t->enough = !t->fn(t->id, &l->waiters[i].want, true,
				   t->private_data);
	}
	return status;
}

NTSTATUS brlock_traverse(struct brlocks *s, brlock_info_fn fn,
			 void *private_data)
{
	struct traverse t = {.fn = fn, .private_data = private_data};

	return for_each_list(s, tell, &t);
}

/* --- forgetting the dead -------------------------------------------------- */

static void forget_waiters(struct brlock_list *l, const struct server_id *dead)
{
	uint32_t left = 0;

	for (uint32_t i = 0; i < l->head.num_waiters; i++) {
		if (server_id_matches(&l->waiters[i].want.owner, dead)) {
			brlock_loosen(l, &l->waiters[i].want);
		} else {
			l->waiters[left++] = l->waiters[i];
		}
	}
	if (left < l->head.num_waiters) {
		l->head.num_waiters = left;
		l->changed = true;
	}
}

static NTSTATUS forget_in_page(struct brlock_list *l, uint32_t index,
			       const struct server_id *dead)
{
	struct brlock_locks p;
	uint32_t i = 0, there;
	NTSTATUS status = brlock_load(l, index, &p);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	there = p.count;
	while (i < p.count) {
		struct brlock_entry e = brlock_get(&p, i);

		if (server_id_matches(&e.owner, dead)) {
			brlock_loosen(l, &e);
			brlock_take_out(&p, i);
		} else {
			i++;
		}
	}
	return p.count == there && there > 0 ? NT_STATUS_OK
					     : brlock_shrunk(l, &p);
}

static NTSTATUS forget(struct brlock_list *l, void *private_data)
{
	const struct server_id *dead = private_data;
	NTSTATUS status = NT_STATUS_OK;

	forget_waiters(l, dead);
	for (uint32_t i = l->head.num_pages; i > 0 && NT_STATUS_IS_OK(status);
	     i--) {
		status = forget_in_page(l, i - 1, dead);
	}
	return status;
}

void brlock_forget(struct brlocks *s, const struct server_id *dead)
{
	struct server_id copy = *dead;
	NTSTATUS status = for_each_list(s, forget, &copy);

	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_LOCKING, "byte-range locks of pid %u are left: %s",
			 dead->pid, ntstatus_name(status));
	}
}
