/* torture/fsctl.c - every FSCTL of [MS-FSCC] 2.3 and [MS-SMB2] 2.2.31: on a
 * file, a directory and a stream, with buffers of all lengths.  Whatever is
 * asked, the connection goes on. */
#include <string.h>

#include "torture/features.h"
#include "torture/util.h"

#define MAX_STATUSES 3

/* The statuses that the texts allow for a request of zeros, with buffers that
 * are long enough; and with an input or output that is too short. */
struct row {
	const char *name;
	uint32_t code;
	uint32_t min_in, min_out;
	NTSTATUS file[MAX_STATUSES];
	NTSTATUS dir[MAX_STATUSES];
	NTSTATUS stream[MAX_STATUSES];
	NTSTATUS short_in[MAX_STATUSES];
	NTSTATUS short_out[MAX_STATUSES];
};

#define S(name) NT_STATUS(name)
#define NONE                                                                   \
	{                                                                      \
		S(INVALID_DEVICE_REQUEST), S(NOT_SUPPORTED)                    \
	}
#define BAD                                                                    \
	{                                                                      \
		S(INVALID_PARAMETER)                                           \
	}
#define SMALL                                                                  \
	{                                                                      \
		S(BUFFER_TOO_SMALL)                                            \
	}
#define GOOD                                                                   \
	{                                                                      \
		S(SUCCESS)                                                     \
	}
#define CODE(c) .name = #c, .code = FSCTL_##c
/* For what a file system under Linux does not have. */
#define ABSENT(c, in, out)                                                     \
	{                                                                      \
		CODE(c), .min_in = (in), .min_out = (out), .file = NONE,       \
			 .dir = NONE, .stream = NONE, .short_in = NONE,        \
			 .short_out = NONE                                     \
	}

