/* smb2/copychunk.c - server-side copies. */
#include "smb2/copychunk.h"

NTSTATUS smb2_copychunk_copy_decode(struct wire_reader r,
				    struct smb2_copychunk_copy *out)
{
	struct smb2_copychunk_copy in = {0};

	wire_bytes(&r, in.source_key, sizeof(in.source_key));
	in.chunk_count = wire_u32(&r);
	wire_skip(&r, 4); /* Reserved */
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	in.chunks = wire_field(&r, r.pos, wire_left(&r));
	*out = in;
	return NT_STATUS_OK;
}

NTSTATUS smb2_copychunk_next(struct wire_reader *chunks,
			     struct smb2_copychunk *out)
{
	struct smb2_copychunk in = {
		.source_offset = wire_u64(chunks),
	};

	in.target_offset = wire_u64(chunks);
	in.length = wire_u32(chunks);
	wire_skip(chunks, 4); /* Reserved */
	if (!wire_ok(chunks)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = in;
	return NT_STATUS_OK;
}

void smb2_copychunk_response_put(struct wire_writer *w,
				 const struct smb2_copychunk_response *in)
{
	wire_put_u32(w, in->chunks_written);
	wire_put_u32(w, in->chunk_bytes_written);
	wire_put_u32(w, in->total_bytes_written);
}

void smb2_resume_key_put(struct wire_writer *w,
			 const uint8_t key[SMB2_RESUME_KEY_SIZE])
{
	wire_put_bytes(w, key, SMB2_RESUME_KEY_SIZE);
	wire_put_u32(w, 0); /* ContextLength */
	wire_put_u32(w, 0); /* Context */
}
