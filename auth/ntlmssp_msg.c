/* auth/ntlmssp_msg.c - NTLM messages to and from the wire.  A message is a
 * fixed head whose fields (length, maximum, offset) point into a payload in
 * any order, with gaps and overlaps allowed. */
#include "auth/ntlmssp_msg.h"

#include <string.h>

enum message_type {
	MESSAGE_NEGOTIATE = 1,
	MESSAGE_CHALLENGE = 2,
	MESSAGE_AUTHENTICATE = 3
};

static const char signature[8] = "NTLMSSP";

bool ntlmssp_is_message(struct blob token)
{
	return token.length >= sizeof(signature) &&
	       memcmp(token.data, signature, sizeof(signature)) == 0;
}

/* Opens a reader behind signature and type; failed if they are others. */
static struct wire_reader message_reader(struct blob in, enum message_type type)
{
	struct wire_reader r = wire_reader(in.data, in.length);

	wire_skip(&r, sizeof(signature));
	if (!ntlmssp_is_message(in) || wire_u32(&r) != (uint32_t)type) {
		r.failed = true;
	}
	return r;
}

/* Reads a field's length and offset and gives what they point to. */
static struct blob read_field(struct wire_reader *r)
{
	uint16_t length = wire_u16(r);
	struct wire_reader field;
	uint32_t offset;

	wire_skip(r, 2); /* the maximum MUST be ignored on receipt */
	offset = wire_u32(r);
	field = wire_field(r, offset, length);
	return (struct blob){(uint8_t *)wire_view(&field, length), length};
}

static void put_head(struct wire_writer *w, enum message_type type)
{
	wire_put_bytes(w, signature, sizeof(signature));
	wire_put_u32(w, (uint32_t)type);
}

/* Writes a field for value, which will lie at *offset, and moves that on. */
static void put_field(struct wire_writer *w, struct blob value, size_t *offset)
{
	wire_put_u16(w, (uint16_t)value.length);
	wire_put_u16(w, (uint16_t)value.length);
	wire_put_u32(w, (uint32_t)*offset);
	*offset += value.length;
}

/* [MS-NLMP] 2.2.2.10: for debugging only; the last byte is the revision. */
static void put_version(struct wire_writer *w)
{
	static const uint8_t version[8] = {6, 1, 0, 0, 0, 0, 0, 15};

	wire_put_bytes(w, version, sizeof(version));
}

NTSTATUS ntlmssp_negotiate_decode(struct blob in, uint32_t *out_flags)
{
	struct wire_reader r = message_reader(in, MESSAGE_NEGOTIATE);
	uint32_t flags = wire_u32(&r);

	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out_flags = flags;
	return NT_STATUS_OK;
}

NTSTATUS ntlmssp_negotiate_encode(TALLOC_CTX *mem_ctx, uint32_t flags,
				  struct blob *out)
{
	struct wire_writer w = wire_writer(mem_ctx, NTLMSSP_MAX_SIZE);
	const struct blob none = {NULL, 0};
	size_t offset = 40;

	put_head(&w, MESSAGE_NEGOTIATE);
	wire_put_u32(&w, flags);
	put_field(&w, none, &offset); /* domain */
	put_field(&w, none, &offset); /* workstation */
	put_version(&w);
	return wire_finish(&w, out);
}

NTSTATUS ntlmssp_challenge_decode(struct blob in, struct ntlmssp_challenge *out)
{
	struct wire_reader r = message_reader(in, MESSAGE_CHALLENGE);
	struct ntlmssp_challenge msg = {0};

	msg.target_name = read_field(&r);
	msg.flags = wire_u32(&r);
	wire_bytes(&r, msg.challenge, sizeof(msg.challenge));
	wire_skip(&r, 8);
	msg.target_info = read_field(&r);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = msg;
	return NT_STATUS_OK;
}

NTSTATUS ntlmssp_challenge_encode(TALLOC_CTX *mem_ctx,
				  const struct ntlmssp_challenge *in,
				  struct blob *out)
{
	struct wire_writer w = wire_writer(mem_ctx, NTLMSSP_MAX_SIZE);
	size_t offset = 56;

