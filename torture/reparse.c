/* torture/reparse.c - reparse points ([MS-FSA] 2.1.5.10.3, 2.1.5.10.14,
 * 2.1.5.10.37; [MS-FSCC] 2.1.2). */
#include <string.h>

#include "torture/features.h"
#include "torture/point.h"

/* --- any tag ------------------------------------------------------------- */

static void check_tag(struct torture *t, uint32_t tag, uint32_t options,
		      const void *data, size_t length)
{
	struct cli_tree *tree = torture_tree(t);
	struct blob b = point_buffer(t, tag, data, length);
	const char *path = point_make(
		t, tree, talloc_asprintf(t->mem, "point%x", tag), options, b);
	struct smb2_file_id id;

	STATUS(point_try(t, tree, path), IO_REPARSE_TAG_NOT_HANDLED);
	id = point_open(t, tree, path);
	point_tag_is(t, tree, id, tag);
	point_is(t, tree, id, b);
	OK(point_drop(t, tree, id, tag));
	point_tag_is(t, tree, id, 0);
	STATUS(point_get(t, tree, id, NULL), NOT_A_REPARSE_POINT);
	OK(cli_close(tree, id));
	OK(point_try(t, tree, path));
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
	check_tag(t, POINT_TAG_OTHER, 0, "data", 4);
}

static void directory(struct torture *t)
{
	check_tag(t, POINT_TAG_OTHER, FILE_DIRECTORY_FILE, "data", 4);
}

static void largest(struct torture *t)
{
	size_t n = REPARSE_MAX - REPARSE_HEADER;
	uint8_t *data = talloc_size(t->mem, n);

	memset(data, 0xa5, n);
	check_tag(t, IO_REPARSE_TAG_NFS, 0, data, n);
	check_tag(t, POINT_TAG_OTHER, 0, data,
		  REPARSE_MAX - REPARSE_GUID_HEADER);
}

