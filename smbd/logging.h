/* smbd/logging.h - where the lines of smbd's log go. */
#ifndef SMBD_LOGGING_H
#define SMBD_LOGGING_H

#include "lib/ntstatus.h"

struct conf;

/* The master's log: as smb.conf says, else logdir "/log.smbd" if there is a
 * logdir, else stderr in the foreground. */
MUST_CHECK NTSTATUS smbd_log_start(const struct conf *conf, const char *logdir,
				   bool foreground);

/* Whether the name of smb.conf's "log file" depends on who is served. */
bool smbd_log_depends_on_client(const struct conf *conf);

/* A child's: that file. */
void smbd_log_to_client(const struct conf *conf, const char *remote,
			const char *local);

#endif
