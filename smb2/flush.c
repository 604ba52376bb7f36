/* smb2/flush.c - SMB2 FLUSH ([MS-SMB2] 2.2.17). */
#include "smb2/flush.h"

#include "smb2/body.h"

#define REQUEST_SIZE 24

NTSTATUS smb2_flush_request_decode(struct wire_reader pdu,
				   struct smb2_flush_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_flush_request in = {0};

	in.reserved1 = wire_u16(&r);
	wire_skip(&r, 4); /* Reserved2 */
	in.id = smb2_file_id_read(&r);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_flush_request_encode(struct wire_writer *w,
			       const struct smb2_flush_request *in)
{
	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u16(w, in->reserved1);
	wire_put_u32(w, 0); /* Reserved2 */
	smb2_file_id_put(w, &in->id);
}
