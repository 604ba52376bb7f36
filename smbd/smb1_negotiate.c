/* smbd/smb1_negotiate.c - all of SMB1 that is answered: a client that begins
 * with SMB_COM_NEGOTIATE and offers SMB2 is answered in SMB2
 * ([MS-SMB2] 3.3.5.3). */
#include "smbd/client.h"
#include "smbd/credits.h"
#include "smbd/negotiate.h"
#include "smbd/server.h"
#include "smbd/transport.h"

/* The dialect to answer with; 0 when the client knows none of ours. */
static uint16_t choose(const struct smbd_offer *offer,
		       const struct smb1_negotiate *in)
{
	if (in->smb_2_xxx && offer->max_dialect >= SMB2_DIALECT_210) {
		return SMB2_DIALECT_WILDCARD;
	}
	if (in->smb_2_002 && offer->min_dialect <= SMB2_DIALECT_202) {
		return SMB2_DIALECT_202;
	}
	return 0;
}

bool smbd_smb1_settle(struct smbd_connection *conn, uint16_t dialect)
{
	/* 3.3.5.2.3: its message id is taken to be zero. */
	if (!credits_take(conn->credits, 0, 1)) {
		return false;
	}
	conn->negotiated.dialect = dialect;
	smbd_negotiate_limits(conn);
	conn->counts.requests++;
	return true;
}

static void respond(struct smbd_connection *conn)
{
	struct smb2_negotiate_response response = smbd_negotiate_response(conn);
	struct iobuf *out;
	struct smb2_header h = {.command = SMB2_NEGOTIATE,
				.flags = SMB2_FLAGS_SERVER_TO_REDIR};
	size_t room = TRANSPORT_HEADROOM + SMB2_HEADER_SIZE + 128 +
		      conn->client->server->hello.length;
	struct wire_writer w;

	out = iobuf_get(transport_pool(conn->transport), room);
	if (out == NULL) {
		transport_close(conn->transport, "out of memory");
		return;
	}
	h.credits = credits_grant(conn->credits, 1);
	w = wire_writer_fixed(out->data + TRANSPORT_HEADROOM,
			      out->size - TRANSPORT_HEADROOM);
	smb2_header_encode(&w, &h);
	smb2_negotiate_response_encode(&w, &response);
	if (!wire_writer_ok(&w)) {
		iobuf_put(transport_pool(conn->transport), out);
		transport_close(conn->transport, "no reply could be made");
		return;
	}
	out->start = TRANSPORT_HEADROOM;
	out->length = TRANSPORT_HEADROOM + w.length;
	transport_send(conn->transport, out);
}

void smbd_smb1_negotiate(struct smbd_connection *conn, struct iobuf *buf,
			 struct wire_reader frame)
{
	struct smbd_offer offer = smbd_offer(conn->client->server);
	struct smb1_negotiate in;
	uint16_t dialect = 0;

	if (conn->negotiated.dialect == SMBD_DIALECT_NONE &&
	    NT_STATUS_IS_OK(smb1_negotiate_decode(frame, &in))) {
		dialect = choose(&offer, &in);
	}
	if (dialect == 0 || !smbd_smb1_settle(conn, dialect)) {
		transport_close(conn->transport,
				"it speaks no dialect of SMB2");
		return;
	}
	respond(conn);
}
