/* vfs_modules/posix/name_index.h - finding a name in a directory without
 * regard to case, and proving that none is there.  One per process.
 *
 * The file system itself answers for a name as it is written.  For all others
 * the directory must be read; one that is asked for again is kept as an index
 * of folded names, which inotify keeps true: the watch is set before the
 * directory is read, the kernel queues an event within every system call that
 * changes the directory, whoever makes it, and the queue is emptied before
 * every look at an index.  So an index is as new as a scan would be, and
 * creating many files in one folder costs one scan in all.
 *
 * Without inotify (no instance or watch left, no /proc) and where it does not
 * see all changes (network and user-space file systems), every look is a scan.
 *
 * In a directory where the file system itself finds names in any case nothing
 * is read: what it has not found is not there (casefold.h says of which names).
 *
 * What remains is the gap between a look and the creation that follows from
 * it, in which another process may create the name in another case.  Linux has
 * no call that would close it. */
#ifndef VFS_MODULES_POSIX_NAME_INDEX_H
#define VFS_MODULES_POSIX_NAME_INDEX_H

#include <limits.h>
#include <stdbool.h>
#include <talloc.h>
#include <tevent.h>

#include "lib/ntstatus.h"

struct name_index;

/* ev: to forget what was not used for a while. */
MUST_CHECK NTSTATUS name_index_create(TALLOC_CTX *mem_ctx,
				      struct tevent_context *ev,
				      struct name_index **out);

/* The name on disk whose shown form is name in some case, in the directory
 * that dir (maybe O_PATH) is open on, for a name that the file system has not
 * found; the exact one is preferred if it is there by now.
 * OBJECT_NAME_NOT_FOUND when there is none, also when the user may not list the
 * directory: then nothing is there but what has exactly its name. */
MUST_CHECK NTSTATUS name_index_find(struct name_index *ix, int dir,
				    const char *name, char out[NAME_MAX + 1]);

/* How a name that the file system has found, in a directory where it does so in
 * any case, is written on disk.  OBJECT_NAME_NOT_FOUND when it is the same to
 * the file system alone (other code points for the same text). */
MUST_CHECK NTSTATUS name_index_spelling(struct name_index *ix, int dir,
					const char *name,
					char out[NAME_MAX + 1]);

/* For tests: what tells that a directory finds names in any case. */
void name_index_set_casefold(struct name_index *ix,
			     bool (*is_casefold)(int dir));

/* For tests: directories scanned so far. */
unsigned int name_index_scans(const struct name_index *ix);

#endif
