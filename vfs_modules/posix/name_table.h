/* vfs_modules/posix/name_table.h - the names of one directory, by hash of
 * their folded forms: eight bytes a name and the name itself. */
#ifndef VFS_MODULES_POSIX_NAME_TABLE_H
#define VFS_MODULES_POSIX_NAME_TABLE_H

#include <talloc.h>

#include "lib/ntstatus.h"

struct name_table;

/* Belongs to mem_ctx; NULL without memory. */
struct name_table *name_table_create(TALLOC_CTX *mem_ctx);

/* Adds name unless it is there already. */
MUST_CHECK NTSTATUS name_table_add(struct name_table *t, uint32_t hash,
				   const char *name);

/* Removes name if it is there. */
void name_table_remove(struct name_table *t, uint32_t hash, const char *name);

/* The name itself if it is there; lent until the table changes. */
const char *name_table_lookup_exact(const struct name_table *t, uint32_t hash,
				    const char *name);

/* The first name with this hash that fn says yes to; NULL if there is none. */
const char *name_table_lookup(const struct name_table *t, uint32_t hash,
			      bool (*fn)(const char *name, void *private_data),
			      void *private_data);

/* Memory it takes. */
size_t name_table_bytes(const struct name_table *t);

#endif
