/* vfs_modules/posix/volume.c - the driver's table, mounts and volumes. */
#include <errno.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "vfs_modules/posix/async.h"
#include "vfs_modules/posix/dosattrib.h"
#include "vfs_modules/posix/ntacl.h"
#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/rights.h"
#include "vfs_modules/posix/sweep.h"
#include "vfs_modules/posix/work.h"

#define SECTOR 512

/* Not while a client begins, and not in its way. */
#define SWEEP_AFTER_MS (30 * 1000)
#define SWEEP_STEP_MS  50

static int state_destructor(struct posix_state *s)
{
	close(s->home);
	return 0;
}

NTSTATUS posix_start(TALLOC_CTX *mem_ctx, const struct fsa_driver_env *env,
		     void *shared, void **out_state)
{
	struct posix_state *s = talloc_zero(mem_ctx, struct posix_state);
	NTSTATUS status;

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	s->env = env;
	s->home = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (s->home == -1) {
		talloc_free(s);
		return ntstatus_from_errno(errno);
	}
	talloc_set_destructor(s, state_destructor);
	status = name_index_create(s, env->ev, &s->index);
	if (NT_STATUS_IS_OK(status)) {
		status = posix_async_create(s, env, &s->async);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = posix_work_create(s, env, &s->work);
	}
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(s);
		return status;
	}
	*out_state = s;
	return NT_STATUS_OK;
}

static int mount_destructor(struct posix_mount *m)
{
	if (m->root != -1) {
		close(m->root);
	}
	return 0;
}

static uint64_t resolve_flags(const struct fsa_volume_params *p)
{
	uint64_t flags = RESOLVE_NO_MAGICLINKS;

	if (!p->wide_links) {
		flags |= RESOLVE_BENEATH;
	}
	if (!p->follow_symlinks) {
		flags |= RESOLVE_NO_SYMLINKS;
	}
	return flags;
}

/* Who may not enter the folder is connected nevertheless, and told so when he
 * opens something: [MS-SMB2] 3.3.5.7 asks the share alone. */
static NTSTATUS open_root(const char *path, int *out)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd == -1) {
		return errno == EACCES ? NT_STATUS(ACCESS_DENIED)
				       : NT_STATUS(BAD_NETWORK_NAME);
	}
	*out = fd;
	return NT_STATUS_OK;
}

/* Without root the attribute is one that files' owners may set. */
static const char *security_name(const struct fsa_volume_params *params)
{
	if (params->security_acl_name != NULL) {
		return params->security_acl_name;
	}
	return geteuid() == 0 ? NTACL_NAME : NTACL_USER_NAME;
}

static bool is_tmpfs(int root)
{
	struct statfs fs;

	return fstatfs(root, &fs) == 0 && fs.f_type == TMPFS_MAGIC;
}

NTSTATUS posix_mount_open(TALLOC_CTX *mem_ctx, void *state,
			  const struct fsa_volume_params *params,
			  struct fsa_mount **out)
{
	struct posix_mount *m = talloc_zero(mem_ctx, struct posix_mount);
	NTSTATUS status;

	if (m == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*m = (struct posix_mount){
		.base = {.driver = &fsa_posix_driver},
		.state = state,
		.root = -1,
		.resolve = resolve_flags(params),
		.wide = params->follow_symlinks && params->wide_links,
		.create_mask = params->create_mask,
		.directory_mask = params->directory_mask,
		.force_create = params->force_create_mode,
		.force_directory = params->force_directory_mode,
		.inherit_permissions = params->inherit_permissions,
		.inherit_acls = params->inherit_acls,
		.inherit_owner = params->inherit_owner,
		.hide_special_files = params->hide_special_files,
		.map = params->map,
		.dos_filemode = params->dos_filemode,
		.dos_filetimes = params->dos_filetimes,
		.dos_attributes = params->store_dos_attributes,
		.strict_sync = params->strict_sync,
		.kernel_oplocks = params->kernel_oplocks,
		.ignore_system_acls = params->ignore_system_acls,
		.streams = params->named_streams,
		.eas = params->ea_support,
	};
	if (m->ignore_system_acls) {
		/* Descriptors say who may, so the mode must not say no. */
		m->create_mask = 0666;
		m->directory_mask = 0777;
	}
	talloc_set_destructor(m, mount_destructor);
	m->security_name = talloc_strdup(m, security_name(params));
	status = m->security_name == NULL ? NT_STATUS(NO_MEMORY)
					  : open_root(params->path, &m->root);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(m);
		return status;
	}
	m->base.local_path = talloc_strdup(m, params->path);
	if (m->base.local_path == NULL) {
		talloc_free(m);
		return NT_STATUS(NO_MEMORY);
	}
	m->in_memory = is_tmpfs(m->root);
	if (m->streams) {
		sweep_start(m, SWEEP_AFTER_MS, SWEEP_STEP_MS);
	}
	*out = &m->base;
	return NT_STATUS_OK;
}

