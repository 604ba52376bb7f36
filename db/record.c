/* db/record.c - the head of a record.
 *
 * In a volatile database a record is one byte of flags, the watchers if there
 * are any, the value if there is one: a record that nobody watches costs one
 * byte more and is stored in one piece.  Persistent ones have no head. */
#include "db/db_int.h"

#include "lib/assert.h"
#include "lib/wire.h"

#define SERVER_ID_SIZE 16

static NTSTATUS head_decode(struct blob raw, struct record_parts *out)
{
	struct wire_reader r = wire_reader(raw.data, raw.length);
	struct record_parts parts = {0};
	struct blob rest;
	uint8_t flags = wire_u8(&r);

	if ((flags & DB_HEAD_WATCHED) != 0) {
		size_t start = r.pos;
		uint16_t count = wire_u16(&r);

		wire_skip(&r, (size_t)count * SERVER_ID_SIZE);
		parts.watchers = (struct blob){.data = raw.data + start,
					       .length = r.pos - start};
	}
	rest = (struct blob){.data = raw.data + r.pos, .length = wire_left(&r)};
	if ((flags & DB_HEAD_VALUE) != 0) {
		parts.value = rest;
	}
	if (!wire_ok(&r) || (rest.length > 0 && (flags & DB_HEAD_VALUE) == 0)) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	*out = parts;
	return NT_STATUS_OK;
}

NTSTATUS record_decode(const struct db *db, struct blob raw,
		       struct record_parts *out)
{
	if (db->kind == DB_VOLATILE) {
		return head_decode(raw, out);
	}
	*out = (struct record_parts){.value = raw};
	return NT_STATUS_OK;
}

NTSTATUS record_write(struct db_record *rec, struct blob watchers,
		      const struct blob *value_parts, size_t n)
{
	struct db_backend *b = rec->db->backend;
	struct blob parts[DB_MAX_PARTS + 2];
	size_t i, count = 0;
	uint8_t flags = 0;

	ASSERT(n <= DB_MAX_PARTS);
	rec->changed = true;
	rec->watchers = (struct blob){0};
	if (value_parts == NULL && watchers.data == NULL) {
		return b->ops->erase(b, rec->key);
	}
	if (rec->db->kind == DB_VOLATILE) {
		flags |= value_parts != NULL ? DB_HEAD_VALUE : 0;
		flags |= watchers.data != NULL ? DB_HEAD_WATCHED : 0;
		parts[count++] = (struct blob){.data = &flags, .length = 1};
	}
	if (watchers.data != NULL) {
		parts[count++] = watchers;
	}
	for (i = 0; i < n; i++) {
		parts[count++] = value_parts[i];
	}
	return b->ops->store(b, rec->key, parts, count);
}
