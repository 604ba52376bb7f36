/* lib/tests/sd_test.c - security descriptors: [MS-DTYP] 2.4.4 to 2.4.6. */
#include "lib/sd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Owner S-1-5-18, no group, a DACL with one entry for Everyone. */
static const uint8_t simple[] = {
	0x01, 0x00, 0x04, 0x84, 0x14, 0, 0,    0, 0,  0, 0, 0,
	0,    0,    0,	  0,	0x20, 0, 0,    0,	       /* header */
	1,    1,    0,	  0,	0,    0, 0,    5, 18, 0, 0, 0, /* owner */
	2,    0,    28,	  0,	1,    0, 0,    0,	       /* ACL */
	0,    3,    20,	  0,	0xff, 1, 0x1f, 0, 1,  1, 0, 0,
	0,    0,    0,	  1,	0,    0, 0,    0 /* ACE */
};

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

static struct blob bytes(TALLOC_CTX *mem_ctx)
{
	return (struct blob){
		.data = talloc_memdup(mem_ctx, simple, sizeof(simple)),
		.length = sizeof(simple)};
}

static void test_a_descriptor_is_read(void **state)
{
	struct security_descriptor sd;
	struct sid owner = sid_system();
	struct sid everyone = sid_everyone();

	assert_true(NT_STATUS_IS_OK(sd_decode(*state, bytes(*state), &sd)));
	assert_int_equal(sd.control, SE_SELF_RELATIVE | SE_DACL_PRESENT |
					     SE_DACL_AUTO_INHERITED);
	assert_true(sd.has_owner && !sd.has_group && !sd.has_sacl &&
		    sd.has_dacl);
	assert_true(sid_equal(&sd.owner, &owner));
	assert_int_equal(sd.dacl.count, 1);
	assert_int_equal(sd.dacl.aces[0].type, ACE_ALLOWED);
	assert_int_equal(sd.dacl.aces[0].flags,
			 ACE_OBJECT_INHERIT | ACE_CONTAINER_INHERIT);
	assert_int_equal(sd.dacl.aces[0].mask, 0x001f01ff);
	assert_true(sid_equal(&sd.dacl.aces[0].sid, &everyone));
}

static void test_what_is_written_is_what_was_read(void **state)
{
	struct security_descriptor sd;
	struct blob out;

	assert_true(NT_STATUS_IS_OK(sd_decode(*state, bytes(*state), &sd)));
	assert_true(NT_STATUS_IS_OK(sd_encode(*state, &sd, &out)));
	assert_int_equal(out.length, sizeof(simple));
	assert_memory_equal(out.data, simple, sizeof(simple));
}

/* A null ACL and an empty one are not the same. */
static void test_null_and_empty_acls(void **state)
{
	struct security_descriptor sd = {.control = SE_DACL_PRESENT};
	struct security_descriptor again;
	struct blob out;

	assert_true(NT_STATUS_IS_OK(sd_encode(*state, &sd, &out)));
	assert_true(NT_STATUS_IS_OK(sd_decode(*state, out, &again)));
	assert_true((again.control & SE_DACL_PRESENT) != 0);
	assert_false(again.has_dacl);

	sd.has_dacl = true;
	sd.dacl.revision = ACL_REVISION;
	assert_true(NT_STATUS_IS_OK(sd_encode(*state, &sd, &out)));
	assert_true(NT_STATUS_IS_OK(sd_decode(*state, out, &again)));
	assert_true(again.has_dacl);
	assert_int_equal(again.dacl.count, 0);
}

