/* smbd/teardown.h - closing many things: everything of a client, of a
 * connection, of a session, of a tree connect, or one open, once what is still
 * being done with it has ended. */
#ifndef SMBD_TEARDOWN_H
#define SMBD_TEARDOWN_H

#include "lib/ntstatus.h"

struct smbd_client;
struct smbd_connection;
struct smbd_session;
struct smbd_tree;
struct smbd_open;
struct smbd_request;

/* What is to be closed: the first of these that is not NULL. */
struct smbd_scope {
	struct smbd_open *open;
	bool close_open; /* it is closed as well */
	struct smbd_tree *tree;
	struct smbd_session *session;
	struct smbd_connection *conn;
	struct smbd_client *client;
};

/* Lets nothing new begin in the scope, cancels the requests that wait within
 * it but for except, and waits for their end.  Then it closes the scope's opens
 * and frees its tree connects and, when it is the client, the sessions.  With a
 * connection, which is leaving, go its channels, and the sessions that have no
 * other ([MS-SMB2] 3.3.7.1).  A single open, without close_open, and a single
 * session are left to the caller.  done is called in
 * the end, perhaps before this returns.  Without memory the process ends: what
 * is open could not be closed. */
void smbd_teardown(const struct smbd_scope *scope,
		   const struct smbd_request *except,
		   void (*done)(void *private_data), void *private_data);

/* A request has ended: who waited for that may go on. */
void smbd_teardown_wake(struct smbd_client *client);

#endif
