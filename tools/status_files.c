/* tools/status_files.c - opens, and what they may cache. */
#include "tools/status_int.h"

#include <inttypes.h>
#include <string.h>

#include "lib/guid.h"
#include "lib/nt.h"
#include "locking/share_grant.h"
#include "locking/share_mode.h"

/* --- what is cached ------------------------------------------------------- */

static const char *state_text(uint8_t state, char out[4])
{
	snprintf(out, 4, "%s%s%s", state & GRANT_READ ? "R" : "",
		 state & GRANT_WRITE ? "W" : "",
		 state & GRANT_HANDLE ? "H" : "");
	return out;
}

static json_t *state_json(uint8_t state)
{
	char text[4];

	return json_pack(
		"{s:o, s:b, s:b, s:b, s:s}", "hex", status_hex_json(state),
		"READ", (state & GRANT_READ) != 0, "WRITE",
		(state & GRANT_WRITE) != 0, "HANDLE",
		(state & GRANT_HANDLE) != 0, "text", state_text(state, text));
}

/* The grant that an open caches by; NULL: it has none. */
static const struct share_grant *grant_of(const struct share_mode_info *info,
					  const struct share_mode_entry *e)
{
	for (uint32_t i = 0; i < info->summary.num_grants; i++) {
		if (e->grant != 0 && info->grants[i].id == e->grant) {
			return &info->grants[i];
		}
	}
	return NULL;
}

static bool is_lease(const struct share_grant *g)
{
	return g != NULL && (g->flags & GRANT_LEASE) != 0;
}

/* Empty without one, as Samba has it. */
static json_t *oplock_json(const struct share_grant *g)
{
	bool lease = is_lease(g);
	bool batch, exclusive, two;

	if (g == NULL) {
		return json_object();
	}
	batch = !lease && (g->state & GRANT_HANDLE) != 0;
	exclusive = !lease && !batch && (g->state & GRANT_WRITE) != 0;
	two = !lease && !batch && !exclusive && g->state != 0;
	return json_pack("{s:b, s:b, s:b, s:b, s:s}", "EXCLUSIVE", exclusive,
			 "BATCH", batch, "LEVEL_II", two, "LEASE", lease,
			 "text",
			 lease	     ? "LEASE"
			 : batch     ? "BATCH"
			 : exclusive ? "EXCLUSIVE"
			 : two	     ? "LEVEL_II"
				     : "NONE");
}

static json_t *lease_json(const struct share_grant *g)
{
	char key[GUID_STRING_SIZE], client[GUID_STRING_SIZE];
	json_t *j;

	if (!is_lease(g)) {
		return json_object();
	}
	guid_format(&g->key, key);
	guid_format(&g->client, client);
	j = state_json(g->state);
	json_object_set_new(j, "lease_key", json_string(key));
	json_object_set_new(j, "client_guid", json_string(client));
	json_object_set_new(
		j, "version",
		json_integer((g->flags & GRANT_LEASE_V2) != 0 ? 2 : 1));
	json_object_set_new(j, "epoch", json_integer(g->epoch));
	guid_format(&g->parent_key, key);
	json_object_set_new(j, "parent_lease_key",
			    guid_is_zero(&g->parent_key) ? json_null()
							 : json_string(key));
	return j;
}

/* What its holder was asked, and has not answered yet; null: nothing. */
static json_t *break_json(const struct share_grant *g)
{
	NTTIME now = nttime_monotonic();
	int64_t left;
	json_t *j;

	if (g == NULL || (g->flags & GRANT_BREAKING) == 0) {
		return json_null();
	}
	left = (int64_t)(g->deadline - now);
	j = json_object();
	json_object_set_new(j, "to", state_json(g->break_to));
	json_object_set_new(j, "required", state_json(g->required));
	json_object_set_new(
		j, "deadline",
		status_time_json((NTTIME)((int64_t)nttime_now() + left)));
	json_object_set_new(j, "seconds_left",
			    json_real((double)left / (double)NTTIME_SECOND));
	return j;
}

