/* smbd/credits.c - see credits.h.
 *
 * The window is [low, low + range); a set bit of used, at id modulo max, is an
 * id within it that came already.  Id low itself is never a used one. */
#include "smbd/credits.h"

#include "lib/assert.h"

struct credits {
	uint64_t low;
	uint32_t range;
	uint32_t held; /* ids of the window that did not come yet */
	uint32_t max;
	uint8_t used[]; /* max bits */
};

NTSTATUS credits_create(TALLOC_CTX *mem_ctx, uint32_t max, struct credits **out)
{
	struct credits *c;

	ASSERT(max > 0);
	c = talloc_zero_size(mem_ctx, sizeof(*c) + (max + 7) / 8);
	if (c == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	talloc_set_name_const(c, "struct credits");
	c->max = max;
	c->range = 1;
	c->held = 1;
	*out = c;
	return NT_STATUS_OK;
}

static bool is_used(const struct credits *c, uint64_t id)
{
	uint32_t bit = (uint32_t)(id % c->max);

	return (c->used[bit / 8] & (1u << (bit % 8))) != 0;
}

static void set_used(struct credits *c, uint64_t id)
{
	uint32_t bit = (uint32_t)(id % c->max);

	c->used[bit / 8] |= (uint8_t)(1u << (bit % 8));
}

static void clear_used(struct credits *c, uint64_t id)
{
	uint32_t bit = (uint32_t)(id % c->max);

	c->used[bit / 8] &= (uint8_t) ~(1u << (bit % 8));
}

bool credits_take(struct credits *c, uint64_t message_id, uint16_t charge)
{
	uint32_t n = charge == 0 ? 1 : charge;
	uint64_t offset = message_id - c->low;

	if (message_id < c->low || offset >= c->range ||
	    n > c->range - offset) {
		return false;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (is_used(c, message_id + i)) {
			return false;
		}
	}
	for (uint32_t i = 0; i < n; i++) {
		set_used(c, message_id + i);
	}
	c->held -= n;
	while (c->range > 0 && is_used(c, c->low)) {
		clear_used(c, c->low);
		c->low++;
		c->range--;
	}
	return true;
}

uint16_t credits_grant(struct credits *c, uint16_t wanted)
{
	uint32_t n = wanted;
	/* The last id is that of break notifications, never a request's. */
	uint64_t to_the_end = UINT64_MAX - 1 - c->low - c->range;

	if (n == 0 && c->held == 0) {
		n = 1;
	}
	if (n > c->max - c->range) {
		n = c->max - c->range;
	}
	if (n > to_the_end) {
		n = (uint32_t)to_the_end;
	}
	c->range += n;
	c->held += n;
	return (uint16_t)n;
}

uint32_t credits_held(const struct credits *c)
{
	return c->held;
}
