/* torture/server.h - what a server's processes use, as /proc tells: for a
 * server on this machine. */
#ifndef TORTURE_SERVER_H
#define TORTURE_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* Seconds of user and system time of the process and all its descendants,
 * those included that have ended and were waited for by their parent (Linux
 * adds them to the parent's cutime then).  -1 when there is no such process. */
double server_cpu_seconds(long pid);

/* Memory of one process, in KiB. */
struct server_memory {
	long pid;
	unsigned long uss; /* private, clean and dirty */
	unsigned long pss; /* and its part of what is shared */
};

/* Fills in out for pid's descendants (without pid) and returns how many there
 * are, at most max. */
size_t server_memory_of_children(long pid, struct server_memory *out,
				 size_t max);

/* pid's children, at most max; how many there are. */
size_t server_children(long pid, long *out, size_t max);

/* Waits until pid is gone and its parent knows; false: not within ms. */
bool server_wait_gone(long pid, unsigned int ms);

#endif
