/* client/conn_int.h - the insides of connection, session and tree, for the
 * files of this folder. */
#ifndef CLIENT_CONN_INT_H
#define CLIENT_CONN_INT_H

#include "client/oplock.h"
#include "client/transport.h"
#include "smb2/keys.h"
#include "smb2/preauth.h"
#include "smb2/seal.h"
#include "smb2/sign.h"

#include "lib/dlist.h"
#include "lib/req.h"

/* A request that has been sent and awaits its final response.  It belongs to
 * the connection and outlives a tevent_req that is freed early: the answer
 * still comes and gives credits. */
struct cli_pending {
	struct cli_pending *prev, *next;
	struct cli_conn *conn;
	struct tevent_req *req; /* NULL: nobody waits any more */
	size_t index;		/* which message of req */
	uint64_t message_id;
	uint64_t async_id;
	bool is_async;
	bool must_be_signed;
	bool must_be_encrypted;
};

struct cli_raw_frame {
	struct cli_raw_frame *next;
	struct blob frame;
};

struct cli_conn {
	struct tevent_context *ev;
	struct cli_transport *transport;
	NTSTATUS down; /* OK while up */
	struct cli_negotiated negotiated;
	struct smb2_preauth preauth;
	uint64_t next_message_id;
	uint32_t credits;
	uint16_t want_credits;
	uint32_t unmatched;
	unsigned int timeout;
	struct cli_pending *pending;
	struct cli_waiting *waiting; /* requests without credits, in order */
	struct cli_session *sessions;
	cli_notification_fn *notify;
	void *notify_data;
	cli_break_fn *on_break; /* NULL: kept */
	void *on_break_data;
	struct cli_break *breaks; /* kept, oldest first */
	unsigned int num_breaks;
	bool raw;
	struct cli_raw_frame *raw_first, **raw_last;
};

struct cli_session {
	struct cli_session *prev, *next;
	struct cli_conn *conn; /* NULL when that was freed first */
	uint64_t id;
	uint16_t flags; /* SMB2_SESSION_FLAG_... of the response */
	bool sign;	/* every request */
	bool encrypt;
	bool established;
	bool binding; /* to conn; not done yet */
	struct smb2_preauth preauth;
	struct smb2_session_keys keys;
	struct smb2_signer *signer; /* NULL: guest, anonymous, not there yet */
	struct smb2_sealer *encryptor, *decryptor; /* NULL: before 3.0 */
};

struct cli_tree {
	struct cli_session *session;
	uint32_t id;
	uint8_t share_type;
	uint32_t share_flags;
	uint32_t capabilities;
	uint32_t maximal_access;
	bool encrypt;
};

/* request.c: a final or interim response for p has come.  frame: the memory it
 * is in, to be taken (and set to NULL) when the reply is all there is in it;
 * NULL when it must be copied. */
void cli_pending_response(struct cli_pending *p, const struct cli_reply *reply,
			  uint8_t **frame);
/* request.c: the session p was sent on; NULL when there is none, or nobody
 * waits for p any more. */
struct cli_session *cli_pending_session(const struct cli_pending *p);
/* request.c: sends what has been waiting for credits. */
void cli_waiting_push(struct cli_conn *conn);
/* request.c: fails all requests. */
void cli_waiting_fail(struct cli_conn *conn, NTSTATUS why);

/* oplock.c: a break notification has come. */
void cli_break_came(struct cli_conn *conn, struct wire_reader pdu);

/* conn.c */
struct cli_session *cli_conn_session(const struct cli_conn *conn, uint64_t id);

/* The message as it went out, for the preauthentication hash; lent. */
struct blob cli_request_pdu(struct tevent_req *req, size_t i);

#endif
