/* torture/model_run.h - the randomized model test: client processes do what
 * chance says, in rounds; after each, model_check() is asked whether that was
 * legal. */
#ifndef TORTURE_MODEL_RUN_H
#define TORTURE_MODEL_RUN_H

#include "torture/torture.h"

struct model_run_options {
	const struct torture_options *torture;
	uint64_t seed;
	unsigned int clients;
	unsigned int seconds;
	unsigned int patience_ms; /* the server's "oplock break wait time" */
	int server_pid;		  /* its master; 0: no children are killed */
	unsigned int leave_every; /* rounds: a client goes, or is killed */
	const char *keep; /* a file for the round that is not legal, or NULL */
};

/* Prints what it did, and the first round that is not legal.  False: there was
 * one, or something else went wrong. */
bool model_run(const struct model_run_options *options);

/* Judges what was kept; prints it, too. */
bool model_look(const char *path);

/* "torture model ...": the exit status. */
int model_main(int argc, const char **argv);

#endif
