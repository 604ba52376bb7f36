/* notifyd/index.h - who watches what: watches by directory, and by process.
 *
 * Paths as in idl/notify.idl.  All is found by hashes: a change costs a step
 * for each directory above it, however many watches there are. */
#ifndef NOTIFYD_INDEX_H
#define NOTIFYD_INDEX_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "idl/server_id_gen.h"
#include "lib/ntstatus.h"

struct notify_index;
struct index_dir;

/* A process that watches; there as long as it has watches. */
struct index_owner {
	struct index_owner *prev, *next;
	struct server_id id;
	bool lost; /* it could not be told of a change */
	bool dead; /* its socket is not there */
	struct index_watch **places;
	uint32_t num_places;
	uint32_t num_watches;
};

struct index_watch {
	struct index_watch *prev, *next; /* of the same directory */
	struct index_dir *dir;
	struct index_owner *owner;
	uint64_t id; /* the owner's */
	uint32_t filter;
	bool tree;
	bool local;	 /* also what programs on this machine change */
	bool local_only; /* nothing else; not counted on the board */
	/* The path it was added with, if its directory has got another since;
	 * else NULL. */
	const char *first_path;
};

/* A watched directory. */
struct index_dir {
	struct index_dir *prev, *next;
	const char *path;
	struct index_watch *watches;
	void *local; /* for notifyd.c: a talloc child, or NULL */
};

/* What is told when a watch goes, whoever removes it; lent for the call. */
typedef void (*index_gone_fn)(void *private_data,
			      const struct index_watch *watch);

/* Belongs to mem_ctx. */
MUST_CHECK NTSTATUS notify_index_create(TALLOC_CTX *mem_ctx, index_gone_fn gone,
					void *private_data,
					struct notify_index **out);

/* Adds a watch with the id, filter, tree, local and local_only of args; one
 * with the same owner and id is replaced.  The lower half of an id is a small
 * number (locking/notify.c): INVALID_PARAMETER when it is not. *out is lent. */
MUST_CHECK NTSTATUS notify_index_add(struct notify_index *ix,
				     const struct server_id *owner,
				     const char *path,
				     const struct index_watch *args,
				     struct index_watch **out);

/* Removes a watch, if it is there; all of a process. */
void notify_index_remove(struct notify_index *ix, const struct server_id *owner,
			 uint64_t id);
void notify_index_remove_owner(struct notify_index *ix,
			       const struct server_id *owner);

/* Calls fn for each watch that a change of path concerns, by its place and by
 * filter: name is path relative to what is watched.  fn removes nothing. */
typedef void (*index_match_fn)(void *private_data, struct index_watch *watch,
			       const char *name);
void notify_index_match(struct notify_index *ix, const char *path,
			uint32_t filter, index_match_fn fn, void *private_data);

/* Calls fn for each watch of the directory path itself, likewise, with "". */
void notify_index_match_self(struct notify_index *ix, const char *path,
			     index_match_fn fn, void *private_data);

/* A directory has another path now: watches of it and below go with it.
 * moved is called for each, before (with its old path) and after. */
typedef void (*index_moved_fn)(void *private_data, struct index_watch *watch,
			       bool after);
MUST_CHECK NTSTATUS notify_index_rename(struct notify_index *ix,
					const char *old_path,
					const char *new_path,
					index_moved_fn moved,
					void *private_data);

/* The directory path if it is watched, or NULL. */
struct index_dir *notify_index_lookup(struct notify_index *ix,
				      const char *path);

/* The processes that watch: a list, by next. */
struct index_owner *notify_index_owners(const struct notify_index *ix);

#endif
