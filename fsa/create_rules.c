/* fsa/create_rules.c - what a CREATE may ask for and what comes of it. */
#include "fsa/create_rules.h"

#include "fsa/access.h"

/* Neither here nor on Windows: FILE_CREATE_TREE_CONNECTION, opening by id,
 * FILE_RESERVE_OPFILTER ([MS-SMB2] 2.2.13). */
#define OPTIONS_NOT_SUPPORTED                                                  \
	(0x00000080u | FILE_OPEN_BY_FILE_ID | FILE_RESERVE_OPFILTER)

#define DIRECTORY_OPTIONS                                                      \
	(FILE_DIRECTORY_FILE | FILE_SYNCHRONOUS_IO_ALERT |                     \
	 FILE_SYNCHRONOUS_IO_NONALERT | FILE_WRITE_THROUGH |                   \
	 FILE_OPEN_REMOTE_INSTANCE | FILE_COMPLETE_IF_OPLOCKED |               \
	 FILE_OPEN_FOR_BACKUP_INTENT | FILE_DELETE_ON_CLOSE |                  \
	 FILE_OPEN_FOR_FREE_SPACE_QUERY | FILE_OPEN_BY_FILE_ID |               \
	 FILE_NO_COMPRESSION | FILE_OPEN_REPARSE_POINT |                       \
	 FILE_OPEN_REQUIRING_OPLOCK)

#define ATTRIBUTES_INVALID 0xFFFF8048u
#define ATTRIBUTES_SETTABLE                                                    \
	(FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN |                     \
	 FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_ARCHIVE |                      \
	 FILE_ATTRIBUTE_TEMPORARY | FILE_ATTRIBUTE_OFFLINE |                   \
	 FILE_ATTRIBUTE_NOT_CONTENT_INDEXED)

static bool has(uint32_t bits, uint32_t all)
{
	return (bits & all) == all;
}

static bool is_directory_disposition(enum create_disposition d)
{
	return d == FILE_CREATE || d == FILE_OPEN || d == FILE_OPEN_IF;
}

static bool are_options_consistent(const struct fsa_create *c)
{
	uint32_t o = c->options;

	if (has(o, FILE_DIRECTORY_FILE | FILE_NON_DIRECTORY_FILE) ||
	    has(o, FILE_SYNCHRONOUS_IO_ALERT | FILE_SYNCHRONOUS_IO_NONALERT)) {
		return false;
	}
	if ((o & FILE_DIRECTORY_FILE) != 0 &&
	    ((o & ~DIRECTORY_OPTIONS) != 0 ||
	     !is_directory_disposition(c->disposition))) {
		return false;
	}
	return !((o & FILE_NO_INTERMEDIATE_BUFFERING) != 0 &&
		 (c->desired_access & FILE_APPEND_DATA) != 0);
}

