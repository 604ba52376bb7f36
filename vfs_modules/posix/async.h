/* vfs_modules/posix/async.h - what would block goes to io_uring.
 *
 * The ring is made when the first operation needs it; where there is none
 * (old kernel, forbidden), posix_async_start() says so and the caller makes the
 * blocking call itself. */
#ifndef VFS_MODULES_POSIX_ASYNC_H
#define VFS_MODULES_POSIX_ASYNC_H

#include "fsa/driver.h"

struct posix_async;

/* Belongs to mem_ctx; makes no ring yet. */
MUST_CHECK NTSTATUS posix_async_create(TALLOC_CTX *mem_ctx,
				       const struct fsa_driver_env *env,
				       struct posix_async **out);

enum posix_async_kind {
	POSIX_ASYNC_READ,
	POSIX_ASYNC_WRITE, /* and on disk when it is done */
	POSIX_ASYNC_SYNC
};

struct posix_async_args {
	enum posix_async_kind kind;
	int fd;
	uint8_t *data; /* also of a write: io_uring knows no const */
	uint32_t length;
	uint64_t offset; /* UINT64_MAX: append */
	/* Counts what is read or written, beyond what is in there. */
	uint32_t *count;
};

/* STATUS_PENDING: io has its cancel, and env->done(io, ...) follows.
 * NOT_SUPPORTED: there is no io_uring.  data, count and fd stay valid until
 * it is done. */
MUST_CHECK NTSTATUS posix_async_start(struct posix_async *a, struct fsa_io *io,
				      const struct posix_async_args *args);

#endif
