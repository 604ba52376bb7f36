/* smbd/id_table.h - numbers for things, and the way back: tree ids and the
 * volatile half of file ids.  Look-up is an array access. */
#ifndef SMBD_ID_TABLE_H
#define SMBD_ID_TABLE_H

#include <talloc.h>

#include "lib/ntstatus.h"

struct id_table;

/* A table for at most max things.  Belongs to mem_ctx. */
MUST_CHECK NTSTATUS id_table_create(TALLOC_CTX *mem_ctx, uint32_t max,
				    struct id_table **out);

/* A number for thing: never 0 or UINT32_MAX, and not one that was given back
 * a short while ago.  INSUFFICIENT_RESOURCES when the table is full. */
MUST_CHECK NTSTATUS id_table_add(struct id_table *t, void *thing,
				 uint32_t *out_id);

/* The thing, lent; NULL if there is none with that number. */
void *id_table_lookup(const struct id_table *t, uint32_t id);

/* Forgets the thing with that number (asserted to be there). */
void id_table_remove(struct id_table *t, uint32_t id);

uint32_t id_table_count(const struct id_table *t);

/* The first thing whose slot is at or after *cursor, which moves past it; NULL
 * at the end.  Things may be removed while walking. */
void *id_table_next(const struct id_table *t, uint32_t *cursor);

#endif
