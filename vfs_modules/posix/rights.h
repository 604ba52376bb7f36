/* vfs_modules/posix/rights.h - NT rights and descriptors from Unix modes. */
#ifndef VFS_MODULES_POSIX_RIGHTS_H
#define VFS_MODULES_POSIX_RIGHTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/blob.h"
#include "lib/ntstatus.h"
#include "lib/sid.h"

/* Whether the kernel would grant mode (R_OK | ...) to the identity in force,
 * POSIX ACLs included.  fd may be O_PATH. */
bool posix_may(int fd, int mode);

/* Whose rights the kernel checks. */
uid_t posix_user(void);

/* What one triple of permission bits (rwx, 0-7) is as an access mask. */
uint32_t rights_from_bits(unsigned int rwx, bool directory);

/* What a descriptor made from a mode holds. */
struct unix_security {
	struct sid owner;
	struct sid group;
	mode_t mode;
	bool directory;
};

/* The self-relative descriptor ([MS-DTYP] 2.4.6) with the parts that which
 * (OWNER_SECURITY_INFORMATION, ...) asks for: owner, group, and a DACL with an
 * entry each for owner, group and Everyone. */
MUST_CHECK NTSTATUS unix_security_encode(TALLOC_CTX *mem_ctx,
					 const struct unix_security *in,
					 uint32_t which, struct blob *out);

#endif
