/* smb2/query_directory.c - SMB2 QUERY_DIRECTORY ([MS-SMB2] 2.2.33). */
#include "smb2/query_directory.h"

#include "smb2/body.h"

#define REQUEST_SIZE 33

NTSTATUS smb2_query_directory_request_decode(
	struct wire_reader pdu, struct smb2_query_directory_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_query_directory_request in = {0};
	uint16_t offset, length;

	in.info_class = wire_u8(&r);
	in.flags = wire_u8(&r);
	in.file_index = wire_u32(&r);
	in.id = smb2_file_id_read(&r);
	offset = wire_u16(&r);
	length = wire_u16(&r);
	in.output_buffer_length = wire_u32(&r);
	in.pattern = smb2_buffer(&r, offset, length);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_query_directory_request_encode(
	struct wire_writer *w, const struct smb2_query_directory_request *in)
{
	uint16_t offset = SMB2_HEADER_SIZE + (REQUEST_SIZE & ~1);

	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u8(w, in->info_class);
	wire_put_u8(w, in->flags);
	wire_put_u32(w, in->file_index);
	smb2_file_id_put(w, &in->id);
	wire_put_u16(w, in->pattern.length > 0 ? offset : 0);
	wire_put_u16(w, (uint16_t)in->pattern.length);
	wire_put_u32(w, in->output_buffer_length);
	smb2_put_variable(w, in->pattern);
}
