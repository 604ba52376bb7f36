/* notifyd/local.h - changes that programs on this machine make in watched
 * directories, and in the trees below them.  What our own children do, and tell
 * us of, is passed over.
 *
 * As root: fanotify(7), which names the process; of one that has ended the
 * board knows (locking/notify_board.h).  For a tree the whole file system is
 * looked at, and paths are made of file handles.
 *
 * Else: inotify(7), which does not say who it was.  Each directory of a tree is
 * looked at by itself.  An event is kept for a moment, in which one of our
 * children may tell of the same change: notify_local_told(). */
#ifndef NOTIFYD_LOCAL_H
#define NOTIFYD_LOCAL_H

#include <sys/types.h>
#include <talloc.h>
#include <tevent.h>

#include "idl/notify_gen.h"
#include "lib/ntstatus.h"

struct notify_board;
struct notify_local;

struct notify_local_args {
	struct notify_board *board;
	struct tevent_context *ev;
	/* A change, lent; NOTIFY_LOST (without a path) when some are lost. */
	void (*changed)(void *private_data,
			const struct notify_change_message *change);
	void *private_data;
};

/* NOT_SUPPORTED when this kernel, or this user, cannot.  Belongs to mem_ctx. */
MUST_CHECK NTSTATUS notify_local_create(TALLOC_CTX *mem_ctx,
					const struct notify_local_args *args,
					struct notify_local **out);

/* Looks at the directory path (lent, to live as long) until *out, which belongs
 * to mem_ctx, is freed.  NOT_SUPPORTED when its file system cannot. */
struct notify_local_dir;
MUST_CHECK NTSTATUS notify_local_watch(TALLOC_CTX *mem_ctx,
				       struct notify_local *l, const char *path,
				       struct notify_local_dir **out);

/* Whether its path still leads to it. */
bool notify_local_is_there(const struct notify_local_dir *d);

/* Whether also what is below it; nothing happens when its file system cannot.
 */
void notify_local_set_tree(struct notify_local_dir *d, bool tree);

/* One of our children has told of a change, which is lent. */
void notify_local_told(struct notify_local *l,
		       const struct notify_change_message *change);

#endif
