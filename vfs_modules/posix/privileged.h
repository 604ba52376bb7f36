/* vfs_modules/posix/privileged.h - all that the posix driver does with more
 * rights than the user's, and why. */
#ifndef VFS_MODULES_POSIX_PRIVILEGED_H
#define VFS_MODULES_POSIX_PRIVILEGED_H

#include <time.h>

#include "lib/ntstatus.h"

/* Sets access and modification time of an open file.  Linux lets only the
 * owner set them to anything but now, [MS-FSA] whoever may write attributes: a
 * member of a group could not copy a file over another's.  The user must be
 * allowed to write the file, which the kernel is asked here; ACCESS_DENIED
 * else. */
MUST_CHECK NTSTATUS privileged_set_times(int fd, const struct timespec ts[2]);

/* Sets an extended attribute of an open file (not O_PATH).  Linux wants the
 * right to write the file for that, while its owner may change DOS attributes
 * whatever the mode says.  The user must be the owner; ACCESS_DENIED else. */
MUST_CHECK NTSTATUS privileged_set_xattr(int fd, const char *name,
					 const void *data, size_t size);

#endif
