/* smbd/breaks.c - see breaks.h. */
#include "smbd/breaks.h"

#include "lib/dlist.h"
#include "lib/log.h"
#include "lib/nttime.h"
#include "smb2/oplock_break.h"
#include "smbd/channel.h"
#include "smbd/client.h"
#include "smbd/id_table.h"
#include "smbd/open.h"
#include "smbd/request_int.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/socket.h"
#include "smbd/transport.h"
#include "smbd/tree.h"

#define MAX_BODY   64
#define CHECK_MSEC 250

struct smbd_break {
	struct smbd_break *prev, *next; /* in client->breaks */
	struct fsa_break b;
	struct smbd_connection *conn; /* it was told over; NULL: lost */
	NTTIME sent;		      /* by nttime_monotonic() */
};

/* --- to whom ------------------------------------------------------------- */

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

/* One of them whose session can be reached, or, if none can, any; and by which
 * channel.  NULL: they are all closed. */
static struct smbd_open *find_open(const struct smbd_client *client,
				   const struct fsa_break *b,
				   struct smbd_channel **out)
{
	struct smbd_open *found = NULL;
	struct smbd_session *s = client->sessions;

	*out = NULL;
	for (; s != NULL && *out == NULL; s = s->next) {
		struct smbd_open *open;
		uint32_t cursor = 0;

		while ((open = id_table_next(s->opens, &cursor)) != NULL) {
			if (is_about(open, b)) {
				found = open;
				*out = smbd_channel_usable(s);
				break;
			}
		}
	}
	return found;
}

/* --- sending ------------------------------------------------------------- */

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

/* --- those on their way -------------------------------------------------- */

static bool is_same(const struct fsa_break *a, const struct fsa_break *b)
{
	if (a->lease != b->lease) {
		return false;
	}
	return a->lease ? guid_equal(&a->key, &b->key)
			: a->open_id == b->open_id;
}

static void forget(struct smbd_client *client, const struct fsa_break *b)
{
	struct smbd_break *k = client->breaks;

	while (k != NULL && !is_same(&k->b, b)) {
		k = k->next;
	}
	if (k != NULL) {
		DLIST_REMOVE(client->breaks, k);
		talloc_free(k);
	}
}

static void watch(struct smbd_client *client);

/* A break that is told anew takes the place of the one before. */
static struct smbd_break *remember(struct smbd_client *client,
				   const struct fsa_break *b)
{
	struct smbd_break *k;

	forget(client, b);
	k = talloc_zero(client, struct smbd_break);
	if (k != NULL) {
		k->b = *b;
		DLIST_ADD(client->breaks, k);
		watch(client);
	}
	return k;
}

/* Sends it over any channel; false when all its opens are closed. */
static bool tell(struct smbd_client *client, struct smbd_break *k)
{
	struct smb2_break_notification n;
	struct smbd_channel *channel;
	struct smbd_open *open = find_open(client, &k->b, &channel);
	NTSTATUS status;

	k->conn = NULL;
	if (open == NULL) {
		return false;
	}
	if (channel == NULL) {
		return true; /* its session is about to end */
	}
	n = notification(open, &k->b);
	status = send_notification(channel->conn, open, &n);
	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_SMB2, "%s: a break is not sent: %s",
			 channel->conn->address, ntstatus_name(status));
	}
	k->conn = channel->conn;
	k->sent = nttime_monotonic();
	if (!k->b.lease && !k->b.answer) {
		open->oplock_level = oplock_level(k->b.to);
	}
	return true;
}

static void tell_new(struct smbd_client *client, const struct fsa_break *b)
{
	struct smbd_break *k = remember(client, b);

	if (k == NULL) {
		LOG_ERR(LOG_SMB2, "%s: a break is not sent: out of memory",
			smbd_client_address(client));
	} else if (!tell(client, k)) {
		forget(client, b); /* closed: that wakes who waits */
	}
}

void smbd_breaks_flush(struct smbd_client *client)
{
	struct smbd_break *k;

	TALLOC_FREE(client->breaks_event);
	while ((k = client->breaks_due) != NULL) {
		DLIST_REMOVE(client->breaks_due, k);
		if (!client->leaving) {
			tell_new(client, &k->b);
		}
		talloc_free(k);
	}
}

static void flush_later(struct tevent_context *ev, struct tevent_immediate *im,
			void *private_data)
{
	smbd_breaks_flush(
		talloc_get_type_abort(private_data, struct smbd_client));
}

