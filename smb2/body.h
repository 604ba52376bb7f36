/* smb2/body.h - what the decoders and encoders of this folder share; nobody
 * else includes it. */
#ifndef SMB2_BODY_H
#define SMB2_BODY_H

#include "smb2/header.h"

/* A reader over pdu that stands behind the StructureSize of its body.  It has
 * failed when that is another, or when the fixed part (structure_size without
 * its lowest bit, which stands for a variable part) is not all there. */
struct wire_reader smb2_body(struct wire_reader pdu, uint16_t structure_size);

/* StructureSize of the body; 0 when there is none. */
uint16_t smb2_structure_size(struct wire_reader pdu);

/* The variable part at offset from the header.  Call it when r stands behind
 * the fixed part: a part that begins before that fails r. */
struct wire_reader smb2_buffer(struct wire_reader *r, size_t offset,
			       size_t length);

/* Where the header of the message begins behind whose header w stands. */
size_t smb2_base(const struct wire_writer *w);

/* Zeros up to a multiple of n from base. */
void smb2_pad(struct wire_writer *w, size_t base, size_t n);

/* The bytes of a lent buffer. */
static inline void smb2_put(struct wire_writer *w, struct wire_reader buffer)
{
	wire_put_bytes(w, buffer.data, buffer.length);
}

/* The same, or one zero: bodies with an odd StructureSize have a variable part
 * of at least one byte. */
void smb2_put_variable(struct wire_writer *w, struct wire_reader buffer);

/* OK, or INVALID_PARAMETER when r has failed. */
static inline NTSTATUS smb2_check(const struct wire_reader *r)
{
	return wire_ok(r) ? NT_STATUS_OK : NT_STATUS(INVALID_PARAMETER);
}

#endif
