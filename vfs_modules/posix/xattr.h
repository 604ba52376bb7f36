/* vfs_modules/posix/xattr.h - the extended attributes of an open file, whatever
 * it is open for.  The kernel checks at each call what the identity in force
 * may: user.* of a file go with reading and writing it. */
#ifndef VFS_MODULES_POSIX_XATTR_H
#define VFS_MODULES_POSIX_XATTR_H

#include <sys/types.h>

#include "vfs_modules/posix/posix.h"

/* No value is longer: the kernel's XATTR_SIZE_MAX. */
#define XATTR_VALUE_MAX 65536

/* As fgetxattr() and so on. */
ssize_t xattr_get(const struct posix_node *n, const char *name, void *value,
		  size_t size);
int xattr_set(const struct posix_node *n, const char *name, const void *value,
	      size_t size, int flags);
int xattr_remove(const struct posix_node *n, const char *name);

/* Room for one value, of the process: until somebody else wants it.  NULL
 * without memory. */
uint8_t *xattr_value_buffer(const struct posix_node *n);
uint8_t *xattr_value_buffer_of(const struct posix_mount *m);

/* Calls take for each name, until it says false. */
MUST_CHECK NTSTATUS xattr_each(const struct posix_node *n,
			       bool (*take)(const char *name,
					    void *private_data),
			       void *private_data);

/* ntstatus_from_errno(), but for what is about a value that does not fit and a
 * name that cannot be. */
NTSTATUS xattr_status(int err);

#endif
