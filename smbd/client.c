/* smbd/client.c - see client.h: a connection's life, and what its frames are
 * ([MS-SMB2] 3.3.5.1, 3.3.5.2, 3.3.7.1). */
#include "smbd/client.h"

#include <tevent.h>

#include "lib/assert.h"
#include "lib/conf.h"
#include "lib/log.h"
#include "smb2/seal.h"
#include "smbd/credits.h"
#include "smbd/negotiate.h"
#include "smbd/request_int.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/teardown.h"
#include "smbd/transport.h"

/* --- frames -------------------------------------------------------------- */

static void drop(struct smbd_client *client, const char *why)
{
	transport_close(client->transport, why);
}

static void carry_out(struct smbd_client *client, struct iobuf *buf,
		      struct wire_reader frame, uint64_t transform_session_id)
{
	struct smbd_request *req = smbd_request_create(client, buf, frame);

	if (req == NULL) {
		drop(client, "out of memory");
		return;
	}
	req->frame.encrypted = transform_session_id != 0;
	req->frame.transform_session_id = transform_session_id;
	smbd_request_run(req);
}

/* [MS-SMB2] 3.3.5.2.1.1 */
static void decrypt(struct smbd_client *client, struct iobuf *buf,
		    uint8_t *data, size_t length)
{
	struct smb2_transform_header h;
	struct smbd_session *session;
	struct wire_reader plain;
	NTSTATUS status = smb2_transform_decode(wire_reader(data, length), &h);

	if (!NT_STATUS_IS_OK(status)) {
		drop(client, "a malformed encrypted message");
		return;
	}
	session = smbd_session_lookup(client, h.session_id);
	if (session == NULL || session->decrypt == NULL ||
	    session->state == SMBD_SESSION_CLOSING) {
		drop(client, "an encrypted message for no session");
		return;
	}
	status = smb2_decrypt(session->decrypt, data, length, &plain);
	if (!NT_STATUS_IS_OK(status) ||
	    smb2_protocol_id(plain) != SMB2_PROTOCOL_ID) {
		drop(client, "an encrypted message that is not genuine");
		return;
	}
	carry_out(client, buf, plain, h.session_id);
}

void smbd_client_frame(struct smbd_client *client, struct iobuf *buf,
		       uint8_t *data, size_t length)
{
	struct wire_reader frame = wire_reader(data, length);

	if (client->leaving) {
		return;
	}
	switch (smb2_protocol_id(frame)) {
	case SMB2_PROTOCOL_ID:
		carry_out(client, buf, frame, 0);
		break;
	case SMB2_TRANSFORM_PROTOCOL_ID:
		decrypt(client, buf, data, length);
		break;
	case SMB1_PROTOCOL_ID:
		smbd_smb1_negotiate(client, buf, frame);
		break;
	default:
		drop(client, "not a message of SMB2");
	}
}

static void handle_frame(void *private_data, struct iobuf *buf, uint8_t *data,
			 size_t length)
{
	smbd_client_frame(private_data, buf, data, length);
}

/* --- the end ------------------------------------------------------------- */

static void torn_down(void *private_data)
{
	struct smbd_client *client =
		talloc_get_type_abort(private_data, struct smbd_client);
	const struct smbd_counts *c = &client->counts;

	LOG_NOTICE(LOG_SMB2,
		   "%s: disconnected, %s; %llu requests, %llu bytes read, "
		   "%llu written",
		   client->address, client->why,
		   (unsigned long long)c->requests,
		   (unsigned long long)c->bytes_read,
		   (unsigned long long)c->bytes_written);
	client->finished = true;
}

void smbd_client_disconnect(struct smbd_client *client, const char *why)
{
	struct smbd_scope all = {.client = client};

	if (client->leaving) {
		return;
	}
	client->leaving = true;
	client->why = why;
	TALLOC_FREE(client->preauth_timer);
	transport_close(client->transport, why);
	smbd_teardown(&all, NULL, torn_down, client);
}

static void handle_closed(void *private_data, const char *why)
{
	smbd_client_disconnect(private_data, why);
}

/* [MS-SMB2] 3.3.6.3: who does not log on has no business here. */
static void preauth_over(struct tevent_context *ev, struct tevent_timer *te,
			 struct timeval now, void *private_data)
{
	struct smbd_client *client =
		talloc_get_type_abort(private_data, struct smbd_client);

	client->preauth_timer = NULL;
	smbd_client_disconnect(client, "nobody logged on in time");
}

/* --- the beginning ------------------------------------------------------- */

static NTSTATUS set_up(struct smbd_client *client, int fd)
{
	static const struct transport_handlers handlers = {
		.frame = handle_frame, .closed = handle_closed};
	struct smbd_server *server = client->server;
	const struct conf_global *g = conf_global(server->conf);
	NTSTATUS status;

	status = transport_create(client, server->ev, fd, &handlers, client,
				  &client->transport);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = credits_create(client, (uint32_t)g->smb2_max_credits,
				&client->credits);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	client->preauth_timer = tevent_add_timer(
		server->ev, client,
		tevent_timeval_current_ofs(SMBD_PREAUTH_SECONDS, 0),
		preauth_over, client);
	return client->preauth_timer == NULL ? NT_STATUS(NO_MEMORY)
					     : NT_STATUS_OK;
}

NTSTATUS smbd_client_create(TALLOC_CTX *mem_ctx, struct smbd_server *server,
			    int fd, const char *address,
			    const char *local_address, struct smbd_client **out)
{
	struct smbd_client *client = talloc_zero(mem_ctx, struct smbd_client);
	NTSTATUS status;

	ASSERT(client != NULL);
	client->server = server;
	client->negotiated.dialect = SMBD_DIALECT_NONE;
	client->address = talloc_strdup(client, address);
	client->local_address = talloc_strdup(client, local_address);
	ASSERT(client->address != NULL && client->local_address != NULL);
	status = set_up(client, fd);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(client);
		return status;
	}
	*out = client;
	return NT_STATUS_OK;
}
