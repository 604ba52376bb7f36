/* locking/share_table.c - many items of one size that belong to one file. */
#include "locking/share_table.h"

#include <endian.h>
#include <string.h>

#include "lib/assert.h"
#include "lib/wire.h"
#include "locking/share_mode_int.h"

#define PAGE_PLACES	16 /* to begin with */
#define PAGE_FULL	16 /* items a page, on average: then one is divided */
#define PAGE_SPARSE	4  /* ... then two are joined */
#define PAGES_MAX	65536
#define PAGE_PLACES_MAX 1048576

void share_table_init(struct share_table *t,
		      const struct share_table_kind *kind,
		      struct share_mode_lock *l)
{
	memset(t, 0, offsetof(struct share_table, buf));
	t->kind = kind;
	t->l = l;
}

/* --- which page ----------------------------------------------------------- */

/* The highest power of two up to n, which is not 0. */
static uint32_t level_of(uint32_t n)
{
	return 1u << (31 - __builtin_clz(n));
}

/* Ids may be consecutive: all their bits count for the lowest ones. */
static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static uint32_t number_of(const struct share_table *t, uint64_t id)
{
	uint32_t level = level_of(t->num_pages);
	uint64_t h = mix(id);
	uint32_t n = (uint32_t)(h & (2 * (uint64_t)level - 1));

	return n < t->num_pages ? n : n - level;
}

/* The page that page n, the last one, was divided from. */
static uint32_t origin_of(uint32_t n)
{
	return n - level_of(n);
}

/* --- places --------------------------------------------------------------- */

static uint8_t *item_at(const struct share_table *t, const struct share_page *p,
			uint32_t place)
{
	ASSERT(place < p->places);
	return p->items + place * t->kind->size;
}

static uint64_t id_of(const struct share_table *t, const uint8_t *item)
{
	uint64_t id;

	memcpy(&id, item + t->kind->id_offset, sizeof(id));
	return le64toh(id);
}

static void set_changed(struct share_table *t, struct share_page *p)
{
	t->l->changed = true;
	if (!p->changed) {
		p->changed = true;
		p->next_changed = t->changed;
		t->changed = p;
	}
}

