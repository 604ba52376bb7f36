/* locking/state_watch.c - who waits for a record.  The dead among them go when
 * somebody writes the record; that of nobody's is written by nobody. */
#include "locking/state_int.h"

#include <string.h>

#include "db/db.h"
#include "locking/locking.h"

/* The server's ids are looked at when the database is not locked any more. */
struct lonely {
	uint64_t number; /* of the record; a list item */
	const char *db_name;
	char key[STATE_KEY_SIZE];
	struct server_id watcher;
};

struct watched {
	struct state *s;
	TALLOC_CTX *mem_ctx;
	struct state_list list;
	uint64_t number;
};

static bool on_watched(const struct db_watched *w, void *private_data)
{
	struct watched *all = private_data;
	struct lonely one = {.number = ++all->number, .db_name = w->db_name};

	if (w->has_value) {
		return true;
	}
	state_key_text(w->key, one.key);
	for (size_t i = 0; i < w->count; i++) {
		one.watcher = w->watchers[i];
		if (!NT_STATUS_IS_OK(
			    state_list_add(all->mem_ctx, &all->list, &one))) {
			all->s->failed = NT_STATUS(NO_MEMORY);
			return false;
		}
	}
	return true;
}

NTSTATUS state_verify_watched(struct state *s)
{
	struct watched all = {.s = s,
			      .mem_ctx = talloc_new(s),
			      .list = {.size = sizeof(struct lonely)}};
	NTSTATUS status = db_each_watched(s->l->db, on_watched, &all);
	const struct lonely *next;
	bool lives = false;

	for (size_t i = 0; NT_STATUS_IS_OK(status) && i < all.list.count; i++) {
		const struct lonely *one = state_list_at(&all.list, i);

		lives = lives || state_process(s, &one->watcher)->alive;
		next = i + 1 < all.list.count ? state_list_at(&all.list, i + 1)
					      : NULL;
		if (next != NULL && next->number == one->number) {
			continue;
		}
		if (!lives) {
			state_fault(s, "%s: who waited for record %s is dead",
				    one->db_name, one->key);
		}
		lives = false;
	}
	talloc_free(all.mem_ctx);
	return status;
}
