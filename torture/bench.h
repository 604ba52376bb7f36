/* torture/bench.h - "torture bench": what a unit of work costs the server.
 * It prints and never judges. */
#ifndef TORTURE_BENCH_H
#define TORTURE_BENCH_H

#include "torture/util.h"

/* argv[0] is "bench"; returns the exit code. */
int torture_bench(int argc, const char **argv);

/* What a benchmark is told. */
struct bench {
	struct torture *t;
	struct cli_tree *tree; /* a connection of its own; not for connect */
	unsigned int count;    /* units of work */
	unsigned int size;     /* bytes of a read or write */
	unsigned int names;    /* entries of the directory */
	unsigned int depth;    /* requests in flight */
	unsigned int locks;    /* in the file, another's */
	unsigned int clients;  /* of contention */
	long server_pid;       /* 0: not known */
	void *state;	       /* of the benchmark, on t->mem */
};

struct bench_kind {
	const char *name;
	const char *unit;
	const char *what; /* for --help */
	unsigned int count;
	bool no_tree;			  /* makes its own connections */
	void (*prepare)(struct bench *b); /* not measured; may be NULL */
	/* Measured; returns the number of units done. */
	unsigned long (*run)(struct bench *b);
	void (*finish)(struct bench *b); /* not measured; may be NULL */
};

extern const struct bench_kind bench_small[]; /* end with a NULL name */
extern const struct bench_kind bench_bulk[];
extern const struct bench_kind bench_caching[];
extern const struct bench_kind bench_locks[];
extern const struct bench_kind bench_contention[];

/* "idle": opens b->count connections and prints the memory of each child. */
void bench_idle(struct bench *b, bool json);

/* So many connections are to be made: or the benchmark fails. */
void bench_needs_descriptors(unsigned int need);

/* Keeps b->depth requests in flight until n have been sent and answered: send
 * makes number i, done takes its result and frees it. */
void bench_pipeline(struct bench *b, unsigned long n,
		    struct tevent_req *(*send)(struct bench *b,
					       unsigned long i),
		    void (*done)(struct bench *b, struct tevent_req *req));

/* A directory of b->names entries (files of no length, "f0000000" and on) in
 * the share's root; kept for the next run.  Its name, on t->mem. */
const char *bench_directory(struct bench *b);

#endif
