/* locking/file_board.c - see file_board.h. */
#include "locking/file_board.h"

#include "locking/shared_page.h"

#define SLOTS_LOG2 14

struct shared {
	file_board_counter counters[1 << SLOTS_LOG2];
};

struct file_board {
	struct shared *shared;
};

NTSTATUS file_board_create(TALLOC_CTX *mem_ctx, const char *path,
			   struct file_board **out)
{
	struct file_board *b = talloc_zero(mem_ctx, struct file_board);
	struct shared_page *page;
	NTSTATUS status;

	if (b == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = shared_page_create(b, path, sizeof(*b->shared), &page);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(b);
		return status;
	}
	b->shared = shared_page_get(page);
	*out = b;
	return NT_STATUS_OK;
}

file_board_counter *file_board_counter_of(const struct file_board *b,
					  const struct file_id *id)
{
	uint64_t hash = id->inode * 0x9E3779B97F4A7C15u;

	hash = (hash ^ id->stream) * 0xC2B2AE3D27D4EB4Fu;
	hash = (hash ^ id->device) * 0x9E3779B97F4A7C15u;
	return &b->shared->counters[hash >> (64 - SLOTS_LOG2)];
}
