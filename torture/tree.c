/* torture/tree.c - TREE_CONNECT and TREE_DISCONNECT ([MS-SMB2] 3.3.5.7,
 * 3.3.5.8). */
#include <ctype.h>
#include <string.h>

#include "smb2/simple.h"
#include "smb2/tree_connect.h"
#include "torture/features.h"
#include "torture/util.h"

static void disk_share(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);

	EQUAL(cli_tree_share_type(tree), SMB2_SHARE_TYPE_DISK);
	CHECK(cli_tree_id(tree) != 0 && cli_tree_id(tree) != UINT32_MAX);
	CHECK((cli_tree_maximal_access(tree) & FILE_READ_DATA) != 0);
}

static void unknown_share(struct torture *t)
{
	struct cli_tree *tree;

	STATUS(cli_tree_connect(torture_session(t), "no-such-share", &tree),
	       BAD_NETWORK_NAME);
}

static void case_does_not_matter(struct torture *t)
{
	char *name = talloc_strdup(t->mem, t->options->share);
	struct cli_tree *tree;

	for (char *p = name; *p != '\0'; p++) {
		*p = (char)(isupper((unsigned char)*p)
				    ? tolower((unsigned char)*p)
				    : toupper((unsigned char)*p));
	}
	OK(cli_tree_connect(torture_session(t), name, &tree));
}

static void ipc(struct torture *t)
{
	struct cli_session *session = torture_session(t);
	struct cli_tree *tree = NULL;

	OK(cli_tree_connect(session, "IPC$", &tree));
	EQUAL(cli_tree_share_type(tree), SMB2_SHARE_TYPE_PIPE);
	OK(cli_tree_connect(session, "ipc$", &tree));
}

/* The name of the server in the path is not looked at, so that aliases work. */
static void any_server_name(struct torture *t)
{
	char *path = talloc_asprintf(t->mem, "\\\\some.alias.example\\%s",
				     t->options->share);
	struct cli_tree *tree;

	OK(cli_tree_connect(torture_session(t), path, &tree));
}

static void malformed_path(struct torture *t)
{
	static const char *const paths[] = {"\\", "\\\\", "\\nothing",
					    "\\\\server", "\\\\server\\"};
	struct cli_session *session = torture_session(t);

	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct cli_tree *tree;

		torture_note("path %s", paths[i]);
		/* Windows: BAD_NETWORK_NAME for some of these */
		STATUS_IN(cli_tree_connect(session, paths[i], &tree),
			  NT_STATUS(INVALID_PARAMETER),
			  NT_STATUS(BAD_NETWORK_NAME));
	}
}

static struct cli_message connect_message(struct torture *t,
					  struct cli_session *session)
{
	struct cli_message m =
		cli_message(t->mem, SMB2_TREE_CONNECT, session, NULL);
	struct wire_writer name = wire_writer(t->mem, 1024);
	struct smb2_tree_connect_request in = {0};

	wire_put_utf16(&name, "\\\\server\\");
	wire_put_utf16(&name, t->options->share);
	in.path = wire_reader(name.data, name.length);
	smb2_tree_connect_request_encode(&m.w, &in);
	return m;
}

static void path_past_end(struct torture *t)
{
	struct cli_session *session = torture_session(t);
	struct cli_message m = connect_message(t, session);
	struct cli_reply reply;

	wire_patch_u16(&m.w, SMB2_HEADER_SIZE + 6, 0x7ffe);
	STATUS(cli_call(t->mem, cli_session_conn(session), &m, &reply),
	       INVALID_PARAMETER);
}

static void odd_path_length(struct torture *t)
{
	struct cli_session *session = torture_session(t);
	struct cli_message m = connect_message(t, session);
	struct cli_reply reply;

	wire_patch_u16(&m.w, SMB2_HEADER_SIZE + 6, 5);
	CHECK(NT_STATUS_IS_ERR(
		cli_call(t->mem, cli_session_conn(session), &m, &reply)));
	torture_is_alive(cli_session_conn(session));
}

/* [MS-SMB2] 3.3.5.7: of 3.1.1, for it covers the negotiation.  Samba answers
 * ACCESS_DENIED before it drops the connection. */
static void unsigned_311(struct torture *t)
{
	struct cli_session *session =
		torture_session_on(t, torture_dialect(t, SMB2_DIALECT_311));
	struct cli_message m = connect_message(t, session);
	struct cli_reply reply;

	if (t->options->user == NULL) {
		torture_skip("needs -U");
	}
	m.twist.set = CLI_TWIST_UNSIGNED | CLI_TWIST_PLAIN;
	STATUS_IN(cli_call(t->mem, cli_session_conn(session), &m, &reply),
		  NT_STATUS(CONNECTION_DISCONNECTED),
		  NT_STATUS(CONNECTION_RESET));
}

