/* smbd/channel.h - a session on one of its connections: [MS-SMB2] 3.3.1.14,
 * and 3.3.1.15 while it is being bound.  The first is there from the session's
 * beginning; it has the session's own signing key. */
#ifndef SMBD_CHANNEL_H
#define SMBD_CHANNEL_H

#include <talloc.h>

#include "lib/ntstatus.h"
#include "lib/nttime.h"
#include "smb2/preauth.h"

struct smbd_client;
struct smbd_connection;
struct smbd_session;
struct auth_session;
struct smb2_signer;

struct smbd_channel {
	struct smbd_channel *prev, *next; /* in session->channels */
	struct smbd_session *session;
	struct smbd_connection *conn;
	bool binding;		    /* not yet the session's */
	struct auth_session *logon; /* while one is in progress */
	bool logon_busy;	    /* an answer is being held back */
	struct smb2_preauth preauth;
	NTTIME created;
	struct smb2_signer *signer; /* NULL without keys */
};

/* talloc_free() takes a channel out of its session's list. */

/* A channel of session's on conn, which has none yet; it belongs to session.
 * binding: it counts as a logon until it is no longer.  INSUFFICIENT_RESOURCES
 * when there are too many of either. */
MUST_CHECK NTSTATUS smbd_channel_create(struct smbd_session *session,
					struct smbd_connection *conn,
					bool binding,
					struct smbd_channel **out);

/* The bind is complete: its requests are signed with this key. */
MUST_CHECK NTSTATUS smbd_channel_bound(struct smbd_channel *channel,
				       const uint8_t signing_key[16]);

/* The channel of the session with this id on conn, whatever the state of
 * either; or NULL. */
struct smbd_channel *smbd_channel_lookup(struct smbd_connection *conn,
					 uint64_t session_id);

/* The session's channel on conn; or NULL. */
struct smbd_channel *smbd_channel_of(const struct smbd_session *session,
				     const struct smbd_connection *conn);

/* A channel of the session whose connection can be sent over ([MS-SMB2]
 * 3.3.4.1.6), the oldest; or NULL. */
struct smbd_channel *smbd_channel_usable(const struct smbd_session *session);

/* Puts the channels into the session's record, which is then to be stored.
 * NO_MEMORY. */
MUST_CHECK NTSTATUS smbd_channels_record(struct smbd_session *session);

/* They are others now: stores the record. */
void smbd_channels_changed(struct smbd_session *session);

/* Whether conn is a channel of any session. */
bool smbd_channel_any(const struct smbd_connection *conn);

#endif
