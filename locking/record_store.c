/* locking/record_store.c - typed records of processes under a key. */
#include "locking/record_store.h"

#include <string.h>
#include <sys/random.h>

#include "db/db.h"
#include "lib/assert.h"
#include "lib/log.h"
#include "lib/wire.h"
#include "messaging/server_id.h"

struct record_store {
	struct db *db;
	const char *path;
	const struct record_ops *ops;
};

NTSTATUS record_store_open(TALLOC_CTX *mem_ctx, struct db_context *db,
			   const struct record_store_params *params,
			   struct record_store **out)
{
	const struct db_params dp = {.kind = DB_VOLATILE,
				     .order = params->order,
				     .hash_size = params->hash_size,
				     .must_exist = params->must_exist};
	struct record_store *s = talloc_zero(mem_ctx, struct record_store);
	NTSTATUS status;

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->ops = params->ops;
	s->path = talloc_strdup(s, params->path);
	status = s->path == NULL ? NT_STATUS(NO_MEMORY)
				 : db_open(s, db, params->path, &dp, &s->db);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(s);
		return status;
	}
	*out = s;
	return NT_STATUS_OK;
}

/* --- storing ------------------------------------------------------------ */

/* The bytes of most records fit here. */
struct packed {
	uint8_t small[1024];
	TALLOC_CTX *mem_ctx; /* of larger ones; else NULL */
	struct blob bytes;
};

