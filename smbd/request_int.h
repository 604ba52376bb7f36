/* smbd/request_int.h - between the files of the dispatcher: dispatch.c (the
 * order of things), check.c (what a request must satisfy), reply.c (what goes
 * out), waiting.c (what takes longer). */
#ifndef SMBD_REQUEST_INT_H
#define SMBD_REQUEST_INT_H

#include "smbd/request.h"

/* --- dispatch.c ---------------------------------------------------------- */

/* A request for a frame that came over conn, whose bytes are in buf; NULL
 * without memory. */
struct smbd_request *smbd_request_create(struct smbd_connection *conn,
					 struct iobuf *buf,
					 struct wire_reader frame);

/* Carries out what is left of the frame. */
void smbd_request_run(struct smbd_request *req);

/* --- check.c ------------------------------------------------------------- */

/* What a related request takes from the one before it; what it may not then do
 * is the status. */
MUST_CHECK NTSTATUS smbd_request_relate(struct smbd_request *req);

/* Session, signature, encryption, tree connect, open, sizes: [MS-SMB2]
 * 3.3.5.2.4 to 3.3.5.2.11.  Fills in who and what it is about. */
MUST_CHECK NTSTATUS smbd_request_check(struct smbd_request *req);

/* For a request that is refused with status before any check: its answer is
 * signed as it would have been otherwise.  The status to answer with. */
MUST_CHECK NTSTATUS smbd_request_refuse(struct smbd_request *req,
					NTSTATUS status);

/* Remembers for related requests what this one was about. */
void smbd_request_remember(struct smbd_request *req, NTSTATUS status);

/* --- reply.c ------------------------------------------------------------- */

/* Appends the response to the current command. */
void smbd_reply_append(struct smbd_request *req, NTSTATUS status);

/* Sends what was appended if the response to the current command would make
 * it too long for one frame; they need not go together ([MS-SMB2] 3.3.4.1.3).
 */
void smbd_reply_split(struct smbd_request *req);

/* Sends what was appended, if anything. */
void smbd_reply_send(struct smbd_request *req);

/* The messages in w, written behind the headroom of out, become what out is to
 * send: as they are, or encrypted with the session's key. */
void smbd_reply_place_frame(struct iobuf *out, const struct wire_writer *w);
MUST_CHECK NTSTATUS smbd_reply_seal(struct smbd_session *session,
				    struct iobuf *out,
				    const struct wire_writer *w);

/* Sends an interim response ([MS-SMB2] 3.3.4.2), behind what was appended. */
void smbd_reply_interim(struct smbd_request *req);

/* --- waiting.c ----------------------------------------------------------- */

/* The command said STATUS_PENDING: the client is told so after a while. */
void smbd_request_wait(struct smbd_request *req);

/* It waits no longer. */
void smbd_request_wait_end(struct smbd_request *req);

/* CANCEL ([MS-SMB2] 3.3.5.16). */
void smbd_request_cancel(struct smbd_request *req);

#endif
