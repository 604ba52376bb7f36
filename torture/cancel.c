/* torture/cancel.c - interim responses and CANCEL ([MS-SMB2] 3.3.4.2,
 * 3.3.5.16). */
#include "smb2/simple.h"
#include "torture/features.h"
#include "torture/util.h"

/* CANCEL has no answer; the connection must go on. */
static void send_cancel(struct torture *t, struct cli_conn *conn,
			uint64_t message_id, bool async)
{
	uint8_t buffer[SMB2_HEADER_SIZE + SMB2_SIMPLE_SIZE];
	struct wire_writer w = wire_writer_fixed(buffer, sizeof(buffer));
	struct smb2_header h = {
		.command = SMB2_CANCEL,
		.flags = async ? SMB2_FLAGS_ASYNC_COMMAND : 0,
		.message_id = message_id,
		.async_id = 0x1234567,
	};

	smb2_header_encode(&w, &h);
	smb2_simple_encode(&w);
	OK(cli_raw_send_frame(conn, buffer, w.length));
}

static void of_nothing(struct torture *t)
{
	struct cli_conn *conn = cli_tree_conn(torture_tree(t));

	send_cancel(t, conn, 0, false);
	send_cancel(t, conn, cli_conn_next_message_id(conn), false);
	send_cancel(t, conn, UINT64_MAX, false);
	send_cancel(t, conn, 0, true);
	for (int i = 0; i < 5; i++) {
		torture_is_alive(conn);
	}
}

/* A lock that waits for another's. */
static struct tevent_req *waiting_lock(struct torture *t,
				       struct cli_tree **out_tree,
				       struct smb2_file_id *out_id)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "0123456789");
	struct smb2_lock_element now = {.length = 10,
					.flags =
						SMB2_LOCKFLAG_EXCLUSIVE_LOCK |
						SMB2_LOCKFLAG_FAIL_IMMEDIATELY};
	struct smb2_lock_element wait = {.length = 10,
					 .flags = SMB2_LOCKFLAG_EXCLUSIVE_LOCK};
	struct smb2_lock_request in = {0};
	struct tevent_req *req;
	NTSTATUS status;

	in.id = torture_open(t, a, name, TORTURE_ALL, FILE_OPEN, 0);
	status = cli_lock(a, in.id, &now, 1);
	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		torture_skip("the server has no byte-range locks");
	}
	OK(status);
	in.id = torture_open(t, b, name, TORTURE_ALL, FILE_OPEN, 0);
	req = cli_lock_send(t->mem, b, &in, &wait, 1);
	CHECK(req != NULL);
	CHECK(cli_wait_pending(cli_tree_conn(b), req, 5000));
	*out_tree = b;
	*out_id = in.id;
	return req;
}

static void of_waiting_lock(struct torture *t)
{
	struct cli_tree *tree;
	struct smb2_file_id id;
	struct tevent_req *req = waiting_lock(t, &tree, &id);

	torture_is_alive(cli_tree_conn(tree));
	CHECK(tevent_req_cancel(req));
	CHECK(cli_wait(cli_tree_conn(tree), req));
	STATUS(cli_status_recv(req), CANCELLED);
	OK(cli_close(tree, id));
}

/* The interim response gives the credits; the final one gives none. */
static void interim_response(struct torture *t)
{
	struct cli_tree *tree;
	struct smb2_file_id id;
	struct tevent_req *req = waiting_lock(t, &tree, &id);
	struct cli_reply reply;

	CHECK(tevent_req_cancel(req));
	CHECK(cli_wait(cli_tree_conn(tree), req));
	STATUS(cli_request_recv_one(req, t->mem, &reply), CANCELLED);
	CHECK(reply.was_pending);
	CHECK((reply.header.flags & SMB2_FLAGS_ASYNC_COMMAND) != 0);
	CHECK(reply.header.async_id != 0);
	EQUAL(reply.header.credits, 0);
}

static void of_change_notify(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_dir(t, tree);
	struct smb2_change_notify_request in = {
		.id = torture_open(t, tree, dir, FILE_GENERIC_READ, FILE_OPEN,
				   FILE_DIRECTORY_FILE),
		.output_buffer_length = 1024,
		.completion_filter = FILE_NOTIFY_CHANGE_FILE_NAME,
	};
	struct tevent_req *req = cli_change_notify_send(t->mem, tree, &in);
	struct wire_reader out;

	CHECK(req != NULL);
	if (!cli_wait_pending(cli_tree_conn(tree), req, 5000)) {
		CHECK(cli_wait(cli_tree_conn(tree), req));
		STATUS(cli_buffer_recv(req, t->mem, &out), NOT_SUPPORTED);
		torture_skip("the server has no change notification");
	}
	CHECK(tevent_req_cancel(req));
	CHECK(cli_wait(cli_tree_conn(tree), req));
	STATUS(cli_buffer_recv(req, t->mem, &out), CANCELLED);
}

/* What a client leaves waiting when it goes. */
static void disconnect_while_waiting(struct torture *t)
{
	struct cli_tree *tree;
	struct smb2_file_id id;
	struct tevent_req *req = waiting_lock(t, &tree, &id);
	struct cli_conn *conn = cli_tree_conn(tree);

	talloc_free(req);
	talloc_free(conn);
	OK(torture_try_open(t, torture_tree(t), "", FILE_READ_ATTRIBUTES,
			    FILE_OPEN, 0));
}

const struct torture_test torture_cancel_tests[] = {
	{"cancel.of_nothing", "[MS-SMB2] 3.3.5.16: no response", of_nothing, 0},
	{"cancel.of_waiting_lock", "[MS-SMB2] 3.3.5.16: CANCELLED",
	 of_waiting_lock, 0},
	{"cancel.interim_response", "[MS-SMB2] 3.3.4.2", interim_response, 0},
	{"cancel.of_change_notify", "[MS-SMB2] 3.3.5.16: CANCELLED",
	 of_change_notify, 0},
	{"cancel.disconnect_while_waiting", "[MS-SMB2] 3.3.7.1",
	 disconnect_while_waiting, 0},
	{NULL, NULL, NULL, 0},
};
