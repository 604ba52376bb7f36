/* locking/client_store.c - client.tdb: which child serves a ClientGuid. */
#include "locking/client_store.h"

#include "locking/locking.h"
#include "locking/record_store.h"
#include "messaging/messaging.h"

struct client_store {
	struct record_store *records;
	struct messaging_context *m;
};

static NTSTATUS push(TALLOC_CTX *mem_ctx, const void *rec, struct blob *out)
{
	return client_record_push(mem_ctx, rec, out);
}

static NTSTATUS push_buf(const void *rec, uint8_t *buf, size_t size,
			 size_t *out_length)
{
	return client_record_push_buf(rec, buf, size, out_length);
}

static NTSTATUS pull(TALLOC_CTX *mem_ctx, struct blob in, void *rec)
{
	return client_record_pull(mem_ctx, in, rec);
}

static const struct server_id *owner_of(const void *rec)
{
	const struct client_record *r = rec;

	return &r->owner;
}

static const struct record_ops client_ops = {
	.size = sizeof(struct client_record),
	.push = push,
	.push_buf = push_buf,
	.pull = pull,
	.owner = owner_of,
};

static struct blob key_of(const struct guid *client_guid)
{
	return (struct blob){.data = (uint8_t *)client_guid->bytes,
			     .length = sizeof(client_guid->bytes)};
}

NTSTATUS client_store_open(TALLOC_CTX *mem_ctx, struct db_context *db,
			   struct messaging_context *m, const char *path,
			   bool must_exist, struct client_store **out)
{
	const struct record_store_params params = {.path = path,
						   .order =
							   LOCKING_ORDER_CLIENT,
						   .must_exist = must_exist,
						   .ops = &client_ops};
	struct client_store *s = talloc_zero(mem_ctx, struct client_store);
	NTSTATUS status;

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->m = m;
	status = record_store_open(s, db, &params, &s->records);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(s);
		return status;
	}
	*out = s;
	return NT_STATUS_OK;
}

static bool is_dead(const void *old, void *private_data)
{
	struct client_store *s = private_data;

	return !server_id_exists(s->m, owner_of(old));
}

NTSTATUS client_store_add(struct client_store *s,
			  const struct client_record *rec)
{
	struct client_record r = *rec;

	r.version = 1;
	return record_store_insert(s->records, key_of(&rec->client_guid), &r,
				   is_dead, s);
}

NTSTATUS client_store_get(TALLOC_CTX *mem_ctx, struct client_store *s,
			  const struct guid *client_guid,
			  struct client_record *out)
{
	struct client_record rec;
	NTSTATUS status;

	status = record_store_get(mem_ctx, s->records, key_of(client_guid),
				  &rec);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!server_id_exists(s->m, &rec.owner)) {
		return NT_STATUS(NOT_FOUND);
	}
	*out = rec;
	return NT_STATUS_OK;
}

NTSTATUS client_store_remove(struct client_store *s,
			     const struct guid *client_guid,
			     const struct server_id *owner)
{
	return record_store_remove(s->records, key_of(client_guid), owner);
}

struct traverse_call {
	client_store_fn fn;
	void *private_data;
};

static bool traverse_found(const void *rec, void *private_data)
{
	const struct traverse_call *call = private_data;

	return call->fn(rec, call->private_data);
}

NTSTATUS client_store_traverse(struct client_store *s, client_store_fn fn,
			       void *private_data)
{
	struct traverse_call call = {.fn = fn, .private_data = private_data};

	return record_store_traverse(s->records, traverse_found, &call);
}

void client_store_forget(struct client_store *s, const struct server_id *dead)
{
	record_store_forget(s->records, dead);
}

struct record_store *client_store_records(const struct client_store *s)
{
	return s->records;
}
