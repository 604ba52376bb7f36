/* fsa/nfs_aces.h - owner, group and mode as entries of a DACL, for macOS:
 * S-1-5-88-1-UID, S-1-5-88-2-GID, S-1-5-88-3-MODE, which deny nothing to
 * nobody.  Shown, never stored. */
#ifndef FSA_NFS_ACES_H
#define FSA_NFS_ACES_H

#include "fsa/driver.h"

/* Appends the three, in memory of mem_ctx. */
MUST_CHECK NTSTATUS nfs_aces_add(TALLOC_CTX *mem_ctx, const struct fsa_unix *un,
				 struct acl *acl);

/* Takes out all such entries.  Whether there was one with a mode, whose
 * permission bits then replace those of *mode. */
bool nfs_aces_take(struct acl *acl, mode_t *mode);

#endif
