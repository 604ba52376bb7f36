/* vfs_modules/posix/exact.c - POSIX opens: names as they are, any kind of file.
 *
 * The path is opened for looking first: neither a FIFO nor a device may notice,
 * and a symlink is the link itself.  What is a file or a directory is then
 * opened for what is asked. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vfs_modules/names/shown_name.h"
#include "vfs_modules/posix/posix.h"

#define LOOK (O_PATH | O_NOFOLLOW)

/* The name as it is written, or what it may be the shown form of. */
static int look(const struct posix_mount *m, char *path)
{
	char undone[PATH_MAX];
	int fd = posix_openat(m, path, LOOK, 0);
	int err = errno;

	if (fd != -1 || err != ENOENT || !shown_name_undo(path, undone)) {
		return fd;
	}
	fd = posix_openat(m, undone, LOOK, 0);
	if (fd == -1) {
		errno = err;
		return -1;
	}
	memcpy(path, undone, strlen(undone) + 1);
	return fd;
}

static int mode_for(uint32_t access, bool directory)
{
	if (directory || (access & FSA_ACCESS_WRITES) == 0) {
		return O_RDONLY;
	}
	return (access & FSA_ACCESS_READS) != 0 ? O_RDWR : O_WRONLY;
}

/* In place of fd: what it looks at, opened.  Who may not read a file may still
 * look at it. */
static NTSTATUS open_looked_at(int fd, const struct fsa_how *how,
			       bool directory, int *out_fd, int *out_mode)
{
	uint32_t needs = how->access &
			 (directory ? FSA_ACCESS_READS
				    : FSA_ACCESS_READS | FSA_ACCESS_WRITES);
	int mode = mode_for(how->access, directory);
	char path[64];
	int opened;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	opened = open(path, mode | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (opened == -1 && errno == EACCES && needs == 0) {
		*out_fd = fd;
		*out_mode = O_PATH;
		return NT_STATUS_OK;
	}
	if (opened == -1) {
		NTSTATUS status = posix_open_status(errno);

		close(fd);
		return status;
	}
	close(fd);
	*out_fd = opened;
	*out_mode = mode;
	return NT_STATUS_OK;
}

/* What is not there in a directory that is not there either. */
static NTSTATUS status_of_missing(const struct posix_mount *m,
				  const struct fsa_how *how)
{
	struct posix_place place;
	NTSTATUS status = posix_find_exact(m, how->path, &place);

	if (!NT_STATUS_IS_OK(status)) {
		return status;
	}
	posix_place_end(&place);
	return NT_STATUS(OBJECT_NAME_NOT_FOUND);
}

/* To open a file for reading would break an oplock, if only for its
 * attributes. */
static bool is_enough(const struct posix_mount *m, const struct fsa_how *how)
{
	return m->kernel_oplocks &&
	       (how->access & (FSA_ACCESS_READS | FSA_ACCESS_WRITES)) == 0;
}

NTSTATUS posix_open_exact(const struct posix_mount *m,
			  const struct fsa_how *how, char *path, int *out_fd,
			  int *out_mode)
{
	int fd = look(m, path);
	struct stat st;

	if (fd == -1) {
		return errno == ENOENT ? status_of_missing(m, how)
				       : posix_walk_status(errno);
	}
	if (fstat(fd, &st) != 0) {
		NTSTATUS status = ntstatus_from_errno(errno);

		close(fd);
		return status;
	}
	if ((S_ISREG(st.st_mode) && !is_enough(m, how)) ||
	    S_ISDIR(st.st_mode)) {
		return open_looked_at(fd, how, S_ISDIR(st.st_mode), out_fd,
				      out_mode);
	}
	*out_fd = fd;
	*out_mode = O_PATH;
	return NT_STATUS_OK;
}

void posix_stat_special(const struct statx *sx, struct fsa_stat *st)
{
	if (S_ISREG(sx->stx_mode) || S_ISDIR(sx->stx_mode)) {
		return;
	}
	st->attributes = FILE_ATTRIBUTE_REPARSE_POINT;
	st->reparse_tag = S_ISLNK(sx->stx_mode) ? IO_REPARSE_TAG_SYMLINK
						: IO_REPARSE_TAG_NFS;
	st->end_of_file = S_ISLNK(sx->stx_mode) ? sx->stx_size : 0;
	st->allocation_size = 0;
}

static int change(int fd, const struct fsa_unix_change *c)
{
	uid_t uid = c->set_uid ? c->uid : (uid_t)-1;
	gid_t gid = c->set_gid ? c->gid : (gid_t)-1;
	char path[64];

	if ((c->set_uid || c->set_gid) &&
	    fchownat(fd, "", uid, gid, AT_EMPTY_PATH) != 0) {
		return -1;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return c->set_mode ? chmod(path, c->mode) : 0;
}

NTSTATUS posix_set_unix(struct fsa_node *node, const struct fsa_unix_change *c)
{
	struct stat st;
	int fd = posix_node(node)->fd;

	if (fstat(fd, &st) != 0) {
		return ntstatus_from_errno(errno);
	}
	/* /proc would follow it; a symlink has no mode of its own. */
	if (S_ISLNK(st.st_mode) && c->set_mode) {
		return NT_STATUS(NOT_SUPPORTED);
	}
	return change(fd, c) == 0 ? NT_STATUS_OK : ntstatus_from_errno(errno);
}
