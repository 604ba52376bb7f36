/* vfs_modules/posix/sweep.h - streams in the side store whose file was deleted
 * by a local program go, too.
 *
 * When the first is put there its file's handle (open_by_handle_at(2)) is kept
 * with it.  A handle that the file system does not know any more is that of a
 * file which is gone, whatever it was called last; so nothing is ever removed
 * because a name was not found.  Without privilege handles cannot be opened,
 * and nothing is swept. */
#ifndef VFS_MODULES_POSIX_SWEEP_H
#define VFS_MODULES_POSIX_SWEEP_H

#include "vfs_modules/posix/posix.h"

/* dir, of the store, is for the streams of file. */
void sweep_note_owner(int dir, int file);

/* Whether the file that store/key is for is known to be gone. */
bool sweep_is_gone(int store, const char *key);

/* Looks through the store after a while, a few files at a time, unless that was
 * done within the last day or another process does it; ends with the mount. */
void sweep_start(struct posix_mount *m, unsigned int first_ms,
		 unsigned int step_ms);

#endif
