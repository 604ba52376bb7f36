/* smbd/control.c - see control.h. */
#include "smbd/control.h"

#include <string.h>
#include <strings.h>

#include "idl/messages_gen.h"
#include "lib/identity.h"
#include "lib/log.h"
#include "messaging/messaging.h"
#include "smbd/client.h"
#include "smbd/control_opens.h"
#include "smbd/id_table.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/state.h"
#include "smbd/teardown.h"
#include "smbd/tree.h"

struct row {
	uint32_t type;
	messaging_handler_fn fn;
};

static NTSTATUS register_rows(TALLOC_CTX *mem_ctx, struct smbd_server *server,
			      const struct row *rows, size_t count,
			      void *private_data)
{
	for (size_t i = 0; i < count; i++) {
		struct messaging_handler *handler;
		NTSTATUS status = messaging_register(mem_ctx, server->messaging,
						     rows[i].type, rows[i].fn,
						     private_data, &handler);

		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	return NT_STATUS_OK;
}

static void answer(struct messaging_context *m, const struct message *msg,
		   NTSTATUS status)
{
	status = messaging_reply(m, msg, status, (struct blob){0}, NULL, 0);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_MSG, "an answer was not sent: %s",
			 ntstatus_name(status));
	}
}

/* The text of a message, on mem_ctx; NULL when it has none. */
static const char *text_of(TALLOC_CTX *mem_ctx, const struct message *msg)
{
	struct message_text in;

	if (!NT_STATUS_IS_OK(message_text_pull(mem_ctx, msg->payload, &in))) {
		return NULL;
	}
	return in.text;
}

/* --- every process ------------------------------------------------------- */

static void ping(struct messaging_context *m, struct message *msg,
		 void *private_data)
{
	answer(m, msg, NT_STATUS_OK);
}

static void reload_config(struct messaging_context *m, struct message *msg,
			  void *private_data)
{
	smbd_server_reload(private_data);
	answer(m, msg, NT_STATUS_OK);
}

static void debug(struct messaging_context *m, struct message *msg,
		  void *private_data)
{
	struct smbd_server *server = private_data;
	const char *levels = text_of(server, msg);
	NTSTATUS status = NT_STATUS(INVALID_PARAMETER);

	if (levels != NULL) {
		status = log_set_levels(levels);
	}
	if (NT_STATUS_IS_OK(status)) {
		server->log_levels = levels;
	}
	answer(m, msg, status);
}

static void debug_level(struct messaging_context *m, struct message *msg,
			void *private_data)
{
	struct smbd_server *server = private_data;
	struct message_text out = {.text = server->log_levels};
	struct blob payload;
	NTSTATUS status;

	if (out.text == NULL) {
		out.text = conf_global(server->conf)->log_level;
	}
	status = message_text_push(server, &out, &payload);
	if (!NT_STATUS_IS_OK(status)) {
		answer(m, msg, status);
		return;
	}
	status = messaging_reply(m, msg, NT_STATUS_OK, payload, NULL, 0);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_MSG, "an answer was not sent: %s",
			 ntstatus_name(status));
	}
	talloc_free(payload.data);
}

NTSTATUS smbd_control_register(struct smbd_server *server)
{
	static const struct row rows[] = {
		{MSG_PING, ping},
		{MSG_RELOAD_CONFIG, reload_config},
		{MSG_DEBUG, debug},
		{MSG_DEBUG_LEVEL, debug_level},
	};

	NTSTATUS status = register_rows(server, server, rows,
					sizeof(rows) / sizeof(rows[0]), server);

	return NT_STATUS_IS_OK(status) ? smbd_state_register(server) : status;
}

/* --- children ------------------------------------------------------------ */

static void shut_down(struct messaging_context *m, struct message *msg,
		      void *private_data)
{
	answer(m, msg, NT_STATUS_OK);
	smbd_client_disconnect(private_data, "the server is shut down");
}

