/* smb2/fscc_fs.c - file system information classes ([MS-FSCC] 2.5). */
#include "smb2/fscc_fs.h"

#include "lib/utf16.h"

size_t fscc_fs_fixed_size(enum fs_information_class cls)
{
	switch (cls) {
	case FileFsVolumeInformation:
		return 24; /* Windows: sizeof(), with padding */
	case FileFsLabelInformation:
		return 4;
	case FileFsSizeInformation:
		return 24;
	case FileFsDeviceInformation:
		return 8;
	case FileFsAttributeInformation:
		return 16; /* the same */
	case FileFsControlInformation:
		return 48;
	case FileFsFullSizeInformation:
		return 32;
	case FileFsObjectIdInformation:
		return 64;
	case FileFsSectorSizeInformation:
		return 28;
	default:
		return 0;
	}
}

static NTSTATUS checked(const struct wire_reader *r)
{
	return wire_ok(r) ? NT_STATUS_OK : NT_STATUS(INFO_LENGTH_MISMATCH);
}

void fscc_fs_volume_put(struct wire_writer *w, const struct fscc_fs_volume *in,
			const char *label)
{
	size_t length_at;
	size_t length;

	wire_put_u64(w, in->creation_time);
	wire_put_u32(w, in->serial_number);
	length_at = w->length;
	wire_put_u32(w, 0);
	wire_put_u8(w, in->supports_objects ? 1 : 0);
	wire_put_u8(w, 0); /* Reserved */
	length = wire_put_utf16(w, label);
	wire_patch_u32(w, length_at, (uint32_t)length);
}

NTSTATUS fscc_fs_volume_decode(struct wire_reader r, struct fscc_fs_volume *out,
			       struct wire_reader *out_label)
{
	struct fscc_fs_volume in;
	struct wire_reader label;
	uint32_t length;

	in.creation_time = wire_u64(&r);
	in.serial_number = wire_u32(&r);
	length = wire_u32(&r);
	in.supports_objects = wire_u8(&r) != 0;
	wire_skip(&r, 1); /* Reserved */
	label = wire_field(&r, r.pos, length);
	if (wire_ok(&r)) {
		*out = in;
		*out_label = label;
	}
	return checked(&r);
}

void fscc_fs_label_put(struct wire_writer *w, const char *label)
{
	size_t length_at = w->length;
	size_t length;

	wire_put_u32(w, 0);
	length = wire_put_utf16(w, label);
	wire_patch_u32(w, length_at, (uint32_t)length);
}

NTSTATUS fscc_fs_label_decode(struct wire_reader r,
			      struct wire_reader *out_label)
{
	uint32_t length = wire_u32(&r);
	struct wire_reader label = wire_field(&r, r.pos, length);

	if (wire_ok(&r)) {
		*out_label = label;
	}
	return checked(&r);
}

void fscc_fs_size_put(struct wire_writer *w, const struct fscc_fs_size *in)
{
	wire_put_u64(w, in->total_units);
	wire_put_u64(w, in->available_units);
	wire_put_u32(w, in->sectors_per_unit);
	wire_put_u32(w, in->bytes_per_sector);
}

