/* lib/conf_subst.c - %-words in values, and user lists. */
#include "lib/conf.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "lib/utf16.h"

#define GROUP_BUFFER_MAX (16 << 20)

/* Copies a word's value so that it never makes another path, or command, of
 * it. */
static char *append_safe(char *out, const char *value, bool shell)
{
	size_t at = strlen(out);

	out = talloc_strdup_append_buffer(out, value);
	if (out == NULL) {
		return NULL;
	}
	/* The value alone may be "..", or begin with one. */
	if (out[at] == '.') {
		out[at] = '_';
	}
	for (char *c = out + at; *c != '\0'; c++) {
		bool plain = isalnum((unsigned char)*c) || (*c & 0x80) != 0 ||
			     strchr("-_.@:", *c) != NULL ||
			     (*c == '$' && !shell);

		if (!plain) {
			*c = '_';
		}
	}
	return out;
}

/* The value of a word that a peer or the set-up supplies; NULL if there is no
 * such word. */
static const char *word_value(char word, const struct conf_subst *s)
{
	const char *value;

	switch (word) {
	case 'U':
		value = s->session_user;
		break;
	case 'u':
		value = s->unix_user;
		break;
	case 'm':
	case 'M':
		value = s->client_name != NULL ? s->client_name
					       : s->client_address;
		break;
	case 'I':
		value = s->client_address;
		break;
	case 'i':
		value = s->server_address;
		break;
	case 'S':
		value = s->share;
		break;
	case 'L':
		value = s->server_name;
		break;
	case 'D':
		value = s->domain;
		break;
	default:
		return NULL;
	}
	return value != NULL ? value : "";
}

static char *append_word(char *out, char word, const struct conf_subst *s)
{
	char host[256] = "";
	struct tm tm;
	time_t now;

	switch (word) {
	case '%':
		return talloc_strdup_append_buffer(out, "%");
	case 'd':
		return talloc_asprintf_append_buffer(out, "%ld",
						     (long)getpid());
	case 'v':
		return talloc_strdup_append_buffer(out, PACKAGE_VERSION);
	case 'h':
		(void)gethostname(host, sizeof(host) - 1);
		return append_safe(out, host, s->shell);
	case 't':
		now = time(NULL);
		(void)strftime(host, sizeof(host), "%Y_%m_%d_%H_%M_%S",
			       localtime_r(&now, &tm));
		return talloc_strdup_append_buffer(out, host);
	case 'P':
		return talloc_strdup_append_buffer(out, s->path);
	default:
		return append_safe(out, word_value(word, s), s->shell);
	}
}

/* The path is the set-up's own; a command takes it when a shell reads it as
 * letters and no more. */
static bool is_plain_path(const char *path)
{
	for (; *path != '\0'; path++) {
		if (!isalnum((unsigned char)*path) && (*path & 0x80) == 0 &&
		    strchr("/-_.@:+,= ", *path) == NULL) {
			return false;
		}
	}
	return true;
}

static bool is_word(char word, const struct conf_subst *s)
{
	if (word == 'P') {
		return s->path != NULL && (!s->shell || is_plain_path(s->path));
	}
	return (word != '\0' && strchr("%dvht", word) != NULL) ||
	       word_value(word, s) != NULL;
}

NTSTATUS conf_substitute(TALLOC_CTX *mem_ctx, const char *text,
			 const struct conf_subst *subst, char **out)
{
	char *result = talloc_strdup(mem_ctx, "");

	while (result != NULL && *text != '\0') {
		size_t n = strcspn(text, "%");

		result = talloc_strndup_append_buffer(result, text, n);
		text += n;
		if (result == NULL || *text == '\0') {
			break;
		}
		if (!is_word(text[1], subst)) {
			talloc_free(result);
			return NT_STATUS(INVALID_PARAMETER);
		}
		result = append_word(result, text[1], subst);
		text += 2;
	}
	if (result == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*out = result;
	return NT_STATUS_OK;
}

/* The group's number; false when there is no such group. */
static bool group_id(const char *name, gid_t *out)
{
	size_t size = 4096;
	struct group entry;
	struct group *found = NULL;
	char *buffer;
	int err;

	/* A group with many members needs a larger buffer. */
	do {
		size *= 4;
		buffer = talloc_array(NULL, char, size);
		if (buffer == NULL) {
			return false;
		}
		err = getgrnam_r(name, &entry, buffer, size, &found);
		*out = found != NULL ? found->gr_gid : 0;
		talloc_free(buffer);
	} while (err == ERANGE && size < GROUP_BUFFER_MAX);
	return found != NULL;
}

static bool in_group(const char *name, const gid_t *gids, size_t ngids)
{
	gid_t gid;

	if (!group_id(name, &gid)) {
		return false;
	}
	for (size_t i = 0; i < ngids; i++) {
		if (gids[i] == gid) {
			return true;
		}
	}
	return false;
}

bool conf_user_in_list(const char *const *list, const char *user,
		       const gid_t *gids, size_t ngids)
{
	for (; *list != NULL; list++) {
		const char *name = *list;

		if (*name != '@' && *name != '+' && *name != '&') {
			if (utf8_casecmp(name, user) == 0) {
				return true;
			}
			continue;
		}
		/* "+&group" and the like: the order in which Samba asks. */
		name += strspn(name, "@+&");
		if (in_group(name, gids, ngids)) {
			return true;
		}
	}
	return false;
}
