/* smb2/sign.h - signatures ([MS-SMB2] 3.1.4.1, 3.1.5.1).
 *
 * A message is an array of pieces of which the first holds at least the whole
 * header; the array covers the message and the padding behind it in a
 * compound, and nothing else. */
#ifndef SMB2_SIGN_H
#define SMB2_SIGN_H

#include <sys/uio.h>
#include <talloc.h>

#include "smb2/header.h"

/* One key, one algorithm; signs and verifies in both directions. */
struct smb2_signer;

/* The algorithm that a dialect implies; negotiated counts for 3.1.1 only. */
enum smb2_signing_algorithm smb2_signing_for_dialect(
	uint16_t dialect, enum smb2_signing_algorithm negotiated);

/* key is copied into the prepared cipher; freed with the result.  NO_MEMORY,
 * or NOT_SUPPORTED for an algorithm that is none. */
MUST_CHECK NTSTATUS smb2_signer_new(TALLOC_CTX *mem_ctx,
				    enum smb2_signing_algorithm algorithm,
				    const uint8_t key[16],
				    struct smb2_signer **out);

/* Sets SMB2_FLAGS_SIGNED and the signature in the header at the start of
 * iov[0]. */
MUST_CHECK NTSTATUS smb2_sign(struct smb2_signer *signer, struct iovec *iov,
			      size_t count);

/* ACCESS_DENIED when the signature is another (compared in constant time).
 * The message is not changed; the flag is the caller's to look at. */
MUST_CHECK NTSTATUS smb2_verify(struct smb2_signer *signer,
				const struct iovec *iov, size_t count);

/* The same for a message in one piece. */
MUST_CHECK NTSTATUS smb2_verify_pdu(struct smb2_signer *signer,
				    struct wire_reader pdu);

#endif
