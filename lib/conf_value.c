/* lib/conf_value.c - values of smb.conf between text and struct members. */
#include "lib/conf_int.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/assert.h"
#include "lib/hosts.h"
#include "lib/log.h"

/* The member of base that p describes, as a lvalue of the given type. */
#define MEMBER(p, base, type) (*(type *)((char *)(base) + (p)->offset))
#define CONST_MEMBER(p, base, type)                                            \
	(*(type const *)((const char *)(base) + (p)->offset))

bool conf_parse_bool(const char *text, bool *out)
{
	static const char *const words[][2] = {
		{"no", "yes"}, {"false", "true"}, {"off", "on"}, {"0", "1"}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		for (int v = 0; v < 2; v++) {
			if (strcasecmp(text, words[i][v]) == 0) {
				*out = v;
				return true;
			}
		}
	}
	return false;
}

static bool parse_number(const char *text, int base, bool bytes, long long *out)
{
	static const char units[] = "kmg";
	const char *unit;
	char *end;
	long long v;

	errno = 0;
	v = strtoll(text, &end, base);
	if (errno != 0 || end == text) {
		return false;
	}
	unit = *end == '\0' ? NULL
			    : strchr(units, tolower((unsigned char)*end));
	if (bytes && unit != NULL && v >= 0 && v <= INT_MAX) {
		v <<= 10 * (unit - units + 1);
		end++;
	}
	*out = v;
	return *end == '\0';
}

static bool set_number(const struct conf_param *p, void *base, const char *text,
		       const char **reason)
{
	long long v;

	if (!parse_number(text, p->type == CONF_OCTAL ? 8 : 10,
			  p->type == CONF_BYTES, &v)) {
		*reason = "not a number";
		return false;
	}
	if (v < p->min || v > p->max) {
		*reason = "out of range";
		return false;
	}
	MEMBER(p, base, int) = (int)v;
	return true;
}

static bool set_size(const struct conf_param *p, void *base, const char *text,
		     const char **reason)
{
	static const char units[] = "kmgtp";
	const char *unit;
	unsigned int shift = 0;
	unsigned long long v;
	char *end;

	errno = 0;
	v = strtoull(text, &end, 10);
	if (errno != 0 || !isdigit((unsigned char)*text)) {
		*reason = "not a number";
		return false;
	}
	unit = *end == '\0' ? NULL
			    : strchr(units, tolower((unsigned char)*end));
	if (unit != NULL) {
		shift = 10 * (unsigned int)(unit - units + 1);
		end++;
	}
	if (*end != '\0' || v > UINT64_MAX >> shift) {
		*reason = *end != '\0' ? "not a number" : "out of range";
		return false;
	}
	MEMBER(p, base, uint64_t) = (uint64_t)v << shift;
	return true;
}

char **conf_split_list(TALLOC_CTX *mem_ctx, const char *text)
{
	static const char separators[] = " \t,\r\n";
	char **list = talloc_zero_array(mem_ctx, char *, 1);
	size_t count = 0;

	for (; list != NULL; count++) {
		const char *end;
		char **grown;

		text += strspn(text, separators);
		if (*text == '\0') {
			break;
		}
		if (*text == '"' && strchr(text + 1, '"') != NULL) {
			text++;
			end = strchr(text, '"');
		} else {
			end = text + strcspn(text, separators);
		}
		grown = talloc_realloc(mem_ctx, list, char *, count + 2);
		if (grown == NULL) {
			return NULL;
		}
		list = grown;
		list[count] = talloc_strndup(list, text, (size_t)(end - text));
		list[count + 1] = NULL;
		if (list[count] == NULL) {
			return NULL;
		}
		text = *end == '"' ? end + 1 : end;
	}
	return list;
}

/* Entries that would be passed over in silence later are refused here. */
static bool check_entry(enum conf_type type, const char *entry,
			const char **reason)
{
	if (type == CONF_HOSTS && !NT_STATUS_IS_OK(hosts_entry_check(entry))) {
		*reason = "only addresses, networks and prefixes are "
			  "implemented";
		return false;
	}
	if (type == CONF_USERS && strchr(entry, '%') != NULL) {
		*reason = "%-words are not implemented in a list of users";
		return false;
	}
	return true;
}

static bool set_list(TALLOC_CTX *mem_ctx, const struct conf_param *p,
		     void *base, const char *text, const char **reason)
{
	char **list = conf_split_list(mem_ctx, text);

	if (list == NULL) {
		*reason = "no memory";
		return false;
	}
	for (size_t i = 0; list[i] != NULL; i++) {
		if (!check_entry(p->type, list[i], reason)) {
			return false;
		}
	}
	MEMBER(p, base, char **) = list;
	return true;
}

static bool set_ports(TALLOC_CTX *mem_ctx, const struct conf_param *p,
		      void *base, const char *text, const char **reason)
{
	char **list = conf_split_list(mem_ctx, text);
	size_t n = list == NULL ? 0 : talloc_array_length(list) - 1;
	int *ports = talloc_zero_array(mem_ctx, int, n + 1);

	if (list == NULL || ports == NULL) {
		*reason = "no memory";
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		long long v;

		if (!parse_number(list[i], 10, false, &v) || v < 1 ||
		    v > 65535) {
			*reason = "a port is a number from 1 to 65535";
			return false;
		}
		ports[i] = (int)v;
	}
	if (n == 0) {
		*reason = "no port";
		return false;
	}
	MEMBER(p, base, int *) = ports;
	talloc_free(list);
	return true;
}

