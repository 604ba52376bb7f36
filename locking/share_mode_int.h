/* locking/share_mode_int.h - what the files of share_mode share.
 *
 * share_mode.c         checks, entries, deletion, names
 * share_mode_record.c  the bytes of a record, and its lock
 * share_grant.c        what others may cache of the file
 * share_mode_list.c    reading without the lock; what the dead left */
#ifndef LOCKING_SHARE_MODE_INT_H
#define LOCKING_SHARE_MODE_INT_H

#include "db/db.h"
#include "locking/share_mode.h"

#define FILE_ID_SIZE	     24
#define SUMMARY_SIZE	     28
#define ENTRY_SIZE	     56
#define GRANT_SIZE	     72
#define ENTRY_GRANT_OFFSET   48
#define ENTRY_PID_OFFSET     4
#define ENTRY_OPEN_ID_OFFSET 16
#define CAPACITY_MIN	     4

struct share_modes {
	struct db *db;
	struct db *leases; /* lease.tdb */
	struct lease_board *board;
	struct messaging_context *m;
	const char *path;
};

struct share_mode_lock {
	struct share_modes *s;
	struct db_record *rec;
	struct share_mode_summary sum;
	/* sum.num_entries times ENTRY_SIZE; lent by the database until owned,
	 * then with room for sum.capacity */
	uint8_t *entries;
	struct blob tail; /* lent or owned, as entries */
	/* sum.num_grants of them, with room for one more; on mem_ctx; NULL when
	 * there are none */
	struct share_grant *grants;
	uint32_t gone_directories; /* grants of a directory, to be uncounted */
	bool exists;		   /* in the database */
	bool owned;		   /* entries and tail are ours to change */
	bool finished;		   /* nothing more may be done */
	TALLOC_CTX *mem_ctx;	   /* of what does not fit below; may be NULL */
	uint8_t small_entries[2 * CAPACITY_MIN * ENTRY_SIZE];
	uint8_t small_tail[400];
};

/* The key of id, in buf (FILE_ID_SIZE bytes). */
MUST_CHECK NTSTATUS share_mode_key(const struct file_id *id, uint8_t *buf,
				   struct blob *out);

/* A value taken apart; all lent. */
struct value_parts {
	struct share_mode_summary sum;
	uint8_t *entries;
	struct blob grants;
	struct blob tail;
};

/* INTERNAL_DB_CORRUPTION when it is none. */
MUST_CHECK NTSTATUS share_mode_value_decode(struct blob value,
					    struct value_parts *out);

/* Nobody has place i of those at entries. */
bool share_mode_entry_is_free(const uint8_t *entries, uint32_t i);

/* Entry i of those at entries. */
void share_mode_entry_read(const uint8_t *entries, uint32_t i,
			   struct share_mode_entry *out);

/* Before the first change of anything: entries and tail become ours. */
MUST_CHECK NTSTATUS share_mode_own(struct share_mode_lock *l);

/* A free place in an owned lock, made if need be. */
MUST_CHECK NTSTATUS share_mode_find_place(struct share_mode_lock *l,
					  uint32_t *out);

/* Memory that lives as long as the lock, or NULL. */
void *share_mode_alloc(struct share_mode_lock *l, size_t size);

/* Takes the grants out of a value, or puts them into one. */
MUST_CHECK NTSTATUS share_grants_decode(struct share_mode_lock *l,
					struct blob grants);
MUST_CHECK NTSTATUS share_grants_encode(struct share_mode_lock *l,
					struct blob *out);
/* After entries have gone: so do the grants that nobody uses. */
void share_grants_settle(struct share_mode_lock *l);
/* That is stored: leases on a directory that have gone count no longer. */
void share_grants_uncount(struct share_mode_lock *l);

/* Free places at the end do not count; with none left all is forgotten that
 * was known of the file. */
void share_mode_trim(struct share_mode_lock *l);

/* Replaces the tail of an owned lock. */
MUST_CHECK NTSTATUS share_mode_tail_set(struct share_mode_lock *l,
					const struct share_mode_tail *tail);

#endif
