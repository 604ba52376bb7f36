/* tools/status_locks.c - byte-range locks, and who waits for one. */
#include "tools/status_int.h"

#include "locking/brlock.h"

/* 64-bit values are strings: JSON's numbers end before an offset may. */
static json_t *lock_json(const struct brlock_entry *e)
{
	bool exclusive = (e->flags & BRLOCK_EXCLUSIVE) != 0;
	json_t *j = json_object();

	json_object_set_new(j, "server_id", status_server_id_json(&e->owner));
	json_object_set_new(j, "share_file_id",
			    status_decimal_json(e->open_id));
	json_object_set_new(j, "type", json_string(exclusive ? "W" : "R"));
	json_object_set_new(j, "flavour", json_string("Windows"));
	json_object_set_new(j, "start", status_decimal_json(e->offset));
	json_object_set_new(j, "size", status_decimal_json(e->length));
	return j;
}

/* The file's object, made if need be. */
static json_t *file_of(struct collector *c, const struct file_id *id)
{
	char key[STATUS_FILE_KEY_SIZE];
	const json_t *named;
	json_t *j;

	status_file_key(id, key);
	j = json_object_get(c->locks, key);
	if (j != NULL) {
		return j;
	}
	named = json_object_get(c->files, key);
	j = json_object();
	json_object_set_new(j, "fileid", status_file_id_json(id));
	json_object_set_new(j, "share_path",
			    status_text_json(json_string_value(
				    json_object_get(named, "service_path"))));
	json_object_set_new(j, "file_name",
			    status_text_json(json_string_value(
				    json_object_get(named, "filename"))));
	json_object_set_new(j, "locks", json_array());
	json_object_set_new(j, "waiting", json_array());
	json_object_set_new(c->locks, key, j);
	return j;
}

static bool add_lock(const struct file_id *id, const struct brlock_entry *e,
		     bool waits, void *private_data)
{
	struct collector *c = private_data;

	if (status_is_alive(c, &e->owner)) {
		json_array_append_new(
			json_object_get(file_of(c, id),
					waits ? "waiting" : "locks"),
			lock_json(e));
	}
	return true;
}

NTSTATUS status_add_locks(struct collector *c)
{
	return brlock_traverse(c->locking->brlocks, add_lock, c);
}
