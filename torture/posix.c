/* torture/posix.c - the POSIX extensions of SMB 3.1.1 ([POSIX-SMB2],
 * [POSIX-FSCC]), as the Linux kernel uses them. */
#include <string.h>

#include "lib/reparse.h"
#include "lib/sd.h"
#include "smb2/fscc_fs.h"
#include "smb2/fscc_list.h"
#include "smb2/posix.h"
#include "torture/features.h"
#include "torture/util.h"

#define MODE_ACCESS (FILE_GENERIC_READ | FILE_GENERIC_WRITE | DELETE_ACCESS)

/* --- short ways ---------------------------------------------------------- */

static struct cli_tree *tree_with(struct torture *t, bool posix)
{
	const struct cli_negotiate_options o = {
		.dialects = {SMB2_DIALECT_311},
		.dialect_count = 1,
		.posix = posix,
	};
	struct cli_conn *conn = torture_negotiate_with(t, &o);

	if (posix && !cli_conn_negotiated(conn)->posix) {
		torture_skip("the server has no POSIX extensions");
	}
	return torture_tree_on(t, torture_session_on(t, conn));
}

/* The test's directory and leaf, as a POSIX open names it. */
static char *posix_path(struct torture *t, struct cli_tree *tree,
			const char *leaf)
{
	char *dir = talloc_strdup(t->mem, torture_dir(t, tree));

	for (char *p = dir; *p != '\0'; p++) {
		*p = *p == '\\' ? '/' : *p;
	}
	return *leaf == '\0' ? dir
			     : talloc_asprintf(t->mem, "%s/%s", dir, leaf);
}

/* A create with the POSIX context; what the answer to that is goes to *out,
 * with nlink 0 when there is none. */
static NTSTATUS try_create(struct torture *t, struct cli_tree *tree,
			   const char *path,
			   const struct smb2_create_request *in, uint32_t mode,
			   struct smb2_file_id *out_id,
			   struct smb2_posix_file *out)
{
	const struct smb2_create_request_contexts c = {
		.present = 1u << SMB2_CREATE_POSIX, .posix_mode = mode};
	struct smb2_create_response_contexts answer = {0};
	struct smb2_create_response r;
	NTSTATUS status = cli_create(t->mem, tree, path, in, &c, &r);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	*out_id = r.id;
	*out = (struct smb2_posix_file){0};
	OK(smb2_create_response_contexts_decode(r.contexts, &answer));
	if ((answer.present & 1u << SMB2_CREATE_POSIX) != 0) {
		*out = smb2_posix_file_read(&answer.posix);
		CHECK(wire_ok(&answer.posix));
		EQUAL(wire_left(&answer.posix), 0);
	}
	return status;
}

/* A tree of a share that has the extensions. */
static struct cli_tree *posix_tree(struct torture *t)
{
	struct cli_tree *tree = tree_with(t, true);
	struct smb2_create_request in = torture_request(
		FILE_READ_ATTRIBUTES, FILE_OPEN, FILE_DIRECTORY_FILE);
	struct smb2_posix_file f;
	struct smb2_file_id id;

	OK(try_create(t, tree, "", &in, SMB2_POSIX_NO_MODE, &id, &f));
	if (f.nlink == 0) {
		torture_skip("the share has no POSIX extensions");
	}
	OK(cli_close(tree, id));
	return tree;
}

static NTSTATUS try_open(struct torture *t, struct cli_tree *tree,
			 const char *leaf, uint32_t disposition,
			 uint32_t options, uint32_t mode,
			 struct smb2_file_id *out)
{
	struct smb2_create_request in = torture_request(
		MODE_ACCESS | WRITE_DAC | READ_CONTROL, disposition, options);
	struct smb2_posix_file f;

	return try_create(t, tree, posix_path(t, tree, leaf), &in, mode, out,
			  &f);
}

static struct smb2_file_id open_posix(struct torture *t, struct cli_tree *tree,
				      const char *leaf, uint32_t disposition,
				      uint32_t options, uint32_t mode)
{
	struct smb2_file_id id = {0};

	OK(try_open(t, tree, leaf, disposition, options, mode, &id));
	return id;
}

static void make(struct torture *t, struct cli_tree *tree, const char *leaf,
		 const char *text)
{
	struct smb2_file_id id =
		open_posix(t, tree, leaf, FILE_CREATE, 0, 0644);

	OK(torture_write(tree, id, 0, text, strlen(text)));
	OK(cli_close(tree, id));
}

static void content_is(struct torture *t, struct cli_tree *tree,
		       const char *leaf, const char *text)
{
	struct smb2_file_id id = open_posix(t, tree, leaf, FILE_OPEN, 0, 0);
	struct blob out = {0};

	OK(torture_read(t, tree, id, 0, 100, &out));
	EQUAL(out.length, strlen(text));
	CHECK(memcmp(out.data, text, out.length) == 0);
	OK(cli_close(tree, id));
}

static void is_missing(struct torture *t, struct cli_tree *tree,
		       const char *leaf)
{
	struct smb2_file_id id;

	STATUS(try_open(t, tree, leaf, FILE_OPEN, 0, 0, &id),
	       OBJECT_NAME_NOT_FOUND);
}

static struct smb2_posix_info info_of(struct torture *t, struct cli_tree *tree,
				      struct smb2_file_id id)
{
	struct smb2_posix_info info = {0};
	struct wire_reader out;

	OK(torture_query(t, tree, id, FilePosixInformation, 1000, &out));
	OK(smb2_posix_info_decode(out, &info));
	return info;
}

