/* locking/lease_board.c - see lease_board.h.  Counts are changed without a
 * lock. */
#include "locking/lease_board.h"

#include <stdatomic.h>

#include "locking/shared_page.h"

#define DEVICES	    256
#define DIRECTORIES 8192

struct shared {
	_Atomic uint32_t devices[DEVICES];
	_Atomic uint32_t directories[DIRECTORIES];
};

struct lease_board {
	struct shared_page *page;
	struct shared *shared; /* in it */
	bool read_only;
};

NTSTATUS lease_board_create(TALLOC_CTX *mem_ctx, const char *path,
			    bool must_exist, struct lease_board **out)
{
	struct lease_board *b = talloc_zero(mem_ctx, struct lease_board);
	NTSTATUS status;

	if (b == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = must_exist ? shared_page_look(b, path, sizeof(*b->shared),
					       &b->page)
			    : shared_page_create(b, path, sizeof(*b->shared),
						 &b->page);
	b->read_only = must_exist;
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(b);
		return status;
	}
	b->shared = shared_page_get(b->page);
	*out = b;
	return NT_STATUS_OK;
}

void lease_board_compare(const struct lease_board *a,
			 const struct lease_board *b, lease_board_fn fn,
			 void *private_data)
{
	for (uint32_t i = 0; i < DIRECTORIES; i++) {
		const _Atomic uint32_t *count = &a->shared->directories[i];
		uint32_t want = atomic_load(&b->shared->directories[i]);

		if (shared_count_is_wrong(count, want)) {
			fn(i, atomic_load(count), want, private_data);
		}
	}
}

static uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 32)) * 0x9e3779b97f4a7c15ull;
	return x >> 32;
}

static _Atomic uint32_t *of_device(const struct lease_board *b, uint64_t device)
{
	return &b->shared->devices[mix(device) % DEVICES];
}

static _Atomic uint32_t *of_directory(const struct lease_board *b,
				      const struct file_id *id)
{
	uint64_t hash = mix(id->inode + mix(id->device));

	return &b->shared->directories[hash % DIRECTORIES];
}

void lease_board_add(struct lease_board *b, const struct file_id *directory)
{
	if (b->read_only) {
		return;
	}
	atomic_fetch_add(of_directory(b, directory), 1);
	atomic_fetch_add(of_device(b, directory->device), 1);
}

void lease_board_remove(struct lease_board *b, const struct file_id *directory)
{
	if (b->read_only) {
		return;
	}
	atomic_fetch_sub(of_device(b, directory->device), 1);
	atomic_fetch_sub(of_directory(b, directory), 1);
}

bool lease_board_any(const struct lease_board *b, uint64_t device)
{
	return atomic_load(of_device(b, device)) != 0;
}

bool lease_board_has(const struct lease_board *b,
		     const struct file_id *directory)
{
	return atomic_load(of_directory(b, directory)) != 0;
}
