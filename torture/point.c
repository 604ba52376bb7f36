/* torture/point.c - short ways with reparse points. */
#include "torture/point.h"

#include <string.h>

#include "smb2/ioctl.h"

NTSTATUS point_control(struct torture *t, struct cli_tree *tree,
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

NTSTATUS point_set(struct torture *t, struct cli_tree *tree,
		   struct smb2_file_id id, struct blob in)
{
	return point_control(t, tree, id, FSCTL_SET_REPARSE_POINT, in, 0, NULL);
}

struct blob point_buffer(struct torture *t, uint32_t tag, const void *data,
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

NTSTATUS point_drop(struct torture *t, struct cli_tree *tree,
		    struct smb2_file_id id, uint32_t tag)
{
	return point_control(t, tree, id, FSCTL_DELETE_REPARSE_POINT,
			     point_buffer(t, tag, NULL, 0), 0, NULL);
}

NTSTATUS point_get(struct torture *t, struct cli_tree *tree,
		   struct smb2_file_id id, struct blob *out)
{
	return point_control(t, tree, id, FSCTL_GET_REPARSE_POINT,
			     (struct blob){0}, REPARSE_MAX, out);
}

struct blob point_link(struct torture *t, const char *target, bool relative)
{
	const struct reparse_symlink link = {
		.substitute = target, .print = target, .relative = relative};
	struct blob out;

	OK(reparse_symlink_encode(t->mem, &link, &out));
	return out;
}

struct smb2_file_id point_open(struct torture *t, struct cli_tree *tree,
			       const char *name)
{
	return torture_open(t, tree, name, POINT_ACCESS, FILE_OPEN,
			    FILE_OPEN_REPARSE_POINT);
}

const char *point_make(struct torture *t, struct cli_tree *tree,
		       const char *leaf, uint32_t options, struct blob in)
{
	const char *path = torture_path(t, tree, leaf);
	struct smb2_file_id id =
		torture_open(t, tree, path, POINT_ACCESS, FILE_CREATE,
			     FILE_OPEN_REPARSE_POINT | options);
	NTSTATUS status = point_set(t, tree, id, in);

	if (NT_STATUS_IS(status, INVALID_DEVICE_REQUEST) ||
	    NT_STATUS_IS(status, VOLUME_NOT_UPGRADED)) {
		torture_skip("the server has no reparse points here");
	}
	OK(status);
	OK(cli_close(tree, id));
	return path;
}

const char *point_make_link(struct torture *t, struct cli_tree *tree,
			    const char *leaf, const char *target, bool relative)
{
	return point_make(t, tree, leaf, 0, point_link(t, target, relative));
}

void point_is(struct torture *t, struct cli_tree *tree, struct smb2_file_id id,
	      struct blob want)
{
	struct blob got = {0};

	OK(point_get(t, tree, id, &got));
	EQUAL(got.length, want.length);
	CHECK(memcmp(got.data, want.data, want.length) == 0);
}

struct reparse_symlink point_link_of(struct torture *t, struct cli_tree *tree,
				     const char *path)
{
	struct smb2_file_id id = point_open(t, tree, path);
	struct reparse_symlink link;
	struct blob got = {0};
	struct reparse r;

	OK(point_get(t, tree, id, &got));
	OK(cli_close(tree, id));
	OK(reparse_decode(got, &r));
	EQUAL(r.tag, IO_REPARSE_TAG_SYMLINK);
	OK(reparse_symlink_decode(t->mem, r.data, &link));
	return link;
}

NTSTATUS point_try(struct torture *t, struct cli_tree *tree, const char *path)
{
	return torture_try_open(t, tree, path, FILE_READ_ATTRIBUTES, FILE_OPEN,
				0);
}

void point_tag_is(struct torture *t, struct cli_tree *tree,
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
