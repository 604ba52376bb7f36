/* smbd/state.c - see state.h. */
#include "smbd/state.h"

#include "idl/state_gen.h"
#include "lib/log.h"
#include "locking/locking.h"
#include "locking/notify.h"
#include "messaging/messaging.h"
#include "smbd/client.h"
#include "smbd/id_table.h"
#include "smbd/open.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/tree.h"

/* --- sessions, tree connects, opens --------------------------------------- */

static struct state_session session_state(const struct smbd_session *s)
{
	return (struct state_session){
		.id = s->id,
		.flags = s->state == SMBD_SESSION_CLOSING ? STATE_CLOSING : 0};
}

static struct state_tree tree_state(const struct smbd_tree *t)
{
	return (struct state_tree){.id = t->record_id,
				   .session_id = t->session->id,
				   .flags = t->closing ? STATE_CLOSING : 0};
}

static struct state_open open_state(const struct smbd_open *o)
{
	struct state_open out = {.id = o->id.persistent_id,
				 .tree_id = o->tree->record_id,
				 .session_id = o->tree->session->id};

	out.flags |= o->registered ? 0 : STATE_MAKING;
	out.flags |= o->closing || o->tree->closing ? STATE_CLOSING : 0;
	return out;
}

static void count_session(const struct smbd_session *s,
			  struct process_state *out)
{
	out->sessions_there++;
	out->trees_there += id_table_count(s->trees);
	out->opens_there += id_table_count(s->opens);
}

/* The arrays have room for what count_session() counted. */
static void tell_session(const struct smbd_session *s,
			 struct process_state *out)
{
	struct smbd_tree *tree;
	struct smbd_open *open;
	uint32_t cursor = 0;

	out->sessions[out->sessions_there++] = session_state(s);
	while ((tree = id_table_next(s->trees, &cursor)) != NULL) {
		out->trees[out->trees_there++] = tree_state(tree);
	}
	cursor = 0;
	while ((open = id_table_next(s->opens, &cursor)) != NULL) {
		out->opens[out->opens_there++] = open_state(open);
	}
}

static NTSTATUS tell_client(TALLOC_CTX *mem_ctx,
			    const struct smbd_client *client,
			    struct process_state *out)
{
	const struct smbd_session *s;

	out->is_known = client->registered;
	out->client_guid = client->guid;
	out->num_sessions = client->num_sessions;
	out->num_trees = client->num_trees;
	out->num_opens = client->num_opens;
	for (s = client->sessions; s != NULL; s = s->next) {
		count_session(s, out);
	}
	out->sessions = talloc_array(mem_ctx, struct state_session,
				     out->sessions_there);
	out->trees = talloc_array(mem_ctx, struct state_tree, out->trees_there);
	out->opens = talloc_array(mem_ctx, struct state_open, out->opens_there);
	if (out->sessions == NULL || out->trees == NULL || out->opens == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	out->sessions_there = out->trees_there = out->opens_there = 0;
	for (s = client->sessions; s != NULL; s = s->next) {
		tell_session(s, out);
	}
	return NT_STATUS_OK;
}

/* --- watches -------------------------------------------------------------- */

struct watches {
	TALLOC_CTX *mem_ctx;
	struct process_state *out;
	NTSTATUS status;
};

static bool tell_watch(const struct notify_watch_message *w, void *private_data)
{
	struct watches *in = private_data;
	struct process_state *out = in->out;
	struct state_watch *list =
		talloc_realloc(in->mem_ctx, out->watches, struct state_watch,
			       out->watches_there + 1U);

	if (list == NULL) {
		in->status = NT_STATUS(NO_MEMORY);
		return false;
	}
	out->watches = list;
	list[out->watches_there++] = (struct state_watch){
		.id = w->id,
		.filter = w->filter,
		.tree = w->tree,
		.path = w->path,
	};
	return true;
}

/* --- the message ---------------------------------------------------------- */

static NTSTATUS put_together(TALLOC_CTX *mem_ctx,
			     const struct smbd_server *server, struct blob *out)
{
	struct process_state state = {.version = 1};
	struct watches w = {.mem_ctx = mem_ctx, .out = &state};
	NTSTATUS status = NT_STATUS_OK;

	if (server->client != NULL) {
		status = tell_client(mem_ctx, server->client, &state);
	}
	if (NT_STATUS_IS_OK(status)) {
		notify_client_each(server->locking->notify, tell_watch, &w);
		status = w.status;
	}
	return NT_STATUS_IS_OK(status)
		       ? process_state_push(mem_ctx, &state, out)
		       : status;
}

static void asked(struct messaging_context *m, struct message *msg,
		  void *private_data)
{
	struct smbd_server *server = private_data;
	TALLOC_CTX *mem_ctx = talloc_new(server);
	struct blob out = {0};
	NTSTATUS status = mem_ctx == NULL ? NT_STATUS(NO_MEMORY)
					  : put_together(mem_ctx, server, &out);

	status = messaging_reply(m, msg, status, out, NULL, 0);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_MSG, "an answer was not sent: %s",
			 ntstatus_name(status));
	}
	talloc_free(mem_ctx);
}

NTSTATUS smbd_state_register(struct smbd_server *server)
{
	struct messaging_handler *handler;

	return messaging_register(server, server->messaging, MSG_STATE, asked,
				  server, &handler);
}
