/* locking/notify_board.h - one page that all processes share: whether anybody
 * watches a directory, told without a system call, where notifyd is, and who
 * we are.
 *
 * For each watched directory a count is kept in a slot that a hash of its path
 * names: of the watches of the directory itself, and of those of the tree
 * below.  Who changes something looks at the slots of its directories and
 * sends nothing when they are 0.  Two paths in one slot cost a message for
 * nothing, and so does the count of a process killed between counting and
 * telling notifyd; a watch is never missed.
 *
 * The memory is made before the processes are forked. */
#ifndef LOCKING_NOTIFY_BOARD_H
#define LOCKING_NOTIFY_BOARD_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "idl/server_id_gen.h"
#include "lib/ntstatus.h"

struct notify_board;

/* Belongs to mem_ctx.  With a path it is a file, in which a new master finds
 * what is counted by the children of one that was killed; it is cleared when
 * nobody has it any more.  NULL: in memory. */
MUST_CHECK NTSTATUS notify_board_create(TALLOC_CTX *mem_ctx, const char *path,
					struct notify_board **out);

/* That of a running server, to be read only; as shared_page_look(). */
MUST_CHECK NTSTATUS notify_board_look(TALLOC_CTX *mem_ctx, const char *path,
				      struct notify_board **out);

/* Calls fn for each slot that a, which others may change, and b count
 * differently in, and go on to. */
typedef void (*notify_board_fn)(uint32_t slot, uint32_t of_a, uint32_t of_b,
				void *private_data);
void notify_board_compare(const struct notify_board *a,
			  const struct notify_board *b, notify_board_fn fn,
			  void *private_data);

/* One more, or one less, watch of the directory path. */
void notify_board_add(struct notify_board *b, const char *path, bool tree);
void notify_board_remove(struct notify_board *b, const char *path, bool tree);

/* Whether there are watches at all. */
bool notify_board_any(const struct notify_board *b);

/* Whether somebody may watch a directory that path is in, or path itself. */
bool notify_board_watched(const struct notify_board *b, const char *path);

/* Where notifyd is; pid 0: nowhere. */
void notify_board_set_server(struct notify_board *b,
			     const struct server_id *id);
struct server_id notify_board_server(const struct notify_board *b);

/* The process pid is one of ours, which tells of what it changes: from now on;
 * or has ended, or died. */
void notify_board_began(struct notify_board *b, uint32_t pid);
void notify_board_ended(struct notify_board *b, uint32_t pid);
void notify_board_died(struct notify_board *b, uint32_t pid);

/* Whether pid is known to be one of ours, or to have been until some seconds
 * ago.  Of very many processes not all are known. */
bool notify_board_is_ours(const struct notify_board *b, uint32_t pid);

/* notifyd does not know whose the changes are that the kernel tells it of: who
 * could write is to say so when he has closed. */
void notify_board_set_unsure(struct notify_board *b, bool unsure);
bool notify_board_is_unsure(const struct notify_board *b);

/* A change could not be told: all watches are to hear of a loss; false when
 * that is known already.  take: says whether that was so, and forgets it. */
bool notify_board_set_lost(struct notify_board *b);
bool notify_board_take_lost(struct notify_board *b);

/* The hash that the slots go by; a step for each byte. */
#define NOTIFY_HASH_START 2166136261u
static inline uint32_t notify_hash_step(uint32_t hash, char c)
{
	return (hash ^ (uint8_t)c) * 16777619u;
}

#endif
