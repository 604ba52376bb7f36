/* vfs_modules/posix/reparse.h - what is a reparse point, and with which tag:
 * files and directories whose user.DOSATTRIB says so, by the buffer in
 * user.SmbReparse (both as Samba has them); and what is neither, by what it is.
 */
#ifndef VFS_MODULES_POSIX_REPARSE_H
#define VFS_MODULES_POSIX_REPARSE_H

#include <sys/stat.h>

#include "vfs_modules/posix/posix.h"

#define REPARSE_ATTR "user.SmbReparse"

static inline bool reparse_is_special(mode_t mode)
{
	return !S_ISREG(mode) && !S_ISDIR(mode);
}

/* Makes st, which posix_stat_from() has filled in, that of such a thing. */
void reparse_stat_special(mode_t mode, bool to_directory, struct fsa_stat *st);

/* The tag of a file whose attributes say that it has one, from length bytes of
 * its buffer; without one (<= 0) it is no reparse point. */
void reparse_stat_tag(const uint8_t *data, ssize_t length, struct fsa_stat *st);

/* The attribute in user.DOSATTRIB. */
MUST_CHECK NTSTATUS posix_mark_reparse(struct posix_node *n, bool on);

/* The buffer of what has none in an attribute, on mem_ctx. */
MUST_CHECK NTSTATUS reparse_get_special(TALLOC_CTX *mem_ctx,
					const struct posix_node *n,
					struct blob *out);

/* Replaces a buffer of which the attribute has the header alone by the whole,
 * on mem_ctx. */
MUST_CHECK NTSTATUS reparse_get_rest(TALLOC_CTX *mem_ctx,
				     const struct posix_node *n,
				     struct blob *inout);

/* posix_set_record() of one.  A symlink becomes an empty file or directory;
 * other special files stay what they are: ACCESS_DENIED. */
MUST_CHECK NTSTATUS reparse_set(struct posix_node *n, struct blob value);

#endif
