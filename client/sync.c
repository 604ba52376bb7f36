/* client/sync.c - the same calls, waiting for the result. */
#include "client/sync.h"

#include "client/conn_int.h"
#include "lib/assert.h"

static void wake(struct tevent_context *ev, struct tevent_timer *te,
		 struct timeval now, void *private_data)
{
	*(bool *)private_data = true;
}

/* A flag that turns true after ms; te is to be freed. */
static struct tevent_timer *alarm_clock(struct tevent_context *ev,
					unsigned int ms, bool *rang)
{
	struct tevent_timer *te = tevent_add_timer(
		ev, ev,
		tevent_timeval_current_ofs(ms / 1000, (ms % 1000) * 1000), wake,
		rang);

	ASSERT(te != NULL);
	return te;
}

static void loop_once(struct tevent_context *ev)
{
	int ret = tevent_loop_once(ev);

	ASSERT(ret == 0);
}

bool cli_wait(struct cli_conn *conn, struct tevent_req *req)
{
	if (req == NULL) {
		return false;
	}
	(void)tevent_req_set_endtime(
		req, cli_conn_ev(conn),
		tevent_timeval_current_ofs(cli_conn_timeout(conn), 0));
	while (tevent_req_is_in_progress(req)) {
		loop_once(cli_conn_ev(conn));
	}
	return true;
}

void cli_conn_catch_up(struct cli_conn *conn)
{
	while (NT_STATUS_IS_OK(cli_conn_status(conn)) &&
	       cli_transport_readable(conn->transport)) {
		loop_once(cli_conn_ev(conn));
	}
}

void cli_wait_ms(struct tevent_context *ev, unsigned int ms)
{
	bool rang = false;
	struct tevent_timer *te = alarm_clock(ev, ms, &rang);

	while (!rang) {
		loop_once(ev);
	}
	(void)te; /* freed by the loop when it fired */
}

bool cli_wait_down(struct cli_conn *conn, unsigned int ms)
{
	struct tevent_context *ev = cli_conn_ev(conn);
	bool rang = false;
	struct tevent_timer *te = alarm_clock(ev, ms, &rang);

	while (!rang && NT_STATUS_IS_OK(cli_conn_status(conn))) {
		loop_once(ev);
	}
	if (!rang) {
		talloc_free(te);
	}
	return !NT_STATUS_IS_OK(cli_conn_status(conn));
}

bool cli_wait_pending(struct cli_conn *conn, struct tevent_req *req,
		      unsigned int ms)
{
	struct tevent_context *ev = cli_conn_ev(conn);
	bool rang = false;
	struct tevent_timer *te = alarm_clock(ev, ms, &rang);

	while (!rang && tevent_req_is_in_progress(req) &&
	       !cli_request_is_pending(req)) {
		loop_once(ev);
	}
	if (!rang) {
		talloc_free(te);
	}
	return tevent_req_is_in_progress(req) && cli_request_is_pending(req);
}

NTSTATUS cli_wait_break(struct cli_conn *conn, unsigned int ms,
			struct smb2_break_notification *out)
{
	struct tevent_context *ev = cli_conn_ev(conn);
	bool rang = false, came;
	struct tevent_timer *te = alarm_clock(ev, ms, &rang);

	while (!(came = cli_break_take(conn, out)) && !rang &&
	       NT_STATUS_IS_OK(cli_conn_status(conn))) {
		loop_once(ev);
	}
	if (!rang) {
		talloc_free(te);
	}
	if (came) {
		return NT_STATUS_OK;
	}
	return NT_STATUS_IS_OK(cli_conn_status(conn)) ? NT_STATUS(IO_TIMEOUT)
						      : cli_conn_status(conn);
}

