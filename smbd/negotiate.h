/* smbd/negotiate.h - what the first messages settle ([MS-SMB2] 3.3.5.3,
 * 3.3.5.4). */
#ifndef SMBD_NEGOTIATE_H
#define SMBD_NEGOTIATE_H

#include "smb2/negotiate.h"
#include "smb2/negotiate_contexts.h"

struct smbd_connection;
struct smbd_server;
struct iobuf;

/* What the server is willing to do; from smb.conf. */
struct smbd_offer {
	uint16_t min_dialect;
	uint16_t max_dialect;
	bool encryption;
	bool posix; /* some share has `smb3 unix extensions` */
};

/* The greatest dialect that both know; 0 when there is none.  Pure. */
uint16_t smbd_choose_dialect(const struct smbd_offer *offer,
			     const uint16_t *dialects, size_t count);

/* The server's choice among the client's algorithms, 0 (no cipher) and AES-CMAC
 * when there is none in common.  Pure. */
uint16_t smbd_choose_cipher(const struct smb2_id_list *ciphers);
uint16_t smbd_choose_signing(const struct smb2_id_list *algorithms);

struct smbd_offer smbd_offer(const struct smbd_server *server);

/* Sets the capabilities and sizes that go with the dialect chosen. */
void smbd_negotiate_limits(struct smbd_connection *conn);

/* The response to it, without contexts and their count. */
struct smb2_negotiate_response smbd_negotiate_response(
	const struct smbd_connection *conn);

/* What SMB_COM_NEGOTIATE settles, without an answer: SMB2_DIALECT_WILDCARD or
 * 2.0.2.  False: not as a connection's first message. */
bool smbd_smb1_settle(struct smbd_connection *conn, uint16_t dialect);

/* SMB_COM_NEGOTIATE: answered with an SMB2 response, or by disconnecting. */
void smbd_smb1_negotiate(struct smbd_connection *conn, struct iobuf *buf,
			 struct wire_reader frame);

#endif
