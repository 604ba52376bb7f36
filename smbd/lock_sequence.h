/* smbd/lock_sequence.h - Open.LockSequenceArray ([MS-SMB2] 3.3.1.10): by which
 * a LOCK that a client sends once more, because its connection broke before
 * the answer came, is known again. */
#ifndef SMBD_LOCK_SEQUENCE_H
#define SMBD_LOCK_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

#define LOCK_SEQUENCE_BUCKETS 64 /* LockSequenceIndex is from 1 to this */

/* In a bucket the number of the request that was carried out last, where there
 * is one.  Zeros: none anywhere. */
struct lock_sequences {
	uint8_t buckets[LOCK_SEQUENCE_BUCKETS];
};

/* Whether this request has been carried out before.  A bucket with another
 * number has none from now on (3.3.5.14).  Index 0 and such as are too great
 * have no bucket. */
bool lock_sequence_is_done(struct lock_sequences *s, uint32_t index,
			   uint8_t number);

/* The request has been carried out (3.3.5.14.1, 3.3.5.14.2). */
void lock_sequence_set_done(struct lock_sequences *s, uint32_t index,
			    uint8_t number);

#endif
