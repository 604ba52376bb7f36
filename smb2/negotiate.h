/* smb2/negotiate.h - SMB2 NEGOTIATE ([MS-SMB2] 2.2.3, 2.2.4), the SMB1
 * multi-protocol negotiate that may precede it, and
 * FSCTL_VALIDATE_NEGOTIATE_INFO (2.2.31.4, 2.2.32.6). */
#ifndef SMB2_NEGOTIATE_H
#define SMB2_NEGOTIATE_H

#include "lib/guid.h"
#include "lib/nttime.h"
#include "smb2/header.h"

#define SMB2_MAX_DIALECTS 64 /* more than any client sends */

struct smb2_negotiate_request {
	uint16_t security_mode;
	uint32_t capabilities;
	struct guid client_guid;
	uint16_t dialect_count; /* 1 .. SMB2_MAX_DIALECTS */
	uint16_t dialects[SMB2_MAX_DIALECTS];
	/* Only when 0x0311 is among the dialects; see negotiate_contexts.h */
	uint16_t context_count;
	struct wire_reader contexts;
};

/* DialectCount 0 or beyond what is there gives INVALID_PARAMETER; dialects
 * beyond SMB2_MAX_DIALECTS are not looked at. */
MUST_CHECK NTSTATUS smb2_negotiate_request_decode(
	struct wire_reader pdu, struct smb2_negotiate_request *out);
void smb2_negotiate_request_encode(struct wire_writer *w,
				   const struct smb2_negotiate_request *in);

bool smb2_negotiate_has_dialect(const struct smb2_negotiate_request *in,
				uint16_t dialect);

struct smb2_negotiate_response {
	uint16_t security_mode;
	uint16_t dialect;
	struct guid server_guid;
	uint32_t capabilities;
	uint32_t max_transact_size;
	uint32_t max_read_size;
	uint32_t max_write_size;
	NTTIME system_time;
	NTTIME server_start_time;
	struct wire_reader security_buffer;
	uint16_t context_count; /* only when dialect is 0x0311 */
	struct wire_reader contexts;
};

MUST_CHECK NTSTATUS smb2_negotiate_response_decode(
	struct wire_reader pdu, struct smb2_negotiate_response *out);
void smb2_negotiate_response_encode(struct wire_writer *w,
				    const struct smb2_negotiate_response *in);

/* --- SMB1 SMB_COM_NEGOTIATE ([MS-SMB2] 3.3.5.3) -------------------------- */

struct smb1_negotiate {
	bool smb_2_002; /* "SMB 2.002" is offered */
	bool smb_2_xxx; /* "SMB 2.???" is offered */
};

/* frame: a whole SMB1 message.  INVALID_PARAMETER when it is not a well-formed
 * negotiate request. */
MUST_CHECK NTSTATUS smb1_negotiate_decode(struct wire_reader frame,
					  struct smb1_negotiate *out);
/* Appends a whole SMB1 message with "NT LM 0.12" and the dialects of in. */
void smb1_negotiate_encode(struct wire_writer *w,
			   const struct smb1_negotiate *in);

/* --- VALIDATE_NEGOTIATE_INFO --------------------------------------------- */

struct smb2_validate_negotiate_request {
	uint32_t capabilities;
	struct guid client_guid;
	uint16_t security_mode;
	uint16_t dialect_count;
	uint16_t dialects[SMB2_MAX_DIALECTS];
};

/* input: the input buffer of the IOCTL. */
MUST_CHECK NTSTATUS smb2_validate_negotiate_request_decode(
	struct wire_reader input, struct smb2_validate_negotiate_request *out);
void smb2_validate_negotiate_request_put(
	struct wire_writer *w,
	const struct smb2_validate_negotiate_request *in);

#define SMB2_VALIDATE_NEGOTIATE_RESPONSE_SIZE 24

struct smb2_validate_negotiate_response {
	uint32_t capabilities;
	struct guid server_guid;
	uint16_t security_mode;
	uint16_t dialect;
};

MUST_CHECK NTSTATUS smb2_validate_negotiate_response_decode(
	struct wire_reader output,
	struct smb2_validate_negotiate_response *out);
void smb2_validate_negotiate_response_put(
	struct wire_writer *w,
	const struct smb2_validate_negotiate_response *in);

#endif
