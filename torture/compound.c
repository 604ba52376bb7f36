/* torture/compound.c - compounds ([MS-SMB2] 3.3.5.2.7). */
#include <string.h>

#include "smb2/simple.h"
#include "torture/features.h"
#include "torture/util.h"

static struct cli_message create(struct torture *t, struct cli_tree *tree,
				 const char *name, uint32_t disposition)
{
	struct smb2_create_request in =
		torture_request(TORTURE_ALL, disposition, 0);

	return cli_create_message(t->mem, tree, name, &in, NULL);
}

static struct cli_message close_related(struct torture *t,
					struct cli_tree *tree)
{
	struct smb2_close_request in = {.id = SMB2_FILE_ID_RELATED};
	struct cli_message m = cli_close_message(t->mem, tree, &in);

	m.related = true;
	return m;
}

static struct cli_message query_related(struct torture *t,
					struct cli_tree *tree)
{
	struct smb2_query_info_request in = {
		.info_type = SMB2_0_INFO_FILE,
		.info_class = FileStandardInformation,
		.output_buffer_length = 24,
		.id = SMB2_FILE_ID_RELATED,
	};
	struct cli_message m = cli_query_info_message(t->mem, tree, &in);

	m.related = true;
	return m;
}

static void send(struct torture *t, struct cli_tree *tree,
		 struct cli_message *m, struct cli_reply *reply, size_t n)
{
	OK(cli_compound(t->mem, cli_tree_conn(tree), m, reply, n));
}

/* What Linux sends for a stat. */
static void related(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct cli_message m[3] = {create(t, tree, name, FILE_OPEN),
				   query_related(t, tree),
				   close_related(t, tree)};
	struct cli_reply reply[3];

	send(t, tree, m, reply, 3);
	OK(reply[0].status);
	OK(reply[1].status);
	OK(reply[2].status);
	EQUAL(reply[0].header.flags & SMB2_FLAGS_RELATED_OPERATIONS, 0);
}

/* When the answers come as one, all but the first are marked. */
static void related_answers_marked(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct cli_message m[2] = {create(t, tree, name, FILE_OPEN),
				   close_related(t, tree)};
	struct cli_reply reply[2];

	send(t, tree, m, reply, 2);
	if (reply[0].header.next_command == 0) {
		torture_skip("the answers come separately");
	}
	EQUAL(reply[0].header.next_command % 8, 0);
	CHECK((reply[1].header.flags & SMB2_FLAGS_RELATED_OPERATIONS) != 0);
}

static void related_data(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_path(t, tree, "new");
	struct smb2_write_request w = {.id = SMB2_FILE_ID_RELATED,
				       .data = wire_reader("odd size", 7)};
	struct smb2_read_request r = {.id = SMB2_FILE_ID_RELATED,
				      .length = 100};
	struct cli_message m[4] = {create(t, tree, name, FILE_CREATE),
				   cli_write_message(t->mem, tree, &w),
				   cli_read_message(t->mem, tree, &r),
				   close_related(t, tree)};
	struct smb2_read_response data;
	struct cli_reply reply[4];

	m[1].related = m[2].related = true;
	send(t, tree, m, reply, 4);
	for (size_t i = 0; i < 4; i++) {
		OK(reply[i].status);
	}
	OK(smb2_read_response_decode(reply[2].pdu, &data));
	EQUAL(data.data.length, 7);
	CHECK(memcmp(data.data.data, "odd siz", 7) == 0);
	torture_content_is(t, tree, name, "odd siz", 7);
}

/* An error of one is the error of those that need its handle. */
static void related_error_spreads(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_path(t, tree, "is not there");
	struct cli_message m[3] = {create(t, tree, name, FILE_OPEN),
				   query_related(t, tree),
				   close_related(t, tree)};
	struct cli_reply reply[3];

	send(t, tree, m, reply, 3);
	STATUS(reply[0].status, OBJECT_NAME_NOT_FOUND);
	STATUS(reply[1].status, OBJECT_NAME_NOT_FOUND);
	STATUS(reply[2].status, OBJECT_NAME_NOT_FOUND);
}

/* An error in the middle leaves the handle good for a CLOSE. */
static void related_middle_fails(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_read_request r = {
		.id = SMB2_FILE_ID_RELATED, .length = 10, .offset = 1000};
	struct cli_message m[3] = {create(t, tree, name, FILE_OPEN),
				   cli_read_message(t->mem, tree, &r),
				   close_related(t, tree)};
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);
	struct cli_reply reply[3];

	m[1].related = true;
	send(t, tree, m, reply, 3);
	OK(reply[0].status);
	STATUS(reply[1].status, END_OF_FILE);
	/* [MS-SMB2] 3.3.5.2.7.2: SHOULD fail with the same error; Samba and
	 * Windows do */
	STATUS_IN(reply[2].status, NT_STATUS(END_OF_FILE), NT_STATUS_OK);
	if (NT_STATUS_IS_OK(reply[2].status)) {
		in.share_access = 0;
		OK(torture_try(t, tree, name, &in));
	}
}

