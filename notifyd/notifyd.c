/* notifyd/notifyd.c - see notifyd.h.
 *
 * A change goes out at once, as one message to each watch that it concerns.
 * Who cannot be told, because its queue is full, is told later that it has
 * missed something. */
#include "notifyd/notifyd.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "idl/notify_gen.h"
#include "lib/log.h"
#include "lib/nt.h"
#include "locking/notify_board.h"
#include "messaging/messaging.h"
#include "messaging/server_id.h"
#include "notifyd/index.h"
#include "notifyd/list.h"
#include "notifyd/local.h"

#define RETRY_MSEC 500
#define NICE	   (-10)

struct notifyd {
	struct messaging_context *m;
	struct notify_board *board;
	struct notify_index *index;
	struct tevent_timer *retry; /* NULL: nobody has lost anything */
	struct notify_local *local; /* NULL: changes by programs are not seen */
};

/* --- to the processes ---------------------------------------------------- */

static void retry_later(struct notifyd *n);

static NTSTATUS send_event(struct notifyd *n, const struct index_watch *w,
			   struct notify_record *records, uint32_t count)
{
	const struct notify_event_message msg = {
		.version = 1, .id = w->id, .count = count, .records = records};
	struct blob payload = {0};
	NTSTATUS status = notify_event_message_push(n, &msg, &payload);

	if (NT_STATUS_IS_OK(status)) {
		status = messaging_send(n->m, &w->owner->id, MSG_NOTIFY_EVENT,
					payload);
	}
	talloc_free(payload.data);
	return status;
}

/* Who is dead is no longer told anything, though nobody may say that it is: a
 * child of a master that was killed is not reaped by the next one. */
static void tell(struct notifyd *n, struct index_watch *w,
		 struct notify_record *records, uint32_t count)
{
	NTSTATUS status;

	if (w->owner->lost || w->owner->dead) {
		return;
	}
	status = send_event(n, w, records, count);
	if (!NT_STATUS_IS_OK(status)) {
		w->owner->dead = NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND);
		w->owner->lost = true;
		retry_later(n);
	}
}

/* True when all its watches have been told that they missed something. */
static bool tell_lost(struct notifyd *n, struct index_owner *o)
{
	struct notify_record lost = {.what = NOTIFY_LOST, .name = ""};

	for (uint32_t i = 0; i < o->num_places; i++) {
		NTSTATUS status = NT_STATUS_OK;

		if (o->places[i] != NULL) {
			status = send_event(n, o->places[i], &lost, 1);
		}
		if (NT_STATUS_IS(status, INSUFFICIENT_RESOURCES)) {
			return false;
		}
	}
	return true;
}

static void bury(struct notifyd *n, struct index_owner *o);

static void retry_due(struct tevent_context *ev, struct tevent_timer *te,
		      struct timeval now, void *private_data)
{
	struct notifyd *n = talloc_get_type_abort(private_data, struct notifyd);
	struct index_owner *o = notify_index_owners(n->index), *next;
	bool again = false;

	n->retry = NULL;
	for (; o != NULL; o = next) {
		next = o->next;
		if (o->dead) {
			bury(n, o);
		} else if (o->lost) {
			o->lost = !tell_lost(n, o);
			again = again || o->lost;
		}
	}
	if (again) {
		retry_later(n);
	}
}

static void retry_later(struct notifyd *n)
{
	if (n->retry == NULL) {
		n->retry = tevent_add_timer(
			messaging_event_context(n->m), n,
			tevent_timeval_current_ofs(0, RETRY_MSEC * 1000),
			retry_due, n);
	}
}

/* Nobody knows what, so all hear of it. */
static void lose(struct notifyd *n)
{
	struct index_owner *o = notify_index_owners(n->index);

	for (; o != NULL; o = o->next) {
		o->lost = true;
		retry_later(n);
	}
}

/* A process could not tell us of a change. */
static void look_for_loss(struct notifyd *n)
{
	if (notify_board_take_lost(n->board)) {
		lose(n);
	}
}

/* --- changes ------------------------------------------------------------- */

