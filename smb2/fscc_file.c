/* smb2/fscc_file.c - file information classes ([MS-FSCC] 2.4). */
#include "smb2/fscc_file.h"

#include "lib/assert.h"
#include "lib/utf16.h"

size_t fscc_file_fixed_size(enum file_information_class cls)
{
	switch (cls) {
	case FileBasicInformation:
		return 40;
	case FileStandardInformation:
		return 24;
	case FileInternalInformation:
	case FilePositionInformation:
	case FileAllocationInformation:
	case FileEndOfFileInformation:
	case FileValidDataLengthInformation:
	case FileAttributeTagInformation:
	case FilePipeInformation:
		return 8;
	case FileEaInformation:
	case FileAccessInformation:
	case FileModeInformation:
	case FileAlignmentInformation:
	case FileDispositionInformationEx:
	case FileCaseSensitiveInformation:
	case FileShortNameInformation:
		return 4;
	case FileDispositionInformation:
		return 1;
	case FileRenameInformation:
	case FileRenameInformationEx:
	case FileLinkInformation:
		return 20;
	case FileFullEaInformation:
		return 8;
	/* Windows: of structures with a name at the end, what sizeof() says,
	 * with one character and the padding (smb2.getinfo.*_buffercheck). */
	case FileNameInformation:
	case FileNormalizedNameInformation:
	case FileAlternateNameInformation:
		return 8;
	case FileStreamInformation:
		return 32;
	case FileAllInformation:
		return 104;
	case FileCompressionInformation:
		return 16;
	case FileNetworkOpenInformation:
		return 56;
	case FileIdInformation:
		return 24;
	case FileStatInformation:
		return 72;
	case FileStatLxInformation:
		return 96;
	case FilePipeLocalInformation:
		return 40;
	case FilePipeRemoteInformation:
		return 12;
	default:
		return 0;
	}
}

/* What a decoder answers once it has read all. */
static NTSTATUS checked(const struct wire_reader *r)
{
	return wire_ok(r) ? NT_STATUS_OK : NT_STATUS(INFO_LENGTH_MISMATCH);
}

void fscc_basic_put(struct wire_writer *w, const struct fscc_basic *in)
{
	wire_put_u64(w, in->creation_time);
	wire_put_u64(w, in->last_access_time);
	wire_put_u64(w, in->last_write_time);
	wire_put_u64(w, in->change_time);
	wire_put_u32(w, in->file_attributes);
	wire_put_u32(w, 0); /* Reserved */
}

static struct fscc_basic read_basic(struct wire_reader *r)
{
	struct fscc_basic b;

	b.creation_time = wire_u64(r);
	b.last_access_time = wire_u64(r);
	b.last_write_time = wire_u64(r);
	b.change_time = wire_u64(r);
	b.file_attributes = wire_u32(r);
	wire_skip(r, 4); /* Reserved */
	return b;
}

