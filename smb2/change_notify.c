/* smb2/change_notify.c - SMB2 CHANGE_NOTIFY ([MS-SMB2] 2.2.35). */
#include "smb2/change_notify.h"

#include "smb2/body.h"

#define REQUEST_SIZE 32

NTSTATUS smb2_change_notify_request_decode(
	struct wire_reader pdu, struct smb2_change_notify_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_change_notify_request in = {0};

	in.flags = wire_u16(&r);
	in.output_buffer_length = wire_u32(&r);
	in.id = smb2_file_id_read(&r);
	in.completion_filter = wire_u32(&r);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_change_notify_request_encode(
	struct wire_writer *w, const struct smb2_change_notify_request *in)
{
	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u16(w, in->flags);
	wire_put_u32(w, in->output_buffer_length);
	smb2_file_id_put(w, &in->id);
	wire_put_u32(w, in->completion_filter);
	wire_put_u32(w, 0); /* Reserved */
}
