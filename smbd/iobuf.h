/* smbd/iobuf.h - the buffers that a connection's bytes come and go in.
 *
 * A pool keeps what was put back, so that a busy connection neither allocates
 * nor faults pages in; iobuf_pool_trim() gives it all back when it is idle. */
#ifndef SMBD_IOBUF_H
#define SMBD_IOBUF_H

#include <talloc.h>

#include "lib/ntstatus.h"

struct iobuf {
	struct iobuf *next; /* in a queue, or in the pool */
	unsigned int refs;
	size_t size;   /* room in data */
	size_t start;  /* what was sent already ends here */
	size_t length; /* what was put in ends here */
	uint8_t data[];
};

struct iobuf_pool;

/* Belongs to mem_ctx; freeing it frees every buffer that came from it. */
MUST_CHECK NTSTATUS iobuf_pool_create(TALLOC_CTX *mem_ctx,
				      struct iobuf_pool **out);

/* A buffer with room for at least size bytes and one reference, the caller's;
 * NULL without memory.  Its bytes are not initialised. */
struct iobuf *iobuf_get(struct iobuf_pool *pool, size_t size);

static inline struct iobuf *iobuf_ref(struct iobuf *buf)
{
	buf->refs++;
	return buf;
}

/* Gives a reference back. */
void iobuf_put(struct iobuf_pool *pool, struct iobuf *buf);

/* Frees the buffers that nobody uses.  True when there were any. */
bool iobuf_pool_trim(struct iobuf_pool *pool);

/* Bytes in buffers that somebody holds. */
size_t iobuf_pool_used(const struct iobuf_pool *pool);

#endif
