/* tools/status_int.h - what the files of smbstatus share.
 *
 * status_collect.c  sessions, tree connects; all together
 * status_files.c    opens, and what they may cache
 * status_locks.c    byte-range locks
 * status_watch.c    who waits; its tables, too
 * status_json.c     values as Samba's smbstatus writes them
 * status_print.c, status_print_files.c: the tables */
#ifndef TOOLS_STATUS_INT_H
#define TOOLS_STATUS_INT_H

#include "idl/locking_gen.h"
#include "lib/nttime.h"
#include "tools/status.h"

struct collector {
	struct locking *locking;
	const struct status_query *query;
	json_t *root;
	json_t *sessions;
	json_t *tcons;
	json_t *files;
	json_t *locks;
	json_t *notifies;
	json_t *waiting;
	struct server_id looked_at; /* the last process, and whether it lives */
	bool lives;
};

bool status_is_alive(struct collector *c, const struct server_id *id);

/* share_mode_info_fn, private_data: the collector. */
struct share_mode_info;
bool status_add_file(const struct share_mode_info *info, void *private_data);

/* Fills c->locks; names come from c->files. */
MUST_CHECK NTSTATUS status_add_locks(struct collector *c);

/* Fill c->notifies and c->waiting, likewise. */
MUST_CHECK NTSTATUS status_add_notifies(struct collector *c,
					const char *lock_dir);
MUST_CHECK NTSTATUS status_add_waiting(struct collector *c);

/* How a file is called in the tree: its id in hexadecimal. */
#define STATUS_FILE_KEY_SIZE 80
void status_file_key(const struct file_id *id, char *out);
json_t *status_file_id_json(const struct file_id *id);

/* ISO 8601 with the local zone's offset; null for 0. */
json_t *status_time_json(NTTIME t);
json_t *status_server_id_json(const struct server_id *id);
json_t *status_hex_json(uint64_t v);
json_t *status_decimal_json(uint64_t v);
/* What a peer called itself need not be UTF-8. */
json_t *status_text_json(const char *text);
json_t *status_user_json(uid_t uid);
json_t *status_group_json(gid_t gid);

/* --- tables ----------------------------------------------------------------
 */

#define STATUS_RULE                                                            \
	"--------------------------------------------------------------------" \
	"-------------------------------------\n"

/* Text from a peer must not move the cursor: a copy without what would. */
const char *status_clean(const char *text, char *out, size_t size);
/* The string, or "-". */
const char *status_text_of(const json_t *from, const char *name);
const char *status_pid_of(const json_t *from);

void status_print_files(const json_t *files, FILE *f);
void status_print_breaks(const json_t *files, FILE *f);
void status_print_locks(const json_t *locks, FILE *f);
void status_print_notifies(const json_t *notifies, FILE *f);
void status_print_waiting(const json_t *waiting, FILE *f);

#endif
