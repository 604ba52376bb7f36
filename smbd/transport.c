/* smbd/transport.c - see transport.h.
 *
 * Receiving: one read fills a buffer that may hold several small frames; these
 * are handed up from where they lie.  A frame that does not fit gets a buffer
 * of its own, into which its rest is read directly.  While such frames come,
 * the first read of the next is short, so that little has to be copied.
 *
 * Sending: frames are queued while received ones are being handled, then
 * gathered into one call. */
#include "smbd/transport.h"

#include <errno.h>
#include <malloc.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "lib/assert.h"
#include "smb2/header.h"

#define IN_SIZE	   ((size_t)64 * 1024 - 512)
#define FIRST_READ 512 /* when a large frame is expected */
#define FIRST_MAX  ((size_t)128 * 1024)
#define FLUSH_AT   ((size_t)256 * 1024) /* do not gather more than this */
#define STALL_AT   ((size_t)4 * 1024 * 1024)
#define RESUME_AT  ((size_t)1024 * 1024)
/* Of buffers held, by replies and by requests that wait.  The second is more
 * than the last of them can hold, so with it the stall ends. */
#define STALL_USED     ((size_t)128 * 1024 * 1024)
#define RESUME_USED    ((size_t)96 * 1024 * 1024)
#define STALL_SECONDS  120 /* without a byte that could be sent */
#define IOVECS	       32
#define IDLE_SECONDS   1
#define NBSS_MESSAGE   0x00
#define NBSS_REQUEST   0x81
#define NBSS_POSITIVE  0x82
#define NBSS_KEEPALIVE 0x85
#define HEADER	       SMB2_TRANSPORT_HEADER_SIZE

struct transport {
	struct tevent_context *ev;
	struct tevent_fd *fde;
	int fd;
	const struct transport_handlers *handlers;
	void *private_data;
	struct iobuf_pool *pool;
	size_t max_frame;

	struct iobuf *in;    /* received, from pos on not yet handled */
	size_t pos;	     /* in it */
	struct iobuf *large; /* a frame that did not fit in */
	size_t large_length; /* of it, when complete */
	bool expect_large;

	struct iobuf *queue;
	struct iobuf **queue_end;
	size_t queued; /* bytes */

	bool handling; /* frames are being handed up: gather */
	bool stalled;  /* too much is queued, or held */
	bool on_hold;  /* transport_hold() */
	struct tevent_timer *stall_timer;
	struct tevent_immediate *resume_event;
	bool sent_some; /* since stall_timer was set */
	bool closed;
	const char *why;
	struct tevent_immediate *close_event;

	struct tevent_timer *idle_timer;
	unsigned int activity; /* counts frames */
	unsigned int activity_seen;
};

static void parse_received(struct transport *t);

struct iobuf_pool *transport_pool(struct transport *t)
{
	return t->pool;
}

void transport_set_max_frame(struct transport *t, size_t length)
{
	t->max_frame = length;
}

bool transport_is_closed(const struct transport *t)
{
	return t->closed;
}

/* --- idle: give the memory back ------------------------------------------ */

static void idle_start(struct transport *t);

static void idle_passed(struct tevent_context *ev, struct tevent_timer *te,
			struct timeval now, void *private_data)
{
	struct transport *t =
		talloc_get_type_abort(private_data, struct transport);

	t->idle_timer = NULL;
	if (t->activity != t->activity_seen) {
		t->activity_seen = t->activity;
		idle_start(t);
		return;
	}
	if (t->in != NULL && t->in->length == 0) {
		iobuf_put(t->pool, t->in);
		t->in = NULL;
	}
	iobuf_pool_trim(t->pool);
	malloc_trim(0);
}

static void idle_start(struct transport *t)
{
	if (t->idle_timer == NULL) {
		t->idle_timer = tevent_add_timer(
			t->ev, t, tevent_timeval_current_ofs(IDLE_SECONDS, 0),
			idle_passed, t);
	}
}

/* --- closing -------------------------------------------------------------- */

static void close_event(struct tevent_context *ev, struct tevent_immediate *im,
			void *private_data)
{
	struct transport *t =
		talloc_get_type_abort(private_data, struct transport);

	t->handlers->closed(t->private_data, t->why);
}

static void close_now(struct transport *t, const char *why)
{
	if (t->closed) {
		return;
	}
	t->closed = true;
	t->why = why;
	TALLOC_FREE(t->fde);
	tevent_schedule_immediate(t->close_event, t->ev, close_event, t);
}

