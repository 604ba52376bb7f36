/* vfs_modules/posix/stream.c - named streams.
 *
 * A stream is an extended attribute of its file, as Samba's streams_xattr has
 * it: user.DosStream.NAME:$DATA, the stream's bytes and one of zero behind
 * them.  An attribute can only be read and written as a whole; so a change is
 * reading, changing and writing it, under a lock on the file that all processes
 * of ours take (flock(), for that long).
 *
 * What gets too large for an attribute goes to a file of the side store
 * (side_store.h), and comes back when it is emptied.  While a stream is in both
 * (killed in between) the attribute counts. */
#include <errno.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/utf16.h"
#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/rights.h"
#include "vfs_modules/posix/side_store.h"
#include "vfs_modules/posix/xattr.h"

#define PREFIX	   "user.DosStream."
#define PREFIX_LEN (sizeof(PREFIX) - 1)
#define TYPE	   ":$DATA"
#define TYPE_LEN   (sizeof(TYPE) - 1)
#define STREAM_MAX (XATTR_VALUE_MAX - 1)

/* A local program may hold a flock() for long: so often we wait a moment. */
#define LOCK_TRIES 50
#define LOCK_WAIT  2000000 /* ns */

struct posix_stream {
	struct fsa_node base; /* of: the file */
	struct posix_node *file;
	char attr[XATTR_NAME_MAX + 1];
	char *path; /* for clients; NULL: not asked for yet */
	int fd;	    /* in the side store; -1: not, or not known to be */
};

static struct posix_stream *stream_of(struct fsa_node *n)
{
	return (struct posix_stream *)(void *)n;
}

/* --- names --------------------------------------------------------------- */

static NTSTATUS attr_name(const char *name, char out[XATTR_NAME_MAX + 1])
{
	size_t n = strlen(name);

	if (PREFIX_LEN + n + TYPE_LEN > XATTR_NAME_MAX) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	memcpy(out, PREFIX, PREFIX_LEN);
	memcpy(out + PREFIX_LEN, name, n);
	memcpy(out + PREFIX_LEN + n, TYPE, TYPE_LEN + 1);
	return NT_STATUS_OK;
}

static bool is_stream(const char *attr)
{
	size_t n = strlen(attr);

	return n > PREFIX_LEN + TYPE_LEN && n <= XATTR_NAME_MAX &&
	       strncmp(attr, PREFIX, PREFIX_LEN) == 0 &&
	       strcmp(attr + n - TYPE_LEN, TYPE) == 0;
}

struct search {
	const char *attr;
	char found[XATTR_NAME_MAX + 1];
};

static bool compare_side(const char *name, uint64_t size, void *private_data)
{
	struct search *s = private_data;

	if (strlen(name) > XATTR_NAME_MAX - PREFIX_LEN ||
	    utf8_casecmp(name, s->attr + PREFIX_LEN) != 0) {
		return true;
	}
	memcpy(s->found, PREFIX, PREFIX_LEN);
	memcpy(s->found + PREFIX_LEN, name, strlen(name) + 1);
	return false;
}

static bool compare(const char *name, void *private_data)
{
	struct search *s = private_data;

	if (!is_stream(name) || utf8_casecmp(name, s->attr) != 0) {
		return true;
	}
	memcpy(s->found, name, strlen(name) + 1);
	return false;
}

/* The attribute of the stream with this name in any case; *out_aside: it is in
 * the side store. */
