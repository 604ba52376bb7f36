/* fsa/unix_security.c - between modes and descriptors. */
#include "fsa/unix_security.h"

#include "fsa/access_check.h"
#include "lib/nt.h"

/* --- from a mode --------------------------------------------------------- */

/* The owner can always change the mode, so is shown to have that right; one
 * who has all of rwx is shown with full access, as Samba does. */
static uint32_t mask_of(mode_t mode, unsigned int shift, bool directory)
{
	unsigned int rwx = (mode >> shift) & 7;
	uint32_t mask = fsa_unix_rights(rwx, directory);

	if (rwx == 7 || (shift == 6 && (rwx & 6) == 6)) {
		return FILE_ALL_ACCESS;
	}
	return shift == 6 ? mask | WRITE_DAC | WRITE_OWNER : mask;
}

static struct security_descriptor owned(const struct fsa_id_map *map,
					const struct fsa_unix *in)
{
	return (struct security_descriptor){
		.control = SE_SELF_RELATIVE | SE_DACL_PRESENT,
		.has_owner = true,
		.has_group = true,
		.has_dacl = true,
		.owner = map->sid_of_uid(map->private_data, in->uid),
		.group = map->sid_of_gid(map->private_data, in->gid),
		.dacl = {.revision = ACL_REVISION},
	};
}

static void allow(struct acl *acl, struct sid sid, uint32_t mask)
{
	acl->aces[acl->count++] =
		(struct ace){.type = ACE_ALLOWED, .mask = mask, .sid = sid};
}

NTSTATUS unix_security_derive(TALLOC_CTX *mem_ctx, const struct fsa_id_map *map,
			      const struct fsa_unix *in, bool directory,
			      struct security_descriptor *out)
{
	struct security_descriptor sd = owned(map, in);

	sd.dacl.aces = talloc_array(mem_ctx, struct ace, 3);
	if (sd.dacl.aces == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	allow(&sd.dacl, sd.owner, mask_of(in->mode, 6, directory));
	allow(&sd.dacl, sd.group, mask_of(in->mode, 3, directory));
	allow(&sd.dacl, sid_everyone(), mask_of(in->mode, 0, directory));
	*out = sd;
	return NT_STATUS_OK;
}

/* As Samba does it when it ignores system ACLs: reading includes running. */
static uint32_t default_mask(unsigned int rwx, bool owner)
{
	uint32_t mask = 0;

	if (owner && (rwx & 6) == 6) {
		return FILE_ALL_ACCESS;
	}
	if ((rwx & 4) != 0) {
		mask |= FILE_GENERIC_READ | FILE_GENERIC_EXECUTE;
	}
	if ((rwx & 2) != 0) {
		mask |= FILE_GENERIC_WRITE | (owner ? DELETE_ACCESS : 0);
	}
	return mask;
}

NTSTATUS unix_security_default(TALLOC_CTX *mem_ctx,
			       const struct fsa_id_map *map,
			       const struct fsa_unix *in,
			       enum fsa_acl_style style,
			       struct security_descriptor *out)
{
	struct security_descriptor sd = owned(map, in);
	const struct sid others[2] = {sd.group, sid_everyone()};

