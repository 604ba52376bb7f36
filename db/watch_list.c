/* db/watch_list.c - who watches what, for who looks from outside. */
#include "db/db_int.h"

struct list_call {
	struct db *db;
	db_watched_fn fn;
	void *private_data;
	bool enough;
};

static bool list_found(struct blob key, struct blob raw, void *private_data)
{
	struct list_call *call = private_data;
	TALLOC_CTX *mem_ctx;
	struct db_watchers list = {0};
	struct record_parts parts;

	if (!NT_STATUS_IS_OK(record_decode(call->db, raw, &parts)) ||
	    parts.watchers.data == NULL) {
		return true;
	}
	mem_ctx = talloc_new(call->db);
	if (NT_STATUS_IS_OK(db_watchers_pull(mem_ctx, parts.watchers, &list))) {
		const struct db_watched w = {
			.db_name = call->db->name,
			.key = key,
			.has_value = parts.value.data != NULL,
			.watchers = list.watchers,
			.count = list.count,
		};

		call->enough = !call->fn(&w, call->private_data);
	}
	talloc_free(mem_ctx);
	return !call->enough;
}

NTSTATUS db_each_watched(struct db_context *ctx, db_watched_fn fn,
			 void *private_data)
{
	NTSTATUS status = NT_STATUS_OK;
	struct db *db;

	for (db = ctx->dbs; db != NULL && NT_STATUS_IS_OK(status);
	     db = db->next) {
		struct list_call call = {
			.db = db, .fn = fn, .private_data = private_data};

		if (db->kind == DB_VOLATILE) {
			status = db->backend->ops->traverse(db->backend,
							    list_found, &call);
		}
		if (call.enough) {
			break;
		}
	}
	return status;
}
