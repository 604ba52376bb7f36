/* torture/delete.c - deletion: on close, by FileDispositionInformation
 * ([MS-FSA] 2.1.5.5, 2.1.5.15.3). */
#include "torture/features.h"
#include "torture/util.h"

static bool is_there(struct torture *t, struct cli_tree *tree, const char *name)
{
	NTSTATUS status = torture_try_open(t, tree, name, FILE_READ_ATTRIBUTES,
					   FILE_OPEN, 0);

	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return false;
	}
	OK(status);
	return true;
}

static void on_close(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id = torture_open(t, tree, name, DELETE_ACCESS,
					      FILE_OPEN, FILE_DELETE_ON_CLOSE);

	OK(cli_close(tree, id));
	CHECK(!is_there(t, tree, name));
}

static void by_disposition(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, DELETE_ACCESS, FILE_OPEN, 0);

	OK(torture_set_delete(tree, id, true));
	OK(torture_set_delete(tree, id, false));
	OK(cli_close(tree, id));
	CHECK(is_there(t, tree, name));
	id = torture_open(t, tree, name, DELETE_ACCESS, FILE_OPEN, 0);
	OK(torture_set_delete(tree, id, true));
	OK(cli_close(tree, id));
	CHECK(!is_there(t, tree, name));
}

/* While it is pending nobody opens the file, and it goes with the last
 * handle, wherever that is. */
static void pending(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "text");
	struct smb2_file_id first =
		torture_open(t, a, name, DELETE_ACCESS, FILE_OPEN, 0);
	struct smb2_file_id second =
		torture_open(t, b, name, FILE_READ_DATA | FILE_READ_ATTRIBUTES,
			     FILE_OPEN, 0);
	struct fscc_standard standard;
	struct wire_reader out;
	struct blob data;

	OK(torture_set_delete(a, first, true));
	STATUS(torture_try_open(t, b, name, FILE_READ_ATTRIBUTES, FILE_OPEN, 0),
	       DELETE_PENDING);
	OK(torture_query(t, b, second, FileStandardInformation, 24, &out));
	OK(fscc_standard_decode(out, &standard));
	CHECK(standard.delete_pending);
	OK(cli_close(a, first));
	OK(torture_read(t, b, second, 0, 4, &data));
	STATUS(torture_try_open(t, a, name, FILE_READ_ATTRIBUTES, FILE_OPEN, 0),
	       DELETE_PENDING);
	OK(cli_close(b, second));
	CHECK(!is_there(t, a, name));
}

/* FILE_DELETE_ON_CLOSE takes effect when its own handle is closed. */
static void on_close_with_other_handles(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "text");
	struct smb2_file_id first = torture_open(
		t, a, name, DELETE_ACCESS, FILE_OPEN, FILE_DELETE_ON_CLOSE);
	struct smb2_file_id second =
		torture_open(t, b, name, FILE_READ_DATA, FILE_OPEN, 0);

	OK(cli_close(a, first));
	STATUS(torture_try_open(t, a, name, FILE_READ_ATTRIBUTES, FILE_OPEN, 0),
	       DELETE_PENDING);
	OK(cli_close(b, second));
	CHECK(!is_there(t, a, name));
}

static void readonly(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_path(t, tree, "file");
	struct smb2_create_request in =
		torture_request(TORTURE_ALL, FILE_CREATE, 0);
	struct smb2_file_id id;

	in.file_attributes = FILE_ATTRIBUTE_READONLY;
	OK(torture_try(t, tree, name, &in));
	id = torture_open(t, tree, name, DELETE_ACCESS, FILE_OPEN, 0);
	STATUS(torture_set_delete(tree, id, true), CANNOT_DELETE);
	OK(cli_close(tree, id));
	STATUS(torture_try_open(t, tree, name, DELETE_ACCESS, FILE_OPEN,
				FILE_DELETE_ON_CLOSE),
	       CANNOT_DELETE);
	CHECK(is_there(t, tree, name));
}

