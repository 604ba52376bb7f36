/* fsa/fsctl.c - FSA_FSCTL ([MS-FSA] 2.1.5.10): one row for each code. */
#include "fsa/file.h"
#include "fsa/fsctl.h"
#include "fsa/object_id.h"
#include "fsa/reparse.h"
#include "fsa/sparse.h"
#include "lib/assert.h"
#include "lib/wire.h"

/* 2.1.5.10.18 */
static NTSTATUS is_pathname_valid(struct fsa_io *io)
{
	io->u.fsctl.out = (struct blob){0};
	return NT_STATUS_OK;
}

/* [MS-SMB2] 3.3.5.15.1; a filter that knows of snapshots would have answered.
 */
static NTSTATUS enumerate_snapshots(struct fsa_io *io)
{
	return NT_STATUS(NOT_SUPPORTED);
}

/* resumed: for those whose driver may let them wait. */
static const struct fsctl {
	uint32_t code;
	NTSTATUS (*run)(struct fsa_io *io);
	NTSTATUS (*resumed)(struct fsa_io *io, NTSTATUS status);
} fsctls[] = {
	{.code = FSCTL_CREATE_OR_GET_OBJECT_ID, .run = object_id_create_or_get},
	{.code = FSCTL_DELETE_OBJECT_ID, .run = object_id_delete},
	{.code = FSCTL_DELETE_REPARSE_POINT, .run = fsa_delete_reparse_point},
	{.code = FSCTL_DUPLICATE_EXTENTS_TO_FILE,
	 .run = fsa_duplicate_extents,
	 .resumed = fsa_duplicate_extents_resumed},
	{.code = FSCTL_DUPLICATE_EXTENTS_TO_FILE_EX,
	 .run = fsa_duplicate_extents_ex,
	 .resumed = fsa_duplicate_extents_resumed},
	{.code = FSCTL_FILE_LEVEL_TRIM, .run = fsa_file_level_trim},
	{.code = FSCTL_GET_COMPRESSION, .run = fsa_get_compression},
	{.code = FSCTL_GET_NTFS_VOLUME_DATA, .run = fsa_get_ntfs_volume_data},
	{.code = FSCTL_GET_OBJECT_ID, .run = object_id_get},
	{.code = FSCTL_GET_REPARSE_POINT, .run = fsa_get_reparse_point},
	{.code = FSCTL_IS_PATHNAME_VALID, .run = is_pathname_valid},
	{.code = FSCTL_MARK_HANDLE, .run = fsa_mark_handle},
	{.code = FSCTL_OFFLOAD_READ, .run = fsa_offload_read},
	{.code = FSCTL_OFFLOAD_WRITE,
	 .run = fsa_offload_write,
	 .resumed = fsa_offload_write_resumed},
	{.code = FSCTL_QUERY_ALLOCATED_RANGES,
	 .run = fsa_query_allocated_ranges},
	{.code = FSCTL_QUERY_FILE_REGIONS, .run = fsa_query_file_regions},
	{.code = FSCTL_SET_COMPRESSION, .run = fsa_set_compression},
	{.code = FSCTL_SET_OBJECT_ID, .run = object_id_set},
	{.code = FSCTL_SET_OBJECT_ID_EXTENDED, .run = object_id_set_extended},
	{.code = FSCTL_SET_REPARSE_POINT, .run = fsa_set_reparse_point},
	{.code = FSCTL_SET_SPARSE, .run = fsa_set_sparse},
	{.code = FSCTL_SET_ZERO_DATA,
	 .run = fsa_set_zero_data,
	 .resumed = fsa_set_zero_data_resumed},
	{.code = FSCTL_SRV_ENUMERATE_SNAPSHOTS, .run = enumerate_snapshots},
};

static const struct fsctl *find(uint32_t code)
{
	for (size_t i = 0; i < sizeof(fsctls) / sizeof(fsctls[0]); i++) {
		if (fsctls[i].code == code) {
			return &fsctls[i];
		}
	}
	return NULL;
}

NTSTATUS fsa_fsctl_start(struct fsa_io *io)
{
	const struct fsctl *row = find(io->u.fsctl.code);

	if (io->file == NULL || row == NULL) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	io->u.fsctl.out = (struct blob){0};
	io->u.fsctl.state = NULL;
	io->u.fsctl.done = 0;
	return row->run(io);
}

NTSTATUS fsa_fsctl_resumed(struct fsa_io *io, NTSTATUS status)
{
	const struct fsctl *row = find(io->u.fsctl.code);

	ASSERT(row != NULL && row->resumed != NULL);
	return row->resumed(io, status);
}
