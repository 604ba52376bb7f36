/* db/watch.c - waiting for a change of a record.
 *
 * The record says who watches it: a list of processes in its foot, written
 * under its lock, emptied by the next change.  Whoever changes the record sends
 * each of them MSG_DB_WAKE, before the change and under the lock: killed in
 * between, it has woken them for nothing, and they look, find nothing new and
 * watch again; never has it changed the record and woken nobody.  A process
 * that died in the list costs one message to nobody.  Within a process the
 * message wakes all watches of that record.
 *
 * A change that nobody waits for leaves the list as it is
 * (db_record_update_parts()).  And where the value itself says who waits for
 * what (byte-range locks), there is no list: whoever makes a change wakes those
 * whom it concerns, each by his tag, and nobody else.
 *
 * MSG_PROCESS_DIED wakes all watches: the dead one may have held what they
 * wait for, or a message for them that it could not get rid of. */
#include "db/db_int.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/dlist.h"
#include "lib/log.h"
#include "lib/req.h"
#include "messaging/messaging.h"

/* When the list grows to a multiple of this, the dead are taken out. */
#define PRUNE_EVERY  16
#define WATCHERS_MAX 4000

struct watch_state {
	struct watch_state *prev, *next;
	struct db_context *ctx; /* NULL: not in its list */
	struct db *db;
	struct tevent_req *req;
	struct blob key;
	uint64_t tag; /* 0: none */
};

/* --- waking ------------------------------------------------------------- */

static void send_wake(const struct db_record *rec,
		      const struct db_watchers *list, struct blob payload)
{
	struct messaging_context *m = rec->db->ctx->m;
	NTSTATUS status;
	uint16_t i;

	for (i = 0; i < list->count; i++) {
		status = messaging_send(m, &list->watchers[i], MSG_DB_WAKE,
					payload);
		if (!NT_STATUS_IS_OK(status) &&
		    !NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
			LOG_ERR(LOG_DB, "%s: pid %u is not woken: %s",
				rec->db->name, list->watchers[i].pid,
				ntstatus_name(status));
		}
	}
}

void watchers_wake(const struct db_record *rec)
{
	const struct message_db_wake wake = {.db_name = rec->db->name,
					     .key = rec->key};
	struct db_watchers list;
	struct blob payload;
	TALLOC_CTX *mem_ctx;
	NTSTATUS status;

	if (rec->watchers.data == NULL || rec->db->ctx->m == NULL) {
		return;
	}
	mem_ctx = talloc_new(rec->db);
	status = db_watchers_pull(mem_ctx, rec->watchers, &list);
	if (NT_STATUS_IS_OK(status)) {
		status = message_db_wake_push(mem_ctx, &wake, &payload);
	}
	if (NT_STATUS_IS_OK(status)) {
		send_wake(rec, &list, payload);
	} else {
		LOG_ERR(LOG_DB, "%s: watchers are not woken: %s", rec->db->path,
			ntstatus_name(status));
	}
	talloc_free(mem_ctx);
}

bool db_record_wake_one(struct db_record *rec, const struct server_id *who,
			uint64_t tag)
{
	const struct message_db_wake wake = {
		.db_name = rec->db->name, .key = rec->key, .tag = tag};
	TALLOC_CTX *mem_ctx = talloc_new(rec->db);
	struct blob payload;
	NTSTATUS status = message_db_wake_push(mem_ctx, &wake, &payload);

	ASSERT(tag != 0);
	if (NT_STATUS_IS_OK(status)) {
		status = messaging_send(rec->db->ctx->m, who, MSG_DB_WAKE,
					payload);
	}
	talloc_free(mem_ctx);
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return false;
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_DB, "%s: pid %u is not woken: %s", rec->db->name,
			who->pid, ntstatus_name(status));
	}
	return true;
}

/* --- being woken -------------------------------------------------------- */

static void watch_unlink(struct watch_state *state)
{
	if (state->ctx != NULL) {
		DLIST_REMOVE(state->ctx->watches, state);
		state->ctx = NULL;
	}
}

