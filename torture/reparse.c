/* torture/reparse.c - reparse points ([MS-FSA] 2.1.5.10.3, 2.1.5.10.14,
 * 2.1.5.10.37; [MS-FSCC] 2.1.2) and symlinks ([MS-SMB2] 2.2.2.2.1).  What a
 * server does with symlinks is its own affair in part: these tests make them
 * by the protocol and hold for one that follows those that stay in the share,
 * and for one that follows none. */
#include "lib/reparse.h"

#include <string.h>

#include "smb2/error.h"
#include "smb2/ioctl.h"
#include "torture/features.h"
#include "torture/util.h"

#define ACCESS	  (FILE_GENERIC_READ | FILE_GENERIC_WRITE | DELETE_ACCESS)
#define TAG_OTHER 0x00000123u
#define MAX_TRIES 50

/* --- short ways ---------------------------------------------------------- */

static NTSTATUS control(struct torture *t, struct cli_tree *tree,
			struct smb2_file_id id, uint32_t code, struct blob in,
			uint32_t max_out, struct blob *out)
{
	const struct smb2_ioctl_request r = {
		.ctl_code = code,
		.id = id,
		.max_output_response = max_out,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
		.input = wire_reader(in.data, in.length),
	};
	struct smb2_ioctl_response reply = {0};
	NTSTATUS status = cli_ioctl(t->mem, tree, &r, &reply);

	if (out != NULL) {
		out->data = (uint8_t *)(uintptr_t)reply.output.data;
		out->length = reply.output.length;
	}
	return status;
}

static NTSTATUS set(struct torture *t, struct cli_tree *tree,
		    struct smb2_file_id id, struct blob in)
{
	return control(t, tree, id, FSCTL_SET_REPARSE_POINT, in, 0, NULL);
}

static struct blob buffer(struct torture *t, uint32_t tag, const void *data,
			  size_t length)
{
	struct reparse r = {
		.tag = tag,
		.data = {.data = (uint8_t *)(uintptr_t)data, .length = length}};
	struct blob out;

	if (!reparse_is_microsoft(tag)) {
		memset(r.guid.bytes, 0x5a, sizeof(r.guid.bytes));
	}
	OK(reparse_encode(t->mem, &r, &out));
	return out;
}

static NTSTATUS drop(struct torture *t, struct cli_tree *tree,
		     struct smb2_file_id id, uint32_t tag)
{
	return control(t, tree, id, FSCTL_DELETE_REPARSE_POINT,
		       buffer(t, tag, NULL, 0), 0, NULL);
}

static NTSTATUS get(struct torture *t, struct cli_tree *tree,
		    struct smb2_file_id id, struct blob *out)
{
	return control(t, tree, id, FSCTL_GET_REPARSE_POINT, (struct blob){0},
		       REPARSE_MAX, out);
}

static struct blob link_buffer(struct torture *t, const char *target,
			       bool relative)
{
	const struct reparse_symlink link = {
		.substitute = target, .print = target, .relative = relative};
	struct blob out;

	OK(reparse_symlink_encode(t->mem, &link, &out));
	return out;
}

static struct smb2_file_id open_itself(struct torture *t, struct cli_tree *tree,
				       const char *name)
{
	return torture_open(t, tree, name, ACCESS, FILE_OPEN,
			    FILE_OPEN_REPARSE_POINT);
}

/* A new file that is a reparse point; skips where there are none. */
static const char *make(struct torture *t, struct cli_tree *tree,
			const char *leaf, uint32_t options, struct blob in)
{
	const char *path = torture_path(t, tree, leaf);
	struct smb2_file_id id =
		torture_open(t, tree, path, ACCESS, FILE_CREATE,
			     FILE_OPEN_REPARSE_POINT | options);
	NTSTATUS status = set(t, tree, id, in);

	if (NT_STATUS_IS(status, INVALID_DEVICE_REQUEST) ||
	    NT_STATUS_IS(status, VOLUME_NOT_UPGRADED)) {
		torture_skip("the server has no reparse points here");
	}
	OK(status);
	OK(cli_close(tree, id));
	return path;
}

