/* lib/sd.c - security descriptors in their self-relative form:
 *
 *   Revision 1, Sbz1, Control 2, OffsetOwner 4, OffsetGroup 4, OffsetSacl 4,
 *   OffsetDacl 4; then SIDs and ACLs, anywhere and in any order.
 *   ACL: AclRevision 1, Sbz1 1, AclSize 2, AceCount 2, Sbz2 2, entries.
 *   ACE: AceType 1, AceFlags 1, AceSize 2, then by type; mostly Mask 4, SID. */
#include "lib/sd.h"

#define ACL_HEADER 8
#define ACE_HEADER 4
#define ACE_MIN	   ACE_HEADER

/* Flags of object entries: which GUIDs there are, 2.4.4.3. */
#define OBJECT_TYPE_PRESENT	      0x1u
#define INHERITED_OBJECT_TYPE_PRESENT 0x2u
#define GUID_SIZE		      16

static bool is_object(uint8_t type)
{
	switch (type) {
	case ACE_ALLOWED_OBJECT:
	case ACE_DENIED_OBJECT:
	case ACE_AUDIT_OBJECT:
	case ACE_ALARM_OBJECT:
	case ACE_ALLOWED_CALLBACK_OBJECT:
	case ACE_DENIED_CALLBACK_OBJECT:
	case ACE_AUDIT_CALLBACK_OBJECT:
	case ACE_ALARM_CALLBACK_OBJECT:
		return true;
	default:
		return false;
	}
}

bool ace_has_sid(uint8_t type)
{
	return type <= ACE_SCOPED_POLICY_ID && type != 0x04; /* compound */
}

/* --- decoding ------------------------------------------------------------- */

static struct blob take(struct wire_reader *r, size_t n)
{
	const uint8_t *data = wire_view(r, n);

	if (data == NULL || n == 0) {
		return (struct blob){0};
	}
	return (struct blob){.data = (uint8_t *)(uintptr_t)data, .length = n};
}

static struct blob object_read(struct wire_reader *r)
{
	struct wire_reader peek = *r;
	uint32_t flags = wire_u32(&peek);
	size_t n = 4;

	n += (flags & OBJECT_TYPE_PRESENT) != 0 ? GUID_SIZE : 0;
	n += (flags & INHERITED_OBJECT_TYPE_PRESENT) != 0 ? GUID_SIZE : 0;
	return take(r, n);
}

static struct ace ace_read(struct wire_reader *r)
{
	struct ace a = {0};
	struct wire_reader body;
	size_t size;

	a.type = wire_u8(r);
	a.flags = wire_u8(r);
	size = wire_u16(r);
	if (size < ACE_HEADER || size - ACE_HEADER > wire_left(r)) {
		r->failed = true;
		return a;
	}
	body = wire_field(r, r->pos, size - ACE_HEADER);
	wire_skip(r, size - ACE_HEADER);
	if (ace_has_sid(a.type)) {
		a.mask = wire_u32(&body);
		if (is_object(a.type)) {
			a.object = object_read(&body);
		}
		a.sid = sid_read(&body);
	}
	a.data = take(&body, wire_left(&body));
	if (!wire_ok(&body)) {
		r->failed = true;
	}
	return a;
}