NTSTATUS fscc_fs_size_decode(struct wire_reader r, struct fscc_fs_size *out)
{
	struct fscc_fs_size in;

	in.total_units = wire_u64(&r);
	in.available_units = wire_u64(&r);
	in.sectors_per_unit = wire_u32(&r);
	in.bytes_per_sector = wire_u32(&r);
	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

void fscc_fs_full_size_put(struct wire_writer *w,
			   const struct fscc_fs_full_size *in)
{
	wire_put_u64(w, in->total_units);
	wire_put_u64(w, in->caller_available_units);
	wire_put_u64(w, in->actual_available_units);
	wire_put_u32(w, in->sectors_per_unit);
	wire_put_u32(w, in->bytes_per_sector);
}

NTSTATUS fscc_fs_full_size_decode(struct wire_reader r,
				  struct fscc_fs_full_size *out)
{
	struct fscc_fs_full_size in;

	in.total_units = wire_u64(&r);
	in.caller_available_units = wire_u64(&r);
	in.actual_available_units = wire_u64(&r);
	in.sectors_per_unit = wire_u32(&r);
	in.bytes_per_sector = wire_u32(&r);
	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

void fscc_fs_device_put(struct wire_writer *w, const struct fscc_fs_device *in)
{
	wire_put_u32(w, in->device_type);
	wire_put_u32(w, in->characteristics);
}

NTSTATUS fscc_fs_device_decode(struct wire_reader r, struct fscc_fs_device *out)
{
	struct fscc_fs_device in;

	in.device_type = wire_u32(&r);
	in.characteristics = wire_u32(&r);
	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

void fscc_fs_attribute_put(struct wire_writer *w,
			   const struct fscc_fs_attribute *in, const char *name)
{
	size_t length_at;
	size_t length;

	wire_put_u32(w, in->attributes);
	wire_put_u32(w, in->max_component_length);
	length_at = w->length;
	wire_put_u32(w, 0);
	length = wire_put_utf16(w, name);
	wire_patch_u32(w, length_at, (uint32_t)length);
}

NTSTATUS fscc_fs_attribute_decode(struct wire_reader r,
				  struct fscc_fs_attribute *out,
				  struct wire_reader *out_name)
{
	struct fscc_fs_attribute in;
	struct wire_reader name;
	uint32_t length;

	in.attributes = wire_u32(&r);
	in.max_component_length = wire_u32(&r);
	length = wire_u32(&r);
	name = wire_field(&r, r.pos, length);
	if (wire_ok(&r)) {
		*out = in;
		*out_name = name;
	}
	return checked(&r);
}

void fscc_fs_control_put(struct wire_writer *w,
			 const struct fscc_fs_control *in)
{
	wire_put_u64(w, in->free_space_start_filtering);
	wire_put_u64(w, in->free_space_threshold);
	wire_put_u64(w, in->free_space_stop_filtering);
	wire_put_u64(w, in->default_quota_threshold);
	wire_put_u64(w, in->default_quota_limit);
	wire_put_u32(w, in->flags);
	wire_put_u32(w, 0); /* Padding */
}

NTSTATUS fscc_fs_control_decode(struct wire_reader r,
				struct fscc_fs_control *out)
{
	struct fscc_fs_control in;

	in.free_space_start_filtering = wire_u64(&r);
	in.free_space_threshold = wire_u64(&r);
	in.free_space_stop_filtering = wire_u64(&r);
	in.default_quota_threshold = wire_u64(&r);
	in.default_quota_limit = wire_u64(&r);
	in.flags = wire_u32(&r);
	wire_skip(&r, 4); /* Padding */
	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

void fscc_fs_object_id_put(struct wire_writer *w,
			   const struct fscc_fs_object_id *in)
{
	guid_put(w, &in->object_id);
	wire_put_bytes(w, in->extended_info, sizeof(in->extended_info));
}

NTSTATUS fscc_fs_object_id_decode(struct wire_reader r,
				  struct fscc_fs_object_id *out)
{
	struct fscc_fs_object_id in;

	in.object_id = guid_read(&r);
	wire_bytes(&r, in.extended_info, sizeof(in.extended_info));
	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}

void fscc_fs_sector_size_put(struct wire_writer *w,
			     const struct fscc_fs_sector_size *in)
{
	wire_put_u32(w, in->logical_bytes_per_sector);
	wire_put_u32(w, in->physical_for_atomicity);
	wire_put_u32(w, in->physical_for_performance);
	wire_put_u32(w, in->effective_physical_for_atomicity);
	wire_put_u32(w, in->flags);
	wire_put_u32(w, in->offset_for_sector_alignment);
	wire_put_u32(w, in->offset_for_partition_alignment);
}

NTSTATUS fscc_fs_sector_size_decode(struct wire_reader r,
				    struct fscc_fs_sector_size *out)
{
	struct fscc_fs_sector_size in;

	in.logical_bytes_per_sector = wire_u32(&r);
	in.physical_for_atomicity = wire_u32(&r);
	in.physical_for_performance = wire_u32(&r);
	in.effective_physical_for_atomicity = wire_u32(&r);
	in.flags = wire_u32(&r);
	in.offset_for_sector_alignment = wire_u32(&r);
	in.offset_for_partition_alignment = wire_u32(&r);
	if (wire_ok(&r)) {
		*out = in;
	}
	return checked(&r);
}
