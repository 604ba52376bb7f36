/* lib/crypto.h - the ciphers and hashes of the SMB protocol, over gnutls (and
 * nettle where that has no public call).
 *
 * A prepared key (struct mac, struct aead) costs nothing per message but the
 * cipher itself.  It belongs to one thread at a time. */
#ifndef LIB_CRYPTO_H
#define LIB_CRYPTO_H

#include <sys/uio.h>
#include <talloc.h>

#include "lib/ntstatus.h"

/* Bytes that nobody can guess. */
void crypto_random(void *out, size_t n);

/* memcmp() == 0 in a time that does not depend on where they differ. */
bool crypto_equal(const void *a, const void *b, size_t n);

/* memset() to 0 that is not optimised away. */
void crypto_wipe(void *p, size_t n);

/* --- hashes of a whole array -------------------------------------------- */

#define SHA256_SIZE 32
#define SHA512_SIZE 64

void crypto_sha256(const struct iovec *iov, size_t count,
		   uint8_t out[SHA256_SIZE]);
void crypto_sha512(const struct iovec *iov, size_t count,
		   uint8_t out[SHA512_SIZE]);
void crypto_hmac_sha256(const void *key, size_t key_length,
			const struct iovec *iov, size_t count,
			uint8_t out[SHA256_SIZE]);

/* SP800-108 in counter mode, r = 32, PRF HMAC-SHA256 ([MS-SMB2] 3.1.4.2);
 * label and context with the final NUL where the caller wants one; out_length
 * <= 32. */
void crypto_kdf(const void *key, size_t key_length, const void *label,
		size_t label_length, const void *context, size_t context_length,
		uint8_t *out, size_t out_length);

/* --- message authentication codes ---------------------------------------- */

enum mac_algorithm {
	MAC_HMAC_SHA256, /* any key size */
	MAC_AES128_CMAC,
	MAC_AES128_GMAC /* with a nonce of 12 bytes */
};

#define MAC_SIZE 16 /* of HMAC-SHA256 the first half */

struct mac;

/* The prepared key on mem_ctx; NO_MEMORY, or NOT_SUPPORTED for an algorithm or
 * key size that there is not. */
MUST_CHECK NTSTATUS mac_new(TALLOC_CTX *mem_ctx, enum mac_algorithm algorithm,
			    const uint8_t *key, size_t key_length,
			    struct mac **out);

/* The code of the pieces put together.  nonce: 12 bytes for GMAC (never twice
 * for different messages), else not looked at. */
MUST_CHECK NTSTATUS mac_compute(struct mac *mac, const uint8_t *nonce,
				const struct iovec *iov, size_t count,
				uint8_t out[MAC_SIZE]);

/* --- authenticated encryption -------------------------------------------- */

enum aead_algorithm {
	AEAD_AES128_CCM, /* nonce of 11 bytes */
	AEAD_AES256_CCM,
	AEAD_AES128_GCM, /* nonce of 12 bytes */
	AEAD_AES256_GCM
};

#define AEAD_TAG_SIZE	    16
#define AEAD_MAX_NONCE_SIZE 12

size_t aead_key_size(enum aead_algorithm algorithm);
size_t aead_nonce_size(enum aead_algorithm algorithm);

struct aead;

/* The prepared key on mem_ctx; key has aead_key_size bytes.  NO_MEMORY, or
 * NOT_SUPPORTED for an algorithm that is none. */
MUST_CHECK NTSTATUS aead_new(TALLOC_CTX *mem_ctx, enum aead_algorithm algorithm,
			     const uint8_t *key, struct aead **out);

/* Encrypts the pieces in place and authenticates ad before them.
 * ENCRYPTION_FAILED when gnutls will not. */
MUST_CHECK NTSTATUS aead_encrypt(struct aead *aead, const uint8_t *nonce,
				 const void *ad, size_t ad_length,
				 struct iovec *iov, size_t count,
				 uint8_t out_tag[AEAD_TAG_SIZE]);

/* Decrypts the pieces in place; ACCESS_DENIED when the tag is another, then
 * what is in the pieces must not be looked at. */
MUST_CHECK NTSTATUS aead_decrypt(struct aead *aead, const uint8_t *nonce,
				 const void *ad, size_t ad_length,
				 struct iovec *iov, size_t count,
				 const uint8_t tag[AEAD_TAG_SIZE]);

#endif
