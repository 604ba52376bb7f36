/* smbd/caching.c - oplocks and leases on the wire. */
#include "smbd/caching.h"

#include "lib/conf.h"
#include "lib/log.h"
#include "smb2/oplock_break.h"
#include "smbd/channel.h"
#include "smbd/client.h"
#include "smbd/id_table.h"
#include "smbd/open.h"
#include "smbd/request_int.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/transport.h"
#include "smbd/tree.h"

#define ALL	 (FSA_CACHE_READ | FSA_CACHE_WRITE | FSA_CACHE_HANDLE)
#define MAX_BODY 64

/* --- asking --------------------------------------------------------------- */

/* 2.2.13.2.8: R, RW, RH, RWH, or nothing. */
static uint8_t lease_state(uint32_t state)
{
	return (state & SMB2_LEASE_READ_CACHING) != 0 ? state & ALL : 0;
}

static struct guid parent_key(const struct smb2_lease *lease)
{
	return lease->version == 2 &&
			       (lease->flags &
				SMB2_LEASE_FLAG_PARENT_LEASE_KEY_SET) != 0
		       ? lease->parent_key
		       : (struct guid){{0}};
}

static struct fsa_caching_request lease_wanted(
	const struct smbd_connection *conn, const struct smb2_lease *lease)
{
	return (struct fsa_caching_request){
		.lease = true,
		.v2 = lease->version == 2,
		.directories = (conn->negotiated.server_capabilities &
				SMB2_GLOBAL_CAP_DIRECTORY_LEASING) != 0,
		.state = lease_state(lease->state),
		.client = conn->negotiated.client_guid,
		.key = lease->key,
		.parent_key = parent_key(lease),
		.epoch = lease->epoch,
	};
}

/* 3.3.5.9.8, 3.3.5.9.11: those that are to be ignored are. */
static bool is_lease_for_us(const struct smbd_connection *conn,
			    const struct smb2_create_request_contexts *c)
{
	return smb2_create_has(c, SMB2_CREATE_REQUEST_LEASE) &&
	       (conn->negotiated.server_capabilities &
		SMB2_GLOBAL_CAP_LEASING) != 0 &&
	       (c->lease.version == 1 || smbd_is_3x(conn)) &&
	       !guid_is_zero(&c->lease.key);
}

struct fsa_caching_request smbd_caching_wanted(
	const struct smbd_request *req, const struct smb2_create_request *in,
	const struct smb2_create_request_contexts *c)
{
	struct fsa_caching_request want = {0};

	if (!req->tree->oplocks) {
		return want;
	}
	switch (in->oplock_level) {
	case SMB2_OPLOCK_LEVEL_II:
		want.state = FSA_CACHE_READ;
		break;
	case SMB2_OPLOCK_LEVEL_EXCLUSIVE:
		want.state = FSA_CACHE_READ | FSA_CACHE_WRITE;
		break;
	case SMB2_OPLOCK_LEVEL_BATCH:
		want.state = ALL;
		break;
	case SMB2_OPLOCK_LEVEL_LEASE:
		if (is_lease_for_us(req->conn, c)) {
			want = lease_wanted(req->conn, &c->lease);
		}
		break;
	default:
		break;
	}
	return want;
}

uint8_t smbd_caching_level(const struct fsa_create *result)
{
	const struct fsa_caching *got = &result->caching;

	if (!got->granted) {
		return SMB2_OPLOCK_LEVEL_NONE;
	}
	if (result->caching_wanted.lease) {
		return SMB2_OPLOCK_LEVEL_LEASE;
	}
	if ((got->state & FSA_CACHE_HANDLE) != 0) {
		return SMB2_OPLOCK_LEVEL_BATCH;
	}
	return (got->state & FSA_CACHE_WRITE) != 0 ? SMB2_OPLOCK_LEVEL_EXCLUSIVE
						   : SMB2_OPLOCK_LEVEL_II;
}

void smbd_caching_note(struct smbd_open *open, const struct fsa_create *result)
{
	open->oplock_level = smbd_caching_level(result);
	if (open->oplock_level == SMB2_OPLOCK_LEVEL_LEASE) {
		open->lease_key = result->caching_wanted.key;
	}
}

void smbd_caching_answer(const struct fsa_create *result,
			 const struct smb2_create_request_contexts *in,
			 struct smb2_create_response_contexts *out)
{
	const struct fsa_caching *got = &result->caching;

