/* smb2/compound.h - the messages of one frame ([MS-SMB2] 3.3.5.2.7). */
#ifndef SMB2_COMPOUND_H
#define SMB2_COMPOUND_H

#include "smb2/header.h"

struct smb2_compound {
	struct wire_reader frame; /* its position: the next message */
	bool done;
};

/* The walk over a frame without transform header and transport length. */
struct smb2_compound smb2_compound(struct wire_reader frame);

/* True when another message follows. */
static inline bool smb2_compound_more(const struct smb2_compound *c)
{
	return !c->done;
}

/* The next message: out_pdu is lent and covers it with the padding up to the
 * next one (the signature does too), out_header is its header.  NO_MORE_FILES
 * behind the last.  INVALID_PARAMETER, and an end of the walk, when there is
 * no valid header, when NextCommand is not a multiple of 8, is less than a
 * header or leaves less than a header in the frame: the connection is then to
 * be dropped. */
MUST_CHECK NTSTATUS smb2_compound_next(struct smb2_compound *c,
				       struct smb2_header *out_header,
				       struct wire_reader *out_pdu);

#endif
