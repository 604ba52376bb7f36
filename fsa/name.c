/* fsa/name.c - names as clients send them. */
#include "fsa/name.h"

#include <string.h>
#include <strings.h>

static bool is_reserved(unsigned char c)
{
	return c < 0x20 || strchr("\"*/:<>?|", c) != NULL;
}

static bool is_wildcard(unsigned char c)
{
	return c != 0 && strchr("\"*<>?", c) != NULL;
}

static bool is_dots(const char *name, size_t n)
{
	return (n == 1 || n == 2) && name[0] == '.' && name[n - 1] == '.';
}

/* A period or space at the end is Win32's to leave out: [MS-FSCC] 2.1.5.2. */
static bool is_component(const char *name, size_t n)
{
	if (n == 0 || n > FSA_NAME_MAX || is_dots(name, n)) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (is_reserved((unsigned char)name[i])) {
			return false;
		}
	}
	return true;
}

/* [MS-FSCC] 2.1.5.3: counted in characters, so units of UTF-16 */
static bool is_stream_name(const char *name, size_t n)
{
	size_t units = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)name[i];

		if (c == '\\' || c == '/') {
			return false;
		}
		/* Of four bytes: two units; else one at its first byte. */
		units += (c & 0xc0) != 0x80 ? 1 : 0;
		units += c >= 0xf0 ? 1 : 0;
	}
	return units <= FSA_NAME_MAX;
}

static bool parse_type(const char *text, enum fsa_stream_type *out)
{
	if (strcasecmp(text, ":$DATA") == 0) {
		*out = FSA_STREAM_DATA;
	} else if (strcasecmp(text, ":$INDEX_ALLOCATION") == 0) {
		*out = FSA_STREAM_INDEX;
	} else {
		*out = FSA_STREAM_UNSAID;
		return *text == '\0';
	}
	return true;
}

NTSTATUS fsa_stream_parse(TALLOC_CTX *mem_ctx, const char *text,
			  const char **out, enum fsa_stream_type *out_type)
{
	const char *name = text + 1;
	size_t n = strcspn(name, ":");
	enum fsa_stream_type type;
	const char *copy;

	if (!parse_type(name + n, &type) || !is_stream_name(name, n)) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	if (n == 0 && type == FSA_STREAM_UNSAID) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	if (type == FSA_STREAM_INDEX && n > 0 &&
	    (n != 4 || strncasecmp(name, "$I30", 4) != 0)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out_type = type;
	*out = NULL;
	if (n == 0 || type == FSA_STREAM_INDEX) {
		return NT_STATUS_OK;
	}
	copy = talloc_strndup(mem_ctx, name, n);
	*out = copy;
	return copy == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

static bool is_separator(char c)
{
	return c == '\\' || c == '/';
}

/* Copies the components of the first length bytes of text, without redundant
 * backslashes ([MS-FSA] 2.1.5.1 phase 3).  Windows: a slash is no part of any
 * name; here it separates, as Samba's clients know it (smbtorture
 * smb2.timestamps.test_close_not_attrib). */
static NTSTATUS copy_components(TALLOC_CTX *mem_ctx, const char *text,
				size_t length, const char **out)
{
	char *copy = talloc_array(mem_ctx, char, length + 1);
	size_t used = 0;

	if (copy == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (size_t i = 0; i < length; i++) {
		if (!is_separator(text[i])) {
			copy[used++] = text[i];
		} else if (used > 0 && copy[used - 1] != '\\') {
			copy[used++] = '\\';
		}
	}
	if (used > 0 && copy[used - 1] == '\\') {
		used--;
	}
	copy[used] = '\0';
	*out = copy;
	return NT_STATUS_OK;
}

static bool are_components(const char *path)
{
	for (;;) {
		size_t n = strcspn(path, "\\");

		if (!is_component(path, n)) {
			return false;
		}
		if (path[n] == '\0') {
			return true;
		}
		path += n + 1;
	}
}

/* How long the suffix at text is that says of a component, followed by another
 * one, that it is a directory: note 45 of [MS-FSA]. */
static size_t suffix_length(const char *text)
{
	static const char *const suffixes[] = {
		":$I30:$INDEX_ALLOCATION",
		"::$INDEX_ALLOCATION",
		":$I30",
	};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		size_t n = strlen(suffixes[i]);

		if (strncasecmp(text, suffixes[i], n) == 0 &&
		    is_separator(text[n])) {
			return n;
		}
	}
	return 0;
}

/* Leaves such suffixes out ([MS-FSA] 2.1.5.1 phase 6). */
static NTSTATUS drop_suffixes(TALLOC_CTX *mem_ctx, const char *text,
			      const char **out)
{
	const char *colon = strchr(text, ':');
	size_t used = 0;
	char *copy;

	*out = text;
	if (colon == NULL || strpbrk(colon, "\\/") == NULL) {
		return NT_STATUS_OK;
	}
	copy = talloc_array(mem_ctx, char, strlen(text) + 1);
	if (copy == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while (*text != '\0') {
		text += suffix_length(text);
		copy[used++] = *text++;
	}
	copy[used] = '\0';
	*out = copy;
	return NT_STATUS_OK;
}

NTSTATUS fsa_name_parse(TALLOC_CTX *mem_ctx, const char *text,
			struct fsa_name *out)
{
	struct fsa_name name = {0};
	size_t length;
	const char *colon;
	NTSTATUS status;

	if (is_separator(text[0])) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = drop_suffixes(mem_ctx, text, &text);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	name.path = text;
	length = strlen(text);
	colon = strchr(text, ':');
	if (colon != NULL) {
		status = fsa_stream_parse(mem_ctx, colon, &name.stream,
					  &name.type);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		length = (size_t)(colon - text);
	}
	if (length > 0 && is_separator(text[length - 1])) {
		name.trailing_backslash = true;
	}
	if (colon != NULL || name.trailing_backslash ||
	    strstr(text, "\\\\") != NULL || strchr(text, '/') != NULL) {
		status = copy_components(mem_ctx, text, length, &name.path);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	if (*name.path != '\0' && !are_components(name.path)) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	*out = name;
	return NT_STATUS_OK;
}

bool fsa_name_is_pattern(const char *text)
{
	size_t n = strlen(text);

	if (n == 0 || n > 4 * FSA_NAME_MAX) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\\' || (is_reserved(c) && !is_wildcard(c))) {
			return false;
		}
	}
	return true;
}
