/* smbd/info_class.c - one row for each information class of [MS-FSCC] 2.4 and
 * 2.5; a class without a row does not exist: INVALID_INFO_CLASS.
 *
 * Of those that exist and are not to be used so, [MS-SMB2] 3.3.5.20.1 <415>
 * says which are INVALID_INFO_CLASS and which NOT_SUPPORTED in a query; in a
 * set it is by the column "Uses" in [MS-FSCC] 2.4: "Query" is
 * INVALID_INFO_CLASS, "LOCAL" NOT_SUPPORTED <87>. */
#include "smbd/info_class.h"

#include "smb2/fscc_file.h"
#include "smb2/fscc_fs.h"

enum answer {
	INVALID, /* INVALID_INFO_CLASS */
	REFUSED, /* NOT_SUPPORTED */
	ANSWERED
};

struct row {
	enum answer query : 8;
	enum answer set : 8;
	uint8_t least_set; /* bytes; 0: as for a query */
};

static const struct row files[] = {
	[FileDirectoryInformation] = {INVALID, INVALID, 0},
	[FileFullDirectoryInformation] = {INVALID, INVALID, 0},
	[FileBothDirectoryInformation] = {INVALID, INVALID, 0},
	[FileBasicInformation] = {ANSWERED, ANSWERED, 0},
	[FileStandardInformation] = {ANSWERED, INVALID, 0},
	[FileInternalInformation] = {ANSWERED, INVALID, 0},
	[FileEaInformation] = {ANSWERED, INVALID, 0},
	[FileAccessInformation] = {ANSWERED, INVALID, 0},
	[FileNameInformation] = {REFUSED, REFUSED, 0},
	[FileRenameInformation] = {INVALID, ANSWERED, FSCC_RENAME_MIN_SIZE},
	[FileLinkInformation] = {INVALID, ANSWERED, FSCC_RENAME_MIN_SIZE},
	[FileNamesInformation] = {INVALID, INVALID, 0},
	[FileDispositionInformation] = {INVALID, ANSWERED, 0},
	[FilePositionInformation] = {ANSWERED, ANSWERED, 0},
	/* A list that is too short is EA_LIST_INCONSISTENT. */
	[FileFullEaInformation] = {ANSWERED, ANSWERED, 1},
	[FileModeInformation] = {ANSWERED, ANSWERED, 0},
	[FileAlignmentInformation] = {ANSWERED, INVALID, 0},
	[FileAllInformation] = {ANSWERED, INVALID, 0},
	[FileAllocationInformation] = {INVALID, ANSWERED, 0},
	[FileEndOfFileInformation] = {INVALID, ANSWERED, 0},
	[FileAlternateNameInformation] = {ANSWERED, INVALID, 0},
	[FileStreamInformation] = {ANSWERED, INVALID, 0},
	[FilePipeInformation] = {ANSWERED, ANSWERED, 0},
	[FilePipeLocalInformation] = {ANSWERED, INVALID, 0},
	[FilePipeRemoteInformation] = {ANSWERED, INVALID, 0},
	[FileMailslotQueryInformation] = {REFUSED, REFUSED, 0},
	[FileMailslotSetInformation] = {INVALID, REFUSED, 0},
	[FileCompressionInformation] = {ANSWERED, INVALID, 0},
	[FileObjectIdInformation] = {REFUSED, REFUSED, 0},
	[FileMoveClusterInformation] = {INVALID, REFUSED, 0},
	[FileQuotaInformation] = {REFUSED, REFUSED, 0},
	[FileReparsePointInformation] = {REFUSED, REFUSED, 0},
	[FileNetworkOpenInformation] = {ANSWERED, INVALID, 0},
	[FileAttributeTagInformation] = {ANSWERED, INVALID, 0},
	[FileTrackingInformation] = {INVALID, REFUSED, 0},
	[FileIdBothDirectoryInformation] = {INVALID, INVALID, 0},
	[FileIdFullDirectoryInformation] = {INVALID, INVALID, 0},
	[FileValidDataLengthInformation] = {INVALID, ANSWERED, 0},
	[FileShortNameInformation] = {INVALID, ANSWERED, 0},
	[FileSfioReserveInformation] = {REFUSED, REFUSED, 0},
	[FileSfioVolumeInformation] = {REFUSED, REFUSED, 0},
	[FileHardLinkInformation] = {REFUSED, REFUSED, 0},
	[FileNormalizedNameInformation] = {ANSWERED, INVALID, 0},
	[FileIdGlobalTxDirectoryInformation] = {INVALID, REFUSED, 0},
	[FileStandardLinkInformation] = {REFUSED, REFUSED, 0},
	[FileIdInformation] = {ANSWERED, INVALID, 0},
	[FileIdExtdDirectoryInformation] = {REFUSED, INVALID, 0},
	[FileIdExtdBothDirectoryInformation] = {REFUSED, INVALID, 0},
	[FileDispositionInformationEx] = {REFUSED, ANSWERED, 0},
	[FileRenameInformationEx] = {REFUSED, ANSWERED, FSCC_RENAME_MIN_SIZE},
	/* Not in [MS-FSCC]; Windows 10 and later have them. */
	[FileStatInformation] = {ANSWERED, INVALID, 0},
	[FileStatLxInformation] = {ANSWERED, INVALID, 0},
	[FileCaseSensitiveInformation] = {ANSWERED, ANSWERED, 0},
	[FileId64ExtdDirectoryInformation] = {REFUSED, INVALID, 0},
	[FileId64ExtdBothDirectoryInformation] = {REFUSED, INVALID, 0},
	[FileIdAllExtdDirectoryInformation] = {REFUSED, INVALID, 0},
	[FileIdAllExtdBothDirectoryInformation] = {REFUSED, INVALID, 0},
};

