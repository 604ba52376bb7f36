/* smb2/create_contexts.c - the chain of create contexts ([MS-SMB2] 2.2.13.2).
 *
 *	Next 4, NameOffset 2, NameLength 2, Reserved 2, DataOffset 2,
 *	DataLength 4, Name, padding to 8, Data, padding to 8 before the next
 */
#include "smb2/create_contexts.h"

#include <string.h>

#include "lib/assert.h"
#include "smb2/body.h"

#define FIXED_SIZE    16
#define MIN_NAME_SIZE 4
#define MAX_NAME_SIZE 16

static const struct {
	uint8_t length;
	uint8_t name[MAX_NAME_SIZE + 1];
} names[SMB2_CREATE_CONTEXT_TAGS] = {
	[SMB2_CREATE_EA_BUFFER] = {4, "ExtA"},
	[SMB2_CREATE_SD_BUFFER] = {4, "SecD"},
	[SMB2_CREATE_DURABLE_HANDLE_REQUEST] = {4, "DHnQ"},
	[SMB2_CREATE_DURABLE_HANDLE_RECONNECT] = {4, "DHnC"},
	[SMB2_CREATE_ALLOCATION_SIZE] = {4, "AlSi"},
	[SMB2_CREATE_QUERY_MAXIMAL_ACCESS] = {4, "MxAc"},
	[SMB2_CREATE_TIMEWARP_TOKEN] = {4, "TWrp"},
	[SMB2_CREATE_QUERY_ON_DISK_ID] = {4, "QFid"},
	[SMB2_CREATE_REQUEST_LEASE] = {4, "RqLs"},
	[SMB2_CREATE_DURABLE_HANDLE_REQUEST_V2] = {4, "DH2Q"},
	[SMB2_CREATE_DURABLE_HANDLE_RECONNECT_V2] = {4, "DH2C"},
	[SMB2_CREATE_APP_INSTANCE_ID] = {16, "\x45\xBC\xA6\x6A\xEF\xA7\xF7\x4A"
					     "\x90\x08\xFA\x46\x2E\x14\x4D"
					     "\x74"},
	[SMB2_CREATE_APP_INSTANCE_VERSION] = {16, "\xB9\x82\xD0\xB7\x3B\x56\x07"
						  "\x4F\xA0\x7B\x52\x4A\x81\x16"
						  "\xA0\x10"},
	[SVHDX_OPEN_DEVICE_CONTEXT] = {16, "\x9C\xCB\xCF\x9E\x04\xC1\xE6\x43"
					   "\x98\x0E\x15\x8D\xA1\xF6\xEC\x83"},
	[SMB2_CREATE_POSIX] = {16, "\x93\xAD\x25\x50\x9C\xB4\x11\xE7"
				   "\xB4\x23\x83\xDE\x96\x8B\xCD\x7C"},
	[SMB2_CREATE_AAPL] = {4, "AAPL"},
};

static enum smb2_create_context_tag find_tag(struct wire_reader name)
{
	for (unsigned int i = 0; i < SMB2_CREATE_CONTEXT_TAGS; i++) {
		if (names[i].length == name.length &&
		    memcmp(names[i].name, name.data, name.length) == 0) {
			return (enum smb2_create_context_tag)i;
		}
	}
	return SMB2_CREATE_CONTEXT_UNKNOWN;
}

/* The fixed part, and the name and data it points to within one context. */
struct context {
	uint16_t name_offset;
	uint16_t name_length;
	uint16_t data_offset;
	uint32_t data_length;
};

static bool context_is_valid(const struct context *c)
{
	if (c->name_length < MIN_NAME_SIZE || c->name_offset < FIXED_SIZE ||
	    c->name_offset % 8 != 0) {
		return false;
	}
	return c->data_length == 0 ||
	       (c->data_offset % 8 == 0 &&
		c->data_offset >= c->name_offset + c->name_length);
}

/* Whether another context can begin next bytes into what is left. */
static bool next_is_valid(uint32_t next, size_t left)
{
	return next == 0 || (next % 8 == 0 && next >= FIXED_SIZE &&
			     next <= left && left - next >= FIXED_SIZE);
}

NTSTATUS smb2_create_context_next(struct wire_reader *list,
				  enum smb2_create_context_tag *out_tag,
				  struct wire_reader *out_data)
{
	size_t left = wire_left(list);
	struct wire_reader r, name, data;
	struct context c;
	uint32_t next;

	if (!wire_ok(list)) {
		return NT_STATUS(INVALID_PARAMETER);
	}
	if (left == 0) {
		return NT_STATUS(NO_MORE_FILES);
	}
	r = wire_reader(list->data + list->pos, left);
	next = wire_u32(&r);
	c.name_offset = wire_u16(&r);
	c.name_length = wire_u16(&r);
	wire_skip(&r, 2); /* Reserved */
	c.data_offset = wire_u16(&r);
	c.data_length = wire_u32(&r);
	if (!next_is_valid(next, left)) {
		list->failed = true;
		return NT_STATUS(INVALID_PARAMETER);
	}
	r.length = next > 0 ? next : left;
	name = wire_field(&r, c.name_offset, c.name_length);
	data = wire_field(&r, c.data_offset, c.data_length);
	if (!wire_ok(&r) || !context_is_valid(&c)) {
		list->failed = true;
		return NT_STATUS(INVALID_PARAMETER);
	}
	wire_skip(list, r.length);
	*out_tag = find_tag(name);
	*out_data = data;
	return NT_STATUS_OK;
}

struct smb2_create_chain smb2_create_chain(struct wire_writer *w)
{
	return (struct smb2_create_chain){
		.w = w, .start = w->length, .last = w->length, .empty = true};
}

void smb2_create_chain_add(struct smb2_create_chain *c,
			   enum smb2_create_context_tag tag, const void *data,
			   size_t length)
{
	struct wire_writer *w = c->w;
	size_t name_length;
	size_t begin;

	ASSERT((unsigned int)tag < SMB2_CREATE_CONTEXT_TAGS);
	name_length = names[tag].length;
	if (!c->empty) {
		smb2_pad(w, c->start, 8);
		wire_patch_u32(w, c->last, (uint32_t)(w->length - c->last));
	}
	begin = w->length;
	wire_put_u32(w, 0); /* Next */
	wire_put_u16(w, FIXED_SIZE);
	wire_put_u16(w, (uint16_t)name_length);
	wire_put_u16(w, 0); /* Reserved */
	wire_put_u16(w,
		     length > 0 ? FIXED_SIZE + ((name_length + 7) & ~7ul) : 0);
	wire_put_u32(w, (uint32_t)length);
	wire_put_bytes(w, names[tag].name, name_length);
	if (length > 0) {
		smb2_pad(w, begin, 8);
		wire_put_bytes(w, data, length);
	}
	c->last = begin;
	c->empty = false;
}
