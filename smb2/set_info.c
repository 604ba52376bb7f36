/* smb2/set_info.c - SMB2 SET_INFO ([MS-SMB2] 2.2.39, 2.2.40). */
#include "smb2/set_info.h"

#include "smb2/body.h"

#define REQUEST_SIZE 33

NTSTATUS smb2_set_info_request_decode(struct wire_reader pdu,
				      struct smb2_set_info_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_set_info_request in = {0};
	uint16_t offset;
	uint32_t length;

	in.info_type = wire_u8(&r);
	in.info_class = wire_u8(&r);
	length = wire_u32(&r);
	offset = wire_u16(&r);
	wire_skip(&r, 2); /* Reserved */
	in.additional_information = wire_u32(&r);
	in.id = smb2_file_id_read(&r);
	in.buffer = smb2_buffer(&r, offset, length);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_set_info_request_encode(struct wire_writer *w,
				  const struct smb2_set_info_request *in)
{
	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u8(w, in->info_type);
	wire_put_u8(w, in->info_class);
	wire_put_u32(w, (uint32_t)in->buffer.length);
	wire_put_u16(w, SMB2_HEADER_SIZE + (REQUEST_SIZE & ~1));
	wire_put_u16(w, 0); /* Reserved */
	wire_put_u32(w, in->additional_information);
	smb2_file_id_put(w, &in->id);
	smb2_put_variable(w, in->buffer);
}

void smb2_set_info_response_encode(struct wire_writer *w)
{
	wire_put_u16(w, SMB2_SET_INFO_RESPONSE_SIZE);
}

NTSTATUS smb2_set_info_response_decode(struct wire_reader pdu)
{
	struct wire_reader r = smb2_body(pdu, SMB2_SET_INFO_RESPONSE_SIZE);

	return smb2_check(&r);
}
