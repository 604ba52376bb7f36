/* smb2/simple.h - the messages whose body is StructureSize 4 and two reserved
 * bytes: ECHO, CANCEL, LOGOFF, TREE_DISCONNECT both ways, and the responses to
 * FLUSH and LOCK ([MS-SMB2] 2.2.7, 2.2.8, 2.2.11, 2.2.12, 2.2.18, 2.2.27 to
 * 2.2.30). */
#ifndef SMB2_SIMPLE_H
#define SMB2_SIMPLE_H

#include "smb2/header.h"

#define SMB2_SIMPLE_SIZE 4

void smb2_simple_encode(struct wire_writer *w);
MUST_CHECK NTSTATUS smb2_simple_decode(struct wire_reader pdu);

#endif
