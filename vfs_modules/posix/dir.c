/* vfs_modules/posix/dir.c - listing directories.
 *
 * A scan reads through the node's own descriptor and is never started again in
 * the middle: the kernel's position in a directory stays right while entries
 * come and go.  Entries are looked at one by one, without asking a remote file
 * system for news. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/log.h"
#include "vfs_modules/names/shown_name.h"
#include "vfs_modules/posix/attr.h"
#include "vfs_modules/posix/dosattrib.h"
#include "vfs_modules/posix/casefold.h"
#include "vfs_modules/posix/posix.h"
#include "vfs_modules/posix/read_dir.h"
#include "vfs_modules/posix/reparse.h"
#include "vfs_modules/posix/side_store.h"
#include "vfs_modules/posix/symlink.h"
#include "vfs_modules/posix/xattr.h"

#define SCAN_BUFFER 32768

struct fsa_scan {
	struct posix_node *node;
	struct dir_entry entry;
	struct dir_buffer buffer;
	char shown[SHOWN_NAME_SIZE];
};

/* There is no getxattr() below a descriptor.  A scan makes its directory the
 * working directory of the process, which nothing else in it goes by, until it
 * ends: that costs half of what a way through /proc would, for each entry. */
static void enter_directory(struct posix_node *n)
{
	struct posix_state *state = n->mount->state;

	if (state->working_dir != n && fchdir(n->fd) == 0) {
		state->working_dir = n;
	}
}

static void leave_directory(struct posix_node *n)
{
	struct posix_state *state = n->mount->state;

	if (state->working_dir == n) {
		state->working_dir = NULL;
		if (fchdir(state->home) != 0) {
			LOG_WARN(LOG_VFS, "cannot leave a directory: %s",
				 strerror(errno));
		}
	}
}

static int scan_destructor(struct fsa_scan *s)
{
	leave_directory(s->node);
	return 0;
}

NTSTATUS posix_scan_open(TALLOC_CTX *mem_ctx, struct fsa_node *node,
			 struct fsa_scan **out)
{
	struct posix_node *n = posix_node(node);
	struct fsa_scan *s;

	if (lseek(n->fd, 0, SEEK_SET) != 0) {
		return ntstatus_from_errno(errno);
	}
	s = talloc(mem_ctx, struct fsa_scan);
	if (s == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*s = (struct fsa_scan){.node = n, .buffer.size = SCAN_BUFFER};
	talloc_set_destructor(s, scan_destructor);
	s->buffer.data = talloc_array(s, char, SCAN_BUFFER);
	if (s->buffer.data == NULL) {
		talloc_free(s);
		return NT_STATUS(NO_MEMORY);
	}
	*out = s;
	return NT_STATUS_OK;
}

/* `hide special files`: devices, sockets and pipes. */
static bool is_special(const struct fsa_scan *s)
{
	struct stat st;

	switch (s->entry.type) {
	case DT_BLK:
	case DT_CHR:
	case DT_FIFO:
	case DT_SOCK:
		return true;
	case DT_UNKNOWN:
		return fstatat(s->node->fd, s->entry.name, &st,
			       AT_SYMLINK_NOFOLLOW) == 0 &&
		       !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode) &&
		       !S_ISLNK(st.st_mode);
	default:
		return false;
	}
}

/* Those, and the server's own things in the share's root. */
static bool is_hidden(const struct fsa_scan *s)
{
	if (s->node->mount->hide_special_files && is_special(s)) {
		return true;
	}
	return *s->node->path == '\0' &&
	       side_store_is_name(s->entry.name, strlen(s->entry.name));
}

/* The name of an entry, as the node's clients see it. */
static const char *name_for(const struct posix_node *n, const char *disk,
			    char buffer[SHOWN_NAME_SIZE])
{
	return n->exact ? shown_name_exact(disk, buffer)
			: shown_name(disk, buffer);
}