static const char *make_link(struct torture *t, struct cli_tree *tree,
			     const char *leaf, const char *target,
			     bool relative)
{
	return make(t, tree, leaf, 0, link_buffer(t, target, relative));
}

static void buffer_is(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id id, struct blob want)
{
	struct blob got = {0};

	OK(get(t, tree, id, &got));
	EQUAL(got.length, want.length);
	CHECK(memcmp(got.data, want.data, want.length) == 0);
}

static struct reparse_symlink link_of(struct torture *t, struct cli_tree *tree,
				      const char *path)
{
	struct smb2_file_id id = open_itself(t, tree, path);
	struct reparse_symlink link;
	struct blob got = {0};
	struct reparse r;

	OK(get(t, tree, id, &got));
	OK(cli_close(tree, id));
	OK(reparse_decode(got, &r));
	EQUAL(r.tag, IO_REPARSE_TAG_SYMLINK);
	OK(reparse_symlink_decode(t->mem, r.data, &link));
	return link;
}

static NTSTATUS try_plain(struct torture *t, struct cli_tree *tree,
			  const char *path)
{
	return torture_try_open(t, tree, path, FILE_READ_ATTRIBUTES, FILE_OPEN,
				0);
}

/* FileAttributeTagInformation ([MS-FSCC] 2.4.6) */
static void tag_is(struct torture *t, struct cli_tree *tree,
		   struct smb2_file_id id, uint32_t tag)
{
	struct wire_reader r;
	uint32_t attributes;

