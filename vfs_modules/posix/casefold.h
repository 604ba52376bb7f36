/* vfs_modules/posix/casefold.h - directories in which the kernel itself finds
 * names without regard to case (ext4 and f2fs with +F, tmpfs, bcachefs): what
 * it does not find there is not there, and nothing need be read.
 *
 * It folds by Unicode, with normalization: names are the same to it that are
 * not to NTFS, never the other way round but for
 * - characters that its tables (12.1 since Linux 5.2) do not have yet: a name
 *   with one of these it compares byte by byte;
 * - names that clients see otherwise than they are on disk (shown_name.h). */
#ifndef VFS_MODULES_POSIX_CASEFOLD_H
#define VFS_MODULES_POSIX_CASEFOLD_H

#include <stdbool.h>

/* Whether the directory that dir (maybe O_PATH) is open on is such a one.
 * False where that cannot be known. */
bool casefold_is_on(int dir);

/* Whether in such a directory the kernel's word about a name that clients see
 * is the last: it has long known all of its characters, and none stands for
 * another. */
bool casefold_is_certain(const char *name);

/* Renames from to name, where the kernel finds to, which is the same file: from
 * itself in other letters, which renameat(2) leaves as it is written, or
 * another link to the file.  That one goes if replace (and name is written as
 * it was), else it is EEXIST.  For a moment the file has a name of its own.  -1
 * and errno. */
int casefold_respell(int from_dir, const char *from, int to_dir, const char *to,
		     const char *name, bool replace);

#endif
