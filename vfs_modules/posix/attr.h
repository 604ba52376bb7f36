/* vfs_modules/posix/attr.h - the parts that what is known of a file is put
 * together from: for one open file (attr.c) and for listings (dir.c). */
#ifndef VFS_MODULES_POSIX_ATTR_H
#define VFS_MODULES_POSIX_ATTR_H

#include <sys/stat.h>
#include <sys/types.h>

#include "fsa/driver.h"

struct posix_mount;

/* All that statx() tells (asked for STATX_BASIC_STATS | STATX_BTIME). */
void posix_stat_from(const struct statx *sx, struct fsa_stat *out);

/* What user.DOSATTRIB adds; length <= 0: there is none. */
void posix_stat_add_dosattrib(const uint8_t *data, ssize_t length,
			      struct fsa_stat *st);

/* What the name adds; attributes are never 0 afterwards. */
void posix_stat_finish(const struct posix_mount *m, const char *name,
		       struct fsa_stat *st);

#endif