static NTSTATUS rename_to(struct torture *t, struct cli_tree *tree,
			  struct smb2_file_id id, const char *leaf,
			  bool replace)
{
	return torture_rename(tree, id, posix_path(t, tree, leaf), replace);
}

static NTSTATUS unlink_posix(struct torture *t, struct cli_tree *tree,
			     const char *leaf)
{
	struct smb2_create_request in =
		torture_request(DELETE_ACCESS, FILE_OPEN, FILE_DELETE_ON_CLOSE);
	struct smb2_posix_file f;
	struct smb2_file_id id;
	NTSTATUS status = try_create(t, tree, posix_path(t, tree, leaf), &in,
				     SMB2_POSIX_NO_MODE, &id, &f);

	return NT_STATUS_IS_OK(status) ? cli_close(tree, id) : status;
}

/* --- agreeing ------------------------------------------------------------ */

static void negotiated(struct torture *t)
{
	struct cli_negotiate_options o = {.dialects = {SMB2_DIALECT_311},
					  .dialect_count = 1};
	struct cli_conn *conn = torture_negotiate_with(t, &o);

	CHECK(!cli_conn_negotiated(conn)->posix);
	o.posix = true;
	conn = torture_negotiate_with(t, &o);
	CHECK(cli_conn_negotiated(conn)->posix);
}

/* The chain with a context of this tag and size, so often. */
static struct wire_reader raw_context(struct torture *t, size_t size,
				      unsigned int times)
{
	static const uint8_t mode[16] = {0xa4, 1};
	struct wire_writer w = wire_writer(t->mem, 1000);
	struct smb2_create_chain c = smb2_create_chain(&w);

	for (unsigned int i = 0; i < times; i++) {
		smb2_create_chain_add(&c, SMB2_CREATE_POSIX, mode, size);
	}
	return wire_reader(w.data, w.length);
}

static NTSTATUS create_raw(struct torture *t, struct cli_tree *tree,
			   const char *name, struct wire_reader contexts)
{
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN_IF, 0);

	in.contexts = contexts;
	return torture_try(t, tree, name, &in);
}

static void ignored_if_not_negotiated(struct torture *t)
{
	struct cli_tree *tree = tree_with(t, false);
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN_IF, 0);
	struct smb2_posix_file f = {.nlink = 7};
	struct smb2_file_id id;
	struct wire_reader out;
	const char *name = torture_path(t, tree, "Name");

	OK(try_create(t, tree, name, &in, 0600, &id, &f));
	EQUAL(f.nlink, 0);
	STATUS(torture_query(t, tree, id, FilePosixInformation, 1000, &out),
	       INVALID_INFO_CLASS);
	OK(cli_close(tree, id));
	in.create_disposition = FILE_CREATE;
	STATUS(try_create(t, tree, torture_path(t, tree, "nAME"), &in, 0600,
			  &id, &f),
	       OBJECT_NAME_COLLISION);
	STATUS(try_create(t, tree, torture_path(t, tree, "a?b"), &in, 0600, &id,
			  &f),
	       OBJECT_NAME_INVALID);
	OK(create_raw(t, tree, name, raw_context(t, 3, 1)));
	OK(create_raw(t, tree, name, raw_context(t, 4, 2)));
}

static void context_of_wrong_size(struct torture *t)
{
	static const size_t sizes[] = {0, 1, 2, 3, 5, 8, 16};
	struct cli_tree *tree = posix_tree(t);
	const char *path = posix_path(t, tree, "file");

	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		torture_note("%zu bytes", sizes[i]);
		STATUS(create_raw(t, tree, path, raw_context(t, sizes[i], 1)),
		       INVALID_PARAMETER);
	}
	is_missing(t, tree, "file");
	OK(create_raw(t, tree, path, raw_context(t, 4, 1)));
}

static void context_twice(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);

	STATUS(create_raw(t, tree, posix_path(t, tree, "file"),
			  raw_context(t, 4, 2)),
	       INVALID_PARAMETER);
	is_missing(t, tree, "file");
}

/* For a share that has the extensions off: tests/posix_off. */
static void share_without(struct torture *t)
{
	struct cli_tree *tree = tree_with(t, true);
	const char *name = torture_path(t, tree, "Name");
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN_IF, 0);
	struct smb2_posix_file f;
	struct smb2_file_id id;
	struct wire_reader out;

	OK(try_create(t, tree, name, &in, 0600, &id, &f));
	if (f.nlink != 0) {
		torture_skip("the share has POSIX extensions");
	}
	STATUS(torture_query(t, tree, id, FilePosixInformation, 1000, &out),
	       INVALID_INFO_CLASS);
	STATUS(torture_query_fs(t, tree, id, FileFsPosixInformation, 1000,
				&out),
	       INVALID_INFO_CLASS);
	in.create_disposition = FILE_CREATE;
	STATUS(try_create(t, tree, torture_path(t, tree, "nAME"), &in, 0600,
			  &id, &f),
	       OBJECT_NAME_COLLISION);
	OK(create_raw(t, tree, name, raw_context(t, 3, 1)));
	OK(create_raw(t, tree, name, raw_context(t, 4, 2)));
}

static void ordinary_beside_posix(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id;
	struct wire_reader out;

	make(t, tree, "File", "text");
	id = torture_open(t, tree, torture_path(t, tree, "fILE"),
			  FILE_GENERIC_READ, FILE_OPEN, 0);
	STATUS(torture_query(t, tree, id, FilePosixInformation, 1000, &out),
	       INVALID_INFO_CLASS);
	STATUS(torture_query_fs(t, tree, id, FileFsPosixInformation, 1000,
				&out),
	       INVALID_INFO_CLASS);
}

