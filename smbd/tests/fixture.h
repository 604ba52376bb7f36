/* smbd/tests/fixture.h - a server in a temporary folder, and one connection to
 * it whose other end the test holds.  Nothing is forked: frames go in, the
 * event loop runs until it has nothing to do, replies come out. */
#ifndef SMBD_TESTS_FIXTURE_H
#define SMBD_TESTS_FIXTURE_H

#include <limits.h>

#include "lib/wire.h"
#include "smb2/header.h"
#include "smbd/client.h"
#include "smbd/server.h"
#include "smbd/session.h"
#include "smbd/tree.h"

struct fixture {
	char dir[PATH_MAX];
	char share[PATH_MAX];
	TALLOC_CTX *mem_ctx;
	struct tevent_context *ev;
	struct smbd_server *server;
	struct smbd_client *client;
	struct smbd_connection *conn; /* its only one */
	int peer;		      /* the test's end of the connection */
	/* Of fixture_log_on(): */
	struct smbd_session *session;
	struct smbd_tree *tree;
	uint64_t session_id;
	uint32_t tree_id;
	uint64_t message_id; /* the next */
};

/* cmocka set-up and tear-down; *state is the struct fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* A new connection, in place of the one there was, if any. */
void fixture_connect(struct fixture *fx);

/* As if NEGOTIATE had settled dialect. */
void fixture_negotiate(struct fixture *fx, uint16_t dialect);

/* A session of this process's user, without keys, and the share connected: as
 * if it had all been asked for. */
void fixture_log_on(struct fixture *fx);

/* Runs the event loop while there is anything to do. */
void fixture_run(struct fixture *fx);

/* Hands a frame (without the transport's header) to the connection. */
void fixture_send(struct fixture *fx, const void *data, size_t length);

/* The next frame that came back, on fx->mem_ctx; length 0 when there is none.
 * *out_closed (may be NULL): the connection was closed. */
struct blob fixture_receive(struct fixture *fx, bool *out_closed);

/* A header with the next message id, and the session and tree there are. */
struct smb2_header fixture_header(struct fixture *fx, uint16_t command);

/* Appends a message to a frame and links the one before it to it. */
void fixture_put_header(struct wire_writer *w, const struct smb2_header *h);

#endif
