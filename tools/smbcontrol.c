/* tools/smbcontrol.c - tells the processes of a running server what to do. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <tevent.h>

#include "lib/log.h"
#include "messaging/messaging.h"
#include "tools/control.h"
#include "tools/tool.h"

#define DEFAULT_TIMEOUT 10

const char *const tool_name = "smbcontrol";

static const struct command commands[] = {
	{.name = "ping", .type = MSG_PING, .replies = true},
	{.name = "reload-config",
	 .type = MSG_RELOAD_CONFIG,
	 .to_children = true},
	{.name = "shutdown", .type = MSG_SHUTDOWN},
	{.name = "debug",
	 .type = MSG_DEBUG,
	 .argument = "LEVELS",
	 .to_children = true},
	{.name = "debuglevel", .type = MSG_DEBUG_LEVEL, .replies = true},
	{.name = "close-share",
	 .type = MSG_CLOSE_SHARE,
	 .argument = "SHARE",
	 .to_children = true},
	{.name = "kill-client-ip",
	 .type = MSG_KILL_CLIENT_IP,
	 .argument = "ADDRESS",
	 .to_children = true},
	{.name = "check-state", .run = control_check_state},
	{.name = "drop-open", .run = control_drop_open},
	{.name = "break-lease", .run = control_break_lease},
	{.name = "show-record", .run = control_show_record},
};

/* --- who --------------------------------------------------------------- */

static uint32_t master_pid(const struct control *c)
{
	const char *dir = conf_global(c->conf)->pid_dir;
	char *path = talloc_asprintf(c->ctx, "%s/smbd.pid", dir);
	FILE *f = path == NULL ? NULL : fopen(path, "re");
	unsigned int pid = 0;

	if (f == NULL) {
		tool_die("%s: %s: is smbd running?", path, strerror(errno));
	}
	if (fscanf(f, "%u", &pid) != 1 || pid == 0) {
		fclose(f);
		tool_die("%s: no process id in it", path);
	}
	fclose(f);
	return pid;
}

/* All but this program. */
static void target_all(struct control *c)
{
	const struct server_id *self = messaging_id(c->m);
	size_t kept = 0;
	NTSTATUS status;

	status = messaging_list(c->ctx, c->m, &c->targets, &c->count);
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("listing the processes: %s", tool_status_text(status));
	}
	for (size_t i = 0; i < c->count; i++) {
		if (!server_id_equal(&c->targets[i], self)) {
			c->targets[kept++] = c->targets[i];
		}
	}
	c->count = kept;
	if (kept == 0) {
		tool_die("no server is running with lock directory %s",
			 conf_global(c->conf)->lock_dir);
	}
}

static void target_pid(struct control *c, uint32_t pid)
{
	NTSTATUS status;

	c->targets = talloc(c->ctx, struct server_id);
	if (c->targets == NULL) {
		tool_die("no memory");
	}
	status = messaging_find_pid(c->m, pid, c->targets);
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		tool_die("no process %u of this server", pid);
	}
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("process %u: %s", pid, tool_status_text(status));
	}
	c->count = 1;
}

static void find_targets(struct control *c, const char *target)
{
	char *end;
	unsigned long pid;

	if (strcmp(target, "all") == 0) {
		target_all(c);
		return;
	}
	if (strcmp(target, "smbd") == 0) {
		target_pid(c, master_pid(c)); /* also: is it there at all? */
		if (c->command->to_children) {
			target_all(c);
		}
		return;
	}
	pid = strtoul(target, &end, 10);
	if (*end != '\0' || pid == 0 || pid > INT32_MAX) {
		tool_die("\"%s\" is not smbd, all, or a process id", target);
	}
	target_pid(c, (uint32_t)pid);
}

/* --- what -------------------------------------------------------------- */

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, name) == 0) {
			return &commands[i];
		}
	}
	tool_die("no such command: %s", name);
}

static void encode_argument(struct control *c, const char *argument)
{
	struct message_text text = {.text = (char *)argument};
	NTSTATUS status;

	if (c->command->argument == NULL) {
		if (argument != NULL) {
			tool_die("%s takes no argument", c->command->name);
		}
		return;
	}
	if (argument == NULL) {
		tool_die("%s needs an argument: %s", c->command->name,
			 c->command->argument);
	}
	if (c->command->type == MSG_DEBUG &&
	    !NT_STATUS_IS_OK(log_levels_check(argument))) {
		tool_die("\"%s\" is not a log level: 3, or \"1 auth:5\"",
			 argument);
	}
	status = message_text_push(c->ctx, &text, &c->payload);
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("%s: %s", argument, tool_status_text(status));
	}
}

/* --- the exchange ------------------------------------------------------ */

/* A request that waits for its reply. */
struct waiting {
	struct control *control;
	uint32_t pid;
};

