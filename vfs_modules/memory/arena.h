/* vfs_modules/memory/arena.h - memory that several processes share, and that a
 * process killed amidst a change leaves as it was before the change.
 *
 * An arena is one mapping, made before the processes are forked, so that it is
 * at the same address in all of them and pointers into it hold everywhere.  It
 * has one lock.  Who has it notes what a word was before changing it; commit
 * forgets the notes, rollback puts the words back.  Whoever takes the lock
 * after a process died with it rolls back first.  So between two commits all
 * changes are made, or none is: of the words noted.  Bytes that were not noted
 * (a file's data, an object just allocated) are as they were last written. */
#ifndef VFS_MODULES_MEMORY_ARENA_H
#define VFS_MODULES_MEMORY_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/ntstatus.h"

#define ARENA_PAGE 4096u

struct arena;

/* Room for at most size bytes, which are taken from the system as they are
 * used; less where the system gives less. */
MUST_CHECK NTSTATUS arena_create(size_t size, struct arena **out);
void arena_destroy(struct arena *a);

size_t arena_size(const struct arena *a);

/* Where all that is in the arena is found from; NULL at first. */
void *arena_root(const struct arena *a);
void arena_set_root(struct arena *a, void *root);

/* True when somebody died with the lock: what he was about is undone. */
bool arena_lock(struct arena *a);
/* What was changed since the last commit stays. */
void arena_commit(struct arena *a);
void arena_rollback(struct arena *a);
/* After a commit or rollback. */
void arena_unlock(struct arena *a);

/* Notes n bytes at where, which are going to change. */
void arena_note(struct arena *a, void *where, size_t n);
/* There is little room for more notes: commit when all is consistent. */
bool arena_is_long(const struct arena *a);

#define ARENA_SET(a, lvalue, value)                                            \
	do {                                                                   \
		arena_note((a), &(lvalue), sizeof(lvalue));                    \
		(lvalue) = (value);                                            \
	} while (0)

/* n bytes, at most ARENA_PAGE, of any content, aligned to 16; a whole page is
 * aligned to a page.  NULL when there is no room.  They need not be noted until
 * the next commit. */
void *arena_alloc(struct arena *a, size_t n);
/* The bytes are used again after the next commit, no earlier. */
void arena_free(struct arena *a, void *p);
/* What an allocation of n bytes takes. */
size_t arena_cost(size_t n);
/* ... and has taken. */
size_t arena_cost_of(const void *p);

#endif
