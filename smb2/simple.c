/* smb2/simple.c - bodies without anything in them. */
#include "smb2/simple.h"

#include "smb2/body.h"

void smb2_simple_encode(struct wire_writer *w)
{
	wire_put_u16(w, SMB2_SIMPLE_SIZE);
	wire_put_u16(w, 0); /* Reserved */
}

NTSTATUS smb2_simple_decode(struct wire_reader pdu)
{
	struct wire_reader r = smb2_body(pdu, SMB2_SIMPLE_SIZE);

	return smb2_check(&r);
}
