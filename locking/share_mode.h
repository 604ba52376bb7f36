/* locking/share_mode.h - who has a file open, and with which sharing; shared by
 * all processes ([MS-FSA] 2.1.5.1.2).  Owns share_mode.tdb.
 *
 * Each open has one entry in the record of its file id.  An open of a named
 * stream has one in the stream's record, and one more, marked
 * SHARE_ENTRY_STREAM, in the record of the file (stream 0), because deleting
 * the file concerns its streams: lock one after the other, not within. */
#ifndef LOCKING_SHARE_MODE_H
#define LOCKING_SHARE_MODE_H

#include <talloc.h>
#include <tevent.h>

#include "idl/locking_gen.h"
#include "lib/ntstatus.h"

struct db_context;
struct messaging_context;
struct share_modes;
struct share_mode_lock; /* a file's record under its lock */

bool file_id_equal(const struct file_id *a, const struct file_id *b);

/* Belongs to mem_ctx. */
MUST_CHECK NTSTATUS share_modes_open(TALLOC_CTX *mem_ctx, struct db_context *db,
				     struct messaging_context *m,
				     const char *path, bool must_exist,
				     struct share_modes **out);

/* --- under the lock ----------------------------------------------------- */

/* Calls fn once with the record locked, there or not; changes are stored when
 * fn returns OK and forgotten else.  Returns what fn returned, or why the
 * record could not be read or stored (then nothing has changed).  fn must not
 * take long: others wait. */
typedef NTSTATUS (*share_mode_fn)(struct share_mode_lock *l,
				  void *private_data);
MUST_CHECK NTSTATUS share_mode_do_locked(struct share_modes *s,
					 const struct file_id *id,
					 share_mode_fn fn, void *private_data);

/* Whether one more open with this access, sharing and flags
 * (SHARE_ENTRY_STREAM counts) may be: OK, SHARING_VIOLATION, or DELETE_PENDING
 * ([MS-FSA] 2.1.5.1.2: no opens of what is going to be deleted).  Entries of
 * dead processes that stand in the way are removed; a file whose deletion was
 * pending for dead processes only stays. */
MUST_CHECK NTSTATUS share_mode_check(struct share_mode_lock *l, uint32_t access,
				     uint32_t share, uint32_t flags);

/* Adds an entry: e->opened and the rest are the caller's.  share_path and name
 * (in the share, with the stream) are for people to read, kept from the first
 * open.  It is not checked for conflicts. */
MUST_CHECK NTSTATUS share_mode_add(struct share_mode_lock *l,
				   const struct share_mode_entry *e,
				   const char *share_path, const char *name);

/* Removes the entry of this open of this process or another; NOT_FOUND when
 * there is none.  The last one takes the record along. */
MUST_CHECK NTSTATUS share_mode_remove(struct share_mode_lock *l,
				      uint64_t open_id);

/* Opens there are, without the stream marks when streams is false.  Those of
 * dead processes count until somebody removes them:
 * share_mode_remove_dead(). */
uint32_t share_mode_count(struct share_mode_lock *l, bool streams);

/* Removes all entries of dead processes; for who would go by the count (the
 * last close of a file to be deleted). */
void share_mode_remove_dead(struct share_mode_lock *l);

/* Copies the entry of an open; NOT_FOUND when there is none. */
MUST_CHECK NTSTATUS share_mode_get_entry(struct share_mode_lock *l,
					 uint64_t open_id,
					 struct share_mode_entry *out);

/* Calls fn for each entry until it says false. */
typedef bool (*share_mode_entry_fn)(const struct share_mode_entry *e,
				    void *private_data);
void share_mode_each(struct share_mode_lock *l, share_mode_entry_fn fn,
		     void *private_data);

/* The file will be deleted at its last close, with deleter's rights; or not
 * after all when deleter is NULL.  NOT_FOUND when nobody has it open. */
MUST_CHECK NTSTATUS share_mode_set_delete_pending(
	struct share_mode_lock *l, const struct delete_owner *deleter);
bool share_mode_delete_pending(const struct share_mode_lock *l);

