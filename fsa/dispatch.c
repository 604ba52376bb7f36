/* fsa/dispatch.c - servers and volumes, and the way of an fsa_io: to its
 * operation, and back when it had to wait. */
#include <stdlib.h>
#include <string.h>

#include "fsa/access.h"
#include "fsa/driver_table.h"
#include "fsa/file.h"
#include "fsa/filters.h"
#include "fsa/id_map.h"
#include "fsa/lock.h"
#include "fsa/oplock.h"
#include "fsa/modules.h"
#include "fsa/name_list.h"
#include "fsa/reparse.h"
#include "fsa/watch.h"
#include "lib/assert.h"
#include "lib/crypto.h"
#include "lib/log.h"

/* One row for each operation; resumed for those that a driver may leave
 * pending. */
static const struct {
	NTSTATUS (*start)(struct fsa_io *io);
	NTSTATUS (*resumed)(struct fsa_io *io, NTSTATUS status);
} operations[FSA_OPS] = {
	[FSA_CREATE] = {.start = fsa_create_start,
			.resumed = fsa_create_resumed},
	[FSA_CLOSE] = {.start = fsa_close_start},
	[FSA_READ] = {.start = fsa_read_start, .resumed = fsa_read_resumed},
	[FSA_WRITE] = {.start = fsa_write_start, .resumed = fsa_write_resumed},
	[FSA_FLUSH] = {.start = fsa_flush_start, .resumed = fsa_flush_resumed},
	[FSA_QUERY_DIRECTORY] = {.start = fsa_query_directory_start},
	[FSA_QUERY_INFO] = {.start = fsa_query_info_start},
	[FSA_SET_INFO] = {.start = fsa_set_info_start},
	[FSA_QUERY_VOLUME] = {.start = fsa_query_volume_start},
	[FSA_SET_VOLUME] = {.start = fsa_set_volume_start},
	[FSA_QUERY_QUOTA] = {.start = fsa_query_quota_start},
	[FSA_SET_QUOTA] = {.start = fsa_set_quota_start},
	[FSA_QUERY_SECURITY] = {.start = fsa_query_security_start},
	[FSA_SET_SECURITY] = {.start = fsa_set_security_start},
	[FSA_FSCTL] = {.start = fsa_fsctl_start, .resumed = fsa_fsctl_resumed},
	[FSA_NOTIFY] = {.start = fsa_notify_start,
			.resumed = fsa_notify_resumed},
	[FSA_COPY] = {.start = fsa_copy_start, .resumed = fsa_copy_resumed},
	[FSA_LOCK] = {.start = fsa_lock_start, .resumed = fsa_lock_resumed},
};

NTSTATUS fsa_core_start(struct fsa_io *io)
{
	NTSTATUS status;

	if (io->file != NULL && io->file->node->no_data) {
		status = reparse_check_no_data(io);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	status = oplock_gate(io);
	if (!NT_STATUS_IS_OK(status)) {
		io->at_gate = NT_STATUS_IS(status, PENDING);
		return status;
	}
	status = operations[io->op].start(io);
	if (NT_STATUS_IS_OK(status)) {
		oplock_done(io);
	}
	ASSERT(!NT_STATUS_IS(status, PENDING) || io->at_gate ||
	       operations[io->op].resumed != NULL);
	return status;
}

NTSTATUS fsa_dispatch_from(struct fsa_io *io, unsigned int first)
{
	NTSTATUS status;

	ASSERT(io->op < FSA_OPS);
	ASSERT(io->volume != NULL);
	ASSERT(io->file != NULL || io->op == FSA_CREATE ||
	       io->op == FSA_QUERY_VOLUME || io->op == FSA_FSCTL);
	ASSERT(identity_is(io->identity));
	io->pending = false;
	io->cancelled = false;
	io->at_gate = false;
	io->cancel = NULL;
	io->state = NULL;
	io->walk = NULL;
	status = first < io->volume->num_layers ? filters_start(io, first)
						: fsa_core_start(io);
	io->pending = NT_STATUS_IS(status, PENDING);
	return status;
}

NTSTATUS fsa_dispatch(struct fsa_io *io)
{
	return fsa_dispatch_from(io, 0);
}

void fsa_io_end(struct fsa_io *io, NTSTATUS status)
{
	io->pending = false;
	io->status = status;
	io->complete(io);
}

/* Who waited before it began begins; who had begun goes on. */
static NTSTATUS resume_core(struct fsa_io *io)
{
	if (!io->at_gate) {
		NTSTATUS status = operations[io->op].resumed(io, io->status);

		if (NT_STATUS_IS_OK(status)) {
			oplock_done(io);
		}
		return status;
	}
	io->at_gate = false;
	return NT_STATUS_IS_OK(io->status) ? fsa_core_start(io) : io->status;
}

static void resume(struct fsa_io *io)
{
	NTSTATUS status;

	ASSERT(io->pending);
	ASSERT(identity_is(io->identity));
	status = resume_core(io);
	if (NT_STATUS_IS(status, PENDING)) {
		return;
	}
	io->cancel = NULL;
	io->state = NULL;
	if (io->walk != NULL) {
		status = filters_core_done(io, status);
	}
	if (!NT_STATUS_IS(status, PENDING)) {
		fsa_io_end(io, status);
	}
}

/* env->done */
static void driver_done(struct fsa_io *io, NTSTATUS status)
{
	io->status = status;
	io->volume->server->params.run_step(io, resume);
}

void fsa_io_cancel(struct fsa_io *io)
{
	if (!io->pending) {
		return;
	}
	io->cancelled = true;
	if (io->cancel != NULL) {
		io->cancel(io);
	}
}

/* --- set-up -------------------------------------------------------------- */

/* A driver's row, with what its processes share; without that, its shares are
 * not served, all others are. */
static void add_driver(struct fsa_server *server,
		       const struct fsa_driver *driver)
{
	size_t n = server->num_drivers;
	NTSTATUS status = NT_STATUS_OK;

	ASSERT(n < FSA_MAX_DRIVERS);
	if (driver->share != NULL) {
		status = driver->share(server, &server->drivers[n].shared);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_FSA, "the driver %s cannot be used: %s",
			driver->name, ntstatus_name(status));
	}
	server->drivers[n].status = status;
	server->drivers[n].driver = driver;
	server->drivers[n].table = driver_table_complete(driver);
	server->num_drivers++;
}

