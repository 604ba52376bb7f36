/* torture/rename.c - FileRenameInformation ([MS-FSA] 2.1.5.15.12). */
#include "torture/features.h"
#include "torture/util.h"

static bool is_there(struct torture *t, struct cli_tree *tree, const char *name)
{
	return NT_STATUS_IS_OK(torture_try_open(
		t, tree, name, FILE_READ_ATTRIBUTES, FILE_OPEN, 0));
}

static NTSTATUS rename_to(struct torture *t, struct cli_tree *tree,
			  const char *from, const char *to, bool replace)
{
	struct smb2_file_id id =
		torture_open(t, tree, from, DELETE_ACCESS, FILE_OPEN, 0);
	NTSTATUS status = torture_rename(tree, id, to, replace);

	OK(cli_close(tree, id));
	return status;
}

static void simple(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_file(t, tree, "from", "text");
	const char *to = torture_path(t, tree, "to");

	OK(rename_to(t, tree, from, to, false));
	CHECK(!is_there(t, tree, from));
	torture_content_is(t, tree, to, "text", 4);
}

static void to_other_directory(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_file(t, tree, "from", "text");
	const char *to;

	torture_mkdir(t, tree, "dir");
	to = torture_path(t, tree, "dir\\to");
	OK(rename_to(t, tree, from, to, false));
	CHECK(!is_there(t, tree, from));
	torture_content_is(t, tree, to, "text", 4);
}

static void collision(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_file(t, tree, "from", "new");
	const char *to = torture_file(t, tree, "to", "old");

	STATUS(rename_to(t, tree, from, to, false), OBJECT_NAME_COLLISION);
	torture_content_is(t, tree, to, "old", 3);
	OK(rename_to(t, tree, from, to, true));
	torture_content_is(t, tree, to, "new", 3);
	CHECK(!is_there(t, tree, from));
}

static void replace_open_file(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *from = torture_file(t, a, "from", "new");
	const char *to = torture_file(t, a, "to", "old");
	struct smb2_file_id held =
		torture_open(t, b, to, FILE_READ_DATA, FILE_OPEN, 0);

	STATUS(rename_to(t, a, from, to, true), ACCESS_DENIED);
	OK(cli_close(b, held));
	torture_content_is(t, a, to, "old", 3);
}

static void replace_directory(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_file(t, tree, "from", "new");
	const char *to = torture_mkdir(t, tree, "dir");

	STATUS(rename_to(t, tree, from, to, true), ACCESS_DENIED);
	STATUS(rename_to(t, tree, from, to, false), OBJECT_NAME_COLLISION);
}

static void case_only(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_file(t, tree, "lower", "text");

	OK(rename_to(t, tree, from, torture_path(t, tree, "LOWER"), false));
	torture_content_is(t, tree, torture_path(t, tree, "LOWER"), "text", 4);
	OK(rename_to(t, tree, torture_path(t, tree, "LOWER"),
		     torture_path(t, tree, "LOWER"), false));
}

static void missing_target_directory(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_file(t, tree, "from", "text");

	STATUS(rename_to(t, tree, from, torture_path(t, tree, "no\\to"), false),
	       OBJECT_PATH_NOT_FOUND);
	torture_content_is(t, tree, from, "text", 4);
}

static void invalid_name(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_file(t, tree, "from", "text");

	STATUS(rename_to(t, tree, from, torture_path(t, tree, "a*b"), false),
	       OBJECT_NAME_INVALID);
	CHECK(NT_STATUS_IS_ERR(
		rename_to(t, tree, from, "..\\..\\..\\escaped", false)));
	torture_content_is(t, tree, from, "text", 4);
}

static void directory_renamed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_mkdir(t, tree, "dir");

	torture_file(t, tree, "dir\\file", "text");
	OK(rename_to(t, tree, from, torture_path(t, tree, "moved"), false));
	torture_content_is(t, tree, torture_path(t, tree, "moved\\file"),
			   "text", 4);
	CHECK(!is_there(t, tree, from));
}

