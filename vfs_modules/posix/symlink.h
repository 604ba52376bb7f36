/* vfs_modules/posix/symlink.h - symlinks as clients see them: where one leads,
 * which one of a path stops the server, and putting one in a file's place. */
#ifndef VFS_MODULES_POSIX_SYMLINK_H
#define VFS_MODULES_POSIX_SYMLINK_H

#include "vfs_modules/posix/posix.h"

/* Where the symlink leads that fd (O_PATH) is open on: as reparse_symlink, the
 * names on mem_ctx. */
struct reparse_symlink;
MUST_CHECK NTSTATUS symlink_read(TALLOC_CTX *mem_ctx, int fd,
				 struct reparse_symlink *out);

/* Whether the symlink at a path of the disk leads to a directory in the share:
 * then it is a directory's to clients. */
bool symlink_is_to_directory(const struct posix_mount *m, const char *path);

/* The first symlink of a client's path, which is why it could not be opened.
 * status is what it could not be opened with: STOPPED_ON_SYMLINK, or
 * OBJECT_PATH_NOT_FOUND when one may lead nowhere.  The result is
 * STOPPED_ON_SYMLINK with *stop (on mem_ctx) filled in; ACCESS_DENIED when
 * stop is NULL or there is no symlink any more; else status. */
MUST_CHECK NTSTATUS symlink_explain(TALLOC_CTX *mem_ctx,
				    const struct posix_mount *m,
				    const struct fsa_how *how, NTSTATUS status);

/* Puts an empty file, or directory, in the place of the node's symlink. */
MUST_CHECK NTSTATUS symlink_remove(struct posix_node *n);

#endif
