/* tools/status_collect.c - the databases as a JSON tree. */
#include "tools/status.h"

#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <string.h>

#include "config.h"
#include "lib/guid.h"
#include "lib/nt.h"
#include "lib/nttime.h"
#include "locking/open_store.h"
#include "locking/session_store.h"
#include "locking/share_mode.h"
#include "locking/tree_store.h"
#include "messaging/messaging.h"

struct collector {
	struct locking *locking;
	const struct status_query *query;
	json_t *root;
	json_t *sessions;
	json_t *tcons;
	json_t *files;
};

static bool is_alive(const struct collector *c, const struct server_id *id)
{
	return server_id_exists(c->locking->messaging, id);
}

/* ISO 8601 with the local zone's offset; null for 0. */
static json_t *time_json(NTTIME t)
{
	time_t seconds = nttime_to_timespec(t).tv_sec;
	char text[64];
	struct tm tm;

	if (t == 0) {
		return json_null();
	}
	localtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S%z", &tm);
	return json_string(text);
}

static json_t *server_id_json(const struct server_id *id)
{
	char unique[24];
	char node[12];
	char pid[12];

	/* Strings, as Samba has them. */
	snprintf(unique, sizeof(unique), "%" PRIu64, (uint64_t)id->unique_id);
	snprintf(node, sizeof(node), "%" PRIu32, id->node);
	snprintf(pid, sizeof(pid), "%" PRIu32, id->pid);
	return json_pack("{s:s, s:s, s:s}", "node", node, "pid", pid,
			 "unique_id", unique);
}

static json_t *hex_json(uint64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%08" PRIx64, v);
	return json_string(text);
}

static json_t *decimal_json(uint64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, v);
	return json_string(text);
}

/* What a peer called itself need not be UTF-8. */
static json_t *text_json(const char *text)
{
	json_t *j = json_string(text == NULL ? "" : text);

	return j != NULL ? j : json_string("?");
}

static json_t *user_json(uid_t uid)
{
	struct passwd *pw = getpwuid(uid);

	return pw != NULL ? text_json(pw->pw_name) : decimal_json(uid);
}

static json_t *group_json(gid_t gid)
{
	struct group *gr = getgrgid(gid);

	return gr != NULL ? text_json(gr->gr_name) : decimal_json(gid);
}

static const char *dialect_name(uint16_t dialect)
{
	switch (dialect) {
	case 0x0202:
		return "SMB2_02";
	case 0x0210:
		return "SMB2_10";
	case 0x0300:
		return "SMB3_00";
	case 0x0302:
		return "SMB3_02";
	case 0x0311:
		return "SMB3_11";
	default:
		return "";
	}
}

/* [MS-SMB2] 2.2.3.1.2 */
static const char *cipher_name(uint16_t cipher)
{
	static const char *const names[] = {"-", "AES-128-CCM", "AES-128-GCM",
					    "AES-256-CCM", "AES-256-GCM"};

	return cipher < sizeof(names) / sizeof(names[0]) ? names[cipher] : "?";
}

/* [MS-SMB2] 2.2.3.1.7 */
static const char *signing_name(uint16_t algorithm)
{
	static const char *const names[] = {"HMAC-SHA256", "AES-128-CMAC",
					    "AES-128-GMAC"};

	return algorithm < sizeof(names) / sizeof(names[0]) ? names[algorithm]
							    : "?";
}

static json_t *protection_json(const char *cipher, bool full)
{
	return json_pack("{s:s, s:s}", "cipher", full ? cipher : "-", "degree",
			 full ? "full" : "none");
}

static json_t *session_protection(const struct session_record *s, json_t *to)
{
	bool encrypted = (s->flags & SESSION_ENCRYPTED) != 0;
	bool is_signed =
		(s->flags & (SESSION_SIGNED | SESSION_SIGNING_REQUIRED)) != 0;

	json_object_set_new(to, "encryption",
			    protection_json(cipher_name(s->cipher), encrypted));
	json_object_set_new(to, "signing",
			    protection_json(signing_name(s->signing_algorithm),
					    is_signed && !encrypted));
	return to;
}

