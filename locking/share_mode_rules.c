/* locking/share_mode_rules.c - when two opens of a file forbid each other. */
#include "locking/share_mode_rules.h"

#include "lib/nt.h"

/* What of a granted access others can refuse to share. */
static uint8_t needs(uint32_t access)
{
	uint8_t need = 0;

	if ((access & (FILE_READ_DATA | FILE_EXECUTE)) != 0) {
		need |= FILE_SHARE_READ;
	}
	if ((access & (FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0) {
		need |= FILE_SHARE_WRITE;
	}
	if ((access & DELETE_ACCESS) != 0) {
		need |= FILE_SHARE_DELETE;
	}
	return need;
}

struct share_claim share_claim(uint32_t access, uint32_t share,
			       bool named_stream)
{
	struct share_claim c = {.access = needs(access)};

	/* [MS-FSA] 2.1.5.1.2.2: only opens with one of these rights count, on
	 * either side. */
	if (c.access != 0) {
		c.denied = (uint8_t)(~share & FILE_SHARE_ALL);
	}
	/* [MS-FSA] 2.1.5.1.2.1: DELETE on a named stream deletes no more than
	 * the stream; an open of one can forbid the deletion of the file. */
	if (named_stream) {
		c.access = 0;
		c.denied &= FILE_SHARE_DELETE;
	}
	return c;
}

bool share_claims_conflict(struct share_claim a, struct share_claim b)
{
	return (a.access & b.denied) != 0 || (b.access & a.denied) != 0;
}

struct share_claim share_claims_union(struct share_claim a,
				      struct share_claim b)
{
	return (struct share_claim){.access = a.access | b.access,
				    .denied = a.denied | b.denied};
}
