/* torture/streams.c - named streams, extended attributes and server-side copies
 * ([MS-FSA] 2.1.5.1, 2.1.5.15.6; [MS-SMB2] 3.3.5.15.6). */
#include <string.h>

#include "lib/utf16.h"
#include "smb2/copychunk.h"
#include "smb2/fscc_list.h"
#include "torture/features.h"
#include "torture/util.h"

static const char *stream_of(struct torture *t, const char *file,
			     const char *stream)
{
	return talloc_asprintf(t->mem, "%s:%s", file, stream);
}

/* --- streams ------------------------------------------------------------- */

static void made_with_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *file = torture_path(t, tree, "file");
	const char *stream = stream_of(t, file, "One");
	struct smb2_file_id id =
		torture_open(t, tree, stream, TORTURE_ALL, FILE_CREATE, 0);

	OK(torture_write(tree, id, 3, "text", 4));
	OK(cli_close(tree, id));
	torture_content_is(t, tree, file, "", 0);
	torture_content_is(t, tree, stream_of(t, file, "oNE:$data"),
			   "\0\0\0text", 7);
	STATUS(torture_try_open(t, tree, stream, TORTURE_ALL, FILE_CREATE, 0),
	       OBJECT_NAME_COLLISION);
	STATUS(torture_try_open(t, tree, stream_of(t, file, "two"), TORTURE_ALL,
				FILE_OPEN, 0),
	       OBJECT_NAME_NOT_FOUND);
}

static void large(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *file = torture_file(t, tree, "file", "x");
	struct smb2_file_id id =
		torture_open(t, tree, stream_of(t, file, "large"), TORTURE_ALL,
			     FILE_CREATE, 0);
	struct blob out;

	/* More than any extended attribute of Linux holds. */
	OK(torture_write(tree, id, 0, "begin", 5));
	OK(torture_write(tree, id, 200000, "end", 3));
	OK(torture_read(t, tree, id, 200000, 10, &out));
	EQUAL(out.length, 3);
	OK(torture_read(t, tree, id, 0, 5, &out));
	CHECK(memcmp(out.data, "begin", 5) == 0);
	OK(torture_set_eof(tree, id, 5));
	OK(cli_close(tree, id));
	torture_content_is(t, tree, stream_of(t, file, "large"), "begin", 5);
}

static void deleted_last(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_file(t, tree, "file", "x");
	const char *stream = stream_of(t, path, "s");
	struct smb2_file_id s =
		torture_open(t, tree, stream, TORTURE_ALL, FILE_CREATE, 0);
	struct smb2_file_id file =
		torture_open(t, tree, path, TORTURE_ALL, FILE_OPEN, 0);

	OK(torture_set_delete(tree, file, true));
	OK(cli_close(tree, file));
	/* [MS-FSA] 2.1.5.1.2: the stream holds it, for nobody else. */
	STATUS(torture_try_open(t, tree, stream, TORTURE_ALL, FILE_OPEN, 0),
	       DELETE_PENDING);
	OK(cli_close(tree, s));
	STATUS(torture_try_open(t, tree, path, TORTURE_ALL, FILE_OPEN, 0),
	       OBJECT_NAME_NOT_FOUND);
}

/* --- extended attributes ------------------------------------------------- */

static void ea_set_and_query(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		torture_open(t, tree, torture_file(t, tree, "file", "x"),
			     TORTURE_ALL, FILE_OPEN, 0);
	const struct fscc_ea in = {.name = "name",
				   .value = wire_reader("value", 5)};
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_list l = fscc_list(&w, FSCC_EA_ALIGN);
	struct wire_reader out;
	struct fscc_ea ea = {0};

	STATUS(torture_query(t, tree, id, FileFullEaInformation, 1000, &out),
	       NO_EAS_ON_FILE);
	fscc_ea_put(&l, &in);
	OK(torture_set(tree, id, FileFullEaInformation, bytes, w.length));
	OK(torture_query(t, tree, id, FileFullEaInformation, 1000, &out));
	OK(fscc_ea_next(&out, &ea));
	EQUAL(ea.value.length, 5);
	OK(torture_query(t, tree, id, FileEaInformation, 4, &out));
	CHECK(wire_u32(&out) > 0);
	/* [MS-FSA] 2.1.5.12.12 */
	id = torture_open(t, tree, torture_path(t, tree, "file"), TORTURE_ALL,
			  FILE_OPEN, 0);
	STATUS(torture_query(t, tree, id, FileFullEaInformation, 12, &out),
	       BUFFER_TOO_SMALL);
}

