/* smbd/orphans.h - children of a master that was killed, which serve on.  The
 * new master does not reap them; it waits for their end all the same, so that
 * what one of them leaves behind is cleaned as if it were its own. */
#ifndef SMBD_ORPHANS_H
#define SMBD_ORPHANS_H

#include <talloc.h>
#include <tevent.h>

#include "lib/ntstatus.h"

struct locking;
struct orphans;

/* Looks for them, once: by the master, before it has children.  Belongs to
 * mem_ctx. */
MUST_CHECK NTSTATUS orphans_create(TALLOC_CTX *mem_ctx,
				   struct tevent_context *ev, struct locking *l,
				   struct orphans **out);

#endif