	if (smbd_caching_level(result) != SMB2_OPLOCK_LEVEL_LEASE) {
		return;
	}
	out->present |= 1u << SMB2_CREATE_REQUEST_LEASE;
	out->lease = (struct smb2_lease){.version = got->v2 ? 2 : 1,
					 .key = in->lease.key,
					 .state = got->state,
					 .epoch = got->epoch};
	if (got->breaking) {
		out->lease.flags |= SMB2_LEASE_FLAG_BREAK_IN_PROGRESS;
	}
	if (got->v2 && !guid_is_zero(&got->parent_key)) {
		out->lease.flags |= SMB2_LEASE_FLAG_PARENT_LEASE_KEY_SET;
		out->lease.parent_key = got->parent_key;
	}
}

/* --- telling -------------------------------------------------------------- */

/* One of the opens that b is about. */
static bool is_about(const struct smbd_open *open, const struct fsa_break *b)
{
	if (!b->lease) {
		return open->id.persistent_id == b->open_id;
	}
	return open->oplock_level == SMB2_OPLOCK_LEVEL_LEASE &&
	       guid_equal(&open->lease_key, &b->key) &&
	       guid_equal(&open->tree->session->record->client_guid,
			  &b->client);
}

static struct smbd_open *find_open(const struct smbd_client *client,
				   const struct fsa_break *b)
{
	struct smbd_session *s = client->sessions;

	for (; s != NULL; s = s->next) {
		struct smbd_open *open;
		uint32_t cursor = 0;

		while ((open = id_table_next(s->opens, &cursor)) != NULL) {
			if (is_about(open, b)) {
				return open;
			}
		}
	}
	return NULL;
}

static uint8_t oplock_level(uint8_t state)
{
	return (state & FSA_CACHE_READ) != 0 ? SMB2_OPLOCK_LEVEL_II
					     : SMB2_OPLOCK_LEVEL_NONE;
}

static struct smb2_break_notification notification(const struct smbd_open *open,
						   const struct fsa_break *b)
{
	struct smb2_break_notification n = {.kind = SMB2_BREAK_OPLOCK};

	if (!b->lease) {
		n.oplock.level = oplock_level(b->to);
		n.oplock.id = open->id;
		return n;
	}
	n.kind = SMB2_BREAK_LEASE;
	n.lease = (struct smb2_lease_break_notification){
		.new_epoch = b->v2 ? b->epoch : 0,
		.flags = b->answer ? SMB2_NOTIFY_BREAK_LEASE_FLAG_ACK_REQUIRED
				   : 0,
		.key = b->key,
		.current_state = b->from,
		.new_state = b->to,
	};
	return n;
}

/* 3.3.4.6, 3.3.4.7: not signed, but encrypted where all is. */
static NTSTATUS send_notification(struct smbd_connection *conn,
				  const struct smbd_open *open,
				  const struct smb2_break_notification *n)
{
	const struct smb2_header h = {
		.command = SMB2_OPLOCK_BREAK,
		.flags = SMB2_FLAGS_SERVER_TO_REDIR,
		.message_id = UINT64_MAX,
		.session_id = n->kind == SMB2_BREAK_OPLOCK
				      ? open->tree->session->id
				      : 0,
	};
	struct smbd_session *session = open->tree->session;
	struct iobuf_pool *pool = transport_pool(conn->transport);
	size_t room = SMB2_HEADER_SIZE + MAX_BODY;
	struct iobuf *out = iobuf_get(pool, TRANSPORT_HEADROOM + room);
	struct wire_writer w;
	NTSTATUS status = NT_STATUS_OK;

	if (out == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	w = wire_writer_fixed(out->data + TRANSPORT_HEADROOM, room);
	smb2_header_encode(&w, &h);
	smb2_break_notification_encode(&w, n);
	if (session->encryption_required || open->tree->encryption_required) {
		status = smbd_reply_seal(session, out, &w);
	} else {
		smbd_reply_place_frame(out, &w);
	}
	if (NT_STATUS_IS_OK(status)) {
		transport_send(conn->transport, out);
	} else {
		iobuf_put(pool, out);
	}
	return status;
}

void smbd_caching_break(void *private_data, const struct fsa_break *b)
{
	const struct smbd_server *server = private_data;
	struct smbd_client *client = server->client;
	const struct smbd_channel *channel;
	struct smb2_break_notification n;
	struct smbd_open *open;
	NTSTATUS status;

	if (client == NULL || client->leaving) {
		return;
	}
	open = find_open(client, b);
	if (open == NULL) {
		return; /* closed meanwhile: that wakes who waits */
	}
	channel = smbd_channel_usable(open->tree->session);
	if (channel == NULL) {
		return; /* its session is about to end */
	}
	n = notification(open, b);
	status = send_notification(channel->conn, open, &n);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_SMB2, "%s: a break is not sent: %s",
			 smbd_client_address(client), ntstatus_name(status));
	}
	if (!b->lease && !b->answer) {
		open->oplock_level = oplock_level(b->to);
	}
}