void smbd_breaks_tell(void *private_data, const struct fsa_break *b)
{
	const struct smbd_server *server = private_data;
	struct smbd_client *client = server->client;
	struct smbd_break *k;

	if (client == NULL || client->leaving) {
		return;
	}
	k = talloc_zero(client, struct smbd_break);
	if (client->breaks_event == NULL) {
		client->breaks_event = tevent_create_immediate(client);
	}
	if (k == NULL || client->breaks_event == NULL) {
		LOG_ERR(LOG_SMB2, "%s: a break is not sent: out of memory",
			smbd_client_address(client));
		talloc_free(k);
		return;
	}
	k->b = *b;
	DLIST_ADD_END(client->breaks_due, k);
	tevent_schedule_immediate(client->breaks_event, server->ev, flush_later,
				  client);
}

void smbd_breaks_oplock_answered(struct smbd_client *client,
				 const struct smbd_open *open)
{
	const struct fsa_break b = {.open_id = open->id.persistent_id};

	forget(client, &b);
}

void smbd_breaks_lease_answered(struct smbd_client *client,
				const struct guid *key)
{
	const struct fsa_break b = {.lease = true, .key = *key};

	forget(client, &b);
}

void smbd_breaks_closed(struct smbd_client *client,
			const struct smbd_open *open)
{
	struct smbd_break *k = client->breaks;
	struct smbd_channel *channel;

	while (k != NULL && !is_about(open, &k->b)) {
		k = k->next;
	}
	if (k != NULL && find_open(client, &k->b, &channel) == NULL) {
		forget(client, &k->b);
	}
}

void smbd_breaks_lost(struct smbd_connection *conn)
{
	struct smbd_client *client = conn->client;
	struct smbd_break *next;

	for (struct smbd_break *k = client->breaks; k != NULL; k = next) {
		next = k->next;
		if (k->conn == conn && !tell(client, k)) {
			forget(client, &k->b);
		}
	}
}

/* --- channels on which nothing arrives ----------------------------------- */

static bool is_silent(const struct smbd_break *k, NTTIME now)
{
	NTTIME limit = SMBD_CHANNEL_SILENT_MSEC * (NTTIME_SECOND / 1000);

	return k->conn != NULL && now - k->sent >= limit &&
	       (k->conn->played_dead ||
		smbd_socket_is_silent(transport_fd(k->conn->transport),
				      SMBD_CHANNEL_SILENT_MSEC));
}

/* Whether who it is for can be reached otherwise. */
static bool has_other(const struct smbd_client *client,
		      const struct smbd_break *k)
{
	const struct smbd_session *s = client->sessions;

	for (; s != NULL; s = s->next) {
		const struct smbd_channel *c =
			smbd_channel_of(s, k->conn) == NULL ? NULL
							    : s->channels;

		for (; c != NULL; c = c->next) {
			if (c->conn != k->conn && !c->binding &&
			    c->conn->why == NULL) {
				return true;
			}
		}
	}
	return false;
}

/* What arrived and needs no answer is done with. */
static bool has_arrived(const struct smbd_break *k, NTTIME now)
{
	return !k->b.answer && k->conn != NULL && now > k->sent &&
	       !k->conn->played_dead &&
	       smbd_socket_unacknowledged(transport_fd(k->conn->transport)) ==
		       0;
}

static void look(struct tevent_context *ev, struct tevent_timer *te,
		 struct timeval when, void *private_data)
{
	struct smbd_client *client = private_data;
	struct smbd_connection *dead = NULL;
	NTTIME now = nttime_monotonic();
	struct smbd_break *next;

	client->breaks_timer = NULL;
	for (struct smbd_break *k = client->breaks; k != NULL; k = next) {
		next = k->next;
		if (has_arrived(k, now)) {
			forget(client, &k->b);
		} else if (is_silent(k, now) &&
			   (k->conn->played_dead || has_other(client, k))) {
			/* The last one is kept: who is out of reach for some
			 * seconds keeps his opens until the time to answer is
			 * over. */
			dead = k->conn;
		}
	}
	if (dead != NULL) {
		smbd_connection_disconnect(dead, "a break does not arrive");
	}
	watch(client);
}

static void watch(struct smbd_client *client)
{
	if (client->breaks != NULL && client->breaks_timer == NULL &&
	    !client->leaving) {
		client->breaks_timer = tevent_add_timer(
			client->server->ev, client,
			tevent_timeval_current_ofs(0, CHECK_MSEC * 1000), look,
			client);
	}
}
