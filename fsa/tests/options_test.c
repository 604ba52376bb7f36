/* fsa/tests/options_test.c - what smb.conf says to a module. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "fsa/options.h"

struct config {
	bool flag;
	int number, mode, word;
	uint64_t bytes;
	const char *text;
	const char *const *list;
	char own;
};

static bool parse_own(TALLOC_CTX *mem_ctx, const struct fsa_option_def *d,
		      void *config, const char *value, const char **out_reason)
{
	*((char *)config + d->offset) = value[0];
	*out_reason = "not a capital";
	return value[0] >= 'A' && value[0] <= 'Z';
}

#define ROW(n, t, m, i, ...)                                                   \
	{                                                                      \
		.name = n, .type = FSA_OPTION_##t,                             \
		.offset = offsetof(struct config, m), .initial = i,            \
		__VA_ARGS__                                                    \
	}

static const char *const words[] = {"red", "green", NULL};

static const struct fsa_option_def defs[] = {
	ROW("flag", BOOL, flag, "yes"),
	ROW("number", INT, number, "7", .min = -1, .max = 100),
	ROW("mode", OCTAL, mode, "0755", .max = 07777),
	ROW("bytes", BYTES, bytes, "1K"),
	ROW("text", STRING, text, "a b"),
	ROW("list", LIST, list, "x, y"),
	ROW("a word", WORD, word, "green", .words = words),
	ROW("own", OWN, own, NULL, .parse = parse_own),
	{.name = NULL},
};

static const struct fsa_filter filter = {
	.version = FSA_FILTER_VERSION,
	.name = "paint",
	.options = defs,
	.config_size = sizeof(struct config),
};

static void test_defaults(void **unused)
{
	const struct fsa_volume_params params = {.share_name = "s"};
	void *out = NULL;
	struct config *c;

	assert_true(
		NT_STATUS_IS_OK(options_parse(NULL, &filter, &params, &out)));
	c = out;
	assert_true(c->flag);
	assert_int_equal(c->number, 7);
	assert_int_equal(c->mode, 0755);
	assert_int_equal(c->bytes, 1024);
	assert_string_equal(c->text, "a b");
	assert_string_equal(c->list[1], "y");
	assert_null(c->list[2]);
	assert_int_equal(c->word, 1);
	assert_int_equal(c->own, 0);
	talloc_free(c);
}

static void test_what_is_said(void **unused)
{
	const struct fsa_option said[] = {
		{"paint:flag", "off"},	   {"PAINT:Number", "-1"},
		{"paint:bytes", "3T"},	   {"paint:aWord", "RED"},
		{"paint:own", "Q"},	   {"paint:unknown", "1"},
		{"painter:number", "bad"}, {"other:number", "bad"},
	};
	const struct fsa_volume_params params = {
		.share_name = "s", .options = said, .num_options = 8};
	void *out = NULL;
	struct config *c;

	assert_true(
		NT_STATUS_IS_OK(options_parse(NULL, &filter, &params, &out)));
	c = out;
	assert_false(c->flag);
	assert_int_equal(c->number, -1);
	assert_true(c->bytes == 3ull << 40);
	assert_int_equal(c->word, 0);
	assert_int_equal(c->own, 'Q');
	talloc_free(c);
}

static void check(const char *name, const char *value, bool good)
{
	struct fsa_option said = {.value = value};
	const struct fsa_volume_params params = {
		.share_name = "s", .options = &said, .num_options = 1};
	char text[64];
	void *out = NULL;
	bool error = false;
	const char *why = option_check(&filter, name, value, &error);

	snprintf(text, sizeof(text), "paint:%s", name);
	said.name = text;
	assert_int_equal(why == NULL, good);
	assert_true(good || error);
	assert_int_equal(
		NT_STATUS_IS_OK(options_parse(NULL, &filter, &params, &out)),
		good);
	/* untouched on failure */
	assert_int_equal(out != NULL, good);
	talloc_free(out);
}

static void test_values(void **unused)
{
	check("flag", "1", true);
	check("flag", "perhaps", false);
	check("flag", "", false);
	check("number", "100", true);
	check("number", "101", false);
	check("number", "-2", false);
	check("number", "7x", false);
	check("number", "", false);
	check("number", "99999999999999999999", false);
	check("mode", "7777", true);
	check("mode", "10000", false);
	check("mode", "9", false);
	check("bytes", "0", true);
	check("bytes", "18446744073709551615", true);
	check("bytes", "18446744073709551616", false);
	check("bytes", "16777215T", true);
	check("bytes", "16777216T", false);
	check("bytes", "-1", false);
	check("bytes", "1KB", false);
	check("bytes", "K", false);
	check("text", "", true);
	check("list", "", true);
	check("a word", "blue", false);
	check("own", "q", false);
}

static void test_what_is_not_there(void **unused)
{
	bool error = true;

	assert_non_null(option_check(&filter, "unknown", "1", &error));
	assert_false(error);
	assert_null(option_of(&filter, "paint"));
	assert_null(option_of(&filter, "painter:x"));
	assert_string_equal(option_of(&filter, "Paint:x"), "x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_what_is_said),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_what_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
