/* tools/tool.h - what the administrator's programs have in common. */
#ifndef TOOLS_TOOL_H
#define TOOLS_TOOL_H

#include <popt.h>
#include <talloc.h>

#include "lib/conf.h"

#define TOOL_DEFAULT_CONF CONFDIR "/smb.conf"

/* Prints "name: text" on standard error and ends the program with 1. */
void tool_die(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* The last rows of every program's table of options. */
#define TOOL_COMMON_OPTIONS                                                    \
	{"version", 'V', POPT_ARG_NONE, NULL, 'V', "Print the version", NULL}, \
		POPT_AUTOHELP POPT_TABLEEND

/* A program.  The rows of the table point into options. */
struct tool {
	const char *usage; /* the line of --help; NULL: popt's own */
	const struct poptOption *table;
	const void *options;

	/* Its work, with what stands behind the options, up to NULL; gives the
	 * exit code.  What it allocates on mem_ctx is freed however the
	 * program ends, so that no socket is left behind. */
	int (*run)(TALLOC_CTX *mem_ctx, const void *options,
		   const char *const *args);
};

/* Reads the command line and runs the program, or prints the version; gives
 * the exit code.  Strings that the options were given are freed. */
int tool_run(int argc, const char **argv, const struct tool *tool);

/* The status in words, where there are some; lent, as ntstatus_name(). */
const char *tool_status_text(NTSTATUS status);

/* The configuration, on mem_ctx; path NULL is TOOL_DEFAULT_CONF.  Errors in it
 * are printed and end the program. */
const struct conf *tool_load_conf(TALLOC_CTX *mem_ctx, const char *path);

/* The same for a program that looks at a running server: errors are printed,
 * and it goes on. */
const struct conf *tool_load_conf_anyway(TALLOC_CTX *mem_ctx, const char *path);

/* Prints one problem as "file:line: [warning: ]text". */
void tool_print_problem(FILE *f, const struct conf_problem *p);

/* The name of this program, for messages and the log. */
extern const char *const tool_name;

#endif