/* Streams and extended attributes are both user.*. */
static bool has_xattrs(int root)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", root);
	return getxattr(path, DOSATTRIB_NAME, NULL, 0) >= 0 ||
	       errno != EOPNOTSUPP;
}

NTSTATUS posix_volume_info(struct fsa_mount *mount, struct fsa_volume_info *out)
{
	struct posix_mount *m = posix_mount(mount);
	struct fsa_volume_info info = {0};
	struct fsa_stat st;
	struct statvfs fs;
	NTSTATUS status;

	if (fstatvfs(m->root, &fs) != 0) {
		return ntstatus_from_errno(errno);
	}
	status = posix_stat_fd(m, m->root, FSA_WANT_STAT, &st);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	info.creation_time = st.times.creation;
	info.serial = (uint32_t)(st.volume_serial ^ st.file_id);
	info.fs_name = "NTFS";
	info.attributes = FILE_CASE_SENSITIVE_SEARCH |
			  FILE_CASE_PRESERVED_NAMES | FILE_UNICODE_ON_DISK |
			  FILE_PERSISTENT_ACLS | FILE_SUPPORTS_HARD_LINKS;
	if (m->dos_attributes) {
		info.attributes |= FILE_SUPPORTS_SPARSE_FILES;
	}
	if (m->dos_attributes && has_xattrs(m->root)) {
		info.attributes |= FILE_SUPPORTS_REPARSE_POINTS;
	}
	if (has_xattrs(m->root)) {
		info.attributes |= FILE_NAMED_STREAMS |
				   FILE_SUPPORTS_EXTENDED_ATTRIBUTES |
				   FILE_SUPPORTS_OBJECT_IDS;
	}
	info.attributes |= posix_data_features(m);
	info.trims = m->trims;
	info.max_name = NAME_MAX;
	info.total_units = fs.f_blocks;
	info.caller_free_units = fs.f_bavail;
	info.actual_free_units = fs.f_bfree;
	info.total_files = fs.f_files;
	info.free_files = fs.f_ffree;
	info.bytes_per_sector = SECTOR;
	info.sectors_per_unit = (uint32_t)(fs.f_frsize / SECTOR);
	if (info.sectors_per_unit == 0) {
		info.sectors_per_unit = 1;
	}
	memcpy(info.object_id, &st.volume_serial, 8);
	memcpy(info.object_id + 8, &st.file_id, 8);
	*out = info;
	return NT_STATUS_OK;
}

const struct fsa_driver fsa_posix_driver = {
	.version = FSA_DRIVER_VERSION,
	.name = "posix",
	.start = posix_start,
	.mount = posix_mount_open,
	.volume_info = posix_volume_info,
	.sectors = posix_sectors,
	.path_of_inode = posix_path_of_inode,
	.open = posix_open,
	.make = posix_make,
	.upgrade = posix_upgrade,
	.is_linked = posix_is_linked,
	.path = posix_path,
	.parent = posix_parent,
	.rights = posix_rights,
	.read = posix_read,
	.write = posix_write,
	.flush = posix_flush,
	.set_size = posix_set_size,
	.reserve = posix_reserve,
	.zero = posix_zero,
	.ranges = posix_ranges,
	.set_sparse = posix_set_sparse,
	.copy = posix_copy,
	.clone = posix_clone,
	.discard = posix_discard,
	.get_compressed = posix_get_compressed,
	.set_compressed = posix_set_compressed,
	.file_version = posix_version,
	.lock = posix_lock,
	.lock_test = posix_lock_test,
	.hold_off = posix_hold_off,
	.stat = posix_stat,
	.set_basic = posix_set_basic,
	.keep_access_time = posix_keep_access_time,
	.get_unix = posix_get_unix,
	.get_descriptor = posix_get_descriptor,
	.get_parent_descriptor = posix_get_parent_descriptor,
	.set_descriptor = posix_set_descriptor,
	.set_unix = posix_set_unix,
	.scan_open = posix_scan_open,
	.scan_next = posix_scan_next,
	.scan_stat = posix_scan_stat,
	.scan_lookup = posix_scan_lookup,
	.check_empty = posix_check_empty,
	.rename = posix_rename,
	.link = posix_link,
	.unlink = posix_unlink,
	.stream_open = posix_stream_open,
	.stream_make = posix_stream_make,
	.stream_each = posix_stream_each,
	.strip = posix_strip,
	.get_eas = posix_get_eas,
	.set_ea = posix_set_ea,
	.ea_size = posix_ea_size,
	.quota_state = posix_quota_state,
	.get_quota = posix_get_quota,
	.set_quota = posix_set_quota,
	.get_record = posix_get_record,
	.set_record = posix_set_record,
	.make_symlink = posix_make_symlink,
};
