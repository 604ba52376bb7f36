/* db/spare.c - copies of records that are being moved.
 *
 * A back end replaces a record by one of another length in two steps: it
 * deletes the old one, then it stores the new one; or it overwrites it and then
 * notes the new length.  A process killed in between takes the record along, or
 * leaves two halves, and others had in it what is theirs.  So a shared database
 * has a second one, the spare, and a value of another length is stored so:
 *
 * 1. the record is marked where it lies (DB_FOOT_SPARE),
 * 2. the new record, marked too, is stored in the spare,
 * 3. the old one is erased, and the new one stored in its place,
 * 4. and erased from the spare.
 *
 * Who finds no record looks into the spare: only a death in step 3 leaves it
 * there alone.  A death before or after leaves the record, marked; the copy, if
 * any, means nothing, and whoever next changes a marked record erases the copy
 * first.  A record without the mark has no copy.
 *
 * The spare is locked within the record's own lock, never the other way
 * round. */
#include "db/db_int.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/log.h"

#define SPARE_HASH_SIZE 127

NTSTATUS spare_open(struct db *db, const struct db_params *params)
{
	size_t stem = strlen(db->path);
	struct db_backend_params bp = {.kind = DB_VOLATILE,
				       .hash_size = SPARE_HASH_SIZE,
				       .must_exist = params->must_exist};

	if (stem > 4 && strcmp(db->path + stem - 4, ".tdb") == 0) {
		stem -= 4;
	}
	bp.path = talloc_asprintf(db, "%.*s.moving.tdb", (int)stem, db->path);
	if (bp.path == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	return db->backend->ops->open(db, &bp, &db->spare);
}

NTSTATUS spare_parse(struct db *db, struct blob key, db_parse_fn fn,
		     void *private_data, bool *out_from_spare)
{
	struct db_backend *b = db->backend;
	NTSTATUS status;

	*out_from_spare = false;
	status = b->ops->parse(b, key, fn, private_data);
	if (db->spare == NULL || !NT_STATUS_IS(status, NOT_FOUND)) {
		return status;
	}
	*out_from_spare = true;
	return db->spare->ops->parse(db->spare, key, fn, private_data);
}

bool spare_is_needed(const struct db_record *rec, size_t length)
{
	return rec->db->spare != NULL &&
	       (rec->from_spare || (rec->length != 0 && length != rec->length));
}

static NTSTATUS drop_copy(struct db_record *rec)
{
	struct db_backend *spare = rec->db->spare;
	NTSTATUS status;

	if (spare == NULL || (!rec->flagged && !rec->from_spare)) {
		return NT_STATUS_OK;
	}
	status = spare->ops->erase(spare, rec->key);
	if (NT_STATUS_IS_OK(status)) {
		rec->flagged = false;
		rec->from_spare = false;
	}
	return status;
}

NTSTATUS spare_store_plain(struct db_record *rec, const struct blob *parts,
			   size_t n)
{
	struct db_backend *b = rec->db->backend;
	NTSTATUS status;

	status = drop_copy(rec);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = b->ops->store(b, rec->key, parts, n);
	if (NT_STATUS_IS_OK(status)) {
		rec->length = parts_length(parts, n);
	}
	return status;
}

NTSTATUS spare_erase(struct db_record *rec)
{
	struct db_backend *b = rec->db->backend;
	NTSTATUS status;

	status = drop_copy(rec);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	rec->length = 0;
	return b->ops->erase(b, rec->key);
}

/* --- moving ------------------------------------------------------------- */

static NTSTATUS mark_found(struct blob raw, void *private_data)
{
	struct db_record *rec = private_data;
	struct db_backend *b = rec->db->backend;
	struct blob copy = {.length = raw.length};
	NTSTATUS status;

	copy.data = talloc_memdup(rec->db, raw.data, raw.length);
	if (copy.data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	copy.data[copy.length - 1] |= DB_FOOT_SPARE;
	status = b->ops->store(b, rec->key, &copy, 1);
	talloc_free(copy.data);
	return status;
}

/* Step 1; nothing moves, the length stays. */
static NTSTATUS mark(struct db_record *rec)
{
	struct db_backend *b = rec->db->backend;
	NTSTATUS status;

	if (rec->flagged) {
		return NT_STATUS_OK;
	}
	status = b->ops->parse(b, rec->key, mark_found, rec);
	if (NT_STATUS_IS_OK(status)) {
		rec->flagged = true;
	}
	return status;
}

/* Steps 1 and 2; a record that is in the spare alone needs neither. */
static NTSTATUS copy_first(struct db_record *rec, const struct blob *parts,
			   size_t n)
{
	struct db_backend *spare = rec->db->spare;
	NTSTATUS status;

	if (rec->from_spare) {
		return NT_STATUS_OK;
	}
	status = mark(rec);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return spare->ops->store(spare, rec->key, parts, n);
}

NTSTATUS spare_store_moving(struct db_record *rec, const struct blob *parts,
			    size_t n)
{
	struct db_backend *b = rec->db->backend;
	struct db_backend *spare = rec->db->spare;
	NTSTATUS status;

	status = copy_first(rec, parts, n);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = b->ops->erase(b, rec->key);
	if (NT_STATUS_IS_OK(status)) {
		status = b->ops->store(b, rec->key, parts, n);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	rec->length = parts_length(parts, n);
	rec->flagged = true;
	rec->from_spare = false;
	return spare->ops->erase(spare, rec->key);
}

/* --- recovery ----------------------------------------------------------- */

struct keys {
	struct db *db;
	struct blob *keys; /* children of itself */
	size_t count;
};

static bool note_key(struct blob key, struct blob raw, void *private_data)
{
	struct keys *k = private_data;
	struct blob *more;

	more = talloc_realloc(k->db, k->keys, struct blob, k->count + 1);
	if (more == NULL) {
		return false;
	}
	k->keys = more;
	more[k->count].data = talloc_memdup(more, key.data, key.length);
	more[k->count].length = key.length;
	if (more[k->count].data == NULL) {
		return false;
	}
	k->count++;
	return true;
}

/* Stores it as it is, which brings it back into its place. */
static NTSTATUS put_back(struct db_record *rec, struct blob value,
			 void *private_data)
{
	if (!rec->from_spare || value.data == NULL) {
		return NT_STATUS_OK;
	}
	return db_record_store(rec, value);
}

void spare_recover(struct db *db)
{
	struct keys k = {.db = db};
	NTSTATUS status;
	size_t i;

	status = db->spare->ops->traverse(db->spare, note_key, &k);
	for (i = 0; NT_STATUS_IS_OK(status) && i < k.count; i++) {
		status = db_do_locked(db, k.keys[i], put_back, NULL);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_DB, "%s: records are not put back: %s", db->path,
			ntstatus_name(status));
	}
	talloc_free(k.keys);
}
