/* smb2/error.c - SMB2 ERROR Response ([MS-SMB2] 2.2.2). */
#include "smb2/error.h"

#include "smb2/body.h"

void smb2_error_encode(struct wire_writer *w, const struct smb2_error *in)
{
	wire_put_u16(w, SMB2_ERROR_SIZE);
	wire_put_u8(w, in->context_count);
	wire_put_u8(w, 0); /* Reserved */
	wire_put_u32(w, (uint32_t)in->data.length);
	smb2_put_variable(w, in->data);
}

NTSTATUS smb2_error_decode(struct wire_reader pdu, struct smb2_error *out)
{
	struct wire_reader r = smb2_body(pdu, SMB2_ERROR_SIZE);
	struct smb2_error in = {0};
	uint32_t length;

	in.context_count = wire_u8(&r);
	wire_skip(&r, 1); /* Reserved */
	length = wire_u32(&r);
	in.data = smb2_buffer(&r, r.pos, length);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_error_context_put(struct wire_writer *w, uint32_t error_id,
			    struct wire_reader data)
{
	wire_put_u32(w, (uint32_t)data.length);
	wire_put_u32(w, error_id);
	smb2_put(w, data);
	wire_put_zero(w, (8 - (data.length & 7)) & 7);
}

NTSTATUS smb2_error_context_find(const struct smb2_error *in, uint32_t error_id,
				 struct wire_reader *out_data)
{
	struct wire_reader r = in->data;

	if (in->context_count == 0) {
		if (error_id != SMB2_ERROR_ID_DEFAULT) {
			return NT_STATUS(NOT_FOUND);
		}
		*out_data = in->data;
		return NT_STATUS_OK;
	}
	r.pos = 0;
	for (unsigned int i = 0; i < in->context_count; i++) {
		uint32_t length = wire_u32(&r);
		uint32_t id = wire_u32(&r);
		struct wire_reader data = wire_field(&r, r.pos, length);

		if (!wire_ok(&r)) {
			return NT_STATUS(INVALID_PARAMETER);
		}
		if (id == error_id) {
			*out_data = data;
			return NT_STATUS_OK;
		}
		wire_skip(&r, length);
		/* the last one need not be padded */
		if (wire_left(&r) >= ((8 - (length & 7)) & 7)) {
			wire_skip(&r, (8 - (length & 7)) & 7);
		}
	}
	return NT_STATUS(NOT_FOUND);
}

/* --- Symbolic Link Error Response (2.2.2.2.1) ---------------------------- */

#define SYMLINK_FIXED 12 /* from SubstituteNameOffset to Flags */

void smb2_symlink_error_put(struct wire_writer *w,
			    const struct smb2_symlink_error *in)
{
	size_t path = in->substitute_name.length + in->print_name.length;

	wire_put_u32(w, (uint32_t)(12 + SYMLINK_FIXED + path));
	wire_put_u32(w, SMB2_SYMLINK_ERROR_TAG);
	wire_put_u32(w, IO_REPARSE_TAG_SYMLINK);
	wire_put_u16(w, (uint16_t)(SYMLINK_FIXED + path));
	wire_put_u16(w, in->unparsed_path_length);
	wire_put_u16(w, 0); /* SubstituteNameOffset */
	wire_put_u16(w, (uint16_t)in->substitute_name.length);
	wire_put_u16(w, (uint16_t)in->substitute_name.length);
	wire_put_u16(w, (uint16_t)in->print_name.length);
	wire_put_u32(w, in->flags);
	smb2_put(w, in->substitute_name);
	smb2_put(w, in->print_name);
}

NTSTATUS smb2_symlink_error_decode(struct wire_reader data,
				   struct smb2_symlink_error *out)
{
	struct smb2_symlink_error in = {0};
	uint32_t length, error_tag, reparse_tag;
	uint16_t sub_offset, sub_length, print_offset, print_length;

	data.pos = 0;
	length = wire_u32(&data);
	error_tag = wire_u32(&data);
	reparse_tag = wire_u32(&data);
	wire_skip(&data, 2); /* ReparseDataLength */
	in.unparsed_path_length = wire_u16(&data);
	sub_offset = wire_u16(&data);
	sub_length = wire_u16(&data);
	print_offset = wire_u16(&data);
	print_length = wire_u16(&data);
	in.flags = wire_u32(&data);
	in.substitute_name =
		wire_field(&data, data.pos + sub_offset, sub_length);
	in.print_name =
		wire_field(&data, data.pos + print_offset, print_length);
	if (!wire_ok(&data) || length > data.length - 4 ||
	    error_tag != SMB2_SYMLINK_ERROR_TAG ||
	    reparse_tag != IO_REPARSE_TAG_SYMLINK) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}
