/* vfs_modules/posix/inode_path.h - the name of a file by its inode number.
 *
 * btrfs finds it itself.  ext4 and XFS find the file; its name is the one that
 * the kernel remembers.  Directories always have one; of any other file that
 * has not been used since it was last forgotten nobody knows the name: it is
 * not found.  Other file systems are not asked. */
#ifndef VFS_MODULES_POSIX_INODE_PATH_H
#define VFS_MODULES_POSIX_INODE_PATH_H

#include <limits.h>
#include <stdint.h>

#include "lib/ntstatus.h"

/* The path below root (which may be O_PATH), without a leading slash; "" is
 * root itself.  NOT_FOUND: there is none there; NOT_SUPPORTED: this file system
 * is none of those, or does not let us.  Needs CAP_DAC_READ_SEARCH and
 * CAP_SYS_ADMIN: call privileged_inode_path(). */
MUST_CHECK NTSTATUS inode_path(int root, uint64_t inode, char out[PATH_MAX]);

#endif
