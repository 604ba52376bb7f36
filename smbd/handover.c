/* smbd/handover.c - see handover.h.  The steps:
 *
 * who has it       peek, look up the owner, hold the frame, ask
 * the owner        takes the socket, answers OK, and only then looks at it
 * who had it       OK: ends; refused or dead: serves it himself; no answer in
 *                  time: drops it, since the owner may still take it */
#include "smbd/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "idl/messages_gen.h"
#include "lib/conf.h"
#include "lib/dlist.h"
#include "lib/log.h"
#include "locking/client_store.h"
#include "locking/locking.h"
#include "messaging/messaging.h"
#include "smb2/header.h"
#include "smbd/channel.h"
#include "smbd/client.h"
#include "smbd/credits.h"
#include "smbd/negotiate.h"
#include "smbd/server.h"
#include "smbd/socket.h"
#include "smbd/transport.h"

#define PATIENCE_SECONDS 15
#define LOOK_MSEC	 100

/* --- whose is it? -------------------------------------------------------- */

bool smbd_handover_peek(struct wire_reader frame,
			const struct smbd_offer *offer,
			struct smbd_handover_hint *out)
{
	struct smb2_negotiate_request in;
	struct smb2_header h;
	uint16_t dialect;

	if (!NT_STATUS_IS_OK(smb2_header_decode(frame, &h)) ||
	    h.command != SMB2_NEGOTIATE || smb2_is_response(&h) ||
	    h.next_command != 0 ||
	    !NT_STATUS_IS_OK(smb2_negotiate_request_decode(frame, &in))) {
		return false;
	}
	dialect = smbd_choose_dialect(offer, in.dialects, in.dialect_count);
	if (dialect < SMB2_DIALECT_300 || guid_is_zero(&in.client_guid) ||
	    (in.capabilities & SMB2_GLOBAL_CAP_MULTI_CHANNEL) == 0) {
		return false;
	}
	out->client_guid = in.client_guid;
	out->dialect = dialect;
	return true;
}

/* Nothing was said in SMB2 yet. */
static bool is_new(const struct smbd_connection *conn)
{
	uint16_t dialect = conn->negotiated.dialect;

	return conn->counts.requests == 0 ||
	       (conn->counts.requests == 1 && dialect == SMB2_DIALECT_WILDCARD);
}

/* The child that serves the client; false when that is nobody else. */
static bool find_owner(const struct smbd_connection *conn,
		       const struct smbd_handover_hint *hint,
		       struct server_id *out)
{
	struct smbd_server *server = conn->client->server;
	TALLOC_CTX *mem = talloc_new(conn->client);
	struct client_record rec;
	bool found =
		mem != NULL &&
		NT_STATUS_IS_OK(client_store_get(mem, server->locking->clients,
						 &hint->client_guid, &rec));

	if (found) {
		*out = rec.owner;
		found = rec.dialect == hint->dialect &&
			!server_id_equal(&rec.owner,
					 messaging_id(server->messaging));
	}
	talloc_free(mem);
	return found;
}

/* --- giving it ----------------------------------------------------------- */

/* Waiting for the owner's answer. */
struct question {
	struct smbd_connection *conn;
	struct server_id owner;
	bool owner_gone; /* since the last look */
};

static void serve_it(struct smbd_connection *conn, NTSTATUS why)
{
	LOG_INFO(LOG_SMB2, "%s: not handed over: %s", conn->address,
		 ntstatus_name(why));
	conn->ours = true;
	transport_go_on(conn->transport);
}

static void asked(struct tevent_req *subreq)
{
	struct question *q = tevent_req_callback_data(subreq, struct question);
	struct smbd_connection *conn = q->conn;
	struct smbd_client *client = conn->client;
	NTSTATUS status = messaging_request_recv(subreq, q, NULL);

	talloc_free(q); /* and subreq */
	if (conn->why != NULL) {
		return;
	}
	if (NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_SMB2, "%s: handed over to who serves its client",
			 conn->address);
		client->leaving = true; /* the socket is not ours any more */
		client->finished = true;
	} else if (NT_STATUS_IS(status, IO_TIMEOUT)) {
		smbd_connection_disconnect(conn, "who serves its client is "
						 "silent");
	} else {
		serve_it(conn, status);
	}
}