/* --- what is told -------------------------------------------------------- */

static void create_answered(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_create_request in =
		torture_request(MODE_ACCESS, FILE_CREATE, 0);
	const struct sid user = sid_unix_user(0);
	const struct sid group = sid_unix_group(0);
	struct smb2_posix_file f = {0};
	struct smb2_file_id id;

	OK(try_create(t, tree, posix_path(t, tree, "file"), &in, 0640, &id,
		      &f));
	EQUAL(f.nlink, 1);
	EQUAL(f.reparse_tag, 0);
	EQUAL(f.mode, 0640);
	EQUAL(f.owner.num_auths, 2);
	EQUAL(f.owner.sub_auths[0], user.sub_auths[0]);
	CHECK(memcmp(f.owner.id_auth, user.id_auth, 6) == 0);
	EQUAL(f.group.num_auths, 2);
	EQUAL(f.group.sub_auths[0], group.sub_auths[0]);
}

/* No umask but the share's masks; here 0744 and 0755, which are the default. */
static void mode_at_creation(struct torture *t)
{
	static const struct {
		uint32_t options, asked, got;
	} modes[] = {
		{0, 0644, 0644},
		{0, 0400, 0400},
		{0, 0100600, 0600}, /* with a type, as Linux sends it */
		{0, 0777, 0744},
		{FILE_DIRECTORY_FILE, 0700, 0700},
		{FILE_DIRECTORY_FILE, 0040777, 0755},
	};
	struct cli_tree *tree = posix_tree(t);

	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		const char *leaf = talloc_asprintf(t->mem, "f%zu", i);
		struct smb2_file_id id =
			open_posix(t, tree, leaf, FILE_CREATE, modes[i].options,
				   modes[i].asked);

		torture_note("%o", modes[i].asked);
		EQUAL(info_of(t, tree, id).file.mode, modes[i].got);
		OK(cli_close(tree, id));
	}
}

/* Linux sends its mode_t of -1 when it has none. */
static void no_mode(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id =
		open_posix(t, tree, "file", FILE_CREATE, 0, SMB2_POSIX_NO_MODE);

	EQUAL(info_of(t, tree, id).file.mode & 0600, 0600);
	EQUAL(info_of(t, tree, id).file.mode & ~0777u, 0);
	id = open_posix(t, tree, "file2", FILE_CREATE, 0, UINT32_MAX);
	EQUAL(info_of(t, tree, id).file.mode & ~0777u, 0);
}

static void file_information(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id =
		open_posix(t, tree, "file", FILE_CREATE, 0, 0600);
	struct smb2_posix_info info;
	struct fscc_basic basic;
	struct wire_reader out;

	OK(torture_write(tree, id, 0, "12345", 5));
	info = info_of(t, tree, id);
	EQUAL(info.end_of_file, 5);
	EQUAL(info.file.nlink, 1);
	CHECK((info.file_attributes & FILE_ATTRIBUTE_DIRECTORY) == 0);
	OK(torture_query(t, tree, id, FileBasicInformation, 100, &out));
	OK(fscc_basic_decode(out, &basic));
	EQUAL(info.creation_time, basic.creation_time);
	EQUAL(info.last_write_time, basic.last_write_time);
	EQUAL(info.change_time, basic.change_time);
	EQUAL(info.file_attributes, basic.file_attributes);
	OK(torture_query(t, tree, id, FileInternalInformation, 8, &out));
	EQUAL(info.inode, wire_u64(&out));
	id = open_posix(t, tree, "", FILE_OPEN, FILE_DIRECTORY_FILE, 0);
	info = info_of(t, tree, id);
	CHECK((info.file_attributes & FILE_ATTRIBUTE_DIRECTORY) != 0);
	EQUAL(info.file.mode & ~07777u, 0);
}

static void file_information_room(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id =
		open_posix(t, tree, "file", FILE_CREATE, 0, 0600);
	struct wire_reader out;

	STATUS(torture_query(t, tree, id, FilePosixInformation, 0, &out),
	       INFO_LENGTH_MISMATCH);
	STATUS(torture_query(t, tree, id, FilePosixInformation,
			     SMB2_POSIX_INFO_MIN - 1, &out),
	       INFO_LENGTH_MISMATCH);
	STATUS(torture_query(t, tree, id, FilePosixInformation,
			     SMB2_POSIX_INFO_MIN, &out),
	       BUFFER_OVERFLOW);
	EQUAL(wire_left(&out), SMB2_POSIX_INFO_MIN);
	OK(torture_query(t, tree, id, FilePosixInformation,
			 SMB2_POSIX_INFO_MIN + 2 * 16, &out));
}

static void fs_information(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id =
		open_posix(t, tree, "", FILE_OPEN, FILE_DIRECTORY_FILE, 0);
	struct smb2_posix_fs fs = {0};
	struct fscc_fs_full_size size;
	struct wire_reader out;

	OK(torture_query_fs(t, tree, id, FileFsPosixInformation, 1000, &out));
	EQUAL(wire_left(&out), SMB2_POSIX_FS_SIZE);
	OK(smb2_posix_fs_decode(out, &fs));
	OK(torture_query_fs(t, tree, id, FileFsFullSizeInformation, 100, &out));
	OK(fscc_fs_full_size_decode(out, &size));
	EQUAL(fs.blocks, size.total_units);
	EQUAL(fs.block_size, size.sectors_per_unit * size.bytes_per_sector);
	CHECK(fs.free_blocks <= fs.blocks);
	STATUS(torture_query_fs(t, tree, id, FileFsPosixInformation,
				SMB2_POSIX_FS_SIZE - 1, &out),
	       INFO_LENGTH_MISMATCH);
}

