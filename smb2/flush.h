/* smb2/flush.h - SMB2 FLUSH ([MS-SMB2] 2.2.17); its response is in simple.h. */
#ifndef SMB2_FLUSH_H
#define SMB2_FLUSH_H

#include "smb2/header.h"

/* Reserved1, as macOS sends it for F_FULLFSYNC: onto the disk, whatever the
 * server's settings are. */
#define SMB2_FLUSH_FULL 0xFFFF

struct smb2_flush_request {
	uint16_t reserved1; /* 0, or SMB2_FLUSH_FULL */
	struct smb2_file_id id;
};

MUST_CHECK NTSTATUS smb2_flush_request_decode(struct wire_reader pdu,
					      struct smb2_flush_request *out);
void smb2_flush_request_encode(struct wire_writer *w,
			       const struct smb2_flush_request *in);

#endif
