/* smb2/header.h - the SMB2 header ([MS-SMB2] 2.2.1), file ids, and what all
 * messages of this folder have in common:
 *
 * A decoder takes a reader over one whole message, header included (its
 * position does not matter; offsets on the wire count from the header), checks
 * StructureSize and that every field lies within the message, and fills out on
 * success only.  It neither allocates nor copies: variable parts are lent
 * sub-readers into the message.  What cannot be decoded is INVALID_PARAMETER
 * unless said otherwise.  Which values make sense is the caller's to judge.
 *
 * An encoder appends the body to a writer that stands right behind the
 * message's header, wherever in the buffer that is; a writer that has failed
 * stays so and wire_finish tells.  Where a struct has a `data` member, the
 * encoder appends these bytes too, unless it is said that it takes a length
 * only: then they follow as an iovec of their own. */
#ifndef SMB2_HEADER_H
#define SMB2_HEADER_H

#include "lib/wire.h"
#include "smb2/constants.h"

struct smb2_header {
	uint16_t credit_charge;
	/* Of a response.  In a request of 3.x it holds the ChannelSequence. */
	NTSTATUS status;
	uint16_t command; /* enum smb2_command, or what a peer made up */
	uint16_t credits; /* requested or granted */
	uint32_t flags;
	uint32_t next_command;
	uint64_t message_id;
	uint64_t async_id; /* when flags has SMB2_FLAGS_ASYNC_COMMAND; else: */
	uint32_t process_id; /* Reserved */
	uint32_t tree_id;
	uint64_t session_id;
	uint8_t signature[SMB2_SIGNATURE_SIZE];
};

/* Reads the header at the start of r.  INVALID_PARAMETER when there are fewer
 * than 64 bytes, or ProtocolId or StructureSize are not those of SMB2. */
MUST_CHECK NTSTATUS smb2_header_decode(struct wire_reader r,
				       struct smb2_header *out);

/* Appends the 64 bytes. */
void smb2_header_encode(struct wire_writer *w, const struct smb2_header *h);

/* ChannelSequence of a 3.x request (2.2.1.2). */
static inline uint16_t smb2_channel_sequence(const struct smb2_header *h)
{
	return (uint16_t)(h->status.v & 0xffff);
}

static inline bool smb2_is_response(const struct smb2_header *h)
{
	return (h->flags & SMB2_FLAGS_SERVER_TO_REDIR) != 0;
}

/* ProtocolId of a frame: SMB2_PROTOCOL_ID, ...; 0 with fewer than 4 bytes. */
uint32_t smb2_protocol_id(struct wire_reader frame);

/* "SMB2_CREATE" and so on; "?" for what is none. */
const char *smb2_command_name(unsigned int command);

/* --- SMB2_FILEID (2.2.14.1) ---------------------------------------------- */

struct smb2_file_id {
	uint64_t persistent_id;
	uint64_t volatile_id;
};

/* All ones: "the handle of the previous operation" in a related compound. */
#define SMB2_FILE_ID_RELATED ((struct smb2_file_id){UINT64_MAX, UINT64_MAX})

struct smb2_file_id smb2_file_id_read(struct wire_reader *r);
void smb2_file_id_put(struct wire_writer *w, const struct smb2_file_id *id);
bool smb2_file_id_is_related(const struct smb2_file_id *id);

/* --- direct TCP transport (2.1) ------------------------------------------ */

#define SMB2_TRANSPORT_HEADER_SIZE 4
#define SMB2_TRANSPORT_MAX	   0xffffffu

/* The length that four bytes from a stream announce; INVALID_PARAMETER when
 * the first byte is not zero (a NetBIOS packet that is no session message). */
MUST_CHECK NTSTATUS smb2_transport_decode(const uint8_t header[4],
					  size_t *out_length);
/* length <= SMB2_TRANSPORT_MAX is asserted. */
void smb2_transport_encode(size_t length, uint8_t out_header[4]);

#endif
