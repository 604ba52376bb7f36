/* smbd/tests/negotiate_test.c - the choices of [MS-SMB2] 3.3.5.4. */
#include "smbd/negotiate.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint16_t choose(uint16_t min, uint16_t max, const uint16_t *dialects,
		       size_t count)
{
	const struct smbd_offer offer = {.min_dialect = min,
					 .max_dialect = max};

	return smbd_choose_dialect(&offer, dialects, count);
}

static void test_the_greatest_common_dialect(void **unused)
{
	static const uint16_t all[] = {0x0202, 0x0210, 0x0300, 0x0302, 0x0311};
	static const uint16_t odd[] = {0x02ff, 0x0310, 0x0222, 0xffff};
	static const uint16_t mixed[] = {0x0311, 0x0202, 0x0300};

	assert_int_equal(choose(0x0202, 0x0311, all, 5), 0x0311);
	assert_int_equal(choose(0x0202, 0x0302, all, 5), 0x0302);
	assert_int_equal(choose(0x0202, 0x0202, all, 5), 0x0202);
	assert_int_equal(choose(0x0300, 0x0311, all, 2), 0);
	assert_int_equal(choose(0x0202, 0x0311, odd, 4), 0);
	assert_int_equal(choose(0x0202, 0x0311, all, 0), 0);
	assert_int_equal(choose(0x0202, 0x0311, mixed, 3), 0x0311);
	assert_int_equal(choose(0x0202, 0x0310, mixed, 3), 0x0300);
}

static void test_ciphers(void **unused)
{
	const struct smb2_id_list none = {0};
	const struct smb2_id_list strange = {.count = 2, .ids = {9, 77}};
	const struct smb2_id_list ccm = {.count = 1, .ids = {1}};
	const struct smb2_id_list all = {.count = 4, .ids = {4, 3, 1, 2}};

	assert_int_equal(smbd_choose_cipher(&none), SMB2_ENCRYPTION_NONE);
	assert_int_equal(smbd_choose_cipher(&strange), SMB2_ENCRYPTION_NONE);
	assert_int_equal(smbd_choose_cipher(&ccm), SMB2_ENCRYPTION_AES128_CCM);
	assert_int_equal(smbd_choose_cipher(&all), SMB2_ENCRYPTION_AES128_GCM);
}

static void test_signing(void **unused)
{
	const struct smb2_id_list none = {.count = 1, .ids = {9}};
	const struct smb2_id_list hmac = {.count = 1, .ids = {0}};
	const struct smb2_id_list all = {.count = 3, .ids = {0, 1, 2}};

	/* 3.3.5.4: without one in common it is AES-CMAC. */
	assert_int_equal(smbd_choose_signing(&none), SMB2_SIGNING_AES_CMAC);
	assert_int_equal(smbd_choose_signing(&hmac), SMB2_SIGNING_HMAC_SHA256);
	assert_int_equal(smbd_choose_signing(&all), SMB2_SIGNING_AES_GMAC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_greatest_common_dialect),
		cmocka_unit_test(test_ciphers),
		cmocka_unit_test(test_signing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
