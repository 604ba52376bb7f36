/* lib/tests/crypto_test.c - against published vectors, whole and in pieces. */
#include "lib/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MAX_BYTES 256

static size_t unhex(const char *hex, uint8_t *out)
{
	size_t n = strlen(hex) / 2;

	assert_true(n <= MAX_BYTES);
	for (size_t i = 0; i < n; i++) {
		unsigned int v;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &v), 1);
		out[i] = (uint8_t)v;
	}
	return n;
}

static void assert_hex(const uint8_t *data, const char *hex)
{
	uint8_t want[MAX_BYTES];
	size_t n = unhex(hex, want);

	assert_memory_equal(data, want, n);
}

/* [FIPS180-4], "abc" in two pieces */
static void test_sha(void **state)
{
	struct iovec iov[2] = {{"a", 1}, {"bc", 2}};
	uint8_t out[SHA512_SIZE];

	crypto_sha256(iov, 2, out);
	assert_hex(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9c"
			"b410ff61f20015ad");
	crypto_sha512(iov, 2, out);
	assert_hex(out, "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9e"
			"eee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423"
			"643ce80e2a9ac94fa54ca49f");
}

/* [RFC4231] test case 2 */
static void test_hmac_sha256(void **state)
{
	const char *hex = "5bdcc146bf60754e6a042426089575c75a003f089d273983"
			  "9dec58b964ec3843";
	struct iovec iov[2] = {{"what do ya want ", 16}, {"for nothing?", 12}};
	uint8_t out[SHA256_SIZE];
	struct mac *mac;

	crypto_hmac_sha256("Jefe", 4, iov, 2, out);
	assert_hex(out, hex);
	assert_true(NT_STATUS_IS_OK(mac_new(NULL, MAC_HMAC_SHA256,
					    (const uint8_t *)"Jefe", 4, &mac)));
	for (int i = 0; i < 2; i++) { /* the second time it has been reset */
		memset(out, 0, sizeof(out));
		assert_true(
			NT_STATUS_IS_OK(mac_compute(mac, NULL, iov, 2, out)));
		assert_memory_equal(out,
				    "\x5b\xdc\xc1\x46\xbf\x60\x75\x4e"
				    "\x6a\x04\x24\x26\x08\x95\x75\xc7",
				    MAC_SIZE);
	}
	talloc_free(mac);
}

/* [RFC4493] section 4, cut in three at every two places */
static void test_cmac(void **state)
{
	static const struct {
		size_t length;
		const char *mac;
	} rows[] = {
		{0, "bb1d6929e95937287fa37d129b756746"},
		{16, "070a16b46b4d4144f79bdd9dd04a287c"},
		{40, "dfa66747de9ae63030ca32611497c827"},
		{64, "51f0bebf7e3b9d92fc49741779363cfe"},
	};
	uint8_t key[16], data[64], out[MAC_SIZE];
	struct mac *mac;

	unhex("2b7e151628aed2a6abf7158809cf4f3c", key);
	unhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
	      "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c371"
	      "0",
	      data);
	assert_true(NT_STATUS_IS_OK(
		mac_new(NULL, MAC_AES128_CMAC, key, sizeof(key), &mac)));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = rows[i].length;

		for (size_t a = 0; a <= n; a++) {
			for (size_t b = a; b <= n; b++) {
				struct iovec iov[3] = {{data, a},
						       {data + a, b - a},
						       {data + b, n - b}};

				assert_true(NT_STATUS_IS_OK(
					mac_compute(mac, NULL, iov, 3, out)));
				assert_hex(out, rows[i].mac);
			}
		}
	}
	talloc_free(mac);
}

/* More than a chunk of the CBC chain gives the same whole and in pieces. */
static void test_cmac_long(void **state)
{
	static uint8_t data[5000];
	uint8_t key[16] = {1, 2, 3}, whole[MAC_SIZE], pieces[MAC_SIZE];
	struct mac *mac;

	for (size_t i = 0; i < sizeof(data); i++) {
		data[i] = (uint8_t)(i * 7);
	}
	assert_true(NT_STATUS_IS_OK(
		mac_new(NULL, MAC_AES128_CMAC, key, sizeof(key), &mac)));
	for (size_t a = 0; a < sizeof(data); a += 97) {
		struct iovec one = {data, sizeof(data)};
		struct iovec two[2] = {{data, a}, {data + a, sizeof(data) - a}};

		assert_true(NT_STATUS_IS_OK(
			mac_compute(mac, NULL, &one, 1, whole)));
		assert_true(NT_STATUS_IS_OK(
			mac_compute(mac, NULL, two, 2, pieces)));
		assert_memory_equal(whole, pieces, MAC_SIZE);
	}
	talloc_free(mac);
}

