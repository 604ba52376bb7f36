/* locking/brlock.h - byte-range locks ([MS-FSA] 2.1.5.8), shared by all
 * processes.  Owns brlock.tdb and brlock_page.tdb.
 *
 * A range is an offset and a length in bytes; its last byte is at most
 * UINT64_MAX (the caller has refused others with INVALID_LOCK_RANGE). */
#ifndef LOCKING_BRLOCK_H
#define LOCKING_BRLOCK_H

#include <talloc.h>
#include <tevent.h>

#include "idl/locking_gen.h"
#include "lib/ntstatus.h"

struct db_context;
struct messaging_context;
struct brlocks;
struct brlock_list; /* a file's locks, with the list locked */

/* In the folder dir.  Belongs to mem_ctx. */
MUST_CHECK NTSTATUS brlocks_open(TALLOC_CTX *mem_ctx, struct db_context *db,
				 struct messaging_context *m, const char *dir,
				 bool must_exist, struct brlocks **out);

/* --- with the list locked ------------------------------------------------ */

/* Calls fn once with the list of id's locks, empty or not.  What fn does to it
 * is done, whatever fn returns; that is returned, or why the list could not be
 * had.  Others wait meanwhile. */
typedef NTSTATUS (*brlock_fn)(struct brlock_list *l, void *private_data);
MUST_CHECK NTSTATUS brlock_do_locked(struct brlocks *s,
				     const struct file_id *id, brlock_fn fn,
				     void *private_data);

/* Adds the lock want, or LOCK_NOT_GRANTED when another forbids it
 * ([MS-FSA] 2.1.4.10).  Locks of dead processes forbid nothing.  ticket: of
 * brlock_wait(), to which then also who waits longer comes first; else 0.
 * Before its owner hears of it the file's counter is raised
 * (locking/file_board.h). */
MUST_CHECK NTSTATUS brlock_add(struct brlock_list *l,
			       const struct brlock_entry *want,
			       uint64_t ticket);

/* Removes the lock of this very range that the open has, an exclusive one
 * first ([MS-FSA] 2.1.5.9); RANGE_NOT_LOCKED. */
MUST_CHECK NTSTATUS brlock_remove(struct brlock_list *l, uint64_t open_id,
				  uint64_t offset, uint64_t length);

/* Takes back what brlock_add() has just done: nobody has waited for that. */
MUST_CHECK NTSTATUS brlock_undo(struct brlock_list *l, uint64_t open_id,
				uint64_t offset, uint64_t length);

/* Removes all locks of the open.  They go to *out (talloc, *out_count of them)
 * on mem_ctx unless out is NULL. */
MUST_CHECK NTSTATUS brlock_remove_all(struct brlock_list *l, uint64_t open_id,
				      TALLOC_CTX *mem_ctx,
				      struct brlock_entry **out,
				      size_t *out_count);

/* FILE_LOCK_CONFLICT when reading or writing the range by this open meets a
 * lock. */
MUST_CHECK NTSTATUS brlock_check(struct brlock_list *l, uint64_t open_id,
				 uint64_t offset, uint64_t length, bool write);

/* Calls fn for each lock that shares a byte with the range first to last, until
 * it says false. */
typedef bool (*brlock_entry_fn)(const struct brlock_entry *e,
				void *private_data);
MUST_CHECK NTSTATUS brlock_each(struct brlock_list *l, uint64_t first,
				uint64_t last, brlock_entry_fn fn,
				void *private_data);

/* --- waiting ------------------------------------------------------------- */

/* Enters who waits for a lock, and gives his ticket; brlock_unwait() takes him
 * out again, which whoever waits must do in the end. */
MUST_CHECK NTSTATUS brlock_wait(struct brlock_list *l,
				const struct brlock_entry *want,
				uint64_t *out_ticket);
MUST_CHECK NTSTATUS brlock_unwait(struct brlock_list *l, uint64_t ticket);

/* As the last step of fn: waits until who has the ticket may be able to have
 * his lock, as db_watch_send() does; ends with db_watch_recv().  He alone is
 * woken, once for each thing that went and left his way free.  NULL: no memory,
 * or the list could not be stored. */
struct tevent_req *brlock_watch_send(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev,
				     struct brlock_list *l, uint64_t ticket);

/* --- without -------------------------------------------------------------- */

/* brlock_check() by itself. */
MUST_CHECK NTSTATUS brlock_check_io(struct brlocks *s, const struct file_id *id,
				    uint64_t open_id, uint64_t offset,
				    uint64_t length, bool write);

/* Whether there are any locks, or waiters. */
MUST_CHECK NTSTATUS brlock_is_any(struct brlocks *s, const struct file_id *id,
				  bool *out);

/* Calls fn for each lock there is, and each that is waited for, until it says
 * false. */
typedef bool (*brlock_info_fn)(const struct file_id *id,
			       const struct brlock_entry *e, bool waits,
			       void *private_data);
MUST_CHECK NTSTATUS brlock_traverse(struct brlocks *s, brlock_info_fn fn,
				    void *private_data);

/* Removes what a dead process left. */
void brlock_forget(struct brlocks *s, const struct server_id *dead);

#endif
