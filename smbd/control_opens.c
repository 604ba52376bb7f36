/* smbd/control_opens.c - see control_opens.h. */
#include "smbd/control_opens.h"

#include "fsa/fsa.h"
#include "idl/messages_gen.h"
#include "lib/log.h"
#include "messaging/messaging.h"
#include "smbd/client.h"
#include "smbd/id_table.h"
#include "smbd/open.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/teardown.h"
#include "smbd/tree.h"

static void answer(struct messaging_context *m, const struct message *msg,
		   NTSTATUS status)
{
	status = messaging_reply(m, msg, status, (struct blob){0}, NULL, 0);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_MSG, "an answer was not sent: %s",
			 ntstatus_name(status));
	}
}

/* The open with this id, unless it is in the making or being closed. */
static struct smbd_open *find_open(const struct smbd_client *client,
				   uint64_t id)
{
	const struct smbd_session *s = client->sessions;

	for (; s != NULL && !client->leaving; s = s->next) {
		struct smbd_open *open;
		uint32_t cursor = 0;

		while ((open = id_table_next(s->opens, &cursor)) != NULL) {
			if (open->id.persistent_id == id && open->registered &&
			    open->file != NULL && !open->closing &&
			    !open->tree->closing) {
				return open;
			}
		}
	}
	return NULL;
}

/* --- dropping: [MS-SMB2] 3.3.4.17 ----------------------------------------- */

struct drop {
	struct messaging_context *m;
	struct message msg; /* src, type and request_id of the question */
};

static void dropped(void *private_data)
{
	struct drop *d = private_data;

	answer(d->m, &d->msg, NT_STATUS_OK);
	talloc_free(d);
}

static void drop(struct messaging_context *m, struct message *msg,
		 void *private_data)
{
	struct smbd_client *client = private_data;
	struct smbd_scope scope = {.close_open = true};
	struct message_open in;
	struct drop *d;

	if (!NT_STATUS_IS_OK(message_open_pull(NULL, msg->payload, &in))) {
		answer(m, msg, NT_STATUS(INVALID_PARAMETER));
		return;
	}
	scope.open = find_open(client, in.open_id);
	if (scope.open == NULL) {
		answer(m, msg, NT_STATUS(NOT_FOUND));
		return;
	}
	d = talloc_zero(client, struct drop);
	if (d == NULL) {
		answer(m, msg, NT_STATUS(NO_MEMORY));
		return;
	}
	d->m = m;
	d->msg.src = msg->src;
	d->msg.type = msg->type;
	d->msg.request_id = msg->request_id;
	LOG_NOTICE(LOG_SMB2, "%s: the administrator closes %s",
		   smbd_client_address(client),
		   fsa_file_name(scope.open->file));
	smbd_teardown(&scope, NULL, dropped, d);
}

/* --- breaking ------------------------------------------------------------- */

static void break_it(struct messaging_context *m, struct message *msg,
		     void *private_data)
{
	struct smbd_client *client = private_data;
	struct message_open_break in;
	struct smbd_open *open;
	NTSTATUS status = message_open_break_pull(NULL, msg->payload, &in);

	if (!NT_STATUS_IS_OK(status)) {
		answer(m, msg, NT_STATUS(INVALID_PARAMETER));
		return;
	}
	open = find_open(client, in.open_id);
	answer(m, msg,
	       open == NULL ? NT_STATUS(NOT_FOUND)
			    : fsa_caching_break(open->file, in.state));
}

NTSTATUS smbd_control_register_opens(struct smbd_client *client)
{
	struct messaging_context *m = client->server->messaging;
	struct messaging_handler *handler;
	NTSTATUS status = messaging_register(client, m, MSG_OPEN_DROP, drop,
					     client, &handler);

	return NT_STATUS_IS_OK(status)
		       ? messaging_register(client, m, MSG_OPEN_BREAK, break_it,
					    client, &handler)
		       : status;
}
