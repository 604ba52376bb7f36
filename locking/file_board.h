/* locking/file_board.h - memory that all processes share: a counter for each
 * file, raised by whoever has got a byte-range lock on it or may cache it from
 * now on.
 *
 * Who has looked and found that nothing is in his way need not look again while
 * the counter stands still; fsa/quiet.h does so.  It is raised after the lock
 * or the grant is in its record and before whoever asked for it hears of it: so
 * who still sees the old count may go on as if he had been before.  A process
 * killed between the two was the only one that the lock or the grant was for.
 *
 * A counter is that of all files with the same hash: one raised for another
 * file costs a look. */
#ifndef LOCKING_FILE_BOARD_H
#define LOCKING_FILE_BOARD_H

#include <stdatomic.h>
#include <stdint.h>
#include <talloc.h>

#include "idl/locking_gen.h"
#include "lib/ntstatus.h"

struct file_board;
typedef _Atomic uint64_t file_board_counter;

/* path as for shared_page_create(); belongs to mem_ctx. */
MUST_CHECK NTSTATUS file_board_create(TALLOC_CTX *mem_ctx, const char *path,
				      struct file_board **out);

/* Lent for as long as the board lasts. */
file_board_counter *file_board_counter_of(const struct file_board *b,
					  const struct file_id *id);

#endif
