/* tools/control_opens.c - break-lease and drop-open: asked of the processes
 * whose opens they are. */
#include "tools/control.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/guid.h"
#include "locking/grant_rules.h"
#include "locking/locking.h"
#include "locking/open_store.h"
#include "locking/share_mode.h"
#include "messaging/messaging.h"
#include "tools/tool.h"

/* --- asking --------------------------------------------------------------- */

struct exchange {
	NTSTATUS status;
	bool done;
};

static void answered(struct tevent_req *req)
{
	struct exchange *x = tevent_req_callback_data_void(req);

	x->status = messaging_request_recv(req, NULL, NULL);
	x->done = true;
}

static NTSTATUS ask(struct control *c, const struct server_id *to,
		    uint32_t type, struct blob payload)
{
	struct timeval timeout = {.tv_sec = c->options->timeout};
	struct exchange x = {0};
	struct tevent_req *req = messaging_request_send(c->ctx, c->m, to, type,
							payload, timeout);

	if (req == NULL) {
		tool_die("no memory");
	}
	tevent_req_set_callback(req, answered, &x);
	while (!x.done) {
		if (tevent_loop_once(c->ev) != 0) {
			tool_die("the event loop failed");
		}
	}
	return x.status;
}

uint64_t control_number(const char *text)
{
	bool hex = text[0] == '0' && text[1] == 'x' && text[2] != '\0';
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, hex ? 16 : 10);
	return *text < '0' || *text > '9' || *end != '\0' || errno != 0 ? 0 : n;
}

/* --- drop-open ------------------------------------------------------------ */

int control_drop_open(struct control *c, const char *const *args)
{
	struct locking *l = control_open_databases(c);
	struct message_open m;
	struct open_record rec;
	struct blob payload;
	NTSTATUS status;

	if (args[0] == NULL || args[1] != NULL) {
		tool_die("%s needs an argument: OPEN", c->command->name);
	}
	m.open_id = control_number(args[0]);
	if (m.open_id == 0) {
		tool_die("\"%s\" is no open's number", args[0]);
	}
	status = open_store_get(c->ctx, l->opens, m.open_id, &rec);
	if (NT_STATUS_IS_OK(status)) {
		status = message_open_push(c->ctx, &m, &payload);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = ask(c, &rec.owner, MSG_OPEN_DROP, payload);
	}
	if (NT_STATUS_IS(status, NOT_FOUND)) {
		tool_die("open %s: there is no such open", args[0]);
	}
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("open %s: %s", args[0], tool_status_text(status));
	}
	printf("open %s of process %" PRIu32 " is closed\n", args[0],
	       (uint32_t)rec.owner.pid);
	return 0;
}

/* --- break-lease: which --------------------------------------------------- */

/* An open with a grant that is meant; one of each grant. */
struct holder {
	uint64_t open_id;
	struct server_id owner;
	uint8_t state;
	bool lease;
	struct guid key;
};

struct choice {
	struct control *c;
	const char *text;
	uint64_t open_id; /* 0: it is no number */
	bool is_guid;
	struct guid key;
	struct holder *holders;
	size_t count;
};

static bool is_meant(const struct choice *x, const struct share_mode_info *info,
		     const struct share_mode_entry *e,
		     const struct share_grant *g)
{
	if (x->open_id != 0) {
		return e->open_id == x->open_id;
	}
	if (x->is_guid) {
		return (g->flags & GRANT_LEASE) != 0 &&
		       guid_equal(&g->key, &x->key);
	}
	return control_is_path(x->c, info, x->text);
}

/* An open that has the grant, and is meant, and whose process lives. */
static const struct share_mode_entry *pick(const struct choice *x,
					   const struct share_mode_info *info,
					   const struct share_grant *g)
{
	for (uint32_t i = 0; i < info->summary.num_entries; i++) {
		const struct share_mode_entry *e = &info->entries[i];

		if (e->grant == g->id && is_meant(x, info, e, g) &&
		    server_id_exists(x->c->m, &e->owner)) {
			return e;
		}
	}
	return NULL;
}