/* --- sending -------------------------------------------------------------- */

static int gather(const struct transport *t, struct iovec *iov)
{
	int n = 0;

	for (struct iobuf *b = t->queue; b != NULL && n < IOVECS; b = b->next) {
		iov[n].iov_base = b->data + b->start;
		iov[n].iov_len = b->length - b->start;
		n++;
	}
	return n;
}

static void sent(struct transport *t, size_t n)
{
	t->queued -= n;
	while (n > 0) {
		struct iobuf *b = t->queue;
		size_t left = b->length - b->start;

		if (n < left) {
			b->start += n;
			return;
		}
		n -= left;
		t->queue = b->next;
		if (t->queue == NULL) {
			t->queue_end = &t->queue;
		}
		iobuf_put(t->pool, b);
	}
}

static void flush(struct transport *t)
{
	while (t->queue != NULL) {
		struct iovec iov[IOVECS];
		struct msghdr msg = {.msg_iov = iov};
		ssize_t n;

		msg.msg_iovlen = (size_t)gather(t, iov);
		n = sendmsg(t->fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			break;
		}
		if (n < 0) {
			close_now(t, "sending failed");
			return;
		}
		t->sent_some = true;
		sent(t, (size_t)n);
	}
	if (t->fde == NULL) {
		return;
	}
	if (t->queue != NULL) {
		TEVENT_FD_WRITEABLE(t->fde);
	} else {
		TEVENT_FD_NOT_WRITEABLE(t->fde);
	}
}

/* Room again: goes on with what had been received before the stall. */
static void resume_event(struct tevent_context *ev, struct tevent_immediate *im,
			 void *private_data)
{
	struct transport *t =
		talloc_get_type_abort(private_data, struct transport);

	if (!t->closed && !t->stalled && !t->on_hold) {
		parse_received(t);
	}
}

static void stall_passed(struct tevent_context *ev, struct tevent_timer *te,
			 struct timeval now, void *private_data);

static void stall_watch(struct transport *t)
{
	t->sent_some = false;
	t->stall_timer = tevent_add_timer(
		t->ev, t, tevent_timeval_current_ofs(STALL_SECONDS, 0),
		stall_passed, t);
}

static void stall_passed(struct tevent_context *ev, struct tevent_timer *te,
			 struct timeval now, void *private_data)
{
	struct transport *t =
		talloc_get_type_abort(private_data, struct transport);

	t->stall_timer = NULL;
	if (!t->sent_some) {
		close_now(t, "the client does not read its replies");
	} else if (t->stalled) {
		stall_watch(t);
	}
}

static void update_stall(struct transport *t)
{
	size_t used = iobuf_pool_used(t->pool);

	if (t->fde == NULL) {
		return;
	}
	if (!t->stalled && (t->queued > STALL_AT || used > STALL_USED)) {
		t->stalled = true;
		TEVENT_FD_NOT_READABLE(t->fde);
		stall_watch(t);
	} else if (t->stalled && t->queued < RESUME_AT && used < RESUME_USED) {
		t->stalled = false;
		TALLOC_FREE(t->stall_timer);
		if (!t->on_hold) {
			TEVENT_FD_READABLE(t->fde);
		}
		tevent_schedule_immediate(t->resume_event, t->ev, resume_event,
					  t);
	}
}

void transport_send(struct transport *t, struct iobuf *buf)
{
	ASSERT(buf->start >= HEADER && buf->length > buf->start);
	if (t->closed) {
		iobuf_put(t->pool, buf);
		return;
	}
	smb2_transport_encode(buf->length - buf->start,
			      buf->data + buf->start - HEADER);
	buf->start -= HEADER;
	buf->next = NULL;
	*t->queue_end = buf;
	t->queue_end = &buf->next;
	t->queued += buf->length - buf->start;
	if (!t->handling || t->queued > FLUSH_AT) {
		flush(t);
	}
	update_stall(t);
}

void transport_close(struct transport *t, const char *why)
{
	if (!t->closed) {
		flush(t);
	}
	close_now(t, why);
}

/* --- receiving ------------------------------------------------------------ */

static void hand_up(struct transport *t, struct iobuf *buf, size_t pos,
		    size_t length)
{
	t->activity++;
	t->handlers->frame(t->private_data, buf, buf->data + pos, length);
}

