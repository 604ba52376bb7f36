/* locking/brlock_verify.c - brlock.tdb and brlock_page.tdb by themselves: each
 * list under its lock, pages in order, locks within them, and no page that no
 * list names.  The locks, and who waits, are noted for state_file.c. */
#include "locking/brlock_int.h"
#include "locking/state_int.h"

#include "locking/locking.h"

struct verify {
	struct state *s;
	TALLOC_CTX *mem_ctx;
	struct state_list lists; /* struct place, of brlock.tdb */
	struct state_list pages; /* of brlock_page.tdb */
	bool failed;
};

/* What a key of either database says; a list_item. */
struct place {
	uint64_t inode;
	struct file_id id;
	uint32_t number; /* of a page */
};

struct look {
	struct verify *v;
	const struct place *place;
};

static void wrong(struct state *s, const struct file_id *id, const char *text)
{
	char file[STATE_FILE_SIZE];

	state_fault(s, "file %s: byte-range locks: %s",
		    state_file_text(id, file), text);
}

/* --- collecting ----------------------------------------------------------- */

static bool collect(struct verify *v, const char *db, struct state_list *to,
		    struct blob key, bool page)
{
	struct place p = {0};
	size_t size = page ? BRLOCK_PAGE_KEY_SIZE : BRLOCK_KEY_SIZE;
	struct blob id = {.data = key.data, .length = BRLOCK_KEY_SIZE};
	char text[STATE_KEY_SIZE];

	if (key.length != size ||
	    !NT_STATUS_IS_OK(file_id_pull(NULL, id, &p.id))) {
		state_fault(v->s, "%s: key %s is none", db,
			    state_key_text(key, text));
		return true;
	}
	if (page) {
		const uint8_t *n = key.data + BRLOCK_KEY_SIZE;

		p.number = n[0] | (uint32_t)n[1] << 8 | (uint32_t)n[2] << 16 |
			   (uint32_t)n[3] << 24;
	}
	p.inode = p.id.inode;
	v->failed = !NT_STATUS_IS_OK(state_list_add(v->mem_ctx, to, &p));
	return !v->failed;
}

static bool on_list(struct blob key, struct blob value, void *private_data)
{
	struct verify *v = private_data;
	struct brlock_list l = {.s = v->s->l->brlocks,
				.mem_ctx = talloc_new(v->mem_ctx)};
	NTSTATUS status = brlock_decode(&l, value);
	char text[STATE_KEY_SIZE];

	talloc_free(l.mem_ctx);
	if (!NT_STATUS_IS_OK(status)) {
		state_fault(v->s, "brlock.tdb: record %s cannot be read",
			    state_key_text(key, text));
		return true;
	}
	return collect(v, "brlock.tdb", &v->lists, key, false);
}

static bool on_page(struct blob key, struct blob value, void *private_data)
{
	struct verify *v = private_data;

	return collect(v, "brlock_page.tdb", &v->pages, key, true);
}

/* --- one list, under its lock --------------------------------------------- */

static void check_order(struct state *s, const struct brlock_list *l)
{
	bool bad = l->head.num_pages > 0 && l->pages[0].first != 0;
	bool reused = false;

	for (uint32_t i = 0; i < l->head.num_pages; i++) {
		bad = bad ||
		      (i > 0 && l->pages[i].first <= l->pages[i - 1].first);
		reused = reused || l->pages[i].number >= l->head.next_number;
	}
	if (bad) {
		wrong(s, &l->id, "pages are not in order");
	}
	if (reused) {
		wrong(s, &l->id, "a page has a number that is yet to come");
	}
	for (uint32_t i = 1; i < l->head.num_waiters; i++) {
		if (l->waiters[i].ticket <= l->waiters[i - 1].ticket) {
			wrong(s, &l->id, "who waits is not in order");
			break;
		}
	}
	if (l->exists && l->head.num_pages == 0 && l->head.num_waiters == 0) {
		wrong(s, &l->id, "there is a record, and nothing in it");
	}
}

