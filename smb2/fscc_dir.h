/* smb2/fscc_dir.h - directory entries ([MS-FSCC] 2.4: the classes of
 * QUERY_DIRECTORY), written into the output buffer and read from it. */
#ifndef SMB2_FSCC_DIR_H
#define SMB2_FSCC_DIR_H

#include "lib/nt.h"
#include "lib/nttime.h"
#include "lib/wire.h"
#include "smb2/aapl.h"

/* What all classes together hold. */
struct fscc_dir_entry {
	uint32_t file_index;
	NTTIME creation_time;
	NTTIME last_access_time;
	NTTIME last_write_time;
	NTTIME change_time;
	uint64_t end_of_file;
	uint64_t allocation_size;
	uint32_t file_attributes;
	/* With FILE_ATTRIBUTE_REPARSE_POINT the tag goes where EaSize goes. */
	uint32_t ea_size;
	uint32_t reparse_tag;
	uint64_t file_id;
	uint8_t file_id_128[16];
	const char *name;	/* UTF-8, to write */
	const char *short_name; /* UTF-8, at most 12 units, or NULL; to write */
	/* FileIdBothDirectoryInformation, to write: in the places of ea_size,
	 * unless it is a reparse point, and of the short name; or NULL. */
	const struct aapl_dir_info *apple;
};

/* The same, read: names are UTF-16LE, lent. */
struct fscc_dir_entry_read {
	struct fscc_dir_entry e; /* its names are NULL */
	struct wire_reader name;
	struct wire_reader short_name;
	/* FileIdBothDirectoryInformation: for aapl_dir_info_load() */
	struct wire_reader apple;
};

/* Bytes of an entry of cls without its name: an output buffer with less is
 * INFO_LENGTH_MISMATCH.  0 when cls is no directory class:
 * INVALID_INFO_CLASS. */
size_t fscc_dir_fixed_size(enum file_information_class cls);

/* A list under construction.  Set it up with fscc_dir_writer(). */
struct fscc_dir_writer {
	struct wire_writer *w;
	enum file_information_class cls;
	size_t start; /* of the list; entries are aligned from here */
	size_t last;  /* the last entry, unless count is 0 */
	uint32_t count;
	size_t limit; /* the list may reach to start + limit */
};

/* The list begins where w stands and takes at most limit bytes (the client's
 * OutputBufferLength).  cls must be a directory class (asserted). */
struct fscc_dir_writer fscc_dir_writer(struct wire_writer *w,
				       enum file_information_class cls,
				       size_t limit);

/* Appends an entry.  BUFFER_OVERFLOW when it does not fit: w is as it was, the
 * list ends here and the entry is for the next request.  NO_MEMORY when w
 * could not grow.  Bytes of a name that are not UTF-8 become U+FFFD. */
MUST_CHECK NTSTATUS fscc_dir_put(struct fscc_dir_writer *d,
				 const struct fscc_dir_entry *e);

/* Bytes of the list so far. */
static inline size_t fscc_dir_size(const struct fscc_dir_writer *d)
{
	return d->w->length - d->start;
}

/* The next entry of a list; list moves past it.  NO_MORE_FILES at the end;
 * INVALID_PARAMETER when it is malformed. */
MUST_CHECK NTSTATUS fscc_dir_next(struct wire_reader *list,
				  enum file_information_class cls,
				  struct fscc_dir_entry_read *out);

#endif
