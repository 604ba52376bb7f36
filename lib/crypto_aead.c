/* lib/crypto_aead.c - authenticated encryption. */
#include "lib/crypto.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

struct aead {
	gnutls_aead_cipher_hd_t handle;
	size_t nonce_size;
};

static const struct {
	gnutls_cipher_algorithm_t cipher;
	uint8_t key_size;
	uint8_t nonce_size;
} algorithms[] = {
	[AEAD_AES128_CCM] = {GNUTLS_CIPHER_AES_128_CCM, 16, 11},
	[AEAD_AES256_CCM] = {GNUTLS_CIPHER_AES_256_CCM, 32, 11},
	[AEAD_AES128_GCM] = {GNUTLS_CIPHER_AES_128_GCM, 16, 12},
	[AEAD_AES256_GCM] = {GNUTLS_CIPHER_AES_256_GCM, 32, 12},
};

#define ALGORITHMS (sizeof(algorithms) / sizeof(algorithms[0]))

size_t aead_key_size(enum aead_algorithm algorithm)
{
	return algorithms[algorithm].key_size;
}

size_t aead_nonce_size(enum aead_algorithm algorithm)
{
	return algorithms[algorithm].nonce_size;
}

static int aead_destructor(struct aead *a)
{
	if (a->handle != NULL) {
		gnutls_aead_cipher_deinit(a->handle);
	}
	return 0;
}

NTSTATUS aead_new(TALLOC_CTX *mem_ctx, enum aead_algorithm algorithm,
		  const uint8_t *key, struct aead **out)
{
	gnutls_datum_t k = {.data = (uint8_t *)key};
	struct aead *a;
	int rc;

	if ((unsigned int)algorithm >= ALGORITHMS) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	a = talloc_zero(mem_ctx, struct aead);
	if (a == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	talloc_set_destructor(a, aead_destructor);
	a->nonce_size = algorithms[algorithm].nonce_size;
	k.size = algorithms[algorithm].key_size;
	rc = gnutls_aead_cipher_init(&a->handle, algorithms[algorithm].cipher,
				     &k);
	if (rc != 0) {
		a->handle = NULL;
		talloc_free(a);
		return rc == GNUTLS_E_MEMORY_ERROR ? NT_STATUS(NO_MEMORY)
						   : NT_STATUS(NOT_SUPPORTED);
	}
	*out = a;
	return NT_STATUS_OK;
}

NTSTATUS aead_encrypt(struct aead *a, const uint8_t *nonce, const void *ad,
		      size_t ad_length, struct iovec *iov, size_t count,
		      uint8_t out_tag[AEAD_TAG_SIZE])
{
	struct iovec auth = {(void *)ad, ad_length};
	size_t tag_size = AEAD_TAG_SIZE;
	int rc = gnutls_aead_cipher_encryptv2(a->handle, nonce, a->nonce_size,
					      &auth, 1, iov, (int)count,
					      out_tag, &tag_size);

	return rc == 0 ? NT_STATUS_OK : NT_STATUS(ENCRYPTION_FAILED);
}

NTSTATUS aead_decrypt(struct aead *a, const uint8_t *nonce, const void *ad,
		      size_t ad_length, struct iovec *iov, size_t count,
		      const uint8_t tag[AEAD_TAG_SIZE])
{
	struct iovec auth = {(void *)ad, ad_length};
	int rc = gnutls_aead_cipher_decryptv2(a->handle, nonce, a->nonce_size,
					      &auth, 1, iov, (int)count,
					      (void *)tag, AEAD_TAG_SIZE);

	return rc == 0 ? NT_STATUS_OK : NT_STATUS(ACCESS_DENIED);
}
