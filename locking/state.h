/* locking/state.h - all databases as they are at one moment, compared with each
 * other and with what the processes say of themselves.
 *
 * Nobody is kept waiting: records are read one at a time, and so two of them at
 * different times.  What is wrong between two is therefore perhaps only on its
 * way; it is told in the same words when it is found again, and what is found
 * in several readings, with a moment between, is true: see state_find().
 *
 * What belongs to one record, or is always changed under one lock, is looked at
 * under that lock and true at once. */
#ifndef LOCKING_STATE_H
#define LOCKING_STATE_H

#include <talloc.h>

#include "idl/notify_gen.h"
#include "idl/state_gen.h"
#include "lib/ntstatus.h"
#include "messaging/server_id.h"

struct locking;
struct state;

/* Reads all. */
MUST_CHECK NTSTATUS state_read(TALLOC_CTX *mem_ctx, struct locking *l,
			       struct state **out);

/* What a living process says of itself, asked for after state_read(). */
MUST_CHECK NTSTATUS state_add_process(struct state *s,
				      const struct server_id *id,
				      const struct process_state *view);

/* What notifyd has, asked for after the processes, and what is counted. */
struct notify_board;
MUST_CHECK NTSTATUS state_add_notify(struct state *s,
				     const struct notify_list *list,
				     const struct notify_board *board);

/* Compares.  The disagreements, a sentence each; lent. */
MUST_CHECK NTSTATUS state_compare(struct state *s,
				  const char *const **out_faults,
				  size_t *out_count);

/* --- what stays ----------------------------------------------------------- */

/* The disagreements that were found in each of several readings. */
struct state_faults {
	char **texts; /* in alphabetical order; on itself */
	size_t count;
};

/* Takes those of one reading: the first time all of them, then those of them
 * that were there before. */
struct state_faults *state_faults_create(TALLOC_CTX *mem_ctx);
MUST_CHECK NTSTATUS state_faults_keep(struct state_faults *f, bool first,
				      const char *const *faults, size_t count);

#endif
