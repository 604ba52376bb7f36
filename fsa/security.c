/* fsa/security.c - FSA_QUERY_SECURITY, FSA_SET_SECURITY ([MS-FSA] 2.1.5.14,
 * 2.1.5.17). */
#include <sys/stat.h>

#include "fsa/inherit.h"
#include "fsa/nfs_aces.h"
#include "fsa/notify.h"
#include "fsa/posix.h"
#include "fsa/protect.h"
#include "fsa/sacl.h"
#include "fsa/unix_security.h"

#define OF_OWNER (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION)
#define READABLE                                                               \
	(OF_OWNER | DACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION |   \
	 ATTRIBUTE_SECURITY_INFORMATION | SCOPE_SECURITY_INFORMATION)
#define ALL_PARTS (OF_OWNER | DACL_SECURITY_INFORMATION | SACL_PARTS)

#define DACL_CONTROL                                                           \
	(SE_DACL_PRESENT | SE_DACL_DEFAULTED | SE_DACL_PROTECTED |             \
	 SE_DACL_AUTO_INHERITED)
#define SACL_CONTROL                                                           \
	(SE_SACL_PRESENT | SE_SACL_DEFAULTED | SE_SACL_PROTECTED |             \
	 SE_SACL_AUTO_INHERITED)

/* --- querying ----------------------------------------------------------- */

static void keep_parts(struct security_descriptor *sd, uint32_t which)
{
	sd->control |= SE_SELF_RELATIVE;
	if ((which & OWNER_SECURITY_INFORMATION) == 0) {
		sd->has_owner = false;
		sd->control &= (uint16_t)~SE_OWNER_DEFAULTED;
	}
	if ((which & GROUP_SECURITY_INFORMATION) == 0) {
		sd->has_group = false;
		sd->control &= (uint16_t)~SE_GROUP_DEFAULTED;
	}
	if ((which & DACL_SECURITY_INFORMATION) == 0) {
		sd->has_dacl = false;
		sd->control &= (uint16_t)~DACL_CONTROL;
	}
	if ((which & SACL_PARTS) == 0) {
		sd->has_sacl = false;
		sd->control &= (uint16_t)~SACL_CONTROL;
	} else if (sd->has_sacl) {
		sacl_keep(&sd->sacl, which);
	}
}

static NTSTATUS show_mode(TALLOC_CTX *mem_ctx, const struct fsa_file *f,
			  struct security_descriptor *sd)
{
	struct fsa_unix un;
	NTSTATUS status = driver_of(f)->get_unix(file_node(f), &un);

	return NT_STATUS_IS_OK(status) ? nfs_aces_add(mem_ctx, &un, &sd->dacl)
				       : status;
}

