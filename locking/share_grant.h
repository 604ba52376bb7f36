/* locking/share_grant.h - what somebody may cache of a file: oplocks and
 * leases, kept with its share modes, under the same lock. */
#ifndef LOCKING_SHARE_GRANT_H
#define LOCKING_SHARE_GRANT_H

#include "lib/guid.h"
#include "locking/grant_rules.h"
#include "locking/share_mode.h"

/* Who acts: nobody breaks his own grant. */
struct grant_actor {
	uint64_t open_id;   /* 0: not open yet */
	struct guid client; /* with a lease; else zero */
	struct guid key;
};

/* Who tells a holder: process owner, by MSG_GRANT_BREAK. */
typedef void (*grant_tell_fn)(const struct server_id *owner,
			      const struct grant_break_message *m,
			      void *private_data);

/* How breaks are done. */
struct grant_breaker {
	grant_tell_fn tell;
	void *private_data;
	NTTIME now;
	NTTIME patience; /* how long a holder has to answer */
};

/* op by actor: breaks what others have that it must not have any more.
 * Holders who are dead or out of time have it no more. *out_until: 0 when op
 * can go on; else it waits for a change of the record, and no longer than this
 * time. */
MUST_CHECK NTSTATUS share_grant_break(struct share_mode_lock *l,
				      enum grant_op op,
				      const struct grant_actor *actor,
				      const struct grant_breaker *b,
				      NTTIME *out_until);

/* Whether op would break anything, without the lock: false is quick. */
MUST_CHECK NTSTATUS share_grant_peek(struct share_modes *s,
				     const struct file_id *id, bool *out_any);

/* Whether anybody but the actor has a lease there; as quick. */
MUST_CHECK NTSTATUS share_grant_peek_others(struct share_modes *s,
					    const struct file_id *id,
					    const struct grant_actor *actor,
					    bool *out_any);

struct grant_request {
	bool lease;
	bool v2;
	uint8_t wanted; /* GRANT_* */
	struct guid client;
	struct guid key;
	struct guid parent_key; /* zero: none */
	uint16_t epoch;		/* the client's, of version 2 */
	bool locked;		/* there are byte-range locks */
	bool directory;		/* it is one */
	bool exclusive;		/* nothing, if not WRITE */
};

struct grant_answer {
	uint8_t state;
	bool v2;       /* the lease is one of version 2 */
	bool breaking; /* SMB2_LEASE_FLAG_BREAK_IN_PROGRESS */
	uint16_t epoch;
	struct guid parent_key; /* the lease's */
};

/* Whether there may be leases on directories of the device, or on this one:
 * without a system call. */
bool share_grant_any_directory(const struct share_modes *s, uint64_t device);
bool share_grant_has_directory(const struct share_modes *s,
			       const struct file_id *id);

/* What the open, which has been entered, may cache, at most what it wants: a
 * grant of its own, or the lease that it shares with others of its key and that
 * may be more from now on.  Before its client hears of it the file's counter is
 * raised (locking/file_board.h). */
MUST_CHECK NTSTATUS share_grant_ask(struct share_mode_lock *l, uint64_t open_id,
				    const struct grant_request *want,
				    struct grant_answer *out);

/* The holder answers: [MS-FSA] 2.1.5.19.  of: the open of an oplock, or the
 * client and key of a lease.  UNSUCCESSFUL: nothing was asked of a lease;
 * INVALID_OPLOCK_PROTOCOL: nor of an oplock; REQUEST_NOT_ACCEPTED: more than
 * was offered; NOT_FOUND: no such grant.  May break again when more is required
 * by now. */
MUST_CHECK NTSTATUS share_grant_answer(struct share_mode_lock *l,
				       const struct grant_actor *of,
				       uint8_t state,
				       const struct grant_breaker *b);

/* The grant of the open, be it an oplock or a lease, is to come down to state:
 * its holder is told, for no operation's sake.  NOT_FOUND: no such open, or it
 * has none; INVALID_PARAMETER: it has no more than that already, or that is no
 * state of its kind. */
MUST_CHECK NTSTATUS share_grant_break_to(struct share_mode_lock *l,
					 uint64_t open_id, uint8_t state,
					 const struct grant_breaker *b);

/* The file that a client has a lease on by this key; NOT_FOUND. */
MUST_CHECK NTSTATUS share_grant_find_lease(struct share_modes *s,
					   const struct guid *client,
					   const struct guid *key,
					   struct file_id *out);

#endif
