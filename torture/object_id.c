/* torture/object_id.c - object ids ([MS-FSCC] 2.1.3; [MS-FSA] 2.1.5.10.1, .2,
 * .13, .35, .36). */
#include <string.h>

#include "torture/features.h"
#include "torture/util.h"

#define SIZE 64

static NTSTATUS fsctl(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id id, uint32_t code, const void *data,
		      size_t length, uint32_t max, uint8_t out[SIZE])
{
	const struct smb2_ioctl_request in = {
		.ctl_code = code,
		.id = id,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
		.max_output_response = max,
		.input = wire_reader(data, length),
	};
	struct smb2_ioctl_response reply;
	NTSTATUS status = cli_ioctl(t->mem, tree, &in, &reply);

	if (NT_STATUS_IS_OK(status) && max > 0) {
		EQUAL(reply.output.length, SIZE);
		memcpy(out, reply.output.data, SIZE);
	}
	return status;
}

static NTSTATUS get(struct torture *t, struct cli_tree *tree,
		    struct smb2_file_id id, uint32_t code, uint8_t out[SIZE])
{
	return fsctl(t, tree, id, code, NULL, 0, SIZE, out);
}

/* Skips the test where there are none. */
static NTSTATUS make(struct torture *t, struct cli_tree *tree,
		     struct smb2_file_id id, uint8_t out[SIZE])
{
	NTSTATUS status = get(t, tree, id, FSCTL_CREATE_OR_GET_OBJECT_ID, out);

	if (NT_STATUS_IS(status, VOLUME_NOT_UPGRADED) ||
	    NT_STATUS_IS(status, INVALID_DEVICE_REQUEST)) {
		torture_skip("no object ids");
	}
	return status;
}

/* There is none until it is made; it stays, over a rename too; it is nobody
 * else's. */
static void made_once(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_file_id dir =
		torture_open(t, tree, torture_mkdir(t, tree, "dir"),
			     TORTURE_ALL, FILE_OPEN, FILE_DIRECTORY_FILE);
	uint8_t first[SIZE], again[SIZE], other[SIZE], volume[SIZE];
	static const uint8_t zeros[16];
	struct wire_reader out;

	STATUS_IN(get(t, tree, id, FSCTL_GET_OBJECT_ID, first),
		  NT_STATUS(OBJECTID_NOT_FOUND), NT_STATUS(VOLUME_NOT_UPGRADED),
		  NT_STATUS(INVALID_DEVICE_REQUEST));
	OK(make(t, tree, id, first));
	OK(make(t, tree, dir, other));
	CHECK(memcmp(first, zeros, 16) != 0);
	CHECK(memcmp(first, other, 16) != 0);
	/* BirthObjectId, BirthVolumeId, DomainId */
	CHECK(memcmp(first, first + 32, 16) == 0);
	CHECK(memcmp(first + 48, zeros, 16) == 0);
	OK(torture_query_fs(t, tree, id, FileFsObjectIdInformation, SIZE,
			    &out));
	wire_bytes(&out, volume, SIZE);
	CHECK(memcmp(first + 16, volume, 16) == 0);
	OK(torture_rename(tree, id, torture_path(t, tree, "new"), false));
	OK(cli_close(tree, id));
	id = torture_open(t, tree, torture_path(t, tree, "new"), TORTURE_ALL,
			  FILE_OPEN, 0);
	OK(get(t, tree, id, FSCTL_GET_OBJECT_ID, again));
	CHECK(memcmp(first, again, SIZE) == 0);
	OK(make(t, tree, id, again));
	CHECK(memcmp(first, again, SIZE) == 0);
}

