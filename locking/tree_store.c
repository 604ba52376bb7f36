/* locking/tree_store.c - tree.tdb: which shares are connected. */
#include "locking/tree_store.h"

#include "locking/locking.h"
#include "locking/record_store.h"

struct tree_store {
	struct record_store *records;
};

static NTSTATUS push(TALLOC_CTX *mem_ctx, const void *rec, struct blob *out)
{
	return tree_record_push(mem_ctx, rec, out);
}

static NTSTATUS push_buf(const void *rec, uint8_t *buf, size_t size,
			 size_t *out_length)
{
	return tree_record_push_buf(rec, buf, size, out_length);
}

static NTSTATUS pull(TALLOC_CTX *mem_ctx, struct blob in, void *rec)
{
	return tree_record_pull(mem_ctx, in, rec);
}

static const struct server_id *owner(const void *rec)
{
	const struct tree_record *r = rec;

	return &r->owner;
}

static const struct record_ops tree_ops = {
	.size = sizeof(struct tree_record),
	.push = push,
	.push_buf = push_buf,
	.pull = pull,
	.owner = owner,
};

NTSTATUS tree_store_open(TALLOC_CTX *mem_ctx, struct db_context *db,
			 const char *path, bool must_exist,
			 struct tree_store **out)
{
	const struct record_store_params params = {.path = path,
						   .order = LOCKING_ORDER_TREE,
						   .must_exist = must_exist,
						   .ops = &tree_ops};
	struct tree_store *s = talloc_zero(mem_ctx, struct tree_store);
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

NTSTATUS tree_store_create(struct tree_store *s, struct tree_record *rec)
{
	struct tree_record r = *rec;
	uint8_t key[RECORD_ID_SIZE];
	NTSTATUS status;

	r.version = 1;
	do {
		r.id = record_id_random();
		status = record_store_insert(
			s->records, record_id_key(r.id, key), &r, NULL, NULL);
	} while (NT_STATUS_IS(status, OBJECT_NAME_COLLISION));
	if (NT_STATUS_IS_OK(status)) {
		*rec = r;
	}
	return status;
}

NTSTATUS tree_store_update(struct tree_store *s, const struct tree_record *rec)
{
	uint8_t key[RECORD_ID_SIZE];

	return record_store_update(s->records, record_id_key(rec->id, key),
				   rec);
}

NTSTATUS tree_store_get(TALLOC_CTX *mem_ctx, struct tree_store *s, uint64_t id,
			struct tree_record *out)
{
	uint8_t key[RECORD_ID_SIZE];

	return record_store_get(mem_ctx, s->records, record_id_key(id, key),
				out);
}

NTSTATUS tree_store_remove(struct tree_store *s, uint64_t id)
{
	uint8_t key[RECORD_ID_SIZE];

	return record_store_remove(s->records, record_id_key(id, key), NULL);
}

struct traverse_call {
	tree_store_fn fn;
	void *private_data;
};

static bool traverse_found(const void *rec, void *private_data)
{
	const struct traverse_call *call = private_data;

	return call->fn(rec, call->private_data);
}

NTSTATUS tree_store_traverse(struct tree_store *s, tree_store_fn fn,
			     void *private_data)
{
	struct traverse_call call = {.fn = fn, .private_data = private_data};

	return record_store_traverse(s->records, traverse_found, &call);
}

void tree_store_forget(struct tree_store *s, const struct server_id *dead)
{
	record_store_forget(s->records, dead);
}

struct record_store *tree_store_records(const struct tree_store *s)
{
	return s->records;
}
