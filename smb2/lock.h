/* smb2/lock.h - SMB2 LOCK ([MS-SMB2] 2.2.26); its response is in simple.h. */
#ifndef SMB2_LOCK_H
#define SMB2_LOCK_H

#include "smb2/header.h"

struct smb2_lock_element {
	uint64_t offset;
	uint64_t length;
	uint32_t flags; /* SMB2_LOCKFLAG_... */
};

struct smb2_lock_request {
	uint8_t sequence_number; /* 4 bits */
	uint32_t sequence_index; /* 28 bits */
	struct smb2_file_id id;
	uint16_t count; /* > 0 */
	struct wire_reader elements;
};

/* LockCount 0 gives INVALID_PARAMETER. */
MUST_CHECK NTSTATUS smb2_lock_request_decode(struct wire_reader pdu,
					     struct smb2_lock_request *out);
/* The next of in->elements; call it in->count times. */
struct smb2_lock_element smb2_lock_element_read(struct wire_reader *elements);

/* Writes count elements; in->count and in->elements are not looked at. */
void smb2_lock_request_encode(struct wire_writer *w,
			      const struct smb2_lock_request *in,
			      const struct smb2_lock_element *elements,
			      uint16_t count);

#endif
