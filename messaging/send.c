/* messaging/send.c - sending, and the queues of receivers that are full.
 *
 * A message is one datagram: a message_header, then the payload, unless that
 * is large and in a memfd.  It is sent from this process's own socket to the
 * path of the receiver's.  When that would block (the kernel keeps
 * net.unix.max_dgram_qlen datagrams for a receiver), it goes through a socket
 * made for this receiver and connected to it: such a one becomes writable when
 * the receiver has room again, and has a send buffer of its own, so that
 * those who stall cannot use up the room of the others.  When its queue is
 * empty, it goes; what is sent then is sent after all that was queued, so the
 * order stays. */
#include "messaging/messaging_int.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "lib/assert.h"
#include "lib/dlist.h"
#include "lib/identity.h"
#include "lib/log.h"

/* One datagram, and the descriptors that go with it. */
struct datagram {
	uint8_t header[MSG_HEADER_SIZE];
	struct blob payload; /* empty when it is in a memfd */
	int fds[MESSAGING_MAX_FDS + 1];
	size_t num_fds;
	int memfd; /* to be closed; -1 */
};

struct queued {
	struct queued *prev, *next;
	struct blob bytes; /* header and payload; child */
	size_t num_fds;
	size_t cost;
	int fds[]; /* owned */
};

struct msg_queue {
	struct msg_queue *prev, *next;
	struct messaging_context *m;
	struct server_id dst;
	int fd; /* connected to dst */
	struct tevent_fd *fde;
	struct queued *first;
	size_t bytes; /* sum of cost */
};

/* While descriptors in flight are too many (ETOOMANYREFS), the socket is
 * writable all the same. */
#define RETRY_USECS 20000
#define FLUSH_MSEC  20

static void queue_writable(struct tevent_context *ev, struct tevent_fd *fde,
			   uint16_t flags, void *private_data);

/* --- one datagram ------------------------------------------------------- */

static void put_fds(struct msghdr *mh, const int *fds, size_t num_fds)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(mh);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(num_fds * sizeof(int));
	memcpy(CMSG_DATA(c), fds, num_fds * sizeof(int));
}

/* 0, or an errno. */
static int send_bytes(int fd, const struct msg_address *to, struct iovec *iov,
		      size_t num_iov, const int *fds, size_t num_fds)
{
	struct msghdr mh = {.msg_iov = iov, .msg_iovlen = num_iov};
	union {
		char buf[CMSG_SPACE((MESSAGING_MAX_FDS + 1) * sizeof(int))];
		struct cmsghdr align;
	} control;
	ssize_t n;

	if (to != NULL) {
		mh.msg_name = (void *)&to->un;
		mh.msg_namelen = to->length;
	}
	if (num_fds > 0) {
		mh.msg_control = control.buf;
		mh.msg_controllen = CMSG_SPACE(num_fds * sizeof(int));
		memset(control.buf, 0, mh.msg_controllen);
		put_fds(&mh, fds, num_fds);
	}
	do {
		n = sendmsg(fd, &mh, MSG_DONTWAIT | MSG_NOSIGNAL);
	} while (n == -1 && errno == EINTR);
	return n == -1 ? errno : 0;
}

static int send_datagram(int fd, const struct msg_address *to,
			 const struct datagram *d)
{
	struct iovec iov[2] = {
		{.iov_base = (void *)d->header, .iov_len = MSG_HEADER_SIZE},
		{.iov_base = d->payload.data, .iov_len = d->payload.length}};

	return send_bytes(fd, to, iov, 2, d->fds, d->num_fds);
}

static bool must_wait(int err)
{
	return err == EAGAIN || err == EWOULDBLOCK || err == ENOBUFS ||
	       err == ETOOMANYREFS;
}

static NTSTATUS status_of(int err)
{
	switch (err) {
	case 0:
		return NT_STATUS_OK;
	case ECONNREFUSED:
	case ENOENT:
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	default:
		return ntstatus_from_errno(err);
	}
}

