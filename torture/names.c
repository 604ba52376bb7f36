/* torture/names.c - names: case, characters, lengths, paths that would leave
 * the share ([MS-FSCC] 2.1.5). */
#include <string.h>

#include "torture/features.h"
#include "torture/util.h"

static NTSTATUS try_name(struct torture *t, struct cli_tree *tree,
			 const char *leaf)
{
	return torture_try_open(t, tree, torture_path(t, tree, leaf),
				TORTURE_ALL, FILE_OPEN_IF, 0);
}

static void case_does_not_matter(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);

	torture_mkdir(t, tree, "Dir");
	torture_file(t, tree, "Dir\\MixedCase.TXT", "text");
	STATUS(torture_try_open(t, tree,
				torture_path(t, tree, "dIR\\mixedcase.txt"),
				FILE_GENERIC_READ, FILE_CREATE, 0),
	       OBJECT_NAME_COLLISION);
	torture_content_is(t, tree, torture_path(t, tree, "DIR\\MIXEDCASE.txt"),
			   "text", 4);
}

static void case_beyond_ascii(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);

	torture_file(t, tree, "Ärger-Straße-Ωmega", "text");
	torture_content_is(t, tree, torture_path(t, tree, "äRGER-strAße-ωMEGA"),
			   "text", 4);
}

struct wanted {
	const char *name;
	bool found;
};

static bool look_for(void *private_data, const char *name,
		     const struct fscc_dir_entry *e)
{
	struct wanted *w = private_data;

	w->found = w->found || strcmp(name, w->name) == 0;
	return true;
}

static bool is_listed(struct torture *t, struct cli_tree *tree,
		      const char *name)
{
	struct wanted w = {.name = name};
	struct smb2_file_id id =
		torture_open(t, tree, torture_dir(t, tree), FILE_GENERIC_READ,
			     FILE_OPEN, FILE_DIRECTORY_FILE);

	OK(torture_list_dir(t, tree, id, "*", FileNamesInformation, 65536,
			    look_for, &w));
	OK(cli_close(tree, id));
	return w.found;
}

static void case_is_kept(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);

	torture_file(t, tree, "KeepsItsCase", "x");
	OK(try_name(t, tree, "keepsitscase"));
	CHECK(is_listed(t, tree, "KeepsItsCase"));
	CHECK(!is_listed(t, tree, "keepsitscase"));
}

static void unicode(struct torture *t)
{
	static const char *const names[] = {"日本語のファイル",
					    "Ελληνικά",
					    "emoji 😀 beyond the BMP",
					    "e\xcc\x81 combining",
					    "שלום",
					    "a.b.c..d",
					    " leading space",
					    "#%&{}+=,;[]'`~!@$()-^_"};
	struct cli_tree *tree = torture_tree(t);

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		torture_note("name %s", names[i]);
		torture_file(t, tree, names[i], "text");
		CHECK(is_listed(t, tree, names[i]));
		torture_content_is(t, tree, torture_path(t, tree, names[i]),
				   "text", 4);
	}
}

static void characters_refused(struct torture *t)
{
	static const char *const names[] = {"a*b", "a?b",  "a<b",   "a>b",
					    "a|b", "a\"b", "a\x01z"};
	struct cli_tree *tree = torture_tree(t);

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		torture_note("name %s", names[i]);
		STATUS(try_name(t, tree, names[i]), OBJECT_NAME_INVALID);
	}
}

static void length_limit(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	char name[400];

	memset(name, 'n', sizeof(name));
	name[255] = '\0';
	OK(try_name(t, tree, name));
	name[255] = 'n';
	name[256] = '\0';
	STATUS_IN(try_name(t, tree, name), NT_STATUS(OBJECT_NAME_INVALID),
		  NT_STATUS(NAME_TOO_LONG), NT_STATUS(OBJECT_NAME_NOT_FOUND));
	name[256] = 'n';
	name[399] = '\0';
	STATUS_IN(try_name(t, tree, name), NT_STATUS(OBJECT_NAME_INVALID),
		  NT_STATUS(NAME_TOO_LONG), NT_STATUS(OBJECT_NAME_NOT_FOUND));
}

