/* smb2/copychunk.h - server-side copies: SRV_COPYCHUNK_COPY,
 * SRV_COPYCHUNK_RESPONSE, SRV_REQUEST_RESUME_KEY ([MS-SMB2] 2.2.31.1,
 * 2.2.32.1, 2.2.32.3). */
#ifndef SMB2_COPYCHUNK_H
#define SMB2_COPYCHUNK_H

#include "smb2/header.h"

#define SMB2_RESUME_KEY_SIZE	      24
#define SMB2_RESUME_KEY_RESPONSE_SIZE 32
#define SMB2_COPYCHUNK_RESPONSE_SIZE  12

struct smb2_copychunk_copy {
	uint8_t source_key[SMB2_RESUME_KEY_SIZE];
	uint32_t chunk_count;
	struct wire_reader chunks; /* chunk_count, or fewer: malformed */
};

struct smb2_copychunk {
	uint64_t source_offset;
	uint64_t target_offset;
	uint32_t length;
};

struct smb2_copychunk_response {
	uint32_t chunks_written;
	uint32_t chunk_bytes_written;
	uint32_t total_bytes_written;
};

/* INVALID_PARAMETER when in is too short for all but the chunks. */
MUST_CHECK NTSTATUS smb2_copychunk_copy_decode(struct wire_reader in,
					       struct smb2_copychunk_copy *out);
/* The next of in->chunks.  INVALID_PARAMETER when it is not all there. */
MUST_CHECK NTSTATUS smb2_copychunk_next(struct wire_reader *chunks,
					struct smb2_copychunk *out);

void smb2_copychunk_response_put(struct wire_writer *w,
				 const struct smb2_copychunk_response *in);
void smb2_resume_key_put(struct wire_writer *w,
			 const uint8_t key[SMB2_RESUME_KEY_SIZE]);

#endif
