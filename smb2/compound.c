/* smb2/compound.c - the messages of one frame. */
#include "smb2/compound.h"

struct smb2_compound smb2_compound(struct wire_reader frame)
{
	frame.pos = 0;
	return (struct smb2_compound){.frame = frame};
}

/* Whether another message can begin next_command bytes behind one that has
 * left bytes to the end of the frame. */
static bool next_is_valid(uint32_t next_command, size_t left)
{
	return next_command % 8 == 0 && next_command >= SMB2_HEADER_SIZE &&
	       next_command <= left && left - next_command >= SMB2_HEADER_SIZE;
}

NTSTATUS smb2_compound_next(struct smb2_compound *c,
			    struct smb2_header *out_header,
			    struct wire_reader *out_pdu)
{
	size_t left = wire_left(&c->frame);
	struct wire_reader pdu;
	struct smb2_header h;
	NTSTATUS status;

	if (c->done) {
		return NT_STATUS(NO_MORE_FILES);
	}
	c->done = true;
	pdu = wire_field(&c->frame, c->frame.pos, left);
	status = smb2_header_decode(pdu, &h);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (h.next_command != 0) {
		if (!next_is_valid(h.next_command, left)) {
			return NT_STATUS(INVALID_PARAMETER);
		}
		pdu.length = h.next_command;
		c->done = false;
	}
	wire_skip(&c->frame, pdu.length);
	*out_header = h;
	*out_pdu = pdu;
	return NT_STATUS_OK;
}