static NTSTATUS pack(struct record_store *s, const void *rec, struct packed *p)
{
	NTSTATUS status;

	p->mem_ctx = NULL;
	p->bytes.data = p->small;
	status = s->ops->push_buf(rec, p->small, sizeof(p->small),
				  &p->bytes.length);
	if (!NT_STATUS_IS(status, BUFFER_TOO_SMALL)) {
		return status;
	}
	p->mem_ctx = talloc_new(s);
	if (p->mem_ctx == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = s->ops->push(p->mem_ctx, rec, &p->bytes);
	if (!NT_STATUS_IS_OK(status)) {
		TALLOC_FREE(p->mem_ctx);
	}
	return status;
}

struct store_call {
	struct record_store *s;
	struct packed packed;
	bool update;
	record_replaces_fn replaces;
	void *private_data;
};

static bool may_replace(struct store_call *call, struct blob old)
{
	TALLOC_CTX *mem_ctx;
	bool may = false;
	void *rec;

	if (call->replaces == NULL) {
		return false;
	}
	mem_ctx = talloc_new(call->s);
	rec = talloc_zero_size(mem_ctx, call->s->ops->size);
	/* A record that cannot be read is in nobody's way. */
	if (rec != NULL) {
		may = !NT_STATUS_IS_OK(call->s->ops->pull(mem_ctx, old, rec)) ||
		      call->replaces(rec, call->private_data);
	}
	talloc_free(mem_ctx);
	return may;
}

static NTSTATUS store_locked(struct db_record *rec, struct blob value,
			     void *private_data)
{
	struct store_call *call = private_data;

	if (call->update && value.data == NULL) {
		return NT_STATUS(NOT_FOUND);
	}
	if (!call->update && value.data != NULL && !may_replace(call, value)) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	return db_record_store(rec, call->packed.bytes);
}

static NTSTATUS store(struct store_call *call, struct blob key, const void *rec)
{
	NTSTATUS status;

	status = pack(call->s, rec, &call->packed);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = db_do_locked(call->s->db, key, store_locked, call);
	talloc_free(call->packed.mem_ctx);
	return status;
}

NTSTATUS record_store_insert(struct record_store *s, struct blob key,
			     const void *rec, record_replaces_fn replaces,
			     void *private_data)
{
	struct store_call call;

	call.s = s;
	call.update = false;
	call.replaces = replaces;
	call.private_data = private_data;
	return store(&call, key, rec);
}

NTSTATUS record_store_update(struct record_store *s, struct blob key,
			     const void *rec)
{
	struct store_call call;

	call.s = s;
	call.update = true;
	call.replaces = NULL;
	return store(&call, key, rec);
}

/* --- reading ------------------------------------------------------------ */

struct get_call {
	TALLOC_CTX *mem_ctx;
	struct record_store *s;
	void *out;
};

static NTSTATUS get_found(struct blob value, void *private_data)
{
	struct get_call *call = private_data;

	return call->s->ops->pull(call->mem_ctx, value, call->out);
}

NTSTATUS record_store_get(TALLOC_CTX *mem_ctx, struct record_store *s,
			  struct blob key, void *out)
{
	struct get_call call = {.mem_ctx = mem_ctx, .s = s, .out = out};

	return db_parse(s->db, key, get_found, &call);
}

struct look_call {
	struct record_store *s;
	record_look_fn fn;
	void *private_data;
};

static bool look_found(struct blob key, struct blob value, void *private_data)
{
	struct look_call *call = private_data;
	TALLOC_CTX *mem_ctx = talloc_new(call->s);
	void *rec = talloc_zero_size(mem_ctx, call->s->ops->size);
	bool go_on;

	if (rec != NULL &&
	    !NT_STATUS_IS_OK(call->s->ops->pull(mem_ctx, value, rec))) {
		TALLOC_FREE(rec);
	}
	go_on = call->fn(key, rec, call->private_data);
	talloc_free(mem_ctx);
	return go_on;
}

NTSTATUS record_store_look(struct record_store *s, record_look_fn fn,
			   void *private_data)
{
	struct look_call call = {
		.s = s, .fn = fn, .private_data = private_data};

	return db_traverse(s->db, look_found, &call);
}

struct traverse_call {
	struct record_store *s;
	record_fn fn;
	void *private_data;
};

static bool traverse_found(struct blob key, const void *rec, void *private_data)
{
	struct traverse_call *call = private_data;

	if (rec == NULL) {
		LOG_ERR(LOG_LOCKING, "%s: a record cannot be read",
			call->s->path);
		return true;
	}
	return call->fn(rec, call->private_data);
}

NTSTATUS record_store_traverse(struct record_store *s, record_fn fn,
			       void *private_data)
{
	struct traverse_call call = {
		.s = s, .fn = fn, .private_data = private_data};

	return record_store_look(s, traverse_found, &call);
}

/* --- removing ----------------------------------------------------------- */

struct remove_call {
	struct record_store *s;
	const struct server_id *owner; /* NULL: whoever */
};

/* A record that cannot be read is of a process killed while it wrote: anybody's
 * to remove. */
static bool is_owner(struct record_store *s, struct blob value,
		     const struct server_id *owner)
{
	TALLOC_CTX *mem_ctx = talloc_new(s);
	void *rec = talloc_zero_size(mem_ctx, s->ops->size);
	bool is = rec != NULL &&
		  (!NT_STATUS_IS_OK(s->ops->pull(mem_ctx, value, rec)) ||
		   server_id_matches(s->ops->owner(rec), owner));

	talloc_free(mem_ctx);
	return is;
}

static NTSTATUS remove_locked(struct db_record *rec, struct blob value,
			      void *private_data)
{
	const struct remove_call *call = private_data;

	if (value.data == NULL ||
	    (call->owner != NULL && !is_owner(call->s, value, call->owner))) {
		return NT_STATUS(NOT_FOUND);
	}
	return db_record_delete(rec);
}

NTSTATUS record_store_remove(struct record_store *s, struct blob key,
			     const struct server_id *owner)
{
	struct remove_call call = {.s = s, .owner = owner};

	return db_do_locked(s->db, key, remove_locked, &call);
}

struct forget_call {
	struct record_store *s;
	const struct server_id *dead;
	struct blob *keys; /* children of itself */
	size_t count;
};

static bool forget_found(struct blob key, struct blob value, void *private_data)
{
	struct forget_call *call = private_data;
	struct blob *keys;

	if (!is_owner(call->s, value, call->dead)) {
		return true;
	}
	keys = talloc_realloc(call->s, call->keys, struct blob,
			      call->count + 1);
	if (keys == NULL) {
		return false;
	}
	call->keys = keys;
	keys[call->count].data = talloc_memdup(keys, key.data, key.length);
	keys[call->count].length = key.length;
	if (keys[call->count].data == NULL) {
		return false;
	}
	call->count++;
	return true;
}

void record_store_forget(struct record_store *s, const struct server_id *dead)
{
	struct forget_call call = {.s = s, .dead = dead};
	NTSTATUS status;
	size_t i;

	status = db_traverse(s->db, forget_found, &call);
	for (i = 0; NT_STATUS_IS_OK(status) && i < call.count; i++) {
		status = record_store_remove(s, call.keys[i], dead);
		if (NT_STATUS_IS(status, NOT_FOUND)) {
			status = NT_STATUS_OK;
		}
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_LOCKING, "%s: records of pid %u are left: %s",
			 s->path, dead->pid, ntstatus_name(status));
	}
	talloc_free(call.keys);
}

/* --- ids ---------------------------------------------------------------- */

uint64_t record_id_random(void)
{
	uint64_t id;

	do {
		ssize_t n = getrandom(&id, sizeof(id), 0);

		ASSERT(n == sizeof(id));
	} while (id == 0 || id == UINT64_MAX);
	return id;
}

struct blob record_id_key(uint64_t id, uint8_t *buf)
{
	struct wire_writer w = wire_writer_fixed(buf, RECORD_ID_SIZE);

	wire_put_u64(&w, id);
	return (struct blob){.data = buf, .length = RECORD_ID_SIZE};
}
