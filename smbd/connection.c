/* smbd/connection.c - see connection.h: a connection's life, and what its
 * frames are ([MS-SMB2] 3.3.5.1, 3.3.5.2, 3.3.7.1). */
#include "smbd/connection.h"

#include <tevent.h>

#include "lib/assert.h"
#include "lib/conf.h"
#include "lib/dlist.h"
#include "lib/log.h"
#include "smb2/seal.h"
#include "smbd/breaks.h"
#include "smbd/channel.h"
#include "smbd/client.h"
#include "smbd/credits.h"
#include "smbd/handover.h"
#include "smbd/negotiate.h"
#include "smbd/request_int.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/teardown.h"
#include "smbd/transport.h"

/* --- frames -------------------------------------------------------------- */

static void drop(struct smbd_connection *conn, const char *why)
{
	transport_close(conn->transport, why);
}

static void carry_out(struct smbd_connection *conn, struct iobuf *buf,
		      struct wire_reader frame, uint64_t transform_session_id)
{
	struct smbd_request *req = smbd_request_create(conn, buf, frame);

	if (req == NULL) {
		drop(conn, "out of memory");
		return;
	}
	req->frame.encrypted = transform_session_id != 0;
	req->frame.transform_session_id = transform_session_id;
	smbd_request_run(req);
}

/* [MS-SMB2] 3.3.5.2.1.1 */
static void decrypt(struct smbd_connection *conn, struct iobuf *buf,
		    uint8_t *data, size_t length)
{
	struct smb2_transform_header h;
	const struct smbd_channel *channel;
	struct smbd_session *session;
	struct wire_reader plain;
	NTSTATUS status = smb2_transform_decode(wire_reader(data, length), &h);

	if (!NT_STATUS_IS_OK(status)) {
		drop(conn, "a malformed encrypted message");
		return;
	}
	channel = smbd_channel_lookup(conn, h.session_id);
	session = channel == NULL || channel->binding ? NULL : channel->session;
	if (session == NULL || session->decrypt == NULL ||
	    session->state == SMBD_SESSION_CLOSING) {
		drop(conn, "an encrypted message for no session");
		return;
	}
	status = smb2_decrypt(session->decrypt, data, length, &plain);
	if (!NT_STATUS_IS_OK(status) ||
	    smb2_protocol_id(plain) != SMB2_PROTOCOL_ID) {
		drop(conn, "an encrypted message that is not genuine");
		return;
	}
	carry_out(conn, buf, plain, h.session_id);
}

void smbd_connection_frame(struct smbd_connection *conn, struct iobuf *buf,
			   uint8_t *data, size_t length)
{
	struct wire_reader frame = wire_reader(data, length);

	if (conn->why != NULL) {
		return;
	}
	switch (smb2_protocol_id(frame)) {
	case SMB2_PROTOCOL_ID:
		if (!conn->ours && smbd_handover_begin(conn, frame)) {
			break;
		}
		conn->ours = true;
		carry_out(conn, buf, frame, 0);
		break;
	case SMB2_TRANSFORM_PROTOCOL_ID:
		decrypt(conn, buf, data, length);
		break;
	case SMB1_PROTOCOL_ID:
		smbd_smb1_negotiate(conn, buf, frame);
		break;
	default:
		drop(conn, "not a message of SMB2");
	}
	if (conn->client->breaks_due != NULL) {
		smbd_breaks_flush(conn->client);
	}
}

static void handle_frame(void *private_data, struct iobuf *buf, uint8_t *data,
			 size_t length)
{
	smbd_connection_frame(private_data, buf, data, length);
}

/* --- sessions that were -------------------------------------------------- */

#define MAX_ENDED 4

struct smbd_ended {
	struct smbd_ended *prev, *next;
	uint64_t id;
	struct smb2_signer *signer;
};

void smbd_connection_session_ended(struct smbd_connection *conn, uint64_t id,
				   struct smb2_signer **signer)
{
	struct smbd_ended *e = talloc_zero(conn, struct smbd_ended);
	unsigned int count = 1;

	if (e == NULL) {
		return;
	}
	e->id = id;
	e->signer = talloc_move(e, signer);
	DLIST_ADD(conn->ended, e);
	while (e->next != NULL && count < MAX_ENDED) {
		e = e->next;
		count++;
	}
	if (e->next != NULL) {
		e = e->next;
		DLIST_REMOVE(conn->ended, e);
		talloc_free(e);
	}
}

struct smb2_signer *smbd_connection_old_key(const struct smbd_connection *conn,
					    uint64_t id)
{
	const struct smbd_ended *e = conn->ended;

	while (e != NULL && e->id != id) {
		e = e->next;
	}
	return e == NULL ? NULL : e->signer;
}

/* --- the end ------------------------------------------------------------- */

