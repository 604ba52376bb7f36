/* fsa/share.h - the record that all opens of a file share, in all processes:
 * share modes and deletion at the last close (locking/share_mode.h). */
#ifndef FSA_SHARE_H
#define FSA_SHARE_H

#include "fsa/file.h"
#include "locking/share_grant.h"

/* What an open enters with. */
struct share_claim_args {
	uint32_t access; /* what is checked: granted, and what truncating is */
	uint32_t share;
	uid_t uid;	  /* whose it is, for people to read */
	enum grant_op op; /* what it is to who caches the file; GRANT_OPS:
			   * nothing */
	const struct grant_request *caching; /* asked for; NULL: nothing */
	bool named; /* under share_name_locked(): it may be the first */
	/* Cuts off what is overwritten, with the record still locked, so that
	 * nobody sees the open and what it overwrites; or NULL. */
	NTSTATUS (*cut)(void *private_data);
	void *private_data;
};

/* What came of it. */
struct share_entered {
	struct grant_answer caching;
	/* OPLOCK_BREAK_IN_PROGRESS: what to wait for, on the volume, and no
	 * longer than when. */
	struct tevent_req *watch;
	NTTIME until;
};

/* Enters f into its record if no other open forbids it: OK,
 * SHARING_VIOLATION, DELETE_PENDING; OPLOCK_BREAK_IN_PROGRESS: not before
 * others have answered (f has not entered); RETRY when the file has lost its
 * last name since it was opened, so that the name must be looked up again, or
 * would be the first while somebody else may be making the file: then once
 * more, named. */
MUST_CHECK NTSTATUS share_enter(struct fsa_file *f,
				const struct share_claim_args *args,
				struct share_entered *out);

/* Calls fn while nobody else makes a file of this name, opens one as the first,
 * or puts another one there; returns what fn returned.  For who makes one or
 * puts one there; for who opens one when share_enter() has said RETRY. */
MUST_CHECK NTSTATUS share_name_locked(const struct fsa_volume *v,
				      const char *name,
				      NTSTATUS (*fn)(void *private_data),
				      void *private_data);

/* Takes f out of its record, and its byte-range locks with it.  When it asked
 * for delete on close the file will be deleted; when it is the last, and
 * deletion is pending, it is deleted, with the rights of who asked for it;
 * *out_deleted says so. */
MUST_CHECK NTSTATUS share_leave(struct fsa_file *f, const struct identity *who,
				bool *out_deleted);

/* The mark of an open of a named stream in the file's own record: f->node is
 * the file's node or the stream's.  Statuses as share_enter(). */
MUST_CHECK NTSTATUS share_mark(struct fsa_file *f,
			       const struct share_claim_args *args,
			       struct share_entered *out);

/* Takes the mark away; when it was the last entry and deletion of the file is
 * pending, or asked for with delete_file, the file is deleted. */
MUST_CHECK NTSTATUS share_unmark(struct fsa_file *f, const struct identity *who,
				 bool delete_file);

/* A stream that f alone has open gets another id: f's entry goes along.
 * SHARING_VIOLATION when it is open elsewhere too. */
MUST_CHECK NTSTATUS share_move_stream(struct fsa_file *f,
				      const struct file_id *to);

/* f, which is an open of the file's own data, becomes one of the named stream
 * that to is; or the other way, with stream NULL.  SHARING_VIOLATION when what
 * it leaves is open elsewhere too, or has locks of f's; INVALID_PARAMETER when
 * the unnamed stream is that it would become. */
MUST_CHECK NTSTATUS share_switch_stream(struct fsa_file *f,
					const struct file_id *to,
					const char *stream);

/* Sets or takes back the pending deletion, on behalf of who; check, if not
 * NULL, is asked under the lock whether it may be.  PENDING: others have to let
 * go first, and io begins anew when they have. */
MUST_CHECK NTSTATUS share_set_delete(struct fsa_io *io, struct fsa_file *f,
				     const struct identity *who, bool pending,
				     NTSTATUS (*check)(struct fsa_file *f));

/* Calls fn with f's record locked, when nobody keeps a handle of it that he has
 * to let go first: op is GRANT_OP_RENAME.  PENDING as share_set_delete(). */
MUST_CHECK NTSTATUS share_unless_kept(struct fsa_io *io, struct fsa_file *f,
				      NTSTATUS (*fn)(void *private_data),
				      void *private_data);

/* Whether the file, or its stream that f is, is to be deleted. */
bool share_is_delete_pending(const struct fsa_file *f);

/* The same of the directory that f was just made in. */
bool share_is_parent_delete_pending(const struct fsa_file *f);

/* Whether living processes have a file open; *out_delete_pending as above. */
MUST_CHECK NTSTATUS share_is_open(struct fsa_volume *v,
				  const struct file_id *id, bool *out_open,
				  bool *out_delete_pending);

/* DELETE_PENDING when living processes have it open and it will be deleted. */
MUST_CHECK NTSTATUS share_check_not_doomed(struct fsa_volume *v,
					   const struct file_id *id);

/* Whether the directory could be opened with access (FILE_ADD_*) for a name to
 * be added to it by a rename, without doing so.  Its opens are to share that;
 * those that may delete it forbid it for a file, as with Windows up to 11
 * (smbtorture smb2.oplock.batch20, smb2.rename), and not for a directory, as
 * with later ones (smb2.notify-inotify): [MS-FSA] note <185>. */
MUST_CHECK NTSTATUS share_probe_add(struct fsa_volume *v,
				    const struct file_id *id, uint32_t access);

/* Whether anything below the directory called name, which io renames, is open
 * ([MS-FSA] 2.1.4.2).  PENDING: as oplock_give_way(). */
MUST_CHECK NTSTATUS share_is_open_below(struct fsa_io *io, const char *name,
					bool *out);

/* f, a directory that was called name, has been moved, and what is open below
 * it with it (a POSIX rename): nobody may go on with what he has listed there.
 */
void share_moved_below(struct fsa_file *f, const char *name);

/* Tells the record the file's new name. */
MUST_CHECK NTSTATUS share_renamed(struct fsa_file *f, const char *name);

/* Calls fn while nobody else changes the file's record, or is in fn for it. */
MUST_CHECK NTSTATUS share_locked(struct fsa_file *f,
				 NTSTATUS (*fn)(void *private_data),
				 void *private_data);

#endif