NTSTATUS fsa_server_create(TALLOC_CTX *mem_ctx,
			   const struct fsa_server_params *params,
			   struct fsa_server **out)
{
	struct fsa_server *server = talloc_zero(mem_ctx, struct fsa_server);
	const struct fsa_driver *const *d = fsa_drivers_linked_in();
	NTSTATUS status;

	if (server == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	server->params = *params;
	/* Before the children are forked: all have the same. */
	crypto_random(server->offload_key, sizeof(server->offload_key));
	if (server->params.id_map == NULL) {
		server->params.id_map = &id_map_unix;
	}
	server->env.ev = params->ev;
	server->env.done = driver_done;
	while (*d != NULL) {
		add_driver(server, *d++);
	}
	status = oplock_listen(server);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(server);
		return status;
	}
	*out = server;
	return NT_STATUS_OK;
}

/* The driver's state in this process, made at the first use. */
static NTSTATUS start_driver(struct fsa_server *server,
			     const struct fsa_driver *driver,
			     const struct fsa_driver **out_table,
			     void **out_state)
{
	NTSTATUS status;
	size_t n = 0;

	while (n < server->num_drivers && server->drivers[n].driver != driver) {
		n++;
	}
	if (n == server->num_drivers) {
		/* One that was loaded; in this process alone, perhaps. */
		if (driver->share != NULL || n == FSA_MAX_DRIVERS) {
			return NT_STATUS(BAD_NETWORK_NAME);
		}
		add_driver(server, driver);
	}
	status = server->drivers[n].status;
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!server->drivers[n].started && driver->start != NULL) {
		status = driver->start(server, &server->env,
				       server->drivers[n].shared,
				       &server->drivers[n].state);
	}
	if (NT_STATUS_IS_OK(status)) {
		server->drivers[n].started = true;
		*out_table = &server->drivers[n].table;
		*out_state = server->drivers[n].state;
	}
	return status;
}

/* Two shares may show the same folder, by different ways: changes are told by
 * the folder's own path. */
static const char *find_notify_root(struct fsa_volume *v)
{
	const char *local = v->mount->local_path;
	char *real = local == NULL ? NULL : realpath(local, NULL);
	const char *root = talloc_strdup(v, real != NULL ? real : v->path);

	free(real);
	return root != NULL && strcmp(root, "/") == 0 ? "" : root;
}

/* Without a folder: what no folder is called. */
static const char *path_of(struct fsa_volume *v,
			   const struct fsa_volume_params *params)
{
	if (!v->driver->no_path) {
		return talloc_strdup(v, params->path);
	}
	return talloc_asprintf(v, "%s:%s", params->driver, params->share_name);
}

