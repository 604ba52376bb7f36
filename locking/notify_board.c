/* locking/notify_board.c - see notify_board.h.  Counts are changed without a
 * lock; the server's id, which is longer than a word, is read again when it
 * changed meanwhile. */
#include "locking/notify_board.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

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
	struct shared *shared; /* NULL: half-built */
	int fd;		       /* -1: in memory */
};

static int board_destructor(struct notify_board *b)
{
	if (b->shared != NULL) {
		munmap(b->shared, sizeof(*b->shared));
	}
	if (b->fd != -1) {
		close(b->fd);
	}
	return 0;
}

/* The lock is that of all processes that were forked with the descriptor: who
 * gets it alone is the first, and begins with nothing.  There must be room on
 * disk for what is written through the mapping. */
static NTSTATUS open_file(struct notify_board *b, const char *path)
{
	int err;

	b->fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (b->fd == -1) {
		return ntstatus_from_errno(errno);
	}
	if (flock(b->fd, LOCK_EX | LOCK_NB) == 0 && ftruncate(b->fd, 0) != 0) {
		return ntstatus_from_errno(errno);
	}
	err = posix_fallocate(b->fd, 0, sizeof(*b->shared));
	if (err != 0) {
		return ntstatus_from_errno(err);
	}
	return flock(b->fd, LOCK_SH) == 0 ? NT_STATUS_OK
					  : ntstatus_from_errno(errno);
}

NTSTATUS notify_board_create(TALLOC_CTX *mem_ctx, const char *path,
			     struct notify_board **out)
{
	struct notify_board *b = talloc_zero(mem_ctx, struct notify_board);
	NTSTATUS status = NT_STATUS_OK;
	void *p;

	if (b == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	b->fd = -1;
	talloc_set_destructor(b, board_destructor);
	if (path != NULL) {
		status = open_file(b, path);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(b);
		return status;
	}
	p = mmap(NULL, sizeof(*b->shared), PROT_READ | PROT_WRITE,
		 MAP_SHARED | (path == NULL ? MAP_ANONYMOUS : 0), b->fd, 0);
	if (p == MAP_FAILED) {
		talloc_free(b);
		return NT_STATUS(NO_MEMORY);
	}
	b->shared = p;
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