/* --- names --------------------------------------------------------------- */

static void case_matters(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);

	make(t, tree, "Name", "one");
	is_missing(t, tree, "name");
	make(t, tree, "name", "two");
	make(t, tree, "NAME", "three");
	content_is(t, tree, "Name", "one");
	content_is(t, tree, "name", "two");
	content_is(t, tree, "NAME", "three");
	OK(unlink_posix(t, tree, "name"));
	content_is(t, tree, "Name", "one");
	is_missing(t, tree, "name");
	/* Others get the one that is written so, or any. */
	torture_content_is(t, tree, torture_path(t, tree, "NAME"), "three", 5);
	OK(torture_try_open(t, tree, torture_path(t, tree, "nAmE"),
			    FILE_GENERIC_READ, FILE_OPEN, 0));
}

static void case_of_directories(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id;

	OK(cli_close(tree, open_posix(t, tree, "dir", FILE_CREATE,
				      FILE_DIRECTORY_FILE, 0755)));
	make(t, tree, "dir/file", "x");
	STATUS(try_open(t, tree, "DIR/file", FILE_OPEN, 0, 0, &id),
	       OBJECT_PATH_NOT_FOUND);
	STATUS(try_open(t, tree, "DIR/new", FILE_CREATE, 0, 0600, &id),
	       OBJECT_PATH_NOT_FOUND);
}

static const char *const odd_names[] = {
	"a:b",	 "a:b:$DATA", "back\\slash", "\\", "end.",     "end ",
	"...",	 "*",	      "what?",	     "<>", "pi|pe",    "quote\"",
	"c\x01", " ",	      "con",	     ":",  "a\\..\\b",
};

static void any_character(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);

	for (size_t i = 0; i < COUNT_OF(odd_names); i++) {
		torture_note("%s", odd_names[i]);
		make(t, tree, odd_names[i], odd_names[i]);
		content_is(t, tree, odd_names[i], odd_names[i]);
	}
	/* Nothing of it is a stream. */
	is_missing(t, tree, "a");
}

/* What they have made, ordinary clients see in the private-use range. */
static void any_character_for_others(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);

	make(t, tree, "a:b", "one");
	make(t, tree, "back\\slash.", "two");
	torture_content_is(t, tree,
			   torture_path(t, tree,
					"a\xef\x80\xa2"
					"b"),
			   "one", 3);
	torture_content_is(
		t, tree,
		torture_path(t, tree, "BACK\xef\x80\xa6slash\xef\x80\xa9"),
		"two", 3);
	/* A Linux client that maps names itself asks so, too. */
	content_is(t, tree,
		   "a\xef\x80\xa2"
		   "b",
		   "one");
	is_missing(t, tree,
		   "A\xef\x80\xa2"
		   "b");
}

static void names_refused(struct torture *t)
{
	static const char *const bad[] = {".", "..", "x/../y", "./x", "x/."};
	struct cli_tree *tree = posix_tree(t);
	char long_name[300];
	struct smb2_file_id id;

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		torture_note("%s", bad[i]);
		STATUS_IN(try_open(t, tree, bad[i], FILE_OPEN_IF, 0, 0600, &id),
			  NT_STATUS(OBJECT_NAME_INVALID),
			  NT_STATUS(OBJECT_PATH_SYNTAX_BAD),
			  NT_STATUS(INVALID_PARAMETER));
	}
	memset(long_name, 'n', sizeof(long_name));
	long_name[256] = '\0';
	STATUS(try_open(t, tree, long_name, FILE_CREATE, 0, 0600, &id),
	       OBJECT_NAME_INVALID);
	long_name[255] = '\0';
	make(t, tree, long_name, "x");
}

/* --- listing ------------------------------------------------------------- */

#define MAX_LISTED 32

struct listed {
	size_t count;
	char *names[MAX_LISTED];
	struct smb2_posix_info info[MAX_LISTED];
};

static NTSTATUS list_once(struct torture *t, struct cli_tree *tree,
			  struct smb2_file_id id, uint8_t flags, uint32_t room,
			  struct listed *l)
{
	const struct smb2_query_directory_request in = {
		.info_class = FilePosixInformation,
		.flags = flags,
		.id = id,
		.output_buffer_length = room,
	};
	struct wire_reader out, name;
	NTSTATUS status = cli_query_directory(t->mem, tree, "*", &in, &out);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	while (wire_left(&out) > 0) {
		CHECK(l->count < MAX_LISTED);
		OK(smb2_posix_dir_next(&out, &l->info[l->count], &name));
		OK(utf16_to_utf8(t->mem, name.data, name.length,
				 &l->names[l->count]));
		l->count++;
	}
	return status;
}

static struct listed list_all(struct torture *t, struct cli_tree *tree,
			      uint32_t room)
{
	struct smb2_file_id id =
		open_posix(t, tree, "", FILE_OPEN, FILE_DIRECTORY_FILE, 0);
	struct listed l = {0};
	NTSTATUS status;

	do {
		status = list_once(t, tree, id, 0, room, &l);
	} while (NT_STATUS_IS_OK(status));
	STATUS(status, NO_MORE_FILES);
	OK(cli_close(tree, id));
	return l;
}

