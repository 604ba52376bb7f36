/* smb2/session_setup.c - SMB2 SESSION_SETUP ([MS-SMB2] 2.2.5, 2.2.6). */
#include "smb2/session_setup.h"

#include "smb2/body.h"

#define REQUEST_SIZE  25
#define RESPONSE_SIZE 9

NTSTATUS smb2_session_setup_request_decode(
	struct wire_reader pdu, struct smb2_session_setup_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_session_setup_request in = {0};
	uint16_t offset, length;

	in.flags = wire_u8(&r);
	in.security_mode = wire_u8(&r);
	in.capabilities = wire_u32(&r);
	wire_skip(&r, 4); /* Channel */
	offset = wire_u16(&r);
	length = wire_u16(&r);
	in.previous_session_id = wire_u64(&r);
	in.security_buffer = smb2_buffer(&r, offset, length);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_session_setup_request_encode(
	struct wire_writer *w, const struct smb2_session_setup_request *in)
{
	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u8(w, in->flags);
	wire_put_u8(w, in->security_mode);
	wire_put_u32(w, in->capabilities);
	wire_put_u32(w, 0); /* Channel */
	wire_put_u16(w, SMB2_HEADER_SIZE + (REQUEST_SIZE & ~1));
	wire_put_u16(w, (uint16_t)in->security_buffer.length);
	wire_put_u64(w, in->previous_session_id);
	smb2_put_variable(w, in->security_buffer);
}

NTSTATUS smb2_session_setup_response_decode(
	struct wire_reader pdu, struct smb2_session_setup_response *out)
{
	struct wire_reader r = smb2_body(pdu, RESPONSE_SIZE);
	struct smb2_session_setup_response in = {0};
	uint16_t offset, length;

	in.session_flags = wire_u16(&r);
	offset = wire_u16(&r);
	length = wire_u16(&r);
	in.security_buffer = smb2_buffer(&r, offset, length);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_session_setup_response_encode(
	struct wire_writer *w, const struct smb2_session_setup_response *in)
{
	wire_put_u16(w, RESPONSE_SIZE);
	wire_put_u16(w, in->session_flags);
	wire_put_u16(w, SMB2_HEADER_SIZE + (RESPONSE_SIZE & ~1));
	wire_put_u16(w, (uint16_t)in->security_buffer.length);
	smb2_put(w, in->security_buffer);
}
