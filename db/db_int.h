/* db/db_int.h - what the files of db/ share.
 *
 * db.c            databases, the order of locks, changing and reading
 * record.c        the foot of a record: who watches it
 * watch.c         waiting for a change, and waking who waits
 * backend_tdb.c   the back end over tdb */
#ifndef DB_DB_INT_H
#define DB_DB_INT_H

#include "db/backend.h"
#include "db/db.h"
#include "idl/db_gen.h"

struct watch_state;
struct messaging_handler;

struct db_context {
	struct messaging_context *m; /* may be NULL */
	struct db *dbs;
	unsigned int held;	     /* bit n: a lock of order n is held */
	struct watch_state *watches; /* of this process */
};

struct db {
	struct db *prev, *next;
	struct db_context *ctx;
	const char *path;
	const char *name; /* the last part of path */
	enum db_kind kind;
	unsigned int order;
	struct db_backend *backend;
	unsigned int depth; /* of transactions */
	NTSTATUS doomed;    /* why the transaction must not commit */
};

/* A record as it lies in the back end; all lent. */
struct record_parts {
	struct blob value;    /* data NULL: none */
	struct blob watchers; /* a db_watchers, or data NULL */
};

struct db_record {
	struct db *db;
	struct blob key;
	struct blob watchers; /* lent until the first change; data NULL: none */
	bool changed;
};

/* --- record.c ----------------------------------------------------------- */

/* Takes apart what the back end has; INTERNAL_DB_CORRUPTION. */
MUST_CHECK NTSTATUS record_decode(const struct db *db, struct blob raw,
				  struct record_parts *out);

/* Stores, under the lock of rec; value_parts may be NULL for no value. */
MUST_CHECK NTSTATUS record_write(struct db_record *rec, struct blob watchers,
				 const struct blob *value_parts, size_t n);

/* --- watch.c ------------------------------------------------------------ */

/* Tells them that the record changes or is about to. */
void watchers_wake(const struct db_record *rec);

/* Listens for MSG_DB_WAKE. */
MUST_CHECK NTSTATUS watch_setup(struct db_context *ctx);

/* The database is closed: its watches will not be woken any more. */
void watches_forget(struct db *db);

#endif
