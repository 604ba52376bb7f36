/* notifyd/local_own.h - what our own children have told of changes, for who
 * hears of a change from the kernel and does not know whose it is.
 *
 * The kernel says it when it is made; whose it is is told afterwards.  So a
 * change is our own when the same is told later than the kernel has said it. */
#ifndef NOTIFYD_LOCAL_OWN_H
#define NOTIFYD_LOCAL_OWN_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "idl/notify_gen.h"

struct local_own;

struct local_own *local_own_create(TALLOC_CTX *mem_ctx);

/* A moment, later than all before. */
uint64_t local_own_now(struct local_own *o);

void local_own_told(struct local_own *o,
		    const struct notify_change_message *change);

/* Whether what the kernel has said at the moment when has been told since: that
 * path came, went, was renamed from old_path (not NULL), or else changed. */
bool local_own_is(const struct local_own *o, enum notify_what what,
		  const char *path, const char *old_path, uint64_t when);

#endif
