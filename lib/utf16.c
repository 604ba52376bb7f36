/* lib/utf16.c - UTF-16LE on the wire, UTF-8 in here. */
#include "lib/utf16.h"

#include <string.h>
#include <unicase.h>

#define REPLACEMENT 0xfffd

static bool is_high(uint32_t u)
{
	return u >= 0xd800 && u <= 0xdbff;
}

static bool is_low(uint32_t u)
{
	return u >= 0xdc00 && u <= 0xdfff;
}

/* Length of the run of ASCII bytes, NUL excluded, at the start of text. */
static size_t ascii_run(const char *text)
{
	size_t n = 0;

	while (text[n] > 0) {
		n++;
	}
	return n;
}

size_t utf8_put(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* The bytes that follow a lead byte, and the bits that it carries itself;
 * false for a byte that cannot lead. */
static bool lead_byte(uint8_t lead, unsigned int *follow, uint32_t *bits)
{
	if (lead >= 0xc2 && lead <= 0xdf) {
		*follow = 1;
		*bits = lead & 0x1f;
	} else if (lead >= 0xe0 && lead <= 0xef) {
		*follow = 2;
		*bits = lead & 0x0f;
	} else if (lead >= 0xf0 && lead <= 0xf4) {
		*follow = 3;
		*bits = lead & 0x07;
	} else {
		return false;
	}
	return true;
}

uint32_t utf8_next(const char **text)
{
	static const uint32_t least[4] = {0, 0x80, 0x800, 0x10000};
	const uint8_t *p = (const uint8_t *)*text;
	unsigned int follow;
	uint32_t c;

	if (*p == 0) {
		return 0;
	}
	(*text)++;
	if (*p < 0x80) {
		return *p;
	}
	if (!lead_byte(*p, &follow, &c)) {
		return UINT32_MAX;
	}
	for (unsigned int i = 1; i <= follow; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			return UINT32_MAX;
		}
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[follow] || c > 0x10ffff) {
		return UINT32_MAX;
	}
	*text += follow;
	return c;
}

