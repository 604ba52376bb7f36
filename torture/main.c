/* torture/main.c - protocol tests and benchmarks against any SMB server. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "torture/args.h"
#include "torture/bench.h"
#include "torture/model_run.h"
#include "torture/run.h"

#define EXIT_FAILED 1
#define EXIT_USAGE  2

struct main_args {
	struct torture_args common;
	int list;
};

static int main_table(struct main_args *args, struct poptOption *table)
{
	int n = torture_args_rows(&args->common, table);

	table[n++] = (struct poptOption){
		"encrypted-share",
		0,
		POPT_ARG_STRING,
		&args->common.encrypted_share,
		0,
		"a share that requires encryption, for the tests of that",
		"NAME"};
	table[n++] =
		(struct poptOption){"time-machine-share",
				    0,
				    POPT_ARG_STRING,
				    &args->common.time_machine_share,
				    0,
				    "a share that is good for Time Machine",
				    "NAME"};
	table[n++] = (struct poptOption){
		"after",
		0,
		POPT_ARG_STRING,
		&args->common.after,
		0,
		"run this after each test, which fails when this does",
		"COMMAND"};
	table[n++] = (struct poptOption){
		"seconds",
		0,
		POPT_ARG_INT,
		&args->common.seconds,
		0,
		"how long each test lasts that does things at random (2)",
		"SECONDS"};
	table[n++] = (struct poptOption){
		"seed",
		0,
		POPT_ARG_INT,
		&args->common.seed,
		0,
		"what these tests do (1); other seeds, other things",
		"NUMBER"};
	table[n++] = (struct poptOption){
		"list",
		'l',
		POPT_ARG_NONE,
		&args->list,
		0,
		"print the tests (those that a PATTERN matches)",
		NULL};
	table[n++] = (struct poptOption){
		NULL,	 0,   POPT_ARG_INCLUDE_TABLE, poptHelpOptions, 0,
		"Help:", NULL};
	table[n] = (struct poptOption){0};
	return n;
}

static int run_tests(poptContext pc, struct main_args *args)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *target = args->list ? NULL : poptGetArg(pc);
	const char *const *patterns;
	struct torture_options options;
	int failed;

	if (args->list) {
		torture_list((const char *const *)poptGetArgs(pc));
		talloc_free(mem);
		return 0;
	}
	if (target == NULL) {
		poptPrintUsage(pc, stderr, 0);
		talloc_free(mem);
		return EXIT_USAGE;
	}
	if (!torture_args_parse(mem, &args->common, target, &options)) {
		talloc_free(mem);
		return EXIT_USAGE;
	}
	patterns = (const char *const *)poptGetArgs(pc);
	failed = torture_run(&options, patterns);
	talloc_free(mem);
	if (failed < 0) {
		fprintf(stderr, "torture: no test matches\n");
		return EXIT_USAGE;
	}
	return failed > 0 ? EXIT_FAILED : 0;
}

int main(int argc, const char **argv)
{
	struct main_args args = {0};
	struct poptOption table[TORTURE_ARGS_ROWS + 8];
	poptContext pc;
	int rc;

	signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && strcmp(argv[1], "bench") == 0) {
		return torture_bench(argc - 1, argv + 1);
	}
	if (argc > 1 && strcmp(argv[1], "model") == 0) {
		return model_main(argc - 1, argv + 1);
	}
	main_table(&args, table);
	pc = poptGetContext("torture", argc, argv, table, 0);
	poptSetOtherOptionHelp(pc,
			       "//HOST[:PORT]/SHARE [OPTION...] [PATTERN...]\n"
			       "       torture bench --help\n"
			       "       torture model --help");
	rc = poptGetNextOpt(pc);
	if (rc < -1) {
		fprintf(stderr, "torture: %s: %s\n", poptBadOption(pc, 0),
			poptStrerror(rc));
		rc = EXIT_USAGE;
	} else {
		rc = run_tests(pc, &args);
	}
	torture_args_free(&args.common);
	poptFreeContext(pc);
	return rc;
}
