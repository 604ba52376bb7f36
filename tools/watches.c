/* tools/watches.c - see watches.h. */
#include "tools/watches.h"

#include <tevent.h>

#include "locking/notify_board.h"
#include "messaging/messaging.h"

struct question {
	TALLOC_CTX *mem_ctx;
	struct blob reply;
	NTSTATUS status;
	bool done;
};

static void answered(struct tevent_req *req)
{
	struct question *q = tevent_req_callback_data_void(req);

	q->status = messaging_request_recv(req, q->mem_ctx, &q->reply);
	q->done = true;
}

static NTSTATUS ask(TALLOC_CTX *mem_ctx, struct messaging_context *m,
		    const struct server_id *to, struct timeval timeout,
		    struct notify_list *out)
{
	struct question q = {.mem_ctx = mem_ctx};
	struct tevent_req *req = messaging_request_send(
		mem_ctx, m, to, MSG_NOTIFY_LIST, (struct blob){0}, timeout);

	if (req == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	tevent_req_set_callback(req, answered, &q);
	while (!q.done) {
		if (tevent_loop_once(messaging_event_context(m)) != 0) {
			return NT_STATUS(INTERNAL_ERROR);
		}
	}
	return NT_STATUS_IS_OK(q.status)
		       ? notify_list_pull(mem_ctx, q.reply, out)
		       : q.status;
}

NTSTATUS watches_get(TALLOC_CTX *mem_ctx, struct messaging_context *m,
		     const char *lock_dir, struct timeval timeout,
		     struct notify_board **out_board,
		     struct notify_list *out_list)
{
	char *path = talloc_asprintf(mem_ctx, "%s/notify.board", lock_dir);
	struct server_id id;
	NTSTATUS status = path == NULL
				  ? NT_STATUS(NO_MEMORY)
				  : notify_board_look(mem_ctx, path, out_board);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	*out_list = (struct notify_list){.version = 1};
	id = notify_board_server(*out_board);
	if (id.pid == 0) {
		return NT_STATUS_OK;
	}
	status = ask(mem_ctx, m, &id, timeout, out_list);
	return NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND) ? NT_STATUS_OK
							   : status;
}
