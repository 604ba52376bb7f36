/* messaging/messaging.c - this process's socket, the handlers, receiving. */
#include "messaging/messaging_int.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/assert.h"
#include "lib/dlist.h"
#include "lib/identity.h"
#include "lib/log.h"

struct messaging_handler {
	struct messaging_handler *prev, *next;
	struct messaging_context *m;
	uint64_t serial; /* ascending in the list */
	uint32_t type;
	messaging_handler_fn fn;
	void *private_data;
};

/* Messages taken from the socket before others in the event loop have their
 * turn. */
#define RECEIVE_BURST 32

#define DATAGRAM_MAX (MSG_HEADER_SIZE + MESSAGING_INLINE_MAX)

/* The kernel puts no more descriptors into one datagram (SCM_MAX_FD). */
#define FDS_MAX 253

/* One datagram as it came in. */
struct incoming {
	uint8_t *buf; /* DATAGRAM_MAX bytes, lent */
	size_t length;
	struct ucred from; /* pid 0: the kernel did not say */
	int fds[FDS_MAX];
	size_t num_fds;
	bool cut; /* something did not fit */
};

/* --- the socket --------------------------------------------------------- */

static void socket_readable(struct tevent_context *ev, struct tevent_fd *fde,
			    uint16_t flags, void *private_data);

static struct server_id own_id(void)
{
	struct server_id id = {.pid = (uint32_t)getpid()};

	while (id.unique_id == 0) {
		ssize_t n = getrandom(&id.unique_id, sizeof(id.unique_id), 0);

		ASSERT(n == sizeof(id.unique_id));
	}
	return id;
}

static NTSTATUS socket_bind(struct messaging_context *m)
{
	struct msg_address a;
	int ret, on = 1;

	if (setsockopt(m->fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) != 0) {
		return ntstatus_from_errno(errno);
	}
	msg_address(m, &m->id, &a);
	identity_save();
	ret = bind(m->fd, (struct sockaddr *)&a.un, a.length);
	ret = ret == 0 ? 0 : errno;
	identity_restore();
	return ntstatus_from_errno(ret);
}

