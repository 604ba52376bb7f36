/* client/sync.h - the same calls, waiting for the result: for programs without
 * an event loop of their own, such as torture.  Never to be called from within
 * an event handler.  A wait lasts cli_conn_timeout() at most: IO_TIMEOUT. */
#ifndef CLIENT_SYNC_H
#define CLIENT_SYNC_H

#include "client/file.h"
#include "client/negotiate.h"
#include "client/oplock.h"
#include "client/session.h"
#include "client/tree.h"

/* Runs the loop until req has ended; the caller then calls its _recv.  False
 * when req is NULL: there was no memory for it. */
bool cli_wait(struct cli_conn *conn, struct tevent_req *req);
/* Takes what has come, without waiting for more. */
void cli_conn_catch_up(struct cli_conn *conn);
/* Runs the loop for so long, whatever happens. */
void cli_wait_ms(struct tevent_context *ev, unsigned int ms);
/* Runs the loop until the connection is down: true, or false after ms. */
bool cli_wait_down(struct cli_conn *conn, unsigned int ms);
/* Runs the loop until req is answered by an interim response: true, or false
 * when it ended or ms have passed without one. */
bool cli_wait_pending(struct cli_conn *conn, struct tevent_req *req,
		      unsigned int ms);

/* The oldest break that is kept, or the next that comes; IO_TIMEOUT after ms
 * without one, or why the connection is down. */
MUST_CHECK NTSTATUS cli_wait_break(struct cli_conn *conn, unsigned int ms,
				   struct smb2_break_notification *out);

MUST_CHECK NTSTATUS cli_conn_connect(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev,
				     const char *host, uint16_t port,
				     struct cli_conn **out);
MUST_CHECK NTSTATUS cli_negotiate(struct cli_conn *conn,
				  const struct cli_negotiate_options *options);
MUST_CHECK NTSTATUS cli_session_setup(struct cli_conn *conn,
				      const struct cli_session_options *options,
				      struct cli_session **out);
MUST_CHECK NTSTATUS cli_session_bind(struct cli_conn *conn,
				     struct cli_session *session,
				     const struct cli_session_options *options,
				     struct cli_session **out);
MUST_CHECK NTSTATUS cli_session_reauth(
	struct cli_session *session, const struct cli_session_options *options);
MUST_CHECK NTSTATUS cli_logoff(struct cli_session *session);
MUST_CHECK NTSTATUS cli_tree_connect(struct cli_session *session,
				     const char *share, struct cli_tree **out);
MUST_CHECK NTSTATUS cli_tree_disconnect(struct cli_tree *tree);
MUST_CHECK NTSTATUS cli_validate_negotiate(struct cli_tree *tree);

/* One message, its reply whatever the status. */
MUST_CHECK NTSTATUS cli_call(TALLOC_CTX *mem_ctx, struct cli_conn *conn,
			     struct cli_message *m, struct cli_reply *out);
/* A compound: OK when all replies came; each has its own status. */
MUST_CHECK NTSTATUS cli_compound(TALLOC_CTX *mem_ctx, struct cli_conn *conn,
				 struct cli_message *m, struct cli_reply *out,
				 size_t n);

MUST_CHECK NTSTATUS
cli_create(TALLOC_CTX *mem_ctx, struct cli_tree *tree, const char *name,
	   const struct smb2_create_request *in,
	   const struct smb2_create_request_contexts *contexts,
	   struct smb2_create_response *out);
/* out_granted may be NULL. */
MUST_CHECK NTSTATUS cli_create_oplock(TALLOC_CTX *mem_ctx,
				      struct cli_tree *tree, const char *name,
				      const struct smb2_create_request *in,
				      const struct cli_oplock *want,
				      struct smb2_create_response *out,
				      struct cli_oplock *out_granted);
/* out may be NULL. */
MUST_CHECK NTSTATUS cli_oplock_ack(struct cli_tree *tree,
				   struct smb2_file_id id, uint8_t level,
				   struct smb2_break_ack *out);
MUST_CHECK NTSTATUS cli_lease_ack(struct cli_tree *tree, struct guid key,
				  uint32_t state, struct smb2_break_ack *out);
MUST_CHECK NTSTATUS cli_close(struct cli_tree *tree, struct smb2_file_id id);
MUST_CHECK NTSTATUS cli_flush(struct cli_tree *tree, struct smb2_file_id id);
MUST_CHECK NTSTATUS cli_read(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
			     const struct smb2_read_request *in,
			     struct smb2_read_response *out);
MUST_CHECK NTSTATUS cli_write(struct cli_tree *tree,
			      const struct smb2_write_request *in,
			      uint32_t *out_count);
MUST_CHECK NTSTATUS cli_lock(struct cli_tree *tree, struct smb2_file_id id,
			     const struct smb2_lock_element *elements,
			     uint16_t count);
MUST_CHECK NTSTATUS cli_ioctl(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
			      const struct smb2_ioctl_request *in,
			      struct smb2_ioctl_response *out);
MUST_CHECK NTSTATUS cli_query_directory(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree, const char *pattern,
	const struct smb2_query_directory_request *in, struct wire_reader *out);
MUST_CHECK NTSTATUS cli_query_info(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				   const struct smb2_query_info_request *in,
				   struct wire_reader *out);
MUST_CHECK NTSTATUS cli_set_info(struct cli_tree *tree,
				 const struct smb2_set_info_request *in);
MUST_CHECK NTSTATUS cli_echo(struct cli_conn *conn,
			     struct cli_session *session);

/* The next raw frame; IO_TIMEOUT after ms without one. */
MUST_CHECK NTSTATUS cli_raw_receive(struct cli_conn *conn, TALLOC_CTX *mem_ctx,
				    unsigned int ms, struct blob *out);

#endif
