/* smb2/smb1_negotiate.c - the one SMB1 message that is understood: a
 * negotiate that offers SMB2 ([MS-SMB2] 3.3.5.3).
 *
 * A header of 32 bytes (0xFF "SMB", the command 0x72, ...), WordCount 0,
 * ByteCount, and dialects: a byte 2, then a NUL-terminated string each. */
#include "smb2/negotiate.h"

#include <string.h>

#define SMB1_HEADER_SIZE   32
#define SMB1_COM_NEGOTIATE 0x72
#define SMB1_DIALECT	   0x02

/* The next dialect, NUL-terminated and lent; NULL (and r failed) when there is
 * no whole one. */
static const char *next_dialect(struct wire_reader *r)
{
	size_t start;

	if (wire_u8(r) != SMB1_DIALECT) {
		r->failed = true;
	}
	start = r->pos;
	while (wire_u8(r) != 0) {
	}
	return wire_ok(r) ? (const char *)r->data + start : NULL;
}

NTSTATUS smb1_negotiate_decode(struct wire_reader frame,
			       struct smb1_negotiate *out)
{
	struct smb1_negotiate in = {0};
	struct wire_reader dialects;
	uint16_t byte_count;

	frame.pos = 0;
	if (wire_u32(&frame) != SMB1_PROTOCOL_ID ||
	    wire_u8(&frame) != SMB1_COM_NEGOTIATE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	wire_seek(&frame, SMB1_HEADER_SIZE);
	if (wire_u8(&frame) != 0) { /* WordCount */
		return NT_STATUS(INVALID_PARAMETER);
	}
	byte_count = wire_u16(&frame);
	dialects = wire_field(&frame, frame.pos, byte_count);
	while (wire_left(&dialects) > 0) {
		const char *dialect = next_dialect(&dialects);

		if (dialect == NULL) {
			return NT_STATUS(INVALID_PARAMETER);
		}
		in.smb_2_002 |= strcmp(dialect, "SMB 2.002") == 0;
		in.smb_2_xxx |= strcmp(dialect, "SMB 2.???") == 0;
	}
	if (!wire_ok(&frame)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

static void put_dialect(struct wire_writer *w, const char *dialect)
{
	wire_put_u8(w, SMB1_DIALECT);
	wire_put_bytes(w, dialect, strlen(dialect) + 1);
}

void smb1_negotiate_encode(struct wire_writer *w,
			   const struct smb1_negotiate *in)
{
	size_t count;

	wire_put_u32(w, SMB1_PROTOCOL_ID);
	wire_put_u8(w, SMB1_COM_NEGOTIATE);
	wire_put_u32(w, 0);	 /* Status */
	wire_put_u8(w, 0x18);	 /* Flags: canonical, case-insensitive */
	wire_put_u16(w, 0xc853); /* Flags2: Unicode, NT status, ... */
	wire_put_zero(w, 12);	 /* PIDHigh, SecurityFeatures, Reserved */
	wire_put_u16(w, 0xffff); /* TID */
	wire_put_u16(w, 0xfeff); /* PIDLow */
	wire_put_u16(w, 0);	 /* UID */
	wire_put_u16(w, 0);	 /* MID */
	wire_put_u8(w, 0);	 /* WordCount */
	count = w->length;
	wire_put_u16(w, 0);
	put_dialect(w, "NT LM 0.12");
	if (in->smb_2_002) {
		put_dialect(w, "SMB 2.002");
	}
	if (in->smb_2_xxx) {
		put_dialect(w, "SMB 2.???");
	}
	wire_patch_u16(w, count, (uint16_t)(w->length - count - 2));
}
