/* vfs_modules/posix/unix_security.c - a security descriptor from a mode. */
#include "lib/nt.h"
#include "lib/wire.h"
#include "vfs_modules/posix/rights.h"

#define SE_DACL_PRESENT	   0x0004u
#define SE_SELF_RELATIVE   0x8000u
#define ACL_REVISION	   2
#define ACCESS_ALLOWED_ACE 0
#define MAX_SIZE	   1024

/* The owner can always change the mode, so is shown to have that right; one
 * who has all of rwx is shown with full access, as Samba does. */
static uint32_t ace_mask(const struct unix_security *in, unsigned int shift)
{
	unsigned int rwx = (in->mode >> shift) & 7;
	uint32_t mask = rights_from_bits(rwx, in->directory);

	if (rwx == 7 || (shift == 6 && (rwx & 6) == 6)) {
		return FILE_ALL_ACCESS;
	}
	return shift == 6 ? mask | WRITE_DAC | WRITE_OWNER : mask;
}

static void put_ace(struct wire_writer *w, const struct sid *s, uint32_t mask)
{
	wire_put_u8(w, ACCESS_ALLOWED_ACE);
	wire_put_u8(w, 0); /* AceFlags */
	wire_put_u16(w, (uint16_t)(8 + sid_size(s)));
	wire_put_u32(w, mask);
	sid_put(w, s);
}

static void put_dacl(struct wire_writer *w, const struct unix_security *in)
{
	struct sid everyone = sid_everyone();
	size_t start = w->length;

	wire_put_u8(w, ACL_REVISION);
	wire_put_u8(w, 0);
	wire_put_u16(w, 0); /* AclSize: below */
	wire_put_u16(w, 3); /* AceCount */
	wire_put_u16(w, 0);
	put_ace(w, &in->owner, ace_mask(in, 6));
	put_ace(w, &in->group, ace_mask(in, 3));
	put_ace(w, &everyone, ace_mask(in, 0));
	wire_patch_u16(w, start + 2, (uint16_t)(w->length - start));
}

NTSTATUS unix_security_encode(TALLOC_CTX *mem_ctx,
			      const struct unix_security *in, uint32_t which,
			      struct blob *out)
{
	struct wire_writer w = wire_writer(mem_ctx, MAX_SIZE);
	uint16_t control = SE_SELF_RELATIVE;

	if ((which & DACL_SECURITY_INFORMATION) != 0) {
		control |= SE_DACL_PRESENT;
	}
	wire_put_u8(&w, 1); /* Revision */
	wire_put_u8(&w, 0);
	wire_put_u16(&w, control);
	wire_put_zero(&w, 16); /* OffsetOwner, Group, Sacl, Dacl */
	if ((which & OWNER_SECURITY_INFORMATION) != 0) {
		wire_patch_u32(&w, 4, (uint32_t)w.length);
		sid_put(&w, &in->owner);
	}
	if ((which & GROUP_SECURITY_INFORMATION) != 0) {
		wire_patch_u32(&w, 8, (uint32_t)w.length);
		sid_put(&w, &in->group);
	}
	if ((which & DACL_SECURITY_INFORMATION) != 0) {
		wire_patch_u32(&w, 16, (uint32_t)w.length);
		put_dacl(&w, in);
	}
	return wire_finish(&w, out);
}
