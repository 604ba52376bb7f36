/* messaging/tests/server_id_test.c - server ids as text. */
#include "messaging/server_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static void test_text_and_back(void **state)
{
	static const struct server_id ids[] = {
		{.pid = 1, .unique_id = 1},
		{.pid = UINT32_MAX, .unique_id = UINT64_MAX},
		{.node = UINT32_MAX,
		 .pid = UINT32_MAX,
		 .unique_id = UINT64_MAX},
		{.node = 3, .pid = 77, .unique_id = 0xabc},
	};
	char text[SERVER_ID_STRING_SIZE];
	struct server_id back;
	size_t i;

	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		server_id_format(&ids[i], text);
		assert_true(NT_STATUS_IS_OK(server_id_parse(text, &back)));
		assert_true(server_id_equal(&ids[i], &back));
	}
	server_id_format(&ids[3], text);
	assert_string_equal(text, "3:77/abc");
	server_id_format(&ids[0], text);
	assert_string_equal(text, "1/1");
}

static void test_bad_text(void **state)
{
	static const char *const bad[] = {
		"",	"1",	  "1/",	  "/1",	   "a/1",
		"1/g",	"1/1 ",	  " 1/1", "-1/1",  "1/-1",
		"1//1", "1:1",	  "1:/1", "1/x",   "4294967296/1",
		"1/1/", "1:2/3:", "+1/1", "1/0x1", "1/11111111111111111",
	};
	struct server_id id = {.pid = 9}, untouched = id;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(NT_STATUS_IS_OK(server_id_parse(bad[i], &id)));
		assert_true(server_id_equal(&id, &untouched));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_and_back),
		cmocka_unit_test(test_bad_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
