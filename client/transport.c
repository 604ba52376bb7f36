/* client/transport.c - frames over TCP. */
#include "client/transport.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/req.h"
#include "smb2/header.h"

/* One queued run of bytes. */
struct out_run {
	struct out_run *next;
	uint8_t *data;
	size_t length;
	size_t done;
};

struct cli_transport {
	int fd;
	struct tevent_fd *fde;
	struct cli_transport_handler handler;
	struct out_run *out_first, **out_last;
	size_t queued;
	uint8_t prefix[4];
	size_t prefix_have;
	uint8_t *frame;
	size_t frame_length;
	size_t frame_have;
	char local[80];
	char remote[80];
	bool down;
};

static int transport_destructor(struct cli_transport *t)
{
	TALLOC_FREE(t->fde);
	if (t->fd >= 0) {
		close(t->fd);
		t->fd = -1;
	}
	return 0;
}

static void transport_down(struct cli_transport *t, NTSTATUS why)
{
	if (t->down) {
		return;
	}
	t->down = true;
	TALLOC_FREE(t->fde);
	if (t->handler.down != NULL) {
		t->handler.down(t->handler.private_data, why);
	}
}

/* --- receiving ------------------------------------------------------------ */

/* Reads into [buffer + *have, buffer + want).  OK when something came,
 * PENDING when nothing is there now. */
static NTSTATUS read_some(struct cli_transport *t, uint8_t *buffer, size_t want,
			  size_t *have)
{
	ssize_t n = recv(t->fd, buffer + *have, want - *have, MSG_DONTWAIT);

	if (n > 0) {
		*have += (size_t)n;
		return NT_STATUS_OK;
	}
	if (n == 0) {
		return NT_STATUS(CONNECTION_DISCONNECTED);
	}
	if (errno == EAGAIN || errno == EINTR) {
		return NT_STATUS(PENDING);
	}
	return NT_STATUS(CONNECTION_RESET);
}

/* One step: some bytes of the length field or of the frame. */
static NTSTATUS receive_step(struct cli_transport *t)
{
	if (t->frame == NULL) {
		NTSTATUS status = read_some(t, t->prefix, sizeof(t->prefix),
					    &t->prefix_have);

		if (!NT_STATUS_IS_OK(status) ||
		    t->prefix_have < sizeof(t->prefix)) {
			return status;
		}
		t->frame_length = (size_t)t->prefix[1] << 16 |
				  (size_t)t->prefix[2] << 8 | t->prefix[3];
		t->frame_have = 0;
		t->frame = talloc_array(t, uint8_t, t->frame_length + 1);
		if (t->frame == NULL) {
			return NT_STATUS(NO_MEMORY);
		}
		return NT_STATUS_OK;
	}
	if (t->frame_have == t->frame_length) {
		return NT_STATUS_OK;
	}
	return read_some(t, t->frame, t->frame_length, &t->frame_have);
}

static bool frame_complete(const struct cli_transport *t)
{
	return t->frame != NULL && t->frame_have == t->frame_length;
}

/* At most one frame per event, so that a flood does not starve the loop and
 * the handler may free the transport. */
static void transport_readable(struct cli_transport *t)
{
	for (int i = 0; i < 64 && !frame_complete(t); i++) {
		NTSTATUS status = receive_step(t);

		if (NT_STATUS_IS(status, PENDING)) {
			return;
		}
		if (!NT_STATUS_IS_OK(status)) {
			transport_down(t, status);
			return;
		}
	}
	if (frame_complete(t)) {
		struct blob frame = {t->frame, t->frame_length};

		t->frame = NULL;
		t->prefix_have = 0;
		t->handler.frame(t->handler.private_data, frame);
	}
}

/* --- sending -------------------------------------------------------------- */

static void run_finished(struct cli_transport *t)
{
	struct out_run *run = t->out_first;

	t->out_first = run->next;
	if (t->out_first == NULL) {
		t->out_last = &t->out_first;
	}
	talloc_free(run);
}

/* Writes what the kernel takes now. */
static NTSTATUS transport_flush(struct cli_transport *t)
{
	while (t->out_first != NULL) {
		struct out_run *run = t->out_first;
		ssize_t n = send(t->fd, run->data + run->done,
				 run->length - run->done,
				 MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
			break;
		}
		if (n < 0) {
			return NT_STATUS(CONNECTION_RESET);
		}
		run->done += (size_t)n;
		t->queued -= (size_t)n;
		if (run->done == run->length) {
			run_finished(t);
		}
	}
	if (t->fde != NULL && t->out_first == NULL) {
		TEVENT_FD_NOT_WRITEABLE(t->fde);
	} else if (t->fde != NULL) {
		TEVENT_FD_WRITEABLE(t->fde);
	}
	return NT_STATUS_OK;
}

