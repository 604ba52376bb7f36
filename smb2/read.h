/* smb2/read.h - SMB2 READ ([MS-SMB2] 2.2.19, 2.2.20). */
#ifndef SMB2_READ_H
#define SMB2_READ_H

#include "smb2/header.h"

struct smb2_read_request {
	uint8_t padding; /* wanted DataOffset of the response */
	uint8_t flags;	 /* SMB2_READFLAG_... */
	uint32_t length;
	uint64_t offset;
	struct smb2_file_id id;
	uint32_t minimum_count;
	uint32_t channel; /* SMB2_CHANNEL_... */
	uint32_t remaining_bytes;
	struct wire_reader channel_info; /* with one of RDMA */
};

MUST_CHECK NTSTATUS smb2_read_request_decode(struct wire_reader pdu,
					     struct smb2_read_request *out);
void smb2_read_request_encode(struct wire_writer *w,
			      const struct smb2_read_request *in);

/* Where the data of a response begins, from its header on: right behind what
 * smb2_read_response_encode writes. */
#define SMB2_READ_RESPONSE_DATA (SMB2_HEADER_SIZE + 16)

struct smb2_read_response {
	uint32_t data_remaining;
	uint32_t flags; /* 3.1.1: SMB2_READFLAG_RESPONSE_... */
	struct wire_reader data;
};

MUST_CHECK NTSTATUS smb2_read_response_decode(struct wire_reader pdu,
					      struct smb2_read_response *out);
/* The fixed part and padding zeros, for data_length bytes of data, which
 * follow. */
void smb2_read_response_encode(struct wire_writer *w, uint32_t data_length,
			       uint32_t data_remaining, uint8_t padding);

#endif
