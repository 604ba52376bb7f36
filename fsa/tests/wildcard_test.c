/* fsa/tests/wildcard_test.c - [MS-FSA] 2.1.4.4 as a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "fsa/wildcard.h"

static void test_rules(void **state)
{
	static const struct {
		const char *pattern;
		const char *name;
		bool match;
	} rows[] = {
		{"*", "anything", true},
		{"*.*", "no-dot", true},
		{"abc", "ABC", true},
		{"abc", "abcd", false},
		{"a*", "abc", true},
		{"a*c", "abc", true},
		{"a*c", "abcd", false},
		{"*c", "abc", true},
		{"*.txt", "a.b.TXT", true},
		{"*.txt", "txt", false},
		{"**", "abc", true},
		{"?", "a", true},
		{"?", "ab", false},
		{"?", "\xc3\xbc", true},
		{"a?c", "abc", true},
		{"a?", "a", false},
		{"\xc3\xa4*", "\xc3\x84pfel", true},
		/* DOS_QM: one character, or none at a period or the end */
		{">", "a", true},
		{">>>", "a", true},
		{">>>.txt", "a.txt", true},
		{">>>.txt", "abcd.txt", false},
		{">", ".", false},
		{"a>", "a", true},
		/* DOS_DOT: a period, or nothing at the end */
		{"a\"", "a", true},
		{"a\"", "a.", true},
		{"a\"b", "a.b", true},
		{"a\"b", "ab", false},
		{"a\"b", "axb", false},
		{"*\"", "abc", true},
		/* DOS_STAR: up to the last period */
		{"<", "abc", true},
		{"<.txt", "a.txt", true},
		{"<.txt", "a.b.txt", true},
		{"<.b", "a.b.txt", false},
		{"<\"*", "a.b.c", true},
		{"<\"*", "abc", true},
		{">>>>>>>>\">>>", "README.TXT", true},
		{">>>>>>>>\">>>", "README", true},
		{">>>>>>>>\">>>", "README.HTML", false},
		{"*", ".", true},
		{"*", "..", true},
		{".", ".", true},
		{"a*", ".", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (wildcard_match(rows[i].pattern, rows[i].name) !=
		    rows[i].match) {
			fail_msg("\"%s\" and \"%s\"", rows[i].pattern,
				 rows[i].name);
		}
	}
}

/* What would take other ways of matching for ever. */
static void test_expensive(void **state)
{
	char pattern[512];
	char name[256];

	for (size_t i = 0; i < 250; i++) {
		pattern[2 * i] = '*';
		pattern[2 * i + 1] = 'a';
		name[i] = 'a';
	}
	pattern[500] = 'b';
	pattern[501] = '\0';
	name[250] = '\0';
	assert_false(wildcard_match(pattern, name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_expensive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
