/* torture/model_main.c - the command line of the randomized model test. */
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "torture/args.h"
#include "torture/model.h"
#include "torture/model_run.h"

#define EXIT_USAGE 2

struct model_args {
	struct torture_args common;
	int seconds, clients, patience, server, leave;
	long long seed;
	char *keep, *look;
};

static void model_table(struct model_args *a, struct poptOption *table)
{
	const struct poptOption rows[] = {
		{"seconds", 0, POPT_ARG_INT, &a->seconds, 0, "how long (60)",
		 "N"},
		{"clients", 0, POPT_ARG_INT, &a->clients, 0,
		 "how many, 2 to 5 (4)", "N"},
		{"seed", 0, POPT_ARG_LONGLONG, &a->seed, 0,
		 "what chance begins with; else the time", "N"},
		{"patience", 0, POPT_ARG_INT, &a->patience, 0,
		 "the server's \"oplock break wait time\" (35000)", "MS"},
		{"server", 0, POPT_ARG_INT, &a->server, 0,
		 "the server's master: its children are killed", "PID"},
		{"leave", 0, POPT_ARG_INT, &a->leave, 0,
		 "with --server: a client leaves or loses its process in one "
		 "of N rounds (100)",
		 "N"},
		{"keep", 0, POPT_ARG_STRING, &a->keep, 0,
		 "where a round that is not legal goes", "FILE"},
		{"look", 0, POPT_ARG_STRING, &a->look, 0,
		 "judge such a round once more, without a server", "FILE"},
		{NULL, 0, POPT_ARG_INCLUDE_TABLE, poptHelpOptions, 0,
		 "Help:", NULL},
		{0}};
	int n = torture_args_rows(&a->common, table);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		table[n++] = rows[i];
	}
}

static int run(poptContext pc, const struct model_args *a)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *target = poptGetArg(pc);
	struct torture_options options;
	bool good;

	if (target == NULL || a->clients < 2 || a->clients > MODEL_CLIENTS ||
	    a->seconds <= 0 || a->patience <= 0 || a->leave < 0 ||
	    !torture_args_parse(mem, &a->common, target, &options)) {
		poptPrintUsage(pc, stderr, 0);
		talloc_free(mem);
		return EXIT_USAGE;
	}
	good = model_run(&(struct model_run_options){
		.torture = &options,
		.seed = (uint64_t)a->seed,
		.clients = (unsigned)a->clients,
		.seconds = (unsigned)a->seconds,
		.patience_ms = (unsigned)a->patience,
		.server_pid = a->server,
		.leave_every = (unsigned)a->leave,
		.keep = a->keep,
	});
	talloc_free(mem);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

int model_main(int argc, const char **argv)
{
	struct model_args args = {.seconds = 60,
				  .clients = 4,
				  .patience = 35000,
				  .leave = 100,
				  .seed = (long long)time(NULL)};
	struct poptOption table[TORTURE_ARGS_ROWS + 10];
	poptContext pc;
	int rc;

	model_table(&args, table);
	pc = poptGetContext("torture model", argc, argv, table, 0);
	poptSetOtherOptionHelp(pc, "//HOST[:PORT]/SHARE [OPTION...]");
	rc = poptGetNextOpt(pc);
	if (rc < -1) {
		fprintf(stderr, "torture model: %s: %s\n", poptBadOption(pc, 0),
			poptStrerror(rc));
		rc = EXIT_USAGE;
	} else {
		rc = args.look != NULL ? (model_look(args.look) ? EXIT_SUCCESS
								: EXIT_FAILURE)
				       : run(pc, &args);
	}
	free(args.keep);
	free(args.look);
	torture_args_free(&args.common);
	poptFreeContext(pc);
	return rc;
}
