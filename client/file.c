/* client/file.c - the commands from CREATE to CHANGE_NOTIFY. */
#include "client/file.h"

#include "client/conn_int.h"
#include "lib/utf16.h"
#include "smb2/buffer_response.h"
#include "smb2/simple.h"

#define CONTEXTS_MAX 131072

static struct cli_message message(TALLOC_CTX *mem_ctx, uint16_t command,
				  struct cli_tree *tree, size_t payload)
{
	struct cli_message m =
		cli_message(mem_ctx, command, tree->session, tree);

	m.payload = (uint32_t)payload;
	return m;
}

static struct tevent_req *send_one(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				   struct cli_message m)
{
	return cli_request_send(mem_ctx, tree->session->conn, &m, 1);
}

static size_t max_size(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* text as UTF-16 on mem_ctx; a reader that has failed when it is none. */
static struct wire_reader utf16(TALLOC_CTX *mem_ctx, const char *text)
{
	struct blob out = {0};

	if (!NT_STATUS_IS_OK(utf8_to_utf16(mem_ctx, text, &out))) {
		return (struct wire_reader){.failed = true};
	}
	return wire_reader(out.data, out.length);
}

/* --- CREATE --------------------------------------------------------------- */

static struct wire_reader put_contexts(
	TALLOC_CTX *mem_ctx,
	const struct smb2_create_request_contexts *contexts)
{
	struct wire_writer w = wire_writer(mem_ctx, CONTEXTS_MAX);
	struct blob out = {0};

	smb2_create_request_contexts_put(&w, contexts);
	if (!NT_STATUS_IS_OK(wire_finish(&w, &out))) {
		return (struct wire_reader){.failed = true};
	}
	return wire_reader(out.data, out.length);
}

struct cli_message cli_create_message(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree, const char *name,
	const struct smb2_create_request *in,
	const struct smb2_create_request_contexts *contexts)
{
	struct cli_message m = message(mem_ctx, SMB2_CREATE, tree, 0);
	struct smb2_create_request r = *in;

	if (name != NULL) {
		r.name = utf16(mem_ctx, name);
	}
	if (contexts != NULL) {
		r.contexts = put_contexts(mem_ctx, contexts);
	}
	m.w.failed = m.w.failed || r.name.failed || r.contexts.failed;
	smb2_create_request_encode(&m.w, &r);
	return m;
}

struct tevent_req *cli_create_send(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree, const char *name,
	const struct smb2_create_request *in,
	const struct smb2_create_request_contexts *contexts)
{
	return send_one(mem_ctx, tree,
			cli_create_message(mem_ctx, tree, name, in, contexts));
}

NTSTATUS cli_create_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
			 struct smb2_create_response *out)
{
	struct cli_reply reply;
	NTSTATUS status = cli_request_recv_one(req, mem_ctx, &reply);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = smb2_create_response_decode(reply.pdu, out);
	return NT_STATUS_IS_OK(status) ? status
				       : NT_STATUS(INVALID_NETWORK_RESPONSE);
}

/* --- CLOSE, FLUSH --------------------------------------------------------- */

struct cli_message cli_close_message(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				     const struct smb2_close_request *in)
{
	struct cli_message m = message(mem_ctx, SMB2_CLOSE, tree, 0);

	smb2_close_request_encode(&m.w, in);
	return m;
}

struct tevent_req *cli_close_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				  const struct smb2_close_request *in)
{
	return send_one(mem_ctx, tree, cli_close_message(mem_ctx, tree, in));
}

NTSTATUS cli_close_recv(struct tevent_req *req, struct smb2_close_response *out)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct cli_reply reply;
	NTSTATUS status = cli_request_recv_one(req, tmp, &reply);

	if (NT_STATUS_IS_OK(status) &&
	    !NT_STATUS_IS_OK(smb2_close_response_decode(reply.pdu, out))) {
		status = NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	talloc_free(tmp);
	return status;
}

struct cli_message cli_flush_message(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				     struct smb2_file_id id)
{
	struct cli_message m = message(mem_ctx, SMB2_FLUSH, tree, 0);
	struct smb2_flush_request in = {.id = id};