static void note(struct state *s, const struct brlock_list *l,
		 const struct brlock_entry *e, bool waits)
{
	const struct known_lock one = {.open_id = e->open_id,
				       .owner = e->owner,
				       .file = l->id,
				       .waits = waits};

	if (!NT_STATUS_IS_OK(state_list_add(s, &s->locks, &one))) {
		s->failed = NT_STATUS(NO_MEMORY);
	}
}

static NTSTATUS check_page(struct state *s, struct brlock_list *l, uint32_t i)
{
	struct brlock_locks p;
	bool bad = false, beyond = false;
	NTSTATUS status = brlock_load(l, i, &p);

	if (NT_STATUS_IS(status, NO_MEMORY)) {
		return status;
	}
	if (!NT_STATUS_IS_OK(status)) {
		wrong(s, &l->id, "a page cannot be read");
		return NT_STATUS_OK;
	}
	if (p.count == 0) {
		wrong(s, &l->id, "a page is empty");
	}
	for (uint32_t k = 0; k < p.count; k++) {
		struct brlock_entry e = brlock_get(&p, k);

		note(s, l, &e, false);
		bad = bad || e.offset < l->pages[i].first ||
		      (k > 0 && e.offset < brlock_offset(&p, k - 1));
		beyond = beyond ||
			 brlock_last(e.offset, e.length) > l->pages[i].last;
	}
	if (bad) {
		wrong(s, &l->id, "locks are not in order");
	}
	if (beyond) {
		wrong(s, &l->id, "a lock goes beyond the end of its page");
	}
	return NT_STATUS_OK;
}

static NTSTATUS check_list(struct brlock_list *l, void *private_data)
{
	const struct look *k = private_data;
	NTSTATUS status = NT_STATUS_OK;

	check_order(k->v->s, l);
	for (uint32_t i = 0; i < l->head.num_waiters; i++) {
		note(k->v->s, l, &l->waiters[i].want, true);
	}
	for (uint32_t i = 0; i < l->head.num_pages && NT_STATUS_IS_OK(status);
	     i++) {
		status = check_page(k->v->s, l, i);
	}
	return status;
}

/* --- a page that was there: does its list name it? ------------------------ */

static NTSTATUS check_named(struct brlock_list *l, void *private_data)
{
	const struct look *k = private_data;
	uint32_t i = 0;

	while (i < l->head.num_pages &&
	       l->pages[i].number != k->place->number) {
		i++;
	}
	if (i == l->head.num_pages && brlock_has_page(l, k->place->number)) {
		wrong(k->v->s, &l->id, "there is a page that no list names");
	}
	return NT_STATUS_OK;
}

static NTSTATUS check_all(struct verify *v, const struct state_list *places,
			  brlock_fn fn)
{
	for (size_t i = 0; i < places->count; i++) {
		struct look k = {.v = v, .place = state_list_at(places, i)};
		NTSTATUS status = brlock_do_locked(v->s->l->brlocks,
						   &k.place->id, fn, &k);

		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	return NT_STATUS_OK;
}

NTSTATUS state_verify_brlocks(struct state *s)
{
	struct verify v = {.s = s,
			   .mem_ctx = talloc_new(s),
			   .lists = {.size = sizeof(struct place)},
			   .pages = {.size = sizeof(struct place)}};
	struct brlocks *b = s->l->brlocks;
	NTSTATUS status =
		v.mem_ctx == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;

	if (NT_STATUS_IS_OK(status)) {
		status = db_traverse(b->db, on_list, &v);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = db_traverse(b->pages, on_page, &v);
	}
	if (NT_STATUS_IS_OK(status) && v.failed) {
		status = NT_STATUS(NO_MEMORY);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = check_all(&v, &v.lists, check_list);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = check_all(&v, &v.pages, check_named);
	}
	talloc_free(v.mem_ctx);
	return status;
}
