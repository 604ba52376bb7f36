/* locking/notify_board.c - see notify_board.h.  Counts are changed without a
 * lock; the server's id, which is longer than a word, is read again when it
 * changed meanwhile. */
#include "locking/notify_board.h"

#include <stdatomic.h>

#include "locking/shared_page.h"

#define SLOTS	  4096
#define MAX_TRIES 1000

struct slot {
	_Atomic uint32_t here; /* watches of the directory */
	_Atomic uint32_t tree; /* those of what is below, counted in here too */
};

struct shared {
	_Atomic uint32_t total;
	_Atomic uint32_t lost;
	_Atomic uint32_t version; /* of the id; odd while it changes */
	_Atomic uint32_t pid;
	_Atomic uint64_t unique_id;
	struct slot slots[SLOTS];
};

struct notify_board {
	struct shared_page *page;
	struct shared *shared; /* in it */
};

NTSTATUS notify_board_create(TALLOC_CTX *mem_ctx, const char *path,
			     struct notify_board **out)
{
	struct notify_board *b = talloc_zero(mem_ctx, struct notify_board);
	NTSTATUS status;

	if (b == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = shared_page_create(b, path, sizeof(*b->shared), &b->page);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(b);
		return status;
	}
	b->shared = shared_page_get(b->page);
	*out = b;
	return NT_STATUS_OK;
}

/* --- counts -------------------------------------------------------------- */

static struct slot *slot_of(const struct notify_board *b, const char *path)
{
	uint32_t hash = NOTIFY_HASH_START;

	for (; *path != '\0'; path++) {
		hash = notify_hash_step(hash, *path);
	}
	return &b->shared->slots[hash % SLOTS];
}

void notify_board_add(struct notify_board *b, const char *path, bool tree)
{
	struct slot *s = slot_of(b, path);

	atomic_fetch_add(&s->here, 1);
	if (tree) {
		atomic_fetch_add(&s->tree, 1);
	}
	atomic_fetch_add(&b->shared->total, 1);
}

void notify_board_remove(struct notify_board *b, const char *path, bool tree)
{
	struct slot *s = slot_of(b, path);

	atomic_fetch_sub(&b->shared->total, 1);
	if (tree) {
		atomic_fetch_sub(&s->tree, 1);
	}
	atomic_fetch_sub(&s->here, 1);
}

bool notify_board_any(const struct notify_board *b)
{
	return atomic_load(&b->shared->total) != 0;
}

bool notify_board_watched(const struct notify_board *b, const char *path)
{
	uint32_t hash = NOTIFY_HASH_START;
	const struct slot *parent = NULL;

	for (; *path != '\0'; path++) {
		if (*path == '/') {
			parent = &b->shared->slots[hash % SLOTS];
			if (atomic_load(&parent->tree) != 0) {
				return true;
			}
		}
		hash = notify_hash_step(hash, *path);
	}
	return atomic_load(&b->shared->slots[hash % SLOTS].here) != 0 ||
	       (parent != NULL && atomic_load(&parent->here) != 0);
}

/* --- notifyd ------------------------------------------------------------- */

void notify_board_set_server(struct notify_board *b, const struct server_id *id)
{
	struct shared *s = b->shared;
	uint32_t version = atomic_load(&s->version) | 1;

	atomic_store(&s->version, version);
	atomic_store(&s->pid, id->pid);
	atomic_store(&s->unique_id, id->unique_id);
	atomic_store(&s->version, version + 1);
}

struct server_id notify_board_server(const struct notify_board *b)
{
	struct shared *s = b->shared;
	struct server_id id = {0};

	for (int i = 0; i < MAX_TRIES; i++) {
		uint32_t version = atomic_load(&s->version);

		id.pid = atomic_load(&s->pid);
		id.unique_id = atomic_load(&s->unique_id);
		if ((version & 1) == 0 && atomic_load(&s->version) == version) {
			return id;
		}
	}
	return (struct server_id){0};
}

void notify_board_set_lost(struct notify_board *b)
{
	atomic_store(&b->shared->lost, 1);
}

bool notify_board_take_lost(struct notify_board *b)
{
	return atomic_load(&b->shared->lost) != 0 &&
	       atomic_exchange(&b->shared->lost, 0) != 0;
}