	smb2_flush_request_encode(&m.w, &in);
	return m;
}

struct tevent_req *cli_flush_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				  struct smb2_file_id id)
{
	return send_one(mem_ctx, tree, cli_flush_message(mem_ctx, tree, id));
}

/* --- READ, WRITE ---------------------------------------------------------- */

struct cli_message cli_read_message(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				    const struct smb2_read_request *in)
{
	struct cli_message m = message(mem_ctx, SMB2_READ, tree, in->length);

	smb2_read_request_encode(&m.w, in);
	return m;
}

struct tevent_req *cli_read_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				 const struct smb2_read_request *in)
{
	return send_one(mem_ctx, tree, cli_read_message(mem_ctx, tree, in));
}

NTSTATUS cli_read_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
		       struct smb2_read_response *out)
{
	struct cli_reply reply;
	NTSTATUS status = cli_request_recv_one(req, mem_ctx, &reply);

	/* A message of a pipe longer than the buffer is a warning with data. */
	if (!NT_STATUS_IS_OK(status) &&
	    !NT_STATUS_IS(status, BUFFER_OVERFLOW)) {
		return status;
	}
	if (!NT_STATUS_IS_OK(smb2_read_response_decode(reply.pdu, out))) {
		return NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	return status;
}

struct cli_message cli_write_message(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				     const struct smb2_write_request *in)
{
	size_t n = in->data.length;
	struct cli_message m = message(mem_ctx, SMB2_WRITE, tree, n);

	smb2_write_request_encode(&m.w, in, (uint32_t)n);
	wire_put_bytes(&m.w, in->data.data, n);
	return m;
}

struct tevent_req *cli_write_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				  const struct smb2_write_request *in)
{
	return send_one(mem_ctx, tree, cli_write_message(mem_ctx, tree, in));
}

NTSTATUS cli_write_recv(struct tevent_req *req, uint32_t *out_count)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct smb2_write_response r;
	struct cli_reply reply;
	NTSTATUS status = cli_request_recv_one(req, tmp, &reply);

	if (NT_STATUS_IS_OK(status)) {
		if (NT_STATUS_IS_OK(
			    smb2_write_response_decode(reply.pdu, &r))) {
			*out_count = r.count;
		} else {
			status = NT_STATUS(INVALID_NETWORK_RESPONSE);
		}
	}
	talloc_free(tmp);
	return status;
}

/* --- LOCK, IOCTL ---------------------------------------------------------- */

struct cli_message cli_lock_message(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				    const struct smb2_lock_request *in,
				    const struct smb2_lock_element *elements,
				    uint16_t count)
{
	struct cli_message m = message(mem_ctx, SMB2_LOCK, tree, 0);

	smb2_lock_request_encode(&m.w, in, elements, count);
	return m;
}

struct tevent_req *cli_lock_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				 const struct smb2_lock_request *in,
				 const struct smb2_lock_element *elements,
				 uint16_t count)
{
	return send_one(mem_ctx, tree,
			cli_lock_message(mem_ctx, tree, in, elements, count));
}

struct cli_message cli_ioctl_message(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				     const struct smb2_ioctl_request *in)
{
	size_t out = (size_t)in->max_input_response + in->max_output_response;
	struct cli_message m =
		message(mem_ctx, SMB2_IOCTL, tree,
			max_size(in->input.length + in->output.length, out));

	smb2_ioctl_request_encode(&m.w, in);
	return m;
}

struct tevent_req *cli_ioctl_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				  const struct smb2_ioctl_request *in)
{
	return send_one(mem_ctx, tree, cli_ioctl_message(mem_ctx, tree, in));
}

NTSTATUS cli_ioctl_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
			struct smb2_ioctl_response *out)
{
	struct cli_reply reply;
	NTSTATUS status = cli_request_recv_one(req, mem_ctx, &reply);

