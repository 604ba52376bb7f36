/* torture/directory.c - QUERY_DIRECTORY ([MS-SMB2] 3.3.5.18, [MS-FSA]
 * 2.1.5.6.3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "torture/features.h"
#include "torture/util.h"

#define MANY 2000

static const enum file_information_class classes[] = {
	FileDirectoryInformation,	FileFullDirectoryInformation,
	FileBothDirectoryInformation,	FileNamesInformation,
	FileIdBothDirectoryInformation, FileIdFullDirectoryInformation,
};

/* Names and what was said of them. */
struct listing {
	struct torture *t;
	size_t count;
	size_t dots;
	char *names[MANY + 16];
	struct fscc_dir_entry entries[MANY + 16];
};

static bool take(void *private_data, const char *name,
		 const struct fscc_dir_entry *e)
{
	struct listing *l = private_data;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		l->dots++;
		return true;
	}
	CHECK(l->count < COUNT_OF(l->names));
	l->names[l->count] = talloc_strdup(l, name);
	l->entries[l->count++] = *e;
	return true;
}

static struct smb2_file_id open_dir(struct torture *t, struct cli_tree *tree,
				    const char *name)
{
	return torture_open(t, tree, name, FILE_GENERIC_READ, FILE_OPEN,
			    FILE_DIRECTORY_FILE);
}

static struct listing *list(struct torture *t, struct cli_tree *tree,
			    const char *dir, const char *pattern,
			    enum file_information_class cls, uint32_t buffer)
{
	struct listing *l = talloc_zero(t->mem, struct listing);
	struct smb2_file_id id = open_dir(t, tree, dir);
	NTSTATUS status =
		torture_list_dir(t, tree, id, pattern, cls, buffer, take, l);

	CHECK(l != NULL);
	if (!NT_STATUS_IS(status, NO_SUCH_FILE)) {
		OK(status);
	}
	OK(cli_close(tree, id));
	return l;
}

static bool contains(const struct listing *l, const char *name)
{
	for (size_t i = 0; i < l->count; i++) {
		if (strcmp(l->names[i], name) == 0) {
			return true;
		}
	}
	return false;
}

/* Every class gives every name once, and what it says is right. */
static void all_classes(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");

	torture_file(t, tree, "dir\\one", "0123456789");
	torture_file(t, tree, "dir\\A longer name, with blanks.text", "");
	torture_mkdir(t, tree, "dir\\sub");
	for (size_t i = 0; i < COUNT_OF(classes); i++) {
		struct listing *l = list(t, tree, dir, "*", classes[i], 65536);

		torture_note("class %d", (int)classes[i]);
		EQUAL(l->count, 3);
		EQUAL(l->dots, 2);
		CHECK(contains(l, "one") && contains(l, "sub"));
		CHECK(contains(l, "A longer name, with blanks.text"));
		for (size_t j = 0; j < l->count; j++) {
			const struct fscc_dir_entry *e = &l->entries[j];
			bool is_dir = (e->file_attributes &
				       FILE_ATTRIBUTE_DIRECTORY) != 0;

			if (classes[i] == FileNamesInformation) {
				continue;
			}
			EQUAL(is_dir, strcmp(l->names[j], "sub") == 0);
			if (strcmp(l->names[j], "one") == 0) {
				EQUAL(e->end_of_file, 10);
			}
			CHECK(e->creation_time > NTTIME_UNIX_EPOCH);
			CHECK(e->last_write_time > NTTIME_UNIX_EPOCH);
		}
	}
}

/* The id of a listing is that of FileInternalInformation. */
static void file_ids(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	const char *name = torture_file(t, tree, "dir\\file", "x");
	struct smb2_file_id id =
		torture_open(t, tree, name, FILE_READ_ATTRIBUTES, FILE_OPEN, 0);
	struct listing *l =
		list(t, tree, dir, "*", FileIdBothDirectoryInformation, 65536);
	struct wire_reader out;
	uint64_t internal = 0;

	OK(torture_query(t, tree, id, FileInternalInformation, 8, &out));
	OK(fscc_u64_decode(out, &internal));
	EQUAL(l->count, 1);
	EQUAL(l->entries[0].file_id, internal);
}