static void mount_point(struct torture *t)
{
	static const uint8_t data[] = {0, 0, 2, 0, 4, 0, 0, 0, 'x', 0, 0, 0};
	struct cli_tree *tree = torture_tree(t);
	const char *file = torture_file(t, tree, "file", "");
	struct smb2_file_id id = point_open(t, tree, file);

	STATUS(point_set(t, tree, id,
			 point_buffer(t, IO_REPARSE_TAG_MOUNT_POINT, data,
				      sizeof(data))),
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
	id = point_open(t, tree, dir);
	STATUS(point_set(t, tree, id,
			 point_buffer(t, IO_REPARSE_TAG_NFS, "", 0)),
	       DIRECTORY_NOT_EMPTY);
	STATUS(point_set(t, tree, id, point_link(t, "x", true)),
	       DIRECTORY_NOT_EMPTY);
	OK(cli_close(tree, id));
}

static void mismatches(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct blob b = point_buffer(t, POINT_TAG_OTHER, "data", 4);
	const char *path = point_make(t, tree, "point", 0, b);
	struct smb2_file_id id = point_open(t, tree, path);

	STATUS(point_set(t, tree, id,
			 point_buffer(t, IO_REPARSE_TAG_NFS, "", 0)),
	       IO_REPARSE_TAG_MISMATCH);
	STATUS(point_drop(t, tree, id, IO_REPARSE_TAG_NFS),
	       IO_REPARSE_TAG_MISMATCH);
	b.data[REPARSE_HEADER] ^= 1;
	STATUS(point_set(t, tree, id, b), REPARSE_ATTRIBUTE_CONFLICT);
	STATUS(point_control(t, tree, id, FSCTL_DELETE_REPARSE_POINT,
			     (struct blob){b.data, REPARSE_GUID_HEADER}, 0,
			     NULL),
	       IO_REPARSE_DATA_INVALID); /* it says that it has data */
	b.data[4] = 0;
	STATUS(point_control(t, tree, id, FSCTL_DELETE_REPARSE_POINT,
			     (struct blob){b.data, REPARSE_GUID_HEADER}, 0,
			     NULL),
	       REPARSE_ATTRIBUTE_CONFLICT);
	OK(cli_close(tree, id));
}

static void rights(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_file(t, tree, "file", "");
	struct blob b = point_buffer(t, IO_REPARSE_TAG_NFS, "", 0);
	struct smb2_file_id id =
		torture_open(t, tree, path,
			     FILE_READ_DATA | FILE_APPEND_DATA | FILE_WRITE_EA,
			     FILE_OPEN, FILE_OPEN_REPARSE_POINT);

	STATUS(point_set(t, tree, id, b), ACCESS_DENIED);
	STATUS(point_drop(t, tree, id, IO_REPARSE_TAG_NFS), ACCESS_DENIED);
	OK(cli_close(tree, id));
	id = torture_open(t, tree, path, FILE_WRITE_ATTRIBUTES, FILE_OPEN,
			  FILE_OPEN_REPARSE_POINT);
	OK(point_set(t, tree, id, b));
	OK(point_drop(t, tree, id, IO_REPARSE_TAG_NFS));
	OK(cli_close(tree, id));
}

/* --- bad input ----------------------------------------------------------- */

static void lengths(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_file(t, tree, "file", "");
	struct smb2_file_id id = point_open(t, tree, path);
	static uint8_t data[REPARSE_MAX + 1] = {0x14, 0, 0, 0x80};

	for (size_t n = 0; n < REPARSE_HEADER; n++) {
		STATUS(point_set(t, tree, id, (struct blob){data, n}),
		       IO_REPARSE_DATA_INVALID);
		STATUS(point_control(t, tree, id, FSCTL_DELETE_REPARSE_POINT,
				     (struct blob){data, n}, 0, NULL),
		       IO_REPARSE_DATA_INVALID);
	}
	data[4] = 1;
	STATUS(point_set(t, tree, id, (struct blob){data, 8}),
	       IO_REPARSE_DATA_INVALID);
	data[4] = data[5] = 0xff;
	STATUS(point_set(t, tree, id, (struct blob){data, 8}),
	       IO_REPARSE_DATA_INVALID);
	STATUS(point_set(t, tree, id, (struct blob){data, sizeof(data)}),
	       IO_REPARSE_DATA_INVALID);
	data[4] = (REPARSE_MAX + 1 - 8) & 0xff;
	data[5] = (REPARSE_MAX + 1 - 8) >> 8;
	STATUS(point_set(t, tree, id, (struct blob){data, sizeof(data)}),
	       IO_REPARSE_DATA_INVALID);
	point_tag_is(t, tree, id, 0);
	OK(cli_close(tree, id));
	torture_is_alive(cli_tree_conn(tree));
}

static void reserved_tags(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_file(t, tree, "file", "");
	struct smb2_file_id id = point_open(t, tree, path);

	for (uint32_t tag = 0; tag < 2; tag++) {
		/* Windows: TAG_INVALID for both, as for any reserved tag */
		STATUS_IN(point_set(t, tree, id, point_buffer(t, tag, "", 0)),
			  NT_STATUS(IO_REPARSE_DATA_INVALID),
			  NT_STATUS(IO_REPARSE_TAG_INVALID));
		STATUS(point_drop(t, tree, id, tag), IO_REPARSE_TAG_INVALID);
	}
	OK(cli_close(tree, id));
}

static void output_room(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path =
		point_make(t, tree, "point", 0,
			   point_buffer(t, IO_REPARSE_TAG_NFS, "12345678", 8));
	struct smb2_file_id id = point_open(t, tree, path);
	const struct blob none = {0};

	for (uint32_t room = 0; room < REPARSE_HEADER; room++) {
		STATUS(point_control(t, tree, id, FSCTL_GET_REPARSE_POINT, none,
				     room, NULL),
		       BUFFER_TOO_SMALL);
	}
	STATUS(point_control(t, tree, id, FSCTL_GET_REPARSE_POINT, none, 15,
			     NULL),
	       BUFFER_OVERFLOW);
	OK(point_control(t, tree, id, FSCTL_GET_REPARSE_POINT, none, 16, NULL));
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
	struct smb2_file_id id = point_open(t, tree, path);

	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct blob b = point_link(t, "ab", true);

		b.data[bad[i].at] = bad[i].low;
		b.data[bad[i].at + 1] = bad[i].high;
		STATUS(point_set(t, tree, id, b), IO_REPARSE_DATA_INVALID);
	}
	for (size_t n = 0; n < 12; n++) {
		struct blob b = point_link(t, "ab", true);

		b.length = REPARSE_HEADER + n;
		b.data[4] = (uint8_t)n;
		STATUS(point_set(t, tree, id, b), IO_REPARSE_DATA_INVALID);
	}
	point_tag_is(t, tree, id, 0);
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

	point_make(t, tree, "point", 0,
		   point_buffer(t, POINT_TAG_OTHER, "data", 4));
	for (size_t i = 0; i < COUNT_OF(classes); i++) {
		struct seen s = {.tag = POINT_TAG_OTHER};

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
	struct blob b = point_buffer(t, POINT_TAG_OTHER, "data", 4);
	const char *path = point_make(t, tree, "point", 0, b);
	const char *other = torture_path(t, tree, "other");
	struct smb2_file_id id = point_open(t, tree, path);

	OK(torture_rename(tree, id, other, false));
	OK(cli_close(tree, id));
	id = point_open(t, tree, other);
	point_is(t, tree, id, b);
	OK(torture_set_delete(tree, id, true));
	OK(cli_close(tree, id));
	STATUS(point_try(t, tree, other), OBJECT_NAME_NOT_FOUND);
}

static void dispositions(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path =
		point_make(t, tree, "point", 0,
			   point_buffer(t, IO_REPARSE_TAG_NFS, "", 0));
	static const uint32_t plain[] = {FILE_OPEN, FILE_OPEN_IF,
					 FILE_OVERWRITE, FILE_OVERWRITE_IF,
					 FILE_SUPERSEDE};
	struct smb2_file_id id;

	STATUS(torture_try_open(t, tree, path, POINT_ACCESS, FILE_CREATE, 0),
	       OBJECT_NAME_COLLISION);
	for (size_t i = 0; i < COUNT_OF(plain); i++) {
		STATUS(torture_try_open(t, tree, path, POINT_ACCESS, plain[i],
					0),
		       IO_REPARSE_TAG_NOT_HANDLED);
	}
	id = torture_open(t, tree, path, POINT_ACCESS, FILE_OPEN_IF,
			  FILE_OPEN_REPARSE_POINT);
	point_tag_is(t, tree, id, IO_REPARSE_TAG_NFS);
	OK(cli_close(tree, id));
	id = torture_open(t, tree, path, POINT_ACCESS, FILE_OVERWRITE,
			  FILE_OPEN_REPARSE_POINT);
	point_tag_is(t, tree, id, 0);
	OK(cli_close(tree, id));
	OK(point_try(t, tree, path));
}

static void stream_handles(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *path = torture_file(t, tree, "file", "");
	const char *stream = talloc_asprintf(t->mem, "%s:s", path);
	struct blob b = point_buffer(t, IO_REPARSE_TAG_NFS, "", 0);
	struct smb2_file_id s =
		torture_open(t, tree, stream, POINT_ACCESS, FILE_CREATE, 0);
	struct smb2_file_id id;

	STATUS(point_set(t, tree, s, b), INVALID_PARAMETER);
	id = point_open(t, tree, path);
	OK(point_set(t, tree, id, b));
	OK(cli_close(tree, id));
	OK(cli_close(tree, s));
	STATUS(point_try(t, tree, stream), IO_REPARSE_TAG_NOT_HANDLED);
	s = point_open(t, tree, stream);
	OK(cli_close(tree, s));
}

/* --- the table ----------------------------------------------------------- */

#define SET "[MS-FSA] 2.1.5.10.37"

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
	{NULL, NULL, NULL, 0},
};
