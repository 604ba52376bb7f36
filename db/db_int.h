/* db/db_int.h - what the files of db/ share.
 *
 * db.c            databases, the order of locks, changing and reading
 * record.c        the foot of a record: who watches it
 * spare.c         copies of records that are being moved
 * watch.c         waiting for a change, and waking who waits
 * watch_list.c    who watches what
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
	struct db_backend *spare; /* NULL: not shared */
	unsigned int depth;	  /* of transactions */
	NTSTATUS doomed;	  /* why the transaction must not commit */
};

/* A record as it lies in the back end; all lent. */
struct record_parts {
	struct blob value;    /* data NULL: none */
	struct blob watchers; /* a db_watchers, or data NULL */
	bool flagged;	      /* DB_FOOT_SPARE */
};

struct db_record {
	struct db *db;
	struct blob key;
	struct blob watchers; /* lent until the first change; data NULL: none */
	TALLOC_CTX *mem_ctx;  /* of what lives as long as this; may be NULL */
	bool changed;
	/* of a shared database: */
	size_t length;	 /* in the back end, foot included; 0: not there */
	bool flagged;	 /* there may be a copy in the spare */
	bool from_spare; /* there is, and only there */
};

/* --- record.c ----------------------------------------------------------- */

/* Takes apart what the back end has; INTERNAL_DB_CORRUPTION. */
MUST_CHECK NTSTATUS record_decode(const struct db *db, struct blob raw,
				  struct record_parts *out);

/* Stores, under the lock of rec; value_parts may be NULL for no value. */
MUST_CHECK NTSTATUS record_write(struct db_record *rec, struct blob watchers,
				 const struct blob *value_parts, size_t n);

/* --- spare.c ------------------------------------------------------------ */

/* Opens the second file of db. */
MUST_CHECK NTSTATUS spare_open(struct db *db, const struct db_params *params);

/* Like the back end's parse, but looks into the spare as well; says there
 * whether it was found there. */
MUST_CHECK NTSTATUS spare_parse(struct db *db, struct blob key, db_parse_fn fn,
				void *private_data, bool *out_from_spare);

/* Whether a store of this length is dangerous; then its flags have
 * DB_FOOT_SPARE. */
bool spare_is_needed(const struct db_record *rec, size_t length);

/* A store that is, and one that is not. */
MUST_CHECK NTSTATUS spare_store_moving(struct db_record *rec,
				       const struct blob *parts, size_t n);
MUST_CHECK NTSTATUS spare_store_plain(struct db_record *rec,
				      const struct blob *parts, size_t n);
MUST_CHECK NTSTATUS spare_erase(struct db_record *rec);

/* Puts back what a killed process had only copied. */
void spare_recover(struct db *db);

/* --- watch.c ------------------------------------------------------------ */

/* Tells them that the record changes or is about to. */
void watchers_wake(const struct db_record *rec);

/* Listens for MSG_DB_WAKE. */
MUST_CHECK NTSTATUS watch_setup(struct db_context *ctx);

/* The database is closed: its watches will not be woken any more. */
void watches_forget(struct db *db);

#endif
