/* fsa/fsctl.h - the FSCTLs that have files of their own: each as
 * fsa_fsctl_start() for one code, _resumed as fsa_fsctl_resumed(). */
#ifndef FSA_FSCTL_H
#define FSA_FSCTL_H

#include "fsa/file.h"

/* clone.c */
MUST_CHECK NTSTATUS fsa_duplicate_extents(struct fsa_io *io);
MUST_CHECK NTSTATUS fsa_duplicate_extents_ex(struct fsa_io *io);
MUST_CHECK NTSTATUS fsa_duplicate_extents_resumed(struct fsa_io *io,
						  NTSTATUS status);

/* trim.c */
MUST_CHECK NTSTATUS fsa_file_level_trim(struct fsa_io *io);

/* compression.c */
MUST_CHECK NTSTATUS fsa_get_compression(struct fsa_io *io);
MUST_CHECK NTSTATUS fsa_set_compression(struct fsa_io *io);
/* FILE_NO_COMPRESSION: a new file does not become what its directory is. */
MUST_CHECK NTSTATUS fsa_keep_uncompressed(struct fsa_node *n,
					  struct fsa_stat *st);

/* offload.c */
MUST_CHECK NTSTATUS fsa_offload_read(struct fsa_io *io);
MUST_CHECK NTSTATUS fsa_offload_write(struct fsa_io *io);
MUST_CHECK NTSTATUS fsa_offload_write_resumed(struct fsa_io *io,
					      NTSTATUS status);

/* volume_data.c */
MUST_CHECK NTSTATUS fsa_get_ntfs_volume_data(struct fsa_io *io);
MUST_CHECK NTSTATUS fsa_query_file_regions(struct fsa_io *io);
MUST_CHECK NTSTATUS fsa_mark_handle(struct fsa_io *io);

/* Volume.ClusterSize; MEDIA_WRITE_PROTECTED when the share is read-only. */
MUST_CHECK NTSTATUS fsa_writable_cluster(const struct fsa_volume *v,
					 uint64_t *out);

#endif
