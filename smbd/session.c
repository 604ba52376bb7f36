/* smbd/session.c - see session.h. */
#include "smbd/session.h"

#include <string.h>

#include "idl/token_gen.h"
#include "lib/assert.h"
#include "lib/dlist.h"
#include "lib/log.h"
#include "locking/locking.h"
#include "locking/session_store.h"
#include "messaging/messaging.h"
#include "smb2/keys.h"
#include "smb2/seal.h"
#include "smb2/sign.h"
#include "smbd/channel.h"
#include "smbd/client.h"
#include "smbd/id_table.h"
#include "smbd/server.h"

static int session_destructor(struct smbd_session *session)
{
	struct smbd_client *client = session->client;
	NTSTATUS status;

	ASSERT(id_table_count(session->trees) == 0);
	while (session->channels != NULL) {
		struct smbd_channel *channel = session->channels;

		if (channel->signer != NULL && channel->conn->why == NULL) {
			smbd_connection_session_ended(
				channel->conn, session->id, &channel->signer);
		}
		talloc_free(channel);
	}
	explicit_bzero(session->signing_key, sizeof(session->signing_key));
	DLIST_REMOVE(client->sessions, session);
	client->num_sessions--;
	if (session->user == NULL) {
		client->num_logons--;
	}
	status = session_store_remove(client->server->locking->sessions,
				      session->id);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_SMB2, "session %llx: its record: %s",
			 (unsigned long long)session->id,
			 ntstatus_name(status));
	}
	return 0;
}

static void fill_record(const struct smbd_session *session,
			const struct smbd_connection *conn)
{
	const struct smbd_negotiated *n = &conn->negotiated;
	struct session_record *rec = session->record;

	rec->owner = *messaging_id(session->client->server->messaging);
	rec->created = nttime_now();
	rec->dialect = n->dialect;
	rec->client_guid = n->client_guid;
	rec->cipher = (uint16_t)n->cipher;
	rec->signing_algorithm = (uint16_t)n->signing;
	rec->remote_address = talloc_strdup(rec, conn->address);
	rec->user_sid = sid_anonymous(); /* nobody yet */
	rec->account_name = "";
	rec->domain_name = "";
	rec->client_name = "";
}

static struct smbd_session *allocate(struct smbd_connection *conn)
{
	struct smbd_session *s = talloc_zero(conn->client, struct smbd_session);

	if (s == NULL) {
		return NULL;
	}
	s->client = conn->client;
	s->state = SMBD_SESSION_IN_PROGRESS;
	s->record = talloc_zero(s, struct session_record);
	if (s->record == NULL ||
	    !NT_STATUS_IS_OK(id_table_create(s, SMBD_MAX_TREES, &s->trees)) ||
	    !NT_STATUS_IS_OK(id_table_create(s, SMBD_MAX_OPENS, &s->opens))) {
		talloc_free(s);
		return NULL;
	}
	fill_record(s, conn);
	if (s->record->remote_address == NULL) {
		talloc_free(s);
		return NULL;
	}
	return s;
}

NTSTATUS smbd_session_create(struct smbd_connection *conn,
			     struct smbd_session **out)
{
	struct smbd_client *client = conn->client;
	struct smbd_channel *channel;
	struct smbd_session *s;
	NTSTATUS status;

	if (client->num_logons >= SMBD_MAX_LOGONS) {
		smbd_connection_drop_stranger(client, conn);
	}
	if (client->num_sessions >= SMBD_MAX_SESSIONS ||
	    client->num_logons >= SMBD_MAX_LOGONS) {
		return NT_STATUS(TOO_MANY_SESSIONS);
	}
	s = allocate(conn);
	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = smbd_channel_create(s, conn, false, &channel);
	if (NT_STATUS_IS_OK(status)) {
		status = session_store_create(client->server->locking->sessions,
					      s->record);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(s);
		return status;
	}
	s->id = s->record->id;
	DLIST_ADD(client->sessions, s);
	client->num_sessions++;
	client->num_logons++;
	talloc_set_destructor(s, session_destructor);
	*out = s;
	return NT_STATUS_OK;
}

struct smbd_session *smbd_session_lookup(struct smbd_client *client,
					 uint64_t id)
{
	struct smbd_session *s = client->sessions;

	while (s != NULL && s->id != id) {
		s = s->next;
	}
	if (s != NULL && s != client->sessions) {
		/* The next request is likely to be for the same. */
		DLIST_REMOVE(client->sessions, s);
		DLIST_ADD(client->sessions, s);
	}
	return s;
}

static NTSTATUS make_sealers(struct smbd_session *s,
			     const struct smb2_session_keys *keys)
{
	enum smb2_cipher cipher = (enum smb2_cipher)s->record->cipher;
	NTSTATUS status;

	if (cipher == SMB2_ENCRYPTION_NONE) {
		return NT_STATUS_OK;
	}
	status = smb2_sealer_new(s, cipher, keys->encrypt, &s->encrypt);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return smb2_sealer_new(s, cipher, keys->decrypt, &s->decrypt);
}

NTSTATUS smbd_session_make_keys(struct smbd_session *s)
{
	const struct session_record *rec = s->record;
	struct smb2_session_keys keys;
	NTSTATUS status;

	smb2_derive_keys(
		&keys, SMB2_SERVER, rec->dialect, (enum smb2_cipher)rec->cipher,
		s->user->session_key, sizeof(s->user->session_key),
		rec->dialect == SMB2_DIALECT_311 ? &s->channels->preauth
						 : NULL);
	status = smb2_signer_new(
		s,
		smb2_signing_for_dialect(
			rec->dialect,
			(enum smb2_signing_algorithm)rec->signing_algorithm),
		keys.signing, &s->signer);
	s->channels->signer = s->signer;
	memcpy(s->signing_key, keys.signing, sizeof(s->signing_key));
	if (NT_STATUS_IS_OK(status)) {
		status = make_sealers(s, &keys);
	}
	smb2_keys_wipe(&keys);
	return status;
}

static uint32_t record_flags(const struct smbd_session *s)
{
	uint32_t flags = 0;

	if (s->user->is_guest) {
		flags |= SESSION_GUEST;
	}
	if (s->user->is_anonymous) {
		flags |= SESSION_ANONYMOUS;
	}
	if (s->signing_required) {
		flags |= SESSION_SIGNING_REQUIRED | SESSION_SIGNED;
	}
	if (s->encryption_required) {
		flags |= SESSION_ENCRYPTED;
	}
	return flags;
}

NTSTATUS smbd_session_register(struct smbd_session *s)
{
	const struct security_token *token = s->user->token;
	struct session_record *rec = s->record;
	NTSTATUS status;

	rec->flags = record_flags(s);
	rec->authenticated = nttime_now();
	rec->uid = token->uid;
	rec->gid = token->gid;
	rec->user_sid = token->sids[0];
	rec->account_name = token->account_name;
	rec->domain_name = token->domain_name;
	status = smbd_channels_record(s);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return session_store_update(s->client->server->locking->sessions, rec);
}

void smbd_session_note_encryption(struct smbd_session *s)
{
	struct session_record *rec = s->record;

	if ((rec->flags & SESSION_ENCRYPTED) != 0) {
		return;
	}
	rec->flags |= SESSION_ENCRYPTED;
	if (!NT_STATUS_IS_OK(session_store_update(
		    s->client->server->locking->sessions, rec))) {
		LOG_INFO(LOG_SMB2, "the record of a session was not changed");
	}
}

const char *smbd_session_account(const struct smbd_session *s)
{
	return s->user == NULL ? "-" : s->user->token->account_name;
}
