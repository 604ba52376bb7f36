/* smb2/seal.h - the transform header and encryption ([MS-SMB2] 2.2.41,
 * 3.1.4.3, 3.3.5.2.1.1). */
#ifndef SMB2_SEAL_H
#define SMB2_SEAL_H

#include <sys/uio.h>
#include <talloc.h>

#include "smb2/header.h"

struct smb2_transform_header {
	uint8_t signature[SMB2_SIGNATURE_SIZE];
	uint8_t nonce[16];
	uint32_t original_message_size;
	uint16_t flags; /* SMB2_TRANSFORM_FLAG_ENCRYPTED */
	uint64_t session_id;
};

/* INVALID_PARAMETER unless frame begins with a transform header whose flags
 * are 1 and something follows it. */
MUST_CHECK NTSTATUS smb2_transform_decode(struct wire_reader frame,
					  struct smb2_transform_header *out);
void smb2_transform_encode(struct wire_writer *w,
			   const struct smb2_transform_header *h);

/* One key of one direction, and (to encrypt) its nonces: a counter that never
 * repeats and starts at a random place. */
struct smb2_sealer;

/* key has 16 bytes, 32 for the AES256 ciphers.  NO_MEMORY, or NOT_SUPPORTED
 * for a cipher that is none. */
MUST_CHECK NTSTATUS smb2_sealer_new(TALLOC_CTX *mem_ctx,
				    enum smb2_cipher cipher, const uint8_t *key,
				    struct smb2_sealer **out);

/* Encrypts the pieces of one frame (a message or a whole compound) where they
 * are and fills the transform header that goes before them.  The pieces must
 * be the process's own memory.  On failure (ENCRYPTION_FAILED) what is in them
 * is lost. */
MUST_CHECK NTSTATUS
smb2_encrypt(struct smb2_sealer *sealer, uint64_t session_id, struct iovec *iov,
	     size_t count, uint8_t out_header[SMB2_TRANSFORM_HEADER_SIZE]);

/* Decrypts frame (transform header included) where it is; out_plain is the
 * part behind the header.  ACCESS_DENIED when the tag is another,
 * INVALID_PARAMETER when OriginalMessageSize is not the size of what follows:
 * the connection is then to be dropped. */
MUST_CHECK NTSTATUS smb2_decrypt(struct smb2_sealer *sealer, uint8_t *frame,
				 size_t length, struct wire_reader *out_plain);

#endif
