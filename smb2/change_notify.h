/* smb2/change_notify.h - SMB2 CHANGE_NOTIFY ([MS-SMB2] 2.2.35); its
 * response is in buffer_response.h, the changes in fscc_list.h. */
#ifndef SMB2_CHANGE_NOTIFY_H
#define SMB2_CHANGE_NOTIFY_H

#include "smb2/header.h"

struct smb2_change_notify_request {
	uint16_t flags; /* SMB2_WATCH_TREE */
	uint32_t output_buffer_length;
	struct smb2_file_id id;
	uint32_t completion_filter; /* FILE_NOTIFY_CHANGE_... */
};

MUST_CHECK NTSTATUS smb2_change_notify_request_decode(
	struct wire_reader pdu, struct smb2_change_notify_request *out);
void smb2_change_notify_request_encode(
	struct wire_writer *w, const struct smb2_change_notify_request *in);

#endif
