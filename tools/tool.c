/* tools/tool.c - what the administrator's programs have in common. */
#include "tools/tool.h"

#include <stdarg.h>
#include <stdlib.h>

#include "config.h"
#include "lib/log.h"

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

static void free_context(int code, void *mem_ctx)
{
	talloc_free(mem_ctx);
}

/* exit() frees it, from wherever it is called. */
static TALLOC_CTX *create_context(void)
{
	TALLOC_CTX *mem_ctx = talloc_new(NULL);

	if (mem_ctx == NULL || on_exit(free_context, mem_ctx) != 0) {
		tool_die("no memory");
	}
	return mem_ctx;
}

/* Fills in the options; true when the version is asked for. */
static bool read_options(poptContext pc)
{
	bool version = false;
	int rc;

	while ((rc = poptGetNextOpt(pc)) > 0) {
		version = version || rc == 'V';
	}
	if (rc < -1) {
		tool_die("%s: %s", poptBadOption(pc, POPT_BADOPTION_NOALIAS),
			 poptStrerror(rc));
	}
	return version;
}

static void free_strings(const struct poptOption *row)
{
	for (; row->longName != NULL || row->arg != NULL; row++) {
		if (row->argInfo == POPT_ARG_STRING) {
			free(*(char **)row->arg);
		}
	}
}

int tool_run(int argc, const char **argv, const struct tool *tool)
{
	static const char *const no_args[] = {NULL};
	TALLOC_CTX *mem_ctx = create_context();
	poptContext pc = poptGetContext(NULL, argc, argv, tool->table, 0);
	int code = 0;

	log_set_name(tool_name);
	if (tool->usage != NULL) {
		poptSetOtherOptionHelp(pc, tool->usage);
	}
	if (read_options(pc)) {
		puts("Version " PACKAGE_VERSION);
	} else {
		const char **args = poptGetArgs(pc);

		code = tool->run(mem_ctx, tool->options,
				 args == NULL ? no_args : args);
	}
	poptFreeContext(pc);
	free_strings(tool->table);
	return code;
}

const char *tool_status_text(NTSTATUS status)
{
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return "no such file or folder";
	}
	if (NT_STATUS_IS(status, ACCESS_DENIED)) {
		return "permission denied";
	}
	if (NT_STATUS_IS(status, IO_TIMEOUT)) {
		return "no answer";
	}
	return ntstatus_name(status);
}

void tool_print_problem(FILE *f, const struct conf_problem *p)
{
	const char *kind = p->error ? "" : p->note ? "note: " : "warning: ";

	if (p->line > 0) {
		fprintf(f, "%s:%u: %s%s\n", p->file, p->line, kind, p->text);
	} else {
		fprintf(f, "%s: %s%s\n", p->file, kind, p->text);
	}
}

typedef NTSTATUS (*load_fn)(TALLOC_CTX *mem_ctx, const char *path,
			    struct conf_report *report, struct conf **out);

static const struct conf *load(TALLOC_CTX *mem_ctx, const char *path,
			       load_fn fn)
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
	status = fn(mem_ctx, path, report, &conf);
	for (size_t i = 0; i < report->count; i++) {
		if (report->problems[i].error) {
			tool_print_problem(stderr, &report->problems[i]);
		}
	}
	if (NT_STATUS_IS_OK(status)) {
		return conf;
	}
	if (report->errors > 0) {
		exit(1);
	}
	tool_die("%s: %s", path, tool_status_text(status));
}

const struct conf *tool_load_conf(TALLOC_CTX *mem_ctx, const char *path)
{
	return load(mem_ctx, path, conf_load);
}

const struct conf *tool_load_conf_anyway(TALLOC_CTX *mem_ctx, const char *path)
{
	return load(mem_ctx, path, conf_load_anyway);
}
