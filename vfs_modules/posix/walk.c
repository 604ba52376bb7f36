/* vfs_modules/posix/walk.c - from a client's path to a place on disk.
 *
 * Every look at the disk goes through openat2() from the share's root with
 * RESOLVE_BENEATH (but for `wide links`), so the kernel sees to it that
 * nothing is reached outside, whatever is renamed or linked meanwhile; a
 * parent is held by its descriptor and only single names are used below it. */
#include <errno.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/assert.h"
#include "vfs_modules/names/shown_name.h"
#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/side_store.h"
#include "vfs_modules/posix/stepwise.h"

#define MAX_TRIES 16
#define FIND_DIR  (O_PATH | O_DIRECTORY | O_CLOEXEC)

int posix_openat(const struct posix_mount *m, const char *path, int flags,
		 mode_t mode)
{
	return posix_openat_as(m, path, flags, mode, m->resolve);
}

int posix_openat_as(const struct posix_mount *m, const char *path, int flags,
		    mode_t mode, uint64_t resolve)
{
	struct open_how how = {.flags = (uint64_t)flags | O_CLOEXEC,
			       .mode = mode,
			       .resolve = resolve};
	long fd;
	unsigned int tries = 0;

	if (m->state->no_openat2) {
		return stepwise_openat(m->root, *path == '\0' ? "." : path,
				       flags, mode);
	}
	do {
		fd = syscall(SYS_openat2, m->root, *path == '\0' ? "." : path,
			     &how, sizeof(how));
		/* A rename somewhere on the system made the kernel unsure
		 * about a "..": openat2(2) says to try again. */
	} while (fd == -1 && (errno == EAGAIN || errno == EINTR) &&
		 ++tries < MAX_TRIES);
	if (fd == -1 && errno == ENOSYS) {
		m->state->no_openat2 = true;
		return posix_openat_as(m, path, flags, mode, resolve);
	}
	return (int)fd;
}

NTSTATUS posix_open_status(int err)
{
	return err == EAGAIN ? NT_STATUS(OPLOCK_BREAK_IN_PROGRESS)
			     : posix_walk_status(err);
}

NTSTATUS posix_walk_status(int err)
{
	switch (err) {
	case EXDEV: /* beyond the share */
	case ELOOP: /* too many, or none is followed */
		return NT_STATUS(STOPPED_ON_SYMLINK);
	case ENOTDIR:
		return NT_STATUS(OBJECT_PATH_NOT_FOUND);
	case EAGAIN: /* a lease of a local program is in the way */
		return NT_STATUS(SHARING_VIOLATION);
	case ENXIO: /* a FIFO or a socket */
	case ENODEV:
		return NT_STATUS(ACCESS_DENIED);
	default:
		return ntstatus_from_errno(err);
	}
}

NTSTATUS posix_disk_path(const char *path, char out[PATH_MAX])
{
	size_t n = strlen(path);

	if (n >= PATH_MAX) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	for (size_t i = 0; i <= n; i++) {
		out[i] = path[i] == '\\'  ? '/'
			 : path[i] == '/' ? '\\'
					  : path[i];
	}
	return side_store_is_name(out, strcspn(out, "/"))
		       ? NT_STATUS(ACCESS_DENIED)
		       : NT_STATUS_OK;
}

void posix_place_end(struct posix_place *p)
{
	if (p->own_parent) {
		close(p->parent);
	}
	p->own_parent = false;
}

/* The directory at p->path up to length, which is made the parent. */
static NTSTATUS enter(const struct posix_mount *m, struct posix_place *p,
		      size_t length)
{
	char keep = p->path[length];
	int fd;

	p->path[length] = '\0';
	fd = posix_openat(m, p->path, FIND_DIR, 0);
	p->path[length] = keep;
	if (fd == -1) {
		return posix_walk_status(errno);
	}
	posix_place_end(p);
	p->parent = fd;
	p->own_parent = true;
	return NT_STATUS_OK;
}

/* Puts found in the place of the component of p->path at start. */
static NTSTATUS put_name(struct posix_place *p, size_t start, const char *found)
{
	size_t old = strcspn(p->path + start, "/");
	size_t rest = strlen(p->path + start + old) + 1;
	size_t fresh = strlen(found);

	if (start + fresh + rest > PATH_MAX) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	memmove(p->path + start + fresh, p->path + start + old, rest);
	memcpy(p->path + start, found, fresh);
	return NT_STATUS_OK;
}

/* One component, not the last: as it is, or in another case. */
static NTSTATUS enter_any_case(const struct posix_mount *m,
			       struct posix_place *p, size_t start)
{
	size_t n = strcspn(p->path + start, "/");
	char name[NAME_MAX + 1];
	char found[NAME_MAX + 1];
	NTSTATUS status = enter(m, p, start + n);

	if (!NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return status;
	}
	if (n > NAME_MAX) {
		return NT_STATUS(OBJECT_NAME_INVALID);
	}
	memcpy(name, p->path + start, n);
	name[n] = '\0';
	status = name_index_find(m->state->index, p->parent, name, found);
	if (NT_STATUS_IS_OK(status)) {
		status = put_name(p, start, found);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return enter(m, p, start + strlen(found));
}

/* Component by component, when the path to the parent is not there as it is
 * written. */
static NTSTATUS find_parent_slowly(const struct posix_mount *m,
				   struct posix_place *p)
{
	size_t start = 0;
	const char *slash;