static void print_reply(const struct waiting *w, struct blob reply)
{
	struct control *c = w->control;
	struct message_text text;

	if (c->command->type == MSG_PING) {
		printf("PONG from pid %u\n", w->pid);
	} else if (NT_STATUS_IS_OK(message_text_pull(c->ctx, reply, &text))) {
		printf("PID %u: %s\n", w->pid, text.text);
	}
}

static void request_done(struct tevent_req *req)
{
	struct waiting *w = tevent_req_callback_data_void(req);
	struct control *c = w->control;
	struct blob reply = {0};
	NTSTATUS status;

	status = messaging_request_recv(req, c->ctx, &reply);
	c->pending--;
	if (!NT_STATUS_IS_OK(status)) {
		fprintf(stderr, "%s: pid %u: %s\n", tool_name, w->pid,
			tool_status_text(status));
		return;
	}
	c->answered++;
	print_reply(w, reply);
}

static void send_request(struct control *c, const struct server_id *to)
{
	struct timeval timeout = {.tv_sec = c->options->timeout};
	struct waiting *w = talloc(c->ctx, struct waiting);
	struct tevent_req *req;

	if (w == NULL) {
		tool_die("no memory");
	}
	*w = (struct waiting){.control = c, .pid = to->pid};
	req = messaging_request_send(w, c->m, to, c->command->type, c->payload,
				     timeout);
	if (req == NULL) {
		tool_die("no memory");
	}
	tevent_req_set_callback(req, request_done, w);
	c->pending++;
}

static void send_plain(struct control *c, const struct server_id *to)
{
	NTSTATUS status;

	status = messaging_send(c->m, to, c->command->type, c->payload);
	if (!NT_STATUS_IS_OK(status)) {
		fprintf(stderr, "%s: pid %u: %s\n", tool_name, to->pid,
			tool_status_text(status));
		return;
	}
	c->answered++;
}

static void too_late(struct tevent_context *ev, struct tevent_timer *te,
		     struct timeval now, void *private_data)
{
	tool_die("the server does not take its messages");
}

static int exchange(struct control *c)
{
	struct timeval end = tevent_timeval_current_ofs(
		(uint32_t)c->options->timeout + 1, 0);

	for (size_t i = 0; i < c->count; i++) {
		if (c->command->replies) {
			send_request(c, &c->targets[i]);
		} else {
			send_plain(c, &c->targets[i]);
		}
	}
	if (tevent_add_timer(c->ev, c->ctx, end, too_late, NULL) == NULL) {
		tool_die("no memory");
	}
	while (c->pending > 0 || messaging_queued(c->m, NULL) > 0) {
		if (tevent_loop_once(c->ev) != 0) {
			tool_die("event loop: %s", strerror(errno));
		}
	}
	return c->answered > 0 ? 0 : 1;
}

static int run(TALLOC_CTX *ctx, const void *options, const char *const *args)
{
	struct control c = {.ctx = ctx, .options = options};
	NTSTATUS status;

	if (c.options->timeout < 1) {
		tool_die("--timeout is at least 1");
	}
	if (args[0] == NULL || args[1] == NULL) {
		tool_die("TARGET and COMMAND are needed; see --help");
	}
	c.command = find_command(args[1]);
	if (c.command->run == NULL && args[2] != NULL && args[3] != NULL) {
		tool_die("too many arguments");
	}
	c.conf = tool_load_conf_anyway(ctx, c.options->conf);
	if (c.command->run == NULL) {
		encode_argument(&c, args[2]);
	}
	c.ev = tevent_context_init(ctx);
	if (c.ev == NULL) {
		tool_die("no memory");
	}
	status = messaging_create(ctx, c.ev, conf_global(c.conf)->lock_dir,
				  &c.m);
	if (!NT_STATUS_IS_OK(status)) {
		tool_die("%s: %s", conf_global(c.conf)->lock_dir,
			 tool_status_text(status));
	}
	if (c.command->run != NULL) {
		if (strcmp(args[0], "smbd") != 0) {
			tool_die("%s is a matter of smbd as a whole",
				 c.command->name);
		}
		return c.command->run(&c, args + 2);
	}
	find_targets(&c, args[0]);
	return exchange(&c);
}

int main(int argc, const char **argv)
{
	struct options options = {.timeout = DEFAULT_TIMEOUT};
	const struct poptOption table[] = {
		{"configfile", 's', POPT_ARG_STRING, &options.conf, 0,
		 "Use this configuration file", "FILE"},
		{"timeout", 't', POPT_ARG_INT, &options.timeout, 0,
		 "Wait for answers so many seconds (10)", "SECONDS"},
		TOOL_COMMON_OPTIONS,
	};
	const struct tool tool = {
		.usage = "[OPTION...] smbd|all|PID ping|reload-config|shutdown|"
			 "debug LEVELS|debuglevel|close-share SHARE|"
			 "kill-client-ip ADDRESS|check-state|"
			 "drop-open OPEN|break-lease KEY|OPEN|PATH [STATE]|"
			 "show-record DB KEY",
		.table = table,
		.options = &options,
		.run = run,
	};

	return tool_run(argc, argv, &tool);
}
