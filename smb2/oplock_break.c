/* smb2/oplock_break.c - SMB2 OPLOCK_BREAK ([MS-SMB2] 2.2.23 to 2.2.25) and the
 * server to client notification (2.2.44). */
#include "smb2/oplock_break.h"

#include "smb2/body.h"

#define OPLOCK_SIZE	    24
#define LEASE_NOTIFY_SIZE   44
#define LEASE_ACK_SIZE	    36
#define SESSION_CLOSED_SIZE 12

static void read_oplock(struct wire_reader *r, struct smb2_oplock_break *out)
{
	out->level = wire_u8(r);
	wire_skip(r, 5); /* Reserved, Reserved2 */
	out->id = smb2_file_id_read(r);
}

static void put_oplock(struct wire_writer *w,
		       const struct smb2_oplock_break *in)
{
	wire_put_u16(w, OPLOCK_SIZE);
	wire_put_u8(w, in->level);
	wire_put_zero(w, 5); /* Reserved, Reserved2 */
	smb2_file_id_put(w, &in->id);
}

static void read_lease_ack(struct wire_reader *r, struct smb2_lease_ack *out)
{
	wire_skip(r, 2); /* Reserved */
	out->flags = wire_u32(r);
	out->key = guid_read(r);
	out->state = wire_u32(r);
	wire_skip(r, 8); /* LeaseDuration */
}

static void put_lease_ack(struct wire_writer *w,
			  const struct smb2_lease_ack *in)
{
	wire_put_u16(w, LEASE_ACK_SIZE);
	wire_put_u16(w, 0); /* Reserved */
	wire_put_u32(w, in->flags);
	guid_put(w, &in->key);
	wire_put_u32(w, in->state);
	wire_put_u64(w, 0); /* LeaseDuration */
}

NTSTATUS smb2_break_ack_decode(struct wire_reader pdu,
			       struct smb2_break_ack *out)
{
	struct smb2_break_ack in = {0};
	struct wire_reader r;

	if (smb2_structure_size(pdu) == LEASE_ACK_SIZE) {
		r = smb2_body(pdu, LEASE_ACK_SIZE);
		in.kind = SMB2_BREAK_LEASE;
		read_lease_ack(&r, &in.lease);
	} else {
		r = smb2_body(pdu, OPLOCK_SIZE);
		in.kind = SMB2_BREAK_OPLOCK;
		read_oplock(&r, &in.oplock);
	}
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_break_ack_encode(struct wire_writer *w,
			   const struct smb2_break_ack *in)
{
	if (in->kind == SMB2_BREAK_LEASE) {
		put_lease_ack(w, &in->lease);
	} else {
		put_oplock(w, &in->oplock);
	}
}

static void read_lease_notification(struct wire_reader *r,
				    struct smb2_lease_break_notification *out)
{
	out->new_epoch = wire_u16(r);
	out->flags = wire_u32(r);
	out->key = guid_read(r);
	out->current_state = wire_u32(r);
	out->new_state = wire_u32(r);
	wire_skip(r, 12); /* BreakReason, AccessMaskHint, ShareMaskHint */
}

static void put_lease_notification(
	struct wire_writer *w, const struct smb2_lease_break_notification *in)
{
	wire_put_u16(w, LEASE_NOTIFY_SIZE);
	wire_put_u16(w, in->new_epoch);
	wire_put_u32(w, in->flags);
	guid_put(w, &in->key);
	wire_put_u32(w, in->current_state);
	wire_put_u32(w, in->new_state);
	wire_put_zero(w, 12); /* BreakReason, AccessMaskHint, ShareMaskHint */
}

NTSTATUS smb2_break_notification_decode(struct wire_reader pdu,
					struct smb2_break_notification *out)
{
	struct smb2_break_notification in = {0};
	struct wire_reader r;

	if (smb2_structure_size(pdu) == LEASE_NOTIFY_SIZE) {
		r = smb2_body(pdu, LEASE_NOTIFY_SIZE);
		in.kind = SMB2_BREAK_LEASE;
		read_lease_notification(&r, &in.lease);
	} else {
		r = smb2_body(pdu, OPLOCK_SIZE);
		in.kind = SMB2_BREAK_OPLOCK;
		read_oplock(&r, &in.oplock);
	}
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_break_notification_encode(struct wire_writer *w,
				    const struct smb2_break_notification *in)
{
	if (in->kind == SMB2_BREAK_LEASE) {
		put_lease_notification(w, &in->lease);
	} else {
		put_oplock(w, &in->oplock);
	}
}

void smb2_session_closed_encode(struct wire_writer *w)
{
	wire_put_u16(w, SESSION_CLOSED_SIZE);
	wire_put_u16(w, 0); /* Reserved */
	wire_put_u32(w, 0); /* SmbNotifySessionClosed */
	wire_put_u32(w, 0); /* Reserved */
}

NTSTATUS smb2_session_closed_decode(struct wire_reader pdu)
{
	struct wire_reader r = smb2_body(pdu, SESSION_CLOSED_SIZE);

	wire_skip(&r, 2); /* Reserved */
	if (wire_u32(&r) != 0 || !wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	return NT_STATUS_OK;
}
