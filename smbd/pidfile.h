/* smbd/pidfile.h - "pid directory"/smbd.pid: which process is the master, and
 * that there is one only. */
#ifndef SMBD_PIDFILE_H
#define SMBD_PIDFILE_H

#include <talloc.h>

#include "lib/ntstatus.h"

struct pidfile;

/* Writes this process's id.  ADDRESS_ALREADY_EXISTS when a living master has
 * the file; why is logged.  Freeing it, by the same process, removes the
 * file. */
MUST_CHECK NTSTATUS pidfile_create(TALLOC_CTX *mem_ctx, const char *dir,
				   struct pidfile **out);

#endif