static const struct smb2_posix_info *find_listed(const struct listed *l,
						 const char *name)
{
	for (size_t i = 0; i < l->count; i++) {
		if (strcmp(l->names[i], name) == 0) {
			return &l->info[i];
		}
	}
	return NULL;
}

static void listing(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	const struct smb2_posix_info *info;
	struct smb2_file_id id;
	struct listed l;

	make(t, tree, "file", "12345");
	make(t, tree, "FILE", "1");
	OK(cli_close(tree, open_posix(t, tree, "dir", FILE_CREATE,
				      FILE_DIRECTORY_FILE, 0700)));
	l = list_all(t, tree, 65536);
	EQUAL(l.count, 5); /* with . and .. */
	info = find_listed(&l, "file");
	CHECK(info != NULL && info->end_of_file == 5);
	id = open_posix(t, tree, "file", FILE_OPEN, 0, 0);
	EQUAL(info->inode, info_of(t, tree, id).inode);
	EQUAL(info->file.mode, 0644);
	info = find_listed(&l, "FILE");
	CHECK(info != NULL && info->end_of_file == 1);
	info = find_listed(&l, "dir");
	CHECK(info != NULL);
	EQUAL(info->file.mode, 0700);
	CHECK((info->file_attributes & FILE_ATTRIBUTE_DIRECTORY) != 0);
}

static void listing_odd_names(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct listed l;

	for (size_t i = 0; i < COUNT_OF(odd_names); i++) {
		make(t, tree, odd_names[i], "x");
	}
	/* Room for one or two at a time. */
	l = list_all(t, tree, 300);
	EQUAL(l.count, COUNT_OF(odd_names) + 2);
	for (size_t i = 0; i < COUNT_OF(odd_names); i++) {
		torture_note("%s", odd_names[i]);
		CHECK(find_listed(&l, odd_names[i]) != NULL);
	}
}

static void listing_room(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id =
		open_posix(t, tree, "", FILE_OPEN, FILE_DIRECTORY_FILE, 0);
	struct listed l = {0};

	make(t, tree, "a-name-that-is-longer", "x");
	STATUS(list_once(t, tree, id, 0, 0, &l), INFO_LENGTH_MISMATCH);
	STATUS(list_once(t, tree, id, 0, 123, &l), INFO_LENGTH_MISMATCH);
	OK(list_once(t, tree, id, SMB2_RETURN_SINGLE_ENTRY, 1000, &l));
	EQUAL(l.count, 1);
	OK(list_once(t, tree, id, 0, 1000, &l));
	EQUAL(l.count, 3);
	STATUS(list_once(t, tree, id, 0, 1000, &l), NO_MORE_FILES);
	OK(list_once(t, tree, id, SMB2_RESTART_SCANS, 1000, &l));
	EQUAL(l.count, 6);
	id = torture_open(t, tree, torture_dir(t, tree), FILE_GENERIC_READ,
			  FILE_OPEN, FILE_DIRECTORY_FILE);
	STATUS(list_once(t, tree, id, 0, 1000, &l), INVALID_INFO_CLASS);
}

/* --- deleting, renaming, linking ----------------------------------------- */

static void unlink_open(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id;
	struct blob out;

	make(t, tree, "file", "text");
	id = open_posix(t, tree, "file", FILE_OPEN, 0, 0);
	OK(unlink_posix(t, tree, "file"));
	is_missing(t, tree, "file");
	OK(torture_read(t, tree, id, 0, 10, &out));
	EQUAL(out.length, 4);
	OK(torture_write(tree, id, 4, "more", 4));
	EQUAL(info_of(t, tree, id).file.nlink, 0);
	make(t, tree, "file", "new");
	OK(cli_close(tree, id));
	content_is(t, tree, "file", "new");
}

static void unlink_by_disposition(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id held, id;

	make(t, tree, "file", "text");
	held = open_posix(t, tree, "file", FILE_OPEN, 0, 0);
	id = open_posix(t, tree, "file", FILE_OPEN, 0, 0);
	OK(torture_set_delete(tree, id, true));
	OK(cli_close(tree, id));
	is_missing(t, tree, "file");
	OK(cli_close(tree, held));
	/* Taken back, it stays. */
	make(t, tree, "file", "text");
	id = open_posix(t, tree, "file", FILE_OPEN, 0, 0);
	OK(torture_set_delete(tree, id, true));
	OK(torture_set_delete(tree, id, false));
	OK(cli_close(tree, id));
	content_is(t, tree, "file", "text");
}

/* A share mode without deletion forbids it, as ever. */
static void share_modes_hold(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);
	struct smb2_create_response r;

	make(t, tree, "file", "text");
	in.share_access = FILE_SHARE_READ | FILE_SHARE_WRITE;
	OK(cli_create(t->mem, tree, torture_path(t, tree, "file"), &in, NULL,
		      &r));
	STATUS(unlink_posix(t, tree, "file"), SHARING_VIOLATION);
	OK(cli_close(tree, r.id));
	OK(unlink_posix(t, tree, "file"));
}

static void rmdir_full(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id;

	id = open_posix(t, tree, "dir", FILE_CREATE, FILE_DIRECTORY_FILE, 0755);
	make(t, tree, "dir/file", "x");
	STATUS(torture_set_delete(tree, id, true), DIRECTORY_NOT_EMPTY);
	OK(unlink_posix(t, tree, "dir/file"));
	OK(torture_set_delete(tree, id, true));
	OK(cli_close(tree, id));
	is_missing(t, tree, "dir");
}

