/* vfs_modules/posix/rename.c - moving, linking and removing names.
 *
 * Linux names files by path, and somebody else may move one between our look
 * at a name and our use of it: we make sure by the inode just before. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vfs_modules/posix/casefold.h"
#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/side_store.h"

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif

/* The key of a file's large streams when this is its last name. */
static void key_of_last(const struct posix_mount *m,
			const struct posix_place *p, struct side_key *out)
{
	struct stat st;

	out->name[0] = '\0';
	if (fstatat(p->parent, p->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    (S_ISDIR(st.st_mode) || st.st_nlink == 1)) {
		side_key(m, p->parent, p->name, out);
	}
}

/* The name as the client wants it written. */
static const char *wanted_name(const char *path)
{
	const char *last = strrchr(path, '\\');

	return last == NULL ? path : last + 1;
}

static bool same_directory(const struct posix_place *a,
			   const struct posix_place *b)
{
	struct stat x;
	struct stat y;

	return fstat(a->parent, &x) == 0 && fstat(b->parent, &y) == 0 &&
	       x.st_ino == y.st_ino && x.st_dev == y.st_dev;
}

static bool same_file(const struct posix_place *a, const struct posix_place *b)
{
	struct stat x;
	struct stat y;

	return fstatat(a->parent, a->name, &x, AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstatat(b->parent, b->name, &y, AT_SYMLINK_NOFOLLOW) == 0 &&
	       x.st_ino == y.st_ino && x.st_dev == y.st_dev;
}

/* The same for what a rename or a link replaces, if it does. */
static void key_of_replaced(const struct posix_mount *m,
			    const struct posix_place *from,
			    const struct posix_place *to, struct side_key *out)
{
	out->name[0] = '\0';
	if (to->found && !same_file(from, to)) {
		key_of_last(m, to, out);
	}
}

static int rename_without_replacing(const struct posix_place *from,
				    const struct posix_place *to,
				    const char *name)
{
	struct stat st;

	if (syscall(SYS_renameat2, from->parent, from->name, to->parent, name,
		    RENAME_NOREPLACE) == 0) {
		return 0;
	}
	if (errno != EINVAL && errno != ENOSYS) {
		return -1;
	}
	/* The file system cannot: there is a gap then. */
	if (fstatat(to->parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(from->parent, from->name, to->parent, name);
}

/* Over what is there, which may be written in another case. */
static int rename_replacing(const struct posix_place *from,
			    const struct posix_place *to, const char *name)
{
	if (same_file(from, to)) {
		/* Two names of one file: rename() would leave both. */
		if (unlinkat(from->parent, from->name, 0) != 0) {
			return -1;
		}
	} else if (renameat(from->parent, from->name, to->parent, to->name) !=
		   0) {
		/* XFS says so of a directory that is not empty. */
		errno = errno == EEXIST ? ENOTEMPTY : errno;
		return -1;
	}
	if (strcmp(to->name, name) == 0) {
		return 0;
	}
	return renameat(to->parent, to->name, to->parent, name);
}

static NTSTATUS rename_place(const struct posix_place *from,
			     const struct posix_place *to, const char *name,
			     bool replace)
{
	int err;

	if (!to->found) {
		err = rename_without_replacing(from, to, name);
	} else if (same_file(from, to) && casefold_is_on(to->parent)) {
		err = casefold_respell(from->parent, from->name, to->parent,
				       to->name, name, replace);
	} else if (strcmp(from->name, to->name) == 0 &&
		   same_directory(from, to)) {
		/* Its own name, in another case or not. */
		err = strcmp(from->name, name) == 0
			      ? 0
			      : rename_without_replacing(from, to, name);
	} else if (!replace) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	} else {
		err = rename_replacing(from, to, name);
	}
	return err == 0 ? NT_STATUS_OK : ntstatus_from_errno(errno);
}

static NTSTATUS set_moved_path(struct posix_node *n, struct posix_place *to,
			       const char *name)
{
	char path[PATH_MAX];
	int parent = (int)(to->name - to->path);
	int length =
		snprintf(path, sizeof(path), "%.*s%s", parent, to->path, name);

	if (length < 0 || (size_t)length >= sizeof(path)) {
		return NT_STATUS_OK; /* asked from the kernel when needed */
	}
	return posix_set_path(n, path);
}

/* rename(2) from one name of a file to another one does nothing. */
static bool leaves_both(const struct posix_node *n,
			const struct posix_place *from,
			const struct posix_place *to)
{
	return n->exact && to->found && same_file(from, to);
}

/* Where a client's new name is, or would be: in the share. */
static NTSTATUS find_target(const struct posix_node *n, const char *path,
			    struct posix_place *out)
{
	NTSTATUS status = n->exact ? posix_find_exact(n->mount, path, out)
				   : posix_find(n->mount, path, out);

	return NT_STATUS_IS(status, STOPPED_ON_SYMLINK)
		       ? NT_STATUS(ACCESS_DENIED)
		       : status;
}

NTSTATUS posix_rename(struct fsa_node *node, const char *path, bool replace)
{
	struct posix_node *n = posix_node(node);
	struct posix_place from;
	struct posix_place to;
	struct side_key key;
	NTSTATUS status;

	if (node->of != NULL) {
		return posix_stream_rename(node, path, replace);
	}
	status = posix_find_node(n, &from);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = find_target(n, path, &to);
	if (NT_STATUS_IS_OK(status)) {
		const char *name = n->exact ? to.name : wanted_name(path);

		key_of_replaced(n->mount, &from, &to, &key);
		status = leaves_both(n, &from, &to)
				 ? NT_STATUS_OK
				 : rename_place(&from, &to, name, replace);
		if (NT_STATUS_IS_OK(status)) {
			side_remove_all(n->mount, &key);
			status = set_moved_path(n, &to, name);
		}
		posix_place_end(&to);
	}
	posix_place_end(&from);
	return status;
}

/* A link under a name that nobody has, then moved over what is there. */
static int link_replacing(const struct posix_place *from,
			  const struct posix_place *to, const char *name)
{
	char temporary[40];
	uint64_t r = 0;

	if (getrandom(&r, sizeof(r), 0) != sizeof(r)) {
		return -1;
	}
	snprintf(temporary, sizeof(temporary), ".link-%016llx",
		 (unsigned long long)r);
	if (linkat(from->parent, from->name, to->parent, temporary, 0) != 0) {
		return -1;
	}
	if (renameat(to->parent, temporary, to->parent, to->name) != 0) {
		int err = errno;

		unlinkat(to->parent, temporary, 0);
		errno = err;
		return -1;
	}
	if (strcmp(to->name, name) == 0) {
		return 0;
	}
	return renameat(to->parent, to->name, to->parent, name);
}

static NTSTATUS link_place(const struct posix_place *from,
			   const struct posix_place *to, const char *name,
			   bool replace)
{
	int err;

	if (!to->found) {
		err = linkat(from->parent, from->name, to->parent, name, 0);
	} else if (!replace) {
		return NT_STATUS(OBJECT_NAME_COLLISION);
	} else if (same_file(from, to)) {
		return NT_STATUS_OK;
	} else {
		err = link_replacing(from, to, name);
	}
	return err == 0 ? NT_STATUS_OK : ntstatus_from_errno(errno);
}

NTSTATUS posix_link(struct fsa_node *node, const char *path, bool replace)
{
	struct posix_node *n = posix_node(node);
	struct posix_place from;
	struct posix_place to;
	struct side_key key;
	NTSTATUS status = posix_find_node(n, &from);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = find_target(n, path, &to);
	if (NT_STATUS_IS_OK(status)) {
		const char *name = n->exact ? to.name : wanted_name(path);

		key_of_replaced(n->mount, &from, &to, &key);
		status = link_place(&from, &to, name, replace);
		if (NT_STATUS_IS_OK(status)) {
			side_remove_all(n->mount, &key);
		}
		posix_place_end(&to);
	}
	posix_place_end(&from);
	return status;
}

NTSTATUS posix_unlink(struct fsa_node *node)
{
	struct posix_node *n = posix_node(node);
	struct posix_place place;
	struct side_key key;
	struct stat st;
	NTSTATUS status;
	int flags;

	if (node->of != NULL) {
		return posix_stream_unlink(node);
	}
	status = posix_find_node(n, &place);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	/* Of a symlink the link itself goes. */
	flags = fstatat(place.parent, place.name, &st, AT_SYMLINK_NOFOLLOW) ==
					0 &&
				S_ISDIR(st.st_mode)
			? AT_REMOVEDIR
			: 0;
	key_of_last(n->mount, &place, &key);
	if (unlinkat(place.parent, place.name, flags) != 0) {
		status = ntstatus_from_errno(errno);
	} else {
		side_remove_all(n->mount, &key);
	}
	posix_place_end(&place);
	return status;
}
