/* vfs_modules/posix/mode_map.h - DOS attributes as bits of the mode: `map
 * readonly`, `map archive`, `map system`, `map hidden`, for files for which
 * none are stored.  Directories have none of these. */
#ifndef VFS_MODULES_POSIX_MODE_MAP_H
#define VFS_MODULES_POSIX_MODE_MAP_H

#include <sys/stat.h>

#include "fsa/driver.h"

struct posix_mount;

/* What the mode of the entry name of dir (or of dir itself, with "") adds to
 * its attributes. */
void mode_map_add(const struct posix_mount *m, const struct statx *sx, int dir,
		  const char *name, struct fsa_stat *st);

/* The mode with the bits that attributes stand for. */
mode_t mode_map_put(const struct posix_mount *m, mode_t mode,
		    uint32_t attributes);

#endif
