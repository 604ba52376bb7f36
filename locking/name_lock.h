/* locking/name_lock.h - names of which one process at a time makes a file, or
 * renames another to it: so that nobody meets a file before who has made it has
 * entered its record, and nobody opens one that is being replaced.  Owns
 * name.tdb, in which nothing is ever stored.
 *
 * Who only opens a file looks whether its name is busy, in memory that all
 * processes share, and takes the lock when it is.  Names with the same hash are
 * busy together, and so they remain when a process is killed that has one: that
 * costs a lock for nothing. */
#ifndef LOCKING_NAME_LOCK_H
#define LOCKING_NAME_LOCK_H

#include <stdbool.h>
#include <talloc.h>

#include "lib/ntstatus.h"

struct db_context;
struct name_locks;

/* dir/name.tdb and dir/making.board; belongs to mem_ctx.  Who says must_exist
 * (a tool) takes no locks. */
MUST_CHECK NTSTATUS name_locks_open(TALLOC_CTX *mem_ctx, struct db_context *db,
				    const char *dir, bool must_exist,
				    struct name_locks **out);

/* Calls fn once with the name locked and busy, whatever its case, and returns
 * what fn returned; or why it could not be locked.  top: what name is relative
 * to.  Taken before the record of any file. */
typedef NTSTATUS (*name_lock_fn)(void *private_data);
MUST_CHECK NTSTATUS name_lock_do(struct name_locks *l, const char *top,
				 const char *name, name_lock_fn fn,
				 void *private_data);

/* Whether somebody may be in name_lock_do() for the name; false only when
 * nobody is. */
bool name_lock_is_busy(const struct name_locks *l, const char *top,
		       const char *name);

#endif