/* A change as it goes out. */
struct telling {
	struct notifyd *n;
	bool local; /* made by a program of this machine */
	uint32_t what;
	/* of a rename within a directory: the new name's path, and where its
	 * last component begins */
	const char *new_path;
	size_t new_last;
};

/* A name for clients, on mem_ctx. */
static char *client_name(TALLOC_CTX *mem_ctx, const char *name, size_t length)
{
	char *out = talloc_strndup(mem_ctx, name, length);

	for (char *p = out; p != NULL && *p != '\0'; p++) {
		if (*p == '/') {
			*p = '\\';
		}
	}
	return out;
}

static bool is_for(const struct telling *t, const struct index_watch *w)
{
	return t->local ? w->local : !w->local_only;
}

static void tell_change(void *private_data, struct index_watch *w,
			const char *name)
{
	const struct telling *t = private_data;
	struct notify_record record = {.what = t->what};
	char *text;

	if (!is_for(t, w)) {
		return;
	}
	text = client_name(t->n, name, strlen(name));
	if (text != NULL) {
		record.name = text;
		tell(t->n, w, &record, 1);
	}
	talloc_free(text);
}

/* name is the old one; the new one differs in its last component. */
static void tell_rename(void *private_data, struct index_watch *w,
			const char *name)
{
	const struct telling *t = private_data;
	struct notify_record records[2] = {{.what = NOTIFY_OLD_NAME},
					   {.what = NOTIFY_NEW_NAME}};
	const char *last = strrchr(name, '/');
	size_t above = last == NULL ? 0 : (size_t)(last + 1 - name);
	char *old_name, *new_name;

	if (!is_for(t, w)) {
		return;
	}
	old_name = client_name(t->n, name, strlen(name));
	new_name = client_name(t->n, t->new_path + t->new_last - above,
			       above + strlen(t->new_path + t->new_last));
	if (old_name != NULL && new_name != NULL) {
		records[0].name = old_name;
		records[1].name = new_name;
		tell(t->n, w, records, 2);
	}
	talloc_free(old_name);
	talloc_free(new_name);
}

static size_t parent_length(const char *path)
{
	const char *last = strrchr(path, '/');

	return last == NULL ? 0 : (size_t)(last - path);
}

/* [MS-FSA] 2.1.5.15.12: two names of one file in one directory, or a file that
 * leaves one directory and comes to another. */
static void renamed(struct notifyd *n, const struct notify_change_message *c,
		    bool local)
{
	size_t length = parent_length(c->path);
	struct telling t = {.n = n, .local = local};

	if (length == parent_length(c->old_path) &&
	    strncmp(c->path, c->old_path, length) == 0) {
		t.new_path = c->path;
		t.new_last = length + 1;
		notify_index_match(n->index, c->old_path, c->filter,
				   tell_rename, &t);
		return;
	}
	t.what = NOTIFY_REMOVED;
	notify_index_match(n->index, c->old_path, c->filter, tell_change, &t);
	t.what = NOTIFY_ADDED;
	notify_index_match(n->index, c->path, c->filter, tell_change, &t);
}

/* Where that cannot be done only what clients change is told.  without: a watch
 * that is about to go, or NULL. */
static void look_at(struct notifyd *n, struct index_dir *d,
		    const struct index_watch *without)
{
	bool any = false, tree = false;
	struct notify_local_dir *local;

	if (n->local == NULL) {
		return;
	}
	for (const struct index_watch *w = d->watches; w != NULL; w = w->next) {
		any = any || (w != without && w->local);
		tree = tree || (w != without && w->local && w->tree);
	}
	if (!any) {
		TALLOC_FREE(d->local);
		return;
	}
	/* One that is not counted is not told that its directory has moved. */
	if (d->local != NULL && !notify_local_is_there(d->local)) {
		TALLOC_FREE(d->local);
	}
	if (d->local == NULL &&
	    NT_STATUS_IS_OK(notify_local_watch(d, n->local, d->path, &local))) {
		d->local = local;
	}
	if (d->local != NULL) {
		notify_local_set_tree(d->local, tree);
	}
}

