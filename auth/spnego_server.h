/* auth/spnego_server.h - the acceptor's side of SPNEGO (RFC 4178, [MS-SPNG]
 * 3.2): it chooses a mechanism among its own and feeds it.  A message of a
 * mechanism that comes without SPNEGO is taken as Windows takes it, and so is
 * what follows. */
#ifndef AUTH_SPNEGO_SERVER_H
#define AUTH_SPNEGO_SERVER_H

#include "auth/mech.h"
#include "auth/spnego_token.h"

/* A row of the table of what a server can do; in order of preference. */
struct spnego_server_mech {
	const char *oid;

	/* Does a token begin as a bare message of this mechanism? */
	bool (*is_message)(struct blob token);

	MUST_CHECK NTSTATUS (*create)(TALLOC_CTX *mem_ctx, void *private_data,
				      struct auth_mech **out);
};

struct spnego_server;

/* All is lent and outlives the server; private_data is for create(). */
MUST_CHECK NTSTATUS spnego_server_create(TALLOC_CTX *mem_ctx,
					 const struct spnego_asn1 *asn1,
					 const struct spnego_server_mech *mechs,
					 size_t num_mechs, void *private_data,
					 struct spnego_server **out);

/* NegTokenInit2: what the server says when it speaks first. */
MUST_CHECK NTSTATUS spnego_server_hello(TALLOC_CTX *mem_ctx,
					const struct spnego_asn1 *asn1,
					const struct spnego_server_mech *mechs,
					size_t num_mechs, struct blob *out);

/* OK and MORE_PROCESSING_REQUIRED give a token on mem_ctx (perhaps of length
 * 0).  Besides what the mechanism says: INVALID_PARAMETER for what is no token
 * or names no mechanism of ours, LOGON_FAILURE when the signature on the list
 * of mechanisms is wrong, or missing where it may not be. */
MUST_CHECK NTSTATUS spnego_server_step(TALLOC_CTX *mem_ctx,
				       struct spnego_server *s, struct blob in,
				       struct blob *out);

/* The session key of the mechanism, lent; length 0 before OK. */
struct blob spnego_server_key(const struct spnego_server *s);

#endif