	OK(torture_query(t, tree, id, FileAttributeTagInformation, 8, &r));
	attributes = wire_u32(&r);
	EQUAL((attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0, tag != 0);
	EQUAL(wire_u32(&r), tag);
	OK(torture_query(t, tree, id, FileBasicInformation, 40, &r));
	wire_skip(&r, 32);
	EQUAL((wire_u32(&r) & FILE_ATTRIBUTE_REPARSE_POINT) != 0, tag != 0);
}

/* --- any tag ------------------------------------------------------------- */

static void check_tag(struct torture *t, uint32_t tag, uint32_t options,
		      const void *data, size_t length)
{
	struct cli_tree *tree = torture_tree(t);
	struct blob b = buffer(t, tag, data, length);
	const char *path = make(
		t, tree, talloc_asprintf(t->mem, "point%x", tag), options, b);
	struct smb2_file_id id;

	STATUS(try_plain(t, tree, path), IO_REPARSE_TAG_NOT_HANDLED);
	id = open_itself(t, tree, path);
	tag_is(t, tree, id, tag);
	buffer_is(t, tree, id, b);
	OK(drop(t, tree, id, tag));
	tag_is(t, tree, id, 0);
	STATUS(get(t, tree, id, NULL), NOT_A_REPARSE_POINT);
	OK(cli_close(tree, id));
	OK(try_plain(t, tree, path));
}

static void nfs_tag(struct torture *t)
{
	check_tag(t, IO_REPARSE_TAG_NFS, 0, "FIFO\0\0\0\0", 8);
}

static void nfs_device(struct torture *t)
{
	check_tag(t, IO_REPARSE_TAG_NFS, 0, "CHR\0\0\0\0\0\x01\0\0\0\x03\0\0\0",
		  16);
}

static void lx_tags(struct torture *t)
{
	check_tag(t, IO_REPARSE_TAG_LX_SYMLINK, 0, "\x02\0\0\0target", 10);
}

static void empty_buffer(struct torture *t)
{
	check_tag(t, IO_REPARSE_TAG_AF_UNIX, 0, "", 0);
}

static void other_makers(struct torture *t)
{
	check_tag(t, TAG_OTHER, 0, "data", 4);
}

static void directory(struct torture *t)
{
	check_tag(t, TAG_OTHER, FILE_DIRECTORY_FILE, "data", 4);
}

static void largest(struct torture *t)
{
	size_t n = REPARSE_MAX - REPARSE_HEADER;
	uint8_t *data = talloc_size(t->mem, n);

	memset(data, 0xa5, n);
	check_tag(t, IO_REPARSE_TAG_NFS, 0, data, n);
	check_tag(t, TAG_OTHER, 0, data, REPARSE_MAX - REPARSE_GUID_HEADER);
}

static void mount_point(struct torture *t)
{
	static const uint8_t data[] = {0, 0, 2, 0, 4, 0, 0, 0, 'x', 0, 0, 0};
	struct cli_tree *tree = torture_tree(t);
	const char *file = torture_file(t, tree, "file", "");
	struct smb2_file_id id = open_itself(t, tree, file);

	STATUS(set(t, tree, id,
		   buffer(t, IO_REPARSE_TAG_MOUNT_POINT, data, sizeof(data))),
	       NOT_A_DIRECTORY);
	OK(cli_close(tree, id));
	check_tag(t, IO_REPARSE_TAG_MOUNT_POINT, FILE_DIRECTORY_FILE, data,
		  sizeof(data));
}

static void full_directory(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	struct smb2_file_id id;

	torture_file(t, tree, "dir\\file", "");
	id = open_itself(t, tree, dir);
	STATUS(set(t, tree, id, buffer(t, IO_REPARSE_TAG_NFS, "", 0)),
	       DIRECTORY_NOT_EMPTY);
	STATUS(set(t, tree, id, link_buffer(t, "x", true)),
	       DIRECTORY_NOT_EMPTY);
	OK(cli_close(tree, id));
}

static void mismatches(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct blob b = buffer(t, TAG_OTHER, "data", 4);
	const char *path = make(t, tree, "point", 0, b);
	struct smb2_file_id id = open_itself(t, tree, path);

	STATUS(set(t, tree, id, buffer(t, IO_REPARSE_TAG_NFS, "", 0)),
	       IO_REPARSE_TAG_MISMATCH);
	STATUS(drop(t, tree, id, IO_REPARSE_TAG_NFS), IO_REPARSE_TAG_MISMATCH);
	b.data[REPARSE_HEADER] ^= 1;
	STATUS(set(t, tree, id, b), REPARSE_ATTRIBUTE_CONFLICT);
	STATUS(control(t, tree, id, FSCTL_DELETE_REPARSE_POINT,
		       (struct blob){b.data, REPARSE_GUID_HEADER}, 0, NULL),
	       IO_REPARSE_DATA_INVALID); /* it says that it has data */
	b.data[4] = 0;
	STATUS(control(t, tree, id, FSCTL_DELETE_REPARSE_POINT,
		       (struct blob){b.data, REPARSE_GUID_HEADER}, 0, NULL),
	       REPARSE_ATTRIBUTE_CONFLICT);
	OK(cli_close(tree, id));
}

static void rights(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_file(t, tree, "file", "");
	struct blob b = buffer(t, IO_REPARSE_TAG_NFS, "", 0);
	struct smb2_file_id id =
		torture_open(t, tree, path,
			     FILE_READ_DATA | FILE_APPEND_DATA | FILE_WRITE_EA,
			     FILE_OPEN, FILE_OPEN_REPARSE_POINT);

	STATUS(set(t, tree, id, b), ACCESS_DENIED);
	STATUS(drop(t, tree, id, IO_REPARSE_TAG_NFS), ACCESS_DENIED);
	OK(cli_close(tree, id));
	id = torture_open(t, tree, path, FILE_WRITE_ATTRIBUTES, FILE_OPEN,
			  FILE_OPEN_REPARSE_POINT);
	OK(set(t, tree, id, b));
	OK(drop(t, tree, id, IO_REPARSE_TAG_NFS));
	OK(cli_close(tree, id));
}

/* --- bad input ----------------------------------------------------------- */

static void lengths(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_file(t, tree, "file", "");
	struct smb2_file_id id = open_itself(t, tree, path);
	static uint8_t data[REPARSE_MAX + 1] = {0x14, 0, 0, 0x80};

	for (size_t n = 0; n < REPARSE_HEADER; n++) {
		STATUS(set(t, tree, id, (struct blob){data, n}),
		       IO_REPARSE_DATA_INVALID);
		STATUS(control(t, tree, id, FSCTL_DELETE_REPARSE_POINT,
			       (struct blob){data, n}, 0, NULL),
		       IO_REPARSE_DATA_INVALID);
	}
	data[4] = 1;
	STATUS(set(t, tree, id, (struct blob){data, 8}),
	       IO_REPARSE_DATA_INVALID);
	data[4] = data[5] = 0xff;
	STATUS(set(t, tree, id, (struct blob){data, 8}),
	       IO_REPARSE_DATA_INVALID);
	STATUS(set(t, tree, id, (struct blob){data, sizeof(data)}),
	       IO_REPARSE_DATA_INVALID);
	data[4] = (REPARSE_MAX + 1 - 8) & 0xff;
	data[5] = (REPARSE_MAX + 1 - 8) >> 8;
	STATUS(set(t, tree, id, (struct blob){data, sizeof(data)}),
	       IO_REPARSE_DATA_INVALID);
	tag_is(t, tree, id, 0);
	OK(cli_close(tree, id));
	torture_is_alive(cli_tree_conn(tree));
}

static void reserved_tags(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_file(t, tree, "file", "");
	struct smb2_file_id id = open_itself(t, tree, path);

	for (uint32_t tag = 0; tag < 2; tag++) {
		/* Windows: TAG_INVALID for both, as for any reserved tag */
		STATUS_IN(set(t, tree, id, buffer(t, tag, "", 0)),
			  NT_STATUS(IO_REPARSE_DATA_INVALID),
			  NT_STATUS(IO_REPARSE_TAG_INVALID));
		STATUS(drop(t, tree, id, tag), IO_REPARSE_TAG_INVALID);
	}
	OK(cli_close(tree, id));
}

static void output_room(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = make(t, tree, "point", 0,
				buffer(t, IO_REPARSE_TAG_NFS, "12345678", 8));
	struct smb2_file_id id = open_itself(t, tree, path);
	const struct blob none = {0};

	for (uint32_t room = 0; room < REPARSE_HEADER; room++) {
		STATUS(control(t, tree, id, FSCTL_GET_REPARSE_POINT, none, room,
			       NULL),
		       BUFFER_TOO_SMALL);
	}
	STATUS(control(t, tree, id, FSCTL_GET_REPARSE_POINT, none, 15, NULL),
	       BUFFER_OVERFLOW);
	OK(control(t, tree, id, FSCTL_GET_REPARSE_POINT, none, 16, NULL));
	OK(cli_close(tree, id));
}

/* Names of a symlink at the end of the buffer, beyond it, and odd. */
static void symlink_bounds(struct torture *t)
{
	static const struct {
		size_t at;
		uint8_t low, high;
	} bad[] = {
		{8, 0xff, 0xff},  {8, 5, 0},	    {10, 0, 0},
		{10, 3, 0},	  {10, 0xff, 0xff}, {12, 0xff, 0xff},
		{14, 0xff, 0xff}, {14, 1, 0},	    {16, 2, 0},
		{18, 1, 0},
	};
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_file(t, tree, "file", "");
	struct smb2_file_id id = open_itself(t, tree, path);

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct blob b = link_buffer(t, "ab", true);

		b.data[bad[i].at] = bad[i].low;
		b.data[bad[i].at + 1] = bad[i].high;
		STATUS(set(t, tree, id, b), IO_REPARSE_DATA_INVALID);
	}
	for (size_t n = 0; n < 12; n++) {
		struct blob b = link_buffer(t, "ab", true);

		b.length = REPARSE_HEADER + n;
		b.data[4] = (uint8_t)n;
		STATUS(set(t, tree, id, b), IO_REPARSE_DATA_INVALID);
	}
	tag_is(t, tree, id, 0);
	OK(cli_close(tree, id));
}

