/* messaging/server_id.h - which process: names of processes that survive the
 * reuse of a pid. */
#ifndef MESSAGING_SERVER_ID_H
#define MESSAGING_SERVER_ID_H

#include "idl/server_id_gen.h"
#include "lib/ntstatus.h"

#define SERVER_ID_STRING_SIZE 40 /* with the final NUL */

bool server_id_equal(const struct server_id *a, const struct server_id *b);

/* The same, or, when pattern has the unique_id 0, the same node and pid. */
bool server_id_matches(const struct server_id *id,
		       const struct server_id *pattern);

/* Nobody: pid 0. */
bool server_id_is_none(const struct server_id *id);

/* "pid/unique", unique in hexadecimal; "node:pid/unique" unless node is 0.
 * out has SERVER_ID_STRING_SIZE bytes. */
void server_id_format(const struct server_id *id, char *out);

/* The forms above; INVALID_PARAMETER else. */
MUST_CHECK NTSTATUS server_id_parse(const char *text, struct server_id *out);

#endif
