/* vfs_modules/shadow_copy/snapshots.h - finds the snapshots of a folder. */
#ifndef VFS_MODULES_SHADOW_COPY_SNAPSHOTS_H
#define VFS_MODULES_SHADOW_COPY_SNAPSHOTS_H

#include <stdbool.h>
#include <talloc.h>
#include <time.h>

#include "lib/ntstatus.h"

struct snapshot_options {
	const char *snapdir; /* where else to look; NULL: nowhere else */
	const char *format;  /* of names, for strptime(); NULL: any */
	bool local;	     /* names are in local time */
};

struct snapshot {
	time_t when;
	char *path; /* of the folder as it was then; absolute */
};

/* All snapshots of the folder path (absolute), the newest first, one for each
 * second; on mem_ctx.  Looks with the rights in force.  It looks for folders
 * called .snapshots (btrfs: snapper, btrbk and others), .zfs/snapshot and
 * options->snapdir, in path itself and in those above it up to where the file
 * system begins. */
MUST_CHECK NTSTATUS snapshots_find(TALLOC_CTX *mem_ctx, const char *path,
				   const struct snapshot_options *options,
				   struct snapshot **out, size_t *out_count);

/* Opens a snapshot's folder, through no symlink; -1 and errno. */
int snapshot_open(const struct snapshot *s);

#endif
