/* fsa/reparse.h - reparse points: what an open does with one, and what may be
 * made one.  For fsa/ alone. */
#ifndef FSA_REPARSE_H
#define FSA_REPARSE_H

#include "fsa/file.h"

/* Whether args may open what has been found, and is st, when that is a reparse
 * point ([MS-FSA] 2.1.5.1.2): IO_REPARSE_TAG_NOT_HANDLED, or STOPPED_ON_SYMLINK
 * with args' results. */
MUST_CHECK NTSTATUS reparse_check_open(struct fsa_file *f,
				       const struct fsa_stat *st,
				       struct fsa_create *args);

/* The results of args for a symlink on the way. */
void reparse_answer_stop(struct fsa_create *args, const struct fsa_stop *stop);

/* Whether io can be done with a file that has no data: END_OF_FILE for reading,
 * INVALID_DEVICE_REQUEST. */
MUST_CHECK NTSTATUS reparse_check_no_data(const struct fsa_io *io);

/* Whether extended attributes may be set ([MS-FSA] 2.1.5.15.6):
 * EAS_NOT_SUPPORTED on a reparse point, but for those of the Windows Subsystem
 * for Linux, which says with them what its reparse points are. */
MUST_CHECK NTSTATUS reparse_check_eas(const struct fsa_file *f,
				      const struct fsa_ea *eas, size_t count);

/* 2.1.5.10.3, 2.1.5.10.14, 2.1.5.10.37 */
NTSTATUS fsa_delete_reparse_point(struct fsa_io *io);
NTSTATUS fsa_get_reparse_point(struct fsa_io *io);
NTSTATUS fsa_set_reparse_point(struct fsa_io *io);

#endif