/* One byte after the other is not there, or is not what it should be. */
static void ea_malformed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		torture_open(t, tree, torture_file(t, tree, "file", "x"),
			     TORTURE_ALL, FILE_OPEN, 0);
	const struct fscc_ea in = {.name = "n", .value = wire_reader("v", 1)};
	uint8_t bytes[64];
	struct wire_writer w = wire_writer_fixed(bytes, sizeof(bytes));
	struct fscc_list l = fscc_list(&w, FSCC_EA_ALIGN);
	struct wire_reader out;

	fscc_ea_put(&l, &in);
	for (size_t n = 1; n < w.length; n++) {
		torture_note("%zu bytes", n);
		STATUS_IN(
			torture_set(tree, id, FileFullEaInformation, bytes, n),
			NT_STATUS(EA_LIST_INCONSISTENT),
			NT_STATUS(INVALID_PARAMETER));
	}
	for (size_t i = 0; i < 8; i++) {
		uint8_t was = bytes[i];

		torture_note("byte %zu", i);
		bytes[i] = 0xff;
		STATUS_IN(torture_set(tree, id, FileFullEaInformation, bytes,
				      w.length),
			  NT_STATUS(EA_LIST_INCONSISTENT),
			  NT_STATUS(INVALID_EA_NAME),
			  NT_STATUS(INVALID_PARAMETER));
		bytes[i] = was;
	}
	STATUS(torture_query(t, tree, id, FileFullEaInformation, 1000, &out),
	       NO_EAS_ON_FILE);
}

/* --- copies -------------------------------------------------------------- */

static NTSTATUS fsctl(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id id, uint32_t code,
		      struct wire_reader input, struct smb2_ioctl_response *out)
{
	struct smb2_ioctl_request in = {
		.ctl_code = code,
		.id = id,
		.max_output_response = 64,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
		.input = input,
	};

	return cli_ioctl(t->mem, tree, &in, out);
}

/* One chunk of 4 bytes, with the source's key in front. */
static size_t put_copy(struct torture *t, struct cli_tree *tree,
		       struct smb2_file_id source, uint32_t length,
		       uint8_t bytes[64])
{
	struct wire_writer w = wire_writer_fixed(bytes, 64);
	struct smb2_ioctl_response key;

	OK(fsctl(t, tree, source, FSCTL_SRV_REQUEST_RESUME_KEY,
		 wire_reader(NULL, 0), &key));
	EQUAL(key.output.length, SMB2_RESUME_KEY_RESPONSE_SIZE);
	wire_put_bytes(&w, key.output.data, SMB2_RESUME_KEY_SIZE);
	wire_put_u32(&w, 1);
	wire_put_u32(&w, 0);
	wire_put_u64(&w, 2);
	wire_put_u64(&w, 1);
	wire_put_u32(&w, length);
	wire_put_u32(&w, 0);
	return w.length;
}

