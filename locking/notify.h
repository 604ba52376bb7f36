/* locking/notify.h - change notification, as the processes see it: watches of
 * directories, and changes told.  Who fans them out is notifyd; when it is
 * killed the watches are made known to its successor, and hear of a loss.
 *
 * Paths as in idl/notify.idl: absolute, with slashes, "" for the root of the
 * file system. */
#ifndef LOCKING_NOTIFY_H
#define LOCKING_NOTIFY_H

#include <talloc.h>

#include "idl/notify_gen.h"
#include "lib/ntstatus.h"

struct messaging_context;
struct notify_board;
struct notify_client; /* of one process */
struct notify_watch;

/* Belongs to mem_ctx.  Made by the master, it goes with its children.
 * board_path: as notify_board_create(). */
MUST_CHECK NTSTATUS notify_client_create(TALLOC_CTX *mem_ctx,
					 struct messaging_context *m,
					 const char *board_path,
					 struct notify_client **out);

/* In a process that has been forked and has its own messaging: what it changes
 * it tells of, so notifyd passes over what the kernel says of it. */
void notify_client_began(struct notify_client *c);

/* Before it ends in order: what is told gets to notifyd, or a loss does. */
void notify_client_end(struct notify_client *c);

/* The page that the client shares with all others; lent. */
struct notify_board *notify_client_board(const struct notify_client *c);

/* --- watching ------------------------------------------------------------ */

/* Changes, in order; lent for the call, from the event loop.  A record's name
 * is relative to what is watched.  May free the watch. */
typedef void (*notify_watch_fn)(void *private_data,
				const struct notify_record *records,
				size_t count);

/* What is watched. */
struct notify_watch_args {
	const char *path; /* of a directory; lent */
	uint32_t filter;  /* FILE_NOTIFY_CHANGE_* */
	bool tree;	  /* also all that is below */
	bool local;	  /* also what programs on this machine change */
	/* Nothing else (with local): what clients change is sent to nobody on
	 * its account, and it is not among notify_client_each()'s. */
	bool local_only;
};

/* Every change that is made after the return is told to fn, or that something
 * was lost.  Belongs to mem_ctx; freeing it ends it. */
MUST_CHECK NTSTATUS notify_watch_create(TALLOC_CTX *mem_ctx,
					struct notify_client *c,
					const struct notify_watch_args *args,
					notify_watch_fn fn, void *private_data,
					struct notify_watch **out);

/* Calls fn for each watch of this process, as notifyd was told of it, until it
 * says false; lent. */
typedef bool (*notify_each_fn)(const struct notify_watch_message *watch,
			       void *private_data);
void notify_client_each(const struct notify_client *c, notify_each_fn fn,
			void *private_data);

/* --- telling ------------------------------------------------------------- */

/* Whether anybody watches anything: before a path is put together. */
bool notify_any(const struct notify_client *c);

/* Tells who watches of a change: it sends nothing when nobody does. */
void notify_report(struct notify_client *c,
		   const struct notify_change_message *change);

#endif