/* Samba's settings name classes that we do not have: those are left out. */
static bool set_levels(TALLOC_CTX *mem_ctx, const struct conf_param *p,
		       void *base, const char *text, const char **reason)
{
	char **list = conf_split_list(mem_ctx, text);
	char *out = talloc_strdup(mem_ctx, "");

	for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
		char *at = strchr(list[i], '@');

		if (at != NULL) {
			*at = '\0';
		}
		if (NT_STATUS_IS_OK(log_levels_check(list[i]))) {
			out = talloc_asprintf_append(
				out, "%s%s", *out == '\0' ? "" : " ", list[i]);
		} else if (strchr(list[i], ':') == NULL) {
			*reason = "a level is a number, or class:number";
			return false;
		}
		if (out == NULL) {
			break;
		}
	}
	if (list == NULL || out == NULL) {
		*reason = "no memory";
		return false;
	}
	MEMBER(p, base, char *) = *out == '\0' ? talloc_strdup(out, "1") : out;
	return true;
}

static bool set_word(const struct conf_param *p, void *base, const char *text,
		     const char **reason)
{
	for (const struct conf_word *w = p->words; w->text != NULL; w++) {
		if (conf_name_equal(w->text, text)) {
			MEMBER(p, base, int) = w->value;
			return true;
		}
	}
	*reason = "not one of the words for it";
	return false;
}

static bool set_string(TALLOC_CTX *mem_ctx, const struct conf_param *p,
		       void *base, const char *text, const char **reason)
{
	size_t n = strlen(text);
	bool quoted = n >= 2 && text[0] == '"' && text[n - 1] == '"';
	char *copy = talloc_strndup(mem_ctx, text + quoted, n - 2 * quoted);

	if (copy == NULL) {
		*reason = "no memory";
		return false;
	}
	if (p->type == CONF_DIR && *copy != '\0' && *copy != '/') {
		*reason = "not an absolute path";
		return false;
	}
	MEMBER(p, base, char *) = copy;
	return true;
}

static bool set_bool(const struct conf_param *p, void *base, const char *text,
		     bool inverted, const char **reason)
{
	bool v;

	if (!conf_parse_bool(text, &v)) {
		*reason = "neither yes nor no";
		return false;
	}
	MEMBER(p, base, bool) = v != inverted;
	return true;
}

bool conf_value_set(TALLOC_CTX *mem_ctx, const struct conf_param *p, void *base,
		    const char *text, bool inverted, const char **reason)
{
	switch (p->type) {
	case CONF_BOOL:
		return set_bool(p, base, text, inverted, reason);
	case CONF_INT:
	case CONF_BYTES:
	case CONF_OCTAL:
		return set_number(p, base, text, reason);
	case CONF_SIZE:
		return set_size(p, base, text, reason);
	case CONF_STRING:
	case CONF_DIR:
		return set_string(mem_ctx, p, base, text, reason);
	case CONF_LIST:
	case CONF_HOSTS:
	case CONF_USERS:
		return set_list(mem_ctx, p, base, text, reason);
	case CONF_PORTS:
		return set_ports(mem_ctx, p, base, text, reason);
	case CONF_LEVELS:
		return set_levels(mem_ctx, p, base, text, reason);
	case CONF_WORD:
		return set_word(p, base, text, reason);
	}
	ASSERT(false);
	return false;
}

static char *format_list(TALLOC_CTX *mem_ctx, const char *const *list)
{
	char *out = talloc_strdup(mem_ctx, "");

	for (; out != NULL && *list != NULL; list++) {
		bool quote = (*list)[strcspn(*list, " \t,")] != '\0';

		out = talloc_asprintf_append(
			out, "%s%s%s%s", *out == '\0' ? "" : " ",
			quote ? "\"" : "", *list, quote ? "\"" : "");
	}
	return out;
}

static char *format_ports(TALLOC_CTX *mem_ctx, const int *ports)
{
	char *out = talloc_strdup(mem_ctx, "");

	for (; out != NULL && *ports != 0; ports++) {
		out = talloc_asprintf_append(out, "%s%d",
					     *out == '\0' ? "" : " ", *ports);
	}
	return out;
}

static const char *word_text(const struct conf_param *p, int value)
{
	const struct conf_word *w = p->words;

	while (w->text != NULL && w->value != value) {
		w++;
	}
	return w->text == NULL ? "" : w->text;
}

char *conf_value_format(TALLOC_CTX *mem_ctx, const struct conf_param *p,
			const void *base)
{
	switch (p->type) {
	case CONF_BOOL:
		return talloc_strdup(
			mem_ctx, CONST_MEMBER(p, base, bool) ? "yes" : "no");
	case CONF_INT:
	case CONF_BYTES:
		return talloc_asprintf(mem_ctx, "%d",
				       CONST_MEMBER(p, base, int));
	case CONF_SIZE:
		return talloc_asprintf(mem_ctx, "%" PRIu64,
				       CONST_MEMBER(p, base, uint64_t));
	case CONF_OCTAL:
		return talloc_asprintf(mem_ctx, "%04o",
				       (unsigned)CONST_MEMBER(p, base, int));
	case CONF_STRING:
	case CONF_DIR:
	case CONF_LEVELS:
		return talloc_strdup(mem_ctx, CONST_MEMBER(p, base, char *));
	case CONF_LIST:
	case CONF_HOSTS:
	case CONF_USERS:
		return format_list(mem_ctx,
				   CONST_MEMBER(p, base, char const *const *));
	case CONF_PORTS:
		return format_ports(mem_ctx, CONST_MEMBER(p, base, int *));
	case CONF_WORD:
		return talloc_strdup(mem_ctx,
				     word_text(p, CONST_MEMBER(p, base, int)));
	}
	ASSERT(false);
	return NULL;
}
