/* fsa/sparse.h - the FSCTLs about what of a file is really there. */
#ifndef FSA_SPARSE_H
#define FSA_SPARSE_H

#include "fsa/file.h"

/* As fsa_fsctl_start() for one code each; a directory is INVALID_PARAMETER. */
MUST_CHECK NTSTATUS fsa_set_sparse(struct fsa_io *io);
MUST_CHECK NTSTATUS fsa_set_zero_data(struct fsa_io *io);
MUST_CHECK NTSTATUS fsa_set_zero_data_resumed(struct fsa_io *io,
					      NTSTATUS status);
/* BUFFER_OVERFLOW: there are more than max_out has room for; c->out has those
 * that fit.  BUFFER_TOO_SMALL: none fits. */
MUST_CHECK NTSTATUS fsa_query_allocated_ranges(struct fsa_io *io);

#endif
