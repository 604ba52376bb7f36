/* smb2/create.c - SMB2 CREATE ([MS-SMB2] 2.2.13, 2.2.14). */
#include "smb2/create.h"

#include "smb2/body.h"

#define REQUEST_SIZE  57
#define RESPONSE_SIZE 89

NTSTATUS smb2_create_request_decode(struct wire_reader pdu,
				    struct smb2_create_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_create_request in = {0};
	uint16_t name_offset, name_length;
	uint32_t contexts_offset, contexts_length;

	wire_skip(&r, 1); /* SecurityFlags */
	in.oplock_level = wire_u8(&r);
	in.impersonation_level = wire_u32(&r);
	wire_skip(&r, 16); /* SmbCreateFlags, Reserved */
	in.desired_access = wire_u32(&r);
	in.file_attributes = wire_u32(&r);
	in.share_access = wire_u32(&r);
	in.create_disposition = wire_u32(&r);
	in.create_options = wire_u32(&r);
	name_offset = wire_u16(&r);
	name_length = wire_u16(&r);
	contexts_offset = wire_u32(&r);
	contexts_length = wire_u32(&r);
	in.name = smb2_buffer(&r, name_offset, name_length);
	in.contexts = smb2_buffer(&r, contexts_offset, contexts_length);
	if (!wire_ok(&r) || name_length % 2 != 0 ||
	    (contexts_length > 0 && contexts_offset % 8 != 0)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_create_request_encode(struct wire_writer *w,
				const struct smb2_create_request *in)
{
	size_t base = smb2_base(w);
	size_t contexts_offset;

	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u8(w, 0); /* SecurityFlags */
	wire_put_u8(w, in->oplock_level);
	wire_put_u32(w, in->impersonation_level);
	wire_put_zero(w, 16); /* SmbCreateFlags, Reserved */
	wire_put_u32(w, in->desired_access);
	wire_put_u32(w, in->file_attributes);
	wire_put_u32(w, in->share_access);
	wire_put_u32(w, in->create_disposition);
	wire_put_u32(w, in->create_options);
	wire_put_u16(w, SMB2_HEADER_SIZE + (REQUEST_SIZE & ~1));
	wire_put_u16(w, (uint16_t)in->name.length);
	contexts_offset = w->length;
	wire_put_u32(w, 0);
	wire_put_u32(w, (uint32_t)in->contexts.length);
	smb2_put_variable(w, in->name);
	if (in->contexts.length > 0) {
		smb2_pad(w, base, 8);
		wire_patch_u32(w, contexts_offset,
			       (uint32_t)(w->length - base));
		smb2_put(w, in->contexts);
	}
}

NTSTATUS smb2_create_response_decode(struct wire_reader pdu,
				     struct smb2_create_response *out)
{
	struct wire_reader r = smb2_body(pdu, RESPONSE_SIZE);
	struct smb2_create_response in = {0};
	uint32_t contexts_offset, contexts_length;

	in.oplock_level = wire_u8(&r);
	in.flags = wire_u8(&r);
	in.create_action = wire_u32(&r);
	in.creation_time = wire_u64(&r);
	in.last_access_time = wire_u64(&r);
	in.last_write_time = wire_u64(&r);
	in.change_time = wire_u64(&r);
	in.allocation_size = wire_u64(&r);
	in.end_of_file = wire_u64(&r);
	in.file_attributes = wire_u32(&r);
	wire_skip(&r, 4); /* Reserved2 */
	in.id = smb2_file_id_read(&r);
	contexts_offset = wire_u32(&r);
	contexts_length = wire_u32(&r);
	in.contexts = smb2_buffer(&r, contexts_offset, contexts_length);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_create_response_encode(struct wire_writer *w,
				 const struct smb2_create_response *in)
{
	uint32_t offset = SMB2_HEADER_SIZE + (RESPONSE_SIZE & ~1);

	wire_put_u16(w, RESPONSE_SIZE);
	wire_put_u8(w, in->oplock_level);
	wire_put_u8(w, in->flags);
	wire_put_u32(w, in->create_action);
	wire_put_u64(w, in->creation_time);
	wire_put_u64(w, in->last_access_time);
	wire_put_u64(w, in->last_write_time);
	wire_put_u64(w, in->change_time);
	wire_put_u64(w, in->allocation_size);
	wire_put_u64(w, in->end_of_file);
	wire_put_u32(w, in->file_attributes);
	wire_put_u32(w, 0); /* Reserved2 */
	smb2_file_id_put(w, &in->id);
	wire_put_u32(w, in->contexts.length > 0 ? offset : 0);
	wire_put_u32(w, (uint32_t)in->contexts.length);
	smb2_put(w, in->contexts);
}
