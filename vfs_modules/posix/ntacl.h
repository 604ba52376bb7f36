/* vfs_modules/posix/ntacl.h - the extended attribute security.NTACL: a security
 * descriptor in Samba's format, read in all its versions, written as Samba 4.17
 * writes it (version 4).
 *
 * It is an NDR record: the version twice (record and union), a pointer, then
 * what belongs to the version, and the descriptor, aligned to 4, with offsets
 * that count from the beginning of the attribute:
 *   1: the descriptor
 *   2: pointer, hash (16 bytes)
 *   3: pointer, hash type, hash (64)
 *   4: as 3, then what was hashed ("posix_acl"), time, hash of that (64)
 * A hash is SHA-256 and zeros.  The one of 3 and the first one of 4 is that of
 * the descriptor Samba would make from the POSIX ACL, which only Samba can
 * tell; the other is of owner, mode and POSIX ACL themselves. */
#ifndef VFS_MODULES_POSIX_NTACL_H
#define VFS_MODULES_POSIX_NTACL_H

#include <sys/types.h>

#include "lib/nttime.h"
#include "lib/sd.h"

#define NTACL_NAME	"security.NTACL"
#define NTACL_USER_NAME "user.NTACL" /* of a server without privilege */
#define NTACL_MAX_SIZE	(SD_MAX_SIZE + 256)
#define NTACL_HASH_SIZE 64

struct ntacl {
	struct security_descriptor sd;
	bool has_hash; /* holds only while the hash is that of the file */
	uint8_t hash[NTACL_HASH_SIZE]; /* of owner, mode and POSIX ACL */
};

/* INTERNAL_DB_CORRUPTION for bytes that are no such record; the descriptor's
 * entries go to mem_ctx and lend from in. */
MUST_CHECK NTSTATUS ntacl_decode(TALLOC_CTX *mem_ctx, struct blob in,
				 struct ntacl *out);

MUST_CHECK NTSTATUS ntacl_encode(TALLOC_CTX *mem_ctx, const struct ntacl *in,
				 NTTIME now, struct blob *out);

/* What the hash is made of: POSIX ACLs as the kernel gives them
 * (system.posix_acl_access, ..._default), empty where there is none. */
struct ntacl_system {
	uid_t uid;
	gid_t gid;
	mode_t mode; /* with the type */
	struct blob access;
	struct blob inherited;
};

/* INVALID_ACL when the kernel's bytes are not understood. */
MUST_CHECK NTSTATUS ntacl_hash(const struct ntacl_system *in,
			       uint8_t out[NTACL_HASH_SIZE]);

#endif
