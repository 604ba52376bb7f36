/* torture/symlink.c - symlinks ([MS-SMB2] 2.2.2.2.1, [MS-FSCC] 2.1.2.4).  What
 * a server does with them is its own affair in part: these tests make them by
 * the protocol and hold for one that follows those that stay in the share, and
 * for one that follows none. */
#include <string.h>

#include "smb2/error.h"
#include "torture/features.h"
#include "torture/point.h"

#define MAX_TRIES 50

/* --- made and kept ------------------------------------------------------- */

static void symlink_kept(struct torture *t)
{
	static const struct {
		const char *target;
		bool relative;
	} links[] = {
		{"file", true},
		{"..\\..\\a b\\\xc3\xa9", true},
		{"\\??\\C:\\Windows", false},
		{"\\??\\UNC\\server\\share\\x", false},
	};
	struct cli_tree *tree = torture_tree(t);

	for (size_t i = 0; i < COUNT_OF(links); i++) {
		const char *path = point_make_link(
			t, tree, talloc_asprintf(t->mem, "link%zu", i),
			links[i].target, links[i].relative);
		struct reparse_symlink got = point_link_of(t, tree, path);
		struct smb2_file_id id = point_open(t, tree, path);

		CHECK(strcmp(got.substitute, links[i].target) == 0);
		EQUAL(got.relative, links[i].relative);
		point_tag_is(t, tree, id, IO_REPARSE_TAG_SYMLINK);
		OK(cli_close(tree, id));
	}
}

/* The handle that has made it, and others to what was there. */
static void symlink_handles(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_path(t, tree, "link");
	struct smb2_file_id a =
		torture_open(t, tree, path, POINT_ACCESS, FILE_CREATE,
			     FILE_OPEN_REPARSE_POINT);
	struct smb2_file_id b =
		torture_open(t, tree, path, POINT_ACCESS, FILE_OPEN,
			     FILE_OPEN_REPARSE_POINT);
	struct blob out;

	OK(point_set(t, tree, a, point_link(t, "x", true)));
	point_tag_is(t, tree, a, IO_REPARSE_TAG_SYMLINK);
	STATUS(torture_read(t, tree, a, 0, 10, &out), END_OF_FILE);
	STATUS(torture_read(t, tree, b, 0, 10, &out), END_OF_FILE);
	OK(cli_close(tree, b));
	OK(torture_set_delete(tree, a, true));
	OK(cli_close(tree, a));
	STATUS(point_try(t, tree, path), OBJECT_NAME_NOT_FOUND);
}

static void symlink_needs_empty_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_file(t, tree, "file", "text");
	struct smb2_file_id id = point_open(t, tree, path);

	STATUS(point_set(t, tree, id, point_link(t, "x", true)),
	       IO_REPARSE_DATA_INVALID);
	OK(cli_close(tree, id));
	torture_content_is(t, tree, path, "text", 4);
}

/* The answer to an open that a symlink stops. */
static bool stopped(struct torture *t, struct cli_tree *tree, const char *name,
		    struct smb2_symlink_error *out)
{
	struct smb2_create_request in =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	struct cli_message m =
		cli_create_message(t->mem, tree, name, &in, NULL);
	struct cli_reply reply;
	struct smb2_error error;
	struct wire_reader data;

	OK(cli_compound(t->mem, cli_tree_conn(tree), &m, &reply, 1));
	if (!NT_STATUS_IS(reply.status, STOPPED_ON_SYMLINK)) {
		return false;
	}
	OK(smb2_error_decode(reply.pdu, &error));
	EQUAL(error.context_count,
	      cli_conn_negotiated(cli_tree_conn(tree))->dialect ==
			      SMB2_DIALECT_311
		      ? 1
		      : 0);
	OK(smb2_error_context_find(&error, SMB2_ERROR_ID_DEFAULT, &data));
	OK(smb2_symlink_error_decode(data, out));
	return true;
}

