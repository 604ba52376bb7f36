/* tools/status_collect.c - the databases as a JSON tree. */
#include "tools/status_int.h"

#include <inttypes.h>
#include <string.h>

#include "config.h"
#include "lib/guid.h"
#include "locking/session_store.h"
#include "locking/share_mode.h"
#include "locking/tree_store.h"
#include "messaging/messaging.h"

bool status_is_alive(struct collector *c, const struct server_id *id)
{
	if (!server_id_equal(id, &c->looked_at)) {
		c->looked_at = *id;
		c->lives = server_id_exists(c->locking->messaging, id);
	}
	return c->lives;
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

static json_t *channels_json(const struct session_record *s)
{
	json_t *all = json_array();

	for (uint32_t i = 0; i < s->num_channels; i++) {
		const struct session_channel *c = &s->channels[i];
		json_t *j = json_object();

		json_object_set_new(j, "remote_address",
				    status_text_json(c->remote_address));
		json_object_set_new(j, "local_address",
				    status_text_json(c->local_address));
		json_object_set_new(j, "creation_time",
				    status_time_json(c->created));
		json_array_append_new(all, j);
	}
	return all;
}

static json_t *session_json(const struct session_record *s)
{
	char guid[GUID_STRING_SIZE];
	json_t *j = json_object();

	guid_format(&s->client_guid, guid);
	json_object_set_new(j, "session_id", status_decimal_json(s->id));
	json_object_set_new(j, "server_id", status_server_id_json(&s->owner));
	json_object_set_new(j, "uid", json_integer(s->uid));
	json_object_set_new(j, "gid", json_integer(s->gid));
	json_object_set_new(j, "username", status_text_json(s->account_name));
	json_object_set_new(j, "groupname", status_group_json(s->gid));
	json_object_set_new(j, "domain", status_text_json(s->domain_name));
	json_object_set_new(j, "remote_machine",
			    status_text_json(s->client_name));
	json_object_set_new(j, "hostname", status_text_json(s->remote_address));
	json_object_set_new(j, "session_dialect",
			    json_string(dialect_name(s->dialect)));
	json_object_set_new(j, "client_guid", json_string(guid));
	json_object_set_new(j, "creation_time", status_time_json(s->created));
	json_object_set_new(j, "auth_time", status_time_json(s->authenticated));
	json_object_set_new(j, "expiration_time", status_time_json(s->expires));
	json_object_set_new(j, "channels", channels_json(s));
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

	if (wanted && status_is_alive(c, &rec->owner)) {
		set_by_id(c->sessions, rec->id, session_json(rec));
	}
	return true;
}

static bool add_tree(const struct tree_record *rec, void *private_data)
{
	struct collector *c = private_data;
	const json_t *session = get_by_id(c->sessions, rec->session_id);
	json_t *j;

	if (session == NULL || !status_is_alive(c, &rec->owner)) {
		return true;
	}
	j = json_object();
	json_object_set_new(j, "tcon_id", status_decimal_json(rec->id));
	json_object_set_new(j, "session_id",
			    status_decimal_json(rec->session_id));
	json_object_set_new(j, "service", status_text_json(rec->share_name));
	json_object_set_new(j, "path", status_text_json(rec->share_path));
	json_object_set_new(j, "server_id", status_server_id_json(&rec->owner));
	json_object_set(j, "machine", json_object_get(session, "hostname"));
	json_object_set_new(j, "connected_at", status_time_json(rec->created));
	json_object_set_new(
		j, "encryption",
		protection_json("full", rec->flags & TREE_ENCRYPTED));
	set_by_id(c->tcons, rec->id, j);
	return true;
}

static NTSTATUS collect(struct collector *c, const char *lock_dir)
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
	status = share_mode_traverse(c->locking->share_modes, status_add_file,
				     c);
	if (NT_STATUS_IS_OK(status) && (c->query->parts & STATUS_LOCKS) != 0) {
		status = status_add_locks(c);
	}
	if (NT_STATUS_IS_OK(status) &&
	    (c->query->parts & STATUS_NOTIFIES) != 0) {
		status = status_add_notifies(c, lock_dir);
	}
	if (NT_STATUS_IS_OK(status) &&
	    (c->query->parts & STATUS_WAITING) != 0) {
		status = status_add_waiting(c);
	}
	return status;
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
			      .files = json_object(),
			      .locks = json_object(),
			      .notifies = json_object(),
			      .waiting = json_array()};
	NTSTATUS status = collect(&c, conf_global(conf)->lock_dir);

	json_object_set_new(c.root, "timestamp",
			    status_time_json(nttime_now()));
	json_object_set_new(c.root, "version", json_string(PACKAGE_VERSION));
	json_object_set_new(c.root, "smb_conf",
			    status_text_json(conf_path(conf)));
	attach(&c, STATUS_SESSIONS, "sessions", c.sessions);
	attach(&c, STATUS_TREES, "tcons", c.tcons);
	attach(&c, STATUS_FILES, "open_files", c.files);
	attach(&c, STATUS_LOCKS, "byte_range_locks", c.locks);
	attach(&c, STATUS_NOTIFIES, "notifies", c.notifies);
	attach(&c, STATUS_WAITING, "waiting", c.waiting);
	if (!NT_STATUS_IS_OK(status)) {
		json_decref(c.root);
		return status;
	}
	*out = c.root;
	return NT_STATUS_OK;
}
