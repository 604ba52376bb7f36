/* fsa/stream.h - renaming named streams ([MS-FSA] 2.1.5.15.12.1). */
#ifndef FSA_STREAM_H
#define FSA_STREAM_H

#include "fsa/file.h"

/* Whether what has the new name, if anything, may be replaced: it is empty, and
 * nobody has it open. */
MUST_CHECK NTSTATUS stream_check_target(struct fsa_file *f, const char *name,
					const struct file_id *id, bool replace);

/* io's open of the unnamed stream becomes one of a named one; name is on it. */
MUST_CHECK NTSTATUS stream_from_unnamed(struct fsa_io *io, const char *name);

/* The other way. */
MUST_CHECK NTSTATUS stream_to_unnamed(struct fsa_io *io);

#endif
