/* messaging/server_id.c - names of processes as values and as text. */
#include "messaging/server_id.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool server_id_equal(const struct server_id *a, const struct server_id *b)
{
	return a->pid == b->pid && a->unique_id == b->unique_id &&
	       a->node == b->node;
}

bool server_id_matches(const struct server_id *id,
		       const struct server_id *pattern)
{
	return id->node == pattern->node && id->pid == pattern->pid &&
	       (pattern->unique_id == 0 || id->unique_id == pattern->unique_id);
}

bool server_id_is_none(const struct server_id *id)
{
	return id->pid == 0;
}

void server_id_format(const struct server_id *id, char *out)
{
	int n = 0;

	if (id->node != 0) {
		n = snprintf(out, SERVER_ID_STRING_SIZE, "%" PRIu32 ":",
			     id->node);
	}
	snprintf(out + n, SERVER_ID_STRING_SIZE - (size_t)n,
		 "%" PRIu32 "/%" PRIx64, id->pid, id->unique_id);
}

/* A number up to max that ends at the character end, and moves past that. */
static bool parse_number(const char **text, int base, char end, uint64_t max,
			 uint64_t *out)
{
	unsigned long long v;
	char *stop;

	/* strtoull() takes blanks, signs and 0x, which a number here has not.
	 */
	if (strchr(base == 16 ? "0123456789abcdef" : "0123456789", **text) ==
		    NULL ||
	    **text == '\0' || (*text)[1] == 'x') {
		return false;
	}
	errno = 0;
	v = strtoull(*text, &stop, base);
	if (errno != 0 || v > max || *stop != end) {
		return false;
	}
	*text = *stop == '\0' ? stop : stop + 1;
	*out = v;
	return true;
}

NTSTATUS server_id_parse(const char *text, struct server_id *out)
{
	uint64_t node = 0, pid, unique;
	const char *p = text;

	if (!parse_number(&p, 10, ':', UINT32_MAX, &node)) {
		p = text;
	}
	if (!parse_number(&p, 10, '/', UINT32_MAX, &pid) ||
	    !parse_number(&p, 16, '\0', UINT64_MAX, &unique)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = (struct server_id){.node = (uint32_t)node,
				  .pid = (uint32_t)pid,
				  .unique_id = unique};
	return NT_STATUS_OK;
}
