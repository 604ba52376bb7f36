/* locking/share_sweep.c - pages that no record names: what a process leaves
 * that is killed between storing a page and naming it, or between no longer
 * naming and removing it.  Nobody ever reads one; only room is lost. */
#include "locking/share_mode_int.h"

#include <string.h>

#include "lib/log.h"
#include "lib/wire.h"

struct page_key {
	uint8_t bytes[SHARE_PAGE_KEY_SIZE];
};

struct sweep {
	struct share_modes *s;
	struct page_key *keys;
	size_t count;
	const struct page_key *now;
};

static bool note(struct blob key, struct blob value, void *private_data)
{
	struct sweep *w = private_data;
	struct page_key *more;

	if (key.length != SHARE_PAGE_KEY_SIZE) {
		return true;
	}
	more = talloc_realloc(w->s, w->keys, struct page_key, w->count + 1);
	if (more == NULL) {
		return false;
	}
	w->keys = more;
	memcpy(more[w->count++].bytes, key.data, key.length);
	return true;
}

static bool is_named(const struct page_key *k, struct blob value)
{
	struct wire_reader r = wire_reader(k->bytes + FILE_ID_SIZE, 4);
	uint32_t number = wire_u32(&r);
	struct share_mode_summary sum;

	if (value.data == NULL ||
	    !NT_STATUS_IS_OK(share_mode_summary_of(value, &sum))) {
		return false;
	}
	return (number & SHARE_PAGE_GRANTS) != 0
		       ? (number & ~SHARE_PAGE_GRANTS) < sum.grant_pages
		       : number < sum.entry_pages;
}

/* Under the lock of the file's record. */
static NTSTATUS look(struct db_record *rec, struct blob value,
		     void *private_data)
{
	struct sweep *w = private_data;
	struct page_key copy = *w->now;
	struct blob key = {.data = copy.bytes, .length = sizeof(copy.bytes)};
	NTSTATUS status;

	if (is_named(w->now, value)) {
		return NT_STATUS_OK;
	}
	status = db_delete(w->s->pages, key);
	return NT_STATUS_IS(status, NOT_FOUND) ? NT_STATUS_OK : status;
}

void share_mode_sweep(struct share_modes *s)
{
	struct sweep w = {.s = s};
	NTSTATUS status = db_traverse(s->pages, note, &w);

	for (size_t i = 0; i < w.count && NT_STATUS_IS_OK(status); i++) {
		struct page_key copy = w.keys[i];
		struct blob file = {.data = copy.bytes, .length = FILE_ID_SIZE};

		w.now = &w.keys[i];
		status = db_do_locked(s->db, file, look, &w);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_LOCKING, "share_page.tdb: pages are left: %s",
			 ntstatus_name(status));
	}
	talloc_free(w.keys);
}
