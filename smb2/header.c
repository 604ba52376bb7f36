/* smb2/header.c - the SMB2 header, file ids, the transport's length. */
#include "smb2/header.h"

#include <string.h>

#include "lib/assert.h"

NTSTATUS smb2_header_decode(struct wire_reader r, struct smb2_header *out)
{
	struct smb2_header h = {0};
	uint32_t protocol_id;
	uint16_t structure_size;

	r.pos = 0;
	protocol_id = wire_u32(&r);
	structure_size = wire_u16(&r);
	h.credit_charge = wire_u16(&r);
	h.status.v = wire_u32(&r);
	h.command = wire_u16(&r);
	h.credits = wire_u16(&r);
	h.flags = wire_u32(&r);
	h.next_command = wire_u32(&r);
	h.message_id = wire_u64(&r);
	if ((h.flags & SMB2_FLAGS_ASYNC_COMMAND) != 0) {
		h.async_id = wire_u64(&r);
	} else {
		h.process_id = wire_u32(&r);
		h.tree_id = wire_u32(&r);
	}
	h.session_id = wire_u64(&r);
	wire_bytes(&r, h.signature, sizeof(h.signature));
	if (!wire_ok(&r) || protocol_id != SMB2_PROTOCOL_ID ||
	    structure_size != SMB2_HEADER_SIZE) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out = h;
	return NT_STATUS_OK;
}

void smb2_header_encode(struct wire_writer *w, const struct smb2_header *h)
{
	wire_put_u32(w, SMB2_PROTOCOL_ID);
	wire_put_u16(w, SMB2_HEADER_SIZE);
	wire_put_u16(w, h->credit_charge);
	wire_put_u32(w, h->status.v);
	wire_put_u16(w, h->command);
	wire_put_u16(w, h->credits);
	wire_put_u32(w, h->flags);
	wire_put_u32(w, h->next_command);
	wire_put_u64(w, h->message_id);
	if ((h->flags & SMB2_FLAGS_ASYNC_COMMAND) != 0) {
		wire_put_u64(w, h->async_id);
	} else {
		wire_put_u32(w, h->process_id);
		wire_put_u32(w, h->tree_id);
	}
	wire_put_u64(w, h->session_id);
	wire_put_bytes(w, h->signature, sizeof(h->signature));
}

uint32_t smb2_protocol_id(struct wire_reader frame)
{
	frame.pos = 0;
	return wire_u32(&frame);
}

const char *smb2_command_name(unsigned int command)
{
	static const char *const names[SMB2_COMMANDS] = {
		[SMB2_NEGOTIATE] = "SMB2_NEGOTIATE",
		[SMB2_SESSION_SETUP] = "SMB2_SESSION_SETUP",
		[SMB2_LOGOFF] = "SMB2_LOGOFF",
		[SMB2_TREE_CONNECT] = "SMB2_TREE_CONNECT",
		[SMB2_TREE_DISCONNECT] = "SMB2_TREE_DISCONNECT",
		[SMB2_CREATE] = "SMB2_CREATE",
		[SMB2_CLOSE] = "SMB2_CLOSE",
		[SMB2_FLUSH] = "SMB2_FLUSH",
		[SMB2_READ] = "SMB2_READ",
		[SMB2_WRITE] = "SMB2_WRITE",
		[SMB2_LOCK] = "SMB2_LOCK",
		[SMB2_IOCTL] = "SMB2_IOCTL",
		[SMB2_CANCEL] = "SMB2_CANCEL",
		[SMB2_ECHO] = "SMB2_ECHO",
		[SMB2_QUERY_DIRECTORY] = "SMB2_QUERY_DIRECTORY",
		[SMB2_CHANGE_NOTIFY] = "SMB2_CHANGE_NOTIFY",
		[SMB2_QUERY_INFO] = "SMB2_QUERY_INFO",
		[SMB2_SET_INFO] = "SMB2_SET_INFO",
		[SMB2_OPLOCK_BREAK] = "SMB2_OPLOCK_BREAK",
		[SMB2_SERVER_TO_CLIENT_NOTIFICATION] =
			"SMB2_SERVER_TO_CLIENT_NOTIFICATION",
	};

	return command < SMB2_COMMANDS ? names[command] : "?";
}

struct smb2_file_id smb2_file_id_read(struct wire_reader *r)
{
	struct smb2_file_id id;

	id.persistent_id = wire_u64(r);
	id.volatile_id = wire_u64(r);
	return id;
}

void smb2_file_id_put(struct wire_writer *w, const struct smb2_file_id *id)
{
	wire_put_u64(w, id->persistent_id);
	wire_put_u64(w, id->volatile_id);
}

bool smb2_file_id_is_related(const struct smb2_file_id *id)
{
	return id->persistent_id == UINT64_MAX && id->volatile_id == UINT64_MAX;
}

NTSTATUS smb2_transport_decode(const uint8_t header[4], size_t *out_length)
{
	if (header[0] != 0) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	*out_length =
		(size_t)header[1] << 16 | (size_t)header[2] << 8 | header[3];
	return NT_STATUS_OK;
}

void smb2_transport_encode(size_t length, uint8_t out_header[4])
{
	ASSERT(length <= SMB2_TRANSPORT_MAX);
	out_header[0] = 0;
	out_header[1] = (uint8_t)(length >> 16);
	out_header[2] = (uint8_t)(length >> 8);
	out_header[3] = (uint8_t)length;
}
