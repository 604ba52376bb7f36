/* smbd/share_command.h - commands that smb.conf has run when a share is
 * connected and disconnected (preexec, postexec, and those of root). */
#ifndef SMBD_SHARE_COMMAND_H
#define SMBD_SHARE_COMMAND_H

#include "lib/identity.h"
#include "lib/ntstatus.h"

/* How long one may take; then it, and what it has started, is killed. */
#define SHARE_COMMAND_SECONDS 60

/* Runs command by sh(1), with nothing to read and its output thrown away, as
 * who, with his groups; NULL: as the server.  Waits for its end.
 * UNSUCCESSFUL: it ended with another code than 0; IO_TIMEOUT.  Call it with
 * the process's own identity. */
MUST_CHECK NTSTATUS share_command_run(const char *command,
				      const struct identity *who);

/* The same without waiting; nobody kills it. */
MUST_CHECK NTSTATUS share_command_start(const char *command,
					const struct identity *who);

#endif
