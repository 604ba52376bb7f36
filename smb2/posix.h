/* smb2/posix.h - the POSIX extensions of SMB 3.1.1 ([POSIX-SMB2],
 * [POSIX-FSCC]): what is said of a file and of a file system in POSIX terms. */
#ifndef SMB2_POSIX_H
#define SMB2_POSIX_H

#include <sys/types.h>

#include "lib/nttime.h"
#include "lib/sid.h"
#include "smb2/fscc_dir.h"

/* In a request: leave the mode to the server. Linux sends its mode_t of -1,
 * in 16 bits. */
#define SMB2_POSIX_NO_MODE 0xffffu

/* The answer to the create context, and a part of FilePosixInformation. */
struct smb2_posix_file {
	uint32_t nlink;
	uint32_t reparse_tag;
	uint32_t mode; /* smb2_posix_mode() */
	struct sid owner;
	struct sid group;
};

void smb2_posix_file_put(struct wire_writer *w,
			 const struct smb2_posix_file *in);
/* Moves r past it; r fails where a SID does. */
struct smb2_posix_file smb2_posix_file_read(struct wire_reader *r);

/* Permission bits as they are, and above them the type of what is neither file
 * nor directory: symlink 2, character device 3, block device 4, FIFO 5,
 * socket 6.  A directory is told by its attribute alone: Linux 6.1 adds its
 * own bit to what it is sent, and newer ones take the attribute, too. */
uint32_t smb2_posix_mode(mode_t mode);

/* FilePosixInformation (100), without a name. */
struct smb2_posix_info {
	NTTIME creation_time;
	NTTIME last_access_time;
	NTTIME last_write_time;
	NTTIME change_time;
	uint64_t end_of_file;
	uint64_t allocation_size;
	uint32_t file_attributes;
	uint64_t inode;
	uint64_t device;
	struct smb2_posix_file file;
};

/* Without the SIDs. */
#define SMB2_POSIX_INFO_MIN 80

void smb2_posix_info_put(struct wire_writer *w,
			 const struct smb2_posix_info *in);
/* INVALID_PARAMETER */
MUST_CHECK NTSTATUS smb2_posix_info_decode(struct wire_reader r,
					   struct smb2_posix_info *out);

/* As an entry of a directory; name is UTF-8.  d is for FilePosixInformation;
 * statuses as fscc_dir_put(). */
MUST_CHECK NTSTATUS smb2_posix_dir_put(struct fscc_dir_writer *d,
				       const struct smb2_posix_info *in,
				       const char *name);

/* The next entry; the name is UTF-16LE, lent.  Statuses as fscc_dir_next(). */
MUST_CHECK NTSTATUS smb2_posix_dir_next(struct wire_reader *list,
					struct smb2_posix_info *out,
					struct wire_reader *out_name);

/* FileFsPosixInformation (100): what statvfs() says. */
struct smb2_posix_fs {
	uint32_t transfer_size; /* best for reading and writing */
	uint32_t block_size;	/* of the blocks counted here */
	uint64_t blocks;
	uint64_t free_blocks;
	uint64_t caller_free_blocks;
	uint64_t files;
	uint64_t free_files;
	uint64_t id;
};

#define SMB2_POSIX_FS_SIZE 56

void smb2_posix_fs_put(struct wire_writer *w, const struct smb2_posix_fs *in);
MUST_CHECK NTSTATUS smb2_posix_fs_decode(struct wire_reader r,
					 struct smb2_posix_fs *out);

#endif
