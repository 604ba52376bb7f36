/* smb2/body.c - what the decoders and encoders of this folder share. */
#include "smb2/body.h"

#include "lib/assert.h"

struct wire_reader smb2_body(struct wire_reader pdu, uint16_t structure_size)
{
	size_t fixed = structure_size & 0xfffeu;

	pdu.pos = 0;
	wire_seek(&pdu, SMB2_HEADER_SIZE);
	if (wire_left(&pdu) < fixed || wire_u16(&pdu) != structure_size) {
		pdu.failed = true;
	}
	return pdu;
}

uint16_t smb2_structure_size(struct wire_reader pdu)
{
	pdu.pos = 0;
	wire_seek(&pdu, SMB2_HEADER_SIZE);
	return wire_u16(&pdu);
}

struct wire_reader smb2_buffer(struct wire_reader *r, size_t offset,
			       size_t length)
{
	if (length > 0 && offset < r->pos) {
		r->failed = true;
	}
	return wire_field(r, offset, length);
}

size_t smb2_base(const struct wire_writer *w)
{
	if (w->failed) {
		return 0;
	}
	ASSERT(w->length >= SMB2_HEADER_SIZE);
	return w->length - SMB2_HEADER_SIZE;
}

void smb2_pad(struct wire_writer *w, size_t base, size_t n)
{
	if (!w->failed) {
		wire_put_zero(w,
			      (n - ((w->length - base) & (n - 1))) & (n - 1));
	}
}

void smb2_put_variable(struct wire_writer *w, struct wire_reader buffer)
{
	if (buffer.length == 0) {
		wire_put_u8(w, 0);
		return;
	}
	smb2_put(w, buffer);
}
