/* tools/smbstatus.c - who is logged on, and what is open. */
#include <stdlib.h>
#include <tevent.h>

#include "messaging/messaging.h"
#include "tools/status.h"
#include "tools/tool.h"

const char *const tool_name = "smbstatus";

struct options {
	char *conf;
	char *user;
	int json;
	int processes;
	int shares;
	int locks;
	int byte_range;
	int notify;
	int waiting;
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

static unsigned int wanted_parts(const struct options *o)
{
	unsigned int parts = 0;

	parts |= o->processes ? STATUS_SESSIONS : 0;
	parts |= o->shares ? STATUS_TREES : 0;
	parts |= o->locks ? STATUS_FILES : 0;
	parts |= o->byte_range ? STATUS_LOCKS : 0;
	parts |= o->notify ? STATUS_NOTIFIES : 0;
	parts |= o->waiting ? STATUS_WAITING : 0;
	return parts != 0 ? parts : STATUS_USUAL;
}

static int run(TALLOC_CTX *ctx, const void *options, const char *const *args)
{
	const struct options *o = options;
	const struct conf *conf = tool_load_conf_anyway(ctx, o->conf);
	struct locking *l = open_databases(ctx, conf);
	struct status_query query = {.parts = wanted_parts(o), .user = o->user};
	json_t *tree;
	NTSTATUS status;

	status = status_collect(conf, l, &query, &tree);
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("reading the databases: %s", tool_status_text(status));
	}
	if (o->json) {
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
	struct options options = {0};
	const struct poptOption table[] = {
		{"configfile", 's', POPT_ARG_STRING, &options.conf, 0,
		 "Use this configuration file", "FILE"},
		{"json", 'j', POPT_ARG_NONE, &options.json, 0, "Print JSON",
		 NULL},
		{"processes", 'p', POPT_ARG_NONE, &options.processes, 0,
		 "Show sessions only", NULL},
		{"shares", 'S', POPT_ARG_NONE, &options.shares, 0,
		 "Show connected shares only", NULL},
		{"locks", 'L', POPT_ARG_NONE, &options.locks, 0,
		 "Show open files only, and what is cached of them", NULL},
		{"byterange", 'B', POPT_ARG_NONE, &options.byte_range, 0,
		 "Show byte-range locks only", NULL},
		{"notify", 'N', POPT_ARG_NONE, &options.notify, 0,
		 "Show watched directories only", NULL},
		{"waiting", 'W', POPT_ARG_NONE, &options.waiting, 0,
		 "Show only who waits for a record to change", NULL},
		{"user", 'u', POPT_ARG_STRING, &options.user, 0,
		 "Show sessions and shares of this user only", "NAME"},
		TOOL_COMMON_OPTIONS,
	};
	const struct tool tool = {
		.table = table,
		.options = &options,
		.run = run,
	};

	return tool_run(argc, argv, &tool);
}