static void patterns(struct torture *t)
{
	static const char *const files[] = {"a",     "b.txt", "ab.txt",
					    "abc.c", "a.b.c", "README",
					    "x1",    "x12",   "noext."};
	static const struct {
		const char *pattern;
		const char *matches; /* separated by blanks */
	} cases[] = {
		{"*.txt", "b.txt ab.txt"},
		{"*.TXT", "b.txt ab.txt"},
		{"a*", "a ab.txt abc.c a.b.c"},
		{"*c", "abc.c a.b.c"},
		{"?", "a"},
		{"x?", "x1"},
		{"x??", "x12"},
		{"readme", "README"},
		{"*.*.*", "a.b.c"},
		{"*b*", "b.txt ab.txt abc.c a.b.c"},
		{"nothing*", ""},
		{"**", "a b.txt ab.txt abc.c a.b.c README x1 x12"},
		/* DOS_STAR, DOS_QM, DOS_DOT ([MS-FSA] 2.1.4.4) */
		{"<.c", "abc.c a.b.c"},
		{"x>>", "x1 x12"},
		{"<\"", "a README x1 x12"},
	};
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");

	for (size_t i = 0; i < COUNT_OF(files) - 1; i++) {
		torture_file(t, tree,
			     talloc_asprintf(t->mem, "dir\\%s", files[i]), "");
	}
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct listing *l = list(t, tree, dir, cases[i].pattern,
					 FileDirectoryInformation, 65536);
		char *want = talloc_strdup(t->mem, cases[i].matches);
		size_t n = 0;

		for (char *w = strtok(want, " "); w != NULL;
		     w = strtok(NULL, " ")) {
			if (!contains(l, w)) {
				FAIL("pattern '%s' did not give '%s'",
				     cases[i].pattern, w);
			}
			n++;
		}
		if (l->count != n) {
			FAIL("pattern '%s' gave %zu names, not %zu",
			     cases[i].pattern, l->count, n);
		}
	}
}

static NTSTATUS query(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id id, const char *pattern,
		      uint8_t info_class, uint8_t flags, uint32_t size,
		      struct wire_reader *out)
{
	struct smb2_query_directory_request in = {
		.info_class = info_class,
		.flags = flags,
		.id = id,
		.output_buffer_length = size,
	};

	return cli_query_directory(t->mem, tree, pattern, &in, out);
}

static size_t count_entries(struct wire_reader list,
			    enum file_information_class cls)
{
	struct fscc_dir_entry_read e;
	size_t n = 0;

	while (NT_STATUS_IS_OK(fscc_dir_next(&list, cls, &e))) {
		n++;
	}
	return n;
}

static void no_match(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		open_dir(t, tree, torture_mkdir(t, tree, "dir"));
	struct wire_reader out;

	STATUS(query(t, tree, id, "no such name", FileDirectoryInformation, 0,
		     4096, &out),
	       NO_SUCH_FILE);
	/* the second time the scan is over */
	STATUS_IN(query(t, tree, id, "no such name", FileDirectoryInformation,
			0, 4096, &out),
		  NT_STATUS(NO_MORE_FILES), NT_STATUS(NO_SUCH_FILE));
}

static void single_entry(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	struct smb2_file_id id;
	size_t n = 0;

	for (int i = 0; i < 5; i++) {
		torture_file(t, tree, talloc_asprintf(t->mem, "dir\\f%d", i),
			     "");
	}
	id = open_dir(t, tree, dir);
	for (;; n++) {
		struct wire_reader out;
		NTSTATUS status =
			query(t, tree, id, "*", FileDirectoryInformation,
			      SMB2_RETURN_SINGLE_ENTRY, 4096, &out);

		if (NT_STATUS_IS(status, NO_MORE_FILES)) {
			break;
		}
		OK(status);
		EQUAL(count_entries(out, FileDirectoryInformation), 1);
		CHECK(n < 8);
	}
	EQUAL(n, 7);
}

static void restart(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	struct smb2_file_id id;
	struct wire_reader out;

	torture_file(t, tree, "dir\\a", "");
	torture_file(t, tree, "dir\\b", "");
	id = open_dir(t, tree, dir);
	OK(query(t, tree, id, "*", FileNamesInformation, 0, 4096, &out));
	EQUAL(count_entries(out, FileNamesInformation), 4);
	STATUS(query(t, tree, id, "*", FileNamesInformation, 0, 4096, &out),
	       NO_MORE_FILES);
	OK(query(t, tree, id, "*", FileNamesInformation, SMB2_RESTART_SCANS,
		 4096, &out));
	EQUAL(count_entries(out, FileNamesInformation), 4);
	/* what came into being meanwhile is there after REOPEN, and the
	 * pattern is the new one */
	torture_file(t, tree, "dir\\c", "");
	OK(query(t, tree, id, "c*", FileNamesInformation, SMB2_REOPEN, 4096,
		 &out));
	EQUAL(count_entries(out, FileNamesInformation), 1);
}

