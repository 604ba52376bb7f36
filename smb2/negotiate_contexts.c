/* smb2/negotiate_contexts.c - negotiate contexts of 3.1.1 ([MS-SMB2] 2.2.3.1,
 * 2.2.4.1): ContextType, DataLength, Reserved, Data; each begins at a multiple
 * of 8 from the first. */
#include "smb2/negotiate_contexts.h"

#include <string.h>

#include "smb2/body.h"

/* Data of SMB2_POSIX_EXTENSIONS_AVAILABLE. */
static const uint8_t posix_guid[16] = {0x93, 0xad, 0x25, 0x50, 0x9c, 0xb4,
				       0x11, 0xe7, 0xb4, 0x23, 0x83, 0xde,
				       0x96, 0x8b, 0xcd, 0x7c};

bool smb2_id_list_has(const struct smb2_id_list *list, uint16_t id)
{
	for (uint16_t i = 0; i < list->count; i++) {
		if (list->ids[i] == id) {
			return true;
		}
	}
	return false;
}

/* count ids from r on.  None at all is an error. */
static void read_ids(struct wire_reader *r, uint16_t count,
		     struct smb2_id_list *out)
{
	if (count == 0 || wire_left(r) < 2 * (size_t)count) {
		r->failed = true;
		return;
	}
	for (uint16_t i = 0; i < count; i++) {
		uint16_t id = wire_u16(r);

		if (out->count < SMB2_MAX_IDS && !smb2_id_list_has(out, id)) {
			out->ids[out->count++] = id;
		}
	}
}

static void read_preauth(struct wire_reader *r,
			 struct smb2_negotiate_contexts *c)
{
	uint16_t count = wire_u16(r);
	uint16_t salt_length = wire_u16(r);

	read_ids(r, count, &c->preauth.hashes);
	c->preauth.salt = wire_field(r, r->pos, salt_length);
}

static void read_compression(struct wire_reader *r,
			     struct smb2_negotiate_contexts *c)
{
	uint16_t count = wire_u16(r);

	wire_skip(r, 2); /* Padding */
	c->compression.flags = wire_u32(r);
	read_ids(r, count, &c->compression.algorithms);
}

static void read_rdma(struct wire_reader *r, struct smb2_negotiate_contexts *c)
{
	uint16_t count = wire_u16(r);

	wire_skip(r, 6); /* Reserved1, Reserved2 */
	read_ids(r, count, &c->rdma.transforms);
}

static void read_posix(struct wire_reader *r, struct smb2_negotiate_contexts *c)
{
	const uint8_t *guid = wire_view(r, sizeof(posix_guid));

	/* The type is reserved: whatever else it may mean is ignored. */
	c->posix.present = guid != NULL && r->length == sizeof(posix_guid) &&
			   memcmp(guid, posix_guid, sizeof(posix_guid)) == 0;
	r->failed = false;
}

/* For a context that only matters to who supports it. */
static void forgive(struct wire_reader *r, bool *malformed)
{
	*malformed = r->failed;
	r->failed = false;
}

static void mark(struct wire_reader *r, bool *present)
{
	if (*present) {
		r->failed = true; /* 3.3.5.4: exactly one */
	}
	*present = true;
}

static void read_context(struct wire_reader *r, uint16_t type,
			 struct smb2_negotiate_contexts *c)
{
	switch (type) {
	case SMB2_PREAUTH_INTEGRITY_CAPABILITIES:
		mark(r, &c->preauth.present);
		read_preauth(r, c);
		break;
	case SMB2_ENCRYPTION_CAPABILITIES:
		mark(r, &c->encryption.present);
		read_ids(r, wire_u16(r), &c->encryption.ciphers);
		break;
	case SMB2_COMPRESSION_CAPABILITIES:
		read_compression(r, c);
		forgive(r, &c->compression.malformed);
		mark(r, &c->compression.present);
		break;
	case SMB2_NETNAME_NEGOTIATE_CONTEXT_ID:
		c->netname.present = true;
		c->netname.name = *r;
		break;
	case SMB2_TRANSPORT_CAPABILITIES:
		c->transport.flags = wire_u32(r);
		forgive(r, &c->transport.malformed);
		mark(r, &c->transport.present);
		break;
	case SMB2_RDMA_TRANSFORM_CAPABILITIES:
		read_rdma(r, c);
		forgive(r, &c->rdma.malformed);
		mark(r, &c->rdma.present);
		break;
	case SMB2_SIGNING_CAPABILITIES:
		mark(r, &c->signing.present);
		read_ids(r, wire_u16(r), &c->signing.algorithms);
		break;
	case SMB2_POSIX_EXTENSIONS_AVAILABLE:
		read_posix(r, c);
		break;
	default:
		break; /* 3.3.5.4: unknown ones are ignored */
	}
}

/* Moves past the padding before the next context. */
static void skip_padding(struct wire_reader *list)
{
	size_t padding = (8 - (list->pos & 7)) & 7;

	wire_skip(list, padding);
}

