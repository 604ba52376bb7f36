/* vfs_modules/posix/attr.c - times, sizes and DOS attributes of files.
 *
 * Attributes and creation time are in user.DOSATTRIB.  A file without it is as
 * old as the file system says, and its mode says what it can (mode_map.h). */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/log.h"
#include "vfs_modules/posix/attr.h"
#include "vfs_modules/posix/dosattrib.h"
#include "vfs_modules/posix/mode_map.h"
#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/privileged.h"
#include "vfs_modules/posix/reparse.h"
#include "vfs_modules/posix/xattr.h"

/* What [MS-FSA] 2.1.5.15.2 lets applications set. */
#define SETTABLE                                                               \
	(FILE_ATTRIBUTE_READONLY | FILE_ATTRIBUTE_HIDDEN |                     \
	 FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_ARCHIVE |                      \
	 FILE_ATTRIBUTE_TEMPORARY | FILE_ATTRIBUTE_OFFLINE |                   \
	 FILE_ATTRIBUTE_NOT_CONTENT_INDEXED)
#define KEPT                                                                   \
	(SETTABLE | FILE_ATTRIBUTE_SPARSE_FILE | FILE_ATTRIBUTE_REPARSE_POINT)
/* What the file system says itself. */
#define FILESYSTEMS (FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_COMPRESSED)

static NTTIME nttime_of(struct statx_timestamp ts)
{
	return nttime_from_timespec(
		(struct timespec){.tv_sec = ts.tv_sec, .tv_nsec = ts.tv_nsec});
}

/* Without a birth time: no later than anything else known of it. */
static NTTIME birth_of(const struct statx *sx, const struct fsa_times *t)
{
	NTTIME least = t->write < t->change ? t->write : t->change;

	if ((sx->stx_mask & STATX_BTIME) != 0 && sx->stx_btime.tv_sec != 0) {
		return nttime_of(sx->stx_btime);
	}
	return t->access < least ? t->access : least;
}

void posix_stat_from(const struct statx *sx, struct fsa_stat *out)
{
	struct fsa_stat st = {0};

	st.times.access = nttime_of(sx->stx_atime);
	st.times.write = nttime_of(sx->stx_mtime);
	st.times.change = nttime_of(sx->stx_ctime);
	st.times.creation = birth_of(sx, &st.times);
	st.directory = S_ISDIR(sx->stx_mode);
	st.file_id = sx->stx_ino;
	st.volume_serial = makedev(sx->stx_dev_major, sx->stx_dev_minor);
	st.nlink = sx->stx_nlink;
	st.uid = sx->stx_uid;
	st.gid = sx->stx_gid;
	st.mode = sx->stx_mode;
	st.links = sx->stx_nlink;
	if (st.directory) {
		st.nlink = sx->stx_nlink > 0; /* Linux counts subdirectories */
		st.attributes = FILE_ATTRIBUTE_DIRECTORY;
	} else {
		st.end_of_file = sx->stx_size;
		st.allocation_size = sx->stx_blocks * 512;
	}
	if ((sx->stx_attributes & STATX_ATTR_COMPRESSED) != 0) {
		st.attributes |= FILE_ATTRIBUTE_COMPRESSED;
	}
	*out = st;
}

void posix_stat_add_attributes(const struct posix_mount *m,
			       const struct statx *sx, int dir,
			       const char *name, const uint8_t *data,
			       ssize_t length, struct fsa_stat *st)
{
	struct dosattrib in = {0};

	if (length <= 0 ||
	    !NT_STATUS_IS_OK(dosattrib_decode(data, (size_t)length, &in)) ||
	    !in.has_attributes) {
		mode_map_add(m, sx, dir, name, st);
	}
	if (in.has_attributes) {
		st->attributes =
			(st->attributes & FILESYSTEMS) | (in.attributes & KEPT);
	}
	if (in.creation != 0) {
		st->times.creation = in.creation;
	}
	if (dosattrib_change_holds(&in, st->times.change)) {
		st->times.change = in.change;
	}
}

void posix_stat_finish(struct fsa_stat *st)
{
	if (st->attributes == 0) {
		st->attributes = FILE_ATTRIBUTE_NORMAL;
	}
}

static void add_tag(const struct posix_mount *m, int fd, struct fsa_stat *st)
{
	uint8_t *value = xattr_value_buffer_of(m);

	reparse_stat_tag(value,
			 value == NULL
				 ? -1
				 : privileged_get_xattr(fd, REPARSE_ATTR, value,
							XATTR_VALUE_MAX),
			 st);
}

