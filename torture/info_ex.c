/* torture/info_ex.c - FileDispositionInformationEx and FileRenameInformationEx
 * ([MS-FSCC] 2.4.12, 2.4.43; [MS-FSA] 2.1.5.15.4). */
#include "torture/features.h"
#include "torture/util.h"

#define POSIX_DELETE                                                           \
	(FILE_DISPOSITION_DELETE | FILE_DISPOSITION_POSIX_SEMANTICS)

static NTSTATUS dispose(struct cli_tree *tree, struct smb2_file_id id,
			uint32_t flags)
{
	const uint8_t info[4] = {(uint8_t)flags, (uint8_t)(flags >> 8)};

	return torture_set(tree, id, FileDispositionInformationEx, info, 4);
}

static NTSTATUS rename_ex(struct torture *t, struct cli_tree *tree,
			  struct smb2_file_id id, const char *name,
			  uint32_t flags)
{
	struct wire_writer w = wire_writer(t->mem, 4096);
	struct wire_writer utf16 = wire_writer(t->mem, 4096);
	struct fscc_rename in = {.flags = flags};
	struct blob text, out;

	wire_put_utf16(&utf16, name);
	OK(wire_finish(&utf16, &text));
	in.name = wire_reader(text.data, text.length);
	fscc_rename_put(&w, FileRenameInformationEx, &in);
	OK(wire_finish(&w, &out));
	return torture_set(tree, id, FileRenameInformationEx, out.data,
			   out.length);
}

static NTSTATUS look(struct torture *t, struct cli_tree *tree, const char *name)
{
	return torture_try_open(t, tree, name, FILE_READ_ATTRIBUTES, FILE_OPEN,
				0);
}

static void make_readonly(struct torture *t, struct cli_tree *tree,
			  const char *name)
{
	struct smb2_create_request in =
		torture_request(TORTURE_ALL, FILE_CREATE, 0);

	in.file_attributes = FILE_ATTRIBUTE_READONLY;
	OK(torture_try(t, tree, name, &in));
}

/* --- deletion --------------------------------------------------------------
 */

/* The name goes with the handle that deletes; the others see no link, read,
 * write and close; the name is free for another file. */
static void others_live_on(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "text");
	struct smb2_file_id first =
		torture_open(t, a, name, DELETE_ACCESS, FILE_OPEN, 0);
	struct smb2_file_id second =
		torture_open(t, b, name, TORTURE_ALL, FILE_OPEN, 0);
	struct fscc_standard standard = {0};
	struct wire_reader out;
	struct blob data;

	OK(dispose(a, first, POSIX_DELETE));
	STATUS(look(t, b, name), DELETE_PENDING);
	OK(cli_close(a, first));
	STATUS(look(t, b, name), OBJECT_NAME_NOT_FOUND);
	OK(torture_write(b, second, 4, "more", 4));
	OK(torture_read(t, b, second, 0, 8, &data));
	EQUAL(data.length, 8);
	OK(torture_query(t, b, second, FileStandardInformation, 24, &out));
	OK(fscc_standard_decode(out, &standard));
	EQUAL(standard.number_of_links, 0);
	CHECK(standard.delete_pending);
	STATUS(torture_rename(b, second, torture_path(t, b, "new"), false),
	       ACCESS_DENIED);
	OK(torture_try_open(t, a, name, TORTURE_ALL, FILE_CREATE, 0));
	OK(cli_close(b, second));
	torture_content_is(t, a, name, "", 0);
}

/* A large stream of the file lives on, too. */
static void streams_live_on(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "text");
	const char *stream = talloc_asprintf(t->mem, "%s:large", name);
	uint8_t *bytes = talloc_zero_size(t->mem, 100000);
	struct smb2_file_id first =
		torture_open(t, a, stream, TORTURE_ALL, FILE_CREATE, 0);
	struct smb2_file_id second;
	struct blob data;

	bytes[99999] = 42;
	OK(torture_write(a, first, 0, bytes, 65536));
	OK(torture_write(a, first, 65536, bytes + 65536, 100000 - 65536));
	OK(cli_close(a, first));
	second = torture_open(t, b, stream, FILE_READ_DATA, FILE_OPEN, 0);
	first = torture_open(t, a, name, DELETE_ACCESS, FILE_OPEN, 0);
	OK(dispose(a, first, POSIX_DELETE));
	OK(cli_close(a, first));
	STATUS(look(t, a, name), OBJECT_NAME_NOT_FOUND);
	OK(torture_read(t, b, second, 99999, 1, &data));
	EQUAL(data.length, 1);
	EQUAL(data.data[0], 42);
	OK(cli_close(b, second));
}

