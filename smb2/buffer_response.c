/* smb2/buffer_response.c - the response that is one output buffer. */
#include "smb2/buffer_response.h"

#include "smb2/body.h"

#define RESPONSE_SIZE 9

void smb2_buffer_response_encode(struct wire_writer *w, uint32_t length)
{
	wire_put_u16(w, RESPONSE_SIZE);
	wire_put_u16(w, length > 0 ? SMB2_BUFFER_RESPONSE_DATA : 0);
	wire_put_u32(w, length);
}

NTSTATUS smb2_buffer_response_decode(struct wire_reader pdu,
				     struct wire_reader *out_buffer)
{
	struct wire_reader r = smb2_body(pdu, RESPONSE_SIZE);
	struct wire_reader buffer;
	uint16_t offset;
	uint32_t length;

	offset = wire_u16(&r);
	length = wire_u32(&r);
	buffer = smb2_buffer(&r, offset, length);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out_buffer = buffer;
	return NT_STATUS_OK;
}
