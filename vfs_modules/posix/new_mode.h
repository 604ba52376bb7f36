/* vfs_modules/posix/new_mode.h - mode and owner of what is made: `create mask`,
 * `force create mode` and so on, `inherit permissions`, `inherit acls`,
 * `inherit owner`. */
#ifndef VFS_MODULES_POSIX_NEW_MODE_H
#define VFS_MODULES_POSIX_NEW_MODE_H

#include <sys/types.h>

#include "fsa/driver.h"

struct posix_mount;

/* For what is made in the directory that parent (maybe O_PATH) is open on. */
mode_t new_mode(const struct posix_mount *m, int parent,
		const struct fsa_how *how);

/* Gives a new file to the owner of its directory. */
MUST_CHECK NTSTATUS new_mode_inherit_owner(int fd, int parent);

#endif
