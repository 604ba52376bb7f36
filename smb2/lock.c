/* smb2/lock.c - SMB2 LOCK ([MS-SMB2] 2.2.26). */
#include "smb2/lock.h"

#include "smb2/body.h"

#define REQUEST_SIZE 48 /* with one element */
#define ELEMENT_SIZE 24

NTSTATUS smb2_lock_request_decode(struct wire_reader pdu,
				  struct smb2_lock_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_lock_request in = {0};
	uint32_t sequence;

	in.count = wire_u16(&r);
	sequence = wire_u32(&r);
	in.sequence_number = sequence & 0xf;
	in.sequence_index = sequence >> 4;
	in.id = smb2_file_id_read(&r);
	in.elements = smb2_buffer(&r, r.pos, (size_t)in.count * ELEMENT_SIZE);
	if (!wire_ok(&r) || in.count == 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

struct smb2_lock_element smb2_lock_element_read(struct wire_reader *elements)
{
	struct smb2_lock_element e;

	e.offset = wire_u64(elements);
	e.length = wire_u64(elements);
	e.flags = wire_u32(elements);
	wire_skip(elements, 4); /* Reserved */
	return e;
}

void smb2_lock_request_encode(struct wire_writer *w,
			      const struct smb2_lock_request *in,
			      const struct smb2_lock_element *elements,
			      uint16_t count)
{
	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u16(w, count);
	wire_put_u32(w, in->sequence_index << 4 | (in->sequence_number & 0xf));
	smb2_file_id_put(w, &in->id);
	for (uint16_t i = 0; i < count; i++) {
		wire_put_u64(w, elements[i].offset);
		wire_put_u64(w, elements[i].length);
		wire_put_u32(w, elements[i].flags);
		wire_put_u32(w, 0); /* Reserved */
	}
}