/* Packets of NetBIOS that are no message; true when it was one of them. */
static bool answer_nbss(struct transport *t, const uint8_t *header)
{
	struct iobuf *buf;

	if (header[0] == NBSS_KEEPALIVE) {
		return true;
	}
	if (header[0] != NBSS_REQUEST) {
		return false;
	}
	buf = iobuf_get(t->pool, 2 * HEADER);
	if (buf == NULL) {
		return false;
	}
	/* Queued behind what is there: the answer has no message. */
	memset(buf->data, 0, HEADER);
	buf->data[0] = NBSS_POSITIVE;
	buf->length = HEADER;
	*t->queue_end = buf;
	t->queue_end = &buf->next;
	t->queued += HEADER;
	return true;
}

/* Begins a frame of its own buffer with what is there of it. */
static bool begin_large(struct transport *t, size_t length)
{
	size_t have = t->in->length - t->pos - HEADER;

	t->large = iobuf_get(t->pool, length);
	if (t->large == NULL) {
		close_now(t, "out of memory");
		return false;
	}
	memcpy(t->large->data, t->in->data + t->pos + HEADER, have);
	t->large->length = have;
	t->large_length = length;
	t->expect_large = true;
	t->pos = t->in->length;
	return true;
}

/* A frame of which only a part is there. */
static void await_rest(struct transport *t, size_t length)
{
	if (HEADER + length > t->in->size) {
		(void)begin_large(t, length);
	}
}

/* The next frame in the buffer; false when there is no whole one. */
static bool next_frame(struct transport *t)
{
	size_t have = t->in->length - t->pos;
	const uint8_t *header = t->in->data + t->pos;
	size_t pos = t->pos + HEADER;
	size_t length;

	if (have < HEADER) {
		return false;
	}
	length = (size_t)header[1] << 16 | (size_t)header[2] << 8 | header[3];
	if (length > t->max_frame) {
		close_now(t, "frame too long");
		return false;
	}
	if (header[0] != NBSS_MESSAGE) {
		if (length > IN_SIZE - HEADER) {
			close_now(t, "bad NetBIOS packet");
			return false;
		}
		if (have < HEADER + length) {
			return false;
		}
		if (!answer_nbss(t, header)) {
			close_now(t, "bad NetBIOS packet");
			return false;
		}
		t->pos = pos + length;
		return true;
	}
	if (have < HEADER + length) {
		await_rest(t, length);
		return false;
	}
	t->pos = pos + length;
	t->expect_large = false;
	hand_up(t, t->in, pos, length);
	return true;
}

/* Makes the buffer ready for the next read: what is not handled yet comes to
 * its start, or into a new one when somebody still needs this one. */
static void compact(struct transport *t)
{
	size_t left = t->in->length - t->pos;
	struct iobuf *fresh;

	if (t->in->refs == 1) {
		if (left > 0) {
			memmove(t->in->data, t->in->data + t->pos, left);
		}
		t->in->length = left;
		t->pos = 0;
		return;
	}
	fresh = left > 0 ? iobuf_get(t->pool, IN_SIZE) : NULL;
	if (fresh != NULL) {
		memcpy(fresh->data, t->in->data + t->pos, left);
		fresh->length = left;
	} else if (left > 0) {
		close_now(t, "out of memory");
	}
	iobuf_put(t->pool, t->in);
	t->in = fresh;
	t->pos = 0;
}

static void parse_received(struct transport *t)
{
	bool outer = !t->handling;

	if (t->in == NULL) {
		return;
	}
	t->handling = true;
	while (!t->closed && !t->stalled && !t->on_hold && next_frame(t)) {
		update_stall(t); /* by requests that wait */
	}
	if (outer) {
		t->handling = false;
	}
	if (!t->stalled || t->pos == t->in->length) {
		compact(t);
	}
	if (!t->closed) {
		flush(t);
		update_stall(t);
	}
}

static void large_received(struct transport *t)
{
	struct iobuf *buf = t->large;

	if (buf->length < t->large_length) {
		return;
	}
	t->large = NULL;
	t->handling = true;
	hand_up(t, buf, 0, t->large_length);
	t->handling = false;
	iobuf_put(t->pool, buf);
	if (!t->closed) {
		flush(t);
		update_stall(t);
	}
}

