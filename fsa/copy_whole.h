/* fsa/copy_whole.h - what a copy of a whole file takes along besides its data,
 * as macOS asks for it. */
#ifndef FSA_COPY_WHOLE_H
#define FSA_COPY_WHOLE_H

#include "fsa/file.h"

/* Gives the file of io (FSA_COPY) the named streams and extended attributes of
 * the source; those of the same name are replaced.  At once. */
MUST_CHECK NTSTATUS copy_whole_extras(struct fsa_io *io);

#endif
