/* smb2/oplock_break.h - SMB2 OPLOCK_BREAK: notification, acknowledgment and
 * response, of oplocks and of leases ([MS-SMB2] 2.2.23 to 2.2.25), and the
 * server to client notification (2.2.44). */
#ifndef SMB2_OPLOCK_BREAK_H
#define SMB2_OPLOCK_BREAK_H

#include "lib/guid.h"
#include "smb2/header.h"

/* One form three times: notification, acknowledgment, response. */
struct smb2_oplock_break {
	uint8_t level; /* SMB2_OPLOCK_LEVEL_... */
	struct smb2_file_id id;
};

struct smb2_lease_break_notification {
	uint16_t new_epoch;
	uint32_t flags; /* SMB2_NOTIFY_BREAK_LEASE_FLAG_ACK_REQUIRED */
	struct guid key;
	uint32_t current_state;
	uint32_t new_state;
};

/* One form twice: acknowledgment and response. */
struct smb2_lease_ack {
	uint32_t flags;
	struct guid key;
	uint32_t state;
};

enum smb2_break_kind {
	SMB2_BREAK_OPLOCK,
	SMB2_BREAK_LEASE
};

/* What the client sends, and what the server answers. */
struct smb2_break_ack {
	enum smb2_break_kind kind;
	struct smb2_oplock_break oplock;
	struct smb2_lease_ack lease;
};

/* The StructureSize (24 or 36) tells the kind. */
MUST_CHECK NTSTATUS smb2_break_ack_decode(struct wire_reader pdu,
					  struct smb2_break_ack *out);
void smb2_break_ack_encode(struct wire_writer *w,
			   const struct smb2_break_ack *in);

/* What the server sends of its own accord. */
struct smb2_break_notification {
	enum smb2_break_kind kind;
	struct smb2_oplock_break oplock;
	struct smb2_lease_break_notification lease;
};

/* The StructureSize (24 or 44) tells the kind. */
MUST_CHECK NTSTATUS smb2_break_notification_decode(
	struct wire_reader pdu, struct smb2_break_notification *out);
void smb2_break_notification_encode(struct wire_writer *w,
				    const struct smb2_break_notification *in);

/* SmbNotifySessionClosed. */
void smb2_session_closed_encode(struct wire_writer *w);
MUST_CHECK NTSTATUS smb2_session_closed_decode(struct wire_reader pdu);

#endif
