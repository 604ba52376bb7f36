/* smbd/teardown.c - see teardown.h.  The steps: cancel, wait until nobody in
 * the scope is waiting any more, close open by open, free the tree connects
 * and, with the connection, the sessions. */
#include "smbd/teardown.h"

#include "fsa/fsa.h"
#include "idl/token_gen.h"
#include "lib/assert.h"
#include "lib/dlist.h"
#include "lib/identity.h"
#include "lib/log.h"
#include "smbd/channel.h"
#include "smbd/client.h"
#include "smbd/id_table.h"
#include "smbd/open.h"
#include "smbd/request.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/tree.h"

struct smbd_teardown {
	struct smbd_teardown *prev, *next; /* in client->teardowns */
	struct smbd_client *client;
	struct smbd_scope scope;
	const struct smbd_request *except;
	void (*done)(void *private_data);
	void *private_data;
	struct tevent_immediate *wake;
	bool draining;
	bool closed_one;	 /* the scope's open */
	struct smbd_session *at; /* whose opens are being closed */
	uint32_t cursor;	 /* in its table */
	struct smbd_open *closing;
	struct fsa_io io;
};

static void advance(struct smbd_teardown *td);

static struct smbd_client *client_of(const struct smbd_scope *s)
{
	if (s->open != NULL) {
		return s->open->tree->session->client;
	}
	if (s->tree != NULL) {
		return s->tree->session->client;
	}
	if (s->session != NULL) {
		return s->session->client;
	}
	return s->conn != NULL ? s->conn->client : s->client;
}

static bool in_scope(const struct smbd_scope *s, const struct smbd_request *req)
{
	const struct smbd_open *source = req->source;

	if (s->open != NULL) {
		return req->open == s->open || source == s->open;
	}
	if (s->tree != NULL) {
		return req->tree == s->tree ||
		       (source != NULL && source->tree == s->tree);
	}
	if (s->session != NULL) {
		return req->session == s->session;
	}
	return s->conn == NULL || req->conn == s->conn;
}

/* --- nothing new may begin ----------------------------------------------- */

static void close_trees(struct smbd_session *session)
{
	struct smbd_tree *tree;
	uint32_t cursor = 0;

	session->state = SMBD_SESSION_CLOSING;
	while ((tree = id_table_next(session->trees, &cursor)) != NULL) {
		tree->closing = true;
	}
}

/* Whether none of its channels is on a connection that stays. */
static bool is_cut_off(const struct smbd_session *session)
{
	const struct smbd_channel *channel = session->channels;

	while (channel != NULL &&
	       (channel->binding || channel->conn->why != NULL)) {
		channel = channel->next;
	}
	return channel == NULL;
}

/* The sessions that end with the connection are this teardown's to close; those
 * that somebody closes already are not. */
static void shut_cut_off(struct smbd_teardown *td)
{
	struct smbd_session *session = td->client->sessions;

	for (; session != NULL; session = session->next) {
		if (session->state != SMBD_SESSION_CLOSING &&
		    is_cut_off(session)) {
			session->end = td;
			close_trees(session);
		}
	}
}

static void shut(struct smbd_teardown *td)
{
	const struct smbd_scope *s = &td->scope;

	if (s->open != NULL) {
		s->open->closing = true;
	} else if (s->tree != NULL) {
		s->tree->closing = true;
	} else if (s->session != NULL) {
		close_trees(s->session);
	} else if (s->conn != NULL) {
		shut_cut_off(td);
	} else {
		struct smbd_session *session = s->client->sessions;

		for (; session != NULL; session = session->next) {
			close_trees(session);
		}
	}
}

/* --- who waits within it is to end --------------------------------------- */

static struct smbd_request *next_to_cancel(const struct smbd_teardown *td)
{
	struct smbd_request *req = td->client->waiting;

	while (req != NULL &&
	       (req->cancelled || req->cancel == NULL || req == td->except ||
		!in_scope(&td->scope, req))) {
		req = req->next;
	}
	return req;
}

