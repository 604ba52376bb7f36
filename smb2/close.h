/* smb2/close.h - SMB2 CLOSE ([MS-SMB2] 2.2.15, 2.2.16). */
#ifndef SMB2_CLOSE_H
#define SMB2_CLOSE_H

#include "lib/nttime.h"
#include "smb2/header.h"

struct smb2_close_request {
	uint16_t flags; /* SMB2_CLOSE_FLAG_POSTQUERY_ATTRIB */
	struct smb2_file_id id;
};

MUST_CHECK NTSTATUS smb2_close_request_decode(struct wire_reader pdu,
					      struct smb2_close_request *out);
void smb2_close_request_encode(struct wire_writer *w,
			       const struct smb2_close_request *in);

/* All but flags is 0 without SMB2_CLOSE_FLAG_POSTQUERY_ATTRIB. */
struct smb2_close_response {
	uint16_t flags;
	NTTIME creation_time;
	NTTIME last_access_time;
	NTTIME last_write_time;
	NTTIME change_time;
	uint64_t allocation_size;
	uint64_t end_of_file;
	uint32_t file_attributes;
};

MUST_CHECK NTSTATUS smb2_close_response_decode(struct wire_reader pdu,
					       struct smb2_close_response *out);
void smb2_close_response_encode(struct wire_writer *w,
				const struct smb2_close_response *in);

#endif