void smbd_connection_log_end(const struct smbd_connection *conn)
{
	const struct smbd_counts *c = &conn->counts;

	LOG_NOTICE(LOG_SMB2,
		   "%s: disconnected, %s; %llu requests, %llu bytes read, "
		   "%llu written",
		   conn->address, conn->why, (unsigned long long)c->requests,
		   (unsigned long long)c->bytes_read,
		   (unsigned long long)c->bytes_written);
}

static void free_connection(struct tevent_context *ev,
			    struct tevent_immediate *im, void *private_data)
{
	talloc_free(private_data);
}

/* Nothing is done on it any more; its frames may still be on the stack. */
static void torn_down(void *private_data)
{
	struct smbd_connection *conn =
		talloc_get_type_abort(private_data, struct smbd_connection);
	struct smbd_client *client = conn->client;

	smbd_connection_log_end(conn);
	DLIST_REMOVE(client->connections, conn);
	tevent_schedule_immediate(conn->end, client->server->ev,
				  free_connection, conn);
}

static bool is_last(const struct smbd_connection *conn)
{
	const struct smbd_connection *other = conn->client->connections;

	while (other != NULL && (other == conn || other->why != NULL)) {
		other = other->next;
	}
	return other == NULL;
}

void smbd_connection_disconnect(struct smbd_connection *conn, const char *why)
{
	struct smbd_scope scope = {.conn = conn};

	if (conn->why != NULL) {
		return;
	}
	if (is_last(conn)) {
		smbd_client_disconnect(conn->client, why);
		return;
	}
	conn->why = why;
	TALLOC_FREE(conn->preauth_timer);
	transport_close(conn->transport, why);
	smbd_breaks_lost(conn);
	smbd_teardown(&scope, NULL, torn_down, conn);
}

bool smbd_connection_drop_stranger(struct smbd_client *client,
				   const struct smbd_connection *but)
{
	struct smbd_connection *c = client->connections;

	while (c != NULL &&
	       (c == but || c->why != NULL || c->preauth_timer == NULL ||
		!smbd_channel_any(c))) {
		c = c->next;
	}
	if (c != NULL) {
		smbd_connection_disconnect(c, "too many logons have begun");
	}
	return c != NULL;
}

static void handle_closed(void *private_data, const char *why)
{
	smbd_connection_disconnect(private_data, why);
}

/* [MS-SMB2] 3.3.6.3: who does not log on has no business here. */
static void preauth_over(struct tevent_context *ev, struct tevent_timer *te,
			 struct timeval now, void *private_data)
{
	struct smbd_connection *conn =
		talloc_get_type_abort(private_data, struct smbd_connection);

	conn->preauth_timer = NULL;
	smbd_connection_disconnect(conn, "nobody logged on in time");
}

/* --- the beginning ------------------------------------------------------- */

NTSTATUS smbd_connection_set_accepted(struct smbd_connection *conn,
				      NTTIME accepted)
{
	NTTIME now = nttime_monotonic();
	uint32_t left = SMBD_PREAUTH_SECONDS;

	if (accepted < now) {
		NTTIME passed = (now - accepted) / NTTIME_SECOND;

		left = passed < left ? left - (uint32_t)passed : 1;
	}
	conn->accepted = accepted;
	TALLOC_FREE(conn->preauth_timer);
	conn->preauth_timer = tevent_add_timer(
		conn->client->server->ev, conn,
		tevent_timeval_current_ofs(left, 0), preauth_over, conn);
	return conn->preauth_timer == NULL ? NT_STATUS(NO_MEMORY)
					   : NT_STATUS_OK;
}

static NTSTATUS set_up(struct smbd_connection *conn, int fd)
{
	static const struct transport_handlers handlers = {
		.frame = handle_frame, .closed = handle_closed};
	struct smbd_server *server = conn->client->server;
	const struct conf_global *g = conf_global(server->conf);
	NTSTATUS status;

	status = transport_create(conn, server->ev, fd, &handlers, conn,
				  &conn->transport);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = credits_create(conn, (uint32_t)g->smb2_max_credits,
				&conn->credits);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	conn->end = tevent_create_immediate(conn);
	if (conn->end == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	return smbd_connection_set_accepted(conn, nttime_monotonic());
}

NTSTATUS smbd_connection_create(struct smbd_client *client, int fd,
				const char *address, const char *local_address,
				struct smbd_connection **out)
{
	struct smbd_connection *conn =
		talloc_zero(client, struct smbd_connection);
	NTSTATUS status;

	ASSERT(conn != NULL);
	conn->client = client;
	conn->negotiated.dialect = SMBD_DIALECT_NONE;
	conn->address = talloc_strdup(conn, address);
	conn->local_address = talloc_strdup(conn, local_address);
	ASSERT(conn->address != NULL && conn->local_address != NULL);
	status = set_up(conn, fd);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(conn);
		return status;
	}
	DLIST_ADD_END(client->connections, conn);
	*out = conn;
	return NT_STATUS_OK;
}
