/* smb2/seal.c - the transform header and encryption.
 *
 *	ProtocolId 4, Signature 16, Nonce 16, OriginalMessageSize 4,
 *	Reserved 2, Flags/EncryptionAlgorithm 2, SessionId 8
 *
 * All behind the signature is authenticated with the message (3.1.4.3). */
#include "smb2/seal.h"

#include <string.h>

#include "lib/assert.h"
#include "lib/crypto.h"
#include "smb2/body.h"

#define TAG_AT	 4
#define NONCE_AT 20
#define AD_SIZE	 (SMB2_TRANSFORM_HEADER_SIZE - NONCE_AT)

struct smb2_sealer {
	struct aead *aead;
	size_t nonce_size;
	/* The nonce is the counter, then random bytes that stay.  The counter
	 * begins at a random place, so that two sealers of one key, should
	 * there ever be two, do not meet; it stops before it is there again. */
	uint64_t counter;
	uint64_t first;
	uint8_t random[AEAD_MAX_NONCE_SIZE - sizeof(uint64_t)];
};

NTSTATUS smb2_transform_decode(struct wire_reader frame,
			       struct smb2_transform_header *out)
{
	struct smb2_transform_header h = {0};
	uint32_t protocol_id;

	frame.pos = 0;
	protocol_id = wire_u32(&frame);
	wire_bytes(&frame, h.signature, sizeof(h.signature));
	wire_bytes(&frame, h.nonce, sizeof(h.nonce));
	h.original_message_size = wire_u32(&frame);
	wire_skip(&frame, 2); /* Reserved */
	h.flags = wire_u16(&frame);
	h.session_id = wire_u64(&frame);
	if (wire_left(&frame) == 0 ||
	    protocol_id != SMB2_TRANSFORM_PROTOCOL_ID ||
	    h.flags != SMB2_TRANSFORM_FLAG_ENCRYPTED) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = h;
	return NT_STATUS_OK;
}

void smb2_transform_encode(struct wire_writer *w,
			   const struct smb2_transform_header *h)
{
	wire_put_u32(w, SMB2_TRANSFORM_PROTOCOL_ID);
	wire_put_bytes(w, h->signature, sizeof(h->signature));
	wire_put_bytes(w, h->nonce, sizeof(h->nonce));
	wire_put_u32(w, h->original_message_size);
	wire_put_u16(w, 0); /* Reserved */
	wire_put_u16(w, h->flags);
	wire_put_u64(w, h->session_id);
}

static NTSTATUS aead_for(enum smb2_cipher cipher, enum aead_algorithm *out)
{
	switch (cipher) {
	case SMB2_ENCRYPTION_AES128_CCM:
		*out = AEAD_AES128_CCM;
		return NT_STATUS_OK;
	case SMB2_ENCRYPTION_AES128_GCM:
		*out = AEAD_AES128_GCM;
		return NT_STATUS_OK;
	case SMB2_ENCRYPTION_AES256_CCM:
		*out = AEAD_AES256_CCM;
		return NT_STATUS_OK;
	case SMB2_ENCRYPTION_AES256_GCM:
		*out = AEAD_AES256_GCM;
		return NT_STATUS_OK;
	case SMB2_ENCRYPTION_NONE:
		break;
	}
	return NT_STATUS(NOT_SUPPORTED);
}

NTSTATUS smb2_sealer_new(TALLOC_CTX *mem_ctx, enum smb2_cipher cipher,
			 const uint8_t *key, struct smb2_sealer **out)
{
	struct smb2_sealer *s;
	enum aead_algorithm algorithm;
	NTSTATUS status = aead_for(cipher, &algorithm);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	s = talloc_zero(mem_ctx, struct smb2_sealer);
	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = aead_new(s, algorithm, key, &s->aead);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(s);
		return status;
	}
	s->nonce_size = aead_nonce_size(algorithm);
	crypto_random(s->random, sizeof(s->random));
	crypto_random(&s->first, sizeof(s->first));
	s->counter = s->first;
	*out = s;
	return NT_STATUS_OK;
}

/* The next nonce; false when the counter is used up. */
static bool next_nonce(struct smb2_sealer *s, uint8_t nonce[16])
{
	if (s->counter + 1 == s->first) {
		return false;
	}
	s->counter++;
	for (size_t i = 0; i < sizeof(s->counter); i++) {
		nonce[i] = (uint8_t)(s->counter >> (8 * i));
	}
	memcpy(nonce + sizeof(s->counter), s->random,
	       s->nonce_size - sizeof(s->counter));
	return true;
}

static size_t total_length(const struct iovec *iov, size_t count)
{
	size_t total = 0;

	for (size_t i = 0; i < count; i++) {
		total += iov[i].iov_len;
	}
	return total;
}

NTSTATUS smb2_encrypt(struct smb2_sealer *sealer, uint64_t session_id,
		      struct iovec *iov, size_t count,
		      uint8_t out_header[SMB2_TRANSFORM_HEADER_SIZE])
{
	struct smb2_transform_header h = {.flags =
						  SMB2_TRANSFORM_FLAG_ENCRYPTED,
					  .session_id = session_id};
	struct wire_writer w =
		wire_writer_fixed(out_header, SMB2_TRANSFORM_HEADER_SIZE);

	if (!next_nonce(sealer, h.nonce)) {
		return NT_STATUS(ENCRYPTION_FAILED);
	}
	h.original_message_size = (uint32_t)total_length(iov, count);
	smb2_transform_encode(&w, &h);
	ASSERT(wire_writer_ok(&w));
	return aead_encrypt(sealer->aead, h.nonce, out_header + NONCE_AT,
			    AD_SIZE, iov, count, out_header + TAG_AT);
}

NTSTATUS smb2_decrypt(struct smb2_sealer *sealer, uint8_t *frame, size_t length,
		      struct wire_reader *out_plain)
{
	struct smb2_transform_header h;
	struct iovec iov;
	NTSTATUS status = smb2_transform_decode(wire_reader(frame, length), &h);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	iov.iov_base = frame + SMB2_TRANSFORM_HEADER_SIZE;
	iov.iov_len = length - SMB2_TRANSFORM_HEADER_SIZE;
	if (h.original_message_size != iov.iov_len) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	status = aead_decrypt(sealer->aead, h.nonce, frame + NONCE_AT, AD_SIZE,
			      &iov, 1, h.signature);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	*out_plain = wire_reader(iov.iov_base, iov.iov_len);
	return NT_STATUS_OK;
}