	p->parent = m->root;
	p->own_parent = false;
	while ((slash = strchr(p->path + start, '/')) != NULL) {
		NTSTATUS status = enter_any_case(m, p, start);

		if (!NT_STATUS_IS_OK(status)) {
			posix_place_end(p);
			return status;
		}
		start += strcspn(p->path + start, "/") + 1;
	}
	return NT_STATUS_OK;
}

static NTSTATUS find_parent(const struct posix_mount *m, struct posix_place *p)
{
	const char *slash = strrchr(p->path, '/');
	NTSTATUS status;

	p->parent = m->root;
	p->own_parent = false;
	if (slash == NULL) {
		p->name = p->path;
		return NT_STATUS_OK;
	}
	status = enter(m, p, (size_t)(slash - p->path));
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		status = find_parent_slowly(m, p);
	}
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return NT_STATUS(OBJECT_PATH_NOT_FOUND);
	}
	p->name = strrchr(p->path, '/') + 1;
	return status;
}

/* Whether the name is there exactly, symlinks not followed. */
static bool is_there(int parent, const char *name)
{
	struct stat st;

	return fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

NTSTATUS posix_find(const struct posix_mount *m, const char *path,
		    struct posix_place *out)
{
	char found[NAME_MAX + 1];
	NTSTATUS status = posix_disk_path(path, out->path);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	out->found = false;
	status = find_parent(m, out);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (*out->name == '\0' || is_there(out->parent, out->name)) {
		out->found = true;
		return NT_STATUS_OK;
	}
	status =
		name_index_find(m->state->index, out->parent, out->name, found);
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		return NT_STATUS_OK;
	}
	if (NT_STATUS_IS_OK(status)) {
		out->found = true;
		status = put_name(out, (size_t)(out->name - out->path), found);
	}
	if (!NT_STATUS_IS_OK(status)) {
		posix_place_end(out);
	}
	return status;
}

static NTSTATUS find_written(const struct posix_mount *m,
			     struct posix_place *out)
{
	const char *slash = strrchr(out->path, '/');
	NTSTATUS status = NT_STATUS_OK;

	out->found = false;
	out->parent = m->root;
	out->own_parent = false;
	if (slash != NULL) {
		status = enter(m, out, (size_t)(slash - out->path));
	}
	if (NT_STATUS_IS(status, OBJECT_NAME_NOT_FOUND)) {
		status = NT_STATUS(OBJECT_PATH_NOT_FOUND);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	out->name = slash == NULL ? out->path : slash + 1;
	out->found = *out->name == '\0' || is_there(out->parent, out->name);
	return NT_STATUS_OK;
}

NTSTATUS posix_find_exact(const struct posix_mount *m, const char *path,
			  struct posix_place *out)
{
	char undone[PATH_MAX];
	NTSTATUS status = posix_disk_path(path, out->path);
	struct posix_place other;

	if (NT_STATUS_IS_OK(status)) {
		status = find_written(m, out);
	}
	if ((NT_STATUS_IS_OK(status) && out->found) ||
	    !shown_name_undo(out->path, undone)) {
		return status;
	}
	memcpy(other.path, undone, strlen(undone) + 1);
	if (!NT_STATUS_IS_OK(find_written(m, &other))) {
		return status;
	}
	if (!other.found && NT_STATUS_IS_OK(status)) {
		posix_place_end(&other);
		return status;
	}
	if (NT_STATUS_IS_OK(status)) {
		posix_place_end(out);
	}
	*out = other;
	out->name = out->path + (other.name - other.path);
	return NT_STATUS_OK;
}

/* --- the place of an open file ------------------------------------------- */

/* Whether place names the node: itself, or a symlink to it. */
static bool is_node(const struct posix_node *n, const struct posix_place *p)
{
	struct stat st;

	if (fstatat(p->parent, p->name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		return false;
	}
	if (S_ISLNK(st.st_mode) && !n->base.no_data) {
		int fd = posix_openat(n->mount, p->path, O_PATH, 0);
		int err = fd == -1 ? -1 : fstat(fd, &st);

		if (fd != -1) {
			close(fd);
		}
		if (err != 0) {
			return false;
		}
	}
	return st.st_ino == n->base.inode && st.st_dev == n->base.device;
}

static NTSTATUS place_of_path(struct posix_node *n, const char *path,
			      struct posix_place *out)
{
	NTSTATUS status;

	snprintf(out->path, sizeof(out->path), "%s", path);
	status = find_parent(n->mount, out);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (*out->name == '\0' || !is_node(n, out)) {
		posix_place_end(out);
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	out->found = true;
	return NT_STATUS_OK;
}

static bool kernel_path(int fd, char out[PATH_MAX])
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, out, PATH_MAX - 1);
	if (n <= 0) {
		return false;
	}
	out[n] = '\0';
	return true;
}

NTSTATUS posix_find_node(struct posix_node *n, struct posix_place *out)
{
	char root[PATH_MAX];
	char now[PATH_MAX];
	size_t length;
	NTSTATUS status = place_of_path(n, n->path, out);

	if (NT_STATUS_IS_OK(status) || *n->path == '\0') {
		return status;
	}
	if (!kernel_path(n->mount->root, root) || !kernel_path(n->fd, now)) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	length = strcmp(root, "/") == 0 ? 0 : strlen(root);
	if (strncmp(now, root, length) != 0 || now[length] != '/') {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	status = place_of_path(n, now + length + 1, out);
	if (NT_STATUS_IS(status, STOPPED_ON_SYMLINK)) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = posix_set_path(n, out->path);
		if (!NT_STATUS_IS_OK(status)) {
			posix_place_end(out);
		}
	}
	return status;
}

NTSTATUS posix_set_path(struct posix_node *n, const char *path)
{
	char *copy = talloc_strdup(n, path);

	if (copy == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	talloc_free(n->path);
	n->path = copy;
	TALLOC_FREE(n->shown);
	return NT_STATUS_OK;
}
