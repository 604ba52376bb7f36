/* torture/server.c - what a server's processes use, as /proc tells. */
#include "torture/server.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_PROCESSES 65536

struct process {
	long pid, parent;
	double seconds; /* its own and those of children it waited for */
	bool in;
};

static double seconds_of(double ticks)
{
	return ticks / (double)sysconf(_SC_CLK_TCK);
}

/* By the process's clock: many processes that used little each would be told
 * in ticks of 10 ms as nothing. */
static double own_seconds(long pid, unsigned long ticks)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid((pid_t)pid, &clock) != 0 ||
	    clock_gettime(clock, &ts) != 0) {
		return seconds_of((double)ticks);
	}
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Fields of /proc/PID/stat behind the name, which may hold anything. */
static bool read_stat(long pid, struct process *out)
{
	unsigned long utime, stime;
	long cutime, cstime;
	char path[64], line[1024];
	const char *rest;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	f = fopen(path, "r");
	if (f == NULL) {
		return false;
	}
	rest = fgets(line, sizeof(line), f) != NULL ? strrchr(line, ')') : NULL;
	fclose(f);
	if (rest == NULL ||
	    sscanf(rest + 1,
		   " %*c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %ld "
		   "%ld",
		   &out->parent, &utime, &stime, &cutime, &cstime) != 5) {
		return false;
	}
	out->pid = pid;
	out->seconds =
		own_seconds(pid, utime + stime) + seconds_of(cutime + cstime);
	out->in = false;
	return true;
}

static size_t read_all(struct process *all)
{
	DIR *dir = opendir("/proc");
	struct dirent *de;
	size_t n = 0;

	if (dir == NULL) {
		return 0;
	}
	while (n < MAX_PROCESSES && (de = readdir(dir)) != NULL) {
		long pid = strtol(de->d_name, NULL, 10);

		if (pid > 0 && read_stat(pid, &all[n])) {
			n++;
		}
	}
	closedir(dir);
	return n;
}

/* Marks pid and its descendants; false when pid is not among all. */
static bool mark(struct process *all, size_t n, long pid)
{
	bool found = false, more = true;

	for (size_t i = 0; i < n; i++) {
		if (all[i].pid == pid) {
			all[i].in = found = true;
		}
	}
	while (more) {
		more = false;
		for (size_t i = 0; i < n; i++) {
			for (size_t j = 0; !all[i].in && j < n; j++) {
				if (all[j].in && all[j].pid == all[i].parent) {
					all[i].in = more = true;
				}
			}
		}
	}
	return found;
}

/* All processes, those of pid marked; NULL when there is no such process.  To
 * be freed. */
static struct process *family(long pid, size_t *out_count)
{
	struct process *all = calloc(MAX_PROCESSES, sizeof(*all));

	if (all == NULL) {
		return NULL;
	}
	*out_count = read_all(all);
	if (!mark(all, *out_count, pid)) {
		free(all);
		return NULL;
	}
	return all;
}

double server_cpu_seconds(long pid)
{
	size_t n = 0;
	struct process *all = family(pid, &n);
	double seconds = 0;

	if (all == NULL) {
		return -1;
	}
	for (size_t i = 0; i < n; i++) {
		seconds += all[i].in ? all[i].seconds : 0;
	}
	free(all);
	return seconds;
}

static bool read_memory(long pid, struct server_memory *out)
{
	char path[64], line[256];
	unsigned long kib;
	FILE *f;

	*out = (struct server_memory){.pid = pid};
	snprintf(path, sizeof(path), "/proc/%ld/smaps_rollup", pid);
	f = fopen(path, "r");
	if (f == NULL) {
		return false;
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "Pss: %lu", &kib) == 1) {
			out->pss = kib;
		} else if (sscanf(line, "Private_Clean: %lu", &kib) == 1 ||
			   sscanf(line, "Private_Dirty: %lu", &kib) == 1) {
			out->uss += kib;
		}
	}
	fclose(f);
	return true;
}

size_t server_memory_of_children(long pid, struct server_memory *out,
				 size_t max)
{
	size_t n = 0, found = 0;
	struct process *all = family(pid, &n);

	if (all == NULL) {
		return 0;
	}
	for (size_t i = 0; i < n && found < max; i++) {
		if (all[i].in && all[i].pid != pid &&
		    read_memory(all[i].pid, &out[found])) {
			found++;
		}
	}
	free(all);
	return found;
}

size_t server_children(long pid, long *out, size_t max)
{
	char path[64];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", pid, pid);
	f = fopen(path, "r");
	while (f != NULL && n < max && fscanf(f, "%ld", &out[n]) == 1) {
		n++;
	}
	if (f != NULL) {
		fclose(f);
	}
	return n;
}

bool server_wait_gone(long pid, unsigned int ms)
{
	for (unsigned int i = 0; i <= ms; i++) {
		if (kill((pid_t)pid, 0) != 0 && errno == ESRCH) {
			return true;
		}
		usleep(1000);
	}
	return false;
}