	if (!NT_STATUS_IS_OK(status) &&
	    !NT_STATUS_IS(status, BUFFER_OVERFLOW)) {
		return status;
	}
	if (!NT_STATUS_IS_OK(smb2_ioctl_response_decode(reply.pdu, out))) {
		return NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	return status;
}

/* --- QUERY_DIRECTORY, QUERY_INFO, SET_INFO, CHANGE_NOTIFY ----------------- */

struct cli_message cli_query_directory_message(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree, const char *pattern,
	const struct smb2_query_directory_request *in)
{
	struct cli_message m = message(mem_ctx, SMB2_QUERY_DIRECTORY, tree,
				       in->output_buffer_length);
	struct smb2_query_directory_request r = *in;

	if (pattern != NULL) {
		r.pattern = utf16(mem_ctx, pattern);
		m.w.failed = m.w.failed || r.pattern.failed;
	}
	smb2_query_directory_request_encode(&m.w, &r);
	return m;
}

struct tevent_req *cli_query_directory_send(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree, const char *pattern,
	const struct smb2_query_directory_request *in)
{
	return send_one(
		mem_ctx, tree,
		cli_query_directory_message(mem_ctx, tree, pattern, in));
}

struct cli_message cli_query_info_message(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree,
	const struct smb2_query_info_request *in)
{
	struct cli_message m =
		message(mem_ctx, SMB2_QUERY_INFO, tree,
			max_size(in->output_buffer_length, in->input.length));

	smb2_query_info_request_encode(&m.w, in);
	return m;
}

struct tevent_req *cli_query_info_send(TALLOC_CTX *mem_ctx,
				       struct cli_tree *tree,
				       const struct smb2_query_info_request *in)
{
	return send_one(mem_ctx, tree,
			cli_query_info_message(mem_ctx, tree, in));
}

struct cli_message cli_set_info_message(TALLOC_CTX *mem_ctx,
					struct cli_tree *tree,
					const struct smb2_set_info_request *in)
{
	struct cli_message m =
		message(mem_ctx, SMB2_SET_INFO, tree, in->buffer.length);

	smb2_set_info_request_encode(&m.w, in);
	return m;
}

struct tevent_req *cli_set_info_send(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
				     const struct smb2_set_info_request *in)
{
	return send_one(mem_ctx, tree, cli_set_info_message(mem_ctx, tree, in));
}

struct tevent_req *cli_change_notify_send(
	TALLOC_CTX *mem_ctx, struct cli_tree *tree,
	const struct smb2_change_notify_request *in)
{
	struct cli_message m = message(mem_ctx, SMB2_CHANGE_NOTIFY, tree,
				       in->output_buffer_length);

	smb2_change_notify_request_encode(&m.w, in);
	return send_one(mem_ctx, tree, m);
}

/* --- the rest ------------------------------------------------------------- */

struct tevent_req *cli_break_ack_send(TALLOC_CTX *mem_ctx,
				      struct cli_session *session,
				      struct cli_tree *tree,
				      const struct smb2_break_ack *in)
{
	struct cli_message m =
		cli_message(mem_ctx, SMB2_OPLOCK_BREAK, session, tree);

	smb2_break_ack_encode(&m.w, in);
	return cli_request_send(mem_ctx, session->conn, &m, 1);
}

struct tevent_req *cli_echo_send(TALLOC_CTX *mem_ctx, struct cli_conn *conn,
				 struct cli_session *session)
{
	struct cli_message m = cli_message(mem_ctx, SMB2_ECHO, session, NULL);

	smb2_simple_encode(&m.w);
	return cli_request_send(mem_ctx, conn, &m, 1);
}

NTSTATUS cli_buffer_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
			 struct wire_reader *out)
{
	struct cli_reply reply;
	NTSTATUS status = cli_request_recv_one(req, mem_ctx, &reply);

	if (!NT_STATUS_IS_OK(status) &&
	    !NT_STATUS_IS(status, BUFFER_OVERFLOW)) {
		return status;
	}
	if (!NT_STATUS_IS_OK(smb2_buffer_response_decode(reply.pdu, out))) {
		return NT_STATUS(INVALID_NETWORK_RESPONSE);
	}
	return status;
}

NTSTATUS cli_status_recv(struct tevent_req *req)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct cli_reply reply;
	NTSTATUS status = cli_request_recv_one(req, tmp, &reply);

	talloc_free(tmp);
	return status;
}