static const struct row file_systems[] = {
	[FileFsVolumeInformation] = {ANSWERED, INVALID, 0},
	[FileFsLabelInformation] = {REFUSED, REFUSED, 0},
	[FileFsSizeInformation] = {ANSWERED, INVALID, 0},
	[FileFsDeviceInformation] = {ANSWERED, INVALID, 0},
	[FileFsAttributeInformation] = {ANSWERED, INVALID, 0},
	[FileFsControlInformation] = {ANSWERED, ANSWERED, 0},
	[FileFsFullSizeInformation] = {ANSWERED, INVALID, 0},
	/* [MS-FSA] 2.1.5.16.8: one that is too short is INVALID_INFO_CLASS */
	[FileFsObjectIdInformation] = {ANSWERED, ANSWERED, 1},
	[FileFsDriverPathInformation] = {REFUSED, REFUSED, 0},
	[FileFsVolumeFlagsInformation] = {REFUSED, REFUSED, 0},
	[FileFsSectorSizeInformation] = {ANSWERED, INVALID, 0},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static NTSTATUS check(enum answer answer, size_t length, size_t least)
{
	switch (answer) {
	case ANSWERED:
		return length < least ? NT_STATUS(INFO_LENGTH_MISMATCH)
				      : NT_STATUS_OK;
	case REFUSED:
		return NT_STATUS(NOT_SUPPORTED);
	default:
		return NT_STATUS(INVALID_INFO_CLASS);
	}
}

static size_t least_set(const struct row *row, size_t fixed)
{
	return row->least_set != 0 ? row->least_set : fixed;
}

NTSTATUS info_class_check_query(uint8_t info_class, uint32_t length)
{
	enum file_information_class cls =
		(enum file_information_class)info_class;

	if (info_class >= COUNT(files)) {
		return NT_STATUS(INVALID_INFO_CLASS);
	}
	return check(files[info_class].query, length,
		     fscc_file_fixed_size(cls));
}

NTSTATUS info_class_check_set(uint8_t info_class, size_t length)
{
	enum file_information_class cls =
		(enum file_information_class)info_class;

	if (info_class >= COUNT(files)) {
		return NT_STATUS(INVALID_INFO_CLASS);
	}
	return check(files[info_class].set, length,
		     least_set(&files[info_class], fscc_file_fixed_size(cls)));
}

NTSTATUS info_class_check_query_fs(uint8_t info_class, uint32_t length)
{
	enum fs_information_class cls = (enum fs_information_class)info_class;

	if (info_class >= COUNT(file_systems)) {
		return NT_STATUS(INVALID_INFO_CLASS);
	}
	return check(file_systems[info_class].query, length,
		     fscc_fs_fixed_size(cls));
}

NTSTATUS info_class_check_set_fs(uint8_t info_class, size_t length)
{
	enum fs_information_class cls = (enum fs_information_class)info_class;

	if (info_class >= COUNT(file_systems)) {
		return NT_STATUS(INVALID_INFO_CLASS);
	}
	return check(
		file_systems[info_class].set, length,
		least_set(&file_systems[info_class], fscc_fs_fixed_size(cls)));
}
