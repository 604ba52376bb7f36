/* smbd/handover.h - one child serves all connections of a client.  Who has a
 * new one and learns from its NEGOTIATE that another child serves that client
 * hands it over, with the bytes received, and ends without a word.
 *
 * The client is known by its ClientGuid (client.tdb), from its first logon on:
 * who is nobody yet attracts nobody else's connections. */
#ifndef SMBD_HANDOVER_H
#define SMBD_HANDOVER_H

#include "lib/blob.h"
#include "lib/guid.h"
#include "lib/ntstatus.h"
#include "lib/wire.h"

struct smbd_client;
struct smbd_connection;
struct smbd_offer;

/* What of a connection's first frame says whose it is. */
struct smbd_handover_hint {
	struct guid client_guid;
	uint16_t dialect; /* that would be chosen */
};

/* Whether the frame begins with a NEGOTIATE of a client that may have several
 * connections.  Pure. */
bool smbd_handover_peek(struct wire_reader frame,
			const struct smbd_offer *offer,
			struct smbd_handover_hint *out);

/* The first frame of SMB2 on conn.  True: it waits, since the connection may be
 * another child's; if it turns out not to be, the frame is handed up again. */
bool smbd_handover_begin(struct smbd_connection *conn,
			 struct wire_reader frame);

/* Somebody logged on over conn: the client's other connections are to come
 * here, unless another child has them already. */
void smbd_handover_register(struct smbd_connection *conn);

/* They are not to come here any more. */
void smbd_handover_unregister(struct smbd_client *client);

/* Takes what others hand over, as long as client lives. */
MUST_CHECK NTSTATUS smbd_handover_listen(struct smbd_client *client);

/* One such: payload is a message_connection.  fd is taken over on success only.
 */
MUST_CHECK NTSTATUS smbd_handover_take(struct smbd_client *client,
				       struct blob payload, int fd);

#endif
