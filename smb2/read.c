/* smb2/read.c - SMB2 READ ([MS-SMB2] 2.2.19, 2.2.20). */
#include "smb2/read.h"

#include "smb2/body.h"

#define REQUEST_SIZE  49
#define RESPONSE_SIZE 17

NTSTATUS smb2_read_request_decode(struct wire_reader pdu,
				  struct smb2_read_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_read_request in = {0};
	uint16_t offset, length;

	in.padding = wire_u8(&r);
	in.flags = wire_u8(&r);
	in.length = wire_u32(&r);
	in.offset = wire_u64(&r);
	in.id = smb2_file_id_read(&r);
	in.minimum_count = wire_u32(&r);
	in.channel = wire_u32(&r);
	in.remaining_bytes = wire_u32(&r);
	offset = wire_u16(&r);
	length = wire_u16(&r);
	if (smb2_channel_is_rdma(in.channel)) {
		in.channel_info = smb2_buffer(&r, offset, length);
	}
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_read_request_encode(struct wire_writer *w,
			      const struct smb2_read_request *in)
{
	uint16_t offset = SMB2_HEADER_SIZE + (REQUEST_SIZE & ~1);

	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u8(w, in->padding);
	wire_put_u8(w, in->flags);
	wire_put_u32(w, in->length);
	wire_put_u64(w, in->offset);
	smb2_file_id_put(w, &in->id);
	wire_put_u32(w, in->minimum_count);
	wire_put_u32(w, in->channel);
	wire_put_u32(w, in->remaining_bytes);
	wire_put_u16(w, in->channel_info.length > 0 ? offset : 0);
	wire_put_u16(w, (uint16_t)in->channel_info.length);
	smb2_put_variable(w, in->channel_info);
}

NTSTATUS smb2_read_response_decode(struct wire_reader pdu,
				   struct smb2_read_response *out)
{
	struct wire_reader r = smb2_body(pdu, RESPONSE_SIZE);
	struct smb2_read_response in = {0};
	uint32_t length;
	uint8_t offset;

	offset = wire_u8(&r);
	wire_skip(&r, 1); /* Reserved */
	length = wire_u32(&r);
	in.data_remaining = wire_u32(&r);
	in.flags = wire_u32(&r);
	in.data = smb2_buffer(&r, offset, length);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_read_response_encode(struct wire_writer *w, uint32_t data_length,
			       uint32_t data_remaining, uint8_t padding)
{
	wire_put_u16(w, RESPONSE_SIZE);
	wire_put_u8(w, (uint8_t)(SMB2_READ_RESPONSE_DATA + padding));
	wire_put_u8(w, 0); /* Reserved */
	wire_put_u32(w, data_length);
	wire_put_u32(w, data_remaining);
	wire_put_u32(w, 0); /* Reserved2/Flags */
	wire_put_zero(w, padding);
}
