/* vfs_modules/posix/symlink.c - symlinks as clients see them.
 *
 * The kernel follows symlinks for us, and refuses those that lead out; only
 * then a path is walked here, to tell the client which symlink it was.
 *
 * A target is shown with backslashes, each component as any name is
 * (shown_name.h).  One that a client gives is stored with slashes, and else as
 * it is.  An absolute one means nothing in the share: it is the client's, which
 * gets it back as it was, and the server never follows it.
 *
 * A file becomes a symlink, or the other way round, by an exchange of names,
 * and by a look at what was exchanged: in one step for everybody else. */
#include "vfs_modules/posix/symlink.h"

#include <errno.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/reparse.h"
#include "vfs_modules/names/shown_name.h"
#include "vfs_modules/posix/side_store.h"

#ifndef RENAME_EXCHANGE
#define RENAME_NOREPLACE 1
#define RENAME_EXCHANGE	 2
#endif

#define MAX_TRIES 16

#define OPEN_ITSELF (O_PATH | O_NOFOLLOW | O_CLOEXEC)

/* --- targets ------------------------------------------------------------- */

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Paths of Windows, which begin so, are no names of ours. */
#define NT_PREFIX      "/?\?/"
#define NT_PREFIX_SIZE 4

/* One component as clients see it; too long ones are nobody's name. */
static const char *shown_component(const char *name, bool windows,
				   char buffer[SHOWN_NAME_SIZE])
{
	return windows || is_dots(name) || strlen(name) > NAME_MAX
		       ? name
		       : shown_name(name, buffer);
}

static char *shown_target(TALLOC_CTX *mem_ctx, char *disk)
{
	bool windows = strncmp(disk, NT_PREFIX, NT_PREFIX_SIZE) == 0;
	char *out = talloc_strdup(mem_ctx, *disk == '/' ? "\\" : "");
	const char *separator = "";
	char *save = NULL;

	for (char *part = strtok_r(disk, "/", &save);
	     part != NULL && out != NULL; part = strtok_r(NULL, "/", &save)) {
		char buffer[SHOWN_NAME_SIZE];

		out = talloc_asprintf_append_buffer(
			out, "%s%s", separator,
			shown_component(part, windows, buffer));
		separator = "\\";
	}
	return out;
}

/* What Windows shows of an absolute one: without the object manager's part. */
static const char *print_name(TALLOC_CTX *mem_ctx, const char *target)
{
	if (strncmp(target, "\\??\\UNC\\", 8) == 0) {
		return talloc_asprintf(mem_ctx, "\\\\%s", target + 8);
	}
	return talloc_strdup(mem_ctx, strncmp(target, "\\??\\", 4) == 0
					      ? target + 4
					      : target);
}

