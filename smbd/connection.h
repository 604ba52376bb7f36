/* smbd/connection.h - a transport connection: [MS-SMB2] 3.3.1.7.  What was
 * negotiated on it, and its credits. */
#ifndef SMBD_CONNECTION_H
#define SMBD_CONNECTION_H

#include <talloc.h>

#include "lib/guid.h"
#include "lib/nttime.h"
#include "smb2/constants.h"
#include "smb2/negotiate.h"
#include "smb2/preauth.h"

struct smbd_client;
struct transport;
struct credits;
struct smb2_signer;
struct smbd_ended;
struct iobuf;

#define SMBD_MAX_FAILURES    16 /* logons, before one succeeds */
#define SMBD_PREAUTH_SECONDS 45 /* [MS-SMB2] 3.3.6.3 */
#define SMBD_DIALECT_NONE    0xFFFF

/* What NEGOTIATE settled. */
struct smbd_negotiated {
	uint16_t dialect; /* NegotiateDialect: SMBD_DIALECT_NONE, 0x02FF, .. */
	uint16_t client_security_mode;
	uint16_t server_security_mode;
	uint32_t client_capabilities;
	uint32_t server_capabilities;
	struct guid client_guid;
	uint16_t dialect_count; /* as the client sent them */
	uint16_t dialects[SMB2_MAX_DIALECTS];
	bool multi_credit;
	bool encryption;  /* both can */
	bool posix_asked; /* the client knows the POSIX extensions */
	bool posix;	  /* ... and they are agreed on */
	enum smb2_cipher cipher;
	enum smb2_signing_algorithm signing;
	struct smb2_preauth preauth;
	uint32_t max_transact;
	uint32_t max_read;
	uint32_t max_write;
};

/* For the line that is logged when it goes. */
struct smbd_counts {
	uint64_t requests;
	uint64_t bytes_read;
	uint64_t bytes_written;
};

struct smbd_connection {
	struct smbd_connection *prev, *next; /* in client->connections */
	struct smbd_client *client;
	struct transport *transport;
	struct credits *credits;
	const char *address; /* numeric, without the port */
	const char *local_address;
	struct smbd_negotiated negotiated;
	unsigned int num_failures; /* logons that failed */
	struct smbd_counts counts;
	NTTIME accepted;	     /* by nttime_monotonic() */
	struct smbd_ended *ended;    /* sessions that were here, newest first */
	struct smb2_signer *foreign; /* bind_refuse.h; or NULL */
	bool ours; /* not to be handed over any more: handover.h */
	struct tevent_timer *preauth_timer; /* NULL: somebody logged on */
	bool played_dead;		    /* private_ioctl.h */
	const char *why;		    /* it leaves; NULL: it does not */
	struct tevent_immediate *end;
};

static inline bool smbd_is_3x(const struct smbd_connection *conn)
{
	return conn->negotiated.dialect >= SMB2_DIALECT_300 &&
	       conn->negotiated.dialect <= SMB2_DIALECT_311;
}

/* One more connection of client's, over fd, whose first frame is yet to come.
 * fd is taken over.  It belongs to client. */
MUST_CHECK NTSTATUS smbd_connection_create(struct smbd_client *client, int fd,
					   const char *address,
					   const char *local_address,
					   struct smbd_connection **out);

/* It is older than it seems: who does not log on is put out earlier. */
MUST_CHECK NTSTATUS smbd_connection_set_accepted(struct smbd_connection *conn,
						 NTTIME accepted);

/* Ends the connection: what waits on it is cancelled ([MS-SMB2] 3.3.7.1).  why
 * is a constant text for the log.  Nothing happens the second time. */
void smbd_connection_disconnect(struct smbd_connection *conn, const char *why);

/* Ends the oldest connection but this one (or NULL) on which somebody has begun
 * to log on and nobody ever was: they must not keep out who is known.  False
 * when there is none. */
bool smbd_connection_drop_stranger(struct smbd_client *client,
				   const struct smbd_connection *but);

/* A session ends; what the client still asks of it is refused with answers
 * signed as before.  *signer moves to conn, which knows a few. */
void smbd_connection_session_ended(struct smbd_connection *conn, uint64_t id,
				   struct smb2_signer **signer);

/* The key of a session that ended; NULL: conn has none. */
struct smb2_signer *smbd_connection_old_key(const struct smbd_connection *conn,
					    uint64_t id);

/* Its end, in the log. */
void smbd_connection_log_end(const struct smbd_connection *conn);

/* One frame ([MS-SMB2] 3.3.5.2); for the transport. */
void smbd_connection_frame(struct smbd_connection *conn, struct iobuf *buf,
			   uint8_t *data, size_t length);

#endif