static const struct row rows[] = {
	{CODE(CREATE_OR_GET_OBJECT_ID), .min_out = 64, .file = GOOD,
	 .dir = GOOD, .stream = GOOD, .short_out = BAD},
	{CODE(DELETE_OBJECT_ID), .file = GOOD, .dir = GOOD, .stream = GOOD},
	{CODE(DELETE_REPARSE_POINT), .min_in = 8,
	 .file = {S(NOT_A_REPARSE_POINT), S(INVALID_DEVICE_REQUEST),
		  S(IO_REPARSE_TAG_INVALID)},
	 .dir = {S(NOT_A_REPARSE_POINT), S(INVALID_DEVICE_REQUEST),
		 S(IO_REPARSE_TAG_INVALID)},
	 .stream = {S(NOT_A_REPARSE_POINT), S(INVALID_PARAMETER),
		    S(IO_REPARSE_TAG_INVALID)},
	 .short_in = {S(IO_REPARSE_DATA_INVALID), S(INVALID_DEVICE_REQUEST)}},
	{CODE(DUPLICATE_EXTENTS_TO_FILE), .min_in = 40,
	 .file = {S(INVALID_HANDLE)}, .dir = {S(INVALID_HANDLE)},
	 .stream = {S(INVALID_HANDLE)}, .short_in = BAD},
	{CODE(DUPLICATE_EXTENTS_TO_FILE_EX), .min_in = 48,
	 .file = {S(INVALID_HANDLE)}, .dir = {S(INVALID_HANDLE)},
	 .stream = {S(INVALID_HANDLE)}, .short_in = BAD},
	ABSENT(FILESYSTEM_GET_STATISTICS, 0, 56),
	{CODE(FILE_LEVEL_TRIM), .min_in = 24,
	 .file = {S(INVALID_PARAMETER), S(INVALID_DEVICE_REQUEST)}, .dir = BAD,
	 .stream = {S(INVALID_PARAMETER), S(INVALID_DEVICE_REQUEST)},
	 .short_in = {S(INVALID_PARAMETER), S(INVALID_DEVICE_REQUEST)}},
	ABSENT(FIND_FILES_BY_SID, 12, 8),
	{CODE(GET_COMPRESSION), .min_out = 2,
	 .file = {S(SUCCESS), S(INVALID_DEVICE_REQUEST)},
	 .dir = {S(SUCCESS), S(INVALID_DEVICE_REQUEST)},
	 .stream = {S(SUCCESS), S(INVALID_DEVICE_REQUEST)},
	 .short_out = {S(INVALID_PARAMETER), S(INVALID_DEVICE_REQUEST)}},
	ABSENT(GET_INTEGRITY_INFORMATION, 0, 16),
	{CODE(GET_NTFS_VOLUME_DATA), .min_out = 96,
	 .file = {S(SUCCESS), S(INVALID_DEVICE_REQUEST)},
	 .dir = {S(SUCCESS), S(INVALID_DEVICE_REQUEST)},
	 .stream = {S(SUCCESS), S(INVALID_DEVICE_REQUEST)},
	 .short_out = {S(BUFFER_TOO_SMALL), S(INVALID_DEVICE_REQUEST)}},
	ABSENT(GET_REFS_VOLUME_DATA, 0, 152),
	{CODE(GET_OBJECT_ID), .min_out = 64, .file = {S(OBJECTID_NOT_FOUND)},
	 .dir = {S(OBJECTID_NOT_FOUND)}, .stream = {S(OBJECTID_NOT_FOUND)},
	 .short_out = BAD},
	{CODE(GET_REPARSE_POINT), .file = {S(NOT_A_REPARSE_POINT)},
	 .dir = {S(NOT_A_REPARSE_POINT)},
	 .stream = {S(NOT_A_REPARSE_POINT), S(INVALID_PARAMETER)}},
	ABSENT(GET_RETRIEVAL_POINTERS, 8, 16),
	ABSENT(GET_RETRIEVAL_POINTERS_AND_REFCOUNT, 8, 16),
	ABSENT(GET_RETRIEVAL_POINTER_COUNT, 8, 4),
	{CODE(IS_PATHNAME_VALID), .file = GOOD, .dir = GOOD, .stream = GOOD},
	ABSENT(LMR_SET_LINK_TRACKING_INFORMATION, 8, 0),
	{CODE(MARK_HANDLE), .min_in = 24,
	 .file = {S(NOT_SUPPORTED), S(INVALID_PARAMETER)},
	 .dir = {S(NOT_SUPPORTED), S(DIRECTORY_NOT_SUPPORTED)},
	 .stream = {S(NOT_SUPPORTED), S(INVALID_PARAMETER)}, .short_in = BAD},
	{CODE(OFFLOAD_READ), .min_in = 32, .min_out = 528,
	 .file = {S(INVALID_PARAMETER), S(INVALID_DEVICE_REQUEST)},
	 .dir = {S(INVALID_PARAMETER), S(INVALID_DEVICE_REQUEST)},
	 .stream = {S(INVALID_PARAMETER), S(INVALID_DEVICE_REQUEST)},
	 .short_in = {S(BUFFER_TOO_SMALL), S(INVALID_DEVICE_REQUEST)},
	 .short_out = {S(BUFFER_TOO_SMALL), S(INVALID_DEVICE_REQUEST)}},
	{CODE(OFFLOAD_WRITE), .min_in = 544, .min_out = 16,
	 .file = {S(INVALID_PARAMETER), S(INVALID_DEVICE_REQUEST)},
	 .dir = {S(INVALID_PARAMETER), S(INVALID_DEVICE_REQUEST)},
	 .stream = {S(INVALID_PARAMETER), S(INVALID_DEVICE_REQUEST)},
	 .short_in = {S(BUFFER_TOO_SMALL), S(INVALID_DEVICE_REQUEST)},
	 .short_out = {S(BUFFER_TOO_SMALL), S(INVALID_DEVICE_REQUEST)}},
	ABSENT(PIPE_PEEK, 0, 16),
	ABSENT(PIPE_TRANSCEIVE, 0, 0),
	{CODE(QUERY_ALLOCATED_RANGES), .min_in = 16, .file = GOOD, .dir = BAD,
	 .stream = GOOD, .short_in = BAD},
	ABSENT(QUERY_FAT_BPB, 0, 36),
	{CODE(QUERY_FILE_REGIONS), .min_in = 24, .min_out = 40, .file = BAD,
	 .dir = BAD, .stream = BAD,
	 /* None at all is the whole file. */
	 .short_in = {S(SUCCESS), S(BUFFER_TOO_SMALL), S(INVALID_PARAMETER)},
	 .short_out = {S(BUFFER_TOO_SMALL), S(INVALID_PARAMETER)}},
	ABSENT(QUERY_ON_DISK_VOLUME_INFO, 0, 336),
	ABSENT(QUERY_SPARING_INFO, 0, 16),
	ABSENT(READ_FILE_USN_DATA, 0, 64),
	ABSENT(RECALL_FILE, 0, 0),
	ABSENT(REFS_STREAM_SNAPSHOT_MANAGEMENT, 16, 0),
	{CODE(SET_COMPRESSION), .min_in = 2, .file = GOOD, .dir = GOOD,
	 .stream = GOOD, .short_in = BAD},
	ABSENT(SET_DEFECT_MANAGEMENT, 1, 0),
	ABSENT(SET_ENCRYPTION, 8, 0),
	ABSENT(SET_INTEGRITY_INFORMATION, 8, 0),
	ABSENT(SET_INTEGRITY_INFORMATION_EX, 16, 0),
	{CODE(SET_SPARSE), .file = GOOD, .dir = BAD,
	 .stream = {S(SUCCESS), S(INVALID_DEVICE_REQUEST)}},
	{CODE(SET_ZERO_DATA), .min_in = 16, .file = GOOD, .dir = BAD,
	 .stream = GOOD, .short_in = BAD},
	ABSENT(SET_ZERO_ON_DEALLOCATION, 0, 0),
	ABSENT(SIS_COPYFILE, 16, 0),
	ABSENT(SRV_READ_HASH, 32, 0),
	{CODE(SRV_REQUEST_RESUME_KEY), .min_out = 32, .file = GOOD, .dir = GOOD,
	 .stream = GOOD, .short_out = BAD},
	{CODE(SRV_COPYCHUNK), .min_in = 32, .min_out = 12,
	 .file = {S(OBJECT_NAME_NOT_FOUND)}, .dir = {S(OBJECT_NAME_NOT_FOUND)},
	 .stream = {S(OBJECT_NAME_NOT_FOUND)}, .short_in = BAD,
	 .short_out = BAD},
	{CODE(SRV_COPYCHUNK_WRITE), .min_in = 32, .min_out = 12,
	 .file = {S(OBJECT_NAME_NOT_FOUND)}, .dir = {S(OBJECT_NAME_NOT_FOUND)},
	 .stream = {S(OBJECT_NAME_NOT_FOUND)}, .short_in = BAD,
	 .short_out = BAD},
	ABSENT(STORAGE_QOS_CONTROL, 0, 0),
	ABSENT(SVHDX_SYNC_TUNNEL_REQUEST, 0, 0),
	ABSENT(QUERY_SHARED_VIRTUAL_DISK_SUPPORT, 0, 0),
	ABSENT(WRITE_USN_CLOSE_RECORD, 0, 8),
};

