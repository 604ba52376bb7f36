/* vfs_modules/posix/posix_acl.h - POSIX ACLs as the kernel reads and writes
 * them: system.posix_acl_access. */
#ifndef VFS_MODULES_POSIX_POSIX_ACL_H
#define VFS_MODULES_POSIX_POSIX_ACL_H

#include "fsa/driver.h"

#define POSIX_ACL_ACCESS    "system.posix_acl_access"
#define POSIX_ACL_INHERITED "system.posix_acl_default"

/* The ACL for a mode and entries beside it, in the order the kernel wants. */
MUST_CHECK NTSTATUS posix_acl_encode(TALLOC_CTX *mem_ctx,
				     const struct fsa_unix_change *in,
				     struct blob *out);

#endif
