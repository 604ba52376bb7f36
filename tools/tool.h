/* tools/tool.h - what the administrator's programs have in common. */
#ifndef TOOLS_TOOL_H
#define TOOLS_TOOL_H

#include <talloc.h>

#include "lib/conf.h"

#define TOOL_DEFAULT_CONF CONFDIR "/smb.conf"

/* Prints "name: text" on standard error and ends the program with 1. */
void tool_die(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

/* What the program owns, freed however it ends: a socket is not left behind. */
TALLOC_CTX *tool_context(void);

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

/* The name of this program, for messages and --version. */
extern const char *const tool_name;

#endif
