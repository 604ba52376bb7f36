/* locking/brlock_page.c - the bytes: the list's record and its pages.
 *
 * A process can be killed between any two stores.  So the list names a page
 * only after it is stored, and leaves it out only after it is gone (a page that
 * is not there is empty); a page's last byte is raised before a lock is put in
 * and lowered after; and of a page that was being divided what lies behind its
 * end does not count, and is cut off before that end moves. */
#include "locking/brlock_int.h"

#include <stddef.h>
#include <string.h>

#include "lib/assert.h"
#include "lib/wire.h"

#define HEAD_SIZE   24
#define INDEX_SIZE  24 /* struct brlock_page */
#define WAITER_SIZE 56

/* --- the list's record ---------------------------------------------------- */

static struct blob take(struct blob *rest, size_t size)
{
	struct blob b = {.data = rest->data, .length = size};

	ASSERT(rest->length >= size);
	rest->data += size;
	rest->length -= size;
	return b;
}

/* The index is read with every lock: at once where it is the same in memory as
 * in the record, which it is on machines that store low bytes first. */
static bool is_as_stored(void)
{
	return le32toh(1) == 1 && sizeof(struct brlock_page) == INDEX_SIZE &&
	       offsetof(struct brlock_page, number) == 0 &&
	       offsetof(struct brlock_page, first) == 8 &&
	       offsetof(struct brlock_page, last) == 16;
}

static NTSTATUS decode_pages(struct brlock_list *l, struct blob *rest)
{
	uint32_t n = l->head.num_pages;
	NTSTATUS status = NT_STATUS_OK;

	if (n > 0 && is_as_stored()) {
		memcpy(l->pages, take(rest, (size_t)n * INDEX_SIZE).data,
		       (size_t)n * INDEX_SIZE);
		return status;
	}
	for (uint32_t i = 0; i < n && NT_STATUS_IS_OK(status); i++) {
		status = brlock_page_pull(NULL, take(rest, INDEX_SIZE),
					  &l->pages[i]);
	}
	return status;
}