/* Linux: who may write the directory may delete a file of mode 0444. */
static void unlink_readonly(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id =
		open_posix(t, tree, "file", FILE_CREATE, 0, 0444);
	const struct fscc_basic basic = {.file_attributes =
						 FILE_ATTRIBUTE_READONLY};
	uint8_t bytes[40];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));

	fscc_basic_put(&w, &basic);
	OK(torture_set(tree, id, FileBasicInformation, bytes, w.length));
	OK(cli_close(tree, id));
	OK(unlink_posix(t, tree, "file"));
	is_missing(t, tree, "file");
}

static void rename_over_open(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id held, id;
	struct blob out;

	make(t, tree, "from", "new");
	make(t, tree, "to", "old");
	held = open_posix(t, tree, "to", FILE_OPEN, 0, 0);
	id = open_posix(t, tree, "from", FILE_OPEN, 0, 0);
	STATUS(rename_to(t, tree, id, "to", false), OBJECT_NAME_COLLISION);
	OK(rename_to(t, tree, id, "to", true));
	OK(cli_close(tree, id));
	is_missing(t, tree, "from");
	content_is(t, tree, "to", "new");
	OK(torture_read(t, tree, held, 0, 10, &out));
	CHECK(out.length == 3 && memcmp(out.data, "old", 3) == 0);
	OK(cli_close(tree, held));
	content_is(t, tree, "to", "new");
}

static void rename_to_odd_names(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id;

	make(t, tree, "Name", "text");
	id = open_posix(t, tree, "Name", FILE_OPEN, 0, 0);
	OK(rename_to(t, tree, id, "NAME", false));
	is_missing(t, tree, "Name");
	OK(rename_to(t, tree, id, "a:b\\c.", false));
	OK(rename_to(t, tree, id, ":", false));
	OK(cli_close(tree, id));
	content_is(t, tree, ":", "text");
	is_missing(t, tree, "a:b\\c.");
}

static void rename_directories(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id held, id;

	id = open_posix(t, tree, "from", FILE_CREATE, FILE_DIRECTORY_FILE,
			0755);
	make(t, tree, "from/file", "text");
	make(t, tree, "plain", "x");
	OK(cli_close(tree, open_posix(t, tree, "full", FILE_CREATE,
				      FILE_DIRECTORY_FILE, 0755)));
	make(t, tree, "full/file", "x");
	OK(cli_close(tree, open_posix(t, tree, "empty", FILE_CREATE,
				      FILE_DIRECTORY_FILE, 0755)));
	held = open_posix(t, tree, "from/file", FILE_OPEN, 0, 0);
	STATUS(rename_to(t, tree, id, "plain", true), NOT_A_DIRECTORY);
	STATUS(rename_to(t, tree, id, "full", true), DIRECTORY_NOT_EMPTY);
	OK(rename_to(t, tree, id, "empty", true));
	OK(cli_close(tree, id));
	OK(torture_write(tree, held, 0, "TEXT", 4));
	OK(cli_close(tree, held));
	content_is(t, tree, "empty/file", "TEXT");
	is_missing(t, tree, "from");
}

static void hard_link(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id;
	struct fscc_rename link = {0};
	struct wire_writer w = wire_writer(t->mem, 1000);
	struct blob name;

	make(t, tree, "one", "text");
	id = open_posix(t, tree, "one", FILE_OPEN, 0, 0);
	OK(utf8_to_utf16(t->mem, posix_path(t, tree, "ONE:2"), &name));
	link.name = wire_reader(name.data, name.length);
	fscc_rename_put(&w, FileLinkInformation, &link);
	OK(torture_set(tree, id, FileLinkInformation, w.data, w.length));
	EQUAL(info_of(t, tree, id).file.nlink, 2);
	content_is(t, tree, "ONE:2", "text");
	OK(unlink_posix(t, tree, "one"));
	EQUAL(info_of(t, tree, id).file.nlink, 1);
}

/* As Linux makes one: an empty file, and a reparse point of it. */
static void make_symlink(struct torture *t, struct cli_tree *tree,
			 const char *leaf, const char *target)
{
	const struct reparse_symlink link = {
		.substitute = target, .print = target, .relative = true};
	struct smb2_file_id id = open_posix(t, tree, leaf, FILE_CREATE,
					    FILE_OPEN_REPARSE_POINT, 0644);
	struct smb2_ioctl_request in = {
		.ctl_code = FSCTL_SET_REPARSE_POINT,
		.id = id,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
	};
	struct smb2_ioctl_response out;
	struct blob buffer;

	OK(reparse_symlink_encode(t->mem, &link, &buffer));
	in.input = wire_reader(buffer.data, buffer.length);
	OK(cli_ioctl(t->mem, tree, &in, &out));
	OK(cli_close(tree, id));
}