NTSTATUS fscc_basic_decode(struct wire_reader r, struct fscc_basic *out)
{
	struct fscc_basic in = read_basic(&r);

	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

void fscc_standard_put(struct wire_writer *w, const struct fscc_standard *in)
{
	wire_put_u64(w, in->allocation_size);
	wire_put_u64(w, in->end_of_file);
	wire_put_u32(w, in->number_of_links);
	wire_put_u8(w, in->delete_pending ? 1 : 0);
	wire_put_u8(w, in->directory ? 1 : 0);
	wire_put_u16(w, 0); /* Reserved */
}

static struct fscc_standard read_standard(struct wire_reader *r)
{
	struct fscc_standard s;

	s.allocation_size = wire_u64(r);
	s.end_of_file = wire_u64(r);
	s.number_of_links = wire_u32(r);
	s.delete_pending = wire_u8(r) != 0;
	s.directory = wire_u8(r) != 0;
	wire_skip(r, 2); /* Reserved */
	return s;
}

NTSTATUS fscc_standard_decode(struct wire_reader r, struct fscc_standard *out)
{
	struct fscc_standard in = read_standard(&r);

	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

void fscc_network_open_put(struct wire_writer *w,
			   const struct fscc_network_open *in)
{
	wire_put_u64(w, in->creation_time);
	wire_put_u64(w, in->last_access_time);
	wire_put_u64(w, in->last_write_time);
	wire_put_u64(w, in->change_time);
	wire_put_u64(w, in->allocation_size);
	wire_put_u64(w, in->end_of_file);
	wire_put_u32(w, in->file_attributes);
	wire_put_u32(w, 0); /* Reserved */
}

NTSTATUS fscc_network_open_decode(struct wire_reader r,
				  struct fscc_network_open *out)
{
	struct fscc_network_open in;

	in.creation_time = wire_u64(&r);
	in.last_access_time = wire_u64(&r);
	in.last_write_time = wire_u64(&r);
	in.change_time = wire_u64(&r);
	in.allocation_size = wire_u64(&r);
	in.end_of_file = wire_u64(&r);
	in.file_attributes = wire_u32(&r);
	wire_skip(&r, 4); /* Reserved */
	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

NTSTATUS fscc_u64_decode(struct wire_reader r, uint64_t *out)
{
	uint64_t v = wire_u64(&r);

	if (wire_ok(&r)) {
		*out = v;
	}
	return checked(&r);
}

NTSTATUS fscc_u32_decode(struct wire_reader r, uint32_t *out)
{
	uint32_t v = wire_u32(&r);

	if (wire_ok(&r)) {
		*out = v;
	}
	return checked(&r);
}

NTSTATUS fscc_bool_decode(struct wire_reader r, bool *out)
{
	bool v = wire_u8(&r) != 0;

	if (wire_ok(&r)) {
		*out = v;
	}
	return checked(&r);
}

void fscc_name_put(struct wire_writer *w, const char *name)
{
	size_t length_at = w->length;
	size_t length;

	wire_put_u32(w, 0);
	length = wire_put_utf16(w, name);
	wire_patch_u32(w, length_at, (uint32_t)length);
}

static struct wire_reader read_name(struct wire_reader *r)
{
	uint32_t length = wire_u32(r);

	return wire_field(r, r->pos, length);
}

NTSTATUS fscc_name_decode(struct wire_reader r, struct wire_reader *out_name)
{
	struct wire_reader name = read_name(&r);

	if (wire_ok(&r)) {
		*out_name = name;
	}
	return checked(&r);
}

void fscc_all_put(struct wire_writer *w, const struct fscc_all *in,
		  const char *name)
{
	fscc_basic_put(w, &in->basic);
	fscc_standard_put(w, &in->standard);
	wire_put_u64(w, in->index_number);
	wire_put_u32(w, in->ea_size);
	wire_put_u32(w, in->access_flags);
	wire_put_u64(w, in->current_byte_offset);
	wire_put_u32(w, in->mode);
	wire_put_u32(w, in->alignment_requirement);
	fscc_name_put(w, name);
}

NTSTATUS fscc_all_decode(struct wire_reader r, struct fscc_all *out,
			 struct wire_reader *out_name)
{
	struct fscc_all in;
	struct wire_reader name;

	in.basic = read_basic(&r);
	in.standard = read_standard(&r);
	in.index_number = wire_u64(&r);
	in.ea_size = wire_u32(&r);
	in.access_flags = wire_u32(&r);
	in.current_byte_offset = wire_u64(&r);
	in.mode = wire_u32(&r);
	in.alignment_requirement = wire_u32(&r);
	name = read_name(&r);
	if (wire_ok(&r)) {
		*out = in;
		*out_name = name;
	}
	return checked(&r);
}

void fscc_attribute_tag_put(struct wire_writer *w,
			    const struct fscc_attribute_tag *in)
{
	wire_put_u32(w, in->file_attributes);
	wire_put_u32(w, in->reparse_tag);
}

NTSTATUS fscc_attribute_tag_decode(struct wire_reader r,
				   struct fscc_attribute_tag *out)
{
	struct fscc_attribute_tag in;

	in.file_attributes = wire_u32(&r);
	in.reparse_tag = wire_u32(&r);
	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

void fscc_compression_put(struct wire_writer *w,
			  const struct fscc_compression *in)
{
	wire_put_u64(w, in->compressed_file_size);
	wire_put_u16(w, in->compression_format);
	wire_put_u8(w, in->compression_unit_shift);
	wire_put_u8(w, in->chunk_shift);
	wire_put_u8(w, in->cluster_shift);
	wire_put_zero(w, 3); /* Reserved */
}

NTSTATUS fscc_compression_decode(struct wire_reader r,
				 struct fscc_compression *out)
{
	struct fscc_compression in;

	in.compressed_file_size = wire_u64(&r);
	in.compression_format = wire_u16(&r);
	in.compression_unit_shift = wire_u8(&r);
	in.chunk_shift = wire_u8(&r);
	in.cluster_shift = wire_u8(&r);
	wire_skip(&r, 3); /* Reserved */
	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

void fscc_file_id_put(struct wire_writer *w, const struct fscc_file_id *in)
{
	wire_put_u64(w, in->volume_serial_number);
	wire_put_bytes(w, in->file_id, sizeof(in->file_id));
}

NTSTATUS fscc_file_id_decode(struct wire_reader r, struct fscc_file_id *out)
{
	struct fscc_file_id in;

	in.volume_serial_number = wire_u64(&r);
	wire_bytes(&r, in.file_id, sizeof(in.file_id));
	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

void fscc_stat_put(struct wire_writer *w, const struct fscc_stat *in)
{
	wire_put_u64(w, in->file_id);
	wire_put_u64(w, in->creation_time);
	wire_put_u64(w, in->last_access_time);
	wire_put_u64(w, in->last_write_time);
	wire_put_u64(w, in->change_time);
	wire_put_u64(w, in->allocation_size);
	wire_put_u64(w, in->end_of_file);
	wire_put_u32(w, in->file_attributes);
	wire_put_u32(w, in->reparse_tag);
	wire_put_u32(w, in->number_of_links);
	wire_put_u32(w, in->effective_access);
}

static struct fscc_stat read_stat(struct wire_reader *r)
{
	struct fscc_stat s;

	s.file_id = wire_u64(r);
	s.creation_time = wire_u64(r);
	s.last_access_time = wire_u64(r);
	s.last_write_time = wire_u64(r);
	s.change_time = wire_u64(r);
	s.allocation_size = wire_u64(r);
	s.end_of_file = wire_u64(r);
	s.file_attributes = wire_u32(r);
	s.reparse_tag = wire_u32(r);
	s.number_of_links = wire_u32(r);
	s.effective_access = wire_u32(r);
	return s;
}

NTSTATUS fscc_stat_decode(struct wire_reader r, struct fscc_stat *out)
{
	struct fscc_stat in = read_stat(&r);

	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

void fscc_stat_lx_put(struct wire_writer *w, const struct fscc_stat_lx *in)
{
	fscc_stat_put(w, &in->stat);
	wire_put_u32(w, in->flags);
	wire_put_u32(w, in->uid);
	wire_put_u32(w, in->gid);
	wire_put_u32(w, in->mode);
	wire_put_u32(w, in->device_major);
	wire_put_u32(w, in->device_minor);
}

NTSTATUS fscc_stat_lx_decode(struct wire_reader r, struct fscc_stat_lx *out)
{
	struct fscc_stat_lx in;

	in.stat = read_stat(&r);
	in.flags = wire_u32(&r);
	in.uid = wire_u32(&r);
	in.gid = wire_u32(&r);
	in.mode = wire_u32(&r);
	in.device_major = wire_u32(&r);
	in.device_minor = wire_u32(&r);
	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

/* --- rename and link ----------------------------------------------------- */

void fscc_rename_put(struct wire_writer *w, enum file_information_class cls,
		     const struct fscc_rename *in)
{
	size_t start = w->length;

	if (cls == FileRenameInformationEx) {
		wire_put_u32(w, in->flags);
	} else {
		wire_put_u8(w, in->flags & FILE_RENAME_REPLACE_IF_EXISTS);
		wire_put_zero(w, 3);
	}
	wire_put_u32(w, 0); /* Reserved */
	wire_put_u64(w, in->root_directory);
	wire_put_u32(w, (uint32_t)in->name.length);
	wire_put_bytes(w, in->name.data, in->name.length);
	if (w->length - start < FSCC_RENAME_MIN_SIZE) {
		wire_put_zero(w, FSCC_RENAME_MIN_SIZE - (w->length - start));
	}
}

NTSTATUS fscc_rename_decode(struct wire_reader r,
			    enum file_information_class cls,
			    struct fscc_rename *out)
{
	struct fscc_rename in = {0};
	uint32_t length;

	if (cls == FileRenameInformationEx) {
		in.flags = wire_u32(&r);
	} else {
		in.flags = wire_u8(&r) != 0 ? FILE_RENAME_REPLACE_IF_EXISTS : 0;
		wire_skip(&r, 3);
	}
	wire_skip(&r, 4); /* Reserved */
	in.root_directory = wire_u64(&r);
	length = wire_u32(&r);
	if (!wire_ok(&r)) {
		return NT_STATUS(INFO_LENGTH_MISMATCH);
	}
	in.name = wire_field(&r, r.pos, length);
	if (!wire_ok(&r) || length % 2 != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

/* --- pipes --------------------------------------------------------------- */

void fscc_pipe_put(struct wire_writer *w, const struct fscc_pipe *in)
{
	wire_put_u32(w, in->read_mode);
	wire_put_u32(w, in->completion_mode);
}

NTSTATUS fscc_pipe_decode(struct wire_reader r, struct fscc_pipe *out)
{
	struct fscc_pipe in;

	in.read_mode = wire_u32(&r);
	in.completion_mode = wire_u32(&r);
	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

void fscc_pipe_local_put(struct wire_writer *w,
			 const struct fscc_pipe_local *in)
{
	wire_put_u32(w, in->type);
	wire_put_u32(w, in->configuration);
	wire_put_u32(w, in->maximum_instances);
	wire_put_u32(w, in->current_instances);
	wire_put_u32(w, in->inbound_quota);
	wire_put_u32(w, in->read_data_available);
	wire_put_u32(w, in->outbound_quota);
	wire_put_u32(w, in->write_quota_available);
	wire_put_u32(w, in->state);
	wire_put_u32(w, in->end);
}

NTSTATUS fscc_pipe_local_decode(struct wire_reader r,
				struct fscc_pipe_local *out)
{
	struct fscc_pipe_local in;

	in.type = wire_u32(&r);
	in.configuration = wire_u32(&r);
	in.maximum_instances = wire_u32(&r);
	in.current_instances = wire_u32(&r);
	in.inbound_quota = wire_u32(&r);
	in.read_data_available = wire_u32(&r);
	in.outbound_quota = wire_u32(&r);
	in.write_quota_available = wire_u32(&r);
	in.state = wire_u32(&r);
	in.end = wire_u32(&r);
	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}
