/* fsa/tests/inherit_test.c - [MS-DTYP] 2.5.3.4 as a table. */
#include "fsa/inherit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "lib/nt.h"

#define OI ACE_OBJECT_INHERIT
#define CI ACE_CONTAINER_INHERIT
#define NP ACE_NO_PROPAGATE_INHERIT
#define IO ACE_INHERIT_ONLY
#define ID ACE_INHERITED

#define NONE 0xff

/* What becomes of a parent's entry with these flags: the flags of the child's,
 * or NONE. */
struct row {
	uint8_t parent;
	uint8_t directory;
	uint8_t file;
};

static const struct row rows[] = {
	{0, NONE, NONE},       {IO, NONE, NONE},
	{OI, OI | IO, 0},      {OI | IO, OI | IO, 0},
	{OI | NP, NONE, 0},    {CI, CI, NONE},
	{CI | IO, CI, NONE},   {CI | NP, 0, NONE},
	{CI | OI, CI | OI, 0}, {CI | OI | IO, CI | OI, 0},
	{CI | OI | NP, 0, 0},  {CI | OI | ID, CI | OI, 0},
};

struct context {
	TALLOC_CTX *mem_ctx;
	struct ace aces[4];
	struct security_descriptor parent;
	struct inherit_args args;
	struct security_descriptor out;
};

static int setup(void **state)
{
	struct context *c = talloc_zero(NULL, struct context);

	c->mem_ctx = c;
	c->parent.has_dacl = true;
	c->parent.control = SE_DACL_PRESENT;
	c->parent.dacl =
		(struct acl){.revision = ACL_REVISION, .aces = c->aces};
	c->args.parent = &c->parent;
	c->args.owner = sid_unix_user(7);
	c->args.group = sid_unix_group(8);
	*state = c;
	return 0;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

static void give(struct context *c, uint8_t flags, struct sid sid,
		 uint32_t mask)
{
	c->aces[c->parent.dacl.count++] = (struct ace){
		.type = ACE_ALLOWED, .flags = flags, .mask = mask, .sid = sid};
}

static void inherit(struct context *c, bool directory)
{
	c->args.directory = directory;
	assert_true(NT_STATUS_IS_OK(
		inherit_compute(c->mem_ctx, &c->args, &c->out)));
}

static void check_row(struct context *c, uint8_t flags, bool directory,
		      uint8_t expected)
{
	c->parent.dacl.count = 0;
	give(c, flags, sid_everyone(), FILE_READ_DATA);
	assert_int_equal(inherit_is_any(&c->parent, directory),
			 expected != NONE);
	inherit(c, directory);
	if (expected == NONE) {
		assert_false(c->out.has_dacl);
		return;
	}
	assert_int_equal(c->out.dacl.count, 1);
	assert_int_equal(c->out.dacl.aces[0].flags, expected);
	assert_int_equal(c->out.dacl.aces[0].mask, FILE_READ_DATA);
}

static void test_flags(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_row(*state, rows[i].parent, true, rows[i].directory);
		check_row(*state, rows[i].parent, false, rows[i].file);
	}
}

/* An entry that applies and goes on, and names the creator, becomes two. */
static void test_creators_are_replaced(void **state)
{
	struct context *c = *state;
	struct sid creator_owner = sid_make(3, 1, (uint32_t)0);
	struct sid creator_group = sid_make(3, 1, (uint32_t)1);
	const struct ace *got;

	give(c, CI | OI | IO, creator_owner, GENERIC_ALL);
	give(c, OI | IO, creator_group, GENERIC_READ);
	inherit(c, true);
	got = c->out.dacl.aces;
	assert_int_equal(c->out.dacl.count, 3);
	assert_true(sid_equal(&got[0].sid, &c->args.owner));
	assert_int_equal(got[0].flags, 0);
	assert_int_equal(got[0].mask, FILE_ALL_ACCESS);
	assert_true(sid_equal(&got[1].sid, &creator_owner));
	assert_int_equal(got[1].flags, CI | OI | IO);
	assert_int_equal(got[1].mask, GENERIC_ALL);
	assert_true(sid_equal(&got[2].sid, &creator_group));
	assert_int_equal(got[2].flags, OI | IO);

	inherit(c, false);
	got = c->out.dacl.aces;
	assert_int_equal(c->out.dacl.count, 2);
	assert_true(sid_equal(&got[0].sid, &c->args.owner));
	assert_true(sid_equal(&got[1].sid, &c->args.group));
	assert_int_equal(got[1].flags, 0);
	assert_int_equal(got[1].mask, FILE_GENERIC_READ);
}

