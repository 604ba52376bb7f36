/* locking/lease_board.h - one page that all processes share: whether anybody
 * has a lease on a directory, told without a system call.
 *
 * Leases are counted in a slot that a hash of their directory's id names, and
 * in one of its device.  Two ids in one slot cost a look at a record for
 * nothing, and so does what a process killed between counting and storing its
 * lease leaves behind; a lease is never missed: it is counted before it is
 * stored, and no longer after it is gone. */
#ifndef LOCKING_LEASE_BOARD_H
#define LOCKING_LEASE_BOARD_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "idl/locking_gen.h"
#include "lib/ntstatus.h"

struct lease_board;

/* As shared_page_create(), or, for a tool, as shared_page_look(): then what it
 * adds and removes is not counted. */
MUST_CHECK NTSTATUS lease_board_create(TALLOC_CTX *mem_ctx, const char *path,
				       bool must_exist,
				       struct lease_board **out);

/* Calls fn for each slot of directories that a, which others may change, and b
 * count differently in, and go on to. */
typedef void (*lease_board_fn)(uint32_t slot, uint32_t of_a, uint32_t of_b,
			       void *private_data);
void lease_board_compare(const struct lease_board *a,
			 const struct lease_board *b, lease_board_fn fn,
			 void *private_data);

/* One more, or one less, lease on the directory. */
void lease_board_add(struct lease_board *b, const struct file_id *directory);
void lease_board_remove(struct lease_board *b, const struct file_id *directory);

/* Whether there may be leases on directories of the device, or on this one. */
bool lease_board_any(const struct lease_board *b, uint64_t device);
bool lease_board_has(const struct lease_board *b,
		     const struct file_id *directory);

#endif
