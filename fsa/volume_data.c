/* fsa/volume_data.c - FSCTLs about the volume, and those that are answered by
 * what it is not: FSCTL_GET_NTFS_VOLUME_DATA, FSCTL_QUERY_FILE_REGIONS,
 * FSCTL_MARK_HANDLE ([MS-FSA] 2.1.5.10.11, 2.1.5.10.24, 2.1.5.10.19). */
#include "fsa/fsctl.h"
#include "lib/wire.h"

#define MAX_OFFSET ((uint64_t)INT64_MAX)

static NTSTATUS get_volume_info(const struct fsa_volume *v,
				struct fsa_volume_info *out)
{
	return v->driver->volume_info(v->mount, out);
}

NTSTATUS fsa_writable_cluster(const struct fsa_volume *v, uint64_t *out)
{
	struct fsa_volume_info info;
	NTSTATUS status;

	if (v->read_only) {
		return NT_STATUS(MEDIA_WRITE_PROTECTED);
	}
	status = get_volume_info(v, &info);
	if (NT_STATUS_IS_OK(status)) {
		*out = (uint64_t)info.sectors_per_unit * info.bytes_per_sector;
	}
	return status;
}

/* --- FSCTL_GET_NTFS_VOLUME_DATA ------------------------------------------- */

#define NTFS_VOLUME_DATA_SIZE 96
#define FILE_RECORD_SIZE      1024 /* what NTFS has; there is no such here */

/* There is no MFT: its size and places are zero. */
NTSTATUS fsa_get_ntfs_volume_data(struct fsa_io *io)
{
	struct fsa_fsctl *c = &io->u.fsctl;
	struct wire_writer w = wire_writer(c->mem_ctx, NTFS_VOLUME_DATA_SIZE);
	struct fsa_volume_info info;
	NTSTATUS status;

	if (c->max_out < NTFS_VOLUME_DATA_SIZE) {
		return NT_STATUS(BUFFER_TOO_SMALL);
	}
	status = get_volume_info(io->volume, &info);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	wire_put_u64(&w, info.serial);
	wire_put_u64(&w, info.total_units * info.sectors_per_unit);
	wire_put_u64(&w, info.total_units);
	wire_put_u64(&w, info.caller_free_units);
	wire_put_u64(&w, info.actual_free_units - info.caller_free_units);
	wire_put_u32(&w, info.bytes_per_sector);
	wire_put_u32(&w, info.bytes_per_sector * info.sectors_per_unit);
	wire_put_u32(&w, FILE_RECORD_SIZE);
	wire_put_u32(&w, 0); /* ClustersPerFileRecordSegment: less than one */
	wire_put_zero(&w, 5 * 8);
	return wire_finish(&w, &c->out);
}

/* --- FSCTL_QUERY_FILE_REGIONS --------------------------------------------- */

#define REGIONS_MIN 40 /* a FILE_REGION_OUTPUT with one region */
#define USAGE_VALID 1u /* FILE_REGION_USAGE_VALID_CACHED_DATA: NTFS */

struct regions {
	uint64_t offset, length;
	uint32_t usage;
};

static NTSTATUS decode_regions(const struct fsa_fsctl *c, struct regions *out)
{
	struct wire_reader in = wire_reader(c->in.data, c->in.length);
	struct regions r = {.length = MAX_OFFSET, .usage = USAGE_VALID};

	if (c->in.length > 0) {
		r.offset = wire_u64(&in);
		r.length = wire_u64(&in);
		r.usage = wire_u32(&in);
		wire_skip(&in, 4); /* Reserved */
	}
	if (!wire_ok(&in)) {
		return NT_STATUS(BUFFER_TOO_SMALL);
	}
	if (r.length == 0 || r.length > MAX_OFFSET ||
	    r.offset > MAX_OFFSET - r.length || (r.usage & USAGE_VALID) == 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = r;
	return NT_STATUS_OK;
}

/* All up to the end of file is valid data. */
NTSTATUS fsa_query_file_regions(struct fsa_io *io)
{
	struct fsa_fsctl *c = &io->u.fsctl;
	struct wire_writer w = wire_writer(c->mem_ctx, REGIONS_MIN);
	struct regions r;
	struct fsa_stat st;
	NTSTATUS status;

	if (io->file->node->directory) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = decode_regions(c, &r);
	if (NT_STATUS_IS_OK(status) && c->max_out < REGIONS_MIN) {
		status = NT_STATUS(BUFFER_TOO_SMALL);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(io->file)->stat(io->file->node, &st);
	}
	if (!NT_STATUS_IS_OK(status) || r.offset > st.end_of_file ||
	    (r.offset == st.end_of_file && st.end_of_file > 0)) {
		return status;
	}
	if (r.length > st.end_of_file - r.offset) {
		r.length = st.end_of_file - r.offset;
	}
	wire_put_u32(&w, 0); /* Flags */
	wire_put_u32(&w, 1);
	wire_put_u32(&w, 1);
	wire_put_u32(&w, 0);
	wire_put_u64(&w, r.offset);
	wire_put_u64(&w, r.length);
	wire_put_u32(&w, st.end_of_file > 0 ? r.usage : 0);
	wire_put_u32(&w, 0);
	return wire_finish(&w, &c->out);
}

/* --- FSCTL_MARK_HANDLE ------------------------------------------------------
 */

#define MARK_HANDLE_READ_COPY	  0x80u
#define MARK_HANDLE_NOT_READ_COPY 0x100u

/* A Linux file system shows one copy of its data: NumberOfDataCopies is 1. */
NTSTATUS fsa_mark_handle(struct fsa_io *io)
{
	const struct fsa_fsctl *c = &io->u.fsctl;
	struct wire_reader in = wire_reader(c->in.data, c->in.length);
	uint32_t copy = wire_u32(&in);
	uint32_t info;

	wire_skip(&in, 4 + 8); /* Unused, VolumeHandle */
	info = wire_u32(&in);
	wire_skip(&in, 4); /* Reserved */
	if (!wire_ok(&in)) {
		return NT_STATUS(BUFFER_TOO_SMALL);
	}
	if (io->file->node->directory) {
		return NT_STATUS(DIRECTORY_NOT_SUPPORTED);
	}
	if ((info != MARK_HANDLE_READ_COPY &&
	     info != MARK_HANDLE_NOT_READ_COPY) ||
	    (io->file->mode & FILE_NO_INTERMEDIATE_BUFFERING) == 0 ||
	    copy > 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	/* NOT_READ_COPY is how it is in any case. */
	return info == MARK_HANDLE_READ_COPY ? NT_STATUS(NOT_REDUNDANT_STORAGE)
					     : NT_STATUS_OK;
}
