/* lib/crypto_ntlm.c - MD4, MD5, HMAC-MD5 and RC4 by nettle, which, unlike
 * gnutls, has them in every mode of operation. */
#include "lib/crypto_ntlm.h"

#include <string.h>

#include <nettle/hmac.h>
#include <nettle/md4.h>
#include <nettle/md5.h>

void crypto_ntlm_md4(struct blob in, uint8_t out[CRYPTO_NTLM_SIZE])
{
	struct md4_ctx ctx;

	md4_init(&ctx);
	md4_update(&ctx, in.length, in.data);
	md4_digest(&ctx, CRYPTO_NTLM_SIZE, out);
	explicit_bzero(&ctx, sizeof(ctx));
}

void crypto_ntlm_md5(const struct blob *parts, size_t num_parts,
		     uint8_t out[CRYPTO_NTLM_SIZE])
{
	struct md5_ctx ctx;

	md5_init(&ctx);
	for (size_t i = 0; i < num_parts; i++) {
		md5_update(&ctx, parts[i].length, parts[i].data);
	}
	md5_digest(&ctx, CRYPTO_NTLM_SIZE, out);
	explicit_bzero(&ctx, sizeof(ctx));
}

void crypto_ntlm_hmac_md5(const uint8_t key[CRYPTO_NTLM_SIZE],
			  const struct blob *parts, size_t num_parts,
			  uint8_t out[CRYPTO_NTLM_SIZE])
{
	struct hmac_md5_ctx ctx;

	hmac_md5_set_key(&ctx, CRYPTO_NTLM_SIZE, key);
	for (size_t i = 0; i < num_parts; i++) {
		hmac_md5_update(&ctx, parts[i].length, parts[i].data);
	}
	hmac_md5_digest(&ctx, CRYPTO_NTLM_SIZE, out);
	explicit_bzero(&ctx, sizeof(ctx));
}

void crypto_ntlm_rc4_init(struct crypto_ntlm_rc4 *rc4,
			  const uint8_t key[CRYPTO_NTLM_SIZE])
{
	arcfour_set_key(&rc4->ctx, CRYPTO_NTLM_SIZE, key);
}

void crypto_ntlm_rc4_crypt(struct crypto_ntlm_rc4 *rc4, uint8_t *data, size_t n)
{
	arcfour_crypt(&rc4->ctx, n, data, data);
}

void crypto_ntlm_rc4k(const uint8_t key[CRYPTO_NTLM_SIZE],
		      const uint8_t in[CRYPTO_NTLM_SIZE],
		      uint8_t out[CRYPTO_NTLM_SIZE])
{
	struct crypto_ntlm_rc4 rc4;

	crypto_ntlm_rc4_init(&rc4, key);
	arcfour_crypt(&rc4.ctx, CRYPTO_NTLM_SIZE, out, in);
	explicit_bzero(&rc4, sizeof(rc4));
}