static void small_buffers(struct torture *t)
{
	static const uint32_t sizes[] = {300, 512, 1000, 4096};
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");

	for (int i = 0; i < 50; i++) {
		torture_file(t, tree,
			     talloc_asprintf(t->mem, "dir\\%0*d", 1 + i, i),
			     "");
	}
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		for (size_t c = 0; c < COUNT_OF(classes); c++) {
			struct listing *l =
				list(t, tree, dir, "*", classes[c], sizes[i]);

			torture_note("class %d, %u bytes", (int)classes[c],
				     sizes[i]);
			EQUAL(l->count, 50);
		}
	}
}

static void buffer_too_small(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	struct smb2_file_id id;
	struct wire_reader out;

	torture_file(t, tree, "dir\\a name of some length", "");
	id = open_dir(t, tree, dir);
	STATUS_IN(query(t, tree, id, "a*", FileBothDirectoryInformation, 0, 50,
			&out),
		  NT_STATUS(INFO_LENGTH_MISMATCH), NT_STATUS(BUFFER_OVERFLOW));
	/* the fixed part fits, the name does not */
	STATUS_IN(query(t, tree, id, "a*", FileNamesInformation, 0, 20, &out),
		  NT_STATUS(INFO_LENGTH_MISMATCH), NT_STATUS(BUFFER_OVERFLOW));
	/* nothing was lost by that */
	OK(query(t, tree, id, "a*", FileNamesInformation, SMB2_RESTART_SCANS,
		 4096, &out));
	EQUAL(count_entries(out, FileNamesInformation), 1);
}

static void class_unknown(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_dir(t, tree, torture_dir(t, tree));
	struct wire_reader out;

	STATUS(query(t, tree, id, "*", 99, 0, 4096, &out), INVALID_INFO_CLASS);
	STATUS(query(t, tree, id, "*", FileBasicInformation, 0, 4096, &out),
	       INVALID_INFO_CLASS);
}

static void empty_pattern(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = open_dir(t, tree, torture_dir(t, tree));
	struct wire_reader out;

	/* [MS-SMB2] 3.3.5.18: a first query without pattern */
	STATUS_IN(
		query(t, tree, id, "", FileDirectoryInformation, 0, 4096, &out),
		NT_STATUS(OBJECT_NAME_INVALID), NT_STATUS_OK);
}

static void of_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "x");
	struct smb2_file_id id =
		torture_open(t, tree, name, FILE_GENERIC_READ, FILE_OPEN, 0);
	struct wire_reader out;

	STATUS(query(t, tree, id, "*", FileDirectoryInformation, 0, 4096, &out),
	       INVALID_PARAMETER);
}

static void without_list_access(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id = torture_open(t, tree, torture_dir(t, tree),
					      FILE_READ_ATTRIBUTES, FILE_OPEN,
					      FILE_DIRECTORY_FILE);
	struct wire_reader out;

	STATUS(query(t, tree, id, "*", FileDirectoryInformation, 0, 4096, &out),
	       ACCESS_DENIED);
}

static void larger_than_allowed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	uint32_t max =
		cli_conn_negotiated(cli_tree_conn(tree))->max_transact_size;
	struct smb2_file_id id = open_dir(t, tree, torture_dir(t, tree));
	struct wire_reader out;

	STATUS(query(t, tree, id, "*", FileDirectoryInformation, 0, max + 1,
		     &out),
	       INVALID_PARAMETER);
}

/* --- thousands ------------------------------------------------------------ */

