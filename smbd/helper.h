/* smbd/helper.h - a process that serves all children (notifyd): forked by the
 * master, and again when it dies. */
#ifndef SMBD_HELPER_H
#define SMBD_HELPER_H

#include <stdbool.h>
#include <sys/types.h>
#include <talloc.h>
#include <tevent.h>

#include "lib/ntstatus.h"

struct helper;

/* Starts it, now: fork_it forks, and in the new process does its work and
 * does not return.  name is lent.  Freeing it stops nothing. */
MUST_CHECK NTSTATUS helper_start(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
				 const char *name,
				 pid_t (*fork_it)(void *private_data),
				 void *private_data, struct helper **out);

/* A process was reaped.  If it was this one it is started again after a
 * moment. */
void helper_reaped(struct helper *h, pid_t pid);

/* Ends it (SIGTERM, then SIGKILL) and waits until it has. */
void helper_stop(struct helper *h);

#endif
