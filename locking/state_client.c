/* locking/state_client.c - clients, and the processes that serve them. */
#include "locking/state_int.h"

#include <string.h>

struct known_client state_client(const struct guid *guid,
				 const struct server_id *owner)
{
	struct known_client c = {.guid = *guid, .owner = *owner};

	memcpy(&c.half, guid->bytes, sizeof(c.half));
	return c;
}

/* The same client of the same process. */
static bool has(const struct state_list *list, const struct known_client *c)
{
	const struct known_client *k = state_list_find(list, c->half);
	const struct known_client *end = state_list_at(list, list->count);

	for (; k != NULL && k < end && k->half == c->half; k++) {
		if (guid_equal(&k->guid, &c->guid) &&
		    server_id_equal(&k->owner, &c->owner)) {
			return true;
		}
	}
	return false;
}

static void fault_client(struct state *s, const struct known_client *c,
			 const char *text)
{
	char guid[GUID_STRING_SIZE], who[SERVER_ID_STRING_SIZE];

	guid_format(&c->guid, guid);
	server_id_format(&c->owner, who);
	state_fault(s, "client %s of process %s %s", guid, who, text);
}

void state_compare_clients(struct state *s)
{
	for (size_t i = 0; i < s->clients.count; i++) {
		const struct known_client *c = state_list_at(&s->clients, i);
		const struct known_process *p = state_process(s, &c->owner);

		if (!p->alive) {
			fault_client(s, c, "has a record; the process is dead");
		} else if (p->answered && !has(&s->said_clients, c)) {
			fault_client(s, c, "is not known to the process");
		}
	}
	for (size_t i = 0; i < s->said_clients.count; i++) {
		const struct known_client *c =
			state_list_at(&s->said_clients, i);

		if (!has(&s->clients, c)) {
			fault_client(s, c, "has no record");
		}
	}
}
