/* torture/channels.h - a session over two connections, for tests of that.  All
 * of it ends the test when it fails. */
#ifndef TORTURE_CHANNELS_H
#define TORTURE_CHANNELS_H

#include "torture/util.h"

/* What a client that can have several connections offers, with a ClientGuid of
 * its own. */
struct cli_negotiate_options channels_offer(struct torture *t);

/* A connection with it; skips the test when the server has no channels. */
struct cli_conn *channels_connect(struct torture *t,
				  const struct cli_negotiate_options *o);

/* Binds session to conn with the command line's user. */
NTSTATUS channels_bind(struct torture *t, struct cli_conn *conn,
		       struct cli_session *session, struct cli_session **out);

struct pair {
	struct torture *t;
	struct cli_negotiate_options offer; /* of both */
	struct cli_conn *c1, *c2;
	struct cli_tree *a, *b; /* one tree, over c1 and over c2 */
};

struct pair channels_pair(struct torture *t);

#endif