static void stop_is(struct torture *t, struct cli_tree *tree, const char *name,
		    const char *target, size_t unparsed, bool relative)
{
	struct smb2_symlink_error e;
	struct blob want;

	if (!stopped(t, tree, name, &e)) {
		FAIL("%s: is not stopped", name);
	}
	OK(utf8_to_utf16(t->mem, target, &want));
	EQUAL(e.unparsed_path_length, 2 * unparsed);
	EQUAL(e.flags, relative ? SYMLINK_FLAG_RELATIVE : 0);
	EQUAL(e.substitute_name.length, want.length);
	CHECK(memcmp(e.substitute_name.data, want.data, want.length) == 0);
}

/* [MS-SMB2] 2.2.2.2.1: what leads to nothing in the share is the client's. */
static void symlink_error_on(struct torture *t, struct cli_tree *tree)
{
	const char *link = point_make_link(t, tree, "link", "no\\where", true);
	const char *abs = point_make_link(t, tree, "abs", "\\??\\C:\\x", false);

	stop_is(t, tree, link, "no\\where", 0, true);
	stop_is(t, tree, talloc_asprintf(t->mem, "%s\\a\\b", link), "no\\where",
		4, true);
	/* An emoji is two units of UTF-16. */
	stop_is(t, tree, talloc_asprintf(t->mem, "%s\\\xf0\x9f\x98\x80", link),
		"no\\where", 3, true);
	stop_is(t, tree, talloc_asprintf(t->mem, "%s:s", link), "no\\where", 2,
		true);
	stop_is(t, tree, abs, "\\??\\C:\\x", 0, false);
	stop_is(t, tree, talloc_asprintf(t->mem, "%s\\y", abs), "\\??\\C:\\x",
		2, false);
}

static void symlink_error(struct torture *t)
{
	symlink_error_on(t, torture_tree(t));
}

static void symlink_error_old(struct torture *t)
{
	struct cli_conn *conn = torture_dialect(t, SMB2_DIALECT_210);

	symlink_error_on(t, torture_tree_on(t, torture_session_on(t, conn)));
}

/* Follows as [MS-SMB2] 2.2.2.2.1.1 says, until something is opened. */
static NTSTATUS follow(struct torture *t, struct cli_tree *tree,
		       const char *name, unsigned int *out_steps)
{
	for (unsigned int i = 0; i < MAX_TRIES; i++) {
		struct smb2_symlink_error e;
		size_t units, last;
		char *target = NULL;
		char *head;

		*out_steps = i;
		if (!stopped(t, tree, name, &e)) {
			return point_try(t, tree, name);
		}
		units = e.unparsed_path_length / 2; /* ASCII */
		CHECK(units < strlen(name));
		head = talloc_strndup(t->mem, name, strlen(name) - units);
		last = strrchr(head, '\\') == NULL
			       ? 0
			       : (size_t)(strrchr(head, '\\') - head) + 1;
		OK(utf16_to_utf8(t->mem, e.substitute_name.data,
				 e.substitute_name.length, &target));
		CHECK(e.flags == SYMLINK_FLAG_RELATIVE);
		name = talloc_asprintf(t->mem, "%.*s%s%s", (int)last, head,
				       target, name + strlen(head));
	}
	return NT_STATUS(REPARSE_POINT_NOT_RESOLVED);
}

static void symlink_to_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	const char *link = point_make_link(t, tree, "link", "dir", true);
	unsigned int steps = 0;

	torture_file(t, tree, "dir\\file", "text");
	OK(follow(t, tree, talloc_asprintf(t->mem, "%s\\file", link), &steps));
	OK(follow(t, tree, talloc_asprintf(t->mem, "%s\\file", dir), &steps));
	STATUS(follow(t, tree, talloc_asprintf(t->mem, "%s\\none", link),
		      &steps),
	       OBJECT_NAME_NOT_FOUND);
}

