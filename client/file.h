/* client/file.h - what is done with a tree connect: the commands from CREATE
 * to CHANGE_NOTIFY.
 *
 * Every command has a _message (to be sent by itself or in a compound), a
 * _send that sends it alone, and a _recv.  A _recv writes out on success, and
 * with STATUS_BUFFER_OVERFLOW where the command returns a buffer; what out
 * points into is on mem_ctx.  ids are SMB2_FILE_ID_RELATED in a related
 * compound. */
#ifndef CLIENT_FILE_H
#define CLIENT_FILE_H

#include "client/conn.h"
#include "smb2/change_notify.h"
#include "smb2/close.h"
#include "smb2/create.h"
#include "smb2/create_contexts.h"
#include "smb2/flush.h"
#include "smb2/ioctl.h"
#include "smb2/lock.h"
#include "smb2/oplock_break.h"
#include "smb2/query_directory.h"
#include "smb2/query_info.h"
#include "smb2/read.h"
#include "smb2/set_info.h"
#include "smb2/write.h"

/* name: UTF-8, relative to the share, backslashes; NULL: in->name as it is.
 * contexts may be NULL: in->contexts as they are. */
struct cli_message cli_create_message(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree, const char *name,
	const struct smb2_create_request *in,
	const struct smb2_create_request_contexts *contexts);
struct tevent_req *cli_create_send(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree, const char *name,
	const struct smb2_create_request *in,
	const struct smb2_create_request_contexts *contexts);
MUST_CHECK NTSTATUS cli_create_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
				    struct smb2_create_response *out);

struct cli_message cli_close_message(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				     const struct smb2_close_request *in);
struct tevent_req *cli_close_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				  const struct smb2_close_request *in);
MUST_CHECK NTSTATUS cli_close_recv(struct tevent_req *req,
				   struct smb2_close_response *out);

struct cli_message cli_flush_message(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				     struct smb2_file_id id);
struct tevent_req *cli_flush_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				  struct smb2_file_id id);

struct cli_message cli_read_message(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				    const struct smb2_read_request *in);
struct tevent_req *cli_read_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				 const struct smb2_read_request *in);
MUST_CHECK NTSTATUS cli_read_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
				  struct smb2_read_response *out);

/* in->data is sent along. */
struct cli_message cli_write_message(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				     const struct smb2_write_request *in);
struct tevent_req *cli_write_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				  const struct smb2_write_request *in);
MUST_CHECK NTSTATUS cli_write_recv(struct tevent_req *req, uint32_t *out_count);

struct cli_message cli_lock_message(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				    const struct smb2_lock_request *in,
				    const struct smb2_lock_element *elements,
				    uint16_t count);
struct tevent_req *cli_lock_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				 const struct smb2_lock_request *in,
				 const struct smb2_lock_element *elements,
				 uint16_t count);

struct cli_message cli_ioctl_message(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				     const struct smb2_ioctl_request *in);
struct tevent_req *cli_ioctl_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				  const struct smb2_ioctl_request *in);
MUST_CHECK NTSTATUS cli_ioctl_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
				   struct smb2_ioctl_response *out);

/* pattern: UTF-8, or NULL for in->pattern as it is. */
struct cli_message cli_query_directory_message(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree, const char *pattern,
	const struct smb2_query_directory_request *in);
struct tevent_req *cli_query_directory_send(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree, const char *pattern,
	const struct smb2_query_directory_request *in);

struct cli_message cli_query_info_message(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree,
	const struct smb2_query_info_request *in);
struct tevent_req *cli_query_info_send(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree,
	const struct smb2_query_info_request *in);

struct cli_message cli_set_info_message(TALLOC_CTX *mem_ctx,
					struct cli_tree *tree,
					const struct smb2_set_info_request *in);
struct tevent_req *cli_set_info_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				     const struct smb2_set_info_request *in);

struct tevent_req *cli_change_notify_send(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree,
	const struct smb2_change_notify_request *in);

/* tree may be NULL: a lease is acknowledged on the session. */
struct tevent_req *cli_break_ack_send(TALLOC_CTX *mem_ctx,
				      struct cli_session *session,
				      struct cli_tree *tree,
				      const struct smb2_break_ack *in);

/* session may be NULL: ECHO needs none. */
struct tevent_req *cli_echo_send(TALLOC_CTX *mem_ctx, struct cli_conn *conn,
				 struct cli_session *session);

/* The result of QUERY_DIRECTORY, QUERY_INFO, CHANGE_NOTIFY. */
MUST_CHECK NTSTATUS cli_buffer_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
				    struct wire_reader *out);

/* The result of FLUSH, LOCK, SET_INFO, ECHO, OPLOCK_BREAK: a status. */
MUST_CHECK NTSTATUS cli_status_recv(struct tevent_req *req);

#endif