NTSTATUS smb2_negotiate_contexts_decode(struct wire_reader list, uint16_t count,
					struct smb2_negotiate_contexts *out)
{
	struct smb2_negotiate_contexts c = {0};

	list.pos = 0;
	for (uint16_t i = 0; i < count; i++) {
		struct wire_reader data;
		uint16_t type, length;

		if (i > 0) {
			skip_padding(&list);
		}
		type = wire_u16(&list);
		length = wire_u16(&list);
		wire_skip(&list, 4); /* Reserved */
		data = wire_field(&list, list.pos, length);
		read_context(&data, type, &c);
		wire_skip(&list, length);
		if (!wire_ok(&list) || !wire_ok(&data)) {
			return NT_STATUS(INVALID_PARAMETER);
		}
	}
	*out = c;
	return NT_STATUS_OK;
}

/* --- writing --------------------------------------------------------- */

/* The list of contexts while it is written. */
struct context_writer {
	struct wire_writer *w;
	size_t start;
	size_t length_at; /* DataLength of the last one */
	uint16_t count;
};

static void begin_context(struct context_writer *c, uint16_t type)
{
	smb2_pad(c->w, c->start, 8);
	wire_put_u16(c->w, type);
	c->length_at = c->w->length;
	wire_put_u16(c->w, 0);
	wire_put_u32(c->w, 0); /* Reserved */
	c->count++;
}

static void end_context(struct context_writer *c)
{
	if (wire_writer_ok(c->w)) {
		wire_patch_u16(c->w, c->length_at,
			       (uint16_t)(c->w->length - c->length_at - 6));
	}
}

static void put_ids(struct wire_writer *w, const struct smb2_id_list *list)
{
	for (uint16_t i = 0; i < list->count; i++) {
		wire_put_u16(w, list->ids[i]);
	}
}

static void put_preauth(struct context_writer *c,
			const struct smb2_negotiate_contexts *in)
{
	begin_context(c, SMB2_PREAUTH_INTEGRITY_CAPABILITIES);
	wire_put_u16(c->w, in->preauth.hashes.count);
	wire_put_u16(c->w, (uint16_t)in->preauth.salt.length);
	put_ids(c->w, &in->preauth.hashes);
	smb2_put(c->w, in->preauth.salt);
	end_context(c);
}

/* A context that is a count and ids: encryption, signing. */
static void put_id_context(struct context_writer *c, uint16_t type,
			   const struct smb2_id_list *list)
{
	begin_context(c, type);
	wire_put_u16(c->w, list->count);
	put_ids(c->w, list);
	end_context(c);
}

static void put_compression(struct context_writer *c,
			    const struct smb2_negotiate_contexts *in)
{
	begin_context(c, SMB2_COMPRESSION_CAPABILITIES);
	wire_put_u16(c->w, in->compression.algorithms.count);
	wire_put_u16(c->w, 0); /* Padding */
	wire_put_u32(c->w, in->compression.flags);
	put_ids(c->w, &in->compression.algorithms);
	end_context(c);
}

static void put_netname(struct context_writer *c,
			const struct smb2_negotiate_contexts *in)
{
	begin_context(c, SMB2_NETNAME_NEGOTIATE_CONTEXT_ID);
	smb2_put(c->w, in->netname.name);
	end_context(c);
}

static void put_transport(struct context_writer *c,
			  const struct smb2_negotiate_contexts *in)
{
	begin_context(c, SMB2_TRANSPORT_CAPABILITIES);
	wire_put_u32(c->w, in->transport.flags);
	end_context(c);
}

static void put_rdma(struct context_writer *c,
		     const struct smb2_negotiate_contexts *in)
{
	begin_context(c, SMB2_RDMA_TRANSFORM_CAPABILITIES);
	wire_put_u16(c->w, in->rdma.transforms.count);
	wire_put_zero(c->w, 6); /* Reserved1, Reserved2 */
	put_ids(c->w, &in->rdma.transforms);
	end_context(c);
}

static void put_posix(struct context_writer *c)
{
	begin_context(c, SMB2_POSIX_EXTENSIONS_AVAILABLE);
	wire_put_bytes(c->w, posix_guid, sizeof(posix_guid));
	end_context(c);
}

uint16_t smb2_negotiate_contexts_put(struct wire_writer *w,
				     const struct smb2_negotiate_contexts *in)
{
	struct context_writer c = {.w = w, .start = w->length};

	if (in->preauth.present) {
		put_preauth(&c, in);
	}
	if (in->encryption.present) {
		put_id_context(&c, SMB2_ENCRYPTION_CAPABILITIES,
			       &in->encryption.ciphers);
	}
	if (in->compression.present) {
		put_compression(&c, in);
	}
	if (in->netname.present) {
		put_netname(&c, in);
	}
	if (in->transport.present) {
		put_transport(&c, in);
	}
	if (in->rdma.present) {
		put_rdma(&c, in);
	}
	if (in->signing.present) {
		put_id_context(&c, SMB2_SIGNING_CAPABILITIES,
			       &in->signing.algorithms);
	}
	if (in->posix.present) {
		put_posix(&c);
	}
	return c.count;
}