static bool on_file(const struct share_mode_info *info, void *private_data)
{
	struct choice *x = private_data;

	for (uint32_t i = 0; i < info->summary.num_grants; i++) {
		const struct share_grant *g = &info->grants[i];
		const struct share_mode_entry *e = pick(x, info, g);

		if (e == NULL) {
			continue;
		}
		x->holders = talloc_realloc(x->c->ctx, x->holders,
					    struct holder, x->count + 1);
		if (x->holders == NULL) {
			tool_die("no memory");
		}
		x->holders[x->count++] = (struct holder){
			.open_id = e->open_id,
			.owner = e->owner,
			.state = g->state,
			.lease = (g->flags & GRANT_LEASE) != 0,
			.key = g->key,
		};
	}
	return true;
}

/* --- break-lease: to what ------------------------------------------------- */

static uint8_t parse_state(const char *text)
{
	uint8_t state = 0;

	if (text == NULL || strcasecmp(text, "none") == 0) {
		return 0;
	}
	for (const char *p = text; *p != '\0'; p++) {
		switch (*p) {
		case 'R':
		case 'r':
			state |= GRANT_READ;
			break;
		case 'W':
		case 'w':
			state |= GRANT_WRITE;
			break;
		case 'H':
		case 'h':
			state |= GRANT_HANDLE;
			break;
		default:
			tool_die("\"%s\" is not none, R, RH or RW", text);
		}
	}
	return state;
}

static const char *state_text(uint8_t state, char out[8])
{
	snprintf(out, 8, "%s%s%s", (state & GRANT_READ) != 0 ? "R" : "",
		 (state & GRANT_WRITE) != 0 ? "W" : "",
		 (state & GRANT_HANDLE) != 0 ? "H" : "");
	return *out != '\0' ? out : "none";
}

static const char *refusal(NTSTATUS status)
{
	if (NT_STATUS_IS(status, INVALID_PARAMETER)) {
		return "it cannot be broken to that";
	}
	return NT_STATUS_IS(status, NOT_FOUND) ? "it is gone"
					       : tool_status_text(status);
}

static bool break_one(struct control *c, const struct holder *h, uint8_t state)
{
	const struct message_open_break m = {.open_id = h->open_id,
					     .state = state};
	char name[GUID_STRING_SIZE + 16], from[8], to[8];
	struct blob payload;
	NTSTATUS status = message_open_break_push(c->ctx, &m, &payload);

	if (h->lease) {
		strcpy(name, "lease ");
		guid_format(&h->key, name + strlen(name));
	} else {
		snprintf(name, sizeof(name), "oplock of open %" PRIu64,
			 h->open_id);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = ask(c, &h->owner, MSG_OPEN_BREAK, payload);
	}
	if (!NT_STATUS_IS_OK(status)) {
		fprintf(stderr, "%s: %s: %s\n", tool_name, name,
			refusal(status));
		return false;
	}
	printf("%s of process %" PRIu32 ": %s to %s\n", name,
	       (uint32_t)h->owner.pid, state_text(h->state, from),
	       state_text(state, to));
	return true;
}

int control_break_lease(struct control *c, const char *const *args)
{
	struct locking *l = control_open_databases(c);
	struct choice x = {.c = c, .text = args[0]};
	NTSTATUS status;
	bool good = true;
	uint8_t state;

	if (args[0] == NULL || (args[1] != NULL && args[2] != NULL)) {
		tool_die("%s needs arguments: KEY|OPEN|PATH [STATE]",
			 c->command->name);
	}
	x.open_id = control_number(args[0]);
	x.is_guid = NT_STATUS_IS_OK(guid_parse(args[0], &x.key));
	state = parse_state(args[1]);
	status = share_mode_traverse(l->share_modes, on_file, &x);
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("reading the databases: %s", tool_status_text(status));
	}
	if (x.count == 0) {
		tool_die("%s: no lease or oplock", args[0]);
	}
	for (size_t i = 0; i < x.count; i++) {
		good = break_one(c, &x.holders[i], state) && good;
	}
	return good ? 0 : 1;
}