/* Where the next bytes go, and how many. */
static size_t room_for(struct transport *t, uint8_t **out)
{
	size_t room;

	if (t->large != NULL) {
		*out = t->large->data + t->large->length;
		return t->large_length - t->large->length;
	}
	if (t->in == NULL) {
		t->in = iobuf_get(t->pool, IN_SIZE);
		if (t->in == NULL) {
			return 0;
		}
		t->pos = 0;
	}
	*out = t->in->data + t->in->length;
	room = t->in->size - t->in->length;
	if (t->expect_large && t->in->length < FIRST_READ) {
		room = FIRST_READ - t->in->length;
	}
	return room;
}

static void receive(struct transport *t)
{
	uint8_t *data = NULL;
	size_t room = room_for(t, &data);
	ssize_t n;

	if (room == 0) {
		close_now(t, "out of memory");
		return;
	}
	n = recv(t->fd, data, room, MSG_DONTWAIT);
	if (n == 0) {
		close_now(t, "closed by the client");
		return;
	}
	if (n < 0) {
		if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
			close_now(t, "connection lost");
		}
		return;
	}
	idle_start(t);
	if (t->large != NULL) {
		t->large->length += (size_t)n;
		large_received(t);
	} else {
		t->in->length += (size_t)n;
		parse_received(t);
	}
}

static void fd_event(struct tevent_context *ev, struct tevent_fd *fde,
		     uint16_t flags, void *private_data)
{
	struct transport *t =
		talloc_get_type_abort(private_data, struct transport);

	if (flags & TEVENT_FD_WRITE) {
		flush(t);
		if (!t->closed) {
			update_stall(t);
		}
	}
	if ((flags & TEVENT_FD_READ) && !t->closed && !t->stalled &&
	    !t->on_hold) {
		receive(t);
	}
}

/* --- handing over -------------------------------------------------------- */

bool transport_hold(struct transport *t, const uint8_t *frame)
{
	if (t->in == NULL || frame < t->in->data + HEADER ||
	    frame >= t->in->data + t->in->length || t->fde == NULL) {
		return false;
	}
	t->pos = (size_t)(frame - t->in->data) - HEADER;
	t->on_hold = true;
	TEVENT_FD_NOT_READABLE(t->fde);
	return true;
}

struct blob transport_held(const struct transport *t)
{
	if (t->in == NULL) {
		return (struct blob){0};
	}
	return (struct blob){.data = t->in->data + t->pos,
			     .length = t->in->length - t->pos};
}

void transport_go_on(struct transport *t)
{
	t->on_hold = false;
	if (t->fde != NULL && !t->stalled) {
		TEVENT_FD_READABLE(t->fde);
	}
	tevent_schedule_immediate(t->resume_event, t->ev, resume_event, t);
}

NTSTATUS transport_preload(struct transport *t, struct blob bytes)
{
	ASSERT(t->in == NULL);
	if (bytes.length > IN_SIZE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	t->in = iobuf_get(t->pool, IN_SIZE);
	if (t->in == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (bytes.length > 0) {
		memcpy(t->in->data, bytes.data, bytes.length);
	}
	t->in->length = bytes.length;
	t->pos = 0;
	transport_go_on(t);
	return NT_STATUS_OK;
}

int transport_fd(const struct transport *t)
{
	return t->fd;
}

/* --- life ---------------------------------------------------------------- */

static int transport_destructor(struct transport *t)
{
	TALLOC_FREE(t->fde);
	close(t->fd);
	return 0;
}

NTSTATUS transport_create(TALLOC_CTX *mem_ctx, struct tevent_context *ev,
			  int fd, const struct transport_handlers *handlers,
			  void *private_data, struct transport **out)
{
	struct transport *t = talloc_zero(mem_ctx, struct transport);
	NTSTATUS status;

	if (t == NULL) {
		close(fd);
		return NT_STATUS(NO_MEMORY);
	}
	t->ev = ev;
	t->fd = fd;
	t->handlers = handlers;
	t->private_data = private_data;
	t->max_frame = FIRST_MAX;
	t->queue_end = &t->queue;
	talloc_set_destructor(t, transport_destructor);
	status = iobuf_pool_create(t, &t->pool);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(t);
		return status;
	}
	t->close_event = tevent_create_immediate(t);
	t->resume_event = tevent_create_immediate(t);
	t->fde = tevent_add_fd(ev, t, fd, TEVENT_FD_READ, fd_event, t);
	if (t->close_event == NULL || t->resume_event == NULL ||
	    t->fde == NULL) {
		talloc_free(t);
		return NT_STATUS(NO_MEMORY);
	}
	*out = t;
	return NT_STATUS_OK;
}