	sd.dacl.aces = talloc_array(mem_ctx, struct ace, 4);
	if (sd.dacl.aces == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	if (style == FSA_ACL_EVERYONE) {
		allow(&sd.dacl, sid_everyone(), FILE_ALL_ACCESS);
		*out = sd;
		return NT_STATUS_OK;
	}
	allow(&sd.dacl, sd.owner,
	      style == FSA_ACL_WINDOWS ? FILE_ALL_ACCESS
				       : default_mask(in->mode >> 6, true));
	for (unsigned int i = 0; style == FSA_ACL_POSIX && i < 2; i++) {
		uint32_t mask = default_mask(in->mode >> (3 - 3 * i), false);

		if (mask != 0) {
			allow(&sd.dacl, others[i], mask);
		}
	}
	allow(&sd.dacl, sid_system(), FILE_ALL_ACCESS);
	*out = sd;
	return NT_STATUS_OK;
}

/* --- to a mode ----------------------------------------------------------- */

#define BUILTIN_USERS 545

/* Who holds this SID, and what everybody who logs on holds. */
static unsigned int bits_for(const struct security_descriptor *sd,
			     const struct sid *sid, bool directory)
{
	struct sid sids[] = {*sid, sid_everyone(), sid_authenticated(),
			     sid_network(),
			     sid_make(5, 2, 32, (uint32_t)BUILTIN_USERS)};
	const struct security_token token = {
		.num_sids = sizeof(sids) / sizeof(sids[0]), .sids = sids};
	uint32_t rights = access_rights(sd, &token);
	unsigned int rwx = 0;

	if ((rights & FILE_READ_DATA) != 0) {
		/* Traversing is free to those who may look. */
		rwx |= directory ? 5 : 4;
	}
	if ((rights & FILE_WRITE_DATA) != 0) {
		rwx |= 2;
	}
	if ((rights & FILE_EXECUTE) != 0) {
		rwx |= 1;
	}
	return rwx;
}

static bool is_listed(const struct fsa_unix_change *to, bool group, uint32_t id)
{
	for (size_t i = 0; i < to->num_entries; i++) {
		if (to->entries[i].group == group && to->entries[i].id == id) {
			return true;
		}
	}
	return id == (group ? to->gid : to->uid);
}

/* Whom the entry names, if it is a user or group of this machine. */
static bool who(const struct fsa_id_map *map, const struct ace *a,
		struct fsa_unix_entry *out)
{
	uid_t uid;
	gid_t gid;

	if (a->type > ACE_DENIED || (a->flags & ACE_INHERIT_ONLY) != 0) {
		return false;
	}
	if (map->uid_of_sid(map->private_data, &a->sid, &uid)) {
		*out = (struct fsa_unix_entry){.group = false, .id = uid};
		return true;
	}
	if (map->gid_of_sid(map->private_data, &a->sid, &gid)) {
		*out = (struct fsa_unix_entry){.group = true, .id = gid};
		return true;
	}
	return false;
}

/* No more than a file system holds; who comes later has no access below. */
#define MAX_ENTRIES 256

static NTSTATUS list_named(TALLOC_CTX *mem_ctx, const struct fsa_id_map *map,
			   const struct security_descriptor *sd, bool directory,
			   struct fsa_unix_change *to)
{
	size_t room =
		sd->dacl.count < MAX_ENTRIES ? sd->dacl.count : MAX_ENTRIES;

	to->entries = talloc_array(mem_ctx, struct fsa_unix_entry, room);
	if (to->entries == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	for (uint32_t i = 0; i < sd->dacl.count && to->num_entries < room;
	     i++) {
		const struct ace *a = &sd->dacl.aces[i];
		struct fsa_unix_entry e;

		if (who(map, a, &e) && !is_listed(to, e.group, e.id)) {
			e.rwx = bits_for(sd, &a->sid, directory);
			to->entries[to->num_entries++] = e;
		}
	}
	return NT_STATUS_OK;
}

NTSTATUS unix_security_express(TALLOC_CTX *mem_ctx,
			       const struct fsa_id_map *map,
			       const struct security_descriptor *sd,
			       bool directory, struct fsa_unix_change *to)
{
	struct sid owner = map->sid_of_uid(map->private_data, to->uid);
	struct sid group = map->sid_of_gid(map->private_data, to->gid);
	struct sid everyone = sid_everyone();

	to->mode = bits_for(sd, sd->has_owner ? &sd->owner : &owner, directory)
			   << 6 |
		   bits_for(sd, &group, directory) << 3 |
		   bits_for(sd, &everyone, directory);
	to->num_entries = 0;
	if (!sd->has_dacl) {
		to->entries = NULL;
		return NT_STATUS_OK;
	}
	return list_named(mem_ctx, map, sd, directory, to);
}
