/* fsa/wildcard.c - patterns for directory queries ([MS-FSA] 2.1.4.4).
 *
 * The pattern is a small automaton: a set of positions in it, one bit each, is
 * moved on by one character of the name at a time.  So a pattern made to be
 * expensive costs no more than any other. */
#include "fsa/wildcard.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "lib/utf16.h"

#define DOS_STAR '<'
#define DOS_QM	 '>'
#define DOS_DOT	 '"'

#define MAX_PATTERN 1024 /* code points; longer ones match nothing */
#define WORDS	    (MAX_PATTERN / 64 + 1)

struct positions {
	uint64_t bits[WORDS];
};

struct expression {
	uint32_t chars[MAX_PATTERN]; /* in upper case */
	size_t length;
};

bool wildcard_is_in(const char *pattern)
{
	return strpbrk(pattern, "\"*<>?") != NULL;
}

static bool has(const struct positions *p, size_t i)
{
	return (p->bits[i / 64] >> (i % 64) & 1) != 0;
}

static void add(struct positions *p, size_t i)
{
	p->bits[i / 64] |= (uint64_t)1 << (i % 64);
}

static bool parse(const char *pattern, struct expression *out)
{
	uint32_t c;

	out->length = 0;
	while ((c = utf8_next(&pattern)) != 0) {
		if (out->length == MAX_PATTERN) {
			return false;
		}
		out->chars[out->length++] = utf16_upcase(c);
	}
	return true;
}

/* Adds what can be reached without a character: the stars match none. */
static void close_over(const struct expression *e, struct positions *p)
{
	for (size_t i = 0; i < e->length; i++) {
		if (has(p, i) &&
		    (e->chars[i] == '*' || e->chars[i] == DOS_STAR)) {
			add(p, i + 1);
		}
	}
}

/* At a period, a run of DOS_QM may match nothing at all; so it does at the end
 * of the name, and there DOS_DOT as well. */
static void skip_optional(const struct expression *e, struct positions *p,
			  bool at_end)
{
	for (size_t i = 0; i < e->length; i++) {
		uint32_t c = e->chars[i];

		if (has(p, i) && (c == DOS_QM || c == '*' || c == DOS_STAR ||
				  (at_end && c == DOS_DOT))) {
			add(p, i + 1);
		}
	}
}

/* One character of the name; last_dot: it is the last period in the name. */
static void step(const struct expression *e, const struct positions *from,
		 uint32_t c, bool last_dot, struct positions *to)
{
	memset(to, 0, sizeof(*to));
	for (size_t i = 0; i < e->length; i++) {
		uint32_t want = e->chars[i];

		if (!has(from, i)) {
			continue;
		}
		if (want == '*') {
			add(to, i);
		} else if (want == DOS_STAR) {
			/* All but the last period; that one ends it. */
			add(to, last_dot ? i + 1 : i);
		} else if (want == '?' || (want == DOS_QM && c != '.') ||
			   (want == DOS_DOT && c == '.') || want == c) {
			add(to, i + 1);
		}
	}
	close_over(e, to);
}

static bool match(const struct expression *e, const char *name)
{
	const char *last_dot = strrchr(name, '.');
	struct positions now = {{0}};
	struct positions next;

	add(&now, 0);
	close_over(e, &now);
	while (*name != '\0') {
		bool is_last_dot = name == last_dot;
		uint32_t c = utf16_upcase(utf8_next(&name));

		if (c == '.') {
			skip_optional(e, &now, false);
		}
		step(e, &now, c, is_last_dot, &next);
		now = next;
	}
	skip_optional(e, &now, true);
	return has(&now, e->length);
}

bool wildcard_match(const char *pattern, const char *name)
{
	struct expression e;

	if (strcmp(pattern, "*") == 0 || strcmp(pattern, "*.*") == 0) {
		return *name != '\0';
	}
	if (!wildcard_is_in(pattern)) {
		return utf8_casecmp(pattern, name) == 0;
	}
	return parse(pattern, &e) && match(&e, name);
}
