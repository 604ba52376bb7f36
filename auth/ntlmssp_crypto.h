/* auth/ntlmssp_crypto.h - NTLMv2's proofs ([MS-NLMP] 3.3.2) and the session
 * security with extended session security (3.4). */
#ifndef AUTH_NTLMSSP_CRYPTO_H
#define AUTH_NTLMSSP_CRYPTO_H

#include "auth/ntlmssp_msg.h"
#include "lib/blob.h"
#include "lib/crypto_ntlm.h"
#include "lib/ntstatus.h"

#define NTLMSSP_KEY_SIZE       16
#define NTLMSSP_SIGNATURE_SIZE 16

/* --- proofs ---------------------------------------------------------- */

/* NTOWFv1: MD4 of the password in UTF-16.  OBJECT_NAME_INVALID when password
 * is not UTF-8. */
MUST_CHECK NTSTATUS ntlmssp_nt_hash(const char *password,
				    uint8_t out[NTLMSSP_KEY_SIZE]);

/* NTOWFv2, from that hash. */
MUST_CHECK NTSTATUS
ntlmssp_response_key(const uint8_t nt_hash[NTLMSSP_KEY_SIZE], const char *user,
		     const char *domain, uint8_t out[NTLMSSP_KEY_SIZE]);

/* NTProofStr over the server's challenge and the client's, and the
 * SessionBaseKey that follows from it. */
void ntlmssp_proof(const uint8_t response_key[NTLMSSP_KEY_SIZE],
		   const uint8_t server_challenge[NTLMSSP_CHALLENGE_SIZE],
		   struct blob client_challenge,
		   uint8_t out_proof[NTLMSSP_PROOF_SIZE],
		   uint8_t out_base_key[NTLMSSP_KEY_SIZE]);

/* The MIC over the three messages, the third with a MIC of zeros. */
void ntlmssp_mic(const uint8_t session_key[NTLMSSP_KEY_SIZE],
		 struct blob negotiate, struct blob challenge,
		 struct blob authenticate, uint8_t out[NTLMSSP_MIC_SIZE]);

/* n (at most 256) random bytes. */
void ntlmssp_nonce(uint8_t *out, size_t n);

/* Equal, in a time that does not depend on where they differ. */
bool ntlmssp_equal(const uint8_t *a, const uint8_t *b, size_t n);

/* --- session security ------------------------------------------------ */

enum ntlmssp_role {
	NTLMSSP_CLIENT,
	NTLMSSP_SERVER
};

/* One direction's keys and state. */
struct ntlmssp_direction {
	uint8_t sign_key[NTLMSSP_KEY_SIZE];
	struct crypto_ntlm_rc4 seal;
	uint32_t seq_num;
};

struct ntlmssp_security {
	bool key_exchange; /* checksums are encrypted */
	struct ntlmssp_direction send;
	struct ntlmssp_direction receive;
};

/* flags: as negotiated, with NTLMSSP_EXTENDED_SECURITY (asserted). */
void ntlmssp_security_init(struct ntlmssp_security *security,
			   enum ntlmssp_role role, uint32_t flags,
			   const uint8_t session_key[NTLMSSP_KEY_SIZE]);

/* GSS_GetMIC and GSS_VerifyMIC; ACCESS_DENIED for a wrong signature. */
void ntlmssp_sign(struct ntlmssp_security *security, struct blob message,
		  uint8_t out[NTLMSSP_SIGNATURE_SIZE]);
MUST_CHECK NTSTATUS ntlmssp_check(struct ntlmssp_security *security,
				  struct blob message, struct blob signature);

/* GSS_Wrap and GSS_Unwrap, in place.  After a wrong signature the message is
 * of no use. */
void ntlmssp_seal(struct ntlmssp_security *security, struct blob message,
		  uint8_t out[NTLMSSP_SIGNATURE_SIZE]);
MUST_CHECK NTSTATUS ntlmssp_unseal(struct ntlmssp_security *security,
				   struct blob message, struct blob signature);

#endif
