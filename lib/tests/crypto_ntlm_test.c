/* lib/tests/crypto_ntlm_test.c - known answers: RFC 1320, 1321, 2202 and
 * [MS-NLMP] 4.2. */
#include "lib/crypto_ntlm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct blob text(const char *s)
{
	return (struct blob){(uint8_t *)s, strlen(s)};
}

static void md4_of_abc(void **state)
{
	static const uint8_t want[] = {0xa4, 0x48, 0x01, 0x7a, 0xaf, 0x21,
				       0xd8, 0x52, 0x5f, 0xc1, 0x0a, 0xe8,
				       0x7a, 0xa6, 0x72, 0x9d};
	uint8_t got[16];

	crypto_ntlm_md4(text("abc"), got);
	assert_memory_equal(got, want, 16);
}

static void md5_is_over_the_concatenated_parts(void **state)
{
	static const uint8_t want[] = {0x90, 0x01, 0x50, 0x98, 0x3c, 0xd2,
				       0x4f, 0xb0, 0xd6, 0x96, 0x3f, 0x7d,
				       0x28, 0xe1, 0x7f, 0x72};
	struct blob parts[] = {text("a"), text(""), text("bc")};
	uint8_t got[16];

	crypto_ntlm_md5(parts, 3, got);
	assert_memory_equal(got, want, 16);
}

static void hmac_md5_of_hi_there(void **state)
{
	static const uint8_t want[] = {0x92, 0x94, 0x72, 0x7a, 0x36, 0x38,
				       0xbb, 0x1c, 0x13, 0xf4, 0x8e, 0xf8,
				       0x15, 0x8b, 0xfc, 0x9d};
	struct blob parts[] = {text("Hi "), text("There")};
	uint8_t key[16];
	uint8_t got[16];

	memset(key, 0x0b, sizeof(key));
	crypto_ntlm_hmac_md5(key, parts, 2, got);
	assert_memory_equal(got, want, 16);
}

static void rc4k_encrypts_the_session_key(void **state) /* 4.2.4.2.3 */
{
	static const uint8_t key[] = {0x8d, 0xe4, 0x0c, 0xca, 0xdb, 0xc1,
				      0x4a, 0x82, 0xf1, 0x5c, 0xb0, 0xad,
				      0x0d, 0xe9, 0x5c, 0xa3};
	static const uint8_t want[] = {0xc5, 0xda, 0xd2, 0x54, 0x4f, 0xc9,
				       0x79, 0x90, 0x94, 0xce, 0x1c, 0xe9,
				       0x0b, 0xc9, 0xd0, 0x3e};
	uint8_t in[16];
	uint8_t got[16];

	memset(in, 0x55, sizeof(in));
	crypto_ntlm_rc4k(key, in, got);
	assert_memory_equal(got, want, 16);
}

static void rc4_state_is_copied_with_the_struct(void **state)
{
	static const uint8_t key[16] = {1, 2, 3};
	struct crypto_ntlm_rc4 a;
	struct crypto_ntlm_rc4 b;
	uint8_t x[8] = {0};
	uint8_t y[8] = {0};

	crypto_ntlm_rc4_init(&a, key);
	crypto_ntlm_rc4_crypt(&a, x, 3);
	b = a;
	memset(x, 0, sizeof(x));
	crypto_ntlm_rc4_crypt(&a, x, 8);
	crypto_ntlm_rc4_crypt(&b, y, 8);
	assert_memory_equal(x, y, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(md4_of_abc),
		cmocka_unit_test(md5_is_over_the_concatenated_parts),
		cmocka_unit_test(hmac_md5_of_hi_there),
		cmocka_unit_test(rc4k_encrypts_the_session_key),
		cmocka_unit_test(rc4_state_is_copied_with_the_struct),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
