/* locking/state_notify.c - watches of directories: what processes watch, what
 * notifyd knows of it, and what is counted on the board. */
#include "locking/state_int.h"

#include <inttypes.h>
#include <string.h>

#include "locking/notify_board.h"

/* The watch of that process; ids are of each process alone. */
static const struct known_watch *find(const struct state_list *list,
				      const struct server_id *owner,
				      uint64_t id)
{
	const struct known_watch *w = state_list_find(list, id);
	const struct known_watch *end = state_list_at(list, list->count);

	for (; w != NULL && w < end && w->id == id; w++) {
		if (server_id_equal(&w->owner, owner)) {
			return w;
		}
	}
	return NULL;
}

static void fault_watch(struct state *s, const struct known_watch *w,
			const char *text)
{
	char who[SERVER_ID_STRING_SIZE];

	server_id_format(&w->owner, who);
	state_fault(s, "watch %" PRIx64 " of %s by process %s %s", w->id,
		    w->path, who, text);
}

static void compare_listed(struct state *s, const struct known_watch *w)
{
	const struct known_process *p = state_process(s, &w->owner);
	const struct known_watch *said;

	if (!p->alive) {
		fault_watch(s, w, "is a dead process's");
		return;
	}
	if (!p->answered) {
		return;
	}
	said = find(&s->said_watches, &w->owner, w->id);
	if (said == NULL) {
		fault_watch(s, w, "is known to notifyd alone");
	} else if (said->filter != w->filter || said->tree != w->tree ||
		   strcmp(said->path, w->path) != 0) {
		fault_watch(s, w, "is another one to notifyd");
	}
}

static NTSTATUS list_of(struct state *s, const struct notify_list *in,
			struct state_list *out)
{
	NTSTATUS status = NT_STATUS_OK;

	for (uint32_t i = 0; i < in->count && NT_STATUS_IS_OK(status); i++) {
		const struct notify_listed *x = &in->watches[i];
		const struct known_watch one = {
			.id = x->id,
			.owner = x->owner,
			.filter = x->filter,
			.tree = x->tree,
			.path = x->first_path != NULL ? x->first_path : x->path,
		};

		status = state_list_add(s, out, &one);
	}
	state_list_sort(out);
	return status;
}

/* What is to be counted: each watch by its process, with the path that it was
 * made with, and one that has moved by notifyd, with the new one. */
static void on_slot(uint32_t slot, uint32_t counted, uint32_t watches,
		    void *private_data)
{
	struct state *s = private_data;

	state_fault(s,
		    "notify.board: %" PRIu32 " watches are counted in slot "
		    "%" PRIu32 ", there are %" PRIu32,
		    counted, slot, watches);
}

static NTSTATUS compare_board(struct state *s, const struct notify_list *list,
			      const struct notify_board *board)
{
	struct notify_board *want;
	NTSTATUS status = notify_board_create(s, NULL, &want);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	for (uint32_t i = 0; i < list->count; i++) {
		const struct notify_listed *x = &list->watches[i];

		notify_board_add(want, x->path, x->tree);
		if (x->first_path != NULL) {
			notify_board_add(want, x->first_path, x->tree);
		}
	}
	notify_board_compare(board, want, on_slot, s);
	talloc_free(want);
	return NT_STATUS_OK;
}

NTSTATUS state_add_notify(struct state *s, const struct notify_list *list,
			  const struct notify_board *board)
{
	struct state_list listed = {.size = sizeof(struct known_watch)};
	NTSTATUS status = list_of(s, list, &listed);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	state_list_sort(&s->said_watches);
	for (size_t i = 0; i < listed.count; i++) {
		compare_listed(s, state_list_at(&listed, i));
	}
	for (size_t i = 0; i < s->said_watches.count; i++) {
		const struct known_watch *w =
			state_list_at(&s->said_watches, i);

		if (find(&listed, &w->owner, w->id) == NULL) {
			fault_watch(s, w, "is not known to notifyd");
		}
	}
	talloc_free(listed.items);
	return compare_board(s, list, board);
}
