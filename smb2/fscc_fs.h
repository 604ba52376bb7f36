/* smb2/fscc_fs.h - file system information classes ([MS-FSCC] 2.5) as structs;
 * _put and _decode as in fscc_file.h.  Names are UTF-8 to write, UTF-16LE lent
 * to read. */
#ifndef SMB2_FSCC_FS_H
#define SMB2_FSCC_FS_H

#include "lib/guid.h"
#include "lib/nt.h"
#include "lib/nttime.h"
#include "lib/wire.h"

/* Bytes of the fixed part of a class; 0 for a class unknown here. */
size_t fscc_fs_fixed_size(enum fs_information_class cls);

struct fscc_fs_volume {
	NTTIME creation_time;
	uint32_t serial_number;
	bool supports_objects;
};
void fscc_fs_volume_put(struct wire_writer *w, const struct fscc_fs_volume *in,
			const char *label);
MUST_CHECK NTSTATUS fscc_fs_volume_decode(struct wire_reader r,
					  struct fscc_fs_volume *out,
					  struct wire_reader *out_label);

/* FileFsLabelInformation */
void fscc_fs_label_put(struct wire_writer *w, const char *label);
MUST_CHECK NTSTATUS fscc_fs_label_decode(struct wire_reader r,
					 struct wire_reader *out_label);

struct fscc_fs_size {
	uint64_t total_units;
	uint64_t available_units; /* to this caller */
	uint32_t sectors_per_unit;
	uint32_t bytes_per_sector;
};
void fscc_fs_size_put(struct wire_writer *w, const struct fscc_fs_size *in);
MUST_CHECK NTSTATUS fscc_fs_size_decode(struct wire_reader r,
					struct fscc_fs_size *out);

struct fscc_fs_full_size {
	uint64_t total_units;
	uint64_t caller_available_units;
	uint64_t actual_available_units;
	uint32_t sectors_per_unit;
	uint32_t bytes_per_sector;
};
void fscc_fs_full_size_put(struct wire_writer *w,
			   const struct fscc_fs_full_size *in);
MUST_CHECK NTSTATUS fscc_fs_full_size_decode(struct wire_reader r,
					     struct fscc_fs_full_size *out);

struct fscc_fs_device {
	uint32_t device_type;	  /* FILE_DEVICE_... */
	uint32_t characteristics; /* FILE_..._DEVICE, FILE_DEVICE_IS_MOUNTED */
};
void fscc_fs_device_put(struct wire_writer *w, const struct fscc_fs_device *in);
MUST_CHECK NTSTATUS fscc_fs_device_decode(struct wire_reader r,
					  struct fscc_fs_device *out);

struct fscc_fs_attribute {
	uint32_t attributes;
	uint32_t max_component_length;
};
/* name: of the file system, "NTFS". */
void fscc_fs_attribute_put(struct wire_writer *w,
			   const struct fscc_fs_attribute *in,
			   const char *name);
MUST_CHECK NTSTATUS fscc_fs_attribute_decode(struct wire_reader r,
					     struct fscc_fs_attribute *out,
					     struct wire_reader *out_name);

struct fscc_fs_control {
	uint64_t free_space_start_filtering;
	uint64_t free_space_threshold;
	uint64_t free_space_stop_filtering;
	uint64_t default_quota_threshold;
	uint64_t default_quota_limit;
	uint32_t flags;
};
void fscc_fs_control_put(struct wire_writer *w,
			 const struct fscc_fs_control *in);
MUST_CHECK NTSTATUS fscc_fs_control_decode(struct wire_reader r,
					   struct fscc_fs_control *out);

struct fscc_fs_object_id {
	struct guid object_id;
	uint8_t extended_info[48];
};
void fscc_fs_object_id_put(struct wire_writer *w,
			   const struct fscc_fs_object_id *in);
MUST_CHECK NTSTATUS fscc_fs_object_id_decode(struct wire_reader r,
					     struct fscc_fs_object_id *out);

struct fscc_fs_sector_size {
	uint32_t logical_bytes_per_sector;
	uint32_t physical_for_atomicity;
	uint32_t physical_for_performance;
	uint32_t effective_physical_for_atomicity;
	uint32_t flags; /* SSINFO_FLAGS_... */
	uint32_t offset_for_sector_alignment;
	uint32_t offset_for_partition_alignment;
};
void fscc_fs_sector_size_put(struct wire_writer *w,
			     const struct fscc_fs_sector_size *in);
MUST_CHECK NTSTATUS fscc_fs_sector_size_decode(struct wire_reader r,
					       struct fscc_fs_sector_size *out);

#endif
