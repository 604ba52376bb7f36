/* smb2/ioctl.c - SMB2 IOCTL ([MS-SMB2] 2.2.31, 2.2.32). */
#include "smb2/ioctl.h"

#include "smb2/body.h"

#define REQUEST_SIZE  57
#define RESPONSE_SIZE 49

NTSTATUS smb2_ioctl_request_decode(struct wire_reader pdu,
				   struct smb2_ioctl_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_ioctl_request in = {0};
	uint32_t input_offset, input_count, output_offset, output_count;

	wire_skip(&r, 2); /* Reserved */
	in.ctl_code = wire_u32(&r);
	in.id = smb2_file_id_read(&r);
	input_offset = wire_u32(&r);
	input_count = wire_u32(&r);
	in.max_input_response = wire_u32(&r);
	output_offset = wire_u32(&r);
	output_count = wire_u32(&r);
	in.max_output_response = wire_u32(&r);
	in.flags = wire_u32(&r);
	wire_skip(&r, 4); /* Reserved2 */
	in.input = smb2_buffer(&r, input_offset, input_count);
	in.output = smb2_buffer(&r, output_offset, output_count);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_ioctl_request_encode(struct wire_writer *w,
			       const struct smb2_ioctl_request *in)
{
	uint32_t offset = SMB2_HEADER_SIZE + (REQUEST_SIZE & ~1);

	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u16(w, 0); /* Reserved */
	wire_put_u32(w, in->ctl_code);
	smb2_file_id_put(w, &in->id);
	wire_put_u32(w, in->input.length > 0 ? offset : 0);
	wire_put_u32(w, (uint32_t)in->input.length);
	wire_put_u32(w, in->max_input_response);
	wire_put_u32(w, 0); /* OutputOffset */
	wire_put_u32(w, 0); /* OutputCount */
	wire_put_u32(w, in->max_output_response);
	wire_put_u32(w, in->flags);
	wire_put_u32(w, 0); /* Reserved2 */
	smb2_put(w, in->input);
}

NTSTATUS smb2_ioctl_response_decode(struct wire_reader pdu,
				    struct smb2_ioctl_response *out)
{
	struct wire_reader r = smb2_body(pdu, RESPONSE_SIZE);
	struct smb2_ioctl_response in = {0};
	uint32_t input_offset, input_count, output_offset, output_count;

	wire_skip(&r, 2); /* Reserved */
	in.ctl_code = wire_u32(&r);
	in.id = smb2_file_id_read(&r);
	input_offset = wire_u32(&r);
	input_count = wire_u32(&r);
	output_offset = wire_u32(&r);
	output_count = wire_u32(&r);
	in.flags = wire_u32(&r);
	wire_skip(&r, 4); /* Reserved2 */
	in.input = smb2_buffer(&r, input_offset, input_count);
	in.output = smb2_buffer(&r, output_offset, output_count);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_ioctl_response_encode(struct wire_writer *w,
				const struct smb2_ioctl_response *in,
				uint32_t output_length, uint32_t padding)
{
	uint32_t offset = SMB2_IOCTL_RESPONSE_DATA + padding;

	wire_put_u16(w, RESPONSE_SIZE);
	wire_put_u16(w, 0); /* Reserved */
	wire_put_u32(w, in->ctl_code);
	smb2_file_id_put(w, &in->id);
	wire_put_u32(w, offset); /* InputOffset */
	wire_put_u32(w, 0);	 /* InputCount */
	wire_put_u32(w, output_length > 0 ? offset : 0);
	wire_put_u32(w, output_length);
	wire_put_u32(w, in->flags);
	wire_put_u32(w, 0); /* Reserved2 */
	wire_put_zero(w, padding);
}
