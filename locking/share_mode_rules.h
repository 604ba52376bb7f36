/* locking/share_mode_rules.h - when two opens of a file forbid each other: the
 * sharing checks of [MS-FSA] 2.1.5.1.2.1 and 2.1.5.1.2.2 as a pure function.
 *
 * An open is reduced to what it does and what it denies to others, as
 * FILE_SHARE_* bits.  Two opens conflict when one does what the other denies;
 * so an open conflicts with some of many exactly when it conflicts with the
 * union of all. */
#ifndef LOCKING_SHARE_MODE_RULES_H
#define LOCKING_SHARE_MODE_RULES_H

#include <stdbool.h>
#include <stdint.h>

struct share_claim {
	uint8_t access; /* does: FILE_SHARE_* */
	uint8_t denied; /* does not let others do: FILE_SHARE_* */
};

/* The claim of an open with this granted access and ShareAccess.  Opens for
 * attributes, security and the like only claim nothing.
 *
 * named_stream: the open is of a named stream, and its claim is on the file as
 * a whole, where only deletion matters ([MS-FSA] 2.1.5.1.2.1). */
struct share_claim share_claim(uint32_t access, uint32_t share,
			       bool named_stream);

bool share_claims_conflict(struct share_claim a, struct share_claim b);

struct share_claim share_claims_union(struct share_claim a,
				      struct share_claim b);

#endif