NTSTATUS posix_stat_fd(const struct posix_mount *m, int fd, uint32_t want,
		       struct fsa_stat *out)
{
	uint8_t data[DOSATTRIB_MAX_READ];
	struct statx sx;
	struct fsa_stat st;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_SYNC_AS_STAT,
		  STATX_BASIC_STATS | STATX_BTIME, &sx) != 0) {
		return ntstatus_from_errno(errno);
	}
	posix_stat_from(&sx, &st);
	if (reparse_is_special(sx.stx_mode)) {
		reparse_stat_special(sx.stx_mode, false, &st);
	} else if ((want & FSA_WANT_ATTRIBUTES) != 0) {
		ssize_t n = !m->dos_attributes
				    ? -1
				    : privileged_get_xattr(fd, DOSATTRIB_NAME,
							   data, sizeof(data));

		posix_stat_add_attributes(m, &sx, fd, "", data, n, &st);
		if ((st.attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
			add_tag(m, fd, &st);
		}
	}
	if ((want & POSIX_WANT_SPECIAL) != 0) {
		posix_stat_special(&sx, &st);
	}
	posix_stat_finish(&st);
	*out = st;
	return NT_STATUS_OK;
}

NTSTATUS posix_stat(struct fsa_node *node, struct fsa_stat *out)
{
	struct posix_node *n = posix_node(node);
	NTSTATUS status;

	if (node->of != NULL) {
		return posix_stream_stat(node, out);
	}
	status = posix_stat_fd(n->mount, n->fd, posix_wanted(n), out);
	if (NT_STATUS_IS_OK(status) && n->link_to_directory) {
		reparse_stat_special(S_IFLNK, true, out);
	}
	return status;
}

/* --- setting ------------------------------------------------------------- */

NTSTATUS posix_put_dosattrib(int fd, bool opath, const struct dosattrib *in)
{
	uint8_t data[DOSATTRIB_MAX_SIZE];
	size_t size = dosattrib_encode(in, data);
	char path[64];
	int err;

	if (opath) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		err = setxattr(path, DOSATTRIB_NAME, data, size, 0);
	} else {
		err = fsetxattr(fd, DOSATTRIB_NAME, data, size, 0);
	}
	if (err == 0) {
		return NT_STATUS_OK;
	}
	if (errno == EACCES && !opath) {
		return privileged_set_xattr(fd, DOSATTRIB_NAME, data, size);
	}
	return errno == EOPNOTSUPP ? NT_STATUS(NOT_SUPPORTED)
				   : ntstatus_from_errno(errno);
}

/* The file system may have no extended attributes, and then does without. */
static NTSTATUS store_dosattrib(int fd, bool opath, const struct dosattrib *in)
{
	NTSTATUS status = posix_put_dosattrib(fd, opath, in);

	return NT_STATUS_IS(status, NOT_SUPPORTED) ? NT_STATUS_OK : status;
}

NTSTATUS posix_get_dosattrib(const struct posix_node *n, struct dosattrib *out)
{
	struct fsa_stat st;
	NTSTATUS status = posix_stat_fd(
		n->mount, n->fd, FSA_WANT_STAT | FSA_WANT_ATTRIBUTES, &st);

	if (NT_STATUS_IS_OK(status)) {
		*out = (struct dosattrib){
			.has_attributes = true,
			.attributes = st.attributes &
				      (KEPT | FILE_ATTRIBUTE_DIRECTORY),
			.creation = st.times.creation,
		};
	}
	return status;
}

/* [MS-FSA] 2.1.5.1.1: all its times are the same moment, which is the one that
 * the kernel has given it. */
NTSTATUS posix_set_new(const struct posix_mount *m, int fd, uint32_t attributes,
		       struct dosattrib *out)
{
	struct dosattrib d = {
		.has_attributes = true,
		.attributes = attributes & (KEPT | FILE_ATTRIBUTE_DIRECTORY),
	};
	struct statx sx;
	NTSTATUS status;

	*out = (struct dosattrib){0};
	if (!m->dos_attributes) {
		return NT_STATUS_OK;
	}
	if (statx(fd, "", AT_EMPTY_PATH, STATX_MTIME, &sx) != 0) {
		return ntstatus_from_errno(errno);
	}
	d.creation = nttime_of(sx.stx_mtime);
	status = posix_put_dosattrib(fd, false, &d);
	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		return NT_STATUS_OK;
	}
	if (NT_STATUS_IS_OK(status)) {
		*out = d;
	}
	return status;
}

NTSTATUS posix_stat_new(const struct posix_mount *m, int fd,
			const struct dosattrib *set, struct fsa_stat *out)
{
	uint32_t want = FSA_WANT_STAT;
	struct fsa_stat st;
	NTSTATUS status;

	if (!set->has_attributes) {
		want |= FSA_WANT_ATTRIBUTES;
	}
	status = posix_stat_fd(m, fd, want, &st);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (set->has_attributes) {
		st.attributes = set->attributes | (st.attributes & FILESYSTEMS);
		st.times.creation = set->creation;
		posix_stat_finish(&st);
	}
	*out = st;
	return NT_STATUS_OK;
}