static NTSTATUS find_driver(struct fsa_volume *v,
			    const struct fsa_volume_params *params)
{
	char *why = NULL;
	const char *missing = NULL;
	NTSTATUS status = modules_find_driver(v, params->modules_dir,
					      params->driver, &v->driver, &why);

	if (NT_STATUS_IS_OK(status)) {
		missing = driver_table_missing(v->driver);
	}
	if (missing != NULL) {
		LOG_ERR(LOG_FSA, "share %s: driver: %s has no %s",
			params->share_name, params->driver, missing);
		return NT_STATUS(BAD_NETWORK_NAME);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_FSA, "share %s: driver: %s: %s", params->share_name,
			params->driver, why != NULL ? why : "?");
		return NT_STATUS(BAD_NETWORK_NAME);
	}
	return NT_STATUS_OK;
}

static NTSTATUS mount_volume(struct fsa_volume *v,
			     const struct fsa_volume_params *params)
{
	void *state = NULL;
	NTSTATUS status;

	status = find_driver(v, params);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	v->path = path_of(v, params);
	v->label = talloc_strdup(v, params->label != NULL ? params->label : "");
	if (v->path == NULL || v->label == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = start_driver(v->server, v->driver, &v->driver, &state);
	if (NT_STATUS_IS_OK(status)) {
		status = v->driver->mount(v, state, params, &v->mount);
	}
	if (NT_STATUS_IS_OK(status)) {
		v->mount->driver = v->driver;
		v->notify_root = find_notify_root(v);
		status = v->notify_root == NULL ? NT_STATUS(NO_MEMORY)
						: NT_STATUS_OK;
	}
	return status;
}

static const bool no_macos = false;

NTSTATUS fsa_volume_open(TALLOC_CTX *mem_ctx, struct fsa_server *server,
			 const struct fsa_volume_params *params,
			 struct fsa_volume **out)
{
	struct fsa_volume *v = talloc_zero(mem_ctx, struct fsa_volume);
	NTSTATUS status;

	if (v == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	v->server = server;
	v->read_only = params->read_only;
	v->read_only_always = params->read_only;
	v->hide_unreadable = params->hide_unreadable;
	v->keep_inherited_flag = params->keep_inherited_flag;
	v->ignore_system_acls = params->ignore_system_acls;
	v->posix_locking = params->posix_locking;
	v->kernel_oplocks = params->kernel_oplocks;
	v->local_changes = params->local_changes;
	v->strict_locking = params->strict_locking;
	v->default_acl_style = params->default_acl_style;
	v->hide_dot = params->hide_dot_files;
	v->delete_veto = params->delete_veto_files;
	v->mangle = params->mangled_names;
	v->inherit_owner = params->inherit_owner;
	v->macos = params->macos != NULL ? params->macos : &no_macos;
	v->posix_rename = params->macos_posix_rename;
	v->time_machine_max_size = params->time_machine_max_size;
	v->delete_readonly = params->delete_readonly;
	v->write_time_delay = params->write_time_delay;
	status = mount_volume(v, params);
	if (NT_STATUS_IS_OK(status) && params->hide_files != NULL) {
		status = name_list_parse(v, params->hide_files, &v->hide);
	}
	if (NT_STATUS_IS_OK(status) && params->veto_files != NULL) {
		status = name_list_parse(v, params->veto_files, &v->veto);
	}
	if (NT_STATUS_IS_OK(status)) {
		v->streams =
			params->named_streams && v->driver->stream_open != NULL;
		v->eas = params->ea_support && v->driver->get_eas != NULL;
	}
	if (NT_STATUS_IS_OK(status)) {
		status = filters_connect(v, params);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(v);
		return status;
	}
	*out = v;
	return NT_STATUS_OK;
}

bool fsa_volume_has_posix(const struct fsa_volume *v)
{
	return v->driver->set_unix != NULL;
}

uint32_t fsa_volume_maximal_access(const struct fsa_volume *v)
{
	return v->read_only ? FSA_READ_ONLY_ACCESS : FILE_ALL_ACCESS;
}

/* --- looking at an open -------------------------------------------------- */

uint32_t fsa_file_granted_access(const struct fsa_file *f)
{
	return f->granted;
}

bool fsa_file_is_directory(const struct fsa_file *f)
{
	return f->node->directory;
}

bool fsa_file_is_posix(const struct fsa_file *f)
{
	return f->posix;
}

const char *fsa_file_name(const struct fsa_file *f)
{
	return f->name;
}

const struct file_id *fsa_file_id(const struct fsa_file *f)
{
	return &f->id;
}
