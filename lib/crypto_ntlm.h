/* lib/crypto_ntlm.h - the old algorithms that NTLM is made of ([MS-NLMP] 6).
 * For nothing else: MD4, MD5 and RC4 are broken. */
#ifndef LIB_CRYPTO_NTLM_H
#define LIB_CRYPTO_NTLM_H

#include <nettle/arcfour.h>

#include "lib/blob.h"

#define CRYPTO_NTLM_SIZE 16 /* of every digest and key here */

void crypto_ntlm_md4(struct blob in, uint8_t out[CRYPTO_NTLM_SIZE]);

/* The digest over the concatenated parts. */
void crypto_ntlm_md5(const struct blob *parts, size_t num_parts,
		     uint8_t out[CRYPTO_NTLM_SIZE]);
void crypto_ntlm_hmac_md5(const uint8_t key[CRYPTO_NTLM_SIZE],
			  const struct blob *parts, size_t num_parts,
			  uint8_t out[CRYPTO_NTLM_SIZE]);

/* A key state: copying the struct copies the state of the stream. */
struct crypto_ntlm_rc4 {
	struct arcfour_ctx ctx;
};

void crypto_ntlm_rc4_init(struct crypto_ntlm_rc4 *rc4,
			  const uint8_t key[CRYPTO_NTLM_SIZE]);

/* data is changed in place. */
void crypto_ntlm_rc4_crypt(struct crypto_ntlm_rc4 *rc4, uint8_t *data,
			   size_t n);

/* One use of a fresh state: RC4K of [MS-NLMP] 3.1.5.1. */
void crypto_ntlm_rc4k(const uint8_t key[CRYPTO_NTLM_SIZE],
		      const uint8_t in[CRYPTO_NTLM_SIZE],
		      uint8_t out[CRYPTO_NTLM_SIZE]);

#endif