/* --- where it is seen ---------------------------------------------------- */

struct seen {
	uint32_t tag;
	unsigned int count;
};

static bool see(void *private_data, const char *name,
		const struct fscc_dir_entry *e)
{
	struct seen *s = private_data;

	if (strcmp(name, "point") == 0) {
		s->count++;
		CHECK((e->file_attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0);
		EQUAL(e->reparse_tag, s->tag);
	}
	return true;
}

static void in_listings(struct torture *t)
{
	/* [MS-FSCC] 2.4.8, 2.4.17: in the place of EaSize but for the last */
	static const enum file_information_class classes[] = {
		FileFullDirectoryInformation,	FileBothDirectoryInformation,
		FileIdFullDirectoryInformation, FileIdBothDirectoryInformation,
		FileIdExtdDirectoryInformation,
	};
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id;

	make(t, tree, "point", 0, buffer(t, TAG_OTHER, "data", 4));
	for (size_t i = 0; i < COUNT_OF(classes); i++) {
		struct seen s = {.tag = TAG_OTHER};

		id = torture_open(t, tree, torture_dir(t, tree),
				  FILE_LIST_DIRECTORY, FILE_OPEN,
				  FILE_DIRECTORY_FILE);

		OK(torture_list_dir(t, tree, id, "*", classes[i], 65536, see,
				    &s));
		EQUAL(s.count, 1);
		OK(cli_close(tree, id));
	}
}

static void renamed_and_deleted(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct blob b = buffer(t, TAG_OTHER, "data", 4);
	const char *path = make(t, tree, "point", 0, b);
	const char *other = torture_path(t, tree, "other");
	struct smb2_file_id id = open_itself(t, tree, path);

	OK(torture_rename(tree, id, other, false));
	OK(cli_close(tree, id));
	id = open_itself(t, tree, other);
	buffer_is(t, tree, id, b);
	OK(torture_set_delete(tree, id, true));
	OK(cli_close(tree, id));
	STATUS(try_plain(t, tree, other), OBJECT_NAME_NOT_FOUND);
}

static void dispositions(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path =
		make(t, tree, "point", 0, buffer(t, IO_REPARSE_TAG_NFS, "", 0));
	static const uint32_t plain[] = {FILE_OPEN, FILE_OPEN_IF,
					 FILE_OVERWRITE, FILE_OVERWRITE_IF,
					 FILE_SUPERSEDE};
	struct smb2_file_id id;

	STATUS(torture_try_open(t, tree, path, ACCESS, FILE_CREATE, 0),
	       OBJECT_NAME_COLLISION);
	for (size_t i = 0; i < COUNT_OF(plain); i++) {
		STATUS(torture_try_open(t, tree, path, ACCESS, plain[i], 0),
		       IO_REPARSE_TAG_NOT_HANDLED);
	}
	id = torture_open(t, tree, path, ACCESS, FILE_OPEN_IF,
			  FILE_OPEN_REPARSE_POINT);
	tag_is(t, tree, id, IO_REPARSE_TAG_NFS);
	OK(cli_close(tree, id));
	id = torture_open(t, tree, path, ACCESS, FILE_OVERWRITE,
			  FILE_OPEN_REPARSE_POINT);
	tag_is(t, tree, id, 0);
	OK(cli_close(tree, id));
	OK(try_plain(t, tree, path));
}

static void stream_handles(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_file(t, tree, "file", "");
	const char *stream = talloc_asprintf(t->mem, "%s:s", path);
	struct blob b = buffer(t, IO_REPARSE_TAG_NFS, "", 0);
	struct smb2_file_id s =
		torture_open(t, tree, stream, ACCESS, FILE_CREATE, 0);
	struct smb2_file_id id;

	STATUS(set(t, tree, s, b), INVALID_PARAMETER);
	id = open_itself(t, tree, path);
	OK(set(t, tree, id, b));
	OK(cli_close(tree, id));
	OK(cli_close(tree, s));
	STATUS(try_plain(t, tree, stream), IO_REPARSE_TAG_NOT_HANDLED);
	s = open_itself(t, tree, stream);
	OK(cli_close(tree, s));
}

/* --- symlinks ------------------------------------------------------------ */

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
		const char *path = make_link(
			t, tree, talloc_asprintf(t->mem, "link%zu", i),
			links[i].target, links[i].relative);
		struct reparse_symlink got = link_of(t, tree, path);
		struct smb2_file_id id = open_itself(t, tree, path);

		CHECK(strcmp(got.substitute, links[i].target) == 0);
		EQUAL(got.relative, links[i].relative);
		tag_is(t, tree, id, IO_REPARSE_TAG_SYMLINK);
		OK(cli_close(tree, id));
	}
}

