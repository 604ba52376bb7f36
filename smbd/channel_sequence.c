/* smbd/channel_sequence.c - see channel_sequence.h. */
#include "smbd/channel_sequence.h"

#include "lib/assert.h"

/* A channel failed since: those that are not done were sent before. */
static void advance(struct channel_sequence *s, uint16_t number)
{
	s->before += s->outstanding;
	s->outstanding = 0;
	s->number = number;
	s->failures++;
}

bool channel_sequence_begin(struct channel_sequence *s, uint16_t number,
			    bool replay)
{
	uint16_t ahead = (uint16_t)(number - s->number);

	if (ahead > 0x7fff) {
		return false;
	}
	if (ahead > 0) {
		advance(s, number);
	}
	/* What it repeats may not be done yet. */
	if (replay && s->before > 0) {
		return false;
	}
	s->outstanding++;
	return true;
}

void channel_sequence_end(struct channel_sequence *s, uint32_t failures)
{
	uint32_t *count =
		failures == s->failures ? &s->outstanding : &s->before;

	ASSERT(*count > 0);
	(*count)--;
}
