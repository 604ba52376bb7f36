/* locking/share_counts.c - how many entries and grants of each kind a file
 * has. */
#include "locking/share_counts.h"

#include <string.h>

#include "lib/nt.h"
#include "locking/share_mode_int.h"

/* An open with no other access neither counts nor breaks a lease. */
#define STAT_ACCESS                                                            \
	(FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES | READ_CONTROL |         \
	 SYNCHRONIZE)

#define SHARE_BITS   3
#define GRANT_STATES 8

struct share_claim share_entry_claim(const struct share_mode_entry *e)
{
	return share_claim(e->access, e->share,
			   (e->flags & SHARE_ENTRY_STREAM) != 0);
}

bool share_entry_is_data(const struct share_mode_entry *e)
{
	return (e->flags & SHARE_ENTRY_STREAM) == 0 &&
	       (e->access & ~(uint32_t)STAT_ACCESS) != 0;
}

/* --- one by one ----------------------------------------------------------- */

/* Never below 0, whatever a killed process left. */
static void step(uint32_t *count, bool up)
{
	*count = up ? *count + 1 : *count - (*count > 0);
}

static void count_entry(struct share_mode_counts *c,
			const struct share_mode_entry *e, bool up)
{
	struct share_claim claim = share_entry_claim(e);

	for (unsigned int i = 0; i < SHARE_BITS; i++) {
		if ((claim.access & 1u << i) != 0) {
			step(&c->does[i], up);
		}
		if ((claim.denied & 1u << i) != 0) {
			step(&c->denies[i], up);
		}
	}
	if ((e->flags & SHARE_ENTRY_STREAM) != 0) {
		step(&c->marks, up);
	}
	if (share_entry_is_data(e)) {
		step(&c->data, up);
	}
}

static void count_grant(struct share_mode_counts *c,
			const struct share_grant *g, bool up)
{
	bool lease = (g->flags & GRANT_LEASE) != 0;
	unsigned int state = g->state & GRANT_ALL;

	step(lease ? &c->leases[state] : &c->oplocks[state], up);
	if ((g->flags & GRANT_BREAKING) != 0) {
		step(&c->breaking, up);
	}
}

/* False when not all could be read. */
static bool count(struct share_mode_lock *l, struct share_mode_counts *out,
		  uint32_t *out_entries, uint32_t *out_grants)
{
	struct share_cursor at = {0}, of_grants = {0};
	struct share_mode_counts c = {0};
	uint32_t entries = 0, grants = 0;
	struct share_place p;

	while (share_table_next(&l->entries, &at, &p)) {
		struct share_mode_entry e;

		share_mode_entry_read(&p, &e);
		count_entry(&c, &e, true);
		entries++;
	}
	while (share_table_next(&l->grants, &of_grants, &p)) {
		struct share_grant g;

		share_grant_read(&p, &g);
		count_grant(&c, &g, true);
		grants++;
	}
	*out = c;
	*out_entries = entries;
	*out_grants = grants;
	return !l->entries.failed && !l->grants.failed;
}

/* What is not read is not known: then all stays as it is. */
static void count_all(struct share_mode_lock *l)
{
	struct share_mode_counts c;
	uint32_t entries, grants;

	if (count(l, &c, &entries, &grants)) {
		l->counts = c;
		l->counted = true;
		l->entries.count = entries;
		l->grants.count = grants;
	}
}

bool share_counts_are_right(struct share_mode_lock *l)
{
	struct share_mode_counts c;
	uint32_t entries, grants;

	return count(l, &c, &entries, &grants) &&
	       entries == l->sum.num_entries && grants == l->sum.num_grants &&
	       (!l->counted || memcmp(&c, &l->counts, sizeof(c)) == 0);
}

const struct share_mode_counts *share_counts_get(struct share_mode_lock *l)
{
	if (!l->counted) {
		count_all(l);
	}
	return &l->counts;
}

void share_counts_entry(struct share_mode_lock *l,
			const struct share_mode_entry *e, bool come)
{
	if (l->counted) {
		count_entry(&l->counts, e, come);
	}
}

void share_counts_grant(struct share_mode_lock *l, const struct share_grant *g,
			bool come)
{
	if (l->counted) {
		count_grant(&l->counts, g, come);
	}
}

/* --- unions --------------------------------------------------------------- */

static uint8_t bits_of(const uint32_t *counts)
{
	uint8_t bits = 0;

	for (unsigned int i = 0; i < SHARE_BITS; i++) {
		bits |= (uint8_t)((counts[i] > 0) << i);
	}
	return bits;
}

/* The union of the states that somebody has. */
static uint8_t states_of(const uint32_t *counts)
{
	unsigned int all = 0;

	for (unsigned int s = 1; s < GRANT_STATES; s++) {
		all |= counts[s] > 0 ? s : 0;
	}
	return (uint8_t)all;
}

void share_counts_sum(struct share_mode_lock *l)
{
	const struct share_mode_counts *c = share_counts_get(l);

	l->sum.access = bits_of(c->does);
	l->sum.denied = bits_of(c->denies);
	l->sum.caching = states_of(c->oplocks) | states_of(c->leases);
}

void share_counts_others(struct share_mode_lock *l,
			 const struct share_grant *own,
			 struct grant_others *out)
{
	struct share_mode_counts c = *share_counts_get(l);

	if (own != NULL) {
		count_grant(&c, own, false);
	}
	out->oplocks = states_of(c.oplocks);
	out->leases = states_of(c.leases);
}

bool share_counts_concern(struct share_mode_lock *l, enum grant_op op)
{
	const struct share_mode_counts *c = share_counts_get(l);

	for (unsigned int s = 1; s < GRANT_STATES; s++) {
		uint8_t state = (uint8_t)s;

		if ((c->oplocks[s] > 0 &&
		     grant_effect(op, state, false).target != state) ||
		    (c->leases[s] > 0 &&
		     grant_effect(op, state, true).target != state)) {
			return true;
		}
	}
	return c->breaking > 0;
}

/* --- anew ----------------------------------------------------------------- */

static void forget_users(struct share_mode_lock *l)
{
	struct share_cursor at = {0};
	struct share_place p;
	struct share_grant g;

	while (share_table_next(&l->grants, &at, &p)) {
		share_grant_read(&p, &g);
		g.num_opens = 0;
		g.num_data = 0;
		share_grant_write(l, &p, &g);
	}
}

static void count_user(struct share_mode_lock *l,
		       const struct share_mode_entry *e)
{
	struct share_place p;
	struct share_grant g;

	if (e->grant != 0 && share_table_find(&l->grants, e->grant, &p)) {
		share_grant_read(&p, &g);
		g.num_opens++;
		g.num_data += share_entry_is_data(e);
		share_grant_write(l, &p, &g);
	}
}

void share_counts_anew(struct share_mode_lock *l)
{
	struct share_cursor of_entries = {0}, at = {0};
	struct share_mode_entry e;
	struct share_grant g;
	struct share_place p;

	forget_users(l);
	while (share_table_next(&l->entries, &of_entries, &p)) {
		share_mode_entry_read(&p, &e);
		count_user(l, &e);
	}
	while (share_table_next(&l->grants, &at, &p)) {
		share_grant_read(&p, &g);
		if (g.num_opens == 0) {
			share_grant_drop(l, &p, &g);
		}
	}
	count_all(l);
	share_counts_sum(l);
}
