/* torture/callgrind.c - user-space instructions of a server. */
#include "torture/callgrind.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_SECONDS 60
#define STOP_SECONDS  60

/* A forked process goes on with its parent's count; it is set to zero where the
 * child of Holdfast and that of Samba begin. */
static pid_t start(const char *command, const char *dir)
{
	char *line = NULL;
	pid_t pid;

	if (asprintf(&line,
		     "exec valgrind --tool=callgrind --quiet "
		     "--trace-children=yes --zero-before=smbd_child_run "
		     "--zero-before=smbd_process "
		     "--callgrind-out-file=%s/cg.%%p %s "
		     "</dev/null >%s/output 2>&1",
		     dir, command, dir) < 0) {
		return -1;
	}
	pid = fork();
	if (pid == 0) {
		/* It ends with us.  Samba calls setsid(), which a group's
		 * leader may not: so no setpgid() here */
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
		execl("/bin/sh", "sh", "-c", line, (char *)NULL);
		_exit(127);
	}
	free(line);
	return pid;
}

static bool listens(const char *host, uint16_t port)
{
	struct sockaddr_in sa = {.sin_family = AF_INET,
				 .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && inet_pton(AF_INET, host, &sa.sin_addr) == 1 &&
		  connect(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0;

	if (fd >= 0) {
		close(fd);
	}
	return ok;
}

static bool wait_until_listens(pid_t pid, const char *host, uint16_t port)
{
	for (int i = 0; i < START_SECONDS * 10; i++) {
		if (listens(host, port)) {
			return true;
		}
		if (waitpid(pid, NULL, WNOHANG) == pid) {
			break;
		}
		usleep(100000);
	}
	fprintf(stderr, "torture: the server does not listen on %s:%u\n", host,
		(unsigned)port);
	return false;
}

/* Asks the server to end, and makes it. */
static void stop(pid_t pid)
{
	(void)kill(pid, SIGTERM);
	for (int i = 0; i < STOP_SECONDS * 10; i++) {
		if (waitpid(pid, NULL, WNOHANG) != 0) {
			break;
		}
		usleep(100000);
	}
	/* Those that it left behind write their account on SIGTERM, too; there
	 * is such a group if the server made itself its leader. */
	(void)kill(-pid, SIGTERM);
	for (int i = 0; i < 300 && kill(-pid, 0) == 0; i++) {
		usleep(100000);
	}
	(void)kill(-pid, SIGKILL);
	(void)waitpid(pid, NULL, WNOHANG);
}

/* The "totals:" or "summary:" of one file. */
static uint64_t read_account(const char *path)
{
	unsigned long long totals = 0, value;
	char line[256];
	FILE *f = fopen(path, "r");

	if (f == NULL) {
		return 0;
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "totals: %llu", &value) == 1 ||
		    (totals == 0 &&
		     sscanf(line, "summary: %llu", &value) == 1)) {
			totals = value;
		}
	}
	fclose(f);
	return totals;
}

/* Adds up the accounts in dir and removes them and dir. */
static uint64_t collect(const char *dir)
{
	DIR *d = opendir(dir);
	uint64_t sum = 0;
	struct dirent *de;

	while (d != NULL && (de = readdir(d)) != NULL) {
		char path[512];

		if (de->d_name[0] == '.') {
			continue;
		}
		snprintf(path, sizeof(path), "%s/%s", dir, de->d_name);
		sum += read_account(path);
		(void)unlink(path);
	}
	if (d != NULL) {
		closedir(d);
	}
	(void)rmdir(dir);
	return sum;
}

bool callgrind_run(const char *command, const char *host, uint16_t port,
		   bool (*work)(void *private_data), void *private_data,
		   uint64_t *out_instructions)
{
	char dir[] = "/tmp/torture-callgrind-XXXXXX";
	uint64_t sum;
	pid_t pid;
	bool ok;

	if (mkdtemp(dir) == NULL) {
		fprintf(stderr, "torture: %s: %s\n", dir, strerror(errno));
		return false;
	}
	pid = start(command, dir);
	ok = pid > 0 && wait_until_listens(pid, host, port) &&
	     work(private_data);
	if (pid > 0) {
		stop(pid);
	}
	sum = collect(dir);
	if (ok && sum == 0) {
		fprintf(stderr, "torture: callgrind left no account\n");
		return false;
	}
	if (ok) {
		*out_instructions = sum;
	}
	return ok;
}
