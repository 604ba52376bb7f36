/* lib/conf_modules.c - `vfs objects`, and what smb.conf says to modules:
 * parameters with a colon in their names. */
#include <string.h>
#include <strings.h>

#include "lib/conf_int.h"

/* --- which modules -------------------------------------------------------- */

/* Samba's modules whose work this server does without them. */
static const char *const built_in[] = {"acl_xattr", "streams_xattr", NULL};

/* Samba's modules that keep somebody out, or something away. */
static const char *const restricting[] = {"virusfilter", "worm", NULL};

/* Samba's other modules, without which a share can be served. */
static const char *const missing[] = {
	"acl_tdb",	  "aio_fork",	    "aio_pthread", "aio_ratelimit",
	"btrfs",	  "cacheprime",	    "cap",	   "ceph",
	"ceph_new",	  "commit",	    "crossrename", "default_quota",
	"dirsort",	  "extd_audit",	    "fileid",	   "full_audit",
	"glusterfs",	  "glusterfs_fuse", "gpfs",	   "io_uring",
	"linux_xfs_sgid", "media_harmony",  "netatalk",	   "nfs4acl_xattr",
	"offline",	  "posix_eadb",	    "prealloc",	   "preopen",
	"readahead",	  "scannedonly",    "shell_snap",  "streams_depot",
	"syncops",	  "time_audit",	    "tsmsm",	   "unityed_media",
	"widelinks",	  "xattr_tdb",	    NULL,
};

/* What Samba calls filters of ours. */
static const struct {
	const char *samba;
	const char *ours;
} renamed[] = {
	{"shadow_copy2", "shadow_copy"},
	{"snapper", "shadow_copy"},
};

/* What the options of a filter begin with, when not with its name. */
static const struct {
	const char *module;
	const char *prefix;
} prefixes[] = {
	{"shadow_copy", "shadow"},
};

static const char *our_name(const char *name)
{
	for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]); i++) {
		if (strcasecmp(renamed[i].samba, name) == 0) {
			return renamed[i].ours;
		}
	}
	return name;
}

static const char *prefix_of(const char *module)
{
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strcasecmp(prefixes[i].module, module) == 0) {
			return prefixes[i].prefix;
		}
	}
	return module;
}

static bool is_in(const char *const *list, const char *name)
{
	while (*list != NULL && strcasecmp(*list, name) != 0) {
		list++;
	}
	return *list != NULL;
}

enum conf_module conf_module_kind(const char *name)
{
	if (is_in(built_in, name)) {
		return CONF_MODULE_BUILT_IN;
	}
	if (is_in(restricting, name)) {
		return CONF_MODULE_RESTRICTS;
	}
	return is_in(missing, name) ? CONF_MODULE_MISSING : CONF_MODULE_FILTER;
}

static void report_module(struct conf_report *report,
			  const struct conf_setting *s, const char *name)
{
	switch (conf_module_kind(name)) {
	case CONF_MODULE_FILTER:
		break;
	case CONF_MODULE_BUILT_IN:
		conf_report_note(report, s->file, s->line,
				 "vfs objects: %s is built in", name);
		break;
	case CONF_MODULE_RESTRICTS:
		conf_report_add(report, true, s->file, s->line,
				"vfs objects: %s restricts access and is not "
				"implemented",
				name);
		break;
	case CONF_MODULE_MISSING:
		conf_report_add(report, false, s->file, s->line,
				"vfs objects: %s is not implemented, ignored",
				name);
		break;
	}
}

void conf_modules_report(struct conf_report *report,
			 const struct conf_setting *s,
			 const char *const *modules)
{
	for (; *modules != NULL; modules++) {
		report_module(report, s, *modules);
	}
}

bool conf_filters_choose(TALLOC_CTX *mem_ctx, struct conf_share *share)
{
	size_t count = 0;
	const char **list;

	while (share->vfs_objects[count] != NULL) {
		count++;
	}
	list = talloc_zero_array(mem_ctx, const char *, count + 1);
	if (list == NULL) {
		return false;
	}
	share->filters = list;
	for (size_t i = 0; i < count; i++) {
		const char *name = share->vfs_objects[i];

		if (conf_module_kind(name) == CONF_MODULE_FILTER) {
			*list++ = our_name(name);
		}
	}
	return true;
}

