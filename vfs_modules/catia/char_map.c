/* vfs_modules/catia/char_map.c - see char_map.h. */
#include "vfs_modules/catia/char_map.h"

#include <stdlib.h>
#include <string.h>

#include "lib/utf16.h"

#define MAX_PAIRS 256

struct pair {
	uint32_t disk;
	uint32_t client;
};

struct char_map {
	size_t count;
	struct pair pairs[MAX_PAIRS];
};

/* How a character that Windows has not is shown, or 0. */
static uint32_t shown_as(uint32_t c)
{
	static const char illegal[] = "\"*:<>?\\|";
	const char *found;

	if (c > 0 && c < 0x20) {
		return 0xF000 + c;
	}
	found = c >= 0x20 && c < 0x80 ? strchr(illegal, (int)c) : NULL;
	return found == NULL ? 0 : 0xF020 + (uint32_t)(found - illegal);
}

/* --- reading -----------------------------------------------------------------
 */

static bool is_character(uint32_t c)
{
	return c > 0 && c <= 0xFFFF && (c < 0xD800 || c > 0xDFFF) &&
	       c != '\\' && c != '/';
}

static const char *add(struct char_map *m, uint32_t disk, uint32_t client)
{
	if (!is_character(disk) || !is_character(client)) {
		return "a character that no name has";
	}
	if (m->count == MAX_PAIRS) {
		return "too many characters";
	}
	for (size_t i = 0; i < m->count; i++) {
		if (m->pairs[i].disk == disk || m->pairs[i].client == client) {
			return "a character that comes twice";
		}
	}
	m->pairs[m->count++] = (struct pair){.disk = disk, .client = client};
	return NULL;
}

static bool read_hex(const char **text, uint32_t *out)
{
	char *end;
	unsigned long v;

	if (strncmp(*text, "0x", 2) != 0 && strncmp(*text, "0X", 2) != 0) {
		return false;
	}
	v = strtoul(*text + 2, &end, 16);
	if (end == *text + 2 || v > 0xFFFF) {
		return false;
	}
	*text = end;
	*out = (uint32_t)v;
	return true;
}

static const char *read_pairs(struct char_map *m, const char *text)
{
	const char *reason = NULL;

	while (reason == NULL) {
		uint32_t disk = 0, client = 0;

		text += strspn(text, " \t,");
		if (*text == '\0') {
			break;
		}
		if (!read_hex(&text, &disk) || *text++ != ':' ||
		    !read_hex(&text, &client) ||
		    (*text != '\0' && strchr(" \t,", *text) == NULL)) {
			return "not of the form 0xHEX:0xHEX,...";
		}
		/* Samba's lists have the slash, which no name has. */
		if (disk != '/' && disk != '\\') {
			reason = add(m, disk, client);
		}
	}
	return reason;
}

struct char_map *char_map_parse(TALLOC_CTX *mem_ctx, const char *text,
				const char **out_reason)
{
	struct char_map *m = talloc_zero(mem_ctx, struct char_map);

	*out_reason = m == NULL ? "no memory" : read_pairs(m, text);
	if (*out_reason != NULL) {
		TALLOC_FREE(m);
	}
	return m;
}

struct char_map *char_map_macos(TALLOC_CTX *mem_ctx)
{
	struct char_map *m = talloc_zero(mem_ctx, struct char_map);

	for (uint32_t c = 1; m != NULL && c < 0x80; c++) {
		if (shown_as(c) != 0 && c != '\\') {
			m->pairs[m->count++] =
				(struct pair){.disk = c, .client = shown_as(c)};
		}
	}
	return m;
}

/* --- mapping
 * ------------------------------------------------------------------- */

static uint32_t to_client(const struct char_map *m, uint32_t c)
{
	for (size_t i = 0; i < m->count; i++) {
		if (m->pairs[i].disk == c || shown_as(m->pairs[i].disk) == c) {
			return m->pairs[i].client;
		}
	}
	return c;
}

static uint32_t to_disk(const struct char_map *m, uint32_t c)
{
	for (size_t i = 0; i < m->count; i++) {
		if (m->pairs[i].client == c) {
			return m->pairs[i].disk;
		}
	}
	return c;
}

static char *map(TALLOC_CTX *mem_ctx, const struct char_map *m,
		 const char *text,
		 uint32_t (*one)(const struct char_map *m, uint32_t c))
{
	/* A character takes at most three bytes for one. */
	char *out = talloc_size(mem_ctx, 3 * strlen(text) + 1);
	size_t n = 0;

	while (out != NULL && *text != '\0') {
		const char *at = text;
		uint32_t c = utf8_next(&text);

		if (c == UINT32_MAX) {
			out[n++] = *at;
		} else {
			n += utf8_put(one(m, c), out + n);
		}
	}
	if (out != NULL) {
		out[n] = '\0';
	}
	return out;
}

char *char_map_to_client(TALLOC_CTX *mem_ctx, const struct char_map *m,
			 const char *text)
{
	return map(mem_ctx, m, text, to_client);
}

char *char_map_to_disk(TALLOC_CTX *mem_ctx, const struct char_map *m,
		       const char *text)
{
	return map(mem_ctx, m, text, to_disk);
}
