/* auth/ntlmssp_server.h - the acceptor's side of NTLMSSP ([MS-NLMP] 3.2):
 * NTLMv2 only. */
#ifndef AUTH_NTLMSSP_SERVER_H
#define AUTH_NTLMSSP_SERVER_H

#include "auth/mech.h"
#include "auth/ntlmssp_msg.h"

struct passdb_ntlmv2; /* auth/passdb.h */

/* What the server says of itself, and who knows the users.  Lent: it outlives
 * the mechanism. */
struct ntlmssp_server_config {
	const char *netbios_name;
	const char *dns_name;

	/* As passdb_check_ntlmv2(): is the proof right?  Gives the
	 * SessionBaseKey. */
	NTSTATUS(*check)
	(void *private_data, const struct passdb_ntlmv2 *proof,
	 uint8_t out_session_base_key[16]);

	/* Told the names a client gives, before check(): for the log.  They
	 * are lent. */
	void (*names)(void *private_data, const char *user, const char *domain,
		      const char *workstation);
	void *private_data;

	/* For tests: this challenge instead of a random one. */
	const uint8_t *fixed_challenge;
};

/* Its step gives, besides what mech.h says: ACCESS_DENIED for an anonymous
 * logon, LOGON_FAILURE for LM and NTLMv1 and for a wrong MIC,
 * INVALID_PARAMETER for a message that is none, and whatever check() says. */
MUST_CHECK NTSTATUS ntlmssp_server_create(
	TALLOC_CTX *mem_ctx, const struct ntlmssp_server_config *config,
	struct auth_mech **out);

/* Did the client ask for an anonymous logon? */
bool ntlmssp_server_is_anonymous(const struct auth_mech *mech);

#endif
