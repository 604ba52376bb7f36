/* smbd/bind_refuse.h - a SESSION_SETUP for a session that another process has
 * is refused, and the client believes only an answer that is signed as the
 * session's are: who has the session is shown the request and, when that is
 * genuine, lends the key. */
#ifndef SMBD_BIND_REFUSE_H
#define SMBD_BIND_REFUSE_H

#include "idl/server_id_gen.h"
#include "lib/ntstatus.h"

struct smbd_client;
struct smbd_request;

/* Refuses req with status, signed if its session's owner can be asked; ACCESS_
 * DENIED when its signature is wrong.  A final status, or PENDING. */
MUST_CHECK NTSTATUS smbd_bind_refuse(struct smbd_request *req,
				     const struct server_id *owner,
				     NTSTATUS status);

/* Answers for the sessions of this process, as long as client lives. */
MUST_CHECK NTSTATUS smbd_bind_listen(struct smbd_client *client);

#endif
