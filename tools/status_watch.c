/* tools/status_watch.c - who waits: for changes of a directory, and for a
 * record to change. */
#include "tools/status_int.h"

#include <inttypes.h>
#include <string.h>

#include "db/db.h"
#include "locking/notify_board.h"
#include "messaging/messaging.h"
#include "tools/watches.h"

#define PATIENCE 10 /* seconds */

/* --- CHANGE_NOTIFY -------------------------------------------------------- */

static json_t *watch_json(const struct notify_listed *w)
{
	json_t *j = json_object();

	json_object_set_new(j, "server_id", status_server_id_json(&w->owner));
	json_object_set_new(j, "path", status_text_json(w->path));
	json_object_set_new(j, "filter", json_integer(w->filter));
	json_object_set_new(j, "subdir_filter",
			    json_integer(w->tree ? w->filter : 0));
	return j;
}

NTSTATUS status_add_notifies(struct collector *c, const char *lock_dir)
{
	struct timeval timeout = {.tv_sec = PATIENCE};
	TALLOC_CTX *mem_ctx = talloc_new(c->locking);
	struct notify_board *board;
	struct notify_list list;
	NTSTATUS status = watches_get(mem_ctx, c->locking->messaging, lock_dir,
				      timeout, &board, &list);

	for (uint32_t i = 0; NT_STATUS_IS_OK(status) && i < list.count; i++) {
		const struct notify_listed *w = &list.watches[i];
		char key[64];

		snprintf(key, sizeof(key), "%" PRIu32 "/%" PRIx64,
			 (uint32_t)w->owner.pid, (uint64_t)w->id);
		json_object_set_new(c->notifies, key, watch_json(w));
	}
	talloc_free(mem_ctx);
	return NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND) ? NT_STATUS_OK
							   : status;
}

/* --- records -------------------------------------------------------------- */

/* The file of a record, when it is one's. */
static json_t *name_of(const struct collector *c, const struct db_watched *w)
{
	char key[STATUS_FILE_KEY_SIZE];
	struct file_id id;

	if (w->key.length != file_id_FIXED_SIZE ||
	    !NT_STATUS_IS_OK(file_id_pull(NULL, w->key, &id))) {
		return json_null();
	}
	status_file_key(&id, key);
	return status_text_json(json_string_value(
		json_object_get(json_object_get(c->files, key), "filename")));
}

static json_t *key_json(const struct db_watched *w)
{
	char text[2 * 64 + 1] = "";

	for (size_t i = 0; i < w->key.length && i < 64; i++) {
		snprintf(text + 2 * i, 3, "%02x", w->key.data[i]);
	}
	return json_string(text);
}

static bool add_watched(const struct db_watched *w, void *private_data)
{
	struct collector *c = private_data;

	for (size_t i = 0; i < w->count; i++) {
		json_t *j;

		if (!status_is_alive(c, &w->watchers[i])) {
			continue;
		}
		j = json_object();
		json_object_set_new(j, "server_id",
				    status_server_id_json(&w->watchers[i]));
		json_object_set_new(j, "database", json_string(w->db_name));
		json_object_set_new(j, "key", key_json(w));
		json_object_set_new(j, "file_name", name_of(c, w));
		json_array_append_new(c->waiting, j);
	}
	return true;
}

NTSTATUS status_add_waiting(struct collector *c)
{
	return db_each_watched(c->locking->db, add_watched, c);
}

/* --- tables --------------------------------------------------------------- */

void status_print_notifies(const json_t *notifies, FILE *f)
{
	const char *key;
	json_t *w;
	char path[1024];

	if (json_object_size(notifies) == 0) {
		fprintf(f, "\nNo watched directories\n");
		return;
	}
	fprintf(f, "\nWatched directories:\n%-8s %-8s %-8s %s\n", "Pid",
		"Filter", "Tree", "Path");
	fprintf(f, STATUS_RULE);
	json_object_foreach((json_t *)notifies, key, w)
	{
		json_int_t tree =
			json_integer_value(json_object_get(w, "subdir_filter"));

		fprintf(f, "%-8s %-8" JSON_INTEGER_FORMAT " %-8s %s\n",
			status_pid_of(w),
			json_integer_value(json_object_get(w, "filter")),
			tree != 0 ? "yes" : "no",
			status_clean(status_text_of(w, "path"), path,
				     sizeof(path)));
	}
}

void status_print_waiting(const json_t *waiting, FILE *f)
{
	json_t *w;
	size_t i;
	char name[1024];

	if (json_array_size(waiting) == 0) {
		fprintf(f, "\nNobody waits\n");
		return;
	}
	fprintf(f, "\nWho waits for a record to change:\n%-8s %-20s %-50s %s\n",
		"Pid", "Database", "Record", "Name");
	fprintf(f, STATUS_RULE);
	json_array_foreach((json_t *)waiting, i, w)
	{
		fprintf(f, "%-8s %-20s %-50s %s\n", status_pid_of(w),
			status_text_of(w, "database"), status_text_of(w, "key"),
			status_clean(status_text_of(w, "file_name"), name,
				     sizeof(name)));
	}
}
