/* fsa/posix.h - POSIX opens ([POSIX-SMB2]): what is asked for with the POSIX
 * create context of SMB 3.1.1.
 *
 * Such an open means what it would mean to Linux: its name is looked up as it
 * is written; any character may be in it; it has the mode that it is made
 * with; a symlink is the link.  Its deletion takes the name at once, whoever
 * else has the file open, and it is renamed over files that are open.  DOS
 * attributes forbid it nothing.  Share modes, descriptors and the rights of the
 * user are minded as ever.
 *
 * A name's components are separated by backslashes, as everywhere in here; a
 * backslash within one is written "/", which no name on Linux has. */
#ifndef FSA_POSIX_H
#define FSA_POSIX_H

#include "fsa/driver.h"
#include "fsa/name.h"

/* As fsa_name_parse(), for a POSIX open: there are no streams.
 * OBJECT_NAME_INVALID for "." and ".." and what is too long. */
MUST_CHECK NTSTATUS fsa_posix_name_parse(TALLOC_CTX *mem_ctx, const char *text,
					 struct fsa_name *out);

/* Whether text can be an entry of a directory, or a pattern for some. */
bool fsa_posix_name_is_pattern(const char *text);

/* What a descriptor says in the SIDs that NFS servers on Windows use, and Linux
 * with them: S-1-5-88-1-uid as owner, S-1-5-88-2-gid as group, and an entry of
 * the DACL for S-1-5-88-3-mode, beside which the others mean nothing.  Gives
 * the parts, of those in which, that are said so. */
uint32_t fsa_posix_change(const struct security_descriptor *sd, uint32_t which,
			  struct fsa_unix_change *out);

/* A mode that comes so with a POSIX open that makes a file: Linux 6.1 sends it
 * with `modefromsid`, beside the one in the context.  It is no descriptor. */
MUST_CHECK NTSTATUS fsa_posix_take_mode(struct fsa_create *c);

#endif
