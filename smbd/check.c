/* smbd/check.c - what a request must satisfy before its command looks at it:
 * [MS-SMB2] 3.3.5.2.4 to 3.3.5.2.11. */
#include "smb2/sign.h"
#include "smbd/bind.h"
#include "smbd/channel.h"
#include "smbd/client.h"
#include "smbd/open.h"
#include "smbd/private_ioctl.h"
#include "smbd/request_int.h"
#include "smbd/session.h"
#include "smbd/tree.h"

/* --- compounds (3.3.5.2.7) ----------------------------------------------- */

static bool is_related(const struct smbd_request *req)
{
	return (req->hdr.flags & SMB2_FLAGS_RELATED_OPERATIONS) != 0;
}

static bool needs(const struct smbd_request *req, uint8_t what)
{
	return (req->cmd->needs & what) == what;
}

/* Begins a chain: nothing is inherited. */
static void forget(struct smbd_frame *f)
{
	f->session_id = 0;
	f->tree_id = 0;
	f->has_file_id = false;
	f->create_error = NT_STATUS_OK;
	f->failed = false;
}

static NTSTATUS fail_chain(struct smbd_frame *f, NTSTATUS status)
{
	f->failed = true;
	f->failure = status;
	return status;
}

NTSTATUS smbd_request_relate(struct smbd_request *req)
{
	struct smbd_frame *f = &req->frame;

	if (!is_related(req)) {
		/* Windows: this begins a chain of its own even when others
		 * before it were related <268>. */
		forget(f);
		return NT_STATUS_OK;
	}
	if (f->members == 1) {
		return fail_chain(f, NT_STATUS(INVALID_PARAMETER));
	}
	req->hdr.session_id = f->session_id;
	req->hdr.tree_id = f->tree_id;
	if (f->failed) {
		return f->failure;
	}
	if ((needs(req, SMBD_NEED_SESSION) && f->session_id == 0) ||
	    (needs(req, SMBD_NEED_TREE) && f->tree_id == 0)) {
		return fail_chain(f, NT_STATUS(INVALID_PARAMETER));
	}
	if (needs(req, SMBD_NEED_OPEN) && !f->has_file_id) {
		return fail_chain(f, NT_STATUS_IS_OK(f->create_error)
					     ? NT_STATUS(INVALID_HANDLE)
					     : f->create_error);
	}
	return NT_STATUS_OK;
}

static struct smb2_file_id read_file_id(const struct smbd_request *req,
					bool *out_there)
{
	struct wire_reader r = req->pdu;
	struct smb2_file_id id;

	wire_seek(&r, SMB2_HEADER_SIZE + req->cmd->file_id_at);
	id = smb2_file_id_read(&r);
	*out_there = wire_ok(&r);
	return id;
}

void smbd_request_remember(struct smbd_request *req, NTSTATUS status)
{
	struct smbd_frame *f = &req->frame;

	f->session_id = req->session == NULL ? 0 : req->hdr.session_id;
	if (req->tree != NULL) {
		f->tree_id = req->tree->id;
	} else {
		f->tree_id = needs(req, SMBD_NEED_TREE) ? 0 : req->hdr.tree_id;
	}
	if (req->cmd->file_id_at != 0) {
		if (!is_related(req)) {
			f->file_id = read_file_id(req, &f->has_file_id);
		}
		return;
	}
	f->has_file_id = false;
	f->create_error = NT_STATUS_OK;
	if (req->hdr.command == SMB2_CREATE) {
		if (req->open != NULL && NT_STATUS_IS_OK(status)) {
			f->has_file_id = true;
			f->file_id = req->open->id;
		} else {
			f->create_error = status;
		}
	}
}

/* --- signature (3.3.5.2.4) ----------------------------------------------- */

/* 3.3.5.5: the command looks at the signature of these itself. */
static bool is_bind(const struct smbd_request *req)
{
	struct wire_reader r = req->pdu;

	if (req->hdr.command != SMB2_SESSION_SETUP) {
		return false;
	}
	wire_seek(&r, SMB2_HEADER_SIZE + 2);
	return (wire_u8(&r) & SMB2_SESSION_FLAG_BINDING) != 0;
}