static void transport_event(struct tevent_context *ev, struct tevent_fd *fde,
			    uint16_t flags, void *private_data)
{
	struct cli_transport *t =
		talloc_get_type_abort(private_data, struct cli_transport);

	if ((flags & TEVENT_FD_WRITE) != 0 &&
	    !NT_STATUS_IS_OK(transport_flush(t))) {
		/* What the peer sent before it went is still to be read; the
		 * read side then reports the end. */
		TEVENT_FD_NOT_WRITEABLE(t->fde);
	}
	if ((flags & TEVENT_FD_READ) != 0) {
		transport_readable(t);
	}
}

/* Hands the run (t's child) to the queue. */
static NTSTATUS transport_queue(struct cli_transport *t, struct out_run *run)
{
	bool idle = t->out_first == NULL;

	*t->out_last = run;
	t->out_last = &run->next;
	t->queued += run->length;
	if (idle && !NT_STATUS_IS_OK(transport_flush(t)) && t->fde != NULL) {
		TEVENT_FD_NOT_WRITEABLE(t->fde);
	}
	return NT_STATUS_OK;
}

static struct out_run *run_create(struct cli_transport *t, size_t length)
{
	struct out_run *run = talloc_zero(t, struct out_run);

	if (run == NULL) {
		return NULL;
	}
	run->length = length;
	run->data = talloc_array(run, uint8_t, length > 0 ? length : 1);
	if (run->data == NULL) {
		TALLOC_FREE(run);
	}
	return run;
}

