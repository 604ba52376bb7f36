/* lib/nt.h - the constants that the wire ([MS-SMB2]) and the file-system
 * semantics ([MS-FSA], [MS-FSCC]) have in common, so that neither folder needs
 * the other: access masks, sharing, dispositions, options, attributes,
 * information classes, FSCTL codes. */
#ifndef LIB_NT_H
#define LIB_NT_H

/* Access masks: [MS-SMB2] 2.2.13.1, [MS-DTYP] 2.4.3 */
#define FILE_READ_DATA	       0x00000001
#define FILE_LIST_DIRECTORY    0x00000001
#define FILE_WRITE_DATA	       0x00000002
#define FILE_ADD_FILE	       0x00000002
#define FILE_APPEND_DATA       0x00000004
#define FILE_ADD_SUBDIRECTORY  0x00000004
#define FILE_READ_EA	       0x00000008
#define FILE_WRITE_EA	       0x00000010
#define FILE_EXECUTE	       0x00000020
#define FILE_TRAVERSE	       0x00000020
#define FILE_DELETE_CHILD      0x00000040
#define FILE_READ_ATTRIBUTES   0x00000080
#define FILE_WRITE_ATTRIBUTES  0x00000100
#define DELETE_ACCESS	       0x00010000
#define READ_CONTROL	       0x00020000
#define WRITE_DAC	       0x00040000
#define WRITE_OWNER	       0x00080000
#define SYNCHRONIZE	       0x00100000
#define ACCESS_SYSTEM_SECURITY 0x01000000
#define MAXIMUM_ALLOWED	       0x02000000
#define GENERIC_ALL	       0x10000000
#define GENERIC_EXECUTE	       0x20000000
#define GENERIC_WRITE	       0x40000000
#define GENERIC_READ	       0x80000000
#define FILE_ALL_ACCESS	       0x001f01ff
#define FILE_GENERIC_READ      0x00120089
#define FILE_GENERIC_WRITE     0x00120116
#define FILE_GENERIC_EXECUTE   0x001200a0

/* ShareAccess: [MS-SMB2] 2.2.13 */
#define FILE_SHARE_READ	  0x1
#define FILE_SHARE_WRITE  0x2
#define FILE_SHARE_DELETE 0x4

/* CreateDisposition: [MS-SMB2] 2.2.13 */
enum create_disposition {
	FILE_SUPERSEDE = 0,
	FILE_OPEN = 1,
	FILE_CREATE = 2,
	FILE_OPEN_IF = 3,
	FILE_OVERWRITE = 4,
	FILE_OVERWRITE_IF = 5
};

/* CreateAction: [MS-SMB2] 2.2.14 */
enum create_action {
	FILE_SUPERSEDED = 0,
	FILE_OPENED = 1,
	FILE_CREATED = 2,
	FILE_OVERWRITTEN = 3
};

/* CreateOptions: [MS-SMB2] 2.2.13 */
#define FILE_DIRECTORY_FILE	       0x00000001
#define FILE_WRITE_THROUGH	       0x00000002
#define FILE_SEQUENTIAL_ONLY	       0x00000004
#define FILE_NO_INTERMEDIATE_BUFFERING 0x00000008
#define FILE_SYNCHRONOUS_IO_ALERT      0x00000010
#define FILE_SYNCHRONOUS_IO_NONALERT   0x00000020
#define FILE_NON_DIRECTORY_FILE	       0x00000040
#define FILE_COMPLETE_IF_OPLOCKED      0x00000100
#define FILE_NO_EA_KNOWLEDGE	       0x00000200
#define FILE_RANDOM_ACCESS	       0x00000800
#define FILE_DELETE_ON_CLOSE	       0x00001000
#define FILE_OPEN_BY_FILE_ID	       0x00002000
#define FILE_OPEN_FOR_BACKUP_INTENT    0x00004000
#define FILE_NO_COMPRESSION	       0x00008000
#define FILE_OPEN_REMOTE_INSTANCE      0x00000400
#define FILE_OPEN_REQUIRING_OPLOCK     0x00010000
#define FILE_DISALLOW_EXCLUSIVE	       0x00020000
#define FILE_RESERVE_OPFILTER	       0x00100000
#define FILE_OPEN_REPARSE_POINT	       0x00200000
#define FILE_OPEN_NO_RECALL	       0x00400000
#define FILE_OPEN_FOR_FREE_SPACE_QUERY 0x00800000

