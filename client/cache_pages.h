/* client/cache_pages.h - the pages of one file that are kept in memory: which
 * are there, and which bytes of them the server does not have yet. */
#ifndef CLIENT_CACHE_PAGES_H
#define CLIENT_CACHE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <talloc.h>

#define CACHE_PAGE 4096u
/* Bytes beyond this offset are not kept. */
#define CACHE_PAGES_END (64u * 1048576)
/* The longest run of dirty bytes that is handed out at once. */
#define CACHE_RUN_MAX 65536u

struct cache_pages;

/* NULL: no memory. */
struct cache_pages *cache_pages_create(TALLOC_CTX *mem_ctx);

/* All bytes of the range are there: copied to out. */
bool cache_pages_read(const struct cache_pages *p, uint64_t offset,
		      size_t length, uint8_t *out);

/* Bytes that the server has from offset (a multiple of CACHE_PAGE) to end; data
 * has the first length of them, the others are 0.  Pages that are there stay
 * as they are.  False: no memory, or beyond CACHE_PAGES_END. */
bool cache_pages_fill(struct cache_pages *p, uint64_t offset, uint64_t end,
		      const uint8_t *data, size_t length);

/* Each page that the range touches is there, or lies in it as a whole. */
bool cache_pages_may_write(const struct cache_pages *p, uint64_t offset,
			   size_t length);
/* Bytes that the server does not have yet; cache_pages_may_write() said so.
 * False: no memory, or beyond CACHE_PAGES_END. */
bool cache_pages_write(struct cache_pages *p, uint64_t offset,
		       const uint8_t *data, size_t length);
/* Bytes that it has: in the pages that are there. */
void cache_pages_update(struct cache_pages *p, uint64_t offset,
			const uint8_t *data, size_t length);

/* The first run of dirty bytes: copied to out (of CACHE_RUN_MAX bytes), its
 * length; 0: none is dirty. */
size_t cache_pages_dirty(const struct cache_pages *p, uint64_t *out_offset,
			 uint8_t *out);
/* The server has them now. */
void cache_pages_clean(struct cache_pages *p, uint64_t offset, size_t length);
/* Pages with dirty bytes. */
size_t cache_pages_num_dirty(const struct cache_pages *p);

/* Forgets all, dirty or not. */
void cache_pages_drop(struct cache_pages *p);

#endif
