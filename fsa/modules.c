/* fsa/modules.c - see modules.h.
 *
 * A file is opened with dlopen() each time it is asked for; the C library knows
 * those that are loaded and never looks at the disk again.  Nothing is
 * unloaded: tables and code may be referred to until the end. */
#include "fsa/modules.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "fsa/module.h"
#include "fsa/options.h"
#include "lib/conf.h"
#include "lib/identity.h"

static const struct fsa_driver *const drivers[] = {&fsa_posix_driver,
						   &fsa_memory_driver, NULL};

static const struct fsa_filter *const filters[] = {&fsa_audit_filter,
						   &fsa_catia_filter,
						   &fsa_fruit_filter,
						   &fsa_readonly_filter,
						   &fsa_recycle_filter,
						   &fsa_shadow_copy_filter,
						   NULL};

const struct fsa_driver *const *fsa_drivers_linked_in(void)
{
	return drivers;
}

/* --- files ---------------------------------------------------------------- */

/* A name that smb.conf gives is no path. */
static bool is_plain(const char *name)
{
	return *name != '\0' && *name != '.' && strchr(name, '/') == NULL;
}

static NTSTATUS check_module(TALLOC_CTX *mem_ctx, const struct fsa_module *m,
			     const char *path, char **out_why)
{
	if (m->version != FSA_MODULE_VERSION) {
		*out_why =
			talloc_asprintf(mem_ctx,
					"%s was made for version %u of the "
					"module interface, this is version "
					"%u",
					path, m->version, FSA_MODULE_VERSION);
		return NT_STATUS(REVISION_MISMATCH);
	}
	if (m->io_size != sizeof(struct fsa_io) ||
	    m->params_size != sizeof(struct fsa_volume_params) ||
	    m->driver_size != sizeof(struct fsa_driver) ||
	    m->filter_size != sizeof(struct fsa_filter) ||
	    (m->driver != NULL && m->driver->version != FSA_DRIVER_VERSION) ||
	    (m->filter != NULL && m->filter->version != FSA_FILTER_VERSION)) {
		*out_why = talloc_asprintf(mem_ctx,
					   "%s was compiled with the headers "
					   "of another version of this server",
					   path);
		return NT_STATUS(REVISION_MISMATCH);
	}
	return NT_STATUS_OK;
}

static NTSTATUS load_file(TALLOC_CTX *mem_ctx, const char *path,
			  const struct fsa_module **out, char **out_why)
{
	const struct fsa_module *(*entry)(void);
	const struct fsa_module *m;
	NTSTATUS status;
	void *handle;

	if (access(path, F_OK) != 0) {
		*out_why = talloc_asprintf(mem_ctx, "%s: %s", path,
					   strerror(errno));
		return NT_STATUS(NOT_FOUND);
	}
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (handle == NULL) {
		*out_why = talloc_asprintf(mem_ctx, "%s cannot be loaded: %s",
					   path, dlerror());
		return NT_STATUS(INVALID_IMAGE_FORMAT);
	}
	*(void **)&entry = dlsym(handle, FSA_MODULE_ENTRY);
	m = entry == NULL ? NULL : entry();
	if (m == NULL) {
		*out_why = talloc_asprintf(
			mem_ctx,
			"%s is no module: it has no " FSA_MODULE_ENTRY "()",
			path);
		dlclose(handle);
		return NT_STATUS(INVALID_IMAGE_FORMAT);
	}
	status = check_module(mem_ctx, m, path, out_why);
	if (!NT_STATUS_IS_OK(status)) {
		dlclose(handle);
		return status;
	}
	*out = m;
	return NT_STATUS_OK;
}

static NTSTATUS load(TALLOC_CTX *mem_ctx, const char *dir, const char *name,
		     const struct fsa_module **out, char **out_why)
{
	char *path = NULL;
	NTSTATUS status;

	if (dir != NULL && *dir != '\0' && is_plain(name)) {
		path = talloc_asprintf(mem_ctx, "%s/%s.so", dir, name);
	}
	if (path == NULL) {
		*out_why = talloc_asprintf(mem_ctx, "\"%s\" is none", name);
		return NT_STATUS(NOT_FOUND);
	}
	identity_save();
	status = load_file(mem_ctx, path, out, out_why);
	identity_restore();
	talloc_free(path);
	return status;
}

/* --- by name -------------------------------------------------------------- */

