/* fsa/tests/offload_token_test.c - a token is good for its holder alone, as it
 * was made, and for its time ([MS-FSCC] 2.1.11). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "fsa/offload_token.h"
#include "lib/sid.h"

#define IS(status, name)                                                       \
	assert_string_equal(ntstatus_name(status), "NT_STATUS_" name)

static const uint8_t key[OFFLOAD_KEY_SIZE] = {1, 2, 3};
static const uint8_t other_key[OFFLOAD_KEY_SIZE] = {1, 2, 4};

static struct offload_token make(void)
{
	struct offload_token t = {
		.expires = 1000,
		.device = 7,
		.inode = 8,
		.version = {9},
		.offset = 512,
		.length = 1024,
	};

	IS(offload_token_set_path(&t, "dir/file"), "SUCCESS");
	return t;
}

static void put(uint8_t raw[OFFLOAD_TOKEN_SIZE], const struct offload_token *t,
		const struct offload_holder *holder)
{
	struct wire_writer w = wire_writer_fixed(raw, OFFLOAD_TOKEN_SIZE);

	offload_token_put(&w, t, holder);
	assert_true(wire_writer_ok(&w));
	assert_int_equal(w.length, OFFLOAD_TOKEN_SIZE);
}

static NTSTATUS get(const uint8_t raw[OFFLOAD_TOKEN_SIZE], NTTIME now,
		    const struct offload_holder *holder,
		    struct offload_token *out)
{
	struct wire_reader r = wire_reader(raw, OFFLOAD_TOKEN_SIZE);

	return offload_token_read(&r, now, holder, out);
}

static void test_comes_back(void **state)
{
	const struct sid user = sid_unix_user(1);
	const struct offload_holder h = {key, &user, "/srv"};
	const struct offload_token t = make();
	struct offload_token back;
	uint8_t raw[OFFLOAD_TOKEN_SIZE];

	put(raw, &t, &h);
	assert_int_equal(raw[6] << 8 | raw[7], 504); /* big-endian */
	IS(get(raw, 999, &h, &back), "SUCCESS");
	assert_memory_equal(&back, &t, sizeof(t));
}

static void test_is_refused(void **state)
{
	const struct sid user = sid_unix_user(1), other = sid_unix_user(2);
	const struct offload_holder h = {key, &user, "/srv"};
	const struct offload_holder others[] = {
		{other_key, &user, "/srv"},
		{key, &other, "/srv"},
		{key, &user, "/srv2"},
	};
	const struct offload_token t = make();
	struct offload_token back;
	uint8_t raw[OFFLOAD_TOKEN_SIZE];

	put(raw, &t, &h);
	IS(get(raw, 1000, &h, &back), "INVALID_TOKEN"); /* expired */
	for (size_t i = 0; i < 3; i++) {
		IS(get(raw, 0, &others[i], &back), "INVALID_TOKEN");
	}
	for (size_t i = 0; i < sizeof(raw); i++) {
		raw[i] ^= 0x40;
		IS(get(raw, 0, &h, &back), "INVALID_TOKEN");
		raw[i] ^= 0x40;
	}
	memset(raw, 0, sizeof(raw));
	IS(get(raw, 0, &h, &back), "INVALID_TOKEN");
}

static void test_zeros(void **state)
{
	const struct sid user = sid_unix_user(1);
	const struct offload_holder h = {key, &user, "/srv"};
	/* As a client makes it. */
	const uint8_t raw[OFFLOAD_TOKEN_SIZE] = {0xff, 0xff, 0, 1, 0, 0, 0, 8};
	struct offload_token t = {0};

	IS(get(raw, 0, &h, &t), "SUCCESS");
	assert_true(t.zero);
}

static void test_long_names(void **state)
{
	char name[OFFLOAD_MAX_PATH + 2];
	struct offload_token t;

	memset(name, 'x', sizeof(name));
	name[OFFLOAD_MAX_PATH + 1] = '\0';
	IS(offload_token_set_path(&t, name), "NOT_SUPPORTED");
	name[OFFLOAD_MAX_PATH] = '\0';
	IS(offload_token_set_path(&t, name), "SUCCESS");
	assert_string_equal(t.path, name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_back),
		cmocka_unit_test(test_is_refused),
		cmocka_unit_test(test_zeros),
		cmocka_unit_test(test_long_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
