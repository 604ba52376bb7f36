/* vfs_modules/audit/audit.h - the filter `audit`: who did what, as JSON lines.
 * Their schema is docs/audit.md and docs/audit.schema.json; names and meanings
 * that are there stay. */
#ifndef VFS_MODULES_AUDIT_AUDIT_H
#define VFS_MODULES_AUDIT_AUDIT_H

#include <jansson.h>

#include "fsa/filter.h"

#define AUDIT_SCHEMA_VERSION 1

enum audit_event {
	AUDIT_CONNECT,
	AUDIT_DISCONNECT,
	AUDIT_CREATE,
	AUDIT_CLOSE,
	AUDIT_READ,
	AUDIT_WRITE,
	AUDIT_FLUSH,
	AUDIT_LIST,
	AUDIT_QUERY_INFO,
	AUDIT_SET_INFO,
	AUDIT_RENAME,
	AUDIT_LINK,
	AUDIT_DISPOSITION,
	AUDIT_QUERY_VOLUME,
	AUDIT_QUERY_SECURITY,
	AUDIT_SET_SECURITY,
	AUDIT_FSCTL,
	AUDIT_NOTIFY,
	AUDIT_COPY,
	AUDIT_LOCK,
	AUDIT_DELETE,
	AUDIT_REPLACE,
	AUDIT_OVERWRITE,
	AUDIT_EVENTS
};

struct audit_config {
	uint32_t success, failure; /* bits of enum audit_event */
	const char *file;	   /* "": to the system's log */
	const char *socket;
	int facility, priority; /* places in their words */
};

struct audit_writer;

/* layer->state */
struct audit {
	const struct audit_config *config;
	struct audit_writer *writer;
	const char *user, *client, *share;
	uint64_t since; /* microseconds: of the connection */
};

/* --- events (events.c) -----------------------------------------------------
 */

const char *audit_event_name(enum audit_event e);
/* What an io is. */
enum audit_event audit_event_of(const struct fsa_io *io);
/* "create !list all none ..." as bits; false: an event is not known. */
bool audit_events_parse(const char *text, uint32_t *out);
/* Adds what is special about an io that is over. */
void audit_describe(json_t *record, const struct fsa_io *io, NTSTATUS status);
/* A string of slashes, whatever bytes it has. */
json_t *audit_path(const char *name);
json_t *audit_text(const char *text);

/* --- the writer (writer.c) -------------------------------------------------
 */

/* Where lines go: a file, or (path NULL) the system's log through socket, with
 * pri (facility and priority).  Writing is done by a thread, so that nobody
 * waits for a disk; what it cannot keep up with is counted and said.  The errno
 * when the file cannot be opened. */
int audit_writer_create(const char *path, const char *socket, int pri,
			struct audit_writer **out);
/* Never waits; takes a copy. */
void audit_writer_put(struct audit_writer *w, const char *line);
/* Waits a moment until all is written. */
void audit_writer_free(struct audit_writer *w);

#endif
