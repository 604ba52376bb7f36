/* lib/guid.c - GUIDs. */
#include "lib/guid.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "lib/assert.h"

/* Where the text form's digit pairs come from in wire order. */
static const uint8_t text_order[16] = {3, 2, 1,	 0,  5,	 4,  7,	 6,
				       8, 9, 10, 11, 12, 13, 14, 15};

struct guid guid_read(struct wire_reader *r)
{
	struct guid g;

	wire_bytes(r, g.bytes, sizeof(g.bytes));
	return g;
}

void guid_put(struct wire_writer *w, const struct guid *g)
{
	wire_put_bytes(w, g->bytes, sizeof(g->bytes));
}

bool guid_equal(const struct guid *a, const struct guid *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool guid_is_zero(const struct guid *g)
{
	static const struct guid zero;

	return guid_equal(g, &zero);
}

struct guid guid_random(void)
{
	struct guid g;
	ssize_t n = getrandom(g.bytes, sizeof(g.bytes), 0);

	/* Up to 256 bytes come whole and without EINTR: getrandom(2). */
	ASSERT(n == (ssize_t)sizeof(g.bytes));
	g.bytes[7] = (uint8_t)((g.bytes[7] & 0x0f) | 0x40);
	g.bytes[8] = (uint8_t)((g.bytes[8] & 0x3f) | 0x80);
	return g;
}

static bool dash_before(size_t i)
{
	return i == 4 || i == 6 || i == 8 || i == 10;
}

void guid_format(const struct guid *g, char *out)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof(g->bytes); i++) {
		uint8_t byte = g->bytes[text_order[i]];

		if (dash_before(i)) {
			*out++ = '-';
		}
		*out++ = hex[byte >> 4];
		*out++ = hex[byte & 15];
	}
	*out = '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	if (c >= 'a' && c <= 'f') {
		return c - 'a' + 10;
	}
	if (c >= 'A' && c <= 'F') {
		return c - 'A' + 10;
	}
	return -1;
}

NTSTATUS guid_parse(const char *text, struct guid *out)
{
	bool braces = *text == '{';
	struct guid g;

	text += braces;
	for (size_t i = 0; i < sizeof(g.bytes); i++) {
		int high;
		int low;

		if (dash_before(i) && *text++ != '-') {
			return NT_STATUS(INVALID_PARAMETER);
		}
		high = hex_digit(text[0]);
		low = high < 0 ? -1 : hex_digit(text[1]);
		if (low < 0) {
			return NT_STATUS(INVALID_PARAMETER);
		}
		g.bytes[text_order[i]] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	if (strcmp(text, braces ? "}" : "") != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = g;
	return NT_STATUS_OK;
}
