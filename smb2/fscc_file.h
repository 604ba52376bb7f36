/* smb2/fscc_file.h - file information classes ([MS-FSCC] 2.4) as structs.
 *
 * _put appends the structure where the writer stands; a reply longer than the
 * client's buffer is the caller's to cut (fscc_file_fixed_size tells what must
 * fit at least).  _decode takes the whole buffer, and gives
 * INFO_LENGTH_MISMATCH when it is shorter than the structure; what follows the
 * structure is ignored, as Windows does. */
#ifndef SMB2_FSCC_FILE_H
#define SMB2_FSCC_FILE_H

#include "lib/nt.h"
#include "lib/nttime.h"
#include "lib/wire.h"

/* Bytes of the fixed part of a class: less room than that in a QUERY_INFO is
 * INFO_LENGTH_MISMATCH, less in a SET_INFO too.  0 for a class unknown here. */
size_t fscc_file_fixed_size(enum file_information_class cls);

/* FileBasicInformation.  In a set, 0 leaves a time or the attributes as they
 * are; -1 and -2 as 2.4.7 says. */
struct fscc_basic {
	NTTIME creation_time;
	NTTIME last_access_time;
	NTTIME last_write_time;
	NTTIME change_time;
	uint32_t file_attributes;
};
void fscc_basic_put(struct wire_writer *w, const struct fscc_basic *in);
MUST_CHECK NTSTATUS fscc_basic_decode(struct wire_reader r,
				      struct fscc_basic *out);

/* FileStandardInformation */
struct fscc_standard {
	uint64_t allocation_size;
	uint64_t end_of_file;
	uint32_t number_of_links;
	bool delete_pending;
	bool directory;
};
void fscc_standard_put(struct wire_writer *w, const struct fscc_standard *in);
MUST_CHECK NTSTATUS fscc_standard_decode(struct wire_reader r,
					 struct fscc_standard *out);

/* FileNetworkOpenInformation */
struct fscc_network_open {
	NTTIME creation_time;
	NTTIME last_access_time;
	NTTIME last_write_time;
	NTTIME change_time;
	uint64_t allocation_size;
	uint64_t end_of_file;
	uint32_t file_attributes;
};
void fscc_network_open_put(struct wire_writer *w,
			   const struct fscc_network_open *in);
MUST_CHECK NTSTATUS fscc_network_open_decode(struct wire_reader r,
					     struct fscc_network_open *out);

/* The classes that are one number: FileInternalInformation,
 * FilePositionInformation, FileAllocationInformation,
 * FileEndOfFileInformation, FileValidDataLengthInformation are a uint64;
 * FileEaInformation, FileAccessInformation, FileModeInformation,
 * FileAlignmentInformation, FileDispositionInformationEx,
 * FileCaseSensitiveInformation a uint32; FileDispositionInformation a byte.
 * Written with wire_put_...; a peer's are read with these. */
MUST_CHECK NTSTATUS fscc_u64_decode(struct wire_reader r, uint64_t *out);
MUST_CHECK NTSTATUS fscc_u32_decode(struct wire_reader r, uint32_t *out);
MUST_CHECK NTSTATUS fscc_bool_decode(struct wire_reader r, bool *out);

/* FileNameInformation, FileNormalizedNameInformation,
 * FileAlternateNameInformation: name is UTF-8 to write, UTF-16LE lent to
 * read. */
void fscc_name_put(struct wire_writer *w, const char *name);
MUST_CHECK NTSTATUS fscc_name_decode(struct wire_reader r,
				     struct wire_reader *out_name);

/* FileAllInformation; the name comes last. */
struct fscc_all {
	struct fscc_basic basic;
	struct fscc_standard standard;
	uint64_t index_number;
	uint32_t ea_size;
	uint32_t access_flags;
	uint64_t current_byte_offset;
	uint32_t mode;
	uint32_t alignment_requirement;
};
void fscc_all_put(struct wire_writer *w, const struct fscc_all *in,
		  const char *name);
MUST_CHECK NTSTATUS fscc_all_decode(struct wire_reader r, struct fscc_all *out,
				    struct wire_reader *out_name);

