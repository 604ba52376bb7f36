/* smb2/preauth.h - the preauthentication integrity hash of 3.1.1
 * ([MS-SMB2] 3.3.5.4, 3.3.5.5): one for the connection over both NEGOTIATEs,
 * copied for each session and run on over its SESSION_SETUPs (requests, and
 * responses that are not final). */
#ifndef SMB2_PREAUTH_H
#define SMB2_PREAUTH_H

#include <sys/uio.h>

#include "lib/ntstatus.h"

#define SMB2_PREAUTH_SIZE 64

/* All zero to start with. */
struct smb2_preauth {
	uint8_t hash[SMB2_PREAUTH_SIZE];
};

/* hash = SHA-512(hash + message), from the SMB2 header to the last byte. */
void smb2_preauth_update(struct smb2_preauth *p, const struct iovec *message,
			 size_t count);

#endif