/* A copy on mem_ctx; NOT_FOUND unless deletion is pending. */
MUST_CHECK NTSTATUS share_mode_get_deleter(TALLOC_CTX *mem_ctx,
					   const struct share_mode_lock *l,
					   struct delete_owner *out);

/* The file was renamed.  NOT_FOUND when nobody has it open. */
MUST_CHECK NTSTATUS share_mode_rename(struct share_mode_lock *l,
				      const char *share_path, const char *name);

/* As the last step of fn: stores the changes so far, for good, and waits, as
 * db_watch_send() does, until somebody may cache less than he might, or nobody
 * has the file open any more; ends with db_watch_recv().  Opens that come and
 * go otherwise wake nobody.  l is of no use afterwards. */
struct tevent_req *share_mode_watch_send(TALLOC_CTX *mem_ctx,
					 struct tevent_context *ev,
					 struct share_mode_lock *l);

/* --- without ------------------------------------------------------------ */

/* What is asked often, from the summary alone; zeros when nobody has the file
 * open. */
struct share_mode_state {
	uint32_t num_entries;
	bool delete_pending;
};
MUST_CHECK NTSTATUS share_mode_peek(struct share_modes *s,
				    const struct file_id *id,
				    struct share_mode_state *out);

/* Whether there may be records of what is below a directory (its name in the
 * share, in any case), by their names: false is sure, and no system call. */
bool share_mode_any_below(const struct share_modes *s, const char *share_path,
			  const char *directory);

/* Calls fn for each record, until it says false; all is lent.  fn calls
 * nothing of locking/ or db/. */
struct share_mode_info {
	struct file_id id;
	struct share_mode_summary summary;
	struct share_mode_tail tail;
	const struct share_mode_entry *entries; /* summary.num_entries */
	const struct share_grant *grants;	/* summary.num_grants */
	bool miscounted; /* it says other numbers of them than there are */
};
typedef bool (*share_mode_info_fn)(const struct share_mode_info *info,
				   void *private_data);
MUST_CHECK NTSTATUS share_mode_traverse(struct share_modes *s,
					share_mode_info_fn fn,
					void *private_data);

/* All that is known of one file, on mem_ctx; NOT_FOUND.  May be called under
 * its lock: then it is what is stored. */
MUST_CHECK NTSTATUS share_mode_get(TALLOC_CTX *mem_ctx, struct share_modes *s,
				   const struct file_id *id,
				   struct share_mode_info *out);

/* Calls fn once with that under the record's lock; info is lent, and NULL when
 * there is nothing, or what cannot be read. */
typedef void (*share_mode_look_fn)(const struct share_mode_info *info,
				   void *private_data);
MUST_CHECK NTSTATUS share_mode_look(struct share_modes *s,
				    const struct file_id *id,
				    share_mode_look_fn fn, void *private_data);

/* Calls fn for each record that cannot be read, until it says false. */
typedef bool (*share_mode_damaged_fn)(struct blob key, void *private_data);
MUST_CHECK NTSTATUS share_mode_find_damaged(struct share_modes *s,
					    share_mode_damaged_fn fn,
					    void *private_data);

/* Calls fn for each page that its file's record does not name, until it says
 * false. */
typedef bool (*share_mode_page_fn)(const struct file_id *id,
				   void *private_data);
MUST_CHECK NTSTATUS share_mode_each_stray_page(struct share_modes *s,
					       share_mode_page_fn fn,
					       void *private_data);

/* Calls fn for each lease in the index, lease.tdb, until it says false. */
typedef bool (*share_mode_lease_fn)(const struct guid *client,
				    const struct guid *key,
				    const struct file_id *file,
				    void *private_data);
MUST_CHECK NTSTATUS share_mode_each_lease(struct share_modes *s,
					  share_mode_lease_fn fn,
					  void *private_data);

/* What the index says; NOT_FOUND. */
MUST_CHECK NTSTATUS share_mode_get_lease(struct share_modes *s,
					 const struct guid *client,
					 const struct guid *key,
					 struct file_id *out);

/* Removes what a dead process left. */
void share_mode_forget(struct share_modes *s, const struct server_id *dead);

#endif