static NTSTATUS acl_read(TALLOC_CTX *mem_ctx, struct wire_reader *whole,
			 size_t offset, struct acl *out)
{
	struct wire_reader r = *whole;
	struct acl acl = {0};
	size_t size;

	wire_seek(&r, offset);
	acl.revision = wire_u8(&r);
	wire_skip(&r, 1);
	size = wire_u16(&r);
	acl.count = wire_u16(&r);
	wire_skip(&r, 2);
	if (!wire_ok(&r) || acl.revision < ACL_REVISION ||
	    acl.revision > ACL_REVISION_DS || size < ACL_HEADER ||
	    size - ACL_HEADER > wire_left(&r) ||
	    acl.count > (size - ACL_HEADER) / ACE_MIN) {
		return NT_STATUS(INVALID_ACL);
	}
	r = wire_field(&r, r.pos, size - ACL_HEADER);
	acl.aces = talloc_array(mem_ctx, struct ace, acl.count);
	if (acl.aces == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (uint32_t i = 0; i < acl.count; i++) {
		acl.aces[i] = ace_read(&r);
	}
	if (!wire_ok(&r)) {
		talloc_free(acl.aces);
		return NT_STATUS(INVALID_ACL);
	}
	*out = acl;
	return NT_STATUS_OK;
}

static NTSTATUS sid_read_at(const struct wire_reader *whole, size_t offset,
			    struct sid *out)
{
	struct wire_reader r = *whole;
	struct sid sid;

	wire_seek(&r, offset);
	sid = sid_read(&r);
	if (!wire_ok(&r)) {
		return NT_STATUS(INVALID_SID);
	}
	*out = sid;
	return NT_STATUS_OK;
}

struct offsets {
	uint32_t owner, group, sacl, dacl;
};

static NTSTATUS read_parts(TALLOC_CTX *mem_ctx, struct wire_reader *whole,
			   const struct offsets *at,
			   struct security_descriptor *sd)
{
	NTSTATUS status = NT_STATUS_OK;

	sd->has_owner = at->owner != 0;
	sd->has_group = at->group != 0;
	sd->has_sacl = at->sacl != 0 && (sd->control & SE_SACL_PRESENT) != 0;
	sd->has_dacl = at->dacl != 0 && (sd->control & SE_DACL_PRESENT) != 0;
	if (sd->has_owner) {
		status = sid_read_at(whole, at->owner, &sd->owner);
	}
	if (NT_STATUS_IS_OK(status) && sd->has_group) {
		status = sid_read_at(whole, at->group, &sd->group);
	}
	if (NT_STATUS_IS_OK(status) && sd->has_sacl) {
		status = acl_read(mem_ctx, whole, at->sacl, &sd->sacl);
	}
	if (NT_STATUS_IS_OK(status) && sd->has_dacl) {
		status = acl_read(mem_ctx, whole, at->dacl, &sd->dacl);
		if (!NT_STATUS_IS_OK(status)) {
			talloc_free(sd->sacl.aces);
		}
	}
	return status;
}

NTSTATUS sd_decode_at(TALLOC_CTX *mem_ctx, struct blob in, size_t start,
		      struct security_descriptor *out)
{
	struct wire_reader r = wire_reader(in.data, in.length);
	struct security_descriptor sd = {0};
	struct offsets at;
	uint8_t revision;
	NTSTATUS status;

	wire_seek(&r, start);
	revision = wire_u8(&r);
	wire_skip(&r, 1);
	sd.control = wire_u16(&r);
	at.owner = wire_u32(&r);
	at.group = wire_u32(&r);
	at.sacl = wire_u32(&r);
	at.dacl = wire_u32(&r);
	if (!wire_ok(&r) || in.length - start > SD_MAX_SIZE) {
		return NT_STATUS(INVALID_SECURITY_DESCR);
	}
	if (revision != 1) {
		return NT_STATUS(UNKNOWN_REVISION);
	}
	if ((sd.control & SE_SELF_RELATIVE) == 0) {
		return NT_STATUS(INVALID_SECURITY_DESCR);
	}
	status = read_parts(mem_ctx, &r, &at, &sd);
	if (NT_STATUS_IS_OK(status)) {
		*out = sd;
	}
	return status;
}

NTSTATUS sd_decode(TALLOC_CTX *mem_ctx, struct blob in,
		   struct security_descriptor *out)
{
	return sd_decode_at(mem_ctx, in, 0, out);
}

/* --- encoding ------------------------------------------------------------- */

static void ace_put(struct wire_writer *w, const struct ace *a)
{
	size_t start = w->length;

	wire_put_u8(w, a->type);
	wire_put_u8(w, a->flags);
	wire_put_u16(w, 0); /* AceSize: below */
	if (ace_has_sid(a->type)) {
		wire_put_u32(w, a->mask);
		wire_put_bytes(w, a->object.data, a->object.length);
		sid_put(w, &a->sid);
	}
	wire_put_bytes(w, a->data.data, a->data.length);
	if (wire_writer_ok(w)) {
		wire_put_zero(w, -(w->length - start) & 3);
		wire_patch_u16(w, start + 2, (uint16_t)(w->length - start));
	}
}

static void acl_put(struct wire_writer *w, const struct acl *acl)
{
	size_t start = w->length;

	wire_put_u8(w, acl->revision);
	wire_put_u8(w, 0);
	wire_put_u16(w, 0); /* AclSize: below */
	wire_put_u16(w, (uint16_t)acl->count);
	wire_put_u16(w, 0);
	for (uint32_t i = 0; i < acl->count; i++) {
		ace_put(w, &acl->aces[i]);
	}
	if (w->length - start > UINT16_MAX || acl->count > UINT16_MAX) {
		w->failed = true;
		return;
	}
	wire_patch_u16(w, start + 2, (uint16_t)(w->length - start));
}

void sd_put(struct wire_writer *w, const struct security_descriptor *sd)
{
	size_t start = w->length;

	wire_put_u8(w, 1);
	wire_put_u8(w, 0);
	wire_put_u16(w, sd->control | SE_SELF_RELATIVE);
	wire_put_zero(w, 16);
	if (sd->has_owner) {
		wire_patch_u32(w, start + 4, (uint32_t)w->length);
		sid_put(w, &sd->owner);
	}
	if (sd->has_group) {
		wire_patch_u32(w, start + 8, (uint32_t)w->length);
		sid_put(w, &sd->group);
	}
	if (sd->has_sacl) {
		wire_patch_u32(w, start + 12, (uint32_t)w->length);
		acl_put(w, &sd->sacl);
	}
	if (sd->has_dacl) {
		wire_patch_u32(w, start + 16, (uint32_t)w->length);
		acl_put(w, &sd->dacl);
	}
}

NTSTATUS sd_encode(TALLOC_CTX *mem_ctx, const struct security_descriptor *sd,
		   struct blob *out)
{
	struct wire_writer w = wire_writer(mem_ctx, SD_MAX_SIZE);
	NTSTATUS status;

	sd_put(&w, sd);
	status = wire_finish(&w, out);
	return NT_STATUS_IS(status, BUFFER_TOO_SMALL)
		       ? NT_STATUS(INVALID_SECURITY_DESCR)
		       : status;
}