/* Taken back before the close, nothing goes. */
static void taken_back(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "text");
	struct smb2_file_id first =
		torture_open(t, a, name, DELETE_ACCESS, FILE_OPEN, 0);
	struct smb2_file_id second =
		torture_open(t, b, name, DELETE_ACCESS, FILE_OPEN, 0);

	OK(dispose(a, first, POSIX_DELETE));
	OK(dispose(b, second, 0));
	OK(cli_close(a, first));
	OK(look(t, b, name));
	OK(cli_close(b, second));
	OK(look(t, b, name));
}

static void directory(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *dir = torture_mkdir(t, a, "dir");
	const char *file = torture_file(t, a, "dir\\file", "text");
	struct smb2_file_id first = torture_open(
		t, a, dir, DELETE_ACCESS, FILE_OPEN, FILE_DIRECTORY_FILE);
	struct smb2_file_id second = torture_open(
		t, b, dir, FILE_GENERIC_READ, FILE_OPEN, FILE_DIRECTORY_FILE);

	STATUS(dispose(a, first, POSIX_DELETE), DIRECTORY_NOT_EMPTY);
	OK(torture_try_open(t, a, file, DELETE_ACCESS, FILE_OPEN,
			    FILE_DELETE_ON_CLOSE));
	OK(dispose(a, first, POSIX_DELETE));
	OK(cli_close(a, first));
	STATUS(look(t, b, dir), OBJECT_NAME_NOT_FOUND);
	OK(cli_close(b, second));
}

/* A file with two names keeps the other one. */
static void one_link_of_two(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "text");
	const char *other = torture_path(t, a, "other");
	struct smb2_file_id first =
		torture_open(t, a, name, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_file_id second =
		torture_open(t, b, name, TORTURE_ALL, FILE_OPEN, 0);
	struct wire_writer w = wire_writer(t->mem, 4096);
	struct wire_writer utf16 = wire_writer(t->mem, 4096);
	struct fscc_rename in = {0};
	struct blob text, out;

	wire_put_utf16(&utf16, other);
	OK(wire_finish(&utf16, &text));
	in.name = wire_reader(text.data, text.length);
	fscc_rename_put(&w, FileLinkInformation, &in);
	OK(wire_finish(&w, &out));
	OK(torture_set(a, first, FileLinkInformation, out.data, out.length));
	OK(dispose(a, first, POSIX_DELETE));
	OK(cli_close(a, first));
	STATUS(look(t, a, name), OBJECT_NAME_NOT_FOUND);
	OK(look(t, a, other));
	OK(cli_close(b, second));
	torture_content_is(t, a, other, "text", 4);
}

static void readonly(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_path(t, tree, "file");
	struct smb2_file_id id;

	make_readonly(t, tree, name);
	id = torture_open(t, tree, name, DELETE_ACCESS, FILE_OPEN, 0);
	STATUS(dispose(tree, id, FILE_DISPOSITION_DELETE), CANNOT_DELETE);
	/* Not without FILE_WRITE_ATTRIBUTES. */
	STATUS(dispose(tree, id,
		       FILE_DISPOSITION_DELETE |
			       FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE),
	       CANNOT_DELETE);
	OK(cli_close(tree, id));
	id = torture_open(t, tree, name, DELETE_ACCESS | FILE_WRITE_ATTRIBUTES,
			  FILE_OPEN, 0);
	OK(dispose(tree, id,
		   FILE_DISPOSITION_DELETE |
			   FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE));
	OK(cli_close(tree, id));
	STATUS(look(t, tree, name), OBJECT_NAME_NOT_FOUND);
}

/* FILE_DELETE_ON_CLOSE with POSIX semantics, set and taken back. */
static void on_close(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "text");
	struct smb2_file_id plain =
		torture_open(t, a, name, DELETE_ACCESS, FILE_OPEN, 0);
	struct smb2_file_id first = torture_open(
		t, a, name, DELETE_ACCESS, FILE_OPEN, FILE_DELETE_ON_CLOSE);
	struct smb2_file_id second =
		torture_open(t, b, name, FILE_READ_DATA, FILE_OPEN, 0);

	STATUS(dispose(a, plain, POSIX_DELETE | FILE_DISPOSITION_ON_CLOSE),
	       NOT_SUPPORTED);
	OK(cli_close(a, plain));
	OK(dispose(a, first, POSIX_DELETE | FILE_DISPOSITION_ON_CLOSE));
	OK(look(t, b, name));
	OK(cli_close(a, first));
	STATUS(look(t, b, name), OBJECT_NAME_NOT_FOUND);
	OK(cli_close(b, second));
}