/* The handle that has made it, and others to what was there. */
static void symlink_handles(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_path(t, tree, "link");
	struct smb2_file_id a = torture_open(t, tree, path, ACCESS, FILE_CREATE,
					     FILE_OPEN_REPARSE_POINT);
	struct smb2_file_id b = torture_open(t, tree, path, ACCESS, FILE_OPEN,
					     FILE_OPEN_REPARSE_POINT);
	struct blob out;

	OK(set(t, tree, a, link_buffer(t, "x", true)));
	tag_is(t, tree, a, IO_REPARSE_TAG_SYMLINK);
	STATUS(torture_read(t, tree, a, 0, 10, &out), END_OF_FILE);
	STATUS(torture_read(t, tree, b, 0, 10, &out), END_OF_FILE);
	OK(cli_close(tree, b));
	OK(torture_set_delete(tree, a, true));
	OK(cli_close(tree, a));
	STATUS(try_plain(t, tree, path), OBJECT_NAME_NOT_FOUND);
}

static void symlink_needs_empty_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_file(t, tree, "file", "text");
	struct smb2_file_id id = open_itself(t, tree, path);

	STATUS(set(t, tree, id, link_buffer(t, "x", true)),
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
	const char *link = make_link(t, tree, "link", "no\\where", true);
	const char *abs = make_link(t, tree, "abs", "\\??\\C:\\x", false);

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
			return try_plain(t, tree, name);
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
	const char *link = make_link(t, tree, "link", "dir", true);
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
	const char *a = make_link(t, tree, "a", "b", true);
	const char *b = make_link(t, tree, "b", "a", true);
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
		last = make_link(t, tree, talloc_asprintf(t->mem, "l%d", i),
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
		const char *link = make_link(
			t, tree, talloc_asprintf(t->mem, "link%zu", i),
			links[i].target, links[i].relative);
		const char *below = talloc_asprintf(t->mem, "%s\\passwd", link);
		struct smb2_create_request in = torture_request(
			FILE_READ_DATA, FILE_OPEN_IF, FILE_NON_DIRECTORY_FILE);

		if (i != 3) { /* that may be the share's root */
			CHECK(stopped(t, tree, link, &e));
		}
		CHECK(stopped(t, tree, below, &e) ||
		      NT_STATUS_IS(try_plain(t, tree, below),
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
	const char *in = make_link(t, tree, "in", "out\\passwd", true);
	struct smb2_symlink_error e;

	make_link(t, tree, "out", "..\\..\\..\\..\\..\\..\\etc", true);
	CHECK(stopped(t, tree, in, &e));
}

static void symlink_replaced(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = make_link(t, tree, "link", "one", true);
	struct smb2_file_id id = open_itself(t, tree, path);

	OK(set(t, tree, id, link_buffer(t, "two", true)));
	CHECK(strcmp(link_of(t, tree, path).substitute, "two") == 0);
	OK(drop(t, tree, id, IO_REPARSE_TAG_SYMLINK));
	tag_is(t, tree, id, 0);
	OK(cli_close(tree, id));
	torture_content_is(t, tree, path, "", 0);
}

static void symlink_renamed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *target = torture_file(t, tree, "file", "text");
	const char *link = make_link(t, tree, "link", "file", true);
	const char *other = make_link(t, tree, "other", "file", true);
	struct smb2_file_id id = open_itself(t, tree, link);

	OK(torture_rename(tree, id, other, true));
	OK(cli_close(tree, id));
	CHECK(strcmp(link_of(t, tree, other).substitute, "file") == 0);
	STATUS(torture_try_open(t, tree, link, ACCESS, FILE_OPEN,
				FILE_OPEN_REPARSE_POINT),
	       OBJECT_NAME_NOT_FOUND);
	torture_content_is(t, tree, target, "text", 4);
}

static void symlink_deleted(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *dir = torture_mkdir(t, tree, "dir");
	const char *file = torture_file(t, tree, "dir\\file", "text");
	const char *link = make_link(t, tree, "link", "dir", true);
	struct smb2_file_id id =
		torture_open(t, tree, link, DELETE_ACCESS, FILE_OPEN,
			     FILE_OPEN_REPARSE_POINT | FILE_DELETE_ON_CLOSE);

	OK(cli_close(tree, id));
	STATUS(torture_try_open(t, tree, link, ACCESS, FILE_OPEN,
				FILE_OPEN_REPARSE_POINT),
	       OBJECT_NAME_NOT_FOUND);
	OK(try_plain(t, tree, dir));
	torture_content_is(t, tree, file, "text", 4);
}

static void symlink_no_data(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = make_link(t, tree, "link", "x", true);
	struct smb2_file_id id;
	struct blob out;

	STATUS_IN(torture_try_open(t, tree, path, ACCESS, FILE_OVERWRITE, 0),
		  NT_STATUS(STOPPED_ON_SYMLINK));
	STATUS(torture_try_open(t, tree, path, ACCESS, FILE_CREATE,
				FILE_OPEN_REPARSE_POINT),
	       OBJECT_NAME_COLLISION);
	id = open_itself(t, tree, path);
	STATUS(torture_read(t, tree, id, 0, 1, &out), END_OF_FILE);
	OK(cli_close(tree, id));
	CHECK(strcmp(link_of(t, tree, path).substitute, "x") == 0);
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
	link = make_link(t, tree, "link", "dir", true);
	stop_is(t, tree, link, "dir", 0, true);
	stop_is(t, tree, talloc_asprintf(t->mem, "%s\\file", link), "dir", 5,
		true);
}

/* --- the table ----------------------------------------------------------- */

#define SET  "[MS-FSA] 2.1.5.10.37"
#define STOP "[MS-SMB2] 2.2.2.2.1"

const struct torture_test torture_reparse_tests[] = {
	{"reparse.nfs_tag", "[MS-FSCC] 2.1.2.6", nfs_tag, 0},
	{"reparse.nfs_device", "[MS-FSCC] 2.1.2.6", nfs_device, 0},
	{"reparse.lx_symlink", "[MS-FSCC] 2.1.2.7", lx_tags, 0},
	{"reparse.empty_buffer", SET, empty_buffer, 0},
	{"reparse.other_makers", "[MS-FSCC] 2.1.2.3", other_makers, 0},
	{"reparse.directory", SET, directory, 0},
	{"reparse.largest", SET ": 16 KiB", largest, 0},
	{"reparse.mount_point", SET, mount_point, 0},
	{"reparse.full_directory", SET ": DIRECTORY_NOT_EMPTY", full_directory,
	 0},
	{"reparse.mismatches", "[MS-FSA] 2.1.5.10.3", mismatches, 0},
	{"reparse.rights", SET ": ACCESS_DENIED", rights, 0},
	{"reparse.lengths", SET ": IO_REPARSE_DATA_INVALID", lengths, 0},
	{"reparse.reserved_tags", "[MS-FSCC] 2.3.82", reserved_tags, 0},
	{"reparse.output_room", "[MS-FSA] 2.1.5.10.14", output_room, 0},
	{"reparse.symlink_bounds", "[MS-FSCC] 2.1.2.4", symlink_bounds, 0},
	{"reparse.in_listings", "[MS-FSA] 2.1.5.6.3", in_listings, 0},
	{"reparse.renamed_and_deleted", "[MS-FSA] 2.1.5.15.12",
	 renamed_and_deleted, 0},
	{"reparse.dispositions", "[MS-FSA] 2.1.5.1.2", dispositions, 0},
	{"reparse.stream_handles", "[MS-FSCC] 2.3.81", stream_handles, 0},
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
