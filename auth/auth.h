/* auth/auth.h - the server's side of a logon: tokens in, tokens out, and at the
 * end who it is.
 *
 * A token is SPNEGO or a bare NTLMSSP message.  Nothing here waits: when a
 * failure is to cost its sender time, the reply says for how long the caller
 * must hold it back. */
#ifndef AUTH_AUTH_H
#define AUTH_AUTH_H

#include <talloc.h>

#include "lib/blob.h"
#include "lib/identity.h"
#include "lib/ntstatus.h"

struct db_context;
struct passdb;	       /* auth/passdb.h */
struct security_token; /* idl/token_gen.h */

#define AUTH_SESSION_KEY_SIZE 16

/* What all logons of a process share: names, the user database, the record of
 * failures.  Immutable apart from its databases. */
struct auth_server;

struct auth_server_options {
	const char *netbios_name; /* upper case; what clients see */
	const char *dns_name;	  /* may be NULL: the name in lower case */
	const char *private_dir;  /* holds passdb.tdb and secrets.tdb */
	const char *lock_dir;	  /* holds auth_failures.tdb */
};

/* Opens passdb.tdb, secrets.tdb and auth_failures.tdb (by the master, before
 * it forks) and makes the machine SID if there is none yet.  Everything is
 * copied from options. */
MUST_CHECK NTSTATUS auth_server_create(
	TALLOC_CTX *mem_ctx, struct db_context *db,
	const struct auth_server_options *options, struct auth_server **out);

/* The token a server sends in its NEGOTIATE response: NegTokenInit2
 * ([MS-SPNG] 3.2.5.2). */
MUST_CHECK NTSTATUS auth_server_hello(TALLOC_CTX *mem_ctx,
				      const struct auth_server *server,
				      struct blob *out);

/* The user database it uses, lent: a process opens it once. */
struct passdb *auth_server_passdb(const struct auth_server *server);

/* One logon in progress.  Freeing it wipes its keys. */
struct auth_session;

/* remote_address: numeric, without the port; failures are counted by it. */
MUST_CHECK NTSTATUS auth_session_create(TALLOC_CTX *mem_ctx,
					struct auth_server *server,
					const char *remote_address,
					struct auth_session **out);

struct auth_reply {
	struct blob token; /* on mem_ctx; length 0: nothing to send */
	uint32_t delay_ms; /* hold the response back for so long; mostly 0 */
};

/* Takes the client's next token.  OK: the logon is complete.
 * MORE_PROCESSING_REQUIRED: reply->token goes out and the client speaks again.
 * Everything else ends the logon.  *reply is written in all cases: there may
 * be a token to send with an error, too.  After OK or an error no further step
 * may follow.  Must run with the process's own identity (it reads passdb). */
MUST_CHECK NTSTATUS auth_session_step(TALLOC_CTX *mem_ctx,
				      struct auth_session *session,
				      struct blob in, struct auth_reply *reply);

/* The outcome of a logon. */
struct auth_user {
	struct security_token *token;
	struct identity identity; /* its groups point into token */
	uint8_t session_key[AUTH_SESSION_KEY_SIZE];
	bool is_guest;
	bool is_anonymous;
};

/* Hands the outcome over to mem_ctx, once, after auth_session_step() said OK
 * (asserted).  Freeing it wipes the key. */
struct auth_user *auth_session_take_user(TALLOC_CTX *mem_ctx,
					 struct auth_session *session);

#endif
