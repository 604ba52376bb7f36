/* smbd/transport.h - SMB over a TCP connection ([MS-SMB2] 2.1): frames in,
 * frames out.
 *
 * Frames are handed up within the buffer they were received in; what is sent
 * goes out in as few system calls as it can.  A client that does not read its
 * replies is not read from any more, so that what it can make the server hold
 * is bounded. */
#ifndef SMBD_TRANSPORT_H
#define SMBD_TRANSPORT_H

#include <talloc.h>
#include <tevent.h>

#include "smbd/iobuf.h"

struct transport;

/* Room that goes before a message in a buffer to be sent: the transport's
 * header, and an SMB2 TRANSFORM_HEADER. */
#define TRANSPORT_HEADROOM (4 + 52)

struct transport_handlers {
	/* A frame, without the transport's header.  Its bytes may be changed;
	 * they stay as long as buf is referenced. */
	void (*frame)(void *private_data, struct iobuf *buf, uint8_t *data,
		      size_t length);
	/* The connection is no more; why is a constant text.  Called once, from
	 * the event loop. */
	void (*closed)(void *private_data, const char *why);
};

/* Takes over fd (non-blocking), also when it fails.  Freeing it closes fd. */
MUST_CHECK NTSTATUS transport_create(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev, int fd,
				     const struct transport_handlers *handlers,
				     void *private_data,
				     struct transport **out);

/* The pool for buffers to send. */
struct iobuf_pool *transport_pool(struct transport *t);

/* The longest frame that is accepted from now on. */
void transport_set_max_frame(struct transport *t, size_t length);

/* Sends a message: bytes [start, length) of buf, where start is at least 4,
 * the room for the transport's header.  The caller's reference goes over. */
void transport_send(struct transport *t, struct iobuf *buf);

/* Reads no more, sends what is queued as far as it goes at once, and calls
 * closed from the event loop. */
void transport_close(struct transport *t, const char *why);

/* --- handing a connection over -------------------------------------------- */

/* Within the handler of a frame: it is not taken, and nothing more is read or
 * handed up until transport_go_on(), which hands it up again.  False when it
 * cannot be: the frame is too long to be kept. */
bool transport_hold(struct transport *t, const uint8_t *frame);

/* What was received and is not handed up, with the transport's headers; lent.
 */
struct blob transport_held(const struct transport *t);

void transport_go_on(struct transport *t);

/* Of a new connection: these bytes were received before; they are handed up
 * from the event loop.  INVALID_PARAMETER when that is too much. */
MUST_CHECK NTSTATUS transport_preload(struct transport *t, struct blob bytes);

/* The socket, lent. */
int transport_fd(const struct transport *t);

/* Closed, or about to be. */
bool transport_is_closed(const struct transport *t);

#endif
