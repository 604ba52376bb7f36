/* notifyd/notifyd.h - change notification: knows every watch of every process
 * and tells them of the changes that are told to it (locking/notify.h).  It
 * keeps nothing that its successor cannot be told again. */
#ifndef NOTIFYD_NOTIFYD_H
#define NOTIFYD_NOTIFYD_H

#include <talloc.h>

#include "lib/ntstatus.h"

struct messaging_context;
struct notify_board;
struct notifyd;

/* Begins to serve on m, whose event loop the caller runs, and says so to all;
 * freeing it ends that.  Belongs to mem_ctx. */
MUST_CHECK NTSTATUS notifyd_create(TALLOC_CTX *mem_ctx,
				   struct messaging_context *m,
				   struct notify_board *board,
				   struct notifyd **out);

/* This process is that of notifyd: it is to be scheduled before those whose
 * changes it takes, of which only so many are queued.  Nothing happens where
 * this is not allowed. */
void notifyd_come_first(void);

#endif
