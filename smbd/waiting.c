/* smbd/waiting.c - requests that take longer: the interim response, and
 * CANCEL ([MS-SMB2] 3.3.4.2, 3.3.5.16). */
#include "lib/dlist.h"
#include "smbd/client.h"
#include "smbd/iobuf.h"
#include "smbd/request_int.h"
#include "smbd/server.h"

/* What is done sooner needs no interim response. */
#define INTERIM_USEC 1000

static void interim_due(struct tevent_context *ev, struct tevent_timer *te,
			struct timeval now, void *private_data)
{
	struct smbd_request *req =
		talloc_get_type_abort(private_data, struct smbd_request);

	req->interim = NULL;
	smbd_reply_interim(req);
}

void smbd_request_wait(struct smbd_request *req)
{
	struct smbd_client *client = req->client;

	if (!req->frame.in_held) {
		iobuf_ref(req->frame.in);
		req->frame.in_held = true;
	}
	req->waits = true;
	DLIST_ADD(client->waiting, req);
	client->num_waiting++;
	req->interim = tevent_add_timer(
		client->server->ev, req,
		tevent_timeval_current_ofs(0, INTERIM_USEC), interim_due, req);
}

void smbd_request_wait_end(struct smbd_request *req)
{
	TALLOC_FREE(req->interim);
	req->waits = false;
	DLIST_REMOVE(req->client->waiting, req);
	req->client->num_waiting--;
}

static struct smbd_request *find_target(const struct smbd_request *cancel)
{
	struct smbd_request *req = cancel->client->waiting;
	bool async = (cancel->hdr.flags & SMB2_FLAGS_ASYNC_COMMAND) != 0;

	for (; req != NULL; req = req->next) {
		if (req->conn != cancel->conn) {
			continue; /* its ids are another connection's */
		}
		if (async ? (req->async_id != 0 &&
			     req->async_id == cancel->hdr.async_id)
			  : req->hdr.message_id == cancel->hdr.message_id) {
			return req;
		}
	}
	return NULL;
}

void smbd_request_cancel(struct smbd_request *req)
{
	struct smbd_request *target = find_target(req);

	if (target != NULL && target->cancel != NULL && !target->cancelled) {
		target->cancelled = true;
		target->cancel(target);
	}
}
