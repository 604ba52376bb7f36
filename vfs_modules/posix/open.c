/* vfs_modules/posix/open.c - finding, opening and making files.
 *
 * The common case is one openat2() with the name as the client wrote it, one
 * statx() and one fgetxattr(). */
#include <errno.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/assert.h"
#include "lib/log.h"
#include "vfs_modules/names/shown_name.h"
#include "vfs_modules/posix/dosattrib.h"
#include "vfs_modules/posix/new_mode.h"
#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/reparse.h"
#include "vfs_modules/posix/symlink.h"

/* O_NONBLOCK: neither a FIFO nor a lease of a local program may stop us. */
#define OPEN_ALWAYS (O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

#define READ_RIGHTS (FILE_READ_DATA | FILE_READ_EA)
#define WRITE_RIGHTS                                                           \
	(FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_WRITE_EA |                  \
	 FILE_WRITE_ATTRIBUTES | FILE_DELETE_CHILD)
#define FREE_RIGHTS (FILE_READ_ATTRIBUTES | READ_CONTROL | SYNCHRONIZE)

static int node_destructor(struct posix_node *n)
{
	close(n->fd);
	if (n->kept != -1) {
		close(n->kept);
	}
	return 0;
}

static int mode_for(uint32_t access)
{
	if ((access & FSA_ACCESS_WRITES) == 0) {
		return O_RDONLY;
	}
	return (access & FSA_ACCESS_READS) != 0 ? O_RDWR : O_WRONLY;
}

/* What the kernel has allowed by opening.  On a file executing goes with
 * reading: see docs/vfs.md. */
static uint32_t proven_by(int mode, bool directory)
{
	uint32_t rights = FREE_RIGHTS;

	if (mode == O_RDONLY || mode == O_RDWR) {
		rights |= READ_RIGHTS | (directory ? 0 : FILE_EXECUTE);
	}
	if (mode == O_WRONLY || mode == O_RDWR) {
		rights |= WRITE_RIGHTS;
	}
	return rights;
}

static int open_as(const struct posix_mount *m, const char *path, int flags,
		   const struct fsa_how *how)
{
	uint64_t resolve = m->resolve;

	if (how->no_follow && !m->wide) {
		resolve |= RESOLVE_NO_SYMLINKS;
	}
	if (how->reparse_point) {
		flags |= O_NOFOLLOW;
	}
	return posix_openat_as(m, path, flags, 0, resolve);
}

/* Why the file that errno is about may be opened by its path alone: for
 * attributes if it may not be read, a socket (ENXIO) or a device that is not
 * there (ENXIO, ENODEV) anyhow, a symlink (ELOOP) as itself. */
static bool is_for_path(const struct fsa_how *how, uint32_t needs)
{
	return (errno == EACCES && needs == 0) || errno == ENXIO ||
	       errno == ENODEV || (errno == ELOOP && how->reparse_point);
}

/* A file by its path alone: to open it for reading would break an oplock, if
 * only for its attributes.  -1 for what is none. */
