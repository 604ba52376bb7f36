/* torture/coherence.h - caching clients in processes of their own, and what
 * they must see of one another: what they share, and the records that they
 * write and read. */
#ifndef TORTURE_COHERENCE_H
#define TORTURE_COHERENCE_H

#include <stdatomic.h>

#include "client/cache_sync.h"
#include "torture/breaks.h"

/* --- records -------------------------------------------------------------- */

/* Page i of the file is full of records of 64 << i bytes. */
#define RECORD_PAGES 7u
#define RECORDS	     127u
#define RECORD_MAX   4096u

struct record_place {
	uint64_t offset;
	size_t size;
};

struct record_place record_place(unsigned int number);
/* Every byte of it depends on number and version. */
void record_make(unsigned int number, uint64_t version, uint8_t *out);
/* The version of a whole record; 0: torn, or no record of this number. */
uint64_t record_version(unsigned int number, const uint8_t *bytes);

/* --- what the processes share --------------------------------------------- */

struct record_state {
	/* The highest version that somebody began to write, and that somebody
	 * was told is written. */
	_Atomic uint64_t issued, acked;
};

struct board {
	struct record_state records[RECORDS];
	_Atomic bool stop;	    /* the time is over, or somebody failed */
	_Atomic unsigned int ready; /* who has come to the end of a round */
	_Atomic unsigned long reads, reads_cached, writes, writes_cached;
	_Atomic unsigned long opens, opens_kept, breaks, late;
	_Atomic unsigned long longest_ms; /* that a break was late */
	_Atomic unsigned long slowest_ms; /* that an open took */
	_Atomic unsigned long kills, turns;
	_Atomic bool violated;
	char what[256]; /* the first violation */
};

/* A break was so late; an open took so long. */
void board_late(struct board *board, unsigned long ms);
void board_took(struct board *board, unsigned long ms);

/* A violation is noted, and the process ends. */
void board_violation(struct board *board, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* --- one process ---------------------------------------------------------- */

#define COHERENCE_CLIENTS 3u

enum how {
	ALONE,
	TOGETHER,
	KILLED
};

/* How the clients are bent, to see that it is seen. */
struct bent {
	uint32_t cache;	      /* CLI_CACHE_KEEPS_... */
	bool half;	      /* every tenth record is written by half */
	unsigned int late_ms; /* 0: LATE_MS */
};

struct client {
	struct torture *t;
	struct board *board;
	struct cli_conn *conn;
	struct cli_cache *cache;
	const char *name;
	enum how how;
	unsigned int number;
	uint64_t random;
	struct bent bent;
	/* Together, a file for reading and one for writing too, with a lease
	 * each: the highest version of each record that was seen there. */
	uint64_t seen[2][RECORDS];
	unsigned long writes;
	unsigned int kills; /* before it began */
};

/* From 0 to n - 1. */
unsigned int client_below(struct client *c, unsigned int n);
unsigned long client_now_ms(void);

/* Who is killed, or whose child of the server is, has no more to say. */
#define CLIENT_EXIT_CUT 3

/* Connects, and does what c->how says until then. */
void client_run(struct client *c, unsigned long end) __attribute__((noreturn));

#endif
