/* auth/smbpasswd_file.c - reads lines of Samba's smbpasswd file. */
#include "auth/smbpasswd_file.h"

#include <stdlib.h>
#include <string.h>

#define MAX_FIELDS 7

/* The fields between the colons of a line; lent by it. */
struct fields {
	const char *start[MAX_FIELDS];
	size_t length[MAX_FIELDS];
	size_t count;
};

static struct fields split(const char *line)
{
	struct fields f = {0};

	for (;;) {
		size_t n = strcspn(line, ":\r\n");

		f.start[f.count] = line;
		f.length[f.count] = n;
		f.count++;
		if (line[n] != ':' || f.count == MAX_FIELDS) {
			return f;
		}
		line += n + 1;
	}
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *p;

	if (c >= 'a' && c <= 'f') {
		c = (char)(c - 'a' + 'A');
	}
	p = c == '\0' ? NULL : strchr(digits, c);
	return p == NULL ? -1 : (int)(p - digits);
}

static bool parse_hash(const char *text, size_t length,
		       struct smbpasswd_entry *e)
{
	static const char no_password[] = "NO PASSWORD";

	if (strncmp(text, no_password, sizeof(no_password) - 1) == 0) {
		e->no_password = true;
		return true;
	}
	if (length != 2 * PASSDB_HASH_SIZE) {
		return false;
	}
	if (strspn(text, "X*") >= length) {
		return true; /* not set */
	}
	for (size_t i = 0; i < PASSDB_HASH_SIZE; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0) {
			return false;
		}
		e->nt_hash[i] = (uint8_t)(high << 4 | low);
	}
	e->has_hash = true;
	return true;
}

static bool parse_flags(const char *text, size_t length,
			struct smbpasswd_entry *e)
{
	if (length < 2 || text[0] != '[' || text[length - 1] != ']') {
		return false;
	}
	e->is_user = false;
	for (size_t i = 1; i < length - 1; i++) {
		switch (text[i]) {
		case 'U':
			e->is_user = true;
			break;
		case 'D':
			e->is_disabled = true;
			break;
		case 'N':
			e->no_password = true;
			break;
		default: /* of no consequence here */
			break;
		}
	}
	return true;
}

static bool parse_time(const char *text, size_t length,
		       struct smbpasswd_entry *e)
{
	unsigned long seconds;
	char *end;

	if (length < 5 || strncmp(text, "LCT-", 4) != 0) {
		return false;
	}
	seconds = strtoul(text + 4, &end, 16);
	if (end != text + length || seconds > UINT32_MAX) {
		return false;
	}
	if (seconds != 0) {
		e->password_set =
			NTTIME_UNIX_EPOCH + (NTTIME)seconds * NTTIME_SECOND;
	}
	return true;
}

NTSTATUS smbpasswd_line_parse(const char *line, struct smbpasswd_entry *out)
{
	struct smbpasswd_entry e = {.is_user = true};
	struct fields f;

	if (line[strspn(line, " \t\r\n")] == '\0' || line[0] == '#') {
		return NT_STATUS(NO_SUCH_USER);
	}
	f = split(line);
	if (f.count < 4 || f.length[0] == 0 || f.length[0] > PASSDB_MAX_NAME) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	memcpy(e.name, f.start[0], f.length[0]);
	if (!parse_hash(f.start[3], f.length[3], &e)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	/* Files from before there were flags end here. */
	if (f.count > 4 && f.length[4] > 0 &&
	    !parse_flags(f.start[4], f.length[4], &e)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (f.count > 5 && f.length[5] > 0 &&
	    !parse_time(f.start[5], f.length[5], &e)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = e;
	return NT_STATUS_OK;
}