static int open_path(const struct posix_mount *m, const char *path,
		     const struct fsa_how *how)
{
	int fd = open_as(m, path, O_PATH, how);
	struct stat st;

	if (fd != -1 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Opens path as it is: for what is asked; a directory for reading; for
 * attributes alone a file that may not be read by its path alone. */
static int open_exact(const struct posix_mount *m, const char *path,
		      const struct fsa_how *how, int *out_mode)
{
	int mode = mode_for(how->access);
	int flags = OPEN_ALWAYS;
	uint32_t needs = how->access & (FSA_ACCESS_READS | FSA_ACCESS_WRITES);
	int fd = -1;

	if (m->kernel_oplocks && needs == 0) {
		fd = open_path(m, path, how);
		*out_mode = O_PATH;
		if (fd != -1) {
			return fd;
		}
	}
	fd = open_as(m, path, mode | flags, how);
	if (fd == -1 && errno == EISDIR) {
		/* Adding to a directory is not writing it, to the kernel. */
		mode = O_RDONLY;
		needs &= FSA_ACCESS_READS;
		fd = open_as(m, path, mode | flags, how);
	}
	if (fd == -1 && is_for_path(how, needs)) {
		mode = O_PATH;
		fd = open_as(m, path, mode, how);
	}
	*out_mode = mode;
	return fd;
}

/* What is there but cannot be opened is a symlink that leads nowhere. */
static NTSTATUS missing_status(const struct posix_place *p)
{
	struct stat st;

	return fstatat(p->parent, p->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			       S_ISLNK(st.st_mode)
		       ? NT_STATUS(STOPPED_ON_SYMLINK)
		       : NT_STATUS(OBJECT_NAME_NOT_FOUND);
}

/* The exact name first, and only then the search without regard to case,
 * which gives *path (of PATH_MAX) the real name. */
static NTSTATUS open_any_case(const struct posix_mount *m, char *path,
			      const struct fsa_how *how, int *out_fd,
			      int *out_mode)
{
	struct posix_place place;
	NTSTATUS status;
	int fd = open_exact(m, path, how, out_mode);

	if (fd == -1 && errno == ENOENT) {
		status = posix_find(m, how->path, &place);
		if (!NT_STATUS_IS_OK(status)) {
			return status;
		}
		memcpy(path, place.path, strlen(place.path) + 1);
		errno = ENOENT;
		fd = place.found ? open_exact(m, path, how, out_mode) : -1;
		status = fd == -1 && errno == ENOENT ? missing_status(&place)
						     : posix_open_status(errno);
		posix_place_end(&place);
	} else {
		status = posix_open_status(errno);
	}
	if (fd == -1) {
		return status;
	}
	*out_fd = fd;
	return NT_STATUS_OK;
}

/* A node for fd, which is closed on failure. */
static NTSTATUS node_create(TALLOC_CTX *mem_ctx, struct posix_mount *m, int fd,
			    int mode, const char *path, struct posix_node **out)
{
	struct posix_node *n = talloc_pooled_object(mem_ctx, struct posix_node,
						    1, strlen(path) + 1);

	if (n == NULL) {
		close(fd);
		return NT_STATUS(NO_MEMORY);
	}
	*n = (struct posix_node){.base = {.mount = &m->base},
				 .mount = m,
				 .fd = fd,
				 .kept = -1,
				 .mode = mode};
	talloc_set_destructor(n, node_destructor);
	n->path = talloc_strdup(n, path);
	if (n->path == NULL) {
		talloc_free(n);
		return NT_STATUS(NO_MEMORY);
	}
	*out = n;
	return NT_STATUS_OK;
}

static void node_fill(struct posix_node *n, const struct fsa_stat *st)
{
	n->base.device = st->volume_serial;
	n->base.inode = st->file_id;
	n->base.directory = st->directory && !n->base.no_data;
	n->base.proven = proven_by(n->mode, st->directory);
}

/* A node for what is neither file nor directory keeps nothing but its path
 * open. */
static NTSTATUS make_special(struct posix_node *n)
{
	char path[64];
	int fd;

	n->base.no_data = true;
	if (n->mode == O_PATH) {
		return NT_STATUS_OK;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", n->fd);
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd == -1) {
		return ntstatus_from_errno(errno);
	}
	close(n->fd);
	n->fd = fd;
	n->mode = O_PATH;
	return NT_STATUS_OK;
}

/* Which of those that posix_stat_fd() has found to be reparse points have no
 * attribute that says so. */
static bool is_special(const struct posix_node *n, const struct fsa_stat *st)
{
	struct stat sx;

	return (st->attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 &&
	       fstat(n->fd, &sx) == 0 && reparse_is_special(sx.st_mode);
}

static NTSTATUS stat_opened(struct posix_node *n, struct fsa_stat *out)
{
	NTSTATUS status = posix_stat_fd(n->mount, n->fd, posix_wanted(n), out);

	if (!NT_STATUS_IS_OK(status) || !is_special(n, out)) {
		return status;
	}
	status = make_special(n);
	if (NT_STATUS_IS_OK(status) && !n->exact &&
	    out->reparse_tag == IO_REPARSE_TAG_SYMLINK &&
	    symlink_is_to_directory(n->mount, n->path)) {
		n->link_to_directory = true;
		status = posix_stat(&n->base, out);
	}
	return status;
}

NTSTATUS posix_open(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
		    const struct fsa_how *how, struct fsa_node **out,
		    struct fsa_stat *out_stat)
{
	struct posix_mount *pm = posix_mount(m);
	struct posix_node *n = NULL;
	struct fsa_stat st;
	char path[PATH_MAX];
	NTSTATUS status;
	int fd = -1;
	int mode = 0;

	status = posix_disk_path(how->path, path);
	if (NT_STATUS_IS_OK(status)) {
		status = how->posix
				 ? posix_open_exact(pm, how, path, &fd, &mode)
				 : open_any_case(pm, path, how, &fd, &mode);
	}
	if (!NT_STATUS_IS_OK(status)) {
		if (NT_STATUS_IS(status, OPLOCK_BREAK_IN_PROGRESS)) {
			return how->may_wait ? status
					     : NT_STATUS(SHARING_VIOLATION);
		}
		return symlink_explain(mem_ctx, pm, how, status);
	}
	status = node_create(mem_ctx, pm, fd, mode, path, &n);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	n->exact = how->posix;
	status = stat_opened(n, &st);
	if (!NT_STATUS_IS_OK(status)) {
		talloc_free(n);
		return status;
	}
	node_fill(n, &st);
	*out = &n->base;
	*out_stat = st;
	return NT_STATUS_OK;
}

/* --- making -------------------------------------------------------------- */

static int make_directory(const struct posix_place *p, mode_t mode)
{
	int fd;

	if (mkdirat(p->parent, p->name, mode) != 0) {
		return -1;
	}
	fd = openat(p->parent, p->name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1 && errno == EACCES) {
		fd = openat(p->parent, p->name,
			    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	}
	if (fd == -1) {
		int err = errno;

		unlinkat(p->parent, p->name, AT_REMOVEDIR);
		errno = err;
	}
	return fd;
}

static int make_at(const struct posix_mount *m, const struct posix_place *p,
		   const struct fsa_how *how)
{
	mode_t mode = new_mode(m, p->parent, how);

	if (how->directory) {
		return make_directory(p, mode);
	}
	return openat(p->parent, p->name,
		      O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | OPEN_ALWAYS,
		      mode);
}

static uint64_t inode_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? st.st_ino : 0;
}

/* What a new node in the directory parent is given beside its mode. */
static NTSTATUS set_up_new(struct posix_node *n, int parent,
			   const struct fsa_how *how,
			   const struct fsa_protection *p,
			   struct dosattrib *out)
{
	NTSTATUS status = posix_set_new(n->mount, n->fd, how->attributes, out);

	if (NT_STATUS_IS_OK(status) && n->mount->inherit_owner && p == NULL) {
		status = new_mode_inherit_owner(n->fd, parent);
	}
	if (NT_STATUS_IS_OK(status) && p != NULL) {
		status = posix_set_descriptor(&n->base, p);
	}
	return status;
}

static NTSTATUS make_node(TALLOC_CTX *mem_ctx, struct posix_mount *m,
			  const struct posix_place *p,
			  const struct fsa_how *how,
			  const struct fsa_protection *protection,
			  struct fsa_node **out, struct fsa_stat *out_stat)
{
	struct dosattrib stored = {0};
	struct posix_node *n = NULL;
	struct fsa_stat st;
	NTSTATUS status;
	int fd;

	fd = make_at(m, p, how);
	if (fd == -1) {
		return posix_walk_status(errno);
	}
	status = node_create(mem_ctx, m, fd, how->directory ? O_RDONLY : O_RDWR,
			     p->path, &n);
	if (NT_STATUS_IS_OK(status)) {
		n->exact = how->posix;
		status = set_up_new(n, p->parent, how, protection, &stored);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = posix_stat_new(m, fd, &stored, &st);
	}
	if (!NT_STATUS_IS_OK(status)) {
		unlinkat(p->parent, p->name, how->directory ? AT_REMOVEDIR : 0);
		talloc_free(n);
		return status;
	}
	node_fill(n, &st);
	n->base.parent_inode = inode_of(p->parent);
	*out = &n->base;
	*out_stat = st;
	return NT_STATUS_OK;
}

static NTSTATUS check_parent(const struct posix_place *p,
			     const struct fsa_how *how)
{
	struct stat st;

	if (how->check_parent == NULL) {
		return NT_STATUS_OK;
	}
	if (fstat(p->parent, &st) != 0) {
		return ntstatus_from_errno(errno);
	}
	return how->check_parent(how->private_data, st.st_dev, st.st_ino);
}

/* What the core wants for what is made in p, by what is stored with p. */
static NTSTATUS get_protection(TALLOC_CTX *mem_ctx, const struct posix_mount *m,
			       const struct posix_place *p,
			       const struct fsa_how *how,
			       const struct fsa_protection **out)
{
	struct security_descriptor parent;
	NTSTATUS status;

	if (how->protect == NULL) {
		return NT_STATUS_OK;
	}
	status = posix_read_descriptor(mem_ctx, m, p->parent, &parent);
	if (NT_STATUS_IS(status, NOT_FOUND)) {
		return how->protect(mem_ctx, how->private_data, NULL, out);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return how->protect(mem_ctx, how->private_data, &parent, out);
}

static NTSTATUS make_protected(TALLOC_CTX *mem_ctx, struct posix_mount *m,
			       const struct posix_place *p,
			       const struct fsa_how *how, struct fsa_node **out,
			       struct fsa_stat *out_stat)
{
	TALLOC_CTX *tmp = talloc_new(mem_ctx);
	const struct fsa_protection *protection = NULL;
	NTSTATUS status;

	if (tmp == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	status = get_protection(tmp, m, p, how, &protection);
	if (NT_STATUS_IS_OK(status)) {
		status = make_node(mem_ctx, m, p, how, protection, out,
				   out_stat);
	}
	talloc_free(tmp);
	return status;
}

NTSTATUS posix_make(TALLOC_CTX *mem_ctx, struct fsa_mount *m,
		    const struct fsa_how *how, struct fsa_node **out,
		    struct fsa_stat *out_stat)
{
	struct posix_mount *pm = posix_mount(m);
	struct posix_place place;
	NTSTATUS status = how->posix ? posix_find_exact(pm, how->path, &place)
				     : posix_find(pm, how->path, &place);

	if (!NT_STATUS_IS_OK(status)) {
		return symlink_explain(mem_ctx, pm, how, status);
	}
	status = place.found ? NT_STATUS(OBJECT_NAME_COLLISION)
			     : check_parent(&place, how);
	if (NT_STATUS_IS_OK(status)) {
		status =
			make_protected(mem_ctx, pm, &place, how, out, out_stat);
	}
	posix_place_end(&place);
	return status;
}

/* --- what is open -------------------------------------------------------- */

/* A descriptor of the same file that may do more, by way of /proc: the file
 * may have moved. */
NTSTATUS posix_upgrade(struct fsa_node *node, uint32_t access)
{
	struct posix_node *n = posix_node(node);
	int mode;
	char path[64];
	int fd;

	if (node->no_data) {
		return NT_STATUS_OK;
	}
	if (node->directory) {
		access &= FSA_ACCESS_READS;
	}
	mode = mode_for(access);
	if ((access & (FSA_ACCESS_READS | FSA_ACCESS_WRITES)) == 0 ||
	    n->mode == mode || n->mode == O_RDWR) {
		return NT_STATUS_OK;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", n->fd);
	fd = open(path, mode | OPEN_ALWAYS);
	if (fd == -1) {
		return posix_open_status(errno);
	}
	close(n->fd);
	n->fd = fd;
	n->mode = mode;
	node->proven |= proven_by(mode, node->directory);
	return NT_STATUS_OK;
}

bool posix_is_linked(struct fsa_node *node)
{
	struct stat st;

	if (node->of != NULL) {
		return posix_stream_is_linked(node);
	}
	return fstat(posix_node(node)->fd, &st) == 0 && st.st_nlink > 0;
}

char *posix_shown_path(TALLOC_CTX *mem_ctx, const char *path)
{
	char *copy = talloc_strdup(mem_ctx, path);
	char *shown = talloc_strdup(mem_ctx, "");
	char *save = NULL;
	char buffer[SHOWN_NAME_SIZE];

	if (copy == NULL) {
		talloc_free(shown);
		return NULL;
	}
	for (char *part = strtok_r(copy, "/", &save);
	     part != NULL && shown != NULL; part = strtok_r(NULL, "/", &save)) {
		shown = talloc_asprintf_append_buffer(
			shown, "%s%s", *shown == '\0' ? "" : "\\",
			shown_name(part, buffer));
	}
	talloc_free(copy);
	return shown;
}

NTSTATUS posix_parent(struct fsa_node *node, uint64_t *out_device,
		      uint64_t *out_inode)
{
	struct posix_node *n = posix_node(node);
	struct posix_place place;
	struct stat st;
	NTSTATUS status;

	if (*n->path == '\0') {
		return NT_STATUS(NOT_FOUND);
	}
	status = posix_find_node(n, &place);
	if (!NT_STATUS_IS_OK(status)) {
		return NT_STATUS(NOT_FOUND);
	}
	if (fstat(place.parent, &st) != 0) {
		status = ntstatus_from_errno(errno);
	} else {
		*out_device = st.st_dev;
		*out_inode = st.st_ino;
	}
	posix_place_end(&place);
	return status;
}

const char *posix_path(struct fsa_node *node)
{
	struct posix_node *n = posix_node(node);

	if (node->of != NULL) {
		return posix_stream_path(node);
	}
	if (n->shown == NULL) {
		n->shown = posix_shown_path(n, n->path);
	}
	return n->shown != NULL ? n->shown : n->path;
}
