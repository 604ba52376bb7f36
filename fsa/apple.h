/* fsa/apple.h - what macOS wants to know of a directory's entries: rights, the
 * size of the resource fork, Finder info, the mode. */
#ifndef FSA_APPLE_H
#define FSA_APPLE_H

#include "fsa/file.h"

/* The streams that macOS keeps beside a file. */
#define APPLE_INFO_STREAM     "AFP_AfpInfo"
#define APPLE_RESOURCE_STREAM "AFP_Resource"

/* Of AFP_AfpInfo: "AFP\0", version, reserved, backup time, then the Finder
 * info, ProDOS info, reserved. */
#define APPLE_INFO_SIZE	       60
#define APPLE_INFO_FINDER_INFO 16

/* About what is called name in io's directory, as far as want (FSA_WANT_*)
 * asks.  What cannot be found out is 0. */
void fsa_apple_get(const struct fsa_io *io, const char *name, uint32_t want,
		   struct fsa_apple *out);

#endif