static NTSTATUS socket_open(struct messaging_context *m)
{
	NTSTATUS status;

	m->id = own_id();
	m->fd = msg_socket();
	if (m->fd == -1) {
		return ntstatus_from_errno(errno);
	}
	status = socket_bind(m);
	if (!NT_STATUS_IS_OK(status)) {
		close(m->fd);
		m->fd = -1;
		return status;
	}
	m->fde = tevent_add_fd(m->ev, m, m->fd, TEVENT_FD_READ, socket_readable,
			       m);
	return m->fde == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

/* A copy in a forked child leaves the parent's name alone. */
static void socket_close(struct messaging_context *m)
{
	TALLOC_FREE(m->fde);
	if (m->fd == -1) {
		return;
	}
	close(m->fd);
	m->fd = -1;
	if (m->id.pid == (uint32_t)getpid()) {
		msg_dir_unlink(m, &m->id);
	}
}

/* --- what comes in ------------------------------------------------------ */

static void close_fds(int *fds, size_t num_fds)
{
	size_t i;

	for (i = 0; i < num_fds; i++) {
		if (fds[i] != -1) {
			close(fds[i]);
			fds[i] = -1;
		}
	}
}

static void take_control(struct msghdr *mh, struct incoming *in)
{
	struct cmsghdr *c;
	size_t n;

	in->num_fds = 0;
	in->from = (struct ucred){0};
	for (c = CMSG_FIRSTHDR(mh); c != NULL; c = CMSG_NXTHDR(mh, c)) {
		if (c->cmsg_level != SOL_SOCKET) {
			continue;
		}
		if (c->cmsg_type == SCM_CREDENTIALS &&
		    c->cmsg_len == CMSG_LEN(sizeof(in->from))) {
			memcpy(&in->from, CMSG_DATA(c), sizeof(in->from));
		}
		if (c->cmsg_type == SCM_RIGHTS) {
			n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
			ASSERT(in->num_fds + n <= FDS_MAX);
			memcpy(in->fds + in->num_fds, CMSG_DATA(c),
			       n * sizeof(int));
			in->num_fds += n;
		}
	}
}

/* False when there is nothing more. */
static bool receive_datagram(int fd, struct incoming *in)
{
	struct iovec iov = {.iov_base = in->buf, .iov_len = DATAGRAM_MAX};
	union {
		char buf[CMSG_SPACE(sizeof(struct ucred)) +
			 CMSG_SPACE(FDS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct msghdr mh = {.msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control.buf,
			    .msg_controllen = sizeof(control.buf)};
	ssize_t n;

	do {
		n = recvmsg(fd, &mh, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	} while (n == -1 && errno == EINTR);
	if (n == -1) {
		return false;
	}
	take_control(&mh, in);
	in->length = (size_t)n;
	in->cut = (mh.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
	return true;
}

/* Only this server's own processes are listened to: the kernel says whose the
 * sender is, and which. */
static bool may_send(const struct incoming *in, const struct server_id *src)
{
	return (in->from.uid == 0 || in->from.uid == getuid()) &&
	       (uint32_t)in->from.pid == src->pid;
}

/* The descriptors are all there: those of the sender, and the memfd. */
static bool is_whole(const struct incoming *in, const struct message_header *h)
{
	bool large = (h->flags & MESSAGE_IN_MEMFD) != 0;
	size_t body = in->length - MSG_HEADER_SIZE;

	if (in->cut || in->num_fds != h->num_fds + (large ? 1U : 0U)) {
		return false;
	}
	return large ? body == 0 && h->length <= MESSAGING_MAX_PAYLOAD
		     : body == h->length;
}

static NTSTATUS read_memfd(TALLOC_CTX *mem_ctx, int fd, size_t length,
			   struct blob *out)
{
	uint8_t *data = talloc_size(mem_ctx, length);
	size_t done = 0;
	ssize_t n;

	if (data == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	while (done < length) {
		n = pread(fd, data + done, length - done, (off_t)done);
		if (n == -1 && errno == EINTR) {
			continue;
		}
		if (n <= 0) {
			talloc_free(data);
			return NT_STATUS(INVALID_PARAMETER);
		}
		done += (size_t)n;
	}
	*out = (struct blob){.data = data, .length = length};
	return NT_STATUS_OK;
}

/* --- handlers ----------------------------------------------------------- */

/* The first handler of this type after serial.  They are found anew each time,
 * for a handler may free any of them. */
static struct messaging_handler *handler_after(struct messaging_context *m,
					       uint32_t type, uint64_t serial)
{
	struct messaging_handler *h;

	for (h = m->handlers; h != NULL; h = h->next) {
		if (h->serial > serial && h->type == type) {
			return h;
		}
	}
	return NULL;
}

static void deliver(struct messaging_context *m, struct message *msg)
{
	struct messaging_handler *h;
	uint64_t serial = 0;

	while ((h = handler_after(m, msg->type, serial)) != NULL) {
		serial = h->serial;
		h->fn(m, msg, h->private_data);
	}
	if (serial == 0) {
		NTSTATUS status =
			messaging_reply(m, msg, NT_STATUS(NOT_SUPPORTED),
					(struct blob){0}, NULL, 0);

		LOG_DEBUG(LOG_MSG, "message %u has no handler (%s)",
			  (unsigned int)msg->type, ntstatus_name(status));
	}
}

/* The header and the payload make a message. */
static void dispatch(struct messaging_context *m, struct incoming *in,
		     const struct message_header *h, struct blob payload)
{
	struct message msg = {.type = h->type,
			      .src = h->src,
			      .payload = payload,
			      .fds = in->fds,
			      .num_fds = h->num_fds,
			      .request_id = h->request_id};

	if ((h->flags & MESSAGE_REPLY) != 0) {
		msg_request_replied(m, &msg, (NTSTATUS){h->status});
	} else {
		deliver(m, &msg);
	}
}

static void handle_datagram(struct messaging_context *m, struct incoming *in)
{
	const struct blob head = {.data = in->buf, .length = MSG_HEADER_SIZE};
	struct message_header h;
	struct blob payload;
	NTSTATUS status;

	if (in->length < MSG_HEADER_SIZE ||
	    !NT_STATUS_IS_OK(message_header_pull(NULL, head, &h)) ||
	    !may_send(in, &h.src)) {
		LOG_WARN(LOG_MSG, "a message of uid %u, pid %d is not ours",
			 (unsigned int)in->from.uid, (int)in->from.pid);
		return;
	}
	if (!is_whole(in, &h)) {
		LOG_ERR(LOG_MSG, "message %u of pid %u is lost: cut short",
			(unsigned int)h.type, (unsigned int)h.src.pid);
		return;
	}
	payload = (struct blob){.data = in->buf + MSG_HEADER_SIZE,
				.length = h.length};
	if ((h.flags & MESSAGE_IN_MEMFD) == 0) {
		dispatch(m, in, &h, payload);
		return;
	}
	status = read_memfd(m, in->fds[h.num_fds], h.length, &payload);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_ERR(LOG_MSG, "message %u of pid %u is lost: %s",
			(unsigned int)h.type, (unsigned int)h.src.pid,
			ntstatus_name(status));
		return;
	}
	dispatch(m, in, &h, payload);
	talloc_free(payload.data);
}

static void socket_readable(struct tevent_context *ev, struct tevent_fd *fde,
			    uint16_t flags, void *private_data)
{
	struct messaging_context *m = private_data;
	struct incoming in;
	int i;

	/* Only while there is something to read: an idle process keeps no
	 * buffer. */
	in.buf = talloc_size(m, DATAGRAM_MAX);
	if (in.buf == NULL) {
		return;
	}
	for (i = 0; i < RECEIVE_BURST; i++) {
		if (!receive_datagram(m->fd, &in)) {
			break;
		}
		handle_datagram(m, &in);
		close_fds(in.fds, in.num_fds);
	}
	talloc_free(in.buf);
}

static int handler_destructor(struct messaging_handler *h)
{
	if (h->m != NULL) {
		DLIST_REMOVE(h->m->handlers, h);
	}
	return 0;
}

NTSTATUS messaging_register(TALLOC_CTX *mem_ctx, struct messaging_context *m,
			    uint32_t type, messaging_handler_fn fn,
			    void *private_data, struct messaging_handler **out)
{
	struct messaging_handler *h = talloc(mem_ctx, struct messaging_handler);

	if (h == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*h = (struct messaging_handler){.m = m,
					.serial = ++m->last_serial,
					.type = type,
					.fn = fn,
					.private_data = private_data};
	DLIST_ADD_END(m->handlers, h);
	talloc_set_destructor(h, handler_destructor);
	if (out != NULL) {
		*out = h;
	}
	return NT_STATUS_OK;
}

/* --- life --------------------------------------------------------------- */

static void process_died(struct messaging_context *m, struct message *msg,
			 void *private_data)
{
	struct server_id dead;

	if (NT_STATUS_IS_OK(server_id_pull(NULL, msg->payload, &dead))) {
		msg_requests_fail(m, &dead);
	}
}

static int messaging_destructor(struct messaging_context *m)
{
	struct messaging_handler *h;

	msg_requests_forget(m);
	msg_queues_drop(m);
	socket_close(m);
	for (h = m->handlers; h != NULL; h = h->next) {
		h->m = NULL;
	}
	if (m->dir_fd != -1) {
		close(m->dir_fd);
	}
	return 0;
}

static NTSTATUS messaging_start(struct messaging_context *m,
				const char *lock_dir)
{
	NTSTATUS status;

	status = msg_dir_open(m, lock_dir);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = socket_open(m);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	messaging_sweep(m);
	return messaging_register(m, m, MSG_PROCESS_DIED, process_died, NULL,
				  NULL);
}

NTSTATUS messaging_create(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			  const char *lock_dir, struct messaging_context **out)
{
	struct messaging_context *m =
		talloc_zero(mem_ctx, struct messaging_context);
	NTSTATUS status;

	if (m == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	m->ev = ev;
	m->fd = -1;
	m->dir_fd = -1;
	talloc_set_destructor(m, messaging_destructor);
	status = messaging_start(m, lock_dir);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(m);
		return status;
	}
	*out = m;
	return NT_STATUS_OK;
}

NTSTATUS messaging_reinit(struct messaging_context *m)
{
	msg_requests_forget(m);
	msg_queues_drop(m);
	socket_close(m);
	return socket_open(m);
}

const struct server_id *messaging_id(const struct messaging_context *m)
{
	return &m->id;
}

struct tevent_context *messaging_event_context(struct messaging_context *m)
{
	return m->ev;
}