static void new_readonly_on_close(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_create_request in =
		torture_request(TORTURE_ALL, FILE_CREATE, FILE_DELETE_ON_CLOSE);

	in.file_attributes = FILE_ATTRIBUTE_READONLY;
	STATUS(torture_try(t, tree, torture_path(t, tree, "file"), &in),
	       CANNOT_DELETE);
	CHECK(!is_there(t, tree, torture_path(t, tree, "file")));
}

static void directory(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	const char *file = torture_file(t, tree, "dir\\file", "text");
	struct smb2_file_id id = torture_open(t, tree, dir, DELETE_ACCESS,
					      FILE_OPEN, FILE_DIRECTORY_FILE);

	STATUS(torture_set_delete(tree, id, true), DIRECTORY_NOT_EMPTY);
	OK(torture_try_open(t, tree, file, DELETE_ACCESS, FILE_OPEN,
			    FILE_DELETE_ON_CLOSE));
	OK(torture_set_delete(tree, id, true));
	STATUS(torture_try_open(t, tree, file, TORTURE_ALL, FILE_OPEN_IF, 0),
	       DELETE_PENDING);
	OK(cli_close(tree, id));
	CHECK(!is_there(t, tree, dir));
}

/* FileDispositionInformationEx, or the test is skipped. */
static void set_disposition_ex(struct cli_tree *tree, struct smb2_file_id id,
			       uint8_t flags)
{
	const uint8_t info[4] = {flags};
	NTSTATUS status = torture_set(tree, id, FileDispositionInformationEx,
				      info, sizeof(info));

	if (NT_STATUS_IS(status, NOT_SUPPORTED) ||
	    NT_STATUS_IS(status, INVALID_INFO_CLASS) ||
	    NT_STATUS_IS(status, INVALID_LEVEL)) {
		torture_skip("no FileDispositionInformationEx");
	}
	OK(status);
}

/* FileDispositionInformationEx: the file loses its name at once. */
static void posix_semantics(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "text");
	struct smb2_file_id first =
		torture_open(t, a, name, DELETE_ACCESS, FILE_OPEN, 0);
	struct smb2_file_id second =
		torture_open(t, b, name, FILE_READ_DATA, FILE_OPEN, 0);
	struct blob data;

	set_disposition_ex(a, first,
			   FILE_DISPOSITION_DELETE |
				   FILE_DISPOSITION_POSIX_SEMANTICS);
	OK(cli_close(a, first));
	CHECK(!is_there(t, a, name));
	OK(torture_read(t, b, second, 0, 4, &data));
	OK(cli_close(b, second));
}

static void disposition_ex(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, DELETE_ACCESS, FILE_OPEN, 0);

	set_disposition_ex(tree, id, FILE_DISPOSITION_DELETE);
	OK(cli_close(tree, id));
	CHECK(!is_there(t, tree, name));
}

const struct torture_test torture_delete_tests[] = {
	{"delete.on_close", "[MS-FSA] 2.1.5.5", on_close, 0},
	{"delete.by_disposition", "[MS-FSA] 2.1.5.15.3", by_disposition, 0},
	{"delete.pending", "[MS-FSA] 2.1.5.1.2: DELETE_PENDING", pending, 0},
	{"delete.on_close_with_other_handles", "[MS-FSA] 2.1.5.5",
	 on_close_with_other_handles, 0},
	{"delete.readonly", "[MS-FSA] 2.1.5.15.3: CANNOT_DELETE", readonly, 0},
	{"delete.new_readonly_on_close", "[MS-FSA] 2.1.5.1.1: CANNOT_DELETE",
	 new_readonly_on_close, 0},
	{"delete.directory", "[MS-FSA] 2.1.5.15.3: DIRECTORY_NOT_EMPTY",
	 directory, 0},
	{"delete.posix_semantics", "[MS-FSA] 2.1.5.15.4", posix_semantics, 0},
	{"delete.disposition_ex", "[MS-FSA] 2.1.5.15.4", disposition_ex, 0},
	{NULL, NULL, NULL, 0},
};