static void add_caching(json_t *to, const struct share_grant *g)
{
	json_object_set_new(to, "caching",
			    state_json(g == NULL ? 0 : g->state));
	json_object_set_new(to, "oplock", oplock_json(g));
	json_object_set_new(to, "lease", lease_json(g));
	json_object_set_new(to, "break", break_json(g));
}

/* --- opens ---------------------------------------------------------------- */

static json_t *share_json(uint32_t share)
{
	char text[4] = "";

	strcat(text, share & FILE_SHARE_READ ? "R" : "");
	strcat(text, share & FILE_SHARE_WRITE ? "W" : "");
	strcat(text, share & FILE_SHARE_DELETE ? "D" : "");
	return json_pack("{s:o, s:b, s:b, s:b, s:s}", "hex",
			 status_hex_json(share), "READ",
			 (share & FILE_SHARE_READ) != 0, "WRITE",
			 (share & FILE_SHARE_WRITE) != 0, "DELETE",
			 (share & FILE_SHARE_DELETE) != 0, "text", text);
}

static json_t *access_json(uint32_t access)
{
	bool reads = (access & (FILE_READ_DATA | FILE_EXECUTE)) != 0;
	bool writes = (access & (FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0;
	char text[3] = "";

	strcat(text, reads ? "R" : "");
	strcat(text, writes ? "W" : "");
	return json_pack("{s:o, s:s}", "hex", status_hex_json(access), "text",
			 text);
}

static json_t *entry_json(const struct share_mode_info *info,
			  const struct share_mode_entry *e)
{
	json_t *j = json_object();

	json_object_set_new(j, "server_id", status_server_id_json(&e->owner));
	json_object_set_new(j, "uid", json_integer(e->uid));
	json_object_set_new(j, "username", status_user_json(e->uid));
	json_object_set_new(j, "share_file_id",
			    status_decimal_json(e->open_id));
	json_object_set_new(j, "sharemode", share_json(e->share));
	json_object_set_new(j, "access_mask", access_json(e->access));
	json_object_set_new(
		j, "delete_on_close",
		json_boolean((e->flags & SHARE_ENTRY_DELETE_ON_CLOSE) != 0));
	add_caching(j, grant_of(info, e));
	json_object_set_new(j, "opened_at", status_time_json(e->opened));
	return j;
}

/* The living openers of one file; NULL when there are none. */
static json_t *entries_json(struct collector *c,
			    const struct share_mode_info *info)
{
	json_t *opens = json_object();

	for (uint32_t i = 0; i < info->summary.num_entries; i++) {
		const struct share_mode_entry *e = &info->entries[i];
		char key[48];

		if ((e->flags & SHARE_ENTRY_STREAM) != 0 ||
		    !status_is_alive(c, &e->owner)) {
			continue;
		}
		snprintf(key, sizeof(key), "%" PRIu32 "/%" PRIu64,
			 (uint32_t)e->owner.pid, (uint64_t)e->open_id);
		json_object_set_new(opens, key, entry_json(info, e));
	}
	if (json_object_size(opens) == 0) {
		json_decref(opens);
		return NULL;
	}
	return opens;
}

bool status_add_file(const struct share_mode_info *info, void *private_data)
{
	struct collector *c = private_data;
	json_t *opens = entries_json(c, info);
	char key[STATUS_FILE_KEY_SIZE];
	json_t *j;

	if (opens == NULL) {
		return true;
	}
	status_file_key(&info->id, key);
	j = json_object();
	json_object_set_new(j, "service_path",
			    status_text_json(info->tail.share_path));
	json_object_set_new(j, "filename", status_text_json(info->tail.name));
	json_object_set_new(j, "fileid", status_file_id_json(&info->id));
	json_object_set_new(j, "delete_pending",
			    json_boolean((info->summary.flags &
					  SHARE_MODE_DELETE_PENDING) != 0));
	json_object_set_new(j, "opens", opens);
	json_object_set_new(c->files, key, j);
	return true;
}
