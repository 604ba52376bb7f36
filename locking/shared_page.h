/* locking/shared_page.h - memory that all processes of a server share, made
 * before they are forked. */
#ifndef LOCKING_SHARED_PAGE_H
#define LOCKING_SHARED_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "lib/ntstatus.h"

struct shared_page;

/* size bytes, zeros at first; belongs to mem_ctx.  With a path it is a file, in
 * which a new master finds what the children of one that was killed have in it;
 * it is cleared when nobody has it any more.  NULL: in memory. */
MUST_CHECK NTSTATUS shared_page_create(TALLOC_CTX *mem_ctx, const char *path,
				       size_t size, struct shared_page **out);

/* The file of others, to be read only; nobody notices.  OBJECT_NAME_NOT_FOUND:
 * there is none, or none of that size. */
MUST_CHECK NTSTATUS shared_page_look(TALLOC_CTX *mem_ctx, const char *path,
				     size_t size, struct shared_page **out);

/* Where it is; lent. */
void *shared_page_get(const struct shared_page *p);

/* For who checks counts that others change meanwhile: whether the count, in
 * such memory, is another one than want and goes on being above it, or below,
 * for some milliseconds. */
bool shared_count_is_wrong(const _Atomic uint32_t *count, uint32_t want);

#endif
