/* smb2/query_info.h - SMB2 QUERY_INFO ([MS-SMB2] 2.2.37); its response is in
 * buffer_response.h, the structures in fscc_*.h. */
#ifndef SMB2_QUERY_INFO_H
#define SMB2_QUERY_INFO_H

#include "smb2/header.h"

struct smb2_query_info_request {
	uint8_t info_type;  /* SMB2_0_INFO_... */
	uint8_t info_class; /* file or file system information class */
	uint32_t output_buffer_length;
	uint32_t additional_information; /* ..._SECURITY_INFORMATION */
	uint32_t flags;			 /* SL_RESTART_SCAN, ... */
	struct smb2_file_id id;
	struct wire_reader input;
};

MUST_CHECK NTSTATUS smb2_query_info_request_decode(
	struct wire_reader pdu, struct smb2_query_info_request *out);
void smb2_query_info_request_encode(struct wire_writer *w,
				    const struct smb2_query_info_request *in);

#endif
