/* smbd/master.h - the process that accepts connections and forks a child for
 * each.  It reads nothing from clients. */
#ifndef SMBD_MASTER_H
#define SMBD_MASTER_H

#include <talloc.h>

#include "lib/ntstatus.h"

struct smbd_server;
struct master;

/* Opens the listeners; what does not work is logged. */
MUST_CHECK NTSTATUS master_create(TALLOC_CTX *mem_ctx,
				  struct smbd_server *server,
				  struct master **out);

/* Serves until it is told to stop, and stops the children.  Returns in the
 * master only. */
void master_run(struct master *m);

#endif