/* More places, the new ones free. */
static NTSTATUS grow(struct share_table *t, struct share_page *p,
		     uint32_t places)
{
	size_t used = p->places * t->kind->size;
	size_t size = places * t->kind->size;
	uint8_t *items =
		places > PAGE_PLACES_MAX ? NULL : share_mode_alloc(t->l, size);

	if (items == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (used > 0) {
		memcpy(items, p->items, used);
	}
	memset(items + used, 0, size - used);
	p->items = items;
	p->places = places;
	return NT_STATUS_OK;
}

static NTSTATUS grow_here(struct share_table *t)
{
	uint32_t old = t->here.places;

	ASSERT(t->here.items == t->buf);
	t->here.places = old == 0 ? t->kind->few : t->kind->most;
	memset(item_at(t, &t->here, old), 0,
	       (t->here.places - old) * t->kind->size);
	return NT_STATUS_OK;
}

/* --- pages ---------------------------------------------------------------- */

static struct blob key_of(const struct share_table *t, uint32_t number,
			  uint8_t *buf)
{
	struct wire_writer w = wire_writer_fixed(buf, SHARE_PAGE_KEY_SIZE);

	wire_put_bytes(&w, t->l->key, FILE_ID_SIZE);
	wire_put_u32(&w, number | t->kind->page_key);
	return (struct blob){.data = buf, .length = SHARE_PAGE_KEY_SIZE};
}

struct load {
	struct share_table *t;
	struct share_page *p;
};

/* What is in a page that has no business there does not count. */
static void weed(const struct share_table *t, struct share_page *p)
{
	for (uint32_t i = 0; i < p->places; i++) {
		uint8_t *item = item_at(t, p, i);
		uint64_t id = id_of(t, item);

		if (id != 0 && number_of(t, id) != p->number) {
			memset(item, 0, t->kind->size);
		}
	}
}

static NTSTATUS load_found(struct blob value, void *private_data)
{
	const struct load *in = private_data;
	size_t places = value.length / in->t->kind->size;
	NTSTATUS status;

	if (places > PAGE_PLACES_MAX) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	status = grow(in->t, in->p, (uint32_t)places);
	if (NT_STATUS_IS_OK(status) && places > 0) {
		memcpy(in->p->items, value.data, places * in->t->kind->size);
		weed(in->t, in->p);
	}
	return status;
}

static NTSTATUS load(struct share_table *t, struct share_page *p)
{
	struct load in = {.t = t, .p = p};
	uint8_t buf[SHARE_PAGE_KEY_SIZE];
	NTSTATUS status = db_parse(t->l->s->pages, key_of(t, p->number, buf),
				   load_found, &in);

	return NT_STATUS_IS(status, NOT_FOUND) ? NT_STATUS_OK : status;
}

/* Room for a first page and one more than there are. */
static bool make_index(struct share_table *t)
{
	size_t size = (t->num_pages + 2) * sizeof(struct share_page *);

	if (t->pages == NULL) {
		t->pages = share_mode_alloc(t->l, size);
		if (t->pages != NULL) {
			memset(t->pages, 0, size);
		}
	}
	return t->pages != NULL;
}

static struct share_page *new_page(struct share_table *t, uint32_t number)
{
	struct share_page *p = NULL;

	if (make_index(t)) {
		p = share_mode_alloc(t->l, sizeof(*p));
	}
	if (p != NULL) {
		*p = (struct share_page){.number = number};
		t->pages[number] = p;
	}
	return p;
}

/* NULL: it cannot be had. */
static struct share_page *get_page(struct share_table *t, uint32_t number)
{
	struct share_page *p;

	if (t->num_pages == 0) {
		return &t->here;
	}
	ASSERT(number < t->num_pages);
	if (t->pages != NULL && t->pages[number] != NULL) {
		return t->pages[number];
	}
	p = new_page(t, number);
	if (p == NULL || !NT_STATUS_IS_OK(load(t, p))) {
		t->failed = true;
		return NULL;
	}
	return p;
}

/* --- items ---------------------------------------------------------------- */

/* In a page; id 0: a free place. */
static bool find_in(const struct share_table *t, struct share_page *p,
		    uint64_t id, struct share_place *out)
{
	uint8_t *item = p->items;

	for (uint32_t i = 0; i < p->places; i++, item += t->kind->size) {
		if (id_of(t, item) == id) {
			*out = (struct share_place){.page = p, .item = item};
			return true;
		}
	}
	return false;
}

bool share_table_find(struct share_table *t, uint64_t id,
		      struct share_place *out)
{
	struct share_page *p;

	if (id == 0) {
		return false;
	}
	p = get_page(t, t->num_pages == 0 ? 0 : number_of(t, id));
	return p != NULL && find_in(t, p, id, out);
}

bool share_table_next(struct share_table *t, struct share_cursor *at,
		      struct share_place *out)
{
	uint32_t pages = t->num_pages == 0 ? 1 : t->num_pages;

	for (; at->page < pages; at->page++, at->place = 0) {
		struct share_page *p = get_page(t, at->page);
		uint32_t places = p == NULL ? 0 : p->places;

		while (at->place < places) {
			uint8_t *item = p->items + at->place++ * t->kind->size;

			if (id_of(t, item) != 0) {
				*out = (struct share_place){.page = p,
							    .item = item};
				return true;
			}
		}
	}
	return false;
}

/* All items move to a first page. */
static NTSTATUS move_to_pages(struct share_table *t)
{
	struct share_page *p = new_page(t, 0);
	NTSTATUS status =
		p == NULL ? NT_STATUS(NO_MEMORY) : grow(t, p, PAGE_PLACES);

	if (!NT_STATUS_IS_OK(status)) {
		t->pages = NULL;
		return status;
	}
	memcpy(p->items, t->here.items, t->here.places * t->kind->size);
	t->here.places = 0;
	t->num_pages = 1;
	set_changed(t, p);
	return NT_STATUS_OK;
}

NTSTATUS share_table_add(struct share_table *t, uint64_t id,
			 struct share_place *out)
{
	bool full = t->num_pages == 0 && t->count >= t->kind->most;
	NTSTATUS status = full ? move_to_pages(t) : NT_STATUS_OK;
	struct share_page *p;

	ASSERT(id != 0);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	p = get_page(t, t->num_pages == 0 ? 0 : number_of(t, id));
	if (p == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (!find_in(t, p, 0, out)) {
		uint32_t more = p->places == 0 ? PAGE_PLACES : p->places * 2;

		status = p == &t->here ? grow_here(t) : grow(t, p, more);
		if (!NT_STATUS_IS_OK(status) || !find_in(t, p, 0, out)) {
			return NT_STATUS(NO_MEMORY);
		}
	}
	t->count++;
	set_changed(t, p);
	return NT_STATUS_OK;
}

void share_table_touch(struct share_table *t, const struct share_place *at)
{
	set_changed(t, at->page);
}

void share_table_remove(struct share_table *t, const struct share_place *at)
{
	memset(at->item, 0, t->kind->size);
	t->count -= t->count > 0;
	set_changed(t, at->page);
}

/* What killed processes left may be counted, or not. */
static uint32_t items_in(const struct share_table *t,
			 const struct share_page *p)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->places; i++) {
		n += id_of(t, item_at(t, p, i)) != 0;
	}
	return n;
}

void share_table_own(struct share_table *t)
{
	size_t used = t->here.places * t->kind->size;

	ASSERT(used <= sizeof(t->buf));
	if (used > 0 && t->here.items != t->buf) {
		memcpy(t->buf, t->here.items, used);
	}
	t->here.items = t->buf;
	if (t->num_pages == 0) {
		t->count = items_in(t, &t->here);
	}
}

/* --- more and fewer pages ------------------------------------------------- */

