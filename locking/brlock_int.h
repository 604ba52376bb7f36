/* locking/brlock_int.h - what the files of brlock share.
 *
 * brlock.c       the rules: adding, removing, checking
 * brlock_wait.c  who waits for what, and who is woken
 * brlock_page.c  the bytes: the list's record and its pages
 * brlock_list.c  looking at all lists; what the dead left */
#ifndef LOCKING_BRLOCK_INT_H
#define LOCKING_BRLOCK_INT_H

#include <endian.h>
#include <string.h>

#include "db/db.h"
#include "locking/brlock.h"

#define BRLOCK_KEY_SIZE	     24
#define BRLOCK_PAGE_KEY_SIZE 28
#define BRLOCK_PAGE_MAX	     128   /* locks; more only at one offset */
#define BRLOCK_PAGES_MAX     65536 /* of a file */
#define BRLOCK_WAITERS_MAX   65536

struct brlocks {
	struct db *db;
	struct db *pages;
	struct messaging_context *m;
};

/* pages and waiters are on mem_ctx, with room for one more. */
struct brlock_list {
	struct brlocks *s;
	struct db_record *rec;
	struct file_id id;
	struct brlock_head head;
	struct brlock_page *pages;
	struct brlock_waiter *waiters;
	bool exists;  /* in the database */
	bool changed; /* other than there */
	/* What went that others may wait for; first > last: nothing. */
	uint64_t loose_first, loose_last;
	bool finished; /* nothing more may be done */
	TALLOC_CTX *mem_ctx;
};

#define BRLOCK_ENTRY_SIZE 48

/* The locks of one page as they are stored, with room for one more; on the
 * list's mem_ctx. */
struct brlock_locks {
	uint32_t index; /* of the page in the list */
	uint32_t count;
	uint8_t *bytes;
	bool uncut; /* more is stored, behind its end, and does not count */
};

/* Of lock i what is asked for all of them, without decoding it. */
static inline uint64_t brlock_get_u64(const struct brlock_locks *p, uint32_t i,
				      size_t at)
{
	uint64_t v;

	memcpy(&v, p->bytes + (size_t)i * BRLOCK_ENTRY_SIZE + at, sizeof(v));
	return le64toh(v);
}

static inline uint64_t brlock_open_id(const struct brlock_locks *p, uint32_t i)
{
	return brlock_get_u64(p, i, 16);
}

static inline uint64_t brlock_offset(const struct brlock_locks *p, uint32_t i)
{
	return brlock_get_u64(p, i, 24);
}

static inline uint64_t brlock_length(const struct brlock_locks *p, uint32_t i)
{
	return brlock_get_u64(p, i, 32);
}

/* Lock i. */
struct brlock_entry brlock_get(const struct brlock_locks *p, uint32_t i);

/* The first lock whose offset is not below this; count: none. */
uint32_t brlock_first_at(const struct brlock_locks *p, uint64_t offset);

/* Takes lock i out of p, in memory. */
void brlock_take_out(struct brlock_locks *p, uint32_t i);

/* The last byte of a range; of an empty one the byte before it. */
static inline uint64_t brlock_last(uint64_t offset, uint64_t length)
{
	return offset == 0 && length == 0 ? 0 : offset + length - 1;
}

/* A lock or a waiter of this range has gone. */
void brlock_loosen(struct brlock_list *l, const struct brlock_entry *gone);

/* Wakes those who may have now what they wait for, and nobody else. */
void brlock_wake(struct brlock_list *l);

/* Whether e, a lock or what is waited for, forbids want. */
bool brlock_forbids(const struct brlock_entry *e,
		    const struct brlock_entry *want);

/* Whether a lock does: OK or LOCK_NOT_GRANTED.  Those of the dead go. */
MUST_CHECK NTSTATUS brlock_find(struct brlock_list *l,
				const struct brlock_entry *want);

/* Whether waiter i could have what he wants. */
bool brlock_is_next(struct brlock_list *l, uint32_t i);

/* Takes waiter i out. */
void brlock_drop_waiter(struct brlock_list *l, uint32_t i);

/* INTERNAL_DB_CORRUPTION when value is none. */
MUST_CHECK NTSTATUS brlock_decode(struct brlock_list *l, struct blob value);
/* Stores what has changed, or removes the record of an empty list. */
MUST_CHECK NTSTATUS brlock_store(struct brlock_list *l);

/* The page that has, or is to have, locks at offset.  The list has pages. */
uint32_t brlock_page_at(const struct brlock_list *l, uint64_t offset);

/* Whether there is a page of that number, named by the list or not. */
bool brlock_has_page(struct brlock_list *l, uint32_t number);

MUST_CHECK NTSTATUS brlock_load(struct brlock_list *l, uint32_t index,
				struct brlock_locks *out);
/* Puts e into its page, which is made or divided if need be. */
MUST_CHECK NTSTATUS brlock_insert(struct brlock_list *l,
				  const struct brlock_entry *e);
/* After locks have been taken out of p: stores it, or drops it when it is
 * empty: then the page after it has its index. */
MUST_CHECK NTSTATUS brlock_shrunk(struct brlock_list *l,
				  struct brlock_locks *p);

#endif
