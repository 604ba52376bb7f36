/* client/cache_pages.c - pages of a file in memory: an array of them, from the
 * beginning of the file to the last that is there. */
#include "client/cache_pages.h"

#include <string.h>

#include "lib/assert.h"

struct page {
	/* Dirty bytes; from == to: none.  Those between two writes are dirty
	 * too: the page is whole. */
	uint16_t from, to;
	bool is_new; /* and nothing in it yet */
	uint8_t bytes[CACHE_PAGE];
};

struct cache_pages {
	struct page **pages; /* NULL: not there */
	size_t count;
	size_t num_dirty;
};

struct cache_pages *cache_pages_create(TALLOC_CTX *mem_ctx)
{
	return talloc_zero(mem_ctx, struct cache_pages);
}

static struct page *lookup(const struct cache_pages *p, uint64_t number)
{
	return number < p->count ? p->pages[number] : NULL;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The part of a range that lies in the page of its first byte. */
static size_t in_page(uint64_t offset, size_t length)
{
	return smaller(length, CACHE_PAGE - offset % CACHE_PAGE);
}

bool cache_pages_read(const struct cache_pages *p, uint64_t offset,
		      size_t length, uint8_t *out)
{
	for (uint64_t at = offset; at < offset + length;
	     at += in_page(at, CACHE_PAGE)) {
		if (lookup(p, at / CACHE_PAGE) == NULL) {
			return false;
		}
	}
	while (length > 0) {
		const struct page *page = lookup(p, offset / CACHE_PAGE);
		size_t n = in_page(offset, length);

		memcpy(out, page->bytes + offset % CACHE_PAGE, n);
		out += n;
		offset += n;
		length -= n;
	}
	return true;
}

/* A page of zeros, unless it is there; NULL: no memory, or too far. */
static struct page *make(struct cache_pages *p, uint64_t number)
{
	if (number >= CACHE_PAGES_END / CACHE_PAGE) {
		return NULL;
	}
	if (number >= p->count) {
		size_t count = (size_t)number + 1;
		struct page **more = talloc_realloc(p, p->pages, struct page *,
						    (unsigned int)count);

		if (more == NULL) {
			return NULL;
		}
		memset(more + p->count, 0, (count - p->count) * sizeof(*more));
		p->pages = more;
		p->count = count;
	}
	if (p->pages[number] == NULL) {
		p->pages[number] = talloc_zero(p->pages, struct page);
		if (p->pages[number] != NULL) {
			p->pages[number]->is_new = true;
		}
	}
	return p->pages[number];
}

bool cache_pages_fill(struct cache_pages *p, uint64_t offset, uint64_t end,
		      const uint8_t *data, size_t length)
{
	ASSERT(offset % CACHE_PAGE == 0);
	for (; offset < end; offset += CACHE_PAGE) {
		size_t n = smaller(length, CACHE_PAGE);

		if (lookup(p, offset / CACHE_PAGE) == NULL) {
			struct page *page = make(p, offset / CACHE_PAGE);

			if (page == NULL) {
				return false;
			}
			if (n > 0) {
				memcpy(page->bytes, data, n);
			}
			page->is_new = false;
		}
		data += n;
		length -= n;
	}
	return true;
}

bool cache_pages_may_write(const struct cache_pages *p, uint64_t offset,
			   size_t length)
{
	while (length > 0) {
		size_t n = in_page(offset, length);

		if (n < CACHE_PAGE && lookup(p, offset / CACHE_PAGE) == NULL) {
			return false;
		}
		offset += n;
		length -= n;
	}
	return true;
}

static void make_dirty(struct cache_pages *p, struct page *page, size_t from,
		       size_t to)
{
	if (page->from == page->to) {
		page->from = (uint16_t)from;
		page->to = (uint16_t)to;
		p->num_dirty++;
		return;
	}
	page->from = (uint16_t)smaller(page->from, from);
	page->to = (uint16_t)(page->to > to ? page->to : to);
}

/* Those that could be made before one could not. */
static void unmake(struct cache_pages *p, uint64_t from, uint64_t to)
{
	for (; from < to; from++) {
		if (p->pages[from]->is_new) {
			TALLOC_FREE(p->pages[from]);
		}
	}
}

bool cache_pages_write(struct cache_pages *p, uint64_t offset,
		       const uint8_t *data, size_t length)
{
	/* All or nothing: memory first. */
	for (uint64_t at = offset; at < offset + length;
	     at += in_page(at, CACHE_PAGE)) {
		if (make(p, at / CACHE_PAGE) == NULL) {
			unmake(p, offset / CACHE_PAGE, at / CACHE_PAGE);
			return false;
		}
	}
	while (length > 0) {
		struct page *page = p->pages[offset / CACHE_PAGE];
		size_t from = offset % CACHE_PAGE;
		size_t n = in_page(offset, length);

		memcpy(page->bytes + from, data, n);
		page->is_new = false;
		make_dirty(p, page, from, from + n);
		data += n;
		offset += n;
		length -= n;
	}
	return true;
}

void cache_pages_update(struct cache_pages *p, uint64_t offset,
			const uint8_t *data, size_t length)
{
	while (length > 0) {
		struct page *page = lookup(p, offset / CACHE_PAGE);
		size_t n = in_page(offset, length);

		if (page != NULL) {
			memcpy(page->bytes + offset % CACHE_PAGE, data, n);
		}
		data += n;
		offset += n;
		length -= n;
	}
}

/* --- dirty bytes ---------------------------------------------------------- */

static bool is_dirty(const struct page *page)
{
	return page != NULL && page->from < page->to;
}

size_t cache_pages_dirty(const struct cache_pages *p, uint64_t *out_offset,
			 uint8_t *out)
{
	uint64_t number = 0;
	size_t length = 0;

	while (number < p->count && !is_dirty(p->pages[number])) {
		number++;
	}
	while (is_dirty(lookup(p, number)) && length < CACHE_RUN_MAX) {
		const struct page *page = lookup(p, number);
		size_t n = smaller((size_t)page->to - page->from,
				   CACHE_RUN_MAX - length);

		if (length == 0) {
			*out_offset = number * CACHE_PAGE + page->from;
		} else if (page->from != 0) {
			break;
		}
		memcpy(out + length, page->bytes + page->from, n);
		length += n;
		if (page->from + n < CACHE_PAGE) {
			break;
		}
		number++;
	}
	return length;
}

void cache_pages_clean(struct cache_pages *p, uint64_t offset, size_t length)
{
	while (length > 0) {
		struct page *page = lookup(p, offset / CACHE_PAGE);
		size_t from = offset % CACHE_PAGE;
		size_t n = in_page(offset, length);

		ASSERT(is_dirty(page) && page->from == from);
		page->from = (uint16_t)(from + n);
		if (page->from >= page->to) {
			page->from = page->to = 0;
			p->num_dirty--;
		}
		offset += n;
		length -= n;
	}
}

size_t cache_pages_num_dirty(const struct cache_pages *p)
{
	return p->num_dirty;
}

void cache_pages_drop(struct cache_pages *p)
{
	TALLOC_FREE(p->pages);
	p->count = 0;
	p->num_dirty = 0;
}