/* Object and callback entries, and types that are not known, survive. */
static void test_other_entries_survive(void **state)
{
	uint8_t object[20] = {1, 0, 0, 0, 9, 8, 7};
	uint8_t condition[8] = "artx";
	struct ace aces[] = {
		{.type = ACE_DENIED_OBJECT,
		 .mask = 2,
		 .object = {object, sizeof(object)},
		 .sid = sid_everyone()},
		{.type = ACE_ALLOWED_CALLBACK,
		 .mask = 1,
		 .sid = sid_network(),
		 .data = {condition, sizeof(condition)}},
		{.type = 0x77, .data = {condition, 4}},
	};
	struct security_descriptor sd = {
		.control = SE_DACL_PRESENT,
		.has_dacl = true,
		.dacl = {.revision = ACL_REVISION_DS, .count = 3, .aces = aces},
	};
	struct security_descriptor again;
	struct blob out;

	assert_true(NT_STATUS_IS_OK(sd_encode(*state, &sd, &out)));
	assert_true(NT_STATUS_IS_OK(sd_decode(*state, out, &again)));
	assert_int_equal(again.dacl.count, 3);
	assert_int_equal(again.dacl.aces[0].object.length, sizeof(object));
	assert_memory_equal(again.dacl.aces[0].object.data, object,
			    sizeof(object));
	assert_true(sid_equal(&again.dacl.aces[0].sid, &aces[0].sid));
	assert_int_equal(again.dacl.aces[1].data.length, sizeof(condition));
	assert_int_equal(again.dacl.aces[2].type, 0x77);
	assert_int_equal(again.dacl.aces[2].data.length, 4);
}

struct damage {
	size_t at;
	uint8_t value;
	uint32_t expected;
};

static void test_damaged_descriptors(void **state)
{
	static const struct damage damages[] = {
		{0, 2, NT_STATUS_V_UNKNOWN_REVISION},
		{3, 0x04, NT_STATUS_V_INVALID_SECURITY_DESCR},
		{4, 0x40, NT_STATUS_V_INVALID_SID},
		{7, 0x80, NT_STATUS_V_INVALID_SID},
		{0x14, 2, NT_STATUS_V_INVALID_SID},
		{0x15, 16, NT_STATUS_V_INVALID_SID},
		{0x10, 0x38, NT_STATUS_V_INVALID_ACL},
		{0x13, 0xff, NT_STATUS_V_INVALID_ACL},
		{0x20, 1, NT_STATUS_V_INVALID_ACL},
		{0x22, 7, NT_STATUS_V_INVALID_ACL},
		{0x22, 29, NT_STATUS_V_INVALID_ACL},
		{0x24, 2, NT_STATUS_V_INVALID_ACL},
		{0x25, 0xff, NT_STATUS_V_INVALID_ACL},
		{0x2a, 3, NT_STATUS_V_INVALID_ACL},
		{0x2a, 21, NT_STATUS_V_INVALID_ACL},
		{0x31, 9, NT_STATUS_V_INVALID_ACL},
	};

	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct blob in = bytes(*state);
		struct security_descriptor sd = {.control = 0x55};

		in.data[damages[i].at] = damages[i].value;
		assert_int_equal(sd_decode(*state, in, &sd).v,
				 damages[i].expected);
		assert_int_equal(sd.control, 0x55);
	}
}

static void test_cut_off_anywhere(void **state)
{
	for (size_t n = 0; n < sizeof(simple); n++) {
		struct blob in = bytes(*state);
		struct security_descriptor sd;

		in.length = n;
		assert_false(NT_STATUS_IS_OK(sd_decode(*state, in, &sd)));
	}
}

static void test_too_long(void **state)
{
	static uint8_t large[0xfff0];
	struct ace a = {.type = 0x77, .data = {large, 0x8000}};
	struct ace aces[] = {a, a};
	struct security_descriptor sd = {
		.control = SE_DACL_PRESENT,
		.has_dacl = true,
		.dacl = {.revision = ACL_REVISION, .count = 2, .aces = aces},
	};
	struct blob out;

	assert_true(NT_STATUS_IS(sd_encode(*state, &sd, &out),
				 INVALID_SECURITY_DESCR));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_descriptor_is_read,
						setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_what_is_written_is_what_was_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_null_and_empty_acls, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_other_entries_survive,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_damaged_descriptors, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_cut_off_anywhere, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_too_long, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