static NTSTATUS look_again(struct question *q);

/* Who ends in order may leave the question unread, and nobody tells of it.  An
 * answer that it gave before has come by the look after that. */
static void look(struct tevent_context *ev, struct tevent_timer *te,
		 struct timeval now, void *private_data)
{
	struct question *q =
		talloc_get_type_abort(private_data, struct question);
	struct smbd_connection *conn = q->conn;

	if (q->owner_gone) {
		talloc_free(q);
		if (conn->why == NULL) {
			serve_it(conn, NT_STATUS(OBJECT_NAME_NOT_FOUND));
		}
		return;
	}
	q->owner_gone =
		!server_id_exists(conn->client->server->messaging, &q->owner);
	if (!NT_STATUS_IS_OK(look_again(q))) {
		LOG_INFO(LOG_SMB2, "%s: out of memory", conn->address);
	}
}

static NTSTATUS look_again(struct question *q)
{
	return tevent_add_timer(q->conn->client->server->ev, q,
				tevent_timeval_current_ofs(0, LOOK_MSEC * 1000),
				look, q) == NULL
		       ? NT_STATUS(NO_MEMORY)
		       : NT_STATUS_OK;
}

static NTSTATUS ask(struct smbd_connection *conn,
		    const struct smbd_handover_hint *hint,
		    const struct server_id *owner)
{
	struct message_connection m = {
		.version = 1,
		.client_guid = hint->client_guid,
		.accepted = conn->accepted,
		.multi_protocol = conn->counts.requests > 0,
		.received = transport_held(conn->transport),
	};
	struct question *q = talloc_zero(conn, struct question);
	int fd = transport_fd(conn->transport);
	struct tevent_req *subreq;
	struct blob payload;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (q == NULL) {
		return status;
	}
	q->conn = conn;
	q->owner = *owner;
	status = message_connection_push(q, &m, &payload);
	if (NT_STATUS_IS_OK(status)) {
		status = look_again(q);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(q);
		return status;
	}
	subreq = messaging_request_send_fds(
		q, conn->client->server->messaging, owner, MSG_CONNECTION,
		payload, &fd, 1, (struct timeval){.tv_sec = PATIENCE_SECONDS});
	if (subreq == NULL) {
		talloc_free(q);
		return NT_STATUS(NO_MEMORY);
	}
	tevent_req_set_callback(subreq, asked, q);
	return NT_STATUS_OK;
}

bool smbd_handover_begin(struct smbd_connection *conn, struct wire_reader frame)
{
	struct smbd_server *server = conn->client->server;
	struct smbd_offer offer = smbd_offer(server);
	struct smbd_handover_hint hint;
	struct server_id owner;
	NTSTATUS status;

	if (!conf_global(server->conf)->multi_channel || !is_new(conn) ||
	    !smbd_handover_peek(frame, &offer, &hint) ||
	    !find_owner(conn, &hint, &owner) ||
	    !transport_hold(conn->transport, frame.data)) {
		return false;
	}
	status = ask(conn, &hint, &owner);
	if (!NT_STATUS_IS_OK(status)) {
		serve_it(conn, status);
	}
	return true;
}

/* --- taking it ----------------------------------------------------------- */

/* Who is over the limit takes the place of the oldest on which nobody is
 * logged on. */
static bool make_room(struct smbd_client *client)
{
	struct smbd_connection *oldest = NULL;
	unsigned int count = 0;

	for (struct smbd_connection *c = client->connections; c != NULL;
	     c = c->next) {
		if (c->why != NULL) {
			continue;
		}
		count++;
		if (oldest == NULL && !smbd_channel_any(c)) {
			oldest = c;
		}
	}
	if (count < SMBD_MAX_CONNECTIONS) {
		return true;
	}
	if (oldest != NULL) {
		smbd_connection_disconnect(oldest, "too many connections");
	}
	return oldest != NULL || smbd_connection_drop_stranger(client, NULL);
}