/* As its owner does: locking/notify.c. */
static bool is_counted(const struct notifyd *n, const struct index_watch *w)
{
	return !w->local_only || notify_board_is_unsure(n->board);
}

static void count(struct notifyd *n, const struct index_watch *w)
{
	if (is_counted(n, w)) {
		notify_board_add(n->board, w->dir->path, w->tree);
	}
}

static void uncount(struct notifyd *n, const struct index_watch *w,
		    const char *path)
{
	if (is_counted(n, w)) {
		notify_board_remove(n->board, path, w->tree);
	}
}

/* The owner goes on counting the path it knows; the new one is our own to
 * count. */
static void watch_moved(void *private_data, struct index_watch *w, bool after)
{
	struct notifyd *n = private_data;
	struct notify_record record = {.what = NOTIFY_MOVED};

	if (after) {
		record.name = w->dir->path;
		count(n, w);
		tell(n, w, &record, 1);
		look_at(n, w->dir, NULL);
	} else if (w->first_path != NULL) {
		uncount(n, w, w->dir->path);
	}
}

static void watch_gone(void *private_data, const struct index_watch *w)
{
	struct notifyd *n = private_data;

	if (w->first_path != NULL) {
		uncount(n, w, w->dir->path);
	}
	if (w->local) {
		look_at(n, w->dir, w);
	}
}

static void changed(struct notifyd *n, const struct notify_change_message *c,
		    bool local)
{
	struct telling t = {.n = n, .local = local, .what = c->what};
	NTSTATUS status = NT_STATUS_OK;

	if (c->what == NOTIFY_DELETE_PENDING) {
		notify_index_match_self(n->index, c->path, tell_change, &t);
		return;
	}
	if (c->old_path == NULL) {
		notify_index_match(n->index, c->path, c->filter, tell_change,
				   &t);
		return;
	}
	renamed(n, c, local);
	if (c->directory) {
		status = notify_index_rename(n->index, c->old_path, c->path,
					     watch_moved, n);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_MSG, "watches below %s are lost: %s", c->old_path,
			ntstatus_name(status));
	}
}

/* --- programs on this machine -------------------------------------------- */

static void local_change(void *private_data,
			 const struct notify_change_message *change)
{
	struct notifyd *n = talloc_get_type_abort(private_data, struct notifyd);

	if (change->what == NOTIFY_LOST) {
		lose(n);
	} else {
		changed(n, change, true);
	}
}

static void look_at_programs(struct notifyd *n)
{
	const struct notify_local_args args = {
		.ev = messaging_event_context(n->m),
		.board = n->board,
		.changed = local_change,
		.private_data = n,
	};
	NTSTATUS status = notify_local_create(n, &args, &n->local);

	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_GENERAL, "changes by programs are not seen: %s",
			 ntstatus_name(status));
	}
}

/* --- messages ------------------------------------------------------------ */

static void complain(const struct message *msg, NTSTATUS status)
{
	LOG_WARN(LOG_MSG, "message %u of process %u: %s", msg->type,
		 msg->src.pid, ntstatus_name(status));
}

static void watch_handler(struct messaging_context *m, struct message *msg,
			  void *private_data)
{
	struct notifyd *n = talloc_get_type_abort(private_data, struct notifyd);
	TALLOC_CTX *tmp = talloc_new(n);
	struct notify_record lost = {.what = NOTIFY_LOST, .name = ""};
	struct notify_watch_message in;
	struct index_watch args, *w;
	NTSTATUS status = notify_watch_message_pull(tmp, msg->payload, &in);

	if (NT_STATUS_IS_OK(status)) {
		args = (struct index_watch){.id = in.id,
					    .filter = in.filter,
					    .tree = in.tree,
					    .local = in.local,
					    .local_only = in.local_only};
		status = notify_index_add(n->index, &msg->src, in.path, &args,
					  &w);
	}
	if (NT_STATUS_IS_OK(status)) {
		look_at(n, w->dir, NULL);
		if (in.late) {
			tell(n, w, &lost, 1);
		}
	} else {
		complain(msg, status);
	}
	talloc_free(tmp);
	look_for_loss(n);
}

