/* vfs_modules/examples/block.c - a filter, explained in docs/modules.md: files
 * of certain names cannot be made, and nothing can be given such a name.
 *
 *   vfs objects = block
 *   block:names = *.exe *.scr */
#include <fnmatch.h>
#include <string.h>

#include "fsa/module.h"

struct block_config {
	const char *const *names;
};

/* Whether the last component of the path is one of the names. */
static bool is_blocked(const struct fsa_layer *l, const char *path)
{
	const struct block_config *config = l->config;
	const char *last = strrchr(path, '\\');

	last = last == NULL ? path : last + 1;
	for (const char *const *n = config->names; *n != NULL; n++) {
		if (fnmatch(*n, last, FNM_CASEFOLD) == 0) {
			return true;
		}
	}
	return false;
}

static bool may_make(const struct fsa_create *c)
{
	return c->disposition != FILE_OPEN && c->disposition != FILE_OVERWRITE;
}

static bool gives_name(const struct fsa_set_info *s)
{
	return s->info_class == FileRenameInformation ||
	       s->info_class == FileRenameInformationEx ||
	       s->info_class == FileLinkInformation;
}

static NTSTATUS block_down(struct fsa_pass *p)
{
	const struct fsa_io *io = p->io;
	const char *path = NULL;

	if (io->op == FSA_CREATE && may_make(&io->u.create)) {
		path = io->u.create.name;
	} else if (io->op == FSA_SET_INFO && gives_name(&io->u.set_info)) {
		path = io->u.set_info.u.rename.name;
	}
	return path != NULL && is_blocked(p->layer, path)
		       ? NT_STATUS(ACCESS_DENIED)
		       : NT_STATUS_OK;
}

static const struct fsa_option_def block_options[] = {
	{.name = "names",
	 .type = FSA_OPTION_LIST,
	 .offset = offsetof(struct block_config, names),
	 .initial = ""},
	{.name = NULL},
};

static const struct fsa_filter block_filter = {
	.version = FSA_FILTER_VERSION,
	.name = "block",
	.ops = FSA_OP_BIT(FSA_CREATE) | FSA_OP_BIT(FSA_SET_INFO),
	.options = block_options,
	.config_size = sizeof(struct block_config),
	.down = block_down,
};

FSA_MODULE(.filter = &block_filter)
