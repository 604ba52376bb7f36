/* smbd/main.c - smbd(8): the command line, and how the master starts. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tevent.h>
#include <unistd.h>

#include "config.h"
#include "fsa/modules.h"
#include "lib/conf.h"
#include "lib/log.h"
#include "smbd/control.h"
#include "smbd/logging.h"
#include "smbd/master.h"
#include "smbd/pidfile.h"
#include "smbd/privileges.h"
#include "smbd/server.h"

struct options {
	char *conf_path; /* -s; the strings are malloc's */
	char *levels;	 /* -d */
	char *logdir;	 /* -l */
	bool foreground;
	bool interactive;
};

/* --- the command line ---------------------------------------------------- */

static bool parse_options(int argc, const char **argv, struct options *out)
{
	int foreground = 0, daemon = 0, interactive = 0, no_group = 0;
	int version = 0;
	struct poptOption table[] = {
		{"foreground", 'F', POPT_ARG_NONE, &foreground, 0,
		 "stay in the foreground", NULL},
		{"daemon", 'D', POPT_ARG_NONE, &daemon, 0,
		 "go to the background (the default)", NULL},
		{"interactive", 'i', POPT_ARG_NONE, &interactive, 0,
		 "stay in the foreground and log to stderr", NULL},
		{"configfile", 's', POPT_ARG_STRING, &out->conf_path, 0,
		 "the configuration", "FILE"},
		{"debuglevel", 'd', POPT_ARG_STRING, &out->levels, 0,
		 "log level, as in smb.conf", "LEVEL"},
		{"log-basename", 'l', POPT_ARG_STRING, &out->logdir, 0,
		 "folder of the log", "LOGDIR"},
		{"no-process-group", '\0', POPT_ARG_NONE, &no_group, 0,
		 "make no process group of its own", NULL},
		{"version", 'V', POPT_ARG_NONE, &version, 0,
		 "print the version", NULL},
		POPT_AUTOHELP POPT_TABLEEND};
	poptContext pc = poptGetContext("smbd", argc, argv, table, 0);
	int rc = poptGetNextOpt(pc);

	if (rc != -1 || poptPeekArg(pc) != NULL) {
		fprintf(stderr, "smbd: %s: %s\n",
			rc != -1 ? poptBadOption(pc, 0) : poptPeekArg(pc),
			rc != -1 ? poptStrerror(rc) : "unexpected argument");
		poptFreeContext(pc);
		return false;
	}
	poptFreeContext(pc);
	if (version) {
		printf("holdfast smbd %s\n", PACKAGE_VERSION);
		exit(0);
	}
	out->interactive = interactive != 0;
	out->foreground = (foreground || interactive) && !daemon;
	return true;
}

/* --- the background ------------------------------------------------------ */

/* In the parent: waits to hear how the start went, and ends. */
static void await_start(int fd)
{
	char code = 1;
	ssize_t n;

	do {
		n = read(fd, &code, 1);
	} while (n < 0 && errno == EINTR);
	exit(n == 1 ? code : 1);
}

/* Goes to the background; *out_fd is told when the start went well. */
static bool go_background(int *out_fd)
{
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) != 0) {
		return false;
	}
	pid = fork();
	if (pid < 0) {
		return false;
	}
	if (pid > 0) {
		close(fds[1]);
		await_start(fds[0]);
	}
	close(fds[0]);
	setsid();
	*out_fd = fds[1];
	return true;
}

static void report_start(int fd)
{
	char ok = 0;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		close(null);
	}
	if (write(fd, &ok, 1) != 1) {
		LOG_WARN(LOG_GENERAL, "who started smbd is gone");
	}
	close(fd);
}

/* --- the master ---------------------------------------------------------- */

static struct conf *load_conf(TALLOC_CTX *mem_ctx, const char *path)
{
	struct conf_report *report = conf_report_create(mem_ctx);
	struct conf *conf = NULL;
	NTSTATUS status = NT_STATUS(NO_MEMORY);

	if (report != NULL) {
		status = conf_load(mem_ctx, path, report, &conf);
		if (NT_STATUS_IS_OK(status)) {
			modules_report(conf, report);
		}
		smbd_log_report(report);
	}
	talloc_free(report);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_GENERAL, "%s cannot be used: %s", path,
			ntstatus_name(status));
		return NULL;
	}
	return conf;
}

static void tune_memory(void)
{
	/* Large buffers come from the system and go back to it at once; the
	 * heap stays small. */
	mallopt(M_MMAP_THRESHOLD, 64 * 1024);
	mallopt(M_TRIM_THRESHOLD, 64 * 1024);
	mallopt(M_TOP_PAD, 0);
	mallopt(M_ARENA_MAX, 1);
}

static bool start(TALLOC_CTX *mem_ctx, const struct options *options,
		  struct conf *conf, struct master **out)
{
	struct tevent_context *ev = tevent_context_init(mem_ctx);
	struct smbd_server *server;
	struct pidfile *pidfile;
	const char *pid_dir = conf_global(conf)->pid_dir;
	NTSTATUS status;

	if (ev == NULL) {
		return false;
	}
	status = smbd_make_folders(conf);
	if (NT_STATUS_IS_OK(status)) {
		status = pidfile_create(mem_ctx, pid_dir, &pidfile);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = smbd_server_create(mem_ctx, ev, conf, options->levels,
					    &server);
	}
	if (NT_STATUS_IS_OK(status)) {
		server->log_per_client = !options->interactive &&
					 smbd_log_depends_on_client(conf);
		status = smbd_control_register(server);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = master_create(mem_ctx, server, out);
	}
	return NT_STATUS_IS_OK(status);
}

static int run(const struct options *options)
{
	TALLOC_CTX *mem_ctx = talloc_named_const(NULL, 0, "smbd");
	struct conf *conf = load_conf(mem_ctx, options->conf_path != NULL
						       ? options->conf_path
						       : CONFDIR "/smb.conf");
	struct master *master;
	int told = -1;

	if (conf == NULL) {
		talloc_free(mem_ctx);
		return 1;
	}
	if (!options->foreground && !go_background(&told)) {
		fprintf(stderr, "smbd: %s\n", strerror(errno));
		return 1;
	}
	if (!start(mem_ctx, options, conf, &master)) {
		talloc_free(mem_ctx);
		return 1;
	}
	if (!options->interactive &&
	    !NT_STATUS_IS_OK(smbd_log_start(conf, options->logdir,
					    options->foreground))) {
		LOG_ERR(LOG_GENERAL, "the log cannot be written");
		talloc_free(mem_ctx);
		return 1;
	}
	if (told >= 0) {
		report_start(told);
	}
	LOG_NOTICE(LOG_GENERAL, "holdfast %s serves %s", PACKAGE_VERSION,
		   conf_path(conf));
	master_run(master);
	talloc_free(mem_ctx);
	return 0;
}

int main(int argc, const char **argv)
{
	struct options options = {0};
	int rc;

	tune_memory();
	umask(0022);
	log_set_name("smbd");
	if (!parse_options(argc, argv, &options)) {
		return 1;
	}
	smbd_raise_limits();
	rc = run(&options);
	free(options.conf_path);
	free(options.levels);
	free(options.logdir);
	return rc;
}
