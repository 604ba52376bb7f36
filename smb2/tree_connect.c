/* smb2/tree_connect.c - SMB2 TREE_CONNECT ([MS-SMB2] 2.2.9, 2.2.10). */
#include "smb2/tree_connect.h"

#include "smb2/body.h"

#define REQUEST_SIZE   9
#define RESPONSE_SIZE  16
#define EXTENSION_SIZE 16

/* The extension at the start of Buffer (2.2.9.1).  Its contexts have an offset
 * from the start of the request's body, but no length: they run to the end. */
static void read_extension(struct wire_reader *r,
			   struct smb2_tree_connect_request *in)
{
	uint32_t offset = wire_u32(r);

	in->context_count = wire_u16(r);
	wire_skip(r, 10); /* Reserved */
	if (in->context_count == 0) {
		return;
	}
	if (offset >= r->length - SMB2_HEADER_SIZE) {
		r->failed = true;
		return;
	}
	in->contexts = smb2_buffer(r, SMB2_HEADER_SIZE + (size_t)offset,
				   r->length - SMB2_HEADER_SIZE - offset);
}

NTSTATUS smb2_tree_connect_request_decode(struct wire_reader pdu,
					  struct smb2_tree_connect_request *out)
{
	struct wire_reader r = smb2_body(pdu, REQUEST_SIZE);
	struct smb2_tree_connect_request in = {0};
	uint16_t offset, length;

	in.flags = wire_u16(&r);
	offset = wire_u16(&r);
	length = wire_u16(&r);
	if ((in.flags & SMB2_TREE_CONNECT_FLAG_EXTENSION_PRESENT) != 0) {
		read_extension(&r, &in);
	}
	in.path = smb2_buffer(&r, offset, length);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_tree_connect_request_encode(
	struct wire_writer *w, const struct smb2_tree_connect_request *in)
{
	bool extended =
		(in->flags & SMB2_TREE_CONNECT_FLAG_EXTENSION_PRESENT) != 0;
	size_t base = smb2_base(w);
	size_t offset = SMB2_HEADER_SIZE + (REQUEST_SIZE & ~1);
	size_t context_offset = 0;

	if (extended) {
		offset += EXTENSION_SIZE;
	}
	wire_put_u16(w, REQUEST_SIZE);
	wire_put_u16(w, in->flags);
	wire_put_u16(w, (uint16_t)offset);
	wire_put_u16(w, (uint16_t)in->path.length);
	if (extended) {
		context_offset = w->length;
		wire_put_u32(w, 0);
		wire_put_u16(w, in->context_count);
		wire_put_zero(w, 10); /* Reserved */
	}
	smb2_put_variable(w, in->path);
	if (extended && in->context_count > 0) {
		smb2_pad(w, base, 8);
		wire_patch_u32(w, context_offset,
			       (uint32_t)(w->length - base - SMB2_HEADER_SIZE));
		smb2_put(w, in->contexts);
	}
}

NTSTATUS smb2_tree_connect_context_next(struct wire_reader *list,
					uint16_t *out_type,
					struct wire_reader *out_data)
{
	struct wire_reader data;
	uint16_t type, length;
	size_t padding;

	if (wire_left(list) == 0) {
		return NT_STATUS(NO_MORE_FILES);
	}
	type = wire_u16(list);
	length = wire_u16(list);
	wire_skip(list, 4); /* Reserved */
	data = wire_field(list, list->pos, length);
	wire_skip(list, length);
	if (!wire_ok(list)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	padding = (8 - (list->pos & 7)) & 7;
	wire_skip(list, padding < wire_left(list) ? padding : wire_left(list));
	*out_type = type;
	*out_data = data;
	return NT_STATUS_OK;
}

NTSTATUS smb2_tree_connect_response_decode(
	struct wire_reader pdu, struct smb2_tree_connect_response *out)
{
	struct wire_reader r = smb2_body(pdu, RESPONSE_SIZE);
	struct smb2_tree_connect_response in = {0};

	in.share_type = wire_u8(&r);
	wire_skip(&r, 1); /* Reserved */
	in.share_flags = wire_u32(&r);
	in.capabilities = wire_u32(&r);
	in.maximal_access = wire_u32(&r);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_tree_connect_response_encode(
	struct wire_writer *w, const struct smb2_tree_connect_response *in)
{
	wire_put_u16(w, RESPONSE_SIZE);
	wire_put_u8(w, in->share_type);
	wire_put_u8(w, 0); /* Reserved */
	wire_put_u32(w, in->share_flags);
	wire_put_u32(w, in->capabilities);
	wire_put_u32(w, in->maximal_access);
}