static void symlink_loop(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *a = point_make_link(t, tree, "a", "b", true);
	const char *b = point_make_link(t, tree, "b", "a", true);
	struct smb2_symlink_error e;

	CHECK(stopped(t, tree, a, &e));
	CHECK(stopped(t, tree, b, &e));
	CHECK(stopped(t, tree, talloc_asprintf(t->mem, "%s\\x", a), &e));
	torture_is_alive(cli_tree_conn(tree));
}

static void symlink_chain(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *last = torture_file(t, tree, "l0", "text");
	unsigned int steps = 0;

	for (int i = 1; i <= 45; i++) {
		last = point_make_link(
			t, tree, talloc_asprintf(t->mem, "l%d", i),
			talloc_asprintf(t->mem, "l%d", i - 1), true);
	}
	OK(follow(t, tree, last, &steps));
}

/* Nothing of the server is reached, whatever they say. */
static void symlink_escape(struct torture *t)
{
	static const struct {
		const char *target;
		bool relative;
	} links[] = {
		{"..\\..\\..\\..\\..\\..\\..\\..\\etc", true},
		{"\\etc", false},
		{"\\proc\\self\\root\\etc", false},
		{"..\\..", true},
		{".\\..\\.\\..\\..\\etc", true},
	};
	struct cli_tree *tree = torture_tree(t);
	struct smb2_symlink_error e;

	for (size_t i = 0; i < COUNT_OF(links); i++) {
		const char *link = point_make_link(
			t, tree, talloc_asprintf(t->mem, "link%zu", i),
			links[i].target, links[i].relative);
		const char *below = talloc_asprintf(t->mem, "%s\\passwd", link);
		struct smb2_create_request in = torture_request(
			FILE_READ_DATA, FILE_OPEN_IF, FILE_NON_DIRECTORY_FILE);

		if (i != 3) { /* that may be the share's root */
			CHECK(stopped(t, tree, link, &e));
		}
		CHECK(stopped(t, tree, below, &e) ||
		      NT_STATUS_IS(point_try(t, tree, below),
				   OBJECT_NAME_NOT_FOUND));
		if (i != 3) {
			STATUS(torture_try(t, tree, below, &in),
			       STOPPED_ON_SYMLINK);
		}
	}
}

/* One symlink by way of another. */
static void symlink_escape_chain(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *in = point_make_link(t, tree, "in", "out\\passwd", true);
	struct smb2_symlink_error e;

	point_make_link(t, tree, "out", "..\\..\\..\\..\\..\\..\\etc", true);
	CHECK(stopped(t, tree, in, &e));
}

static void symlink_replaced(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = point_make_link(t, tree, "link", "one", true);
	struct smb2_file_id id = point_open(t, tree, path);

	OK(point_set(t, tree, id, point_link(t, "two", true)));
	CHECK(strcmp(point_link_of(t, tree, path).substitute, "two") == 0);
	OK(point_drop(t, tree, id, IO_REPARSE_TAG_SYMLINK));
	point_tag_is(t, tree, id, 0);
	OK(cli_close(tree, id));
	torture_content_is(t, tree, path, "", 0);
}

static void symlink_renamed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *target = torture_file(t, tree, "file", "text");
	const char *link = point_make_link(t, tree, "link", "file", true);
	const char *other = point_make_link(t, tree, "other", "file", true);
	struct smb2_file_id id = point_open(t, tree, link);

	OK(torture_rename(tree, id, other, true));
	OK(cli_close(tree, id));
	CHECK(strcmp(point_link_of(t, tree, other).substitute, "file") == 0);
	STATUS(torture_try_open(t, tree, link, POINT_ACCESS, FILE_OPEN,
				FILE_OPEN_REPARSE_POINT),
	       OBJECT_NAME_NOT_FOUND);
	torture_content_is(t, tree, target, "text", 4);
}

