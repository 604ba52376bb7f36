/* locking/state_read.c - reads all databases; see state.h. */
#include "locking/state_int.h"

#include <string.h>

#include "lib/wire.h"
#include "locking/client_store.h"
#include "locking/locking.h"
#include "locking/open_store.h"
#include "locking/record_store.h"
#include "locking/session_store.h"
#include "locking/share_mode.h"
#include "locking/tree_store.h"

#define OPLOCK_LEVEL_LEASE 0xFF /* [MS-SMB2] 2.2.13 */

static void add(struct state *s, struct state_list *list, const void *item)
{
	if (!NT_STATUS_IS_OK(state_list_add(s, list, item))) {
		s->failed = NT_STATUS(NO_MEMORY);
	}
}

static void unreadable(struct state *s, const char *db, struct blob key)
{
	char text[STATE_KEY_SIZE];

	state_fault(s, "%s: record %s cannot be read", db,
		    state_key_text(key, text));
}

/* A record that lies under another id than its own. */
static void check_key(struct state *s, const char *db, struct blob key,
		      uint64_t id)
{
	uint8_t buf[RECORD_ID_SIZE];
	struct blob want = record_id_key(id, buf);
	char text[STATE_KEY_SIZE];

	if (key.length != want.length ||
	    memcmp(key.data, want.data, want.length) != 0) {
		state_fault(s, "%s: record %s is not under its own id", db,
			    state_key_text(key, text));
	}
}

static bool on_client(struct blob key, const void *rec, void *private_data)
{
	const struct client_record *r = rec;
	struct state *s = private_data;
	char guid[GUID_STRING_SIZE];
	struct known_client one;

	if (r == NULL) {
		unreadable(s, "client.tdb", key);
		return true;
	}
	if (key.length != sizeof(r->client_guid.bytes) ||
	    memcmp(key.data, r->client_guid.bytes, key.length) != 0) {
		guid_format(&r->client_guid, guid);
		state_fault(s, "client %s is not under its own id", guid);
	}
	one = state_client(&r->client_guid, &r->owner);
	add(s, &s->clients, &one);
	return true;
}

static bool on_session(struct blob key, const void *rec, void *private_data)
{
	const struct session_record *r = rec;
	struct state *s = private_data;
	struct known_session one;

	if (r == NULL) {
		unreadable(s, "session.tdb", key);
		return true;
	}
	check_key(s, "session.tdb", key, r->id);
	one = (struct known_session){.id = r->id, .owner = r->owner};
	add(s, &s->sessions, &one);
	return true;
}

static bool on_tree(struct blob key, const void *rec, void *private_data)
{
	const struct tree_record *r = rec;
	struct state *s = private_data;
	struct known_tree one;

	if (r == NULL) {
		unreadable(s, "tree.tdb", key);
		return true;
	}
	check_key(s, "tree.tdb", key, r->id);
	one = (struct known_tree){
		.id = r->id, .owner = r->owner, .session_id = r->session_id};
	add(s, &s->trees, &one);
	return true;
}

static bool on_open(struct blob key, const void *rec, void *private_data)
{
	const struct open_record *r = rec;
	struct state *s = private_data;
	struct known_open one;

	if (r == NULL) {
		unreadable(s, "open.tdb", key);
		return true;
	}
	check_key(s, "open.tdb", key, r->id);
	one = (struct known_open){
		.id = r->id,
		.owner = r->owner,
		.session_id = r->session_id,
		.tree_id = r->tree_id,
		.file = r->file,
		.access = r->granted_access,
		.disconnected = r->disconnected != 0,
		.leased = r->oplock_level == OPLOCK_LEVEL_LEASE,
		.client = r->client_guid,
	};
	memcpy(one.lease_key.bytes, r->lease_key, sizeof(r->lease_key));
	add(s, &s->opens, &one);
	return true;
}

static void note_lease(const struct share_mode_info *info, uint64_t grant,
		       struct known_entry *out)
{
	for (uint32_t i = 0; i < info->summary.num_grants; i++) {
		const struct share_grant *g = &info->grants[i];

		if (grant != 0 && g->id == grant) {
			out->leased = (g->flags & GRANT_LEASE) != 0;
			out->client = g->client;
			out->lease_key = g->key;
			return;
		}
	}
}

static bool on_file(const struct share_mode_info *info, void *private_data)
{
	struct state *s = private_data;

	for (uint32_t i = 0; i < info->summary.num_entries; i++) {
		const struct share_mode_entry *e = &info->entries[i];
		struct known_entry one = {
			.open_id = e->open_id,
			.owner = e->owner,
			.file = info->id,
			.access = e->access,
			.mark = (e->flags & SHARE_ENTRY_STREAM) != 0,
		};

		note_lease(info, e->grant, &one);
		add(s, one.mark ? &s->marks : &s->entries, &one);
	}
	return true;
}

static NTSTATUS read_records(struct state *s)
{
	const struct {
		struct record_store *records;
		record_look_fn fn;
	} all[] = {
		{client_store_records(s->l->clients), on_client},
		{session_store_records(s->l->sessions), on_session},
		{tree_store_records(s->l->trees), on_tree},
		{open_store_records(s->l->opens), on_open},
	};
	NTSTATUS status = NT_STATUS_OK;

	for (size_t i = 0;
	     i < sizeof(all) / sizeof(all[0]) && NT_STATUS_IS_OK(status); i++) {
		status = record_store_look(all[i].records, all[i].fn, s);
	}
	return status;
}

static NTSTATUS read_files(struct state *s)
{
	NTSTATUS status = share_mode_traverse(s->l->share_modes, on_file, s);

	if (NT_STATUS_IS_OK(status)) {
		status = state_verify_brlocks(s);
	}
	return NT_STATUS_IS_OK(status) ? state_verify_share_modes(s) : status;
}

static struct state *create(TALLOC_CTX *mem_ctx, struct locking *l)
{
	struct state *s = talloc_zero(mem_ctx, struct state);

	if (s != NULL) {
		s->l = l;
		s->processes.size = sizeof(struct known_process);
		s->clients.size = sizeof(struct known_client);
		s->said_clients.size = sizeof(struct known_client);
		s->sessions.size = sizeof(struct known_session);
		s->trees.size = sizeof(struct known_tree);
		s->opens.size = sizeof(struct known_open);
		s->entries.size = sizeof(struct known_entry);
		s->marks.size = sizeof(struct known_entry);
		s->locks.size = sizeof(struct known_lock);
		s->said_sessions.size = sizeof(struct said_session);
		s->said_trees.size = sizeof(struct said_tree);
		s->said_watches.size = sizeof(struct known_watch);
		s->said_opens.size = sizeof(struct said_open);
	}
	return s;
}

NTSTATUS state_read(TALLOC_CTX *mem_ctx, struct locking *l, struct state **out)
{
	struct state *s = create(mem_ctx, l);
	NTSTATUS status = s == NULL ? NT_STATUS(NO_MEMORY) : read_records(s);

	if (NT_STATUS_IS_OK(status)) {
		status = read_files(s);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = state_verify_watched(s);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = s->failed;
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(s);
		return status;
	}
	state_list_sort(&s->clients);
	state_list_sort(&s->sessions);
	state_list_sort(&s->trees);
	state_list_sort(&s->opens);
	state_list_sort(&s->entries);
	state_list_sort(&s->marks);
	*out = s;
	return NT_STATUS_OK;
}
