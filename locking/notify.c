/* locking/notify.c - see notify.h.
 *
 * A watch is counted on the board first and made known to notifyd then: a
 * message of who changes something afterwards comes behind ours in notifyd's
 * queue.  When notifyd is not there nothing is sent; its MSG_NOTIFY_HELLO
 * makes us tell it of all watches. */
#include "locking/notify.h"

#include <string.h>

#include "lib/log.h"
#include "locking/notify_board.h"
#include "messaging/messaging.h"

#define FLUSH_MSEC 5000

struct notify_client {
	struct messaging_context *m;
	struct notify_board *board;
	/* An id is a serial number and, in its lower half, the place here. */
	struct notify_watch **places;
	uint32_t num_places;
	uint32_t first_free; /* none is free before it */
	uint32_t last_serial;
};

struct notify_watch {
	struct notify_client *client;
	uint64_t id; /* 0: has no place */
	struct notify_watch_args args;
	bool counted; /* on the board */
	/* Where it has been moved to, which notifyd counts; else NULL. */
	const char *now_path;
	notify_watch_fn fn;
	void *private_data;
};

/* --- to notifyd ---------------------------------------------------------- */

/* Not being there is no failure. */
static NTSTATUS send_to_server(struct notify_client *c, uint32_t type,
			       struct blob payload)
{
	const struct server_id id = notify_board_server(c->board);
	NTSTATUS status;

	if (id.pid == 0) {
		return NT_STATUS_OK;
	}
	status = messaging_send(c->m, &id, type, payload);
	return NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND) ? NT_STATUS_OK
							   : status;
}

static struct notify_watch_message message_of(const struct notify_watch *w)
{
	return (struct notify_watch_message){
		.version = 3,
		.id = w->id,
		.filter = w->args.filter,
		.tree = w->args.tree,
		.local = w->args.local,
		.local_only = w->args.local_only,
		.path = w->args.path,
	};
}

static NTSTATUS send_watch(struct notify_watch *w, bool late)
{
	struct notify_watch_message msg = message_of(w);
	struct blob payload;
	NTSTATUS status;

	msg.late = late;
	status = notify_watch_message_push(w, &msg, &payload);

	if (NT_STATUS_IS_OK(status)) {
		status = send_to_server(w->client, MSG_NOTIFY_WATCH, payload);
		talloc_free(payload.data);
	}
	return status;
}

/* What waits in our own queue stands behind what others tell notifyd now. */
static bool is_behind(const struct notify_client *c)
{
	const struct server_id id = notify_board_server(c->board);

	return messaging_queued(c->m, &id) > 0;
}

static NTSTATUS tell_watch(struct notify_watch *w)
{
	/* What others tell is nothing to one that is for programs alone. */
	bool minds = !w->args.local_only;
	bool late = minds && is_behind(w->client);
	NTSTATUS status = send_watch(w, late);

	if (NT_STATUS_IS_OK(status) && minds && !late && is_behind(w->client)) {
		status = send_watch(w, true);
	}
	return status;
}

static void tell_unwatch(struct notify_watch *w)
{
	const struct notify_unwatch_message msg = {.version = 1, .id = w->id};
	uint8_t buf[32];
	struct blob payload = {.data = buf};
	NTSTATUS status = notify_unwatch_message_push_buf(
		&msg, buf, sizeof(buf), &payload.length);

	if (NT_STATUS_IS_OK(status)) {
		status = send_to_server(w->client, MSG_NOTIFY_UNWATCH, payload);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_MSG, "notifyd is not told of a watch's end: %s",
			 ntstatus_name(status));
	}
}

/* --- from notifyd -------------------------------------------------------- */

static struct notify_watch *lookup(const struct notify_client *c, uint64_t id)
{
	uint32_t place = (uint32_t)id;
	struct notify_watch *w;

	if (place >= c->num_places) {
		return NULL;
	}
	w = c->places[place];
	return w != NULL && w->id == id ? w : NULL;
}

static void moved(struct notify_watch *w, const char *path)
{
	char *copy = talloc_strdup(w, path);

	if (copy == NULL) {
		LOG_ERR(LOG_MSG, "out of memory: a watch may lose its path");
		return;
	}
	talloc_free((void *)w->now_path);
	w->now_path = copy;
}

static void event_handler(struct messaging_context *m, struct message *msg,
			  void *private_data)
{
	struct notify_client *c =
		talloc_get_type_abort(private_data, struct notify_client);
	struct notify_event_message in;
	struct notify_watch *w;
	TALLOC_CTX *tmp = talloc_new(c);

	if (tmp != NULL && NT_STATUS_IS_OK(notify_event_message_pull(
				   tmp, msg->payload, &in))) {
		w = lookup(c, in.id);
		if (w != NULL && in.count == 1 &&
		    in.records[0].what == NOTIFY_MOVED) {
			moved(w, in.records[0].name);
		} else if (w != NULL) {
			w->fn(w->private_data, in.records, in.count);
		}
	}
	talloc_free(tmp);
}

/* notifyd is another one: it is to know the path of today, and what the old one
 * counted for it is our own count now. */
static void take_over(struct notify_watch *w)
{
	if (w->now_path != NULL) {
		if (w->counted) {
			notify_board_remove(w->client->board, w->args.path,
					    w->args.tree);
		}
		talloc_free((void *)w->args.path);
		w->args.path = w->now_path;
		w->now_path = NULL;
	}
}

