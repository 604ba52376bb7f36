/* smbd/reply.c - what goes out: messages appended to a frame, signed, and the
 * frame encrypted and sent ([MS-SMB2] 3.3.4.1 to 3.3.4.4). */
#include <string.h>

#include "lib/assert.h"
#include "lib/log.h"
#include "smb2/error.h"
#include "smb2/preauth.h"
#include "smb2/seal.h"
#include "smb2/sign.h"
#include "smbd/client.h"
#include "smbd/credits.h"
#include "smbd/request_int.h"
#include "smbd/session.h"
#include "smbd/transport.h"
#include "smbd/tree.h"

#define NEXT_COMMAND_OFFSET 20
#define STATUS_OFFSET	    8
#define SMALL_BODY	    512 /* room that every response has */
#define ERROR_DATA_MAX	    65536
/* A reply of this size is sent before more data is put behind it, and of that
 * size before anything is. */
#define SPLIT_AT   ((size_t)1024 * 1024)
#define SPLIT_LAST (SMB2_TRANSPORT_MAX - SPLIT_AT)
#define RESPONSE_FLAGS                                                         \
	(SMB2_FLAGS_RELATED_OPERATIONS | SMB2_FLAGS_PRIORITY_MASK)

static void set_out(struct smbd_frame *f, struct iobuf *out, size_t length)
{
	f->out = out;
	f->w = wire_writer_fixed(out->data + TRANSPORT_HEADROOM,
				 out->size - TRANSPORT_HEADROOM);
	f->w.length = length;
}

