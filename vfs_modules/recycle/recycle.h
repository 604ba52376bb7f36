/* vfs_modules/recycle/recycle.h - the filter `recycle`: what is deleted,
 * replaced or overwritten goes to a folder of the share's.
 *
 * What is deleted is moved there; of what another file takes the place of, the
 * name there is made first, as a link; what is overwritten is copied before.
 * What cannot be kept is lost as without the filter, with a line in the log. */
#ifndef VFS_MODULES_RECYCLE_RECYCLE_H
#define VFS_MODULES_RECYCLE_RECYCLE_H

#include "fsa/filter.h"

struct recycle_config {
	const char *repository;
	bool keep_tree;
	bool versions;
	bool touch;
	bool touch_mtime;
	int directory_mode;
	int subdir_mode; /* -1: as directory_mode */
	const char *const *exclude;
	const char *const *exclude_dir;
	const char *const *no_versions;
	uint64_t min_size;
	uint64_t max_size; /* 0: none is too large */
};

/* layer->state */
struct recycle {
	const struct recycle_config *config;
	const char *repository; /* with backslashes, words replaced */
	char *linked; /* between losing() and lost(): the name made; or NULL */
};

/* --- names (names.c) -------------------------------------------------------
 */

/* The repository from what smb.conf says, slashes for backslashes; on mem_ctx.
 * INVALID_PARAMETER: it leads out of the share, or is the share. */
MUST_CHECK NTSTATUS recycle_repository(TALLOC_CTX *mem_ctx, const char *text,
				       char **out);

/* Whether a file of that name and size is to be kept. */
bool recycle_wants(const struct recycle *r, const char *name, uint64_t size);

/* The n-th name (0, 1, ...) for the file there, on mem_ctx; NULL: no memory.
 * With versions the first is "name", the others "Copy #n of name". */
char *recycle_name(TALLOC_CTX *mem_ctx, const struct recycle *r,
		   const char *name, unsigned int n);

/* Whether a file of that name gets versions. */
bool recycle_has_versions(const struct recycle *r, const char *name);

/* --- folders (folders.c) ---------------------------------------------------
 */

/* Makes the folders that path (a file's) is in. */
MUST_CHECK NTSTATUS recycle_make_folders(const struct fsa_layer *l,
					 const char *path);

/* --- overwriting (save.c) --------------------------------------------------
 */

NTSTATUS recycle_down(struct fsa_pass *p);
NTSTATUS recycle_up(struct fsa_pass *p, NTSTATUS status);

/* More versions than this of a name are not made. */
#define RECYCLE_MAX_VERSIONS 1000

#endif