NTSTATUS symlink_read(TALLOC_CTX *mem_ctx, int fd, struct reparse_symlink *out)
{
	char disk[PATH_MAX];
	ssize_t n = readlinkat(fd, "", disk, sizeof(disk) - 1);
	struct reparse_symlink link = {0};

	if (n < 0) {
		return ntstatus_from_errno(errno);
	}
	disk[n] = '\0';
	link.relative = *disk != '/';
	link.substitute = shown_target(mem_ctx, disk);
	if (link.substitute != NULL) {
		link.print = print_name(mem_ctx, link.substitute);
	}
	if (link.print == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*out = link;
	return NT_STATUS_OK;
}

bool symlink_is_to_directory(const struct posix_mount *m, const char *path)
{
	uint64_t resolve = m->resolve & ~(uint64_t)RESOLVE_NO_SYMLINKS;
	int fd = posix_openat_as(m, path, O_PATH | O_DIRECTORY, 0, resolve);

	if (fd == -1) {
		return false;
	}
	close(fd);
	return true;
}

/* --- which one of a path ------------------------------------------------- */

struct walk {
	TALLOC_CTX *mem_ctx;
	const struct posix_mount *m;
	int parent;	     /* owned, but for the root */
	char path[PATH_MAX]; /* on disk, as far as we are */
	size_t length;
	struct fsa_stop *stop;
	bool found; /* stop is the first symlink */
};

static void move_to(struct walk *w, int fd)
{
	if (w->parent != w->m->root) {
		close(w->parent);
	}
	w->parent = fd;
}

static int open_itself(struct walk *w, char *name)
{
	char found[NAME_MAX + 1];
	int fd = openat(w->parent, name, OPEN_ITSELF);

	if (fd != -1 || errno != ENOENT ||
	    !NT_STATUS_IS_OK(name_index_find(w->m->state->index, w->parent,
					     name, found))) {
		return fd;
	}
	memcpy(name, found, strlen(found) + 1);
	return openat(w->parent, name, OPEN_ITSELF);
}

static bool add_to_path(struct walk *w, const char *name)
{
	int n = snprintf(w->path + w->length, sizeof(w->path) - w->length,
			 "%s%s", w->length == 0 ? "" : "/", name);

	if (n < 0 || (size_t)n >= sizeof(w->path) - w->length) {
		return false;
	}
	w->length += (size_t)n;
	return true;
}

static bool note_link(struct walk *w, int fd, unsigned int component)
{
	struct reparse_symlink link;

	if (w->found) {
		return true;
	}
	if (!NT_STATUS_IS_OK(symlink_read(w->mem_ctx, fd, &link))) {
		return false;
	}
	*w->stop = (struct fsa_stop){.components = component,
				     .target = link.substitute,
				     .relative = link.relative};
	w->found = true;
	return true;
}

/* Enters one component; false when that is the end.  A symlink that can be
 * followed is no reason. */
static bool step(struct walk *w, char *name, unsigned int component)
{
	struct stat st;
	int fd = open_itself(w, name);
	int next;

	if (fd == -1 || fstat(fd, &st) != 0 || !add_to_path(w, name)) {
		w->found = false;
	} else if (S_ISDIR(st.st_mode)) {
		move_to(w, fd);
		return true;
	} else if (S_ISLNK(st.st_mode) && note_link(w, fd, component)) {
		close(fd);
		next = posix_openat(w->m, w->path, O_PATH, 0);
		if (next != -1) {
			move_to(w, next);
		}
		return next != -1;
	} else {
		w->found = false;
	}
	if (fd != -1) {
		close(fd);
	}
	return false;
}

/* Walks until a symlink does not lead on.  With any, the first one will do. */
static bool find_stop(struct walk *w, const struct fsa_how *how, bool any)
{
	char disk[PATH_MAX];
	unsigned int component = 0;
	char *save = NULL;
	bool on = true;

	if (!NT_STATUS_IS_OK(posix_disk_path(how->path, disk))) {
		return false;
	}
	for (char *part = strtok_r(disk, "/", &save); on && part != NULL;) {
		char *rest = strtok_r(NULL, "/", &save);
		char name[NAME_MAX + 1];

		if (strlen(part) > NAME_MAX ||
		    (rest == NULL && how->reparse_point)) {
			break;
		}
		memcpy(name, part, strlen(part) + 1);
		on = step(w, name, ++component) && !(any && w->found);
		part = rest;
	}
	/* All of them lead on: it was something else. */
	if (on && !any) {
		w->found = false;
	}
	return w->found;
}

NTSTATUS symlink_explain(TALLOC_CTX *mem_ctx, const struct posix_mount *m,
			 const struct fsa_how *how, NTSTATUS status)
{
	bool stopped = NT_STATUS_IS(status, STOPPED_ON_SYMLINK);
	struct walk w = {.mem_ctx = mem_ctx,
			 .m = m,
			 .parent = m->root,
			 .stop = how->stop};
	bool found = false;

	if (!stopped && !NT_STATUS_IS(status, OBJECT_PATH_NOT_FOUND)) {
		return status;
	}
	if (how->stop != NULL) {
		found = find_stop(&w, how, stopped);
		move_to(&w, m->root);
	}
	if (found) {
		return NT_STATUS(STOPPED_ON_SYMLINK);
	}
	return stopped ? NT_STATUS(ACCESS_DENIED) : status;
}

/* --- in a file's place --------------------------------------------------- */

/* What is going to stand in the place of a node's file. */
struct substitute {
	struct posix_place place; /* of the node */
	char name[40];		  /* for the moment */
	bool directory;
	int fd;
	int mode;
};

static NTSTATUS choose_name(struct substitute *s)
{
	uint64_t r = 0;

	if (getrandom(&r, sizeof(r), 0) != sizeof(r)) {
		return NT_STATUS(INTERNAL_ERROR);
	}
	snprintf(s->name, sizeof(s->name), ".link-%016llx",
		 (unsigned long long)r);
	return NT_STATUS_OK;
}

static int rename_to_place(const struct substitute *s, unsigned int flags)
{
	int dir = s->place.parent;

	return (int)syscall(SYS_renameat2, dir, s->name, dir, s->place.name,
			    flags);
}

/* Whether it is the node's file that the exchange has taken away, and nothing
 * is lost with it.  A directory is asked when it is removed. */
static NTSTATUS check_taken(const struct posix_node *n,
			    const struct substitute *s, struct stat *out)
{
	if (fstatat(s->place.parent, s->name, out, AT_SYMLINK_NOFOLLOW) != 0 ||
	    out->st_ino != n->base.inode || out->st_dev != n->base.device) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	return S_ISREG(out->st_mode) && out->st_size != 0
		       ? NT_STATUS(IO_REPARSE_DATA_INVALID)
		       : NT_STATUS_OK;
}

static NTSTATUS take_place(const struct posix_node *n,
			   const struct substitute *s)
{
	struct side_key key = {0};
	struct stat st;
	NTSTATUS status;

	if (rename_to_place(s, RENAME_EXCHANGE) != 0) {
		return errno == EINVAL || errno == ENOSYS
			       ? NT_STATUS(NOT_SUPPORTED)
			       : ntstatus_from_errno(errno);
	}
	status = check_taken(n, s, &st);
	if (NT_STATUS_IS_OK(status)) {
		side_key(n->mount, s->place.parent, s->name, &key);
		if (unlinkat(s->place.parent, s->name,
			     S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0) == 0) {
			side_remove_all(n->mount, &key);
			return NT_STATUS_OK;
		}
		status = ntstatus_from_errno(errno);
	}
	return status;
}

/* Gives up: what is under the name for the moment goes when it is the
 * substitute, and back to its own name when it is somebody's.  Either may have
 * been moved on by others meanwhile; nothing of theirs is ever removed. */
static void put_back(const struct substitute *s)
{
	int dir = s->place.parent;
	struct stat st;
	struct stat ours;

	for (unsigned int i = 0; i < MAX_TRIES; i++) {
		if (fstatat(dir, s->name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    fstat(s->fd, &ours) != 0) {
			return;
		}
		if (st.st_ino == ours.st_ino && st.st_dev == ours.st_dev) {
			unlinkat(dir, s->name, s->directory ? AT_REMOVEDIR : 0);
			return;
		}
		if (rename_to_place(s, RENAME_NOREPLACE) == 0) {
			return;
		}
		if (errno != EEXIST ||
		    rename_to_place(s, RENAME_EXCHANGE) != 0) {
			break;
		}
	}
	LOG_WARN(LOG_VFS, "%s: a file stays under the name %s", s->place.path,
		 s->name);
}

/* The node is that of the substitute from now on.  What it was stays open:
 * nobody else gets its inode while this open has a record under that. */
static void adopt(struct posix_node *n, const struct substitute *s,
		  const struct stat *st)
{
	if (n->kept == -1) {
		n->kept = n->fd;
	} else {
		close(n->fd);
	}
	n->fd = s->fd;
	n->mode = s->mode;
	n->link_to_directory = false;
	n->base.inode = st->st_ino;
	n->base.device = st->st_dev;
	n->base.no_data = S_ISLNK(st->st_mode);
	n->base.directory = S_ISDIR(st->st_mode);
}

static NTSTATUS substitute(struct posix_node *n, struct substitute *s)
{
	struct stat st;
	NTSTATUS status = fstat(s->fd, &st) == 0 ? take_place(n, s)
						 : ntstatus_from_errno(errno);

	if (NT_STATUS_IS_OK(status)) {
		adopt(n, s, &st);
		return status;
	}
	put_back(s);
	close(s->fd);
	return status;
}

static bool is_separator(char c)
{
	return c == '\\' || c == '/';
}

/* A client's target as it is stored; Linux may write it its own way. */
static NTSTATUS disk_target(const struct posix_node *n, const char *target,
			    bool relative, char out[PATH_MAX])
{
	size_t length = 0;

	if (relative && is_separator(*target)) {
		/* From the share's root, wherever the link is. */
		for (const char *p = n->path; (p = strchr(p, '/')) != NULL;
		     p++) {
			if (length + 3 >= PATH_MAX) {
				return NT_STATUS(IO_REPARSE_DATA_INVALID);
			}
			memcpy(out + length, "../", 3);
			length += 3;
		}
		target += strspn(target, "\\/");
		if (*target == '\0') {
			target = ".";
		}
	}
	if (*target == '\0' || strlen(target) >= PATH_MAX - length ||
	    (!relative && !is_separator(*target))) {
		return NT_STATUS(IO_REPARSE_DATA_INVALID);
	}
	for (; *target != '\0'; target++) {
		out[length++] = *target == '\\' ? '/' : *target;
	}
	out[length] = '\0';
	return NT_STATUS_OK;
}

static NTSTATUS make_link(struct posix_node *n, struct substitute *s,
			  const char *disk)
{
	NTSTATUS status = choose_name(s);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	if (symlinkat(disk, s->place.parent, s->name) != 0) {
		return ntstatus_from_errno(errno);
	}
	s->mode = O_PATH;
	s->fd = openat(s->place.parent, s->name, OPEN_ITSELF);
	if (s->fd == -1) {
		status = ntstatus_from_errno(errno);
		unlinkat(s->place.parent, s->name, 0);
		return status;
	}
	return substitute(n, s);
}

NTSTATUS posix_make_symlink(struct fsa_node *node, const char *target,
			    bool relative)
{
	struct posix_node *n = posix_node(node);
	struct substitute s = {0};
	char disk[PATH_MAX];
	NTSTATUS status = disk_target(n, target, relative, disk);

	/* Where symlinks are followed to anywhere, who makes one opens all. */
	if (n->mount->wide || *n->path == '\0') {
		return NT_STATUS(ACCESS_DENIED);
	}
	if (NT_STATUS_IS_OK(status)) {
		status = posix_find_node(n, &s.place);
	}
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = make_link(n, &s, disk);
	posix_place_end(&s.place);
	if (NT_STATUS_IS_OK(status)) {
		n->link_to_directory =
			symlink_is_to_directory(n->mount, n->path);
	}
	return status;
}

static int make_empty(const struct posix_mount *m, struct substitute *s)
{
	int dir = s->place.parent;

	if (!s->directory) {
		return openat(dir, s->name,
			      O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW |
				      O_CLOEXEC,
			      0666 & m->create_mask);
	}
	if (mkdirat(dir, s->name, 0777 & m->directory_mask) != 0) {
		return -1;
	}
	return openat(dir, s->name,
		      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

NTSTATUS symlink_remove(struct posix_node *n)
{
	struct substitute s = {.directory = n->link_to_directory,
			       .mode = n->link_to_directory ? O_RDONLY
							    : O_RDWR};
	NTSTATUS status = posix_find_node(n, &s.place);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	status = choose_name(&s);
	if (NT_STATUS_IS_OK(status)) {
		s.fd = make_empty(n->mount, &s);
		status = s.fd == -1 ? ntstatus_from_errno(errno)
				    : substitute(n, &s);
	}
	posix_place_end(&s.place);
	return status;
}
