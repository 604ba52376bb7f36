/* vfs_modules/tests/ntacl_test.c - what Samba wrote is read, and its hash is
 * ours. */
#include "vfs_modules/posix/ntacl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Samba 4.17, a file of mode 0775 with a POSIX ACL. */
static const char samba_file[] =
	"0400040000000200040002000100"
	"c5251a3c7bf6382cbd7e7052b48d5713b99c9239178533771d92d07db0d7422e"
	"0000000000000000000000000000000000000000000000000000000000000000"
	"706f7369785f61636c00a8e312b3f678dd01"
	"b97d1cf7c759bfea8efdca1ff760f411a2249f571fdc9509f23724b25a631392"
	"0000000000000000000000000000000000000000000000000000000000000000"
	"01000480b4000000d000000000000000ec000000"
	"0105000000000005150000007f84e67130be53f8ffce2e9fe8030000"
	"0105000000000005150000007f84e67130be53f8ffce2e9f01020000"
	"0200640003000000"
	"00002400ff011f000105000000000005150000007f84e67130be53f8ffce2e9f"
	"e8030000"
	"00002400a90012000105000000000005150000007f84e67130be53f8ffce2e9f"
	"01020000"
	"00001400a9001200010100000000000100000000";
static const char access_acl[] =
	"02000000"
	"01000700ffffffff02000700e903000004000500ffffffff"
	"08000500e903000010000700ffffffff20000500ffffffff";

/* The same, a directory with a default ACL as above. */
static const char directory_hash[] =
	"a0128344665c815f99d0e7ccae68b7d5ff6b4288a23c4bc8b18214cf7380d78d";

static int setup(void **state)
{
	*state = talloc_new(NULL);
	return 0;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

static struct blob from_hex(TALLOC_CTX *mem_ctx, const char *hex)
{
	size_t n = strlen(hex) / 2;
	struct blob out = {talloc_size(mem_ctx, n), n};

	for (size_t i = 0; i < n; i++) {
		unsigned int v;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &v), 1);
		out.data[i] = (uint8_t)v;
	}
	return out;
}

static void check_descriptor(const struct security_descriptor *sd)
{
	char owner[SID_STRING_SIZE];

	sid_format(&sd->owner, owner);
	assert_string_equal(owner,
			    "S-1-5-21-1910932607-4166237744-2670644991-1000");
	assert_true(sd->has_group && sd->has_dacl && !sd->has_sacl);
	assert_int_equal(sd->dacl.count, 3);
	assert_int_equal(sd->dacl.aces[2].mask, 0x001200a9);
}

static void test_sambas_is_read(void **state)
{
	struct ntacl acl;

	assert_true(NT_STATUS_IS_OK(
		ntacl_decode(*state, from_hex(*state, samba_file), &acl)));
	assert_true(acl.has_hash);
	check_descriptor(&acl.sd);
}

/* Versions 1 to 3 hold without a hash: there is none that can be checked. */
static void test_older_versions(void **state)
{
	static const char *const heads[] = {
		"0100010000000200",
		"02000200000002000400020011111111111111111111111111111111",
		"0300030000000200040002000100"
		"11111111111111111111111111111111"
		"11111111111111111111111111111111"
		"00000000000000000000000000000000"
		"00000000000000000000000000000000"
		"0000",
	};

	for (size_t i = 0; i < 3; i++) {
		struct blob v4 = from_hex(*state, samba_file);
		struct blob head = from_hex(*state, heads[i]);
		size_t body = v4.length - 160;
		struct blob in = {talloc_size(*state, head.length + body),
				  head.length + body};
		struct ntacl acl;

		memcpy(in.data, head.data, head.length);
		memcpy(in.data + head.length, v4.data + 160, body);
		for (size_t at = 4; at <= 16; at += 4) {
			uint8_t *offset = in.data + head.length + at;

			if (at != 12) { /* no SACL */
				*offset =
					(uint8_t)(*offset - 160 + head.length);
			}
		}
		assert_true(NT_STATUS_IS_OK(ntacl_decode(*state, in, &acl)));
		assert_false(acl.has_hash);
		check_descriptor(&acl.sd);
	}
}

static void test_hash_of_a_file(void **state)
{
	struct ntacl_system sys = {.uid = 1001,
				   .gid = 1001,
				   .mode = 0100775,
				   .access = from_hex(*state, access_acl)};
	uint8_t hash[NTACL_HASH_SIZE];
	struct ntacl acl;

	assert_true(NT_STATUS_IS_OK(
		ntacl_decode(*state, from_hex(*state, samba_file), &acl)));
	assert_true(NT_STATUS_IS_OK(ntacl_hash(&sys, hash)));
	assert_memory_equal(hash, acl.hash, sizeof(hash));
	sys.mode = 0100770;
	assert_true(NT_STATUS_IS_OK(ntacl_hash(&sys, hash)));
	assert_memory_not_equal(hash, acl.hash, sizeof(hash));
}

static void test_hash_of_a_directory(void **state)
{
	struct ntacl_system sys = {.uid = 1001,
				   .gid = 1001,
				   .mode = 040775,
				   .access = from_hex(*state, access_acl),
				   .inherited = from_hex(*state, access_acl)};
	struct blob expected = from_hex(*state, directory_hash);
	uint8_t hash[NTACL_HASH_SIZE];

	assert_true(NT_STATUS_IS_OK(ntacl_hash(&sys, hash)));
	assert_memory_equal(hash, expected.data, expected.length);
}

static void test_round_trip(void **state)
{
	struct blob in = from_hex(*state, samba_file);
	struct blob out;
	struct ntacl a;
	struct ntacl b;

	assert_true(NT_STATUS_IS_OK(ntacl_decode(*state, in, &a)));
	assert_true(NT_STATUS_IS_OK(ntacl_encode(*state, &a, 7, &out)));
	assert_int_equal(out.length, in.length);
	/* All but the hash of the descriptor, and the time. */
	assert_memory_equal(out.data, in.data, 14);
	assert_memory_equal(out.data + 78, in.data + 78, 10);
	assert_memory_equal(out.data + 96, in.data + 96, in.length - 96);
	assert_true(NT_STATUS_IS_OK(ntacl_decode(*state, out, &b)));
	check_descriptor(&b.sd);
}

static void test_damaged(void **state)
{
	static const size_t places[] = {0, 2, 4, 8, 78, 163};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct blob in = from_hex(*state, samba_file);
		struct ntacl acl;

		memset(in.data + places[i], 0,
		       places[i] == 4 || places[i] == 8 ? 4 : 1);
		assert_true(NT_STATUS_IS(ntacl_decode(*state, in, &acl),
					 INTERNAL_DB_CORRUPTION));
	}
	for (size_t n = 0; n < sizeof(samba_file) / 2; n++) {
		struct blob in = from_hex(*state, samba_file);
		struct ntacl acl;

		in.length = n;
		assert_true(NT_STATUS_IS(ntacl_decode(*state, in, &acl),
					 INTERNAL_DB_CORRUPTION));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sambas_is_read, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_older_versions, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_hash_of_a_file, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_hash_of_a_directory, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_round_trip, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
