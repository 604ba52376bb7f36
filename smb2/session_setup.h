/* smb2/session_setup.h - SMB2 SESSION_SETUP ([MS-SMB2] 2.2.5, 2.2.6); LOGOFF
 * is in simple.h. */
#ifndef SMB2_SESSION_SETUP_H
#define SMB2_SESSION_SETUP_H

#include "smb2/header.h"

struct smb2_session_setup_request {
	uint8_t flags; /* SMB2_SESSION_FLAG_BINDING */
	uint8_t security_mode;
	uint32_t capabilities;
	uint64_t previous_session_id;
	struct wire_reader security_buffer;
};

MUST_CHECK NTSTATUS smb2_session_setup_request_decode(
	struct wire_reader pdu, struct smb2_session_setup_request *out);
void smb2_session_setup_request_encode(
	struct wire_writer *w, const struct smb2_session_setup_request *in);

struct smb2_session_setup_response {
	uint16_t session_flags; /* SMB2_SESSION_FLAG_... */
	struct wire_reader security_buffer;
};

MUST_CHECK NTSTATUS smb2_session_setup_response_decode(
	struct wire_reader pdu, struct smb2_session_setup_response *out);
void smb2_session_setup_response_encode(
	struct wire_writer *w, const struct smb2_session_setup_response *in);

#endif
