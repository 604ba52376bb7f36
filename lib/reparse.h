/* lib/reparse.h - what reparse points are made of ([MS-FSCC] 2.1.2): the buffer
 * that a client sets and gets, and what is in that of a symlink. */
#ifndef LIB_REPARSE_H
#define LIB_REPARSE_H

#include <sys/types.h>
#include <talloc.h>

#include "lib/blob.h"
#include "lib/guid.h"
#include "lib/nt.h"
#include "lib/ntstatus.h"

#define REPARSE_MAX	    16384 /* a whole buffer: [MS-FSA] 2.1.5.10.37 */
#define REPARSE_HEADER	    8
#define REPARSE_GUID_HEADER 24

/* Tags without the high bit are other makers', and have a GUID. */
static inline bool reparse_is_microsoft(uint32_t tag)
{
	return (tag & 0x80000000u) != 0;
}

/* REPARSE_DATA_BUFFER or REPARSE_GUID_DATA_BUFFER, by the tag. */
struct reparse {
	uint32_t tag;
	struct guid guid; /* of other makers' tags; else zero */
	struct blob data;
};

/* Decodes a whole buffer, of which out's data is lent.  IO_REPARSE_DATA_INVALID
 * for one that is too short or too long, whose length is not what it says, or
 * without the GUID that its tag needs; whether the tag may be used is the
 * caller's matter. */
MUST_CHECK NTSTATUS reparse_decode(struct blob in, struct reparse *out);

/* The whole buffer, on mem_ctx. */
MUST_CHECK NTSTATUS reparse_encode(TALLOC_CTX *mem_ctx,
				   const struct reparse *in, struct blob *out);

/* Symbolic Link Reparse Data Buffer (2.1.2.4), names as UTF-8. */
struct reparse_symlink {
	const char *substitute;
	const char *print;
	bool relative; /* SYMLINK_FLAG_RELATIVE */
};

/* Decodes a symlink's data; names go to mem_ctx.  IO_REPARSE_DATA_INVALID, also
 * for an empty substitute name. */
MUST_CHECK NTSTATUS reparse_symlink_decode(TALLOC_CTX *mem_ctx,
					   struct blob data,
					   struct reparse_symlink *out);

/* The whole buffer of a symlink, on mem_ctx. */
MUST_CHECK NTSTATUS reparse_symlink_encode(TALLOC_CTX *mem_ctx,
					   const struct reparse_symlink *in,
					   struct blob *out);

/* Checks a mount point's data (2.1.2.5): IO_REPARSE_DATA_INVALID. */
MUST_CHECK NTSTATUS reparse_mount_point_check(struct blob data);

/* The whole buffer of a Unix file that is neither regular nor a directory nor a
 * symlink (2.1.2.6), on mem_ctx. */
MUST_CHECK NTSTATUS reparse_nfs_encode(TALLOC_CTX *mem_ctx, mode_t mode,
				       dev_t device, struct blob *out);

#endif
