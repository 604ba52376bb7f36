/* torture/share.c - share modes, across connections ([MS-FSA] 2.1.5.1.2). */
#include "torture/features.h"
#include "torture/util.h"

static NTSTATUS open_as(struct torture *t, struct cli_tree *tree,
			const char *name, uint32_t access, uint32_t share,
			struct smb2_create_response *out)
{
	struct smb2_create_request in = torture_request(access, FILE_OPEN, 0);

	in.share_access = share;
	return cli_create(t->mem, tree, name, &in, NULL, out);
}

/* Does an open with access fit into what another one shares? */
static bool fits(uint32_t access, uint32_t share)
{
	if ((access & (FILE_READ_DATA | FILE_EXECUTE)) != 0 &&
	    (share & FILE_SHARE_READ) == 0) {
		return false;
	}
	if ((access & (FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0 &&
	    (share & FILE_SHARE_WRITE) == 0) {
		return false;
	}
	return (access & DELETE_ACCESS) == 0 ||
	       (share & FILE_SHARE_DELETE) != 0;
}

static bool looks_only(uint32_t access)
{
	return (access & (FILE_READ_DATA | FILE_EXECUTE | FILE_WRITE_DATA |
			  FILE_APPEND_DATA | DELETE_ACCESS)) == 0;
}

/* Every access with every sharing against every other, on two connections. */
static void matrix(struct torture *t)
{
	static const uint32_t accesses[] = {FILE_READ_DATA,
					    FILE_WRITE_DATA,
					    FILE_READ_ATTRIBUTES,
					    FILE_APPEND_DATA,
					    DELETE_ACCESS,
					    FILE_EXECUTE,
					    FILE_READ_DATA | FILE_WRITE_DATA};
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "text");

	for (uint32_t i = 0; i < COUNT_OF(accesses) * 8; i++) {
		uint32_t access1 = accesses[i / 8], share1 = i % 8;
		struct smb2_create_response first;

		OK(open_as(t, a, name, access1, share1, &first));
		for (uint32_t j = 0; j < COUNT_OF(accesses) * 8; j++) {
			uint32_t access2 = accesses[j / 8], share2 = j % 8;
			struct smb2_create_response out;
			bool ok = looks_only(access1) || looks_only(access2) ||
				  (fits(access2, share1) &&
				   fits(access1, share2));
			NTSTATUS status =
				open_as(t, b, name, access2, share2, &out);

			if (NT_STATUS_IS_OK(status)) {
				OK(cli_close(b, out.id));
			}
			if (ok != NT_STATUS_IS_OK(status)) {
				FAIL("access 0x%x sharing %u, then access "
				     "0x%x sharing %u: %s",
				     access1, share1, access2, share2,
				     ntstatus_name(status));
			}
			if (!ok) {
				STATUS(status, SHARING_VIOLATION);
			}
		}
		OK(cli_close(a, first.id));
	}
}

static void freed_by_close(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "text");
	struct smb2_create_response first, second;

	OK(open_as(t, a, name, FILE_READ_DATA, 0, &first));
	STATUS(open_as(t, b, name, FILE_READ_DATA, FILE_SHARE_ALL, &second),
	       SHARING_VIOLATION);
	OK(cli_close(a, first.id));
	OK(open_as(t, b, name, FILE_READ_DATA, 0, &second));
	OK(cli_close(b, second.id));
}

/* The server sees the end of a connection some time after it. */
static void freed_by_disconnect(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, b, "file", "text");
	struct smb2_create_response first, second;
	NTSTATUS status = NT_STATUS_OK;

	OK(open_as(t, a, name, FILE_READ_DATA, 0, &first));
	STATUS(open_as(t, b, name, FILE_READ_DATA, 0, &second),
	       SHARING_VIOLATION);
	talloc_free(cli_tree_conn(a));
	for (int i = 0; i < 100; i++) {
		status = open_as(t, b, name, FILE_READ_DATA, 0, &second);
		if (!NT_STATUS_IS(status, SHARING_VIOLATION)) {
			break;
		}
		cli_wait_ms(t->ev, 50);
	}
	OK(status);
}

/* Creating counts like opening: what is made is not shared. */
static void new_file(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_path(t, a, "new");
	struct smb2_create_request in =
		torture_request(TORTURE_ALL, FILE_CREATE, 0);
	struct smb2_create_response out, second;

	in.share_access = 0;
	OK(cli_create(t->mem, a, name, &in, NULL, &out));
	STATUS(open_as(t, b, name, FILE_READ_DATA, FILE_SHARE_ALL, &second),
	       SHARING_VIOLATION);
	OK(open_as(t, b, name, FILE_READ_ATTRIBUTES, 0, &second));
	OK(cli_close(b, second.id));
	OK(cli_close(a, out.id));
}

/* Overwriting needs what FILE_WRITE_DATA needs ([MS-FSA] 2.1.5.1.2.1), and
 * nothing is lost when it is refused. */
