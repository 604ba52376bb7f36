/* smbd/client.h - a connection: [MS-SMB2] 3.3.1.7.  It owns its sessions, and
 * the requests that wait. */
#ifndef SMBD_CLIENT_H
#define SMBD_CLIENT_H

#include <talloc.h>

#include "lib/guid.h"
#include "smb2/constants.h"
#include "smb2/negotiate.h"
#include "smb2/preauth.h"
#include "smbd/aapl.h"

struct smbd_server;
struct smbd_session;
struct smbd_request;
struct transport;
struct credits;
struct smbd_teardown;

#define SMBD_MAX_SESSIONS 1024 /* of one connection */
#define SMBD_MAX_LOGONS	  32   /* of these not complete yet */
#define SMBD_MAX_PENDING  1024 /* requests that wait */
/* Bytes in buffers.  Nothing new is begun long before (transport.c); only the
 * messages of one compound can ask for more. */
#define SMBD_MAX_BUFFERS     ((size_t)160 * 1024 * 1024)
#define SMBD_MAX_TREES	     4096 /* of all its sessions */
#define SMBD_MAX_OPENS	     65535
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

struct smbd_client {
	struct smbd_server *server;
	struct transport *transport;
	struct credits *credits;
	const char *address; /* numeric, without the port */
	const char *local_address;
	struct smbd_negotiated negotiated;
	struct smbd_aapl aapl;
	struct smbd_session *sessions; /* a list */
	unsigned int num_sessions;
	unsigned int num_trees;
	unsigned int num_opens;
	unsigned int num_logons;      /* sessions being set up */
	unsigned int num_failures;    /* logons that failed */
	struct smbd_request *waiting; /* a list */
	unsigned int num_waiting;
	struct smbd_request *spare;	 /* to be used again */
	struct smbd_teardown *teardowns; /* a list */
	uint64_t last_async_id;
	uint8_t read_padding; /* private_ioctl.h; 0 */
	struct smbd_counts counts;
	struct tevent_timer *preauth_timer;
	bool leaving;	 /* no more requests: everything is being closed */
	bool finished;	 /* everything is closed */
	const char *why; /* it leaves */
};

static inline bool smbd_is_3x(const struct smbd_client *client)
{
	return client->negotiated.dialect >= SMB2_DIALECT_300 &&
	       client->negotiated.dialect <= SMB2_DIALECT_311;
}

/* A connection over fd, whose first frame is yet to come.  fd is taken over. */
MUST_CHECK NTSTATUS smbd_client_create(TALLOC_CTX *mem_ctx,
				       struct smbd_server *server, int fd,
				       const char *address,
				       const char *local_address,
				       struct smbd_client **out);

/* Ends the connection: cancels what waits, closes every open, and then sets
 * finished.  why is a constant text for the log.  Nothing happens the second
 * time. */
void smbd_client_disconnect(struct smbd_client *client, const char *why);

/* One frame ([MS-SMB2] 3.3.5.2); for the transport. */
struct iobuf;
void smbd_client_frame(struct smbd_client *client, struct iobuf *buf,
		       uint8_t *data, size_t length);

#endif