NTSTATUS create_check_parameters(const struct fsa_create *c)
{
	uint32_t access = access_expand(c->desired_access);

	/* Before all else: [MS-SMB2] 3.3.5.9 (smbtorture smb2.create.gentest)
	 */
	if (c->desired_access == 0 ||
	    (c->desired_access & ACCESS_MASK_INVALID) != 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if ((c->share_access & ~FILE_SHARE_ALL) != 0 ||
	    (unsigned int)c->disposition > FILE_OVERWRITE_IF ||
	    (c->options & FILE_CREATE_OPTIONS_INVALID) != 0 ||
	    (c->file_attributes & ATTRIBUTES_INVALID) != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if ((c->options & OPTIONS_NOT_SUPPORTED) != 0) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	if (!are_options_consistent(c)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if ((c->options & FILE_DELETE_ON_CLOSE) != 0 &&
	    (access & (DELETE_ACCESS | MAXIMUM_ALLOWED)) == 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return NT_STATUS_OK;
}

NTSTATUS create_check_name(const struct fsa_create *c,
			   const struct fsa_name *name)
{
	if (name->trailing_backslash &&
	    (c->options & FILE_NON_DIRECTORY_FILE) != 0) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	if ((name->type == FSA_STREAM_DATA || name->stream != NULL) &&
	    (c->options & FILE_DIRECTORY_FILE) != 0) {
		return NT_STATUS(NOT_A_DIRECTORY);
	}
	return NT_STATUS_OK;
}

NTSTATUS create_get_course(enum create_disposition disposition, bool exists,
			   enum create_course *out)
{
	static const struct {
		enum create_course there;
		enum create_course missing;
	} courses[] = {
		[FILE_SUPERSEDE] = {COURSE_SUPERSEDE, COURSE_MAKE},
		[FILE_OPEN] = {COURSE_OPEN, COURSE_OPEN},
		[FILE_CREATE] = {COURSE_MAKE, COURSE_MAKE},
		[FILE_OPEN_IF] = {COURSE_OPEN, COURSE_MAKE},
		[FILE_OVERWRITE] = {COURSE_OVERWRITE, COURSE_OVERWRITE},
		[FILE_OVERWRITE_IF] = {COURSE_OVERWRITE, COURSE_MAKE},
	};

	if (exists && disposition == FILE_CREATE) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	if (!exists &&
	    (disposition == FILE_OPEN || disposition == FILE_OVERWRITE)) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	*out = exists ? courses[disposition].there
		      : courses[disposition].missing;
	return NT_STATUS_OK;
}

uint32_t create_extra_access(enum create_course course)
{
	switch (course) {
	case COURSE_OVERWRITE:
		return FILE_WRITE_DATA | FILE_WRITE_EA | FILE_WRITE_ATTRIBUTES;
	case COURSE_SUPERSEDE:
		return DELETE_ACCESS | FILE_WRITE_DATA | FILE_WRITE_EA |
		       FILE_WRITE_ATTRIBUTES;
	default:
		return 0;
	}
}

enum create_action create_get_action(enum create_course course)
{
	switch (course) {
	case COURSE_MAKE:
		return FILE_CREATED;
	case COURSE_OVERWRITE:
		return FILE_OVERWRITTEN;
	case COURSE_SUPERSEDE:
		return FILE_SUPERSEDED;
	default:
		return FILE_OPENED;
	}
}

NTSTATUS create_check_kind(const struct fsa_create *c,
			   const struct fsa_name *name,
			   enum create_course course, bool is_directory)
{
	bool wants_directory = (c->options & FILE_DIRECTORY_FILE) != 0 ||
			       name->type == FSA_STREAM_INDEX;

	if (!is_directory && wants_directory) {
		return NT_STATUS(NOT_A_DIRECTORY);
	}
	if (!is_directory && name->trailing_backslash) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	if (name->stream != NULL) {
		return name->trailing_backslash ? NT_STATUS(OBJECT_NAME_INVALID)
						: NT_STATUS_OK;
	}
	if (is_directory && ((c->options & FILE_NON_DIRECTORY_FILE) != 0 ||
			     name->type == FSA_STREAM_DATA)) {
		return NT_STATUS(FILE_IS_A_DIRECTORY);
	}
	if (is_directory && course != COURSE_OPEN) {
		return *name->path == '\0' ? NT_STATUS(ACCESS_DENIED)
					   : NT_STATUS(OBJECT_NAME_COLLISION);
	}
	return NT_STATUS_OK;
}

static bool loses(const struct fsa_create *c, const struct fsa_stat *st,
		  uint32_t attribute)
{
	return (st->attributes & attribute) != 0 &&
	       (c->file_attributes & attribute) == 0;
}

NTSTATUS create_check_attributes(const struct fsa_create *c,
				 enum create_course course,
				 const struct fsa_stat *st, uint32_t access,
				 bool delete_readonly)
{
	bool readonly =
		(st->attributes & FILE_ATTRIBUTE_READONLY) != 0 && !c->posix;

	if (course != COURSE_OPEN && (loses(c, st, FILE_ATTRIBUTE_HIDDEN) ||
				      loses(c, st, FILE_ATTRIBUTE_SYSTEM))) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (readonly && !st->directory &&
	    (access & (FILE_WRITE_DATA | FILE_APPEND_DATA)) != 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (readonly && !delete_readonly &&
	    (c->options & FILE_DELETE_ON_CLOSE) != 0) {
		return NT_STATUS(CANNOT_DELETE);
	}
	return NT_STATUS_OK;
}

NTSTATUS create_check_new(const struct fsa_create *c, bool directory,
			  bool delete_readonly)
{
	if (directory && (c->file_attributes & FILE_ATTRIBUTE_TEMPORARY) != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (!delete_readonly &&
	    (c->file_attributes & FILE_ATTRIBUTE_READONLY) != 0 &&
	    (c->options & FILE_DELETE_ON_CLOSE) != 0) {
		return NT_STATUS(CANNOT_DELETE);
	}
	return NT_STATUS_OK;
}

uint32_t create_new_attributes(uint32_t asked, bool directory)
{
	uint32_t attributes = asked & ATTRIBUTES_SETTABLE;

	return attributes |
	       (directory ? FILE_ATTRIBUTE_DIRECTORY : FILE_ATTRIBUTE_ARCHIVE);
}
