/* torture/model.h - what a file server's answers must be: a few names, files,
 * opens, locks and grants of caching, and what each operation does to them, one
 * after the other ([MS-FSA] 2.1.5; docs/caching.md).  Pure: values only.
 *
 * Every place in the state has its fixed meaning (an open is where its client
 * said, a file is where its name is), so that equal states are equal bytes. */
#ifndef TORTURE_MODEL_H
#define TORTURE_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/ntstatus.h"

#define MODEL_CLIENTS 5
#define MODEL_SLOTS   4 /* opens that a client can have */
#define MODEL_OPENS   (MODEL_CLIENTS * MODEL_SLOTS)
#define MODEL_KEYS    2 /* lease keys of a client */
#define MODEL_LEASES  (MODEL_CLIENTS * MODEL_KEYS)
#define MODEL_GRANTS  (MODEL_OPENS + MODEL_LEASES)
#define MODEL_NAMES   3
#define MODEL_BYTES   8 /* of a file */
#define MODEL_LOCKS   12

/* --- the state ------------------------------------------------------------ */

struct model_file {
	uint8_t exists;
	uint8_t delete_pending;
	uint8_t size;
	uint8_t data[MODEL_BYTES]; /* zeros from size on */
};

/* Rights, and what is shared. */
#define MODEL_READ    1u
#define MODEL_WRITE   2u
#define MODEL_DELETE  4u
#define MODEL_CONTROL 8u /* READ_CONTROL; none at all: attributes */
#define MODEL_CLAIMS  (MODEL_READ | MODEL_WRITE | MODEL_DELETE)

struct model_open {
	uint8_t used;
	uint8_t file; /* where its name is */
	uint8_t access;
	uint8_t share;
	uint8_t delete_on_close;
	uint8_t grant;	       /* 0, or 1 + its place */
	uint8_t waits_to_lock; /* and has passed all breaks */
};

/* As SMB2_LEASE_*; docs/caching.md. */
#define MODEL_R 1u
#define MODEL_H 2u
#define MODEL_W 4u

/* Of an open (an oplock; its place is the open's), or of a lease key. */
struct model_grant {
	uint8_t used;
	uint8_t lease; /* 0, or the version */
	uint8_t file;
	uint8_t state;
	uint8_t breaking;
	uint8_t break_to;
	uint8_t required; /* by all who came meanwhile */
	uint8_t further;  /* a second step: everybody waits */
	uint16_t epoch;
	uint16_t unused; /* no padding: states are compared as bytes */
	uint32_t told_from, told_until; /* ms: the break was sent in between */
};

struct model_lock {
	uint8_t open; /* 1 + its place */
	uint8_t offset;
	uint8_t length; /* 0: no lock */
	uint8_t exclusive;
};

struct model {
	struct model_file files[MODEL_NAMES];
	struct model_open opens[MODEL_OPENS];
	struct model_grant grants[MODEL_GRANTS];
	struct model_lock locks[MODEL_LOCKS]; /* sorted */
};

/* --- operations ----------------------------------------------------------- */

enum model_kind {
	MODEL_CREATE,
	MODEL_CLOSE,
	MODEL_READ_DATA,
	MODEL_WRITE_DATA,
	MODEL_LOCK,
	MODEL_UNLOCK,
	MODEL_SET_DELETE,
	MODEL_RENAME,
	MODEL_ACK,    /* of a break */
	MODEL_VANISH, /* an open goes with its connection or process */
	MODEL_KINDS
};

enum model_caching {
	MODEL_NONE,
	MODEL_LEVEL_II,
	MODEL_EXCLUSIVE,
	MODEL_BATCH,
	MODEL_LEASE_V1,
	MODEL_LEASE_V2
};

/* What a member means is said by its kind; those that it does not have are 0.
 */
struct model_op {
	uint8_t kind;
	uint8_t client;
	uint8_t open; /* place: which one, or where a CREATE puts it */
	uint8_t name; /* of CREATE; the new one of RENAME */
	uint8_t access, share, disposition, delete_on_close;
	uint8_t caching, state, key; /* asked for; ACK: the state given */
	uint8_t offset, length;
	uint8_t exclusive, wait;   /* LOCK */
	uint8_t replace;	   /* RENAME */
	uint8_t on;		   /* SET_DELETE; VANISH: closed, not killed */
	uint16_t epoch;		   /* CREATE with a lease of version 2 */
	uint8_t data[MODEL_BYTES]; /* WRITE */
};

struct model_answer {
	NTSTATUS status;
	uint8_t action;	 /* CREATE: enum create_action */
	uint8_t caching; /* enum model_caching that is granted */
	uint8_t state;	 /* MODEL_R... of a CREATE or ACK */
	uint8_t breaking;
	uint8_t length; /* of a READ */
	uint8_t size;	/* of a CREATE: see model_size_is() */
	uint16_t epoch;
	uint8_t data[MODEL_BYTES];
};

/* What a holder is told. */
struct model_notice {
	uint8_t grant; /* place */
	uint8_t lease;
	uint8_t to;
	uint8_t from, ack; /* from here on: of leases alone */
	uint16_t epoch;
};

/* How it comes that an operation does not do all it should. */
enum model_cut {
	MODEL_WHOLE,
	MODEL_NO_EFFECT, /* killed when others had been told, or a new file was
			    made, and no more */
};

struct model_moment {
	bool expired; /* breaks that may have run out of time have */
	/* ms: what was told before must have been answered, may have been */
	uint32_t must_before, may_before;
	enum model_cut cut;
	bool locked; /* there were byte-range locks a moment ago */
};

#define MODEL_NOTICES 16

struct model_effect {
	bool waits; /* not done: others have to act first */
	struct model_answer answer;
	struct model_notice notices[MODEL_NOTICES];
	unsigned int num_notices;
};

/* What op does now.  When it waits, nothing has changed but the grants that it
 * began to break, and that it waits. */
void model_step(struct model *m, const struct model_op *op,
		const struct model_moment *at, struct model_effect *out);

/* Whether n can be what a write tells the holder, whom it has told before: he
 * has got READ in between; done.  Or nothing has changed. */
bool model_break_again(struct model *m, const struct model_notice *n);

/* Whether op, when it succeeds, changes what of that file is read, or may be.
 */
bool model_is_write(const struct model_op *op);

/* The place of a lease, or of an open's oplock. */
static inline uint8_t model_lease(uint8_t client, uint8_t key)
{
	return (uint8_t)(MODEL_OPENS + client * MODEL_KEYS + key);
}

/* Whose grant that is. */
uint8_t model_grant_client(uint8_t place);

bool model_notice_is(const struct model_notice *a,
		     const struct model_notice *b);

/* Whether an answer is the one that is wanted; of a CREATE, but for what comes
 * of model_create_end(). */
bool model_answer_is(const struct model_op *op, const struct model_answer *want,
		     const struct model_answer *got);

/* A CREATE whose open is there asks for what it may cache: [MS-SMB2] 3.3.5.9,
 * "Oplock Acquisition", which others may come before.  Adds to *out. */
void model_create_end(struct model *m, const struct model_op *op,
		      const struct model_moment *at, struct model_answer *out);

/* Whether that is what it was told. */
bool model_grant_is(const struct model_answer *want,
		    const struct model_answer *got);

/* The size that a CREATE has told, whose open is there: of some moment between
 * having entered and being answered, if it may be cached; who may not cache has
 * no use for it. */
bool model_size_is(const struct model *m, const struct model_op *op,
		   const struct model_answer *got);

#endif
