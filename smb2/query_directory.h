/* smb2/query_directory.h - SMB2 QUERY_DIRECTORY ([MS-SMB2] 2.2.33); its
 * response is in buffer_response.h, the entries in fscc_dir.h. */
#ifndef SMB2_QUERY_DIRECTORY_H
#define SMB2_QUERY_DIRECTORY_H

#include "smb2/header.h"

struct smb2_query_directory_request {
	uint8_t info_class; /* enum file_information_class */
	uint8_t flags;	    /* SMB2_RESTART_SCANS, ... */
	uint32_t file_index;
	struct smb2_file_id id;
	struct wire_reader pattern; /* UTF-16LE */
	uint32_t output_buffer_length;
};

MUST_CHECK NTSTATUS smb2_query_directory_request_decode(
	struct wire_reader pdu, struct smb2_query_directory_request *out);
void smb2_query_directory_request_encode(
	struct wire_writer *w, const struct smb2_query_directory_request *in);

#endif
