/* smbd/dot_names.c - see dot_names.h. */
#include "smbd/dot_names.h"

#include <stdbool.h>
#include <string.h>

static bool is_separator(char c)
{
	return c == '\\' || c == '/';
}

static size_t component_length(const char *p)
{
	return strcspn(p, "\\/");
}

static bool is_dot(const char *p, size_t n)
{
	return n == 1 && p[0] == '.';
}

static bool is_dot_dot(const char *p, size_t n)
{
	return n == 2 && p[0] == '.' && p[1] == '.';
}

static bool leaves_its_first(const char *path)
{
	size_t n = component_length(path);
	const char *next = path + n + 1;

	return n > 0 && path[n] != '\0' && !is_dot(path, n) &&
	       !is_dot_dot(path, n) &&
	       is_dot_dot(next, component_length(next)) &&
	       is_separator(next[2]);
}

/* Where the last component of what begins at path and ends at end begins. */
static char *last_component(char *path, char *end)
{
	while (end > path && is_separator(end[-1])) {
		end--;
	}
	while (end > path && !is_separator(end[-1])) {
		end--;
	}
	return end;
}

NTSTATUS dot_names_resolve(char *path)
{
	const char *from = path;
	char *to = path;

	if (is_separator(path[0]) || leaves_its_first(path)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	while (*from != '\0') {
		size_t n = component_length(from);
		size_t whole = n + (from[n] == '\0' ? 0 : 1);

		if (is_dot_dot(from, n)) {
			/* Windows: what is said to lie above the root
			 * (smb2.mkdir), unless the path goes on from there. */
			if (to == path && from[n] == '\0') {
				return NT_STATUS(OBJECT_PATH_SYNTAX_BAD);
			}
			to = last_component(path, to);
		} else if (!is_dot(from, n)) {
			memmove(to, from, whole);
			to += whole;
		}
		from += whole;
	}
	/* What stood before a dot at the end ends without a separator. */
	if (to > path && is_separator(to[-1]) && from > path &&
	    !is_separator(from[-1])) {
		to--;
	}
	*to = '\0';
	return NT_STATUS_OK;
}
