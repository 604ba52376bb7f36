/* locking/session_store.c - session.tdb: who is logged on. */
#include "locking/session_store.h"

#include "locking/locking.h"
#include "locking/record_store.h"

struct session_store {
	struct record_store *records;
};

static NTSTATUS push(TALLOC_CTX *mem_ctx, const void *rec, struct blob *out)
{
	return session_record_push(mem_ctx, rec, out);
}

static NTSTATUS push_buf(const void *rec, uint8_t *buf, size_t size,
			 size_t *out_length)
{
	return session_record_push_buf(rec, buf, size, out_length);
}

static NTSTATUS pull(TALLOC_CTX *mem_ctx, struct blob in, void *rec)
{
	return session_record_pull(mem_ctx, in, rec);
}

static const struct server_id *owner(const void *rec)
{
	const struct session_record *r = rec;

	return &r->owner;
}

static const struct record_ops session_ops = {
	.size = sizeof(struct session_record),
	.push = push,
	.push_buf = push_buf,
	.pull = pull,
	.owner = owner,
};

NTSTATUS session_store_open(TALLOC_CTX *mem_ctx, struct db_context *db,
			    const char *path, bool must_exist,
			    struct session_store **out)
{
	const struct record_store_params params = {
		.path = path,
		.order = LOCKING_ORDER_SESSION,
		.must_exist = must_exist,
		.ops = &session_ops};
	struct session_store *s = talloc_zero(mem_ctx, struct session_store);
	NTSTATUS status;

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = record_store_open(s, db, &params, &s->records);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(s);
		return status;
	}
	*out = s;
	return NT_STATUS_OK;
}

NTSTATUS session_store_create(struct session_store *s,
			      struct session_record *rec)
{
	struct session_record r = *rec;
	uint8_t key[RECORD_ID_SIZE];
	NTSTATUS status;

	r.version = 1;
	do {
		do {
			r.id = record_id_random() >> 32;
		} while (r.id == 0 || r.id == UINT32_MAX);
		status = record_store_insert(
			s->records, record_id_key(r.id, key), &r, NULL, NULL);
	} while (NT_STATUS_IS(status, OBJECT_NAME_COLLISION));
	if (NT_STATUS_IS_OK(status)) {
		*rec = r;
	}
	return status;
}

NTSTATUS session_store_update(struct session_store *s,
			      const struct session_record *rec)
{
	uint8_t key[RECORD_ID_SIZE];

	return record_store_update(s->records, record_id_key(rec->id, key),
				   rec);
}

NTSTATUS session_store_get(TALLOC_CTX *mem_ctx, struct session_store *s,
			   uint64_t id, struct session_record *out)
{
	uint8_t key[RECORD_ID_SIZE];

	return record_store_get(mem_ctx, s->records, record_id_key(id, key),
				out);
}

NTSTATUS session_store_remove(struct session_store *s, uint64_t id)
{
	uint8_t key[RECORD_ID_SIZE];

	return record_store_remove(s->records, record_id_key(id, key), NULL);
}

struct traverse_call {
	session_store_fn fn;
	void *private_data;
};

static bool traverse_found(const void *rec, void *private_data)
{
	const struct traverse_call *call = private_data;

	return call->fn(rec, call->private_data);
}

NTSTATUS session_store_traverse(struct session_store *s, session_store_fn fn,
				void *private_data)
{
	struct traverse_call call = {.fn = fn, .private_data = private_data};

	return record_store_traverse(s->records, traverse_found, &call);
}

void session_store_forget(struct session_store *s, const struct server_id *dead)
{
	record_store_forget(s->records, dead);
}

struct record_store *session_store_records(const struct session_store *s)
{
	return s->records;
}