static void kill_client_ip(struct messaging_context *m, struct message *msg,
			   void *private_data)
{
	struct smbd_client *client = private_data;
	const char *address = text_of(client, msg);
	struct smbd_connection *next;

	answer(m, msg, NT_STATUS_OK);
	for (struct smbd_connection *c = client->connections;
	     address != NULL && c != NULL; c = next) {
		next = c->next;
		if (strcmp(address, c->address) == 0) {
			smbd_connection_disconnect(
				c, "the administrator ended it");
		}
	}
}

static void nothing(void *private_data)
{
}

static void close_share_in(struct smbd_session *session, const char *name)
{
	struct smbd_tree *tree;
	uint32_t cursor = 0;

	if (session->state == SMBD_SESSION_CLOSING) {
		return;
	}
	while ((tree = id_table_next(session->trees, &cursor)) != NULL) {
		struct smbd_scope scope = {.tree = tree};

		if (!tree->closing && strcasecmp(tree->share_name, name) == 0) {
			smbd_teardown(&scope, NULL, nothing, NULL);
		}
	}
}

static void close_share(struct messaging_context *m, struct message *msg,
			void *private_data)
{
	struct smbd_client *client = private_data;
	const char *name = text_of(client, msg);

	for (struct smbd_session *s = client->sessions;
	     name != NULL && s != NULL && !client->leaving; s = s->next) {
		close_share_in(s, name);
	}
	answer(m, msg, NT_STATUS_OK);
}

/* A session of this process is to end because its client has a new one
 * elsewhere; the answer tells when it has. */
struct session_end {
	struct messaging_context *m;
	struct message msg; /* src, type and request_id of the question */
	struct smbd_session *session;
};

/* What the client has left behind; not what is only coming. */
static void drop_unused(struct smbd_client *client)
{
	struct smbd_connection *next;

	for (struct smbd_connection *c = client->connections; c != NULL;
	     c = next) {
		next = c->next;
		if (c->preauth_timer == NULL) {
			smbd_connection_disconnect(c, "its client came back");
		}
	}
}

static void session_ended(void *private_data)
{
	struct session_end *end = private_data;
	struct smbd_client *client = end->session->client;

	talloc_free(end->session);
	answer(end->m, &end->msg, NT_STATUS_OK);
	talloc_free(end);
	if (client->sessions == NULL) {
		drop_unused(client);
	}
}

static void session_close(struct messaging_context *m, struct message *msg,
			  void *private_data)
{
	struct smbd_client *client = private_data;
	struct smbd_scope scope = {0};
	struct message_session_close in;
	struct session_end *end;

	if (!NT_STATUS_IS_OK(
		    message_session_close_pull(client, msg->payload, &in))) {
		answer(m, msg, NT_STATUS(INVALID_PARAMETER));
		return;
	}
	/* A look-up changes the order that a disconnect goes by. */
	scope.session = client->leaving
				? NULL
				: smbd_session_lookup(client, in.session_id);
	end = talloc_zero(client, struct session_end);
	if (scope.session == NULL || end == NULL ||
	    scope.session->state == SMBD_SESSION_CLOSING) {
		talloc_free(end);
		answer(m, msg, NT_STATUS_OK);
		return;
	}
	end->m = m;
	end->msg.src = msg->src;
	end->msg.type = msg->type;
	end->msg.request_id = msg->request_id;
	end->session = scope.session;
	smbd_teardown(&scope, NULL, session_ended, end);
}

NTSTATUS smbd_control_register_client(struct smbd_client *client)
{
	static const struct row rows[] = {
		{MSG_SHUTDOWN, shut_down},
		{MSG_KILL_CLIENT_IP, kill_client_ip},
		{MSG_CLOSE_SHARE, close_share},
		{MSG_SESSION_CLOSE, session_close},
	};

	NTSTATUS status = register_rows(client, client->server, rows,
					sizeof(rows) / sizeof(rows[0]), client);

	return NT_STATUS_IS_OK(status) ? smbd_control_register_opens(client)
				       : status;
}
