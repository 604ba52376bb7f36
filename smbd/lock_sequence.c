/* smbd/lock_sequence.c - see lock_sequence.h. */
#include "smbd/lock_sequence.h"

#include <stddef.h>

#define VALID  0x80 /* of a bucket: there is a number */
#define NUMBER 0x0F

static uint8_t *bucket_of(struct lock_sequences *s, uint32_t index)
{
	return index == 0 || index > LOCK_SEQUENCE_BUCKETS
		       ? NULL
		       : &s->buckets[index - 1];
}

bool lock_sequence_is_done(struct lock_sequences *s, uint32_t index,
			   uint8_t number)
{
	uint8_t *bucket = bucket_of(s, index);

	if (bucket == NULL || (*bucket & VALID) == 0) {
		return false;
	}
	if ((*bucket & NUMBER) == (number & NUMBER)) {
		return true;
	}
	*bucket = 0;
	return false;
}

void lock_sequence_set_done(struct lock_sequences *s, uint32_t index,
			    uint8_t number)
{
	uint8_t *bucket = bucket_of(s, index);

	if (bucket != NULL) {
		*bucket = VALID | (number & NUMBER);
	}
}
