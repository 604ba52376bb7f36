/* fsa/tests/access_check_test.c - [MS-DTYP] 2.5.3.2 as a table. */
#include "fsa/access_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "lib/nt.h"

#define USER	 "S-1-5-21-1-2-3-1000"
#define GROUP	 "S-1-5-21-1-2-3-513"
#define STRANGER "S-1-5-21-1-2-3-1001"
#define EVERYONE "S-1-1-0"
#define OWNER	 "S-1-3-4" /* OWNER RIGHTS */
#define R	 FILE_READ_DATA
#define W	 FILE_WRITE_DATA
#define IMPLIED	 (READ_CONTROL | WRITE_DAC)

struct entry {
	uint8_t type;
	uint8_t flags;
	const char *sid; /* NULL: the end */
	uint32_t mask;
};

struct row {
	const char *rule;
	const char *owner;
	uint32_t privileges;
	struct entry entries[4];
	uint32_t expected;
};

static const struct row rows[] = {
	{"an empty DACL gives nothing", STRANGER, 0, {{0}}, 0},
	{"the owner may always read and change it", USER, 0, {{0}}, IMPLIED},
	{"a user's own entry", STRANGER, 0, {{ACE_ALLOWED, 0, USER, R}}, R},
	{"a group's entry", STRANGER, 0, {{ACE_ALLOWED, 0, GROUP, R}}, R},
	{"another's entry", STRANGER, 0, {{ACE_ALLOWED, 0, STRANGER, R}}, 0},
	{"rights add up",
	 STRANGER,
	 0,
	 {{ACE_ALLOWED, 0, USER, R}, {ACE_ALLOWED, 0, EVERYONE, W}},
	 R | W},
	{"what is denied first stays denied",
	 STRANGER,
	 0,
	 {{ACE_DENIED, 0, GROUP, W}, {ACE_ALLOWED, 0, USER, R | W}},
	 R},
	{"what is allowed first stays allowed",
	 STRANGER,
	 0,
	 {{ACE_ALLOWED, 0, USER, R | W}, {ACE_DENIED, 0, GROUP, W}},
	 R | W},
	{"a denial of another is none",
	 STRANGER,
	 0,
	 {{ACE_DENIED, 0, STRANGER, R}, {ACE_ALLOWED, 0, USER, R}},
	 R},
	{"what is only inherited does not count",
	 STRANGER,
	 0,
	 {{ACE_ALLOWED, ACE_INHERIT_ONLY | ACE_OBJECT_INHERIT, USER, R},
	  {ACE_ALLOWED, ACE_OBJECT_INHERIT, USER, W}},
	 W},
	{"an owner is not denied what owners have",
	 USER,
	 0,
	 {{ACE_DENIED, 0, USER, WRITE_DAC | R}},
	 IMPLIED},
	{"OWNER RIGHTS is in place of that",
	 USER,
	 0,
	 {{ACE_ALLOWED, 0, OWNER, R}},
	 R},
	{"OWNER RIGHTS denies",
	 USER,
	 0,
	 {{ACE_DENIED, 0, OWNER, WRITE_DAC}, {ACE_ALLOWED, 0, USER, IMPLIED}},
	 READ_CONTROL},
	{"OWNER RIGHTS to be inherited is not",
	 USER,
	 0,
	 {{ACE_ALLOWED, ACE_INHERIT_ONLY, OWNER, R}},
	 IMPLIED},
	{"OWNER RIGHTS is nothing to others",
	 STRANGER,
	 0,
	 {{ACE_ALLOWED, 0, OWNER, R}},
	 0},
	{"audits give nothing", STRANGER, 0, {{ACE_AUDIT, 0, USER, R}}, 0},
	{"conditions are not met",
	 STRANGER,
	 0,
	 {{ACE_ALLOWED_CALLBACK, 0, USER, R},
	  {ACE_DENIED_CALLBACK, 0, USER, W},
	  {ACE_ALLOWED, 0, USER, R | W}},
	 R},
	{"who may take ownership",
	 STRANGER,
	 TOKEN_TAKE_OWNERSHIP,
	 {{ACE_DENIED, 0, EVERYONE, WRITE_OWNER}},
	 WRITE_OWNER},
	{"who may see what is audited",
	 STRANGER,
	 TOKEN_SECURITY,
	 {{0}},
	 ACCESS_SYSTEM_SECURITY},
	{"no entry gives what is audited",
	 STRANGER,
	 0,
	 {{ACE_ALLOWED, 0, USER, R | ACCESS_SYSTEM_SECURITY}},
	 R},
	{"generic rights in entries mean nothing",
	 STRANGER,
	 0,
	 {{ACE_ALLOWED, 0, USER, GENERIC_ALL | R}},
	 R},
};

