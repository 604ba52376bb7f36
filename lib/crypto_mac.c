/* lib/crypto_mac.c - message authentication codes.
 *
 * Each algorithm in the form of gnutls that is fastest for a megabyte:
 * HMAC as such; GMAC as AES-GCM with all of the message as additional data
 * (twice as fast as gnutls's own GMAC); CMAC ([RFC4493]) over AES-CBC, of
 * which only the last block counts, because gnutls's own CMAC goes through a
 * call per block. */
#include "lib/crypto.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "lib/assert.h"

#define AES_BLOCK  16
#define GMAC_NONCE 12
#define CBC_CHUNK  1024 /* output of CBC that nobody reads; stays in cache */

struct mac {
	enum mac_algorithm algorithm;
	gnutls_hmac_hd_t hmac;
	gnutls_aead_cipher_hd_t gcm;
	gnutls_cipher_hd_t cbc;
	uint8_t k1[AES_BLOCK]; /* CMAC: for a whole last block */
	uint8_t k2[AES_BLOCK]; /* for a last block that was padded */
};

static int mac_destructor(struct mac *m)
{
	if (m->hmac != NULL) {
		gnutls_hmac_deinit(m->hmac, NULL);
	}
	if (m->gcm != NULL) {
		gnutls_aead_cipher_deinit(m->gcm);
	}
	if (m->cbc != NULL) {
		gnutls_cipher_deinit(m->cbc);
	}
	crypto_wipe(m->k1, sizeof(m->k1));
	crypto_wipe(m->k2, sizeof(m->k2));
	return 0;
}

/* Times x in GF(2^128), the most significant byte first ([RFC4493] 2.3). */
static void double_block(const uint8_t in[AES_BLOCK], uint8_t out[AES_BLOCK])
{
	uint8_t carry = in[0] >> 7;

	for (int i = 0; i < AES_BLOCK - 1; i++) {
		out[i] = (uint8_t)(in[i] << 1 | in[i + 1] >> 7);
	}
	out[AES_BLOCK - 1] = (uint8_t)(in[AES_BLOCK - 1] << 1);
	out[AES_BLOCK - 1] ^= carry != 0 ? 0x87 : 0;
}

static int cmac_init(struct mac *m, const gnutls_datum_t *key)
{
	uint8_t zero[AES_BLOCK] = {0};
	uint8_t l[AES_BLOCK];
	gnutls_datum_t iv = {zero, sizeof(zero)};
	int rc;

	rc = gnutls_cipher_init(&m->cbc, GNUTLS_CIPHER_AES_128_CBC, key, &iv);
	if (rc != 0) {
		m->cbc = NULL;
		return rc;
	}
	rc = gnutls_cipher_encrypt2(m->cbc, zero, sizeof(zero), l, sizeof(l));
	double_block(l, m->k1);
	double_block(m->k1, m->k2);
	crypto_wipe(l, sizeof(l));
	return rc;
}

static int mac_init(struct mac *m, const gnutls_datum_t *key)
{
	switch (m->algorithm) {
	case MAC_HMAC_SHA256:
		return gnutls_hmac_init(&m->hmac, GNUTLS_MAC_SHA256, key->data,
					key->size);
	case MAC_AES128_CMAC:
		return cmac_init(m, key);
	case MAC_AES128_GMAC:
		return gnutls_aead_cipher_init(&m->gcm,
					       GNUTLS_CIPHER_AES_128_GCM, key);
	}
	return GNUTLS_E_UNKNOWN_CIPHER_TYPE;
}

