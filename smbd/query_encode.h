/* smbd/query_encode.h - the information classes of QUERY_INFO as bytes. */
#ifndef SMBD_QUERY_ENCODE_H
#define SMBD_QUERY_ENCODE_H

#include "fsa/fsa.h"
#include "lib/wire.h"

/* Whether a file information class may be queried over SMB2: OK, NOT_SUPPORTED
 * or INVALID_INFO_CLASS ([MS-SMB2] 2.2.37, 3.3.5.20.1). */
MUST_CHECK NTSTATUS smbd_file_class_check(uint8_t info_class);

/* The same for a file system information class. */
MUST_CHECK NTSTATUS smbd_fs_class_check(uint8_t info_class);

/* Appends the structure of a class that smbd_file_class_check() likes, but for
 * FileStreamInformation. */
void smbd_file_info_put(struct wire_writer *w,
			enum file_information_class info_class,
			const struct fsa_file_info *info);

/* The same for the file system. */
void smbd_fs_info_put(struct wire_writer *w,
		      enum fs_information_class info_class,
		      const struct fsa_volume_info *info);

#endif
