/* vfs_modules/names/shown_name.c - names on disk, as clients see them. */
#include "vfs_modules/names/shown_name.h"

#include <limits.h>
#include <string.h>

#include "lib/utf16.h"

#define BAD_BYTES 0xef00u

static uint32_t reserved(uint32_t c)
{
	switch (c) {
	case '"':
		return 0xf020;
	case '*':
		return 0xf021;
	case ':':
		return 0xf022;
	case '<':
		return 0xf023;
	case '>':
		return 0xf024;
	case '?':
		return 0xf025;
	case '\\':
		return 0xf026;
	case '|':
		return 0xf027;
	default:
		return c < 0x20 ? 0xf000 + c : c;
	}
}

static uint32_t reserved_at_end(uint32_t c)
{
	return c == ' ' ? 0xf028 : c == '.' ? 0xf029 : c;
}

static char *put3(char *out, uint32_t c)
{
	*out++ = (char)(0xe0 | c >> 12);
	*out++ = (char)(0x80 | (c >> 6 & 0x3f));
	*out++ = (char)(0x80 | (c & 0x3f));
	return out;
}

static bool is_plain(const char *disk)
{
	const unsigned char *p = (const unsigned char *)disk;

	for (; *p != 0; p++) {
		if (*p >= 0x80 || reserved(*p) != *p) {
			return false;
		}
	}
	return p > (const unsigned char *)disk &&
	       reserved_at_end(p[-1]) == p[-1];
}

/* Two surrogate halves in three bytes each would come back from UTF-16 as one
 * code point in four bytes: the second half counts as bad bytes. */
static bool is_second_half(uint32_t before, uint32_t c)
{
	return before >= 0xd800 && before <= 0xdbff && c >= 0xdc00 &&
	       c <= 0xdfff;
}

const char *shown_name(const char *disk, char buffer[SHOWN_NAME_SIZE])
{
	const char *p = disk;
	char *out = buffer;
	uint32_t before = 0;
	uint32_t c;

	if (is_plain(disk)) {
		return disk;
	}
	for (;;) {
		const char *start = p;

		c = utf8_next(&p);
		if (c == 0 || p - disk > NAME_MAX) {
			break;
		}
		if (c == UINT32_MAX || is_second_half(before, c)) {
			for (; start < p; start++) {
				out = put3(out, BAD_BYTES + (uint8_t)*start);
			}
			before = 0;
			continue;
		}
		before = c;
		if (*p == '\0') {
			c = reserved_at_end(c);
		}
		c = reserved(c);
		if (c >= 0xf000 && c <= 0xf029 && p == start + 1) {
			out = put3(out, c);
		} else {
			memcpy(out, start, (size_t)(p - start));
			out += p - start;
		}
	}
	*out = '\0';
	return buffer;
}

const char *shown_name_exact(const char *disk, char buffer[SHOWN_NAME_SIZE])
{
	const char *p = disk;
	char *out = buffer;
	uint32_t before = 0;
	bool changed = false;

	for (;;) {
		const char *start = p;
		uint32_t c = utf8_next(&p);

		if (c == 0 || p - disk > NAME_MAX) {
			break;
		}
		if (c != UINT32_MAX && !is_second_half(before, c)) {
			memcpy(out, start, (size_t)(p - start));
			out += p - start;
			before = c;
			continue;
		}
		for (; start < p; start++) {
			out = put3(out, BAD_BYTES + (uint8_t)*start);
		}
		before = 0;
		changed = true;
	}
	*out = '\0';
	return changed ? buffer : disk;
}

/* The one byte that c stands for, or 0; last: of its component. */
static char undo(uint32_t c, bool last)
{
	static const char of[] = "\"*:<>?\\| .";

	if (c > BAD_BYTES + 0x7f && c <= BAD_BYTES + 0xff) {
		return (char)(c - BAD_BYTES);
	}
	if (c > 0xf000 && c < 0xf020) {
		return (char)(c - 0xf000);
	}
	if (c >= 0xf028 && !last) {
		return 0;
	}
	return c >= 0xf020 && c <= 0xf029 ? of[c - 0xf020] : 0;
}

static bool has_dots(const char *path)
{
	while (*path != '\0') {
		size_t n = strcspn(path, "/");

		if ((n == 1 || n == 2) && strspn(path, ".") == n) {
			return true;
		}
		path += n + strspn(path + n, "/");
	}
	return false;
}

bool shown_name_undo(const char *shown, char *out)
{
	const char *begin = out;
	bool changed = false;
	uint32_t c;

	for (;;) {
		const char *start = shown;
		char byte;

		c = utf8_next(&shown);
		if (c == 0) {
			break;
		}
		byte = undo(c, *shown == '/' || *shown == '\0');
		if (byte != 0) {
			*out++ = byte;
			changed = true;
		} else {
			memcpy(out, start, (size_t)(shown - start));
			out += shown - start;
		}
	}
	*out = '\0';
	return changed && !has_dots(begin);
}

uint32_t shown_name_hash(const char *shown, uint64_t seed)
{
	uint64_t h = seed;
	uint32_t c;

	while ((c = utf8_next(&shown)) != 0) {
		h = (h ^ utf16_upcase(c)) * 0x9e3779b97f4a7c15ull;
		h ^= h >> 29;
	}
	return (uint32_t)(h >> 16);
}