static void watch_cleanup(struct tevent_req *req, enum tevent_req_state s)
{
	watch_unlink(tevent_req_data(req, struct watch_state));
}

static bool is_for(const struct watch_state *w,
		   const struct message_db_wake *wake)
{
	return wake == NULL ||
	       (w->tag == wake->tag &&
		strcmp(w->db->name, wake->db_name) == 0 &&
		w->key.length == wake->key.length &&
		memcmp(w->key.data, wake->key.data, w->key.length) == 0);
}

/* wake NULL: all.  They are collected first: a callback may free any watch and
 * makes new ones, which wait for the next change. */
static void wake_watches(struct db_context *ctx,
			 const struct message_db_wake *wake)
{
	struct watch_state *w, *next, *woken = NULL;

	for (w = ctx->watches; w != NULL; w = next) {
		next = w->next;
		if (is_for(w, wake)) {
			/* Done is told from the event loop, not from here. */
			watch_unlink(w);
			DLIST_ADD_END(woken, w);
		}
	}
	while (woken != NULL) {
		w = woken;
		DLIST_REMOVE(woken, w);
		tevent_req_defer_callback(w->req,
					  messaging_event_context(ctx->m));
		tevent_req_done(w->req);
	}
}

static void wake_received(struct messaging_context *m, struct message *msg,
			  void *private_data)
{
	struct db_context *ctx = private_data;
	TALLOC_CTX *mem_ctx = talloc_new(ctx);
	struct message_db_wake wake;
	NTSTATUS status;

	status = message_db_wake_pull(mem_ctx, msg->payload, &wake);
	if (NT_STATUS_IS_OK(status)) {
		wake_watches(ctx, &wake);
	}
	talloc_free(mem_ctx);
}

static void process_died(struct messaging_context *m, struct message *msg,
			 void *private_data)
{
	wake_watches(private_data, NULL);
}

NTSTATUS watch_setup(struct db_context *ctx)
{
	NTSTATUS status;

	status = messaging_register(ctx, ctx->m, MSG_DB_WAKE, wake_received,
				    ctx, NULL);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return messaging_register(ctx, ctx->m, MSG_PROCESS_DIED, process_died,
				  ctx, NULL);
}

void watches_forget(struct db *db)
{
	struct watch_state *w, *next;

	for (w = db->ctx->watches; w != NULL; w = next) {
		next = w->next;
		if (w->db == db) {
			watch_unlink(w);
		}
	}
}

/* --- registering -------------------------------------------------------- */

/* The record as it is now, with this process among the watchers. */
struct add_call {
	struct db_record *rec;
	NTSTATUS status;
};

static bool list_has(const struct db_watchers *list, const struct server_id *id)
{
	uint16_t i;

	for (i = 0; i < list->count; i++) {
		if (server_id_equal(&list->watchers[i], id)) {
			return true;
		}
	}
	return false;
}

static void list_prune(struct db_watchers *list, struct messaging_context *m)
{
	uint16_t i, alive = 0;

	for (i = 0; i < list->count; i++) {
		if (server_id_exists(m, &list->watchers[i])) {
			list->watchers[alive++] = list->watchers[i];
		}
	}
	list->count = alive;
}

/* The list with id; out is empty when it is in it already. */
static NTSTATUS list_add(TALLOC_CTX *mem_ctx, struct messaging_context *m,
			 struct blob old, struct blob *out)
{
	const struct server_id *id = messaging_id(m);
	struct db_watchers list = {0};
	NTSTATUS status;