/* fd is conn's already. */
static NTSTATUS begin(struct smbd_connection *conn,
		      const struct message_connection *m)
{
	NTSTATUS status = smbd_connection_set_accepted(conn, m->accepted);

	conn->ours = true;
	if (m->multi_protocol) {
		if (!smbd_smb1_settle(conn, SMB2_DIALECT_WILDCARD)) {
			return NT_STATUS(INTERNAL_ERROR);
		}
		credits_grant(conn->credits, 1);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = transport_preload(conn->transport, m->received);
	}
	return status;
}

static NTSTATUS take(struct smbd_client *client,
		     const struct message_connection *m, int fd)
{
	char remote[SMBD_ADDRESS_SIZE], local[SMBD_ADDRESS_SIZE];
	struct smbd_connection *conn;
	NTSTATUS status;
	int own;

	if (client->leaving || !client->registered ||
	    !conf_global(client->server->conf)->multi_channel ||
	    !guid_equal(&m->client_guid, &client->guid)) {
		return NT_STATUS(NOT_FOUND);
	}
	if (!make_room(client)) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	/* The caller's stays his when this fails. */
	own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (own < 0) {
		return ntstatus_from_errno(errno);
	}
	smbd_socket_addresses(own, remote, local);
	status = smbd_connection_create(client, own, remote, local, &conn);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = begin(conn, m);
	if (!NT_STATUS_IS_OK(status)) {
		DLIST_REMOVE(client->connections, conn);
		talloc_free(conn);
		return status;
	}
	close(fd);
	LOG_NOTICE(LOG_SMB2, "%s: connected, handed over", remote);
	return NT_STATUS_OK;
}

NTSTATUS smbd_handover_take(struct smbd_client *client, struct blob payload,
			    int fd)
{
	TALLOC_CTX *mem = talloc_new(client);
	struct message_connection m;
	NTSTATUS status;

	if (mem == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = message_connection_pull(mem, payload, &m);
	if (NT_STATUS_IS_OK(status)) {
		status = take(client, &m, fd);
	}
	talloc_free(mem);
	return status;
}

static void offered(struct messaging_context *messaging, struct message *msg,
		    void *private_data)
{
	struct smbd_client *client = private_data;
	NTSTATUS status = NT_STATUS(INVALID_PARAMETER);

	if (msg->num_fds == 1) {
		status = smbd_handover_take(client, msg->payload, msg->fds[0]);
	}
	if (NT_STATUS_IS_OK(status)) {
		msg->fds[0] = -1;
	}
	/* What was taken is looked at from the event loop, after this. */
	status = messaging_reply(messaging, msg, status, (struct blob){0}, NULL,
				 0);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_MSG, "an answer was not sent: %s",
			 ntstatus_name(status));
	}
}

NTSTATUS smbd_handover_listen(struct smbd_client *client)
{
	struct messaging_handler *handler;

	return messaging_register(client, client->server->messaging,
				  MSG_CONNECTION, offered, client, &handler);
}

/* --- being known --------------------------------------------------------- */

void smbd_handover_register(struct smbd_connection *conn)
{
	const struct smbd_negotiated *n = &conn->negotiated;
	struct smbd_client *client = conn->client;
	struct smbd_server *server = client->server;
	struct client_record rec = {
		.version = 1,
		.client_guid = n->client_guid,
		.owner = *messaging_id(server->messaging),
		.created = nttime_now(),
		.dialect = n->dialect,
		.remote_address = conn->address,
		.local_address = conn->local_address,
	};
	NTSTATUS status;

	if (client->registered || guid_is_zero(&n->client_guid) ||
	    (n->server_capabilities & SMB2_GLOBAL_CAP_MULTI_CHANNEL) == 0) {
		return;
	}
	status = client_store_add(server->locking->clients, &rec);
	client->registered = NT_STATUS_IS_OK(status);
	client->guid = n->client_guid;
	if (!client->registered) {
		LOG_INFO(LOG_SMB2, "%s: its other connections go elsewhere: %s",
			 conn->address, ntstatus_name(status));
	}
}

void smbd_handover_unregister(struct smbd_client *client)
{
	struct smbd_server *server = client->server;
	NTSTATUS status;

	if (!client->registered) {
		return;
	}
	client->registered = false;
	status = client_store_remove(server->locking->clients, &client->guid,
				     messaging_id(server->messaging));
	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_SMB2, "the record of a client: %s",
			 ntstatus_name(status));
	}
}
