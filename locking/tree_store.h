/* locking/tree_store.h - tree.tdb: which shares are connected. */
#ifndef LOCKING_TREE_STORE_H
#define LOCKING_TREE_STORE_H

#include <talloc.h>

#include "idl/locking_gen.h"
#include "lib/ntstatus.h"

struct db_context;
struct tree_store;
struct record_store;

/* Belongs to mem_ctx. */
MUST_CHECK NTSTATUS tree_store_open(TALLOC_CTX *mem_ctx, struct db_context *db,
				    const char *path, bool must_exist,
				    struct tree_store **out);

/* Stores rec under a new id, new for this run of the server (never 0), which it
 * sets in rec; the version as well.  On failure rec is unchanged. */
MUST_CHECK NTSTATUS tree_store_create(struct tree_store *s,
				      struct tree_record *rec);

/* Replaces the record with rec's id; NOT_FOUND when it is gone. */
MUST_CHECK NTSTATUS tree_store_update(struct tree_store *s,
				      const struct tree_record *rec);

/* A copy, strings on mem_ctx; NOT_FOUND when there is none.  Its owner may be
 * dead: ask server_id_exists() where it matters. */
MUST_CHECK NTSTATUS tree_store_get(TALLOC_CTX *mem_ctx, struct tree_store *s,
				   uint64_t id, struct tree_record *out);

/* NOT_FOUND when there is none. */
MUST_CHECK NTSTATUS tree_store_remove(struct tree_store *s, uint64_t id);

/* Calls fn for each, until it says false; the record is lent.  fn calls
 * nothing of locking/ or db/. */
typedef bool (*tree_store_fn)(const struct tree_record *rec,
			      void *private_data);
MUST_CHECK NTSTATUS tree_store_traverse(struct tree_store *s, tree_store_fn fn,
					void *private_data);

/* The records as such (locking/record_store.h), lent. */
struct record_store *tree_store_records(const struct tree_store *s);

/* Removes what a dead process left. */
void tree_store_forget(struct tree_store *s, const struct server_id *dead);

#endif