static void overwrite(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "text");
	struct smb2_create_request in =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OVERWRITE_IF, 0);
	struct smb2_create_response first;

	OK(open_as(t, a, name, FILE_READ_DATA, FILE_SHARE_READ, &first));
	STATUS(torture_try(t, b, name, &in), SHARING_VIOLATION);
	in.create_disposition = FILE_SUPERSEDE;
	STATUS(torture_try(t, b, name, &in), SHARING_VIOLATION);
	torture_content_is(t, b, name, "text", 4);
	OK(cli_close(a, first.id));
}

static void directories_too(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_mkdir(t, a, "dir");
	struct smb2_create_response first, second;

	OK(open_as(t, a, name, FILE_LIST_DIRECTORY, 0, &first));
	STATUS(open_as(t, b, name, FILE_LIST_DIRECTORY, FILE_SHARE_ALL,
		       &second),
	       SHARING_VIOLATION);
	OK(cli_close(a, first.id));
}

/* Hundreds of holders of one file. */
static void many_holders(struct torture *t)
{
	struct cli_tree *trees[4];
	struct smb2_create_response out;
	const char *name;

	for (size_t i = 0; i < COUNT_OF(trees); i++) {
		trees[i] = torture_tree(t);
	}
	name = torture_file(t, trees[0], "file", "text");
	for (size_t i = 0; i < 200; i++) {
		OK(open_as(t, trees[i % 4], name, FILE_READ_DATA,
			   FILE_SHARE_READ, &out));
	}
	STATUS(open_as(t, trees[0], name, FILE_WRITE_DATA, FILE_SHARE_ALL,
		       &out),
	       SHARING_VIOLATION);
}

#define MANY 120

/* They leave in another order than they came, and each counts until it has
 * gone. */
static void many_leave(struct torture *t)
{
	struct cli_tree *trees[4];
	struct smb2_create_response opens[MANY], out;
	const char *name;

	for (size_t i = 0; i < COUNT_OF(trees); i++) {
		trees[i] = torture_tree(t);
	}
	name = torture_file(t, trees[0], "file", "text");
	for (size_t i = 0; i < MANY; i++) {
		bool writes = i % 10 == 0;

		OK(open_as(t, trees[i % 4], name,
			   writes ? FILE_WRITE_DATA : FILE_READ_DATA,
			   FILE_SHARE_READ | FILE_SHARE_WRITE, &opens[i]));
	}
	for (size_t i = 0; i < MANY; i++) {
		size_t k = i * 7 % MANY;

		STATUS(open_as(t, trees[0], name, DELETE_ACCESS, FILE_SHARE_ALL,
			       &out),
		       SHARING_VIOLATION);
		OK(cli_close(trees[k % 4], opens[k].id));
	}
	OK(open_as(t, trees[0], name, DELETE_ACCESS, 0, &out));
	STATUS(open_as(t, trees[1], name, FILE_READ_DATA, FILE_SHARE_ALL,
		       &opens[0]),
	       SHARING_VIOLATION);
	OK(torture_set_delete(trees[0], out.id, true));
	OK(cli_close(trees[0], out.id));
	STATUS(open_as(t, trees[1], name, FILE_READ_DATA, FILE_SHARE_ALL, &out),
	       OBJECT_NAME_NOT_FOUND);
}

/* Deletion at the last close, of very many. */
static void many_delete(struct torture *t)
{
	struct cli_tree *a = torture_tree(t), *b = torture_tree(t);
	const char *name = torture_file(t, a, "file", "text");
	struct smb2_create_response opens[MANY], out;

	for (size_t i = 0; i < MANY; i++) {
		OK(open_as(t, i % 2 == 0 ? a : b, name,
			   FILE_READ_DATA | DELETE_ACCESS, FILE_SHARE_ALL,
			   &opens[i]));
	}
	OK(torture_set_delete(b, opens[MANY / 2 + 1].id, true));
	for (size_t i = 0; i < MANY; i++) {
		STATUS(open_as(t, a, name, FILE_READ_ATTRIBUTES, FILE_SHARE_ALL,
			       &out),
		       DELETE_PENDING);
		OK(cli_close(i % 2 == 0 ? a : b, opens[i].id));
	}
	STATUS(open_as(t, a, name, FILE_READ_ATTRIBUTES, FILE_SHARE_ALL, &out),
	       OBJECT_NAME_NOT_FOUND);
}

const struct torture_test torture_share_tests[] = {
	{"share.matrix", "[MS-FSA] 2.1.5.1.2.2: SHARING_VIOLATION", matrix, 60},
	{"share.freed_by_close", "[MS-FSA] 2.1.5.5", freed_by_close, 0},
	{"share.freed_by_disconnect", "[MS-SMB2] 3.3.7.1", freed_by_disconnect,
	 0},
	{"share.new_file", "[MS-FSA] 2.1.5.1.1", new_file, 0},
	{"share.overwrite", "[MS-FSA] 2.1.5.1.2.1", overwrite, 0},
	{"share.directories_too", "[MS-FSA] 2.1.5.1.2.2", directories_too, 0},
	{"share.many_holders", "[MS-FSA] 2.1.5.1.2.2", many_holders, 0},
	{"share.many_leave", "[MS-FSA] 2.1.5.5", many_leave, 0},
	{"share.many_delete", "[MS-FSA] 2.1.5.5", many_delete, 0},
	{NULL, NULL, NULL, 0},
};
