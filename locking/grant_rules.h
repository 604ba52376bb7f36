/* locking/grant_rules.h - what an operation does to what others may cache
 * ([MS-FSA] 2.1.4.12), as a table; docs/caching.md shows it. */
#ifndef LOCKING_GRANT_RULES_H
#define LOCKING_GRANT_RULES_H

#include <stdbool.h>
#include <stdint.h>

/* As SMB2_LEASE_* ([MS-SMB2] 2.2.13.2.8).  A level II oplock is READ, an
 * exclusive one READ and WRITE, a batch oplock all three. */
#define GRANT_READ   0x1u
#define GRANT_HANDLE 0x2u
#define GRANT_WRITE  0x4u
#define GRANT_ALL    0x7u

enum grant_op {
	GRANT_OP_OPEN,	    /* another open, not for attributes alone */
	GRANT_OP_CONTROL,   /* one for attributes and READ_CONTROL */
	GRANT_OP_OVERWRITE, /* one that cuts the file off */
	GRANT_OP_SHARE,	    /* one that sharing forbids: OPEN_BREAK_H */
	GRANT_OP_READ,	    /* also: flush */
	GRANT_OP_WRITE,	    /* also: lock, change the size, zero a range */
	GRANT_OP_RENAME,    /* also: link */
	GRANT_OP_DELETE,    /* disposition */
	GRANT_OP_SECURITY,
	GRANT_OP_CHILD, /* a directory: of what is in it, something changes */
	GRANT_OPS
};

struct grant_effect {
	uint8_t target; /* what is left; the whole state: nothing happens */
	bool answer;	/* the holder is to acknowledge */
	bool wait;	/* the operation waits for that */
};

/* What op does to somebody else's grant of this state. */
struct grant_effect grant_effect(enum grant_op op, uint8_t state, bool lease);

/* The most of wanted that can be granted beside what others have: their opens,
 * their grants' states together.  locked: there are byte-range locks; deleted:
 * deletion is pending. */
struct grant_others {
	bool opens;	/* other opens that count */
	uint8_t leases; /* union of the states of other leases */
	uint8_t oplocks;
	bool locked;
	bool deleted;
};
uint8_t grant_allowed(uint8_t wanted, bool lease,
		      const struct grant_others *others);

#endif
