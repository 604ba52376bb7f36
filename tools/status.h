/* tools/status.h - what smbstatus knows: gathered once as a JSON tree, which
 * is printed as it is or as tables. */
#ifndef TOOLS_STATUS_H
#define TOOLS_STATUS_H

#include <jansson.h>
#include <stdio.h>

#include "lib/conf.h"
#include "locking/locking.h"

enum status_parts {
	STATUS_SESSIONS = 0x1,
	STATUS_TREES = 0x2,
	STATUS_FILES = 0x4,
	STATUS_LOCKS = 0x8,
	STATUS_NOTIFIES = 0x10,
	STATUS_WAITING = 0x20,
	STATUS_USUAL = 0x7 /* without being asked */
};

struct status_query {
	unsigned int parts; /* enum status_parts */
	const char *user;   /* only of this user; NULL: of all */
};

/* The tree, as Samba's smbstatus --json names things: "sessions", "tcons",
 * "open_files", "byte_range_locks" and "notifies" by id; "waiting" is an array.
 * Records of processes that are gone are left out.  The caller owns the
 * reference. */
MUST_CHECK NTSTATUS status_collect(const struct conf *conf, struct locking *l,
				   const struct status_query *query,
				   json_t **out);

/* As tables for people. */
void status_print(const json_t *status, FILE *f);

#endif
