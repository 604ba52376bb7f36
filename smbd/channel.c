/* smbd/channel.c - see channel.h. */
#include "smbd/channel.h"

#include "lib/dlist.h"
#include "lib/log.h"
#include "locking/locking.h"
#include "locking/session_store.h"
#include "smb2/sign.h"
#include "smbd/client.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/transport.h"

static int channel_destructor(struct smbd_channel *channel)
{
	if (channel->binding) {
		channel->session->client->num_logons--;
	}
	DLIST_REMOVE(channel->session->channels, channel);
	return 0;
}

NTSTATUS smbd_channel_create(struct smbd_session *session,
			     struct smbd_connection *conn, bool binding,
			     struct smbd_channel **out)
{
	struct smbd_channel *channel;
	unsigned int count = 0;

	for (channel = session->channels; channel != NULL;
	     channel = channel->next) {
		count++;
	}
	if (binding && session->client->num_logons >= SMBD_MAX_LOGONS) {
		smbd_connection_drop_stranger(session->client, conn);
	}
	if (count >= SMBD_MAX_CHANNELS ||
	    (binding && session->client->num_logons >= SMBD_MAX_LOGONS)) {
		return NT_STATUS(INSUFFICIENT_RESOURCES);
	}
	channel = talloc_zero(session, struct smbd_channel);
	if (channel == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	channel->session = session;
	channel->conn = conn;
	channel->created = nttime_now();
	channel->binding = binding;
	channel->preauth = conn->negotiated.preauth;
	if (binding) {
		session->client->num_logons++;
	}
	DLIST_ADD_END(session->channels, channel);
	talloc_set_destructor(channel, channel_destructor);
	*out = channel;
	return NT_STATUS_OK;
}

NTSTATUS smbd_channel_bound(struct smbd_channel *channel,
			    const uint8_t signing_key[16])
{
	/* Note: by its own connection's algorithm (smbtorture's
	 * smb2.session.bind_negative_smb3signCtoHs). */
	const struct smbd_negotiated *n = &channel->conn->negotiated;
	NTSTATUS status = smb2_signer_new(
		channel, smb2_signing_for_dialect(n->dialect, n->signing),
		signing_key, &channel->signer);

	if (NT_STATUS_IS_OK(status)) {
		channel->binding = false;
		channel->session->client->num_logons--;
	}
	return status;
}

struct smbd_channel *smbd_channel_of(const struct smbd_session *session,
				     const struct smbd_connection *conn)
{
	struct smbd_channel *channel = session->channels;

	while (channel != NULL && channel->conn != conn) {
		channel = channel->next;
	}
	return channel;
}

struct smbd_channel *smbd_channel_lookup(struct smbd_connection *conn,
					 uint64_t session_id)
{
	struct smbd_session *session =
		smbd_session_lookup(conn->client, session_id);

	return session == NULL ? NULL : smbd_channel_of(session, conn);
}

struct smbd_channel *smbd_channel_usable(const struct smbd_session *session)
{
	struct smbd_channel *channel = session->channels;

	while (channel != NULL &&
	       (channel->binding || channel->conn->why != NULL ||
		transport_is_closed(channel->conn->transport))) {
		channel = channel->next;
	}
	return channel;
}

static NTSTATUS add_to(struct session_record *rec,
		       const struct smbd_channel *channel)
{
	struct session_channel *row = &rec->channels[rec->num_channels];

	row->created = channel->created;
	row->remote_address =
		talloc_strdup(rec->channels, channel->conn->address);
	row->local_address =
		talloc_strdup(rec->channels, channel->conn->local_address);
	if (row->remote_address == NULL || row->local_address == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	rec->num_channels++;
	return NT_STATUS_OK;
}

NTSTATUS smbd_channels_record(struct smbd_session *session)
{
	const struct smbd_channel *channel = session->channels;
	struct session_record *rec = session->record;
	NTSTATUS status = NT_STATUS_OK;

	TALLOC_FREE(rec->channels);
	rec->num_channels = 0;
	rec->channels = talloc_zero_array(rec, struct session_channel,
					  SMBD_MAX_CHANNELS);
	if (rec->channels == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (; channel != NULL && NT_STATUS_IS_OK(status);
	     channel = channel->next) {
		if (!channel->binding) {
			status = add_to(rec, channel);
		}
	}
	return status;
}

void smbd_channels_changed(struct smbd_session *session)
{
	NTSTATUS status = smbd_channels_record(session);

	if (NT_STATUS_IS_OK(status)) {
		status = session_store_update(
			session->client->server->locking->sessions,
			session->record);
	}
	if (!NT_STATUS_IS_OK(status)) {
		LOG_INFO(LOG_SMB2, "the record of a session: %s",
			 ntstatus_name(status));
	}
}

bool smbd_channel_any(const struct smbd_connection *conn)
{
	const struct smbd_session *session = conn->client->sessions;

	while (session != NULL && smbd_channel_of(session, conn) == NULL) {
		session = session->next;
	}
	return session != NULL;
}
