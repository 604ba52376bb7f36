/* vfs_modules/memory/content.c - the bytes of files and streams.
 *
 * A page is found by its index through tables of 512, as many levels of them
 * as the highest index needs; what is not there is zero.  Data is not noted: a
 * write is made by writing to new pages, which a rollback gives up, or over old
 * data, where a kill leaves it half done, as on any disk. */
#include <string.h>

#include "vfs_modules/memory/memory.h"

#define TABLE	      512u
#define TABLE_BITS    9u
#define PAGES_AT_ONCE 64u

static uint64_t index_of(uint64_t offset)
{
	return offset / ARENA_PAGE;
}

/* How many pages size bytes take. */
static uint64_t pages_for(uint64_t size)
{
	return size / ARENA_PAGE + (size % ARENA_PAGE != 0);
}

static bool is_beyond(const struct mem_content *c, uint64_t index)
{
	/* Ten tables are more than 64 bits of offset need. */
	return c->height * TABLE_BITS < 64 &&
	       index >> (c->height * TABLE_BITS) != 0;
}

/* --- what it takes ---------------------------------------------------------
 */

static uint64_t most(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* The share pays for pages that are there, or reserved. */
static bool pay(struct mem_state *s, struct mem_inode *inode, uint64_t pages,
		uint64_t reserved)
{
	struct mem_content *c = &inode->data;
	struct mem_share *share = inode->share;
	uint64_t before = most(c->pages, c->reserved);
	uint64_t after = most(pages, reserved);

	if (after > before &&
	    (share->used >= share->limit ||
	     after - before > (share->limit - share->used) / ARENA_PAGE)) {
		return false;
	}
	if (after != before) {
		ARENA_SET(s->arena, share->used,
			  share->used + (after - before) * ARENA_PAGE);
	}
	ARENA_SET(s->arena, c->pages, pages);
	ARENA_SET(s->arena, c->reserved, reserved);
	return true;
}

static void *alloc_data(struct mem_state *s, struct mem_inode *inode)
{
	struct mem_content *c = &inode->data;
	void *page = NULL;

	if (pay(s, inode, c->pages + 1, c->reserved)) {
		page = arena_alloc(s->arena, ARENA_PAGE);
	}
	return page;
}

uint64_t content_allocated(const struct mem_content *c)
{
	return most(c->pages, c->reserved) * ARENA_PAGE;
}

/* --- finding pages ---------------------------------------------------------
 */

static uint8_t *find_page(const struct mem_content *c, uint64_t index)
{
	void *p = c->root;

	if (is_beyond(c, index)) {
		return NULL;
	}
	for (uint64_t level = c->height; level > 0 && p != NULL; level--) {
		p = ((void **)p)[(index >> ((level - 1) * TABLE_BITS)) % TABLE];
	}
	return p;
}

/* Below p, which stands for index base on. */
static bool next_below(void *p, uint64_t level, uint64_t base, uint64_t *index)
{
	uint64_t each;

	if (p == NULL) {
		return false;
	}
	if (level == 0) {
		*index = base;
		return true;
	}
	each = (uint64_t)1 << ((level - 1) * TABLE_BITS);
	for (uint64_t i = *index > base ? (*index - base) / each : 0; i < TABLE;
	     i++) {
		uint64_t here = base + i * each;

		if (next_below(((void **)p)[i], level - 1, here, index)) {
			return true;
		}
		if (*index < here + each) {
			*index = here + each;
		}
	}
	return false;
}

bool content_next_page(const struct mem_content *c, uint64_t *index)
{
	return !is_beyond(c, *index) &&
	       next_below(c->root, c->height, 0, index);
}

/* --- making pages -----------------------------------------------------------
 */

static void **alloc_table(struct mem_state *s, struct mem_inode *inode)
{
	void **table = memory_alloc(s, inode->share, ARENA_PAGE);

	if (table != NULL) {
		memset(table, 0, ARENA_PAGE);
	}
	return table;
}

/* More levels until index is below the root. */
static bool grow(struct mem_state *s, struct mem_inode *inode, uint64_t index)
{
	struct mem_content *c = &inode->data;

	while (is_beyond(c, index)) {
		if (c->root != NULL) {
			void **table = alloc_table(s, inode);

			if (table == NULL) {
				return false;
			}
			table[0] = c->root;
			ARENA_SET(s->arena, c->root, table);
		}
		ARENA_SET(s->arena, c->height, c->height + 1);
	}
	return true;
}

/* The page, made if need be; *made: its content is of any value. */
static uint8_t *ensure_page(struct mem_state *s, struct mem_inode *inode,
			    uint64_t index, bool *made)
{
	struct mem_content *c = &inode->data;
	void **p = &c->root;
	void *page;

	*made = false;
	if (!grow(s, inode, index)) {
		return NULL;
	}
	for (uint64_t level = c->height; level > 0; level--) {
		if (*p == NULL) {
			void **table = alloc_table(s, inode);

			if (table == NULL) {
				return NULL;
			}
			ARENA_SET(s->arena, *p, table);
		}
		p = &((void **)*p)[(index >> ((level - 1) * TABLE_BITS)) %
				   TABLE];
	}
	if (*p != NULL) {
		return *p;
	}
	page = alloc_data(s, inode);
	if (page != NULL) {
		ARENA_SET(s->arena, *p, page);
		*made = true;
	}
	return page;
}

/* --- giving pages up ---------------------------------------------------------
 */

static void free_data(struct mem_state *s, struct mem_inode *inode, void **p)
{
	struct mem_content *c = &inode->data;

	arena_free(s->arena, *p);
	ARENA_SET(s->arena, *p, NULL);
	(void)pay(s, inode, c->pages - 1, c->reserved);
}

/* Gives up the pages below *p from index on, and the tables that are empty
 * then; false: not all yet, a commit is due. */
static bool drop(struct mem_state *s, struct mem_inode *inode, void **p,
		 uint64_t level, uint64_t from)
{
	uint64_t each;

	if (*p == NULL) {
		return true;
	}
	if (level == 0) {
		free_data(s, inode, p);
		return !arena_is_long(s->arena);
	}
	each = (uint64_t)1 << ((level - 1) * TABLE_BITS);
	for (uint64_t i = from / each; i < TABLE; i++) {
		void **child = &((void **)*p)[i];
		uint64_t below = from > i * each ? from - i * each : 0;

		if (!drop(s, inode, child, level - 1, below)) {
			return false;
		}
	}
	if (from == 0) {
		void *table = *p;

		ARENA_SET(s->arena, *p, NULL);
		memory_free(s, inode->share, table);
	}
	return !arena_is_long(s->arena);
}

/* Gives up what is beyond the size, with commits in between. */
static void trim(struct mem_state *s, struct mem_inode *inode)
{
	struct mem_content *c = &inode->data;
	uint64_t from = pages_for(c->size);

	if (c->trim == 0) {
		return;
	}
	while (!is_beyond(c, from) &&
	       !drop(s, inode, &c->root, c->height, from)) {
		arena_commit(s->arena);
	}
	if (c->root == NULL) {
		ARENA_SET(s->arena, c->height, 0);
	}
	ARENA_SET(s->arena, c->trim, 0);
}

/* Before size grows: what is there beyond it becomes zero. */
static void clear_end(struct mem_state *s, struct mem_inode *inode)
{
	struct mem_content *c = &inode->data;
	size_t used = c->size % ARENA_PAGE;
	uint8_t *page;

	trim(s, inode);
	page = used == 0 ? NULL : find_page(c, index_of(c->size));
	if (page != NULL) {
		memset(page + used, 0, ARENA_PAGE - used);
	}
}

/* --- the operations ---------------------------------------------------------
 */

void content_read(const struct mem_content *c, uint64_t offset, uint8_t *out,
		  size_t n)
{
	while (n > 0) {
		size_t at = offset % ARENA_PAGE;
		size_t here = n < ARENA_PAGE - at ? n : ARENA_PAGE - at;
		const uint8_t *page = find_page(c, index_of(offset));

		if (page != NULL) {
			memcpy(out, page + at, here);
		} else {
			memset(out, 0, here);
		}
		out += here;
		offset += here;
		n -= here;
	}
}

static bool write_in_page(struct mem_state *s, struct mem_inode *inode,
			  uint64_t offset, const uint8_t *data, size_t n)
{
	size_t at = offset % ARENA_PAGE;
	bool made;
	uint8_t *page = ensure_page(s, inode, index_of(offset), &made);

	if (page == NULL) {
		return false;
	}
	if (made) {
		memset(page, 0, at);
		memset(page + at + n, 0, ARENA_PAGE - at - n);
	}
	memcpy(page + at, data, n);
	return true;
}

static bool write_some(struct mem_state *s, struct mem_inode *inode,
		       uint64_t offset, const uint8_t *data, uint32_t n)
{
	struct mem_content *c = &inode->data;
	uint64_t end = offset + n;

	while (n > 0) {
		size_t at = offset % ARENA_PAGE;
		size_t here = n < ARENA_PAGE - at ? n : ARENA_PAGE - at;

		if (!write_in_page(s, inode, offset, data, here)) {
			return false;
		}
		data += here;
		offset += here;
		n -= (uint32_t)here;
	}
	if (end > c->size) {
		ARENA_SET(s->arena, c->size, end);
	}
	return true;
}

NTSTATUS content_write(struct mem_state *s, struct mem_inode *inode,
		       uint64_t offset, const uint8_t *data, uint32_t n,
		       uint32_t *written)
{
	const uint32_t most_at_once = PAGES_AT_ONCE * ARENA_PAGE;

	*written = 0;
	if (n > 0 && offset + n > inode->data.size) {
		clear_end(s, inode);
	}
	while (*written < n) {
		uint32_t here = n - *written;

		here = here < most_at_once ? here : most_at_once;
		if (!write_some(s, inode, offset + *written, data + *written,
				here)) {
			return NT_STATUS(DISK_FULL);
		}
		*written += here;
		if (*written < n) {
			arena_commit(s->arena);
		}
	}
	return NT_STATUS_OK;
}

static void cut_off(struct mem_state *s, struct mem_inode *inode, uint64_t size)
{
	struct mem_content *c = &inode->data;

	(void)pay(s, inode, c->pages, 0);
	ARENA_SET(s->arena, c->trim, 1);
	ARENA_SET(s->arena, c->size, size);
	trim(s, inode);
}

void content_set_size(struct mem_state *s, struct mem_inode *inode,
		      uint64_t size)
{
	struct mem_content *c = &inode->data;

	if (size > c->size) {
		clear_end(s, inode);
		ARENA_SET(s->arena, c->size, size);
	} else if (size < c->size) {
		cut_off(s, inode, size);
	}
}

void content_drop(struct mem_state *s, struct mem_inode *inode)
{
	cut_off(s, inode, 0);
}

NTSTATUS content_reserve(struct mem_state *s, struct mem_inode *inode,
			 uint64_t size)
{
	struct mem_content *c = &inode->data;
	uint64_t pages = pages_for(size);

	if (pages <= c->reserved) {
		return NT_STATUS_OK;
	}
	return pay(s, inode, c->pages, pages) ? NT_STATUS_OK
					      : NT_STATUS(DISK_FULL);
}

static void zero_page(struct mem_state *s, struct mem_inode *inode,
		      uint64_t index, size_t from, size_t to, bool give_up)
{
	struct mem_content *c = &inode->data;
	void **p = &c->root;

	for (uint64_t level = c->height; level > 0; level--) {
		p = &((void **)*p)[(index >> ((level - 1) * TABLE_BITS)) %
				   TABLE];
	}
	if (give_up && from == 0 && to == ARENA_PAGE) {
		free_data(s, inode, p);
	} else {
		memset((uint8_t *)*p + from, 0, to - from);
	}
}

void content_zero(struct mem_state *s, struct mem_inode *inode, uint64_t offset,
		  uint64_t length, bool give_up_room)
{
	struct mem_content *c = &inode->data;
	uint64_t end = offset + length;

	for (uint64_t i = index_of(offset);
	     content_next_page(c, &i) && i < pages_for(end); i++) {
		uint64_t start = i * ARENA_PAGE;
		size_t from = offset > start ? offset - start : 0;
		size_t to = end - start < ARENA_PAGE ? end - start : ARENA_PAGE;

		zero_page(s, inode, i, from, to, give_up_room);
		if (arena_is_long(s->arena)) {
			arena_commit(s->arena);
		}
	}
}

NTSTATUS content_fill(struct mem_state *s, struct mem_inode *inode)
{
	uint64_t end = pages_for(inode->data.size);
	NTSTATUS status = content_reserve(s, inode, inode->data.size);
	bool made;

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	clear_end(s, inode);
	for (uint64_t i = 0; i < end; i++) {
		uint8_t *page = ensure_page(s, inode, i, &made);

		if (page == NULL) {
			return NT_STATUS(DISK_FULL);
		}
		if (made) {
			memset(page, 0, ARENA_PAGE);
		}
		if (arena_is_long(s->arena)) {
			arena_commit(s->arena);
		}
	}
	return NT_STATUS_OK;
}
