/* db/db.h - databases: what all processes of the server share.
 *
 * Keys and values are bytes; what they mean is the caller's (records are
 * declared in idl/).  A record is changed only inside db_do_locked().  Nobody
 * waits under a record's lock: who must wait for a change registers a watch,
 * lets go of the lock, is woken and looks again.
 *
 * Back ends (db/backend.h): tdb; a volatile database uses robust mutexes, so
 * that a process killed under a lock does not stop the others.
 *
 * All functions work whichever identity (lib/identity.h) is in force. */
#ifndef DB_DB_H
#define DB_DB_H

#include <talloc.h>
#include <tevent.h>

#include "idl/server_id_gen.h"
#include "lib/blob.h"
#include "lib/ntstatus.h"

struct messaging_context;
struct server_id;

/* What the databases of one process have in common: messages and the order of
 * the locks held. */
struct db_context;
struct db;
struct db_record; /* a record under its lock */

enum db_kind {
	DB_VOLATILE,  /* emptied when opened while nobody else has it open */
	DB_PERSISTENT /* changes are transactions, on disk when done */
};

/* A lock of order n may be taken only while all locks held are of lower order
 * (asserted).  So one record of each database at most, and no circle. */
#define DB_ORDER_MAX 16

struct db_params {
	enum db_kind kind;
	unsigned int order;	/* 1 .. DB_ORDER_MAX */
	unsigned int hash_size; /* 0: a default */
	bool must_exist;	/* OBJECT_NAME_NOT_FOUND instead of making it */
	bool shared; /* volatile: a record holds what is several processes';
		      * a second file, "NAME.moving.tdb", sees to it that none
		      * is lost when a process is killed amidst a store */
};

/* --- life --------------------------------------------------------------- */

/* m may be NULL: then watches answer NOT_SUPPORTED and wake nobody. */
MUST_CHECK NTSTATUS db_context_create(TALLOC_CTX *mem_ctx,
				      struct messaging_context *m,
				      struct db_context **out);

/* path ends with the database's name ("/run/holdfast/open.tdb"), which is what
 * messages call it.  The file is made with mode 0600.  Belongs to mem_ctx;
 * freeing it closes the database; ctx outlives it. */
MUST_CHECK NTSTATUS db_open(TALLOC_CTX *mem_ctx, struct db_context *ctx,
			    const char *path, const struct db_params *params,
			    struct db **out);

/* In the child after a fork, for every database open in ctx. */
MUST_CHECK NTSTATUS db_reopen_after_fork(struct db_context *ctx);

/* --- changing a record -------------------------------------------------- */

/* value is lent until the first store, delete or watch of rec; value.data is
 * NULL when there is no such record. */
typedef NTSTATUS (*db_locked_fn)(struct db_record *rec, struct blob value,
				 void *private_data);

/* Calls fn once with the record locked and returns what fn returned; or an
 * error without having called fn.  In a persistent database all that fn did is
 * undone unless it returns OK. */
MUST_CHECK NTSTATUS db_do_locked(struct db *db, struct blob key,
				 db_locked_fn fn, void *private_data);

/* Calls fn once with key locked, when the lock is all that is wanted: no record
 * is looked at, and none of the functions below is for fn to call on it.  Of a
 * volatile database. */
typedef NTSTATUS (*db_alone_fn)(void *private_data);
MUST_CHECK NTSTATUS db_do_alone(struct db *db, struct blob key, db_alone_fn fn,
				void *private_data);

/* Within fn.  They wake the record's watchers.  A process killed amidst a store
 * may leave a mixture of the old and the new value, or no record; in a shared
 * database only when both are of the same length, byte by byte: who keeps there
 * what belongs to others rewrites it with the same bytes.  A value over
 * DB_MAX_VALUE gives INVALID_PARAMETER. */
#define DB_MAX_VALUE (64 * 1024 * 1024)
MUST_CHECK NTSTATUS db_record_store(struct db_record *rec, struct blob value);
/* The value in pieces, one after the other; at most DB_MAX_PARTS. */
#define DB_MAX_PARTS 6
MUST_CHECK NTSTATUS db_record_store_parts(struct db_record *rec,
					  const struct blob *parts,
					  size_t num_parts);
/* The same for what nobody waits for: who watches the record stays, and is not
 * woken. */
MUST_CHECK NTSTATUS db_record_update_parts(struct db_record *rec,
					   const struct blob *parts,
					   size_t num_parts);
