/* smb2/write.c - SMB2 WRITE ([MS-SMB2] 2.2.21, 2.2.22). */
#include "smb2/write.h"

#include "smb2/body.h"

#define REQUEST_SIZE	49
#define RESPONSE_SIZE	17
#define MAX_DATA_OFFSET 0x100 /* 3.3.5.13 */

NTSTATUS smb2_write_request_decode(struct wire_reader pdu,
				   struct smb2_write_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_write_request in = {0};
	uint16_t data_offset, info_offset, info_length;
	uint32_t data_length;

	data_offset = wire_u16(&r);
	data_length = wire_u32(&r);
	in.offset = wire_u64(&r);
	in.id = smb2_file_id_read(&r);
	in.channel = wire_u32(&r);
	in.remaining_bytes = wire_u32(&r);
	info_offset = wire_u16(&r);
	info_length = wire_u16(&r);
	in.flags = wire_u32(&r);
	if (smb2_channel_is_rdma(in.channel)) {
		in.channel_info = smb2_buffer(&r, info_offset, info_length);
	}
	in.data = smb2_buffer(&r, data_offset, data_length);
	if (!wire_ok(&r) || data_offset > MAX_DATA_OFFSET) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_write_request_encode(struct wire_writer *w,
			       const struct smb2_write_request *in,
			       uint32_t data_length)
{
	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u16(w, SMB2_WRITE_REQUEST_DATA);
	wire_put_u32(w, data_length);
	wire_put_u64(w, in->offset);
	smb2_file_id_put(w, &in->id);
	wire_put_u32(w, in->channel);
	wire_put_u32(w, in->remaining_bytes);
	wire_put_u16(w, 0); /* WriteChannelInfoOffset */
	wire_put_u16(w, 0); /* WriteChannelInfoLength */
	wire_put_u32(w, in->flags);
}

NTSTATUS smb2_write_response_decode(struct wire_reader pdu,
				    struct smb2_write_response *out)
{
	struct wire_reader r = smb2_body(pdu, RESPONSE_SIZE);
	struct smb2_write_response in = {0};

	wire_skip(&r, 2); /* Reserved */
	in.count = wire_u32(&r);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_write_response_encode(struct wire_writer *w,
				const struct smb2_write_response *in)
{
	wire_put_u16(w, RESPONSE_SIZE);
	wire_put_u16(w, 0); /* Reserved */
	wire_put_u32(w, in->count);
	wire_put_u32(w, 0); /* Remaining */
	wire_put_u16(w, 0); /* WriteChannelInfoOffset */
	wire_put_u16(w, 0); /* WriteChannelInfoLength */
}
