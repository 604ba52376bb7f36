/* vfs_modules/posix/new_mode.c - mode and owner of what is made. */
#include "vfs_modules/posix/new_mode.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "vfs_modules/posix/mode_map.h"
#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/privileged.h"

/* Whether the directory has an ACL for what is made in it. */
static bool has_default_acl(int parent)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", parent);
	return getxattr(path, "system.posix_acl_default", NULL, 0) > 0;
}

/* A directory is like its parent (the kernel hands the set-group-id bit on); a
 * file is read and written by the same as that. */
static bool get_inherited(const struct posix_mount *m, int parent,
			  const struct fsa_how *how, mode_t *out)
{
	struct stat st;

	if (!m->inherit_permissions || fstat(parent, &st) != 0) {
		return false;
	}
	*out = st.st_mode & (how->directory ? 01777 : 0666);
	return true;
}

static mode_t masked(const struct posix_mount *m, int parent,
		     const struct fsa_how *how)
{
	mode_t mode = how->directory ? 0777 : 0666;

	/* The ACL takes away what it does not give. */
	if (m->inherit_acls && has_default_acl(parent)) {
		return mode;
	}
	return how->directory ? (mode & m->directory_mask) | m->force_directory
			      : (mode & m->create_mask) | m->force_create;
}

mode_t new_mode(const struct posix_mount *m, int parent,
		const struct fsa_how *how)
{
	mode_t mode;

	if (how->has_mode) {
		return how->mode &
		       (how->directory ? m->directory_mask : m->create_mask);
	}
	if (!get_inherited(m, parent, how, &mode)) {
		mode = masked(m, parent, how);
	}
	/* Without user.DOSATTRIB the mode says what it can of attributes. */
	return how->directory || m->dos_attributes
		       ? mode
		       : mode_map_put(m, mode, how->attributes);
}

NTSTATUS new_mode_inherit_owner(int fd, int parent)
{
	struct fsa_unix_change change = {.set_uid = true};
	struct stat st;

	if (fstat(parent, &st) != 0) {
		return ntstatus_from_errno(errno);
	}
	change.uid = st.st_uid;
	return privileged_change(fd, &change);
}
