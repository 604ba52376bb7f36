/* fsa/tests/nfs_aces_test.c - modes in DACLs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "fsa/nfs_aces.h"

static const struct fsa_unix un = {
	.uid = 1000, .gid = 100, .mode = S_IFREG | S_ISVTX | 0640};

static void assert_sid(const struct sid *sid, const char *text)
{
	char buffer[SID_STRING_SIZE];

	sid_format(sid, buffer);
	assert_string_equal(buffer, text);
}

static void test_shown_behind_the_others(void **state)
{
	struct ace own = {.type = ACE_ALLOWED, .sid = sid_everyone()};
	struct acl acl = {.count = 1, .aces = &own};
	TALLOC_CTX *ctx = talloc_new(NULL);

	assert_true(NT_STATUS_IS_OK(nfs_aces_add(ctx, &un, &acl)));
	assert_int_equal(acl.count, 4);
	assert_sid(&acl.aces[0].sid, "S-1-1-0");
	assert_sid(&acl.aces[1].sid, "S-1-5-88-1-1000");
	assert_sid(&acl.aces[2].sid, "S-1-5-88-2-100");
	assert_sid(&acl.aces[3].sid, "S-1-5-88-3-33696");
	assert_int_equal(acl.aces[3].mask, 0);
	talloc_free(ctx);
}

static void test_taken_out_again(void **state)
{
	struct ace own = {.type = ACE_ALLOWED, .sid = sid_everyone()};
	struct acl acl = {.count = 1, .aces = &own};
	TALLOC_CTX *ctx = talloc_new(NULL);
	mode_t mode = S_IFREG | S_ISVTX;

	assert_true(NT_STATUS_IS_OK(nfs_aces_add(ctx, &un, &acl)));
	assert_true(nfs_aces_take(&acl, &mode));
	assert_int_equal(mode, un.mode);
	assert_int_equal(acl.count, 1);
	assert_sid(&acl.aces[0].sid, "S-1-1-0");
	assert_false(nfs_aces_take(&acl, &mode));
	assert_int_equal(acl.count, 1);
	talloc_free(ctx);
}

/* A mode can say no more than permissions. */
static void test_only_permissions(void **state)
{
	struct sid base = sid_make(5, 2, 88, 3);
	struct ace a = {.type = ACE_DENIED,
			.sid = sid_append(&base, UINT32_MAX)};
	struct acl acl = {.count = 1, .aces = &a};
	mode_t mode = S_IFREG;

	assert_true(nfs_aces_take(&acl, &mode));
	assert_int_equal(mode, S_IFREG | 0777);
}

static void test_others_are_none(void **state)
{
	struct sid base = sid_make(5, 2, 88, 3);
	struct sid longer = sid_append(&base, 1);
	struct ace aces[] = {
		{.type = ACE_ALLOWED, .sid = base},
		{.type = ACE_ALLOWED, .sid = sid_append(&longer, 1)},
		{.type = ACE_ALLOWED, .sid = sid_make(5, 2, 21, 3)},
		{.type = 0x77},
	};
	struct acl acl = {.count = 4, .aces = aces};
	mode_t mode = 0;

	assert_false(nfs_aces_take(&acl, &mode));
	assert_int_equal(acl.count, 4);
	assert_int_equal(mode, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shown_behind_the_others),
		cmocka_unit_test(test_taken_out_again),
		cmocka_unit_test(test_only_permissions),
		cmocka_unit_test(test_others_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