static NTSTATUS decode_index(struct brlock_list *l, struct blob *rest)
{
	NTSTATUS status;
	uint32_t i;

	l->pages = talloc_array(l->mem_ctx, struct brlock_page,
				l->head.num_pages + 1);
	l->waiters = talloc_array(l->mem_ctx, struct brlock_waiter,
				  l->head.num_waiters + 1);
	if (l->pages == NULL || l->waiters == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = decode_pages(l, rest);
	for (i = 0; i < l->head.num_waiters && NT_STATUS_IS_OK(status); i++) {
		status = brlock_waiter_pull(NULL, take(rest, WAITER_SIZE),
					    &l->waiters[i]);
	}
	return status;
}

NTSTATUS brlock_decode(struct brlock_list *l, struct blob value)
{
	NTSTATUS status;

	l->head = (struct brlock_head){.version = 1};
	if (value.data == NULL) {
		return decode_index(l, &value);
	}
	if (value.length < HEAD_SIZE) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	l->exists = true;
	status = brlock_head_pull(NULL, take(&value, HEAD_SIZE), &l->head);
	if (!NT_STATUS_IS_OK(status) ||
	    value.length != (size_t)l->head.num_pages * INDEX_SIZE +
				    (size_t)l->head.num_waiters * WAITER_SIZE) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	return decode_index(l, &value);
}

static NTSTATUS encode(const struct brlock_list *l, uint8_t *buf, size_t size,
		       size_t *out_length)
{
	size_t n, at = 0;
	NTSTATUS status = brlock_head_push_buf(&l->head, buf, size, &n);
	uint32_t i;

	at += NT_STATUS_IS_OK(status) ? n : 0;
	for (i = 0; i < l->head.num_pages && NT_STATUS_IS_OK(status); i++) {
		status = brlock_page_push_buf(&l->pages[i], buf + at, size - at,
					      &n);
		at += NT_STATUS_IS_OK(status) ? n : 0;
	}
	for (i = 0; i < l->head.num_waiters && NT_STATUS_IS_OK(status); i++) {
		status = brlock_waiter_push_buf(&l->waiters[i], buf + at,
						size - at, &n);
		at += NT_STATUS_IS_OK(status) ? n : 0;
	}
	*out_length = at;
	return status;
}

static NTSTATUS store_value(struct brlock_list *l)
{
	size_t size = HEAD_SIZE + (size_t)l->head.num_pages * INDEX_SIZE +
		      (size_t)l->head.num_waiters * WAITER_SIZE;
	struct blob b = {.data = talloc_size(l->mem_ctx, size)};
	NTSTATUS status;

	if (b.data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = encode(l, b.data, size, &b.length);
	if (NT_STATUS_IS_OK(status)) {
		ASSERT(b.length == size);
		status = db_record_store(l->rec, b);
	}
	talloc_free(b.data);
	return status;
}

NTSTATUS brlock_store(struct brlock_list *l)
{
	bool empty = l->head.num_pages == 0 && l->head.num_waiters == 0;
	NTSTATUS status = NT_STATUS_OK;

	ASSERT(!l->finished);
	if (empty && l->exists) {
		status = db_record_delete(l->rec);
	} else if (!empty && (l->changed || !l->exists)) {
		status = store_value(l);
	}
	if (NT_STATUS_IS_OK(status)) {
		l->exists = !empty;
		l->changed = false;
	}
	return status;
}

/* --- pages ---------------------------------------------------------------- */

static struct blob page_key(const struct brlock_list *l, uint32_t number,
			    uint8_t *buf)
{
	struct wire_writer w = wire_writer_fixed(buf, BRLOCK_PAGE_KEY_SIZE);

	wire_put_u64(&w, l->id.device);
	wire_put_u64(&w, l->id.inode);
	wire_put_u64(&w, l->id.stream);
	wire_put_u32(&w, number);
	return (struct blob){.data = buf, .length = BRLOCK_PAGE_KEY_SIZE};
}

uint32_t brlock_page_at(const struct brlock_list *l, uint64_t offset)
{
	uint32_t low = 0, high = l->head.num_pages;

	ASSERT(high > 0);
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (l->pages[middle].first <= offset) {
			low = middle;
		} else {
			high = middle;
		}
	}
	return low;
}

struct load {
	struct brlock_list *l;
	struct brlock_locks *out;
	uint64_t end; /* no lock at or behind it counts, unless 0 */
};

static NTSTATUS load_found(struct blob value, void *private_data)
{
	struct load *in = private_data;
	struct brlock_locks *p = in->out;
	size_t size =
		(size_t)(value.length / BRLOCK_ENTRY_SIZE) * BRLOCK_ENTRY_SIZE;

	p->bytes = talloc_size(in->l->mem_ctx, size + BRLOCK_ENTRY_SIZE);
	if (p->bytes == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	memcpy(p->bytes, value.data, size);
	p->count = (uint32_t)(size / BRLOCK_ENTRY_SIZE);
	while (in->end != 0 && p->count > 0 &&
	       brlock_offset(p, p->count - 1) >= in->end) {
		p->count--;
		p->uncut = true;
	}
	return NT_STATUS_OK;
}

NTSTATUS brlock_load(struct brlock_list *l, uint32_t index,
		     struct brlock_locks *out)
{
	struct load in = {.l = l, .out = out};
	uint8_t buf[BRLOCK_PAGE_KEY_SIZE];
	NTSTATUS status;

	*out = (struct brlock_locks){.index = index};
	if (index + 1 < l->head.num_pages) {
		in.end = l->pages[index + 1].first;
	}
	status = db_parse(l->s->pages, page_key(l, l->pages[index].number, buf),
			  load_found, &in);
	if (!NT_STATUS_IS(status, NOT_FOUND)) {
		return status;
	}
	out->bytes = talloc_size(l->mem_ctx, BRLOCK_ENTRY_SIZE);
	return out->bytes == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

static NTSTATUS page_found(struct blob value, void *private_data)
{
	return NT_STATUS_OK;
}

bool brlock_has_page(struct brlock_list *l, uint32_t number)
{
	uint8_t buf[BRLOCK_PAGE_KEY_SIZE];

	return NT_STATUS_IS_OK(db_parse(l->s->pages, page_key(l, number, buf),
					page_found, NULL));
}

static NTSTATUS page_store(struct brlock_list *l, uint32_t number,
			   const struct brlock_locks *p)
{
	const struct blob b = {.data = p->bytes,
			       .length = (size_t)p->count * BRLOCK_ENTRY_SIZE};
	uint8_t buf[BRLOCK_PAGE_KEY_SIZE];

	return db_store(l->s->pages, page_key(l, number, buf), b);
}

/* --- the locks of a page -------------------------------------------------- */

static uint8_t *place_of(const struct brlock_locks *p, uint32_t i)
{
	return p->bytes + (size_t)i * BRLOCK_ENTRY_SIZE;
}

struct brlock_entry brlock_get(const struct brlock_locks *p, uint32_t i)
{
	struct blob b = {.data = place_of(p, i), .length = BRLOCK_ENTRY_SIZE};
	struct brlock_entry e;
	NTSTATUS status = brlock_entry_pull(NULL, b, &e);

	/* Flat values of any content: there is nothing to go wrong. */
	ASSERT(NT_STATUS_IS_OK(status));
	return e;
}

static void put(struct brlock_locks *p, uint32_t i,
		const struct brlock_entry *e)
{
	size_t n;
	NTSTATUS status =
		brlock_entry_push_buf(e, place_of(p, i), BRLOCK_ENTRY_SIZE, &n);

	ASSERT(NT_STATUS_IS_OK(status) && n == BRLOCK_ENTRY_SIZE);
}

uint32_t brlock_first_at(const struct brlock_locks *p, uint64_t offset)
{
	uint32_t low = 0, high = p->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (brlock_offset(p, middle) < offset) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

void brlock_take_out(struct brlock_locks *p, uint32_t i)
{
	p->count--;
	memmove(place_of(p, i), place_of(p, i + 1),
		(size_t)(p->count - i) * BRLOCK_ENTRY_SIZE);
}

/* --- adding --------------------------------------------------------------- */

/* Room in l->pages for a new page at index. */
static NTSTATUS index_insert(struct brlock_list *l, uint32_t index,
			     struct brlock_page page)
{
	uint32_t n = l->head.num_pages;
	struct brlock_page *pages;

	if (n >= BRLOCK_PAGES_MAX) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	pages = talloc_realloc(l->mem_ctx, l->pages, struct brlock_page, n + 2);
	if (pages == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	memmove(pages + index + 1, pages + index, (n - index) * sizeof(*pages));
	pages[index] = page;
	l->pages = pages;
	l->head.num_pages = n + 1;
	l->changed = true;
	return NT_STATUS_OK;
}

static uint64_t last_of_all(const struct brlock_locks *p)
{
	uint64_t last = 0;

	for (uint32_t i = 0; i < p->count; i++) {
		uint64_t of_this =
			brlock_last(brlock_offset(p, i), brlock_length(p, i));

		last = of_this > last ? of_this : last;
	}
	return last;
}

/* Where to divide: near the middle, between two offsets; 0: nowhere. */
static uint32_t find_cut(const struct brlock_locks *p)
{
	uint32_t middle = p->count / 2;

	for (uint32_t i = 0; i < middle; i++) {
		uint32_t up = middle + i, down = middle - i;

		if (brlock_offset(p, up) != brlock_offset(p, up - 1)) {
			return up;
		}
		if (brlock_offset(p, down) != brlock_offset(p, down - 1)) {
			return down;
		}
	}
	return 0;
}

/* The upper part gets a page of its own. */
static NTSTATUS divide(struct brlock_list *l, struct brlock_locks *p,
		       uint32_t cut)
{
	const struct brlock_locks upper = {.bytes = place_of(p, cut),
					   .count = p->count - cut};
	struct brlock_page page = {.number = l->head.next_number,
				   .first = brlock_offset(&upper, 0),
				   .last = last_of_all(&upper)};
	NTSTATUS status = page_store(l, page.number, &upper);

	if (NT_STATUS_IS_OK(status)) {
		status = index_insert(l, p->index + 1, page);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	l->head.next_number++;
	status = brlock_store(l);
	if (NT_STATUS_IS_OK(status)) {
		p->count = cut;
		l->pages[p->index].last = last_of_all(p);
		l->changed = true;
		status = page_store(l, l->pages[p->index].number, p);
	}
	return status;
}

static NTSTATUS first_page(struct brlock_list *l, const struct brlock_entry *e)
{
	const struct brlock_page page = {
		.number = l->head.next_number++,
		.last = brlock_last(e->offset, e->length)};
	uint8_t bytes[BRLOCK_ENTRY_SIZE];
	struct brlock_locks p = {.bytes = bytes, .count = 1};
	NTSTATUS status;

	put(&p, 0, e);
	status = page_store(l, page.number, &p);
	return NT_STATUS_IS_OK(status) ? index_insert(l, 0, page) : status;
}

static NTSTATUS raise_last(struct brlock_list *l, uint32_t index, uint64_t last)
{
	if (l->pages[index].last >= last) {
		return NT_STATUS_OK;
	}
	l->pages[index].last = last;
	l->changed = true;
	return brlock_store(l);
}

static void put_in_order(struct brlock_locks *p, const struct brlock_entry *e)
{
	uint32_t i = e->offset == UINT64_MAX
			     ? p->count
			     : brlock_first_at(p, e->offset + 1);

	memmove(place_of(p, i + 1), place_of(p, i),
		(size_t)(p->count - i) * BRLOCK_ENTRY_SIZE);
	put(p, i, e);
	p->count++;
}

NTSTATUS brlock_insert(struct brlock_list *l, const struct brlock_entry *e)
{
	struct brlock_locks p;
	uint32_t index, cut = 0;
	NTSTATUS status;

	if (l->head.num_pages == 0) {
		return first_page(l, e);
	}
	index = brlock_page_at(l, e->offset);
	status = raise_last(l, index, brlock_last(e->offset, e->length));
	if (NT_STATUS_IS_OK(status)) {
		status = brlock_load(l, index, &p);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	put_in_order(&p, e);
	if (p.count > BRLOCK_PAGE_MAX) {
		cut = find_cut(&p);
	}
	if (cut != 0) {
		return divide(l, &p, cut);
	}
	return page_store(l, l->pages[index].number, &p);
}

/* --- removing ------------------------------------------------------------- */

/* The page before this one is about to reach as far as this one does: what was
 * left behind its end, by who was killed dividing it, would count again. */
static NTSTATUS cut_before(struct brlock_list *l, uint32_t index)
{
	struct brlock_locks p;
	NTSTATUS status;

	if (index == 0) {
		return NT_STATUS_OK;
	}
	status = brlock_load(l, index - 1, &p);
	return NT_STATUS_IS_OK(status) && p.uncut
		       ? page_store(l, l->pages[index - 1].number, &p)
		       : status;
}

static NTSTATUS drop_page(struct brlock_list *l, uint32_t index)
{
	uint8_t buf[BRLOCK_PAGE_KEY_SIZE];
	uint32_t n = l->head.num_pages;
	NTSTATUS status = cut_before(l, index);

	if (NT_STATUS_IS_OK(status)) {
		status = db_delete(l->s->pages,
				   page_key(l, l->pages[index].number, buf));
	}
	if (!NT_STATUS_IS_OK(status) && !NT_STATUS_IS(status, NOT_FOUND)) {
		return status;
	}
	memmove(l->pages + index, l->pages + index + 1,
		(n - index - 1) * sizeof(*l->pages));
	l->head.num_pages = n - 1;
	if (index == 0 && n > 1) {
		l->pages[0].first = 0;
	}
	l->changed = true;
	return NT_STATUS_OK;
}

NTSTATUS brlock_shrunk(struct brlock_list *l, struct brlock_locks *p)
{
	struct brlock_page *page = &l->pages[p->index];
	uint64_t last;
	NTSTATUS status;

	if (p->count == 0) {
		return drop_page(l, p->index);
	}
	status = page_store(l, page->number, p);
	last = last_of_all(p);
	if (NT_STATUS_IS_OK(status) && last != page->last) {
		page->last = last;
		l->changed = true;
	}
	return status;
}