static NTSTATUS into_memfd(struct blob payload, int *out)
{
	int fd = memfd_create("holdfast-message", MFD_CLOEXEC);
	size_t done = 0;
	ssize_t n;

	if (fd == -1) {
		return ntstatus_from_errno(errno);
	}
	while (done < payload.length) {
		n = write(fd, payload.data + done, payload.length - done);
		if (n == -1 && errno == EINTR) {
			continue;
		}
		if (n == -1) {
			NTSTATUS status = ntstatus_from_errno(errno);

			close(fd);
			return status;
		}
		done += (size_t)n;
	}
	*out = fd;
	return NT_STATUS_OK;
}

static NTSTATUS put_header(const struct messaging_context *m,
			   const struct msg_outgoing *out, bool large,
			   uint8_t *buf)
{
	const struct message_header h = {
		.version = 1,
		.flags =
			(uint16_t)(out->flags | (large ? MESSAGE_IN_MEMFD : 0)),
		.type = out->type,
		.src = m->id,
		.request_id = out->request_id,
		.status = out->status.v,
		.length = (uint32_t)out->payload.length,
		.num_fds = (uint32_t)out->num_fds};
	size_t n;
	NTSTATUS status;

	status = message_header_push_buf(&h, buf, MSG_HEADER_SIZE, &n);
	ASSERT(!NT_STATUS_IS_OK(status) || n == MSG_HEADER_SIZE);
	return status;
}

static NTSTATUS datagram_make(const struct messaging_context *m,
			      const struct msg_outgoing *out,
			      struct datagram *d)
{
	bool large = out->payload.length > MESSAGING_INLINE_MAX;
	NTSTATUS status;

	if (out->payload.length > MESSAGING_MAX_PAYLOAD ||
	    out->num_fds > MESSAGING_MAX_FDS) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = put_header(m, out, large, d->header);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	d->num_fds = out->num_fds;
	if (out->num_fds > 0) {
		memcpy(d->fds, out->fds, out->num_fds * sizeof(int));
	}
	d->memfd = -1;
	d->payload = out->payload;
	if (!large) {
		return NT_STATUS_OK;
	}
	d->payload = (struct blob){0};
	status = into_memfd(out->payload, &d->memfd);
	if (NT_STATUS_IS_OK(status)) {
		d->fds[d->num_fds++] = d->memfd;
	}
	return status;
}

/* --- the queue of a receiver -------------------------------------------- */

static int queued_destructor(struct queued *q)
{
	size_t i;

	for (i = 0; i < q->num_fds; i++) {
		close(q->fds[i]);
	}
	return 0;
}

static int queue_destructor(struct msg_queue *q)
{
	DLIST_REMOVE(q->m->queues, q);
	TALLOC_FREE(q->fde);
	if (q->fd != -1) {
		close(q->fd);
	}
	return 0;
}

static struct msg_queue *queue_find(const struct messaging_context *m,
				    const struct server_id *dst)
{
	struct msg_queue *q;

	for (q = m->queues; q != NULL; q = q->next) {
		if (server_id_equal(&q->dst, dst)) {
			return q;
		}
	}
	return NULL;
}

static NTSTATUS queue_create(struct messaging_context *m,
			     const struct server_id *dst,
			     struct msg_queue **out)
{
	struct msg_queue *q = talloc_zero(m, struct msg_queue);
	int err;

