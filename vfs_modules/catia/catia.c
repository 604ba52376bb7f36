/* vfs_modules/catia/catia.c - the filter `catia`: characters of names are
 * others on disk than for clients, by a cover that translates every name on its
 * way. With `fruit:encoding = native` and no table of its own those of macOS.
 */
#include <string.h>
#include <strings.h>

#include "fsa/cover.h"
#include "lib/log.h"
#include "vfs_modules/catia/char_map.h"

struct catia_config {
	struct char_map *map; /* NULL: no `catia:mappings` */
};

struct catia {
	struct fsa_cover cover; /* the first member */
	const struct char_map *map;
};

static const struct catia *find_catia(const struct fsa_node *n)
{
	return (struct catia *)(void *)fsa_cover_find(n, &fsa_catia_filter);
}

static const struct catia *catia_of(struct fsa_mount *m)
{
	return (struct catia *)(void *)fsa_cover_of(m);
}

static const struct fsa_driver *below_of(const struct catia *c)
{
	return c->cover.below;
}

/* --- finding and making -----------------------------------------------------
 */

typedef NTSTATUS opener(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
			const struct fsa_how *how, struct fsa_node **out,
			struct fsa_stat *out_stat);

static NTSTATUS open_mapped(TALLOC_CTX *mem_ctx, const struct catia *c,
			    const struct fsa_how *how, opener *open,
			    struct fsa_node **out, struct fsa_stat *out_stat)
{
	char *path = char_map_to_disk(mem_ctx, c->map, how->path);
	struct fsa_how mapped = *how;
	NTSTATUS status;

	if (path == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	mapped.path = path;
	status = open(mem_ctx, c->cover.mount_below, &mapped, out, out_stat);
	talloc_free(path);
	return status;
}

static NTSTATUS catia_open(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
			   const struct fsa_how *how, struct fsa_node **out,
			   struct fsa_stat *out_stat)
{
	const struct catia *c = catia_of(m);

	return open_mapped(mem_ctx, c, how, below_of(c)->open, out, out_stat);
}

static NTSTATUS catia_make(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
			   const struct fsa_how *how, struct fsa_node **out,
			   struct fsa_stat *out_stat)
{
	const struct catia *c = catia_of(m);

