/* smbd/channel_sequence.h - which requests of an open were sent before one of
 * its client's channels failed ([MS-SMB2] 3.3.5.2.10): what is sent again over
 * another channel must not overtake, or be overtaken by, what it repeats. */
#ifndef SMBD_CHANNEL_SEQUENCE_H
#define SMBD_CHANNEL_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

/* Of an open. */
struct channel_sequence {
	uint16_t number;      /* Open.ChannelSequence */
	uint32_t failures;    /* how often it grew */
	uint32_t outstanding; /* Open.OutstandingRequestCount */
	uint32_t before;      /* Open.OutstandingPreRequestCount */
};

/* A request with this number begins; replay: it is one sent again.  True: it
 * counts until channel_sequence_end().  False: it does not, and must fail if it
 * would change something. */
bool channel_sequence_begin(struct channel_sequence *s, uint16_t number,
			    bool replay);

/* One that counted has ended; failures is what it was when that had begun. (The
 * number does not tell: it may have come round.) */
void channel_sequence_end(struct channel_sequence *s, uint32_t failures);

#endif
