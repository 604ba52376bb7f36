/* auth/spnego_token.h - the tokens of SPNEGO as bytes (RFC 4178 4.2,
 * [MS-SPNG] 2.2.1), by libtasn1 and the module auth/spnego.asn. */
#ifndef AUTH_SPNEGO_TOKEN_H
#define AUTH_SPNEGO_TOKEN_H

#include <talloc.h>

#include "lib/blob.h"
#include "lib/ntstatus.h"

#define SPNEGO_MAX_MECHS 32
#define SPNEGO_MAX_TOKEN 65536

#define SPNEGO_OID_NTLMSSP "1.3.6.1.4.1.311.2.2.10"

/* The module, ready for use; read only. */
struct spnego_asn1;

MUST_CHECK NTSTATUS spnego_asn1_create(TALLOC_CTX *mem_ctx,
				       struct spnego_asn1 **out);

/* NegTokenInit from a client, NegTokenInit2 from a server.  In blobs, NULL is
 * what is not there.  Decoded values lie on mem_ctx. */
struct spnego_init {
	size_t num_mechs;
	const char *mechs[SPNEGO_MAX_MECHS]; /* "1.3.6...." in their order */
	struct blob mech_list; /* their DER, which the MIC is about */
	struct blob mech_token;
	bool has_hints; /* to be encoded: those of [MS-SPNG] 3.2.5.2 */
};

enum spnego_state {
	SPNEGO_ACCEPT_COMPLETED = 0,
	SPNEGO_ACCEPT_INCOMPLETE = 1,
	SPNEGO_REJECT = 2,
	SPNEGO_REQUEST_MIC = 3,
	SPNEGO_NO_STATE
};

struct spnego_resp {
	enum spnego_state state;
	const char *mech; /* NULL: none */
	struct blob token;
	struct blob mic;
};

/* Decoding gives INVALID_PARAMETER for what is not DER, not the token asked
 * for, or has bytes after its end. */
MUST_CHECK NTSTATUS spnego_init_decode(TALLOC_CTX *mem_ctx,
				       const struct spnego_asn1 *asn1,
				       struct blob in, struct spnego_init *out);
MUST_CHECK NTSTATUS spnego_init_encode(TALLOC_CTX *mem_ctx,
				       const struct spnego_asn1 *asn1,
				       const struct spnego_init *in,
				       struct blob *out);

MUST_CHECK NTSTATUS spnego_resp_decode(TALLOC_CTX *mem_ctx,
				       const struct spnego_asn1 *asn1,
				       struct blob in, struct spnego_resp *out);
MUST_CHECK NTSTATUS spnego_resp_encode(TALLOC_CTX *mem_ctx,
				       const struct spnego_asn1 *asn1,
				       const struct spnego_resp *in,
				       struct blob *out);

/* The DER of the list of in's mechanisms: what mech_list will be for the
 * peer. */
MUST_CHECK NTSTATUS spnego_mech_list_encode(TALLOC_CTX *mem_ctx,
					    const struct spnego_asn1 *asn1,
					    const struct spnego_init *in,
					    struct blob *out);

#endif