/* Linux follows them itself: the server stops, or gives the link. */
static void symlink_is_itself(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	const struct smb2_posix_info *info;
	struct smb2_posix_info opened;
	struct smb2_file_id id;
	struct listed l;

	make(t, tree, "File", "text");
	make_symlink(t, tree, "Link", "File");
	STATUS(try_open(t, tree, "Link", FILE_OPEN, 0, 0, &id),
	       STOPPED_ON_SYMLINK);
	is_missing(t, tree, "link");
	id = open_posix(t, tree, "Link", FILE_OPEN, FILE_OPEN_REPARSE_POINT, 0);
	opened = info_of(t, tree, id);
	EQUAL(opened.file.mode & ~07777u, 0x2000);
	EQUAL(opened.file.reparse_tag, IO_REPARSE_TAG_SYMLINK);
	CHECK((opened.file_attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0);
	CHECK((opened.file_attributes & FILE_ATTRIBUTE_DIRECTORY) == 0);
	OK(rename_to(t, tree, id, "Moved", false));
	OK(cli_close(tree, id));
	l = list_all(t, tree, 65536);
	info = find_listed(&l, "Moved");
	CHECK(info != NULL);
	EQUAL(info->file.mode & ~07777u, 0x2000);
	EQUAL(info->inode, opened.inode);
}

static void symlink_to_directory(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_create_request in =
		torture_request(DELETE_ACCESS, FILE_OPEN,
				FILE_DELETE_ON_CLOSE | FILE_OPEN_REPARSE_POINT);
	struct smb2_posix_file f;
	struct smb2_file_id id;

	OK(cli_close(tree, open_posix(t, tree, "dir", FILE_CREATE,
				      FILE_DIRECTORY_FILE, 0755)));
	make(t, tree, "dir/file", "text");
	make_symlink(t, tree, "link", "dir");
	OK(try_create(t, tree, posix_path(t, tree, "link"), &in, 0, &id, &f));
	EQUAL(f.mode & ~07777u, 0x2000);
	EQUAL(f.reparse_tag, IO_REPARSE_TAG_SYMLINK);
	OK(cli_close(tree, id));
	is_missing(t, tree, "link");
	content_is(t, tree, "dir/file", "text");
	/* One that leads nowhere can be opened and deleted, too. */
	make_symlink(t, tree, "dangling", "no/where");
	STATUS(try_open(t, tree, "dangling", FILE_OPEN, 0, 0, &id),
	       STOPPED_ON_SYMLINK);
	STATUS(try_open(t, tree, "dangling", FILE_CREATE, 0, 0644, &id),
	       OBJECT_NAME_COLLISION);
	OK(try_create(t, tree, posix_path(t, tree, "dangling"), &in, 0, &id,
		      &f));
	OK(cli_close(tree, id));
	is_missing(t, tree, "dangling");
}

/* --- modes --------------------------------------------------------------- */

static struct blob mode_descriptor(struct torture *t, uint32_t mode, bool more)
{
	const struct sid prefix = sid_make(5, 2, 88, 3);
	struct ace aces[2] = {
		{.type = ACE_ALLOWED, .sid = sid_append(&prefix, mode)},
		{.type = ACE_ALLOWED,
		 .mask = FILE_ALL_ACCESS,
		 .sid = sid_authenticated()},
	};
	const struct security_descriptor sd = {
		.control = SE_SELF_RELATIVE | SE_DACL_PRESENT,
		.has_dacl = true,
		.dacl = {.revision = 2, .count = more ? 2 : 1, .aces = aces},
	};
	struct blob bytes;

	OK(sd_encode(t->mem, &sd, &bytes));
	return bytes;
}

static NTSTATUS set_mode(struct torture *t, struct cli_tree *tree,
			 struct smb2_file_id id, uint32_t mode, bool more)
{
	struct smb2_set_info_request in = {
		.info_type = SMB2_0_INFO_SECURITY,
		.additional_information = DACL_SECURITY_INFORMATION,
		.id = id,
	};
	struct blob bytes = mode_descriptor(t, mode, more);

	in.buffer = wire_reader(bytes.data, bytes.length);
	return cli_set_info(tree, &in);
}

/* With the one entry, and with another one, as Linux 6.1 sends it. */
static void chmod_by_descriptor(struct torture *t)
{
	static const uint32_t modes[] = {0600, 0755, 0, 04711, 01644, 0640};
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id =
		open_posix(t, tree, "file", FILE_CREATE, 0, 0644);

	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		torture_note("%o", modes[i]);
		OK(set_mode(t, tree, id, modes[i], i % 2 == 1));
		EQUAL(info_of(t, tree, id).file.mode, modes[i]);
	}
	OK(cli_close(tree, id));
	id = open_posix(t, tree, "dir", FILE_CREATE, FILE_DIRECTORY_FILE, 0755);
	OK(set_mode(t, tree, id, 01777, false));
	EQUAL(info_of(t, tree, id).file.mode, 01777);
}

/* The same beside the context, in a descriptor for the new file. */
static void mode_in_descriptor(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_create_request in =
		torture_request(MODE_ACCESS, FILE_CREATE, 0);
	struct blob sd = mode_descriptor(t, 0751, true);
	struct smb2_create_request_contexts c = {
		.present =
			1u << SMB2_CREATE_POSIX | 1u << SMB2_CREATE_SD_BUFFER,
		.posix_mode = 0640,
		.sd = wire_reader(sd.data, sd.length),
	};
	struct smb2_create_response r;

	OK(cli_create(t->mem, tree, posix_path(t, tree, "one"), &in, &c, &r));
	EQUAL(info_of(t, tree, r.id).file.mode, 0640);
	c.posix_mode = SMB2_POSIX_NO_MODE;
	OK(cli_create(t->mem, tree, posix_path(t, tree, "two"), &in, &c, &r));
	EQUAL(info_of(t, tree, r.id).file.mode, 0751 & 0744);
}