static void make_many(struct torture *t, struct cli_tree *tree, const char *dir,
		      int first, int last)
{
	for (int i = first; i < last; i += 50) {
		struct tevent_req *reqs[50];

		for (int j = 0; j < 50; j++) {
			struct smb2_create_request in = torture_request(
				FILE_READ_ATTRIBUTES, FILE_CREATE, 0);
			char *name = talloc_asprintf(t->mem, "%s\\file%05d",
						     dir, i + j);

			reqs[j] =
				cli_create_send(t->mem, tree, name, &in, NULL);
		}
		for (int j = 0; j < 50; j++) {
			struct smb2_create_response out;

			CHECK(cli_wait(cli_tree_conn(tree), reqs[j]));
			OK(cli_create_recv(reqs[j], t->mem, &out));
			OK(cli_close(tree, out.id));
		}
	}
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void many_entries(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	struct listing *l;

	make_many(t, tree, dir, 0, MANY);
	l = list(t, tree, dir, "*", FileIdBothDirectoryInformation, 65536);
	EQUAL(l->count, MANY);
	qsort(l->names, l->count, sizeof(l->names[0]), compare);
	for (int i = 0; i < MANY; i++) {
		char want[32];

		snprintf(want, sizeof(want), "file%05d", i);
		CHECK(strcmp(l->names[i], want) == 0);
	}
}

/* State of a walk during which files come and go. */
struct changing {
	struct torture *t;
	struct cli_tree *tree;
	const char *dir;
	uint8_t *seen;
	int removed, added;
	int calls;
};

static bool change_and_take(void *private_data, const char *name,
			    const struct fscc_dir_entry *e)
{
	struct changing *c = private_data;
	int number;

	if (sscanf(name, "file%d", &number) == 1 && number < MANY) {
		if (c->seen[number]++) {
			FAIL("'%s' came twice", name);
		}
	}
	return true;
}

/* Files that are there all the time come exactly once, whatever happens to
 * others meanwhile. */
static void while_changing(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t), *other = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	struct changing c = {.t = t,
			     .tree = other,
			     .dir = dir,
			     .seen = talloc_zero_array(t->mem, uint8_t, MANY)};
	struct smb2_query_directory_request in = {
		.info_class = FileNamesInformation,
		.output_buffer_length = 2048,
	};

	make_many(t, tree, dir, 0, 1000);
	in.id = open_dir(t, tree, dir);
	for (int round = 0;; round++) {
		struct wire_reader list_out;
		struct fscc_dir_entry_read e;
		NTSTATUS status =
			cli_query_directory(t->mem, tree, "*", &in, &list_out);

		if (NT_STATUS_IS(status, NO_MORE_FILES)) {
			break;
		}
		OK(status);
		while (NT_STATUS_IS_OK(
			fscc_dir_next(&list_out, FileNamesInformation, &e))) {
			char *name = NULL;

			OK(utf16_to_utf8(t->mem, e.name.data, e.name.length,
					 &name));
			(void)change_and_take(&c, name, &e.e);
		}
		if (round < 20) { /* even ones go, new ones come */
			char *gone = talloc_asprintf(t->mem, "%s\\file%05d",
						     dir, 998 - round * 2);

			OK(torture_try_open(t, other, gone, DELETE_ACCESS,
					    FILE_OPEN, FILE_DELETE_ON_CLOSE));
			make_many(t, other, dir, 1000 + round * 50,
				  1050 + round * 50);
		}
	}
	for (int i = 1; i < 1000; i += 2) {
		if (c.seen[i] != 1) {
			FAIL("file%05d came %d times", i, c.seen[i]);
		}
	}
}

const struct torture_test torture_directory_tests[] = {
	{"directory.all_classes", "[MS-FSA] 2.1.5.6.3.1", all_classes, 0},
	{"directory.file_ids", "[MS-FSCC] 2.4.22", file_ids, 0},
	{"directory.patterns", "[MS-FSA] 2.1.4.4", patterns, 0},
	{"directory.no_match", "[MS-FSA] 2.1.5.6.3: NO_SUCH_FILE", no_match, 0},
	{"directory.single_entry", "[MS-SMB2] 3.3.5.18", single_entry, 0},
	{"directory.restart", "[MS-SMB2] 3.3.5.18", restart, 0},
	{"directory.small_buffers", "[MS-FSA] 2.1.5.6.3", small_buffers, 60},
	{"directory.buffer_too_small",
	 "[MS-FSA] 2.1.5.6.3: INFO_LENGTH_MISMATCH, BUFFER_OVERFLOW",
	 buffer_too_small, 0},
	{"directory.class_unknown", "[MS-SMB2] 3.3.5.18: INVALID_INFO_CLASS",
	 class_unknown, 0},
	{"directory.empty_pattern", "[MS-SMB2] 3.3.5.18", empty_pattern, 0},
	{"directory.of_file", "[MS-SMB2] 3.3.5.18: INVALID_PARAMETER", of_file,
	 0},
	{"directory.without_list_access", "[MS-SMB2] 3.3.5.18: ACCESS_DENIED",
	 without_list_access, 0},
	{"directory.larger_than_allowed",
	 "[MS-SMB2] 3.3.5.18: INVALID_PARAMETER", larger_than_allowed, 0},
	{"directory.many_entries", "complete and each once", many_entries, 60},
	{"directory.while_changing", "complete and each once", while_changing,
	 60},
	{NULL, NULL, NULL, 0},
};
