/* smbd/query_encode.c - see query_encode.h. */
#include "smbd/query_encode.h"

#include <string.h>
#include <unistd.h>

#include "smb2/fscc_file.h"
#include "smb2/fscc_fs.h"
#include "smbd/posix.h"

/* --- files --------------------------------------------------------------- */

static struct fscc_basic basic_of(const struct fsa_stat *st)
{
	return (struct fscc_basic){
		.creation_time = st->times.creation,
		.last_access_time = st->times.access,
		.last_write_time = st->times.write,
		.change_time = st->times.change,
		.file_attributes = st->attributes,
	};
}

static struct fscc_standard standard_of(const struct fsa_stat *st)
{
	return (struct fscc_standard){
		.allocation_size = st->allocation_size,
		.end_of_file = st->end_of_file,
		.number_of_links = st->nlink,
		.delete_pending = st->delete_pending,
		.directory = st->directory,
	};
}

static void put_all(struct wire_writer *w, const struct fsa_file_info *info)
{
	struct fscc_all all = {
		.basic = basic_of(&info->stat),
		.standard = standard_of(&info->stat),
		.index_number = info->stat.file_id,
		.ea_size = info->stat.ea_size,
		.access_flags = info->granted_access,
		.current_byte_offset = info->position,
		.mode = info->mode,
		.alignment_requirement = info->alignment,
	};
	char name[1024];

	/* [MS-SMB2] 3.3.5.20.1 would have no name here; Windows up to 2012 R2
	 * and Samba give it <420>, and clients look at it. */
	name[0] = '\\';
	name[1] = '\0';
	strncat(name, info->name, sizeof(name) - 2);
	fscc_all_put(w, &all, name);
}

static void put_network_open(struct wire_writer *w, const struct fsa_stat *st)
{
	struct fscc_network_open n = {
		.creation_time = st->times.creation,
		.last_access_time = st->times.access,
		.last_write_time = st->times.write,
		.change_time = st->times.change,
		.allocation_size = st->allocation_size,
		.end_of_file = st->end_of_file,
		.file_attributes = st->attributes,
	};

	fscc_network_open_put(w, &n);
}

static void put_id(struct wire_writer *w, const struct fsa_stat *st)
{
	struct fscc_file_id id = {.volume_serial_number = st->volume_serial};

	for (int i = 0; i < 8; i++) {
		id.file_id[i] = (uint8_t)(st->file_id >> (8 * i));
	}
	fscc_file_id_put(w, &id);
}

static void put_compression(struct wire_writer *w, const struct fsa_stat *st)
{
	struct fscc_compression c = {.compressed_file_size = st->end_of_file};

	fscc_compression_put(w, &c);
}

static void put_attribute_tag(struct wire_writer *w, const struct fsa_stat *st)
{
	struct fscc_attribute_tag t = {.file_attributes = st->attributes,
				       .reparse_tag = st->reparse_tag};

	fscc_attribute_tag_put(w, &t);
}

static void put_stat(struct wire_writer *w, const struct fsa_file_info *info,
		     bool lx)
{
	const struct fsa_stat *st = &info->stat;
	const struct fscc_stat_lx out = {
		.stat = {.file_id = st->file_id,
			 .creation_time = st->times.creation,
			 .last_access_time = st->times.access,
			 .last_write_time = st->times.write,
			 .change_time = st->times.change,
			 .allocation_size = st->allocation_size,
			 .end_of_file = st->end_of_file,
			 .file_attributes = st->attributes,
			 .reparse_tag = st->reparse_tag,
			 .number_of_links = st->nlink,
			 .effective_access = info->effective_access},
		.flags = LX_FILE_METADATA_HAS_UID | LX_FILE_METADATA_HAS_GID |
			 LX_FILE_METADATA_HAS_MODE,
		.uid = info->uid,
		.gid = info->gid,
		.mode = info->unix_mode,
	};

	if (lx) {
		fscc_stat_lx_put(w, &out);
	} else {
		fscc_stat_put(w, &out.stat);
	}
}

static void put_posix(struct wire_writer *w, const struct fsa_stat *st)
{
	struct smb2_posix_info info = smbd_posix_info(st);

	smb2_posix_info_put(w, &info);
}

void smbd_file_info_put(struct wire_writer *w,
			enum file_information_class info_class,
			const struct fsa_file_info *info)
{
	const struct fsa_stat *st = &info->stat;
	struct fscc_basic basic = basic_of(st);
	struct fscc_standard standard = standard_of(st);

	switch (info_class) {
	case FileBasicInformation:
		fscc_basic_put(w, &basic);
		break;
	case FileStandardInformation:
		fscc_standard_put(w, &standard);
		break;
	case FileInternalInformation:
		wire_put_u64(w, st->file_id);
		break;
	case FileEaInformation:
		wire_put_u32(w, st->ea_size);
		break;
	case FileAccessInformation:
		wire_put_u32(w, info->granted_access);
		break;
	case FilePositionInformation:
		wire_put_u64(w, info->position);
		break;
	case FileModeInformation:
		wire_put_u32(w, info->mode);
		break;
	case FileAlignmentInformation:
		wire_put_u32(w, info->alignment);
		break;
	case FileAllInformation:
		put_all(w, info);
		break;
	case FileCompressionInformation:
		put_compression(w, st);
		break;
	case FileNetworkOpenInformation:
		put_network_open(w, st);
		break;
	case FileAttributeTagInformation:
		put_attribute_tag(w, st);
		break;
	case FileAlternateNameInformation:
		fscc_name_put(w, info->short_name);
		break;
	case FileNormalizedNameInformation:
		fscc_name_put(w, info->name);
		break;
	case FileIdInformation:
		put_id(w, st);
		break;
	case FileStatInformation:
		put_stat(w, info, false);
		break;
	case FileStatLxInformation:
		put_stat(w, info, true);
		break;
	case FileCaseSensitiveInformation: /* no directory is */
		wire_put_u32(w, 0);
		break;
	case FilePosixInformation:
		put_posix(w, st);
		break;
	default:
		break;
	}
}