/* 2.5.3.5: entries are marked where the parent's are kept automatically. */
static void test_marks(void **state)
{
	struct context *c = *state;

	give(c, OI, sid_everyone(), FILE_READ_DATA);
	inherit(c, false);
	assert_int_equal(c->out.dacl.aces[0].flags, 0);
	assert_int_equal(c->out.control & SE_DACL_AUTO_INHERITED, 0);
	c->parent.control |= SE_DACL_AUTO_INHERITED;
	inherit(c, false);
	assert_int_equal(c->out.dacl.aces[0].flags, ID);
	assert_int_not_equal(c->out.control & SE_DACL_AUTO_INHERITED, 0);
}

/* What the creator gives comes first, the parent's after it. */
static void test_creator_and_parent(void **state)
{
	struct context *c = *state;
	struct ace own[] = {
		{.type = ACE_DENIED,
		 .mask = GENERIC_WRITE,
		 .sid = sid_network()},
		{.type = ACE_ALLOWED,
		 .flags = ID,
		 .mask = FILE_READ_DATA,
		 .sid = sid_network()},
	};
	struct security_descriptor creator = {
		.control = SE_DACL_PRESENT,
		.has_dacl = true,
		.has_owner = true,
		.owner = sid_system(),
		.dacl = {.revision = ACL_REVISION, .count = 2, .aces = own},
	};

	give(c, OI, sid_everyone(), FILE_READ_DATA);
	c->args.creator = &creator;
	inherit(c, false);
	assert_int_equal(c->out.dacl.count, 2);
	assert_int_equal(c->out.dacl.aces[0].type, ACE_DENIED);
	assert_int_equal(c->out.dacl.aces[0].mask, FILE_GENERIC_WRITE);
	assert_true(sid_equal(&c->out.owner, &creator.owner));
	assert_true(sid_equal(&c->out.group, &c->args.group));

	creator.control |= SE_DACL_PROTECTED;
	inherit(c, false);
	assert_int_equal(c->out.dacl.count, 2);
	assert_int_equal(c->out.dacl.aces[1].flags, ID);
	assert_int_not_equal(c->out.control & SE_DACL_PROTECTED, 0);
}

static void test_a_null_dacl_is_kept(void **state)
{
	struct context *c = *state;
	struct security_descriptor creator = {.control = SE_DACL_PRESENT};

	give(c, OI, sid_everyone(), FILE_READ_DATA);
	c->args.creator = &creator;
	inherit(c, false);
	assert_false(c->out.has_dacl);
	assert_int_not_equal(c->out.control & SE_DACL_PRESENT, 0);
}

static void test_audits_are_inherited(void **state)
{
	struct context *c = *state;
	struct ace audit = {.type = ACE_AUDIT,
			    .flags = OI | CI | 0x40,
			    .mask = FILE_WRITE_DATA,
			    .sid = sid_everyone()};

	c->parent.has_dacl = false;
	c->parent.has_sacl = true;
	c->parent.sacl = (struct acl){
		.revision = ACL_REVISION, .count = 1, .aces = &audit};
	assert_true(inherit_is_any(&c->parent, false));
	inherit(c, false);
	assert_true(c->out.has_sacl);
	assert_int_equal(c->out.sacl.aces[0].flags, 0x40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_flags, setup, teardown),
		cmocka_unit_test_setup_teardown(test_creators_are_replaced,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_marks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_creator_and_parent, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_a_null_dacl_is_kept, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_audits_are_inherited,
						setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