static void extended(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_file_id weak =
		torture_open(t, tree, name, FILE_READ_DATA, FILE_OPEN, 0);
	uint8_t first[SIZE], again[SIZE], info[48];

	memset(info, 0x5a, sizeof(info));
	STATUS_IN(fsctl(t, tree, id, FSCTL_SET_OBJECT_ID_EXTENDED, info, 48, 0,
			NULL),
		  NT_STATUS(OBJECTID_NOT_FOUND), NT_STATUS(VOLUME_NOT_UPGRADED),
		  NT_STATUS(INVALID_DEVICE_REQUEST));
	OK(make(t, tree, id, first));
	STATUS(fsctl(t, tree, id, FSCTL_SET_OBJECT_ID_EXTENDED, info, 47, 0,
		     NULL),
	       INVALID_PARAMETER);
	STATUS(fsctl(t, tree, weak, FSCTL_SET_OBJECT_ID_EXTENDED, info, 48, 0,
		     NULL),
	       ACCESS_DENIED);
	OK(fsctl(t, tree, id, FSCTL_SET_OBJECT_ID_EXTENDED, info, 48, 0, NULL));
	OK(get(t, tree, id, FSCTL_GET_OBJECT_ID, again));
	CHECK(memcmp(first, again, 16) == 0);
	CHECK(memcmp(again + 16, info, 48) == 0);
}

static void deleted(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "text");
	struct smb2_file_id id =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);
	struct smb2_file_id weak =
		torture_open(t, tree, name, FILE_READ_DATA, FILE_OPEN, 0);
	uint8_t first[SIZE], again[SIZE];

	OK(make(t, tree, id, first));
	STATUS(fsctl(t, tree, weak, FSCTL_DELETE_OBJECT_ID, NULL, 0, 0, NULL),
	       ACCESS_DENIED);
	OK(fsctl(t, tree, id, FSCTL_DELETE_OBJECT_ID, NULL, 0, 0, NULL));
	OK(fsctl(t, tree, id, FSCTL_DELETE_OBJECT_ID, NULL, 0, 0, NULL));
	STATUS(get(t, tree, id, FSCTL_GET_OBJECT_ID, again),
	       OBJECTID_NOT_FOUND);
	OK(make(t, tree, id, again));
	CHECK(memcmp(first, again, 16) != 0);
}

/* Setting one is for who may restore files; lengths are exact. */
static void set_and_sizes(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		torture_open(t, tree, torture_file(t, tree, "file", "text"),
			     TORTURE_ALL, FILE_OPEN, 0);
	uint8_t bytes[SIZE + 1] = {1, 2, 3}, out[SIZE];
	NTSTATUS status;

	OK(make(t, tree, id, out));
	OK(fsctl(t, tree, id, FSCTL_DELETE_OBJECT_ID, NULL, 0, 0, NULL));
	STATUS(fsctl(t, tree, id, FSCTL_SET_OBJECT_ID, bytes, SIZE - 1, 0,
		     NULL),
	       INVALID_PARAMETER);
	STATUS(fsctl(t, tree, id, FSCTL_SET_OBJECT_ID, bytes, SIZE + 1, 0,
		     NULL),
	       INVALID_PARAMETER);
	STATUS(fsctl(t, tree, id, FSCTL_SET_OBJECT_ID, NULL, 0, 0, NULL),
	       INVALID_PARAMETER);
	status = fsctl(t, tree, id, FSCTL_SET_OBJECT_ID, bytes, SIZE, 0, NULL);
	STATUS_IN(status, NT_STATUS_OK, NT_STATUS(ACCESS_DENIED));
	if (NT_STATUS_IS_OK(status)) {
		OK(get(t, tree, id, FSCTL_GET_OBJECT_ID, out));
		CHECK(memcmp(bytes, out, SIZE) == 0);
		STATUS(fsctl(t, tree, id, FSCTL_SET_OBJECT_ID, bytes, SIZE, 0,
			     NULL),
		       OBJECT_NAME_COLLISION);
	}
	STATUS(fsctl(t, tree, id, FSCTL_GET_OBJECT_ID, NULL, 0, SIZE - 1, out),
	       INVALID_PARAMETER);
	STATUS(fsctl(t, tree, id, FSCTL_CREATE_OR_GET_OBJECT_ID, NULL, 0,
		     SIZE - 1, out),
	       INVALID_PARAMETER);
}

const struct torture_test torture_object_id_tests[] = {
	{"object_id.made_once", "[MS-FSA] 2.1.5.10.1", made_once, 0},
	{"object_id.extended", "[MS-FSA] 2.1.5.10.36", extended, 0},
	{"object_id.deleted", "[MS-FSA] 2.1.5.10.2", deleted, 0},
	{"object_id.set_and_sizes", "[MS-FSA] 2.1.5.10.35", set_and_sizes, 0},
	{NULL, NULL, NULL, 0},
};
