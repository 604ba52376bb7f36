/* lib/sid.c - security identifiers. */
#include "lib/sid.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/assert.h"

#define AUTHORITY_MAX 0xffffffffffffULL

struct sid sid_read(struct wire_reader *r)
{
	struct sid s = {0};

	s.revision = wire_u8(r);
	s.num_auths = wire_u8(r);
	wire_bytes(r, s.id_auth, sizeof(s.id_auth));
	if (s.revision != 1 || s.num_auths > SID_MAX_SUB_AUTHS) {
		r->failed = true;
		return (struct sid){0};
	}
	for (size_t i = 0; i < s.num_auths; i++) {
		s.sub_auths[i] = wire_u32(r);
	}
	return s;
}

void sid_put(struct wire_writer *w, const struct sid *s)
{
	ASSERT(s->num_auths <= SID_MAX_SUB_AUTHS);
	wire_put_u8(w, s->revision);
	wire_put_u8(w, s->num_auths);
	wire_put_bytes(w, s->id_auth, sizeof(s->id_auth));
	for (size_t i = 0; i < s->num_auths; i++) {
		wire_put_u32(w, s->sub_auths[i]);
	}
}

bool sid_equal(const struct sid *a, const struct sid *b)
{
	return a->revision == b->revision && a->num_auths == b->num_auths &&
	       memcmp(a->id_auth, b->id_auth, sizeof(a->id_auth)) == 0 &&
	       memcmp(a->sub_auths, b->sub_auths,
		      a->num_auths * sizeof(a->sub_auths[0])) == 0;
}

struct sid sid_append(const struct sid *s, uint32_t rid)
{
	struct sid out = *s;

	ASSERT(out.num_auths < SID_MAX_SUB_AUTHS);
	out.sub_auths[out.num_auths++] = rid;
	return out;
}

static struct sid sid_from_authority(uint64_t authority)
{
	struct sid s = {.revision = 1};

	for (size_t i = 0; i < sizeof(s.id_auth); i++) {
		s.id_auth[i] = (uint8_t)(authority >> (8 * (5 - i)));
	}
	return s;
}

struct sid sid_make(uint64_t authority, unsigned int count, ...)
{
	struct sid s = sid_from_authority(authority);
	va_list ap;

	ASSERT(authority <= AUTHORITY_MAX && count <= SID_MAX_SUB_AUTHS);
	va_start(ap, count);
	for (unsigned int i = 0; i < count; i++) {
		s.sub_auths[i] = va_arg(ap, uint32_t);
	}
	va_end(ap);
	s.num_auths = (uint8_t)count;
	return s;
}

void sid_format(const struct sid *s, char *out)
{
	uint64_t authority = 0;
	char *end = out + SID_STRING_SIZE;

	for (size_t i = 0; i < sizeof(s->id_auth); i++) {
		authority = authority << 8 | s->id_auth[i];
	}
	/* [MS-DTYP] 2.4.2.1: an authority of 2^32 and above is in hex. */
	if (authority > UINT32_MAX) {
		out += snprintf(out, (size_t)(end - out), "S-%u-0x%012" PRIx64,
				s->revision, authority);
	} else {
		out += snprintf(out, (size_t)(end - out), "S-%u-%" PRIu64,
				s->revision, authority);
	}
	for (size_t i = 0; i < s->num_auths; i++) {
		out += snprintf(out, (size_t)(end - out), "-%" PRIu32,
				s->sub_auths[i]);
	}
}

/* A number of at most max at *text, which then points behind it. */
static bool parse_number(const char **text, uint64_t max, uint64_t *out)
{
	bool hex = (*text)[0] == '0' && ((*text)[1] | 0x20) == 'x';
	unsigned long long v;
	char *end;

	/* strtoull would take signs and spaces. */
	if (**text < '0' || **text > '9') {
		return false;
	}
	errno = 0;
	v = strtoull(*text, &end, hex ? 16 : 10);
	if (errno != 0 || v > max || (hex && end == *text + 1)) {
		return false;
	}
	*text = end;
	*out = v;
	return true;
}

NTSTATUS sid_parse(const char *text, struct sid *out)
{
	struct sid s;
	uint64_t v;

	if ((text[0] != 'S' && text[0] != 's') ||
	    strncmp(text + 1, "-1-", 3) != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	text += 4;
	if (!parse_number(&text, AUTHORITY_MAX, &v)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	s = sid_from_authority(v);
	while (*text == '-') {
		text++;
		if (s.num_auths == SID_MAX_SUB_AUTHS ||
		    !parse_number(&text, UINT32_MAX, &v)) {
			return NT_STATUS(INVALID_PARAMETER);
		}
		s.sub_auths[s.num_auths++] = (uint32_t)v;
	}
	if (*text != '\0') {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = s;
	return NT_STATUS_OK;
}

struct sid sid_everyone(void)
{
	return sid_make(1, 1, (uint32_t)0);
}

struct sid sid_network(void)
{
	return sid_make(5, 1, (uint32_t)2);
}

struct sid sid_authenticated(void)
{
	return sid_make(5, 1, (uint32_t)11);
}

struct sid sid_anonymous(void)
{
	return sid_make(5, 1, (uint32_t)7);
}

struct sid sid_system(void)
{
	return sid_make(5, 1, (uint32_t)18);
}

struct sid sid_unix_user(uint32_t uid)
{
	return sid_make(22, 2, (uint32_t)1, uid);
}

struct sid sid_unix_group(uint32_t gid)
{
	return sid_make(22, 2, (uint32_t)2, gid);
}
