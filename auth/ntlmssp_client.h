/* auth/ntlmssp_client.h - the initiator's side of NTLMSSP ([MS-NLMP] 3.1):
 * NTLMv2, 128 bits, extended session security, or nothing. */
#ifndef AUTH_NTLMSSP_CLIENT_H
#define AUTH_NTLMSSP_CLIENT_H

#include "auth/mech.h"

struct auth_client_options; /* auth/auth_client.h */

/* The first step takes nothing in.  Its step gives, besides what mech.h says:
 * NOT_SUPPORTED when the server wants less than the above, LOGON_FAILURE when
 * it does not name itself, INVALID_PARAMETER for a message that is none. */
MUST_CHECK NTSTATUS ntlmssp_client_create(
	TALLOC_CTX *mem_ctx, const struct auth_client_options *options,
	struct auth_mech **out);

#endif
