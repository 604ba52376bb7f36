/* smbd/iobuf.c - see iobuf.h.  Two lists: small buffers, all of one size, and
 * large ones of any, which are few. */
#include "smbd/iobuf.h"

#include "lib/assert.h"

#define SMALL_SIZE (2048 - sizeof(struct iobuf))
#define SMALL_KEEP 16
#define LARGE_UNIT ((size_t)16 * 1024)
#define LARGE_KEEP ((size_t)16 * 1024 * 1024) /* bytes */

struct iobuf_pool {
	struct iobuf *small;
	struct iobuf *large;
	unsigned int small_kept;
	size_t large_kept; /* bytes */
	size_t used;
};

NTSTATUS iobuf_pool_create(TALLOC_CTX *mem_ctx, struct iobuf_pool **out)
{
	struct iobuf_pool *pool = talloc_zero(mem_ctx, struct iobuf_pool);

	if (pool == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*out = pool;
	return NT_STATUS_OK;
}

static struct iobuf *take_small(struct iobuf_pool *pool)
{
	struct iobuf *buf = pool->small;

	if (buf != NULL) {
		pool->small = buf->next;
		pool->small_kept--;
	}
	return buf;
}

/* The first that is neither too small nor a waste. */
static struct iobuf *take_large(struct iobuf_pool *pool, size_t size)
{
	for (struct iobuf **p = &pool->large; *p != NULL; p = &(*p)->next) {
		struct iobuf *buf = *p;

		if (buf->size >= size && buf->size / 4 <= size) {
			*p = buf->next;
			pool->large_kept -= buf->size;
			return buf;
		}
	}
	return NULL;
}

struct iobuf *iobuf_get(struct iobuf_pool *pool, size_t size)
{
	bool small = size <= SMALL_SIZE;
	struct iobuf *buf = small ? take_small(pool) : take_large(pool, size);

	if (buf == NULL) {
		size_t room = SMALL_SIZE;

		if (!small) {
			room = (size + LARGE_UNIT - 1) / LARGE_UNIT *
			       LARGE_UNIT;
		}
		buf = talloc_size(pool, sizeof(*buf) + room);
		if (buf == NULL) {
			return NULL;
		}
		buf->size = room;
	}
	buf->next = NULL;
	buf->refs = 1;
	buf->start = 0;
	buf->length = 0;
	pool->used += buf->size;
	return buf;
}

static void keep_or_free(struct iobuf_pool *pool, struct iobuf *buf)
{
	if (buf->size == SMALL_SIZE) {
		if (pool->small_kept < SMALL_KEEP) {
			buf->next = pool->small;
			pool->small = buf;
			pool->small_kept++;
			return;
		}
	} else if (pool->large_kept + buf->size <= LARGE_KEEP) {
		buf->next = pool->large;
		pool->large = buf;
		pool->large_kept += buf->size;
		return;
	}
	talloc_free(buf);
}

void iobuf_put(struct iobuf_pool *pool, struct iobuf *buf)
{
	ASSERT(buf->refs > 0);
	if (--buf->refs > 0) {
		return;
	}
	pool->used -= buf->size;
	keep_or_free(pool, buf);
}

static bool free_list(struct iobuf **list)
{
	bool any = *list != NULL;

	while (*list != NULL) {
		struct iobuf *buf = *list;

		*list = buf->next;
		talloc_free(buf);
	}
	return any;
}

bool iobuf_pool_trim(struct iobuf_pool *pool)
{
	bool small = free_list(&pool->small);
	bool large = free_list(&pool->large);

	pool->small_kept = 0;
	pool->large_kept = 0;
	return small || large;
}

size_t iobuf_pool_used(const struct iobuf_pool *pool)
{
	return pool->used;
}