NTSTATUS utf16_to_utf8(TALLOC_CTX *mem_ctx, const uint8_t *data, size_t n,
		       char **out)
{
	struct wire_reader r = wire_reader(data, n);
	size_t used = 0;
	char *text;

	if (n % 2 != 0) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	/* A unit takes at most three bytes; a pair, four. */
	text = talloc_array(mem_ctx, char, n / 2 * 3 + 1);
	if (text == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while (wire_left(&r) > 0) {
		uint32_t c = wire_u16(&r);

		if (c == 0) {
			talloc_free(text);
			return NT_STATUS(OBJECT_NAME_INVALID);
		}
		if (is_high(c) && wire_left(&r) > 0) {
			struct wire_reader ahead = r;
			uint32_t low = wire_u16(&ahead);

			if (is_low(low)) {
				c = 0x10000 + ((c - 0xd800) << 10) +
				    (low - 0xdc00);
				r = ahead;
			}
		}
		used += utf8_put(c, text + used);
	}
	text[used] = '\0';
	*out = text;
	return NT_STATUS_OK;
}

static void put_code_point(struct wire_writer *w, uint32_t c)
{
	if (c < 0x10000) {
		wire_put_u16(w, (uint16_t)c);
		return;
	}
	c -= 0x10000;
	wire_put_u16(w, (uint16_t)(0xd800 + (c >> 10)));
	wire_put_u16(w, (uint16_t)(0xdc00 + (c & 0x3ff)));
}

NTSTATUS utf8_to_utf16(TALLOC_CTX *mem_ctx, const char *text, struct blob *out)
{
	size_t size = utf16_size(text);
	uint8_t *data = talloc_array(mem_ctx, uint8_t, size);
	struct wire_writer w = wire_writer_fixed(data, size);
	uint32_t before = 0;
	uint32_t c;

	if (data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while ((c = utf8_next(&text)) != 0) {
		/* Two halves of a pair, each in three bytes, would come back
		 * as other bytes. */
		if (c == UINT32_MAX || (is_high(before) && is_low(c))) {
			talloc_free(data);
			return NT_STATUS(OBJECT_NAME_INVALID);
		}
		put_code_point(&w, c);
		before = c;
	}
	return wire_finish(&w, out);
}

size_t wire_put_utf16(struct wire_writer *w, const char *text)
{
	size_t ascii = ascii_run(text);
	uint8_t *p = wire_reserve(w, 2 * ascii);
	size_t written = 2 * ascii;
	uint32_t c;

	if (p == NULL) {
		return 0;
	}
	for (size_t i = 0; i < ascii; i++) {
		p[2 * i] = (uint8_t)text[i];
		p[2 * i + 1] = 0;
	}
	text += ascii;
	while ((c = utf8_next(&text)) != 0) {
		c = c == UINT32_MAX ? REPLACEMENT : c;
		put_code_point(w, c);
		written += c < 0x10000 ? 2 : 4;
	}
	return wire_writer_ok(w) ? written : 0;
}

size_t utf16_size(const char *text)
{
	size_t ascii = ascii_run(text);
	size_t size = 2 * ascii;
	uint32_t c;

	text += ascii;
	while ((c = utf8_next(&text)) != 0) {
		size += c < 0x10000 || c == UINT32_MAX ? 2 : 4;
	}
	return size;
}

char *wire_utf16(TALLOC_CTX *mem_ctx, struct wire_reader *r, size_t n)
{
	const uint8_t *p = wire_view(r, n);
	char *text = NULL;

	if (p == NULL) {
		return NULL;
	}
	if (!NT_STATUS_IS_OK(utf16_to_utf8(mem_ctx, p, n, &text))) {
		r->failed = true;
		return NULL;
	}
	return text;
}

/* The table that NTFS volumes carry maps unit by unit, and only where the way
 * back is the same: MICRO SIGN, LATIN SMALL LETTER DOTLESS I, LONG S and the
 * Greek symbol forms stay; the final sigma is the one exception. */
uint32_t utf16_upcase(uint32_t c)
{
	uint32_t upper;

	if (c < 0x80) {
		return c >= 'a' && c <= 'z' ? c - 32 : c;
	}
	if (c > 0xffff) {
		return c;
	}
	if (c == 0x3c2) {
		return 0x3a3;
	}
	upper = uc_toupper(c);
	return upper <= 0xffff && uc_tolower(upper) == c ? upper : c;
}

NTSTATUS utf8_upcase(TALLOC_CTX *mem_ctx, const char *text, char **out)
{
	size_t size = strlen(text);
	size_t used = 0;
	char *upper;
	uint32_t c;

	/* Two bytes may become three, no more. */
	upper = talloc_array(mem_ctx, char, size + size / 2 + 1);
	if (upper == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while ((c = utf8_next(&text)) != 0) {
		if (c == UINT32_MAX) {
			upper[used++] = text[-1];
			continue;
		}
		used += utf8_put(utf16_upcase(c), upper + used);
	}
	upper[used] = '\0';
	*out = upper;
	return NT_STATUS_OK;
}

/* The next code point in upper case; a bad byte compares as itself, above
 * every code point. */
static inline uint32_t next_upper(const char **text)
{
	uint8_t byte = (uint8_t) * *text;
	uint32_t c;

	if (byte < 0x80) {
		*text += byte != 0;
		return byte >= 'a' && byte <= 'z' ? byte - 32u : byte;
	}
	c = utf8_next(text);
	if (c == UINT32_MAX) {
		return 0x110000 + (uint8_t)(*text)[-1];
	}
	return utf16_upcase(c);
}

int utf8_casecmp(const char *a, const char *b)
{
	for (;;) {
		uint32_t x = next_upper(&a);
		uint32_t y = next_upper(&b);

		if (x != y) {
			return x < y ? -1 : 1;
		}
		if (x == 0) {
			return 0;
		}
	}
}
