/* tools/testparm.c - looks an smb.conf over and prints what it means. */
#include <popt.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "lib/hosts.h"
#include "tools/tool.h"

const char *const tool_name = "testparm";

static struct {
	int suppress_prompt; /* accepted: nothing is asked */
	int verbose;
	int version;
	char *section;
	char *parameter;
} options;

static const struct poptOption option_table[] = {
	{"suppress-prompt", 's', POPT_ARG_NONE, &options.suppress_prompt, 0,
	 "Accepted for compatibility: nothing is ever asked", NULL},
	{"verbose", 'v', POPT_ARG_NONE, &options.verbose, 0,
	 "Print parameters that have their default too", NULL},
	{"parameter-name", 0, POPT_ARG_STRING, &options.parameter, 0,
	 "Print the value of this parameter only", "NAME"},
	{"section-name", 0, POPT_ARG_STRING, &options.section, 0,
	 "Print this section (or the parameter in it) only", "NAME"},
	{"version", 'V', POPT_ARG_NONE, &options.version, 0,
	 "Print the version", NULL},
	POPT_AUTOHELP POPT_TABLEEND,
};

/* Prints what is wrong; true when nothing is that stops a start. */
static bool print_report(const struct conf_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		tool_print_problem(stderr, &report->problems[i]);
	}
	return report->errors == 0;
}

static int print_value(TALLOC_CTX *ctx, const struct conf *conf)
{
	const char *section =
		options.section == NULL ? "global" : options.section;
	char *text;
	NTSTATUS status;

	status = conf_get_text(ctx, conf, section, options.parameter, &text);
	if (NT_STATUS_IS(status, NOT_FOUND)) {
		tool_die("no section [%s]", section);
	}
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("no parameter \"%s\" in [%s]", options.parameter,
			 section);
	}
	puts(text);
	return 0;
}

/* The one section that was asked for, cut out of the whole text. */
static int print_section(const struct conf *conf)
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
	conf_print(conf, f, options.verbose);
	fclose(f);
	for (char *line = strtok_r(text, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save)) {
		size_t n = strlen(line);

		if (line[0] == '[' && line[n - 1] == ']') {
			inside = n == strlen(options.section) + 2 &&
				 strncasecmp(line + 1, options.section,
					     n - 2) == 0;
			found = found || inside;
		}
		if (inside) {
			puts(line);
		}
	}
	free(text);
	if (!found) {
		tool_die("no section [%s]", options.section);
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

static int run(TALLOC_CTX *ctx, const char **args)
{
	const char *path =
		args != NULL && args[0] != NULL ? args[0] : TOOL_DEFAULT_CONF;
	struct conf_report *report = conf_report_create(ctx);
	struct conf *conf = NULL;
	NTSTATUS status;

	if (report == NULL) {
		tool_die("no memory");
	}
	status = conf_load(ctx, path, report, &conf);
	if (!print_report(report)) {
		return 1;
	}
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("%s: %s", path, tool_status_text(status));
	}
	if (options.parameter != NULL) {
		return print_value(ctx, conf);
	}
	if (options.section != NULL) {
		return print_section(conf);
	}
	if (args != NULL && args[0] != NULL && args[1] != NULL &&
	    args[2] != NULL) {
		return print_hosts(conf, args[1], args[2]);
	}
	printf("# Effective settings of %s\n", path);
	conf_print(conf, stdout, options.verbose);
	return 0;
}

int main(int argc, const char **argv)
{
	TALLOC_CTX *ctx = tool_context();
	poptContext pc = poptGetContext(NULL, argc, argv, option_table, 0);
	int rc;

	poptSetOtherOptionHelp(pc, "[OPTION...] [FILE [HOST ADDRESS]]");
	rc = poptGetNextOpt(pc);
	if (rc < -1) {
		tool_die("%s: %s", poptBadOption(pc, 0), poptStrerror(rc));
	}
	if (options.version) {
		puts("Version " PACKAGE_VERSION);
		rc = 0;
	} else {
		rc = run(ctx, poptGetArgs(pc));
	}
	poptFreeContext(pc);
	free(options.section);
	free(options.parameter);
	return rc;
}
