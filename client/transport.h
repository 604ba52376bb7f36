/* client/transport.h - frames over TCP: a length of 24 bits, then the message
 * ([MS-SMB2] 2.1).  Knows nothing of what is in a frame. */
#ifndef CLIENT_TRANSPORT_H
#define CLIENT_TRANSPORT_H

#include <talloc.h>
#include <tevent.h>

#include "lib/blob.h"
#include "lib/ntstatus.h"

struct cli_transport;

/* Connects to a numeric address or host name (looked up at once, which may
 * block for a name that is not in /etc/hosts). */
struct tevent_req *cli_transport_connect_send(TALLOC_CTX *mem_ctx,
					      struct tevent_context *ev,
					      const char *host, uint16_t port);

/* CONNECTION_REFUSED, IO_TIMEOUT, BAD_NETWORK_PATH (no such host), ...  Freeing
 * the transport closes the connection. */
MUST_CHECK NTSTATUS cli_transport_connect_recv(struct tevent_req *req,
					       TALLOC_CTX *mem_ctx,
					       struct cli_transport **out);

/* A transport over a stream socket that is connected already; fd is the
 * transport's on success. */
MUST_CHECK NTSTATUS cli_transport_open_fd(TALLOC_CTX *mem_ctx,
					  struct tevent_context *ev, int fd,
					  struct cli_transport **out);

struct cli_transport_handler {
	/* A whole frame; it belongs to the callee (a talloc child of the
	 * transport until it is moved). */
	void (*frame)(void *private_data, struct blob frame);
	/* The connection is gone; called once, nothing follows.  The transport
	 * may be freed in here. */
	void (*down)(void *private_data, NTSTATUS why);
	void *private_data;
};

/* Who takes what arrives; before this is called nothing is read. */
void cli_transport_set_handler(struct cli_transport *t,
			       const struct cli_transport_handler *h);

/* Queues a frame: its length field, then the parts in order.  The bytes are
 * copied; parts that are NULL or empty are skipped. */
MUST_CHECK NTSTATUS cli_transport_send(struct cli_transport *t,
				       const struct blob *parts, size_t n);

/* Queues bytes as they are, without a length field before them. */
MUST_CHECK NTSTATUS cli_transport_send_bytes(struct cli_transport *t,
					     const void *data, size_t length);

/* Bytes have come, or the end, and are not read yet. */
bool cli_transport_readable(const struct cli_transport *t);

/* Bytes queued and not yet taken by the kernel. */
size_t cli_transport_queued(const struct cli_transport *t);

/* The numeric address and port of our end and theirs, "127.0.0.1:4450"; lent
 * until the transport is freed. */
const char *cli_transport_local(const struct cli_transport *t);
const char *cli_transport_remote(const struct cli_transport *t);

#endif
