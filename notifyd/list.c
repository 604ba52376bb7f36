/* notifyd/list.c - see list.h. */
#include "notifyd/list.h"

#include "idl/notify_gen.h"
#include "lib/log.h"
#include "messaging/messaging.h"
#include "notifyd/index.h"

static uint32_t count_watches(const struct notify_index *ix)
{
	const struct index_owner *o = notify_index_owners(ix);
	uint32_t n = 0;

	for (; o != NULL; o = o->next) {
		n += o->num_watches;
	}
	return n;
}

/* The paths are lent. */
static NTSTATUS fill(TALLOC_CTX *mem_ctx, const struct notify_index *ix,
		     struct notify_list *out)
{
	const struct index_owner *o = notify_index_owners(ix);
	uint32_t room = count_watches(ix);

	out->version = 1;
	out->watches = talloc_array(mem_ctx, struct notify_listed, room);
	if (out->watches == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (; o != NULL; o = o->next) {
		for (uint32_t i = 0; i < o->num_places; i++) {
			const struct index_watch *w = o->places[i];

			if (w == NULL || out->count == room) {
				continue;
			}
			out->watches[out->count++] = (struct notify_listed){
				.owner = o->id,
				.id = w->id,
				.filter = w->filter,
				.tree = w->tree,
				.path = w->dir->path,
				.first_path = w->first_path,
			};
		}
	}
	return NT_STATUS_OK;
}

static void asked(struct messaging_context *m, struct message *msg,
		  void *private_data)
{
	struct notify_index *ix = private_data;
	TALLOC_CTX *mem_ctx = talloc_new(ix);
	struct notify_list list = {0};
	struct blob out = {0};
	NTSTATUS status = fill(mem_ctx, ix, &list);

	if (NT_STATUS_IS_OK(status)) {
		status = notify_list_push(mem_ctx, &list, &out);
	}
	status = messaging_reply(m, msg, status, out, NULL, 0);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_MSG, "an answer was not sent: %s",
			 ntstatus_name(status));
	}
	talloc_free(mem_ctx);
}

NTSTATUS notify_list_register(struct messaging_context *m,
			      struct notify_index *ix)
{
	struct messaging_handler *handler;

	return messaging_register(ix, m, MSG_NOTIFY_LIST, asked, ix, &handler);
}