static void related_first(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct cli_message m[2] = {create(t, tree, name, FILE_OPEN),
				   close_related(t, tree)};
	struct cli_reply reply[2];

	if (t->options->encrypt) {
		torture_skip("[MS-SMB2] 3.3.5.2.1.1 ends the connection");
	}
	m[0].related = true;
	m[0].twist.set = CLI_TWIST_ANY_ANSWER | CLI_TWIST_UNSIGNED;
	m[1].twist.set = CLI_TWIST_ANY_ANSWER | CLI_TWIST_UNSIGNED;
	send(t, tree, m, reply, 2);
	STATUS(reply[0].status, INVALID_PARAMETER);
	STATUS(reply[1].status, INVALID_PARAMETER);
}

static void related_without_handle(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct cli_message m[2] = {
		cli_message(t->mem, SMB2_ECHO, cli_tree_session(tree), tree),
		close_related(t, tree)};
	struct cli_reply reply[2];

	smb2_simple_encode(&m[0].w);
	send(t, tree, m, reply, 2);
	OK(reply[0].status);
	/* INVALID_PARAMETER when ECHO is taken to have no session and no tree
	 * either; Samba then says NETWORK_NAME_DELETED */
	STATUS_IN(reply[1].status, NT_STATUS(INVALID_HANDLE),
		  NT_STATUS(INVALID_PARAMETER),
		  NT_STATUS(NETWORK_NAME_DELETED));
}

static void related_after_close(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct cli_message m[3] = {create(t, tree, name, FILE_OPEN),
				   close_related(t, tree),
				   query_related(t, tree)};
	struct cli_reply reply[3];

	send(t, tree, m, reply, 3);
	OK(reply[0].status);
	OK(reply[1].status);
	STATUS(reply[2].status, FILE_CLOSED);
}

/* The id of the handle may be given, too; related counts for session and
 * tree. */
static void related_with_id(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, FILE_GENERIC_READ, FILE_OPEN, 0);
	struct smb2_read_request r = {.id = id, .length = 4};
	struct smb2_close_request c = {.id = SMB2_FILE_ID_RELATED};
	struct cli_message m[2] = {cli_read_message(t->mem, tree, &r),
				   cli_close_message(t->mem, tree, &c)};
	struct cli_reply reply[2];

	m[1].related = true;
	send(t, tree, m, reply, 2);
	OK(reply[0].status);
	OK(reply[1].status);
	STATUS(cli_close(tree, id), FILE_CLOSED);
}

static void unrelated(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	const char *missing = torture_path(t, tree, "is not there");
	struct cli_message m[3] = {create(t, tree, missing, FILE_OPEN),
				   create(t, tree, name, FILE_OPEN),
				   create(t, tree, name, FILE_OPEN)};
	struct smb2_create_response a, b;
	struct cli_reply reply[3];

	send(t, tree, m, reply, 3);
	STATUS(reply[0].status, OBJECT_NAME_NOT_FOUND);
	OK(reply[1].status);
	OK(reply[2].status);
	OK(smb2_create_response_decode(reply[1].pdu, &a));
	OK(smb2_create_response_decode(reply[2].pdu, &b));
	CHECK(a.id.volatile_id != b.id.volatile_id);
	OK(cli_close(tree, a.id));
	OK(cli_close(tree, b.id));
}

static void unrelated_other_sessions(struct torture *t)
{
	struct cli_tree *a = torture_tree(t);
	struct cli_conn *conn = cli_tree_conn(a);
	struct cli_tree *b = torture_tree_on(t, torture_session_on(t, conn));
	struct cli_message m[2] = {cli_message(t->mem, SMB2_TREE_DISCONNECT,
					       cli_tree_session(a), a),
				   cli_message(t->mem, SMB2_TREE_DISCONNECT,
					       cli_tree_session(b), b)};
	struct cli_reply reply[2];

	if (cli_session_encrypts(cli_tree_session(a))) {
		torture_skip("an encrypted frame has one session");
	}
	smb2_simple_encode(&m[0].w);
	smb2_simple_encode(&m[1].w);
	OK(cli_compound(t->mem, conn, m, reply, 2));
	OK(reply[0].status);
	OK(reply[1].status);
}

static void many(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct cli_conn *conn = cli_tree_conn(tree);
	const char *name = torture_file(t, tree, "file", "text");
	struct cli_message m[60];
	struct cli_reply reply[60];

	for (int i = 0; i < 50 && cli_conn_credits(conn) < 60; i++) {
		OK(cli_echo(conn, NULL));
	}
	for (size_t i = 0; i < COUNT_OF(m); i += 3) {
		m[i] = create(t, tree, name, FILE_OPEN);
		m[i + 1] = query_related(t, tree);
		m[i + 2] = close_related(t, tree);
		/* Windows allows the mix ([MS-SMB2] <268>), Samba as well;
		 * without it all but the first are related */
		if (i > 0) {
			m[i].related = true;
		}
	}
	send(t, tree, m, reply, COUNT_OF(m));
	for (size_t i = 0; i < COUNT_OF(m); i++) {
		OK(reply[i].status);
	}
}