NTSTATUS mac_new(TALLOC_CTX *mem_ctx, enum mac_algorithm algorithm,
		 const uint8_t *key, size_t key_length, struct mac **out)
{
	gnutls_datum_t k = {(uint8_t *)key, (unsigned int)key_length};
	struct mac *m = talloc_zero(mem_ctx, struct mac);
	int rc;

	if (m == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	m->algorithm = algorithm;
	talloc_set_destructor(m, mac_destructor);
	rc = mac_init(m, &k);
	if (rc != 0) {
		talloc_free(m);
		return rc == GNUTLS_E_MEMORY_ERROR ? NT_STATUS(NO_MEMORY)
						   : NT_STATUS(NOT_SUPPORTED);
	}
	*out = m;
	return NT_STATUS_OK;
}

static int compute_hmac(struct mac *m, const struct iovec *iov, size_t count,
			uint8_t out[MAC_SIZE])
{
	uint8_t digest[SHA256_SIZE];

	for (size_t i = 0; i < count; i++) {
		int rc = gnutls_hmac(m->hmac, iov[i].iov_base, iov[i].iov_len);

		if (rc != 0) {
			return rc;
		}
	}
	gnutls_hmac_output(m->hmac, digest); /* and starts anew */
	memcpy(out, digest, MAC_SIZE);
	return 0;
}

static int compute_gmac(struct mac *m, const uint8_t *nonce,
			const struct iovec *iov, size_t count,
			uint8_t out[MAC_SIZE])
{
	size_t tag_size = MAC_SIZE;

	ASSERT(nonce != NULL);
	return gnutls_aead_cipher_encryptv2(m->gcm, nonce, GMAC_NONCE, iov,
					    (int)count, NULL, 0, out,
					    &tag_size);
}

/* What CMAC has not put through the cipher yet: the last block, held back
 * until it is known whether another comes. */
struct cmac_state {
	struct mac *m;
	uint8_t held[AES_BLOCK];
	size_t n; /* bytes in held */
	int rc;
};

/* Chains n bytes (whole blocks); the result stays in the cipher as its IV. */
static void cbc_absorb(struct cmac_state *s, const uint8_t *data, size_t n)
{
	uint8_t unread[CBC_CHUNK];

	while (n > 0 && s->rc == 0) {
		size_t now = n < sizeof(unread) ? n : sizeof(unread);

		s->rc = gnutls_cipher_encrypt2(s->m->cbc, data, now, unread,
					       now);
		data += now;
		n -= now;
	}
}

static void cmac_update(struct cmac_state *s, const uint8_t *data, size_t n)
{
	size_t take = AES_BLOCK - s->n;
	size_t whole;

	if (n == 0) {
		return;
	}
	if (s->n > 0 || n <= AES_BLOCK) {
		take = n < take ? n : take;
		memcpy(s->held + s->n, data, take);
		s->n += take;
		data += take;
		n -= take;
		if (n == 0) {
			return;
		}
		cbc_absorb(s, s->held, AES_BLOCK);
		s->n = 0;
	}
	whole = (n - 1) / AES_BLOCK * AES_BLOCK; /* at least a byte stays */
	cbc_absorb(s, data, whole);
	memcpy(s->held, data + whole, n - whole);
	s->n = n - whole;
}

static int compute_cmac(struct mac *m, const struct iovec *iov, size_t count,
			uint8_t out[MAC_SIZE])
{
	struct cmac_state s = {.m = m};
	uint8_t zero[AES_BLOCK] = {0};
	const uint8_t *subkey = m->k1;

	gnutls_cipher_set_iv(m->cbc, zero, sizeof(zero));
	for (size_t i = 0; i < count; i++) {
		cmac_update(&s, iov[i].iov_base, iov[i].iov_len);
	}
	if (s.n < AES_BLOCK) {
		s.held[s.n] = 0x80;
		memset(s.held + s.n + 1, 0, AES_BLOCK - s.n - 1);
		subkey = m->k2;
	}
	for (int i = 0; i < AES_BLOCK; i++) {
		s.held[i] ^= subkey[i];
	}
	if (s.rc != 0) {
		return s.rc;
	}
	return gnutls_cipher_encrypt2(m->cbc, s.held, AES_BLOCK, out,
				      AES_BLOCK);
}

NTSTATUS mac_compute(struct mac *m, const uint8_t *nonce,
		     const struct iovec *iov, size_t count,
		     uint8_t out[MAC_SIZE])
{
	int rc = GNUTLS_E_INTERNAL_ERROR;

	switch (m->algorithm) {
	case MAC_HMAC_SHA256:
		rc = compute_hmac(m, iov, count, out);
		break;
	case MAC_AES128_CMAC:
		rc = compute_cmac(m, iov, count, out);
		break;
	case MAC_AES128_GMAC:
		rc = compute_gmac(m, nonce, iov, count, out);
		break;
	}
	if (rc == GNUTLS_E_MEMORY_ERROR) {
		return NT_STATUS(NO_MEMORY);
	}
	return rc == 0 ? NT_STATUS_OK : NT_STATUS(INTERNAL_ERROR);
}
