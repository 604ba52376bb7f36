/* torture/breaks.h - for tests of oplocks and leases: opens that hold one, and
 * their breaks.  All of it ends the test when it fails. */
#ifndef TORTURE_BREAKS_H
#define TORTURE_BREAKS_H

#include "torture/util.h"

#define LEASE_NONE 0u
#define LEASE_R	   SMB2_LEASE_READ_CACHING
#define LEASE_RH   (LEASE_R | SMB2_LEASE_HANDLE_CACHING)
#define LEASE_RW   (LEASE_R | SMB2_LEASE_WRITE_CACHING)
#define LEASE_RWH  (LEASE_RH | SMB2_LEASE_WRITE_CACHING)

/* How long a break that has to come may take. */
#define BREAK_WAIT_MS 5000u

/* An open, and what it may cache. */
struct held {
	struct torture *t;
	struct cli_tree *tree;
	struct smb2_file_id id;
	struct cli_oplock granted; /* with CREATE; breaks do not change it */
};

/* An oplock, or a lease with a key of its own. */
struct cli_oplock want_oplock(uint8_t level);
struct cli_oplock want_lease(uint32_t state);

/* Skips the test when the server has no leases, or none of directories. */
void torture_needs_leases(struct cli_tree *tree);
void torture_needs_directory_leases(struct cli_tree *tree);

/* Leases of version 2, which have epochs: those of SMB 3; what is asked for
 * with version 2 below is asked for with version 1 otherwise. */
bool torture_has_epochs(struct cli_tree *tree);

/* Opens name for access (FILE_OPEN_IF, all is shared). */
struct held torture_hold(struct torture *t, struct cli_tree *tree,
			 const char *name, uint32_t access,
			 struct cli_oplock want);
/* The same as in says. */
struct held torture_hold_with(struct torture *t, struct cli_tree *tree,
			      const char *name,
			      const struct smb2_create_request *in,
			      struct cli_oplock want);
/* torture_hold(), and all of want is granted. */
struct held torture_hold_all(struct torture *t, struct cli_tree *tree,
			     const char *name, uint32_t access,
			     struct cli_oplock want);

/* The next break on the connection: of this lease, between these states, with
 * or without an answer required; returned for what else is in it. */
struct smb2_lease_break_notification lease_break_is(const struct held *h,
						    uint32_t from, uint32_t to,
						    bool answer);
/* ... of this oplock, to this level. */
void oplock_break_is(const struct held *h, uint8_t level);
/* None was sent to this connection for what has been done until now: none is
 * kept, and none comes within ms and a round trip. */
void no_break(struct cli_tree *tree, unsigned int ms);

/* The server takes the answer and says the same. */
void ack_lease(const struct held *h, uint32_t state);
void ack_oplock(const struct held *h, uint8_t level);

/* A request was sent that has to wait: it is pending. */
void must_wait(struct cli_tree *tree, struct tevent_req *req);
/* Sends a CREATE (FILE_OPEN, all is shared) that has to wait. */
struct tevent_req *open_waits(struct torture *t, struct cli_tree *tree,
			      const char *name, uint32_t access,
			      uint32_t disposition, struct cli_oplock want);
/* Its end: the open, and what it was granted. */
struct held open_ends(struct torture *t, struct cli_tree *tree,
		      struct tevent_req *req);

#endif
