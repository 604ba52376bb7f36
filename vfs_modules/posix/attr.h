/* vfs_modules/posix/attr.h - the parts that what is known of a file is put
 * together from: for one open file (attr.c) and for listings (dir.c). */
#ifndef VFS_MODULES_POSIX_ATTR_H
#define VFS_MODULES_POSIX_ATTR_H

#include <sys/stat.h>
#include <sys/types.h>

#include "fsa/driver.h"

struct posix_mount;
struct dosattrib;
struct posix_node;

/* All that statx() tells (asked for STATX_BASIC_STATS | STATX_BTIME). */
void posix_stat_from(const struct statx *sx, struct fsa_stat *out);

/* What user.DOSATTRIB adds; length <= 0: there is none, and the mode of the
 * entry name of dir (or of dir itself, with "") says it. */
void posix_stat_add_attributes(const struct posix_mount *m,
			       const struct statx *sx, int dir,
			       const char *name, const uint8_t *data,
			       ssize_t length, struct fsa_stat *st);

/* Attributes are never 0 afterwards. */
void posix_stat_finish(struct fsa_stat *st);

/* Attributes and creation time of an open file, stored so far or not; nothing
 * that its name alone gives it. */
MUST_CHECK NTSTATUS posix_get_dosattrib(const struct posix_node *n,
					struct dosattrib *out);

/* Writes user.DOSATTRIB.  NOT_SUPPORTED: the file system has no extended
 * attributes. */
MUST_CHECK NTSTATUS posix_put_dosattrib(int fd, bool opath,
					const struct dosattrib *in);

/* --- set_times.c -----------------------------------------------------------
 */

/* Access and write time; 0 leaves one alone.  INVALID_PARAMETER, and nothing
 * changed, for times that the file system has no room for. */
MUST_CHECK NTSTATUS posix_set_times(struct posix_node *n,
				    const struct fsa_times *t);

/* The change time, which the kernel sets but nobody else can: it is kept with
 * the attributes, and holds until something changes the file.  Without `store
 * dos attributes` it stays the kernel's. */
MUST_CHECK NTSTATUS posix_set_change_time(struct posix_node *n, NTTIME change);

#endif