NTSTATUS cli_transport_send(struct cli_transport *t, const struct blob *parts,
			    size_t n)
{
	size_t total = 0, pos = 4;
	struct out_run *run;

	for (size_t i = 0; i < n; i++) {
		total += parts[i].length;
	}
	if (total > SMB2_TRANSPORT_MAX) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (t->down) {
		return NT_STATUS(CONNECTION_DISCONNECTED);
	}
	run = run_create(t, total + 4);
	if (run == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	smb2_transport_encode(total, run->data);
	for (size_t i = 0; i < n; i++) {
		if (parts[i].length > 0) {
			memcpy(run->data + pos, parts[i].data, parts[i].length);
			pos += parts[i].length;
		}
	}
	return transport_queue(t, run);
}

NTSTATUS cli_transport_send_bytes(struct cli_transport *t, const void *data,
				  size_t length)
{
	struct out_run *run;

	if (t->down) {
		return NT_STATUS(CONNECTION_DISCONNECTED);
	}
	run = run_create(t, length);
	if (run == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (length > 0) {
		memcpy(run->data, data, length);
	}
	return transport_queue(t, run);
}

bool cli_transport_readable(const struct cli_transport *t)
{
	struct pollfd p = {.fd = t->fd, .events = POLLIN};

	return t->fd >= 0 && poll(&p, 1, 0) == 1;
}

size_t cli_transport_queued(const struct cli_transport *t)
{
	return t->queued;
}

const char *cli_transport_local(const struct cli_transport *t)
{
	return t->local;
}

const char *cli_transport_remote(const struct cli_transport *t)
{
	return t->remote;
}

/* --- connecting ----------------------------------------------------------- */

static struct cli_transport *transport_create(TALLOC_CTX *mem_ctx)
{
	struct cli_transport *t = talloc_zero(mem_ctx, struct cli_transport);

	if (t != NULL) {
		t->fd = -1;
		t->out_last = &t->out_first;
		talloc_set_destructor(t, transport_destructor);
	}
	return t;
}

static void name_of(int fd, bool remote, char *out, size_t size)
{
	struct sockaddr_storage ss = {0};
	socklen_t len = sizeof(ss);
	char host[64] = "?", port[8] = "?";
	int ret = remote ? getpeername(fd, (struct sockaddr *)&ss, &len)
			 : getsockname(fd, (struct sockaddr *)&ss, &len);

	if (ret == 0) {
		(void)getnameinfo((struct sockaddr *)&ss, len, host,
				  sizeof(host), port, sizeof(port),
				  NI_NUMERICHOST | NI_NUMERICSERV);
	}
	snprintf(out, size, "%s:%s", host, port);
}

/* t->fd is connected; nothing is read yet. */
static NTSTATUS transport_start(struct cli_transport *t,
				struct tevent_context *ev)
{
	name_of(t->fd, false, t->local, sizeof(t->local));
	name_of(t->fd, true, t->remote, sizeof(t->remote));
	t->fde = tevent_add_fd(ev, t, t->fd, 0, transport_event, t);
	return t->fde == NULL ? NT_STATUS(NO_MEMORY) : NT_STATUS_OK;
}

NTSTATUS cli_transport_open_fd(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			       int fd, struct cli_transport **out)
{
	struct cli_transport *t = transport_create(mem_ctx);
	NTSTATUS status;

	if (t == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	t->fd = fd;
	status = transport_start(t, ev);
	if (!NT_STATUS_IS_OK(status)) {
		t->fd = -1;
		talloc_free(t);
		return status;
	}
	*out = t;
	return NT_STATUS_OK;
}

struct connect_state {
	struct tevent_context *ev;
	struct cli_transport *t;
};

static void connect_writable(struct tevent_context *ev, struct tevent_fd *fde,
			     uint16_t flags, void *private_data);

static NTSTATUS connect_errno(int err)
{
	switch (err) {
	case ECONNREFUSED:
		return NT_STATUS(CONNECTION_REFUSED);
	case ETIMEDOUT:
		return NT_STATUS(IO_TIMEOUT);
	case ECONNRESET:
		return NT_STATUS(CONNECTION_RESET);
	default:
		return NT_STATUS(BAD_NETWORK_PATH);
	}
}

static NTSTATUS start_connect(struct cli_transport *t, const char *host,
			      uint16_t port)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC,
				 .ai_socktype = SOCK_STREAM};
	struct addrinfo *ai = NULL;
	char service[8];
	int one = 1;

	snprintf(service, sizeof(service), "%u", (unsigned)port);
	if (getaddrinfo(host, service, &hints, &ai) != 0) {
		return NT_STATUS(BAD_NETWORK_PATH);
	}
	t->fd = socket(ai->ai_family,
		       SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (t->fd < 0) {
		freeaddrinfo(ai);
		return ntstatus_from_errno(errno);
	}
	(void)setsockopt(t->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connect(t->fd, ai->ai_addr, ai->ai_addrlen) != 0 &&
	    errno != EINPROGRESS) {
		NTSTATUS status = connect_errno(errno);

		freeaddrinfo(ai);
		return status;
	}
	freeaddrinfo(ai);
	return NT_STATUS_OK;
}

struct tevent_req *cli_transport_connect_send(TALLOC_CTX *mem_ctx,
					      struct tevent_context *ev,
					      const char *host, uint16_t port)
{
	struct connect_state *state;
	struct tevent_req *req;
	NTSTATUS status;

	req = tevent_req_create(mem_ctx, &state, struct connect_state);
	if (req == NULL) {
		return NULL;
	}
	state->ev = ev;
	state->t = transport_create(state);
	if (tevent_req_nomem(state->t, req)) {
		return tevent_req_post(req, ev);
	}
	status = start_connect(state->t, host, port);
	if (req_failed(req, status)) {
		return tevent_req_post(req, ev);
	}
	state->t->fde = tevent_add_fd(ev, state->t, state->t->fd,
				      TEVENT_FD_WRITE, connect_writable, req);
	if (tevent_req_nomem(state->t->fde, req)) {
		return tevent_req_post(req, ev);
	}
	return req;
}

static void connect_writable(struct tevent_context *ev, struct tevent_fd *fde,
			     uint16_t flags, void *private_data)
{
	struct tevent_req *req =
		talloc_get_type_abort(private_data, struct tevent_req);
	struct connect_state *state =
		tevent_req_data(req, struct connect_state);
	int err = 0;
	socklen_t len = sizeof(err);

	TALLOC_FREE(state->t->fde);
	if (getsockopt(state->t->fd, SOL_SOCKET, SO_ERROR, &err, &len) != 0) {
		err = errno;
	}
	if (err != 0) {
		(void)req_failed(req, connect_errno(err));
		return;
	}
	if (!req_failed(req, transport_start(state->t, state->ev))) {
		tevent_req_done(req);
	}
}

NTSTATUS cli_transport_connect_recv(struct tevent_req *req, TALLOC_CTX *mem_ctx,
				    struct cli_transport **out)
{
	struct connect_state *state =
		tevent_req_data(req, struct connect_state);
	NTSTATUS status = req_status(req);

	if (!NT_STATUS_IS_OK(status)) {
		tevent_req_received(req);
		return status;
	}
	*out = talloc_move(mem_ctx, &state->t);
	tevent_req_received(req);
	return NT_STATUS_OK;
}

void cli_transport_set_handler(struct cli_transport *t,
			       const struct cli_transport_handler *h)
{
	t->handler = *h;
	if (t->fde != NULL) {
		TEVENT_FD_READABLE(t->fde);
	}
}