/* FileAttributeTagInformation */
struct fscc_attribute_tag {
	uint32_t file_attributes;
	uint32_t reparse_tag;
};
void fscc_attribute_tag_put(struct wire_writer *w,
			    const struct fscc_attribute_tag *in);
MUST_CHECK NTSTATUS fscc_attribute_tag_decode(struct wire_reader r,
					      struct fscc_attribute_tag *out);

/* FileCompressionInformation */
struct fscc_compression {
	uint64_t compressed_file_size;
	uint16_t compression_format;
	uint8_t compression_unit_shift;
	uint8_t chunk_shift;
	uint8_t cluster_shift;
};
void fscc_compression_put(struct wire_writer *w,
			  const struct fscc_compression *in);
MUST_CHECK NTSTATUS fscc_compression_decode(struct wire_reader r,
					    struct fscc_compression *out);

/* FileIdInformation */
struct fscc_file_id {
	uint64_t volume_serial_number;
	uint8_t file_id[16];
};
void fscc_file_id_put(struct wire_writer *w, const struct fscc_file_id *in);
MUST_CHECK NTSTATUS fscc_file_id_decode(struct wire_reader r,
					struct fscc_file_id *out);

/* FileStatInformation, FileStatLxInformation: not in [MS-FSCC]; as the headers
 * of the Windows Driver Kit have them (FILE_STAT_INFORMATION). */
struct fscc_stat {
	uint64_t file_id;
	NTTIME creation_time;
	NTTIME last_access_time;
	NTTIME last_write_time;
	NTTIME change_time;
	uint64_t allocation_size;
	uint64_t end_of_file;
	uint32_t file_attributes;
	uint32_t reparse_tag;
	uint32_t number_of_links;
	uint32_t effective_access;
};
void fscc_stat_put(struct wire_writer *w, const struct fscc_stat *in);
MUST_CHECK NTSTATUS fscc_stat_decode(struct wire_reader r,
				     struct fscc_stat *out);

struct fscc_stat_lx {
	struct fscc_stat stat;
	uint32_t flags; /* LX_FILE_... */
	uint32_t uid;
	uint32_t gid;
	uint32_t mode;
	uint32_t device_major;
	uint32_t device_minor;
};
void fscc_stat_lx_put(struct wire_writer *w, const struct fscc_stat_lx *in);
MUST_CHECK NTSTATUS fscc_stat_lx_decode(struct wire_reader r,
					struct fscc_stat_lx *out);

/* FileRenameInformation (type 2), FileRenameInformationEx and
 * FileLinkInformation (type 2). */
#define FSCC_RENAME_MIN_SIZE 24 /* 2.4.42.2: padded to that */
struct fscc_rename {
	/* FILE_RENAME_...; without "Ex" REPLACE_IF_EXISTS alone */
	uint32_t flags;
	uint64_t root_directory; /* not 0: INVALID_PARAMETER, says the caller */
	struct wire_reader name; /* UTF-16LE */
};
/* cls is one of the three classes. */
void fscc_rename_put(struct wire_writer *w, enum file_information_class cls,
		     const struct fscc_rename *in);
/* Also INVALID_PARAMETER when the name passes the end. */
MUST_CHECK NTSTATUS fscc_rename_decode(struct wire_reader r,
				       enum file_information_class cls,
				       struct fscc_rename *out);

/* FilePipeInformation, FilePipeLocalInformation */
struct fscc_pipe {
	uint32_t read_mode;
	uint32_t completion_mode;
};
void fscc_pipe_put(struct wire_writer *w, const struct fscc_pipe *in);
MUST_CHECK NTSTATUS fscc_pipe_decode(struct wire_reader r,
				     struct fscc_pipe *out);

struct fscc_pipe_local {
	uint32_t type;
	uint32_t configuration;
	uint32_t maximum_instances;
	uint32_t current_instances;
	uint32_t inbound_quota;
	uint32_t read_data_available;
	uint32_t outbound_quota;
	uint32_t write_quota_available;
	uint32_t state;
	uint32_t end;
};
void fscc_pipe_local_put(struct wire_writer *w,
			 const struct fscc_pipe_local *in);
MUST_CHECK NTSTATUS fscc_pipe_local_decode(struct wire_reader r,
					   struct fscc_pipe_local *out);

#endif
