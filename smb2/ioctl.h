/* smb2/ioctl.h - SMB2 IOCTL ([MS-SMB2] 2.2.31, 2.2.32). */
#ifndef SMB2_IOCTL_H
#define SMB2_IOCTL_H

#include "smb2/header.h"

struct smb2_ioctl_request {
	uint32_t ctl_code; /* FSCTL_... */
	struct smb2_file_id id;
	uint32_t max_input_response;
	uint32_t max_output_response;
	uint32_t flags; /* SMB2_0_IOCTL_IS_FSCTL */
	struct wire_reader input;
	struct wire_reader output; /* "output" sent along; unused by FSCTLs */
};

MUST_CHECK NTSTATUS smb2_ioctl_request_decode(struct wire_reader pdu,
					      struct smb2_ioctl_request *out);
void smb2_ioctl_request_encode(struct wire_writer *w,
			       const struct smb2_ioctl_request *in);

/* Where the output of a response begins, from its header on: right behind
 * what smb2_ioctl_response_encode writes. */
#define SMB2_IOCTL_RESPONSE_DATA (SMB2_HEADER_SIZE + 48)

struct smb2_ioctl_response {
	uint32_t ctl_code;
	struct smb2_file_id id;
	uint32_t flags;
	struct wire_reader input;
	struct wire_reader output;
};

MUST_CHECK NTSTATUS smb2_ioctl_response_decode(struct wire_reader pdu,
					       struct smb2_ioctl_response *out);
/* The fixed part and padding zeros, for output_length bytes of output, which
 * follow; no input is returned, and in->input and in->output are not looked at.
 */
void smb2_ioctl_response_encode(struct wire_writer *w,
				const struct smb2_ioctl_response *in,
				uint32_t output_length, uint32_t padding);

#endif
