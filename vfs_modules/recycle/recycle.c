/* vfs_modules/recycle/recycle.c - see recycle.h: the table, and what is deleted
 * or replaced. */
#include "vfs_modules/recycle/recycle.h"

#include <string.h>

#include "lib/conf.h"
#include "lib/log.h"

/* --- folders ---------------------------------------------------------------
 */

static NTSTATUS make_folder(const struct fsa_layer *l, const char *path,
			    bool first)
{
	struct recycle *r = l->state;
	const struct fsa_driver *d = fsa_volume_driver(l->volume);
	int mode = !first && r->config->subdir_mode >= 0
			   ? r->config->subdir_mode
			   : r->config->directory_mode;
	const struct fsa_how how = {.path = path,
				    .directory = true,
				    .has_mode = true,
				    .mode = (mode_t)mode};
	struct fsa_node *node = NULL;
	struct fsa_stat st;
	NTSTATUS status =
		d->make(r, fsa_volume_mount(l->volume), &how, &node, &st);

	talloc_free(node);
	return NT_STATUS_IS(status, OBJECT_NAME_COLLISION) ? NT_STATUS_OK
							   : status;
}

NTSTATUS recycle_make_folders(const struct fsa_layer *l, const char *path)
{
	struct recycle *r = l->state;
	size_t own = strlen(r->repository);
	char *copy = talloc_strdup(r, path);
	NTSTATUS status = NT_STATUS_OK;
	char *c = copy;

	if (copy == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while (NT_STATUS_IS_OK(status) && (c = strchr(c, '\\')) != NULL) {
		*c = '\0';
		status = make_folder(l, copy, (size_t)(c - copy) <= own);
		*c++ = '\\';
	}
	talloc_free(copy);
	return status;
}

/* --- what is deleted or replaced -------------------------------------------
 */

/* Gives the node the name there, by rename() or link(); *out is that name. */
static NTSTATUS put_there(const struct fsa_layer *l,
			  const struct fsa_loss *loss,
			  NTSTATUS (*put)(struct fsa_node *n, const char *path,
					  bool replace),
			  char **out)
{
	struct recycle *r = l->state;
	bool versions = recycle_has_versions(r, loss->name);
	NTSTATUS status = NT_STATUS(OBJECT_NAME_COLLISION);

	for (unsigned int n = 0; n < RECYCLE_MAX_VERSIONS; n++) {
		char *path = recycle_name(r, r, loss->name, n);

		if (path == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		status = put(loss->node, path, !versions && n == 0);
		if (NT_STATUS_IS(status, OBJECT_PATH_NOT_FOUND)) {
			status = recycle_make_folders(l, path);
			if (NT_STATUS_IS_OK(status)) {
				status = put(loss->node, path, !versions);
			}
		}
		if (NT_STATUS_IS_OK(status)) {
			*out = path;
			return status;
		}
		talloc_free(path);
		if (!NT_STATUS_IS(status, OBJECT_NAME_COLLISION) &&
		    !NT_STATUS_IS(status, FILE_IS_A_DIRECTORY)) {
			break;
		}
	}
	return status;
}

/* What is in the repository has been touched when it came there. */
static void touch(const struct fsa_layer *l, const struct fsa_loss *loss)
{
	const struct recycle *r = l->state;
	const struct fsa_driver *d = fsa_volume_driver(l->volume);
	struct fsa_basic basic = {0};
	NTSTATUS status;

	if (!r->config->touch && !r->config->touch_mtime) {
		return;
	}
	basic.times.access = nttime_now();
	if (r->config->touch_mtime) {
		basic.times.write = basic.times.access;
	}
	status = d->set_basic(loss->node, &basic);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_DEBUG(LOG_VFS, "recycle: %s is not touched: %s", loss->name,
			  ntstatus_name(status));
	}
}

static NTSTATUS keep(const struct fsa_layer *l, const struct fsa_loss *loss,
		     bool *out_taken)
{
	struct recycle *r = l->state;
	const struct fsa_driver *d = fsa_volume_driver(l->volume);
	bool moves = loss->kind == FSA_LOSS_DELETE || d->link == NULL;
	char *path = NULL;
	NTSTATUS status =
		put_there(l, loss, moves ? d->rename : d->link, &path);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	touch(l, loss);
	*out_taken = true;
	if (loss->kind == FSA_LOSS_REPLACE && !moves) {
		r->linked = path;
	} else {
		talloc_free(path);
	}
	return status;
}

static NTSTATUS losing(struct fsa_layer *l, const struct fsa_loss *loss,
		       bool *out_taken)
{
	const struct recycle *r = l->state;
	struct fsa_stat st;
	NTSTATUS status;

	/* What is overwritten has been copied: save.c. */
	if (loss->kind == FSA_LOSS_OVERWRITE || loss->node->directory) {
		return NT_STATUS_OK;
	}
	status = fsa_volume_driver(l->volume)->stat(loss->node, &st);
	if (NT_STATUS_IS_OK(status) &&
	    !recycle_wants(r, loss->name, st.end_of_file)) {
		return status;
	}
	if (NT_STATUS_IS_OK(status)) {
		status = keep(l, loss, out_taken);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_VFS, "recycle: %s is not kept: %s", loss->name,
			 ntstatus_name(status));
	}
	return NT_STATUS_OK;
}