/* OK also when there was none. */
MUST_CHECK NTSTATUS db_record_delete(struct db_record *rec);
/* Wakes the watchers without a change. */
void db_record_wake(struct db_record *rec);
/* Lent for the call of fn. */
struct blob db_record_key(const struct db_record *rec);

/* --- the same for one step ---------------------------------------------- */

MUST_CHECK NTSTATUS db_store(struct db *db, struct blob key, struct blob value);
/* OBJECT_NAME_COLLISION when there is a value already. */
MUST_CHECK NTSTATUS db_insert(struct db *db, struct blob key,
			      struct blob value);
/* NOT_FOUND when there was none. */
MUST_CHECK NTSTATUS db_delete(struct db *db, struct blob key);

/* --- reading ------------------------------------------------------------ */

/* Lends the value, without copying, to fn and returns what fn returned;
 * NOT_FOUND when there is none.  fn calls nothing of this header but db_parse()
 * of databases of higher order. */
typedef NTSTATUS (*db_parse_fn)(struct blob value, void *private_data);
MUST_CHECK NTSTATUS db_parse(struct db *db, struct blob key, db_parse_fn fn,
			     void *private_data);

/* A copy on mem_ctx; NOT_FOUND when there is none. */
MUST_CHECK NTSTATUS db_get(TALLOC_CTX *mem_ctx, struct db *db, struct blob key,
			   struct blob *out);

/* Calls fn for every record until it says false.  key and value are lent; a
 * part of the database is locked during the call, so fn calls nothing of this
 * header but db_parse() of databases of higher order: who wants to change
 * records collects their keys first.  Records that come or go meanwhile may be
 * seen or not. */
typedef bool (*db_traverse_fn)(struct blob key, struct blob value,
			       void *private_data);
MUST_CHECK NTSTATUS db_traverse(struct db *db, db_traverse_fn fn,
				void *private_data);

/* --- watching a record -------------------------------------------------- */

/* Called within fn of db_do_locked(), as its last step on rec, which need not
 * have a value: whatever happens to the record after that completes the
 * request.  It may also complete for nothing, and does when some process died
 * (MSG_PROCESS_DIED), for the dead one may have been who was waited for: always
 * look again.  One request is one wake.  Use tevent_req_set_endtime() for a
 * deadline.  Freeing it ends the watch.  Volatile databases only. */
struct tevent_req *db_watch_send(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
				 struct db_record *rec);

/* OK: look again.  IO_TIMEOUT: the deadline is over. */
MUST_CHECK NTSTATUS db_watch_recv(struct tevent_req *req);

/* A record that is watched, and by which processes; lent. */
struct db_watched {
	const char *db_name; /* "share_mode.tdb" */
	struct blob key;
	bool has_value;
	const struct server_id *watchers;
	size_t count;
};

/* Calls fn for each in all volatile databases of ctx until it says false; as
 * db_traverse(). */
typedef bool (*db_watched_fn)(const struct db_watched *w, void *private_data);
MUST_CHECK NTSTATUS db_each_watched(struct db_context *ctx, db_watched_fn fn,
				    void *private_data);

/* Where the record's own value says who waits, and whom a change concerns: a
 * watch that changes of the record do not wake, nor any other watch, but only
 * db_record_wake_one() for this process and this tag (not 0); and the death of
 * a process, as above. */
struct tevent_req *db_watch_tagged_send(TALLOC_CTX *mem_ctx,
					struct tevent_context *ev,
					struct db_record *rec, uint64_t tag);

/* Within fn, before the change.  false: there is no such process any more. */
bool db_record_wake_one(struct db_record *rec, const struct server_id *who,
			uint64_t tag);

/* --- transactions (persistent databases) -------------------------------- */

/* Calls fn, which uses the functions above on db; all of it is done and on
 * disk, or, when fn does not return OK, nothing. */
typedef NTSTATUS (*db_transaction_fn)(struct db *db, void *private_data);
MUST_CHECK NTSTATUS db_transaction(struct db *db, db_transaction_fn fn,
				   void *private_data);

/* --- health ------------------------------------------------------------- */

/* Looks the whole database over with everybody locked out.  When a process was
 * killed amidst a change and left it damaged, what can be read is kept and the
 * rest put in order; out_repaired says so.  For the master, after a process
 * died by a signal.  IO_TIMEOUT when somebody does not let go of a lock. */
MUST_CHECK NTSTATUS db_check(struct db *db, bool *out_repaired);

/* The same for all volatile databases of ctx; says in the log what it did. */
void db_check_all(struct db_context *ctx);

#endif
