/* locking/share_mode_int.h - what the files of share_mode share.
 *
 * share_mode.c         checks, entries, deletion, names
 * share_mode_record.c  the bytes of a record, and its lock
 * share_table.c        many entries, many grants: pages
 * share_counts.c       how many there are of each kind
 * share_grant.c        what others may cache of the file
 * share_names.c        records counted by name
 * share_mode_list.c    reading without the lock; what the dead left */
#ifndef LOCKING_SHARE_MODE_INT_H
#define LOCKING_SHARE_MODE_INT_H

#include "db/db.h"
#include "locking/share_mode.h"
#include "locking/share_table.h"

#define FILE_ID_SIZE	     file_id_FIXED_SIZE
#define SUMMARY_SIZE	     share_mode_summary_FIXED_SIZE
#define COUNTS_SIZE	     share_mode_counts_FIXED_SIZE
#define ENTRY_SIZE	     share_mode_entry_FIXED_SIZE
#define GRANT_SIZE	     share_grant_FIXED_SIZE
#define ENTRY_OPEN_ID_OFFSET 16
#define GRANT_ID_OFFSET	     0
#define SHARE_PAGE_KEY_SIZE  (FILE_ID_SIZE + 4)
#define SHARE_PAGE_GRANTS    0x80000000u /* in the number of a page */

struct share_modes {
	struct db *db;
	struct db *pages;  /* share_page.tdb */
	struct db *leases; /* lease.tdb */
	struct lease_board *board;
	struct name_board *names;
	struct messaging_context *m;
	const char *path;
};

#define SHARE_LEFT_TAILS 2

/* Processes that were found alive, while a lock is held. */
#define ALIVE_KNOWN 64

struct share_mode_lock {
	struct share_modes *s;
	struct db_record *rec; /* NULL: only to be looked at */
	const uint8_t *key;    /* FILE_ID_SIZE bytes */
	/* Its numbers of entries, grants, places and pages are those in the
	 * database; as they are now they are the tables'. */
	struct share_mode_summary sum;
	struct share_mode_counts counts;
	struct blob tail;	   /* lent until owned */
	struct server_id *alive;   /* by pid; NULL: none known */
	uint32_t gone_directories; /* grants of a directory, to be uncounted */
	uint32_t num_left_tails;
	struct blob left_tails[SHARE_LEFT_TAILS]; /* names to be uncounted */
	bool named;	     /* the name in tail is counted */
	bool exists;	     /* in the database */
	bool counted;	     /* counts are known */
	bool owned;	     /* the rest is ours to change */
	bool changed;	     /* other than in the database */
	bool loosened;	     /* a grant is less: some may have waited */
	bool finished;	     /* nothing more may be done */
	TALLOC_CTX *mem_ctx; /* of what does not fit below; may be NULL */
	struct share_table entries;
	struct share_table grants;
	uint8_t small_tail[400];
};

/* The key of id, in buf (FILE_ID_SIZE bytes). */
MUST_CHECK NTSTATUS share_mode_key(const struct file_id *id, uint8_t *buf,
				   struct blob *out);

/* The summary of a value; INTERNAL_DB_CORRUPTION when it is none. */
MUST_CHECK NTSTATUS share_mode_summary_of(struct blob value,
					  struct share_mode_summary *out);

/* The record with this key and value, to be looked at while value is lent; the
 * end of it.  INTERNAL_DB_CORRUPTION: as above. */
MUST_CHECK NTSTATUS share_mode_view(struct share_modes *s, struct blob key,
				    struct blob value,
				    struct share_mode_lock *out);
void share_mode_view_end(struct share_mode_lock *l);

/* An item as a value. */
void share_mode_entry_read(const struct share_place *at,
			   struct share_mode_entry *out);
void share_mode_entry_write(struct share_mode_lock *l,
			    const struct share_place *at,
			    const struct share_mode_entry *e);
void share_grant_read(const struct share_place *at, struct share_grant *out);
/* The counts do not follow. */
void share_grant_write(struct share_mode_lock *l, const struct share_place *at,
		       const struct share_grant *g);

/* Before the first change of anything: all becomes ours. */
MUST_CHECK NTSTATUS share_mode_own(struct share_mode_lock *l);

/* Memory that lives as long as the lock, or NULL. */
void *share_mode_alloc(struct share_mode_lock *l, size_t size);

/* Whether the process lives; asks the system once. */
bool share_mode_is_alive(struct share_mode_lock *l, const struct server_id *id);

/* All that is counted is counted anew, after a process was killed. */
void share_mode_count_anew(struct share_mode_lock *l);

/* Removes pages that no record names. */
void share_mode_sweep(struct share_modes *s);

/* An entry has gone: the grant it had goes with the last one that had it. */
void share_grant_leave(struct share_mode_lock *l,
		       const struct share_mode_entry *e);
/* Takes a grant out; the counts do not follow. */
void share_grant_drop(struct share_mode_lock *l, const struct share_place *at,
		      const struct share_grant *g);

/* That is stored: leases on a directory that have gone count no longer. */
void share_grants_uncount(struct share_mode_lock *l);

/* share_names.c: the tail is about to get this name, which counts
 * (name_board.h) from now on; the one it has, which is as it was loaded or
 * owned, does not when all is stored. */
void share_names_count(struct share_mode_lock *l, const char *share_path,
		       const char *name);
/* It will have none. */
void share_names_leave(struct share_mode_lock *l);
/* All is stored. */
void share_names_uncount(struct share_mode_lock *l);

/* Replaces the tail of an owned lock. */
MUST_CHECK NTSTATUS share_mode_tail_set(struct share_mode_lock *l,
					const struct share_mode_tail *tail);

#endif
