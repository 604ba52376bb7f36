/* smbd/client.c - see client.h. */
#include "smbd/client.h"

#include "lib/assert.h"
#include "smbd/handover.h"
#include "smbd/teardown.h"
#include "smbd/transport.h"

static void torn_down(void *private_data)
{
	struct smbd_client *client =
		talloc_get_type_abort(private_data, struct smbd_client);
	const struct smbd_connection *conn = client->connections;

	for (; conn != NULL; conn = conn->next) {
		smbd_connection_log_end(conn);
	}
	client->finished = true;
}

void smbd_client_disconnect(struct smbd_client *client, const char *why)
{
	struct smbd_connection *conn = client->connections;
	struct smbd_scope all = {.client = client};

	if (client->leaving) {
		return;
	}
	client->leaving = true;
	smbd_handover_unregister(client);
	for (; conn != NULL; conn = conn->next) {
		if (conn->why == NULL) { /* else it is going already */
			conn->why = why;
			TALLOC_FREE(conn->preauth_timer);
			transport_close(conn->transport, why);
		}
	}
	smbd_teardown(&all, NULL, torn_down, client);
}

const char *smbd_client_address(const struct smbd_client *client)
{
	return client->connections == NULL ? "-" : client->connections->address;
}

NTSTATUS smbd_client_create(TALLOC_CTX *mem_ctx, struct smbd_server *server,
			    struct smbd_client **out)
{
	struct smbd_client *client = talloc_zero(mem_ctx, struct smbd_client);

	ASSERT(client != NULL);
	client->server = server;
	*out = client;
	return NT_STATUS_OK;
}