static NTSTATUS fsctl_of(struct torture *t, struct cli_tree *tree,
			 struct smb2_file_id id, uint32_t code, uint8_t fill,
			 uint32_t length, uint32_t max_out)
{
	TALLOC_CTX *mem = talloc_new(t->mem);
	uint8_t *bytes = talloc_size(mem, length + 1);
	struct smb2_ioctl_request in = {
		.ctl_code = code,
		.id = id,
		.max_output_response = max_out,
		.flags = SMB2_0_IOCTL_IS_FSCTL,
		.input = wire_reader(bytes, length),
	};
	struct smb2_ioctl_response out;
	NTSTATUS status;

	memset(bytes, fill, length + 1);
	status = cli_ioctl(mem, tree, &in, &out);
	if (NT_STATUS_IS_OK(status) && out.output.length > max_out) {
		FAIL("more output than there is room for");
	}
	talloc_free(mem);
	return status;
}

static NTSTATUS fsctl(struct torture *t, struct cli_tree *tree,
		      struct smb2_file_id id, uint32_t code, uint32_t length,
		      uint32_t max_out)
{
	return fsctl_of(t, tree, id, code, 0, length, max_out);
}

/* SUCCESS counts in the first place only: unused ones are zero. */
static bool is_one_of(NTSTATUS got, const NTSTATUS want[MAX_STATUSES])
{
	for (int i = 0; i < MAX_STATUSES; i++) {
		if (ntstatus_equal(got, want[i]) &&
		    (i == 0 || !NT_STATUS_IS_OK(got))) {
			return true;
		}
	}
	return false;
}