static json_t *session_json(const struct session_record *s)
{
	char guid[GUID_STRING_SIZE];
	json_t *j = json_object();

	guid_format(&s->client_guid, guid);
	json_object_set_new(j, "session_id", decimal_json(s->id));
	json_object_set_new(j, "server_id", server_id_json(&s->owner));
	json_object_set_new(j, "uid", json_integer(s->uid));
	json_object_set_new(j, "gid", json_integer(s->gid));
	json_object_set_new(j, "username", text_json(s->account_name));
	json_object_set_new(j, "groupname", group_json(s->gid));
	json_object_set_new(j, "domain", text_json(s->domain_name));
	json_object_set_new(j, "remote_machine", text_json(s->client_name));
	json_object_set_new(j, "hostname", text_json(s->remote_address));
	json_object_set_new(j, "session_dialect",
			    json_string(dialect_name(s->dialect)));
	json_object_set_new(j, "client_guid", json_string(guid));
	json_object_set_new(j, "creation_time", time_json(s->created));
	json_object_set_new(j, "auth_time", time_json(s->authenticated));
	json_object_set_new(j, "expiration_time", time_json(s->expires));
	return session_protection(s, j);
}

/* Sets to[number] = value. */
static void set_by_id(json_t *to, uint64_t number, json_t *value)
{
	char key[24];

	snprintf(key, sizeof(key), "%" PRIu64, number);
	json_object_set_new(to, key, value);
}

static const json_t *get_by_id(const json_t *from, uint64_t number)
{
	char key[24];

	snprintf(key, sizeof(key), "%" PRIu64, number);
	return json_object_get(from, key);
}

static bool add_session(const struct session_record *rec, void *private_data)
{
	struct collector *c = private_data;
	bool wanted = c->query->user == NULL ||
		      (rec->account_name != NULL &&
		       strcmp(rec->account_name, c->query->user) == 0);

	if (wanted && is_alive(c, &rec->owner)) {
		set_by_id(c->sessions, rec->id, session_json(rec));
	}
	return true;
}

static bool add_tree(const struct tree_record *rec, void *private_data)
{
	struct collector *c = private_data;
	const json_t *session = get_by_id(c->sessions, rec->session_id);
	json_t *j;

	if (session == NULL || !is_alive(c, &rec->owner)) {
		return true;
	}
	j = json_object();
	json_object_set_new(j, "tcon_id", decimal_json(rec->id));
	json_object_set_new(j, "session_id", decimal_json(rec->session_id));
	json_object_set_new(j, "service", text_json(rec->share_name));
	json_object_set_new(j, "path", text_json(rec->share_path));
	json_object_set_new(j, "server_id", server_id_json(&rec->owner));
	json_object_set(j, "machine", json_object_get(session, "hostname"));
	json_object_set_new(j, "connected_at", time_json(rec->created));
	json_object_set_new(
		j, "encryption",
		protection_json("full", rec->flags & TREE_ENCRYPTED));
	set_by_id(c->tcons, rec->id, j);
	return true;
}

