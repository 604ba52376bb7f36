/* smb2/buffer_response.h - the response that is one output buffer:
 * QUERY_DIRECTORY, CHANGE_NOTIFY and QUERY_INFO ([MS-SMB2] 2.2.34, 2.2.36,
 * 2.2.38). */
#ifndef SMB2_BUFFER_RESPONSE_H
#define SMB2_BUFFER_RESPONSE_H

#include "smb2/header.h"

/* Where the buffer begins, from the header on: right behind what
 * smb2_buffer_response_encode writes. */
#define SMB2_BUFFER_RESPONSE_DATA (SMB2_HEADER_SIZE + 8)

/* The fixed part for length bytes, which follow it. */
void smb2_buffer_response_encode(struct wire_writer *w, uint32_t length);

MUST_CHECK NTSTATUS smb2_buffer_response_decode(struct wire_reader pdu,
						struct wire_reader *out_buffer);

#endif
