/* notifyd/local_own.c - see local_own.h.  A few paths share a place; of more
 * the latest are kept: then a change may be told twice. */
#include "notifyd/local_own.h"

#include <string.h>

#define PLACES 8192
#define WAYS   8

/* When it was told, 0: never, that the path has ... */
struct told {
	uint64_t path; /* a hash */
	uint64_t come, gone, changed;
};

struct local_own {
	uint64_t now;
	struct told places[PLACES][WAYS];
};

struct local_own *local_own_create(TALLOC_CTX *mem_ctx)
{
	return talloc_zero(mem_ctx, struct local_own);
}

uint64_t local_own_now(struct local_own *o)
{
	return ++o->now;
}

/* Of the file, when path is that of a stream. */
static uint64_t hash_of(const char *path, bool stream)
{
	const char *end = stream ? strrchr(path, ':') : NULL;
	uint64_t hash = 14695981039346656037u;

	for (; *path != '\0' && path != end; path++) {
		hash = (hash ^ (uint8_t)*path) * 1099511628211u;
	}
	return hash;
}

static struct told *take(struct local_own *o, const char *path, bool stream)
{
	uint64_t hash = hash_of(path, stream);
	struct told *p = o->places[hash % PLACES], *oldest = p;

	for (int i = 0; i < WAYS && oldest->path != hash; i++) {
		if (p[i].path == hash || p[i].changed < oldest->changed) {
			oldest = &p[i];
		}
	}
	if (oldest->path != hash) {
		*oldest = (struct told){.path = hash};
	}
	oldest->changed = local_own_now(o);
	return oldest;
}

void local_own_told(struct local_own *o, const struct notify_change_message *c)
{
	bool stream = c->what >= NOTIFY_ADDED_STREAM &&
		      c->what <= NOTIFY_MODIFIED_STREAM;
	struct told *p = take(o, c->path, stream);

	if (c->what == NOTIFY_ADDED || c->what == NOTIFY_NEW_NAME) {
		p->come = p->changed;
	} else if (c->what == NOTIFY_REMOVED) {
		p->gone = p->changed;
	}
	if (c->old_path != NULL) {
		p = take(o, c->old_path, false);
		p->gone = p->changed;
	}
}

static struct told look(const struct local_own *o, const char *path)
{
	uint64_t hash = hash_of(path, false);
	const struct told *p = o->places[hash % PLACES];

	for (int i = 0; i < WAYS; i++) {
		if (p[i].path == hash) {
			return p[i];
		}
	}
	return (struct told){0};
}

bool local_own_is(const struct local_own *o, enum notify_what what,
		  const char *path, const char *old_path, uint64_t when)
{
	if (old_path != NULL && look(o, old_path).gone > when) {
		return true;
	}
	if (old_path != NULL || what == NOTIFY_ADDED) {
		return look(o, path).come > when;
	}
	return (what == NOTIFY_REMOVED ? look(o, path).gone
				       : look(o, path).changed) > when;
}
