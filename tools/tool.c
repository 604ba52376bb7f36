/* tools/tool.c - what the administrator's programs have in common. */
#include "tools/tool.h"

#include <stdarg.h>
#include <stdlib.h>

void tool_die(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", tool_name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

void tool_print_problem(FILE *f, const struct conf_problem *p)
{
	const char *kind = p->error ? "" : "warning: ";

	if (p->line > 0) {
		fprintf(f, "%s:%u: %s%s\n", p->file, p->line, kind, p->text);
	} else {
		fprintf(f, "%s: %s%s\n", p->file, kind, p->text);
	}
}

const struct conf *tool_load_conf(TALLOC_CTX *mem_ctx, const char *path)
{
	struct conf_report *report = conf_report_create(mem_ctx);
	struct conf *conf;
	NTSTATUS status;

	if (path == NULL) {
		path = TOOL_DEFAULT_CONF;
	}
	if (report == NULL) {
		tool_die("no memory");
	}
	status = conf_load(mem_ctx, path, report, &conf);
	if (NT_STATUS_IS_OK(status)) {
		return conf;
	}
	for (size_t i = 0; i < report->count; i++) {
		if (report->problems[i].error) {
			tool_print_problem(stderr, &report->problems[i]);
		}
	}
	tool_die("%s: %s", path, ntstatus_name(status));
}
