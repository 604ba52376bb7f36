/* smbd/server.c - see server.h. */
#include "smbd/server.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auth/auth.h"
#include "fsa/fsa.h"
#include "fsa/modules.h"
#include "lib/identity.h"
#include "lib/log.h"
#include "locking/locking.h"
#include "locking/notify.h"
#include "messaging/messaging.h"
#include "smbd/id_map.h"
#include "smbd/breaks.h"

/* --- smb.conf ------------------------------------------------------------ */

void smbd_log_report(const struct conf_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct conf_problem *p = &report->problems[i];

		if (p->note) {
			LOG_INFO(LOG_GENERAL, "%s:%u: %s", p->file, p->line,
				 p->text);
		} else if (p->error) {
			LOG_ERR(LOG_GENERAL, "%s:%u: %s", p->file, p->line,
				p->text);
		} else {
			LOG_WARN(LOG_GENERAL, "%s:%u: %s", p->file, p->line,
				 p->text);
		}
	}
}

static void set_levels(struct smbd_server *server)
{
	const char *levels = server->log_levels;

	if (levels == NULL) {
		levels = conf_global(server->conf)->log_level;
	}
	if (!NT_STATUS_IS_OK(log_set_levels(levels))) {
		LOG_WARN(LOG_GENERAL, "log level \"%s\" is none", levels);
	}
}

/* What is wrong with smb.conf the master says, not each of its children. */
static bool is_master(const struct smbd_server *server)
{
	return server->master.pid == (uint32_t)getpid();
}

void smbd_server_reload(struct smbd_server *server)
{
	struct conf_report *report = conf_report_create(server);
	const struct conf *old = server->conf;
	struct conf *fresh = NULL;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	identity_drop();
	if (report != NULL) {
		status = conf_load(server, conf_path(old), report, &fresh);
	}
	if (report != NULL && is_master(server)) {
		if (NT_STATUS_IS_OK(status)) {
			modules_report(fresh, report);
		}
		smbd_log_report(report);
	}
	talloc_free(report);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_AT(LOG_GENERAL, is_master(server) ? 0 : 3,
		       "%s is not loaded: %s", conf_path(old),
		       ntstatus_name(status));
		return;
	}
	server->conf = fresh;
	talloc_free((void *)(uintptr_t)old);
	set_levels(server);
	log_reopen();
	LOG_NOTICE(LOG_GENERAL, "%s is loaded again", conf_path(fresh));
}

/* --- folders ------------------------------------------------------------- */

static bool make_folder(const char *path, mode_t mode)
{
	char copy[4096];

	if (strlen(path) >= sizeof(copy)) {
		return false;
	}
	strcpy(copy, path);
	for (char *p = copy + 1; *p != '\0'; p++) {
		if (*p == '/') {
			*p = '\0';
			(void)mkdir(copy, 0755);
			*p = '/';
		}
	}
	if (mkdir(copy, mode) != 0 && errno != EEXIST) {
		LOG_ERR(LOG_GENERAL, "the folder %s cannot be made: %s", path,
			strerror(errno));
		return false;
	}
	return true;
}

NTSTATUS smbd_make_folders(const struct conf *conf)
{
	const struct conf_global *g = conf_global(conf);

	if (!make_folder(g->private_dir, 0700) ||
	    !make_folder(g->state_dir, 0755) ||
	    !make_folder(g->cache_dir, 0755) ||
	    !make_folder(g->lock_dir, 0755) || !make_folder(g->pid_dir, 0755)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return NT_STATUS_OK;
}

/* --- set-up -------------------------------------------------------------- */

/* fsa/ goes on with an operation that waited. */
static void run_step(struct fsa_io *io, void (*step)(struct fsa_io *io))
{
	identity_assume(io->identity);
	step(io);
}

static NTSTATUS open_auth(struct smbd_server *server,
			  const struct conf_global *g)
{
	struct auth_server_options options = {
		.netbios_name = g->netbios_name,
		.private_dir = g->private_dir,
		.lock_dir = g->lock_dir,
	};
	NTSTATUS status = auth_server_create(server, server->locking->db,
					     &options, &server->auth);

	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_GENERAL, "the user database in %s: %s",
			g->private_dir, ntstatus_name(status));
		return status;
	}
	return auth_server_hello(server, server->auth, &server->hello);
}

static NTSTATUS open_files(struct smbd_server *server)
{
	struct fsa_server_params params = {
		.ev = server->ev,
		.locking = server->locking,
		.messaging = server->messaging,
		.run_step = run_step,
		.on_break = smbd_breaks_tell,
		.private_data = server,
		.break_wait = (unsigned int)conf_global(server->conf)
				      ->oplock_break_wait,
	};
	NTSTATUS status;

	status = id_map_create(server, auth_server_passdb(server->auth),
			       &params.id_map);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return fsa_server_create(server, &params, &server->fsa);
}

static NTSTATUS open_shared(struct smbd_server *server,
			    const struct conf_global *g)
{
	NTSTATUS status = messaging_create(server, server->ev, g->lock_dir,
					   &server->messaging);

	if (NT_STATUS_IS_OK(status)) {
		status = locking_open(server, g->lock_dir, server->messaging,
				      false, &server->locking);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_GENERAL, "the databases in %s: %s", g->lock_dir,
			ntstatus_name(status));
	}
	return status;
}

NTSTATUS smbd_server_create(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			    struct conf *conf, const char *log_levels,
			    struct smbd_server **out)
{
	struct smbd_server *server = talloc_zero(mem_ctx, struct smbd_server);
	const struct conf_global *g = conf_global(conf);
	NTSTATUS status;

	if (server == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	server->ev = ev;
	server->conf = talloc_steal(server, conf);
	server->guid = guid_random();
	server->log_levels = log_levels;
	set_levels(server);
	gnutls_global_init();
	status = open_shared(server, g);
	if (NT_STATUS_IS_OK(status)) {
		status = open_auth(server, g);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = open_files(server);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(server);
		return status;
	}
	server->master = *messaging_id(server->messaging);
	*out = server;
	return NT_STATUS_OK;
}

NTSTATUS smbd_server_after_fork(struct smbd_server *server)
{
	NTSTATUS status = messaging_reinit(server->messaging);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	notify_client_began(server->locking->notify);
	return locking_reopen_after_fork(server->locking);
}
