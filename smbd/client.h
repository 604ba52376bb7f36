/* smbd/client.h - the client that a child serves, over one connection or more.
 * It owns its connections, its sessions, and the requests that wait. */
#ifndef SMBD_CLIENT_H
#define SMBD_CLIENT_H

#include <talloc.h>

#include "smbd/aapl.h"
#include "smbd/connection.h"

struct smbd_server;
struct smbd_session;
struct smbd_request;
struct smbd_teardown;
struct smbd_break;

#define SMBD_MAX_CONNECTIONS 48	  /* some of them nobody is logged on to */
#define SMBD_MAX_CHANNELS    32	  /* of one session; Windows has as many */
#define SMBD_MAX_SESSIONS    1024 /* of one client */
#define SMBD_MAX_LOGONS	     32	  /* of these not complete yet */
#define SMBD_MAX_PENDING     1024 /* requests that wait */
/* Bytes in buffers, of one connection.  Nothing new is begun long before
 * (transport.c); only the messages of one compound can ask for more. */
#define SMBD_MAX_BUFFERS ((size_t)160 * 1024 * 1024)
#define SMBD_MAX_TREES	 4096 /* of all its sessions */
#define SMBD_MAX_OPENS	 65535

struct smbd_client {
	struct smbd_server *server;
	struct smbd_connection *connections; /* a list, the oldest first */
	bool registered;  /* others hand over its connections: handover.h */
	struct guid guid; /* ... those with this ClientGuid */
	struct smbd_aapl aapl;
	struct smbd_session *sessions; /* a list */
	unsigned int num_sessions;
	unsigned int num_trees;
	unsigned int num_opens;
	unsigned int num_logons;      /* sessions being set up */
	struct smbd_request *waiting; /* a list, of all connections */
	unsigned int num_waiting;
	struct smbd_break *breaks;	       /* breaks.h: a list */
	struct smbd_break *breaks_due;	       /* a list, not told so far */
	struct tevent_immediate *breaks_event; /* while there are any */
	struct tevent_timer *breaks_timer;
	struct smbd_request *spare;	 /* to be used again */
	struct smbd_teardown *teardowns; /* a list */
	uint64_t last_async_id;
	uint8_t read_padding; /* private_ioctl.h; 0 */
	bool leaving;	      /* no more requests: everything is being closed */
	bool finished;	      /* everything is closed */
};

/* A client, as yet without a connection.  Belongs to mem_ctx. */
MUST_CHECK NTSTATUS smbd_client_create(TALLOC_CTX *mem_ctx,
				       struct smbd_server *server,
				       struct smbd_client **out);

/* Ends all its connections: cancels what waits, closes every open, and then
 * sets finished.  why is a constant text for the log.  Nothing happens the
 * second time. */
void smbd_client_disconnect(struct smbd_client *client, const char *why);

/* Where it comes from, for the log: its first connection's address. */
const char *smbd_client_address(const struct smbd_client *client);

#endif
