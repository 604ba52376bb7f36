/* locking/name_lock.h - names of which one process at a time makes a file, or
 * opens it as the first, or renames another to it: so that nobody meets a file
 * before who has made it has entered its record.  Owns name.tdb, in which
 * nothing is ever stored. */
#ifndef LOCKING_NAME_LOCK_H
#define LOCKING_NAME_LOCK_H

#include <stdbool.h>
#include <talloc.h>

#include "lib/ntstatus.h"

struct db_context;
struct name_locks;

/* Belongs to mem_ctx. */
MUST_CHECK NTSTATUS name_locks_open(TALLOC_CTX *mem_ctx, struct db_context *db,
				    const char *path, bool must_exist,
				    struct name_locks **out);

/* Calls fn once with the name locked, whatever its case, and returns what fn
 * returned; or why it could not be locked.  top: what name is relative to.
 * Taken before the record of any file. */
typedef NTSTATUS (*name_lock_fn)(void *private_data);
MUST_CHECK NTSTATUS name_lock_do(struct name_locks *l, const char *top,
				 const char *name, name_lock_fn fn,
				 void *private_data);

#endif
