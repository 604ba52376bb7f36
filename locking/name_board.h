/* locking/name_board.h - one page that all processes share: whether anything is
 * open below a directory, by the directory's name, told without a system call
 * and without going through the records.
 *
 * Each record of share_mode.tdb is counted, by its file's name, in a slot for
 * each directory that the name is in (but the share's root, which nobody
 * renames).  Two directories in one slot, and what a process killed between
 * counting and storing leaves behind, cost a look at the records for nothing.
 * An open is never missed: it is counted before it is stored, and no longer
 * after it is gone. */
#ifndef LOCKING_NAME_BOARD_H
#define LOCKING_NAME_BOARD_H

#include <stdbool.h>
#include <talloc.h>

#include "lib/ntstatus.h"

struct name_board;

/* As shared_page_create(), or, for a tool, as shared_page_look(): then what it
 * adds and removes is not counted. */
MUST_CHECK NTSTATUS name_board_create(TALLOC_CTX *mem_ctx, const char *path,
				      bool must_exist, struct name_board **out);

/* A name in the share, with backslashes, in any case: one record more, or one
 * less. */
void name_board_add(struct name_board *b, const char *share_path,
		    const char *name);
void name_board_remove(struct name_board *b, const char *share_path,
		       const char *name);

/* Whether there may be records of what is below that directory. */
bool name_board_any_below(const struct name_board *b, const char *share_path,
			  const char *directory);

#endif