	return open_mapped(mem_ctx, c, how, below_of(c)->make, out, out_stat);
}

/* Kept with the node while it is the same. */
static const char *catia_path(struct fsa_node *n)
{
	const struct catia *c = find_catia(n);
	const char *path = below_of(c)->path(n);
	char *shown = char_map_to_client(n, c->map, path);

	if (shown == NULL) {
		return path;
	}
	if (n->shown != NULL && strcmp(n->shown, shown) == 0) {
		talloc_free(shown);
	} else {
		talloc_free(n->shown);
		n->shown = shown;
	}
	return n->shown;
}

static NTSTATUS catia_path_of_inode(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
				    uint64_t inode, const char **out)
{
	const struct catia *c = catia_of(m);
	const char *path = NULL;
	NTSTATUS status = below_of(c)->path_of_inode(
		mem_ctx, c->cover.mount_below, inode, &path);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	*out = char_map_to_client(mem_ctx, c->map, path);
	return *out == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

/* --- names, changed
 * ------------------------------------------------------------ */

static NTSTATUS put_at(struct fsa_node *n, const char *path, bool replace,
		       NTSTATUS (*put)(struct fsa_node *n, const char *path,
				       bool replace))
{
	char *mapped = char_map_to_disk(NULL, find_catia(n)->map, path);
	NTSTATUS status =
		mapped == NULL ? NT_STATUS(NO_MEMORY) : put(n, mapped, replace);

	talloc_free(mapped);
	return status;
}

static NTSTATUS catia_rename(struct fsa_node *n, const char *path, bool replace)
{
	return put_at(n, path, replace, below_of(find_catia(n))->rename);
}

static NTSTATUS catia_link(struct fsa_node *n, const char *path, bool replace)
{
	return put_at(n, path, replace, below_of(find_catia(n))->link);
}

/* --- directories
 * ----------------------------------------------------------------- */

struct catia_scan {
	const struct catia *c;
	struct fsa_scan *below;
	char *name;
};

static struct catia_scan *scan_of(struct fsa_scan *s)
{
	return (struct catia_scan *)(void *)s;
}

static NTSTATUS catia_scan_open(TALLOC_CTX *mem_ctx, struct fsa_node *n,
				struct fsa_scan **out)
{
	struct catia_scan *s = talloc_zero(mem_ctx, struct catia_scan);
	NTSTATUS status;

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->c = find_catia(n);
	status = below_of(s->c)->scan_open(s, n, &s->below);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(s);
		return status;
	}
	*out = (struct fsa_scan *)(void *)s;
	return status;
}

static NTSTATUS catia_scan_next(struct fsa_scan *scan, const char **out_name)
{
	struct catia_scan *s = scan_of(scan);
	const char *name = NULL;
	NTSTATUS status = below_of(s->c)->scan_next(s->below, &name);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	talloc_free(s->name);
	s->name = char_map_to_client(s, s->c->map, name);
	*out_name = s->name;
	return s->name == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

static NTSTATUS catia_scan_stat(struct fsa_scan *scan, uint32_t want,
				struct fsa_stat *out)
{
	const struct catia_scan *s = scan_of(scan);

	return below_of(s->c)->scan_stat(s->below, want, out);
}

static NTSTATUS catia_scan_lookup(TALLOC_CTX *mem_ctx, struct fsa_node *n,
				  const char *name, uint32_t want,
				  const char **out_name, struct fsa_stat *out)
{
	const struct catia *c = find_catia(n);
	char *mapped = char_map_to_disk(mem_ctx, c->map, name);
	const char *found = NULL;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (mapped != NULL) {
		status = below_of(c)->scan_lookup(mem_ctx, n, mapped, want,
						  &found, out);
	}
	if (NT_STATUS_IS_OK(status)) {
		*out_name = char_map_to_client(mem_ctx, c->map, found);
		talloc_free((void *)(uintptr_t)found);
		status = *out_name == NULL ? NT_STATUS(NO_MEMORY) : status;
	}
	talloc_free(mapped);
	return status;
}

/* --- streams
 * ----------------------------------------------------------------------
 */

static NTSTATUS stream_mapped(
	TALLOC_CTX *mem_ctx, struct fsa_node *file, const char *name,
	NTSTATUS (*get)(TALLOC_CTX *mem_ctx, struct fsa_node *file,
			const char *name, struct fsa_node **out),
	struct fsa_node **out)
{
	char *mapped = char_map_to_disk(NULL, find_catia(file)->map, name);
	NTSTATUS status = mapped == NULL ? NT_STATUS(NO_MEMORY)
					 : get(mem_ctx, file, mapped, out);

	talloc_free(mapped);
	return status;
}

static NTSTATUS catia_stream_open(TALLOC_CTX *mem_ctx, struct fsa_node *file,
				  const char *name, struct fsa_node **out)
{
	return stream_mapped(mem_ctx, file, name,
			     below_of(find_catia(file))->stream_open, out);
}

static NTSTATUS catia_stream_make(TALLOC_CTX *mem_ctx, struct fsa_node *file,
				  const char *name, struct fsa_node **out)
{
	return stream_mapped(mem_ctx, file, name,
			     below_of(find_catia(file))->stream_make, out);
}

struct listing {
	const struct catia *c;
	void (*take)(void *private_data, const struct fsa_stream_entry *e);
	void *private_data;
	bool no_memory;
};

/* ":x:$DATA", of which x is mapped. */
static void take_stream(void *private_data, const struct fsa_stream_entry *e)
{
	struct listing *l = private_data;
	struct fsa_stream_entry shown = *e;
	const char *type = strrchr(e->name, ':');
	char *name =
		talloc_strndup(NULL, e->name + 1, (size_t)(type - e->name - 1));
	char *mapped =
		name == NULL ? NULL : char_map_to_client(name, l->c->map, name);

	shown.name = mapped == NULL
			     ? NULL
			     : talloc_asprintf(name, ":%s%s", mapped, type);
	if (shown.name == NULL) {
		l->no_memory = true;
	} else {
		l->take(l->private_data, &shown);
	}
	talloc_free(name);
}

static NTSTATUS catia_stream_each(
	struct fsa_node *file,
	void (*take)(void *private_data, const struct fsa_stream_entry *e),
	void *private_data)
{
	struct listing l = {.c = find_catia(file),
			    .take = take,
			    .private_data = private_data};
	NTSTATUS status = below_of(l.c)->stream_each(file, take_stream, &l);

	return l.no_memory ? NT_STATUS(NO_MEMORY) : status;
}

/* --- the filter
 * -------------------------------------------------------------------- */

static void put_operations(struct fsa_driver *t)
{
	t->open = catia_open;
	t->make = catia_make;
	t->path = catia_path;
	t->path_of_inode = catia_path_of_inode;
	t->rename = catia_rename;
	t->link = t->link == NULL ? NULL : catia_link;
	t->scan_open = catia_scan_open;
	t->scan_next = catia_scan_next;
	t->scan_stat = catia_scan_stat;
	t->scan_lookup = catia_scan_lookup;
	if (t->stream_open != NULL) {
		t->stream_open = catia_stream_open;
		t->stream_make = catia_stream_make;
		t->stream_each = catia_stream_each;
	}
}

static bool is_native(const struct fsa_volume_params *params)
{
	const char *encoding = fsa_params_option(params, "fruit:encoding");

	return encoding != NULL && strcasecmp(encoding, "native") == 0;
}

static NTSTATUS catia_cover(struct fsa_layer *l, const struct fsa_connect *c,
			    struct fsa_below *b)
{
	const struct catia_config *config = l->config;
	struct catia *catia;

	if (config->map == NULL && !is_native(c->params)) {
		return NT_STATUS_OK; /* nothing to map */
	}
	catia = talloc_zero(l->volume, struct catia);
	if (catia == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	catia->map = config->map != NULL ? config->map : char_map_macos(catia);
	if (catia->map == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	fsa_cover_init(&catia->cover, &fsa_catia_filter, b);
	put_operations(&catia->cover.table);
	return NT_STATUS_OK;
}

static bool parse_mappings(TALLOC_CTX *mem_ctx, const struct fsa_option_def *d,
			   void *config, const char *value,
			   const char **out_reason)
{
	struct catia_config *c = config;

	(void)d; /* the only one */
	c->map = char_map_parse(mem_ctx, value, out_reason);
	return c->map != NULL;
}

static const struct fsa_option_def options[] = {
	{.name = "mappings",
	 .offset = offsetof(struct catia_config, map),
	 .type = FSA_OPTION_OWN,
	 .parse = parse_mappings},
	{.name = NULL},
};

const struct fsa_filter fsa_catia_filter = {
	.version = FSA_FILTER_VERSION,
	.name = "catia",
	.options = options,
	.config_size = sizeof(struct catia_config),
	.cover = catia_cover,
};
