/* client/conn.h - one connection to an SMB2 server: it numbers requests, pays
 * for them with credits, signs or encrypts them, and matches what comes back
 * ([MS-SMB2] 3.2.4.1, 3.2.5.1).
 *
 * The objects form a tree of talloc owners: connection > session > tree.
 * Freeing one drops it without a word to the server.  Nothing here blocks but
 * what client/sync.h has. */
#ifndef CLIENT_CONN_H
#define CLIENT_CONN_H

#include <talloc.h>
#include <tevent.h>

#include "lib/guid.h"
#include "lib/nttime.h"
#include "smb2/header.h"
#include "smb2/negotiate_contexts.h"

struct cli_conn;
struct cli_session;
struct cli_tree;

/* --- the connection ------------------------------------------------------- */

struct tevent_req *cli_conn_connect_send(TALLOC_CTX *mem_ctx,
					 struct tevent_context *ev,
					 const char *host, uint16_t port);
MUST_CHECK NTSTATUS cli_conn_connect_recv(struct tevent_req *req,
					  TALLOC_CTX *mem_ctx,
					  struct cli_conn **out);

/* A connection over a stream socket that is connected already; fd is the
 * connection's on success. */
MUST_CHECK NTSTATUS cli_conn_open_fd(TALLOC_CTX *mem_ctx,
				     struct tevent_context *ev, int fd,
				     struct cli_conn **out);

/* Closes the socket; the objects stay, and the requests fail. */
void cli_conn_drop(struct cli_conn *conn);

struct tevent_context *cli_conn_ev(const struct cli_conn *conn);
/* "127.0.0.1:40000"; lent. */
const char *cli_conn_local(const struct cli_conn *conn);
/* OK while it is up, else why it is not. */
NTSTATUS cli_conn_status(const struct cli_conn *conn);
/* Credits that are ours to spend now. */
uint32_t cli_conn_credits(const struct cli_conn *conn);
/* The message id that the next request will have. */
uint64_t cli_conn_next_message_id(const struct cli_conn *conn);
/* Takes the next n ids out of our sequence: for requests sent as raw bytes. */
void cli_conn_skip_message_ids(struct cli_conn *conn, uint32_t n);
/* Credits that came in a frame we did not look at. */
void cli_conn_add_credits(struct cli_conn *conn, uint32_t n);
/* Credits that each request asks for (at least its own charge); 512 at first.
 */
void cli_conn_set_want_credits(struct cli_conn *conn, uint16_t n);
/* Responses that no request was waiting for. */
uint32_t cli_conn_unmatched(const struct cli_conn *conn);
/* How long the waits of client/sync.h last at most, in seconds; 30 at first. */
void cli_conn_set_timeout(struct cli_conn *conn, unsigned int seconds);
unsigned int cli_conn_timeout(const struct cli_conn *conn);

/* What the server sends of its own accord, as it is: a server to client
 * notification, or OPLOCK_BREAK (for which client/oplock.h has more).  pdu is
 * lent for the call. */
typedef void cli_notification_fn(void *private_data,
				 const struct smb2_header *header,
				 struct wire_reader pdu);
void cli_conn_set_notification(struct cli_conn *conn, cli_notification_fn *fn,
			       void *private_data);

/* What NEGOTIATE settled; dialect 0 before. */
struct cli_negotiated {
	uint16_t dialect;
	uint16_t security_mode;
	struct guid server_guid;
	uint32_t capabilities;
	uint32_t max_transact_size;
	uint32_t max_read_size;
	uint32_t max_write_size;
	NTTIME system_time;
	NTTIME server_start_time;
	enum smb2_cipher cipher;
	enum smb2_signing_algorithm signing;
	bool posix;		     /* the POSIX extensions are agreed on */
	struct blob security_buffer; /* the connection's */
	/* as sent, for VALIDATE_NEGOTIATE_INFO */
	uint16_t client_dialect_count;
	uint16_t client_dialects[8];
	uint16_t client_security_mode;
	uint32_t client_capabilities;
	struct guid client_guid;
};
const struct cli_negotiated *cli_conn_negotiated(const struct cli_conn *conn);

/* --- requests ------------------------------------------------------------- */

