/* tools/watches.h - the watches of directories, asked of a running notifyd. */
#ifndef TOOLS_WATCHES_H
#define TOOLS_WATCHES_H

#include <sys/time.h>
#include <talloc.h>

#include "idl/notify_gen.h"
#include "lib/ntstatus.h"

struct messaging_context;
struct notify_board;

/* The board of the server with this lock directory, and all watches, on
 * mem_ctx: an empty list when there is no notifyd.  Waits for the answer, in
 * m's event loop: IO_TIMEOUT.  OBJECT_NAME_NOT_FOUND: there is no board. */
MUST_CHECK NTSTATUS watches_get(TALLOC_CTX *mem_ctx,
				struct messaging_context *m,
				const char *lock_dir, struct timeval timeout,
				struct notify_board **out_board,
				struct notify_list *out_list);

#endif
