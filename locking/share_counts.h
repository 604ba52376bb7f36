/* locking/share_counts.h - how many entries and grants of each kind a file has,
 * and the unions that follow.  For share_mode's own files only.
 *
 * A record with pages keeps the counts; in one without they are counted when
 * they are asked for.  A process that was killed may leave them too high, with
 * what it did not finish; never too low, for what it did not count is its own,
 * and who removes what belongs to others counts anew. */
#ifndef LOCKING_SHARE_COUNTS_H
#define LOCKING_SHARE_COUNTS_H

#include "locking/share_grant.h"
#include "locking/share_mode_rules.h"

struct share_mode_lock;

/* What an entry claims. */
struct share_claim share_entry_claim(const struct share_mode_entry *e);

/* Whether it is an open for more than attributes; of another stream is none:
 * what may be cached is each stream's own ([MS-FSA] 2.1.5.18). */
bool share_entry_is_data(const struct share_mode_entry *e);

/* They are known from here on. */
const struct share_mode_counts *share_counts_get(struct share_mode_lock *l);

/* Whether what the record says is what is in it; of a record that is only
 * looked at. */
bool share_counts_are_right(struct share_mode_lock *l);

/* One has come, or gone; what is not known by then is counted later. */
void share_counts_entry(struct share_mode_lock *l,
			const struct share_mode_entry *e, bool come);
void share_counts_grant(struct share_mode_lock *l, const struct share_grant *g,
			bool come);

/* The unions in the summary follow the counts. */
void share_counts_sum(struct share_mode_lock *l);

/* All that is counted, in the grants as well, is counted anew; grants that
 * nobody uses go. */
void share_counts_anew(struct share_mode_lock *l);

/* What others have of grants, but for own, if any. */
void share_counts_others(struct share_mode_lock *l,
			 const struct share_grant *own,
			 struct grant_others *out);

/* Whether op does anything to a grant of the kinds there are. */
bool share_counts_concern(struct share_mode_lock *l, enum grant_op op);

#endif