NTSTATUS cli_raw_receive(struct cli_conn *conn, TALLOC_CTX *mem_ctx,
			 unsigned int ms, struct blob *out)
{
	struct tevent_context *ev = cli_conn_ev(conn);
	bool rang = false;
	struct tevent_timer *te = alarm_clock(ev, ms, &rang);
	NTSTATUS status;

	for (;;) {
		status = cli_raw_take(conn, mem_ctx, out);
		if (rang || !NT_STATUS_IS(status, NOT_FOUND)) {
			break;
		}
		loop_once(ev);
	}
	if (!rang) {
		talloc_free(te);
	}
	return NT_STATUS_IS(status, NOT_FOUND) ? NT_STATUS(IO_TIMEOUT) : status;
}

/* --- connection, session, tree -------------------------------------------- */

NTSTATUS cli_conn_connect(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			  const char *host, uint16_t port,
			  struct cli_conn **out)
{
	struct tevent_req *req = cli_conn_connect_send(mem_ctx, ev, host, port);
	NTSTATUS status;

	if (req == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	(void)tevent_req_set_endtime(req, ev,
				     tevent_timeval_current_ofs(30, 0));
	if (!tevent_req_poll(req, ev)) {
		talloc_free(req);
		return NT_STATUS(INTERNAL_ERROR);
	}
	status = cli_conn_connect_recv(req, mem_ctx, out);
	talloc_free(req);
	return status;
}

/* Each of the calls below is: send, wait, receive, free. */

NTSTATUS cli_negotiate(struct cli_conn *conn,
		       const struct cli_negotiate_options *options)
{
	struct tevent_req *req = cli_negotiate_send(conn, conn, options);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(conn, req)) {
		status = cli_negotiate_recv(req);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_session_setup(struct cli_conn *conn,
			   const struct cli_session_options *options,
			   struct cli_session **out)
{
	struct tevent_req *req = cli_session_setup_send(conn, conn, options);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(conn, req)) {
		status = cli_session_setup_recv(req, out);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_session_bind(struct cli_conn *conn, struct cli_session *session,
			  const struct cli_session_options *options,
			  struct cli_session **out)
{
	struct tevent_req *req =
		cli_session_bind_send(conn, conn, session, options);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(conn, req)) {
		status = cli_session_setup_recv(req, out);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_session_reauth(struct cli_session *session,
			    const struct cli_session_options *options)
{
	struct tevent_req *req =
		cli_session_reauth_send(session, session, options);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_session_conn(session), req)) {
		status = cli_session_reauth_recv(req);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_logoff(struct cli_session *session)
{
	struct tevent_req *req = cli_logoff_send(session, session);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_session_conn(session), req)) {
		status = cli_logoff_recv(req);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_tree_connect(struct cli_session *session, const char *share,
			  struct cli_tree **out)
{
	struct tevent_req *req = cli_tree_connect_send(session, session, share);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_session_conn(session), req)) {
		status = cli_tree_connect_recv(req, out);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_tree_disconnect(struct cli_tree *tree)
{
	struct tevent_req *req = cli_tree_disconnect_send(tree, tree);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_tree_disconnect_recv(req);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_validate_negotiate(struct cli_tree *tree)
{
	struct tevent_req *req = cli_validate_negotiate_send(tree, tree);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_validate_negotiate_recv(req);
	}
	talloc_free(req);
	return status;
}

/* --- messages ------------------------------------------------------------- */

NTSTATUS cli_call(TALLOC_CTX *mem_ctx, struct cli_conn *conn,
		  struct cli_message *m, struct cli_reply *out)
{
	struct tevent_req *req = cli_request_send(mem_ctx, conn, m, 1);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(conn, req)) {
		status = cli_request_recv_one(req, mem_ctx, out);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_compound(TALLOC_CTX *mem_ctx, struct cli_conn *conn,
		      struct cli_message *m, struct cli_reply *out, size_t n)
{
	struct tevent_req *req = cli_request_send(mem_ctx, conn, m, n);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(conn, req)) {
		status = cli_request_recv(req, mem_ctx, out, n);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_create(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
		    const char *name, const struct smb2_create_request *in,
		    const struct smb2_create_request_contexts *contexts,
		    struct smb2_create_response *out)
{
	struct tevent_req *req =
		cli_create_send(mem_ctx, tree, name, in, contexts);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_create_recv(req, mem_ctx, out);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_create_oplock(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
			   const char *name,
			   const struct smb2_create_request *in,
			   const struct cli_oplock *want,
			   struct smb2_create_response *out,
			   struct cli_oplock *out_granted)
{
	struct tevent_req *req =
		cli_create_oplock_send(mem_ctx, tree, name, in, NULL, want);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_create_recv(req, mem_ctx, out);
	}
	talloc_free(req);
	if (NT_STATUS_IS_OK(status) && out_granted != NULL) {
		status = cli_oplock_granted(out, out_granted);
	}
	return status;
}

static NTSTATUS ack_end(struct cli_tree *tree, struct tevent_req *req,
			struct smb2_break_ack *out)
{
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_ack_recv(req, out);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_oplock_ack(struct cli_tree *tree, struct smb2_file_id id,
			uint8_t level, struct smb2_break_ack *out)
{
	return ack_end(tree, cli_oplock_ack_send(tree, tree, id, level), out);
}

NTSTATUS cli_lease_ack(struct cli_tree *tree, struct guid key, uint32_t state,
		       struct smb2_break_ack *out)
{
	return ack_end(tree, cli_lease_ack_send(tree, tree, key, state), out);
}

NTSTATUS cli_close(struct cli_tree *tree, struct smb2_file_id id)
{
	struct smb2_close_request in = {.id = id};
	struct smb2_close_response out;
	struct tevent_req *req = cli_close_send(tree, tree, &in);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_close_recv(req, &out);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_flush(struct cli_tree *tree, struct smb2_file_id id)
{
	struct tevent_req *req = cli_flush_send(tree, tree, id);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_status_recv(req);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_read(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
		  const struct smb2_read_request *in,
		  struct smb2_read_response *out)
{
	struct tevent_req *req = cli_read_send(mem_ctx, tree, in);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_read_recv(req, mem_ctx, out);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_write(struct cli_tree *tree, const struct smb2_write_request *in,
		   uint32_t *out_count)
{
	struct tevent_req *req = cli_write_send(tree, tree, in);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_write_recv(req, out_count);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_lock(struct cli_tree *tree, struct smb2_file_id id,
		  const struct smb2_lock_element *elements, uint16_t count)
{
	struct smb2_lock_request in = {.id = id};
	struct tevent_req *req =
		cli_lock_send(tree, tree, &in, elements, count);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_status_recv(req);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_ioctl(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
		   const struct smb2_ioctl_request *in,
		   struct smb2_ioctl_response *out)
{
	struct tevent_req *req = cli_ioctl_send(mem_ctx, tree, in);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_ioctl_recv(req, mem_ctx, out);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_query_directory(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
			     const char *pattern,
			     const struct smb2_query_directory_request *in,
			     struct wire_reader *out)
{
	struct tevent_req *req =
		cli_query_directory_send(mem_ctx, tree, pattern, in);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_buffer_recv(req, mem_ctx, out);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_query_info(TALLOC_CTX *mem_ctx, struct cli_tree *tree,
			const struct smb2_query_info_request *in,
			struct wire_reader *out)
{
	struct tevent_req *req = cli_query_info_send(mem_ctx, tree, in);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_buffer_recv(req, mem_ctx, out);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_set_info(struct cli_tree *tree,
		      const struct smb2_set_info_request *in)
{
	struct tevent_req *req = cli_set_info_send(tree, tree, in);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(cli_tree_conn(tree), req)) {
		status = cli_status_recv(req);
	}
	talloc_free(req);
	return status;
}

NTSTATUS cli_echo(struct cli_conn *conn, struct cli_session *session)
{
	struct tevent_req *req = cli_echo_send(conn, conn, session);
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (cli_wait(conn, req)) {
		status = cli_status_recv(req);
	}
	talloc_free(req);
	return status;
}
