/* client/tree.h - TREE_CONNECT and TREE_DISCONNECT ([MS-SMB2] 3.2.4.2.4,
 * 3.2.5.5), and the check that nobody changed the negotiation
 * (FSCTL_VALIDATE_NEGOTIATE_INFO).
 *
 * A tree belongs to its session (its parent) until it is freed. */
#ifndef CLIENT_TREE_H
#define CLIENT_TREE_H

#include "client/conn.h"

/* share: "name", or a whole path "\\server\name".  With dialects 3.0 and 3.0.2
 * the negotiation is validated behind it, as 3.2.5.5 wants. */
struct tevent_req *cli_tree_connect_send(TALLOC_CTX *mem_ctx,
					 struct cli_session *session,
					 const char *share);
/* The tree, a child of its session.  ACCESS_DENIED also when the validation
 * found a difference: the connection is then not to be used. */
MUST_CHECK NTSTATUS cli_tree_connect_recv(struct tevent_req *req,
					  struct cli_tree **out);

/* The tree stays an object, of which the server knows nothing any more. */
struct tevent_req *cli_tree_disconnect_send(TALLOC_CTX *mem_ctx,
					    struct cli_tree *tree);
MUST_CHECK NTSTATUS cli_tree_disconnect_recv(struct tevent_req *req);

/* FSCTL_VALIDATE_NEGOTIATE_INFO ([MS-SMB2] 3.2.5.14.12): OK when the server
 * says what was negotiated; the status of the server, or ACCESS_DENIED when it
 * says something else. */
struct tevent_req *cli_validate_negotiate_send(TALLOC_CTX *mem_ctx,
					       struct cli_tree *tree);
MUST_CHECK NTSTATUS cli_validate_negotiate_recv(struct tevent_req *req);

/* tree as it is used over another channel of its session (client/session.h): a
 * child of channel.  NULL without memory. */
struct cli_tree *cli_tree_over(struct cli_session *channel,
			       const struct cli_tree *tree);

uint32_t cli_tree_id(const struct cli_tree *tree);
struct cli_session *cli_tree_session(const struct cli_tree *tree);
struct cli_conn *cli_tree_conn(const struct cli_tree *tree);
uint8_t cli_tree_share_type(const struct cli_tree *tree);
uint32_t cli_tree_share_flags(const struct cli_tree *tree);
uint32_t cli_tree_capabilities(const struct cli_tree *tree);
uint32_t cli_tree_maximal_access(const struct cli_tree *tree);
void cli_tree_set_encrypt(struct cli_tree *tree, bool encrypt);

#endif
