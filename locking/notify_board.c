/* locking/notify_board.c - see notify_board.h.  Counts are changed without a
 * lock; the server's id, which is longer than a word, is read again when it
 * changed meanwhile. */
#include "locking/notify_board.h"

#include <stdatomic.h>
#include <time.h>

#include "locking/shared_page.h"

#define SLOTS	  4096
#define MAX_TRIES 1000
#define PROCESSES 16384
#define REMEMBER  10 /* seconds, after its end */

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
	/* By pid: in the upper half the pid, in the lower the second of its
	 * end, 0 while it lives. */
	_Atomic uint64_t processes[PROCESSES];
	_Atomic uint32_t unsure;
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

NTSTATUS notify_board_look(TALLOC_CTX *mem_ctx, const char *path,
			   struct notify_board **out)
{
	struct notify_board *b = talloc_zero(mem_ctx, struct notify_board);
	NTSTATUS status;

	if (b == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = shared_page_look(b, path, sizeof(*b->shared), &b->page);
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

void notify_board_compare(const struct notify_board *a,
			  const struct notify_board *b, notify_board_fn fn,
			  void *private_data)
{
	for (uint32_t i = 0; i < SLOTS; i++) {
		const struct slot *x = &a->shared->slots[i];
		const struct slot *y = &b->shared->slots[i];
		uint32_t here = atomic_load(&y->here);
		uint32_t tree = atomic_load(&y->tree);

		if (shared_count_is_wrong(&x->here, here)) {
			fn(i, atomic_load(&x->here), here, private_data);
		} else if (shared_count_is_wrong(&x->tree, tree)) {
			fn(i, atomic_load(&x->tree), tree, private_data);
		}
	}
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

void notify_board_set_unsure(struct notify_board *b, bool unsure)
{
	atomic_store(&b->shared->unsure, unsure ? 1 : 0);
}

bool notify_board_is_unsure(const struct notify_board *b)
{
	return atomic_load(&b->shared->unsure) != 0;
}

bool notify_board_set_lost(struct notify_board *b)
{
	return atomic_exchange(&b->shared->lost, 1) == 0;
}

bool notify_board_take_lost(struct notify_board *b)
{
	return atomic_load(&b->shared->lost) != 0 &&
	       atomic_exchange(&b->shared->lost, 0) != 0;
}

/* --- who we are ---------------------------------------------------------- */

/* Never 0. */
static uint32_t second(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint32_t)t.tv_sec + 1;
}

void notify_board_began(struct notify_board *b, uint32_t pid)
{
	atomic_store(&b->shared->processes[pid % PROCESSES],
		     (uint64_t)pid << 32);
}

static void replace(struct notify_board *b, uint32_t pid, uint64_t with)
{
	uint64_t is = (uint64_t)pid << 32;

	atomic_compare_exchange_strong(&b->shared->processes[pid % PROCESSES],
				       &is, with);
}

void notify_board_ended(struct notify_board *b, uint32_t pid)
{
	replace(b, pid, (uint64_t)pid << 32 | second());
}

void notify_board_died(struct notify_board *b, uint32_t pid)
{
	replace(b, pid, 0);
}

bool notify_board_is_ours(const struct notify_board *b, uint32_t pid)
{
	uint64_t is = atomic_load(&b->shared->processes[pid % PROCESSES]);
	uint32_t ended = (uint32_t)is;

	return pid != 0 && is >> 32 == pid &&
	       (ended == 0 || second() - ended <= REMEMBER);
}
