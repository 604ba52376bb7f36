/* vfs_modules/tests/memory_check.h - looks over all that is in the memory
 * driver's arena, and writes it down. */
#ifndef VFS_MODULES_TESTS_MEMORY_CHECK_H
#define VFS_MODULES_TESTS_MEMORY_CHECK_H

#include "vfs_modules/memory/memory.h"

/* Asserts that everything is as it must be between two operations: trees in
 * order, each name known to its file, room accounted for to the byte, nothing
 * doomed that nobody has open. */
void memory_check(struct mem_state *s);

/* What clients see of the share but times, as a text on mem_ctx. */
char *memory_dump(TALLOC_CTX *mem_ctx, struct mem_state *s, const char *share);

#endif