	*out = (struct blob){0};
	if (old.data != NULL) {
		status = db_watchers_pull(mem_ctx, old, &list);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	if (list_has(&list, id)) {
		return NT_STATUS_OK;
	}
	if (list.count > 0 && list.count % PRUNE_EVERY == 0) {
		list_prune(&list, m);
	}
	if (list.count == WATCHERS_MAX) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	list.watchers = talloc_realloc(mem_ctx, list.watchers, struct server_id,
				       list.count + 1U);
	if (list.watchers == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	list.watchers[list.count++] = *id;
	return db_watchers_push(mem_ctx, &list, out);
}

static NTSTATUS rewrite(struct db_record *rec, struct blob old_watchers,
			struct blob value)
{
	TALLOC_CTX *mem_ctx = talloc_new(rec->db);
	struct blob watchers, copy = {0};
	NTSTATUS status;

	status = list_add(mem_ctx, rec->db->ctx->m, old_watchers, &watchers);
	if (!NT_STATUS_IS_OK(status) || watchers.data == NULL) {
		goto done;
	}
	/* The store may move the file's mapping, and value with it. */
	if (value.data != NULL) {
		copy.data = talloc_size(mem_ctx, value.length + 1);
		copy.length = value.length;
		if (copy.data == NULL) {
			status = NT_STATUS(NO_MEMORY);
			goto done;
		}
		memcpy(copy.data, value.data, value.length);
	}
	status = record_write(rec, watchers, copy.data == NULL ? NULL : &copy,
			      copy.data == NULL ? 0 : 1);
done:
	talloc_free(mem_ctx);
	return status;
}

static NTSTATUS add_found(struct blob raw, void *private_data)
{
	struct add_call *call = private_data;
	struct record_parts parts;

	call->status = record_decode(call->rec->db, raw, &parts);
	if (NT_STATUS_IS(call->status, INTERNAL_DB_CORRUPTION)) {
		parts = (struct record_parts){0};
		call->status = NT_STATUS_OK;
	}
	if (NT_STATUS_IS_OK(call->status)) {
		call->status = rewrite(call->rec, parts.watchers, parts.value);
	}
	return NT_STATUS_OK;
}

static NTSTATUS watchers_add(struct db_record *rec)
{
	struct add_call call = {.rec = rec};
	bool from_spare;
	NTSTATUS status;

	if (rec->db->kind != DB_VOLATILE || rec->db->ctx->m == NULL) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	status = spare_parse(rec->db, rec->key, add_found, &call, &from_spare);
	if (NT_STATUS_IS(status, NOT_FOUND)) {
		return rewrite(rec, (struct blob){0}, (struct blob){0});
	}
	return NT_STATUS_IS_OK(status) ? call.status : status;
}

static NTSTATUS watch_start(struct watch_state *state, struct db_record *rec)
{
	state->key.data = talloc_memdup(state, rec->key.data, rec->key.length);
	if (state->key.data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	state->key.length = rec->key.length;
	return state->tag == 0 ? watchers_add(rec) : NT_STATUS_OK;
}

/* tag 0: none. */
static struct tevent_req *watch_send(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev,
				     struct db_record *rec, uint64_t tag)
{
	struct watch_state *state;
	struct tevent_req *req;

	req = tevent_req_create(mem_ctx, &state, struct watch_state);
	if (req == NULL) {
		return NULL;
	}
	state->req = req;
	state->db = rec->db;
	state->tag = tag;
	if (req_failed(req, watch_start(state, rec))) {
		return tevent_req_post(req, ev);
	}
	state->ctx = rec->db->ctx;
	DLIST_ADD_END(state->ctx->watches, state);
	tevent_req_set_cleanup_fn(req, watch_cleanup);
	return req;
}

struct tevent_req *db_watch_send(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
				 struct db_record *rec)
{
	return watch_send(mem_ctx, ev, rec, 0);
}

struct tevent_req *db_watch_tagged_send(TALLOC_CTX *mem_ctx,
					struct tevent_context *ev,
					struct db_record *rec, uint64_t tag)
{
	ASSERT(tag != 0 && rec->db->ctx->m != NULL);
	return watch_send(mem_ctx, ev, rec, tag);
}

NTSTATUS db_watch_recv(struct tevent_req *req)
{
	NTSTATUS status = req_status(req);

	tevent_req_received(req);
	return status;
}
