/* vfs_modules/posix/work.h - what takes long on open descriptors and is nothing
 * that io_uring can do (copying in the kernel, zeroing, cloning great ranges)
 * has a thread of its own for that long, so that the process's other requests
 * are served meanwhile.
 *
 * The thread is begun with the identity of the operation in force and keeps
 * that: rights and quotas are the user's.  It works on the descriptors and the
 * struct posix_job alone, without talloc, log or databases, in bounded steps,
 * between which it looks whether it was cancelled. */
#ifndef VFS_MODULES_POSIX_WORK_H
#define VFS_MODULES_POSIX_WORK_H

#include <pthread.h>
#include <stdatomic.h>

#include "fsa/driver.h"

struct posix_work;

/* Jobs at a time, of one process. */
#define POSIX_WORK_MAX 32

/* Shorter ones are not worth a thread. */
#define POSIX_WORK_INLINE (1024u * 1024u)

struct posix_job {
	/* Does the next part, at most a few MiB, and adds to done. */
	NTSTATUS (*step)(struct posix_job *job);
	int from;
	int to;
	uint64_t from_offset;
	uint64_t to_offset;
	uint64_t length;
	uint64_t done; /* bytes, of length */
	bool sparse;
	bool backwards;
	bool by_hand;
	bool whole;	 /* in one step */
	uint8_t *buffer; /* malloc()ed by a step; freed at the end */

	/* posix_work's own */
	struct posix_work *work;
	struct posix_job *prev, *next;
	struct fsa_io *io;
	uint64_t *out_done;
	atomic_bool cancelled;
	NTSTATUS status;
	pthread_t thread;
};

/* Belongs to mem_ctx; freeing it ends what is being done.  No thread yet. */
MUST_CHECK NTSTATUS posix_work_create(TALLOC_CTX *mem_ctx,
				      const struct fsa_driver_env *env,
				      struct posix_work **out);

/* Carries out a copy of *job for io: at once when it is short, else
 * STATUS_PENDING, and env->done(io, ...) follows; io has its cancel.  The
 * descriptors and out_done stay until then; *out_done is added to, also on
 * failure.  Where no thread is to be had it is done at once, too.
 * INSUFFICIENT_RESOURCES: too much is being done already. */
MUST_CHECK NTSTATUS posix_work_start(struct posix_work *w, struct fsa_io *io,
				     const struct posix_job *job,
				     uint64_t *out_done);

#endif
