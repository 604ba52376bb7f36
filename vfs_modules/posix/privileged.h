/* vfs_modules/posix/privileged.h - all that the posix driver does with more
 * rights than the user's, and why. */
#ifndef VFS_MODULES_POSIX_PRIVILEGED_H
#define VFS_MODULES_POSIX_PRIVILEGED_H

#include <limits.h>
#include <time.h>

#include "fsa/driver.h"
#include "lib/ntstatus.h"

/* Sets access and modification time of an open file.  Linux lets only the
 * owner set them to anything but now, [MS-FSA] whoever may write attributes: a
 * member of a group could not copy a file over another's.  The user must be
 * allowed to write the file, which the kernel is asked here; ACCESS_DENIED
 * else. */
MUST_CHECK NTSTATUS privileged_set_times(int fd, const struct timespec ts[2]);

/* Reading through fd leaves the access time alone, or moves it as usual.  Linux
 * lets only the owner have that, [MS-FSA] whoever may write attributes, which
 * the core has looked at. */
MUST_CHECK NTSTATUS privileged_keep_access_time(int fd, bool keep);

/* Sets an extended attribute of an open file (not O_PATH).  Linux wants the
 * right to write the file for that, while its owner may change DOS attributes
 * whatever the mode says.  The user must be the owner; ACCESS_DENIED else. */
MUST_CHECK NTSTATUS privileged_set_xattr(int fd, const char *name,
					 const void *data, size_t size);

/* Reads an attribute of an open file, O_PATH too; as fgetxattr().  For what
 * the server keeps in user.* attributes: DOS attributes are for those, too, who
 * may not read the file, and a descriptor is in force for them. */
ssize_t privileged_get_xattr(int fd, const char *name, void *data, size_t size);

/* Changes owner, mode and POSIX ACL.  Linux lets only the owner change the mode
 * and nobody give a file away, [MS-FSA] whoever was granted WRITE_DAC and
 * WRITE_OWNER: which the core has looked at. */
MUST_CHECK NTSTATUS privileged_change(int fd,
				      const struct fsa_unix_change *change);

/* Sets the attribute that a descriptor is kept in: security.* is for
 * CAP_SYS_ADMIN alone, and who changes a descriptor need not be able to write
 * the file. */
MUST_CHECK NTSTATUS privileged_set_descriptor(int fd, const char *name,
					      const void *data, size_t size);

/* Finds out by which name below root a file goes that has this inode number
 * (inode_path.h): Linux lets only CAP_DAC_READ_SEARCH open a file without its
 * name, for directories on the way are passed by.  Nothing is done with the
 * file, and the core tells the name to nobody who could not have found it
 * himself.  Errors as inode_path(). */
MUST_CHECK NTSTATUS privileged_inode_path(int root, uint64_t inode,
					  char out[PATH_MAX]);

/* Sets or removes the attribute that a record is kept in: whoever may read a
 * file may have it given an object id, and the owner of a read-only one may
 * make it a reparse point; the core has looked who may.  NOT_SUPPORTED where
 * there are no such attributes, DISK_FULL for one that does not fit. */
MUST_CHECK NTSTATUS privileged_set_record(int fd, const char *name,
					  const void *data, size_t size);
MUST_CHECK NTSTATUS privileged_remove_record(int fd, const char *name);

#endif
