/* idl/ndr_print.c - values as text or JSON. */
#include "idl/ndr_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/assert.h"
#include "lib/utf16.h"

#define MAX_DEPTH 80   /* more than a pull lets through */
#define MAX_BYTES 4096 /* shown of a run of bytes */

struct ndr_print {
	bool json;
	bool failed;
	unsigned int depth; /* 0: the outermost, an object */
	bool in_array[MAX_DEPTH];
	size_t count[MAX_DEPTH]; /* of elements so far */
	json_t *at[MAX_DEPTH];
	char *text;
};

static int print_free(struct ndr_print *p)
{
	json_decref(p->at[0]);
	return 0;
}

static struct ndr_print *print_create(TALLOC_CTX *mem_ctx, bool json)
{
	struct ndr_print *p = talloc_zero(mem_ctx, struct ndr_print);

	if (p == NULL) {
		return NULL;
	}
	p->json = json;
	p->at[0] = json ? json_object() : NULL;
	p->text = json ? NULL : talloc_strdup(p, "");
	if (json ? p->at[0] == NULL : p->text == NULL) {
		talloc_free(p);
		return NULL;
	}
	talloc_set_destructor(p, print_free);
	return p;
}

struct ndr_print *ndr_print_text_create(TALLOC_CTX *mem_ctx)
{
	return print_create(mem_ctx, false);
}

struct ndr_print *ndr_print_json_create(TALLOC_CTX *mem_ctx)
{
	return print_create(mem_ctx, true);
}

const char *ndr_print_text_get(struct ndr_print *p)
{
	ASSERT(!p->json);
	return p->failed ? NULL : p->text;
}

json_t *ndr_print_json_get(struct ndr_print *p)
{
	ASSERT(p->json);
	return p->failed ? NULL : json_incref(p->at[0]);
}

/* --- one value -------------------------------------------------------- */

/* "  name: text\n", or "  [3]: text\n" in an array. */
static void put_text(struct ndr_print *p, const char *name, const char *text)
{
	char *grown;

	if (p->failed) {
		return;
	}
	if (name == NULL) {
		grown = talloc_asprintf_append_buffer(
			p->text, "%*s[%zu]: %s\n", (int)(2 * p->depth), "",
			p->count[p->depth]++, text);
	} else {
		grown = talloc_asprintf_append_buffer(p->text, "%*s%s: %s\n",
						      (int)(2 * p->depth), "",
						      name, text);
	}
	p->failed = grown == NULL;
	p->text = grown == NULL ? p->text : grown;
}

/* Takes over value. */
static void put_json(struct ndr_print *p, const char *name, json_t *value)
{
	json_t *at = p->at[p->depth];
	int err;

	if (p->failed || value == NULL) {
		p->failed = true;
		json_decref(value);
		return;
	}
	if (p->in_array[p->depth]) {
		err = json_array_append_new(at, value);
	} else {
		err = json_object_set_new(at, name == NULL ? "value" : name,
					  value);
	}
	p->failed = err != 0;
}

static void put_string(struct ndr_print *p, const char *name, const char *text)
{
	if (p->json) {
		put_json(p, name, json_string(text));
	} else {
		put_text(p, name, text);
	}
}

void ndr_print_unsigned(struct ndr_print *p, const char *name, uint64_t v)
{
	char text[32];

	if (p->json && v <= INT64_MAX) {
		put_json(p, name, json_integer((json_int_t)v));
		return;
	}
	/* JSON's integers end at 63 bits here. */
	snprintf(text, sizeof(text),
		 v > UINT32_MAX ? "0x%016" PRIx64 : "%" PRIu64, v);
	put_string(p, name, text);
}

void ndr_print_signed(struct ndr_print *p, const char *name, int64_t v)
{
	char text[32];

	if (p->json) {
		put_json(p, name, json_integer((json_int_t)v));
		return;
	}
	snprintf(text, sizeof(text), "%" PRId64, v);
	put_text(p, name, text);
}

void ndr_print_double(struct ndr_print *p, const char *name, double v)
{
	char text[32];

	snprintf(text, sizeof(text), "%.17g", v);
	put_string(p, name, text);
}

void ndr_print_bool(struct ndr_print *p, const char *name, bool v)
{
	if (p->json) {
		put_json(p, name, json_boolean(v));
	} else {
		put_text(p, name, v ? "true" : "false");
	}
}

void ndr_print_null(struct ndr_print *p, const char *name)
{
	if (p->json) {
		put_json(p, name, json_null());
	} else {
		put_text(p, name, "null");
	}
}

void ndr_print_enum(struct ndr_print *p, const char *name,
		    const struct ndr_name *names, uint32_t v)
{
	for (; names->name != NULL; names++) {
		if ((uint32_t)names->value == v) {
			put_string(p, name, names->name);
			return;
		}
	}
	ndr_print_unsigned(p, name, v);
}

/* --- bits ------------------------------------------------------------- */

