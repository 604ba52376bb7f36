/* tools/testparm.c - looks an smb.conf over and prints what it means. */
#include <stdlib.h>
#include <string.h>

#include "fsa/modules.h"
#include "lib/hosts.h"
#include "tools/tool.h"

const char *const tool_name = "testparm";

struct options {
	int suppress_prompt; /* accepted: nothing is asked */
	int verbose;
	char *section;
	char *parameter;
};

/* Prints what is wrong; true when nothing is that stops a start. */
static bool print_report(const struct conf_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		tool_print_problem(stderr, &report->problems[i]);
	}
	return report->errors == 0;
}

static int print_value(TALLOC_CTX *ctx, const struct options *o,
		       const struct conf *conf)
{
	const char *section = o->section == NULL ? "global" : o->section;
	char *text;
	NTSTATUS status;

	status = conf_get_text(ctx, conf, section, o->parameter, &text);
	if (NT_STATUS_IS(status, NOT_FOUND)) {
		tool_die("no section [%s]", section);
	}
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("no parameter \"%s\" in [%s]", o->parameter, section);
	}
	puts(text);
	return 0;
}

/* The one section that was asked for, cut out of the whole text. */
static int print_section(const struct options *o, const struct conf *conf)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	bool inside = false;
	bool found = false;
	char *save = NULL;

	if (f == NULL) {
		tool_die("no memory");
	}
	conf_print(conf, f, o->verbose);
	fclose(f);
	for (char *line = strtok_r(text, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save)) {
		size_t n = strlen(line);

		if (line[0] == '[' && line[n - 1] == ']') {
			inside = n == strlen(o->section) + 2 &&
				 strncasecmp(line + 1, o->section, n - 2) == 0;
			found = found || inside;
		}
		if (inside) {
			puts(line);
		}
	}
	free(text);
	if (!found) {
		tool_die("no section [%s]", o->section);
	}
	return 0;
}

/* "testparm FILE HOST ADDRESS": which shares that client may connect to. */
static int print_hosts(const struct conf *conf, const char *host,
		       const char *address)
{
	for (size_t i = 0; i < conf_share_count(conf); i++) {
		const struct conf_share *s = conf_share_at(conf, i);
		bool may = hosts_may_connect(s->hosts_allow, s->hosts_deny,
					     address);

		printf("%s connection from %s (%s) to %s\n",
		       may ? "Allow" : "Deny", host, address, s->name);
	}
	return 0;
}

static int run(TALLOC_CTX *ctx, const void *options, const char *const *args)
{
	const struct options *o = options;
	const char *path = args[0] != NULL ? args[0] : TOOL_DEFAULT_CONF;
	struct conf_report *report = conf_report_create(ctx);
	struct conf *conf = NULL;
	NTSTATUS status;

	if (report == NULL) {
		tool_die("no memory");
	}
	status = conf_load(ctx, path, report, &conf);
	if (NT_STATUS_IS_OK(status)) {
		modules_report(conf, report);
	}
	if (!print_report(report)) {
		return 1;
	}
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("%s: %s", path, tool_status_text(status));
	}
	if (o->parameter != NULL) {
		return print_value(ctx, o, conf);
	}
	if (o->section != NULL) {
		return print_section(o, conf);
	}
	if (args[0] != NULL && args[1] != NULL && args[2] != NULL) {
		return print_hosts(conf, args[1], args[2]);
	}
	printf("# Effective settings of %s\n", path);
	conf_print(conf, stdout, o->verbose);
	return 0;
}

int main(int argc, const char **argv)
{
	struct options options = {0};
	const struct poptOption table[] = {
		{"suppress-prompt", 's', POPT_ARG_NONE,
		 &options.suppress_prompt, 0,
		 "Accepted for compatibility: nothing is ever asked", NULL},
		{"verbose", 'v', POPT_ARG_NONE, &options.verbose, 0,
		 "Print parameters that have their default too", NULL},
		{"parameter-name", 0, POPT_ARG_STRING, &options.parameter, 0,
		 "Print the value of this parameter only", "NAME"},
		{"section-name", 0, POPT_ARG_STRING, &options.section, 0,
		 "Print this section (or the parameter in it) only", "NAME"},
		TOOL_COMMON_OPTIONS,
	};
	const struct tool tool = {
		.usage = "[OPTION...] [FILE [HOST ADDRESS]]",
		.table = table,
		.options = &options,
		.run = run,
	};

	return tool_run(argc, argv, &tool);
}