/* It was not replaced after all: the second name goes again. */
static void lost(struct fsa_layer *l, const struct fsa_loss *loss,
		 NTSTATUS status)
{
	struct recycle *r = l->state;
	const struct fsa_driver *d = fsa_volume_driver(l->volume);
	const struct fsa_how how = {.path = r->linked};
	struct fsa_node *node = NULL;
	struct fsa_stat st;
	NTSTATUS undone;

	if (r->linked == NULL) {
		return;
	}
	if (!NT_STATUS_IS_OK(status)) {
		undone = d->open(r, fsa_volume_mount(l->volume), &how, &node,
				 &st);
		if (NT_STATUS_IS_OK(undone)) {
			undone = d->unlink(node);
		}
		if (!NT_STATUS_IS_OK(undone)) {
			LOG_WARN(LOG_VFS, "recycle: %s stays: %s", r->linked,
				 ntstatus_name(undone));
		}
		talloc_free(node);
	}
	TALLOC_FREE(r->linked);
}

/* --- the table -------------------------------------------------------------
 */

static NTSTATUS connect(struct fsa_layer *l, const struct fsa_connect *c)
{
	const struct recycle_config *config = l->config;
	struct recycle *r = talloc_zero(l->volume, struct recycle);
	struct conf_subst none = {.share = c->params->share_name};
	const struct conf_subst *words =
		c->params->words != NULL ? c->params->words : &none;
	char *text = NULL;
	char *repository = NULL;
	NTSTATUS status;

	if (r == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	r->config = config;
	status = conf_substitute(r, config->repository, words, &text);
	if (NT_STATUS_IS_OK(status)) {
		status = recycle_repository(r, text, &repository);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_VFS, "share %s: recycle:repository = %s: %s",
			c->params->share_name, config->repository,
			ntstatus_name(status));
		talloc_free(r);
		return NT_STATUS(BAD_NETWORK_NAME);
	}
	r->repository = repository;
	l->state = r;
	return NT_STATUS_OK;
}

#define OPTION(n, t, m, i)                                                     \
	{                                                                      \
		.name = n, .type = FSA_OPTION_##t,                             \
		.offset = offsetof(struct recycle_config, m), .initial = i,    \
		.max = 07777,                                                  \
	}

static const struct fsa_option_def options[] = {
	OPTION("repository", STRING, repository, ".recycle"),
	OPTION("keeptree", BOOL, keep_tree, "no"),
	OPTION("versions", BOOL, versions, "no"),
	OPTION("touch", BOOL, touch, "no"),
	OPTION("touch_mtime", BOOL, touch_mtime, "no"),
	OPTION("directory_mode", OCTAL, directory_mode, "0700"),
	{.name = "subdir_mode",
	 .type = FSA_OPTION_OCTAL,
	 .offset = offsetof(struct recycle_config, subdir_mode),
	 .initial = "-1",
	 .min = -1,
	 .max = 07777},
	OPTION("exclude", LIST, exclude, ""),
	OPTION("exclude_dir", LIST, exclude_dir, ""),
	OPTION("noversions", LIST, no_versions, ""),
	OPTION("minsize", BYTES, min_size, "0"),
	OPTION("maxsize", BYTES, max_size, "0"),
	{.name = NULL},
};

const struct fsa_filter fsa_recycle_filter = {
	.version = FSA_FILTER_VERSION,
	.name = "recycle",
	.ops = FSA_OP_BIT(FSA_CREATE),
	.options = options,
	.config_size = sizeof(struct recycle_config),
	.connect = connect,
	.down = recycle_down,
	.up = recycle_up,
	.losing = losing,
	.lost = lost,
};
