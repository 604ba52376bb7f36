/* messaging/request.c - request and reply.
 *
 * messaging_request_send()  the request is on its way, or has failed
 * msg_request_replied()     the reply has come: done
 * msg_requests_fail()       the other side is dead
 * (time out)                tevent_req_set_endtime() */
#include "messaging/messaging_int.h"

#include <unistd.h>

#include "lib/assert.h"
#include "lib/dlist.h"
#include "lib/req.h"

struct request_state {
	struct request_state *prev, *next;
	struct messaging_context *m; /* NULL: not in its list */
	struct tevent_req *req;
	struct server_id dst;
	uint64_t id;
	NTSTATUS status; /* the reply's */
	struct blob payload;
	int *fds; /* owned; -1: taken */
	size_t num_fds;
};

static void request_unlink(struct request_state *state)
{
	if (state->m != NULL) {
		DLIST_REMOVE(state->m->requests, state);
		state->m = NULL;
	}
}

static void request_cleanup(struct tevent_req *req,
			    enum tevent_req_state req_state)
{
	struct request_state *state =
		tevent_req_data(req, struct request_state);
	size_t i;

	request_unlink(state);
	if (req_state != TEVENT_REQ_RECEIVED) {
		return;
	}
	for (i = 0; i < state->num_fds; i++) {
		if (state->fds[i] != -1) {
			close(state->fds[i]);
		}
	}
	state->num_fds = 0;
}

static NTSTATUS request_start(struct request_state *state, uint32_t type,
			      struct blob payload, const int *fds,
			      size_t num_fds)
{
	const struct msg_outgoing out = {.type = type,
					 .flags = MESSAGE_REQUEST,
					 .request_id = state->id,
					 .payload = payload,
					 .fds = fds,
					 .num_fds = num_fds};

	return msg_send(state->m, &state->dst, &out);
}

struct tevent_req *messaging_request_send(TALLOC_CTX *mem_ctx,
					  struct messaging_context *m,
					  const struct server_id *dst,
					  uint32_t type, struct blob payload,
					  struct timeval timeout)
{
	return messaging_request_send_fds(mem_ctx, m, dst, type, payload, NULL,
					  0, timeout);
}

struct tevent_req *messaging_request_send_fds(
	TALLOC_CTX *mem_ctx, struct messaging_context *m,
	const struct server_id *dst, uint32_t type, struct blob payload,
	const int *fds, size_t num_fds, struct timeval timeout)
{
	struct request_state *state;
	struct tevent_req *req;

	req = tevent_req_create(mem_ctx, &state, struct request_state);
	if (req == NULL) {
		return NULL;
	}
	state->m = m;
	state->req = req;
	state->dst = *dst;
	state->id = ++m->last_request_id;
	DLIST_ADD_END(m->requests, state);
	tevent_req_set_cleanup_fn(req, request_cleanup);
	if (req_failed(req,
		       request_start(state, type, payload, fds, num_fds))) {
		return tevent_req_post(req, m->ev);
	}
	if (!timerisset(&timeout)) {
		return req;
	}
	timeout = tevent_timeval_current_ofs((uint32_t)timeout.tv_sec,
					     (uint32_t)timeout.tv_usec);
	if (!tevent_req_set_endtime(req, m->ev, timeout)) {
		return tevent_req_post(req, m->ev);
	}
	return req;
}

/* The reply becomes the state's. */
static NTSTATUS take_reply(struct request_state *state, struct message *msg)
{
	size_t i;

	if (msg->payload.length > 0) {
		state->payload.data = talloc_memdup(state, msg->payload.data,
						    msg->payload.length);
		if (state->payload.data == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		state->payload.length = msg->payload.length;
	}
	if (msg->num_fds == 0) {
		return NT_STATUS_OK;
	}
	state->fds = talloc_array(state, int, msg->num_fds);
	if (state->fds == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (i = 0; i < msg->num_fds; i++) {
		state->fds[i] = msg->fds[i];
		msg->fds[i] = -1;
	}
	state->num_fds = msg->num_fds;
	return NT_STATUS_OK;
}

void msg_request_replied(struct messaging_context *m, struct message *msg,
			 NTSTATUS status)
{
	struct request_state *s;

	for (s = m->requests; s != NULL; s = s->next) {
		if (s->id == msg->request_id &&
		    server_id_equal(&s->dst, &msg->src)) {
			break;
		}
	}
	if (s == NULL || req_failed(s->req, take_reply(s, msg)) ||
	    req_failed(s->req, status)) {
		return;
	}
	tevent_req_done(s->req);
}

void msg_requests_fail(struct messaging_context *m, const struct server_id *dst)
{
	struct request_state *s;

	/* From the front each time: a callback may free or make requests. */
	for (s = m->requests; s != NULL;) {
		if (!server_id_equal(&s->dst, dst)) {
			s = s->next;
			continue;
		}
		req_failed(s->req, NT_STATUS(OBJECT_NAME_NOT_FOUND));
		s = m->requests;
	}
}

void msg_requests_forget(struct messaging_context *m)
{
	while (m->requests != NULL) {
		request_unlink(m->requests);
	}
}

NTSTATUS messaging_request_recv_fds(struct tevent_req *req, TALLOC_CTX *mem_ctx,
				    struct blob *out, int *fds, size_t room,
				    size_t *out_num)
{
	struct request_state *state =
		tevent_req_data(req, struct request_state);
	NTSTATUS status = req_status(req);
	size_t i;

	if (NT_STATUS_IS_OK(status)) {
		if (out != NULL) {
			out->data = talloc_move(mem_ctx, &state->payload.data);
			out->length = state->payload.length;
		}
		for (i = 0; i < state->num_fds && i < room; i++) {
			fds[i] = state->fds[i];
			state->fds[i] = -1;
		}
		if (out_num != NULL) {
			*out_num = i;
		}
	}
	tevent_req_received(req);
	return status;
}

NTSTATUS messaging_request_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
				struct blob *out)
{
	return messaging_request_recv_fds(req, mem_ctx, out, NULL, 0, NULL);
}

NTSTATUS messaging_reply(struct messaging_context *m, const struct message *msg,
			 NTSTATUS status, struct blob payload, const int *fds,
			 size_t num_fds)
{
	const struct msg_outgoing out = {.type = msg->type,
					 .flags = MESSAGE_REPLY,
					 .request_id = msg->request_id,
					 .status = status,
					 .payload = payload,
					 .fds = fds,
					 .num_fds = num_fds};

	if (msg->request_id == 0) {
		return NT_STATUS_OK;
	}
	return msg_send(m, &msg->src, &out);
}