NTSTATUS posix_scan_next(struct fsa_scan *s, const char **out_name)
{
	NTSTATUS status;

	do {
		status = read_dir_next(s->node->fd, &s->buffer, &s->entry);
	} while (NT_STATUS_IS_OK(status) && is_hidden(s));
	if (NT_STATUS_IS_OK(status)) {
		*out_name = name_for(s->node, s->entry.name, s->shown);
	}
	return status;
}

/* `wide links`: a symlink is shown as what it leads to. */
static NTSTATUS stat_followed(const struct posix_mount *m, const char *path,
			      uint32_t want, struct fsa_stat *out)
{
	NTSTATUS status;
	int fd = posix_openat(m, path, O_PATH, 0);

	if (fd == -1) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	status = posix_stat_fd(m, fd, want, out);
	close(fd);
	return status;
}

/* A symlink is shown as itself, and as a directory's when it leads to one. */
static NTSTATUS stat_symlink(const struct posix_node *n, const char *name,
			     uint32_t want, const struct statx *sx,
			     struct fsa_stat *out)
{
	char path[PATH_MAX];
	struct fsa_stat st;
	int length;

	length = snprintf(path, sizeof(path), "%s%s%s", n->path,
			  *n->path == '\0' ? "" : "/", name);
	if (length < 0 || (size_t)length >= sizeof(path)) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	if (n->mount->wide &&
	    NT_STATUS_IS_OK(stat_followed(n->mount, path, want, out))) {
		return NT_STATUS_OK;
	}
	posix_stat_from(sx, &st);
	reparse_stat_special(sx->stx_mode,
			     symlink_is_to_directory(n->mount, path), &st);
	posix_stat_finish(&st);
	*out = st;
	return NT_STATUS_OK;
}

static ssize_t read_dosattrib(struct posix_node *n, const char *name,
			      uint8_t *data, size_t size)
{
	enter_directory(n);
	if (n->mount->state->working_dir != n) {
		return -1;
	}
	return lgetxattr(name, DOSATTRIB_NAME, data, size);
}

/* After read_dosattrib(): the working directory is the node's. */
static void read_tag(struct posix_node *n, const char *name,
		     struct fsa_stat *st)
{
	uint8_t *value = xattr_value_buffer(n);

	reparse_stat_tag(value,
			 value == NULL ? -1
				       : lgetxattr(name, REPARSE_ATTR, value,
						   XATTR_VALUE_MAX),
			 st);
}

