/* idl/tests/ndr_test.c - bytes known to be right, written by hand from the
 * rules of NDR ([C706] chapter 14, [MS-RPCE] 2.2.4) and of plain records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "idl/token_gen.h"
#include "pidl-gen/tests/features_gen.h"

static int setup(void **state)
{
	*state = talloc_new(NULL);
	return *state == NULL;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* "01 02 03" as bytes. */
static struct blob bytes(TALLOC_CTX *mem_ctx, const char *hex)
{
	struct blob b = {.data = talloc_array(mem_ctx, uint8_t, strlen(hex))};

	assert_non_null(b.data);
	for (; *hex != '\0'; hex++) {
		if (*hex == ' ') {
			continue;
		}
		b.data[b.length++] =
			(uint8_t)(digit(hex[0]) << 4 | digit(hex[1]));
		hex++;
	}
	return b;
}

static void assert_bytes(TALLOC_CTX *mem_ctx, struct blob got, const char *hex)
{
	struct blob want = bytes(mem_ctx, hex);

	assert_int_equal(got.length, want.length);
	assert_memory_equal(got.data, want.data, want.length);
}

/* Pushes v and compares; pulls what was pushed to out. */
#define ASSERT_WIRE(type, v, hex, out)                                         \
	do {                                                                   \
		struct blob wire_ = {0};                                       \
		assert_true(NT_STATUS_IS_OK(type##_push(*state, v, &wire_)));  \
		assert_bytes(*state, wire_, hex);                              \
		assert_true(NT_STATUS_IS_OK(type##_pull(*state, wire_, out))); \
	} while (0)

#define ASSERT_REFUSED(type, hex)                                              \
	do {                                                                   \
		struct type out_;                                              \
		assert_true(NT_STATUS_IS(                                      \
			type##_pull(*state, bytes(*state, hex), &out_),        \
			INVALID_PARAMETER));                                   \
	} while (0)

/* --- plain ------------------------------------------------------------ */

static void test_plain_members_follow_without_gaps(void **state)
{
	struct odd_record in = {
		.a = 1,
		.b = 0x05040302,
		.c = 6,
		.d = 0x0e0d0c0b0a090807,
		.pairs = {{0x1110, 0x15141312}, {1, 2}},
		.matrix = {{1, 2, 3}, {4, 5, 6}},
	};
	struct odd_record out;

	ASSERT_WIRE(odd_record, &in,
		    "01 02030405 06 0708090a0b0c0d0e"
		    "1011 12131415 0100 02000000"
		    "0100 0200 0300 0400 0500 0600",
		    &out);
	assert_int_equal(out.matrix[1][2], 6);
	assert_int_equal(odd_record_FIXED_SIZE, 38);
}

static void test_plain_sid_is_as_long_as_it_is(void **state)
{
	struct sid sids[2] = {sid_everyone(), sid_system()};
	uint32_t gids[1] = {7};
	struct security_token out,
		in = {
			.num_sids = 2,
			.sids = sids,
			.privileges = TOKEN_BACKUP | TOKEN_RESTORE,
			.uid = 1,
			.gid = 2,
			.num_gids = 1,
			.gids = gids,
			.account_name = "al",
			.domain_name = "",
		};

	ASSERT_WIRE(security_token, &in,
		    "02000000 0101000000000001 00000000"
		    "0101000000000005 12000000"
		    "0c000000 01000000 02000000 01000000 07000000"
		    "02000000 616c 00000000",
		    &out);
	assert_string_equal(out.account_name, "al");
}

static void test_plain_pointers_and_strings(void **state)
{
	struct tree leaf = {.value = 2}, root = {.value = 1, .right = &leaf};
	struct tree out;

	ASSERT_WIRE(tree, &root, "01000000 00 01 02000000 00 00", &out);
	assert_null(out.left);
	assert_int_equal(out.right->value, 2);
	ASSERT_REFUSED(tree, "01000000 00 02 02000000 00 00");
}

static void test_plain_union_is_its_arm(void **state)
{
	struct chosen in = {.kind = 1, .which = COLOUR_GREEN}, out;

	in.u.number = 0x04030201;
	ASSERT_WIRE(chosen, &in, "0100 01020304 02", &out);
	in.kind = 4;
	ASSERT_WIRE(chosen, &in, "0400 02", &out);
	in.kind = 99;
	in.u.rest = (struct blob){0};
	ASSERT_WIRE(chosen, &in, "6300 00000000 02", &out);
	/* 3 is no colour, so it has no arm. */
	ASSERT_REFUSED(chosen, "0400 03");
}

static void test_recursion_is_bounded(void **state)
{
	struct tree *nodes = talloc_zero_array(*state, struct tree, 100);
	struct blob wire;

	for (size_t i = 0; i + 1 < 100; i++) {
		nodes[i].left = &nodes[i + 1];
	}
	assert_true(NT_STATUS_IS(tree_push(*state, nodes, &wire),
				 INVALID_PARAMETER));
	nodes[NDR_MAX_DEPTH - 1].left = NULL;
	assert_true(NT_STATUS_IS_OK(tree_push(*state, nodes, &wire)));
}

static void test_counts_and_ranges_are_checked_first(void **state)
{
	/* num_sids 0xfffffff0: beyond its range and what is there. */
	ASSERT_REFUSED(security_token, "f0ffffff 00000000 00000000 00000000");
	/* 1000 would be in range, but is not there. */
	ASSERT_REFUSED(security_token, "e8030000 0101000000000001 00000000");
	/* 1 is below the range. */
	ASSERT_REFUSED(security_token,
		       "01000000 0101000000000001 00000000"
		       "01000000 02000000 00000000 00000000 00000000");
}

static void test_a_value_out_of_range_is_not_pushed(void **state)
{
	struct security_token in = {.num_sids = 1};
	struct blob wire = {0};

	assert_true(NT_STATUS_IS(security_token_push(*state, &in, &wire),
				 INVALID_PARAMETER));
	assert_null(wire.data);
}

/* --- NDR: alignment --------------------------------------------------- */

/* [C706] 14.2.2: each primitive at a multiple of its size. */
static void test_ndr_primitives_are_aligned(void **state)
{
	struct scalars_ndr out, in = {
					.a = 1,
					.b = 2,
					.c = 3,
					.d = 4,
					.e = 5,
					.f = 6,
					.g = 7,
					.shape = SHAPE_LONG,
					.size = SIZE_HUGE,
					.guid = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
						  10, 11, 12, 13, 14, 15}},
					.time = 8,
					.sid = sid_everyone(),
					.dbl = 1.0,
					.flag = true,
				};

	ASSERT_WIRE(scalars_ndr, &in,
		    "01 00000000000000 0200000000000000"
		    "03 00 0400 05 000000 06000000"
		    "07 00 feff ffffff7f"
		    "000102030405060708090a0b0c0d0e0f"
		    "0800000000000000"
		    "0101000000000001 00000000 000000000000f03f 01",
		    &out);
	assert_true(out.dbl == 1.0);
}

/* [C706] 14.3.7.1: the count of the array stands before the structure, which
 * is then aligned to its own greatest alignment. */
static void test_ndr_conformant_count_is_first(void **state)
{
	uint16_t data[3] = {1, 2, 3};
	struct conformant out,
		in = {.count = 3, .aligner = 0x0102030405060708, .data = data};

	ASSERT_WIRE(conformant, &in,
		    "03000000 00000000"
		    "03 00000000000000 0807060504030201 0100 0200 0300",
		    &out);
	assert_int_equal(out.data[2], 3);
	/* A count that is not what the member says. */
	ASSERT_REFUSED(conformant,
		       "02000000 00000000"
		       "03 00000000000000 0807060504030201 0100 0200 0300");
}

static void test_ndr_conformant_count_of_an_inner_structure(void **state)
{
	uint16_t data[1] = {9};
	struct conformant_outer out,
		in = {
			.before = 5,
			.last = {.count = 1, .aligner = 6, .data = data},
		};

	ASSERT_WIRE(conformant_outer, &in,
		    "01000000 00000000 05000000 00000000"
		    "01 00000000000000 0600000000000000 0900",
		    &out);
}

/* [C706] 14.3.3.3, 14.3.3.4: greatest count, offset, count. */
static void test_ndr_conformant_varying_array(void **state)
{
	uint32_t data[2] = {7, 8};
	struct conformant_varying out,
		in = {.used = 2, .room = 5, .data = data};

	ASSERT_WIRE(conformant_varying, &in,
		    "05000000 02000000 05000000 00000000 02000000"
		    "07000000 08000000",
		    &out);
	/* More than there is room for; another offset. */
	ASSERT_REFUSED(conformant_varying,
		       "01000000 02000000 01000000 00000000 02000000"
		       "07000000 08000000");
	ASSERT_REFUSED(conformant_varying,
		       "05000000 02000000 05000000 01000000 02000000"
		       "07000000 08000000");
}

/* [C706] 14.3.4: strings have their terminator. */
static void test_ndr_varying_array_and_string(void **state)
{
	struct varying out,
		in = {.used = 3, .data = {1, 2, 3}, .name = "ab", .wide = "c"};

	ASSERT_WIRE(varying, &in,
		    "03000000 00000000 03000000 010203 00"
		    "00000000 03000000 616200 00"
		    "00000000 02000000 6300 0000",
		    &out);
	assert_string_equal(out.name, "ab");
	/* Without a terminator. */
	ASSERT_REFUSED(varying, "03000000 00000000 03000000 010203 00"
				"00000000 03000000 616263 00"
				"00000000 02000000 6300 0000");
	/* Longer than its array. */
	ASSERT_REFUSED(varying, "03000000 00000000 03000000 010203 00"
				"00000000 0d000000 61616161616161616161616100"
				"000000 00000000 02000000 6300 0000");
}

/* --- NDR: pointers ---------------------------------------------------- */

/* [MS-DTYP] 2.3.10: what most calls carry their names in. */
static void test_ndr_unicode_string(void **state)
{
	uint16_t text[3] = {'D', 'O', 'M'};
	struct unicode out,
		in = {.Length = 6, .MaximumLength = 8, .Buffer = text};

	ASSERT_WIRE(unicode, &in,
		    "0600 0800 00000200"
		    "04000000 00000000 03000000 4400 4f00 4d00",
		    &out);
	assert_int_equal(out.Buffer[2], 'M');
	in = (struct unicode){0};
	ASSERT_WIRE(unicode, &in, "0000 0000 00000000", &out);
	assert_null(out.Buffer);
}

/* [C706] 14.3.12.3: referents follow the whole structure, in the order of
 * their pointers, and each is followed by its own. */
static void test_ndr_referents_are_deferred(void **state)
{
	struct list last = {.value = 3}, second = {.value = 2, .next = &last};
	struct list child = {.value = 4};
	struct list out, in = {.value = 1,
			       .next = &second,
			       .child = &child,
			       .children = 1};

	ASSERT_WIRE(list, &in,
		    "0100 0000 00000200 04000200 01 000000"
		    "0200 0000 08000200 00000000 00 000000"
		    "0300 0000 00000000 00000000 00 000000"
		    "01000000"
		    "0400 0000 00000000 00000000 00",
		    &out);
	assert_int_equal(out.next->next->value, 3);
	assert_int_equal(out.child[0].value, 4);
}

/* [C706] 14.3.12.1: full pointers to the same share one referent. */
static void test_ndr_full_pointers_share_their_referent(void **state)
{
	struct scalars_ndr s = {.sid = sid_everyone()};
	uint8_t r = 1;
	uint64_t h = 2;
	struct pointers in = {.r = &r, .rw = "", .f = &h, .fs = &s};
	struct pointers out;
	struct blob wire;
	size_t size;

	assert_true(NT_STATUS_IS_OK(pointers_push(*state, &in, &wire)));
	assert_true(NT_STATUS_IS_OK(pointers_pull(*state, wire, &out)));
	assert_int_equal(*out.f, 2);
	size = wire.length;
	/* The id of the first where the second stands: another type. */
	memcpy(wire.data + 12, wire.data + 8, 4);
	assert_true(NT_STATUS_IS(
		pointers_pull(*state, (struct blob){wire.data, size}, &out),
		INVALID_PARAMETER));
}

static void test_ndr_same_pointer_same_id(void **state)
{
	uint64_t h = 0x1122334455667788;
	struct two_full in = {.one = &h, .two = &h}, out;

	ASSERT_WIRE(two_full, &in, "00000200 00000200 8877665544332211", &out);
	assert_ptr_equal(out.one, out.two);
	assert_int_equal(*out.two, h);
}

/* An embedded reference pointer has four bytes too, but may not be 0. */
static void test_ndr_reference_pointer_is_not_null(void **state)
{
	struct one_ref out, in = {.r = NULL};
	struct blob wire;
	uint8_t v = 5;

	assert_true(NT_STATUS_IS(one_ref_push(*state, &in, &wire),
				 INVALID_PARAMETER));
	in.r = &v;
	ASSERT_WIRE(one_ref, &in, "00000200 05", &out);
	assert_int_equal(*out.r, 5);
	ASSERT_REFUSED(one_ref, "00000000");
}

/* --- NDR: unions ------------------------------------------------------ */

/* [C706] 14.3.8: the discriminant goes with the union, and the arm is aligned
 * as itself; with ms_union as the greatest arm ([MS-RPCE] 2.2.4.5). */
static void test_ndr_union_has_its_discriminant(void **state)
{
	uint8_t byte = 9;
	struct ndr_chosen out, in = {.first = 1,
				     .kind = 0,
				     .u.bytes = &byte,
				     .ms_kind = 0,
				     .ms.byte = 7,
				     .pu = NULL};

	ASSERT_WIRE(ndr_chosen, &in,
		    "01 000000 00000000"
		    "00000000 00000200"
		    "0000 0000 00000000 07 000000"
		    "00000000"
		    "09",
		    &out);
	assert_int_equal(*out.u.bytes, 9);
	/* The union's own discriminant is not the structure's. */
	ASSERT_REFUSED(ndr_chosen, "01 000000 00000000"
				   "01000000 00000200"
				   "0000 0000 00000000 07 000000"
				   "00000000"
				   "09");
}

/* [C706] 14.3.8: an encapsulated union has its discriminant once. */
static void test_ndr_encapsulated_union(void **state)
{
	struct encapsulated out, in = {.tag = 2, .value.large_one = 5};

	ASSERT_WIRE(encapsulated, &in, "02000000 00000000 0500000000000000",
		    &out);
}

/* --- print ------------------------------------------------------------ */

static void test_text(void **state)
{
	struct ndr_print *p = ndr_print_text_create(*state);
	struct chosen in = {.kind = 2, .which = COLOUR_RED};

	in.u.sid = sid_system();
	in.inner.red = 7;
	chosen_print(p, "it", &in);
	assert_string_equal(ndr_print_text_get(p), "it: struct\n"
						   "  kind: 2\n"
						   "  u: struct\n"
						   "    sid: S-1-5-18\n"
						   "  which: COLOUR_RED\n"
						   "  inner: struct\n"
						   "    red: 7\n");
}

static void test_json(void **state)
{
	struct ndr_print *p = ndr_print_json_create(*state);
	struct tree left = {.value = 2}, in = {.value = 1, .left = &left};
	json_t *object;
	char *text;

	tree_print(p, "it", &in);
	object = ndr_print_json_get(p);
	text = json_dumps(object, JSON_COMPACT);
	assert_string_equal(text,
			    "{\"it\":{\"value\":1,\"left\":{\"value\":2,"
			    "\"left\":null,\"right\":null},\"right\":null}}");
	free(text);
	json_decref(object);
}

static void test_texts_are_made_harmless(void **state)
{
	struct ndr_print *p = ndr_print_text_create(*state);

	ndr_print_text(p, "name", "a\nb\x1b[0m\xff");
	assert_string_equal(ndr_print_text_get(p),
			    "name: \"a\xef\xbf\xbd"
			    "b\xef\xbf\xbd[0m\xef\xbf\xbd\"\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_plain_members_follow_without_gaps),
		TEST(test_plain_sid_is_as_long_as_it_is),
		TEST(test_plain_pointers_and_strings),
		TEST(test_plain_union_is_its_arm),
		TEST(test_recursion_is_bounded),
		TEST(test_counts_and_ranges_are_checked_first),
		TEST(test_a_value_out_of_range_is_not_pushed),
		TEST(test_ndr_primitives_are_aligned),
		TEST(test_ndr_conformant_count_is_first),
		TEST(test_ndr_conformant_count_of_an_inner_structure),
		TEST(test_ndr_conformant_varying_array),
		TEST(test_ndr_varying_array_and_string),
		TEST(test_ndr_unicode_string),
		TEST(test_ndr_referents_are_deferred),
		TEST(test_ndr_full_pointers_share_their_referent),
		TEST(test_ndr_same_pointer_same_id),
		TEST(test_ndr_reference_pointer_is_not_null),
		TEST(test_ndr_union_has_its_discriminant),
		TEST(test_ndr_encapsulated_union),
		TEST(test_text),
		TEST(test_json),
		TEST(test_texts_are_made_harmless),
	};

	return cmocka_run_group_tests_name("idl/ndr", tests, NULL, NULL);
}