static NTSTATUS find_either(const struct posix_node *file, const char *name,
			    char out[XATTR_NAME_MAX + 1], bool *out_aside)
{
	struct search s = {.attr = out};
	NTSTATUS status = attr_name(name, out);

	*out_aside = false;
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (xattr_get(file, out, NULL, 0) >= 0) {
		return NT_STATUS_OK;
	}
	if (errno != ENODATA) {
		return xattr_status(errno);
	}
	status = xattr_each(file, compare, &s);
	if (NT_STATUS_IS_OK(status) && s.found[0] == '\0') {
		status = side_each(file, compare_side, &s);
		*out_aside = true;
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (s.found[0] == '\0') {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	memcpy(out, s.found, sizeof(s.found));
	return NT_STATUS_OK;
}

static NTSTATUS find_attr(const struct posix_node *file, const char *name,
			  char out[XATTR_NAME_MAX + 1])
{
	bool aside;

	return find_either(file, name, out, &aside);
}

/* --- the value ----------------------------------------------------------- */

static NTSTATUS get_value(struct posix_stream *s, uint8_t **out, size_t *out_n)
{
	uint8_t *value = xattr_value_buffer(s->file);
	ssize_t n;

	if (value == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	n = xattr_get(s->file, s->attr, value, XATTR_VALUE_MAX);
	if (n < 0) {
		return xattr_status(errno);
	}
	*out = value;
	*out_n = n == 0 ? 0 : (size_t)n - 1;
	return NT_STATUS_OK;
}

static const char *side_name(const struct posix_stream *s)
{
	return s->attr + PREFIX_LEN;
}

/* Makes s->fd the stream's file in the side store: FILE_DELETED when it is
 * there neither. */
static NTSTATUS open_side(struct posix_stream *s)
{
	struct stat st;
	struct stat file;
	NTSTATUS status;

	/* Of a file without a name nothing has one. */
	if (s->fd != -1 && fstat(s->fd, &st) == 0 &&
	    (st.st_nlink > 0 ||
	     (fstat(s->file->fd, &file) == 0 && file.st_nlink == 0))) {
		return NT_STATUS_OK;
	}
	if (s->fd != -1) {
		close(s->fd);
		s->fd = -1;
	}
	status = side_open(s->file, side_name(s), &s->fd);
	return NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)
		       ? NT_STATUS(FILE_DELETED)
		       : status;
}

/* The same when there is no attribute (status): to read or write (R_OK,
 * W_OK), which the file must allow. */
static NTSTATUS use_side(struct posix_stream *s, NTSTATUS status, int mode)
{
	if (!NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return status;
	}
	status = open_side(s);
	if (NT_STATUS_IS_OK(status) && !posix_may(s->file->fd, mode)) {
		status = NT_STATUS(ACCESS_DENIED);
	}
	return status;
}

static NTSTATUS move_aside(struct posix_stream *s, const uint8_t *value,
			   size_t n)
{
	int fd = -1;
	NTSTATUS status;

	if (!posix_may(s->file->fd, W_OK)) {
		return NT_STATUS(ACCESS_DENIED);
	}
	status = side_make(s->file, side_name(s), value, n, &fd);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (s->fd != -1) {
		close(s->fd);
	}
	s->fd = fd;
	return xattr_remove(s->file, s->attr) == 0 || errno == ENODATA
		       ? NT_STATUS_OK
		       : xattr_status(errno);
}

static NTSTATUS put_value(struct posix_stream *s, uint8_t *value, size_t n)
{
	value[n] = 0;
	if (xattr_set(s->file, s->attr, value, n + 1, XATTR_REPLACE) == 0) {
		return NT_STATUS_OK;
	}
	if (errno == ENOSPC || errno == E2BIG) {
		return move_aside(s, value, n);
	}
	return errno == ENODATA ? NT_STATUS(FILE_DELETED) : xattr_status(errno);
}

/* A file opened by its path alone, and some file systems, take no lock; that
 * leaves what would be a lost update to who has no other file system. */
static NTSTATUS lock_file(const struct posix_node *file)
{
	const struct timespec wait = {.tv_nsec = LOCK_WAIT};

	for (unsigned int i = 0; i < LOCK_TRIES; i++) {
		if (flock(file->fd, LOCK_EX | LOCK_NB) == 0 ||
		    errno != EWOULDBLOCK) {
			return NT_STATUS_OK;
		}
		nanosleep(&wait, NULL);
	}
	return NT_STATUS(FILE_LOCK_CONFLICT);
}

static void unlock_file(const struct posix_node *file)
{
	flock(file->fd, LOCK_UN);
}

/* --- data ---------------------------------------------------------------- */

static NTSTATUS read_side(int fd, struct fsa_read *r)
{
	while (r->nread < r->length) {
		ssize_t n = pread(fd, r->data + r->nread, r->length - r->nread,
				  (off_t)(r->offset + r->nread));

		if (n == 0) {
			break;
		}
		if (n > 0) {
			r->nread += (uint32_t)n;
		} else if (errno != EINTR) {
			return ntstatus_from_errno(errno);
		}
	}
	return NT_STATUS_OK;
}

NTSTATUS posix_stream_read(struct fsa_node *node, struct fsa_read *r)
{
	struct posix_stream *s = stream_of(node);
	uint8_t *value = NULL;
	size_t n = 0;
	NTSTATUS status = get_value(s, &value, &n);

	r->nread = 0;
	if (NT_STATUS_IS_OK(status) && r->offset < n) {
		n -= (size_t)r->offset;
		r->nread = n < r->length ? (uint32_t)n : r->length;
		memcpy(r->data, value + r->offset, r->nread);
	}
	if (NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = use_side(s, status, R_OK);
	return NT_STATUS_IS_OK(status) ? read_side(s->fd, r) : status;
}

static NTSTATUS sync_file(const struct posix_node *file)
{
	return fsync(file->fd) == 0 ? NT_STATUS_OK : ntstatus_from_errno(errno);
}

static NTSTATUS write_side(int fd, const struct fsa_write *w)
{
	uint32_t done = 0;
	struct stat st;
	uint64_t offset = w->offset;

	if (offset == UINT64_MAX) {
		if (fstat(fd, &st) != 0) {
			return ntstatus_from_errno(errno);
		}
		offset = (uint64_t)st.st_size;
	}
	while (done < w->length) {
		ssize_t n = pwrite(fd, w->data + done, w->length - done,
				   (off_t)(offset + done));

		if (n >= 0) {
			done += (uint32_t)n;
		} else if (errno != EINTR) {
			return ntstatus_from_errno(errno);
		}
	}
	return NT_STATUS_OK;
}

static NTSTATUS write_locked(struct posix_stream *s, struct fsa_write *w)
{
	uint8_t *value = NULL;
	size_t n = 0;
	uint64_t offset = w->offset;
	NTSTATUS status = get_value(s, &value, &n);

	if (NT_STATUS_IS_OK(status)) {
		offset = offset == UINT64_MAX ? n : offset;
		if (offset > STREAM_MAX || w->length > STREAM_MAX - offset) {
			status = move_aside(s, value, n);
			return NT_STATUS_IS_OK(status) ? write_side(s->fd, w)
						       : status;
		}
	}
	if (!NT_STATUS_IS_OK(status)) {
		status = use_side(s, status, W_OK);
		return NT_STATUS_IS_OK(status) ? write_side(s->fd, w) : status;
	}
	if (offset > n) {
		memset(value + n, 0, (size_t)offset - n);
	}
	memcpy(value + offset, w->data, w->length);
	if (offset + w->length > n) {
		n = (size_t)offset + w->length;
	}
	return put_value(s, value, n);
}

static NTSTATUS sync_stream(const struct posix_stream *s)
{
	if (s->fd != -1 && fsync(s->fd) != 0) {
		return ntstatus_from_errno(errno);
	}
	return s->file->mode == O_PATH ? NT_STATUS_OK : sync_file(s->file);
}

NTSTATUS posix_stream_write(struct fsa_node *node, struct fsa_write *w)
{
	struct posix_stream *s = stream_of(node);
	NTSTATUS status;

	w->nwritten = 0;
	if (w->length == 0) {
		return NT_STATUS_OK; /* does not move the end */
	}
	status = lock_file(s->file);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = write_locked(s, w);
	unlock_file(s->file);
	if (NT_STATUS_IS_OK(status) && w->write_through) {
		status = sync_stream(s);
	}
	if (NT_STATUS_IS_OK(status)) {
		w->nwritten = w->length;
	}
	return status;
}

/* What is emptied is an attribute again. */
static NTSTATUS set_size_side(struct posix_stream *s, uint64_t size)
{
	if (size > 0) {
		return ftruncate(s->fd, (off_t)size) == 0
			       ? NT_STATUS_OK
			       : ntstatus_from_errno(errno);
	}
	if (xattr_set(s->file, s->attr, "", 1, XATTR_CREATE) != 0) {
		return xattr_status(errno);
	}
	return side_remove(s->file, side_name(s));
}

static NTSTATUS set_size_locked(struct posix_stream *s, uint64_t size)
{
	uint8_t *value = NULL;
	size_t n = 0;
	NTSTATUS status = get_value(s, &value, &n);

	if (NT_STATUS_IS_OK(status) && size > STREAM_MAX) {
		status = move_aside(s, value, n);
		return NT_STATUS_IS_OK(status) ? set_size_side(s, size)
					       : status;
	}
	if (!NT_STATUS_IS_OK(status)) {
		status = use_side(s, status, W_OK);
		return NT_STATUS_IS_OK(status) ? set_size_side(s, size)
					       : status;
	}
	if (size == n) {
		return status;
	}
	if (size > n) {
		memset(value + n, 0, (size_t)size - n);
	}
	return put_value(s, value, (size_t)size);
}

NTSTATUS posix_stream_set_size(struct fsa_node *node, uint64_t size)
{
	struct posix_stream *s = stream_of(node);
	NTSTATUS status = lock_file(s->file);

	if (NT_STATUS_IS_OK(status)) {
		status = set_size_locked(s, size);
		unlock_file(s->file);
	}
	return status;
}

/* What there is room for shows when it is written. */
NTSTATUS posix_stream_reserve(struct fsa_node *node, uint64_t size)
{
	return size > INT64_MAX ? NT_STATUS(INVALID_PARAMETER) : NT_STATUS_OK;
}

NTSTATUS posix_stream_flush(struct fsa_node *node, bool full)
{
	const struct posix_stream *s = stream_of(node);

	return s->file->mount->strict_sync || full ? sync_stream(s)
						   : NT_STATUS_OK;
}

/* --- what is known of it ------------------------------------------------- */

static void set_sizes(ssize_t n, uint64_t *end_of_file, uint64_t *allocation)
{
	*end_of_file = n <= 0 ? 0 : (uint64_t)n - 1;
	*allocation = (*end_of_file + 511) / 512 * 512;
}

static NTSTATUS stat_side(struct posix_stream *s, struct fsa_stat *out)
{
	NTSTATUS status = open_side(s);
	struct stat st;

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (fstat(s->fd, &st) != 0) {
		return ntstatus_from_errno(errno);
	}
	out->end_of_file = (uint64_t)st.st_size;
	out->allocation_size = (uint64_t)st.st_blocks * 512;
	return NT_STATUS_OK;
}

NTSTATUS posix_stream_stat(struct fsa_node *node, struct fsa_stat *out)
{
	struct posix_stream *s = stream_of(node);
	struct fsa_stat st;
	NTSTATUS status = posix_stat(&s->file->base, &st);
	ssize_t n;

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	n = xattr_get(s->file, s->attr, NULL, 0);
	if (n >= 0) {
		set_sizes(n, &st.end_of_file, &st.allocation_size);
	} else {
		status = errno == ENODATA ? stat_side(s, &st)
					  : xattr_status(errno);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	st.directory = false;
	st.attributes &= ~(FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_NORMAL);
	if (st.attributes == 0) {
		st.attributes = FILE_ATTRIBUTE_NORMAL;
	}
	*out = st;
	return NT_STATUS_OK;
}

bool posix_stream_is_linked(struct fsa_node *node)
{
	struct posix_stream *s = stream_of(node);

	return (xattr_get(s->file, s->attr, NULL, 0) >= 0 ||
		NT_STATUS_IS_OK(open_side(s))) &&
	       posix_is_linked(&s->file->base);
}

const char *posix_stream_path(struct fsa_node *node)
{
	struct posix_stream *s = stream_of(node);
	const char *file = posix_path(&s->file->base);

	TALLOC_FREE(s->path);
	s->path =
		talloc_asprintf(s, "%s:%.*s", file,
				(int)(strlen(s->attr) - PREFIX_LEN - TYPE_LEN),
				s->attr + PREFIX_LEN);
	return s->path != NULL ? s->path : file;
}

/* --- finding and making -------------------------------------------------- */

static int stream_destructor(struct posix_stream *s)
{
	if (s->fd != -1) {
		close(s->fd);
	}
	return 0;
}

static NTSTATUS stream_create(TALLOC_CTX *mem_ctx, struct fsa_node *file,
			      const char *attr, struct fsa_node **out)
{
	struct posix_stream *s = talloc(mem_ctx, struct posix_stream);

	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*s = (struct posix_stream){
		.base = {.mount = file->mount,
			 .device = file->device,
			 .inode = file->inode,
			 .of = file,
			 .proven = file->proven},
		.file = posix_node(file),
		.fd = -1,
	};
	talloc_set_destructor(s, stream_destructor);
	memcpy(s->attr, attr, strlen(attr) + 1);
	*out = &s->base;
	return NT_STATUS_OK;
}

NTSTATUS posix_stream_open(TALLOC_CTX *mem_ctx, struct fsa_node *file,
			   const char *name, struct fsa_node **out)
{
	char attr[XATTR_NAME_MAX + 1];
	bool aside;
	NTSTATUS status = find_either(posix_node(file), name, attr, &aside);

	if (NT_STATUS_IS_OK(status)) {
		status = stream_create(mem_ctx, file, attr, out);
	}
	/* Held from now on: the file may lose its name while it is open. */
	if (NT_STATUS_IS_OK(status) && aside &&
	    !NT_STATUS_IS_OK(open_side(stream_of(*out)))) {
		LOG_DEBUG(LOG_VFS, "stream %s is gone from the side store",
			  name);
	}
	return status;
}

static NTSTATUS make_locked(const struct posix_node *file, const char *name,
			    char attr[XATTR_NAME_MAX + 1])
{
	NTSTATUS status = find_attr(file, name, attr);

	if (NT_STATUS_IS_OK(status)) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	}
	if (!NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return status;
	}
	if (xattr_set(file, attr, "", 1, XATTR_CREATE) != 0) {
		return xattr_status(errno);
	}
	return NT_STATUS_OK;
}

NTSTATUS posix_stream_make(TALLOC_CTX *mem_ctx, struct fsa_node *file,
			   const char *name, struct fsa_node **out)
{
	char attr[XATTR_NAME_MAX + 1];
	NTSTATUS status = lock_file(posix_node(file));

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = make_locked(posix_node(file), name, attr);
	unlock_file(posix_node(file));
	return NT_STATUS_IS_OK(status) ? stream_create(mem_ctx, file, attr, out)
				       : status;
}

struct listing {
	const struct posix_node *file;
	void (*take)(void *private_data, const struct fsa_stream_entry *e);
	void *private_data;
};

static bool take_name(const char *name, void *private_data)
{
	struct listing *l = private_data;
	char shown[XATTR_NAME_MAX + 1];
	struct fsa_stream_entry e = {.name = shown};
	ssize_t n;

	if (!is_stream(name)) {
		return true;
	}
	n = xattr_get(l->file, name, NULL, 0);
	if (n >= 0) {
		shown[0] = ':';
		memcpy(shown + 1, name + PREFIX_LEN,
		       strlen(name) - PREFIX_LEN + 1);
		set_sizes(n, &e.end_of_file, &e.allocation_size);
		l->take(l->private_data, &e);
	}
	return true;
}

static bool take_side(const char *name, uint64_t size, void *private_data)
{
	struct listing *l = private_data;
	char attr[XATTR_NAME_MAX + 1];
	char shown[XATTR_NAME_MAX + 1];
	const struct fsa_stream_entry e = {
		.name = shown,
		.end_of_file = size,
		.allocation_size = (size + 511) / 512 * 512,
	};
	size_t n = strlen(name);

	if (PREFIX_LEN + n > XATTR_NAME_MAX) {
		return true;
	}
	memcpy(attr, PREFIX, PREFIX_LEN);
	memcpy(attr + PREFIX_LEN, name, n + 1);
	if (xattr_get(l->file, attr, NULL, 0) < 0) {
		shown[0] = ':';
		memcpy(shown + 1, name, n + 1);
		l->take(l->private_data, &e);
	}
	return true;
}

NTSTATUS posix_stream_each(struct fsa_node *file,
			   void (*take)(void *private_data,
					const struct fsa_stream_entry *e),
			   void *private_data)
{
	struct listing l = {.file = posix_node(file),
			    .take = take,
			    .private_data = private_data};
	NTSTATUS status = xattr_each(l.file, take_name, &l);

	if (NT_STATUS_IS_OK(status)) {
		status = side_each(l.file, take_side, &l);
	}
	/* A file system without attributes has no streams to show. */
	return NT_STATUS_IS(status, NOT_SUPPORTED) ? NT_STATUS_OK : status;
}

/* --- names, changed ------------------------------------------------------ */

/* What had the new name is empty, and so an attribute. */
static NTSTATUS rename_side(struct posix_stream *s, const char *to)
{
	NTSTATUS status = side_rename(s->file, side_name(s), to + PREFIX_LEN);

	if (NT_STATUS_IS_OK(status) && xattr_remove(s->file, to) != 0 &&
	    errno != ENODATA) {
		status = xattr_status(errno);
	}
	return status;
}

static NTSTATUS rename_locked(struct posix_stream *s, const char *to,
			      bool replace)
{
	uint8_t *value = NULL;
	size_t n = 0;
	NTSTATUS status = get_value(s, &value, &n);

	if (!NT_STATUS_IS_OK(status)) {
		status = use_side(s, status, W_OK);
		return NT_STATUS_IS_OK(status) ? rename_side(s, to) : status;
	}
	value[n] = 0;
	if (xattr_set(s->file, to, value, n + 1, replace ? 0 : XATTR_CREATE) !=
	    0) {
		return xattr_status(errno);
	}
	/* Killed here, the file has the stream under both names. */
	if (xattr_remove(s->file, s->attr) != 0) {
		return xattr_status(errno);
	}
	return NT_STATUS_OK;
}

NTSTATUS posix_stream_rename(struct fsa_node *node, const char *name,
			     bool replace)
{
	struct posix_stream *s = stream_of(node);
	char to[XATTR_NAME_MAX + 1];
	NTSTATUS status = lock_file(s->file);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = find_attr(s->file, name, to);
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		status = NT_STATUS_OK;
	} else if (NT_STATUS_IS_OK(status) && !replace) {
		status = NT_STATUS(OBJECT_NAME_COLLISION);
	}
	if (NT_STATUS_IS_OK(status) && strcmp(to, s->attr) != 0) {
		status = rename_locked(s, to, replace);
	}
	if (NT_STATUS_IS_OK(status)) {
		memcpy(s->attr, to, sizeof(to));
	}
	unlock_file(s->file);
	return status;
}

/* From the side store first: what is left of one that was killed there would
 * come back. */
NTSTATUS posix_stream_unlink(struct fsa_node *node)
{
	struct posix_stream *s = stream_of(node);
	NTSTATUS status = NT_STATUS(OBJECT_NAME_NOT_FOUND);

	if (posix_may(s->file->fd, W_OK)) {
		status = side_remove(s->file, side_name(s));
	}
	if (xattr_remove(s->file, s->attr) == 0) {
		return NT_STATUS_OK;
	}
	return errno == ENODATA ? status : xattr_status(errno);
}

/* --- a file overwritten -------------------------------------------------- */

struct stripping {
	const struct posix_node *file;
	int err;
};

static bool strip_attr(const char *attr, void *private_data)
{
	struct stripping *s = private_data;
	const struct posix_mount *m = s->file->mount;

	if (((m->streams && is_stream(attr)) ||
	     (m->eas && posix_is_ea(m, attr))) &&
	    xattr_remove(s->file, attr) != 0 && errno != ENODATA) {
		s->err = errno;
	}
	return s->err == 0;
}

NTSTATUS posix_strip(struct fsa_node *node)
{
	struct stripping s = {.file = posix_node(node)};
	struct side_key key;
	NTSTATUS status;

	if (!s.file->mount->streams && !s.file->mount->eas) {
		return NT_STATUS_OK;
	}
	side_key(s.file->mount, s.file->fd, "", &key);
	side_remove_all(s.file->mount, &key);
	status = xattr_each(s.file, strip_attr, &s);
	if (NT_STATUS_IS(status, NOT_SUPPORTED)) {
		return NT_STATUS_OK;
	}
	return NT_STATUS_IS_OK(status) && s.err != 0 ? xattr_status(s.err)
						     : status;
}