/* What the mode says of attributes, with `store dos attributes = no`. */
static NTSTATUS set_mode(struct posix_node *n, uint32_t attributes)
{
	struct stat st;
	mode_t mode;

	if (n->base.directory || fstat(n->fd, &st) != 0) {
		return NT_STATUS_OK;
	}
	mode = mode_map_put(n->mount, st.st_mode & 07777, attributes);
	return mode == (st.st_mode & 07777) ? NT_STATUS_OK
					    : posix_set_mode(&n->base, mode);
}

/* The mode must not go on forbidding what the attributes no longer do. */
static NTSTATUS make_writable(struct posix_node *n)
{
	struct stat st;
	mode_t mode;

	if (n->base.directory || fstat(n->fd, &st) != 0 ||
	    (st.st_mode & S_IWUSR) != 0) {
		return NT_STATUS_OK;
	}
	mode = (st.st_mode & 07777) | S_IWUSR | (0222 & n->mount->create_mask);
	return mode == (st.st_mode & 07777) ? NT_STATUS_OK
					    : posix_set_mode(&n->base, mode);
}

static NTSTATUS set_attributes(struct posix_node *n, const struct fsa_basic *in)
{
	struct dosattrib d;
	NTSTATUS status;

	if (in->attributes == 0 && in->times.creation == 0) {
		return NT_STATUS_OK;
	}
	if (!n->mount->dos_attributes) {
		return in->attributes == 0 ? NT_STATUS_OK
					   : set_mode(n, in->attributes);
	}
	status = posix_get_dosattrib(n, &d);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (in->times.creation != 0) {
		d.creation = in->times.creation;
	}
	if (in->attributes != 0) {
		d.attributes &= ~SETTABLE;
		d.attributes |= in->attributes & SETTABLE;
		if ((in->attributes & FILE_ATTRIBUTE_READONLY) == 0) {
			status = make_writable(n);
		}
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return store_dosattrib(n->fd, n->mode == O_PATH, &d);
}

NTSTATUS posix_mark_reparse(struct posix_node *n, bool on)
{
	struct dosattrib d;
	NTSTATUS status;

	if (!n->mount->dos_attributes) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	status = posix_get_dosattrib(n, &d);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	d.attributes &= ~FILE_ATTRIBUTE_REPARSE_POINT;
	d.attributes |= on ? FILE_ATTRIBUTE_REPARSE_POINT : 0;
	return posix_put_dosattrib(n->fd, n->mode == O_PATH, &d);
}

/* Nothing can be kept with them but times; the archive bit is always set. */
static NTSTATUS set_basic_special(struct posix_node *n,
				  const struct fsa_basic *in)
{
	struct fsa_stat st;
	NTSTATUS status = posix_stat(&n->base, &st);

	if (NT_STATUS_IS_OK(status) && in->attributes != 0 &&
	    ((in->attributes ^ st.attributes) & SETTABLE &
	     ~FILE_ATTRIBUTE_ARCHIVE) != 0) {
		status = NT_STATUS(NOT_SUPPORTED);
	}
	return NT_STATUS_IS_OK(status) ? posix_set_times(n, &in->times)
				       : status;
}

/* What was a hole gets room. */
static NTSTATUS fill_holes(const struct posix_node *n, uint64_t size)
{
	if (size == 0 || fallocate(n->fd, 0, 0, (off_t)size) == 0 ||
	    errno == EOPNOTSUPP) {
		return NT_STATUS_OK;
	}
	return ntstatus_from_errno(errno);
}

/* In user.DOSATTRIB alone; without it no file is sparse. */
NTSTATUS posix_set_sparse(struct fsa_node *node, bool sparse)
{
	struct posix_node *n = posix_node(node);
	struct dosattrib d;
	struct fsa_stat st;
	NTSTATUS status = posix_get_dosattrib(n, &d);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (!n->mount->dos_attributes) {
		return NT_STATUS(INVALID_DEVICE_REQUEST);
	}
	if (((d.attributes & FILE_ATTRIBUTE_SPARSE_FILE) != 0) == sparse) {
		return NT_STATUS_OK;
	}
	if (!sparse) {
		status = posix_stat(node, &st);
		if (NT_STATUS_IS_OK(status)) {
			status = fill_holes(n, st.end_of_file);
		}
	}
	d.attributes ^= FILE_ATTRIBUTE_SPARSE_FILE;
	return NT_STATUS_IS_OK(status)
		       ? store_dosattrib(n->fd, n->mode == O_PATH, &d)
		       : status;
}

NTSTATUS posix_set_basic(struct fsa_node *node, const struct fsa_basic *in)
{
	struct posix_node *n = posix_node(node);
	NTSTATUS status;

	if (node->no_data) {
		return set_basic_special(n, in);
	}
	/* The first, since it may be refused. */
	status = posix_set_times(n, &in->times);
	if (NT_STATUS_IS_OK(status)) {
		status = set_attributes(n, in);
	}
	/* The last, since all else moves it. */
	if (NT_STATUS_IS_OK(status) && in->times.change != 0) {
		status = posix_set_change_time(n, in->times.change);
	}
	return status;
}