static json_t *share_json(uint32_t share)
{
	char text[4] = "";

	strcat(text, share & FILE_SHARE_READ ? "R" : "");
	strcat(text, share & FILE_SHARE_WRITE ? "W" : "");
	strcat(text, share & FILE_SHARE_DELETE ? "D" : "");
	return json_pack("{s:o, s:b, s:b, s:b, s:s}", "hex", hex_json(share),
			 "READ", (share & FILE_SHARE_READ) != 0, "WRITE",
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
	return json_pack("{s:o, s:s}", "hex", hex_json(access), "text", text);
}

static json_t *entry_json(const struct share_mode_entry *e)
{
	json_t *j = json_object();

	json_object_set_new(j, "server_id", server_id_json(&e->owner));
	json_object_set_new(j, "uid", json_integer(e->uid));
	json_object_set_new(j, "username", user_json(e->uid));
	json_object_set_new(j, "share_file_id", decimal_json(e->open_id));
	json_object_set_new(j, "sharemode", share_json(e->share));
	json_object_set_new(j, "access_mask", access_json(e->access));
	json_object_set_new(
		j, "delete_on_close",
		json_boolean((e->flags & SHARE_ENTRY_DELETE_ON_CLOSE) != 0));
	json_object_set_new(j, "opened_at", time_json(e->opened));
	return j;
}

/* The living openers of one file; NULL when there are none. */
static json_t *entries_json(const struct collector *c,
			    const struct share_mode_info *info)
{
	json_t *opens = json_object();

	for (uint32_t i = 0; i < info->summary.num_entries; i++) {
		const struct share_mode_entry *e = &info->entries[i];
		char key[48];

		if ((e->flags & SHARE_ENTRY_STREAM) != 0 ||
		    !is_alive(c, &e->owner)) {
			continue;
		}
		snprintf(key, sizeof(key), "%" PRIu32 "/%" PRIu64,
			 (uint32_t)e->owner.pid, (uint64_t)e->open_id);
		json_object_set_new(opens, key, entry_json(e));
	}
	if (json_object_size(opens) == 0) {
		json_decref(opens);
		return NULL;
	}
	return opens;
}

static bool add_file(const struct share_mode_info *info, void *private_data)
{
	struct collector *c = private_data;
	json_t *opens = entries_json(c, info);
	char key[80];
	json_t *j;

	if (opens == NULL) {
		return true;
	}
	snprintf(key, sizeof(key), "%" PRIx64 ":%" PRIx64 ":%" PRIx64,
		 (uint64_t)info->id.device, (uint64_t)info->id.inode,
		 (uint64_t)info->id.stream);
	j = json_object();
	json_object_set_new(j, "service_path",
			    text_json(info->tail.share_path));
	json_object_set_new(j, "filename", text_json(info->tail.name));
	json_object_set_new(j, "fileid",
			    json_pack("{s:I, s:I, s:I}", "devid",
				      (json_int_t)info->id.device, "inode",
				      (json_int_t)info->id.inode, "extid",
				      (json_int_t)info->id.stream));
	json_object_set_new(j, "delete_pending",
			    json_boolean((info->summary.flags &
					  SHARE_MODE_DELETE_PENDING) != 0));
	json_object_set_new(j, "opens", opens);
	json_object_set_new(c->files, key, j);
	return true;
}

static NTSTATUS collect(struct collector *c)
{
	NTSTATUS status;

	/* Trees need their sessions: always read. */
	status = session_store_traverse(c->locking->sessions, add_session, c);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = tree_store_traverse(c->locking->trees, add_tree, c);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return share_mode_traverse(c->locking->share_modes, add_file, c);
}

/* Hangs the part that was asked for into the tree, or forgets it. */
static void attach(struct collector *c, enum status_parts part,
		   const char *name, json_t *value)
{
	if (c->query->parts & part) {
		json_object_set(c->root, name, value);
	}
	json_decref(value);
}

NTSTATUS status_collect(const struct conf *conf, struct locking *l,
			const struct status_query *query, json_t **out)
{
	struct collector c = {.locking = l,
			      .query = query,
			      .root = json_object(),
			      .sessions = json_object(),
			      .tcons = json_object(),
			      .files = json_object()};
	NTSTATUS status = collect(&c);

	json_object_set_new(c.root, "timestamp", time_json(nttime_now()));
	json_object_set_new(c.root, "version", json_string(PACKAGE_VERSION));
	json_object_set_new(c.root, "smb_conf", text_json(conf_path(conf)));
	attach(&c, STATUS_SESSIONS, "sessions", c.sessions);
	attach(&c, STATUS_TREES, "tcons", c.tcons);
	attach(&c, STATUS_FILES, "open_files", c.files);
	if (!NT_STATUS_IS_OK(status)) {
		json_decref(c.root);
		return status;
	}
	*out = c.root;
	return NT_STATUS_OK;
}
