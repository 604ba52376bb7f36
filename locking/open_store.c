/* locking/open_store.c - open.tdb: which files are open. */
#include "locking/open_store.h"

#include "locking/locking.h"
#include "locking/record_store.h"

struct open_store {
	struct record_store *records;
};

static NTSTATUS push(TALLOC_CTX *mem_ctx, const void *rec, struct blob *out)
{
	return open_record_push(mem_ctx, rec, out);
}

static NTSTATUS push_buf(const void *rec, uint8_t *buf, size_t size,
			 size_t *out_length)
{
	return open_record_push_buf(rec, buf, size, out_length);
}

static NTSTATUS pull(TALLOC_CTX *mem_ctx, struct blob in, void *rec)
{
	return open_record_pull(mem_ctx, in, rec);
}

static const struct server_id *owner(const void *rec)
{
	const struct open_record *r = rec;

	return &r->owner;
}

static const struct record_ops open_ops = {
	.size = sizeof(struct open_record),
	.push = push,
	.push_buf = push_buf,
	.pull = pull,
	.owner = owner,
};

NTSTATUS open_store_open(TALLOC_CTX *mem_ctx, struct db_context *db,
			 const char *path, bool must_exist,
			 struct open_store **out)
{
	const struct record_store_params params = {.path = path,
						   .order = LOCKING_ORDER_OPEN,
						   .hash_size = 10007,
						   .must_exist = must_exist,
						   .ops = &open_ops};
	struct open_store *s = talloc_zero(mem_ctx, struct open_store);
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

uint64_t open_store_new_id(struct open_store *s)
{
	return record_id_random();
}

NTSTATUS open_store_create(struct open_store *s, struct open_record *rec)
{
	struct open_record r = *rec;
	uint8_t key[RECORD_ID_SIZE];
	NTSTATUS status;

	r.version = 1;
	do {
		r.id = rec->id != 0 ? rec->id : open_store_new_id(s);
		status = record_store_insert(
			s->records, record_id_key(r.id, key), &r, NULL, NULL);
	} while (NT_STATUS_IS(status, OBJECT_NAME_COLLISION) && rec->id == 0);
	if (NT_STATUS_IS_OK(status)) {
		*rec = r;
	}
	return status;
}

NTSTATUS open_store_update(struct open_store *s, const struct open_record *rec)
{
	uint8_t key[RECORD_ID_SIZE];

	return record_store_update(s->records, record_id_key(rec->id, key),
				   rec);
}

NTSTATUS open_store_get(TALLOC_CTX *mem_ctx, struct open_store *s, uint64_t id,
			struct open_record *out)
{
	uint8_t key[RECORD_ID_SIZE];

	return record_store_get(mem_ctx, s->records, record_id_key(id, key),
				out);
}

NTSTATUS open_store_remove(struct open_store *s, uint64_t id)
{
	uint8_t key[RECORD_ID_SIZE];

	return record_store_remove(s->records, record_id_key(id, key), NULL);
}

struct traverse_call {
	open_store_fn fn;
	void *private_data;
};

static bool traverse_found(const void *rec, void *private_data)
{
	const struct traverse_call *call = private_data;

	return call->fn(rec, call->private_data);
}

NTSTATUS open_store_traverse(struct open_store *s, open_store_fn fn,
			     void *private_data)
{
	struct traverse_call call = {.fn = fn, .private_data = private_data};

	return record_store_traverse(s->records, traverse_found, &call);
}

void open_store_forget(struct open_store *s, const struct server_id *dead)
{
	record_store_forget(s->records, dead);
}

struct record_store *open_store_records(const struct open_store *s)
{
	return s->records;
}