static struct sid parse(const char *text)
{
	struct sid sid = {0};

	assert_true(NT_STATUS_IS_OK(sid_parse(text, &sid)));
	return sid;
}

static struct security_token token(struct sid sids[3], uint32_t privileges)
{
	sids[0] = parse(USER);
	sids[1] = parse(GROUP);
	sids[2] = parse(EVERYONE);
	return (struct security_token){
		.num_sids = 3, .sids = sids, .privileges = privileges};
}

static void test_rules(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct sid sids[3];
		struct security_token t = token(sids, r->privileges);
		struct ace aces[4] = {{0}};
		struct security_descriptor sd = {
			.control = SE_DACL_PRESENT,
			.has_owner = true,
			.has_dacl = true,
			.owner = parse(r->owner),
			.dacl = {.aces = aces},
		};
		uint32_t rights;

		for (const struct entry *e = r->entries;
		     sd.dacl.count < 4 && e->sid != NULL; e++) {
			aces[sd.dacl.count++] =
				(struct ace){.type = e->type,
					     .flags = e->flags,
					     .mask = e->mask,
					     .sid = parse(e->sid)};
		}
		rights = access_rights(&sd, &t);
		for (uint32_t bit = 1; bit != 0; bit <<= 1) {
			struct access_reason why = access_explain(&sd, &t, bit);

			assert_int_equal(why.granted, (rights & bit) != 0);
		}
		if (rights != r->expected) {
			fail_msg("%s: %08x, not %08x", r->rule, rights,
				 r->expected);
		}
	}
}

/* The entry that decides is the first that names the right. */
static void test_reasons(void **state)
{
	struct sid sids[3];
	struct security_token t = token(sids, 0);
	struct ace aces[] = {
		{.type = ACE_ALLOWED, .mask = R, .sid = parse(STRANGER)},
		{.type = ACE_DENIED, .mask = W, .sid = parse(GROUP)},
		{.type = ACE_ALLOWED, .mask = R | W, .sid = parse(USER)},
	};
	struct security_descriptor sd = {.has_owner = true,
					 .owner = parse(USER),
					 .has_dacl = true,
					 .dacl = {.count = 3, .aces = aces}};
	struct access_reason why = access_explain(&sd, &t, R);

	assert_true(why.granted);
	assert_int_equal(why.entry, 2);
	why = access_explain(&sd, &t, W);
	assert_false(why.granted);
	assert_int_equal(why.by, ACCESS_BY_ENTRY);
	assert_int_equal(why.entry, 1);
	assert_int_equal(access_explain(&sd, &t, WRITE_DAC).by,
			 ACCESS_BY_OWNERSHIP);
	assert_int_equal(access_explain(&sd, &t, DELETE_ACCESS).by,
			 ACCESS_BY_NOTHING);
}

static void test_a_null_dacl_gives_all(void **state)
{
	struct sid sids[3];
	struct security_token t = token(sids, 0);
	struct security_descriptor sd = {.control = SE_DACL_PRESENT};

	assert_int_equal(access_rights(&sd, &t), FILE_ALL_ACCESS);
}

/* Entries for one kind of object do not apply to files, those for any do. */
static void test_object_entries(void **state)
{
	uint8_t object[20] = {1};
	struct sid sids[3];
	struct security_token t = token(sids, 0);
	struct ace aces[] = {
		{.type = ACE_ALLOWED_OBJECT,
		 .mask = R,
		 .object = {object, 20},
		 .sid = parse(USER)},
		{.type = ACE_ALLOWED_OBJECT,
		 .mask = W,
		 .object = {object, 4},
		 .sid = parse(USER)},
	};
	struct security_descriptor sd = {.has_dacl = true,
					 .dacl = {.count = 2, .aces = aces}};

	assert_int_equal(access_rights(&sd, &t), W);
}

static void test_backup_and_restore(void **state)
{
	struct sid sids[3];
	struct security_token t = token(sids, 0);

	assert_int_equal(access_backup_rights(&t), 0);
	t = token(sids, TOKEN_BACKUP);
	assert_int_equal(access_backup_rights(&t),
			 FILE_GENERIC_READ | FILE_TRAVERSE);
	t = token(sids, TOKEN_RESTORE);
	assert_int_equal(access_backup_rights(&t),
			 FILE_GENERIC_WRITE | WRITE_DAC | WRITE_OWNER |
				 DELETE_ACCESS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_a_null_dacl_gives_all),
		cmocka_unit_test(test_object_entries),
		cmocka_unit_test(test_backup_and_restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
