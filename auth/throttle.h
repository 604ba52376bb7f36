/* auth/throttle.h - what failed logons cost their address.
 *
 * Owns auth_failures.tdb, shared by all processes.  The first failures are
 * free (people mistype); each further one doubles the delay, and time forgives
 * them one by one.  Nobody sleeps here: who answers the client waits. */
#ifndef AUTH_THROTTLE_H
#define AUTH_THROTTLE_H

#include <talloc.h>

#include "lib/ntstatus.h"
#include "lib/nttime.h"

struct db_context;
struct throttle;

#define THROTTLE_FREE	      3	   /* failures without a delay */
#define THROTTLE_FIRST_MS     250  /* delay at the next one */
#define THROTTLE_MAX_MS	      8000 /* no longer than this */
#define THROTTLE_MAX_COUNT    20   /* no more are remembered */
#define THROTTLE_FORGIVE_SECS 30   /* that make one failure less */

/* Opens the database in lock_dir, which it makes if it is not there. */
MUST_CHECK NTSTATUS throttle_open(TALLOC_CTX *mem_ctx, struct db_context *db,
				  const char *lock_dir, struct throttle **out);

/* Notes how a logon from address (numeric) ended, and gives the milliseconds
 * for which its answer must be held back.  Also a success waits, so that nobody
 * tells a wrong password by the silence; then it wipes the slate clean.  An
 * IPv6 address counts as its /64: a host has all of that. */
uint32_t throttle_note(struct throttle *t, const char *address, bool failed,
		       NTTIME now);

/* The rule: the delay after that many failures. */
uint32_t throttle_delay(uint32_t failures);

/* The rule: what is left of count when that much time has passed since. */
uint32_t throttle_forgive(uint32_t count, NTTIME last, NTTIME now);

#endif
