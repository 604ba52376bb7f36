/* smbd/logging.c - see logging.h. */
#include "smbd/logging.h"

#include <stdio.h>
#include <string.h>

#include "lib/conf.h"
#include "lib/log.h"

/* The file of "log file" for this client, on mem_ctx; NULL if there is none. */
static char *file_for(TALLOC_CTX *mem_ctx, const struct conf *conf,
		      const char *remote, const char *local)
{
	const struct conf_global *g = conf_global(conf);
	struct conf_subst subst = {
		.client_name = remote,
		.client_address = remote,
		.server_address = local,
		.server_name = g->netbios_name,
	};
	char *path;

	if (g->log_file[0] == '\0' ||
	    !NT_STATUS_IS_OK(
		    conf_substitute(mem_ctx, g->log_file, &subst, &path))) {
		return NULL;
	}
	return path;
}

static bool is_file(const struct conf_global *g)
{
	return g->log_file[0] != '\0' && (g->logging == CONF_LOGGING_DEFAULT ||
					  g->logging == CONF_LOGGING_FILE);
}

static NTSTATUS start_file(const struct conf *conf)
{
	char *file = file_for(NULL, conf, "smbd", "");
	NTSTATUS status = NT_STATUS(INVALID_PARAMETER);

	if (file != NULL) {
		status = log_set_target(LOG_TO_FILE, file);
	}
	talloc_free(file);
	return status;
}

NTSTATUS smbd_log_start(const struct conf *conf, const char *logdir,
			bool foreground)
{
	const struct conf_global *g = conf_global(conf);
	char path[4096];

	if (is_file(g)) {
		return start_file(conf);
	}
	if (logdir == NULL && g->logging == CONF_LOGGING_JOURNAL) {
		return log_set_target(LOG_TO_JOURNAL, NULL);
	}
	if (logdir == NULL &&
	    (foreground || g->logging == CONF_LOGGING_STDERR)) {
		return log_set_target(LOG_TO_STDERR, NULL);
	}
	snprintf(path, sizeof(path), "%s/log.smbd",
		 logdir == NULL ? LOGDIR : logdir);
	return log_set_target(LOG_TO_FILE, path);
}

bool smbd_log_depends_on_client(const struct conf *conf)
{
	const struct conf_global *g = conf_global(conf);

	return is_file(g) && strchr(g->log_file, '%') != NULL;
}

void smbd_log_to_client(const struct conf *conf, const char *remote,
			const char *local)
{
	char *file = file_for(NULL, conf, remote, local);

	if (file == NULL ||
	    !NT_STATUS_IS_OK(log_set_target(LOG_TO_FILE, file))) {
		LOG_WARN(LOG_GENERAL, "no log file for %s", remote);
	}
	talloc_free(file);
}