/* None of these is above the share, whatever its status. */
static void cannot_leave_share(struct torture *t)
{
	static const char *const names[] = {
		"..\\etc\\passwd",
		"..\\..\\..\\..\\etc\\passwd",
		"dir\\..\\..\\..\\..\\..\\etc\\passwd",
		".\\..\\..\\etc\\passwd",
		"../../../../etc/passwd",
		"dir\\../../../../etc/passwd",
		"/etc/passwd",
	};
	struct cli_tree *tree = torture_tree(t);

	torture_mkdir(t, tree, "dir");
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		NTSTATUS status = torture_try_open(
			t, tree, names[i], FILE_GENERIC_READ, FILE_OPEN, 0);

		torture_note("name %s", names[i]);
		CHECK(NT_STATUS_IS_ERR(status));
	}
}

/* "." and ".." in the middle and at the end, never above the root; the first
 * component cannot be left (Windows: [MS-SMB2] note 303). */
static void dot_names(struct torture *t)
{
	/* what stands before the test's folder, and behind */
	static const char *const same[][2] = {
		{"", "\\dir\\..\\file"},
		{"", "\\.\\file"},
		{"..\\", "\\file"},
		{"..\\..\\.\\", "\\dir\\..\\file"},
		{"", "\\not there\\..\\file"},
		{"", "\\dir\\.\\..\\.\\file"},
	};
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_dir(t, tree);

	torture_mkdir(t, tree, "dir");
	torture_file(t, tree, "file", "text");
	for (size_t i = 0; i < COUNT_OF(same); i++) {
		const char *name = talloc_asprintf(t->mem, "%s%s%s", same[i][0],
						   dir, same[i][1]);

		torture_note("name %s", name);
		torture_content_is(t, tree, name, "text", 4);
	}
	/* Windows: what is above the share's root is not named. */
	STATUS(torture_try_open(t, tree, "..", FILE_GENERIC_READ, FILE_OPEN,
				FILE_DIRECTORY_FILE),
	       OBJECT_PATH_SYNTAX_BAD);
	STATUS(torture_try_open(t, tree,
				talloc_asprintf(t->mem, "x\\..\\%s", dir),
				FILE_GENERIC_READ, FILE_OPEN, 0),
	       INVALID_PARAMETER);
}

/* [MS-FSCC] 2.1.5.2: a period or space at the end belongs to the name. */
static void ends(struct torture *t)
{
	static const char *const names[] = {"end", "end.", "end ", "end.."};
	struct cli_tree *tree = torture_tree(t);

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		torture_file(t, tree, names[i], names[i]);
	}
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		torture_content_is(t, tree, torture_path(t, tree, names[i]),
				   names[i], strlen(names[i]));
	}
}

static void leading_backslash(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);

	/* [MS-SMB2] 2.2.13, 3.3.5.9 */
	STATUS(torture_try_open(t, tree, "\\", FILE_GENERIC_READ, FILE_OPEN, 0),
	       INVALID_PARAMETER);
	STATUS(torture_try_open(t, tree, "\\name", FILE_GENERIC_READ, FILE_OPEN,
				0),
	       INVALID_PARAMETER);
}

/* [MS-FSA] 2.1.5.1 phases 6 and 7: what says that a component is a
 * directory. */
static void directory_suffixes(struct torture *t)
{
	static const char *const suffixes[] = {":$I30", "::$INDEX_ALLOCATION",
					       ":$i30:$index_allocation"};
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");

	torture_file(t, tree, "dir\\file", "text");
	for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
		torture_content_is(
			t, tree,
			talloc_asprintf(t->mem, "%s%s\\file", dir, suffixes[i]),
			"text", 4);
	}
	OK(torture_try_open(t, tree,
			    talloc_asprintf(t->mem, "%s%s", dir, suffixes[1]),
			    FILE_GENERIC_READ, FILE_OPEN, FILE_DIRECTORY_FILE));
	STATUS(torture_try_open(t, tree,
				talloc_asprintf(t->mem, "%s::$DATA\\file", dir),
				FILE_GENERIC_READ, FILE_OPEN, 0),
	       OBJECT_NAME_INVALID);
	STATUS(torture_try_open(
		       t, tree,
		       talloc_asprintf(t->mem, "%s:x:$INDEX_ALLOCATION", dir),
		       FILE_GENERIC_READ, FILE_OPEN, 0),
	       INVALID_PARAMETER);
}