static void copy_chunk(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id from =
		torture_open(t, tree, torture_file(t, tree, "a", "0123456789"),
			     TORTURE_ALL, FILE_OPEN, 0);
	const char *target = torture_file(t, tree, "b", "x");
	struct smb2_file_id to =
		torture_open(t, tree, target, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_ioctl_response out;
	uint8_t bytes[64];
	size_t n = put_copy(t, tree, from, 4, bytes);

	OK(fsctl(t, tree, to, FSCTL_SRV_COPYCHUNK, wire_reader(bytes, n),
		 &out));
	EQUAL(out.output.length, SMB2_COPYCHUNK_RESPONSE_SIZE);
	EQUAL(wire_u32(&out.output), 1);
	EQUAL(wire_u32(&out.output), 0);
	EQUAL(wire_u32(&out.output), 4);
	torture_content_is(t, tree, target, "x2345", 5);
	n = put_copy(t, tree, from, 100, bytes);
	STATUS(fsctl(t, tree, to, FSCTL_SRV_COPYCHUNK, wire_reader(bytes, n),
		     &out),
	       INVALID_VIEW_SIZE);
}

static void copy_malformed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		torture_open(t, tree, torture_file(t, tree, "a", "0123456789"),
			     TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_ioctl_response out;
	uint8_t bytes[64];
	size_t n = put_copy(t, tree, id, 4, bytes);

	for (size_t i = 0; i < n; i++) {
		torture_note("%zu bytes", i);
		STATUS(fsctl(t, tree, id, FSCTL_SRV_COPYCHUNK,
			     wire_reader(bytes, i), &out),
		       INVALID_PARAMETER);
	}
	memset(bytes + SMB2_RESUME_KEY_SIZE, 0xff, 4); /* ChunkCount */
	STATUS(fsctl(t, tree, id, FSCTL_SRV_COPYCHUNK, wire_reader(bytes, n),
		     &out),
	       INVALID_PARAMETER);
	memset(bytes, 0xff, SMB2_RESUME_KEY_SIZE);
	STATUS(fsctl(t, tree, id, FSCTL_SRV_COPYCHUNK, wire_reader(bytes, n),
		     &out),
	       OBJECT_NAME_NOT_FOUND);
	torture_content_is(t, tree, torture_path(t, tree, "a"), "0123456789",
			   10);
}

/* The data goes, and the handle with it; the file is empty then. */
static void rename_from_unnamed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *file = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, file, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_file_id other =
		torture_open(t, tree, file, FILE_READ_DATA, FILE_OPEN, 0);
	struct smb2_create_request alone =
		torture_request(FILE_READ_DATA, FILE_OPEN, 0);
	struct blob data;

	STATUS(torture_rename(tree, id, ":new:$DATA", false),
	       SHARING_VIOLATION);
	OK(cli_close(tree, other));
	OK(torture_rename(tree, id, ":new:$DATA", false));
	OK(torture_read(t, tree, id, 0, 10, &data));
	EQUAL(data.length, 4);
	torture_content_is(t, tree, file, "", 0);
	torture_content_is(t, tree, talloc_asprintf(t->mem, "%s:new", file),
			   "text", 4);
	/* The handle is the stream's now, also to others. */
	alone.share_access = 0;
	STATUS(torture_try(t, tree, stream_of(t, file, "new"), &alone),
	       SHARING_VIOLATION);
	OK(torture_try(t, tree, file, &alone));
	OK(cli_close(tree, id));
	OK(torture_try_open(t, tree, file, DELETE_ACCESS, FILE_OPEN,
			    FILE_DELETE_ON_CLOSE));
	STATUS(torture_try_open(t, tree, file, FILE_READ_DATA, FILE_OPEN, 0),
	       OBJECT_NAME_NOT_FOUND);
}

/* What is to be replaced must be empty, and nobody's. */
static void rename_to_unnamed(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *file = torture_file(t, tree, "file", "");
	const char *name = torture_file(t, tree, "file:x", "stream");
	struct smb2_file_id id =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_file_id other =
		torture_open(t, tree, file, TORTURE_ALL, FILE_OPEN, 0);
	struct blob data;

	STATUS(torture_rename(tree, id, "::$DATA", false),
	       OBJECT_NAME_COLLISION);
	STATUS(torture_rename(tree, id, "::$DATA", true), INVALID_PARAMETER);
	OK(torture_write(tree, other, 0, "data", 4));
	OK(cli_close(tree, other));
	STATUS(torture_rename(tree, id, "::$DATA", true), INVALID_PARAMETER);
	other = torture_open(t, tree, file, TORTURE_ALL, FILE_OPEN, 0);
	OK(torture_set_eof(tree, other, 0));
	OK(cli_close(tree, other));
	OK(torture_rename(tree, id, "::$DATA", true));
	OK(torture_read(t, tree, id, 0, 10, &data));
	EQUAL(data.length, 6);
	torture_content_is(t, tree, file, "stream", 6);
	STATUS(torture_try_open(t, tree, name, FILE_READ_DATA, FILE_OPEN, 0),
	       OBJECT_NAME_NOT_FOUND);
	OK(torture_write(tree, id, 6, "!", 1));
	OK(cli_close(tree, id));
	torture_content_is(t, tree, file, "stream!", 7);
}

const struct torture_test torture_streams_tests[] = {
	{"streams.rename_from_unnamed", "[MS-FSA] 2.1.5.15.12.1",
	 rename_from_unnamed, 0},
	{"streams.rename_to_unnamed", "[MS-FSA] 2.1.5.15.12.1",
	 rename_to_unnamed, 0},
	{"streams.made_with_file", "[MS-FSA] 2.1.5.1.1", made_with_file, 0},
	{"streams.large", "[MS-FSA] 2.1.5.4", large, 0},
	{"streams.deleted_last", "[MS-FSA] 2.1.5.1.2: DELETE_PENDING",
	 deleted_last, 0},
	{"ea.set_and_query", "[MS-FSA] 2.1.5.15.6, 2.1.5.12.12",
	 ea_set_and_query, 0},
	{"ea.malformed", "[MS-FSCC] 2.4.16", ea_malformed, 0},
	{"copy.chunk", "[MS-SMB2] 3.3.5.15.6", copy_chunk, 0},
	{"copy.malformed", "[MS-SMB2] 3.3.5.15.6.2", copy_malformed, 0},
	{NULL, NULL, NULL, 0},
};
