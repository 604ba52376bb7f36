/* smb2/negotiate.c - SMB2 NEGOTIATE ([MS-SMB2] 2.2.3, 2.2.4) and
 * VALIDATE_NEGOTIATE_INFO (2.2.31.4, 2.2.32.6). */
#include "smb2/negotiate.h"

#include "smb2/body.h"

#define REQUEST_SIZE  36
#define RESPONSE_SIZE 65

/* count dialects from r on, as many as fit into out; gives their number. */
static uint16_t read_dialects(struct wire_reader *r, uint16_t count,
			      uint16_t out[SMB2_MAX_DIALECTS])
{
	uint16_t kept = count < SMB2_MAX_DIALECTS ? count : SMB2_MAX_DIALECTS;

	if (count == 0 || wire_left(r) < 2 * (size_t)count) {
		r->failed = true;
		return 0;
	}
	for (uint16_t i = 0; i < kept; i++) {
		out[i] = wire_u16(r);
	}
	wire_skip(r, 2 * (size_t)(count - kept));
	return kept;
}

bool smb2_negotiate_has_dialect(const struct smb2_negotiate_request *in,
				uint16_t dialect)
{
	for (uint16_t i = 0; i < in->dialect_count; i++) {
		if (in->dialects[i] == dialect) {
			return true;
		}
	}
	return false;
}

/* There is no length: they run to the end of the message. */
static struct wire_reader read_contexts(struct wire_reader *r, uint32_t offset)
{
	if (offset % 8 != 0 || offset >= r->length) {
		r->failed = true;
		return *r;
	}
	return smb2_buffer(r, offset, r->length - offset);
}

NTSTATUS smb2_negotiate_request_decode(struct wire_reader pdu,
				       struct smb2_negotiate_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_negotiate_request in = {0};
	uint16_t dialect_count, context_count;
	uint32_t context_offset;

	dialect_count = wire_u16(&r);
	in.security_mode = wire_u16(&r);
	wire_skip(&r, 2); /* Reserved */
	in.capabilities = wire_u32(&r);
	in.client_guid = guid_read(&r);
	context_offset = wire_u32(&r); /* or ClientStartTime, 8 bytes */
	context_count = wire_u16(&r);
	wire_skip(&r, 2); /* Reserved2 */
	in.dialect_count = read_dialects(&r, dialect_count, in.dialects);
	if (smb2_negotiate_has_dialect(&in, SMB2_DIALECT_311) &&
	    context_count > 0) {
		in.context_count = context_count;
		in.contexts = read_contexts(&r, context_offset);
	}
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_negotiate_request_encode(struct wire_writer *w,
				   const struct smb2_negotiate_request *in)
{
	size_t base = smb2_base(w);
	size_t context_offset;

	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u16(w, in->dialect_count);
	wire_put_u16(w, in->security_mode);
	wire_put_u16(w, 0); /* Reserved */
	wire_put_u32(w, in->capabilities);
	guid_put(w, &in->client_guid);
	context_offset = w->length;
	wire_put_zero(w, 8); /* ClientStartTime, or patched below */
	for (uint16_t i = 0; i < in->dialect_count; i++) {
		wire_put_u16(w, in->dialects[i]);
	}
	if (in->context_count > 0) {
		smb2_pad(w, base, 8);
		wire_patch_u32(w, context_offset, (uint32_t)(w->length - base));
		wire_patch_u16(w, context_offset + 4, in->context_count);
		smb2_put(w, in->contexts);
	}
}

NTSTATUS smb2_negotiate_response_decode(struct wire_reader pdu,
					struct smb2_negotiate_response *out)
{
	struct wire_reader r = smb2_body(pdu, RESPONSE_SIZE);
	struct smb2_negotiate_response in = {0};
	uint16_t context_count, security_offset, security_length;
	uint32_t context_offset;

	in.security_mode = wire_u16(&r);
	in.dialect = wire_u16(&r);
	context_count = wire_u16(&r);
	in.server_guid = guid_read(&r);
	in.capabilities = wire_u32(&r);
	in.max_transact_size = wire_u32(&r);
	in.max_read_size = wire_u32(&r);
	in.max_write_size = wire_u32(&r);
	in.system_time = wire_u64(&r);
	in.server_start_time = wire_u64(&r);
	security_offset = wire_u16(&r);
	security_length = wire_u16(&r);
	context_offset = wire_u32(&r);
	in.security_buffer = smb2_buffer(&r, security_offset, security_length);
	if (in.dialect == SMB2_DIALECT_311 && context_count > 0) {
		in.context_count = context_count;
		in.contexts = read_contexts(&r, context_offset);
	}
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_negotiate_response_encode(struct wire_writer *w,
				    const struct smb2_negotiate_response *in)
{
	size_t base = smb2_base(w);
	size_t context_offset;

	wire_put_u16(w, RESPONSE_SIZE);
	wire_put_u16(w, in->security_mode);
	wire_put_u16(w, in->dialect);
	wire_put_u16(w, in->context_count);
	guid_put(w, &in->server_guid);
	wire_put_u32(w, in->capabilities);
	wire_put_u32(w, in->max_transact_size);
	wire_put_u32(w, in->max_read_size);
	wire_put_u32(w, in->max_write_size);
	wire_put_u64(w, in->system_time);
	wire_put_u64(w, in->server_start_time);
	wire_put_u16(w, SMB2_HEADER_SIZE + (RESPONSE_SIZE & ~1));
	wire_put_u16(w, (uint16_t)in->security_buffer.length);
	context_offset = w->length;
	wire_put_u32(w, 0);
	smb2_put(w, in->security_buffer);
	if (in->context_count > 0) {
		smb2_pad(w, base, 8);
		wire_patch_u32(w, context_offset, (uint32_t)(w->length - base));
		smb2_put(w, in->contexts);
	}
}

/* --- VALIDATE_NEGOTIATE_INFO --------------------------------------------- */

NTSTATUS smb2_validate_negotiate_request_decode(
	struct wire_reader input, struct smb2_validate_negotiate_request *out)
{
	struct smb2_validate_negotiate_request in = {0};
	uint16_t count;

	input.pos = 0;
	in.capabilities = wire_u32(&input);
	in.client_guid = guid_read(&input);
	in.security_mode = wire_u16(&input);
	count = wire_u16(&input);
	in.dialect_count = read_dialects(&input, count, in.dialects);
	if (!wire_ok(&input)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_validate_negotiate_request_put(
	struct wire_writer *w, const struct smb2_validate_negotiate_request *in)
{
	wire_put_u32(w, in->capabilities);
	guid_put(w, &in->client_guid);
	wire_put_u16(w, in->security_mode);
	wire_put_u16(w, in->dialect_count);
	for (uint16_t i = 0; i < in->dialect_count; i++) {
		wire_put_u16(w, in->dialects[i]);
	}
}

NTSTATUS smb2_validate_negotiate_response_decode(
	struct wire_reader output, struct smb2_validate_negotiate_response *out)
{
	struct smb2_validate_negotiate_response in = {0};

	output.pos = 0;
	in.capabilities = wire_u32(&output);
	in.server_guid = guid_read(&output);
	in.security_mode = wire_u16(&output);
	in.dialect = wire_u16(&output);
	if (!wire_ok(&output)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_validate_negotiate_response_put(
	struct wire_writer *w,
	const struct smb2_validate_negotiate_response *in)
{
	wire_put_u32(w, in->capabilities);
	guid_put(w, &in->server_guid);
	wire_put_u16(w, in->security_mode);
	wire_put_u16(w, in->dialect);
}