/* --- what is said to them ------------------------------------------------- */

bool conf_option_is(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon != NULL && colon != name && colon[1] != '\0';
}

static struct conf_option *find(const struct conf_share *share,
				const char *name)
{
	for (size_t i = 0; i < share->num_options; i++) {
		if (conf_name_equal(share->options[i].name, name)) {
			return &share->options[i];
		}
	}
	return NULL;
}

const char *conf_option_lookup(const struct conf_share *share, const char *name)
{
	const struct conf_option *o = find(share, name);

	return o == NULL ? NULL : o->value;
}

static bool fill(TALLOC_CTX *mem_ctx, struct conf_option *o,
		 const struct conf_setting *s, bool quiet)
{
	size_t n = strlen(s->value);
	bool quoted = n >= 2 && s->value[0] == '"' && s->value[n - 1] == '"' &&
		      memchr(s->value + 1, '"', n - 2) == NULL;

	*o = (struct conf_option){.line = s->line, .quiet = quiet};
	o->name = talloc_strdup(mem_ctx, s->name);
	o->file = talloc_strdup(mem_ctx, s->file);
	o->value = talloc_strndup(mem_ctx, s->value + quoted, n - 2 * quoted);
	return o->name != NULL && o->file != NULL && o->value != NULL;
}

bool conf_option_set(TALLOC_CTX *mem_ctx, struct conf_share *share,
		     const struct conf_setting *s, bool quiet)
{
	struct conf_option *o = find(share, s->name);

	if (o == NULL) {
		o = talloc_realloc(mem_ctx, share->options, struct conf_option,
				   share->num_options + 1);
		if (o == NULL) {
			return false;
		}
		share->options = o;
		o += share->num_options;
	}
	if (!fill(mem_ctx, o, s, quiet)) {
		return false;
	}
	if (o == share->options + share->num_options) {
		share->num_options++;
	}
	return true;
}

bool conf_options_inherit(TALLOC_CTX *mem_ctx, struct conf_share *share)
{
	if (share->num_options == 0) {
		return true;
	}
	share->options =
		talloc_memdup(mem_ctx, share->options,
			      share->num_options * sizeof(*share->options));
	return share->options != NULL;
}

/* Whether name is one of a module's own: "NAME:...". */
static bool is_of(const char *name, const char *module)
{
	const char *prefix = prefix_of(module);
	size_t n = strlen(prefix);

	return strncasecmp(name, prefix, n) == 0 && name[n] == ':';
}

static bool is_used(const struct conf_share *share, const char *name)
{
	const char *const *filters = share->filters;

	while (*filters != NULL && !is_of(name, *filters)) {
		filters++;
	}
	return *filters != NULL || is_of(name, share->driver);
}

static bool is_used_by_any(const struct conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->count; i++) {
		if (is_used(&conf->shares[i], name)) {
			return true;
		}
	}
	return false;
}

static void report_unused(struct conf_report *report,
			  const struct conf_option *o)
{
	if (!o->quiet) {
		conf_report_add(report, false, o->file, o->line,
				"%s = %s: no share has a module for it, "
				"ignored",
				o->name, o->value);
	}
}

void conf_options_report(const struct conf *conf, struct conf_report *report)
{
	const struct conf_share *d = &conf->defaults;

	for (size_t i = 0; i < d->num_options; i++) {
		if (!is_used_by_any(conf, d->options[i].name)) {
			report_unused(report, &d->options[i]);
		}
	}
	for (size_t i = 0; i < conf->count; i++) {
		const struct conf_share *s = &conf->shares[i];

		for (size_t j = 0; j < s->num_options; j++) {
			const struct conf_option *o = &s->options[j];
			const struct conf_option *other = find(d, o->name);

			if (!is_used(s, o->name) &&
			    (other == NULL || other->value != o->value)) {
				report_unused(report, o);
			}
		}
	}
}
