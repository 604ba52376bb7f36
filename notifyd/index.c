/* notifyd/index.c - see index.h. */
#include "notifyd/index.h"

#include <string.h>

#include "lib/dlist.h"
#include "locking/notify_board.h"
#include "messaging/server_id.h"

#define DIR_BUCKETS 8192
#define MAX_PLACES  (1024 * 1024) /* of watches of one process */

struct notify_index {
	index_gone_fn gone;
	void *private_data;
	struct index_owner *owners;
	struct index_dir *dirs[DIR_BUCKETS];
};

NTSTATUS notify_index_create(TALLOC_CTX *mem_ctx, index_gone_fn gone,
			     void *private_data, struct notify_index **out)
{
	struct notify_index *ix = talloc_zero(mem_ctx, struct notify_index);

	if (ix == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	ix->gone = gone;
	ix->private_data = private_data;
	*out = ix;
	return NT_STATUS_OK;
}

struct index_owner *notify_index_owners(const struct notify_index *ix)
{
	return ix->owners;
}

/* --- directories --------------------------------------------------------- */

static uint32_t hash_of(const char *path)
{
	uint32_t hash = NOTIFY_HASH_START;

	for (; *path != '\0'; path++) {
		hash = notify_hash_step(hash, *path);
	}
	return hash;
}

static struct index_dir *dir_lookup(struct notify_index *ix, uint32_t hash,
				    const char *path, size_t length)
{
	struct index_dir *d = ix->dirs[hash % DIR_BUCKETS];

	while (d != NULL && (strncmp(d->path, path, length) != 0 ||
			     d->path[length] != '\0')) {
		d = d->next;
	}
	return d;
}

struct index_dir *notify_index_lookup(struct notify_index *ix, const char *path)
{
	return dir_lookup(ix, hash_of(path), path, strlen(path));
}

static struct index_dir *dir_get(struct notify_index *ix, const char *path)
{
	uint32_t hash = hash_of(path);
	struct index_dir *d = dir_lookup(ix, hash, path, strlen(path));

	if (d != NULL) {
		return d;
	}
	d = talloc_zero(ix, struct index_dir);
	if (d == NULL) {
		return NULL;
	}
	d->path = talloc_strdup(d, path);
	if (d->path == NULL) {
		talloc_free(d);
		return NULL;
	}
	DLIST_ADD(ix->dirs[hash % DIR_BUCKETS], d);
	return d;
}

static void dir_release(struct notify_index *ix, struct index_dir *d)
{
	if (d->watches == NULL) {
		DLIST_REMOVE(ix->dirs[hash_of(d->path) % DIR_BUCKETS], d);
		talloc_free(d);
	}
}

/* --- processes ------------------------------------------------------------ */

static struct index_owner *owner_lookup(struct notify_index *ix,
					const struct server_id *id)
{
	struct index_owner *o = ix->owners;

	while (o != NULL && !server_id_equal(&o->id, id)) {
		o = o->next;
	}
	if (o != NULL && o != ix->owners) {
		/* Who speaks will speak again. */
		DLIST_REMOVE(ix->owners, o);
		DLIST_ADD(ix->owners, o);
	}
	return o;
}

static struct index_owner *owner_get(struct notify_index *ix,
				     const struct server_id *id)
{
	struct index_owner *o = owner_lookup(ix, id);

	if (o == NULL) {
		o = talloc_zero(ix, struct index_owner);
		if (o != NULL) {
			o->id = *id;
			DLIST_ADD(ix->owners, o);
		}
	}
	return o;
}

static void owner_release(struct notify_index *ix, struct index_owner *o)
{
	if (o->num_watches == 0) {
		DLIST_REMOVE(ix->owners, o);
		talloc_free(o);
	}
}

static bool has_place(struct index_owner *o, uint32_t place)
{
	struct index_watch **p;
	uint32_t n = o->num_places == 0 ? 16 : o->num_places;

	while (n <= place) {
		n *= 2;
	}
	if (n == o->num_places) {
		return true;
	}
	p = talloc_realloc(o, o->places, struct index_watch *, n);
	if (p == NULL) {
		return false;
	}
	memset(p + o->num_places, 0, (n - o->num_places) * sizeof(*p));
	o->places = p;
	o->num_places = n;
	return true;
}

/* --- watches -------------------------------------------------------------- */

/* The owner stays, also without watches. */
static void watch_free(struct notify_index *ix, struct index_watch *w)
{
	struct index_dir *d = w->dir;

	ix->gone(ix->private_data, w);
	DLIST_REMOVE(d->watches, w);
	w->owner->places[(uint32_t)w->id] = NULL;
	w->owner->num_watches--;
	talloc_free(w);
	dir_release(ix, d);
}

static NTSTATUS watch_add(struct notify_index *ix, struct index_owner *o,
			  const struct index_watch *args, const char *path,
			  struct index_watch **out)
{
	uint32_t place = (uint32_t)args->id;
	struct index_watch *w;

	if (!has_place(o, place)) {
		return NT_STATUS(NO_MEMORY);
	}
	if (o->places[place] != NULL) {
		watch_free(ix, o->places[place]);
	}
	w = talloc_memdup(o, args, sizeof(*w));
	if (w == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	w->owner = o;
	w->dir = dir_get(ix, path);
	if (w->dir == NULL) {
		talloc_free(w);
		return NT_STATUS(NO_MEMORY);
	}
	DLIST_ADD(w->dir->watches, w);
	o->places[place] = w;
	o->num_watches++;
	*out = w;
	return NT_STATUS_OK;
}

NTSTATUS notify_index_add(struct notify_index *ix,
			  const struct server_id *owner, const char *path,
			  const struct index_watch *args,
			  struct index_watch **out)
{
	const struct index_watch plain = {.id = args->id,
					  .filter = args->filter,
					  .tree = args->tree,
					  .local = args->local,
					  .local_only = args->local_only};
	struct index_owner *o;
	NTSTATUS status;

	if ((uint32_t)args->id >= MAX_PLACES) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	o = owner_get(ix, owner);
	if (o == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = watch_add(ix, o, &plain, path, out);
	owner_release(ix, o);
	return status;
}

void notify_index_remove(struct notify_index *ix, const struct server_id *owner,
			 uint64_t id)
{
	struct index_owner *o = owner_lookup(ix, owner);
	uint32_t place = (uint32_t)id;

	if (o == NULL || place >= o->num_places || o->places[place] == NULL ||
	    o->places[place]->id != id) {
		return;
	}
	watch_free(ix, o->places[place]);
	owner_release(ix, o);
}

void notify_index_remove_owner(struct notify_index *ix,
			       const struct server_id *owner)
{
	struct index_owner *o = owner_lookup(ix, owner);

	if (o == NULL) {
		return;
	}
	for (uint32_t i = 0; i < o->num_places; i++) {
		if (o->places[i] != NULL) {
			watch_free(ix, o->places[i]);
		}
	}
	owner_release(ix, o);
}

/* --- changes -------------------------------------------------------------- */

void notify_index_match(struct notify_index *ix, const char *path,
			uint32_t filter, index_match_fn fn, void *private_data)
{
	const char *last = strrchr(path, '/');
	uint32_t hash = NOTIFY_HASH_START;

	for (const char *p = path; *p != '\0'; p++) {
		struct index_dir *d;

		if (*p == '/') {
			d = dir_lookup(ix, hash, path, (size_t)(p - path));
			for (struct index_watch *w = d == NULL ? NULL
							       : d->watches;
			     w != NULL; w = w->next) {
				if ((w->filter & filter) != 0 &&
				    (w->tree || p == last)) {
					fn(private_data, w, p + 1);
				}
			}
		}
		hash = notify_hash_step(hash, *p);
	}
}

void notify_index_match_self(struct notify_index *ix, const char *path,
			     index_match_fn fn, void *private_data)
{
	struct index_dir *d = dir_lookup(ix, hash_of(path), path, strlen(path));

	if (d == NULL) {
		return;
	}
	for (struct index_watch *w = d->watches; w != NULL; w = w->next) {
		fn(private_data, w, "");
	}
}

/* --- renamed directories ------------------------------------------------- */

static bool is_at_or_below(const char *path, const char *dir, size_t length)
{
	return strncmp(path, dir, length) == 0 &&
	       (path[length] == '\0' || path[length] == '/');
}

/* Watches, not directories, are moved: the new path may be watched too. */
static void move_watches(struct notify_index *ix, struct index_dir *from,
			 struct index_dir *to, index_moved_fn moved,
			 void *private_data)
{
	struct index_watch *w;

	while ((w = from->watches) != NULL) {
		moved(private_data, w, false);
		if (w->first_path == NULL) {
			w->first_path = talloc_strdup(w, from->path);
		}
		DLIST_REMOVE(from->watches, w);
		w->dir = to;
		DLIST_ADD(to->watches, w);
		moved(private_data, w, true);
	}
	dir_release(ix, from);
}

/* Takes the directories at and below path out of the table, as a list. */
static struct index_dir *take_dirs(struct notify_index *ix, const char *path,
				   size_t length)
{
	struct index_dir *found = NULL, *next;

	for (size_t i = 0; i < DIR_BUCKETS; i++) {
		for (struct index_dir *d = ix->dirs[i]; d != NULL; d = next) {
			next = d->next;
			if (is_at_or_below(d->path, path, length)) {
				DLIST_REMOVE(ix->dirs[i], d);
				DLIST_ADD(found, d);
			}
		}
	}
	return found;
}

NTSTATUS notify_index_rename(struct notify_index *ix, const char *old_path,
			     const char *new_path, index_moved_fn moved,
			     void *private_data)
{
	size_t length = strlen(old_path);
	struct index_dir *found = take_dirs(ix, old_path, length);
	struct index_dir *d;
	NTSTATUS status = NT_STATUS_OK;

	while ((d = found) != NULL) {
		struct index_dir *to = NULL;
		char *path =
			talloc_asprintf(ix, "%s%s", new_path, d->path + length);

		DLIST_REMOVE(found, d);
		DLIST_ADD(ix->dirs[hash_of(d->path) % DIR_BUCKETS], d);
		if (path != NULL) {
			to = dir_get(ix, path);
		}
		talloc_free(path);
		if (to == NULL) {
			status = NT_STATUS(NO_MEMORY);
		} else if (to != d) {
			move_watches(ix, d, to, moved, private_data);
		}
	}
	return status;
}