static void cancel_waiting(const struct smbd_teardown *td)
{
	struct smbd_request *req;

	while ((req = next_to_cancel(td)) != NULL) {
		req->cancelled = true;
		req->torn_down = true;
		req->cancel(req); /* may take it, and others, off the list */
	}
}

/* Whether td could have in its scope what an older one is going to free.  A
 * connection that was lost may wait long for what it still does: the sessions
 * that have others do not wait for that. */
static bool must_follow(const struct smbd_teardown *td,
			const struct smbd_teardown *older)
{
	const struct smbd_scope *s = &td->scope;
	const struct smbd_session *session = s->session;

	if (s->open != NULL) {
		session = s->open->tree->session;
	} else if (s->tree != NULL) {
		session = s->tree->session;
	}
	return session == NULL || older->scope.conn == NULL ||
	       session->end == older;
}

/* One goes on at a time, the oldest first: what it frees no other may have in
 * its scope.  (A request that waits for a teardown of its own is older than
 * whatever waits for that request.) */
static bool is_drained(const struct smbd_teardown *td)
{
	const struct smbd_request *req = td->client->waiting;
	const struct smbd_teardown *older;

	for (older = td->next; older != NULL; older = older->next) {
		if (must_follow(td, older)) {
			return false;
		}
	}
	for (; req != NULL; req = req->next) {
		if (req != td->except && in_scope(&td->scope, req)) {
			return false;
		}
	}
	return true;
}

/* --- closing ------------------------------------------------------------- */

/* Requests on other connections look for their sessions, and so change the
 * order of the list: it is searched from the front. */
static struct smbd_session *find_cut_off(const struct smbd_teardown *td)
{
	struct smbd_session *session = td->client->sessions;

	while (session != NULL && session->end != td) {
		session = session->next;
	}
	return session;
}

static struct smbd_session *first_session(const struct smbd_teardown *td)
{
	const struct smbd_scope *s = &td->scope;

	if (s->open != NULL) {
		return NULL; /* no other */
	}
	if (s->tree != NULL) {
		return s->tree->session;
	}
	if (s->session != NULL) {
		return s->session;
	}
	return s->conn != NULL ? find_cut_off(td) : s->client->sessions;
}

static void free_trees(struct smbd_session *session);

/* The one after that whose opens are all closed now. */
static struct smbd_session *next_session(struct smbd_teardown *td)
{
	const struct smbd_scope *s = &td->scope;

	if (s->tree != NULL || s->session != NULL) {
		return NULL;
	}
	if (s->conn == NULL) {
		return td->at->next;
	}
	identity_drop(); /* which may be in force is going */
	free_trees(td->at);
	talloc_free(td->at);
	return find_cut_off(td);
}

/* The next open to be closed.  Those before the cursor are closed, and there
 * are no new ones. */
static struct smbd_open *next_open(struct smbd_teardown *td)
{
	const struct smbd_scope *s = &td->scope;
	struct smbd_open *open;

	if (s->open != NULL && s->close_open && !td->closed_one) {
		td->closed_one = true;
		return s->open;
	}
	while (td->at != NULL) {
		while ((open = id_table_next(td->at->opens, &td->cursor)) !=
		       NULL) {
			if (s->tree == NULL || open->tree == s->tree) {
				return open;
			}
		}
		td->cursor = 0;
		td->at = next_session(td);
	}
	return NULL;
}

static void closed(struct smbd_teardown *td, NTSTATUS status)
{
	struct smbd_open *open = td->closing;

	if (!NT_STATUS_IS_OK(status)) {
		LOG_WARN(LOG_SMB2,
			 "%s: a file of share %s was not closed "
			 "well: %s",
			 smbd_client_address(td->client),
			 open->tree->share_name, ntstatus_name(status));
	}
	open->file = NULL;
	td->closing = NULL;
	talloc_free(open);
}

