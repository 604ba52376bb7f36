/* smb2/sign.c - signatures ([MS-SMB2] 3.1.4.1, 3.1.5.1). */
#include "smb2/sign.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/crypto.h"

#define NONCE_SIZE	12
#define MAX_PIECES	61
#define AFTER_SIGNATURE (SMB2_SIGNATURE_OFFSET + SMB2_SIGNATURE_SIZE)

/* Offsets in the header. */
#define COMMAND_AT    12
#define FLAGS_AT      16
#define MESSAGE_ID_AT 24

struct smb2_signer {
	struct mac *mac;
};

enum smb2_signing_algorithm smb2_signing_for_dialect(
	uint16_t dialect, enum smb2_signing_algorithm negotiated)
{
	if (dialect < SMB2_DIALECT_300) {
		return SMB2_SIGNING_HMAC_SHA256;
	}
	return dialect == SMB2_DIALECT_311 ? negotiated : SMB2_SIGNING_AES_CMAC;
}

static NTSTATUS mac_algorithm(enum smb2_signing_algorithm algorithm,
			      enum mac_algorithm *out)
{
	switch (algorithm) {
	case SMB2_SIGNING_HMAC_SHA256:
		*out = MAC_HMAC_SHA256;
		return NT_STATUS_OK;
	case SMB2_SIGNING_AES_CMAC:
		*out = MAC_AES128_CMAC;
		return NT_STATUS_OK;
	case SMB2_SIGNING_AES_GMAC:
		*out = MAC_AES128_GMAC;
		return NT_STATUS_OK;
	}
	return NT_STATUS(NOT_SUPPORTED);
}

NTSTATUS smb2_signer_new(TALLOC_CTX *mem_ctx,
			 enum smb2_signing_algorithm algorithm,
			 const uint8_t key[16], struct smb2_signer **out)
{
	struct smb2_signer *s;
	enum mac_algorithm mac;
	NTSTATUS status = mac_algorithm(algorithm, &mac);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	s = talloc_zero(mem_ctx, struct smb2_signer);
	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = mac_new(s, mac, key, 16, &s->mac);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(s);
		return status;
	}
	*out = s;
	return NT_STATUS_OK;
}

/* 3.1.4.1: MessageId, then a bit for who sent it and one for CANCEL. */
static void gmac_nonce(const uint8_t *header, uint8_t nonce[NONCE_SIZE])
{
	bool cancel = header[COMMAND_AT] == SMB2_CANCEL &&
		      header[COMMAND_AT + 1] == 0;
	bool server = (header[FLAGS_AT] & SMB2_FLAGS_SERVER_TO_REDIR) != 0;

	memset(nonce, 0, NONCE_SIZE);
	memcpy(nonce, header + MESSAGE_ID_AT, 8);
	nonce[8] = (uint8_t)((server ? 1 : 0) | (cancel && !server ? 2 : 0));
}

/* The code of the message with zeros where the signature goes. */
static NTSTATUS compute(struct smb2_signer *s, const struct iovec *iov,
			size_t count, uint8_t out[SMB2_SIGNATURE_SIZE])
{
	static const uint8_t zeros[SMB2_SIGNATURE_SIZE];
	uint8_t *header = iov[0].iov_base;
	uint8_t nonce[NONCE_SIZE];
	struct iovec pieces[3 + MAX_PIECES - 1];

	ASSERT(count > 0 && count <= MAX_PIECES);
	ASSERT(iov[0].iov_len >= SMB2_HEADER_SIZE);
	gmac_nonce(header, nonce);
	pieces[0] = (struct iovec){header, SMB2_SIGNATURE_OFFSET};
	pieces[1] = (struct iovec){(void *)zeros, sizeof(zeros)};
	pieces[2] = (struct iovec){header + AFTER_SIGNATURE,
				   iov[0].iov_len - AFTER_SIGNATURE};
	memcpy(&pieces[3], &iov[1], (count - 1) * sizeof(*iov));
	return mac_compute(s->mac, nonce, pieces, count + 2, out);
}

NTSTATUS smb2_sign(struct smb2_signer *signer, struct iovec *iov, size_t count)
{
	uint8_t *header = iov[0].iov_base;
	uint8_t signature[SMB2_SIGNATURE_SIZE];
	NTSTATUS status;

	header[FLAGS_AT] |= SMB2_FLAGS_SIGNED;
	status = compute(signer, iov, count, signature);
	if (NT_STATUS_IS_OK(status)) {
		memcpy(header + SMB2_SIGNATURE_OFFSET, signature,
		       sizeof(signature));
	}
	return status;
}

NTSTATUS smb2_verify(struct smb2_signer *signer, const struct iovec *iov,
		     size_t count)
{
	const uint8_t *header = iov[0].iov_base;
	uint8_t signature[SMB2_SIGNATURE_SIZE];
	NTSTATUS status = compute(signer, iov, count, signature);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!crypto_equal(header + SMB2_SIGNATURE_OFFSET, signature,
			  sizeof(signature))) {
		return NT_STATUS(ACCESS_DENIED);
	}
	return NT_STATUS_OK;
}

NTSTATUS smb2_verify_pdu(struct smb2_signer *signer, struct wire_reader pdu)
{
	struct iovec iov = {(void *)pdu.data, pdu.length};

	return smb2_verify(signer, &iov, 1);
}