NTSTATUS modules_find_driver(TALLOC_CTX *mem_ctx, const char *dir,
			     const char *name, const struct fsa_driver **out,
			     char **out_why)
{
	const struct fsa_module *m = NULL;
	NTSTATUS status;

	for (size_t i = 0; drivers[i] != NULL; i++) {
		if (strcasecmp(drivers[i]->name, name) == 0) {
			*out = drivers[i];
			return NT_STATUS_OK;
		}
	}
	status = load(mem_ctx, dir, name, &m, out_why);
	if (NT_STATUS_IS_OK(status) && m->driver == NULL) {
		*out_why = talloc_asprintf(mem_ctx, "%s/%s.so is no driver",
					   dir, name);
		return NT_STATUS(INVALID_IMAGE_FORMAT);
	}
	if (NT_STATUS_IS_OK(status)) {
		*out = m->driver;
	}
	return status;
}

NTSTATUS modules_find_filter(TALLOC_CTX *mem_ctx, const char *dir,
			     const char *name, const struct fsa_filter **out,
			     char **out_why)
{
	const struct fsa_module *m = NULL;
	NTSTATUS status;

	for (size_t i = 0; filters[i] != NULL; i++) {
		if (strcasecmp(filters[i]->name, name) == 0) {
			*out = filters[i];
			return NT_STATUS_OK;
		}
	}
	status = load(mem_ctx, dir, name, &m, out_why);
	if (NT_STATUS_IS_OK(status) && m->filter == NULL) {
		*out_why = talloc_asprintf(mem_ctx, "%s/%s.so is no filter",
					   dir, name);
		return NT_STATUS(INVALID_IMAGE_FORMAT);
	}
	if (NT_STATUS_IS_OK(status)) {
		*out = m->filter;
	}
	return status;
}

/* --- looking over what smb.conf says -------------------------------------- */

struct check {
	TALLOC_CTX *mem_ctx;
	const struct conf *conf;
	const struct conf_share *share;
	struct conf_report *report;
};

static void refuse(const struct check *c, const char *what, const char *name,
		   const char *why)
{
	conf_report_add(c->report, true, conf_path(c->conf), 0,
			"[%s] cannot be connected to: %s = %s: %s",
			c->share->name, what, name,
			why != NULL ? why : "no memory");
}

static void check_option(const struct check *c, const struct fsa_filter *filter,
			 const struct conf_option *o)
{
	const char *name = option_of(filter, o->name);
	bool error = false;
	const char *why;

	if (name == NULL || o->quiet) {
		return;
	}
	why = option_check(filter, name, o->value, &error);
	if (why != NULL) {
		conf_report_add(c->report, error, o->file, o->line,
				"%s = %s: %s", o->name, o->value, why);
	}
}

static void check_options(const struct check *c,
			  const struct fsa_filter *filter)
{
	for (size_t i = 0; i < c->share->num_options; i++) {
		check_option(c, filter, &c->share->options[i]);
	}
}

static void check_filters(const struct check *c)
{
	const char *const *names = c->share->filters;
	const char *dir = conf_global(c->conf)->modules_dir;

	for (size_t n = 0; names[n] != NULL; n++) {
		const struct fsa_filter *filter = NULL;
		char *why = NULL;
		NTSTATUS status = modules_find_filter(c->mem_ctx, dir, names[n],
						      &filter, &why);

		if (!NT_STATUS_IS_OK(status) || n >= FSA_MAX_FILTERS) {
			refuse(c, "vfs objects", names[n],
			       filter != NULL ? "too many modules" : why);
			continue;
		}
		check_options(c, filter);
	}
}

/* To options a driver is what a filter is. */
static void check_driver_options(const struct check *c,
				 const struct fsa_driver *driver)
{
	const struct fsa_filter as_filter = {
		.name = driver->name,
		.options = driver->options,
		.config_size = driver->config_size,
	};

	check_options(c, &as_filter);
}

static void check_driver(const struct check *c)
{
	const struct fsa_driver *driver = NULL;
	char *why = NULL;
	NTSTATUS status = modules_find_driver(c->mem_ctx,
					      conf_global(c->conf)->modules_dir,
					      c->share->driver, &driver, &why);

	if (!NT_STATUS_IS_OK(status)) {
		refuse(c, "driver", c->share->driver, why);
		return;
	}
	check_driver_options(c, driver);
	if (!driver->no_path && *c->share->path == '\0') {
		refuse(c, "driver", c->share->driver, "it needs a path");
	} else if (driver->no_path && *c->share->path != '\0') {
		conf_report_add(c->report, false, conf_path(c->conf), 0,
				"[%s] path = %s: has no effect with driver = "
				"%s",
				c->share->name, c->share->path,
				c->share->driver);
	}
}

void modules_report(const struct conf *conf, struct conf_report *report)
{
	struct check c = {
		.mem_ctx = talloc_new(NULL), .conf = conf, .report = report};

	for (size_t i = 0; i < conf_share_count(conf); i++) {
		c.share = conf_share_at(conf, i);
		if (c.share->available) {
			check_driver(&c);
			check_filters(&c);
		}
	}
	talloc_free(c.mem_ctx);
}