/* What happened while there was no notifyd nobody knows. */
static void hello_handler(struct messaging_context *m, struct message *msg,
			  void *private_data)
{
	static const struct notify_record lost = {.what = NOTIFY_LOST,
						  .name = ""};
	struct notify_client *c =
		talloc_get_type_abort(private_data, struct notify_client);

	for (uint32_t i = 0; i < c->num_places; i++) {
		struct notify_watch *w = c->places[i];
		NTSTATUS status;

		if (w == NULL) {
			continue;
		}
		take_over(w);
		status = tell_watch(w);
		if (!NT_STATUS_IS_OK(status)) {
			LOG_ERR(LOG_MSG, "notifyd is not told of a watch: %s",
				ntstatus_name(status));
		}
		w->fn(w->private_data, &lost, 1);
	}
}

NTSTATUS notify_client_create(TALLOC_CTX *mem_ctx, struct messaging_context *m,
			      const char *board_path,
			      struct notify_client **out)
{
	struct notify_client *c = talloc_zero(mem_ctx, struct notify_client);
	struct messaging_handler *handler;
	NTSTATUS status;

	if (c == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	c->m = m;
	status = notify_board_create(c, board_path, &c->board);
	if (NT_STATUS_IS_OK(status)) {
		status = messaging_register(c, m, MSG_NOTIFY_EVENT,
					    event_handler, c, &handler);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = messaging_register(c, m, MSG_NOTIFY_HELLO,
					    hello_handler, c, &handler);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(c);
		return status;
	}
	*out = c;
	return NT_STATUS_OK;
}

void notify_client_began(struct notify_client *c)
{
	notify_board_began(c->board, messaging_id(c->m)->pid);
}

void notify_client_end(struct notify_client *c)
{
	if (!messaging_flush(c->m, FLUSH_MSEC) && is_behind(c)) {
		LOG_WARN(LOG_MSG, "notifyd takes nothing: changes are lost");
		notify_board_set_lost(c->board);
	}
	notify_board_ended(c->board, messaging_id(c->m)->pid);
}

struct notify_board *notify_client_board(const struct notify_client *c)
{
	return c->board;
}

/* --- watching ------------------------------------------------------------ */

static NTSTATUS take_place(struct notify_client *c, struct notify_watch *w)
{
	uint32_t i = c->first_free;

	while (i < c->num_places && c->places[i] != NULL) {
		i++;
	}
	if (i == c->num_places) {
		uint32_t n = i == 0 ? 16 : i * 2;
		struct notify_watch **p =
			talloc_realloc(c, c->places, struct notify_watch *, n);

		if (p == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		memset(p + i, 0, (n - i) * sizeof(*p));
		c->places = p;
		c->num_places = n;
	}
	c->places[i] = w;
	c->first_free = i + 1;
	w->id = ((uint64_t)++c->last_serial << 32) | i;
	return NT_STATUS_OK;
}

static int watch_destructor(struct notify_watch *w)
{
	struct notify_client *c = w->client;
	uint32_t i = (uint32_t)w->id;

	tell_unwatch(w);
	if (w->counted) {
		notify_board_remove(c->board, w->args.path, w->args.tree);
	}
	c->places[i] = NULL;
	if (i < c->first_free) {
		c->first_free = i;
	}
	return 0;
}

NTSTATUS notify_watch_create(TALLOC_CTX *mem_ctx, struct notify_client *c,
			     const struct notify_watch_args *args,
			     notify_watch_fn fn, void *private_data,
			     struct notify_watch **out)
{
	struct notify_watch *w = talloc_zero(mem_ctx, struct notify_watch);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (w == NULL) {
		return status;
	}
	w->client = c;
	w->args = *args;
	w->fn = fn;
	w->private_data = private_data;
	w->args.path = talloc_strdup(w, args->path);
	if (w->args.path != NULL) {
		status = take_place(c, w);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(w);
		return status;
	}
	/* Who does not know our changes from others' is to be told of all. */
	w->counted = !args->local_only || notify_board_is_unsure(c->board);
	if (w->counted) {
		notify_board_add(c->board, w->args.path, w->args.tree);
	}
	talloc_set_destructor(w, watch_destructor);
	status = tell_watch(w);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(w);
		return status;
	}
	*out = w;
	return NT_STATUS_OK;
}

void notify_client_each(const struct notify_client *c, notify_each_fn fn,
			void *private_data)
{
	for (uint32_t i = 0; i < c->num_places; i++) {
		if (c->places[i] != NULL && !c->places[i]->args.local_only) {
			const struct notify_watch_message msg =
				message_of(c->places[i]);

			if (!fn(&msg, private_data)) {
				return;
			}
		}
	}
}

/* --- telling ------------------------------------------------------------- */

bool notify_any(const struct notify_client *c)
{
	return notify_board_any(c->board);
}

/* A directory's new name is also that of what is watched below it. */
static bool is_of_interest(const struct notify_client *c,
			   const struct notify_change_message *change)
{
	if (change->old_path != NULL && change->directory) {
		return notify_board_any(c->board);
	}
	return notify_board_watched(c->board, change->path) ||
	       (change->old_path != NULL &&
		notify_board_watched(c->board, change->old_path));
}

void notify_report(struct notify_client *c,
		   const struct notify_change_message *change)
{
	struct blob payload = {0};
	NTSTATUS status;

	if (!is_of_interest(c, change)) {
		return;
	}
	status = notify_change_message_push(c, change, &payload);
	if (NT_STATUS_IS_OK(status)) {
		status = send_to_server(c, MSG_NOTIFY_CHANGE, payload);
	}
	talloc_free(payload.data);
	if (!NT_STATUS_IS_OK(status) && notify_board_set_lost(c->board)) {
		LOG_WARN(LOG_MSG, "changes are not told: %s",
			 ntstatus_name(status));
	}
}