static void close_complete(struct fsa_io *io)
{
	struct smbd_teardown *td =
		talloc_get_type_abort(io->private_data, struct smbd_teardown);

	closed(td, io->status);
	advance(td);
}

/* False when that takes longer. */
static bool close_open(struct smbd_teardown *td, struct smbd_open *open)
{
	NTSTATUS status = NT_STATUS_OK;

	td->closing = open;
	if (open->file != NULL) {
		td->io = (struct fsa_io){
			.op = FSA_CLOSE,
			.volume = open->tree->volume,
			.file = open->file,
			.token = open->tree->token,
			.identity = open->tree->identity,
			.complete = close_complete,
			.private_data = td,
		};
		identity_assume(open->tree->identity);
		status = fsa_dispatch(&td->io);
	}
	if (NT_STATUS_IS(status, PENDING)) {
		return false;
	}
	closed(td, status);
	return true;
}

static void free_trees(struct smbd_session *session)
{
	struct smbd_tree *tree;
	uint32_t cursor = 0;

	while ((tree = id_table_next(session->trees, &cursor)) != NULL) {
		talloc_free(tree);
	}
}

static void free_channels(const struct smbd_connection *conn)
{
	struct smbd_session *session = conn->client->sessions;

	for (; session != NULL; session = session->next) {
		struct smbd_channel *channel = smbd_channel_of(session, conn);

		if (channel == NULL) {
			continue;
		}
		talloc_free(channel);
		if (session->state != SMBD_SESSION_CLOSING) {
			smbd_channels_changed(session);
		}
	}
}

static void free_scope(const struct smbd_scope *s)
{
	if (s->open != NULL) {
		return;
	}
	identity_drop(); /* which may be in force is going */
	if (s->tree != NULL) {
		talloc_free(s->tree);
	} else if (s->session != NULL) {
		free_trees(s->session);
	} else if (s->conn != NULL) {
		free_channels(s->conn);
	} else {
		while (s->client->sessions != NULL) {
			free_trees(s->client->sessions);
			talloc_free(s->client->sessions);
		}
	}
}

static void advance(struct smbd_teardown *td)
{
	struct smbd_open *open;

	if (td->draining) {
		if (!is_drained(td)) {
			return;
		}
		td->draining = false;
		td->at = first_session(td);
	}
	while ((open = next_open(td)) != NULL) {
		if (!close_open(td, open)) {
			return;
		}
	}
	free_scope(&td->scope);
	DLIST_REMOVE(td->client->teardowns, td);
	smbd_teardown_wake(td->client);
	td->done(td->private_data);
	talloc_free(td);
}

/* --- waking -------------------------------------------------------------- */

static void woken(struct tevent_context *ev, struct tevent_immediate *im,
		  void *private_data)
{
	struct smbd_teardown *td =
		talloc_get_type_abort(private_data, struct smbd_teardown);

	if (td->draining) {
		advance(td);
	}
}

void smbd_teardown_wake(struct smbd_client *client)
{
	struct smbd_teardown *td = client->teardowns;

	for (; td != NULL; td = td->next) {
		if (td->draining && td->closing == NULL) {
			tevent_schedule_immediate(td->wake, client->server->ev,
						  woken, td);
		}
	}
}

void smbd_teardown(const struct smbd_scope *scope,
		   const struct smbd_request *except,
		   void (*done)(void *private_data), void *private_data)
{
	struct smbd_client *client = client_of(scope);
	struct smbd_teardown *td = talloc_zero(client, struct smbd_teardown);

	ASSERT(td != NULL);
	td->client = client;
	td->scope = *scope;
	td->except = except;
	td->done = done;
	td->private_data = private_data;
	td->draining = true;
	td->wake = tevent_create_immediate(td);
	ASSERT(td->wake != NULL);
	DLIST_ADD(client->teardowns, td);
	shut(td);
	cancel_waiting(td);
	advance(td);
}
