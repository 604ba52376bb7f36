/* smbd/bind.h - a session gets one more connection: SESSION_SETUP with
 * SMB2_SESSION_FLAG_BINDING, [MS-SMB2] 3.3.5.5. */
#ifndef SMBD_BIND_H
#define SMBD_BIND_H

#include "lib/ntstatus.h"

struct auth_user;
struct smbd_request;

/* Which session the request wants to bind, and whether it may: sets its session
 * and channel, and the key that its answers are signed with. */
MUST_CHECK NTSTATUS smbd_bind_begin(struct smbd_request *req);

/* The request is for a session that has no channel on its connection, or not
 * any more: if it was made by who has the session's key, the answer is signed
 * with that.  Windows: so it is (smbtorture's smb2.session.bind2). */
void smbd_bind_sign_refusal(struct smbd_request *req);

/* The same for a SESSION_SETUP that does not bind: USER_SESSION_DELETED, or
 * PENDING when another process is asked for the key. */
MUST_CHECK NTSTATUS smbd_bind_missing(struct smbd_request *req);

/* user has logged on over the new channel: ACCESS_DENIED when it is not the
 * session's. */
MUST_CHECK NTSTATUS smbd_bind_complete(struct smbd_request *req,
				       const struct auth_user *user);

/* It came to nothing: the session is as it was before. */
void smbd_bind_fail(struct smbd_request *req);

#endif