/* --- file systems -------------------------------------------------------- */

static void put_volume(struct wire_writer *w, const struct fsa_volume_info *v)
{
	struct fscc_fs_volume out = {.creation_time = v->creation_time,
				     .serial_number = v->serial};

	fscc_fs_volume_put(w, &out, v->label);
}

static void put_size(struct wire_writer *w, const struct fsa_volume_info *v)
{
	struct fscc_fs_size out = {.total_units = v->total_units,
				   .available_units = v->caller_free_units,
				   .sectors_per_unit = v->sectors_per_unit,
				   .bytes_per_sector = v->bytes_per_sector};

	fscc_fs_size_put(w, &out);
}

static void put_full_size(struct wire_writer *w,
			  const struct fsa_volume_info *v)
{
	struct fscc_fs_full_size out = {
		.total_units = v->total_units,
		.caller_available_units = v->caller_free_units,
		.actual_available_units = v->actual_free_units,
		.sectors_per_unit = v->sectors_per_unit,
		.bytes_per_sector = v->bytes_per_sector,
	};

	fscc_fs_full_size_put(w, &out);
}

static void put_device(struct wire_writer *w, const struct fsa_volume_info *v)
{
	struct fscc_fs_device out = {.device_type = FILE_DEVICE_DISK,
				     .characteristics = FILE_DEVICE_IS_MOUNTED};

	if (v->attributes & FILE_READ_ONLY_VOLUME) {
		out.characteristics |= FILE_READ_ONLY_DEVICE;
	}
	fscc_fs_device_put(w, &out);
}

static void put_attribute(struct wire_writer *w,
			  const struct fsa_volume_info *v)
{
	struct fscc_fs_attribute out = {.attributes = v->attributes,
					.max_component_length = v->max_name};

	fscc_fs_attribute_put(w, &out, v->fs_name);
}

static void put_object_id(struct wire_writer *w,
			  const struct fsa_volume_info *v)
{
	struct fscc_fs_object_id out = {0};

	memcpy(out.object_id.bytes, v->object_id, 16);
	memcpy(out.extended_info, v->object_id + 16, sizeof(out.extended_info));
	fscc_fs_object_id_put(w, &out);
}

static void put_control(struct wire_writer *w, const struct fsa_volume_info *v)
{
	const struct fscc_fs_control out = {
		.default_quota_threshold = v->control.default_threshold,
		.default_quota_limit = v->control.default_limit,
		.flags = v->control.flags,
	};

	fscc_fs_control_put(w, &out);
}

/* A power of two, and not less than the sector that is told: [MS-FSA]
 * 2.1.5.13.10. */
static uint32_t physical_sector(const struct fsa_volume_info *v)
{
	uint32_t n = v->sectors.physical;

	return n < v->bytes_per_sector || (n & (n - 1)) != 0 ||
			       n % v->bytes_per_sector != 0
		       ? v->bytes_per_sector
		       : n;
}

static void put_sector_size(struct wire_writer *w,
			    const struct fsa_volume_info *v)
{
	const uint32_t page = (uint32_t)sysconf(_SC_PAGESIZE);
	const struct fsa_sectors *s = &v->sectors;
	uint32_t physical = physical_sector(v);
	struct fscc_fs_sector_size out = {
		.logical_bytes_per_sector = v->bytes_per_sector,
		.physical_for_atomicity = physical,
		.physical_for_performance = physical,
		.effective_physical_for_atomicity =
			physical > page ? page : physical,
		.offset_for_sector_alignment = s->offset,
		.offset_for_partition_alignment =
			(uint32_t)(s->partition % physical),
	};

	if (s->offset == 0) {
		out.flags |= SSINFO_FLAGS_ALIGNED_DEVICE;
	}
	if (s->offset ==
	    (physical - out.offset_for_partition_alignment) % physical) {
		out.flags |= SSINFO_FLAGS_PARTITION_ALIGNED_ON_DEVICE;
	}
	if (s->no_seek_penalty) {
		out.flags |= SSINFO_FLAGS_NO_SEEK_PENALTY;
	}
	if (v->trims) {
		out.flags |= SSINFO_FLAGS_TRIM_ENABLED;
	}
	fscc_fs_sector_size_put(w, &out);
}

static void put_posix_fs(struct wire_writer *w, const struct fsa_volume_info *v)
{
	struct smb2_posix_fs fs = smbd_posix_fs(v);

	smb2_posix_fs_put(w, &fs);
}

void smbd_fs_info_put(struct wire_writer *w,
		      enum fs_information_class info_class,
		      const struct fsa_volume_info *info)
{
	switch (info_class) {
	case FileFsVolumeInformation:
		put_volume(w, info);
		break;
	case FileFsSizeInformation:
		put_size(w, info);
		break;
	case FileFsDeviceInformation:
		put_device(w, info);
		break;
	case FileFsAttributeInformation:
		put_attribute(w, info);
		break;
	case FileFsFullSizeInformation:
		put_full_size(w, info);
		break;
	case FileFsObjectIdInformation:
		put_object_id(w, info);
		break;
	case FileFsControlInformation:
		put_control(w, info);
		break;
	case FileFsSectorSizeInformation:
		put_sector_size(w, info);
		break;
	case FileFsPosixInformation:
		put_posix_fs(w, info);
		break;
	default:
		break;
	}
}
