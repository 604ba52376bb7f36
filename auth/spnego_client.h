/* auth/spnego_client.h - the initiator's side of SPNEGO (RFC 4178, [MS-SPNG]
 * 3.3), for one mechanism. */
#ifndef AUTH_SPNEGO_CLIENT_H
#define AUTH_SPNEGO_CLIENT_H

#include "auth/mech.h"
#include "auth/spnego_token.h"

struct spnego_client;

/* asn1 and oid are lent; mech passes to the client. */
MUST_CHECK NTSTATUS spnego_client_create(TALLOC_CTX *mem_ctx,
					 const struct spnego_asn1 *asn1,
					 const char *oid,
					 struct auth_mech *mech,
					 struct spnego_client **out);

/* First the server's hello (or nothing) comes in, then its answers.  OK and
 * MORE_PROCESSING_REQUIRED give a token on mem_ctx (perhaps of length 0).
 * Besides what the mechanism says: INVALID_NETWORK_RESPONSE for what is no
 * token of this moment, NOT_SUPPORTED when the server cannot or will not do
 * this mechanism, LOGON_FAILURE when it rejects, ACCESS_DENIED when its
 * signature on the list of mechanisms is wrong or missing. */
MUST_CHECK NTSTATUS spnego_client_step(TALLOC_CTX *mem_ctx,
				       struct spnego_client *c, struct blob in,
				       struct blob *out);

#endif