static void trailing_backslash(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);

	torture_file(t, tree, "file", "x");
	STATUS(torture_try_open(t, tree, torture_path(t, tree, "file\\"),
				FILE_GENERIC_READ, FILE_OPEN,
				FILE_NON_DIRECTORY_FILE),
	       OBJECT_NAME_INVALID);
}

static void raw_name(struct torture *t, const void *bytes, size_t length,
		     uint16_t claimed)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_create_request in =
		torture_request(FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	struct cli_message m;
	struct cli_reply reply;

	in.name = wire_reader(bytes, length);
	m = cli_create_message(t->mem, tree, NULL, &in, NULL);
	wire_patch_u16(&m.w, SMB2_HEADER_SIZE + 46, claimed);
	STATUS(cli_call(t->mem, cli_tree_conn(tree), &m, &reply),
	       INVALID_PARAMETER);
	torture_is_alive(cli_tree_conn(tree));
}

static void odd_length(struct torture *t)
{
	raw_name(t, "a\0b\0", 4, 3);
}

static void past_end(struct torture *t)
{
	raw_name(t, "a\0b\0", 4, 0xfffe);
}

/* A lone surrogate is a name on NTFS; it must not end the connection. */
static void lone_surrogate(struct torture *t)
{
	static const uint8_t name[] = {'x', 0, 0x00, 0xd8, 'y', 0};
	struct cli_tree *tree = torture_tree(t);
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);
	NTSTATUS status;

	in.name = wire_reader(name, sizeof(name));
	status = torture_try(t, tree, NULL, &in);
	CHECK(NT_STATUS_IS_ERR(status));
	torture_is_alive(cli_tree_conn(tree));
}

static void nul_inside(struct torture *t)
{
	static const uint8_t name[] = {'x', 0, 0, 0, 'y', 0};
	struct cli_tree *tree = torture_tree(t);
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN_IF, 0);
	NTSTATUS status;

	in.name = wire_reader(name, sizeof(name));
	status = torture_try(t, tree, NULL, &in);
	CHECK(NT_STATUS_IS_ERR(status));
	torture_is_alive(cli_tree_conn(tree));
}

const struct torture_test torture_names_tests[] = {
	{"names.case_does_not_matter", "[MS-FSA] 2.1.5.1 phase 6",
	 case_does_not_matter, 0},
	{"names.case_beyond_ascii", "[MS-FSA] 2.1.5.1 phase 6",
	 case_beyond_ascii, 0},
	{"names.case_is_kept", "FILE_CASE_PRESERVED_NAMES", case_is_kept, 0},
	{"names.unicode", "[MS-FSCC] 2.1.5", unicode, 0},
	{"names.characters_refused", "[MS-FSCC] 2.1.5.2: OBJECT_NAME_INVALID",
	 characters_refused, 0},
	{"names.length_limit", "[MS-FSCC] 2.1.5.2: 255 characters",
	 length_limit, 0},
	{"names.cannot_leave_share", "no name leads out of the share",
	 cannot_leave_share, 0},
	{"names.dot_names", "[MS-FSCC] 2.1.5.1", dot_names, 0},
	{"names.leading_backslash", "[MS-SMB2] 3.3.5.9: INVALID_PARAMETER",
	 leading_backslash, 0},
	{"names.ends", "[MS-FSCC] 2.1.5.2: periods and spaces", ends, 0},
	{"names.directory_suffixes", "[MS-FSA] 2.1.5.1", directory_suffixes, 0},
	{"names.trailing_backslash", "[MS-FSA] 2.1.5.1: OBJECT_NAME_INVALID",
	 trailing_backslash, 0},
	{"names.odd_length", "[MS-SMB2] 3.3.5.9: INVALID_PARAMETER", odd_length,
	 0},
	{"names.past_end", "[MS-SMB2] 3.3.5.9: INVALID_PARAMETER", past_end, 0},
	{"names.lone_surrogate", "[MS-FSCC] 2.1.5: survives", lone_surrogate,
	 0},
	{"names.nul_inside", "[MS-FSCC] 2.1.5.2: refused", nul_inside, 0},
	{NULL, NULL, NULL, 0},
};
