/* vfs_modules/posix/rights.h - NT rights from what the kernel allows. */
#ifndef VFS_MODULES_POSIX_RIGHTS_H
#define VFS_MODULES_POSIX_RIGHTS_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether the kernel would grant mode (R_OK | ...) to the identity in force,
 * POSIX ACLs included.  fd may be O_PATH. */
bool posix_may(int fd, int mode);

/* The same for an entry of a directory, itself if it is a symlink; "" is the
 * directory. */
bool posix_may_at(int dir, const char *name, int mode);

/* Whose rights the kernel checks. */
uid_t posix_user(void);

#endif