static void flags_unknown(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, DELETE_ACCESS, FILE_OPEN, 0);
	struct smb2_file_id weak =
		torture_open(t, tree, name, FILE_READ_DATA, FILE_OPEN, 0);

	STATUS(dispose(tree, id, 0x20), NOT_SUPPORTED);
	STATUS(dispose(tree, weak, POSIX_DELETE), ACCESS_DENIED);
	STATUS(rename_ex(t, tree, id, torture_path(t, tree, "x"), 0x400),
	       NOT_SUPPORTED);
	OK(cli_close(tree, id));
	OK(look(t, tree, name));
}

/* --- renaming --------------------------------------------------------------
 */

/* The target's opens go on with what they had. */
static void replaces_open_file(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *from = torture_file(t, a, "from", "new");
	const char *to = torture_file(t, a, "to", "old text");
	struct smb2_file_id id =
		torture_open(t, a, from, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_file_id held =
		torture_open(t, b, to, FILE_READ_DATA, FILE_OPEN, 0);
	struct blob data;

	STATUS(rename_ex(t, a, id, to, 0), OBJECT_NAME_COLLISION);
	STATUS(rename_ex(t, a, id, to, FILE_RENAME_POSIX_SEMANTICS),
	       OBJECT_NAME_COLLISION);
	STATUS(rename_ex(t, a, id, to, FILE_RENAME_REPLACE_IF_EXISTS),
	       ACCESS_DENIED);
	OK(rename_ex(t, a, id, to,
		     FILE_RENAME_REPLACE_IF_EXISTS |
			     FILE_RENAME_POSIX_SEMANTICS));
	OK(cli_close(a, id));
	torture_content_is(t, a, to, "new", 3);
	OK(torture_read(t, b, held, 0, 8, &data));
	EQUAL(data.length, 8);
	OK(cli_close(b, held));
	torture_content_is(t, a, to, "new", 3);
	STATUS(look(t, a, from), OBJECT_NAME_NOT_FOUND);
}

static void replaces_readonly_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_file(t, tree, "from", "new");
	const char *to = torture_path(t, tree, "to");
	struct smb2_file_id id =
		torture_open(t, tree, from, TORTURE_ALL, FILE_OPEN, 0);

	make_readonly(t, tree, to);
	STATUS(rename_ex(t, tree, id, to, FILE_RENAME_REPLACE_IF_EXISTS),
	       ACCESS_DENIED);
	OK(rename_ex(t, tree, id, to,
		     FILE_RENAME_REPLACE_IF_EXISTS |
			     FILE_RENAME_IGNORE_READONLY_ATTRIBUTE));
	OK(cli_close(tree, id));
	torture_content_is(t, tree, to, "new", 3);
}

const struct torture_test torture_info_ex_tests[] = {
	{"info_ex.others_live_on", "[MS-FSCC] 2.4.12: POSIX_SEMANTICS",
	 others_live_on, 0},
	{"info_ex.streams_live_on", "[MS-FSCC] 2.4.12: the data streams",
	 streams_live_on, 0},
	{"info_ex.taken_back", "[MS-FSA] 2.1.5.15.4", taken_back, 0},
	{"info_ex.directory", "[MS-FSA] 2.1.5.15.4: DIRECTORY_NOT_EMPTY",
	 directory, 0},
	{"info_ex.one_link_of_two", "[MS-FSCC] 2.4.12", one_link_of_two, 0},
	{"info_ex.readonly", "[MS-FSA] 2.1.5.15.4: IGNORE_READONLY_ATTRIBUTE",
	 readonly, 0},
	{"info_ex.on_close", "[MS-FSCC] 2.4.12: ON_CLOSE", on_close, 0},
	{"info_ex.flags_unknown", "[MS-FSA] 2.1.5.15.4: NOT_SUPPORTED",
	 flags_unknown, 0},
	{"info_ex.replaces_open_file", "[MS-FSCC] 2.4.43: POSIX_SEMANTICS",
	 replaces_open_file, 0},
	{"info_ex.replaces_readonly_file",
	 "[MS-FSCC] 2.4.43: IGNORE_READONLY_ATTRIBUTE", replaces_readonly_file,
	 0},
	{NULL, NULL, NULL, 0},
};