NTSTATUS fsa_query_security_start(struct fsa_io *io)
{
	struct fsa_file *f = io->file;
	struct fsa_security *s = &io->u.security;
	uint32_t which = s->which;
	struct security_descriptor sd;
	NTSTATUS status;

	if ((which & BACKUP_SECURITY_INFORMATION) != 0) {
		which |= ALL_PARTS;
	}
	if ((which & SACL_SECURITY_INFORMATION) != 0 &&
	    (f->granted & ACCESS_SYSTEM_SECURITY) == 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	if ((which & READABLE) != 0 && (f->granted & READ_CONTROL) == 0) {
		return NT_STATUS(ACCESS_DENIED);
	}
	status = protect_get(s->mem_ctx, f, &sd);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	keep_parts(&sd, which);
	if (s->nfs_aces && sd.has_dacl) {
		status = show_mode(s->mem_ctx, f, &sd);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return sd_encode(s->mem_ctx, &sd, &s->descriptor);
}

/* --- setting ------------------------------------------------------------- */

static NTSTATUS check_access(const struct fsa_file *f, uint32_t which)
{
	uint32_t needs = 0;

	if ((which & DACL_SECURITY_INFORMATION) != 0) {
		needs |= WRITE_DAC;
	}
	if ((which & (OF_OWNER | LABEL_SECURITY_INFORMATION)) != 0) {
		needs |= WRITE_OWNER;
	}
	if ((which & ATTRIBUTE_SECURITY_INFORMATION) != 0) {
		needs |= WRITE_DAC; /* [MS-SMB2] 3.3.5.21.3 */
	}
	if ((which &
	     (SACL_SECURITY_INFORMATION | SCOPE_SECURITY_INFORMATION)) != 0) {
		needs |= ACCESS_SYSTEM_SECURITY;
	}
	return (needs & ~f->granted) == 0 ? NT_STATUS_OK
					  : NT_STATUS(ACCESS_DENIED);
}

/* What an entry that applies says in generic rights is said in real ones; what
 * only goes on to children stays. */
static void map_acl(struct acl *acl)
{
	for (uint32_t i = 0; i < acl->count; i++) {
		if ((acl->aces[i].flags & ACE_INHERIT_ONLY) == 0) {
			acl->aces[i].mask =
				inherit_map_generic(acl->aces[i].mask);
		}
	}
}

/* That entries were inherited automatically is believed of those alone who ask
 * for it with AUTO_INHERIT_REQ; the request itself is not kept. */
static uint16_t control_to_set(const struct fsa_volume *v, uint16_t control)
{
	if (v->keep_inherited_flag) {
		return control;
	}
	if ((control & SE_DACL_AUTO_INHERIT_REQ) == 0) {
		control &= (uint16_t)~SE_DACL_AUTO_INHERITED;
	}
	if ((control & SE_SACL_AUTO_INHERIT_REQ) == 0) {
		control &= (uint16_t)~SE_SACL_AUTO_INHERITED;
	}
	return control;
}

static void replace_control(struct security_descriptor *sd, uint16_t from,
			    uint16_t bits)
{
	sd->control = (uint16_t)((sd->control & ~bits) | (from & bits));
}

static void merge(struct security_descriptor *sd,
		  const struct security_descriptor *in, uint16_t control,
		  uint32_t which)
{
	if ((which & OWNER_SECURITY_INFORMATION) != 0) {
		sd->has_owner = in->has_owner;
		sd->owner = in->owner;
		replace_control(sd, control, SE_OWNER_DEFAULTED);
	}
	if ((which & GROUP_SECURITY_INFORMATION) != 0 && in->has_group) {
		sd->has_group = true;
		sd->group = in->group;
		replace_control(sd, control, SE_GROUP_DEFAULTED);
	}
	if ((which & DACL_SECURITY_INFORMATION) != 0) {
		sd->has_dacl = in->has_dacl;
		sd->dacl = in->dacl;
		map_acl(&sd->dacl);
		replace_control(sd, control | SE_DACL_PRESENT, DACL_CONTROL);
	}
}

/* The entries that which names; the others stay. */
static NTSTATUS merge_sacl(TALLOC_CTX *tmp, struct security_descriptor *sd,
			   const struct security_descriptor *in,
			   uint16_t control, uint32_t which)
{
	const struct acl none = {.revision = ACL_REVISION};
	NTSTATUS status;

	if ((which & SACL_PARTS) == 0) {
		return NT_STATUS_OK;
	}
	if (!sd->has_sacl) {
		sd->sacl = none;
	}
	status = sacl_replace(tmp, &sd->sacl, in->has_sacl ? &in->sacl : NULL,
			      which);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	map_acl(&sd->sacl);
	if ((which & SACL_SECURITY_INFORMATION) != 0) {
		sd->has_sacl = in->has_sacl;
		replace_control(sd, control, SACL_CONTROL);
	}
	if (sd->sacl.count > 0) {
		sd->has_sacl = true;
		sd->control |= SE_SACL_PRESENT;
	}
	return NT_STATUS_OK;
}

/* The mode that came with a DACL, if it is another one, decides alone, as when
 * it is changed by a local program. */
static NTSTATUS set_mode(struct fsa_io *io, TALLOC_CTX *tmp,
			 const struct fsa_unix *before, mode_t mode)
{
	struct fsa_file *f = io->file;
	const struct fsa_unix un = {
		.uid = before->uid, .gid = before->gid, .mode = mode};
	struct fsa_protection p = {
		.unix_change = {.set_mode = true,
				.uid = un.uid,
				.gid = un.gid,
				.mode = mode & ~(mode_t)S_IFMT},
	};
	NTSTATUS status =
		unix_security_derive(tmp, f->volume->server->params.id_map, &un,
				     file_node(f)->directory, &p.sd);

	return NT_STATUS_IS_OK(status)
		       ? driver_of(f)->set_descriptor(file_node(f), &p)
		       : status;
}

/* What a POSIX open sets in the words of Unix; *which keeps the other parts. */
static NTSTATUS set_in_unix_terms(struct fsa_file *f,
				  const struct security_descriptor *in,
				  uint32_t *which)
{
	struct fsa_unix_change change;
	uint32_t said;

	if (!f->posix) {
		return NT_STATUS_OK;
	}
	said = fsa_posix_change(in, *which, &change);
	*which &= ~said;
	return said == 0 ? NT_STATUS_OK
			 : driver_of(f)->set_unix(file_node(f), &change);
}

static NTSTATUS set_parts(struct fsa_io *io, TALLOC_CTX *tmp, uint32_t which)
{
	struct fsa_file *f = io->file;
	struct security_descriptor in;
	struct fsa_protection p = {0};
	struct fsa_unix before;
	uint16_t control;
	mode_t mode;
	NTSTATUS status = sd_decode(tmp, io->u.security.descriptor, &in);

	if (NT_STATUS_IS_OK(status)) {
		status = set_in_unix_terms(f, &in, &which);
	}
	if (!NT_STATUS_IS_OK(status) || which == 0) {
		return status;
	}
	status = protect_get(tmp, f, &p.sd);
	if (NT_STATUS_IS_OK(status)) {
		status = driver_of(f)->get_unix(file_node(f), &before);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	mode = before.mode;
	if (io->u.security.nfs_aces &&
	    (which & DACL_SECURITY_INFORMATION) != 0 && in.has_dacl &&
	    nfs_aces_take(&in.dacl, &mode) && mode != before.mode) {
		return set_mode(io, tmp, &before, mode);
	}
	control = control_to_set(f->volume, in.control);
	merge(&p.sd, &in, control, which);
	status = merge_sacl(tmp, &p.sd, &in, control, which);
	if (NT_STATUS_IS_OK(status)) {
		status = protect_express(tmp, io, &before, which, &p);
	}
	return NT_STATUS_IS_OK(status)
		       ? driver_of(f)->set_descriptor(file_node(f), &p)
		       : status;
}

NTSTATUS fsa_set_security_start(struct fsa_io *io)
{
	uint32_t which = io->u.security.which;
	TALLOC_CTX *tmp;
	NTSTATUS status;

	if ((which & BACKUP_SECURITY_INFORMATION) != 0) {
		which |= ALL_PARTS;
	}
	status = check_access(io->file, which);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	tmp = talloc_new(NULL);
	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = set_parts(io, tmp, which);
	talloc_free(tmp);
	if (NT_STATUS_IS_OK(status)) {
		fsa_notify_modified(io->file, FILE_NOTIFY_CHANGE_SECURITY);
		status = file_keep_times(io->file);
	}
	return status;
}