/* What a test may bend in a request. */
#define CLI_TWIST_MESSAGE_ID	0x0001u
#define CLI_TWIST_SESSION_ID	0x0002u
#define CLI_TWIST_TREE_ID	0x0004u
#define CLI_TWIST_CREDIT_CHARGE 0x0008u
#define CLI_TWIST_CREDITS	0x0010u /* asked for */
#define CLI_TWIST_NEXT_COMMAND	0x0020u
#define CLI_TWIST_UNSIGNED	0x0040u /* though it should be */
#define CLI_TWIST_SIGNED	0x0080u /* though it need not be */
#define CLI_TWIST_BAD_SIGNATURE 0x0100u
#define CLI_TWIST_PLAIN		0x0200u /* not encrypted, though it should be */
#define CLI_TWIST_SEALED	0x0400u /* encrypted, though it need not be */
#define CLI_TWIST_BAD_SEAL	0x0800u /* one bit of the ciphertext flipped */
#define CLI_TWIST_SEAL_SESSION                                                 \
	0x1000u			     /* session_id in the transform header     \
				      */
#define CLI_TWIST_STATUS     0x2000u /* ChannelSequence */
#define CLI_TWIST_ANY_ANSWER 0x4000u /* unsigned or plain answers are taken */

struct cli_twist {
	uint32_t set; /* CLI_TWIST_... */
	uint64_t message_id;
	uint64_t session_id;
	uint32_t tree_id;
	uint16_t credit_charge;
	uint16_t credits;
	uint32_t next_command;
	uint32_t status;
	uint32_t flags_xor; /* header flags to turn over */
};

/* A request under construction: the encoders of smb2/ append to w, which
 * stands behind the room for the header. */
struct cli_message {
	uint16_t command;
	struct wire_writer w;
	uint32_t payload; /* bytes that CreditCharge pays for (3.2.4.1.5) */
	struct cli_session *session; /* may be NULL */
	struct cli_tree *tree;	     /* may be NULL */
	bool related;		     /* SMB2_FLAGS_RELATED_OPERATIONS */
	uint32_t flags;		     /* more header flags */
	struct cli_twist twist;
};

/* w grows on mem_ctx. */
struct cli_message cli_message(TALLOC_CTX *mem_ctx, uint16_t command,
			       struct cli_session *session,
			       struct cli_tree *tree);

struct cli_reply {
	NTSTATUS status;
	struct smb2_header header;
	struct wire_reader pdu; /* on the mem_ctx of the recv */
	bool was_pending;	/* an interim response came before it */
	bool is_signed;		/* and the signature is right */
	bool is_encrypted;
};

/* Sends the n (> 0) messages as one frame when there are credits for them, and
 * is done when all have their final response.  The buffers of the messages move
 * to the request.  tevent_req_cancel() sends CANCEL; the answer then is what
 * the server makes of it. */
struct tevent_req *cli_request_send(TALLOC_CTX *mem_ctx, struct cli_conn *conn,
				    struct cli_message *messages, size_t n);

/* One reply per message, in their order; each has the server's status.  Not OK
 * when the connection went down or an answer was not acceptable (INVALID_
 * NETWORK_RESPONSE; ACCESS_DENIED for a signature that is wrong or missing). */
MUST_CHECK NTSTATUS cli_request_recv(struct tevent_req *req,
				     TALLOC_CTX *mem_ctx, struct cli_reply *out,
				     size_t n);

/* The same for one message, and its status.  out is written whenever a reply
 * came, whatever its status. */
NTSTATUS cli_request_recv_one(struct tevent_req *req, TALLOC_CTX *mem_ctx,
			      struct cli_reply *out);

/* True once an interim response has come. */
bool cli_request_is_pending(struct tevent_req *req);
/* The message id of message i; it has one when it was sent (asserted). */
uint64_t cli_request_message_id(struct tevent_req *req, size_t i);

/* --- bytes as they are ---------------------------------------------------- */

/* While it is raw, whole frames are kept for cli_raw_take(), not looked at. */
void cli_conn_set_raw(struct cli_conn *conn, bool raw);
/* The bytes as a frame, or without a length before them. */
MUST_CHECK NTSTATUS cli_raw_send_frame(struct cli_conn *conn, const void *data,
				       size_t length);
MUST_CHECK NTSTATUS cli_raw_send_bytes(struct cli_conn *conn, const void *data,
				       size_t length);
/* The next frame that came, moved to mem_ctx; NOT_FOUND when there is none
 * yet, or why the connection is down. */
MUST_CHECK NTSTATUS cli_raw_take(struct cli_conn *conn, TALLOC_CTX *mem_ctx,
				 struct blob *out);

#endif
