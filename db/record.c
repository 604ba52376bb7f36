/* db/record.c - the foot of a record.
 *
 * In a volatile database the value comes first, then, if somebody watches the
 * record,
 *	flags without DB_FOOT_WATCHED	1 byte
 *	db_watchers
 *	the size of that		2 bytes
 * and always, last, the flags, 1 byte.  So a record that nobody watches costs
 * one byte more.  The value stays where it is when watchers come and go, and a
 * record that shrinks or grows in place has flags at the end before and after:
 * a process killed in between leaves no record that cannot be read.  Persistent
 * ones have no foot. */
#include "db/db_int.h"

#include "lib/assert.h"
#include "lib/wire.h"

/* The size of db_watchers, and the two flags. */
#define WATCHED_FOOT_SIZE 4

#define FOOT_FLAGS (DB_FOOT_VALUE | DB_FOOT_WATCHED | DB_FOOT_SPARE)

/* raw without its last n bytes, which are given back. */
static struct blob cut(struct blob *raw, size_t n)
{
	raw->length -= n;
	return (struct blob){.data = raw->data + raw->length, .length = n};
}

static NTSTATUS foot_decode(struct blob raw, struct record_parts *out)
{
	struct record_parts parts = {0};
	uint16_t size;
	uint8_t flags;

	if (raw.length < 1) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	flags = raw.data[raw.length - 1];
	if ((flags & ~FOOT_FLAGS) != 0) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	parts.flagged = (flags & DB_FOOT_SPARE) != 0;
	if ((flags & DB_FOOT_WATCHED) == 0) {
		cut(&raw, 1);
	} else {
		struct wire_reader r;

		if (raw.length < WATCHED_FOOT_SIZE) {
			return NT_STATUS(INTERNAL_DB_CORRUPTION);
		}
		cut(&raw, 1);
		r = wire_reader(cut(&raw, 2).data, 2);
		size = wire_u16(&r);
		if (size >= raw.length) {
			return NT_STATUS(INTERNAL_DB_CORRUPTION);
		}
		parts.watchers = cut(&raw, size);
		cut(&raw, 1);
	}
	if ((flags & DB_FOOT_VALUE) != 0) {
		parts.value = raw;
	} else if (raw.length > 0) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	*out = parts;
	return NT_STATUS_OK;
}

NTSTATUS record_decode(const struct db *db, struct blob raw,
		       struct record_parts *out)
{
	if (db->kind == DB_VOLATILE) {
		return foot_decode(raw, out);
	}
	*out = (struct record_parts){.value = raw};
	return NT_STATUS_OK;
}

/* Puts the foot into parts from count on. */
static size_t foot_encode(struct blob watchers, uint8_t flags, uint8_t *buf,
			  struct blob *parts)
{
	struct wire_writer w = wire_writer_fixed(buf, WATCHED_FOOT_SIZE);

	wire_put_u8(&w, flags);
	parts[0] = (struct blob){.data = buf, .length = 1};
	if (watchers.data == NULL) {
		return 1;
	}
	wire_put_u16(&w, (uint16_t)watchers.length);
	wire_put_u8(&w, flags | DB_FOOT_WATCHED);
	parts[1] = watchers;
	parts[2] = (struct blob){.data = buf + 1, .length = 3};
	return 3;
}

/* In a volatile database, with its foot. */
static NTSTATUS write_volatile(struct db_record *rec, struct blob watchers,
			       struct blob *parts, size_t n, uint8_t flags)
{
	size_t length = parts_length(parts, n) + 1;
	uint8_t foot[WATCHED_FOOT_SIZE];

	if (watchers.data != NULL) {
		length += watchers.length + WATCHED_FOOT_SIZE - 1;
	}
	if (!spare_is_needed(rec, length)) {
		n += foot_encode(watchers, flags, foot, parts + n);
		return spare_store_plain(rec, parts, n);
	}
	n += foot_encode(watchers, flags | DB_FOOT_SPARE, foot, parts + n);
	return spare_store_moving(rec, parts, n);
}

NTSTATUS record_write(struct db_record *rec, struct blob watchers,
		      const struct blob *value_parts, size_t n)
{
	struct db_backend *b = rec->db->backend;
	struct blob parts[DB_BACKEND_PARTS];
	size_t i;

	ASSERT(n <= DB_MAX_PARTS && watchers.length <= UINT16_MAX);
	rec->changed = true;
	rec->watchers = (struct blob){0};
	if (value_parts == NULL && watchers.data == NULL) {
		return spare_erase(rec);
	}
	for (i = 0; i < n; i++) {
		parts[i] = value_parts[i];
	}
	if (rec->db->kind == DB_PERSISTENT) {
		return b->ops->store(b, rec->key, parts, n);
	}
	return write_volatile(rec, watchers, parts, n,
			      value_parts != NULL ? DB_FOOT_VALUE : 0);
}