/* GCM test case with additional data only (NIST CAVS, Keylen 128, PTlen 0,
 * AADlen 128). */
static void test_gmac(void **state)
{
	uint8_t key[16], nonce[12], data[16], out[MAC_SIZE];
	struct mac *mac;

	unhex("77be63708971c4e240d1cb79e8d77feb", key);
	unhex("e0e00f19fed7ba0136a797f3", nonce);
	unhex("7a43ec1d9c0a5a78a0b16533a6213cab", data);
	assert_true(NT_STATUS_IS_OK(
		mac_new(NULL, MAC_AES128_GMAC, key, sizeof(key), &mac)));
	for (size_t a = 0; a <= sizeof(data); a++) {
		struct iovec iov[2] = {{data, a}, {data + a, sizeof(data) - a}};

		assert_true(
			NT_STATUS_IS_OK(mac_compute(mac, nonce, iov, 2, out)));
		assert_hex(out, "209fcc8d3675ed938e9c7166709dd946");
	}
	talloc_free(mac);
}

/* McGrew & Viega, GCM test case 4, whole and cut at every place */
static void test_gcm(void **state)
{
	const char *plain_hex =
		"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a"
		"721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
	const char *cipher_hex =
		"42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca1"
		"2e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091";
	uint8_t key[16], nonce[12], ad[20], data[60], tag[AEAD_TAG_SIZE];
	struct aead *aead;

	unhex("feffe9928665731c6d6a8f9467308308", key);
	unhex("cafebabefacedbaddecaf888", nonce);
	unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2", ad);
	assert_true(
		NT_STATUS_IS_OK(aead_new(NULL, AEAD_AES128_GCM, key, &aead)));
	for (size_t a = 0; a <= sizeof(data); a++) {
		struct iovec iov[2] = {{data, a}, {data + a, sizeof(data) - a}};

		unhex(plain_hex, data);
		assert_true(NT_STATUS_IS_OK(aead_encrypt(
			aead, nonce, ad, sizeof(ad), iov, 2, tag)));
		assert_hex(data, cipher_hex);
		assert_hex(tag, "5bc94fbc3221a5db94fae95ae7121a47");
		assert_true(NT_STATUS_IS_OK(aead_decrypt(
			aead, nonce, ad, sizeof(ad), iov, 2, tag)));
		assert_hex(data, plain_hex);
	}
	talloc_free(aead);
}

/* Every algorithm gives back what it took, and sees a changed bit. */
static void test_aead_all(void **state)
{
	uint8_t key[32] = {9}, nonce[AEAD_MAX_NONCE_SIZE] = {1};
	uint8_t data[100], tag[AEAD_TAG_SIZE];

	for (int i = AEAD_AES128_CCM; i <= AEAD_AES256_GCM; i++) {
		struct iovec iov[2] = {{data, 33}, {data + 33, 67}};
		struct aead *aead;

		memset(data, 'x', sizeof(data));
		assert_true(NT_STATUS_IS_OK(
			aead_new(NULL, (enum aead_algorithm)i, key, &aead)));
		assert_true(NT_STATUS_IS_OK(
			aead_encrypt(aead, nonce, "ad", 2, iov, 2, tag)));
		assert_true(NT_STATUS_IS_OK(
			aead_decrypt(aead, nonce, "ad", 2, iov, 2, tag)));
		for (size_t n = 0; n < sizeof(data); n++) {
			assert_int_equal(data[n], 'x');
		}
		tag[0] ^= 1;
		assert_true(NT_STATUS_IS(
			aead_decrypt(aead, nonce, "ad", 2, iov, 2, tag),
			ACCESS_DENIED));
		talloc_free(aead);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha),
		cmocka_unit_test(test_hmac_sha256),
		cmocka_unit_test(test_cmac),
		cmocka_unit_test(test_cmac_long),
		cmocka_unit_test(test_gmac),
		cmocka_unit_test(test_gcm),
		cmocka_unit_test(test_aead_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