static void bitmap_json(struct ndr_print *p, const char *name,
			const struct ndr_name *names, uint64_t v)
{
	if (!ndr_print_array_begin(p, name)) {
		return;
	}
	for (; names->name != NULL; names++) {
		if (names->value != 0 && (v & names->value) == names->value) {
			put_string(p, NULL, names->name);
			v &= ~names->value;
		}
	}
	if (v != 0) {
		ndr_print_unsigned(p, NULL, v);
	}
	ndr_print_array_end(p);
}

void ndr_print_bitmap(struct ndr_print *p, const char *name,
		      const struct ndr_name *names, uint64_t v)
{
	char *text;
	uint64_t left = v;

	if (p->json) {
		bitmap_json(p, name, names, v);
		return;
	}
	text = talloc_asprintf(p, "0x%" PRIx64, v);
	for (; names->name != NULL && text != NULL; names++) {
		if (names->value != 0 &&
		    (left & names->value) == names->value) {
			text = talloc_asprintf_append_buffer(text, " %s",
							     names->name);
			left &= ~names->value;
		}
	}
	if (text == NULL) {
		p->failed = true;
		return;
	}
	put_text(p, name, text);
	talloc_free(text);
}

/* --- texts ------------------------------------------------------------ */

/* Proper UTF-8 without control characters, which would spoil the page. */
static char *clean_text(TALLOC_CTX *mem_ctx, const char *text, bool controls)
{
	size_t n = 0;
	char *out = talloc_array(mem_ctx, char, 3 * strlen(text) + 5);
	uint32_t c;

	if (out == NULL) {
		return NULL;
	}
	while ((c = utf8_next(&text)) != 0) {
		bool bad = c == UINT32_MAX || (c >= 0xd800 && c <= 0xdfff) ||
			   (!controls && (c < 0x20 || c == 0x7f));

		n += utf8_put(bad ? 0xfffd : c, out + n);
	}
	out[n] = '\0';
	return out;
}

void ndr_print_text(struct ndr_print *p, const char *name, const char *text)
{
	char *clean;

	if (text == NULL) {
		ndr_print_null(p, name);
		return;
	}
	clean = clean_text(p, text, p->json);
	if (clean == NULL) {
		p->failed = true;
		return;
	}
	if (p->json) {
		put_json(p, name, json_string(clean));
	} else {
		char *quoted = talloc_asprintf(clean, "\"%s\"", clean);

		p->failed = p->failed || quoted == NULL;
		put_text(p, name, quoted);
	}
	talloc_free(clean);
}

void ndr_print_bytes(struct ndr_print *p, const char *name, const uint8_t *data,
		     size_t length)
{
	static const char digits[] = "0123456789abcdef";
	size_t shown = length > MAX_BYTES ? MAX_BYTES : length;
	char *text = talloc_array(p, char, 2 * shown + 4);
	size_t n = 0;

	if (text == NULL) {
		p->failed = true;
		return;
	}
	for (size_t i = 0; i < shown; i++) {
		text[n++] = digits[data[i] >> 4];
		text[n++] = digits[data[i] & 15];
	}
	strcpy(text + n, shown < length ? "..." : "");
	put_string(p, name, text);
	talloc_free(text);
}

void ndr_print_guid(struct ndr_print *p, const char *name, const struct guid *g)
{
	char text[GUID_STRING_SIZE];

	guid_format(g, text);
	put_string(p, name, text);
}

void ndr_print_sid(struct ndr_print *p, const char *name, const struct sid *s)
{
	char text[SID_STRING_SIZE];

	sid_format(s, text);
	put_string(p, name, text);
}

void ndr_print_nttime(struct ndr_print *p, const char *name, NTTIME t)
{
	struct timespec ts;
	struct tm tm;
	char text[64];
	size_t n;

	if (t == 0) {
		ndr_print_null(p, name);
		return;
	}
	ts = nttime_to_timespec(t);
	if (gmtime_r(&ts.tv_sec, &tm) == NULL) {
		ndr_print_unsigned(p, name, t);
		return;
	}
	n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof(text) - n, ".%07ldZ", ts.tv_nsec / 100);
	put_string(p, name, text);
}

/* --- structures and arrays -------------------------------------------- */

static bool open_level(struct ndr_print *p, const char *name, bool array)
{
	json_t *value;

	if (p->failed || p->depth + 1 >= MAX_DEPTH) {
		if (!p->failed) {
			put_string(p, name, "...");
		}
		return false;
	}
	if (p->json) {
		value = array ? json_array() : json_object();
		put_json(p, name, value);
		if (p->failed) {
			return false;
		}
		p->at[p->depth + 1] = value;
	} else {
		put_text(p, name, array ? "array" : "struct");
	}
	p->depth++;
	p->in_array[p->depth] = array;
	p->count[p->depth] = 0;
	return true;
}

bool ndr_print_begin(struct ndr_print *p, const char *name)
{
	return open_level(p, name, false);
}

void ndr_print_end(struct ndr_print *p)
{
	ASSERT(p->depth > 0);
	p->depth--;
}

bool ndr_print_array_begin(struct ndr_print *p, const char *name)
{
	return open_level(p, name, true);
}

void ndr_print_array_end(struct ndr_print *p)
{
	ndr_print_end(p);
}
