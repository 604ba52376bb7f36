/* fsa/oplock.h - oplocks and leases in the core ([MS-FSA] 2.1.4.12, 2.1.5.18,
 * 2.1.5.19), over locking/share_grant.h: docs/caching.md. */
#ifndef FSA_OPLOCK_H
#define FSA_OPLOCK_H

#include "fsa/file.h"
#include "locking/share_grant.h"

/* For share_grant_break() and share_grant_answer(). */
struct grant_breaker oplock_breaker(struct fsa_server *server);

/* share_mode_do_locked() for an fn that uses oplock_breaker(): then tells those
 * whose grants are broken. */
MUST_CHECK NTSTATUS oplock_do_locked(struct fsa_server *s,
				     const struct file_id *id, share_mode_fn fn,
				     void *private_data);

/* Who f is, to grants. */
struct grant_actor oplock_actor(const struct fsa_file *f);

/* Before an operation on an open: what others may not cache any more is broken.
 * OK: go on.  PENDING: it has to wait; the io is resumed (env.done), and then
 * asks again. */
MUST_CHECK NTSTATUS oplock_gate(struct fsa_io *io);

/* After it: whoever has got something to cache meanwhile loses it, too. */
void oplock_done(struct fsa_io *io);

/* The same in the midst of an operation that is in the way of who only keeps a
 * handle of another file, before anything is changed: PENDING is to be returned
 * to the dispatcher, which begins the operation anew when he has answered. */
MUST_CHECK NTSTATUS oplock_give_way(struct fsa_io *io,
				    const struct file_id *id);

/* Waits, on behalf of io, for watch (of share_mode_watch_send()) until a time
 * of oplock_breaker().now's clock; takes watch.  PENDING: io is resumed with OK
 * then, or with CANCELLED. */
MUST_CHECK NTSTATUS oplock_wait(struct fsa_io *io, struct tevent_req *watch,
				NTTIME until);

/* Whether what f is open to can have the lease that is wanted. */
bool oplock_may_lease(const struct fsa_file *f,
		      const struct fsa_caching_request *want);

/* What f may cache is asked for as c says; the request for share_enter(), or
 * false: nothing is to be asked for.  INVALID_PARAMETER: the lease is another
 * file's. */
MUST_CHECK NTSTATUS oplock_prepare(struct fsa_file *f,
				   const struct fsa_create *c,
				   struct grant_request *out, bool *out_any);

/* Before a file is made: INVALID_PARAMETER when the lease that is asked for is
 * another file's. */
MUST_CHECK NTSTATUS oplock_check_new(struct fsa_server *s,
				     const struct fsa_create *c);

/* f has entered its record, as op to others: what it has got of what it asked
 * for (NULL: for nothing) is known to all from now on. */
void oplock_entered(struct fsa_file *f, enum grant_op op,
		    const struct grant_request *asked,
		    const struct grant_answer *got);

/* oplock_done() for an open that has cut the file off. */
void oplock_overwritten(struct fsa_file *f);

/* Which operation a CREATE is to others, or GRANT_OPS: none. */
enum grant_op oplock_of_create(uint32_t access, bool overwrites);

/* Takes the messages to holders; part of fsa_server_create(). */
MUST_CHECK NTSTATUS oplock_listen(struct fsa_server *server);

#endif
