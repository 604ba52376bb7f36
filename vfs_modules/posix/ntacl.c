/* vfs_modules/posix/ntacl.c - the extended attribute security.NTACL. */
#include "vfs_modules/posix/ntacl.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "lib/crypto.h"

#define HASH_NONE   0
#define HASH_SHA256 1
#define HASHED	    "posix_acl"

/* Samba's pointers; only that they are not 0 matters. */
#define POINTER_1 0x00020000u
#define POINTER_2 0x00020004u

static void align4(struct wire_reader *r)
{
	wire_skip(r, -r->pos & 3);
}

/* The part between the pointers and the descriptor. */
static void read_hashes(struct wire_reader *r, uint16_t version,
			struct ntacl *out)
{
	char hashed[sizeof(HASHED)] = {0};
	uint16_t type;

	if (version == 2) {
		wire_skip(r, 16);
		return;
	}
	type = wire_u16(r);
	wire_skip(r, NTACL_HASH_SIZE);
	if (version == 3) {
		return;
	}
	wire_bytes(r, hashed, sizeof(hashed));
	if (memcmp(hashed, HASHED, sizeof(hashed)) != 0) {
		r->failed = true; /* a file system with other ACLs */
	}
	align4(r);
	wire_skip(r, 8);
	wire_bytes(r, out->hash, NTACL_HASH_SIZE);
	out->has_hash = type != HASH_NONE;
}

NTSTATUS ntacl_decode(TALLOC_CTX *mem_ctx, struct blob in, struct ntacl *out)
{
	struct wire_reader r = wire_reader(in.data, in.length);
	struct ntacl acl = {0};
	uint16_t version = wire_u16(&r);
	uint16_t level = wire_u16(&r);
	bool complete = wire_u32(&r) != 0;
	NTSTATUS status;

	if (version < 1 || version > 4 || level != version) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	if (version > 1) {
		complete = wire_u32(&r) != 0 && complete;
		read_hashes(&r, version, &acl);
	}
	align4(&r);
	if (!wire_ok(&r) || !complete) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	status = sd_decode_at(mem_ctx, in, r.pos, &acl.sd);
	if (NT_STATUS_IS(status, NO_MEMORY)) {
		return status;
	}
	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS(INTERNAL_DB_CORRUPTION);
	}
	*out = acl;
	return NT_STATUS_OK;
}

NTSTATUS ntacl_encode(TALLOC_CTX *mem_ctx, const struct ntacl *in, NTTIME now,
		      struct blob *out)
{
	struct wire_writer w = wire_writer(mem_ctx, NTACL_MAX_SIZE);

	wire_put_u16(&w, 4);
	wire_put_u16(&w, 4);
	wire_put_u32(&w, POINTER_1);
	wire_put_u32(&w, POINTER_2);
	wire_put_u16(&w, in->has_hash ? HASH_SHA256 : HASH_NONE);
	/* Of a descriptor that is never made from a POSIX ACL. */
	wire_put_zero(&w, NTACL_HASH_SIZE);
	wire_put_bytes(&w, HASHED, sizeof(HASHED));
	wire_align(&w, 4);
	wire_put_u64(&w, now);
	wire_put_bytes(&w, in->hash, NTACL_HASH_SIZE);
	wire_align(&w, 4);
	sd_put(&w, &in->sd);
	return wire_finish(&w, out);
}

/* --- what Samba hashes ------------------------------------------------------
 *
 * Another NDR record: pointers to the access ACL and to the default ACL (of
 * directories only), owner and group in 64 bits, mode; then the ACLs: the
 * count, aligned to 8 the count again and a zero, and each entry aligned to 8:
 * tag, tag again, for users and groups aligned to 8 the id in 64 bits, and the
 * permissions. */

/* The kernel's form: version 4, then entries of tag 2, permissions 2, id 4. */
#define KERNEL_HEADER 4
#define KERNEL_ENTRY  8
#define MAX_ENTRIES   512
#define ENTRY_SIZE    24

static uint16_t samba_tag(uint16_t kernel_tag)
{
	switch (kernel_tag) {
	case 0x01: /* ACL_USER_OBJ */
		return 2;
	case 0x02: /* ACL_USER */
		return 1;
	case 0x04: /* ACL_GROUP_OBJ */
		return 4;
	case 0x08: /* ACL_GROUP */
		return 3;
	case 0x10: /* ACL_MASK */
		return 6;
	case 0x20: /* ACL_OTHER */
		return 5;
	default:
		return 0;
	}
}

static void put_entry(struct wire_writer *w, uint16_t tag, uint16_t perm,
		      uint32_t id)
{
	wire_align(w, 8);
	wire_put_u16(w, tag);
	wire_put_u16(w, tag);
	if (tag == 1 || tag == 3) {
		wire_align(w, 8);
		wire_put_u64(w, id);
	}
	wire_align(w, 4);
	wire_put_u32(w, perm);
}

static void put_count(struct wire_writer *w, uint32_t count)
{
	wire_align(w, 4);
	wire_put_u32(w, count);
	wire_align(w, 8);
	wire_put_u32(w, count);
	wire_put_u32(w, 0);
}

static bool put_acl(struct wire_writer *w, struct blob acl)
{
	struct wire_reader r = wire_reader(acl.data, acl.length);
	size_t count = (acl.length - KERNEL_HEADER) / KERNEL_ENTRY;

	wire_skip(&r, KERNEL_HEADER);
	if (!wire_ok(&r) || count > MAX_ENTRIES) {
		return false;
	}
	put_count(w, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		uint16_t tag = samba_tag(wire_u16(&r));
		uint16_t perm = wire_u16(&r);

		if (tag == 0) {
			return false;
		}
		put_entry(w, tag, perm, wire_u32(&r));
	}
	return wire_ok(&r);
}

static void put_mode(struct wire_writer *w, mode_t mode)
{
	put_count(w, 3);
	put_entry(w, samba_tag(0x01), (uint16_t)(mode >> 6 & 7), 0);
	put_entry(w, samba_tag(0x04), (uint16_t)(mode >> 3 & 7), 0);
	put_entry(w, samba_tag(0x20), (uint16_t)(mode & 7), 0);
}

NTSTATUS ntacl_hash(const struct ntacl_system *in, uint8_t out[NTACL_HASH_SIZE])
{
	uint8_t buffer[64 + 2 * (24 + ENTRY_SIZE * MAX_ENTRIES)];
	struct wire_writer w = wire_writer_fixed(buffer, sizeof(buffer));
	struct iovec iov = {.iov_base = buffer};
	bool directory = S_ISDIR(in->mode);
	bool known = true;

	wire_put_u32(&w, POINTER_1);
	wire_put_u32(&w, directory ? POINTER_2 : 0);
	wire_put_u64(&w, in->uid);
	wire_put_u64(&w, in->gid);
	wire_put_u32(&w, in->mode);
	if (in->access.length > 0) {
		known = put_acl(&w, in->access);
	} else {
		put_mode(&w, in->mode);
	}
	if (directory && in->inherited.length > 0) {
		known = put_acl(&w, in->inherited) && known;
	} else if (directory) {
		put_count(&w, 0);
	}
	if (!known || !wire_writer_ok(&w)) {
		return NT_STATUS(INVALID_ACL);
	}
	iov.iov_len = w.length;
	memset(out, 0, NTACL_HASH_SIZE);
	crypto_sha256(&iov, 1, out);
	return NT_STATUS_OK;
}
