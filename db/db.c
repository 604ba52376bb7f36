/* db/db.c - databases: the order of locks, changing and reading. */
#include "db/db_int.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/dlist.h"
#include "lib/log.h"

/* --- life --------------------------------------------------------------- */

NTSTATUS db_context_create(TALLOC_CTX *mem_ctx, struct messaging_context *m,
			   struct db_context **out)
{
	struct db_context *ctx = talloc_zero(mem_ctx, struct db_context);
	NTSTATUS status = NT_STATUS_OK;

	if (ctx == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	ctx->m = m;
	if (m != NULL) {
		status = watch_setup(ctx);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(ctx);
		return status;
	}
	*out = ctx;
	return NT_STATUS_OK;
}

static int db_destructor(struct db *db)
{
	watches_forget(db);
	DLIST_REMOVE(db->ctx->dbs, db);
	return 0;
}

static NTSTATUS open_backend(struct db *db, const struct db_params *params)
{
	const struct db_backend_params bp = {.path = db->path,
					     .kind = params->kind,
					     .hash_size = params->hash_size,
					     .must_exist = params->must_exist};

	NTSTATUS status;

	status = db_backend_tdb.open(db, &bp, &db->backend);
	if (NT_STATUS_IS_OK(status) && params->shared) {
		ASSERT(params->kind == DB_VOLATILE);
		status = spare_open(db, params);
	}
	return status;
}

NTSTATUS db_open(TALLOC_CTX *mem_ctx, struct db_context *ctx, const char *path,
		 const struct db_params *params, struct db **out)
{
	struct db *db = talloc_zero(mem_ctx, struct db);
	const char *slash = strrchr(path, '/');
	NTSTATUS status;

	ASSERT(params->order >= 1 && params->order <= DB_ORDER_MAX);
	if (db == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	db->ctx = ctx;
	db->kind = params->kind;
	db->order = params->order;
	db->path = talloc_strdup(db, path);
	db->name = talloc_strdup(db, slash == NULL ? path : slash + 1);
	if (db->path == NULL || db->name == NULL) {
		talloc_free(db);
		return NT_STATUS(NO_MEMORY);
	}
	status = open_backend(db, params);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(db);
		return status;
	}
	DLIST_ADD_END(ctx->dbs, db);
	talloc_set_destructor(db, db_destructor);
	*out = db;
	return NT_STATUS_OK;
}

NTSTATUS db_reopen_after_fork(struct db_context *ctx)
{
	struct db *db;
	NTSTATUS status;

	ASSERT(ctx->held == 0);
	for (db = ctx->dbs; db != NULL; db = db->next) {
		status = db->backend->ops->reopen_after_fork(db->backend);
		if (NT_STATUS_IS_OK(status) && db->spare != NULL) {
			status = db->spare->ops->reopen_after_fork(db->spare);
		}
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	return NT_STATUS_OK;
}

/* --- the order of locks ------------------------------------------------- */

static void order_enter(struct db *db)
{
	ASSERT(db->ctx->held >> db->order == 0);
	db->ctx->held |= 1u << db->order;
}

static void order_leave(struct db *db)
{
	ASSERT(db->ctx->held >> db->order == 1);
	db->ctx->held &= ~(1u << db->order);
}

/* --- transactions ------------------------------------------------------- */

static NTSTATUS transaction_begin(struct db *db)
{
	struct db_backend *b = db->backend;
	NTSTATUS status;

	if (db->depth == 0) {
		order_enter(db);
		status = b->ops->transaction_start(b);
		if (!NT_STATUS_IS_OK(status)) {
			order_leave(db);
			return status;
		}
		db->doomed = NT_STATUS_OK;
	}
	db->depth++;
	return NT_STATUS_OK;
}

/* result decides between all and nothing; an inner "nothing" dooms the outer
 * ones, for only all of it can be undone. */
static NTSTATUS transaction_end(struct db *db, NTSTATUS result)
{
	struct db_backend *b = db->backend;

	ASSERT(db->depth > 0);
	if (--db->depth > 0) {
		if (!NT_STATUS_IS_OK(result)) {
			db->doomed = result;
		}
		return result;
	}
	if (NT_STATUS_IS_OK(result)) {
		result = db->doomed;
	}
	if (NT_STATUS_IS_OK(result)) {
		result = b->ops->transaction_commit(b);
	} else {
		b->ops->transaction_cancel(b);
	}
	order_leave(db);
	return result;
}

NTSTATUS db_transaction(struct db *db, db_transaction_fn fn, void *private_data)
{
	NTSTATUS status;

	ASSERT(db->kind == DB_PERSISTENT);
	status = transaction_begin(db);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return transaction_end(db, fn(db, private_data));
}

/* --- changing a record -------------------------------------------------- */

struct locked_call {
	struct db_record rec;
	db_locked_fn fn;
	void *private_data;
	bool called;
};

/* A record that cannot be read (somebody was killed while he wrote it) counts
 * as none: to refuse would lock all out of it. */
static void decode_or_none(struct db *db, struct blob raw,
			   struct record_parts *out)
{
	if (!NT_STATUS_IS_OK(record_decode(db, raw, out))) {
		LOG_ERR(LOG_DB, "%s: a record is damaged", db->path);
		*out = (struct record_parts){.flagged = true};
	}
}

static NTSTATUS locked_found(struct blob raw, void *private_data)
{
	struct locked_call *call = private_data;
	struct record_parts parts;

	decode_or_none(call->rec.db, raw, &parts);
	call->called = true;
	call->rec.watchers = parts.watchers;
	call->rec.flagged = parts.flagged;
	call->rec.length = call->rec.from_spare ? 0 : raw.length;
	return call->fn(&call->rec, parts.value, call->private_data);
}

static NTSTATUS call_locked(struct locked_call *call)
{
	NTSTATUS status;

	status = spare_parse(call->rec.db, call->rec.key, locked_found, call,
			     &call->rec.from_spare);
	if (!call->called && NT_STATUS_IS(status, NOT_FOUND)) {
		call->rec.from_spare = false;
		status = call->fn(&call->rec, (struct blob){0},
				  call->private_data);
	}
	TALLOC_FREE(call->rec.mem_ctx);
	return status;
}

static NTSTATUS do_locked_volatile(struct locked_call *call)
{
	struct db *db = call->rec.db;
	struct db_backend *b = db->backend;
	NTSTATUS status;

	order_enter(db);
	status = b->ops->lock(b, call->rec.key);
	if (NT_STATUS_IS_OK(status)) {
		status = call_locked(call);
		b->ops->unlock(b, call->rec.key);
	}
	order_leave(db);
	return status;
}

NTSTATUS db_do_alone(struct db *db, struct blob key, db_alone_fn fn,
		     void *private_data)
{
	struct db_backend *b = db->backend;
	NTSTATUS status;

	ASSERT(db->kind == DB_VOLATILE);
	order_enter(db);
	status = b->ops->lock(b, key);
	if (NT_STATUS_IS_OK(status)) {
		status = fn(private_data);
		b->ops->unlock(b, key);
	}
	order_leave(db);
	return status;
}

static NTSTATUS do_locked_persistent(struct locked_call *call)
{
	struct db *db = call->rec.db;
	NTSTATUS status;

	status = transaction_begin(db);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = call_locked(call);
	if (db->depth > 1 && !call->rec.changed) {
		/* It undoes nothing, so it dooms nothing. */
		db->depth--;
		return status;
	}
	return transaction_end(db, status);
}

NTSTATUS db_do_locked(struct db *db, struct blob key, db_locked_fn fn,
		      void *private_data)
{
	struct locked_call call = {.rec = {.db = db, .key = key},
				   .fn = fn,
				   .private_data = private_data};

	if (db->kind == DB_PERSISTENT) {
		return do_locked_persistent(&call);
	}
	return do_locked_volatile(&call);
}

NTSTATUS db_record_store_parts(struct db_record *rec, const struct blob *parts,
			       size_t num_parts)
{
	if (parts_length(parts, num_parts) > DB_MAX_VALUE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	watchers_wake(rec);
	return record_write(rec, (struct blob){0}, parts, num_parts);
}

/* They lie in what is about to be replaced. */
static NTSTATUS keep_watchers(struct db_record *rec, struct blob *out)
{
	*out = (struct blob){.length = rec->watchers.length};
	if (rec->watchers.data == NULL) {
		return NT_STATUS_OK;
	}
	if (rec->mem_ctx == NULL) {
		rec->mem_ctx = talloc_new(rec->db);
	}
	out->data = talloc_memdup(rec->mem_ctx, rec->watchers.data,
				  rec->watchers.length);
	return out->data == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

NTSTATUS db_record_update_parts(struct db_record *rec, const struct blob *parts,
				size_t num_parts)
{
	struct blob watchers;
	NTSTATUS status;

	if (parts_length(parts, num_parts) > DB_MAX_VALUE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = keep_watchers(rec, &watchers);
	if (NT_STATUS_IS_OK(status)) {
		status = record_write(rec, watchers, parts, num_parts);
		rec->watchers = watchers;
	}
	return status;
}

NTSTATUS db_record_store(struct db_record *rec, struct blob value)
{
	return db_record_store_parts(rec, &value, 1);
}

NTSTATUS db_record_delete(struct db_record *rec)
{
	watchers_wake(rec);
	return record_write(rec, (struct blob){0}, NULL, 0);
}

void db_record_wake(struct db_record *rec)
{
	watchers_wake(rec);
}

struct blob db_record_key(const struct db_record *rec)
{
	return rec->key;
}

/* --- the same for one step ---------------------------------------------- */

static NTSTATUS store_locked(struct db_record *rec, struct blob value,
			     void *private_data)
{
	const struct blob *new_value = private_data;

	return db_record_store(rec, *new_value);
}

NTSTATUS db_store(struct db *db, struct blob key, struct blob value)
{
	return db_do_locked(db, key, store_locked, &value);
}

static NTSTATUS insert_locked(struct db_record *rec, struct blob value,
			      void *private_data)
{
	const struct blob *new_value = private_data;

	if (value.data != NULL) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	return db_record_store(rec, *new_value);
}

NTSTATUS db_insert(struct db *db, struct blob key, struct blob value)
{
	return db_do_locked(db, key, insert_locked, &value);
}

static NTSTATUS delete_locked(struct db_record *rec, struct blob value,
			      void *private_data)
{
	if (value.data == NULL) {
		return NT_STATUS(NOT_FOUND);
	}
	return db_record_delete(rec);
}

NTSTATUS db_delete(struct db *db, struct blob key)
{
	return db_do_locked(db, key, delete_locked, NULL);
}

/* --- reading ------------------------------------------------------------ */

struct parse_call {
	struct db *db;
	db_parse_fn fn;
	void *private_data;
};

static NTSTATUS parse_found(struct blob raw, void *private_data)
{
	const struct parse_call *call = private_data;
	struct record_parts parts;

	decode_or_none(call->db, raw, &parts);
	if (parts.value.data == NULL) {
		return NT_STATUS(NOT_FOUND);
	}
	return call->fn(parts.value, call->private_data);
}

NTSTATUS db_parse(struct db *db, struct blob key, db_parse_fn fn,
		  void *private_data)
{
	struct parse_call call = {
		.db = db, .fn = fn, .private_data = private_data};
	bool in_transaction = db->depth > 0, from_spare;
	NTSTATUS status;

	if (!in_transaction) {
		order_enter(db);
	}
	status = spare_parse(db, key, parse_found, &call, &from_spare);
	if (!in_transaction) {
		order_leave(db);
	}
	return status;
}

struct get_call {
	TALLOC_CTX *mem_ctx;
	struct blob out;
};

static NTSTATUS get_found(struct blob value, void *private_data)
{
	struct get_call *call = private_data;

	/* One byte more, so that an empty value has an address too. */
	call->out.data = talloc_size(call->mem_ctx, value.length + 1);
	if (call->out.data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	memcpy(call->out.data, value.data, value.length);
	call->out.length = value.length;
	return NT_STATUS_OK;
}

NTSTATUS db_get(TALLOC_CTX *mem_ctx, struct db *db, struct blob key,
		struct blob *out)
{
	struct get_call call = {.mem_ctx = mem_ctx};
	NTSTATUS status;

	status = db_parse(db, key, get_found, &call);
	if (NT_STATUS_IS_OK(status)) {
		*out = call.out;
	}
	return status;
}

struct traverse_call {
	struct db *db;
	db_traverse_fn fn;
	void *private_data;
};

static bool traverse_found(struct blob key, struct blob raw, void *private_data)
{
	const struct traverse_call *call = private_data;
	struct record_parts parts;

	decode_or_none(call->db, raw, &parts);
	return parts.value.data == NULL ||
	       call->fn(key, parts.value, call->private_data);
}

NTSTATUS db_traverse(struct db *db, db_traverse_fn fn, void *private_data)
{
	struct traverse_call call = {
		.db = db, .fn = fn, .private_data = private_data};
	bool in_transaction = db->depth > 0;
	NTSTATUS status;

	if (!in_transaction) {
		order_enter(db);
	}
	status = db->backend->ops->traverse(db->backend, traverse_found, &call);
	if (!in_transaction) {
		order_leave(db);
	}
	return status;
}

static NTSTATUS check_both(struct db *db, bool *out_repaired)
{
	bool repaired = false, spare_repaired = false;
	NTSTATUS status;

	status = db->backend->ops->check(db->backend, &repaired);
	if (NT_STATUS_IS_OK(status) && db->spare != NULL) {
		status = db->spare->ops->check(db->spare, &spare_repaired);
	}
	if (NT_STATUS_IS_OK(status)) {
		*out_repaired = repaired || spare_repaired;
	}
	return status;
}

NTSTATUS db_check(struct db *db, bool *out_repaired)
{
	NTSTATUS status;

	order_enter(db);
	status = check_both(db, out_repaired);
	order_leave(db);
	if (NT_STATUS_IS_OK(status) && db->spare != NULL) {
		spare_recover(db);
	}
	return status;
}

void db_check_all(struct db_context *ctx)
{
	struct db *db;
	NTSTATUS status;
	bool repaired;

	for (db = ctx->dbs; db != NULL; db = db->next) {
		if (db->kind != DB_VOLATILE) {
			continue;
		}
		status = db_check(db, &repaired);
		if (!NT_STATUS_IS_OK(status)) {
			LOG_ERR(LOG_DB, "%s is damaged: %s", db->path,
				ntstatus_name(status));
		} else if (repaired) {
			LOG_WARN(LOG_DB, "%s was damaged and is repaired",
				 db->path);
		}
	}
}
