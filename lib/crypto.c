/* lib/crypto.c - random bytes, hashes and key derivation. */
#include "lib/crypto.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "lib/assert.h"

void crypto_random(void *out, size_t n)
{
	int rc = gnutls_rnd(GNUTLS_RND_RANDOM, out, n);

	ASSERT(rc == 0);
}

bool crypto_equal(const void *a, const void *b, size_t n)
{
	return gnutls_memcmp(a, b, n) == 0;
}

void crypto_wipe(void *p, size_t n)
{
	gnutls_memset(p, 0, n);
}

static void hash(gnutls_digest_algorithm_t algorithm, const struct iovec *iov,
		 size_t count, uint8_t *out)
{
	gnutls_hash_hd_t h;
	int rc = gnutls_hash_init(&h, algorithm);

	ASSERT(rc == 0);
	for (size_t i = 0; i < count; i++) {
		rc = gnutls_hash(h, iov[i].iov_base, iov[i].iov_len);
		ASSERT(rc == 0);
	}
	gnutls_hash_deinit(h, out);
}

void crypto_sha256(const struct iovec *iov, size_t count,
		   uint8_t out[SHA256_SIZE])
{
	hash(GNUTLS_DIG_SHA256, iov, count, out);
}

void crypto_sha512(const struct iovec *iov, size_t count,
		   uint8_t out[SHA512_SIZE])
{
	hash(GNUTLS_DIG_SHA512, iov, count, out);
}

void crypto_hmac_sha256(const void *key, size_t key_length,
			const struct iovec *iov, size_t count,
			uint8_t out[SHA256_SIZE])
{
	gnutls_hmac_hd_t h;
	int rc = gnutls_hmac_init(&h, GNUTLS_MAC_SHA256, key, key_length);

	ASSERT(rc == 0);
	for (size_t i = 0; i < count; i++) {
		rc = gnutls_hmac(h, iov[i].iov_base, iov[i].iov_len);
		ASSERT(rc == 0);
	}
	gnutls_hmac_deinit(h, out);
}

void crypto_kdf(const void *key, size_t key_length, const void *label,
		size_t label_length, const void *context, size_t context_length,
		uint8_t *out, size_t out_length)
{
	/* one round is enough: i = 1; L is in bits; both big-endian */
	uint8_t i[4] = {0, 0, 0, 1};
	uint8_t zero = 0;
	uint8_t bits[4] = {0, 0, (uint8_t)(out_length >> 5),
			   (uint8_t)(out_length << 3)};
	uint8_t block[SHA256_SIZE];
	struct iovec iov[] = {
		{i, sizeof(i)},	      {(void *)label, label_length},
		{&zero, 1},	      {(void *)context, context_length},
		{bits, sizeof(bits)},
	};

	ASSERT(out_length <= sizeof(block));
	crypto_hmac_sha256(key, key_length, iov, sizeof(iov) / sizeof(iov[0]),
			   block);
	for (size_t n = 0; n < out_length; n++) {
		out[n] = block[n];
	}
	crypto_wipe(block, sizeof(block));
}