static void chmod_needs_right(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_create_request in =
		torture_request(FILE_GENERIC_READ, FILE_OPEN, 0);
	struct smb2_posix_file f;
	struct smb2_file_id id;

	make(t, tree, "file", "x");
	OK(try_create(t, tree, posix_path(t, tree, "file"), &in, 0, &id, &f));
	STATUS(set_mode(t, tree, id, 0777, false), ACCESS_DENIED);
	EQUAL(info_of(t, tree, id).file.mode, 0644);
}

/* O_TRUNC leaves extended attributes alone. */
static void overwrite_keeps_attributes(struct torture *t)
{
	struct cli_tree *tree = posix_tree(t);
	struct smb2_file_id id =
		open_posix(t, tree, "file", FILE_CREATE, 0, 0640);
	const struct fscc_ea ea = {.name = "name",
				   .value = wire_reader("value", 5)};
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_list l = fscc_list(&w, FSCC_EA_ALIGN);
	struct wire_reader out;

	fscc_ea_put(&l, &ea);
	OK(torture_set(tree, id, FileFullEaInformation, bytes, w.length));
	OK(torture_write(tree, id, 0, "text", 4));
	OK(cli_close(tree, id));
	id = open_posix(t, tree, "file", FILE_OVERWRITE, 0, 0777);
	EQUAL(info_of(t, tree, id).end_of_file, 0);
	EQUAL(info_of(t, tree, id).file.mode, 0640);
	OK(torture_query(t, tree, id, FileFullEaInformation, 100, &out));
}

/* clang-format off */
const struct torture_test torture_posix_tests[] = {
	{"posix.negotiated", "the context is answered when it was sent, [POSIX-SMB2] 2.2.4.1.8", negotiated, 0},
	{"posix.ignored_if_not_negotiated", "the create context means nothing then, [POSIX-SMB2] 3.3.5.9", ignored_if_not_negotiated, 0},
	{"posix.context_of_wrong_size", "a mode is four bytes, [POSIX-SMB2] 2.2.13.2.16", context_of_wrong_size, 0},
	{"posix.context_twice", "a context comes once, [MS-SMB2] 3.3.5.9", context_twice, 0},
	{"posix.share_without", "a share that has them off ignores the context, too", share_without, 0},
	{"posix.ordinary_beside_posix", "every open is ordinary that does not ask, [POSIX-SMB2] 3.3.5.9", ordinary_beside_posix, 0},
	{"posix.create_answered", "links, mode, owner and group, [POSIX-SMB2] 2.2.14.2.16", create_answered, 0},
	{"posix.mode_at_creation", "a file has the mode it is made with, [POSIX-SMB2] 2.2.13.2.16", mode_at_creation, 0},
	{"posix.no_mode", "a mode of all bits is none", no_mode, 0},
	{"posix.file_information", "FilePosixInformation, [POSIX-FSCC] 2.3.1.1", file_information, 0},
	{"posix.file_information_room", "the fixed part must fit, [MS-SMB2] 3.3.5.20.1", file_information_room, 0},
	{"posix.fs_information", "FileFsPosixInformation, [POSIX-FSCC] 2.3.2.1", fs_information, 0},
	{"posix.case_matters", "names differ by case alone", case_matters, 0},
	{"posix.case_of_directories", "... those on the way, too", case_of_directories, 0},
	{"posix.any_character", "all but slash and NUL are in names", any_character, 0},
	{"posix.any_character_for_others", "ordinary clients see what they can name", any_character_for_others, 0},
	{"posix.names_refused", "dot names and 256 bytes", names_refused, 0},
	{"posix.listing", "FilePosixInformation of entries, [POSIX-FSCC] 2.3.1.1", listing, 0},
	{"posix.listing_odd_names", "names are listed as they are", listing_odd_names, 0},
	{"posix.listing_room", "too little room, single entries, restart, [MS-SMB2] 3.3.5.18", listing_room, 0},
	{"posix.unlink_open", "a name goes at once, the file with its last open", unlink_open, 0},
	{"posix.unlink_by_disposition", "... FileDispositionInformation, too", unlink_by_disposition, 0},
	{"posix.share_modes_hold", "a share mode without deletion forbids it", share_modes_hold, 0},
	{"posix.rmdir_full", "a directory that is not empty stays", rmdir_full, 0},
	{"posix.unlink_readonly", "the DOS attribute forbids no deletion", unlink_readonly, 0},
	{"posix.rename_over_open", "rename(2) over what is open", rename_over_open, 0},
	{"posix.rename_to_odd_names", "rename(2) to any name", rename_to_odd_names, 0},
	{"posix.rename_directories", "rename(2) over an empty directory, with open files below", rename_directories, 0},
	{"posix.hard_link", "link(2)", hard_link, 0},
	{"posix.symlink_is_itself", "a symlink is not followed, [POSIX-SMB2] 3.3.5.9", symlink_is_itself, 0},
	{"posix.symlink_to_directory", "... one to a directory, and one to nothing, neither", symlink_to_directory, 0},
	{"posix.chmod_by_descriptor", "S-1-5-88-3-mode in a DACL is chmod(2)", chmod_by_descriptor, 0},
	{"posix.mode_in_descriptor", "... and the mode of a new file, unless the context has one", mode_in_descriptor, 0},
	{"posix.chmod_needs_right", "... with WRITE_DAC, [MS-FSA] 2.1.5.17", chmod_needs_right, 0},
	{"posix.overwrite_keeps_attributes", "O_TRUNC cuts off and no more", overwrite_keeps_attributes, 0},
	{NULL, NULL, NULL, 0},
};
/* clang-format on */
