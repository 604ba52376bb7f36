/* vfs_modules/posix/async.c - what would block goes to io_uring.
 *
 * One ring per process; its descriptor is readable when something is complete,
 * so it stands in the tevent loop like a socket.  Each operation is submitted
 * at once: what comes here is rare and slow already. */
#include "vfs_modules/posix/async.h"

#include <errno.h>
#include <liburing.h>

#include "lib/assert.h"
#include "lib/log.h"

#define RING_ENTRIES 64

struct posix_async {
	const struct fsa_driver_env *env;
	bool tried;
	bool there;
	struct io_uring ring;
	struct tevent_fd *fde;
};

/* One operation on its way. */
struct async_op {
	struct posix_async *async;
	struct fsa_io *io;
	struct posix_async_args args;
	struct iovec iov;
};

static int async_destructor(struct posix_async *a)
{
	if (a->there) {
		io_uring_queue_exit(&a->ring);
	}
	return 0;
}

NTSTATUS posix_async_create(TALLOC_CTX *mem_ctx,
			    const struct fsa_driver_env *env,
			    struct posix_async **out)
{
	struct posix_async *a = talloc_zero(mem_ctx, struct posix_async);

	if (a == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	a->env = env;
	talloc_set_destructor(a, async_destructor);
	*out = a;
	return NT_STATUS_OK;
}

static bool submit_op(struct async_op *op)
{
	const struct posix_async_args *args = &op->args;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&op->async->ring);

	ASSERT(sqe != NULL); /* all before were submitted */
	op->iov =
		(struct iovec){.iov_base = args->data, .iov_len = args->length};
	switch (args->kind) {
	case POSIX_ASYNC_READ:
		io_uring_prep_readv(sqe, args->fd, &op->iov, 1, args->offset);
		break;
	case POSIX_ASYNC_WRITE:
		io_uring_prep_writev2(
			sqe, args->fd, &op->iov, 1,
			args->offset == UINT64_MAX ? 0 : args->offset,
			RWF_DSYNC |
				(args->offset == UINT64_MAX ? RWF_APPEND : 0));
		break;
	case POSIX_ASYNC_SYNC:
		io_uring_prep_fsync(sqe, args->fd, IORING_FSYNC_DATASYNC);
		break;
	}
	io_uring_sqe_set_data(sqe, op);
	if (io_uring_submit(&op->async->ring) == 1) {
		return true;
	}
	/* The kernel took nothing and takes it with the next: as nothing. */
	io_uring_prep_nop(sqe);
	io_uring_sqe_set_data(sqe, NULL);
	return false;
}

/* What the kernel does not do for a descriptor that is O_NONBLOCK (older ones,
 * on file systems that cannot say whether they would block) is done here. */
static int do_blocking(const struct async_op *op)
{
	const struct posix_async_args *args = &op->args;
	bool append = args->offset == UINT64_MAX;
	ssize_t n = 0;

	switch (args->kind) {
	case POSIX_ASYNC_READ:
		n = preadv2(args->fd, &op->iov, 1, (off_t)args->offset, 0);
		break;
	case POSIX_ASYNC_WRITE:
		n = pwritev2(args->fd, &op->iov, 1,
			     append ? 0 : (off_t)args->offset,
			     RWF_DSYNC | (append ? RWF_APPEND : 0));
		break;
	case POSIX_ASYNC_SYNC:
		n = fdatasync(args->fd);
		break;
	}
	return n < 0 ? -errno : (int)n;
}

static void op_done(struct async_op *op, NTSTATUS status)
{
	struct posix_async *a = op->async;
	struct fsa_io *io = op->io;

	io->cancel = NULL;
	io->state = NULL;
	talloc_free(op);
	a->env->done(io, status);
}

/* A part was done: on with the rest, until nothing comes any more. */
static void op_progress(struct async_op *op, int result)
{
	uint32_t n;

	if (result == -EAGAIN) {
		result = do_blocking(op);
	}
	n = result > 0 ? (uint32_t)result : 0;
	if (result < 0 && result != -EINTR) {
		op_done(op, ntstatus_from_errno(-result));
		return;
	}
	if (n == 0 && result != -EINTR) {
		op_done(op, NT_STATUS_OK);
		return;
	}
	if (n > 0) {
		*op->args.count += n;
	}
	op->args.data += n;
	op->args.length -= n;
	if (op->args.offset != UINT64_MAX) {
		op->args.offset += n;
	}
	if (n > 0 && op->args.length == 0) {
		op_done(op, NT_STATUS_OK);
		return;
	}
	if (!submit_op(op)) {
		op_done(op, NT_STATUS(INSUFFICIENT_RESOURCES));
	}
}

static void ring_readable(struct tevent_context *ev, struct tevent_fd *fde,
			  uint16_t flags, void *private_data)
{
	struct posix_async *a = private_data;
	struct io_uring_cqe *cqe;
	unsigned int n;

	/* As many as the ring holds, then others get their turn. */
	for (n = 0; n < RING_ENTRIES; n++) {
		struct async_op *op;
		int result;

		if (io_uring_peek_cqe(&a->ring, &cqe) != 0) {
			return;
		}
		op = io_uring_cqe_get_data(cqe);
		result = cqe->res;
		io_uring_cqe_seen(&a->ring, cqe);
		if (op != NULL) { /* NULL: of a cancel itself */
			op_progress(op, result);
		}
	}
}

static bool ring_is_there(struct posix_async *a)
{
	int err;

	if (a->tried) {
		return a->there;
	}
	a->tried = true;
	err = io_uring_queue_init(RING_ENTRIES, &a->ring, 0);
	if (err != 0) {
		LOG_INFO(LOG_VFS, "no io_uring: slow reads will block (%d)",
			 -err);
		return false;
	}
	a->fde = tevent_add_fd(a->env->ev, a, a->ring.ring_fd, TEVENT_FD_READ,
			       ring_readable, a);
	if (a->fde == NULL) {
		io_uring_queue_exit(&a->ring);
		return false;
	}
	a->there = true;
	return true;
}

/* The operation completes in any case, cancelled or not. */
static void op_cancel(struct fsa_io *io)
{
	struct async_op *op = io->state;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&op->async->ring);

	if (sqe != NULL) {
		io_uring_prep_cancel(sqe, op, 0);
		io_uring_sqe_set_data(sqe, NULL);
		io_uring_submit(&op->async->ring);
	}
}

NTSTATUS posix_async_start(struct posix_async *a, struct fsa_io *io,
			   const struct posix_async_args *args)
{
	struct async_op *op;

	if (!ring_is_there(a)) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	op = talloc(a, struct async_op);
	if (op == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*op = (struct async_op){.async = a, .io = io, .args = *args};
	if (!submit_op(op)) {
		talloc_free(op);
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	io->state = op;
	io->cancel = op_cancel;
	return NT_STATUS(PENDING);
}
