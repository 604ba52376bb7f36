/* locking/name_lock.c - names that one process at a time does things with. */
#include "locking/name_lock.h"

#include "db/db.h"
#include "lib/utf16.h"
#include "lib/wire.h"
#include "locking/locking.h"

#define HASH_SIZE 4001
#define KEY_SIZE  8

struct name_locks {
	struct db *db;
};

NTSTATUS name_locks_open(TALLOC_CTX *mem_ctx, struct db_context *db,
			 const char *path, bool must_exist,
			 struct name_locks **out)
{
	const struct db_params params = {.kind = DB_VOLATILE,
					 .order = LOCKING_ORDER_NAME,
					 .hash_size = HASH_SIZE,
					 .must_exist = must_exist};
	struct name_locks *l = talloc_zero(mem_ctx, struct name_locks);
	NTSTATUS status;

	if (l == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = db_open(l, db, path, &params, &l->db);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(l);
		return status;
	}
	*out = l;
	return NT_STATUS_OK;
}

/* FNV-1a of the characters in upper case.  Two names with one hash wait for
 * each other and no more. */
static uint64_t hash(uint64_t h, const char *text)
{
	for (;;) {
		uint32_t c = utf8_next(&text);

		if (c == 0) {
			return h;
		}
		h = (h ^ utf16_upcase(c)) * 1099511628211u;
	}
}

NTSTATUS name_lock_do(struct name_locks *l, const char *top, const char *name,
		      name_lock_fn fn, void *private_data)
{
	uint8_t key[KEY_SIZE];
	struct wire_writer w = wire_writer_fixed(key, sizeof(key));

	wire_put_u64(&w, hash(hash(14695981039346656037u, top), name));
	return db_do_alone(l->db,
			   (struct blob){.data = key, .length = KEY_SIZE}, fn,
			   private_data);
}