static void unwatch_handler(struct messaging_context *m, struct message *msg,
			    void *private_data)
{
	struct notifyd *n = talloc_get_type_abort(private_data, struct notifyd);
	struct notify_unwatch_message in;
	NTSTATUS status = notify_unwatch_message_pull(n, msg->payload, &in);

	if (NT_STATUS_IS_OK(status)) {
		notify_index_remove(n->index, &msg->src, in.id);
	} else {
		complain(msg, status);
	}
	look_for_loss(n);
}

static void change_handler(struct messaging_context *m, struct message *msg,
			   void *private_data)
{
	struct notifyd *n = talloc_get_type_abort(private_data, struct notifyd);
	TALLOC_CTX *tmp = talloc_new(n);
	struct notify_change_message in;
	NTSTATUS status = notify_change_message_pull(tmp, msg->payload, &in);

	if (NT_STATUS_IS_OK(status)) {
		if (n->local != NULL) {
			notify_local_told(n->local, &in);
		}
		changed(n, &in, false);
	} else {
		complain(msg, status);
	}
	talloc_free(tmp);
	look_for_loss(n);
}

/* What a dead process had counted is not counted any more, and it watches
 * nothing. */
static void bury(struct notifyd *n, struct index_owner *o)
{
	const struct server_id id = o->id;

	for (uint32_t i = 0; i < o->num_places; i++) {
		const struct index_watch *w = o->places[i];

		if (w != NULL) {
			uncount(n, w,
				w->first_path != NULL ? w->first_path
						      : w->dir->path);
		}
	}
	notify_index_remove_owner(n->index, &id);
}

/* What it has changed, and not told of, nobody knows.  unique_id 0: any. */
static void died_handler(struct messaging_context *m, struct message *msg,
			 void *private_data)
{
	struct notifyd *n = talloc_get_type_abort(private_data, struct notifyd);
	struct index_owner *o = notify_index_owners(n->index), *next;
	struct server_id dead;

	if (!NT_STATUS_IS_OK(server_id_pull(n, msg->payload, &dead))) {
		return;
	}
	notify_board_died(n->board, dead.pid);
	for (; o != NULL; o = next) {
		next = o->next;
		if (o->id.pid == dead.pid &&
		    (dead.unique_id == 0 || server_id_equal(&o->id, &dead))) {
			bury(n, o);
		}
	}
	lose(n);
}

/* --- life ---------------------------------------------------------------- */

static NTSTATUS add_handlers(struct notifyd *n)
{
	static const struct {
		uint32_t type;
		messaging_handler_fn fn;
	} rows[] = {
		{MSG_NOTIFY_WATCH, watch_handler},
		{MSG_NOTIFY_UNWATCH, unwatch_handler},
		{MSG_NOTIFY_CHANGE, change_handler},
		{MSG_PROCESS_DIED, died_handler},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct messaging_handler *handler;
		NTSTATUS status = messaging_register(n, n->m, rows[i].type,
						     rows[i].fn, n, &handler);

		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	return NT_STATUS_OK;
}

void notifyd_come_first(void)
{
	if (setpriority(PRIO_PROCESS, 0, NICE) != 0) {
		LOG_DEBUG(LOG_GENERAL, "notifyd's priority: %s",
			  strerror(errno));
	}
}

NTSTATUS notifyd_create(TALLOC_CTX *mem_ctx, struct messaging_context *m,
			struct notify_board *board, struct notifyd **out)
{
	struct notifyd *n = talloc_zero(mem_ctx, struct notifyd);
	NTSTATUS status;

	if (n == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	n->m = m;
	n->board = board;
	look_at_programs(n); /* freed after the index, which uses it */
	status = notify_index_create(n, watch_gone, n, &n->index);
	if (NT_STATUS_IS_OK(status)) {
		status = add_handlers(n);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = notify_list_register(m, n->index);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(n);
		return status;
	}
	notify_board_set_server(board, messaging_id(m));
	messaging_broadcast(m, MSG_NOTIFY_HELLO, (struct blob){0});
	*out = n;
	return NT_STATUS_OK;
}
