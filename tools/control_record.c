/* tools/control_record.c - show-record: one record as JSON, as it is stored
 * (idl/locking.idl). */
#include "tools/control.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "db/db.h"
#include "idl/ndr_print.h"
#include "locking/brlock.h"
#include "locking/client_store.h"
#include "locking/locking.h"
#include "locking/open_store.h"
#include "locking/session_store.h"
#include "locking/share_mode.h"
#include "locking/tree_store.h"
#include "messaging/messaging.h"
#include "tools/tool.h"

/* What is to be shown. */
struct show {
	struct control *c;
	struct locking *l;
	struct ndr_print *p;
	const char *key;
	struct guid guid;
	struct file_id file;
	bool found;
};

/* --- keys ----------------------------------------------------------------- */

bool control_is_path(struct control *c, const struct share_mode_info *info,
		     const char *text)
{
	/* The share's root has no name. */
	char *path = talloc_asprintf(c->ctx, "%s%s%s", info->tail.share_path,
				     *info->tail.name != '\0' ? "/" : "",
				     info->tail.name);
	bool is;

	if (path == NULL) {
		tool_die("no memory");
	}
	for (char *p = path; *p != '\0'; p++) {
		*p = *p == '\\' ? '/' : *p;
	}
	is = strcmp(path, text) == 0;
	talloc_free(path);
	return is;
}

static uint64_t number(const struct show *s)
{
	uint64_t n = control_number(s->key);

	if (n == 0) {
		tool_die("\"%s\" is no id", s->key);
	}
	return n;
}

static void parse_guid(struct show *s)
{
	if (!NT_STATUS_IS_OK(guid_parse(s->key, &s->guid))) {
		tool_die("\"%s\" is not a GUID", s->key);
	}
}

static bool on_named(const struct share_mode_info *info, void *private_data)
{
	struct show *s = private_data;

	s->found = control_is_path(s->c, info, s->key);
	if (s->found) {
		s->file = info->id;
	}
	return !s->found;
}

static void must(NTSTATUS status)
{
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("reading the databases: %s", tool_status_text(status));
	}
}

/* An id as smbstatus has it, or the path of a file that is open. */
static bool find_file(struct show *s)
{
	uint64_t device, inode, stream;
	int n = 0;

	if (sscanf(s->key, "%" SCNx64 ":%" SCNx64 ":%" SCNx64 "%n", &device,
		   &inode, &stream, &n) == 3 &&
	    s->key[n] == '\0') {
		s->file = (struct file_id){
			.device = device, .inode = inode, .stream = stream};
		return true;
	}
	must(share_mode_traverse(s->l->share_modes, on_named, s));
	return s->found;
}

/* --- records -------------------------------------------------------------- */

static NTSTATUS show_client(struct show *s)
{
	struct client_record r;
	NTSTATUS status;

	parse_guid(s);
	status = client_store_get(s->c->ctx, s->l->clients, &s->guid, &r);
	if (NT_STATUS_IS_OK(status)) {
		client_record_print(s->p, "client", &r);
	}
	return status;
}

static NTSTATUS show_session(struct show *s)
{
	struct session_record r;
	NTSTATUS status =
		session_store_get(s->c->ctx, s->l->sessions, number(s), &r);

	if (NT_STATUS_IS_OK(status)) {
		session_record_print(s->p, "session", &r);
	}
	return status;
}

static NTSTATUS show_tree(struct show *s)
{
	struct tree_record r;
	NTSTATUS status = tree_store_get(s->c->ctx, s->l->trees, number(s), &r);

	if (NT_STATUS_IS_OK(status)) {
		tree_record_print(s->p, "tree", &r);
	}
	return status;
}

static NTSTATUS show_open(struct show *s)
{
	struct open_record r;
	NTSTATUS status = open_store_get(s->c->ctx, s->l->opens, number(s), &r);

	if (NT_STATUS_IS_OK(status)) {
		open_record_print(s->p, "open", &r);
	}
	return status;
}

/* Who waits for the record of the file in db. */
struct watchers {
	struct show *s;
	const char *db;
	struct blob key;
};

static bool on_watched(const struct db_watched *w, void *private_data)
{
	const struct watchers *x = private_data;

	if (strcmp(w->db_name, x->db) != 0 || w->key.length != x->key.length ||
	    memcmp(w->key.data, x->key.data, x->key.length) != 0) {
		return true;
	}
	for (size_t i = 0; i < w->count; i++) {
		server_id_print(x->s->p, NULL, &w->watchers[i]);
	}
	return false;
}

static void print_watchers(struct show *s, const char *db)
{
	struct watchers x = {.s = s, .db = db};

	must(file_id_push(s->c->ctx, &s->file, &x.key));
	if (ndr_print_array_begin(s->p, "watchers")) {
		must(db_each_watched(s->l->db, on_watched, &x));
		ndr_print_array_end(s->p);
	}
}

