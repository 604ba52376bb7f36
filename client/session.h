/* client/session.h - SESSION_SETUP and LOGOFF ([MS-SMB2] 3.2.4.2.3, 3.2.5.3).
 *
 * A session belongs to its connection (its parent) until it is freed. */
#ifndef CLIENT_SESSION_H
#define CLIENT_SESSION_H

#include "client/conn.h"

struct cli_session_options {
	const char *user; /* NULL or "": anonymous */
	const char *domain;
	const char *password;
	uint64_t previous_session_id;
	uint8_t security_mode; /* 0: signing enabled */
	bool raw_ntlmssp;      /* no SPNEGO around it */
	bool sign;	       /* all requests, even if the server would not */
	bool encrypt;	       /* all requests, when a cipher is there */
	uint32_t twist;	       /* CLI_TWIST_... of the requests of a bind */
};

/* A new session on a connection that has negotiated.  options are copied. */
struct tevent_req *cli_session_setup_send(
	TALLOC_CTX *mem_ctx, struct cli_conn *conn,
	const struct cli_session_options *options);
/* The session, a child of its connection. */
MUST_CHECK NTSTATUS cli_session_setup_recv(struct tevent_req *req,
					   struct cli_session **out);

/* Binds a session to one more connection, which has negotiated as its own did
 * ([MS-SMB2] 3.2.4.2.3): the result, by cli_session_setup_recv(), is the
 * session as it is used over conn, a child of conn: with the session's id, but
 * a signing key of its own.  It encrypts with the session's keys, so the
 * session must outlive it. */
struct tevent_req *cli_session_bind_send(
	TALLOC_CTX *mem_ctx, struct cli_conn *conn, struct cli_session *session,
	const struct cli_session_options *options);

/* Reauthenticates ([MS-SMB2] 3.3.5.5.1 and on): the session keeps its id and
 * its keys. */
struct tevent_req *cli_session_reauth_send(
	TALLOC_CTX *mem_ctx, struct cli_session *session,
	const struct cli_session_options *options);
MUST_CHECK NTSTATUS cli_session_reauth_recv(struct tevent_req *req);

/* The session stays an object, of which the server knows nothing any more. */
struct tevent_req *cli_logoff_send(TALLOC_CTX *mem_ctx,
				   struct cli_session *session);
MUST_CHECK NTSTATUS cli_logoff_recv(struct tevent_req *req);

uint64_t cli_session_id(const struct cli_session *session);
struct cli_conn *cli_session_conn(const struct cli_session *session);
/* SMB2_SESSION_FLAG_... that the server answered with. */
uint16_t cli_session_flags(const struct cli_session *session);
bool cli_session_encrypts(const struct cli_session *session);
void cli_session_set_encrypt(struct cli_session *session, bool encrypt);
void cli_session_set_sign(struct cli_session *session, bool sign);
/* The key that applications get (16 bytes), lent. */
struct blob cli_session_application_key(const struct cli_session *session);

#endif
