/* smb2/set_info.h - SMB2 SET_INFO ([MS-SMB2] 2.2.39, 2.2.40); the structures
 * are in fscc_*.h. */
#ifndef SMB2_SET_INFO_H
#define SMB2_SET_INFO_H

#include "smb2/header.h"

struct smb2_set_info_request {
	uint8_t info_type; /* SMB2_0_INFO_... */
	uint8_t info_class;
	uint32_t additional_information;
	struct smb2_file_id id;
	struct wire_reader buffer;
};

MUST_CHECK NTSTATUS smb2_set_info_request_decode(
	struct wire_reader pdu, struct smb2_set_info_request *out);
void smb2_set_info_request_encode(struct wire_writer *w,
				  const struct smb2_set_info_request *in);

#define SMB2_SET_INFO_RESPONSE_SIZE 2

void smb2_set_info_response_encode(struct wire_writer *w);
MUST_CHECK NTSTATUS smb2_set_info_response_decode(struct wire_reader pdu);

#endif
