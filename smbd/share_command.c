/* smbd/share_command.c - see share_command.h.  Between fork and exec nothing is
 * called that could wait for another thread. */
#include "smbd/share_command.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOT_RUN 127 /* as a shell says it */

static void forget_signals(void)
{
	static const int changed[] = {SIGPIPE, SIGTERM, SIGHUP, SIGINT,
				      SIGCHLD};
	sigset_t none;

	for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++) {
		signal(changed[i], SIG_DFL);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* For good: no way leads back. */
static bool become(const struct identity *who)
{
	return setgroups(who->ngroups, who->groups) == 0 &&
	       setresgid(who->gid, who->gid, who->gid) == 0 &&
	       setresuid(who->uid, who->uid, who->uid) == 0;
}

static void execute(const char *command, const struct identity *who)
	__attribute__((noreturn));
static void execute(const char *command, const struct identity *who)
{
	int null = open("/dev/null", O_RDWR);

	setsid();
	forget_signals();
	umask(022);
	if (null == -1 || dup2(null, STDIN_FILENO) == -1 ||
	    dup2(null, STDOUT_FILENO) == -1 ||
	    dup2(null, STDERR_FILENO) == -1 ||
	    close_range(STDERR_FILENO + 1, ~0U, 0) != 0 || chdir("/") != 0) {
		_exit(NOT_RUN);
	}
	if (who != NULL && geteuid() == 0 && !become(who)) {
		_exit(NOT_RUN);
	}
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(NOT_RUN);
}

/* True when the process has ended in time. */
static bool wait_for(pid_t pid)
{
	struct pollfd p = {.fd = (int)syscall(SYS_pidfd_open, pid, 0),
			   .events = POLLIN};
	int n;

	if (p.fd == -1) {
		return false;
	}
	do {
		n = poll(&p, 1, SHARE_COMMAND_SECONDS * 1000);
	} while (n == -1 && errno == EINTR);
	close(p.fd);
	return n == 1;
}

NTSTATUS share_command_run(const char *command, const struct identity *who)
{
	pid_t pid = fork();
	bool ended;
	int code;

	if (pid == -1) {
		return ntstatus_from_errno(errno);
	}
	if (pid == 0) {
		execute(command, who);
	}
	ended = wait_for(pid);
	if (!ended) {
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL); /* it may have no session yet */
	}
	while (waitpid(pid, &code, 0) == -1) {
		if (errno != EINTR) {
			return ntstatus_from_errno(errno);
		}
	}
	if (!ended) {
		return NT_STATUS(IO_TIMEOUT);
	}
	return WIFEXITED(code) && WEXITSTATUS(code) == 0
		       ? NT_STATUS_OK
		       : NT_STATUS(UNSUCCESSFUL);
}

/* A process between makes it nobody's child, so that nobody need reap it. */
NTSTATUS share_command_start(const char *command, const struct identity *who)
{
	pid_t pid = fork();

	if (pid == -1) {
		return ntstatus_from_errno(errno);
	}
	if (pid == 0) {
		pid = fork();
		if (pid == 0) {
			execute(command, who);
		}
		_exit(pid == -1 ? NOT_RUN : 0);
	}
	while (waitpid(pid, NULL, 0) == -1) {
		if (errno != EINTR) {
			return ntstatus_from_errno(errno);
		}
	}
	return NT_STATUS_OK;
}
