/* locking/state_file.c - share modes, grants and byte-range locks: with the
 * opens they are of. */
#include "locking/state_int.h"

#include <inttypes.h>

#include "locking/share_mode.h"

/* Whether its process says so of the open, or says nothing at all. */
static bool may_be(struct state *s, const struct server_id *owner,
		   uint64_t open_id, uint32_t flag)
{
	const struct said_open *said = state_list_find(&s->said_opens, open_id);

	return !state_process(s, owner)->answered ||
	       (said != NULL && (said->flags & flag) != 0);
}

static bool is_same_file(const struct file_id *a, const struct file_id *b)
{
	return a->device == b->device && a->inode == b->inode;
}

/* --- opens: is it entered? ------------------------------------------------ */

static void compare_open(struct state *s, const struct known_open *o)
{
	const struct known_entry *e = state_list_find(&s->entries, o->id);
	char file[STATE_FILE_SIZE];

	if (!o->disconnected && state_process(s, &o->owner)->alive &&
	    may_be(s, &o->owner, o->id, STATE_CLOSING)) {
		return;
	}
	state_file_text(&o->file, file);
	if (e == NULL) {
		state_fault(s,
			    "open %" PRIu64 " is not in the record of its "
			    "file %s",
			    o->id, file);
		return;
	}
	if (!file_id_equal(&e->file, &o->file)) {
		state_fault(s,
			    "open %" PRIu64 " is in the record of another "
			    "file than %s",
			    o->id, file);
	}
	if (o->file.stream != 0 && state_list_find(&s->marks, o->id) == NULL) {
		state_fault(s,
			    "open %" PRIu64 " of stream %s has no mark in "
			    "the record of its file",
			    o->id, file);
	}
}

/* --- entries: is it open? ------------------------------------------------- */

static void fault_entry(struct state *s, const struct known_entry *e,
			const char *text)
{
	char file[STATE_FILE_SIZE];

	state_fault(s, "file %s: the %s of open %" PRIu64 " %s",
		    state_file_text(&e->file, file), e->mark ? "mark" : "entry",
		    e->open_id, text);
}

static void compare_lease(struct state *s, const struct known_entry *e,
			  const struct known_open *o)
{
	if (e->leased != o->leased) {
		fault_entry(s, e,
			    e->leased ? "has a lease, the open has none"
				      : "has no lease, the open has one");
	} else if (e->leased && (!guid_equal(&e->client, &o->client) ||
				 !guid_equal(&e->lease_key, &o->lease_key))) {
		fault_entry(s, e, "has another lease than the open");
	}
}

static void compare_entry(struct state *s, const struct known_entry *e)
{
	const struct known_open *o = state_list_find(&s->opens, e->open_id);

	if (!state_process(s, &e->owner)->alive) {
		fault_entry(s, e, "is a dead process's");
		return;
	}
	if (o == NULL) {
		if (!may_be(s, &e->owner, e->open_id, STATE_MAKING)) {
			fault_entry(s, e, "is of no open");
		}
		return;
	}
	if (!server_id_equal(&o->owner, &e->owner)) {
		fault_entry(s, e, "is another process's than the open");
	}
	if (!is_same_file(&o->file, &e->file) ||
	    (e->mark && o->file.stream == 0)) {
		fault_entry(s, e, "is of another file than the open");
	}
	if (o->access != e->access) {
		fault_entry(s, e, "has another access than the open");
	}
	if (!e->mark) {
		compare_lease(s, e, o);
	}
}

static void compare_entries(struct state *s, const struct state_list *list)
{
	const struct known_entry *last = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct known_entry *e = state_list_at(list, i);

		if (last != NULL && last->open_id == e->open_id) {
			fault_entry(s, e, "is there twice");
		}
		compare_entry(s, e);
		last = e;
	}
}

/* --- byte-range locks ----------------------------------------------------- */

static void compare_lock(struct state *s, const struct known_lock *k)
{
	const struct known_open *o = state_list_find(&s->opens, k->open_id);
	const char *what = k->waits ? "who waits for a lock" : "a lock";
	char file[STATE_FILE_SIZE];

	state_file_text(&k->file, file);
	if (!state_process(s, &k->owner)->alive) {
		state_fault(s,
			    "file %s: %s is of open %" PRIu64
			    " of a dead process",
			    file, what, k->open_id);
	} else if (o == NULL || !file_id_equal(&o->file, &k->file) ||
		   !server_id_equal(&o->owner, &k->owner)) {
		state_fault(s,
			    "file %s: %s is of open %" PRIu64
			    ", which is not there",
			    file, what, k->open_id);
	}
}

void state_compare_files(struct state *s)
{
	for (size_t i = 0; i < s->opens.count; i++) {
		compare_open(s, state_list_at(&s->opens, i));
	}
	compare_entries(s, &s->entries);
	compare_entries(s, &s->marks);
	for (size_t i = 0; i < s->locks.count; i++) {
		compare_lock(s, state_list_at(&s->locks, i));
	}
}
