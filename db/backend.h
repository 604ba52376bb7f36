/* db/backend.h - what a back end does: bytes under keys, and locks on them.
 *
 * db/db.c does all the rest: the order of locks, watches, what is asked for
 * twice.  db/backend_tdb.c is the first one; ctdb has the same table. */
#ifndef DB_BACKEND_H
#define DB_BACKEND_H

#include "db/db.h"

struct db_backend_ops;

/* A value is handed over in at most so many pieces. */
#define DB_BACKEND_PARTS (DB_MAX_PARTS + 3)

/* One open database; the first member of the back end's own struct. */
struct db_backend {
	const struct db_backend_ops *ops;
};

struct db_backend_params {
	const char *path;
	enum db_kind kind;
	unsigned int hash_size; /* 0: a default */
	bool must_exist;
};

struct db_backend_ops {
	const char *name;

	/* Belongs to mem_ctx; freeing it closes. */
	NTSTATUS(*open)
	(TALLOC_CTX *mem_ctx, const struct db_backend_params *params,
	 struct db_backend **out);
	NTSTATUS (*reopen_after_fork)(struct db_backend *b);

	/* Others that lock the key wait.  One lock at a time, not nested.  The
	 * lock of a process that died is free. */
	NTSTATUS (*lock)(struct db_backend *b, struct blob key);
	void (*unlock)(struct db_backend *b, struct blob key);

	/* Lends the value to fn; NOT_FOUND without one.  Within a lock on the
	 * key fn may store and erase that key, after which value is gone. */
	NTSTATUS(*parse)
	(struct db_backend *b, struct blob key, db_parse_fn fn,
	 void *private_data);
	/* Within a lock on the key, or a transaction. */
	NTSTATUS(*store)
	(struct db_backend *b, struct blob key, const struct blob *parts,
	 size_t num_parts);
	NTSTATUS (*erase)(struct db_backend *b, struct blob key);

	NTSTATUS(*traverse)
	(struct db_backend *b, db_traverse_fn fn, void *private_data);

	/* Persistent databases; not nested. */
	NTSTATUS (*transaction_start)(struct db_backend *b);
	NTSTATUS (*transaction_commit)(struct db_backend *b);
	void (*transaction_cancel)(struct db_backend *b);

	NTSTATUS (*check)(struct db_backend *b, bool *out_repaired);
};

extern const struct db_backend_ops db_backend_tdb;

/* The length of all together. */
static inline size_t parts_length(const struct blob *parts, size_t n)
{
	size_t i, length = 0;

	for (i = 0; i < n; i++) {
		length += parts[i].length;
	}
	return length;
}

#endif