static void disconnect_then_use(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct cli_tree *other = torture_tree_on(t, cli_tree_session(tree));

	OK(cli_tree_disconnect(tree));
	STATUS(torture_try_open(t, tree, "", FILE_READ_ATTRIBUTES, FILE_OPEN,
				0),
	       NETWORK_NAME_DELETED);
	STATUS(cli_tree_disconnect(tree), NETWORK_NAME_DELETED);
	OK(torture_try_open(t, other, "", FILE_READ_ATTRIBUTES, FILE_OPEN, 0));
}

static void disconnect_closes_files(struct torture *t)
{
	struct cli_tree *a = torture_tree(t);
	struct cli_tree *b = torture_tree_on(t, cli_tree_session(a));
	const char *name = torture_file(t, b, "file", "x");
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);
	struct smb2_create_response out;

	in.share_access = 0;
	OK(cli_create(t->mem, a, name, &in, NULL, &out));
	STATUS(torture_try(t, b, name, &in), SHARING_VIOLATION);
	OK(cli_tree_disconnect(a));
	OK(torture_try(t, b, name, &in));
	STATUS(cli_close(a, out.id), NETWORK_NAME_DELETED);
}

static void wrong_tree_id(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	static const uint32_t ids[] = {0, 0x7fffff00, UINT32_MAX};

	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		struct smb2_create_request in =
			torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
		struct cli_message m =
			cli_create_message(t->mem, tree, "", &in, NULL);
		struct cli_reply reply;

		m.twist.set = CLI_TWIST_TREE_ID;
		m.twist.tree_id = ids[i];
		STATUS(cli_call(t->mem, cli_tree_conn(tree), &m, &reply),
		       NETWORK_NAME_DELETED);
	}
}

/* A handle is good for the tree it was opened on. */
static void handle_of_other_tree(struct torture *t)
{
	struct cli_tree *a = torture_tree(t);
	struct cli_tree *b = torture_tree_on(t, cli_tree_session(a));
	const char *name = torture_file(t, a, "file", "text");
	struct smb2_file_id id =
		torture_open(t, a, name, FILE_GENERIC_READ, FILE_OPEN, 0);
	struct blob out;

	STATUS(torture_read(t, b, id, 0, 4, &out), FILE_CLOSED);
	OK(torture_read(t, a, id, 0, 4, &out));
	OK(cli_close(a, id));
}

static void many_trees(struct torture *t)
{
	struct cli_session *session = torture_session(t);
	struct cli_tree *trees[200];

	for (size_t i = 0; i < COUNT_OF(trees); i++) {
		trees[i] = torture_tree_on(t, session);
		for (size_t j = 0; j < i; j++) {
			CHECK(cli_tree_id(trees[i]) != cli_tree_id(trees[j]));
		}
	}
	for (size_t i = 0; i < COUNT_OF(trees); i++) {
		OK(cli_tree_disconnect(trees[i]));
	}
}

const struct torture_test torture_tree_tests[] = {
	{"tree.disk_share", "[MS-SMB2] 2.2.10", disk_share, 0},
	{"tree.unknown_share", "[MS-SMB2] 3.3.5.7: BAD_NETWORK_NAME",
	 unknown_share, 0},
	{"tree.case_does_not_matter", "[MS-SMB2] 3.3.5.7, [MS-SRVS] 2.2.2",
	 case_does_not_matter, 0},
	{"tree.ipc", "[MS-SMB2] 2.2.10: a share of pipes", ipc, 0},
	{"tree.any_server_name", "[MS-SRVS] 3.1.6.8", any_server_name, 0},
	{"tree.malformed_path", "[MS-SMB2] 3.3.5.7", malformed_path, 0},
	{"tree.path_past_end", "[MS-SMB2] 3.3.5.2.6: INVALID_PARAMETER",
	 path_past_end, 0},
	{"tree.odd_path_length", "[MS-SMB2] 2.2.9: UTF-16", odd_path_length, 0},
	{"tree.unsigned_3.1.1_disconnects", "[MS-SMB2] 3.3.5.7", unsigned_311,
	 0},
	{"tree.disconnect_then_use", "[MS-SMB2] 3.3.5.8, 3.3.5.2.11",
	 disconnect_then_use, 0},
	{"tree.disconnect_closes_files", "[MS-SMB2] 3.3.5.8",
	 disconnect_closes_files, 0},
	{"tree.wrong_id", "[MS-SMB2] 3.3.5.2.11: NETWORK_NAME_DELETED",
	 wrong_tree_id, 0},
	{"tree.handle_of_other_tree", "[MS-SMB2] 3.3.5.12: FILE_CLOSED",
	 handle_of_other_tree, 0},
	{"tree.many", "[MS-SMB2] 3.3.5.7: ids are unique", many_trees, 0},
	{NULL, NULL, NULL, 0},
};