/* --- offsets as they should not be ---------------------------------------- */

static void bad_next(struct torture *t, uint32_t next)
{
	struct cli_tree *tree = torture_tree(t);
	struct cli_conn *conn = cli_tree_conn(tree);
	struct cli_message m[2] = {create(t, tree, "", FILE_OPEN),
				   close_related(t, tree)};
	struct cli_reply reply[2];
	NTSTATUS status;

	torture_note("NextCommand 0x%x", next);
	cli_conn_set_timeout(conn, 5);
	m[0].twist.set = CLI_TWIST_NEXT_COMMAND | CLI_TWIST_ANY_ANSWER;
	m[0].twist.next_command = next;
	m[1].twist.set = CLI_TWIST_ANY_ANSWER;
	status = cli_compound(t->mem, conn, m, reply, 2);
	if (NT_STATUS_IS_OK(status)) {
		STATUS(reply[0].status, INVALID_PARAMETER);
		return;
	}
	STATUS_IN(status, NT_STATUS(CONNECTION_DISCONNECTED),
		  NT_STATUS(CONNECTION_RESET));
}

static void next_past_end(struct torture *t)
{
	bad_next(t, 0x1000);
	bad_next(t, 0xfffffff8);
	bad_next(t, 0x7ffffff8);
}

static void next_within_header(struct torture *t)
{
	bad_next(t, 8);
	bad_next(t, 56);
}

static void next_leaves_no_header(struct torture *t)
{
	/* create is 64 + 56 + 8 = 128 bytes, the close behind it 64 + 24 */
	bad_next(t, 128 + 64 + 24 - 8);
}

/* [MS-SMB2] 3.3.5.2.7: SHOULD disconnect.  Windows: ignores it (<267>). */
static void next_misaligned(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct cli_message m[2] = {create(t, tree, "", FILE_OPEN),
				   close_related(t, tree)};
	struct cli_reply reply[2];
	uint32_t length;
	NTSTATUS status;

	cli_conn_set_timeout(cli_tree_conn(tree), 5);
	wire_align(&m[0].w, 8);
	length = (uint32_t)m[0].w.length;
	m[0].twist.set = CLI_TWIST_NEXT_COMMAND | CLI_TWIST_ANY_ANSWER;
	m[0].twist.next_command = length - 4;
	m[1].twist.set = CLI_TWIST_ANY_ANSWER;
	status = cli_compound(t->mem, cli_tree_conn(tree), m, reply, 2);
	STATUS_IN(status, NT_STATUS(CONNECTION_DISCONNECTED),
		  NT_STATUS(CONNECTION_RESET));
}

const struct torture_test torture_compound_tests[] = {
	{"compound.related", "[MS-SMB2] 3.3.5.2.7.2", related, 0},
	{"compound.related_answers_marked", "[MS-SMB2] 3.3.5.2.7.2",
	 related_answers_marked, 0},
	{"compound.related_data", "[MS-SMB2] 3.3.5.2.7.2: create to close",
	 related_data, 0},
	{"compound.related_error_spreads", "[MS-SMB2] 3.3.5.2.7.2",
	 related_error_spreads, 0},
	{"compound.related_middle_fails", "[MS-SMB2] 3.3.5.2.7.2",
	 related_middle_fails, 0},
	{"compound.related_first",
	 "[MS-SMB2] 3.3.5.2.7.2 <269>: INVALID_PARAMETER for all",
	 related_first, 0},
	{"compound.related_without_handle",
	 "[MS-SMB2] 3.3.5.2.7.2: INVALID_HANDLE", related_without_handle, 0},
	{"compound.related_after_close", "[MS-SMB2] 3.3.5.2.7.2: FILE_CLOSED",
	 related_after_close, 0},
	{"compound.related_with_id", "[MS-SMB2] 3.3.5.2.7.2", related_with_id,
	 0},
	{"compound.unrelated", "[MS-SMB2] 3.3.5.2.7.1", unrelated, 0},
	{"compound.unrelated_other_sessions", "[MS-SMB2] 3.3.5.2.7.1",
	 unrelated_other_sessions, 0},
	{"compound.many", "[MS-SMB2] 3.3.5.2.7.2: sixty in one frame", many, 0},
	{"compound.next_past_end", "[MS-SMB2] 3.3.5.2.6, 2.2.1", next_past_end,
	 0},
	{"compound.next_within_header", "[MS-SMB2] 3.3.5.2.6, 2.2.1",
	 next_within_header, 0},
	{"compound.next_leaves_no_header", "[MS-SMB2] 3.3.5.2.6",
	 next_leaves_no_header, 0},
	{"compound.next_misaligned_disconnects", "[MS-SMB2] 3.3.5.2.7",
	 next_misaligned, 0},
	{NULL, NULL, NULL, 0},
};