/* A buffer with room for need bytes of messages. */
static NTSTATUS ensure_out(struct smbd_request *req, size_t need)
{
	struct smbd_frame *f = &req->frame;
	struct iobuf_pool *pool = transport_pool(req->conn->transport);
	struct iobuf *out;

	if (f->out != NULL && need <= f->w.size) {
		return NT_STATUS_OK;
	}
	if (f->out != NULL && need < 2 * f->w.size && need < SPLIT_AT) {
		need = 2 * f->w.size; /* it may grow again */
	}
	out = iobuf_get(pool, TRANSPORT_HEADROOM + need);
	if (out == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (f->out == NULL) {
		set_out(f, out, 0);
		return NT_STATUS_OK;
	}
	memcpy(out->data + TRANSPORT_HEADROOM, f->w.data, f->w.length);
	iobuf_put(pool, f->out);
	set_out(f, out, f->w.length);
	return NT_STATUS_OK;
}

NTSTATUS smbd_reply_room(struct smbd_request *req, size_t bytes)
{
	const struct smbd_frame *f = &req->frame;
	/* Never less than what begin_message() asks for, and as much for the
	 * same bytes whenever it is asked: what a command has placed must not
	 * move when its reply is made.  8: the alignment of a message. */
	size_t body = bytes < SMALL_BODY ? SMALL_BODY : bytes;
	size_t start = f->begun ? f->last : f->w.length + 8;

	return ensure_out(req, start + SMB2_HEADER_SIZE + body);
}

uint8_t *smbd_reply_place(struct smbd_request *req, size_t fixed)
{
	struct smbd_frame *f = &req->frame;

	if (f->out == NULL || f->w.length > 0) {
		return NULL;
	}
	return f->w.data + SMB2_HEADER_SIZE + fixed;
}

/* --- one message --------------------------------------------------------- */

/* The last message is complete, with its padding. */
static NTSTATUS sign_last(struct smbd_frame *f)
{
	struct iovec iov = {.iov_base = f->w.data + f->last,
			    .iov_len = f->w.length - f->last};

	if (f->signer == NULL || f->seal != NULL) {
		return NT_STATUS_OK;
	}
	return smb2_sign(f->signer, &iov, 1);
}

/* Makes ready for one more message ([MS-SMB2] 3.3.4.1.3). */
static NTSTATUS begin_message(struct smbd_request *req)
{
	struct smbd_frame *f = &req->frame;
	NTSTATUS status = smbd_reply_room(req, SMALL_BODY);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (f->w.length > 0) {
		wire_align(&f->w, 8);
		wire_patch_u32(&f->w, f->last + NEXT_COMMAND_OFFSET,
			       (uint32_t)(f->w.length - f->last));
		status = sign_last(f);
	}
	f->last = f->w.length;
	f->begun = true;
	f->signer = NULL;
	return status;
}

static void put_header(struct smbd_request *req, NTSTATUS status)
{
	struct smbd_frame *f = &req->frame;
	struct smb2_header h = req->hdr;

	h.flags = SMB2_FLAGS_SERVER_TO_REDIR | (h.flags & RESPONSE_FLAGS);
	if (f->w.length == 0) {
		h.flags &= ~SMB2_FLAGS_RELATED_OPERATIONS;
	}
	h.status = status;
	h.next_command = 0;
	memset(h.signature, 0, sizeof(h.signature));
	if (req->async_id != 0) {
		/* Its credits were granted in the interim response. */
		h.flags |= SMB2_FLAGS_ASYNC_COMMAND;
		h.async_id = req->async_id;
		h.credits = 0;
	}
	smb2_header_encode(&f->w, &h);
}

static void grant_credits(struct smbd_request *req)
{
	if (req->async_id == 0) {
		req->hdr.credits =
			credits_grant(req->conn->credits, req->hdr.credits);
	}
}

/* [MS-SMB2] 3.3.4.4: these are answered with the command's own response. */
static bool has_body(const struct smbd_request *req, NTSTATUS status)
{
	return NT_STATUS_IS_OK(status) || req->error_in_full ||
	       NT_STATUS_IS(status, MORE_PROCESSING_REQUIRED) ||
	       NT_STATUS_IS(status, BUFFER_OVERFLOW) ||
	       NT_STATUS_IS(status, NOTIFY_ENUM_DIR);
}

static void put_body(struct smbd_request *req, NTSTATUS status)
{
	struct wire_writer *w = &req->frame.w;
	size_t body = w->length;
	NTSTATUS final = status;

	if (has_body(req, status)) {
		final = req->cmd->reply(req, w, status);
		if (has_body(req, final) && wire_writer_ok(w)) {
			wire_patch_u32(w, req->frame.last + STATUS_OFFSET,
				       final.v);
			return;
		}
		if (has_body(req, final)) {
			LOG_ERR(LOG_SMB2, "%s: the response has no room",
				req->cmd->name);
			final = NT_STATUS(INTERNAL_ERROR);
		}
		wire_truncate(w, body);
		wire_patch_u32(w, req->frame.last + STATUS_OFFSET, final.v);
	}
	if (!NT_STATUS_IS_OK(smbd_reply_room(req, wire_left(&req->error.data) +
							  SMALL_BODY))) {
		req->error = (struct smb2_error){0};
	}
	smb2_error_encode(w, &req->error);
}

void smbd_reply_error_data(struct smbd_request *req, const void *data,
			   size_t length)
{
	struct wire_writer w = wire_writer(req, ERROR_DATA_MAX);
	bool context = req->conn->negotiated.dialect == SMB2_DIALECT_311;
	struct blob out;

	if (context) {
		smb2_error_context_put(&w, SMB2_ERROR_ID_DEFAULT,
				       wire_reader(data, length));
	} else {
		wire_put_bytes(&w, data, length);
	}
	if (NT_STATUS_IS_OK(wire_finish(&w, &out))) {
		req->error.context_count = context ? 1 : 0;
		req->error.data = wire_reader(out.data, out.length);
	}
}

/* Whether the response is to be encrypted ([MS-SMB2] 3.3.4.1.4). */
static bool must_seal(const struct smbd_request *req)
{
	const struct smbd_session *session = req->session;

	if (req->frame.encrypted) {
		return true;
	}
	if (session == NULL || session->encrypt == NULL ||
	    req->hdr.command == SMB2_NEGOTIATE ||
	    req->hdr.command == SMB2_SESSION_SETUP) {
		return false;
	}
	return session->encryption_required ||
	       (req->tree != NULL && req->tree->encryption_required &&
		req->hdr.command != SMB2_TREE_CONNECT);
}

/* It is signed when the next response is appended, or at last.  Of a session
 * that the request is not carried out for the key may be gone by then. */
static bool may_sign(const struct smbd_request *req)
{
	return req->channel != NULL || req->signer == NULL ||
	       !smbd_request_next_is_related(req);
}

void smbd_reply_append(struct smbd_request *req, NTSTATUS status)
{
	struct smbd_frame *f = &req->frame;
	NTSTATUS begun = begin_message(req);

	if (!NT_STATUS_IS_OK(begun)) {
		smbd_request_disconnect(req, "no reply could be made");
		return;
	}
	grant_credits(req);
	put_header(req, status);
	put_body(req, status);
	f->begun = false;
	f->signer = may_sign(req) ? req->signer : NULL;
	if (must_seal(req) && req->session != NULL) {
		f->seal = req->session;
	}
	LOG_INFO(LOG_SMB2, "%s mid %llu: %s", req->cmd->name,
		 (unsigned long long)req->hdr.message_id,
		 ntstatus_name(status));
}

void smbd_reply_split(struct smbd_request *req)
{
	const struct smbd_frame *f = &req->frame;
	bool related = (req->hdr.flags & SMB2_FLAGS_RELATED_OPERATIONS) != 0;
	bool small = req->cmd->max_length != 0;

	bool others = f->seal != NULL && !related &&
		      f->seal->id != req->hdr.session_id;

	if (f->w.length > SPLIT_LAST || (others && f->w.length > 0) ||
	    (f->w.length > SPLIT_AT && !(related && small))) {
		smbd_reply_send(req);
	}
}

void smbd_reply_interim(struct smbd_request *req)
{
	struct smbd_frame *f = &req->frame;
	struct smbd_frame saved = *f;
	bool alone = f->w.length == 0;
	struct smb2_error none = {0};

	if (alone) { /* f->out may be waiting for data already */
		f->out = NULL;
		f->w = (struct wire_writer){0};
	}
	if (!NT_STATUS_IS_OK(begin_message(req))) {
		smbd_request_disconnect(req, "no reply could be made");
		return;
	}
	grant_credits(req);
	req->async_id = ++req->client->last_async_id;
	put_header(req, NT_STATUS(PENDING));
	wire_patch_u16(&f->w, f->last + 14, req->hdr.credits);
	smb2_error_encode(&f->w, &none);
	f->begun = false;
	if (must_seal(req)) {
		f->seal = req->session;
	}
	smbd_reply_send(req);
	if (alone) {
		f->out = saved.out;
		f->w = saved.w;
	}
}

/* --- the frame ----------------------------------------------------------- */

void smbd_reply_place_frame(struct iobuf *out, const struct wire_writer *w)
{
	out->start = TRANSPORT_HEADROOM;
	out->length = TRANSPORT_HEADROOM + w->length;
}

NTSTATUS smbd_reply_seal(struct smbd_session *session, struct iobuf *out,
			 const struct wire_writer *w)
{
	struct iovec iov = {.iov_base = w->data, .iov_len = w->length};
	uint8_t *header = w->data - SMB2_TRANSFORM_HEADER_SIZE;

	smbd_reply_place_frame(out, w);
	out->start -= SMB2_TRANSFORM_HEADER_SIZE;
	return smb2_encrypt(session->encrypt, session->id, &iov, 1, header);
}

static NTSTATUS finish_frame(struct smbd_frame *f)
{
	NTSTATUS status;

	if (f->last > 0) { /* a compound's last is padded too */
		wire_align(&f->w, 8);
	}
	status = sign_last(f);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (f->hash != NULL) {
		struct iovec iov = {.iov_base = f->w.data,
				    .iov_len = f->w.length};

		smb2_preauth_update(f->hash, &iov, 1);
	}
	smbd_reply_place_frame(f->out, &f->w);
	return f->seal == NULL ? NT_STATUS_OK
			       : smbd_reply_seal(f->seal, f->out, &f->w);
}

void smbd_reply_send(struct smbd_request *req)
{
	struct smbd_frame *f = &req->frame;
	struct transport *t = req->conn->transport;

	if (f->out != NULL && f->w.length > 0) {
		NTSTATUS status = finish_frame(f);

		if (NT_STATUS_IS_OK(status)) {
			transport_send(t, f->out);
		} else {
			iobuf_put(transport_pool(t), f->out);
			smbd_request_disconnect(req, "no reply could be made");
		}
		f->out = NULL;
	} else if (f->out != NULL) {
		iobuf_put(transport_pool(t), f->out);
		f->out = NULL;
	}
	f->w = (struct wire_writer){0};
	f->last = 0;
	f->signer = NULL;
	f->seal = NULL;
	f->hash = NULL;
}