static NTSTATUS show_share_mode(struct show *s)
{
	struct share_mode_info info;
	NTSTATUS status;

	if (!find_file(s)) {
		return NT_STATUS(NOT_FOUND);
	}
	status = share_mode_get(s->c->ctx, s->l->share_modes, &s->file, &info);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	file_id_print(s->p, "file", &info.id);
	share_mode_summary_print(s->p, "summary", &info.summary);
	share_mode_tail_print(s->p, "tail", &info.tail);
	if (ndr_print_array_begin(s->p, "entries")) {
		for (uint32_t i = 0; i < info.summary.num_entries; i++) {
			share_mode_entry_print(s->p, NULL, &info.entries[i]);
		}
		ndr_print_array_end(s->p);
	}
	if (ndr_print_array_begin(s->p, "grants")) {
		for (uint32_t i = 0; i < info.summary.num_grants; i++) {
			share_grant_print(s->p, NULL, &info.grants[i]);
		}
		ndr_print_array_end(s->p);
	}
	print_watchers(s, "share_mode.tdb");
	return NT_STATUS_OK;
}

/* Of whichever client. */
static bool on_lease(const struct guid *client, const struct guid *key,
		     const struct file_id *file, void *private_data)
{
	struct show *s = private_data;

	if (!guid_equal(key, &s->guid)) {
		return true;
	}
	s->found = true;
	if (ndr_print_begin(s->p, NULL)) {
		ndr_print_guid(s->p, "client", client);
		ndr_print_guid(s->p, "key", key);
		file_id_print(s->p, "file", file);
		ndr_print_end(s->p);
	}
	return true;
}

static NTSTATUS show_lease(struct show *s)
{
	parse_guid(s);
	if (ndr_print_array_begin(s->p, "leases")) {
		must(share_mode_each_lease(s->l->share_modes, on_lease, s));
		ndr_print_array_end(s->p);
	}
	return s->found ? NT_STATUS_OK : NT_STATUS(NOT_FOUND);
}

struct locks {
	struct show *s;
	bool waits;
};

static bool on_lock(const struct file_id *id, const struct brlock_entry *e,
		    bool waits, void *private_data)
{
	struct locks *x = private_data;

	if (file_id_equal(id, &x->s->file)) {
		x->s->found = true;
		if (waits == x->waits) {
			brlock_entry_print(x->s->p, NULL, e);
		}
	}
	return true;
}

static void print_locks(struct show *s, const char *name, bool waits)
{
	struct locks x = {.s = s, .waits = waits};

	if (ndr_print_array_begin(s->p, name)) {
		must(brlock_traverse(s->l->brlocks, on_lock, &x));
		ndr_print_array_end(s->p);
	}
}

static NTSTATUS show_brlock(struct show *s)
{
	if (!find_file(s)) {
		return NT_STATUS(NOT_FOUND);
	}
	s->found = false;
	file_id_print(s->p, "file", &s->file);
	print_locks(s, "locks", false);
	print_locks(s, "waiting", true);
	print_watchers(s, "brlock.tdb");
	return s->found ? NT_STATUS_OK : NT_STATUS(NOT_FOUND);
}

/* --- the command ---------------------------------------------------------- */

static const struct {
	const char *name;
	NTSTATUS (*show)(struct show *s);
} kinds[] = {
	{"client", show_client},
	{"session", show_session},
	{"tree", show_tree},
	{"open", show_open},
	{"share_mode", show_share_mode},
	{"lease", show_lease},
	{"brlock", show_brlock},
};

static void print_json(struct show *s)
{
	json_t *j = ndr_print_json_get(s->p);

	if (j == NULL) {
		tool_die("no memory");
	}
	json_dumpf(j, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	putchar('\n');
	json_decref(j);
}

int control_show_record(struct control *c, const char *const *args)
{
	struct show s = {.c = c};
	NTSTATUS status;
	size_t i = 0, n = sizeof(kinds) / sizeof(kinds[0]);

	if (args[0] == NULL || args[1] == NULL || args[2] != NULL) {
		tool_die("%s needs two arguments: DB KEY", c->command->name);
	}
	while (i < n && strcmp(kinds[i].name, args[0]) != 0) {
		i++;
	}
	if (i == n) {
		tool_die("\"%s\" is not client, session, tree, open, "
			 "share_mode, lease or brlock",
			 args[0]);
	}
	s.key = args[1];
	s.l = control_open_databases(c);
	s.p = ndr_print_json_create(c->ctx);
	if (s.p == NULL) {
		tool_die("no memory");
	}
	status = kinds[i].show(&s);
	if (NT_STATUS_IS(status, NOT_FOUND)) {
		tool_die("%s: no such record in %s.tdb", args[1], args[0]);
	}
	must(status);
	print_json(&s);
	return 0;
}
