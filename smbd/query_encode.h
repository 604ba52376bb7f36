/* smbd/query_encode.h - the information classes of QUERY_INFO as bytes. */
#ifndef SMBD_QUERY_ENCODE_H
#define SMBD_QUERY_ENCODE_H

#include "fsa/fsa.h"
#include "lib/wire.h"

/* Appends the structure of a class that info_class_check_query() likes, but for
 * FileStreamInformation and FileFullEaInformation. */
void smbd_file_info_put(struct wire_writer *w,
			enum file_information_class info_class,
			const struct fsa_file_info *info);

/* The same for the file system. */
void smbd_fs_info_put(struct wire_writer *w,
		      enum fs_information_class info_class,
		      const struct fsa_volume_info *info);

#endif