/* Copies an item into p.  Those that go on living do not move within a page. */
static NTSTATUS copy_item(struct share_table *t, struct share_page *p,
			  const uint8_t *item)
{
	struct share_place to;
	NTSTATUS status = NT_STATUS_OK;
	bool found = find_in(t, p, 0, &to);

	if (!found) {
		status = grow(t, p, p->places + PAGE_PLACES);
		found = NT_STATUS_IS_OK(status) && find_in(t, p, 0, &to);
	}
	if (!found) {
		return status;
	}
	memcpy(to.item, item, t->kind->size);
	return NT_STATUS_OK;
}

/* One page more: it gets what its hash leads to now. */
static NTSTATUS divide(struct share_table *t)
{
	struct share_page *from = get_page(t, origin_of(t->num_pages));
	struct share_page *p = from == NULL ? NULL : new_page(t, t->num_pages);
	NTSTATUS status =
		p == NULL ? NT_STATUS(NO_MEMORY) : grow(t, p, PAGE_PLACES);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	t->num_pages++;
	for (uint32_t i = 0; i < from->places; i++) {
		uint8_t *item = item_at(t, from, i);
		uint64_t id = id_of(t, item);

		if (id == 0 || number_of(t, id) == from->number) {
			continue;
		}
		status = copy_item(t, p, item);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		memset(item, 0, t->kind->size);
	}
	from->late = true;
	set_changed(t, from);
	set_changed(t, p);
	return NT_STATUS_OK;
}

/* One page less: what is in the last one goes back. */
static NTSTATUS join(struct share_table *t)
{
	uint32_t last = t->num_pages - 1;
	struct share_page *from = get_page(t, last);
	struct share_page *to = get_page(t, origin_of(last));
	NTSTATUS status = NT_STATUS_OK;

	if (from == NULL || to == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (uint32_t i = 0; i < from->places && NT_STATUS_IS_OK(status); i++) {
		uint8_t *item = item_at(t, from, i);

		if (id_of(t, item) != 0) {
			status = copy_item(t, to, item);
		}
	}
	from->gone = true;
	set_changed(t, from);
	set_changed(t, to);
	t->num_pages--;
	return status;
}

/* The few items left move back into the record. */
static NTSTATUS move_here(struct share_table *t)
{
	struct share_page *p = get_page(t, 0);
	uint32_t n = 0;

	if (p == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (items_in(t, p) > t->kind->few) {
		return NT_STATUS_OK;
	}
	t->here.places = t->kind->few;
	memset(t->buf, 0, t->here.places * t->kind->size);
	for (uint32_t i = 0; i < p->places; i++) {
		uint8_t *item = item_at(t, p, i);

		if (id_of(t, item) != 0) {
			memcpy(item_at(t, &t->here, n++), item, t->kind->size);
		}
	}
	p->gone = true;
	set_changed(t, p);
	t->num_pages = 0;
	return NT_STATUS_OK;
}

NTSTATUS share_table_reshape(struct share_table *t)
{
	if (t->failed) {
		return NT_STATUS(NO_MEMORY);
	}
	if (t->num_pages == 0) {
		return NT_STATUS_OK;
	}
	if (t->count > t->num_pages * PAGE_FULL && t->num_pages < PAGES_MAX) {
		return divide(t);
	}
	if (t->num_pages > 1 && t->count < t->num_pages * PAGE_SPARSE) {
		return join(t);
	}
	return t->num_pages == 1 && t->count <= t->kind->few / 2 ? move_here(t)
								 : NT_STATUS_OK;
}

/* --- storing -------------------------------------------------------------- */

static NTSTATUS remove_page(struct share_table *t, uint32_t number)
{
	uint8_t buf[SHARE_PAGE_KEY_SIZE];
	NTSTATUS status = db_delete(t->l->s->pages, key_of(t, number, buf));

	return NT_STATUS_IS(status, NOT_FOUND) ? NT_STATUS_OK : status;
}

static NTSTATUS store_page(struct share_table *t, const struct share_page *p)
{
	struct blob value = {.data = p->items,
			     .length = p->places * t->kind->size};
	uint8_t buf[SHARE_PAGE_KEY_SIZE];

	return p->gone ? remove_page(t, p->number)
		       : db_store(t->l->s->pages, key_of(t, p->number, buf),
				  value);
}

NTSTATUS share_table_store(struct share_table *t, bool late)
{
	NTSTATUS status = NT_STATUS_OK;

	for (struct share_page *p = t->changed;
	     p != NULL && NT_STATUS_IS_OK(status); p = p->next_changed) {
		if (p != &t->here && (p->late || p->gone) == late) {
			status = store_page(t, p);
		}
	}
	return status;
}

NTSTATUS share_table_drop(struct share_table *t)
{
	NTSTATUS status = NT_STATUS_OK;

	for (uint32_t i = t->num_pages; i > 0 && NT_STATUS_IS_OK(status); i--) {
		status = remove_page(t, i - 1);
	}
	return status;
}
