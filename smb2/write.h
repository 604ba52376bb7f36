/* smb2/write.h - SMB2 WRITE ([MS-SMB2] 2.2.21, 2.2.22). */
#ifndef SMB2_WRITE_H
#define SMB2_WRITE_H

#include "smb2/header.h"

/* Where the data of a request begins, from its header on, as
 * smb2_write_request_encode has it; a decoder takes any place. */
#define SMB2_WRITE_REQUEST_DATA (SMB2_HEADER_SIZE + 48)

struct smb2_write_request {
	uint64_t offset;
	struct smb2_file_id id;
	uint32_t channel; /* SMB2_CHANNEL_... */
	uint32_t remaining_bytes;
	uint32_t flags;			 /* SMB2_WRITEFLAG_... */
	struct wire_reader channel_info; /* with one of RDMA */
	struct wire_reader data;
};

/* DataOffset beyond 0x100 gives INVALID_PARAMETER (3.3.5.13). */
MUST_CHECK NTSTATUS smb2_write_request_decode(struct wire_reader pdu,
					      struct smb2_write_request *out);
/* The fixed part for data_length bytes of data, which follow it; neither
 * in->data nor in->channel_info is looked at. */
void smb2_write_request_encode(struct wire_writer *w,
			       const struct smb2_write_request *in,
			       uint32_t data_length);

struct smb2_write_response {
	uint32_t count;
};

MUST_CHECK NTSTATUS smb2_write_response_decode(struct wire_reader pdu,
					       struct smb2_write_response *out);
void smb2_write_response_encode(struct wire_writer *w,
				const struct smb2_write_response *in);

#endif
