/* fsa/nfs_aces.c - see nfs_aces.h. */
#include "fsa/nfs_aces.h"

#include <string.h>

#define NT_AUTHORITY 5
#define NFS	     88 /* S-1-5-88 */
#define NFS_UID	     1
#define NFS_GID	     2
#define NFS_MODE     3
#define PERMISSIONS  0777u

static struct ace nfs_ace(uint32_t kind, uint32_t value)
{
	struct sid base = sid_make(NT_AUTHORITY, 2, NFS, kind);

	return (struct ace){.type = ACE_DENIED,
			    .sid = sid_append(&base, value)};
}

NTSTATUS nfs_aces_add(TALLOC_CTX *mem_ctx, const struct fsa_unix *un,
		      struct acl *acl)
{
	struct ace *aces = talloc_array(mem_ctx, struct ace, acl->count + 3);

	if (aces == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (acl->count > 0) {
		memcpy(aces, acl->aces, acl->count * sizeof(*aces));
	}
	aces[acl->count] = nfs_ace(NFS_UID, un->uid);
	aces[acl->count + 1] = nfs_ace(NFS_GID, un->gid);
	aces[acl->count + 2] = nfs_ace(NFS_MODE, un->mode);
	acl->aces = aces;
	acl->count += 3;
	return NT_STATUS_OK;
}

static bool is_nfs_ace(const struct ace *a)
{
	struct sid base = sid_make(NT_AUTHORITY, 2, NFS, a->sid.sub_auths[1]);

	base = sid_append(&base, a->sid.sub_auths[2]);
	return ace_has_sid(a->type) && a->sid.num_auths == 3 &&
	       sid_equal(&a->sid, &base);
}

bool nfs_aces_take(struct acl *acl, mode_t *mode)
{
	uint32_t kept = 0;
	bool found = false;

	for (uint32_t i = 0; i < acl->count; i++) {
		const struct ace *a = &acl->aces[i];

		if (!is_nfs_ace(a)) {
			acl->aces[kept++] = *a;
		} else if (a->sid.sub_auths[1] == NFS_MODE) {
			*mode = (*mode & ~PERMISSIONS) |
				(a->sid.sub_auths[2] & PERMISSIONS);
			found = true;
		}
	}
	acl->count = kept;
	return found;
}
