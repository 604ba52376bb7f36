/* locking/locking.h - the databases that all processes share, together.
 *
 * Lock order (one record of each at most, let go in reverse): client, session,
 * tree, open, name, share_mode, share_page, brlock, brlock_page, lease. */
#ifndef LOCKING_LOCKING_H
#define LOCKING_LOCKING_H

#include <talloc.h>

#include "idl/server_id_gen.h"
#include "lib/ntstatus.h"

struct messaging_context;
struct db_context;
struct client_store;
struct session_store;
struct tree_store;
struct open_store;
struct share_modes;
struct name_locks;
struct notify_client;
struct file_board;

enum locking_order {
	LOCKING_ORDER_CLIENT = 1,
	LOCKING_ORDER_SESSION,
	LOCKING_ORDER_TREE,
	LOCKING_ORDER_OPEN,
	LOCKING_ORDER_NAME,
	LOCKING_ORDER_SHARE_MODE,
	LOCKING_ORDER_SHARE_PAGE,
	LOCKING_ORDER_BRLOCK,
	LOCKING_ORDER_BRLOCK_PAGE,
	LOCKING_ORDER_LEASE
};

/* Members are read by all and set by locking_open(). */
struct locking {
	struct messaging_context *messaging;
	struct db_context *db;
	struct client_store *clients;	 /* locking/client_store.h */
	struct session_store *sessions;	 /* locking/session_store.h */
	struct tree_store *trees;	 /* locking/tree_store.h */
	struct open_store *opens;	 /* locking/open_store.h */
	struct share_modes *share_modes; /* locking/share_mode.h */
	struct name_locks *names;	 /* locking/name_lock.h */
	struct brlocks *brlocks;	 /* locking/brlock.h */
	struct notify_client *notify;	 /* locking/notify.h */
	struct file_board *board;	 /* locking/file_board.h */
};

/* Opens, or makes, all of them in lock_dir.  The first to open them empties
 * them: the master, who keeps them open.  Tools pass must_exist: then
 * OBJECT_NAME_NOT_FOUND says that no server has run. */
MUST_CHECK NTSTATUS locking_open(TALLOC_CTX *mem_ctx, const char *lock_dir,
				 struct messaging_context *m, bool must_exist,
				 struct locking **out);

/* In the child after a fork, after messaging_reinit(). */
MUST_CHECK NTSTATUS locking_reopen_after_fork(struct locking *l);

/* For the master, when it has reaped the child pid.  Of one that ended in order
 * (having freed its messaging context) nothing is left to do.  Else what it
 * left behind is removed and all processes are told (MSG_PROCESS_DIED, so that
 * who waits looks again); after a death by a signal the databases are checked.
 * Nobody relies on the removal: whoever meets a record of a dead process
 * cleans it. */
void locking_process_died(struct locking *l, uint32_t pid, bool by_signal);

#endif
