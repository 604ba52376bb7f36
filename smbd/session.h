/* smbd/session.h - a user's session ([MS-SMB2] 3.3.1.8) with its record in
 * session.tdb.  It owns its tree connects, and these the opens. */
#ifndef SMBD_SESSION_H
#define SMBD_SESSION_H

#include <talloc.h>

#include "auth/auth.h"
#include "idl/locking_gen.h"
#include "smb2/preauth.h"

struct smbd_client;
struct smbd_connection;
struct smbd_request;
struct smb2_signer;
struct smbd_channel;
struct smbd_teardown;
struct smb2_sealer;
struct id_table;

enum smbd_session_state {
	SMBD_SESSION_IN_PROGRESS,
	SMBD_SESSION_VALID,
	SMBD_SESSION_EXPIRED,
	SMBD_SESSION_CLOSING
};

struct smbd_session {
	struct smbd_session *prev, *next; /* in client->sessions */
	struct smbd_session *next_gone;	  /* in a frame's list */
	struct smbd_client *client;
	enum smbd_session_state state;
	uint64_t id;
	struct smbd_channel *channels; /* a list, the oldest first */
	struct auth_user *user; /* NULL before the first logon is complete */
	struct session_record *record;
	bool signing_required;
	bool encryption_required;
	bool encryption_desired;
	uint8_t signing_key[16];
	struct smb2_signer *signer; /* the first channel's; NULL without keys */
	struct smb2_sealer *encrypt; /* NULL when it cannot be */
	struct smb2_sealer *decrypt;
	struct id_table *trees;
	struct id_table *opens;
	struct smbd_teardown *end; /* of the last connection, closes it */
};

/* talloc_free() takes a session out of its client's list and removes the
 * record; its tree connects must be gone (asserted). */

/* A new session over conn, in progress, with an id of its own.
 * TOO_MANY_SESSIONS. */
MUST_CHECK NTSTATUS smbd_session_create(struct smbd_connection *conn,
					struct smbd_session **out);

/* The client's session with this id, whatever its state; or NULL. */
struct smbd_session *smbd_session_lookup(struct smbd_client *client,
					 uint64_t id);

/* Makes the keys of a session whose user is known, by what was exchanged on its
 * first channel ([MS-SMB2] 3.3.5.5.3). */
MUST_CHECK NTSTATUS smbd_session_make_keys(struct smbd_session *session);

/* Writes who it is into the record. */
MUST_CHECK NTSTATUS smbd_session_register(struct smbd_session *session);

/* Its requests come encrypted: the record is to say so. */
void smbd_session_note_encryption(struct smbd_session *session);

/* The name of its user, lent; "-" while there is none. */
const char *smbd_session_account(const struct smbd_session *session);

#endif