static NTSTATUS check_signed(struct smbd_request *req)
{
	const struct smbd_session *session = req->session;
	NTSTATUS status;

	if (req->hdr.command == SMB2_NEGOTIATE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (is_bind(req)) {
		return NT_STATUS_OK;
	}
	if (session == NULL) {
		if (req->hdr.command == SMB2_SESSION_SETUP) {
			return NT_STATUS_OK; /* it answers this as well */
		}
		smbd_bind_sign_refusal(req);
		return NT_STATUS(USER_SESSION_DELETED);
	}
	if (req->channel->signer == NULL) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	status = smb2_verify_pdu(req->channel->signer, req->pdu);
	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	req->was_signed = true;
	req->signer = req->channel->signer;
	return NT_STATUS_OK;
}

static NTSTATUS check_signature(struct smbd_request *req)
{
	const struct smbd_session *session = req->session;

	if (req->frame.encrypted) {
		return NT_STATUS_OK;
	}
	if (req->hdr.flags & SMB2_FLAGS_SIGNED) {
		return check_signed(req);
	}
	if (session != NULL && session->signing_required &&
	    req->hdr.command != SMB2_CANCEL) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return NT_STATUS_OK;
}

/* --- session, tree connect, open (3.3.5.2.9, 3.3.5.2.11) ----------------- */

static NTSTATUS check_session(struct smbd_request *req)
{
	const struct smbd_session *session = req->session;
	uint16_t command = req->hdr.command;

	if (!needs(req, SMBD_NEED_SESSION)) {
		/* 3.3.5.17: an ECHO without a session needs none. */
		if (command != SMB2_ECHO || req->hdr.session_id == 0 ||
		    req->frame.encrypted) {
			return NT_STATUS_OK;
		}
	}
	if (session == NULL && smbd_private_ioctl_is_bare(req)) {
		return NT_STATUS_OK;
	}
	if (session == NULL || session->state == SMBD_SESSION_IN_PROGRESS) {
		return NT_STATUS(USER_SESSION_DELETED);
	}
	if (session->state == SMBD_SESSION_EXPIRED && !req->cmd->when_expired) {
		return NT_STATUS(NETWORK_SESSION_EXPIRED);
	}
	if (session->encryption_required && !req->frame.encrypted) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return NT_STATUS_OK;
}

static NTSTATUS check_tree(struct smbd_request *req)
{
	if (!needs(req, SMBD_NEED_TREE) || req->session == NULL) {
		return NT_STATUS_OK;
	}
	req->tree = smbd_tree_lookup(req->session, req->hdr.tree_id);
	if (req->tree == NULL) {
		return NT_STATUS(NETWORK_NAME_DELETED);
	}
	if (req->tree->encryption_required && !req->frame.encrypted) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return NT_STATUS_OK;
}

/* Verifying the channel sequence number (3.3.5.2.10). */
static NTSTATUS check_channel_sequence(struct smbd_request *req)
{
	uint16_t sequence = smb2_channel_sequence(&req->hdr);
	bool replay = (req->hdr.flags & SMB2_FLAGS_REPLAY_OPERATION) != 0;

	if (!smbd_is_3x(req->conn)) {
		return NT_STATUS_OK;
	}
	req->counts =
		channel_sequence_begin(&req->open->sequence, sequence, replay);
	req->failures = req->open->sequence.failures;
	if (req->counts) {
		return NT_STATUS_OK;
	}
	switch (req->hdr.command) {
	case SMB2_WRITE:
	case SMB2_SET_INFO:
	case SMB2_IOCTL:
		return NT_STATUS(FILE_NOT_AVAILABLE);
	default:
		return NT_STATUS_OK;
	}
}

NTSTATUS smbd_request_find_open(struct smbd_request *req)
{
	struct smbd_frame *f = &req->frame;
	struct smb2_file_id id = f->file_id;
	bool there = true;

	if (is_related(req) && !f->has_file_id &&
	    !NT_STATUS_IS_OK(f->create_error)) {
		/* An IOCTL: smbd_request_relate() could not know. */
		return fail_chain(f, f->create_error);
	}
	if (!is_related(req) || !f->has_file_id) {
		id = read_file_id(req, &there);
	}
	if (!there) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	req->open = smbd_open_lookup(req->session, &id);
	if (req->open == NULL || req->open->tree != req->tree) {
		req->open = NULL;
		return NT_STATUS(FILE_CLOSED);
	}
	return check_channel_sequence(req);
}

static NTSTATUS check_open(struct smbd_request *req)
{
	if (!needs(req, SMBD_NEED_OPEN)) {
		return NT_STATUS_OK;
	}
	return smbd_request_find_open(req);
}

/* --- sizes (3.3.5.2.5, 3.3.5.2.6) ---------------------------------------- */

static NTSTATUS check_sizes(struct smbd_request *req)
{
	const struct smbd_command *cmd = req->cmd;
	struct wire_reader r = req->pdu;
	uint16_t size;

	wire_seek(&r, SMB2_HEADER_SIZE);
	size = wire_u16(&r);
	if (!wire_ok(&r) || (cmd->body_size != 0 && size != cmd->body_size)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (cmd->payload_at != 0) {
		wire_seek(&r, SMB2_HEADER_SIZE + cmd->payload_at);
		if (!smbd_request_pays(req, wire_u32(&r)) || !wire_ok(&r)) {
			return NT_STATUS(INVALID_PARAMETER);
		}
	}
	return NT_STATUS_OK;
}

bool smbd_request_pays(const struct smbd_request *req, uint64_t bytes)
{
	uint64_t charge = req->hdr.credit_charge;

	if (!req->conn->negotiated.multi_credit) {
		return true;
	}
	/* 3.1.5.2; a charge of 0 pays for 64 KiB, as 1 does. */
	return bytes <= 65536 * (charge == 0 ? 1 : charge);
}

/* --- all of it ----------------------------------------------------------- */

static void find_session(struct smbd_request *req)
{
	struct smbd_channel *channel;

	if (req->hdr.session_id == 0) {
		return;
	}
	channel = smbd_channel_lookup(req->conn, req->hdr.session_id);
	if (channel != NULL && !channel->binding &&
	    channel->session->state != SMBD_SESSION_CLOSING) {
		req->channel = channel;
		req->session = channel->session;
		if (req->session->signing_required &&
		    req->session->state == SMBD_SESSION_VALID) {
			req->signer = channel->signer;
		}
	}
}

NTSTATUS smbd_request_refuse(struct smbd_request *req, NTSTATUS status)
{
	NTSTATUS checked;

	find_session(req);
	checked = check_signature(req);
	return NT_STATUS_IS_OK(checked) ? status : checked;
}

NTSTATUS smbd_request_check(struct smbd_request *req)
{
	static NTSTATUS (*const checks[])(struct smbd_request *) = {
		check_signature, check_session, check_tree, check_sizes,
		check_open};

	find_session(req);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		NTSTATUS status = checks[i](req);

		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
	}
	return NT_STATUS_OK;
}