static NTSTATUS stat_entry(struct posix_node *n, const char *name,
			   uint32_t want, struct fsa_stat *out)
{
	uint8_t data[DOSATTRIB_MAX_READ];
	bool has_dosattrib = true; /* or so it may be */
	struct statx sx;
	struct fsa_stat st;

	if (statx(n->fd, name, AT_SYMLINK_NOFOLLOW | AT_STATX_DONT_SYNC,
		  STATX_BASIC_STATS | STATX_BTIME, &sx) != 0) {
		return errno == EACCES ? NT_STATUS(OBJECT_NAME_NOT_FOUND)
				       : ntstatus_from_errno(errno);
	}
	if (S_ISLNK(sx.stx_mode) && !n->exact) {
		return stat_symlink(n, name, want, &sx, out);
	}
	posix_stat_from(&sx, &st);
	if (n->mount->eas && (want & FSA_WANT_EA_SIZE) != 0) {
		enter_directory(n);
		st.ea_size = n->mount->state->working_dir == n
				     ? posix_entry_ea_size(n->mount, name,
							   &has_dosattrib)
				     : 0;
	}
	if (reparse_is_special(sx.stx_mode)) {
		reparse_stat_special(sx.stx_mode, false, &st);
	} else if ((want & FSA_WANT_ATTRIBUTES) != 0) {
		ssize_t size =
			!n->mount->dos_attributes || !has_dosattrib
				? -1
				: read_dosattrib(n, name, data, sizeof(data));

		posix_stat_add_attributes(n->mount, &sx, n->fd, name, data,
					  size, &st);
		if ((st.attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
			read_tag(n, name, &st);
		}
	}
	if (n->exact) {
		posix_stat_special(&sx, &st);
	}
	posix_stat_finish(&st);
	*out = st;
	return NT_STATUS_OK;
}

NTSTATUS posix_scan_stat(struct fsa_scan *s, uint32_t want,
			 struct fsa_stat *out)
{
	return stat_entry(s->node, s->entry.name, want, out);
}

/* A name that is not there as it is written, of a POSIX open. */
static NTSTATUS find_undone(struct posix_node *n, const char *name,
			    char found[NAME_MAX + 1])
{
	struct stat st;

	if (!shown_name_undo(name, found) ||
	    fstatat(n->fd, found, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	return NT_STATUS_OK;
}

/* A name that is there, as it is written. */
static void spell(struct posix_node *n, const char *name,
		  char found[NAME_MAX + 1])
{
	if (n->casefold == CASEFOLD_UNKNOWN) {
		n->casefold =
			casefold_is_on(n->fd) ? CASEFOLD_ON : CASEFOLD_OFF;
	}
	if (n->casefold == CASEFOLD_OFF ||
	    !NT_STATUS_IS_OK(name_index_spelling(n->mount->state->index, n->fd,
						 name, found))) {
		memcpy(found, name, strlen(name) + 1);
	}
}

static NTSTATUS find_entry(struct posix_node *n, const char *name,
			   char found[NAME_MAX + 1])
{
	struct stat st;

	if (strlen(name) > NAME_MAX ||
	    (*n->path == '\0' && side_store_is_name(name, strlen(name)))) {
		return NT_STATUS(OBJECT_NAME_NOT_FOUND);
	}
	if (fstatat(n->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		spell(n, name, found);
		return NT_STATUS_OK;
	}
	if (errno != ENOENT) {
		return ntstatus_from_errno(errno);
	}
	if (n->exact) {
		return find_undone(n, name, found);
	}
	return name_index_find(n->mount->state->index, n->fd, name, found);
}

/* Above the share's root is the root. */
static bool is_root_parent(const struct posix_node *n, const char *name)
{
	return *n->path == '\0' && strcmp(name, "..") == 0;
}

NTSTATUS posix_scan_lookup(TALLOC_CTX *mem_ctx, struct fsa_node *node,
			   const char *name, uint32_t want,
			   const char **out_name, struct fsa_stat *out)
{
	struct posix_node *n = posix_node(node);
	char found[NAME_MAX + 1];
	char buffer[SHOWN_NAME_SIZE];
	const char *shown;
	struct fsa_stat st;
	NTSTATUS status;

	if (is_root_parent(n, name)) {
		status = stat_entry(n, ".", want, &st);
		shown = name;
	} else if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		status = stat_entry(n, name, want, &st);
		shown = name;
	} else {
		status = find_entry(n, name, found);
		if (NT_STATUS_IS_OK(status)) {
			status = stat_entry(n, found, want, &st);
		}
		shown = NT_STATUS_IS_OK(status) ? name_for(n, found, buffer)
						: NULL;
	}
	leave_directory(n);
	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	*out_name = talloc_strdup(mem_ctx, shown);
	if (*out_name == NULL) {
		return NT_STATUS(NO_MEMORY);
	}
	*out = st;
	return NT_STATUS_OK;
}

static bool note_entry(const char *name, void *private_data)
{
	*(bool *)private_data = true;
	return false;
}

NTSTATUS posix_check_empty(struct fsa_node *node)
{
	bool any = false;
	NTSTATUS status = read_dir_all(posix_node(node)->fd, note_entry, &any);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	return any ? NT_STATUS(DIRECTORY_NOT_EMPTY) : NT_STATUS_OK;
}
