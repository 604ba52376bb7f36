/* torture/callgrind.h - user-space instructions of a server, which do not
 * depend on the machine's mood: it is run under valgrind's callgrind. */
#ifndef TORTURE_CALLGRIND_H
#define TORTURE_CALLGRIND_H

#include <stdbool.h>
#include <stdint.h>

/* Starts "command" under callgrind, waits until it listens on host:port, calls
 * work(), ends the server with SIGTERM and adds up what its processes say.
 * False (said on standard error) when the server did not start or left no
 * account. */
bool callgrind_run(const char *command, const char *host, uint16_t port,
		   bool (*work)(void *private_data), void *private_data,
		   uint64_t *out_instructions);

#endif
