/* locking/state_int.h - what the files of state share.
 *
 * state.c        lists, faults, processes
 * state_read.c   reading
 * state_client.c clients, and the processes that serve them
 * state_open.c   sessions, tree connects and opens, and what processes say
 * state_notify.c watches of directories
 * state_watch.c  who waits for a record
 * state_file.c   share modes, grants, byte-range locks, against opens
 * share_verify.c, brlock_verify.c: what is in these databases by itself */
#ifndef LOCKING_STATE_INT_H
#define LOCKING_STATE_INT_H

#include "idl/locking_gen.h"
#include "locking/state.h"

/* Items of one size, each beginning with a uint64_t, by which they are sorted
 * and found. */
struct state_list {
	uint8_t *items;
	size_t count, room, size;
};

/* The items are on mem_ctx. */
MUST_CHECK NTSTATUS state_list_add(TALLOC_CTX *mem_ctx, struct state_list *list,
				   const void *item);
void state_list_sort(struct state_list *list);
/* The first one of a sorted list with this number; or NULL. */
void *state_list_find(const struct state_list *list, uint64_t number);
/* Item i. */
void *state_list_at(const struct state_list *list, size_t i);

struct known_process {
	uint64_t unique_id;
	struct server_id id;
	bool alive;
	bool answered;
};

/* Of client.tdb, or as a process says; in lists by the first half of its GUID.
 */
struct known_client {
	uint64_t half;
	struct guid guid;
	struct server_id owner;
};

struct known_session {
	uint64_t id;
	struct server_id owner;
};

struct known_tree {
	uint64_t id;
	struct server_id owner;
	uint64_t session_id;
};

struct known_open {
	uint64_t id;
	struct server_id owner;
	uint64_t session_id;
	uint64_t tree_id;
	struct file_id file;
	uint32_t access;
	bool disconnected;
	bool leased;
	struct guid client;
	struct guid lease_key;
};

/* An open in the record of its file, or a stream's mark there. */
struct known_entry {
	uint64_t open_id;
	struct server_id owner;
	struct file_id file;
	uint32_t access;
	bool mark;
	bool leased; /* it has a grant that is a lease */
	struct guid client;
	struct guid lease_key;
};

struct known_lock {
	uint64_t open_id;
	struct server_id owner;
	struct file_id file;
	bool waits;
};

/* What a process says. */
struct said_session {
	uint64_t id;
	struct server_id owner;
	uint32_t flags;
};

struct said_tree {
	uint64_t id;
	struct server_id owner;
	uint64_t session_id;
	uint32_t flags;
};

struct said_open {
	uint64_t id;
	struct server_id owner;
	uint64_t tree_id;
	uint64_t session_id;
	uint32_t flags;
};

/* A watch of a directory, of a process; lists of them are sorted by id, which
 * is the process's own. */
struct known_watch {
	uint64_t id;
	struct server_id owner;
	uint32_t filter;
	bool tree;
	const char *path; /* on the state */
};

struct state {
	struct locking *l;
	struct state_list processes;
	struct state_list clients, said_clients;
	struct state_list sessions, trees, opens;
	struct state_list entries, marks;
	struct state_list locks;
	struct state_list said_watches;
	struct state_list said_sessions, said_trees, said_opens;
	char **faults;
	size_t num_faults;
	NTSTATUS failed; /* the first time that there was no memory */
};

/* One more disagreement. */
void state_fault(struct state *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* An item of s->clients or s->said_clients. */
struct known_client state_client(const struct guid *guid,
				 const struct server_id *owner);

/* The process, which is looked at once; lent until the next call. */
const struct known_process *state_process(struct state *s,
					  const struct server_id *id);

#define STATE_FILE_SIZE 64
const char *state_file_text(const struct file_id *id, char *out);
#define STATE_KEY_SIZE 128
/* A key in hexadecimal, cut off if need be. */
const char *state_key_text(struct blob key, char *out);

/* The parts of state_read() and state_compare(); that of byte-range locks fills
 * s->locks. */
MUST_CHECK NTSTATUS state_verify_share_modes(struct state *s);
MUST_CHECK NTSTATUS state_verify_brlocks(struct state *s);
MUST_CHECK NTSTATUS state_verify_watched(struct state *s);
void state_compare_clients(struct state *s);
void state_compare_opens(struct state *s);
void state_compare_files(struct state *s);

#endif