	put_head(&w, MESSAGE_CHALLENGE);
	put_field(&w, in->target_name, &offset);
	wire_put_u32(&w, in->flags);
	wire_put_bytes(&w, in->challenge, sizeof(in->challenge));
	wire_put_zero(&w, 8);
	put_field(&w, in->target_info, &offset);
	put_version(&w);
	wire_put_bytes(&w, in->target_name.data, in->target_name.length);
	wire_put_bytes(&w, in->target_info.data, in->target_info.length);
	return wire_finish(&w, out);
}

/* Old clients leave out Version and MIC; what lies there then is payload and
 * counts as a MIC only when the signed AV pairs say that there is one. */
static void read_mic(struct blob in, struct ntlmssp_authenticate *msg)
{
	struct wire_reader r = wire_reader(in.data, in.length);

	wire_skip(&r, NTLMSSP_MIC_OFFSET);
	wire_bytes(&r, msg->mic, sizeof(msg->mic));
	msg->has_mic_field = wire_ok(&r);
}

NTSTATUS ntlmssp_authenticate_decode(struct blob in,
				     struct ntlmssp_authenticate *out)
{
	struct wire_reader r = message_reader(in, MESSAGE_AUTHENTICATE);
	struct ntlmssp_authenticate msg = {0};

	msg.lm_response = read_field(&r);
	msg.nt_response = read_field(&r);
	msg.domain = read_field(&r);
	msg.user = read_field(&r);
	msg.workstation = read_field(&r);
	msg.session_key = read_field(&r);
	msg.flags = wire_u32(&r);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	read_mic(in, &msg);
	*out = msg;
	return NT_STATUS_OK;
}

NTSTATUS ntlmssp_authenticate_encode(TALLOC_CTX *mem_ctx,
				     const struct ntlmssp_authenticate *in,
				     struct blob *out)
{
	/* In the order of their fields in the head. */
	const struct blob *payload[] = {&in->lm_response, &in->nt_response,
					&in->domain,	  &in->user,
					&in->workstation, &in->session_key};
	const size_t n = sizeof(payload) / sizeof(payload[0]);
	struct wire_writer w = wire_writer(mem_ctx, NTLMSSP_MAX_SIZE);
	size_t offset = NTLMSSP_MIC_OFFSET + NTLMSSP_MIC_SIZE;

	put_head(&w, MESSAGE_AUTHENTICATE);
	for (size_t i = 0; i < n; i++) {
		put_field(&w, *payload[i], &offset);
	}
	wire_put_u32(&w, in->flags);
	put_version(&w);
	wire_put_bytes(&w, in->mic, sizeof(in->mic));
	for (size_t i = 0; i < n; i++) {
		wire_put_bytes(&w, payload[i]->data, payload[i]->length);
	}
	return wire_finish(&w, out);
}

NTSTATUS ntlmssp_v2_response_decode(struct blob in,
				    struct ntlmssp_v2_response *out)
{
	struct wire_reader r = wire_reader(in.data, in.length);
	struct ntlmssp_v2_response v2 = {0};

	wire_bytes(&r, v2.proof, sizeof(v2.proof));
	v2.client_challenge.length = wire_left(&r);
	v2.client_challenge.data =
		(uint8_t *)wire_view(&r, v2.client_challenge.length);

	wire_seek(&r, NTLMSSP_PROOF_SIZE);
	if (wire_u8(&r) != 1 || wire_u8(&r) != 1) { /* 2.2.2.7: RespType */
		return NT_STATUS(INVALID_PARAMETER);
	}
	wire_skip(&r, 6);
	v2.time = wire_u64(&r);
	wire_skip(&r, 8 + 4);
	v2.av_pairs.length = wire_left(&r);
	v2.av_pairs.data = (uint8_t *)wire_view(&r, v2.av_pairs.length);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = v2;
	return NT_STATUS_OK;
}
