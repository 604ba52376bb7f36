/* locking/open_store.h - open.tdb: which files are open. */
#ifndef LOCKING_OPEN_STORE_H
#define LOCKING_OPEN_STORE_H

#include <talloc.h>

#include "idl/locking_gen.h"
#include "lib/ntstatus.h"

struct db_context;
struct open_store;
struct record_store;

/* Belongs to mem_ctx. */
MUST_CHECK NTSTATUS open_store_open(TALLOC_CTX *mem_ctx, struct db_context *db,
				    const char *path, bool must_exist,
				    struct open_store **out);

/* An id for an open in the making, new for this run of the server, never 0:
 * nothing is stored yet. */
uint64_t open_store_new_id(struct open_store *s);

/* Stores rec under rec->id, or under a new id, which it sets in rec, when that
 * is 0; sets the version as well.  On failure rec is unchanged. */
MUST_CHECK NTSTATUS open_store_create(struct open_store *s,
				      struct open_record *rec);

/* Replaces the record with rec's id; NOT_FOUND when it is gone. */
MUST_CHECK NTSTATUS open_store_update(struct open_store *s,
				      const struct open_record *rec);

/* A copy, strings on mem_ctx; NOT_FOUND when there is none.  Its owner may be
 * dead: ask server_id_exists() where it matters. */
MUST_CHECK NTSTATUS open_store_get(TALLOC_CTX *mem_ctx, struct open_store *s,
				   uint64_t id, struct open_record *out);

/* NOT_FOUND when there is none. */
MUST_CHECK NTSTATUS open_store_remove(struct open_store *s, uint64_t id);

/* Calls fn for each, until it says false; the record is lent.  fn calls
 * nothing of locking/ or db/. */
typedef bool (*open_store_fn)(const struct open_record *rec,
			      void *private_data);
MUST_CHECK NTSTATUS open_store_traverse(struct open_store *s, open_store_fn fn,
					void *private_data);

/* The records as such (locking/record_store.h), lent. */
struct record_store *open_store_records(const struct open_store *s);

/* Removes what a dead process left. */
void open_store_forget(struct open_store *s, const struct server_id *dead);

#endif
