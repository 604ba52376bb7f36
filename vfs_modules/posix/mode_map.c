/* vfs_modules/posix/mode_map.c - DOS attributes as bits of the mode. */
#include "vfs_modules/posix/mode_map.h"

#include <unistd.h>

#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/rights.h"

/* Whether map readonly has the file read-only for the user. */
static bool is_mapped_readonly(const struct posix_mount *m,
			       const struct statx *sx, int dir,
			       const char *name)
{
	switch (m->map.readonly) {
	case FSA_READONLY_YES:
		return (sx->stx_mode & S_IWUSR) == 0;
	case FSA_READONLY_PERMISSIONS:
		return !posix_may_at(dir, name, W_OK);
	default:
		return false;
	}
}

void mode_map_add(const struct posix_mount *m, const struct statx *sx, int dir,
		  const char *name, struct fsa_stat *st)
{
	if (st->directory) {
		return;
	}
	if (is_mapped_readonly(m, sx, dir, name)) {
		st->attributes |= FILE_ATTRIBUTE_READONLY;
	}
	if (m->map.archive && (sx->stx_mode & S_IXUSR) != 0) {
		st->attributes |= FILE_ATTRIBUTE_ARCHIVE;
	}
	if (m->map.system && (sx->stx_mode & S_IXGRP) != 0) {
		st->attributes |= FILE_ATTRIBUTE_SYSTEM;
	}
	if (m->map.hidden && (sx->stx_mode & S_IXOTH) != 0) {
		st->attributes |= FILE_ATTRIBUTE_HIDDEN;
	}
}

static mode_t put_bit(mode_t mode, bool mapped, bool set, mode_t bit)
{
	if (!mapped) {
		return mode;
	}
	return set ? mode | bit : mode & ~bit;
}

mode_t mode_map_put(const struct posix_mount *m, mode_t mode,
		    uint32_t attributes)
{
	const struct fsa_mode_map *map = &m->map;

	if ((attributes & FILE_ATTRIBUTE_READONLY) != 0) {
		mode &= ~(mode_t)0222;
	} else if ((mode & S_IWUSR) == 0) {
		mode |= S_IWUSR | (0222 & m->create_mask);
	}
	mode = put_bit(mode, map->archive,
		       (attributes & FILE_ATTRIBUTE_ARCHIVE) != 0, S_IXUSR);
	mode = put_bit(mode, map->system,
		       (attributes & FILE_ATTRIBUTE_SYSTEM) != 0, S_IXGRP);
	return put_bit(mode, map->hidden,
		       (attributes & FILE_ATTRIBUTE_HIDDEN) != 0, S_IXOTH);
}
