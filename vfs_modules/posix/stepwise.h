/* vfs_modules/posix/stepwise.h - openat2(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS)
 * where the kernel has none: before 5.6, in a container that forbids it, under
 * valgrind.  Slower, and stricter: no symlink is followed, whatever the share
 * says. */
#ifndef VFS_MODULES_POSIX_STEPWISE_H
#define VFS_MODULES_POSIX_STEPWISE_H

#include <sys/types.h>

/* As openat(root, path, flags, mode), a component at a time.  -1 and errno:
 * ELOOP at a symlink, EXDEV at a ".." or an absolute path. */
int stepwise_openat(int root, const char *path, int flags, mode_t mode);

#endif
