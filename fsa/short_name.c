/* fsa/short_name.c - 8.3 names. */
#include "fsa/short_name.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "lib/utf16.h"

#define BASE_MAX      8
#define EXTENSION_MAX 3
#define TILDE_AT      6 /* as is made here */

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* [MS-FSCC] 2.1.5.2.1: no space, no period, none of + , ; = [ ] and none that
 * a long name cannot have. */
static bool is_short_char(unsigned char c)
{
	return c > ' ' && c < 0x7f && strchr(".+,;=[]\"*/:<>?\\|", c) == NULL;
}

static bool are_short_chars(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!is_short_char((unsigned char)text[i])) {
			return false;
		}
	}
	return true;
}

bool short_name_is_valid(const char *name)
{
	size_t base = strcspn(name, ".");
	size_t extension;

	if (base == 0 || base > BASE_MAX || !are_short_chars(name, base)) {
		return false;
	}
	if (name[base] == '\0') {
		return true;
	}
	extension = strlen(name + base + 1);
	return extension > 0 && extension <= EXTENSION_MAX &&
	       are_short_chars(name + base + 1, extension);
}

bool short_name_is_illegal(const char *name)
{
	uint32_t c;

	while ((c = utf8_next(&name)) != 0) {
		if ((c >= 0xf001 && c <= 0xf029) ||
		    (c >= 0xef80 && c <= 0xefff)) {
			return true;
		}
	}
	return false;
}

static uint64_t hash_of(const char *name)
{
	uint64_t h = 0xcbf29ce484222325ull;
	uint32_t c;

	while ((c = utf8_next(&name)) != 0) {
		h = (h ^ utf16_upcase(c)) * 0x100000001b3ull;
		h ^= h >> 29;
	}
	return h;
}

static void put_extension(const char *name, char *out)
{
	const char *period = strrchr(name, '.');
	size_t n = 0;

	/* That of ".profile" is no extension. */
	if (period == NULL || period == name) {
		*out = '\0';
		return;
	}
	for (const char *p = period + 1; *p != '\0' && n < EXTENSION_MAX; p++) {
		if (is_short_char((unsigned char)*p)) {
			out[++n] = (char)toupper((unsigned char)*p);
		}
	}
	out[0] = n > 0 ? '.' : '\0';
	out[n + 1] = '\0';
}

void short_name_make(const char *name, char out[SHORT_NAME_SIZE])
{
	uint64_t h = hash_of(name);

	for (size_t i = 0; i < BASE_MAX; i++) {
		if (i == TILDE_AT) {
			out[i] = '~';
			continue;
		}
		out[i] = digits[h % 36];
		h /= 36;
	}
	put_extension(name, out + BASE_MAX);
}

bool short_name_is_made(const char *name, size_t length)
{
	if (length < BASE_MAX || length >= SHORT_NAME_SIZE ||
	    name[TILDE_AT] != '~' ||
	    (length > BASE_MAX && name[BASE_MAX] != '.')) {
		return false;
	}
	for (size_t i = 0; i < BASE_MAX; i++) {
		if (i != TILDE_AT && !isalnum((unsigned char)name[i])) {
			return false;
		}
	}
	return length == BASE_MAX ||
	       (length > BASE_MAX + 1 &&
		are_short_chars(name + BASE_MAX + 1, length - BASE_MAX - 1));
}
