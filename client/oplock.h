/* client/oplock.h - what a client may cache: oplocks and leases asked for with
 * CREATE ([MS-SMB2] 3.2.4.3.8), their breaks (3.2.5.19) and the answers to
 * these (2.2.24).  Nothing is answered by itself: client/cache.h does that for
 * files that it keeps. */
#ifndef CLIENT_OPLOCK_H
#define CLIENT_OPLOCK_H

#include "client/file.h"

/* What is asked for, or what was granted. */
struct cli_oplock {
	uint8_t level;		 /* SMB2_OPLOCK_LEVEL_...; LEASE: */
	struct smb2_lease lease; /* counts, version 1 or 2 */
};

/* A lease with this key: version 2, epoch 0, no parent. */
struct cli_oplock cli_lease(struct guid key, uint32_t state);

/* As cli_create_send(), asking for want too; contexts (may be NULL) are sent
 * besides the lease's. */
struct tevent_req *cli_create_oplock_send(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree, const char *name,
	const struct smb2_create_request *in,
	const struct smb2_create_request_contexts *contexts,
	const struct cli_oplock *want);

/* What a response to it grants.  INVALID_NETWORK_RESPONSE: its contexts cannot
 * be read, or it has the level of a lease and no lease. */
MUST_CHECK NTSTATUS cli_oplock_granted(
	const struct smb2_create_response *response, struct cli_oplock *out);

/* --- breaks --------------------------------------------------------------- */

/* A break has come; it may send, and must neither wait nor free conn. */
typedef void cli_break_fn(void *private_data, struct cli_conn *conn,
			  const struct smb2_break_notification *b);

/* fn is called for every break from now on; those that are kept stay so.  With
 * NULL, as at first, breaks are kept for cli_break_take(). */
void cli_conn_set_on_break(struct cli_conn *conn, cli_break_fn *fn,
			   void *private_data);

/* The oldest break that is kept; false: none.  At most CLI_BREAKS_MAX are
 * kept; what comes beyond is counted with cli_conn_unmatched(), as is a break
 * that cannot be read. */
#define CLI_BREAKS_MAX 4096
bool cli_break_take(struct cli_conn *conn, struct smb2_break_notification *out);

/* What the holder keeps: a level for the oplock of one open, a state for the
 * lease of all opens with its key. */
struct tevent_req *cli_oplock_ack_send(TALLOC_CTX *mem_ctx,
				       struct cli_tree *tree,
				       struct smb2_file_id id, uint8_t level);
struct tevent_req *cli_lease_ack_send(TALLOC_CTX *mem_ctx,
				      struct cli_tree *tree, struct guid key,
				      uint32_t state);
/* What the server says that the holder has now (2.2.25); out may be NULL. */
MUST_CHECK NTSTATUS cli_ack_recv(struct tevent_req *req,
				 struct smb2_break_ack *out);

#endif
