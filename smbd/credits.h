/* smbd/credits.h - which message ids a client may use, and how many more it
 * gets ([MS-SMB2] 3.3.1.1, 3.3.1.2).  Pure values; owns the window's memory. */
#ifndef SMBD_CREDITS_H
#define SMBD_CREDITS_H

#include <talloc.h>

#include "lib/ntstatus.h"

struct credits;

/* The window { 0 } of a new connection.  It never spans more than max ids,
 * used ones included: a client that leaves out an id gets no more in the end.
 */
MUST_CHECK NTSTATUS credits_create(TALLOC_CTX *mem_ctx, uint32_t max,
				   struct credits **out);

/* Uses up charge (0 counts as 1) ids from message_id on.  False, and nothing
 * is changed, when not all of them may be used: the connection is to be
 * dropped ([MS-SMB2] 3.3.5.2.3). */
bool credits_take(struct credits *c, uint64_t message_id, uint16_t charge);

/* Widens the window by what was asked for, as far as it may grow, but so that
 * the client holds at least one credit.  Returns what was granted. */
uint16_t credits_grant(struct credits *c, uint16_t wanted);

/* Credits that the client holds. */
uint32_t credits_held(const struct credits *c);

#endif
