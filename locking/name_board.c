/* locking/name_board.c - see name_board.h.  Counts are changed without a lock.
 */
#include "locking/name_board.h"

#include <stdatomic.h>
#include <stdint.h>

#include "lib/utf16.h"
#include "locking/shared_page.h"

#define SLOTS	   16384
#define HASH_START 2166136261u

struct shared {
	_Atomic uint32_t slots[SLOTS];
};

struct name_board {
	struct shared_page *page;
	struct shared *shared; /* in it */
	bool read_only;
};

NTSTATUS name_board_create(TALLOC_CTX *mem_ctx, const char *path,
			   bool must_exist, struct name_board **out)
{
	struct name_board *b = talloc_zero(mem_ctx, struct name_board);
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

static uint32_t step(uint32_t hash, uint32_t c)
{
	return (hash ^ c) * 16777619u;
}

static uint32_t hash_of_share(const char *share_path)
{
	uint32_t hash = HASH_START;

	for (; *share_path != '\0'; share_path++) {
		hash = step(hash, (uint8_t)*share_path);
	}
	return step(hash, 0);
}

static _Atomic uint32_t *slot_of(const struct name_board *b, uint32_t hash)
{
	return &b->shared->slots[(hash ^ (hash >> 15)) % SLOTS];
}

/* by is added to the counts of the directories that name is in. */
static void count(struct name_board *b, const char *share_path,
		  const char *name, uint32_t by)
{
	uint32_t hash = hash_of_share(share_path);
	uint32_t c;

	while ((c = utf8_next(&name)) != 0) {
		if (c == '\\' && !b->read_only) {
			atomic_fetch_add(slot_of(b, hash), by);
		}
		hash = step(hash, utf16_upcase(c));
	}
}

void name_board_add(struct name_board *b, const char *share_path,
		    const char *name)
{
	count(b, share_path, name, 1);
}

void name_board_remove(struct name_board *b, const char *share_path,
		       const char *name)
{
	count(b, share_path, name, UINT32_MAX);
}

bool name_board_any_below(const struct name_board *b, const char *share_path,
			  const char *directory)
{
	uint32_t hash = hash_of_share(share_path);
	uint32_t c;

	while ((c = utf8_next(&directory)) != 0) {
		hash = step(hash, utf16_upcase(c));
	}
	return atomic_load(slot_of(b, hash)) != 0;
}
