/* tools/smbstatus.c - who is logged on, and what is open. */
#include <popt.h>
#include <stdlib.h>
#include <tevent.h>

#include "config.h"
#include "messaging/messaging.h"
#include "tools/status.h"
#include "tools/tool.h"

const char *const tool_name = "smbstatus";

static struct {
	char *conf;
	char *user;
	int json;
	int processes;
	int shares;
	int locks;
	int version;
} options;

static const struct poptOption option_table[] = {
	{"configfile", 's', POPT_ARG_STRING, &options.conf, 0,
	 "Use this configuration file", "FILE"},
	{"json", 'j', POPT_ARG_NONE, &options.json, 0, "Print JSON", NULL},
	{"processes", 'p', POPT_ARG_NONE, &options.processes, 0,
	 "Show sessions only", NULL},
	{"shares", 'S', POPT_ARG_NONE, &options.shares, 0,
	 "Show connected shares only", NULL},
	{"locks", 'L', POPT_ARG_NONE, &options.locks, 0, "Show open files only",
	 NULL},
	{"user", 'u', POPT_ARG_STRING, &options.user, 0,
	 "Show sessions and shares of this user only", "NAME"},
	{"version", 'V', POPT_ARG_NONE, &options.version, 0,
	 "Print the version", NULL},
	POPT_AUTOHELP POPT_TABLEEND,
};

static struct locking *open_databases(TALLOC_CTX *ctx, const struct conf *conf)
{
	const char *dir = conf_global(conf)->lock_dir;
	struct tevent_context *ev = tevent_context_init(ctx);
	struct messaging_context *m;
	struct locking *l;
	NTSTATUS status;

	if (ev == NULL) {
		tool_die("no memory");
	}
	status = messaging_create(ctx, ev, dir, &m);
	if (NT_STATUS_IS_OK(status)) {
		status = locking_open(ctx, dir, m, true, &l);
	}
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		tool_die("%s: no databases: no server has run here", dir);
	}
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("%s: %s", dir, tool_status_text(status));
	}
	return l;
}

static unsigned int wanted_parts(void)
{
	unsigned int parts = 0;

	parts |= options.processes ? STATUS_SESSIONS : 0;
	parts |= options.shares ? STATUS_TREES : 0;
	parts |= options.locks ? STATUS_FILES : 0;
	return parts != 0 ? parts : STATUS_ALL;
}

static int run(TALLOC_CTX *ctx)
{
	const struct conf *conf = tool_load_conf_anyway(ctx, options.conf);
	struct locking *l = open_databases(ctx, conf);
	struct status_query query = {.parts = wanted_parts(),
				     .user = options.user};
	json_t *tree;
	NTSTATUS status;

	status = status_collect(conf, l, &query, &tree);
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("reading the databases: %s", tool_status_text(status));
	}
	if (options.json) {
		json_dumpf(tree, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
		putchar('\n');
	} else {
		status_print(tree, stdout);
	}
	json_decref(tree);
	return 0;
}

int main(int argc, const char **argv)
{
	TALLOC_CTX *ctx = tool_context();
	poptContext pc = poptGetContext(NULL, argc, argv, option_table, 0);
	int rc = poptGetNextOpt(pc);

	if (rc < -1) {
		tool_die("%s: %s", poptBadOption(pc, 0), poptStrerror(rc));
	}
	if (poptPeekArg(pc) != NULL) {
		tool_die("unexpected argument: %s", poptPeekArg(pc));
	}
	if (options.version) {
		puts("Version " PACKAGE_VERSION);
		rc = 0;
	} else {
		rc = run(ctx);
	}
	poptFreeContext(pc);
	free(options.conf);
	free(options.user);
	return rc;
}
