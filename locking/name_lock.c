/* locking/name_lock.c - names that one process at a time does things with. */
#include "locking/name_lock.h"

#include <stdatomic.h>

#include "db/db.h"
#include "lib/utf16.h"
#include "lib/wire.h"
#include "locking/locking.h"
#include "locking/shared_page.h"

#define HASH_SIZE 4001
#define KEY_SIZE  8
#define SLOTS	  16384

struct shared {
	_Atomic uint32_t busy[SLOTS];
};

struct name_locks {
	struct db *db;
	struct shared *shared;
};

static NTSTATUS open_board(struct name_locks *l, const char *dir,
			   bool must_exist)
{
	char *path = NULL;
	struct shared_page *page;
	NTSTATUS status;

	if (!must_exist) {
		path = talloc_asprintf(l, "%s/making.board", dir);
		if (path == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
	}
	status = shared_page_create(l, path, sizeof(*l->shared), &page);
	talloc_free(path);
	if (NT_STATUS_IS_OK(status)) {
		l->shared = shared_page_get(page);
	}
	return status;
}

NTSTATUS name_locks_open(TALLOC_CTX *mem_ctx, struct db_context *db,
			 const char *dir, bool must_exist,
			 struct name_locks **out)
{
	const struct db_params params = {.kind = DB_VOLATILE,
					 .order = LOCKING_ORDER_NAME,
					 .hash_size = HASH_SIZE,
					 .must_exist = must_exist};
	struct name_locks *l = talloc_zero(mem_ctx, struct name_locks);
	char *path = talloc_asprintf(l, "%s/name.tdb", dir);
	NTSTATUS status;

	if (l == NULL || path == NULL) {
		talloc_free(l);
		return NT_STATUS(NO_MEMORY);
	}
	status = db_open(l, db, path, &params, &l->db);
	if (NT_STATUS_IS_OK(status)) {
		status = open_board(l, dir, must_exist);
	}
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

static uint64_t hash_of(const char *top, const char *name)
{
	return hash(hash(14695981039346656037u, top), name);
}

static _Atomic uint32_t *slot_of(const struct name_locks *l, uint64_t h)
{
	return &l->shared->busy[(h ^ (h >> 32)) % SLOTS];
}

bool name_lock_is_busy(const struct name_locks *l, const char *top,
		       const char *name)
{
	return atomic_load(slot_of(l, hash_of(top, name))) != 0;
}

struct call {
	name_lock_fn fn;
	void *private_data;
	_Atomic uint32_t *busy;
};

static NTSTATUS alone(void *private_data)
{
	const struct call *call = private_data;
	NTSTATUS status;

	atomic_fetch_add(call->busy, 1);
	status = call->fn(call->private_data);
	atomic_fetch_sub(call->busy, 1);
	return status;
}

NTSTATUS name_lock_do(struct name_locks *l, const char *top, const char *name,
		      name_lock_fn fn, void *private_data)
{
	uint64_t h = hash_of(top, name);
	struct call call = {
		.fn = fn, .private_data = private_data, .busy = slot_of(l, h)};
	uint8_t key[KEY_SIZE];
	struct wire_writer w = wire_writer_fixed(key, sizeof(key));

	wire_put_u64(&w, h);
	return db_do_alone(l->db,
			   (struct blob){.data = key, .length = KEY_SIZE},
			   alone, &call);
}
