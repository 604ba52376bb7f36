/* smb2/query_info.c - SMB2 QUERY_INFO ([MS-SMB2] 2.2.37). */
#include "smb2/query_info.h"

#include "smb2/body.h"

#define REQUEST_SIZE 41

NTSTATUS smb2_query_info_request_decode(struct wire_reader pdu,
					struct smb2_query_info_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_query_info_request in = {0};
	uint16_t offset;
	uint32_t length;

	in.info_type = wire_u8(&r);
	in.info_class = wire_u8(&r);
	in.output_buffer_length = wire_u32(&r);
	offset = wire_u16(&r);
	wire_skip(&r, 2); /* Reserved */
	length = wire_u32(&r);
	in.additional_information = wire_u32(&r);
	in.flags = wire_u32(&r);
	in.id = smb2_file_id_read(&r);
	in.input = smb2_buffer(&r, offset, length);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_query_info_request_encode(struct wire_writer *w,
				    const struct smb2_query_info_request *in)
{
	uint16_t offset = SMB2_HEADER_SIZE + (REQUEST_SIZE & ~1);

	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u8(w, in->info_type);
	wire_put_u8(w, in->info_class);
	wire_put_u32(w, in->output_buffer_length);
	wire_put_u16(w, in->input.length > 0 ? offset : 0);
	wire_put_u16(w, 0); /* Reserved */
	wire_put_u32(w, (uint32_t)in->input.length);
	wire_put_u32(w, in->additional_information);
	wire_put_u32(w, in->flags);
	smb2_file_id_put(w, &in->id);
	smb2_put(w, in->input);
}