static void symlink_deleted(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	const char *file = torture_file(t, tree, "dir\\file", "text");
	const char *link = point_make_link(t, tree, "link", "dir", true);
	struct smb2_file_id id =
		torture_open(t, tree, link, DELETE_ACCESS, FILE_OPEN,
			     FILE_OPEN_REPARSE_POINT | FILE_DELETE_ON_CLOSE);

	OK(cli_close(tree, id));
	STATUS(torture_try_open(t, tree, link, POINT_ACCESS, FILE_OPEN,
				FILE_OPEN_REPARSE_POINT),
	       OBJECT_NAME_NOT_FOUND);
	OK(point_try(t, tree, dir));
	torture_content_is(t, tree, file, "text", 4);
}

static void symlink_no_data(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = point_make_link(t, tree, "link", "x", true);
	struct smb2_file_id id;
	struct blob out;

	STATUS_IN(torture_try_open(t, tree, path, POINT_ACCESS, FILE_OVERWRITE,
				   0),
		  NT_STATUS(STOPPED_ON_SYMLINK));
	STATUS(torture_try_open(t, tree, path, POINT_ACCESS, FILE_CREATE,
				FILE_OPEN_REPARSE_POINT),
	       OBJECT_NAME_COLLISION);
	id = point_open(t, tree, path);
	STATUS(torture_read(t, tree, id, 0, 1, &out), END_OF_FILE);
	OK(cli_close(tree, id));
	CHECK(strcmp(point_link_of(t, tree, path).substitute, "x") == 0);
}

/* Who has negotiated the POSIX extensions has symlinks of his own, and is told
 * of each. */
static void symlink_posix_client(struct torture *t)
{
	const struct cli_negotiate_options o = {
		.dialects = {SMB2_DIALECT_311},
		.dialect_count = 1,
		.posix = true,
	};
	struct cli_conn *conn = torture_negotiate_with(t, &o);
	struct cli_tree *tree = torture_tree_on(t, torture_session_on(t, conn));
	const char *link;

	if (!cli_conn_negotiated(conn)->posix) {
		torture_skip("the server has no POSIX extensions");
	}
	torture_mkdir(t, tree, "dir");
	torture_file(t, tree, "dir\\file", "text");
	link = point_make_link(t, tree, "link", "dir", true);
	stop_is(t, tree, link, "dir", 0, true);
	stop_is(t, tree, talloc_asprintf(t->mem, "%s\\file", link), "dir", 5,
		true);
}

/* --- the table ----------------------------------------------------------- */

#define SET  "[MS-FSA] 2.1.5.10.37"
#define STOP "[MS-SMB2] 2.2.2.2.1"

const struct torture_test torture_symlink_tests[] = {
	{"symlink.kept", "[MS-FSCC] 2.1.2.4", symlink_kept, 0},
	{"symlink.handles", SET, symlink_handles, 0},
	{"symlink.needs_empty_file", SET, symlink_needs_empty_file, 0},
	{"symlink.error", STOP, symlink_error, 0},
	{"symlink.error_old_dialect", STOP, symlink_error_old, 0},
	{"symlink.to_directory", STOP ".1", symlink_to_file, 0},
	{"symlink.posix_client", STOP, symlink_posix_client, 0},
	{"symlink.loop", STOP, symlink_loop, 0},
	{"symlink.chain", STOP ".1", symlink_chain, 0},
	{"symlink.escape", STOP, symlink_escape, 0},
	{"symlink.escape_chain", STOP, symlink_escape_chain, 0},
	{"symlink.replaced", SET, symlink_replaced, 0},
	{"symlink.renamed", "[MS-FSA] 2.1.5.15.12", symlink_renamed, 0},
	{"symlink.deleted", "[MS-FSA] 2.1.5.1", symlink_deleted, 0},
	{"symlink.no_data", "[MS-FSA] 2.1.5.1.2", symlink_no_data, 0},
	{NULL, NULL, NULL, 0},
};