/* File attributes: [MS-FSCC] 2.6 */
#define FILE_ATTRIBUTE_READONLY		   0x00000001
#define FILE_ATTRIBUTE_HIDDEN		   0x00000002
#define FILE_ATTRIBUTE_SYSTEM		   0x00000004
#define FILE_ATTRIBUTE_DIRECTORY	   0x00000010
#define FILE_ATTRIBUTE_ARCHIVE		   0x00000020
#define FILE_ATTRIBUTE_NORMAL		   0x00000080
#define FILE_ATTRIBUTE_TEMPORARY	   0x00000100
#define FILE_ATTRIBUTE_SPARSE_FILE	   0x00000200
#define FILE_ATTRIBUTE_REPARSE_POINT	   0x00000400
#define FILE_ATTRIBUTE_COMPRESSED	   0x00000800
#define FILE_ATTRIBUTE_OFFLINE		   0x00001000
#define FILE_ATTRIBUTE_NOT_CONTENT_INDEXED 0x00002000
#define FILE_ATTRIBUTE_ENCRYPTED	   0x00004000
#define FILE_ATTRIBUTE_INTEGRITY_STREAM	   0x00008000
#define FILE_ATTRIBUTE_NO_SCRUB_DATA	   0x00020000

/* FileInformationClass: [MS-FSCC] 2.4 */
enum file_information_class {
	FileDirectoryInformation = 1,
	FileFullDirectoryInformation = 2,
	FileBothDirectoryInformation = 3,
	FileBasicInformation = 4,
	FileStandardInformation = 5,
	FileInternalInformation = 6,
	FileEaInformation = 7,
	FileAccessInformation = 8,
	FileNameInformation = 9,
	FileRenameInformation = 10,
	FileLinkInformation = 11,
	FileNamesInformation = 12,
	FileDispositionInformation = 13,
	FilePositionInformation = 14,
	FileFullEaInformation = 15,
	FileModeInformation = 16,
	FileAlignmentInformation = 17,
	FileAllInformation = 18,
	FileAllocationInformation = 19,
	FileEndOfFileInformation = 20,
	FileAlternateNameInformation = 21,
	FileStreamInformation = 22,
	FilePipeInformation = 23,
	FilePipeLocalInformation = 24,
	FilePipeRemoteInformation = 25,
	FileCompressionInformation = 28,
	FileObjectIdInformation = 29,
	FileQuotaInformation = 32,
	FileReparsePointInformation = 33,
	FileNetworkOpenInformation = 34,
	FileAttributeTagInformation = 35,
	FileIdBothDirectoryInformation = 37,
	FileIdFullDirectoryInformation = 38,
	FileValidDataLengthInformation = 39,
	FileShortNameInformation = 40,
	FileSfioReserveInformation = 44,
	FileHardLinkInformation = 46,
	FileNormalizedNameInformation = 48,
	FileIdGlobalTxDirectoryInformation = 50,
	FileStandardLinkInformation = 54,
	FileIdInformation = 59,
	FileIdExtdDirectoryInformation = 60,
	FileIdExtdBothDirectoryInformation = 63,
	FileDispositionInformationEx = 64,
	FileRenameInformationEx = 65,
	FileCaseSensitiveInformation = 71
};