	if (q == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	q->m = m;
	q->dst = *dst;
	q->fd = msg_socket();
	err = q->fd == -1 ? errno : 0;
	DLIST_ADD(m->queues, q);
	talloc_set_destructor(q, queue_destructor);
	if (err == 0) {
		err = msg_connect(m, q->fd, dst);
	}
	if (err != 0) {
		talloc_free(q);
		return status_of(err);
	}
	*out = q;
	return NT_STATUS_OK;
}

static NTSTATUS queued_dup_fds(struct queued *e, const struct datagram *d)
{
	int fd;

	while (e->num_fds < d->num_fds) {
		fd = fcntl(d->fds[e->num_fds], F_DUPFD_CLOEXEC, 0);
		if (fd == -1) {
			return ntstatus_from_errno(errno);
		}
		e->fds[e->num_fds++] = fd;
	}
	return NT_STATUS_OK;
}

static NTSTATUS queue_append(struct msg_queue *q, const struct datagram *d,
			     size_t cost)
{
	size_t length = MSG_HEADER_SIZE + d->payload.length;
	struct queued *e;
	NTSTATUS status;

	cost += sizeof(*e) + MSG_HEADER_SIZE + d->num_fds * sizeof(int);
	if (q->first != NULL && q->bytes + cost > MESSAGING_QUEUE_MAX) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	e = talloc_zero_size(q, sizeof(*e) + d->num_fds * sizeof(int));
	if (e == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	talloc_set_destructor(e, queued_destructor);
	e->bytes.data = talloc_size(e, length);
	if (e->bytes.data == NULL) {
		talloc_free(e);
		return NT_STATUS(NO_MEMORY);
	}
	status = queued_dup_fds(e, d);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(e);
		return status;
	}
	e->bytes.length = length;
	memcpy(e->bytes.data, d->header, MSG_HEADER_SIZE);
	if (d->payload.length > 0) {
		memcpy(e->bytes.data + MSG_HEADER_SIZE, d->payload.data,
		       d->payload.length);
	}
	e->cost = cost;
	q->bytes += cost;
	DLIST_ADD_END(q->first, e);
	return NT_STATUS_OK;
}

static NTSTATUS queue_wait(struct msg_queue *q)
{
	if (q->fde != NULL) {
		return NT_STATUS_OK;
	}
	q->fde = tevent_add_fd(q->m->ev, q, q->fd, TEVENT_FD_WRITE,
			       queue_writable, q);
	return q->fde == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

static void queue_retry(struct tevent_context *ev, struct tevent_timer *te,
			struct timeval now, void *private_data)
{
	struct msg_queue *q = private_data;

	talloc_free(te);
	TEVENT_FD_WRITEABLE(q->fde);
}

static void queue_pause(struct msg_queue *q)
{
	struct tevent_timer *te = tevent_add_timer(
		q->m->ev, q, tevent_timeval_current_ofs(0, RETRY_USECS),
		queue_retry, q);

	if (te != NULL) {
		TEVENT_FD_NOT_WRITEABLE(q->fde);
	}
}

/* The receiver is dead, or the socket broken. */
static void queue_fail(struct msg_queue *q, int err)
{
	struct messaging_context *m = q->m;
	struct server_id dst = q->dst;

	LOG_INFO(LOG_MSG, "messages to pid %u are lost: %s", dst.pid,
		 strerror(err));
	talloc_free(q);
	msg_requests_fail(m, &dst);
}

/* Sends what can be sent; what is left waits for the reason returned, and an
 * empty queue, or a dead receiver's, is freed. */
static int queue_push(struct msg_queue *q)
{
	struct queued *e;
	struct iovec iov;
	int err;

	while ((e = q->first) != NULL) {
		iov = (struct iovec){.iov_base = e->bytes.data,
				     .iov_len = e->bytes.length};
		err = send_bytes(q->fd, NULL, &iov, 1, e->fds, e->num_fds);
		if (must_wait(err)) {
			return err;
		}
		if (err != 0) {
			queue_fail(q, err);
			return 0;
		}
		q->bytes -= e->cost;
		DLIST_REMOVE(q->first, e);
		talloc_free(e);
	}
	talloc_free(q);
	return 0;
}

static void queue_writable(struct tevent_context *ev, struct tevent_fd *fde,
			   uint16_t flags, void *private_data)
{
	struct msg_queue *q = private_data;
	int err = queue_push(q);

	if (err == ETOOMANYREFS || err == ENOBUFS) {
		queue_pause(q);
	}
}

static uint64_t now_msec(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Until its receiver takes more, a moment at most.  In flight: writable, but
 * nothing can be sent. */
static void wait_writable(const struct msg_queue *q, int err)
{
	struct pollfd p = {.fd = q->fd, .events = POLLOUT};

	if (err == ETOOMANYREFS || err == ENOBUFS) {
		p.events = 0;
	}
	poll(&p, 1, FLUSH_MSEC);
}

bool messaging_flush(struct messaging_context *m, unsigned int msec)
{
	size_t left = messaging_queued(m, NULL);
	uint64_t since = now_msec();
	struct msg_queue *q;

	while ((q = m->queues) != NULL) {
		int err = queue_push(q);
		size_t queued = messaging_queued(m, NULL);

		if (queued < left) {
			left = queued;
			since = now_msec();
		} else if (now_msec() - since >= msec) {
			return false;
		}
		if (err != 0) {
			/* Another one may take more. */
			DLIST_REMOVE(m->queues, q);
			DLIST_ADD_END(m->queues, q);
			wait_writable(q, err);
		}
	}
	return true;
}

/* The receiver was full just now: a queue for it, and through that. */
static NTSTATUS send_through_queue(struct messaging_context *m,
				   const struct server_id *dst,
				   const struct datagram *d, size_t cost)
{
	struct msg_queue *q = NULL;
	NTSTATUS status;
	int err;

	status = queue_create(m, dst, &q);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	err = send_datagram(q->fd, NULL, d);
	if (!must_wait(err)) {
		talloc_free(q);
		return status_of(err);
	}
	status = queue_append(q, d, cost);
	if (NT_STATUS_IS_OK(status)) {
		status = queue_wait(q);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(q);
	}
	return status;
}

static NTSTATUS send_now(struct messaging_context *m,
			 const struct server_id *dst, const struct datagram *d,
			 size_t cost)
{
	struct msg_address to;
	int err;

	msg_address(m, dst, &to);
	identity_save();
	err = send_datagram(m->fd, &to, d);
	identity_restore();
	if (must_wait(err)) {
		return send_through_queue(m, dst, d, cost);
	}
	if (err == ECONNREFUSED) {
		msg_dir_unlink(m, dst);
	}
	return status_of(err);
}

NTSTATUS msg_send(struct messaging_context *m, const struct server_id *dst,
		  const struct msg_outgoing *out)
{
	struct msg_queue *q = queue_find(m, dst);
	struct datagram d;
	NTSTATUS status;

	if (q != NULL && q->bytes + out->payload.length > MESSAGING_QUEUE_MAX) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	status = datagram_make(m, out, &d);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (q != NULL) {
		status = queue_append(q, &d, out->payload.length);
	} else {
		status = send_now(m, dst, &d, out->payload.length);
	}
	if (d.memfd != -1) {
		close(d.memfd);
	}
	return status;
}

void msg_queues_drop(struct messaging_context *m)
{
	while (m->queues != NULL) {
		talloc_free(m->queues);
	}
}

/* --- for everybody ------------------------------------------------------ */

NTSTATUS messaging_send_fds(struct messaging_context *m,
			    const struct server_id *dst, uint32_t type,
			    struct blob payload, const int *fds, size_t num_fds)
{
	const struct msg_outgoing out = {.type = type,
					 .payload = payload,
					 .fds = fds,
					 .num_fds = num_fds};

	return msg_send(m, dst, &out);
}

NTSTATUS messaging_send(struct messaging_context *m,
			const struct server_id *dst, uint32_t type,
			struct blob payload)
{
	return messaging_send_fds(m, dst, type, payload, NULL, 0);
}

size_t messaging_queued(const struct messaging_context *m,
			const struct server_id *dst)
{
	const struct msg_queue *q;
	size_t sum = 0;

	for (q = m->queues; q != NULL; q = q->next) {
		if (dst == NULL || server_id_equal(&q->dst, dst)) {
			sum += q->bytes;
		}
	}
	return sum;
}
