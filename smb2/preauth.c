/* smb2/preauth.c - the preauthentication integrity hash of 3.1.1. */
#include "smb2/preauth.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/crypto.h"

#define MAX_PIECES 15

void smb2_preauth_update(struct smb2_preauth *p, const struct iovec *message,
			 size_t count)
{
	struct iovec iov[1 + MAX_PIECES];

	_Static_assert(SMB2_PREAUTH_SIZE == SHA512_SIZE, "SHA-512");
	ASSERT(count <= MAX_PIECES);
	iov[0] = (struct iovec){p->hash, sizeof(p->hash)};
	memcpy(&iov[1], message, count * sizeof(*message));
	crypto_sha512(iov, count + 1, p->hash);
}