/* [MS-FSA] 2.1.5.15.12: not while something below it is open. */
static void directory_with_open_file(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *from = torture_mkdir(t, a, "dir");
	const char *file = torture_file(t, a, "dir\\file", "text");
	struct smb2_file_id held =
		torture_open(t, b, file, FILE_READ_DATA, FILE_OPEN, 0);

	STATUS(rename_to(t, a, from, torture_path(t, a, "moved"), false),
	       ACCESS_DENIED);
	OK(cli_close(b, held));
	OK(rename_to(t, a, from, torture_path(t, a, "moved"), false));
}

static void into_itself(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_mkdir(t, tree, "dir");

	CHECK(NT_STATUS_IS_ERR(rename_to(
		t, tree, from, torture_path(t, tree, "dir\\below"), false)));
	CHECK(is_there(t, tree, from));
}

/* The handle goes on with the file, under its new name. */
static void handle_survives(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *from = torture_file(t, a, "from", "text");
	const char *to = torture_path(t, a, "to");
	struct smb2_file_id id =
		torture_open(t, a, from, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_create_request in =
		torture_request(FILE_WRITE_DATA, FILE_OPEN, 0);
	struct blob data = {0};

	OK(torture_rename(a, id, to, false));
	OK(torture_read(t, a, id, 0, 4, &data));
	EQUAL(data.length, 4);
	/* its share mode went along */
	in.share_access = FILE_SHARE_WRITE | FILE_SHARE_DELETE;
	STATUS(torture_try(t, b, to, &in), SHARING_VIOLATION);
	OK(cli_close(a, id));
	torture_content_is(t, b, to, "text", 4);
}

static void malformed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *from = torture_file(t, tree, "from", "text");
	struct smb2_file_id id =
		torture_open(t, tree, from, DELETE_ACCESS, FILE_OPEN, 0);
	uint8_t data[32] = {0};

	STATUS_IN(torture_set(tree, id, FileRenameInformation, data, 4),
		  NT_STATUS(INFO_LENGTH_MISMATCH),
		  NT_STATUS(INVALID_PARAMETER));
	data[16] = 200; /* the name is longer than what is there */
	STATUS_IN(torture_set(tree, id, FileRenameInformation, data,
			      sizeof(data)),
		  NT_STATUS(INFO_LENGTH_MISMATCH),
		  NT_STATUS(INVALID_PARAMETER));
	data[16] = 0xff;
	data[17] = 0xff;
	data[18] = 0xff;
	data[19] = 0xff;
	STATUS_IN(torture_set(tree, id, FileRenameInformation, data,
			      sizeof(data)),
		  NT_STATUS(INFO_LENGTH_MISMATCH),
		  NT_STATUS(INVALID_PARAMETER));
	OK(cli_close(tree, id));
	torture_content_is(t, tree, from, "text", 4);
}

const struct torture_test torture_rename_tests[] = {
	{"rename.simple", "[MS-FSA] 2.1.5.15.12", simple, 0},
	{"rename.to_other_directory", "[MS-FSA] 2.1.5.15.12",
	 to_other_directory, 0},
	{"rename.collision", "[MS-FSA] 2.1.5.15.12: OBJECT_NAME_COLLISION",
	 collision, 0},
	{"rename.replace_open_file", "[MS-FSA] 2.1.5.15.12: ACCESS_DENIED",
	 replace_open_file, 0},
	{"rename.replace_directory", "[MS-FSA] 2.1.5.15.12: ACCESS_DENIED",
	 replace_directory, 0},
	{"rename.case_only", "[MS-FSA] 2.1.5.15.12", case_only, 0},
	{"rename.missing_target_directory",
	 "[MS-FSA] 2.1.5.15.12: OBJECT_PATH_NOT_FOUND",
	 missing_target_directory, 0},
	{"rename.invalid_name", "[MS-FSCC] 2.1.5: OBJECT_NAME_INVALID",
	 invalid_name, 0},
	{"rename.directory", "[MS-FSA] 2.1.5.15.12", directory_renamed, 0},
	{"rename.directory_with_open_file",
	 "[MS-FSA] 2.1.5.15.12: ACCESS_DENIED", directory_with_open_file, 0},
	{"rename.into_itself", "no loop of directories", into_itself, 0},
	{"rename.handle_survives", "[MS-FSA] 2.1.5.15.12", handle_survives, 0},
	{"rename.malformed", "[MS-FSCC] 2.4.42", malformed, 0},
	{NULL, NULL, NULL, 0},
};