/* FsInformationClass: [MS-FSCC] 2.5 */
enum fs_information_class {
	FileFsVolumeInformation = 1,
	FileFsLabelInformation = 2,
	FileFsSizeInformation = 3,
	FileFsDeviceInformation = 4,
	FileFsAttributeInformation = 5,
	FileFsControlInformation = 6,
	FileFsFullSizeInformation = 7,
	FileFsObjectIdInformation = 8,
	FileFsDriverPathInformation = 9,
	FileFsVolumeFlagsInformation = 10,
	FileFsSectorSizeInformation = 11
};

/* FileFsAttributeInformation: [MS-FSCC] 2.5.1 */
#define FILE_CASE_SENSITIVE_SEARCH	  0x00000001
#define FILE_CASE_PRESERVED_NAMES	  0x00000002
#define FILE_UNICODE_ON_DISK		  0x00000004
#define FILE_PERSISTENT_ACLS		  0x00000008
#define FILE_VOLUME_QUOTAS		  0x00000020
#define FILE_SUPPORTS_SPARSE_FILES	  0x00000040
#define FILE_SUPPORTS_REPARSE_POINTS	  0x00000080
#define FILE_SUPPORTS_OBJECT_IDS	  0x00010000
#define FILE_NAMED_STREAMS		  0x00040000
#define FILE_READ_ONLY_VOLUME		  0x00080000
#define FILE_SUPPORTS_HARD_LINKS	  0x00400000
#define FILE_SUPPORTS_EXTENDED_ATTRIBUTES 0x00800000
#define FILE_SUPPORTS_OPEN_BY_FILE_ID	  0x01000000
#define FILE_SUPPORTS_BLOCK_REFCOUNTING	  0x08000000

/* FileDispositionInformationEx flags: [MS-FSCC] 2.4.11.2 */
#define FILE_DISPOSITION_DELETE			   0x01
#define FILE_DISPOSITION_POSIX_SEMANTICS	   0x02
#define FILE_DISPOSITION_FORCE_IMAGE_SECTION_CHECK 0x04
#define FILE_DISPOSITION_ON_CLOSE		   0x08
#define FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE 0x10

/* SECURITY_INFORMATION: [MS-DTYP] 2.4.7 */
#define OWNER_SECURITY_INFORMATION 0x1
#define GROUP_SECURITY_INFORMATION 0x2
#define DACL_SECURITY_INFORMATION  0x4
#define SACL_SECURITY_INFORMATION  0x8

/* FSCTL codes: [MS-FSCC] 2.3, [MS-SMB2] 2.2.31 */
#define FSCTL_DFS_GET_REFERRALS		   0x00060194
#define FSCTL_DFS_GET_REFERRALS_EX	   0x000601b0
#define FSCTL_SET_REPARSE_POINT		   0x000900a4
#define FSCTL_GET_REPARSE_POINT		   0x000900a8
#define FSCTL_DELETE_REPARSE_POINT	   0x000900ac
#define FSCTL_CREATE_OR_GET_OBJECT_ID	   0x000900c0
#define FSCTL_SET_SPARSE		   0x000900c4
#define FSCTL_SET_ZERO_DATA		   0x000980c8
#define FSCTL_QUERY_ALLOCATED_RANGES	   0x000940cf
#define FSCTL_FILE_LEVEL_TRIM		   0x00098208
#define FSCTL_PIPE_PEEK			   0x0011400c
#define FSCTL_PIPE_WAIT			   0x00110018
#define FSCTL_PIPE_TRANSCEIVE		   0x0011c017
#define FSCTL_SRV_ENUMERATE_SNAPSHOTS	   0x00144064
#define FSCTL_SRV_REQUEST_RESUME_KEY	   0x00140078
#define FSCTL_LMR_REQUEST_RESILIENCY	   0x001401d4
#define FSCTL_QUERY_NETWORK_INTERFACE_INFO 0x001401fc
#define FSCTL_VALIDATE_NEGOTIATE_INFO	   0x00140204
#define FSCTL_SRV_COPYCHUNK		   0x001440f2
#define FSCTL_SRV_READ_HASH		   0x001441bb
#define FSCTL_SRV_COPYCHUNK_WRITE	   0x001480f2

#endif