static void try_row(struct torture *t, struct cli_tree *tree,
		    struct smb2_file_id id, const struct row *row,
		    const NTSTATUS usual[MAX_STATUSES], uint32_t length,
		    uint32_t room)
{
	NTSTATUS got = fsctl(t, tree, id, row->code, length, room);
	bool short_in = length < row->min_in;
	bool short_out = room < row->min_out;

	if ((!short_in && !short_out && is_one_of(got, usual)) ||
	    (short_in && is_one_of(got, row->short_in)) ||
	    (short_out && is_one_of(got, row->short_out))) {
		return;
	}
	/* What is refused for what it is may be refused first. */
	if ((short_in || short_out) && !NT_STATUS_IS_OK(got) &&
	    is_one_of(got, usual)) {
		return;
	}
	FAIL("%s with %u bytes and room for %u: %s", row->name, length, room,
	     ntstatus_name(got));
}

static void try_all(struct torture *t, struct cli_tree *tree,
		    struct smb2_file_id id, size_t kind)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct row *r = &rows[i];
		const NTSTATUS *usual = kind == 0   ? r->file
					: kind == 1 ? r->dir
						    : r->stream;
		const uint32_t in[] = {0, 1, r->min_in > 0 ? r->min_in - 1 : 0,
				       r->min_in, 60000};
		const uint32_t out[] = {0, 1,
					r->min_out > 0 ? r->min_out - 1 : 0,
					r->min_out, 60000};

		for (size_t j = 0; j < COUNT_OF(in) * COUNT_OF(out); j++) {
			try_row(t, tree, id, r, usual, in[j % COUNT_OF(in)],
				out[j / COUNT_OF(in)]);
		}
	}
	torture_is_alive(cli_tree_conn(tree));
}

static void on_file(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);

	try_all(t, tree,
		torture_open(t, tree, torture_file(t, tree, "file", "x"),
			     TORTURE_ALL, FILE_OPEN, 0),
		0);
	torture_content_is(t, tree, torture_path(t, tree, "file"), "x", 1);
}

static void on_directory(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);

	try_all(t, tree,
		torture_open(t, tree, torture_mkdir(t, tree, "dir"),
			     TORTURE_ALL, FILE_OPEN, 0),
		1);
}

static void on_stream(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = talloc_asprintf(t->mem, "%s:s",
					   torture_file(t, tree, "file", "x"));

	try_all(t, tree,
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN_IF, 0), 2);
	torture_content_is(t, tree, torture_path(t, tree, "file"), "x", 1);
}

/* Every number as large as it can be: what has numbers is refused. */
static void large_numbers(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	const char *name = torture_file(t, tree, "file", "0123456789");
	struct smb2_file_id id =
		torture_open(t, tree, name, TORTURE_ALL, FILE_OPEN, 0);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct row *r = &rows[i];
		NTSTATUS got =
			fsctl_of(t, tree, id, r->code, 0xff, r->min_in, 60000);

		if (r->min_in > 0 && NT_STATUS_IS_OK(got)) {
			FAIL("%s takes 0xff", r->name);
		}
		got = fsctl_of(t, tree, id, r->code, 0xff, 60000, 60000);
		if (r->min_in > 0 && NT_STATUS_IS_OK(got)) {
			FAIL("%s takes 60000 times 0xff", r->name);
		}
	}
	torture_is_alive(cli_tree_conn(tree));
	torture_content_is(t, tree, name, "0123456789", 10);
}

/* [MS-SMB2] 3.3.5.15.8 */
static void in_no_text(struct torture *t)
{
	struct cli_tree *tree = torture_tree(t);
	struct smb2_file_id id =
		torture_open(t, tree, torture_file(t, tree, "file", "x"),
			     TORTURE_ALL, FILE_OPEN, 0);

	STATUS(fsctl(t, tree, id, 0x00090ffcu, 0, 100), NOT_SUPPORTED);
	STATUS(fsctl(t, tree, id, 0, 0, 100), NOT_SUPPORTED);
	STATUS(fsctl(t, tree, id, UINT32_MAX, 0, 100), NOT_SUPPORTED);
}

const struct torture_test torture_fsctl_tests[] = {
	{"fsctl.on_file", "[MS-FSCC] 2.3", on_file, 0},
	{"fsctl.on_directory", "[MS-FSCC] 2.3", on_directory, 0},
	{"fsctl.on_stream", "[MS-FSCC] 2.3", on_stream, 0},
	{"fsctl.large_numbers", "offsets and counts that overflow",
	 large_numbers, 0},
	{"fsctl.in_no_text", "[MS-SMB2] 3.3.5.15.8: NOT_SUPPORTED", in_no_text,
	 0},
	{NULL, NULL, NULL, 0},
};
