/* smb2/close.c - SMB2 CLOSE ([MS-SMB2] 2.2.15, 2.2.16). */
#include "smb2/close.h"

#include "smb2/body.h"

#define REQUEST_SIZE  24
#define RESPONSE_SIZE 60

NTSTATUS smb2_close_request_decode(struct wire_reader pdu,
				   struct smb2_close_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_close_request in = {0};

	in.flags = wire_u16(&r);
	wire_skip(&r, 4); /* Reserved */
	in.id = smb2_file_id_read(&r);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_close_request_encode(struct wire_writer *w,
			       const struct smb2_close_request *in)
{
	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u16(w, in->flags);
	wire_put_u32(w, 0); /* Reserved */
	smb2_file_id_put(w, &in->id);
}

NTSTATUS smb2_close_response_decode(struct wire_reader pdu,
				    struct smb2_close_response *out)
{
	struct wire_reader r = smb2_body(pdu, RESPONSE_SIZE);
	struct smb2_close_response in = {0};

	in.flags = wire_u16(&r);
	wire_skip(&r, 4); /* Reserved */
	in.creation_time = wire_u64(&r);
	in.last_access_time = wire_u64(&r);
	in.last_write_time = wire_u64(&r);
	in.change_time = wire_u64(&r);
	in.allocation_size = wire_u64(&r);
	in.end_of_file = wire_u64(&r);
	in.file_attributes = wire_u32(&r);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_close_response_encode(struct wire_writer *w,
				const struct smb2_close_response *in)
{
	wire_put_u16(w, RESPONSE_SIZE);
	wire_put_u16(w, in->flags);
	wire_put_u32(w, 0); /* Reserved */
	wire_put_u64(w, in->creation_time);
	wire_put_u64(w, in->last_access_time);
	wire_put_u64(w, in->last_write_time);
	wire_put_u64(w, in->change_time);
	wire_put_u64(w, in->allocation_size);
	wire_put_u64(w, in->end_of_file);
	wire_put_u32(w, in->file_attributes);
}
