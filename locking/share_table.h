/* locking/share_table.h - many items of one size that belong to one file: its
 * opens, or its grants.  For share_mode's own files only.
 *
 * Up to kind->most of them lie in the file's record.  More are in pages,
 * records of share_page.tdb, and then all are.  A hash of an item's id tells
 * its page (linear hashing: when there are too many items for the pages there
 * are, one page is divided in two, and when too few, the last one is joined to
 * the page it came from), so that adding, finding and removing touch one page
 * however many items there are.
 *
 * A process can be killed between any two stores.  So the record names a page
 * only after that is stored; of a page what its hash does not lead to does not
 * count (the rest of a division, or of one that was not finished); a page that
 * is not there is empty; and one that the record does not name means nothing.
 * See also the order of stores in locking/share_mode_record.c. */
#ifndef LOCKING_SHARE_TABLE_H
#define LOCKING_SHARE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "idl/locking_gen.h"
#include "lib/blob.h"
#include "lib/ntstatus.h"

struct share_mode_lock;

struct share_table_kind {
	size_t size;	  /* of an item */
	size_t id_offset; /* of its id, a hyper; 0: the place is free */
	uint32_t few;	  /* places in the record to begin with */
	uint32_t most;
	uint32_t page_key; /* or'ed to the numbers of its pages in their keys */
};

/* The most places in a record of any kind, and the largest item. */
#define SHARE_TABLE_MOST      8
#define SHARE_TABLE_ITEM_SIZE share_grant_FIXED_SIZE

struct share_page {
	uint32_t number;
	uint32_t places;
	uint8_t *items;
	bool changed;
	bool late; /* stored after the record that says what has left it */
	bool gone; /* removed after the record that does not name it */
	struct share_page *next_changed;
};

struct share_table {
	const struct share_table_kind *kind;
	struct share_mode_lock *l; /* whose it is: its memory, database, key */
	uint32_t count;		   /* of items */
	uint32_t num_pages;	   /* 0: they are in the record */
	struct share_page here;	   /* the places in the record */
	struct share_page **pages; /* those looked at; NULL: none yet */
	struct share_page *changed;
	bool failed; /* a page could not be read: nothing is certain */
	uint8_t buf[SHARE_TABLE_MOST * SHARE_TABLE_ITEM_SIZE]; /* of here */
};

/* An item where it lies, until the table is changed. */
struct share_place {
	struct share_page *page;
	uint8_t *item;
};

/* An empty one.  What there is in a record is put into count, num_pages and
 * here by who reads that. */
void share_table_init(struct share_table *t,
		      const struct share_table_kind *kind,
		      struct share_mode_lock *l);

/* Before the first change: the places in the record become the table's. */
void share_table_own(struct share_table *t);

/* The item with this id; false: none. */
bool share_table_find(struct share_table *t, uint64_t id,
		      struct share_place *out);

/* The next item from *at on, which begins with zeros, or false.  Items may be
 * changed and removed meanwhile, not added. */
struct share_cursor {
	uint32_t page, place;
};
bool share_table_next(struct share_table *t, struct share_cursor *at,
		      struct share_place *out);

/* A free place for the item with this id; it is the caller's to fill in. */
MUST_CHECK NTSTATUS share_table_add(struct share_table *t, uint64_t id,
				    struct share_place *out);
void share_table_remove(struct share_table *t, const struct share_place *at);
/* The item has been written to. */
void share_table_touch(struct share_table *t, const struct share_place *at);

/* Before a store: as many pages as the items ask for, or one more or less. */
MUST_CHECK NTSTATUS share_table_reshape(struct share_table *t);

/* Stores the pages that come before the record, or those after. */
MUST_CHECK NTSTATUS share_table_store(struct share_table *t, bool late);

/* Removes all pages, of a table that is to be empty. */
MUST_CHECK NTSTATUS share_table_drop(struct share_table *t);

#endif
